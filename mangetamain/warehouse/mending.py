"""Gives the texts that did not fit their column a second, exact reading; what is left is rejected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import duckdb

from mangetamain.language import N_
from mangetamain.warehouse import dates, lists
from mangetamain.warehouse.rejects import Reject, hold
from mangetamain.warehouse.schema import NUTRITION, Column, Table

BATCH = 10_000
EMPTY = N_("empty, but every record needs it")
NOT_WHOLE = N_("not a whole number")
OUTSIDE = N_("a whole number outside the range of its column")


class Mender:
    """The second reading of one staged table.

    Parameters
    ----------
    con
        The warehouse being built.
    table
        The official table.
    file
        The file's name.
    lines
        The line of each staged row.
    records
        Records in the file.
    before
        Records rejected so far.
    max_rejects
        The share of records that may be rejected.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        table: Table,
        file: str,
        lines: Sequence[int],
        records: int,
        before: int,
        max_rejects: float,
    ) -> None:
        self.con, self.table, self.file, self.lines = con, table, file, lines
        self.records, self.before, self.max_rejects = records, before, max_rejects
        self.bad: dict[int, Reject] = {}

    def run(self) -> list[Reject]:
        """Read again, reject, and drop the staging column; return the rejects."""
        if self._any():
            self.con.execute('CREATE OR REPLACE TEMP TABLE mended ("row" BIGINT, name VARCHAR, value VARCHAR)')
            columns = [column for column in self.table.columns if column.kind not in ("text", "date")]
            for column in columns:
                (self._reject_integers if column.kind == "integer" else self._mend_lists)(column)
            # Last, because a record that is rejected anyway has no say in how dates are written.
            for column in self.table.columns:
                if column.kind == "date":
                    self._mend_dates(column)
            self._apply()
        self.con.execute(f"ALTER TABLE raw.{self.table.name} DROP COLUMN _faults")
        return list(self.bad.values())

    def _any(self) -> bool:
        query = f"SELECT 1 FROM raw.{self.table.name} WHERE _faults IS NOT NULL LIMIT 1"
        return self.con.execute(query).fetchone() is not None

    def _faults(self, column: Column) -> Iterator[tuple[int, str]]:
        """Yield the row and the text of each fault of a column."""
        cursor = self.con.cursor().execute(
            f"SELECT rowid, _faults.{column.name} FROM raw.{self.table.name} WHERE _faults.{column.name} IS NOT NULL"
        )
        while rows := cursor.fetchmany(BATCH):
            yield from rows

    def _reject(self, row: int, column: Column, reason: str, text: str) -> None:
        """Reject a record, unless a column before this one already did; stop early where too many are."""
        if row not in self.bad:
            self.bad[row] = Reject(self.file, self.lines[row], column.name, reason, text)
            rejected = self.before + len(self.bad)
            if rejected > self.records * self.max_rejects + BATCH:
                hold(rejected, self.records, next(iter(self.bad.values())), self.max_rejects)

    def _reject_integers(self, column: Column) -> None:
        for row, text in self._faults(column):
            outside = re.fullmatch(r"-?[0-9]+(\.0+)?", text)
            self._reject(row, column, EMPTY if not text else OUTSIDE if outside else NOT_WHOLE, text)

    def _mend_lists(self, column: Column) -> None:
        mended: list[tuple[int, str]] = []
        for row, text in self._faults(column):
            try:
                mended.append((row, lists.mend(text, column)))
            except lists.Unreadable as error:
                self._reject(row, column, str(error), text)
            if len(mended) == BATCH:
                self._keep(column, mended)
                mended = []
        self._keep(column, mended)

    def _keep(self, column: Column, mended: list[tuple[int, str]]) -> None:
        if mended:
            self.con.execute(
                "INSERT INTO mended SELECT unnest($rows), $name, unnest($values)",
                {"rows": [row for row, _ in mended], "name": column.name, "values": [value for _, value in mended]},
            )

    def _mend_dates(self, column: Column) -> None:
        """Read the column in the one order that all of it fits; else reject what is not ISO."""
        name = column.name
        self.con.execute('CREATE OR REPLACE TEMP TABLE bad_rows ("row" BIGINT)')
        self._list_bad()
        rest = f'FROM raw.{self.table.name} WHERE rowid NOT IN (SELECT "row" FROM bad_rows)'
        fault = f"_faults.{name}"
        iso = self.con.execute(f"SELECT count({name}), count({fault}) {rest}").fetchone() or (0, 0)
        if not iso[1]:
            return
        query = f"SELECT {fault} AS text {rest} AND {fault} IS NOT NULL"
        order = None if iso[0] else dates.find_order(self.con, query, self.file, name)
        if order:
            self.con.execute(
                f"UPDATE raw.{self.table.name} SET {name} = {order.sql(fault)} "
                f'WHERE {fault} IS NOT NULL AND rowid NOT IN (SELECT "row" FROM bad_rows)'
            )
            return
        for row, text in self._faults(column):
            self._reject(row, column, dates.NOT_ISO, text)

    def _list_bad(self) -> None:
        self.con.execute("DELETE FROM bad_rows")
        if self.bad:
            self.con.execute("INSERT INTO bad_rows SELECT unnest($rows)", {"rows": list(self.bad)})

    def _apply(self) -> None:
        """Take the rejected rows out, then put the mended lists in: changing a list moves its row."""
        name = self.table.name
        self.con.execute('CREATE OR REPLACE TEMP TABLE bad_rows ("row" BIGINT)')
        self._list_bad()
        self.con.execute(f'DELETE FROM raw.{name} WHERE rowid IN (SELECT "row" FROM bad_rows)')
        columns = [column for column in self.table.columns if column.kind in lists.JSON_TYPES]
        if columns:
            texts = ", ".join(f"max(value) FILTER (name = '{column.name}') AS {column.name}" for column in columns)
            changes = ", ".join(_change(column) for column in columns)
            self.con.execute(
                f"UPDATE raw.{name} AS old SET {changes} "
                f'FROM (SELECT "row", {texts} FROM mended GROUP BY "row") AS new WHERE old.rowid = new."row"'
            )
        self.con.execute("DROP TABLE mended")
        self.con.execute("DROP TABLE bad_rows")


def _change(column: Column) -> str:
    """Take the mended list where there is one."""
    value = f"from_json(new.{column.name}, '{lists.JSON_TYPES[column.kind]}')"
    if column.kind == "nutrition":
        return ", ".join(f"{name} = coalesce({value}[{place}], old.{name})" for place, name in enumerate(NUTRITION, 1))
    return f"{column.name} = coalesce({value}::{column.sql_type}, old.{column.name})"
