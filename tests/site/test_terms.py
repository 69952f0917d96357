"""The terms that a reader may mean who types a word, as the site offers them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.conftest import Server, served


@pytest.fixture(scope="module")
def asked(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site of which nothing is asked but terms."""
    with served(tiny_home, "/food/", env={"MANGETAMAIN_STATE": str(tmp_path_factory.mktemp("state"))}) as server:
        yield server


def told(server: Server, query: str) -> list[str]:
    """Return the words that are offered."""
    return [each["word"] for each in json.loads(server.get(f"/food/terms{query}").text)["terms"]]


def test_words_are_offered_in_either_language(asked: Server) -> None:
    assert told(asked, "?like=but") == ["butter"]
    assert told(asked, "?like=eg&kind=tag&lang=fr") == ["eggs"]
    assert told(asked, "")[0] == "salt"


def test_what_was_offered_is_kept_by_its_version_and_known_by_its_digest(asked: Server) -> None:
    first = asked.get("/food/terms?like=but")
    assert first.headers["Cache-Control"] == "no-cache"
    again = asked.get("/food/terms?like=but", If_None_Match=first.headers["ETag"])
    assert again.status == 304
    version = json.loads(first.text)["version"]
    assert "immutable" in asked.get(f"/food/terms?like=but&v={version}").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?lik=but", ["'lik'", "did you mean like?"]), ("?like=a&like=b", ["'like' is given twice"]),
        ("?kind=tags", ["'tags'", "did you mean tag?"]), ("?lang=de", ["'de'"]), (f"?like={'x' * 100}", ["No word"]),
        ("?part=csv", ["'part'"]),
    ],
)  # fmt: skip
def test_what_is_not_ours_is_refused_in_a_sentence(asked: Server, query: str, words: list[str]) -> None:
    reply = asked.get(f"/food/terms{query}")
    assert reply.status == 400
    for word in words:
        assert word in json.loads(reply.text)["trouble"]


def test_nothing_that_is_typed_breaks_it(asked: Server) -> None:
    for like in ("%25", "%27%3B--", "%00", "%ff", "_", "%5C", "<script>", "%E2%80%AE", "not%20", "*"):
        assert asked.get(f"/food/terms?like={like}").status in (200, 400), like
