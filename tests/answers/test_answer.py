"""Answers go to JSON and back, are kept by what they depend on, and parameters are checked on the way."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mangetamain import charter
from mangetamain.answers.store import AnswerStore, sealed, version
from mangetamain.errors import BadInput, NoWarehouse
from mangetamain.questions import QUESTIONS, level, volume
from mangetamain.warehouse import connect, query
from tests.warehouse.flaws import flip_a_block


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_an_answer_survives_json(sample, question):
    answer = question(sample)
    again = question.revive(json.loads(answer.to_json()))
    assert again.finding == answer.finding
    assert again.message == answer.message
    assert again.spec == answer.spec
    assert again.parameters == answer.parameters
    for name, column in answer.columns.items():
        assert again.columns[name].dtype == column.dtype
        np.testing.assert_array_equal(again.columns[name], column)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_no_years_with_data_is_an_answer_too(tiny, question):
    answer = question(tiny, years="1999-2000")
    assert answer.finding.n == 0
    assert answer.sentence("en") != answer.sentence("fr")
    assert not any(trace.get("y") for trace in answer.figure_spec("fr")["data"])
    numbers = answer.table.select_dtypes("number").drop(columns="rating", errors="ignore")
    assert not np.nan_to_num(numbers.to_numpy(float)).any()


def test_a_language_that_is_none_is_refused(tiny):
    with pytest.raises(BadInput, match=r"^lang cannot be 'de': expected one of en, fr"):
        level(tiny).sentence("de")


def test_a_known_answer_needs_no_query(tiny, monkeypatch):
    first = volume(tiny, years="2004-2005")
    monkeypatch.setattr(type(volume), "answer", lambda *_: pytest.fail("looked up again"))
    assert volume(tiny, years=(2004, 2005)).finding == first.finding


def test_a_damaged_file_in_the_store_is_looked_up_again(tiny):
    answer = volume(tiny, years="2004-2006")
    path = AnswerStore(tiny.home).path(answer.fingerprint, "volume", answer.parameters)
    path.write_text("{", "utf-8")
    assert volume(tiny, years="2004-2006").finding == answer.finding
    assert json.loads(path.read_text("utf-8"))["answer"]["question"] == "volume"


def test_other_data_drop_the_answers_of_the_old(tmp_path):
    store = AnswerStore(tmp_path)
    for fingerprint in ("old", "new"):
        (store.folder / version(fingerprint)).mkdir(parents=True)
    store.prune("new")
    assert [folder.name for folder in store.folder.iterdir()] == [version("new")]


def test_a_store_that_cannot_be_written_costs_nothing_but_speed(tiny, monkeypatch):
    def refuse(*_, **__):
        raise OSError("read-only")

    monkeypatch.setattr("pathlib.Path.write_text", refuse)
    assert volume(tiny, years="2005-2006").finding.n == 6


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"yaers": "2000-2001"},
            "There is no parameter 'yaers': the parameters are of, by, years, source, among, method; did you mean "
            "years?",
        ),
        ({"method": "guess"}, "method cannot be 'guess': expected one of robust, published."),
        ({"years": "2010-2002"}, "did you mean 2002-2010?"),
    ],
)
def test_a_mistake_is_one_sentence(tiny, given, said):
    with pytest.raises(BadInput) as mistake:
        volume(tiny, **given)
    assert said in str(mistake.value)


def test_without_a_warehouse_the_sentence_says_how_to_make_one(tmp_path):
    with pytest.raises(NoWarehouse, match="mangetamain build"):
        volume(connect(tmp_path))


def test_an_answer_tells_its_sentence_numbers_and_sql(tiny):
    answer = level(tiny, of="steps")
    text = repr(answer)
    assert answer.sentence("en") in text
    assert "points: 0" in text
    assert "FROM cube_centres" in answer.sql
    assert '"first": 1999' in answer.sql
    assert list(answer.table.columns)[:2] == ["year", "n"]


def test_a_figure_alone_wears_the_charter(tiny):
    figure = volume(tiny).figure
    assert figure.data[0].marker.color == charter.ROLES["count"][1]


def test_texts_of_a_figure_follow_the_language(tiny):
    spec = volume(tiny).figure_spec("fr")
    assert spec["layout"]["yaxis"]["title"]["text"] == "Recettes publiées"


def _changed(path, **more):
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8"))["answer"], **more}), "utf-8")


def _sealed(path, **more):
    """Write what was changed under its right digest."""
    data = {**json.loads(path.read_text("utf-8"))["answer"], **more}
    path.write_text(sealed(json.dumps(data, ensure_ascii=False)), "utf-8")


def _folder(path):
    path.unlink()
    (path / "in the way").mkdir(parents=True)


def _pipe(path):
    path.unlink()
    os.mkfifo(path)


def _large(path):
    with path.open("wb") as file:
        file.truncate(10**9)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("{}"),
        lambda path: path.write_text("NaN"),
        lambda path: path.write_text('{"a":' * 100_000 + "}" * 100_000),
        lambda path: path.write_bytes(path.read_bytes().replace(b'"sql": "', b'"sql": "-', 1)),
        lambda path: path.write_bytes(path.read_bytes()[:-2]),
        lambda path: _changed(path, more=1),
        lambda path: _changed(path, columns={}),
        lambda path: _sealed(path, question="level"),
        lambda path: _sealed(path, fingerprint="0"),
        lambda path: _sealed(path, parameters={}),
        _folder, _pipe, _large,
    ],
)  # fmt: skip
def test_what_was_not_kept_by_us_is_looked_up_and_kept_again(tiny, spoil, caplog):
    answer = volume(tiny, years="2004-2006")
    path = AnswerStore(tiny.home).path(answer.fingerprint, "volume", answer.parameters)
    spoil(path)
    caplog.clear()
    again = volume(tiny, years="2004-2006")
    assert (again.finding, again.spec, again.message) == (answer.finding, answer.spec, answer.message)
    assert "counts as unknown" in caplog.text
    caplog.clear()
    assert volume(tiny, years="2004-2006").finding == answer.finding
    assert caplog.text == ""


def test_an_engine_error_during_a_question_is_one_sentence(tiny_home, tmp_path, caplog):
    home = Path(shutil.copytree(tiny_home, tmp_path / "home", ignore=lambda *_: {"answers", "logs"}))
    table = flip_a_block(connect(home).path)
    con = connect(home)
    flawed = replace(volume, name="flawed", table=lambda con: query(con, f"FROM {table}"), judge=lambda columns: None)
    with pytest.raises(NoWarehouse, match="damaged or not whole") as raised:
        flawed(con)
    assert "checksum" not in str(raised.value)
    assert "checksum" in caplog.text
    wrong = replace(volume, name="wrong", table=lambda con: query(con, "SELECT 'a'::INT"), judge=lambda columns: None)
    with pytest.raises(NoWarehouse, match=r"the engine failed, and the log says how\.$"):
        wrong(connect(tiny_home))
    assert "Could not convert" in caplog.text


def test_a_warehouse_of_a_version_that_made_less_is_to_be_made_anew(tiny_home):
    later = replace(volume, name="later", table=lambda con: query(con, "FROM cube_later"), judge=lambda columns: None)
    with pytest.raises(NoWarehouse, match="other tables than this program makes; make it anew with the command"):
        later(connect(tiny_home))
