"""A measure in the groups of a calendar, by months of history: what `contrast` and `profile` read and fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangetamain.calendars import CALENDARS
from mangetamain.conditions import Conditions
from mangetamain.language import N_, Message, say
from mangetamain.measures import MEASURES, THIN, Measure
from mangetamain.questions.aggregates import stars
from mangetamain.questions.aggregates.centres import Held, described, held
from mangetamain.questions.group_levels import FEWEST, Series
from mangetamain.warehouse import Columns, Executes

# Months by groups of a calendar are numbered apart: no calendar has as many groups.
ROOM = 16
# A month has a deviation of its own from two values on, and a tenth to trim from ten on: of fewer none is trimmed, and
# the mean of a small selection would hold the entries that the mean of a large one leaves out.
LONE = 2
FEWEST_TRIMMED = 10
# What history it takes to compare groups, by whether a month lies in one: those that share it are compared within it.
MONTHS = {
    True: N_("{fewest} months of {few} values or more"),
    False: N_("{fewest} months in which each of these has {few} values or more"),
}
# The least and the greatest value, as quantiles in percent.
EXTREMES = 0, 100
# The period of `cube_centres` that has a calendar's cells: a month lies in one season.
WITHIN = {"season": "month", "month_of_year": "month", "weekday": "weekday", "weekend": "weekend"}


@dataclass(frozen=True)
class Cells:
    """The values of a selection, its cells, groups in months, how many values each group has, and the ends of them."""

    by: str
    values: Held
    columns: Columns
    size: np.ndarray
    ends: tuple[float, float]

    @property
    def series(self) -> Series:
        """What every group's level is fitted from."""
        return series(self.columns["cut"], self.columns["centre"], self.columns["se"], self.size, self.ends)


def held_cells(
    con: Executes, *, of: str, by: str, years: tuple[int, int], source: str, among: Conditions, name: str = "among"
) -> Held:
    """Choose the values of a selection in its cells."""
    cut = f"(year::INT * 12 + month - 1) * {ROOM} + {CALENDARS[by].place}"
    return held(con, of, cut, years=years, source=source, among=among, name=name, period=WITHIN[by])


def read_cells(con: Executes, values: Held, *, by: str) -> Cells:
    """Describe the cells of a selection; of a measure of stars they also hold how many ratings of each star."""
    of, centre = values.of, MEASURES[values.of].centre
    if MEASURES[of].starred and of != "unrated":
        place, counts = stars.counted(con, values.rows, values.cut)
        cells = stars.described(counts, of) | {"cut": place} | dict(zip(stars.COUNTS, counts.T, strict=True))
        ends = float(stars.scores(of).min()), float(stars.scores(of).max())
    else:
        cells = described(con, values, centre=centre, band=EXTREMES, small=True)
        ends = float(cells["low"].min(initial=np.inf)), float(cells["high"].max(initial=-np.inf))
    enough = cells["n"] >= fewest(MEASURES[of])
    size = np.zeros(len(CALENDARS[by].values), dtype=np.int64)
    np.add.at(size, cells["cut"].astype(int) % ROOM, cells["n"])
    return Cells(by, values, cells | {"centre": np.where(enough, cells["centre"], np.nan)}, size, ends)


def fewest(measure: Measure) -> int:
    """Give the fewest values of a cell that is compared."""
    return FEWEST_TRIMMED if measure.centre == "trimmed" else LONE


def say_months(measure: Measure, by: str) -> Message:
    """Say how many months it takes to compare the groups of a calendar, and what these must hold."""
    alone = WITHIN[by] == "month"
    return say(MONTHS[alone], fewest=FEWEST, few=fewest(measure))


def alike(columns: Columns) -> bool:
    """Tell whether all values are the same one, by the means and deviations of groups of them."""
    return bool(columns["n"].sum() > 1 and not np.nan_to_num(columns["sd"]).any() and not np.ptp(columns["mean"]))


def series(
    cells: np.ndarray, middle: np.ndarray, error: np.ndarray, size: np.ndarray, ends: tuple[float, float]
) -> Series:
    """Give what groups' levels are fitted from, of cells numbered as `month * ROOM + group`.

    Cells of which `middle` or `error` is unknown are left out, and groups whose `size` is thin.
    """
    month, place = np.divmod(cells.astype(int), ROOM)
    kept = np.isfinite(middle) & np.isfinite(error) & (size[place] >= THIN)
    return Series(month[kept], place[kept], middle[kept], error[kept], ends)
