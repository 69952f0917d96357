"""What a figure says where a hand points, in words: a value with its unit, its interval, and of what."""

from __future__ import annotations

import numpy as np

from mangetamain.charts import Figure, words
from mangetamain.language import PERCENT_SIGN, Message, Value, amount, say


def tell(
    figure: Figure, digits: int, unit: Value = "", *, axis: str = "y", signed: bool = False, named: bool = True,
    point: Value = "",
) -> None:  # fmt: skip
    """Say in words, where a hand points, the value of each mark with its unit, and its interval where it has one.

    Parameters
    ----------
    figure
        With all of its marks; those that say something already are left alone.
    digits, signed
        How the values are written.
    unit
        What stands behind them.
    axis
        The axis of the values.
    named
        Whether the names of the marks are said, too.
    point
        What a value is said to be, in words and plotly's own language.
    """
    form = f":{'+' if signed else ''},.{digits}f}}"
    ends = {"low": f"%{{customdata[0]{form}", "high": f"%{{customdata[1]{form}"}
    for trace in figure.data:
        if trace.hoverinfo == "skip" or trace.hovertemplate:
            continue
        value = amount(f"%{{{axis}{form}", unit)
        if np.ndim(trace.customdata) == 2:
            value = say("{value} ({low} to {high})", value=value, **ends)
        trace.hovertemplate = words(of_point(point, value, named=named))


def of_point(point: Value, value: Message, *, named: bool = False) -> Message:
    """Say a value and, where that is not said yet, of what; plotly itself adds the name of the marks where `named`."""
    told = say("{mark}: {value}", mark=point, value=value) if point else value
    return Message("{told}{end}", {"told": told, "end": "" if named else "<extra></extra>"})


def behind(unit: str) -> Message:
    """Say what stands behind a value: its unit, without what an axis tells of it; of a percentage the sign alone."""
    return PERCENT_SIGN if unit.startswith("%") else say(unit.partition(",")[0])
