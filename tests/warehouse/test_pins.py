"""Versions that an environment holds on to, and readers that are told which one to read."""

from __future__ import annotations

import os

import pytest

from mangetamain.answers.code_version import code_version
from mangetamain.answers.store import AnswerStore, version
from mangetamain.errors import BadInput, NoWarehouse
from mangetamain.warehouse import Warehouse, build, connect
from mangetamain.warehouse.versions.drafts import drafted
from mangetamain.warehouse.versions.listing import folder_of, versions
from mangetamain.warehouse.versions.pins import pin, pinned
from mangetamain.warehouse.versions.switch import make_current
from tests.command import command
from tests.warehouse.conftest import COUNT, read


def put(folder):
    with drafted(folder) as draft:
        draft.write_text("x")
        return make_current(draft, folder).stem


def test_a_pinned_version_outlives_any_number_of_builds(tmp_path):
    first, second, *_ = [put(tmp_path) for _ in range(2)]
    pin(tmp_path, "prod", [first])
    pin(tmp_path, "preprod", [second, first])
    rest = [put(tmp_path) for _ in range(4)]
    assert [path.stem for path in versions(tmp_path)] == [first, second, *rest[-2:]]
    pin(tmp_path, "preprod", [])
    last = put(tmp_path)
    assert [path.stem for path in versions(tmp_path)] == [first, rest[-1], last]
    assert pinned(tmp_path) == {first}


def test_what_is_no_version_in_a_pin_or_a_folder_harms_no_build(tmp_path):
    (tmp_path / "pins").mkdir()
    (tmp_path / "pins" / "prod").write_text("../../etc/passwd\n\nfood-x\n")
    (tmp_path / "food-mine.duckdb").write_text("kept")
    for _ in range(3):
        put(tmp_path)
    assert len(versions(tmp_path)) == 2
    assert (tmp_path / "food-mine.duckdb").read_text() == "kept"


def test_a_version_that_is_not_there_cannot_be_pinned(tmp_path):
    known = put(tmp_path)
    pin(tmp_path, "prod", [known])
    with pytest.raises(BadInput, match=f"no warehouse version 'food-7' in .*; it holds: {known}"):
        pin(tmp_path, "prod", [known, "food-7"])
    assert pinned(tmp_path) == {known}


@pytest.mark.parametrize("name", ["", "../prod", "Prod", ".prod", "a/b", "a" * 40])
def test_an_environment_is_a_plain_name(tmp_path, name):
    with pytest.raises(BadInput, match="such as preprod"):
        pin(tmp_path, name, [])


def test_a_pinned_reader_reads_its_version_and_the_others_the_newest(home, monkeypatch):
    old, new = (path.stem for path in versions(folder_of(home)))
    free = connect(home)
    monkeypatch.setenv("MANGETAMAIN_WAREHOUSE", old)
    held = connect(home)
    assert (held.version, free.version) == (old, new)
    assert held.execute(COUNT).fetchall() == [(10,)]
    assert free.execute(COUNT).fetchall() == [(9,)]
    assert held.fingerprint != free.fingerprint
    assert Warehouse(home, pin="").version == new


@pytest.mark.parametrize(
    "name", ["food-7", "current", "../warehouse/current", "food-7/../current", "/etc/passwd", "food-7\n", "food-٧"]
)
def test_a_pin_that_is_no_version_there_is_one_sentence(home, name):
    with pytest.raises(NoWarehouse, match="it holds: food-") as raised:
        Warehouse(home, name).refresh()
    assert repr(name.strip()) in str(raised.value)
    assert "MANGETAMAIN_WAREHOUSE" in str(raised.value)


def test_the_pin_command_says_what_is_held(home):
    old, _ = (path.stem for path in versions(folder_of(home)))
    done = command("pin", "prod", old, home=home)
    assert (done.returncode, done.stdout) == (0, f"prod holds on to {old}\n")
    assert connect(home).held() == {Warehouse(home, old).fingerprint}
    done = command("pin", "prod", "food-7", home=home)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert old in done.stderr
    done = command("pin", "prod", home=home)
    assert (done.returncode, done.stdout) == (0, "prod holds on to no version\n")
    assert connect(home).held() == set()


def test_answers_of_pinned_data_stay_whatever_code_gave_them(tmp_path):
    store = AnswerStore(tmp_path)
    for name in (version("new"), "new-other", version("held"), "held-other", version("gone")):
        (store.folder / name).mkdir(parents=True)
    store.prune("new", {"held"})
    assert {path.name for path in store.folder.iterdir()} == {version("new"), version("held"), "held-other"}
    assert version("new").endswith(code_version())


def pin_a_folder(pin):
    pin.mkdir()


def pin_no_text(pin):
    pin.write_bytes(b"\xff\xfe")


def pin_a_pipe(pin):
    os.mkfifo(pin)


def pin_too_much(pin):
    with pin.open("wb") as file:
        file.truncate(10**9)


@pytest.mark.parametrize("spoil", [pin_a_folder, pin_no_text, pin_a_pipe, pin_too_much])
def test_a_pin_that_cannot_be_read_lets_a_build_end_and_nothing_go(home, spoil):
    (home / "warehouse" / "pins").mkdir()
    spoil(home / "warehouse" / "pins" / "prod")
    lines = []
    build(str(home / "raw"), home=home, progress=lines.append)
    assert read(home) == 10
    assert len(versions(home / "warehouse")) == 3
    assert [line for line in lines if "No old version is removed" in line and "pin anew" in line]
