"""Two tables: which rows came, went or hold other values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mangetamain.reports.diff.values import plain, same

Columns = Mapping[str, list[Any]]
Row = tuple[Any, ...]
EXAMPLES = 5  # rows and cells that a comparison names; it counts all


@dataclass(frozen=True)
class CellChange:
    """One cell that holds another value: the row's name, the column, and both values."""

    row: Row
    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class TableDiff:
    """What changed in a table.

    Parameters
    ----------
    by
        The columns whose values name a row; none where rows go by their place.
    added, gone, changed, cells
        Rows that came, rows that went, rows of both that hold another value, and how many values those are.
    moved
        Whether the rows of both stand in another order.
    first, first_added, first_gone
        The first few changed cells, and the names of the first few rows that came and went.
    by_column
        Changed cells by column.
    """

    by: tuple[str, ...] = ()
    rows: tuple[int, int] = (0, 0)
    added: int = 0
    gone: int = 0
    changed: int = 0
    cells: int = 0
    moved: bool = False
    columns_added: tuple[str, ...] = ()
    columns_gone: tuple[str, ...] = ()
    first: tuple[CellChange, ...] = ()
    first_added: tuple[Row, ...] = ()
    first_gone: tuple[Row, ...] = ()
    by_column: dict[str, int] = field(default_factory=dict)

    @property
    def noticed(self) -> bool:
        """Whether the table looks otherwise."""
        counts = self.added or self.gone or self.changed or self.moved
        return bool(counts or self.columns_added or self.columns_gone)


def compare_tables(before: Columns, after: Columns) -> TableDiff:
    """Compare two tables row by row, a row being named by its leading columns."""
    common = [name for name in before if name in after]
    by = _naming(before, after, common)
    old, new = _rows(before, by), _rows(after, by)
    added, gone = [row for row in new if row not in old], [row for row in old if row not in new]
    both = [row for row in new if row in old]
    cells = [
        CellChange(row, name, before[name][old[row]], after[name][new[row]])
        for row in both
        for name in common
        if not same(before[name][old[row]], after[name][new[row]])
    ]
    return TableDiff(
        by=by,
        rows=(len(old), len(new)),
        added=len(added),
        gone=len(gone),
        changed=len({cell.row for cell in cells}),
        cells=len(cells),
        moved=both != [row for row in old if row in new],
        columns_added=tuple(name for name in after if name not in before),
        columns_gone=tuple(name for name in before if name not in after),
        first=tuple(cells[:EXAMPLES]),
        first_added=tuple(added[:EXAMPLES]),
        first_gone=tuple(gone[:EXAMPLES]),
        by_column=dict(Counter(cell.column for cell in cells)),
    )


def _naming(before: Columns, after: Columns, common: list[str]) -> tuple[str, ...]:
    """Return the fewest leading columns whose values are there only once: texts, dates and whole numbers, else any."""
    exact = [name for name in common if all(_names(value) for table in (before, after) for value in table[name])]
    for names in (exact, common):
        for size in range(1, len(names) + 1):
            by = tuple(names[:size])
            if all(len(_keys(table, by)) == len(set(_keys(table, by))) for table in (before, after)):
                return by
    return ()


def _names(value: Any) -> bool:  # noqa: ANN401 - a cell
    return value is None or isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def _keys(table: Columns, by: tuple[str, ...]) -> list[Row]:
    return list(zip(*([plain(value) for value in table[name]] for name in by), strict=True))


def _rows(table: Columns, by: tuple[str, ...]) -> dict[Row, int]:
    """Return each row's place by its name; without one, its place counted from 1 is its name."""
    size = len(next(iter(table.values()), ()))
    keys = _keys(table, by) if by else [(place + 1,) for place in range(size)]
    return {key: place for place, key in enumerate(keys)}
