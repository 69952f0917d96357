"""State, journal and lock: what a killed process leaves can be read, and two never work at once."""

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from mangetamain.delivery import monitor
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.proof import evidence
from mangetamain.delivery.records import journal, state
from mangetamain.delivery.records.journal import Attempt
from mangetamain.delivery.records.state import Pair, Served
from tests.conftest import ROOT
from tests.waiting import eventually

OLD = Pair("sha256:" + "a" * 64, "food-1", "old")
NEW = Pair("sha256:" + "b" * 64, "food-2", "new")


def python(code):
    """Run code in a process of its own."""
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_what_is_served_is_read_as_it_was_written():
    assert state.read("prod") is None
    for served in (Served(OLD, "2026"), Served(NEW, "2027", OLD)):
        state.write("prod", served)
        assert state.read("prod") == served
    assert state.read("preprod") is None


def test_a_write_that_fails_leaves_the_old_file_and_no_other(folder, monkeypatch):
    state.write("prod", Served(OLD, "2026"))
    monkeypatch.setattr(state.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        state.write("prod", Served(NEW, "2027", OLD))
    assert state.read("prod").pair == OLD
    assert [path.name for path in folder.iterdir()] == ["prod.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"image": "x"}',
        '{"image": "x", "warehouse": "y", "since": 1, "previous": 3}',
        '{"image": "x\\nPROD_IMAGE=evil", "warehouse": "y", "since": "1"}',
        '{"image": 1, "warehouse": "y", "since": "1"}',
    ],
)
def test_a_record_that_cannot_be_read_is_said_in_one_sentence(folder, text):
    folder.mkdir()
    (folder / "prod.json").write_text(text)
    with pytest.raises(DeliveryFailed, match=r"prod\.json cannot be read"):
        state.read("prod")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text(""),
        lambda path: (path / "journal.jsonl").mkdir(parents=True),
        lambda path: (path.mkdir(), os.mkfifo(path / "journal.jsonl")),
    ],
)
def test_a_folder_that_cannot_be_used_is_said_in_one_sentence(folder, spoil):
    spoil(folder)
    for act in (journal.lines, lambda: Attempt("prod", "deploy", OLD).note("started")):
        with pytest.raises(DeliveryFailed, match=rf"The folder {folder}, where .* cannot be used: \w"):
            act()


DEEP = '{"a":' * 100_000 + "1" + "}" * 100_000


@pytest.mark.parametrize(
    "spoil",
    [
        Path.mkdir, os.mkfifo, lambda path: path.write_text(DEEP), lambda path: path.write_bytes(b"\xff"),
        lambda path: path.write_text("[]"), lambda path: path.symlink_to("/dev/zero"),
    ],
)  # fmt: skip
def test_what_we_once_wrote_and_cannot_read_is_unknown_and_hangs_nothing(folder, spoil):
    folder.mkdir()
    for name in (monitor.MONITOR_FILE, evidence.NOTEBOOKS_FILE, "prod.json"):
        spoil(folder / name)
    assert state.known(monitor.MONITOR_FILE, bool) == {}
    assert state.known(evidence.NOTEBOOKS_FILE, str) == {}
    with pytest.raises(DeliveryFailed, match=r"prod\.json cannot be read"):
        state.read("prod")


def test_lines_that_are_none_are_left_out_of_the_journal(folder):
    Attempt("prod", "deploy", NEW).note("started", "started")
    with (folder / journal.JOURNAL_FILE).open("ab") as file:
        file.write(f'{DEEP}\n{{"time": 1}}\n[]\n"\\ud800"\n{{"time": "\\ud800"}}\n'.encode() + b"\xff\n")
    assert [line.step for line in journal.lines()] == ["started"]


def test_a_delivery_under_way_is_seen():
    assert not state.busy()
    with state.locked("deploy"):
        assert state.busy()
    assert not state.busy()


def test_the_same_pair_is_image_and_warehouse():
    assert OLD.same(replace(OLD, revision="other"))
    assert not OLD.same(replace(OLD, warehouse="food-9"))
    assert not OLD.same(None)


