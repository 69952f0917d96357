"""Runs written by hand, and what their comparison says."""

import base64
import copy
import json
import math

import numpy as np

from mangetamain.reports.diff.compare import compare
from mangetamain.reports.diff.page import as_html
from mangetamain.reports.diff.text import as_text

YEARS = [2004, 2005, 2006]
CALM = "Nothing that a reader would notice changed."


def packed(values, dtype="f8"):
    """A column as plotly packs it."""
    return {"dtype": dtype, "bdata": base64.b64encode(np.array(values, dtype=dtype).tobytes()).decode()}


def estimate(value, low, high):
    return {"is": "Estimate", "value": value, "low": low, "high": high, "confidence": 0.95}


def answer(**changed):
    """One panel's answer, small enough to be read."""
    base = {
        "panel": "level",
        "title": "How long do recipes take?",
        "question": "level",
        "parameters": {"years": "2004-2006"},
        "fingerprint": "aaaa",
        "synthetic": False,
        "verdict": "clear",
        "sentence": "It rose by 2 minutes.",
        "finding": {
            "is": "LevelFinding", "n": 30, "verdict": "clear", "change": estimate(2.0, 1.0, 3.0), "tau": 0.5,
            "left_out": [], "up": [{"is": "Drift", "term": "salt", "change": estimate(1.0, 0.5, 1.5)}],
        },
        "columns": {"year": YEARS, "n": [10, 10, 10], "centre": [40.0, 41.0, None], "thin": [False, False, True]},
        "figure": {
            "data": [
                {"type": "scatter", "mode": "lines", "name": "Centre", "meta": {"role": "centre"},
                 "x": packed(YEARS, "i2"), "y": packed([40.0, 41.0, math.nan])},
                {"type": "scatter", "mode": "markers", "name": "Year", "meta": {"role": "centre"},
                 "x": YEARS, "y": [40.0, 41.0, 42.0], "error_y": {"array": [1.0, 1.0, 1.0]}},
            ],
            "layout": {"height": 380, "xaxis": {"title": {"text": "Year"}}, "yaxis": {"title": {"text": "Minutes"}}},
        },
    }  # fmt: skip
    return copy.deepcopy(base) | changed


def record(*answers, **changed):
    base = {
        "key": "0123456789abcdef", "name": "trends", "theme": "trends", "title": "Trends", "lang": "en",
        "parameters": {"years": "2004-2006"}, "versions": {"mangetamain": "0.1.0"},
        "data": {"source": "here", "synthetic": False, "fingerprint": "aaaa", "cleaning": {"minutes": [1, 180]}},
        "started": "2026-11-23T10:00:00+00:00", "seconds": 2.0, "outcome": "made",
        "answers": list(answers) or [answer()],
    }  # fmt: skip
    return base | changed


def changed_in(part, **values):
    """A record whose one answer has other values in one of its parts."""
    return record(answer(**{part: answer()[part] | values}))


def both(after, before=None):
    """The comparison and its text; the page and the data are made too."""
    comparison = compare(before or record(), after)
    json.dumps(comparison.as_dict(), allow_nan=False)
    for lang in ("en", "fr"):
        assert as_html(comparison, lang).startswith("<!DOCTYPE html>")
    text = as_text(comparison, "en")
    assert max(map(len, text.splitlines())) <= 100
    assert text.startswith(CALM) is not comparison.noticed
    return comparison, " ".join(text.split())
