from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mangetamain.errors import UserError
from mangetamain.warehouse import build
from mangetamain.warehouse.versions import switch
from mangetamain.warehouse.versions.drafts import building, drafted
from mangetamain.warehouse.versions.listing import newest, versions
from mangetamain.warehouse.versions.pins import pinned
from mangetamain.warehouse.versions.switch import make_current
from tests.conftest import ROOT
from tests.warehouse.conftest import read


def put(folder: Path, content: str) -> Path:
    with drafted(folder) as draft:
        draft.write_text(content)
        return make_current(draft, folder)


def current(folder: Path) -> str:
    return (folder / newest(folder)).read_text()


def test_the_newest_is_current_and_the_newest_two_stay(tmp_path):
    made = [put(tmp_path, str(n)) for n in range(4)]
    assert current(tmp_path) == "3"
    assert versions(tmp_path) == made[-2:]
    assert {path.name for path in tmp_path.iterdir()} == {"pins.lock", *(path.name for path in made[-2:])}


def test_a_clock_set_back_does_not_make_the_newest_old(tmp_path):
    future = tmp_path / f"food-{time.time_ns() + 10**18}.duckdb"
    future.write_text("before")
    assert put(tmp_path, "now") == versions(tmp_path)[-1]


def test_a_draft_that_was_not_closed_is_refused(tmp_path):
    put(tmp_path, "old")
    with drafted(tmp_path) as draft:
        draft.write_text("new")
        draft.with_name(draft.name + ".wal").write_text("left")
        with pytest.raises(UserError, match="not closed cleanly"):
            make_current(draft, tmp_path)
    assert current(tmp_path) == "old"
    assert not list(tmp_path.glob("draft-*"))


def test_what_dead_builds_and_readers_left_is_swept(tmp_path):
    for name in ("draft-1-2.duckdb", "draft-1-2.duckdb.wal", "draft-1.link"):
        (tmp_path / name).write_text("")
    (tmp_path / "draft-1-2.duckdb.tmp").mkdir()
    for name in ("spill-1-1", "spill-2-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "duckdb_temp_storage.tmp").write_text("")
    os.utime(tmp_path / "spill-1-1", (0, 0))
    with drafted(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == ["spill-2-2"]


def test_a_second_build_is_refused_until_the_first_ends(tmp_path):
    with building(tmp_path) as folder:
        with pytest.raises(UserError, match="Another build is running in") as raised, building(tmp_path):
            pass
        assert str(folder) in str(raised.value)
    with building(tmp_path):
        pass


def test_a_pipe_in_place_of_a_lock_is_not_waited_for(tmp_path):
    (tmp_path / "warehouse").mkdir()
    for name in ("build.lock", "pins.lock"):
        os.mkfifo(tmp_path / "warehouse" / name)
    with building(tmp_path) as folder:
        put(folder, "new")
    assert current(folder) == "new"


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    script = (
        "import signal, sys; from pathlib import Path; from mangetamain.warehouse.versions.drafts import building\n"
        "with building(Path(sys.argv[1])):\n    print('held', flush=True); signal.pause()"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(UserError), building(tmp_path):
        pass
    holder.kill()
    holder.communicate()
    with building(tmp_path):
        pass


def test_an_old_version_that_cannot_be_removed_is_a_note(home):
    oldest = home / "warehouse" / "food-1.duckdb"
    (oldest / "in the way").mkdir(parents=True)
    lines = []
    build(str(home / "raw"), home=home, progress=lines.append)
    assert read(home) == 10
    assert [line for line in lines if line.startswith("The old version food-1 stays")]
    assert lines[-1].startswith("Built in")
    assert pinned(home / "warehouse") == set()


def test_a_build_that_cannot_become_current_leaves_nothing(home, monkeypatch):
    def files():
        return {path.name for path in (home / "warehouse").iterdir()}

    before = files()

    def refuse(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(Exception, match="the one before is unchanged: Input/output error"):
        build(str(home / "raw"), home=home)
    assert files() == before
    assert read(home) == 9


def test_what_is_said_of_a_build_is_what_serves(home, monkeypatch):
    before = newest(home / "warehouse")

    def late(*words):
        make_current(*words)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(switch, "make_current", late)
    with pytest.raises(Exception, match="Input/output error") as raised:
        build(str(home / "raw"), home=home)
    assert newest(home / "warehouse") != before
    assert f"The new warehouse {newest(home / 'warehouse').removesuffix('.duckdb')} serves" in str(raised.value)
    monkeypatch.undo()
    with pytest.raises(Exception, match="is no folder") as raised:
        build(str(home / "raw"), home=home / "raw" / "RAW_recipes.csv")
    assert "unchanged" not in str(raised.value), "there was none before"
