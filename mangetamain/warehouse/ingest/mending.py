"""Gives the texts that did not fit their column a second, exact reading; what is left is rejected."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mangetamain.language import N_
from mangetamain.warehouse import sql
from mangetamain.warehouse.ingest import date_orders, list_literals, readings, staging
from mangetamain.warehouse.ingest.readings import Reading
from mangetamain.warehouse.ingest.rejects import SPARE_REJECTS, Reject, refuse_too_many
from mangetamain.warehouse.ingest.staging import FileLoad, Staged
from mangetamain.warehouse.schema import NUTRITION, Column

BATCH_LISTS = 10_000  # lists written at once, unless their texts are large
BATCH_LETTERS = 1 << 24  # of their texts, which Python and DuckDB both hold until they are written
ROWS_FETCHED = 500  # at once: each may hold a text of a megabyte
# How pandas, R, SQL, Excel and Python write that there is no value.
MISSING_WORDS = "('', 'nan', 'none', 'null', 'nat', 'na', 'n/a', '<na>', '#n/a')"
BAD = "rowid IN (SELECT unnest($bad::BIGINT[]))"
EMPTY = N_("empty, but every record needs it")
NOT_WHOLE = N_("not a whole number")
OUTSIDE = N_("a whole number outside the range of its column")


class Mender:
    """The second reading of one staged table.

    Parameters
    ----------
    load
        The file.
    staged
        What became of its records so far.
    """

    def __init__(self, load: FileLoad, staged: Staged) -> None:
        self.con, self.table, self.raw, self.file, self.staged = load.con, load.table, load.raw, load.file, staged
        self.before, self.max_rejects = len(staged.rejects), load.max_rejects
        self.faulty, self.blank = self._count("_faults IS NOT NULL"), self._count("_blank")
        staged.records -= self.blank
        staged.blank += self.blank
        self.bad: dict[int, Reject] = {}

    def run(self) -> None:
        """Read again, reject, and drop the staging columns."""
        if self.faulty:
            self.con.execute('CREATE OR REPLACE TEMP TABLE mended ("row" BIGINT, name VARCHAR, value VARCHAR)')
            columns = [column for column in self.table.columns if column.kind not in ("text", "date")]
            for column in columns:
                (self._reject_integers if column.kind == "integer" else self._mend_lists)(column)
            # Last, because a record that is rejected anyway has no say in how dates are written.
            for column in self.table.columns:
                if column.kind == "date":
                    self._mend_dates(column)
        if self.bad or self.blank:
            self.con.execute(f"DELETE FROM {self.raw} WHERE _blank OR {BAD}", {"bad": list(self.bad)})
        # How pandas writes whole numbers in a column with a gap.
        for bit, column in enumerate(staging.counted(self.table)):
            self._note(column, readings.DECIMALS, readings.WHOLE, self._count(f"_decimals & {1 << bit} > 0"))
        if self.faulty:
            for column in self.table.columns:
                if _may_miss(column):
                    self._mend_missing(column)
            self._put_lists()
        for mark in staging.MARKS:
            self.con.execute(f"ALTER TABLE {self.raw} DROP COLUMN {mark}")
        self.staged.rejects += self.bad.values()

    def _count(self, where: str) -> int:
        return sql.count(self.con, self.raw, where)

    def _faults(self, column: Column) -> Iterator[tuple[int, str]]:
        """Yield the row and the text of each fault of a column."""
        cursor = self.con.cursor().execute(
            f"SELECT rowid, {_fault(column)} AS text FROM {self.raw} WHERE text IS NOT NULL"
        )
        while rows := cursor.fetchmany(ROWS_FETCHED):
            yield from rows

    def _reject(self, row: int, column: Column, reason: str, text: str) -> None:
        """Reject a record, unless a column before this one already did; stop early where too many are."""
        if row not in self.bad:
            self.bad[row] = Reject(self.file, int(self.staged.lines[row]), column.name, reason, text)
            rejected = self.before + len(self.bad)
            if rejected > self.staged.records * self.max_rejects + SPARE_REJECTS:
                refuse_too_many(rejected, self.staged.records, next(iter(self.bad.values())), self.max_rejects)

    def _reject_integers(self, column: Column) -> None:
        for row, text in self._faults(column):
            outside = re.fullmatch(r"-?[0-9]+(\.0+)?", text)
            self._reject(row, column, EMPTY if not text else OUTSIDE if outside else NOT_WHOLE, text)

    def _mend_lists(self, column: Column) -> None:
        mended: list[tuple[int, str]] = []
        size = 0
        for row, text in self._faults(column):
            try:
                mended.append((row, list_literals.mend(text, column)))
                size += len(text)
            except list_literals.Unreadable as error:
                self._reject(row, column, str(error), text)
            if len(mended) == BATCH_LISTS or size > BATCH_LETTERS:
                self._keep(column, mended)
                mended, size = [], 0
        self._keep(column, mended)

    def _keep(self, column: Column, mended: list[tuple[int, str]]) -> None:
        if mended:
            self.con.execute(
                "INSERT INTO mended SELECT unnest($rows), $name, unnest($values)",
                {"rows": [row for row, _ in mended], "name": column.name, "values": [value for _, value in mended]},
            )

    def _mend_dates(self, column: Column) -> None:
        """Read the column in the one order that all of it fits; else reject what is not ISO."""
        fault, bad = _fault(column), {"bad": list(self.bad)}
        rest = f"FROM {self.raw} WHERE NOT {BAD}"
        iso, others = self.con.execute(f"SELECT count({column.name}), count({fault}) {rest}", bad).fetchall()[0]
        if not others:
            return
        texts = f"SELECT {fault} AS text {rest} AND text IS NOT NULL"
        if not iso and (order := date_orders.find_order(self.con, texts, bad, self.file, column.name)):
            set_dates = f"UPDATE {self.raw} SET {column.name} = {order.sql(fault)}"
            self.con.execute(f"{set_dates} WHERE {fault} IS NOT NULL AND NOT {BAD}", bad)
            self._note(column, readings.NOT_ISO, order.name, others)
            return
        for row, text in self._faults(column):
            self._reject(row, column, date_orders.NOT_ISO, text)

    def _mend_missing(self, column: Column) -> None:
        """Say where a word stands for what is missing, and give a column the number that it has for it."""
        text = f"_faults.{column.name}"
        words = self._count(f"{_is_missing(text)} AND {text} <> ''")
        self._note(
            column, readings.MISSING_WORD, readings.EMPTY if column.absent is None else readings.NO_RATING, words
        )
        if column.absent is not None:
            self._note(column, readings.EMPTY, readings.NO_RATING, self._count(f"{text} = ''"))
            self.con.execute(f"UPDATE {self.raw} SET {column.name} = {column.absent} WHERE {_is_missing(text)}")

    def _note(self, column: Column, found: str, read_as: str, records: int) -> None:
        if records:
            self.staged.readings.append(Reading(self.file, column.name, found, read_as, records))

    def _put_lists(self) -> None:
        """Put the mended lists in, last: changing a list moves its row."""
        columns = [column for column in self.table.columns if column.kind in list_literals.PLAIN]
        if columns:
            texts = ", ".join(f"max(value) FILTER (name = '{column.name}') AS {column.name}" for column in columns)
            changes = ", ".join(_change(column) for column in columns)
            self.con.execute(
                f"UPDATE {self.raw} AS old SET {changes} "
                f'FROM (SELECT "row", {texts} FROM mended GROUP BY "row") AS new WHERE old.rowid = new."row"'
            )
        self.con.execute("DROP TABLE mended")


def _may_miss(column: Column) -> bool:
    return column.kind != "text" and (not column.required or column.absent is not None)


def _is_missing(text: str) -> str:
    return f"lower(trim({text})) IN {MISSING_WORDS}"


def _fault(column: Column) -> str:
    """Give the text of a column that did not fit, unless it says that there is none."""
    text = f"_faults.{column.name}"
    return f"CASE WHEN NOT {_is_missing(text)} THEN {text} END" if _may_miss(column) else text


def _change(column: Column) -> str:
    """Take the mended list where there is one."""
    value = f"from_json(new.{column.name}, '{list_literals.json_type(column.kind)}')"
    if column.kind == "nutrition":
        return ", ".join(f"{name} = coalesce({value}[{place}], old.{name})" for place, name in enumerate(NUTRITION, 1))
    return f"{column.name} = coalesce({value}::{column.sql_type}, old.{column.name})"
