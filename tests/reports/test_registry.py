"""The registry finds a report by what people call it, and forgets old ones when told."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mangetamain.errors import BadInput
from mangetamain.reports import Registry
from mangetamain.reports.index import data_of, index_page

ANSWER = {"panel": "volume", "title": "How many?", "sentence": "Many.", "parameters": {}, "verdict": None,
          "finding": {"is": "VolumeFinding", "n": 3}, "columns": {"year": [2004], "n": [3]},
          "figure": {"data": [], "layout": {}}}  # fmt: skip


def put(folder, key, *, name="trends", theme="trends", days=0, outcome="done", lang="en", **data):
    place = folder / f"{name}_{key[:8]}"
    place.mkdir(parents=True)
    record = {
        "key": key, "name": name, "theme": theme, "title": "<Trends>", "lang": lang,
        "parameters": {"lang": lang}, "formats": ["html"],
        "data": {"source": "sample", "fingerprint": "f", **data}, "outcome": outcome, "seconds": 1.0,
        "started": (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds"),
    }  # fmt: skip
    (place / "record.json").write_text(json.dumps(record))
    (place / "report.html").write_text("<html>")
    (place / "answers.json").write_text(json.dumps({"answers": [ANSWER]}))
    return place


@pytest.fixture
def registry(tmp_path):
    put(tmp_path, "aaaa111122223333", days=40)
    put(tmp_path, "bbbb111122223333", name="trends_lang-fr", lang="fr", days=2)
    put(tmp_path, "bbbb444455556666", name="ratings", theme="ratings")
    return Registry(tmp_path)


def test_records_come_newest_first(registry):
    assert [record["name"] for record in registry.records()] == ["ratings", "trends_lang-fr", "trends"]


@pytest.mark.parametrize("word", ["aaaa111122223333", "aaaa", "trends", "trends_aaaa1111"])
def test_a_report_is_found_by_what_it_is_called(registry, word):
    assert registry.find(word)["key"] == "aaaa111122223333"


def test_a_report_is_found_by_its_folder_and_brings_its_answers(registry, tmp_path):
    assert registry.find(str(tmp_path / "ratings_bbbb4444"))["answers"] == [ANSWER]


def test_an_unclear_or_unknown_name_is_one_sentence(registry):
    with pytest.raises(BadInput, match="bbbb can mean 2 reports"):
        registry.find("bbbb")
    with pytest.raises(BadInput, match=r"no report 'rating'.*did you mean ratings"):
        registry.find("rating")


def test_old_reports_are_forgotten_by_age_and_by_number(registry):
    assert list(registry.prune(days=30, keep=None)) == ["trends"]
    put(registry.folder, "cccc111122223333", days=5)
    put(registry.folder, "cccc444455556666", days=6)
    # The newest of each notebook and its parameters; a run that failed takes no place, and goes when it is older.
    put(registry.folder, "eeee111122223333", days=1, outcome="failed: no", name="trends-1")
    put(registry.folder, "eeee444455556666", days=9, outcome="failed: no", name="trends-2")
    assert list(registry.prune(days=None, keep=1)) == ["trends", "trends-2"]
    assert [record["name"] for record in registry.records()] == ["ratings", "trends-1", "trends_lang-fr", "trends"]


def test_what_tells_data_apart_is_said_and_nothing_else(registry):
    assert data_of(registry.records()) == ["", "", ""]
    long, short = (json.dumps({"minutes": minutes, "steps": None}) for minutes in ([1, 180], [1, 30]))
    put(registry.folder, "ffff111122223333", cleaning=long)
    put(registry.folder, "ffff444455556666", name="short", days=3, cleaning=short, fingerprint="0123456789abcdef")
    assert set(data_of(registry.records())) == {"minutes 1-180, f", "minutes 1-30, 01234567", "f"}
    page = index_page(registry.records())
    assert "<td>minutes 1-30, 01234567</td>" in page
    assert "<td>ffff444455556666</td>" in page


def test_the_index_lists_them_all_and_escapes_what_they_say(registry):
    registry.write_index()
    page = (registry.folder / "index.html").read_text("utf-8")
    assert page.count("report.html") == 3
    assert "&lt;Trends&gt;" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[]", "null", '{"key": 1}'])
def test_a_damaged_record_is_passed_over_and_told_when_asked_for(registry, tmp_path, text):
    place = put(tmp_path, "dddd111122223333")
    (place / "record.json").write_text(text)
    assert len(registry.records()) == 3
    assert registry.odd() == ["trends_dddd1111"]
    with pytest.raises(BadInput, match="cannot be read"):
        registry.find(str(place))


def test_what_a_dead_process_left_is_swept_and_a_living_one_s_is_not(tmp_path):
    registry = Registry(tmp_path)
    (tmp_path / ".making-999999999-aa").mkdir()
    (tmp_path / f".making-{os.getpid()}-bb").mkdir()
    registry.open(0)
    assert [path.name for path in tmp_path.iterdir()] == [f".making-{os.getpid()}-bb"]


def answered(place, **changed):
    (place / "answers.json").write_text(json.dumps({"answers": [{**ANSWER, **changed}]}))


def gone(path):
    path.unlink(missing_ok=True)
    return path


@pytest.mark.parametrize("name", ["record.json", "answers.json"])
@pytest.mark.parametrize(
    "spoil",
    [
        gone,
        lambda path: gone(path).mkdir(),
        lambda path: os.mkfifo(gone(path)),
        lambda path: path.write_text("{}"),
        lambda path: path.write_text('{"a":' * 100_000 + "1" + "}" * 100_000),
        lambda path: path.write_bytes(b"\xff\xfe"),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: os.truncate(path, 10**9),
        lambda path: path.write_text('{"answers": [{"panel": "volume"}]}'),
        lambda path: path.write_text(path.read_text().replace('"is"', '"was"').replace('"data"', '"dates"')),
    ],
)  # fmt: skip
def test_a_damaged_file_of_a_report_is_one_sentence_and_the_report_is_made_anew(registry, tmp_path, spoil, name):
    place = tmp_path / "ratings_bbbb4444"
    spoil(place / name)
    with pytest.raises(BadInput) as raised:
        registry.find(str(place))
    assert "\n" not in str(raised.value)
    assert len(registry.records()) == 3 - (name == "record.json")
    list(registry.prune(days=30, keep=1))


@pytest.mark.parametrize("word", ["~nobody-of-that-name/x", "a" * 5000, "a\0b", "\ud800"])
def test_a_word_that_cannot_be_a_path_is_no_report(registry, word):
    with pytest.raises(BadInput, match="There is no report"):
        registry.find(word)


def test_a_report_that_cannot_take_its_place_leaves_the_one_that_was_there(registry, tmp_path, monkeypatch):
    place = tmp_path / "ratings_bbbb4444"
    with registry.making() as made:
        (made / "record.json").write_text("new")

        def refuse(path, target, rename=Path.rename):
            if path == made:
                raise OSError(5, "Input/output error")
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", refuse)
        with pytest.raises(OSError, match="Input/output"):
            registry.put(made, place)
        monkeypatch.undo()
        assert registry.find("ratings")["key"] == "bbbb444455556666"
        registry.put(made, place)
    assert (place / "record.json").read_text() == "new"
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith(".")} == set()
