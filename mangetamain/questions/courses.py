"""What a measure's level did through points of time, read and judged: what `level` and `profile` share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np

from mangetamain import stats
from mangetamain.calendars import PERIODS, Period
from mangetamain.finding import Alike, Estimate, Finding, Record, TooFew, Verdict, verdict
from mangetamain.language import N_
from mangetamain.measures import MEASURES, PARTIAL_YEARS, THIN, Measure
from mangetamain.questions.aggregates.centres import Held, described
from mangetamain.questions.effects import DECADE, horizon
from mangetamain.questions.shares import LONE, fitted
from mangetamain.warehouse import Columns, Executes


@dataclass(frozen=True)
class Step(Record):
    """A lasting change of level: `at` ("2006-07") is the first of the new level; `p` admits every place searched."""

    at: Annotated[str, N_("First of the new level")]
    before: Annotated[float, N_("Level before")]
    after: Annotated[float, N_("Level after")]
    size: Annotated[Estimate, N_("Size")]
    p: Annotated[float, N_("p-value")]


@dataclass(frozen=True)
class Stretch(Record):
    """A straight part between two points: `change` is over `over` years; `part` of all values lies along it."""

    first: str
    last: str
    over: Annotated[float, N_("Years of the change")]
    change: Annotated[Estimate, N_("Change")]
    smallest: Annotated[float, N_("Smallest effect that matters")]
    verdict: Verdict
    part: Annotated[float, N_("Part of the values")]


@dataclass(frozen=True, kw_only=True)
class LevelFinding(Finding):
    """A level through time: a line has one of `stretches`, a bend two; steps have none but the line they break.

    `corners` are the fitted levels where stretches begin and end. Once points differ beyond chance they count about
    equally; `by_size` is the change of the line where each counts by its recipes or reviews. Between `steps` the level
    goes on by `drift` a point. `hangs_on` names the points without which a stretch's verdict would be another. The
    verdict is that of the stretch along which most values lie.
    """

    first: str
    last: str
    points: Annotated[int, N_("Points")]
    left_out: Annotated[int, N_("Left out of the fit")]
    stretches: Annotated[tuple[Stretch, ...], N_("Stretch")]
    corners: Annotated[tuple[float, ...], N_("Corners")]
    steps: Annotated[tuple[Step, ...], N_("Step")]
    drift: Annotated[float, N_("Slope between steps")]
    by_size: Annotated[float, N_("Change where each point counts by its size")]
    hangs_on: Annotated[tuple[str, ...], N_("Hangs on")]
    tau: Annotated[float, N_("Spread beyond chance (tau)")]
    rho: Annotated[float, N_("Correlation of neighbours (rho)")]

    @property
    def main(self) -> Stretch:
        """The stretch along which most values lie."""
        return max(self.stretches, key=lambda stretch: stretch.part)

    @property
    def change(self) -> Estimate:
        """What changed along the main stretch."""
        return self.main.change


@dataclass(frozen=True, kw_only=True)
class TooFewPoints(TooFew):
    """Too few years, or months, of `least` values to draw a line through; `least` is 100 where they must be whole."""

    by: str
    points: Annotated[int, N_("Points")]
    least: Annotated[int, N_("Least number")]


Course = LevelFinding | TooFewPoints | Alike


def read_points(con: Executes, values: Held, *, by: str, kind: str, band: str = "25-75") -> Columns:
    """Describe the values of each point, with the chosen kind of centre; the columns are those of `level`."""
    low, high = map(int, band.split("-"))
    numbers = described(con, values, centre=kind, band=(low, high))
    n = numbers.pop("n")
    points = numbers.pop("cut").astype(int if by == "year" else "datetime64[D]")
    rounded = {name: column.round(9) for name, column in numbers.items()}
    part = np.isin(points, PARTIAL_YEARS) if by == "year" else np.zeros(len(points), dtype=bool)
    return {by: points, "n": n, **rounded, "partial": part, "thin": n < THIN}


def by_of(table: Columns) -> str:
    """Tell by which period the points of a table follow one another."""
    return "year" if "year" in table else "month"


def fitted_points(table: Columns, fit_all: bool) -> np.ndarray:
    """Tell which points enter the fit: as `fitted`, and not where one cook posted everything."""
    return fitted(table, fit_all) & np.isfinite(table["se"])


@dataclass(frozen=True)
class Fit:
    """A shape that was fitted to the level through points that are whole, and what is told of its pieces."""

    period: Period
    measure: Measure
    names: np.ndarray
    place: np.ndarray
    part: Columns
    shape: stats.Shape

    @property
    def pieces(self) -> tuple[stats.Piece, ...]:
        """The straight parts; where there are steps, what is judged is the line that they break."""
        if not self.shape.shifts:
            return self.shape.pieces
        return (stats.Piece(self.place[0], self.place[-1], self.shape.trend.slope.times(float(np.ptp(self.place)))),)

    def told(self, piece: stats.Piece, change: Estimate) -> tuple[Estimate, float, float]:
        """Tell a change along a piece over a decade, where that is no more than was seen, with what would matter."""
        years = (piece.last - piece.first) * DECADE / self.period.decade
        over = horizon(years)
        return change.times(over / years), self.measure.trend.size * over / DECADE, over

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """What changed along each piece."""
        return tuple(map(self._stretch, self.pieces))

    def _stretch(self, piece: stats.Piece) -> Stretch:
        told, smallest, over = self.told(piece, piece.change)
        first, last, place, n = piece.first, piece.last, self.place, self.part["n"]
        held = (place >= first) & (place <= last if last == place[-1] else place < last)
        start, end = self.names[np.searchsorted(place, [first, last])].tolist()
        return Stretch(start, end, over, told, smallest, verdict(told, smallest), float(n[held].sum() / n.sum()))

    @property
    def main(self) -> Stretch:
        """The stretch along which most values lie."""
        return max(self.stretches, key=lambda stretch: stretch.part)

    @property
    def hangs_on(self) -> tuple[str, ...]:
        """The years without any of which a stretch's verdict would be another."""
        if self.period.unit != "Y":
            return ()
        without = stats.without_each(self.place, self.part["centre"], self.part["se"], self.shape)
        return tuple(
            str(self.names[np.searchsorted(self.place, at)])
            for at, changes in without
            if any(
                verdict(*self.told(piece, change)[:2]) != one.verdict
                for piece, change, one in zip(self.pieces, changes, self.stretches, strict=True)
            )
        )


