"""State and journal: what is torn, of another release or somebody else's is told apart, and costs little."""

import json
from dataclasses import replace

import pytest

from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.mending import unfinished_lines
from mangetamain.delivery.monitor import held_to_records
from mangetamain.delivery.pair import Pair
from mangetamain.delivery.probe import Seen
from mangetamain.delivery.records import journal, state
from mangetamain.delivery.records.journal import Attempt
from mangetamain.delivery.records.state import Served
from mangetamain.delivery.tables import journal_text

OLD = Pair("sha256:" + "a" * 64, "food-1", "old", "sha256:" + "c" * 64, "services: {}\n", {"PROD_PORT": "80"})
NEW = Pair("sha256:" + "b" * 64, "food-2", "new")


def test_what_is_served_is_read_as_it_was_written(ledger):
    assert state.read(ledger, "prod") is None
    for served in (Served(None, "2026", None, OLD), Served(OLD, "2026"), Served(NEW, "2027", OLD)):
        state.write(ledger, "prod", served)
        assert state.read(ledger, "prod") == served
    assert state.read(ledger, "preprod") is None


def test_a_command_reads_its_records_once_until_it_writes(ledger, monkeypatch):
    asked, shell = [], ledger._shell
    monkeypatch.setattr(ledger, "_shell", lambda *words, **how: asked.append(words) or shell(*words, **how))
    for _ in range(3):
        assert (state.read(ledger, "prod"), journal.lines(ledger)) == (None, [])
    assert len(asked) == 1
    state.write(ledger, "prod", Served(OLD, "2026"))
    Attempt(ledger, "prod", "deploy", OLD).note("started", "started")
    assert (state.read(ledger, "prod").pair, len(journal.lines(ledger))) == (OLD, 1)
    assert len(asked) == 4


def test_a_write_that_fails_leaves_the_old_record(ledger):
    state.write(ledger, "prod", Served(OLD, "2026"))
    (ledger.place / ".prod.json").mkdir()
    with pytest.raises(OSError, match="prod"):
        state.write(ledger, "prod", Served(NEW, "2027", OLD))
    assert state.read(ledger, "prod").pair == OLD


def test_what_a_killed_write_left_is_no_record(ledger):
    (ledger.place / ".prod.json").write_text("half")
    assert state.read(ledger, "prod") is None
    state.write(ledger, "prod", Served(OLD, "2026"))
    assert state.read(ledger, "prod").pair == OLD


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a":' * 100_000 + "1" + "}" * 100_000, "\0\0"])
def test_a_torn_record_is_said_in_one_sentence(ledger, text):
    (ledger.place / "prod.json").write_text(text)
    with pytest.raises(state.Torn, match=r"prod\.json in the volume records is torn: mangetamain mend records"):
        state.read(ledger, "prod")


@pytest.mark.parametrize(
    "changed",
    [
        {"quorum": 3},
        {"pair": 3},
        {"pair": {"image": "x"}},
        {"pair": {"image": 1, "warehouse": "y"}},
        {"pair": {"image": "x", "warehouse": "y", "settings": {"A": 1}}},
        {"previous": {"image": "x", "warehouse": "y", "b": "z"}},
    ],
)
def test_a_record_of_another_release_is_told_from_a_torn_one(ledger, changed):
    state.write(ledger, "prod", Served(OLD, "2026"))
    path = ledger.place / "prod.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    with pytest.raises(DeliveryFailed, match="is of another release of Mangetamain") as raised:
        state.read(ledger, "prod")
    assert not isinstance(raised.value, state.Torn)


@pytest.mark.parametrize(
    ("serving", "told"),
    [
        (OLD, ""),
        (NEW, "it serves bbbbbbbbbbbb food-2 though aaaaaaaaaaaa food-1 was deployed to it; mangetamain mend"),
        (replace(OLD, warehouse="food-9"), "it serves aaaaaaaaaaaa food-9"),
    ],
)
def test_a_site_that_serves_something_else_than_was_deployed_is_not_well(ledger, serving, told):
    state.write(ledger, "preprod", Served(OLD, "2026"))
    seen = Seen("http://x", "healthy", image=serving.image, warehouse=serving.warehouse)
    held = held_to_records({"preprod": seen, "elsewhere": seen}, ledger)
    assert held["elsewhere"] == seen
    assert (held["preprod"].health == "healthy") is not bool(told)
    assert held["preprod"].reason.startswith(told)


