"""Answers over HTTP: strict addresses, one sentence for each mistake, and copies good for as long as they are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mangetamain.site.answering.asked import version
from mangetamain.warehouse import connect
from tests.site.conftest import Server, served


@pytest.fixture(scope="module")
def asked(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site of which nothing is asked but answers."""
    with served(tiny_home, "/food/", env={"MANGETAMAIN_STATE": str(tmp_path_factory.mktemp("state"))}) as server:
        yield server


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_answer_is_what_a_notebook_gets(asked: Server, tiny_home: Path, lang: str) -> None:
    reply = asked.get(f"/food/answer/level?of=fat&years=2004-2006&lang={lang}")
    told = json.loads(reply.text)
    from mangetamain.questions import level

    answer = level(connect(tiny_home), of="fat", years="2004-2006")
    assert (reply.status, told["sentence"]) == (200, answer.sentence(lang))
    assert told["values"] == dict(answer.parameters)
    assert told["spec"] == json.loads(json.dumps(answer.figure_spec(lang)))
    assert set(told["pictures"]) == {"wide", "narrow"}
    assert told["version"] == version(answer.fingerprint)


def test_parts_are_given_on_demand(asked: Server) -> None:
    table = json.loads(asked.get("/food/answer/volume?part=table&lang=fr").text)
    assert table["html"].startswith('<div class="mm-table')
    assert 'tabindex="0"' in table["html"]  # who has no mouse scrolls it
    method = json.loads(asked.get("/food/answer/volume?part=method").text)
    assert "SELECT" in method["html"]
    saved = asked.get("/food/answer/volume?part=csv")
    assert saved.headers["Content-Type"].startswith("text/csv")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="mangetamain-volume-recipes-1999-2018.csv"'
    assert len(list(csv.reader(io.StringIO(saved.text)))) > 2


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("levl", ["'levl'", "did you mean level?"]),
        ("level?off=fat", ["'off'", "did you mean of?"]),
        ("level?of=sugr", ["'sugr'", "did you mean sugar?"]),
        ("level?years=2010-2002", ["'2010-2002'", "did you mean 2002-2010?"]),
        ("level?of=fat&of=fat", ["'of' is given twice"]),
        ("level?lang=fr&lang=en", ["'lang' is given twice"]),
        ("level?part=tabel", ["'tabel'", "did you mean table?"]),
        ("level?lang=de", ["'de'"]),
        ("level?of=", ["of cannot be ''"]),
        ("level?among=nosuchword", ["nosuchword"]),
        ("level?among=minutes%3C", ["minutes<"]),
        ("level?of=%ff", ["of cannot be"]),
        ("level?" + "a" * 5000, ["'aaaa"]),
        ("level?of=%00", ["of cannot be"]),
        ("%3Cscript%3E", ["<script>"]),
    ],
)
def test_what_is_not_ours_is_refused_in_one_sentence(asked: Server, address: str, words: list[str]) -> None:
    reply = asked.get(f"/food/answer/{address}")
    told = json.loads(reply.text)
    assert reply.status == 400
    assert set(told) == {"trouble", "version"}
    assert all(word in told["trouble"] for word in words), told
    assert len(told["trouble"]) < 600
    assert reply.headers["Content-Type"].startswith("application/json")
    assert reply.headers["Cache-Control"] == "no-cache"


def test_a_refusal_is_in_the_language_that_was_asked_for(asked: Server) -> None:
    assert "ne peut" in json.loads(asked.get("/food/answer/level?of=sugr&lang=fr").text)["trouble"]


def test_a_copy_of_this_version_is_good_for_ever_and_of_another_it_is_asked_again(asked: Server) -> None:
    now = json.loads(asked.get("/food/answer/volume").text)["version"]
    assert "immutable" in asked.get(f"/food/answer/volume?v={now}").headers["Cache-Control"]
    for other in ("", "&v=", "&v=other", f"&v={now}x"):
        assert asked.get(f"/food/answer/volume?lang=en{other}").headers["Cache-Control"] == "no-cache"
    assert asked.get(f"/food/answer/volume?of=x&v={now}").headers["Cache-Control"] == "no-cache"


def test_an_answer_is_sent_once(asked: Server) -> None:
    tag = asked.get("/food/answer/volume").headers["Etag"]
    again = asked.get("/food/answer/volume", If_None_Match=tag)
    assert (again.status, again.text) == (304, "")
    assert asked.get("/food/answer/volume?lang=fr", If_None_Match=tag).status == 200


def test_an_answer_is_compressed_for_who_can_read_that(asked: Server) -> None:
    plain = asked.get("/food/answer/level")
    small = asked.get("/food/answer/level", Accept_Encoding="gzip, br")
    assert small.text == plain.text
    assert int(small.headers["Content-Length"]) * 2 < int(plain.headers["Content-Length"])
    assert "Accept-Encoding" in small.headers["Vary"]


def test_to_look_at_an_answer_computes_none(asked: Server, tiny_home: Path) -> None:
    for _ in range(3):
        assert asked.get("/food/answer/diversity?years=2007-2011", "HEAD").status == 200
    assert asked.get("/food/answer/diversity?years=x", "HEAD").status == 400
    assert asked.state
    assert not list((asked.state / "answers").rglob("diversity-*"))
    asked.get("/food/answer/diversity?years=2007-2011")
    assert list((asked.state / "answers").rglob("diversity-*"))


def test_an_answer_that_takes_too_long_is_put_off(tiny_home: Path, tmp_path: Path) -> None:
    """By a time that is too short for any: of what is not known nothing is computed."""
    state = {"MANGETAMAIN_STATE": str(tmp_path)}
    with served(tiny_home, env=state, answer_seconds=0.001) as site:
        reply = site.get("/answer/level?years=2004-2005&of=protein&lang=fr")
        assert reply.status == 503
        assert reply.headers["Retry-After"]
        assert "trop de temps" in json.loads(reply.text)["trouble"]
        assert site.get("/health").status == 200
