"""Centres, their errors and quantiles from the engine: the same as from the values themselves."""

import numpy as np
import pandas as pd
import pytest

from mangetamain.calendars import CALENDARS, PERIODS
from mangetamain.measures import MEASURES
from mangetamain.questions.aggregates.centres import described, held, mid_quantiles
from tests.questions.cubes import empty
from tests.stats.routes import mid_quantile, trimmed_mean

YEARS = (0, 99)
# Groups of days within months, and what is asked of years and months: each centre, and the ends of each middle.
CELLS = {by: f"(year::INT * 12 + month) * 16 + {CALENDARS[by].place}" for by in ("weekday", "weekend")}
ASKED = [("mean", (25, 75), False), ("trimmed", (10, 90), False), ("median", (5, 95), False), ("mean", (33, 66), True)]


def recipes(*samples, cooks=None):
    """Put samples of minutes where the questions look for recipes, one a year; each is its own cook's unless told."""
    con = empty()
    year = np.repeat(np.arange(len(samples)), [len(sample) for sample in samples])
    minutes = np.concatenate(samples)
    rows = pd.DataFrame({"id": np.arange(1, len(year) + 1), "year": year, "minutes": minutes})
    con.register("given", rows.assign(contributor_id=pd.Series(cooks, dtype="Int64", index=rows.index)))
    con.execute("CREATE TABLE recipes AS SELECT * FROM given")
    con.unregister("given")
    return con


def found(con, centre, **given):
    return described(con, held(con, "minutes", "year", years=YEARS), centre=centre, **given)


@pytest.fixture(scope="module")
def samples():
    """Heaped minutes, one value alone, one repeated, and half-steps; none in one more year."""
    rng = np.random.default_rng(1)
    return [
        5.0 * rng.poisson(7, 400) + rng.integers(0, 2, 400), np.array([3.0]), np.array([2.0] * 7), np.array([]),
        rng.normal(100, 20, 999).round(1),
    ]  # fmt: skip


def test_centres_and_quantiles_are_those_of_the_values(samples):
    con = recipes(*samples)
    some = [sample for sample in samples if len(sample)]
    for centre in ("mean", "trimmed", "median"):
        rows = found(con, centre, band=(5, 33))
        assert rows["cut"].tolist() == [0, 1, 2, 4]
        assert rows["n"].tolist() == [400, 1, 7, 999]
        for i, sample in enumerate(some):
            middles = {"mean": sample.mean(), "trimmed": trimmed_mean(np.sort(sample))[0]}
            middles["median"] = mid_quantile(sample, 0.5)[0]
            sd = sample.std(ddof=1) if len(sample) > 1 else np.nan
            wanted = [middles["mean"], sd, np.median(sample), middles["trimmed"], middles[centre]]
            columns = [rows[name][i] for name in ("mean", "sd", "median", "trimmed", "centre")]
            assert columns == pytest.approx(wanted, nan_ok=True)
            ranks = [int(np.floor(q * (len(sample) - 1) + 0.5)) for q in (0.05, 0.33)]
            assert [rows["low"][i], rows["high"][i]] == np.sort(sample)[ranks].tolist()


def test_errors_of_recipes_of_a_cook_each_are_the_plain_ones(samples):
    con = recipes(samples[0], samples[4])
    for centre, plain in (("trimmed", trimmed_mean), ("mean", lambda s: (0, s.std(ddof=1) / np.sqrt(len(s))))):
        assert found(con, centre)["se"] == pytest.approx([plain(np.sort(s))[1] for s in (samples[0], samples[4])])
    # The median's: what is below it is half of all, by mid-distribution, with a deviation of about a half.
    wanted = [mid_quantile(s, 0.5)[1] for s in (samples[0], samples[4])]
    assert found(con, "median")["se"] == pytest.approx(wanted, rel=0.1)


def test_mid_quantiles_are_asked_group_by_group(samples):
    con = recipes(*samples)
    values = held(con, "minutes", "year", years=YEARS)
    cuts, q = np.array([4, 0, 1, 0, 0]), np.array([0.25, 0.9, 0.7, 0.0, 1.0])
    wanted = [mid_quantile(samples[cut], p)[0] for cut, p in zip(cuts, q, strict=True)]
    assert mid_quantiles(con, values, cuts, q) == pytest.approx(wanted)


