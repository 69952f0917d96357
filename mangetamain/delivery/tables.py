"""The state of environments and the journal as text for a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

from mangetamain.delivery.probe import Seen
from mangetamain.delivery.records.journal import Line
from mangetamain.language import say


def seen_text(found: Mapping[str, Seen]) -> str:
    """Write how each environment is, and a sentence for each that is not well."""
    rows = [
        (name, seen.health, seen.version, seen.revision[:12], short(seen.image), seen.warehouse, seen.fingerprint)
        for name, seen in found.items()
    ]
    heads = ("environment", "health", "version", "revision", "image", "warehouse", "fingerprint")
    faults = [
        str(say("{environment} is {health}: {url}: {reason}.", environment=name, health=seen.health, url=seen.url,
                reason=seen.reason.rstrip(".")))
        for name, seen in found.items() if seen.health != "healthy"
    ]  # fmt: skip
    return "\n".join([table(heads, rows), *faults])


def journal_text(lines: Iterable[Line]) -> str:
    """Write the journal, oldest first."""
    rows = [
        (line.time.replace("+00:00", "Z"), line.who, f"{line.command} {line.environment}", short(line.image),
         line.warehouse, line.step, line.outcome, line.detail)
        for line in lines
    ]  # fmt: skip
    return table(("time", "who", "what", "image", "warehouse", "step", "outcome", "detail"), rows)


def short(image: str) -> str:
    """Return the first twelve digits of an image's digest."""
    return image.rpartition("sha256:")[2][:12]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Set rows under their heads, as wide as they are: what is looked for by `grep` stays on one line."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        made.add_column(head, no_wrap=True)
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    Console(file=(out := io.StringIO()), width=400, highlight=False, color_system=None).print(made)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines() if line.strip())
