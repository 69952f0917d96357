from __future__ import annotations

import importlib.metadata
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import platformdirs
import pytest

from mangetamain import __version__
from mangetamain.errors import BadInput, BadSource, UserError
from mangetamain.warehouse import Cleaning, build, connect, data_home, status
from mangetamain.warehouse.origin import check_counts, sample_size
from mangetamain.warehouse.versions.listing import folder_of, newest
from tests.command import told_to_end
from tests.waiting import PATIENCE
from tests.warehouse.rows import raw, write_files, write_raw

pytestmark = pytest.mark.usefixtures("plain_sample")

ROOT = Path(__file__).parent.parent.parent

BUILDER = """if True:
    import signal, sys
    from pathlib import Path
    from mangetamain import warehouse
    from mangetamain.errors import UserError
    from mangetamain.warehouse.sample import make
    from tests.warehouse.rows import write_raw

    make.write_raw = write_raw
    home, source, stop_at, limit = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])

    def progress(line):
        if limit:
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        if stop_at and line.startswith(stop_at):
            print("stopped", flush=True)
            signal.pause()

    try:
        print(warehouse.build(source, home=home, progress=progress).source)
    except UserError as error:
        print(f"refused: {error}")
"""


@pytest.fixture
def standing(thirty, tmp_path):
    """The test's data folder, with a warehouse of thirty recipes."""
    shutil.copytree(thirty, tmp_path, symlinks=True, dirs_exist_ok=True)


def builder(home: Path, source: str, stop_at: str = "", limit: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILDER, str(home), source, stop_at, str(limit)]
    return told_to_end(command, cwd=ROOT)


def test_the_card_says_what_was_built(tmp_path):
    lines: list[str] = []
    before = datetime.now(UTC).replace(tzinfo=None)
    info = build("sample:60", home=tmp_path, progress=lines.append)
    assert (info.kind, info.synthetic, info.source, info.recipes_full) == ("sample", True, "sample:60", False)
    assert info.duckdb_version == duckdb.__version__
    assert len(info.fingerprint) == 16
    assert int(info.fingerprint, 16) >= 0
    # A card is of whole seconds.
    assert before.replace(microsecond=0) <= info.built_at <= datetime.now(UTC).replace(tzinfo=None)
    assert [(f.tbl, f.records, f.loaded, f.rejected) for f in info.row_counts] == [
        ("RAW_interactions", 180, 180, 0), ("RAW_recipes", 60, 60, 0)
    ]  # fmt: skip
    assert info == connect(tmp_path).info
    assert lines[0].startswith("Making 60 synthetic recipes")
    assert any(line.startswith("Cleaning recipes, duration (1 to 180): 0 removed, 60 left") for line in lines)
    assert lines[-1].startswith("Built in")


def test_the_file_is_readable_by_the_oldest_supported_duckdb(tmp_path):
    build("sample:10", home=tmp_path)
    tags = connect(tmp_path).execute("SELECT tags FROM duckdb_databases() WHERE NOT internal").fetchall()[0][0]
    assert tags["storage_version"].startswith("v1.5")


def test_the_data_home_is_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("MANGETAMAIN_DATA", str(tmp_path / "mine"))
    build("sample:10")
    assert connect().info.source == "sample:10"
    assert newest(tmp_path / "mine" / "warehouse") == connect().path.name


def test_without_the_environment_the_data_home_is_the_users_own(monkeypatch):
    monkeypatch.delenv("MANGETAMAIN_DATA", raising=False)
    assert data_home() == platformdirs.user_data_path("mangetamain")
    monkeypatch.setenv("MANGETAMAIN_DATA", "~/mine")
    assert data_home() == Path.home() / "mine"


def test_the_version_of_the_package_is_told(tmp_path):
    # What is installed has it from the same line: one that lies behind is an old installation.
    assert build("sample:10", home=tmp_path).package_version == __version__ == importlib.metadata.version("mangetamain")


def test_a_full_disk_is_one_sentence_whatever_duckdb_calls_it(tmp_path, monkeypatch):
    def full(_con):
        raise duckdb.IOException("IO Error: Could not write file: No space left on device\nmore")

    monkeypatch.setattr("mangetamain.warehouse.tables.cubes.make_cubes", full)
    with pytest.raises(UserError, match=r"written in .*: No space left on device\.$"):
        build("sample:10", home=tmp_path)


