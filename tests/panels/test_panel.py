"""A question with controls: what moves, what is said, and what the address carries."""

import json

import pytest

import mangetamain.panels.panel as module
from mangetamain.errors import BadInput
from mangetamain.panels.panel import Panel, panel
from mangetamain.questions import level, term_curve, terms, volume
from mangetamain.warehouse import connect


@pytest.fixture
def con(tiny_home):
    """A connection of its own, so that each test has a page of its own."""
    return connect(tiny_home)


def test_controls_come_from_the_annotations(con):
    shown = panel(level, con, of="steps")
    assert list(shown.controls) == list(level.parameters)
    assert shown.controls["years"].value == (1999, 2018)
    assert shown.controls["of"].value == "steps"
    assert shown.controls["of"].options[0] == ("Preparation time", "minutes")
    assert shown.controls["fit_all"].value is False


def test_a_moved_control_changes_sentence_figure_and_address(con):
    shown = panel(level, con, of="minutes", centre="mean")
    before = (shown.sentence.value, shown.chart.spec)
    shown.controls["of"].value = "calories"
    assert "calorie" in shown.sentence.value
    assert before[0] != shown.sentence.value
    assert before[1] != shown.chart.spec
    assert shown.page.address.query == "of=calories"
    shown.controls["of"].value = "minutes"
    assert shown.page.address.query == ""
    assert (shown.sentence.value, shown.chart.spec) == before


def test_the_address_restores_what_it_carried(con):
    shown = panel(level, con)
    shown.page.address.search = "?years=2004-2005&of=calories&lang=fr"
    assert shown.values()["years"] == (2004, 2005)
    assert shown.answer.parameters["of"] == "calories"
    assert shown.page.lang == "fr"
    assert shown.controls["years"].description == "Années"
    assert dict(shown.controls["of"].options)["Temps de préparation"] == "minutes"


def test_a_panel_of_its_own_wins_over_the_page(con):
    first, second = panel(level, con, of="minutes"), panel(level, con, of="steps")
    assert (first.key, second.key) == ("level", "level-2")
    first.page.address.search = "?years=2004-2006&level-2.years=2005-2005"
    assert first.values()["years"] == (2004, 2006)
    assert second.values()["years"] == (2005, 2005)
    first.controls["years"].value = (2004, 2005)
    assert first.page.address.query == "level.years=2004-2005&level-2.years=2005-2005"
    second.controls["years"].value = (2004, 2005)
    assert first.page.address.query == "years=2004-2005"


@pytest.mark.parametrize("search", ["?years=banana", "?of=%3Cscript%3Ealert(1)%3C/script%3E", "?level.years=2018-1999"])
def test_a_hostile_address_becomes_a_card_and_the_default_answer(con, search):
    shown = panel(level, con)
    shown.page.address.search = search
    assert 'role="alert"' in shown.card.value
    assert "<script>" not in shown.card.value
    assert shown.answer.parameters["years"] == "1999-2018"
    shown.controls["of"].value = "steps"
    assert shown.card.value == ""


def test_a_bad_value_that_panels_share_is_refused_once(con):
    panels = [panel(question, con) for question in (terms, level, level)]
    panels[0].page.address.search = "?years=banana&level-2.years=apple&of=stars"
    cards = [shown.card.value for shown in panels]
    assert ["banana" in card for card in cards] == [True, False, False]
    assert ["stars" in card for card in cards] == [False, True, False]
    assert ["apple" in card for card in cards] == [False, False, True]
    assert {shown.answer.parameters["years"] for shown in panels} == {"1999-2018"}
    panels[0].controls["years"].value = (2004, 2005)
    assert panels[0].card.value == ""


def test_names_that_no_panel_has_are_told_once(con):
    first, second = panel(volume, con), panel(level, con)
    first.page.address.search = "?yeers=2004&level-9.of=steps&lang=fr&token=x&utm_source=y&fbclid=z"
    assert "L’adresse demande" in first.card.value
    assert all(word in first.card.value for word in ("yeers", "level-9.of", "years", "fit_all"))
    assert not any(word in first.card.value for word in ("token", "utm_source", "fbclid"))
    assert second.card.value == ""
    assert first.answer.parameters["years"] == "1999-2018"
    second.page.address.search = "?" + "&".join(f"<b>{'x' * 99}{i}=1" for i in range(9))
    assert first.card.value.count("xxx") <= 5 * 40
    assert "<b>" not in first.card.value


def test_a_language_that_is_not_spoken_is_told(con):
    shown = panel(volume, con)
    shown.page.address.search = "?lang=xx"
    assert "lang cannot be &#x27;xx&#x27;: expected one of en, fr." in shown.card.value
    assert shown.answer is not None


@pytest.mark.parametrize("search", ["?" + "a=1&" * 5000, "?=&&&%ff%fe", "?lang=de", None])
def test_no_address_can_break_the_page(con, search):
    shown = panel(volume, con)
    shown.page.address.search = search
    assert shown.answer is not None


def test_the_language_button_says_everything_anew(con):
    shown = panel(volume, con)
    english = shown.sentence.value
    shown.page.address.language = "fr"
    assert shown.sentence.value != english
    assert shown.chart.lang == "fr"
    assert shown.chart.spec["layout"]["yaxis"]["title"]["text"] == "Recettes publiées"
    assert shown.page.address.lang == "fr"
    assert shown.page.address.query == "lang=fr"


