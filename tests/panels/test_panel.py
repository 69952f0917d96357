"""A question with controls: what its front end is given, and what it is answered."""

import json

import pytest

from mangetamain.errors import BadInput
from mangetamain.language import LANGS
from mangetamain.panels import view
from mangetamain.panels.panel import PANEL_MIME, Panel, panel
from mangetamain.questions import QUESTIONS, level, term_curve, volume
from mangetamain.warehouse import connect


@pytest.fixture
def con(tiny_home):
    """A connection of its own, so that the keys of its panels begin anew."""
    return connect(tiny_home)


@pytest.fixture
def asks(con, monkeypatch):
    """Ask a panel as its front end does, and return what it hears."""

    def ask(shown: Panel, **content: object) -> list[dict]:
        heard: list[dict] = []
        monkeypatch.setattr(shown, "send", heard.append)
        shown._handle_custom_msg({"id": 1, **content}, [])
        return heard

    return ask


def test_a_front_end_begins_with_the_notebook_s_values_and_their_answer(con):
    shown = panel(level, con, of="steps", years="2004-2006")
    assert (shown.key, shown.question, shown.lang) == ("level", "level", "en")
    assert list(shown.base) == list(level.parameters)
    assert (shown.base["of"], shown.base["years"], shown.base["fit_all"]) == ("steps", "2004-2006", "no")
    assert shown.reply["values"] == shown.base
    assert shown.reply["sentence"] == level(con, of="steps", years="2004-2006").sentence("en")
    assert set(shown.reply["pictures"]) == {"wide", "narrow"}
    assert set(shown.frames) == set(LANGS)


def test_the_panels_of_a_connection_have_keys_of_their_own(con, tiny_home):
    assert [panel(each, con).key for each in (level, volume, level)] == ["level", "volume", "level-2"]
    assert panel(level, connect(tiny_home)).key == "level"


def test_an_answer_is_told_under_the_number_of_its_question(con, asks):
    [told] = asks(panel(level, con), id=7, given={"of": "calories", "years": "2004-2005"}, lang="fr", part="answer")
    assert told["id"] == 7
    assert (told["values"]["of"], told["values"]["years"]) == ("calories", "2004-2005")
    assert told["sentence"] == level(con, of="calories", years="2004-2005").sentence("fr")


def test_a_refusal_is_one_sentence_in_the_reader_s_language(con, asks):
    [told] = asks(panel(term_curve, con), given={"chosen": "sallt"}, lang="fr")
    assert set(told) == {"id", "trouble"}
    assert "«\u202fsallt\u202f»" in told["trouble"]
    assert "vouliez-vous dire" in told["trouble"]


@pytest.mark.parametrize(
    "content",
    [
        {}, {"given": None}, {"given": "of=sugar"}, {"given": [["of", "sugar"]]}, {"given": {"of": ["sugar"]}},
        {"given": {"of": {"a": 1}}}, {"given": {"years": "9" * 5000}}, {"given": {"years": [1999, 2050]}},
        {"given": {"<b>": "<script>alert(1)</script>"}}, {"given": {str(i): "" for i in range(5000)}},
        {"given": {}, "part": "secret"}, {"given": {}, "part": None}, {"given": {}, "part": ["answer"]},
        {"given": {}, "lang": "xx"}, {"given": {}, "lang": {"a": 1}}, {"given": {}, "id": {"a": [1]}},
    ],
    ids=str,
)  # fmt: skip
def test_nothing_that_a_browser_sends_breaks_a_panel(con, asks, content, caplog):
    shown = panel(level, con)
    for told in asks(shown, **content):
        assert ("values" in told) != ("trouble" in told)
        assert "fault" not in told
        assert len(told.get("trouble", "")) < 1000
    assert caplog.text == ""
    [told] = asks(shown, given={})
    assert told["sentence"] == level(con).sentence("en")


@pytest.mark.parametrize("content", [None, "volume", 3, ["volume"]])
def test_what_is_no_question_is_not_answered(con, monkeypatch, content):
    shown, heard = panel(volume, con), []
    monkeypatch.setattr(shown, "send", heard.append)
    shown._handle_custom_msg(content, [])
    assert heard == []


