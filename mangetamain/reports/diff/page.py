"""A comparison as one page that stands alone, in the charter's looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from mangetamain.assets import standalone
from mangetamain.language import N_, say
from mangetamain.reports.diff import shown, words
from mangetamain.reports.diff.compare import Comparison, PanelDiff
from mangetamain.reports.diff.fields import percent

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
    """Write a comparison as a page that opens from disk with no network.

    Parameters
    ----------
    comparison
        What differs.
    lang
        The reader's language.

    Returns
    -------
    str
        The whole page; every number and the first cells that changed can be opened under each panel.
    """
    parts = standalone(lang)
    title = escape(say("What changed: {title}", title=comparison.after.title).render(lang))
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{lang}" data-lang="{lang}" data-mm>\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="dark light">',
            f'<title>{title} · Mangetamain</title>\n<link rel="icon" href="{parts["favicon"]}">',
            f"<style>{parts['css']}</style>\n<style>{OWN_STYLE}</style>\n</head>\n<body class='mm-page'>",
            f'<header class="mm-header"><span class="mm-brand">{parts["logo"]}<span>Mangetamain</span></span></header>',
            f'<main id="mm-main" class="mm-main">\n<h1>{title}</h1>',
            f'<p class="mm-summary">{escape(words.summary(comparison, lang))}</p>',
            _facts(comparison, lang),
            *(_panel(panel, comparison, lang) for panel in comparison.panels if panel.changed),
            _unchanged(comparison, lang),
            "</main>\n</body>\n</html>",
        ]
    )


def _facts(comparison: Comparison, lang: str) -> str:
    note = escape(words.note(comparison, lang))
    said = f'<p class="mm-note">{note}</p>' if note else ""
    return _list(words.runs(comparison, lang), "mm-facts") + said


def _panel(panel: PanelDiff, comparison: Comparison, lang: str) -> str:
    note = escape(say("nothing a reader would notice").render(lang))
    unseen = "" if panel.noticed else f'<p class="mm-note">{note}</p>'
    head = f"<h3>{escape(panel.title)} <small>({escape(panel.panel)})</small></h3>{unseen}"
    opened = _numbers(panel, lang) + _cells(panel, lang)
    body = _list(words.changed(panel, comparison, lang))
    return f'<section class="mm-panel">{head}{body}{opened}</section>'


def _numbers(panel: PanelDiff, lang: str) -> str:
    rows = [
        (
            shown.field(one.name, lang),
            shown.change(one.before, one.after, lang, one.name, percent(panel.panel, one.name)),
            say(words.place(one)).render(lang) if one.inside is not None else "",
        )
        for one in panel.numbers
    ]
    return _table(N_("Every number that moved"), rows, lang)


def _cells(panel: PanelDiff, lang: str) -> str:
    cells = [(words.cell(one, panel, lang),) for one in panel.table.first]
    columns = [(shown.field(name, lang), str(count)) for name, count in panel.table.by_column.items()]
    return _table(N_("The first cells that changed"), cells, lang) + _table(
        N_("Changed cells by column"), columns, lang
    )


def _table(label: str, rows: Sequence[Iterable[str]], lang: str) -> str:
    if not rows:
        return ""
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    summary = escape(say(label).render(lang))
    return (
        f'<details class="mm-details"><summary>{summary}</summary>'
        f'<div class="mm-table"><table><tbody>{body}</tbody></table></div></details>'
    )


def _list(lines: Iterable[tuple[str, str]], name: str = "mm-changes") -> str:
    body = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in lines)
    return f'<dl class="{name}">{body}</dl>'


def _unchanged(comparison: Comparison, lang: str) -> str:
    same = words.unchanged(comparison, lang)
    return f'<p class="mm-note">{escape(same)}</p>' if same else ""
