"""Years of which nothing is known: no figure draws a line or a band through them."""

import importlib
import itertools

import numpy as np
import pytest

GONE = (2004, 2008)


def table_without(module, con, **given):
    columns = module.table(con, **given)
    year = columns["year"] if "year" in columns else columns["month"].astype("datetime64[Y]").astype(int) + 1970
    return {name: column[~np.isin(year, GONE)] for name, column in columns.items()}


def joined(trace):
    """Return the years of neighbours that a trace joins: a point without a value parts them."""
    points = [(int(str(x)[:4]), y) for x, y in zip(trace.x.tolist(), trace.y.tolist(), strict=True)]
    return [(one, other) for (one, y), (other, z) in itertools.pairwise(points) if y == y and z == z]


@pytest.mark.parametrize("name", ["level", "term_curve", "diversity", "months"])
@pytest.mark.parametrize("method", ["robust", "published"])
def test_nothing_is_drawn_through_years_that_are_missing(name, method, sample):
    module = importlib.import_module(f"mangetamain.questions.{name.replace('months', 'level')}")
    given = {} if name == "term_curve" else {"method": method}
    of = {"of": "rating"} if name == "months" else {}
    through = {"by": "month", **of, **given} if name == "months" else given if name == "level" else {}
    table = table_without(module, sample.current()[0], **through)
    figure = module.draw(table, module.judge(table, **given, **of), **of)
    fitted = {"Trend", "Trend of the mean", "Trend of the median", "Level between steps"}
    known = [trace for trace in figure.data if trace.meta["role"] != "trend" and trace.name not in fitted]
    traces = [trace for trace in known if "lines" in trace.mode]
    assert all(joined(trace) for trace in traces)
    assert [pair for trace in traces for pair in joined(trace) if pair[1] - pair[0] > 1] == []
