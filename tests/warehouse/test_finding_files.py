"""Official files as people have them: whatever they are called, and wherever they lie."""

from __future__ import annotations

import gzip
import os
import shutil
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from mangetamain.errors import BadSource
from mangetamain.warehouse import sources
from tests.waiting import PATIENCE
from tests.warehouse.files import as_zip, csv_text, load, rejects, write, zipped

NAMES = ("RAW_recipes", "RAW_interactions")


def renamed(folder: Path, change: Callable[[str], str]) -> Path:
    for path in list(folder.iterdir()):
        aside = path.rename(folder.parent / path.name)
        (folder / change(path.name)).parent.mkdir(exist_ok=True)
        aside.rename(folder / change(path.name))
    return folder


def each_zipped(folder: Path) -> Path:
    for path in list(folder.iterdir()):
        with zipfile.ZipFile(folder / f"{path.name}.zip", "w") as out:
            out.write(path, path.name)
            out.writestr(f"__MACOSX/._{path.name}", b"of the system")
        path.unlink()
    return folder


def replaced(folder: Path, change: Callable[[bytes], bytes], ending: str = "") -> Path:
    for name in NAMES:
        path = folder / f"{name}.csv"
        content = change(path.read_bytes())
        path.unlink()
        (folder / f"{name}.csv{ending}").write_bytes(content)
    return folder


WAYS: dict[str, Callable[[Path, Path], Path]] = {
    "capitals": lambda folder, _: renamed(folder, lambda name: name.replace(".csv", ".CSV")),
    "small letters": lambda folder, _: renamed(folder, str.lower),
    "a text's ending": lambda folder, _: renamed(folder, lambda name: name + ".txt"),
    "one folder deeper": lambda folder, _: renamed(folder, lambda name: "archive/" + name),
    "each in a folder of its name": lambda folder, _: renamed(folder, lambda name: f"{name}/{name}"),
    "one zip a file": lambda folder, _: each_zipped(folder),
    "zips in a zip": lambda folder, tmp: zipped(each_zipped(folder), tmp / "both.zip"),
    "a zip with Windows' names": lambda folder, tmp: zipped(folder, tmp / "w.zip", lambda name: "data\\raw\\" + name),
    "a zip in capitals": lambda folder, tmp: zipped(folder, tmp / "ARCHIVE.ZIP"),
    "a zip without an ending": lambda folder, tmp: zipped(folder, tmp / "archive"),
    "gzip called csv": lambda folder, _: replaced(folder, gzip.compress),
    "csv called gzip": lambda folder, _: replaced(folder, bytes, ".gz"),
    "gzip in capitals": lambda folder, _: replaced(folder, gzip.compress, ".GZ"),
    "csv called parquet": lambda folder, _: renamed(folder, lambda name: name.replace(".csv", ".parquet")),
    "gzip called parquet": lambda folder, _: renamed(
        replaced(folder, gzip.compress), lambda name: name.replace(".csv", ".parquet")
    ),
    "zip called csv": lambda folder, _: replaced(folder, as_zip),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_what_people_have_is_read(tmp_path: Path, way: Callable[[Path, Path], Path]) -> None:
    _, counts = load(way(write(tmp_path / "food"), tmp_path))
    assert {table: (count.records, count.loaded) for table, count in counts.items()} == dict.fromkeys(NAMES, (1, 1))


def tree(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(csv_text(Path(path).name.partition(".")[0], [{}]))
    return folder


RECIPES, REVIEWS = "RAW_recipes.csv", "RAW_interactions.csv"
DOUBT = {
    "two copies": ([f"a/{RECIPES}", f"a/{REVIEWS}", f"b/{RECIPES}"], rf"2 times: a/{RECIPES} and b/{RECIPES}"),
    "a copy below": ([RECIPES, REVIEWS, f"old/{RECIPES}"], rf"2 times: {RECIPES} and old/{RECIPES}; keep one"),
    "two halves": ([f"a/{RECIPES}", f"b/{REVIEWS}"], rf"different folders.*: a/{RECIPES} and b/{REVIEWS}; put those"),
    "another's third": (
        [f"a/{RECIPES}", f"a/{REVIEWS}", "b/interactions_train.csv"], "different folders.*b/interactions_train.csv",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("paths", "message"), DOUBT.values(), ids=list(DOUBT))
def test_halves_of_different_origins_are_never_joined(tmp_path: Path, paths: list[str], message: str) -> None:
    folder = tree(tmp_path / "food", *paths)
    for source in (folder, zipped(folder, tmp_path / "food.zip")):
        with pytest.raises(BadSource, match=message):
            sources.resolve(str(source), tmp_path / "home")


@pytest.mark.parametrize("name", ["recipes_raw.CSV", "deep/er/raw-recipes.csv", "x.xlsx", "export.json", "r.csv.xz"])
def test_no_folder_with_data_is_said_to_have_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "food" / name).parent.mkdir(parents=True)
    (tmp_path / "food" / name).touch()
    with pytest.raises(BadSource, match=f"the nearest file there is {name}"):
        sources.resolve(str(tmp_path / "food"), tmp_path / "home")


def test_a_zip_in_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "archive.zip").touch()
    with pytest.raises(BadSource, match=r"if they are in archive.zip, give that file itself"):
        sources.resolve(str(tmp_path), tmp_path / "home")


def test_partitions_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "food")
    (folder / REVIEWS).rename(tmp_path / "x.parquet")
    (folder / "RAW_interactions.parquet" / "rating=5").mkdir(parents=True)
    (tmp_path / "x.parquet").rename(folder / "RAW_interactions.parquet" / "rating=5" / "x.parquet")
    with pytest.raises(BadSource, match=r"rating=5/x.parquet is partitioned by rating, .*; write it without"):
        sources.resolve(str(folder), tmp_path / "home")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_table_in_parts(tmp_path: Path, kind: str) -> None:
    folder = write(tmp_path / "food", RAW_interactions=[{"review": "one"}, {"review": "two"}, {"review": "three"}])
    whole, parts = folder / REVIEWS, folder / f"RAW_interactions.{kind}"
    header, *reviews = whole.read_text().splitlines(keepends=True)
    whole.unlink()
    parts.mkdir()
    for number, rows in enumerate((reviews[:2], reviews[2:])):
        (parts / f"part-{number}.csv").write_text(header + "".join(rows))
        if kind == "parquet":
            to_parquet(parts / f"part-{number}.csv")
    (parts / f"part-2.{kind}").write_text(header)
    if kind == "parquet":
        (parts / "part-2.parquet").rename(parts / "part-2.csv")
        to_parquet(parts / "part-2.csv")
    for other in ("_SUCCESS", ".part-0.crc"):
        (parts / other).write_text("of the writer")
    for source in (folder, zipped(folder, tmp_path / "food.zip")):
        con, counts = load(source)
        assert con.execute("SELECT review FROM raw.RAW_interactions").fetchall() == [("one",), ("two",), ("three",)]
        files = con.execute(
            "SELECT file, loaded FROM row_counts WHERE tbl = 'RAW_interactions' ORDER BY file"
        ).fetchall()
        assert files == [(f"part-0.{kind}", 2), (f"part-1.{kind}", 1)]
        assert counts["RAW_recipes"].loaded == 1