def fit_course(
    table: Columns, *, of: str, fit_all: bool = False, confidence: float = 0.95
) -> Fit | TooFewPoints | Alike:
    """Fit a line, a bend or, of months, steps, and judge what changed along each piece."""
    by, kept, total = by_of(table), fitted_points(table, fit_all), int(table["n"].sum())
    if total > 1 and "sd" in table and not np.nan_to_num(table["sd"]).any() and not np.ptp(table["centre"]):
        return Alike(n=total, value=float(table["centre"][0]))
    if kept.sum() < PERIODS[by].fewest:
        least, points = LONE if fit_all else THIN, int(kept.sum())
        return TooFewPoints(n=total, by=by, points=points, least=least, verdict="undecided" if total else None)
    part = {name: column[kept] for name, column in table.items()}
    if not part["se"].any() and not np.ptp(part["centre"]):
        return Alike(n=total, value=float(part["centre"][0]), every=False)
    period = PERIODS[by]
    place = period.places(part[by]).astype(float)
    kinds: tuple[stats.Kind, ...] = ("bend",) if by == "year" else ("bend", "steps")
    shape = stats.shape(place, part["centre"], part["se"], kinds=kinds, confidence=confidence)
    return Fit(period, MEASURES[of], period.names(part[by]), place, part, shape)


def judge_course(table: Columns, *, of: str, fit_all: bool = False) -> Course:
    """Fit a trend through the points and judge its change; of months find where the level steps."""
    fit = fit_course(table, of=of, fit_all=fit_all)
    if not isinstance(fit, Fit):
        return fit
    found, names, place = fit.shape, fit.names, fit.place
    steps, fitted = found.shifts, found.trend.line if found.shifts else found.fitted
    line = stats.wls(place, fit.part["centre"], fit.part["n"]).slope
    return LevelFinding(
        n=int(table["n"].sum()),
        verdict=fit.main.verdict,
        first=str(names[0]),
        last=str(names[-1]),
        points=len(names),
        left_out=len(table["n"]) - len(names),
        stretches=fit.stretches,
        corners=tuple(np.interp([place[0], *(piece.last for piece in fit.pieces)], place, fitted).tolist()),
        steps=tuple(Step(str(names[one.index]), one.before, one.after, one.size, one.p) for one in steps),
        drift=found.pieces[0].slope.value if steps else 0.0,
        by_size=line * fit.period.decade * fit.main.over / DECADE,
        hangs_on=fit.hangs_on,
        tau=found.trend.tau,
        rho=found.trend.rho,
    )
