"""A comparison as a page and as text; and of answers of two warehouses, or spoilt ones."""

import copy
import json
import math
import re

import pytest

from mangetamain.errors import BadInput
from mangetamain.panels.panel import panel
from mangetamain.reports.diff.compare import comparable, compare
from mangetamain.reports.diff.page import as_html
from mangetamain.reports.diff.text import as_text
from mangetamain.themes import theme, themes
from mangetamain.warehouse import Cleaning, build, connect
from tests.reports.diff.records import answer, both, record


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


@pytest.mark.parametrize("name", themes())
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
