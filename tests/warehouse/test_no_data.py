"""Files that are not the official ones, and archives that cannot be read: named for what they are."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from pathlib import Path

import pytest

from mangetamain.errors import BadSource
from mangetamain.warehouse import sources
from tests.warehouse.files import as_zip, load, write, zipped

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 294466803\n"
PAGE = b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html><head><title>Login</title></head></html>"


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


def test_one_name_twice_in_a_zip(tmp_path: Path) -> None:
    archive = zipped(write(tmp_path / "food"), tmp_path / "food.zip")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(archive, "a") as out:
        out.writestr("RAW_recipes.csv", "another")
    with pytest.raises(BadSource, match=r"it holds RAW_recipes.csv twice"):
        sources.resolve(str(archive), tmp_path / "home")


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
