"""Two runs compared by meaning: each kind of change alone, then answers of two warehouses."""

import base64
import copy
import json
import math
import re

import numpy as np
import pytest

from mangetamain.errors import BadInput
from mangetamain.language import speaking
from mangetamain.panels.panel import panel
from mangetamain.reports.diff.compare import comparable, compare
from mangetamain.reports.diff.page import as_html
from mangetamain.reports.diff.text import as_text
from mangetamain.reports.diff.value_text import change
from mangetamain.themes import theme
from mangetamain.warehouse import Cleaning, build, connect

YEARS = [2004, 2005, 2006]
CALM = "Nothing that a reader would notice changed."


def packed(values, dtype="f8"):
    """A column as plotly packs it."""
    return {"dtype": dtype, "bdata": base64.b64encode(np.array(values, dtype=dtype).tobytes()).decode()}


def estimate(value, low, high):
    return {"is": "Estimate", "value": value, "low": low, "high": high, "confidence": 0.95}


def answer(**changed):
    """One panel's answer, small enough to be read."""
    base = {
        "panel": "level",
        "title": "How long do recipes take?",
        "question": "level",
        "parameters": {"years": "2004-2006"},
        "fingerprint": "aaaa",
        "synthetic": False,
        "verdict": "clear",
        "sentence": "It rose by 2 minutes.",
        "finding": {
            "is": "LevelFinding", "n": 30, "verdict": "clear", "change": estimate(2.0, 1.0, 3.0), "tau": 0.5,
            "left_out": [], "up": [{"is": "Drift", "term": "salt", "change": estimate(1.0, 0.5, 1.5)}],
        },
        "columns": {"year": YEARS, "n": [10, 10, 10], "centre": [40.0, 41.0, None], "thin": [False, False, True]},
        "figure": {
            "data": [
                {"type": "scatter", "mode": "lines", "name": "Centre", "meta": {"role": "centre"},
                 "x": packed(YEARS, "i2"), "y": packed([40.0, 41.0, math.nan])},
                {"type": "scatter", "mode": "markers", "name": "Year", "meta": {"role": "centre"},
                 "x": YEARS, "y": [40.0, 41.0, 42.0], "error_y": {"array": [1.0, 1.0, 1.0]}},
            ],
            "layout": {"height": 380, "xaxis": {"title": {"text": "Year"}}, "yaxis": {"title": {"text": "Minutes"}}},
        },
    }  # fmt: skip
    return copy.deepcopy(base) | changed


def record(*answers, **changed):
    base = {
        "key": "0123456789abcdef", "name": "trends", "theme": "trends", "title": "Trends", "lang": "en",
        "parameters": {"years": "2004-2006"}, "versions": {"mangetamain": "0.1.0"},
        "data": {"source": "here", "synthetic": False, "fingerprint": "aaaa", "cleaning": {"minutes": [1, 180]}},
        "started": "2026-11-23T10:00:00+00:00", "seconds": 2.0, "outcome": "made",
        "answers": list(answers) or [answer()],
    }  # fmt: skip
    return base | changed


def changed_in(part, **values):
    """A record whose one answer has other values in one of its parts."""
    return record(answer(**{part: answer()[part] | values}))


def with_traces(*changes):
    """A record whose traces differ: one mapping for each trace."""
    figure = answer()["figure"]
    figure["data"] = [trace | change for trace, change in zip(figure["data"], changes, strict=True)]
    return record(answer(figure=figure))


def both(after, before=None):
    """The comparison and its text; the page and the data are made too."""
    comparison = compare(before or record(), after)
    json.dumps(comparison.as_dict(), allow_nan=False)
    for lang in ("en", "fr"):
        assert as_html(comparison, lang).startswith("<!DOCTYPE html>")
    text = as_text(comparison, "en")
    assert max(map(len, text.splitlines())) <= 100
    assert text.startswith(CALM) is not comparison.noticed
    return comparison, " ".join(text.split())


def test_a_run_is_the_same_as_itself():
    comparison, text = both(record())
    assert not comparison.noticed
    assert not any(each.changed for each in comparison.panels)
    assert "Unchanged: How long do recipes take? (level)" in text


