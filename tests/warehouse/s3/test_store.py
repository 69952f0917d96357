"""Sources in a real S3 server: read through a cache, and refused in one sentence."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mangetamain.errors import BadSource
from mangetamain.warehouse import sources
from mangetamain.warehouse.ingest import load as ingest
from mangetamain.warehouse.sources import s3
from tests.warehouse.files import RECIPE, write
from tests.warehouse.s3 import weed
from tests.warehouse.s3.asking import fails, use


def test_a_bucket_is_read_through_a_cache(
    bucket: str, s3_server: weed.Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    home = tmp_path / "home"
    with caplog.at_level(logging.INFO), sources.resolve(f"s3://{bucket}/food/raw/", home, told.append) as source:
        assert source.label == "s3://mangetamain/food/raw"
        con = duckdb.connect()
        counts = ingest.load(con, source, None)
        first = source.fingerprint
        etag = s3_server.client().head_object(Bucket=bucket, Key="food/raw/PP_users.csv")["ETag"].strip('"')
        assert source.files["PP_users"] == [home / "cache" / "s3" / etag / "PP_users.csv"]
    assert [(count.tbl, count.loaded) for count in counts] == [
        ("RAW_recipes", 1), ("RAW_interactions", 4000), ("PP_users", 1)
    ]  # fmt: skip
    assert sum(text.startswith("Downloading") for text in told) == 3
    assert weed.SECRET not in caplog.text + "".join(told)
    told.clear()
    with sources.resolve(f"s3://{bucket}/food/raw", home, told.append) as source:
        assert source.fingerprint == first
    assert not any(text.startswith("Downloading") for text in told)


def test_a_changed_object_is_downloaded_again(s3_server: weed.Server, bucket: str, tmp_path: Path) -> None:
    sender, home = s3_server.client(), tmp_path / "home"
    for table, rows in {"RAW_recipes": [{}], "RAW_interactions": [{}]}.items():
        content = (write(tmp_path / "a", **{table: rows}) / f"{table}.csv").read_bytes()
        sender.put_object(Bucket=bucket, Key=f"moving/{table}.csv", Body=content)
    before = sources.resolve(f"s3://{bucket}/moving", home)
    sender.put_object(Bucket=bucket, Key="moving/RAW_recipes.csv", Body=",".join(RECIPE).encode())
    after = sources.resolve(f"s3://{bucket}/moving", home)
    assert before.files["RAW_interactions"] == after.files["RAW_interactions"]
    assert after.files["RAW_recipes"][0].read_text() == ",".join(RECIPE)
    assert before.files["RAW_recipes"][0].read_text() != ",".join(RECIPE)


def test_credentials_and_endpoint_from_the_environment(
    bucket: str, s3_server: weed.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_PROFILE")
    use(monkeypatch, tmp_path / "no-credentials")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", weed.KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", weed.SECRET)
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        with monkeypatch.context() as patch:
            patch.setenv(name, s3_server.endpoint)
            with sources.resolve(f"s3://{bucket}/food/raw", tmp_path / "home") as source:
                assert len(source.files) == 3


def test_wrong_keys(bucket: str, s3_server: weed.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, home = f"s3://{bucket}/food/raw", tmp_path / "home"
    use(monkeypatch, weed.write_profile(tmp_path / "secret", s3_server.port, secret="wrong-secret"))
    said = fails(source, home, "the secret key is not the one that belongs to the access key")
    assert "wrong-secret" not in said
    use(monkeypatch, weed.write_profile(tmp_path / "key", s3_server.port, key="wrong-key"))
    assert "wrong-key" not in fails(source, home, "the server does not know the access key")


def test_no_credentials(bucket: str, s3_server: weed.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, tmp_path / "nothing")
    source, home = f"s3://{bucket}/food/raw", tmp_path / "home"
    fails(source, home, "profile food is in neither the credentials file nor the configuration file")
    monkeypatch.delenv("AWS_PROFILE")
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server.endpoint)
    fails(source, home, "there are no complete credentials; set AWS_PROFILE")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", weed.KEY)
    fails(source, home, "there are no complete credentials; set AWS_PROFILE")


def test_what_is_not_there(bucket: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    fails("s3://nowhere-at-all/food", home, "s3://nowhere-at-all/food cannot be read: there is no such bucket")
    fails(f"s3://{bucket}/empty", home, r"s3://mangetamain/empty has no RAW_recipes.csv .* no other data file")
    fails(
        f"s3://{bucket}/partial", home, r"partial has no RAW_interactions.csv .* nearest file there is RAW_recipes.csv"
    )


@pytest.mark.parametrize(
    ("otherwise", "message"),
    [
        (lambda each: {"key": f"gone/{each.name}"}, "the object is no longer there"),
        (lambda each: {"etag": "0" * 32}, "the object changed while it was read"),
        (lambda each: {"size": each.size + 1}, r"RAW_recipes.csv: \d+ bytes arrived of the \d+ that were ann"),
    ],
    ids=["gone", "changed", "cut short"],
)
def test_an_object_that_is_not_what_the_list_said(
    bucket: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    otherwise: Callable[[s3.Remote], dict[str, Any]],
    message: str,
) -> None:
    honest = s3._list

    def stale(*args: object) -> Iterator[s3.Remote]:
        return (replace(each, **otherwise(each)) for each in honest(*args))  # type: ignore[arg-type]

    monkeypatch.setattr(s3, "_list", stale)
    fails(f"s3://{bucket}/food/raw", tmp_path / "home", message)


def test_the_server_goes_in_the_middle_of_a_body(
    bucket: str, s3_server: weed.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with weed.cutting_proxy(s3_server.port, after=200_000) as port:
        use(monkeypatch, weed.write_profile(tmp_path / "profile", port))
        home = tmp_path / "home"
        with pytest.raises(BadSource, match="the server was lost while it was sending"):
            sources.resolve(f"s3://{bucket}/food/raw", home)
    # Whole objects that came before may stay; of the one that was cut there is nothing.
    assert [path.name for path in home.rglob("*") if path.is_file()] == ["RAW_recipes.csv"]
    use(monkeypatch, s3_server.profile)
    with sources.resolve(f"s3://{bucket}/food/raw", home) as source:
        assert len(source.files) == 3


def test_a_server_that_is_killed(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "weed"
    folder.mkdir()
    with weed.serving(folder) as server:
        use(monkeypatch, server.profile)
        fails("s3://anything/food", tmp_path / "home", "there is no such bucket")
    fails("s3://anything/food", tmp_path / "home", f"no server answers at 127.0.0.1:{server.port}")


def test_objects_are_what_they_are(s3_server: weed.Server, bucket: str, tmp_path: Path) -> None:
    sender, folder = s3_server.client(), write(tmp_path / "food", RAW_interactions=[{}, {}])
    recipes, reviews = ((folder / f"{name}.csv").read_bytes() for name in ("RAW_recipes", "RAW_interactions"))

    def put(prefix: str, **objects: bytes) -> str:
        for name, content in objects.items():
            sender.put_object(Bucket=bucket, Key=f"{prefix}/{name}", Body=content)
        return f"s3://{bucket}/{prefix}"

    parts = {"a/RAW_interactions.csv/part-0.csv": reviews, "a/RAW_interactions.csv/part-1": gzip.compress(reviews)}
    with sources.resolve(put("parts", **{"a/RAW_recipes.CSV": recipes, **parts}), tmp_path / "home") as source:
        counts = ingest.load(duckdb.connect(), source, None)
        assert [(count.tbl, count.loaded) for count in counts] == [
            ("RAW_recipes", 1), ("RAW_interactions", 2), ("RAW_interactions", 2)
        ]  # fmt: skip
    for prefix, objects, message in (
        ("pointer", {"RAW_recipes.csv": b"version https://git-lfs.github.com/spec/v1\n"}, "is a Git LFS pointer"),
        ("halves", {"a/RAW_recipes.csv": recipes}, "in different folders"),
        (
            "other",
            {"recipes.csv": b"RecipeId,Name,AuthorId\n", "reviews.csv": b"ReviewId,RecipeId\n"},
            "holds the other Food.com set",
        ),
    ):
        with pytest.raises(BadSource, match=message):
            sources.resolve(put(prefix, **objects, **{"RAW_interactions.csv": reviews}), tmp_path / "home")
