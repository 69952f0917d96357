"""Terms of a season or the weekend as published, by pandas and scipy from the raw rows."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from mangetamain.calendars import CALENDARS
from mangetamain.errors import BadInput
from mangetamain.questions.term_contrast import sentence, term_contrast
from mangetamain.questions.term_contrast.published import PublishedGathering, PublishedGatherings, _tests

KINDS = pytest.mark.parametrize("kind", ["ingredient", "tag"])


def exploded(con, kind):
    """Every occurrence of every spelling, cut and spelled in pandas, with its recipe's season and weekend."""
    rows = con.execute(f"""
        SELECT season, is_weekend, r.{kind}s AS items FROM raw.RAW_recipes r JOIN recipes USING (id)
    """).df()
    items = rows.explode("items").dropna()
    items["items"] = items["items"].astype("str").str.split(", ")
    items = items.explode("items", ignore_index=True)
    items["spelling"] = items["items"].str.strip("'\"").str.strip().str.lower()
    rows["weekend"], items["weekend"] = (np.where(each["is_weekend"], "weekend", "weekdays") for each in (rows, items))
    return rows, items


@KINDS
@pytest.mark.parametrize("by", ["season", "weekend"])
def test_published_choices_and_tests_equal_pandas_and_scipy(small, kind, by):
    rows, items = exploded(small, kind)
    groups = list(CALENDARS[by].values)
    posted = rows[by].value_counts()[groups]
    counts = items.groupby(["spelling", by]).size().unstack(fill_value=0)[groups]
    share = counts / posted
    mean, spread = share.mean(axis=1), share.max(axis=1) - share.min(axis=1)
    counted = counts[(mean >= 0.01) & (counts != posted).any(axis=1)]  # a tag that all recipes bear has no test
    tests = {term: chi2_contingency([row, posted - row]) for term, row in counted.iterrows()}
    if by == "season":
        kept, rank = mean.index[(mean >= 0.01) & (spread >= 0.005)], share.std(axis=1, ddof=1) / mean
    else:
        kept = [term for term, test in tests.items() if spread[term] >= 0.002 and test.pvalue < 0.05]
        rank = share["weekend"] - share["weekdays"]
    found = term_contrast(small, kind=kind, by=by, method="published").finding
    assert (found.n, found.kept) == (counts.index.nunique(), len(kept))
    ranked = rank[kept].round(12).sort_index().sort_values(ascending=False, kind="stable")
    assert [rank[one.term] for one in found.peaks] == pytest.approx(ranked[:20].tolist(), abs=1e-9)
    for one in found.peaks:
        assert list(one.shares) == pytest.approx(share.loc[one.term].tolist())
        assert (one.chi2, one.p) == pytest.approx((tests[one.term].statistic, tests[one.term].pvalue))


def test_published_tests_are_those_that_were_printed():
    """Shares in % and recipes of the seasons and of the week, as published, give the published statistics."""
    seasons, week = np.array([48_540, 54_343, 48_952, 48_231.0]), np.array([167_362, 32_704.0])
    found, p = _tests(np.array([[1.5, 1.7, 2.8, 1.9], [4.2, 5.4, 6.1, 4.7]]) / 100 * seasons, seasons)
    assert found == pytest.approx([248.61, 210.07], rel=0.05)  # shares were printed with one decimal
    assert p == pytest.approx([1.3e-53, 2.82e-45], rel=1e4)
    found, p = _tests(np.array([[2.84, 3.18], [4.21, 3.94], [1.02, 1.49]]) / 100 * week, week)
    assert found == pytest.approx([11.5, 4.87, 55.42], rel=0.06)
    assert p == pytest.approx([6.958e-4, 0.0273, 9.719e-14], rel=1)


def test_nothing_was_published_by_month_or_weekday_or_of_a_selection(tiny):
    for by in ("month_of_year", "weekday"):
        with pytest.raises(BadInput, match="expected by=season, by=weekend, or method=robust"):
            term_contrast(tiny, by=by, method="published")
    with pytest.raises(BadInput, match="among cannot be"):
        term_contrast(tiny, among="easy", method="published")


def test_the_published_sentence_names_the_first():
    one = PublishedGathering("zucchini", (0.015, 0.017, 0.028, 0.019), 248.6, 1e-53)
    found = PublishedGatherings(n=14_161, kind="ingredient", kept=46, peaks=(one,))
    assert sentence(found).render("en") == (
        "Of 14,161 ingredients as spelled, 46 pass the published thresholds; the first: zucchini (from 1.50%, winter, "
        "to 2.80%, summer)."
    )
    none = PublishedGatherings(n=3, kind="tag", kept=0, peaks=())
    assert sentence(none).render("en") == "Of 3 tags as spelled, none passes the published thresholds."


@KINDS
def test_published_counts_equal_an_independent_count_on_real_rows(real, kind):
    rows, items = exploded(real, kind)
    counts = items.groupby(["spelling", "season"]).size().unstack(fill_value=0)
    found = pd.DataFrame(term_contrast(real, kind=kind, method="published").columns)
    assert found["family"].iloc[0] == len(counts)
    for row in found.itertuples():
        assert row.occurrences == counts.loc[row.term, row.season]
    assert len(rows) == real.execute("SELECT count(*) FROM recipes").fetchall()[0][0]