def test_time_version_fingerprint_and_key_are_not_noticed():
    later = record(
        started="2027-01-01", seconds=9.0, key="f" * 16, versions={"mangetamain": "0.2.0"},
        data=record()["data"] | {"fingerprint": "bbbb", "cleaning": json.dumps({"minutes": [1, 120]})},
        parameters={"years": "2004-2006", "of": "minutes"},
    )  # fmt: skip
    comparison, text = both(later)
    assert not comparison.noticed
    assert [change.name for change in comparison.versions] == ["mangetamain"]
    assert {change.name for change in comparison.data} == {"fingerprint", "cleaning.minutes"}
    assert [(change.before, change.after) for change in comparison.parameters] == [(None, "minutes")]
    assert "0.1.0 → 0.2.0" in text
    assert "Cleaning minutes 1, 180 → 1, 120" in text


def test_synthetic_data_in_place_of_real_ones_are_noticed():
    comparison, text = both(record(data=record()["data"] | {"synthetic": True}))
    assert comparison.noticed
    assert "Synthetic data took the place of real ones." in text


def test_a_sentence():
    comparison, text = both(record(answer(sentence="It rose by 3 minutes.")))
    (one,) = comparison.panels
    assert (one.sentence.before, one.sentence.after) == ("It rose by 2 minutes.", "It rose by 3 minutes.")
    assert comparison.noticed
    assert "before It rose by 2 minutes. after It rose by 3 minutes." in text
    assert not one.table.noticed
    assert not one.figure.noticed


def test_a_verdict():
    comparison, text = both(record(answer(verdict="real")))
    assert comparison.noticed
    assert "verdict clear → real" in text


@pytest.mark.parametrize(
    ("new", "inside", "back", "place"),
    [
        ((2.5, 1.5, 3.5), True, True, "1 moved inside their interval, 0 outside"),
        ((2.5, 2.2, 2.8), True, False, "1 moved inside their interval, 0 outside"),
        ((3.5, 1.5, 5.5), False, True, "0 moved inside their interval, 1 outside · Change 2.0 (1.0 to 3.0) → 3.5"),
        ((9.0, 8.0, 9.5), False, False, "each outside the other’s interval"),
        ((3.0, 1.0, 3.0), True, True, "1 moved inside their interval, 0 outside"),
        ((2.0, 1.0, 3.1), True, True, "1 moved inside their interval, 0 outside"),
        ((math.nan, math.nan, math.nan), None, None, "1 went (Change)"),
    ],
)
def test_an_estimate_moves_inside_or_outside_its_interval(new, inside, back, place):
    comparison, text = both(changed_in("finding", change=estimate(*new)))
    (moved,) = comparison.panels[0].numbers
    assert (moved.name, moved.inside, moved.back) == ("change", inside, back)
    assert not comparison.noticed, "a number alone, in no sentence, table or figure, is not seen"
    assert place in text


def test_other_numbers_beyond_six_significant_digits():
    assert both(changed_in("finding", tau=0.5000001))[0].panels[0].numbers == ()
    comparison, text = both(changed_in("finding", tau=0.50001, n=31, left_out=[2004]))
    assert {one.name for one in comparison.panels[0].numbers} == {"tau", "n", "left_out"}
    assert "2 without an interval changed (Count, Spread beyond chance (tau)) · 1 came (Left out of the fit)" in text


def test_items_of_a_finding_go_by_their_names():
    salt, kale = answer()["finding"]["up"][0], {"is": "Drift", "term": "kale", "change": estimate(9.0, 8.0, 10.0)}
    comparison, text = both(changed_in("finding", up=[kale, salt]))
    (came,) = comparison.panels[0].numbers
    assert (came.name, came.before, came.after) == ("up[kale]", None, "up[kale]")
    assert "1 came (Rising kale)" in text
    assert "1 went (Rising salt)" in both(changed_in("finding", up=[]))[1]


def test_a_finding_of_another_kind():
    few = {"is": "TooFewPoints", "n": 3, "verdict": "undecided", "points": 2}
    comparison, text = both(record(answer(finding=few, verdict="undecided")))
    (one,) = comparison.panels
    assert (one.kind.before, one.kind.after) == ("LevelFinding", "TooFewPoints")
    assert [number.name for number in one.numbers] == ["n"], "only what both have"
    assert "of another kind than before: most of its numbers cannot be compared" in text
    assert "verdict clear → undecided" in text
    assert "verdict clear → not judged" in both(record(answer(verdict=None)))[1]
    assert "LevelFinding" not in text + as_html(comparison, "en")


