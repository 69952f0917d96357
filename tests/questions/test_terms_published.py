"""The published definitions on a small sample, against an independent computation in pandas."""

import numpy as np
import pandas as pd
import pytest

from mangetamain.questions import diversity, term_changes, terms


@pytest.fixture(scope="module", params=["ingredient", "tag"])
def exploded(request, small_home):
    """Every occurrence of every spelling, cut and spelled in pandas, with the recipes of each year."""
    from mangetamain.warehouse import connect

    con = connect(small_home)
    kind = request.param
    rows = con.execute(f"SELECT year, r.{kind}s AS items FROM raw.RAW_recipes r JOIN recipes USING (id)").df()
    items = rows.explode("items").dropna()
    items["items"] = items["items"].astype("str").str.split(", ")
    items = items.explode("items", ignore_index=True)
    items["spelling"] = items["items"].str.strip("'\"").str.strip().str.lower()
    return kind, con, items, rows.groupby("year").size()


def test_terms_changes_and_diversity_equal_pandas(exploded):
    kind, con, items, posted = exploded
    totals = items["spelling"].value_counts().rename_axis("spelling").reset_index(name="n")
    totals = totals.sort_values(["n", "spelling"], ascending=[False, True])
    found = terms(con, kind=kind, method="published").finding
    assert (found.occurrences, found.spellings) == (len(items), len(totals))
    assert found.common == (totals.n >= 50).sum()
    assert (found.top, found.counts) == (tuple(totals.spelling[:10]), tuple(totals.n[:10]))

    wide = items[items.spelling.isin(totals.spelling[totals.n >= 50])].groupby(["spelling", "year"]).size().unstack()
    frequency = wide.fillna(0) / posted
    delta = (frequency[posted.index[-1]] - frequency[posted.index[0]]).sort_values()
    found = term_changes(con, kind=kind, method="published").finding
    assert found.n == len(delta)
    assert [one.delta for one in found.down] == pytest.approx(delta[:10].tolist(), abs=1e-6)
    assert [one.delta for one in found.up] == pytest.approx(delta[::-1][:10].tolist(), abs=1e-6)
    assert {one.term for one in found.up} == set(delta.index[-10:])

    unique = items.groupby("year")["spelling"].nunique()
    answer = diversity(con, kind=kind, method="published")
    assert answer.columns["spellings"].tolist() == unique.tolist()
    slope, intercept = np.polyfit(unique.index, unique, 1, w=np.sqrt(posted))
    assert (answer.finding.slope, answer.finding.intercept) == pytest.approx((slope, intercept), rel=1e-6)
    fitted, weights = intercept + slope * unique.index, posted / posted.sum()
    around = pd.Series(unique - (weights * unique).sum())
    assert answer.finding.r2 == pytest.approx(
        1 - (weights * (unique - fitted) ** 2).sum() / (weights * around**2).sum()
    )
