"""Binding values to a query without loading pandas.

DuckDB 1.5 imports pandas whenever a value is bound, to know its NaT and NA; in a kernel that would be 0.3 s and
60 MB for nothing. While a value is being bound, and in that thread alone, pandas is therefore not to be found. Where it
is loaded already nothing changes.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Thread(threading.local):
    binding = False


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "pandas" and _thread.binding:
            raise ModuleNotFoundError("pandas is not needed to bind a value", name=fullname)
        return None


def listed(numbers: Iterable[float]) -> str:
    """Write a long list of numbers as a text to bind and CAST, for each value that is bound looks for pandas anew."""
    return str(list(numbers))


_thread = _Thread()
_finder = _Finder()


@contextmanager
def without_pandas() -> Iterator[None]:
    """Bind values in this block without importing pandas."""
    if "pandas" in sys.modules:
        yield
        return
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    _thread.binding = True
    try:
        yield
    finally:
        _thread.binding = False
