"""A module that is read as the list of what it holds: the questions, the measures."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from types import ModuleType
from typing import Any

from mangetamain.errors import BadInput, suggestion
from mangetamain.language import quoted

Row = Mapping[str, str]


class Listing(ModuleType):
    """A module whose members of one kind are got by name, counted, gone through, and shown as a table."""

    # A listing of another name could not be called as the module is, which the import system puts under that name.
    _listed: Mapping[str, Any]
    _row: Callable[[Any], Row]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - each listing has its own type
        if name not in self._listed:
            raise BadInput(
                "There is no {name} in {listing}: there are {known}{hint}",
                name=quoted(name), listing=self.__name__, known=", ".join(self), hint=suggestion(str(name), self),
            )  # fmt: skip
        return self._listed[name]

    def __contains__(self, name: object) -> bool:
        return name in self._listed

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def keys(self) -> Iterable[str]:
        """Return the names, in order."""
        return self._listed.keys()

    def items(self) -> Iterable[tuple[str, Any]]:
        """Return names and members, in order."""
        return self._listed.items()

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def _rows(self) -> list[Row]:
        return [{"": name} | dict(self._row(member)) for name, member in self.items()]

    def __repr__(self) -> str:
        rows = self._rows()
        table = [tuple(rows[0]), *(tuple(row.values()) for row in rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in table)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        left = "style='text-align:left'"
        rows = self._rows()
        head = "".join(f"<th {left}>{escape(title)}</th>" for title in rows[0])
        body = "".join(
            f"<tr>{''.join(f'<td {left}>{escape(cell)}</td>' for cell in row.values())}</tr>" for row in rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def lists(module: str, listed: Mapping[str, Any], row: Callable[[Any], Row]) -> None:
    """Let a module be read as the list of what it holds.

    Parameters
    ----------
    module
        The name of the module.
    listed
        Its members by name, none of them missing.
    row
        What the table says of one, beside its name: the same columns for each.
    """
    it = sys.modules[module]
    it.__class__ = Listing
    vars(it).update(_listed=listed, _row=row)
