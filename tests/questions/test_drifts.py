"""Families of terms: what is learned from them together, and which of them jump."""

import numpy as np
import pytest

from mangetamain import stats
from mangetamain.questions.drifts import TERMS, Family, _candidates, counts, family, jumps
from mangetamain.questions.shares import held_by_year
from mangetamain.stats.families import LEARNED_FROM
from mangetamain.warehouse import query
from tests.questions.cubes import POSTED, STILL, WHOLE, YEARS, cubes, jittered, rise

RECIPES_A_YEAR = np.array(list(POSTED.values()))[1:-1]


def test_of_a_large_family_both_questions_learn_from_the_same_terms():
    many = {f"term {i:04}": share for i, share in enumerate(np.geomspace(0.5, 0.001, 1300))}
    con = cubes(POSTED, jittered(many, 0.1, 2))
    year, n = WHOLE, np.array([POSTED[year] for year in WHOLE.tolist()])
    held = held_by_year(con, "ingredient", (1999, 2018), ())
    terms, slopes = family(con, held, year, n)
    assert len(terms.term) == 1300
    some = {"years": year.tolist(), "most": LEARNED_FROM}
    few = counts(query(con, TERMS.format(held=held.sql), {**held.bound, **some}), year)[1]
    assert len(few) == 434
    learned = stats.family_scatter(year, few, n)
    # Rounding was seen to move a weight by 5e-10; other terms move it by 0.06.
    assert learned.weight == pytest.approx(terms.scatter.weight, abs=1e-8)
    alone = stats.family_slopes(year, terms.held, n, learned)
    assert slopes.mean() == pytest.approx(alone.mean(), abs=1e-12)
    assert slopes.p() == pytest.approx(alone.p(), abs=1e-9)


def stepping(by_term, n=RECIPES_A_YEAR, years=WHOLE):
    """Make a family of counts by term and year."""
    held = np.round(np.array(by_term) * n)
    names = np.array([str(i) for i in range(len(held))], object)
    return Family(years, n, names, held, stats.family_scatter(years, held, n))


def test_a_change_of_words_is_a_jump_and_a_steady_rise_is_none():
    terms = stepping([
        np.where(WHOLE < 2005, 0.04, 0.11),  # a new name
        rise(0.04, 6)[1:-1],  # a fashion
        np.where(WHOLE == 2007, 0.12, 0.05),  # one strange year
        np.where(WHOLE < 2009, 0.30, 0.02),  # a tag that was dropped
        np.where(WHOLE < 2017, 0.05, 0.09),  # too few recipes to be sure
        *[np.full(18, share) for share in STILL.values()],
    ])  # fmt: skip
    assert [WHOLE[at] if at else None for at in _candidates(terms)[:5]] == [2005, None, None, 2009, None]
    years, size = jumps(terms)
    assert years[:5].tolist() == [2005, None, None, 2009, None]
    assert size[[0, 3]] == pytest.approx([0.07, -0.28], abs=0.002)
    assert np.isnan(size[[1, 2, 4]]).all()
    assert not any(years[5:])


def test_a_step_over_a_missing_year_is_no_jump():
    still = [np.full(5, share) for share in STILL.values()]
    given = [[0.01, 0.01, 0.09, 0.09, 0.09], *still], np.full(5, 10_000)
    assert jumps(stepping(*given, np.array([2000, 2001, 2002, 2003, 2004])))[0][0] == 2002
    assert jumps(stepping(*given, np.array([2000, 2001, 2003, 2004, 2005])))[0][0] is None


def test_a_step_that_is_no_larger_than_what_the_term_does_anyway_is_no_jump():
    """Beyond sampling by far, yet the term goes up and down by as much from year to year."""
    wild = 0.1 * np.exp(
        0.3 * np.array([0.3, -1, 0.6, -0.4, 1, -1.2, 0.2, 1, 1.1, 0.4, 1.6, 0.3, 1.3, 0.7, 1, 0.5, 1, 1])
    )
    steady = [np.full(18, share) for share in STILL.values()]
    assert jumps(stepping([wild, *steady]))[0][0] is None


@pytest.mark.slow
@pytest.mark.parametrize(("sigma", "rho"), [(0.0, 0.0), (0.1, 0.0), (0.2, 0.0), (0.3, 0.0), (0.2, 0.5)])
def test_hardly_a_family_that_scatters_shows_a_jump(sigma, rho):
    shown = [any(jumps(scattered(seed, sigma, rho))[0]) for seed in range(100)]
    assert np.mean(shown) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 100)


@pytest.mark.slow
@pytest.mark.parametrize(("sigma", "least"), [(0.0, 0.95), (0.1, 0.9)])
def test_a_new_name_is_found_in_a_family_that_scatters(sigma, least):
    years = [jumps(scattered(seed, sigma, 0, np.where(YEARS < 2005, 0.04, 0.11)))[0] for seed in range(40)]
    assert np.mean([found[0] == 2005 for found in years]) >= least


def scattered(seed, sigma, rho, *first):
    """Draw a family whose terms scatter between years, after a first one."""
    shares = {f"first {i}": share for i, share in enumerate(first)} | STILL
    counts = np.array([list(row.values()) for row in jittered(shares, sigma, seed, rho).values()], float)[:, 1:-1]
    return stepping(counts[counts.sum(axis=1) >= 50] / RECIPES_A_YEAR)
