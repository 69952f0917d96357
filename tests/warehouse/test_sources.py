from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from mangetamain.errors import BadSource
from mangetamain.warehouse import sources
from mangetamain.warehouse.schema import nearest
from mangetamain.warehouse.sources import archive
from tests.warehouse.files import load, write, zipped


def test_a_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "food", PP_users=[{}])
    (folder / "ingr_map.pkl").write_bytes(b"not ours")
    with sources.resolve(str(folder), tmp_path / "home") as source:
        assert list(source.files) == ["RAW_recipes", "RAW_interactions", "PP_users"]
        assert source.label == folder.name
        assert len(source.fingerprint) == 64


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one"), write(tmp_path / "two")
    packed = zipped(one, tmp_path / "one.zip")

    def fingerprint(source: Path) -> str:
        with sources.resolve(str(source), tmp_path / "home") as found:
            return found.fingerprint

    assert fingerprint(one) == fingerprint(two) == fingerprint(packed)
    (two / "RAW_recipes.csv").write_text("x")
    assert fingerprint(one) != fingerprint(two)


@pytest.mark.parametrize("prefix", ["", "archive/"])
def test_a_zip_is_extracted_and_cleared_away(tmp_path: Path, prefix: str) -> None:
    packed = zipped(write(tmp_path / "food"), tmp_path / "archive.zip", lambda name: prefix + name)
    home, told = tmp_path / "home", list[str]()
    with sources.resolve(str(packed), home, told.append) as source:
        assert source.label == packed.name
        assert all(home in path.parents for paths in source.files.values() for path in paths)
        assert source.files["RAW_recipes"][0].read_text().startswith("name,id,minutes,")
    assert list((home / "cache").iterdir()) == []
    assert "Extracting RAW_recipes.csv" in told
    assert load(packed)[1]["RAW_recipes"].loaded == 1


@pytest.mark.parametrize(
    "name", ["../RAW_recipes.csv", "/etc/RAW_recipes.csv", "a/../../b.csv", "..\\b.csv", "C:\\b.csv"]
)
def test_a_zip_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    packed = zipped(write(tmp_path / "food"), tmp_path / "evil.zip")
    with zipfile.ZipFile(packed, "a") as out:
        out.writestr(name, "x")
    with pytest.raises(BadSource, match="points outside the archive"):
        sources.resolve(str(packed), tmp_path / "home")
    assert list((tmp_path / "home" / "cache").iterdir()) == []


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zipped(write(tmp_path / "food", RAW_interactions=b"0" * 5_000_000), tmp_path / "bomb.zip")
    monkeypatch.setattr(archive, "MOST_EXTRACTED_BYTES", 4_000_000)
    with pytest.raises(BadSource, match="GB once extracted"):
        sources.resolve(str(packed), tmp_path / "home")
    assert list((tmp_path / "home" / "cache").iterdir()) == []


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    packed = zipped(write(tmp_path / "food"), tmp_path / "food.zip")
    content = packed.read_bytes()
    for damaged in (b"not a zip", content[: len(content) // 2], content[:60] + b"\xff" * 8 + content[68:]):
        packed.write_bytes(damaged)
        with pytest.raises(BadSource, match=r"food.zip is not a zip that can be read: "):
            sources.resolve(str(packed), tmp_path / "home")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], r"has no RAW_recipes.csv .* no other data file; the official files are RAW_recipes.csv, RAW_inter"),
        (["RAW_recipes.csv"], r"has no RAW_interactions.csv .* the nearest file there is RAW_recipes.csv"),
        (["raw_recipe.csv", "x.csv"], r"has no RAW_recipes.csv .* the nearest file there is raw_recipe.csv"),
        (
            ["RAW_recipes.csv", "RAW_recipes.parquet"],
            r"RAW_recipes 2 times: RAW_recipes.csv and RAW_recipes.parquet; keep one",
        ),
    ],
)
def test_files_that_are_not_there(tmp_path: Path, files: list[str], message: str) -> None:
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(BadSource, match=message) as caught:
        sources.resolve(str(tmp_path), tmp_path / "home")
    assert str(caught.value).startswith(str(tmp_path))


def test_what_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"There is nothing at .*nowhere; give a folder, a .zip, s3://bucket/prefix or"):
        sources.resolve(str(tmp_path / "nowhere"), tmp_path / "home")
    (tmp_path / "RAW_recipes.csv").touch()
    with pytest.raises(BadSource, match=r"RAW_recipes.csv is neither a folder nor a zip; give the folder"):
        sources.resolve(str(tmp_path / "RAW_recipes.csv"), tmp_path / "home")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read(tmp_path: Path) -> None:  # pragma: no cover - depends on the user
    folder = write(tmp_path / "food")
    (folder / "RAW_recipes.csv").chmod(0)
    with pytest.raises(BadSource, match="cannot be read: Permission denied"):
        sources.resolve(str(folder), tmp_path / "home")


def test_a_file_that_goes_while_it_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "food")
    (folder / "RAW_recipes.csv").unlink()
    (folder / "RAW_recipes.csv").symlink_to(folder / "RAW_interactions.csv")

    def vanish(_: str) -> None:
        (folder / "RAW_interactions.csv").unlink(missing_ok=True)

    with pytest.raises(BadSource, match="food cannot be read: No such file"):
        sources.resolve(str(folder), tmp_path / "home", vanish)


def test_the_next_build_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    cache = tmp_path / "home" / "cache"
    (cache / "ingest-killed").mkdir(parents=True)
    (cache / "ingest-killed" / "RAW_recipes.csv").write_text("half")
    sources.resolve(str(write(tmp_path / "food")), tmp_path / "home").close()
    assert list(cache.iterdir()) == []


def test_nearest_ignores_case_and_always_answers() -> None:
    assert nearest("MINUTS", ["name", "minutes"]) == "minutes"
    assert nearest("", ["name", "minutes"]) in ("name", "minutes")
