"""A comparison for the terminal: one line that sums it up, then what changed, panel by panel."""

from __future__ import annotations

import io
from collections.abc import Sequence

from mangetamain.language import say, speaking
from mangetamain.reports.diff import words
from mangetamain.reports.diff.compare import Comparison, PanelDiff

LINE_CHARACTERS = 100  # of a pipe as of a terminal, so that two comparisons can themselves be compared


def as_text(comparison: Comparison, lang: str) -> str:
    """Write a comparison as plain text of a hundred columns; panels in which nothing changed are only named."""
    with speaking(lang):
        blocks = [_printed(words.summary(comparison)), _grid(words.runs(comparison)), words.note(comparison)]
        blocks += [_panel(panel, comparison) for panel in comparison.panels if panel.changed]
        blocks.append(_printed(words.unchanged(comparison)))
    return "\n\n".join(filter(None, blocks))


def _panel(panel: PanelDiff, comparison: Comparison) -> str:
    lines = [(label.lower(), text) for label, text in words.changed(panel, comparison)]
    note = say("nothing a reader would notice")
    unseen = "" if panel.noticed else f" [{note}]"
    return f"{panel.title} ({panel.panel}){unseen}\n{_grid(lines, indent=2)}"


def _grid(lines: Sequence[tuple[str, str]], indent: int = 0) -> str:
    """Set labels and texts as two columns, texts wrapped under themselves."""
    from rich.padding import Padding
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row(*line)
    return _printed(Padding(grid, (0, 0, 0, indent)))


def _printed(what: object) -> str:
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=LINE_CHARACTERS, highlight=False, markup=False, emoji=False, color_system=None).print(what)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines())
