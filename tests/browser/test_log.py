"""What a reader does on a page is in the log, and nothing of who she is."""

import json

import pytest

from mangetamain.language import say
from mangetamain.questions.fragment import DOWNLOAD, TABLE
from tests.waiting import eventually
from tools.serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def serving_state(sample_home, tmp_path, monkeypatch):
    """A server that writes to a folder of its own."""
    monkeypatch.setenv("MANGETAMAIN_STATE", str(tmp_path))
    with serving(sample_home) as server:
        yield server, tmp_path


def actions(path, count):
    """Wait for as many of a page's actions, which are written by its kernel."""

    def found():
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
        return [line for line in lines if line["logger"] == "mangetamain.actions"]

    eventually(lambda: len(found()) >= count, found)
    return found()


def test_a_moved_control_an_opened_and_a_saved_table_each_write_their_line(serving_state, own_reader):
    server, state = serving_state
    visit = own_reader(server).open("trends", "?token=s3cret&nonsense=alice")
    visit.choose("level-2", "Measure", "Sugar")
    panel = visit.panel("level-2")
    panel.get_by_role("button", name=say(TABLE).render("en")).click()
    with visit.page.expect_download():
        panel.get_by_text(say(DOWNLOAD).render("en")).click()
    told = actions(state / "logs" / "debug.log", 3)
    assert [line["message"] for line in told] == ["control moved", "details opened", "csv downloaded"]
    assert {(line["process"], line["question"], line["panel"]) for line in told} == {("kernel", "level", "level-2")}
    assert (told[0]["parameter"], told[0]["value"]) == ("of", "sugar")
    whole = (state / "logs" / "debug.log").read_text("utf-8")
    assert [word for word in ("s3cret", "alice", "Chrom", "127.0.0.1") if word in whole] == []
    assert not (state / "logs" / "error.log").exists() or (state / "logs" / "error.log").read_text() == ""