def test_equal_input_has_an_equal_fingerprint_and_other_input_another(tmp_path):
    first = build("sample:40", home=tmp_path).fingerprint
    assert build("sample:40", home=tmp_path / "elsewhere").fingerprint == first
    others = {
        build("sample:41", home=tmp_path).fingerprint,
        build("sample:40", home=tmp_path, cleaning=Cleaning(minutes=(1, 90))).fingerprint,
    }
    assert len(others | {first}) == 3


def test_other_code_has_another_fingerprint(tmp_path, monkeypatch):
    module = sys.modules["mangetamain.warehouse.build"]
    first = build("sample:10", home=tmp_path).fingerprint
    monkeypatch.setattr(module, "_code", lambda: "changed")
    assert build("sample:10", home=tmp_path).fingerprint != first


def test_other_thresholds_are_used_and_remembered(tmp_path):
    info = build("sample:99", home=tmp_path, cleaning=Cleaning.parse(minutes="1-50"))
    assert '"minutes": [1, 50]' in info.cleaning_parameters
    assert connect(tmp_path).execute("SELECT max(minutes), count(*) FROM recipes").fetchall() == [(50, 49)]


@pytest.mark.parametrize(
    ("source", "size"),
    [("sample", 231_637), ("sample:1", 1), ("sample:2000", 2000), ("/some/folder", None), ("s3://sample/x", None)],
)
def test_what_is_a_sample(source, size):
    assert sample_size(source) == size


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("sample:abc", ["“sample:abc”", "sample:2000"]),
        ("sample:-5", ["“sample:-5”", "above 0"]),
        ("sample:0", ["above 0"]),
        ("sample:", ["above 0"]),
        ("sample:2.5", ["above 0"]),
        ("smaple", ["“smaple”", "; sample was perhaps meant"]),
        ("Sample:20", ["sample:20 was perhaps meant"]),
    ],
)
def test_a_mistyped_sample_gets_one_sentence_and_nothing_is_touched(tmp_path, source, words):
    with pytest.raises(BadInput) as raised:
        build(source, home=tmp_path / "home")
    assert all(word in str(raised.value) for word in words)
    assert not (tmp_path / "home").exists()


def test_a_folder_that_looks_like_a_mistyped_sample_is_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samples").mkdir()
    assert sample_size("samples") is None


def test_records_that_do_not_add_up_are_refused():
    con = duckdb.connect()
    raw(con, RAW_recipes=[{}, {}])
    con.execute("CREATE TABLE row_counts (tbl VARCHAR, file VARCHAR, records BIGINT, loaded BIGINT, rejected BIGINT)")
    con.execute("INSERT INTO row_counts VALUES ('RAW_recipes', 'r.csv', 3, 2, 1)")
    check_counts(con)
    con.execute("UPDATE row_counts SET records = 4")
    with pytest.raises(BadSource, match=r"r\.csv do not add up: 4 found, 2 loaded, 1 rejected"):
        check_counts(con)
    con.execute("UPDATE row_counts SET loaded = 3")
    with pytest.raises(BadSource, match="RAW_recipes holds 2 rows where 3 were loaded"):
        check_counts(con)


def test_a_source_that_leaves_no_recipe_is_refused(standing, tmp_path):
    with pytest.raises(BadSource, match=r"No recipe is left after the cleaning rule “duration” \(150 to 180\)"):
        build("sample:21", home=tmp_path, cleaning=Cleaning(minutes=(150, 180)))
    assert connect(tmp_path).info.source == "sample:30"
    assert not list(folder_of(tmp_path).glob("draft-*"))


def test_a_source_that_is_not_there_leaves_the_old_warehouse(standing, tmp_path):
    with pytest.raises(UserError, match="nowhere"):
        build(str(tmp_path / "nowhere"), home=tmp_path)
    assert connect(tmp_path).info.source == "sample:30"


def test_hand_written_files_go_all_the_way(tmp_path):
    days = {"date": date(2004, 12, 25), "rating": 0}
    files = write_files(tmp_path / "files", [{}, {"minutes": 500}, {"ingredients": ["eggs", "a, b"]}], [{}, days])
    info = build(str(files), home=tmp_path)
    assert (info.kind, info.synthetic, info.source) == ("foodcom", False, files.name)
    con = connect(tmp_path).refresh()
    assert con.execute("SELECT id, ingredients FROM raw.RAW_recipes ORDER BY id").fetchall() == [
        (1, ["egg", "salt"]), (2, ["egg", "salt"]), (3, ["eggs", "a, b"])
    ]  # fmt: skip
    assert con.execute("SELECT id FROM recipes").fetchall() == [(1,), (3,)]
    assert con.execute("SELECT date, rating FROM reviews").fetchall() == [
        (date(2004, 12, 25), None), (date(2005, 1, 2), 5)
    ]  # fmt: skip


