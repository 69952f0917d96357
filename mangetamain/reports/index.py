"""The page that lists a folder's reports, and what tells their data apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from mangetamain import state_files
from mangetamain.assets import standalone
from mangetamain.reports.export import FILES

Record = Mapping[str, Any]
HEADS = ("Report", "Parameters", "Data", "Made (UTC)", "Outcome", "Key")
OWN_STYLE = ".mm-page .mm-table :is(th, td) { text-align: left; white-space: normal; }"


def index_page(records: Sequence[Record]) -> str:
    """Return a page that lists reports, newest first, in the charter's style."""
    rows = [_row(record, data) for record, data in zip(records, data_of(records), strict=True)]
    heads = "".join(f"<th scope='col'>{name}</th>" for name in HEADS)
    return (
        '<!DOCTYPE html><html lang="en" data-lang="en" data-mm><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="dark light">'
        f"<title>Reports · Mangetamain</title><style>{standalone('en')['css']}{OWN_STYLE}</style></head>"
        f'<body class="mm-page"><main class="mm-main"><h1>Reports</h1><p>{len(records)} reports, newest first.</p>'
        f'<div class="mm-table"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
        "</main></body></html>"
    )


def _row(record: Record, data: str) -> str:
    folder = escape(Path(record["folder"]).name, quote=True)
    links = {kind: f'<a href="{folder}/{FILES[kind]}">' for kind in record["formats"]}
    title = escape(record["title"])
    others = " ".join(f"{link}{kind}</a>" for kind, link in links.items() if kind != "html")
    parameters = ", ".join(f"{name} = {value}" for name, value in record["parameters"].items())
    made = record["started"][:16].replace("T", " ")
    cells = (
        f"{links['html']}{title}</a> {others}" if "html" in links else f"{title} {others}",
        *map(escape, (parameters, data or record["data"]["source"], made, record["outcome"], record["key"])),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def data_of(records: Sequence[Record]) -> list[str]:
    """Say of each record's data what tells them apart: source, cleaning and fingerprint, where there are several."""
    facts = [_facts(record) for record in records]
    names = dict.fromkeys(name for each in facts for name in each)
    differing = [name for name in names if len({each.get(name) for each in facts}) > 1]
    return [", ".join(each[name] for name in differing if each.get(name)) for each in facts]


def _facts(record: Record) -> dict[str, str]:
    data = record["data"]
    try:
        cleaning = state_files.parsed(data.get("cleaning") or "{}", dict)
    except state_files.Damaged:
        cleaning = {}
    known = {name: value for name, value in cleaning.items() if value is not None}
    said = {
        name: f"{name} {'-'.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in known.items()
    }
    return {"source": data["source"], **said, "fingerprint": data["fingerprint"][:8]}