def test_rows_come_go_and_change():
    columns = {
        "year": [2005, 2006, 2007], "n": [10, 12, 10], "centre": [41.0, None, 40.0], "thin": [False, True, True],
    }  # fmt: skip
    comparison, text = both(record(answer(columns=columns)))
    table = comparison.panels[0].table
    assert table.by == ("year",)
    assert (table.added, table.gone, table.changed, table.cells) == (1, 1, 1, 1)
    assert (table.first_added, table.first_gone) == (((2007,),), ((2004,),))
    (cell,) = table.first
    assert (cell.row, cell.column, cell.before, cell.after) == ((2006,), "n", 10, 12)
    assert comparison.noticed
    assert "rows that came: 1 (2007) · rows that went: 1 (2004) · rows that changed: 1 of 3, in 1 cell" in text
    assert "2006, Count 10 → 12" in text


@pytest.mark.parametrize(
    ("column", "seen"),
    [
        ([40.00001, 41.0, None], False),
        ([40.0, 41.0, math.nan], False),
        ([40, 41, None], False),
        ([40.01, 41.0, None], True),
        ([40.0, 41.0, 0.0], True),
        ([40.0, None, None], True),
    ],
)
def test_a_cell_changes_to_the_digits_shown(column, seen):
    comparison, _ = both(changed_in("columns", centre=column))
    assert comparison.noticed is seen
    assert comparison.panels[0].table.cells == int(seen)


@pytest.mark.parametrize(("before", "after", "seen"), [(1234567, 1234568, True), (1234567.1, 1234567.101, False)])
def test_a_large_number_counts_to_its_last_digit(before, after, seen):
    columns = [{"year": [2004], "n": [value]} for value in (before, after)]
    one, other = (record(answer(columns=each)) for each in columns)
    assert both(other, one)[0].noticed is seen


def test_rows_are_named_by_the_fewest_leading_columns_that_tell_them_apart():
    two = {"term": ["salt", "salt", "egg"], "share": [0.1, 0.2, 0.3], "year": [2004, 2005, 2004]}
    moved = {name: [column[i] for i in (2, 0, 1)] for name, column in two.items()}
    table = both(record(answer(columns=moved)), record(answer(columns=two)))[0].panels[0].table
    assert table.by == ("term", "year")
    assert (table.added, table.gone, table.changed, table.moved) == (0, 0, 0, True)
    vague = {"flag": [True, True]}
    other = {"flag": [True, False]}
    table = both(record(answer(columns=other)), record(answer(columns=vague)))[0].panels[0].table
    assert (table.by, table.changed, table.first[0].row) == ((), 1, (2,))


def test_columns_and_an_empty_table():
    comparison, text = both(record(answer(columns={"year": []})))
    table = comparison.panels[0].table
    assert (table.gone, table.changed, table.columns_gone) == (3, 0, ("n", "centre", "thin"))
    assert "columns gone: Count, Centre, Thin" in text
    assert both(record(), record(answer(columns={"year": []})))[0].panels[0].table.added == 3


@pytest.mark.parametrize(
    ("before", "after", "en", "fr"),
    [
        (44.2196, 41.8034, "44.2 → 41.8", "44,2 → 41,8"),
        (16.05, 0.5, "16.1 → 0.5", "16,1 → 0,5"),
        (12345.67, 12345.71, "12,345.67 → 12,345.71", "12\u202f345,67 → 12\u202f345,71"),
        (0.25, None, "0.25 → –", "0,25 → –"),
        (1e-9, -2e-5, "1e−09 → −2e−05", "1e−09 → −2e−05"),
        (True, False, "yes → no", "oui → non"),
        (-math.inf, 0.0, "−∞ → 0.00", "−∞ → 0,00"),
        (228, 1200, "228 → 1,200", "228 → 1\u202f200"),
    ],
)
def test_values_are_shown_with_the_decimals_that_tell_them_apart(before, after, en, fr):
    for lang, expected in (("en", en), ("fr", fr)):
        with speaking(lang):
            assert change(before, after) == expected


def test_a_column_alone():
    fewer = {name: column for name, column in answer()["columns"].items() if name != "thin"}
    for after, before in ((fewer, answer()["columns"]), (answer()["columns"], fewer)):
        comparison, _ = both(record(answer(columns=after)), record(answer(columns=before)))
        assert comparison.noticed
        assert comparison.panels[0].table.cells == 0


