"""The data folder as file systems, copies and other programs leave it: served, or told what to do in one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from mangetamain.errors import NoWarehouse, UserError
from mangetamain.warehouse import build, connect, query, status
from mangetamain.warehouse.reader.warehouse_errors import Unreadable
from mangetamain.warehouse.versions.listing import newest, versions
from tests.conftest import RECIPES, ROOT, write_official_files
from tests.warehouse.conftest import COUNT, read
from tests.warehouse.flaws import flip_a_block


def refusal(home: Path) -> str:
    with pytest.raises(NoWarehouse) as raised:
        connect(home).refresh()
    said = str(raised.value)
    assert "\n" not in said
    assert not any(word in said for word in ("IO Error", "Exception", "duckdb.org"))  # the engine's own words
    assert raised.value.message.render("fr") != said
    return said


def current(home: Path) -> Path:
    return home / "warehouse" / newest(home / "warehouse")


def linked(home: Path) -> Path:
    """Add the link that earlier versions followed."""
    link = home / "warehouse" / "current.duckdb"
    link.symlink_to(newest(home / "warehouse"))
    return link


@pytest.mark.parametrize(
    "copied",
    [["cp", "-r"], ["cp", "-rL"], ["cp", "-a"]],
    ids=lambda words: " ".join(words),
)
def test_a_copy_serves_however_it_was_made(home: Path, tmp_path: Path, copied: list[str]) -> None:
    linked(home)
    subprocess.run([*copied, str(home), str(tmp_path / "copy")], check=True)
    assert read(tmp_path / "copy") == 9
    build(str(home / "raw"), home=tmp_path / "copy")
    assert read(tmp_path / "copy") == 10


@pytest.mark.parametrize("loss", [Path.unlink, lambda link: (link.unlink(), link.symlink_to("food-7.duckdb"))])
def test_a_folder_of_an_earlier_version_serves_with_its_link_or_without(home: Path, loss) -> None:
    loss(linked(home))
    assert read(home) == 9
    build(str(home / "raw"), home=home)
    assert read(home) == 10
    assert not os.path.lexists(home / "warehouse" / "current.duckdb")


def test_a_file_system_without_links_serves(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    for name in ("symlink", "link"):
        monkeypatch.setattr(os, name, refuse)
    build(str(home / "raw"), home=home)
    assert read(home) == 10
    assert len(versions(home / "warehouse")) == 2


def test_a_single_file_under_the_links_name_is_told_its_right_one(home: Path) -> None:
    current(home).replace(home / "warehouse" / "current.duckdb")
    for path in versions(home / "warehouse"):
        path.unlink()
    assert "rename that file to food-1.duckdb" in refusal(home)
    (home / "warehouse" / "current.duckdb").rename(home / "warehouse" / "food-1.duckdb")
    assert read(home) == 9


def test_an_older_backup_put_over_a_newer_folder_changes_nothing(home: Path, two_versions: Path) -> None:
    backup = versions(two_versions / "warehouse")
    build(str(write_official_files(home / "third", RECIPES[:8])), home=home)
    for path in backup:
        shutil.copy2(path, home / "warehouse" / path.name)
    assert read(home) == 8
    current(home).unlink()  # as docs/operate.md says to go back
    assert read(home) == 9


def test_a_copy_that_is_under_way_names_the_version_before_it(home: Path) -> None:
    before, last = versions(home / "warehouse")
    last.write_bytes(last.read_bytes()[:20_000])
    assert f"damaged or not whole; put a whole copy in its place, or remove it and {before.stem} serves" in refusal(
        home
    )
    last.unlink()
    assert read(home) == 10


def test_who_holds_it_is_named_and_nothing_is_to_be_made_anew(home: Path) -> None:
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    words = [sys.executable, "-c", script, str(current(home))]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        said = refusal(home)
        holder.communicate()
    assert f"the program with the process number {holder.pid} holds it open for writing; close it" in said
    assert "build" not in said
    assert read(home) == 9


def test_what_another_program_left_beside_it_is_named(home: Path) -> None:
    script = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE t (i INT)'); os._exit(0)"
    subprocess.run([sys.executable, "-c", script, str(current(home))], check=True)
    left = current(home).name + ".wal"
    assert f"left {left} beside it; remove that one" in refusal(home)
    (home / "warehouse" / left).unlink()
    assert read(home) == 9


@pytest.mark.parametrize("stray", [b"", b"no log at all" * 100])
def test_a_stray_log_of_changes_is_named(home: Path, stray: bytes) -> None:
    current(home).with_name(current(home).name + ".wal").write_bytes(stray)
    assert "remove that one" in refusal(home)


def test_a_database_of_someone_else_is_told_from_a_damaged_one(home: Path) -> None:
    path = current(home)
    path.unlink()
    duckdb.connect(path).close()
    assert "it holds other tables than this program makes" in refusal(home)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_told_so(home: Path) -> None:
    current(home).chmod(0)
    assert "may not be read; give its reader the right to" in refusal(home)


def test_a_folder_that_cannot_be_listed_is_not_taken_for_an_empty_one(home: Path, monkeypatch) -> None:
    def refuse(*_: object) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse)
    assert "cannot be looked into: permission denied" in refusal(home)


@pytest.mark.parametrize("name", ["a*b", "a?b", "?", "a[1]b", "a[b", "{a,b}", "it's", "a b", "ü", "a%20b", "$HOME"])
def test_a_data_folder_may_be_called_anything(two_versions: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "a1b").mkdir()  # what a pattern would find
    home = Path(shutil.copytree(two_versions / "warehouse", tmp_path / name / "warehouse")).parent
    build(str(two_versions / "other"), home=home)
    first, second = connect(home), connect(home)
    for warehouse in (first, second):
        assert warehouse.execute(COUNT).fetchall() == [(9,)]
        with pytest.raises(duckdb.Error, match=r"disabled by configuration|locked"):
            warehouse.execute("SELECT * FROM read_text('/etc/hostname')")
        with pytest.raises(duckdb.Error, match="locked"):
            warehouse.execute("SET threads = 2")
    assert status(home).tables["raw.RAW_recipes"] == 9
    assert {path.name for path in tmp_path.iterdir()} == {"a1b", name}
    assert {path.suffix for path in (home / "warehouse").iterdir()} == {".duckdb", ".lock"}


def test_a_question_may_spill_whatever_the_folder_is_called(two_versions: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(two_versions, tmp_path / "a?*[b"))
    warehouse = connect(home)
    rows = "SELECT i, row_number() OVER (ORDER BY hash(i)) AS n FROM range(9_000_000) AS r(i)"
    assert warehouse.execute(f"SELECT max(n) FROM ({rows})").fetchall() == [(9_000_000,)]
    assert list((home / "warehouse").glob("spill-*"))


def test_one_flipped_bit_is_seen_by_status_and_told_by_the_query_that_meets_it(home: Path) -> None:
    table = flip_a_block(current(home))
    with pytest.raises(Unreadable, match="damaged or not whole"):
        status(home)
    with pytest.raises(NoWarehouse, match="damaged or not whole") as raised:
        connect(home).execute(f"CREATE TEMP TABLE t AS FROM {table}")
    assert "checksum" not in str(raised.value)
    for con in (connect(home), connect(home).refresh()):
        with pytest.raises(NoWarehouse, match="damaged or not whole"):
            query(con, f"FROM {table}")
        with pytest.raises(duckdb.CatalogException):  # what is wrong with a query is its author's to read
            query(con, "FROM nothing")


def test_the_folder_is_copied_backed_up_and_restored_as_the_handbook_says(home: Path, tmp_path: Path) -> None:
    section = (ROOT / "docs" / "operate.md").read_text("utf-8").partition("## The data folder")[2]
    commands = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    assert len(commands) >= 10
    if shutil.which("rsync") is None:
        commands = [line for line in commands if not line.startswith("rsync")]
    places = {name: str(tmp_path / name) for name in ("COPY", "BACKUP", "RESTORED", "ASIDE")}
    environment = {
        **os.environ, **places, "DATA": str(home), "NEWER": newest(home / "warehouse").removesuffix(".duckdb"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }  # fmt: skip
    done = subprocess.run(
        ["sh", "-eu", "-c", "\n".join(commands)], env=environment, capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("source  ") == 3
    assert [read(Path(places[name])) for name in ("COPY", "RESTORED")] == [9, 9]
    assert read(home) == 10


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/nowhere/at/all")])
def test_what_is_called_a_warehouse_and_is_no_file_is_not_waited_for(home, make):
    good = current(home).stem
    make(home / "warehouse" / "food-9000000000000000000.duckdb")
    assert f"it is no file, or a link that leads nowhere; remove it and {good} serves" in refusal(home)


@pytest.mark.parametrize("place", [".", "warehouse"])
def test_a_link_that_leads_nowhere_is_no_missing_warehouse(tmp_path, place):
    home = tmp_path / "data"
    link = home if place == "." else home / place
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(tmp_path / "gone")
    assert "gone, which is not there" in refusal(home)
    with pytest.raises(UserError, match=r"is a link to .*gone, which is not there"):
        build("sample:100", home=home)


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "data").write_text("no folder")
    assert "data is no folder" in refusal(tmp_path / "data")
