"""A comparison as one page that stands alone, in the charter's looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from mangetamain.assets import standalone
from mangetamain.language import N_, say, speaking
from mangetamain.reports.diff import value_text, words
from mangetamain.reports.diff.compare import Comparison, PanelDiff

OWN_STYLE = """
.mm-main > .mm-panel { margin: 1.25rem 0; }
.mm-panel dl, .mm-facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: 0; }
dt { color: var(--mm-muted); }
.mm-page .mm-panel .mm-table td { white-space: normal; text-align: left; }
dd { margin: 0; overflow-wrap: anywhere; }
.mm-page .mm-summary { font-size: 1.15rem; font-weight: 600; }
@media (max-width: 40rem) {
  .mm-panel dl, .mm-facts { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
@media print { details { display: none; } }
"""


def as_html(comparison: Comparison, lang: str) -> str:
    """Write a comparison as a page in a language that opens from disk with no network.

    Every number and the first cells that changed can be opened under each panel.
    """
    parts = standalone(lang)
    with speaking(lang):
        title = escape(str(say("What changed: {title}", title=comparison.after.title)))
        content = [
            f'<main id="mm-main" class="mm-main">\n<h1>{title}</h1>',
            f'<p class="mm-summary">{escape(words.summary(comparison))}</p>',
            _list(words.runs(comparison), "mm-facts") + _note(words.note(comparison)),
            *(_panel(panel, comparison) for panel in comparison.panels if panel.changed),
            _note(words.unchanged(comparison)),
        ]
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{lang}" data-lang="{lang}" data-mm>\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="dark light">',
            f'<title>{title} · Mangetamain</title>\n<link rel="icon" href="{parts["favicon"]}">',
            f"<style>{parts['css']}</style>\n<style>{OWN_STYLE}</style>\n</head>\n<body class='mm-page'>",
            f'<header class="mm-header"><span class="mm-brand">{parts["logo"]}<span>Mangetamain</span></span></header>',
            *content,
            "</main>\n</body>\n</html>",
        ]
    )


def _panel(panel: PanelDiff, comparison: Comparison) -> str:
    unseen = "" if panel.noticed else _note(str(say("nothing a reader would notice")))
    columns = [(value_text.field(name), str(count)) for name, count in panel.table.by_column.items()]
    return (
        f'<section class="mm-panel"><h3>{escape(panel.title)} <small>({escape(panel.panel)})</small></h3>{unseen}'
        + _list(words.changed(panel, comparison))
        + _table(N_("Every number that moved"), [words.number(one, panel) for one in panel.numbers])
        + _table(N_("The first cells that changed"), [[words.cell(one, panel)] for one in panel.table.first])
        + _table(N_("Changed cells by column"), columns)
        + "</section>"
    )


def _table(label: str, rows: Sequence[Iterable[str]]) -> str:
    if not rows:
        return ""
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return (
        f'<details class="mm-details"><summary>{escape(str(say(label)))}</summary>'
        f'<div class="mm-table"><table><tbody>{body}</tbody></table></div></details>'
    )


def _list(lines: Iterable[tuple[str, str]], name: str = "mm-changes") -> str:
    body = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in lines)
    return f'<dl class="{name}">{body}</dl>'


def _note(text: str) -> str:
    return f'<p class="mm-note">{escape(text)}</p>' if text else ""