def test_a_journal_is_read_as_it_was_written(monkeypatch):
    assert journal.lines() == []
    monkeypatch.setenv("GITHUB_ACTOR", "octo\x1bcat")
    attempt = Attempt("prod", "deploy", NEW)
    attempt.note("started", "started")
    attempt.note("finished", "succeeded", "né à midi")
    first, last = journal.lines()
    assert (first.who, first.image, first.warehouse, first.step) == ("octo\\x1bcat", NEW.image, "food-2", "started")
    assert (last.outcome, last.detail, last.attempt) == ("succeeded", "né à midi", first.attempt)


def test_who_is_user_and_host_without_a_workflow():
    assert "@" in journal.who()


@pytest.mark.parametrize("torn", ['{"time": "2026', "\x00\x00\x00", "[]", "3", '{"time": 1}x'])
def test_a_torn_line_costs_that_line_alone(folder, torn):
    attempt = Attempt("prod", "deploy", NEW)
    attempt.note("started", "started")
    with (folder / "journal.jsonl").open("a") as file:
        file.write(torn)
    assert len(journal.lines()) == 1
    attempt.note("standby started")
    assert [line.step for line in journal.lines()] == ["started", "standby started"]


def test_an_attempt_without_an_end_is_unfinished():
    attempt = Attempt("prod", "deploy", NEW)
    assert journal.unfinished("prod") is None
    attempt.note("started", "started")
    attempt.note("switching")
    assert journal.unfinished("prod").step == "switching"
    assert journal.unfinished("preprod") is None
    attempt.note("finished", "succeeded")
    assert journal.unfinished("prod") is None


@pytest.mark.parametrize("outcome", ["failed", "rolled back", "mended"])
def test_an_attempt_that_failed_is_finished_too(outcome):
    attempt = Attempt("prod", "deploy", NEW)
    attempt.note("started", "started")
    attempt.note("back", outcome)
    assert journal.unfinished("prod") is None


def test_lines_of_two_processes_are_whole():
    code = """
        from mangetamain.delivery.records.journal import Attempt
        from mangetamain.delivery.records.state import Pair
        for i in range(50): Attempt("prod", "deploy", Pair("i" * 500, "w")).note(str(i))
    """
    for process in [python(code) for _ in range(3)]:
        assert process.wait(600) == 0
    assert len(journal.lines()) == 150


def test_two_deliveries_at_once_are_refused_with_the_first_ones_name():
    with state.locked("deploy prod, me"):
        with pytest.raises(DeliveryFailed, match=r"under way \(deploy prod, me\)") as raised, state.locked("other"):
            pass
        assert raised.value.exit_code == 1
    with state.locked("other"):
        pass


def test_a_killed_delivery_frees_the_lock_once_its_last_command_has_ended():
    process = python("""
        import os, subprocess, sys
        from mangetamain.delivery.records import state
        with state.locked("deploy prod") as lock:
            child = subprocess.Popen(["sleep", "3600"], pass_fds=[lock], stdout=subprocess.DEVNULL)
            print(child.pid, flush=True)
            import time; time.sleep(3600)
    """)
    child = int(process.stdout.readline())
    process.kill()
    process.wait(600)
    with pytest.raises(DeliveryFailed, match="under way"), state.locked("next"):
        pass
    subprocess.run(["kill", str(child)], check=True)

    def free():
        try:
            with state.locked("next"):
                return True
        except DeliveryFailed:
            return False

    eventually(free, "the lock is free")


def test_what_a_killed_write_left_is_swept(folder):
    folder.mkdir()
    (folder / ".prod.json-abc").write_text("half")
    with state.locked("next"):
        assert not (folder / ".prod.json-abc").exists()


def test_the_journal_is_json_lines(folder):
    Attempt("prod", "deploy", NEW).note("started", "started")
    (line,) = (folder / "journal.jsonl").read_text().splitlines()
    assert {"time", "who", "environment", "image", "warehouse", "step", "outcome"} <= json.loads(line).keys()