def test_an_unknown_term_is_a_card_in_the_reader_s_language(con):
    shown = panel(term_curve, con, lang="fr")
    shown.controls["chosen"].value = "sallt"
    assert "salt" in shown.card.value
    assert "sallt" in shown.card.value
    assert shown.chart.layout.display == "none"
    shown.controls["chosen"].value = "salt"
    assert shown.card.value == ""
    assert shown.chart.layout.display == ""


def test_without_a_warehouse_there_is_a_friendly_card(tmp_path):
    shown = panel(volume, connect(tmp_path))
    assert "mangetamain build" in shown.card.value
    assert shown.answer is None
    assert "mangetamain build" in repr(shown)
    assert shown._repr_mimebundle_()["text/html"] == shown.card.value


def test_a_fault_goes_to_the_log_and_not_to_the_reader(con, monkeypatch, caplog):
    def fail(*_, **__):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(type(volume), "__call__", fail)
    shown = panel(volume, con)
    assert "secret detail" not in shown.card.value
    assert "could not be worked out" in shown.card.value
    assert "secret detail" in caplog.text


def test_table_and_method_are_filled_when_they_are_opened(con):
    shown = panel(volume, con)
    assert shown.more.value == ""
    shown.buttons["Table"].value = True
    assert "<td>2004</td><td>2</td>" in shown.more.value
    assert "data:text/csv;base64," in shown.more.value
    shown.buttons["Method and SQL"].value = True
    assert shown.buttons["Table"].value is False
    assert "FROM recipes" in shown.more.value


def test_a_run_without_a_front_end_shows_the_answer(con):
    shown = panel(volume, con)
    bundle = shown._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == repr(volume(con))
    html = bundle["text/html"]
    spec = html.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(spec)["data"]
    assert "<th scope='col'>Year</th>" in html


def test_a_notebook_s_own_mistakes_are_told_at_once(con):
    with pytest.raises(BadInput, match="lang cannot be"):
        panel(volume, con, lang="de")
    with pytest.raises(BadInput, match="did you mean years"):
        panel(volume, con, yers="2000")


def test_a_widget_s_state_from_the_browser_is_checked(con):
    shown = panel(volume, con)
    shown.controls["years"].max = 2050
    shown.controls["years"].value = (1999, 2050)
    assert "years cannot be" in shown.card.value
    assert shown.answer is None
    assert isinstance(shown, Panel)
    assert module.BROKEN not in shown.card.value


def logged(folder):
    path = folder / "logs" / "debug.log"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def state(tmp_path, monkeypatch):
    """A folder of its own for what is logged."""
    monkeypatch.setenv("MANGETAMAIN_STATE", str(tmp_path))
    return tmp_path


def kept(folder):
    ours = ("message", "question", "panel", "parameter", "value", "words", "characters", "refused", "part", "lang")
    return [{name: line[name] for name in ours if name in line} for line in logged(folder)]


def test_what_a_reader_does_is_logged(con, state):
    panel(level, con)
    shown = panel(level, con, of="minutes")
    shown.page.address.search = "?years=2004-2005"
    assert logged(state) == []  # following an address is no move
    shown.controls["of"].value = "calories"
    shown.controls["years"].value = (2004, 2006)
    shown.controls["fit_all"].value = True
    shown.buttons["Table"].value = True
    shown.buttons["Method and SQL"].value = True
    shown.page.address.language = "fr"
    moved = {"message": "control moved", "question": "level", "panel": "level-2"}
    opened = {**moved, "message": "details opened"}
    assert kept(state) == [
        {**moved, "parameter": "of", "value": "calories"},
        {**moved, "parameter": "years", "value": "2004-2006"},
        {**moved, "parameter": "fit_all", "value": "yes"},
        {**opened, "part": "Table"},
        {**opened, "part": "Method and SQL"},
        {"message": "language set", "lang": "fr"},
    ]


def test_of_a_typed_word_only_its_length_is_logged(con, state):
    shown = panel(term_curve, con)
    shown.controls["chosen"].value = "Alice@example.org, salt"
    told = {"message": "control moved", "question": "term_curve", "panel": "term_curve", "parameter": "chosen"}
    assert kept(state) == [{**told, "words": 2, "characters": len("alice@example.org,salt")}]
    assert "alice" not in (state / "logs" / "debug.log").read_text().lower()


def test_a_value_that_is_none_of_ours_is_not_logged(con, state):
    shown = panel(volume, con)
    shown.controls["years"].max = 2050
    shown.controls["years"].value = (1999, 2050)
    [line] = kept(state)
    assert (line["parameter"], line["refused"]) == ("years", True)
    assert "2050" not in (state / "logs" / "debug.log").read_text()


def test_a_saved_table_is_logged_where_there_is_one(con, state):
    shown = panel(volume, con)
    for content in ({"saved": "volume"}, {"saved": "nothing"}, {"saved": ["volume"]}, "volume", None):
        shown.page.address._handle_custom_msg(content, [])
    assert kept(state) == [{"message": "csv downloaded", "question": "volume", "panel": "volume"}]


def test_a_fault_is_one_line_of_the_error_file(con, state, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("secret detail")

    shown = panel(volume, con)
    monkeypatch.setattr(type(volume), "__call__", fail)
    shown.controls["years"].value = (2004, 2005)
    [line] = [json.loads(line) for line in (state / "logs" / "error.log").read_text().splitlines()]
    assert (line["level"], line["process"], line["message"]) == ("ERROR", "kernel", "volume failed")
    assert line["traceback"].endswith("ZeroDivisionError: secret detail")