def test_a_torn_record_is_said_with_the_state_of_its_site(ledger):
    (ledger.place / "preprod.json").write_text("{")
    held = held_to_records({"preprod": Seen("http://x", "healthy")}, ledger)["preprod"]
    assert (held.health, "is torn" in held.reason) == ("unhealthy", True)


def test_the_same_pair_is_image_and_warehouse():
    assert OLD.same(replace(OLD, revision="other", proxy="", compose="", settings={}))
    assert not OLD.same(replace(OLD, warehouse="food-9"))
    assert not OLD.same(None)


def test_proxy_and_compose_file_are_told_apart_by_their_digests():
    assert OLD.door.split()[0] == "c" * 12
    assert OLD.door != replace(OLD, compose="services: {a: {}}\n").door
    assert NEW.door == "- -"


def test_a_journal_is_read_as_it_was_written(ledger, monkeypatch):
    assert journal.lines(ledger) == []
    monkeypatch.setenv("GITHUB_ACTOR", "octo\x1bcat")
    attempt, detail = Attempt(ledger, "prod", "deploy", OLD), 'né à midi, 5 % \\n "$HOME"'
    attempt.note("started", "started")
    attempt.note("finished", "succeeded", detail)
    first, last = journal.lines(ledger)
    assert (first.who, first.image, first.warehouse, first.step) == ("octo\\x1bcat", OLD.image, "food-1", "started")
    assert (last.outcome, last.detail, last.attempt, last.door) == ("succeeded", detail, first.attempt, OLD.door)


def test_who_is_user_and_host_without_a_workflow():
    assert "@" in journal.who()


@pytest.mark.parametrize("torn", ['{"time": "2026', "\x00\x00\x00", "[]", "3", '{"time": 1}x', '{"time": 1}\n'])
def test_a_torn_line_costs_that_line_alone(ledger, torn):
    attempt = Attempt(ledger, "prod", "deploy", NEW)
    attempt.note("started", "started")
    with (ledger.place / "journal.jsonl").open("a") as file:
        file.write(torn)
    assert len(journal.lines(ledger)) == 1
    attempt.note("standby started")
    assert [line.step for line in journal.lines(ledger)] == ["started", "standby started"]


def test_an_attempt_without_an_end_is_unfinished(ledger):
    attempt = Attempt(ledger, "prod", "deploy", NEW)
    assert journal.unfinished(ledger, "prod") is None
    attempt.note("started", "started")
    attempt.note("switching")
    assert journal.unfinished(ledger, "prod").step == "switching"
    assert journal.unfinished(ledger, "preprod") is None
    (line,) = unfinished_lines(ledger)
    assert "prod: the last deploy" in line
    assert "after the step: switching" in line
    rows = journal_text(journal.lines(ledger)).splitlines()
    assert all(part in rows[-1] for part in ("deploy prod", "bbbbbbbbbbbb", "food-2", "switching"))


@pytest.mark.parametrize("outcome", journal.END_OUTCOMES)
def test_an_attempt_that_came_to_an_end_is_finished(ledger, outcome):
    attempt = Attempt(ledger, "prod", "deploy", NEW)
    attempt.note("started", "started")
    attempt.note("back", outcome)
    assert journal.unfinished(ledger, "prod") is None


def test_what_is_no_file_in_the_volume_is_no_record_and_hangs_nothing(ledger):
    (ledger.place / "prod.json").mkdir()
    (ledger.place / "preprod.json").symlink_to("/dev/zero")
    assert state.read(ledger, "prod") is None
    assert state.read(ledger, "preprod") is None
