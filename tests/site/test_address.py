"""What a page's address asks of its panels, and what is said of what it cannot ask."""

from __future__ import annotations

import pytest

from mangetamain.panels.carried import Placed
from mangetamain.panels.view import defaults
from mangetamain.questions import QUESTIONS
from mangetamain.site.pages.address import read


def placed(key: str, name: str, **base: str) -> Placed:
    return Placed(key, name, {**defaults(QUESTIONS[name]), **base})


PANELS = [placed("level", "level", of="complexity"), placed("volume", "volume"), placed("level-2", "level", of="fat")]


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ("", [{}, {}, {}]),
        ("lang=fr&token=x&utm_source=letter&fbclid=1", [{}, {}, {}]),
        ("years=2002-2010", [{"years": "2002-2010"}] * 3),
        ("years=2002-2010&level-2.years=2004", [{"years": "2002-2010"}] * 2 + [{"years": "2004-2004"}]),
        ("level-2.of=sugar", [{}, {}, {"of": "sugar"}]),
        ("among=Vegetarian%2C+minutes%3C%3D30", [{"among": "vegetarian,minutes<=30"}] * 3),
        ("years=2001&years=2002", [{"years": "2002-2002"}] * 3),
        ("among=", [{}, {}, {}]),
    ],
)
def test_a_value_is_for_all_that_have_the_parameter_or_for_one_panel(query: str, changed: list[dict[str, str]]) -> None:
    values, notes = read(query, PANELS)
    assert notes == []
    expected = [{**panel.base, **more} for panel, more in zip(PANELS, changed, strict=True)]
    assert [{name: text.replace(", ", ",") for name, text in each.items()} for each in values] == expected
    assert [list(each) for each in values] == [list(panel.question.parameters) for panel in PANELS]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("years=1800", ["years cannot be '1800'"]),
        ("level.of=sugr", ["of cannot be 'sugr'"]),
        ("lang=de", ["lang cannot be 'de'"]),
        ("yeras=2002", ["'yeras', which this page does not have", "did you mean years?"]),
        ("volume.centre=median", ["'volume.centre'"]),
        ("x=1&lang=xx&years=now", ["lang cannot be 'xx'", "asks for 'x'", "years cannot be 'now'"]),
        ("&".join(f"a{i}=1" for i in range(500)), ["'a0'"]),
        ("=&%00=%ff&" + "z" * 9000, ["'\\x00'"]),
    ],
)
def test_what_is_not_ours_is_said_once_and_changes_nothing(query: str, words: list[str]) -> None:
    values, notes = read(query, PANELS)
    assert values == [panel.base for panel in PANELS]
    said = " ".join(map(str, notes))
    assert all(word in said for word in words), said
    assert len({str(note) for note in notes}) == len(notes) <= 3
    assert all(len(str(note)) < 700 for note in notes)


def test_values_that_cannot_be_together_leave_their_panel_as_the_notebook_has_it() -> None:
    values, notes = read("years=2004&level.against=all&level.method=published", PANELS)
    assert values[1]["years"] == "2004-2004"
    assert (values[0] == PANELS[0].base) == bool(notes)