def test_table_method_and_files_are_told_when_they_are_asked_for(con, asks):
    shown = panel(volume, con)
    [table], [method], [csv] = (asks(shown, given={}, lang="en", part=part) for part in ("table", "method", "csv"))
    assert "<td>2004</td><td>2</td>" in table["html"]
    assert "FROM recipes" in method["html"]
    assert csv["name"] == "mangetamain-volume-recipes-1999-2018.csv"
    assert "2004,2" in csv["text"]
    [other], [odd] = (asks(shown, terms="butt", kind=kind, lang="fr") for kind in ("all", "spice"))
    assert [term["word"] for term in other["terms"]] == ["butter"]
    assert set(odd) == {"id", "trouble"}


def test_without_a_warehouse_the_sentence_says_what_to_do(tmp_path):
    shown = panel(volume, connect(tmp_path))
    assert "mangetamain build" in shown.reply["trouble"]
    assert repr(shown) == shown.reply["trouble"]
    data, _ = shown._repr_mimebundle_()
    assert 'role="alert"' in data["text/html"]
    assert "mangetamain build" in data["text/html"]


def test_a_fault_goes_to_the_log_and_not_to_the_reader(con, asks, monkeypatch, caplog):
    def fail(*_, **__):
        raise ZeroDivisionError("secret detail")

    shown = panel(volume, con)
    monkeypatch.setattr(type(volume), "__call__", fail)
    [told] = asks(shown, given={})
    assert told == {"id": 1, "trouble": view.BROKEN, "fault": True}
    assert "secret detail" in caplog.text


def test_a_run_without_a_front_end_shows_the_answer(con):
    shown = panel(volume, con)
    data, _ = shown._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == repr(volume(con))
    assert data[PANEL_MIME] == {"key": "volume", "question": "volume", "base": shown.base}
    spec = data["text/html"].split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(spec)["data"]
    assert "<th scope='col'>Year</th>" in data["text/html"]


def test_a_notebook_s_own_mistakes_are_told_at_once(con):
    with pytest.raises(BadInput, match="lang cannot be"):
        panel(volume, con, lang="de")
    with pytest.raises(BadInput, match="did you mean years"):
        panel(volume, con, yers="2000")
    with pytest.raises(BadInput, match="A panel shows a question"):
        panel("volume", con)


def test_controls_and_defaults_come_from_the_annotations():
    for question in QUESTIONS.values():
        for lang in LANGS:
            frame = view.frame(question, lang)
            assert [told["name"] for told in frame["controls"]] == list(question.parameters) == list(frame["defaults"])
            assert {told["kind"] for told in frame["controls"]} <= {"span", "switch", "words", "choice"}
    french = view.frame(level, "fr")
    of = next(told for told in french["controls"] if told["name"] == "of")
    assert (french["defaults"]["of"], of["label"]) == ("minutes", "Mesure")
    assert ["minutes", "Temps de préparation"] in of["options"]


def test_the_line_of_code_gives_the_very_answer(con, asks):
    shown = panel(level, con)
    [told] = asks(shown, given={"of": "steps", "years": "2004-2006", "fit_all": "yes"})
    import mangetamain as mm

    again = eval(told["code"], {"mm": mm, "con": con})
    assert again.reply["values"] == told["values"]
    assert again.reply["sentence"] == told["sentence"]


def test_a_fault_is_one_line_of_the_error_file(con, asks, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setenv("MANGETAMAIN_STATE", str(tmp_path))
    shown = panel(volume, con)
    monkeypatch.setattr(type(volume), "__call__", fail)
    asks(shown, given={})
    [line] = [json.loads(line) for line in (tmp_path / "logs" / "error.log").read_text().splitlines()]
    assert (line["level"], line["process"], line["message"]) == ("ERROR", "kernel", "volume failed")
    assert line["traceback"].endswith("ZeroDivisionError: secret detail")


@pytest.mark.parametrize(
    ("question", "given", "expected"),
    [
        ("level", {}, ["of", "by"]),  # and not whose ratings
        ("distribution", {"against": "easy"}, ["of", "against"]),
        ("term_changes", {}, ["kind"]),  # by our method
        ("cycle", {"of": "term", "term": "salads"}, ["of", "term"]),
        ("cycle", {}, ["of", "form"]),
    ],
)
def test_what_a_panel_is_about_stands_before_its_figure(question, given, expected):
    asked = QUESTIONS[question]
    assert view.foremost(asked, asked.texts(asked.read(given))) == expected
