"""What will change for readers: the answers of two pairs side by side, sentence by sentence and number by number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mangetamain import __version__
from mangetamain.delivery.containers.engine import Engine
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.folder import kept, put
from mangetamain.delivery.pair import Pair
from mangetamain.delivery.proof.evidence import Evidence
from mangetamain.language import N_, say, spoken
from mangetamain.reports.diff.compare import Comparison, compare
from mangetamain.reports.diff.page import as_html
from mangetamain.reports.diff.text import as_text
from mangetamain.themes import themes
from mangetamain.warehouse import Warehouse

RECORD_SECONDS = 600.0
Records = Mapping[str, Mapping[str, Any]]
Comparisons = dict[str, Comparison]  # by the notebook's name


def records(con: Warehouse, lang: str) -> dict[str, dict[str, Any]]:
    """Return what every notebook says of a warehouse, as reports record it, by the notebook's name."""
    info = con.info
    data = {"source": info.source, "synthetic": info.synthetic, "fingerprint": info.fingerprint,
            "cleaning": info.cleaning_parameters}  # fmt: skip
    return {
        theme.name: {
            "theme": theme.name, "title": theme.title(lang), "lang": lang, "data": data, "outcome": "done",
            "parameters": {name: str(value) for name, value in theme.parameters.items()},
            "versions": {"mangetamain": __version__},
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "answers": [record for asked in theme.asked if (record := asked.record(con, lang))],
        }
        for theme in themes().values()
    }  # fmt: skip


def recorded(engine: Engine, name: str, pair: Pair) -> Records:
    """Have a service's own image say its records, in a container beside the one that serves.

    Raises
    ------
    DeliveryFailed
        When it cannot, or says something else.
    """
    output = engine.run(name, pair, "mangetamain", "record", seconds=RECORD_SECONDS)
    try:
        answers = json.loads(output)
        # Which pair spoke is what the two runs are told apart by.
        marks = {"name": pair.warehouse, "key": pair.image.removeprefix("sha256:")}
        return {str(theme): {**record, **marks} for theme, record in answers.items()}
    except (ValueError, TypeError, AttributeError):
        raise DeliveryFailed(N_("The answers of {service} cannot be read."), service=name) from None


def compared(before: Records, after: Records) -> tuple[Comparisons, list[str]]:
    """Compare two pairs' records notebook by notebook.

    Returns
    -------
    tuple
        The comparisons of the notebooks that both have, and a line for each that only one has.
    """
    gone = [say("The page {page} goes.", page=name) for name in before if name not in after]
    new = [say("The page {page} is new.", page=name) for name in after if name not in before]
    comparisons = {name: compare(before[name], after[name]) for name in after if name in before}
    return comparisons, [str(line) for line in [*gone, *new]]


def changes_text(comparisons: Comparisons, lines: list[str]) -> str:
    """Write what will change for readers as text for a terminal."""
    blocks = [
        f"{each.after.title}\n{'=' * len(each.after.title)}\n{as_text(each, spoken())}" for each in comparisons.values()
    ]
    return "\n\n".join([*lines, *blocks])


def keep(key: str, evidence: Evidence, comparisons: Comparisons, text: str) -> Path:
    """Keep evidence and comparison: JSON and text for machines, one page a notebook for people."""
    place = kept(key)
    record = {
        "evidence": evidence.as_dict(),
        "comparisons": {name: each.as_dict() for name, each in comparisons.items()},
    }
    put(place / "comparison.json", json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    put(place / "comparison.txt", text + "\n")
    for name, each in comparisons.items():
        put(place / f"{name}.html", as_html(each, spoken()))
    return place
