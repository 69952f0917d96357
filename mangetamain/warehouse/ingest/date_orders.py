"""Dates that are not ISO: a column is read in another order only where the whole of it agrees on one."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from mangetamain.errors import BadSource
from mangetamain.language import N_, say

ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ZONE = " ?(?:Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)"
NOT_ISO = N_("not a date of the form 2005-09-16")


@dataclass(frozen=True)
class Order:
    """A way to write dates.

    Parameters
    ----------
    name
        How people call it.
    pattern
        The regular expression that a text must match.
    format
        What strptime needs to read it.
    length
        How many of its first letters are the date, where not all are.
    """

    name: str
    pattern: str
    format: str
    length: int | None = None

    def sql(self, text: str) -> str:
        """Read a text expression as a date, or NULL."""
        # strptime takes two digits for the year 5: the pattern is what keeps them out.
        day = f"left({text}, {self.length})" if self.length else text
        read = f"try_strptime({day}, '{self.format}')::DATE"
        return f"CASE WHEN regexp_full_match({text}, '{self.pattern}') THEN {read} END"


_MONTH_DAY = N_("month, day, year")
_DAY_MONTH = N_("day, month, year")
ORDERS = (
    Order(N_("year, month, day"), "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}", "%Y/%m/%d"),
    Order(N_("year, month, day"), "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", "%Y-%m-%d"),
    Order(N_("year, month, day"), "[0-9]{8}", "%Y%m%d"),
    Order(N_("date and midnight"), ISO + r"[ T]00:00(?::00(?:\.0+)?)?", "%Y-%m-%d", 10),
    Order(N_("date and midnight of a time zone"), ISO + r"[ T]00:00(?::00(?:\.0+)?)?" + _ZONE, "%Y-%m-%d", 10),
    *(
        Order(name, f"[0-9]{{1,2}}{mark}[0-9]{{1,2}}{mark}[0-9]{{4}}", form.replace("/", mark[-1]))
        for mark in ("/", "-", r"\.")
        for name, form in ((_MONTH_DAY, "%m/%d/%Y"), (_DAY_MONTH, "%d/%m/%Y"))
    ),
)


def find_order(
    con: duckdb.DuckDBPyConnection, texts: str, values: dict[str, list[int]], file: str, column: str
) -> Order | None:
    """Find the one order that every date of a column fits.

    Parameters
    ----------
    con
        Where the texts are.
    texts
        A query of one column `text`: all dates of the file's column, none of which is ISO.
    values
        The query's values.
    file
        The file's name, for the message.
    column
        The column's name, for the message.

    Returns
    -------
    Order or None
        None where no order fits all of them.

    Raises
    ------
    BadSource
        Several orders fit every date, so that nothing says which is meant.
    """
    counts = ", ".join(f"count({order.sql('text')})" for order in ORDERS)
    row = con.execute(f"SELECT count(*), {counts}, min(text) FROM ({texts})", values).fetchone() or (0,)
    fitting = [order for order, count in zip(ORDERS, row[1:-1], strict=True) if count == row[0] > 0]
    if len(fitting) > 1:
        raise BadSource(
            "{file}: every date of column {column} (such as {text}) can be read as {first} and as {second}; write them "
            "as year-month-day, like 2005-09-16",
            file=file,
            column=column,
            text=str(row[-1]),
            first=say(fitting[0].name),
            second=say(fitting[1].name),
        )
    return fitting[0] if fitting else None
