"""Our own files as anybody may leave them: known, or unknown and said so in the log."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mangetamain import state_files

GOOD = {"a": [1, None, "é"], "b": {"c": 2.5}}


def deep(path: Path) -> None:
    path.write_text('{"a":' * 100_000 + "1" + "}" * 100_000)


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10**9)


def link_to_nothing_that_ends(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (Path.mkdir, "no regular file"), (os.mkfifo, "no regular file"),
        (link_to_nothing_that_ends, "no regular file"), (large, "1000000000 bytes, 64000000 at most"),
        (deep, "no JSON"), (lambda path: path.write_text(""), "no JSON"),
        (lambda path: path.write_text('{"a": 1'), "no JSON"), (lambda path: path.write_text("[]"), "a list in place"),
        (lambda path: path.write_bytes(b"\xff\xfe{}"), "decode"),
        (lambda path: path.write_text('{"a": "\\ud800"}'), "surrogates"),
        (lambda path: path.write_text("9" * 5000), "no JSON"), (lambda path: path.symlink_to(path.name), "symbolic"),
    ],
)  # fmt: skip
def test_what_is_not_as_we_write_it_is_unknown(
    tmp_path: Path, spoil, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "file.json"
    spoil(path)
    assert state_files.known(path) is None
    assert "file.json counts as unknown: " in caplog.text
    assert why in caplog.text


def test_what_is_as_we_write_it_is_known_and_what_is_not_there_is_no_matter_for_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "file.json"
    assert state_files.known(path) is None
    path.write_text(json.dumps(GOOD, ensure_ascii=False), "utf-8")
    assert state_files.known(path) == GOOD
    assert caplog.text == ""


def test_a_file_is_written_in_place_of_another_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "place" / "card.json"
    for content in ("one", "two"):
        state_files.write(path, content)
        assert path.read_text() == content
    monkeypatch.setattr(state_files.Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("no room")))
    with pytest.raises(OSError, match="no room"):
        state_files.write(path, "three")
    assert path.read_text() == "two"
    assert list(path.parent.iterdir()) == [path]
