"""The published correlations, by scipy from the raw rows."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import pearsonr

from mangetamain.errors import BadInput
from mangetamain.measures import MEASURES
from mangetamain.questions import relation
from mangetamain.questions.relation import PublishedRelation
from mangetamain.warehouse import connect
from tests.questions.contrast.test_published import rows


@pytest.mark.parametrize("pair", [*combinations(["minutes", "steps", "ingredients", "calories"], 2)])
@pytest.mark.parametrize("home", ["small_home", "real_home"])
def test_a_correlation_equals_scipy(request, home, pair):
    home = request.getfixturevalue(home)
    frame = rows(home)
    answer = relation(connect(home), of=pair[0], to=pair[1], method="published")
    x, y = (frame[MEASURES[name].sql] for name in pair)
    assert answer.finding == PublishedRelation(n=len(frame), pearson=pytest.approx(pearsonr(x, y).statistic))
    assert f"the published correlation over {len(frame):,} recipes is" in answer.sentence("en")
    assert len(answer.spec["data"]) == 1  # the parts, and no line of ours


@pytest.mark.parametrize("given", [{"of": "rating"}, {"of": "calories", "to": "volume"}])
def test_nothing_was_published_of_reviews_or_months(small, given):
    with pytest.raises(BadInput, match="where method is published: nothing was published of it"):
        relation(small, **given, method="published")


def test_what_does_not_vary_has_no_correlation(tiny):
    answer = relation(tiny, of="calories", to="steps", among="minutes<=5", method="published")
    assert not isinstance(answer.finding, PublishedRelation)
    assert np.isnan(answer.columns["pearson"]).all()