def kept_by(sample, centre):
    """What each value pulls a centre off: itself, held within the middle four fifths for a trimmed mean."""
    if centre == "mean":
        return sample - sample.mean()
    ordered, out = np.sort(sample), len(sample) // 10
    held_within = np.clip(sample, ordered[out], ordered[-out - 1])
    return (held_within - held_within.mean()) * len(sample) / (len(sample) - 2 * out)


def cooked(rng, n=3000, cooks=1000, apart=6.0):
    """Minutes of recipes of cooks who have levels of their own, a few of them posting most; and the cooks."""
    cook = (cooks * rng.random(n) ** 3).astype(int)
    return 40 + rng.normal(0, apart, cooks)[cook] + rng.gamma(2, 8, n), cook


@pytest.mark.parametrize("centre", ["mean", "trimmed"])
def test_errors_are_clustered_by_cook(centre):
    minutes, cook = cooked(np.random.default_rng(5))
    pull = pd.Series(kept_by(minutes, centre) / len(minutes))
    sums = pull.groupby(cook).sum()
    wanted = np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1))
    assert found(recipes(minutes, cooks=cook), centre)["se"][0] == pytest.approx(wanted)
    assert wanted > 1.5 * pull.std() * np.sqrt(len(pull))  # the planted cooks matter


def test_nothing_is_nothing():
    for centre in ("mean", "trimmed", "median"):
        assert all(len(column) == 0 for column in found(recipes(np.array([])), centre).values())


# 400 replications: the Monte-Carlo error of 95 % is 1.1 %. Each year has 3,000 recipes of 1,000 cooks, the top 1 % of
# whom post a fifth of them; cooks' levels differ by 6 minutes and their recipes by 11. Intervals of
# recipes taken as independent cover the true centre in 43 to 49 %, clustered by cook in 94 to 95 %.
@pytest.mark.slow
def test_intervals_cover_where_cooks_have_levels_of_their_own():
    rng = np.random.default_rng(11)
    crowd = 40 + rng.normal(0, 6.0, 2_000_000) + rng.gamma(2, 8, 2_000_000)
    truth = {"mean": crowd.mean(), "trimmed": trimmed_mean(np.sort(crowd))[0], "median": np.median(crowd)}
    years, owners = zip(*(cooked(rng) for _ in range(400)), strict=True)
    con = recipes(*years, cooks=np.concatenate([cook + 1000 * i for i, cook in enumerate(owners)]))
    values = held(con, "minutes", "year", years=(0, 400))
    clustered = {centre: described(con, values, centre=centre) for centre in truth}
    con.execute("UPDATE recipes SET contributor_id = NULL")
    for centre, true in truth.items():
        both = clustered[centre], described(con, values, centre=centre)
        covered, naive = (np.abs(rows["centre"] - true) < 1.96 * rows["se"] for rows in both)
        assert covered.mean() >= 0.92, centre
        assert naive.mean() <= 0.55, centre


@pytest.mark.parametrize("of", [name for name, measure in MEASURES.items() if not measure.starred])
def test_what_is_kept_of_a_period_is_what_its_values_tell(small, of):
    """The cube holds every measure that is no number of stars, with all that is asked of years, months and cells."""
    for by, cut in (*((by, period.sql) for by, period in PERIODS.items()), *CELLS.items()):
        kept, told = (held(small, of, cut, years=(2003, 2009), period=period) for period in (by, ""))
        assert kept.period == by
        for centre, band, few in ASKED if by in PERIODS else [(MEASURES[of].centre, (0, 100), True)]:
            columns, wanted = (described(small, each, centre=centre, band=band, small=few) for each in (kept, told))
            assert len(columns["n"]) > 6
            for name, column in wanted.items():
                np.testing.assert_array_equal(columns[name].astype(column.dtype), column, err_msg=f"{by} {name}")
