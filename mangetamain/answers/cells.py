"""How one value of an answer is written for a reader, and how many rows of a table are shown where."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np

from mangetamain.answers.headings import group_name
from mangetamain.finding import VERDICTS
from mangetamain.language import N_, Day, Number, say
from mangetamain.safe_text import visible

NOTHING = "–"
# Rows. A phone lays three hundred out without a pause, and a page of Markdown is read whole; a CSV holds them all.
PAGE_ROWS, MARKDOWN_ROWS = 300, 50
# Whole numbers that name a year, which no language groups.
YEARS = ("year", "first", "last", "jump", "peak_year", "end_year", "left_out")
# Columns and fields that name a season, a day or a measure in our own words; any other text is data and stays as it is.
GROUPED = ("season", "weekday", "highest", "lowest", "left_out", "groups", "group", "measure", "why")


def written(value: Any, lang: str, name: str = "", decimals: int | None = None, *, percent: bool = False) -> str:  # noqa: ANN401
    """Write one value for a reader.

    Parameters
    ----------
    value
        Any scalar of a table or a finding.
    lang
        Her language.
    name
        The column or field, dotted where it is an item's: by it years, groups and verdicts are known.
    decimals
        Of a float; as many as its size asks for without.
    percent
        Whether the number is a percentage.
    """
    value, leaf = value.item() if isinstance(value, np.generic) else value, name.rpartition(".")[2]
    if value is None or value != value or value == "":
        return NOTHING
    if isinstance(value, bool):
        return say(N_("yes") if value else N_("no")).render(lang)
    if isinstance(value, float):
        return _decimal(value, lang, decimals, percent)
    if leaf in ("season", "weekday") or (leaf in GROUPED and isinstance(value, str)):
        return group_name(str(value)).render(lang)
    if isinstance(value, int) and leaf not in YEARS:
        return Number(value).render(lang)
    if isinstance(value, date):
        return Day(value, "MMMM y").render(lang)
    return say(VERDICTS[value]).render(lang) if leaf == "verdict" and value in VERDICTS else visible(str(value))


def _decimal(value: float, lang: str, decimals: int | None, percent: bool) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if decimals is None:
        decimals = 0 if value == int(value) and abs(value) >= 1000 else 4 if abs(value) < 1 else 2
    elif value and abs(value) < 1e-4 and not percent:  # a comparison must not show two values as the same nothing
        text = f"{value:.2g}".replace("-", "−")
        return text.replace(".", ",") if lang == "fr" else text
    return Number(value / 100 if percent else value, decimals, percent=percent).render(lang)
