"""A comparison for the terminal: one line that sums it up, then what changed, panel by panel."""

from __future__ import annotations

import io
from collections.abc import Sequence

from mangetamain.language import say
from mangetamain.reports.diff import words
from mangetamain.reports.diff.compare import Comparison, PanelDiff

LINE_CHARACTERS = 100  # of a pipe as of a terminal, so that two comparisons can themselves be compared


def as_text(comparison: Comparison, lang: str) -> str:
    """Write a comparison for a terminal of a hundred columns.

    Parameters
    ----------
    comparison
        What differs.
    lang
        The reader's language.

    Returns
    -------
    str
        Plain text without colours; panels in which nothing changed are only named.
    """
    blocks = [_wrapped(words.summary(comparison, lang)), _grid(words.runs(comparison, lang))]
    if note := words.note(comparison, lang):
        blocks.append(note)
    blocks += [_panel(panel, comparison, lang) for panel in comparison.panels if panel.changed]
    if same := words.unchanged(comparison, lang):
        blocks.append(_wrapped(same))
    return "\n\n".join(blocks)


def _panel(panel: PanelDiff, comparison: Comparison, lang: str) -> str:
    lines = [(label.lower(), text) for label, text in words.changed(panel, comparison, lang)]
    note = say("nothing a reader would notice").render(lang)
    unseen = "" if panel.noticed else f" [{note}]"
    return f"{panel.title} ({panel.panel}){unseen}\n{_grid(lines, indent=2)}"


def _grid(lines: Sequence[tuple[str, str]], indent: int = 0) -> str:
    """Set labels and texts as two columns, texts wrapped under themselves."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in lines:
        grid.add_row(Text(label), Text(text))
    return _printed(Padding(grid, (0, 0, 0, indent)))


def _wrapped(text: str) -> str:
    from rich.text import Text

    return _printed(Text(text))


def _printed(what: object) -> str:
    from rich.console import Console

    Console(file=(out := io.StringIO()), width=LINE_CHARACTERS, highlight=False, color_system=None).print(what)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines())
