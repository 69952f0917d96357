from __future__ import annotations

import importlib
import importlib.util
import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from mangetamain.errors import NoWarehouse
from mangetamain.warehouse import Warehouse, build, connect, query
from mangetamain.warehouse.reader.binding import without_pandas
from mangetamain.warehouse.versions.listing import folder_of, newest
from tests.waiting import PATIENCE, eventually

ROOT = Path(__file__).parent.parent.parent

# Between two looks, so that who builds meanwhile has a processor; a look takes some milliseconds itself.
PAUSE = 0.01
READER = f"""
import json, sys, time
from pathlib import Path
from mangetamain.warehouse import connect

warehouse, stop = connect(Path(sys.argv[1])), Path(sys.argv[2])
seen, mixed, last = [], [], False
while not last:
    time.sleep({PAUSE})
    last = stop.exists()
    con = warehouse.refresh()
    source = con.execute("SELECT source FROM build_info").fetchall()[0][0]
    counts = {{
        con.execute("SELECT count(*) FROM raw.RAW_recipes").fetchall()[0][0],
        con.execute("SELECT count(*) FROM recipes").fetchall()[0][0],
        con.execute("SELECT sum(n) FROM cube_recipes WHERE measure = 'minutes'").fetchall()[0][0],
    }}
    info = warehouse.info
    if counts != {{int(source.split(":")[1])}} or info.row_counts[1].records != int(info.source.split(":")[1]):
        mixed.append([source, sorted(counts)])
    if source not in seen:
        seen.append(source)
        print(source, flush=True)
print(json.dumps({{"seen": seen, "mixed": mixed}}))
"""


@pytest.fixture
def home(plain_sample, thirty, tmp_path):
    return Path(shutil.copytree(thirty, tmp_path, dirs_exist_ok=True))


def test_nothing_is_opened_before_the_first_query(tmp_path):
    warehouse = connect(tmp_path / "nowhere")
    with pytest.raises(NoWarehouse) as raised:
        warehouse.execute("SELECT 1")
    assert str(tmp_path / "nowhere" / "warehouse") in str(raised.value)
    assert "mangetamain build" in str(raised.value)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("content", [b"", b"no database at all" * 400])
def test_a_broken_file_is_told_in_one_sentence(home, content):
    folder = folder_of(home)
    (folder / newest(folder)).write_bytes(content)
    with pytest.raises(NoWarehouse, match="cannot be read") as raised:
        connect(home).refresh()
    assert "\n" not in str(raised.value)
    assert "mangetamain build" in str(raised.value)


def test_both_schemas_are_in_reach(home):
    warehouse = connect(home)
    assert warehouse.execute("SELECT count(*) FROM recipes").fetchall() == [(30,)]
    assert warehouse.execute("SELECT count(*) FROM raw.RAW_recipes WHERE id <= $n", {"n": 7}).fetchall() == [(7,)]
    assert warehouse.info.source == "sample:30"
    assert warehouse.fingerprint == warehouse.info.fingerprint


def test_a_new_version_is_noticed_between_queries(home):
    warehouse = connect(home)
    before = warehouse.refresh()
    assert warehouse.refresh() is before
    build("sample:31", home=home)
    assert warehouse.execute("SELECT count(*) FROM recipes").fetchall() == [(31,)]
    assert warehouse.info.source == "sample:31"
    build("sample:32", home=home)
    build("sample:33", home=home)  # the first file is gone now
    assert before.execute("SELECT count(*) FROM recipes").fetchall() == [(30,)]


def test_a_file_swept_away_before_it_was_opened_is_let_go(home, monkeypatch):
    first = iter(["food-1.duckdb"])
    monkeypatch.setattr(
        "mangetamain.warehouse.reader.warehouse.newest", lambda folder: next(first, None) or newest(folder)
    )
    assert connect(home).execute("SELECT count(*) FROM recipes").fetchall() == [(30,)]


def test_a_connection_comes_with_its_own_card(home):
    warehouse = connect(home)
    con, info = warehouse.current()
    build("sample:31", home=home)
    assert con.execute("SELECT source FROM build_info").fetchall() == [(info.source,)] == [("sample:30",)]
    assert warehouse.current()[1].source == "sample:31"


def test_pandas_is_out_of_reach_only_while_a_value_is_bound(monkeypatch):
    with without_pandas():
        assert importlib.import_module("pandas") is pd  # loaded: nothing changes
    monkeypatch.delitem(sys.modules, "pandas")
    with without_pandas():
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("pandas")
        assert importlib.import_module("colorsys")
        elsewhere: list[object] = []
        thread = threading.Thread(target=lambda: elsewhere.append(importlib.util.find_spec("pandas")))
        thread.start()
        thread.join()
        assert elsewhere != [None]
    assert importlib.util.find_spec("pandas")