def test_a_figures_point():
    comparison, text = both(with_traces({"y": packed([40.0, 45.0, math.nan])}, {}))
    (trace,) = comparison.panels[0].figure.traces
    assert (trace.trace.name, trace.added, trace.gone, trace.changed) == ("Centre", 0, 0, 1)
    assert comparison.noticed
    assert "points that changed: 1 (Centre) · Centre, 2005 41.0 → 45.0" in text


def test_a_figures_points_come_and_go_and_its_intervals_change():
    comparison, _ = both(
        with_traces({"x": [2005, 2006, 2007], "y": [41.0, None, 1.0]}, {"error_y": {"array": [1, 2, 1]}})
    )
    assert [(one.added, one.gone, one.changed) for one in comparison.panels[0].figure.traces] == [(1, 1, 0), (0, 0, 1)]


def test_a_figure_is_not_its_json():
    plain = {"x": [2004.0, 2005.0, 2006.0], "y": [40.0000001, 41.0, None], "line": {"width": 9}}
    assert not both(with_traces(plain, {"marker": {"size": 3}, "hoverinfo": "skip"}))[0].noticed


def test_points_without_a_place_of_their_own_go_by_all_that_they_are():
    cloud = {"x": [1, 1, 2], "y": [5.0, 6.0, 7.0]}
    moved = {"x": [2, 1, 1], "y": [7.0, 6.0, 5.5]}
    (trace,) = both(with_traces({}, moved), with_traces({}, cloud))[0].panels[0].figure.traces
    assert (trace.added, trace.gone, trace.changed) == (1, 1, 0)
    assert not both(with_traces({}, {"x": [2, 1, 1], "y": [7.0, 6.0, 5.0]}), with_traces({}, cloud))[0].noticed


def test_lying_bars_are_named_by_their_names():
    bars = {"type": "bar", "orientation": "h", "x": packed([3.0, 2.0]), "y": ["salt", "egg"], "error_y": None}
    longer = bars | {"x": packed([2.0, 3.0]), "y": ["egg", "milk"]}
    (trace,) = both(with_traces({}, longer), with_traces({}, bars))[0].panels[0].figure.traces
    assert (trace.added, trace.gone, trace.changed) == (1, 1, 0)


def test_a_trace_is_renamed_added_or_gone():
    comparison, text = both(with_traces({"name": "Middle"}, {}))
    (renamed,) = comparison.panels[0].figure.traces
    assert (renamed.was, renamed.trace.name) == ("Centre", "Middle")
    assert comparison.noticed
    assert "Centre → Middle" in text
    comparison, text = both(with_traces({"name": "Middle", "y": [1.0, 2.0, 3.0]}, {}))
    figure = comparison.panels[0].figure
    assert [trace.name for trace in (*figure.added, *figure.gone)] == ["Middle", "Centre"]
    assert "came: Middle · went: Centre" in text
    assert both(with_traces({"meta": {"role": "mute"}}, {}))[0].noticed
    assert both(with_traces({"mode": "markers"}, {}))[0].noticed


@pytest.mark.parametrize(
    ("axis", "told"),
    [
        ({"title": {"text": "Year of posting"}}, "Horizontal axis Year → Year of posting"),
        ({"title": {"text": "Year"}, "ticktext": ["a"]}, "Names on the horizontal axis (came: a)"),
    ],
)
def test_an_axis(axis, told):
    figure = answer()["figure"]
    figure["layout"]["xaxis"] = axis
    comparison, text = both(record(answer(figure=figure)))
    assert comparison.noticed
    assert told in text


def test_panels_come_and_go():
    other = answer(panel="volume", title="How many?")
    comparison, text = both(record(answer()), record(answer(), other))
    assert comparison.gone == (("volume", "How many?"),)
    assert comparison.noticed
    assert "Answers gone: How many? (volume)." in text
    assert "New answers: How many? (volume)." in both(record(answer(), other), record(answer()))[1]
    assert both(record(answers=[]), record())[0].gone == (("level", "How long do recipes take?"),)


def test_two_languages_say_the_same_in_other_words():
    french = answer(title="Combien de temps ?", sentence="Elle monte de 2 minutes.")
    french["figure"]["data"][0]["name"] = "Milieu"
    french["figure"]["layout"]["xaxis"]["title"]["text"] = "Année"
    comparison, text = both(record(french, lang="fr"))
    assert not comparison.noticed
    assert "two languages" in text


