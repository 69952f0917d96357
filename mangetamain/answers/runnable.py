"""The statements of an answer as anybody can run them: each value stands where it was bound."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from mangetamain.warehouse.sql import text


def runnable(sql: str) -> str:
    """Write into each statement the values that it was run with, which `Recorder` notes above it."""
    return ";\n\n".join(map(_filled, sql.split(";\n\n")))


def _filled(statement: str) -> str:
    if not statement.startswith("-- {"):
        return statement
    noted, _, bare = statement.partition("\n")
    values = json.loads(noted.removeprefix("-- "))
    return re.sub(r"\$([a-z_]\w*)", lambda name: literal(values[name[1]]), bare)


def literal(value: Any) -> str:  # noqa: ANN401 - of JSON
    """Write a value as SQL does."""
    if isinstance(value, list):  # in a list, the engine takes what is no number for nothing
        return f"[{', '.join('NULL' if one != one else literal(one) for one in value)}]"
    if isinstance(value, float) and not math.isfinite(value):
        return f"'{value}'::DOUBLE"
    return text(value) if isinstance(value, str) else "NULL" if value is None else str(value)
