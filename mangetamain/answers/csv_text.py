"""A table as CSV that opens in a spreadsheet; each row says of what data and under which parameters it speaks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

# Without it Excel takes UTF-8 for the machine's own code page.
BOM = "\ufeff"
# What a spreadsheet takes for a formula at a cell's start, half and full width; a cell ends at a tab or a line's end,
# too, and where the list separator is a semicolon, as in France, at each of those, whatever the quotes.
FORMULA = re.compile(r"(^|[;\t\r\n])(?=[\s\"']*[=+\-@＝＋－＠])|^(?=[\t\r\n])")


def csv_text(
    columns: Mapping[str, Sequence[Any]], parameters: Mapping[str, str], fingerprint: str, synthetic: bool
) -> str:
    """Return a table as CSV.

    Parameters
    ----------
    columns
        The table as plain lists; None is nothing.
    parameters, fingerprint, synthetic
        What it was made of: three more columns, so that they go with the rows wherever these are copied.

    Returns
    -------
    str
        A byte order mark, a line of the columns' own names, and a line for each row. A text that a spreadsheet would
        take for a formula begins with an apostrophe; numbers are never touched.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    made_of = about(parameters, fingerprint, synthetic)
    writer.writerow([*columns, *made_of])
    writer.writerows(map(_cell, (*row, *made_of.values())) for row in zip(*columns.values(), strict=True))
    return BOM + out.getvalue()


def about(parameters: Mapping[str, str], fingerprint: str, synthetic: bool) -> dict[str, str | bool]:
    """Return the columns that say what a table was made of."""
    given = "; ".join(f"{name}={value}" for name, value in parameters.items())
    return {"parameters": given, "fingerprint": fingerprint, "synthetic": synthetic}


def _cell(value: Any) -> Any:  # noqa: ANN401 - any scalar of a table
    if isinstance(value, str):
        return FORMULA.sub(r"\1'", value)
    return value if value == value else None  # nan is nothing, whoever made the lists
