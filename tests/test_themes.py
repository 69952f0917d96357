"""Notebooks read as data: their titles, parameters and panels."""

import os
import re
import shutil

import pytest
from papermill import inspect_notebook

import mangetamain
from mangetamain.answers.store import version
from mangetamain.connection import Connection
from mangetamain.delivery.proof.changes import records
from mangetamain.errors import BadInput
from mangetamain.language import LANGS
from mangetamain.themes import fill, theme, themes
from mangetamain.warehouse import build, connect
from tests.conftest import RECIPES, write_official_files


def test_the_themes_come_in_their_own_order():
    assert list(themes()) == ["trends", "seasons", "week", "ratings"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", themes())
def test_a_notebook_says_its_title_and_summary(name, lang):
    assert 3 < len(theme(name).title(lang)) < 40
    assert len(theme(name).summary(lang)) > 40


def test_a_notebook_is_read_once_and_anew_when_it_has_changed(tmp_path, monkeypatch):
    path = tmp_path / "trends.ipynb"
    shutil.copy(theme("trends").path, path)
    monkeypatch.setattr("mangetamain.themes.folder", lambda: tmp_path)
    first = theme("trends")
    assert theme("trends") is first
    path.write_text(path.read_text("utf-8").replace("1999-2018", "2001-2010"), "utf-8")
    os.utime(path, ns=(0, first.path.stat().st_mtime_ns + 1))
    assert theme("trends").parameters["years"] == "2001-2010" != first.parameters["years"]


def test_parameters_are_the_literals_of_their_cell():
    assert theme("trends").parameters == {"lang": "en", "years": "1999-2018", "among": "", "against": ""}
    asked = {"lang": "en", "years": "1999-2018", "source": "full", "among": "", "against": ""}
    assert theme("ratings").parameters == asked


@pytest.mark.parametrize("notebook", themes().values(), ids=list(themes()))
def test_papermill_reads_the_parameters_that_we_read(notebook):
    assert list(inspect_notebook(str(notebook.path))) == list(notebook.parameters)


def test_panels_are_found_with_what_they_are_given():
    asked = {panel.key: panel for panel in theme("trends").asked}
    assert list(asked)[:4] == ["profile", "volume", "level", "relation"]
    assert asked["level"].given == {"of": "complexity", "years": "1999-2018", "among": "", "against": ""}
    assert asked["level"].linked == {"years": "years", "among": "among", "against": "against"}


def test_a_notebook_parameter_reaches_every_panel_it_feeds(tiny):
    answers = [panel.answer(tiny, {"years": "2005-2006"}) for panel in theme("trends").asked]
    assert {answer.parameters["years"] for answer in answers} == {"2005-2006"}


def test_parameters_are_checked_before_anything_runs():
    assert theme("trends").read({"years": "2002-2010", "lang": "fr"}) == {"years": "2002-2010", "lang": "fr"}
    with pytest.raises(BadInput, match=r"no parameter 'year'.*did you mean years"):
        theme("trends").read({"year": "2002"})
    with pytest.raises(BadInput, match="lang cannot be 'de'"):
        theme("trends").read({"lang": "de"})


def test_an_unknown_notebook_names_the_nearest():
    with pytest.raises(BadInput, match="did you mean trends"):
        theme("trend")


@pytest.mark.parametrize("name", themes())
def test_what_a_notebook_proposes_to_an_analyst_runs(name, sample):
    prose = ["".join(cell["source"]) for cell in theme(name).cells if cell["cell_type"] == "markdown"]
    proposed = [code for text in prose for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL)]
    assert len(proposed) == len(LANGS)
    for code in proposed:
        exec(code, {"mm": mangetamain, "con": Connection(sample.home)})


def test_filling_answers_every_panel_once(tiny):
    said = []
    count = fill(tiny, said.append)
    assert count == len(said) == sum(len(theme.asked) for theme in themes().values())
    assert list((tiny.home / "answers" / version(tiny.fingerprint)).glob("volume-*.json"))


def test_a_word_that_the_data_do_not_have_stops_nothing(tmp_path):
    """No salad: the clock of them stays without an answer, and all others get theirs."""
    others = [recipe for recipe in RECIPES if "salads" not in recipe[4]]
    build(str(write_official_files(tmp_path / "raw", others)), home=tmp_path / "home")
    con = connect(tmp_path / "home")
    fill(con)
    answers = {asked.key: asked.first_answer(con) for asked in theme("seasons").asked}
    assert [key for key, answer in answers.items() if answer is None] == ["cycle-3"]
    recorded = records(con, "en")["seasons"]["answers"]
    assert [record["panel"] for record in recorded] == [key for key in answers if key != "cycle-3"]


def test_the_main_question_gets_a_reply_in_each_language(sample):
    from mangetamain.questions import headlines

    said = [(asked.render("en"), asked.render("fr"), answer.verdict) for asked, answer in headlines(sample)]
    assert said[0][0].startswith("Simpler? ")
    assert said[0][1].startswith("Plus simple")
    assert {verdict for _, _, verdict in said} <= {"clear", "real", "negligible", "undecided"}


def test_without_data_the_main_question_stays_open(tmp_path, tiny):
    from mangetamain.questions import headlines

    assert {asked.render("en") for asked, _ in headlines(tiny)} >= {"Simpler? Too few data to say"}
