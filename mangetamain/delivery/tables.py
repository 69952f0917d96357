"""The state of environments and the journal as text for a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

from mangetamain.delivery.probe import Seen
from mangetamain.delivery.records.journal import Line
from mangetamain.language import N_, say

HEALTH = {"healthy": N_("healthy"), "unhealthy": N_("unhealthy"), "missing": N_("missing")}


def seen_text(sites: Mapping[str, Seen]) -> str:
    """Write how each environment is, and a sentence for each that is not well."""
    rows = [
        (name, str(say(HEALTH[seen.health])), seen.version, seen.revision[:12], short(seen.image), seen.warehouse,
         seen.fingerprint)
        for name, seen in sites.items()
    ]  # fmt: skip
    heads = (N_("environment"), N_("health"), N_("version"), N_("revision"), N_("image"), N_("warehouse"),
             N_("fingerprint"))  # fmt: skip
    faults = [
        str(say("{environment} is {health}: {url}: {reason}.", environment=name, health=say(HEALTH[seen.health]),
                url=seen.url, reason=seen.reason.rstrip(".")))
        for name, seen in sites.items() if seen.health != "healthy"
    ]  # fmt: skip
    return "\n".join([table(heads, rows), *faults])


def journal_text(lines: Iterable[Line]) -> str:
    """Write the journal, oldest first."""
    rows = [
        (line.time.replace("+00:00", "Z"), line.who, f"{line.command} {line.environment}", short(line.image),
         line.warehouse, line.step, line.outcome, line.detail)
        for line in lines
    ]  # fmt: skip
    heads = (N_("time"), N_("who"), N_("what"), N_("image"), N_("warehouse"), N_("step"), N_("outcome"), N_("detail"))
    return table(heads, rows)


def short(image: str) -> str:
    """Return the first twelve digits of an image's digest."""
    return image.rpartition("sha256:")[2][:12]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Set rows under their heads, which are translated, as wide as they are: `grep` finds a row on one line."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        made.add_column(str(say(head)), no_wrap=True)
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    Console(file=(out := io.StringIO()), width=400, highlight=False, color_system=None).print(made)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines() if line.strip())