def test_runs_of_two_notebooks_cannot_be_compared():
    with pytest.raises(BadInput, match="cannot be compared") as raised:
        compare(record(), record(name="ratings_full", theme="ratings"))
    assert "ne peuvent être comparés" in raised.value.message.render("fr")


def test_the_page_stands_alone_and_trusts_no_text():
    page = as_html(compare(record(), record(answer(sentence="<script>alert(1)</script>"))), "en")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert len(page) < 500_000


def test_both_ways_of_showing_speak_french():
    other = answer(
        verdict="real", sentence="Elle monte.", columns={"year": [2004], "n": [10]}, finding={"is": "F", "n": 1}
    )
    comparison = compare(record(), record(other, answer(panel="volume")))
    for shown in (as_text(comparison, "fr"), re.sub(r"<style>.*?</style>", "", as_html(comparison, "fr"), flags=re.S)):
        assert "Cela se voit à la lecture" in shown
        assert not re.search(r"\b(moved|rows|changed|came|went|before|after|answers|columns)\b", shown, re.IGNORECASE)


@pytest.fixture(scope="module")
def shorter_home(tiny_home, tmp_path_factory):
    """The ten recipes again, those of more than half an hour left out."""
    home = tmp_path_factory.mktemp("shorter")
    build(str(tiny_home / "raw"), home=home, cleaning=Cleaning(minutes=(1, 45)))
    return home


def recorded(home, name):
    """What a run of a notebook leaves behind."""
    con, answers = connect(home), []
    for asked in theme(name).asked:
        shown = panel(asked.question, con, **asked.given)
        answers.append(shown.record(shown.answer) | {"panel": asked.key})
    return json.loads(json.dumps(record(*answers, name=name, theme=name)))


@pytest.mark.parametrize("name", ["trends", "ratings"])
def test_answers_of_two_warehouses(tiny_home, shorter_home, name):
    before, after = recorded(tiny_home, name), recorded(shorter_home, name)
    assert not both(copy.deepcopy(before), before)[0].noticed
    comparison, text = both(after, before)
    shown = {one.panel: one for one in comparison.panels}
    assert shown.keys() == {asked.key for asked in theme(name).asked}
    if name == "trends":
        assert comparison.noticed
        # The stew, the cake and the sweet bread take longer than 45 minutes: two of 2006, one of 2005.
        assert shown["volume"].table.by == ("year",)
        counts = {(cell.row, cell.before, cell.after) for cell in shown["volume"].table.first if cell.column == "n"}
        assert counts == {((2005,), 3, 2), ((2006,), 3, 1)}
        assert "2005, Count 3 → 2" in text
    for one in comparison.panels:
        assert one.changed is (f"({one.panel})" in text.split("Unchanged:")[0])


ODD = (None, True, -1, 1e400, math.nan, "", "x", [], [1], {}, {"is": 3}, [[]], {"data": 1}, {"a": {"b": []}})


def spoilt(value):
    """Yield a value with one part of it replaced by something else, or gone; of a list the first."""
    for key in list(value if isinstance(value, dict) else range(min(1, len(value)))):
        for odd in ODD:
            yield {**value, key: odd} if isinstance(value, dict) else [*value[:key], odd, *value[key + 1 :]]
        if isinstance(value, dict):
            yield {name: part for name, part in value.items() if name != key}
        if isinstance(value[key], dict | list):
            for part in spoilt(value[key]):
                yield {**value, key: part} if isinstance(value, dict) else [*value[:key], part, *value[key + 1 :]]


def test_whatever_an_answer_holds_a_comparison_ends_with_one_sentence(tmp_path):
    good, seen, refused = record(), 0, []
    for each in spoilt(answer()):
        seen += 1
        # Each is shown in one of the two ways, for a hundredth of a second each is many seconds in all.
        for pair, shown in (((good, record(each)), as_text), ((record(each), good), as_html)):
            try:
                with comparable("one", "other"):
                    found = compare(*pair)
                    json.dumps(found.as_dict())
                    shown(found, "fr")
            except BadInput as error:
                refused.append(str(error))
    assert seen > 500
    assert 0 < len(refused) < 2 * seen
    assert set(refused) == {refused[0]}