def test_a_reject_names_its_part(tmp_path: Path) -> None:
    folder = write(tmp_path / "food")
    (folder / RECIPES).unlink()
    (folder / RECIPES).mkdir()
    for number, minutes in enumerate(("30", "soon")):
        text = csv_text("RAW_recipes", [{"id": str(number), "minutes": minutes}])
        (folder / RECIPES / f"part-{number}.csv").write_text(text)
    con, _ = load(folder)
    assert rejects(con) == [("part-1.csv", 2, "minutes", "not a whole number")]


PATTERNS = ("a*", "what?", "[ab]", "a[!b]", "a?b", "**", "it's", "year=2018")


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "parquet"])
def test_a_path_is_a_name_and_no_pattern(tmp_path: Path, kind: str) -> None:
    """Beside the folders stand others that their names would match."""
    others = {"RAW_recipes": [{"id": "7"}], "RAW_interactions": [{"user_id": "9"}] * 3}
    for name in (*PATTERNS, "ab", "whats", "a", "b"):
        folder = write(tmp_path / name, **({} if name in PATTERNS else others))
        if kind == "csv.gz":
            replaced(folder, gzip.compress, ".gz")
        if kind == "parquet":
            for each in list(folder.iterdir()):
                to_parquet(each)
    for name in PATTERNS:
        _, counts = load(tmp_path / name)
        assert {table: count.records for table, count in counts.items()} == dict.fromkeys(NAMES, 1), name


def to_parquet(path: Path) -> None:
    """Write a CSV file as Parquet beside it, by way of a tame name, and remove it."""
    tame = path.parent.parent / "tame.csv"
    shutil.move(path, tame)
    made = tame.with_suffix(".parquet")
    duckdb.connect().read_csv(str(tame), all_varchar=True).write_parquet(str(made))
    shutil.move(made, path.with_suffix(".parquet"))


@pytest.mark.parametrize("leads", ["nowhere", "/dev/zero"])
def test_a_link_to_no_file_is_refused(tmp_path: Path, leads: str) -> None:
    folder = write(tmp_path / "food")
    (folder / RECIPES).unlink()
    (folder / RECIPES).symlink_to(leads)
    with pytest.raises(BadSource, match="is a pipe, a socket or a device, or leads nowhere; a file is expected"):
        sources.resolve(str(folder), tmp_path / "home")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    folder = write(tmp_path / "food")
    (folder / RECIPES).unlink()
    os.mkfifo(folder / RECIPES)
    os.mkfifo(tmp_path / "pipe.zip")
    said: list[str] = []

    def ask() -> None:
        for source in (folder, tmp_path / "pipe.zip"):
            with pytest.raises(BadSource) as caught:
                sources.resolve(str(source), tmp_path / "home")
            said.append(str(caught.value))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    assert len(said) == 2
    assert all("is a pipe, a socket or a device" in sentence for sentence in said)


def test_a_table_whose_every_part_is_empty(tmp_path: Path) -> None:
    folder = write(tmp_path / "food")
    (folder / RECIPES).rename(tmp_path / "part-0.csv")
    (folder / RECIPES).mkdir()
    (folder / RECIPES / "part-0.csv").write_text((tmp_path / "part-0.csv").read_text().splitlines()[0] + "\n")
    with pytest.raises(BadSource, match=r"part-0.csv holds a header and no record"):
        load(folder)


def test_a_damaged_file_of_a_zip_is_mended_as_elsewhere(tmp_path: Path) -> None:
    """Sound records are copied into the scratch folder: never over the file that they are read from."""
    broken = csv_text("RAW_interactions", [{}] * 60_000) + '71,1,2004-01-01,5,"a ""word" there"\n'
    folder = write(tmp_path / "food", RAW_interactions=broken + "70,1,2005-01-02\n70,1,2005-01-02,5,good\n")
    con, counts = load(zipped(folder, tmp_path / "food.zip"))
    assert load(folder)[1] == counts
    assert counts["RAW_interactions"].loaded == 60_001
    assert [line for _, line, _, _ in rejects(con)] == [60_002, 60_003]