def test_two_readers_in_one_process_get_along(home):
    first, second = connect(home), connect(home)
    for warehouse in (first, second, first):
        assert warehouse.execute("SELECT count(*) FROM recipes").fetchall() == [(30,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SET threads = 2",
        "SET enable_external_access = true",
        "SELECT * FROM read_text('/etc/passwd')",
        "ATTACH '/tmp/other.duckdb'",
        "COPY recipes TO '/tmp/out.csv'",
        "INSTALL httpfs",
        "DELETE FROM recipes",
        "CREATE TABLE mine AS SELECT 1",
        "SELECT * FROM local_name",
    ],
)
def test_the_connection_is_locked_down(home, sql):
    local_name = [1]
    assert local_name
    with pytest.raises(duckdb.Error):
        connect(home).execute(sql)


def test_a_reader_takes_one_thread_and_little_memory(home):
    names = ("threads", "memory_limit", "enable_progress_bar", "lock_configuration")
    settings = ", ".join(f"current_setting('{name}')" for name in names)
    row = connect(home).execute(f"SELECT {settings}").fetchall()[0]
    assert row == (1, "244.1 MiB", False, True)


def test_a_read_only_folder_will_do(home, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    assert connect(home).execute("SELECT count(*) FROM recipes").fetchall() == [(30,)]


def test_columns_are_plain_arrays(home):
    sql = """
        SELECT * FROM (VALUES (1, 1.5::DOUBLE, 'a', true, DATE '2001-02-03'), (NULL, NULL, NULL, NULL, NULL))
        AS t (whole, number, text, flag, day) WHERE coalesce(whole, 0) < $n
    """
    columns = query(connect(home), sql, {"n": 9})
    assert list(columns) == ["whole", "number", "text", "flag", "day"]
    for name in ("whole", "number"):
        assert columns[name].dtype == np.float64
        assert np.isnan(columns[name][1])
    assert columns["text"].tolist() == ["a", None]
    assert columns["flag"].tolist() == [True, None]
    assert np.isnat(columns["day"][1])
    assert not any(isinstance(values, np.ma.MaskedArray) for values in columns.values())
    full = query(connect(home).refresh(), "SELECT id, name FROM recipes ORDER BY id LIMIT 2")
    assert full["id"].tolist() == [1, 2]
    assert full["id"].dtype == np.int64


def test_no_pandas_is_loaded_to_read(home):
    script = """if True:
        import sys
        from pathlib import Path
        from mangetamain.warehouse import connect, query, status
        home = Path(sys.argv[1])
        query(connect(home), "SELECT submitted, year, name FROM recipes WHERE year > $year", {"year": 2000})
        connect(home).execute("SELECT name FROM recipes WHERE id = ?", [7]).fetchall()
        status(home)
        print([name for name in ("pandas", "plotly", "scipy", "boto3", "IPython", "pyarrow") if name in sys.modules])
        print(len(connect(home).execute("FROM recipes LIMIT 3").df()))  # asked for, it still comes
        print(connect(home).execute("SELECT ? AS n", [sys.modules["pandas"].NaT]).fetchall())
    """
    done = subprocess.run(
        [sys.executable, "-c", script, str(home)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["[]", "3", "[(None,)]"]


def test_threads_may_share_a_warehouse_while_it_is_replaced(home):
    warehouse = Warehouse(home)
    stop, wrong, rounds = threading.Event(), [], []

    def read() -> None:
        while not stop.wait(PAUSE):
            try:
                con = warehouse.refresh()
                source = con.execute("SELECT source FROM build_info").fetchall()[0][0]
                n = con.execute("SELECT count(*) FROM recipes").fetchall()[0][0]
                rounds.append(n)
                if source != f"sample:{n}":
                    wrong.append((source, n))
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(31, 35):
        eventually(lambda n=n: wrong or n - 1 in rounds, "a thread has read the version before")
        build(f"sample:{n}", home=home)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert {30, 31, 32, 33} <= set(rounds)
    assert warehouse.info.source == "sample:34"


def test_four_readers_through_seven_rebuilds_never_err_nor_mix(home, tmp_path):
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", READER, str(home), str(stop)]
    readers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    for n in range(30, 38):
        if n > 30:
            build(f"sample:{n}", home=home)
        for reader in readers:  # each reads on while the next is built
            assert reader.stdout is not None
            assert reader.stdout.readline().strip() == f"sample:{n}"
    stop.touch()
    for reader in readers:
        out, err = reader.communicate(timeout=PATIENCE)
        assert (reader.returncode, err) == (0, "")
        told = json.loads(out.splitlines()[-1])
        assert told["mixed"] == []
        assert told["seen"] == [f"sample:{n}" for n in range(30, 38)]
