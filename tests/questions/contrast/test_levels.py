"""Levels of a calendar's groups, by the months that hold them."""

from __future__ import annotations

import numpy as np
import pytest

from mangetamain.calendars import CALENDARS
from mangetamain.measures import ALL
from mangetamain.questions.calendar_cells import ROOM, held_cells, read_cells, series
from mangetamain.questions.group_levels import COLUMNS, group_levels, widest
from tests.questions.worlds import kitchen, recipes


def cells_of(months: int, groups: int) -> np.ndarray:
    return (np.arange(months)[:, None] * ROOM + np.arange(groups)).ravel()


def test_the_two_that_are_widest_apart_are_so_by_their_differences() -> None:
    """Levels of weekdays and their differences are series of their own, and may not agree on which is the lowest."""
    months, shared = 60, np.where(np.arange(60) % 2, 1.0, -1.0)
    # The first day is the higher one by half within every month; it is known well where both are low, the second where
    # both are high.
    middle = np.stack([shared + 0.5, shared], axis=1).ravel()
    well = np.stack([shared < 0, shared > 0], axis=1).ravel()
    error = np.where(well, 0.05, 10.0)
    size = np.full(2, 1000)
    found = group_levels(series(cells_of(months, 2), middle, error, size, (-np.inf, np.inf)), 2)
    assert found["gap"].tolist() == pytest.approx([0.5, 0.0])
    assert found["gap_high"][1] == 0
    assert found["level"][0] - found["level"][1] == pytest.approx(0.5)


def test_levels_lie_between_the_least_and_the_greatest_value() -> None:
    """A share that rises from nothing, and is none in one season, is not below nothing there."""
    rng = np.random.default_rng(5)
    month = np.arange(96)
    season = month // 3 % 4
    share = np.where(season == 2, 0.0, 0.4 + 0.004 * month + 0.2 * rng.normal(size=96))
    size = np.full(4, 1000)
    free, held = (
        group_levels(series(month * ROOM + season, share, np.full(96, 0.2), size, ends), 4)
        for ends in ((-np.inf, np.inf), (0.0, 100.0))
    )
    assert free["level"].min() < 0
    assert all((held[name] >= 0).all() for name in ("level", "low", "high"))
    assert held["level"].argmin() == 2
    for name in set(COLUMNS) - {"level", "low", "high"}:
        np.testing.assert_array_equal(held[name], free[name])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_where_one_season_alone_is_apart_no_other_is_the_highest_or_lowest(sign: float) -> None:
    """Autumn is above the others, or below; which of these is furthest from it is luck, and named once in twenty."""
    rng, month = np.random.default_rng(7), np.arange(120)
    season, flat = month // 3 % 4, 0
    for _ in range(40):
        middle = sign * (season == 3) + 0.2 * rng.normal(size=120)
        free = (-np.inf, np.inf)
        found = group_levels(series(month * ROOM + season, middle, np.full(120, 0.1), np.full(4, 1000), free), 4)
        gap = widest({"season": np.array(CALENDARS["season"].values), "n": np.full(4, 1000), **found}, "season", 0.1)
        autumn, other = ("highest", "lowest") if sign > 0 else ("lowest", "highest")
        assert (gap[autumn], gap[f"{autumn}_apart"], gap["verdict"]) == ("autumn", True, "clear")
        flat += not gap[f"{other}_apart"]
    assert flat >= 37


def test_cells_know_the_size_of_each_group_and_the_ends_of_all_values() -> None:
    found = recipes(n=3_000)
    con = kitchen(found)
    cells = read_cells(
        con, held_cells(con, of="calories", by="weekday", years=ALL, source="full", among=()), by="weekday"
    )
    assert cells.size.tolist() == found["weekday"].value_counts().sort_index().tolist()
    assert cells.ends == (found["calories"].min(), found["calories"].max())
