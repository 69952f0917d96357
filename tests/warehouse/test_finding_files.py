"""Official files as people have them: whatever they are called, wherever they lie, whatever they turn out to be."""

from __future__ import annotations

import gzip
import io
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
from tests.warehouse.files import csv_text, load, rejects, write

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 294466803\n"
PAGE = b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html><head><title>Login</title></head></html>"
NAMES = ("RAW_recipes", "RAW_interactions")


def renamed(folder: Path, change: Callable[[str], str]) -> Path:
    for path in list(folder.iterdir()):
        aside = path.rename(folder.parent / path.name)
        (folder / change(path.name)).parent.mkdir(exist_ok=True)
        aside.rename(folder / change(path.name))
    return folder


def zipped(folder: Path, to: Path, change: Callable[[str], str] = lambda name: name) -> Path:
    """Pack a tree; names are written as they are, backslashes too."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            out.writestr(change(file.relative_to(folder).as_posix()), file.read_bytes())
    return to


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


def as_zip(content: bytes) -> bytes:
    with zipfile.ZipFile(out := io.BytesIO(), "w") as archive:
        archive.writestr("data.csv", content)
    return out.getvalue()


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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (POINTER, r"RAW_recipes.csv.* is a Git LFS pointer \(1\d\d bytes\), not the data: git lfs pull"),
        (gzip.compress(POINTER), "is a Git LFS pointer"),
        (as_zip(POINTER), "data.csv is a Git LFS pointer"),
        (PAGE, "is a web page, not the data: download it again where you are logged in"),
        (b"BZh91AY", "is a bzip2 archive, not CSV or Parquet: unpack or export it as CSV, under the name RAW_recipes"),
        (b"\x00" * 257 + b"ustar\x0000", "is a tar archive"),
        (gzip.compress(gzip.compress(b"x")), "is compressed twice"),
        (b"RecipeId,Name,AuthorId,AuthorName,CookTime\n1,a,2,b,PT30M\n", "holds the other Food.com set on Kaggle"),
    ],
    ids=["pointer", "pointer in gzip", "pointer in zip", "page", "bzip2", "tar", "twice", "other set"],
)
@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_what_is_no_data_is_named(tmp_path: Path, content: bytes, message: str, ending: str) -> None:
    folder = write(tmp_path / "food")
    (folder / "RAW_recipes.csv").unlink()
    (folder / f"RAW_recipes{ending}").write_bytes(content)
    for source in (folder, zipped(folder, tmp_path / "food.zip")):
        with pytest.raises(BadSource, match=message) as caught:
            sources.resolve(str(source), tmp_path / "home")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [(POINTER, "git lfs pull"), (PAGE, "web page"), (b"x", "not a zip")],
    ids=["pointer", "page", "text"],
)
def test_a_zip_that_is_none(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "archive.zip").write_bytes(content)
    with pytest.raises(BadSource, match=message):
        sources.resolve(str(tmp_path / "archive.zip"), tmp_path / "home")


def test_a_workbook_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "food")
    (folder / "xl").mkdir()
    (folder / "xl" / "workbook.xml").write_text("<workbook/>")
    book = zipped(folder, tmp_path / "book.xlsx")
    shutil.rmtree(folder / "xl")
    shutil.copy(book, folder / "RAW_recipes.csv")
    for source in (book, folder):
        with pytest.raises(BadSource, match="is an Excel workbook, not CSV"):
            sources.resolve(str(source), tmp_path / "home")


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


def test_one_name_twice_in_a_zip(tmp_path: Path) -> None:
    archive = zipped(write(tmp_path / "food"), tmp_path / "food.zip")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(archive, "a") as out:
        out.writestr(RECIPES, "another")
    with pytest.raises(BadSource, match=r"it holds RAW_recipes.csv twice"):
        sources.resolve(str(archive), tmp_path / "home")


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


def test_a_zip_that_was_cut_off_says_so(tmp_path: Path) -> None:
    archive = zipped(write(tmp_path / "food"), tmp_path / "food.zip")
    archive.write_bytes(archive.read_bytes()[:-30])
    with pytest.raises(BadSource, match=r"it is damaged or not whole; download it again"):
        sources.resolve(str(archive), tmp_path / "home")


def test_a_file_of_zeros_is_no_other_encoding(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"RAW_recipes.csv holds nothing but zeros"):
        load(write(tmp_path / "food", RAW_recipes=b"\0" * 5000))


def test_the_other_set_is_recognised_by_its_names(tmp_path: Path) -> None:
    for name in ("recipes.csv", "reviews.parquet"):
        (tmp_path / name).touch()
    with pytest.raises(BadSource, match=r"the other Food.com set.*wanted is “Food.com Recipes and Interactions”"):
        sources.resolve(str(tmp_path), tmp_path / "home")


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


@pytest.mark.parametrize("name", ["a*", "what?", "[ab]", "a[!b]", "**", "it's"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_path_is_a_name_and_no_pattern(tmp_path: Path, name: str, kind: str) -> None:
    folder = write(tmp_path / name)
    for sibling in ("ab", "whats", "a", "b"):
        write(tmp_path / sibling, RAW_recipes=[{"id": "7"}], RAW_interactions=[{"user_id": "9"}] * 3)
    if kind == "parquet":
        for each in list(tmp_path.rglob("*.csv")):
            to_parquet(each)
    _, counts = load(folder)
    assert {table: count.records for table, count in counts.items()} == dict.fromkeys(NAMES, 1)


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
    broken = csv_text("RAW_interactions", [{}]) + '\n71,1,2004-01-01,5,"a ""word" there"\n'
    folder = write(tmp_path / "food", RAW_interactions=broken)
    assert load(folder)[1] == load(zipped(folder, tmp_path / "food.zip"))[1]


def test_an_encrypted_zip(tmp_path: Path) -> None:
    archive = zipped(write(tmp_path / "food"), tmp_path / "food.zip")
    content = bytearray(archive.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + flags] |= 1
    archive.write_bytes(content)
    with pytest.raises(BadSource, match=r"not a zip that can be read: it is encrypted; unpack it with its password"):
        sources.resolve(str(archive), tmp_path / "home")