def test_an_error_midway_leaves_the_old_warehouse_and_no_draft(standing, tmp_path, monkeypatch):

    def broken(_con):
        raise KeyboardInterrupt

    monkeypatch.setattr("mangetamain.warehouse.tables.cubes.make_cubes", broken)
    with pytest.raises(KeyboardInterrupt):
        build("sample:21", home=tmp_path)
    assert connect(tmp_path).info.source == "sample:30"
    assert not list(folder_of(tmp_path).glob("draft-*"))


@pytest.mark.parametrize("stop_at", ["Cleaning reviews", "Making the cubes", "Writing the warehouse"])
def test_a_build_killed_midway_leaves_the_old_warehouse_serving(standing, tmp_path, stop_at):
    reader = connect(tmp_path)
    assert reader.execute("SELECT count(*) FROM recipes").fetchall() == [(30,)]
    process = builder(tmp_path, "sample:21", stop_at)
    assert process.stdout is not None
    assert process.stdout.readline() == "stopped\n"
    with pytest.raises(UserError, match="Another build is running"):
        build("sample:22", home=tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    folder = folder_of(tmp_path)
    assert list(folder.glob("draft-*"))
    assert reader.execute("SELECT count(*) FROM recipes").fetchall() == [(30,)]
    assert connect(tmp_path).info.source == "sample:30"
    build("sample:23", home=tmp_path)
    assert not list(folder.glob("draft-*"))
    assert reader.info.source == "sample:23"


@pytest.mark.parametrize("limit", [20_000, 100_000, 400_000])
def test_a_full_disk_is_told_in_one_sentence(standing, tmp_path, limit):
    process = builder(tmp_path, "sample:3000", limit=limit)
    out, err = process.communicate(timeout=PATIENCE)
    assert out.startswith("refused: The warehouse could not be written in ")
    assert out.count("\n") == 1
    assert (process.returncode, err) == (0, "")
    assert connect(tmp_path).info.source == "sample:30"
    assert not list(folder_of(tmp_path).glob("draft-*"))


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"file is no folder: a folder of data is expected there") as raised:
        build("sample:20", home=tmp_path / "file" / "home")
    assert "\n" not in str(raised.value)


def test_the_stand_in_is_not_lost_on_the_way(tmp_path):
    build("sample:70", home=tmp_path)
    con = duckdb.connect()
    write_raw(con, 70, 1)
    expected = con.execute("SELECT count(*), sum(rating), count(DISTINCT user_id) FROM raw.RAW_interactions").fetchall()
    stored = connect(tmp_path).execute(
        "SELECT count(*), sum(coalesce(rating, 0)), count(DISTINCT user_code) FROM reviews"
    )
    assert stored.fetchall() == expected


def test_the_real_sample_goes_all_the_way(tmp_path, monkeypatch):
    monkeypatch.undo()  # of the stand-in
    info = build("sample:500", home=tmp_path)
    state = status(tmp_path)
    assert state.info == info
    assert state.tables["raw.RAW_recipes"] == 500
    assert {"raw.PP_recipes", "raw.PP_users", "raw.interactions_train"} <= set(state.tables)
    assert state.tables["recipes"] == state.cleaning[5].remaining > 400
    assert {"full", "train"} == {row[0] for row in connect(tmp_path).execute("SELECT source FROM reviews").fetchall()}
    assert build("sample:500", home=tmp_path).fingerprint == info.fingerprint


def test_the_digest_of_the_code_is_that_of_its_rooms_too(tmp_path, monkeypatch):
    module = sys.modules["mangetamain.warehouse.build"]
    (tmp_path / "sources").mkdir()
    for name in ("build.py", "sources/official.py"):
        (tmp_path / name).write_text("one = 1\n")
    monkeypatch.setattr(module, "__file__", str(tmp_path / "build.py"))
    before = module._code()
    (tmp_path / "sources" / "official.py").write_text("one = 2\n")
    assert module._code() != before
