from __future__ import annotations

import contextlib
import gzip
import logging
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from mangetamain.errors import BadSource
from mangetamain.warehouse import sources
from mangetamain.warehouse.ingest import load as ingest
from mangetamain.warehouse.sources import s3
from tests.warehouse import weed
from tests.warehouse.files import RECIPE, write

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Long enough to be cut in the middle of its body.
REVIEWS = [{"user_id": str(n), "review": "x" * 500} for n in range(4000)]


@pytest.fixture(autouse=True)
def profile(s3_server: weed.Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> weed.Server:
    """Credentials from a profile, and from nowhere else."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION",
                 "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_PROFILE", "food")
    use(monkeypatch, s3_server.profile)
    monkeypatch.setattr(s3, "CONNECT_SECONDS", 60)
    monkeypatch.setattr(s3, "READ_SECONDS", 60)
    return s3_server


def use(monkeypatch: pytest.MonkeyPatch, profile: Path) -> None:
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profile))


def client(server: weed.Server) -> S3Client:
    import boto3

    # A fresh session: the default one remembers the environment of whoever came first.
    return boto3.Session().client(
        "s3",
        endpoint_url=server.endpoint,
        aws_access_key_id=weed.KEY,
        aws_secret_access_key=weed.SECRET,
        region_name="us-east-1",
    )


@pytest.fixture(scope="module")
def bucket(s3_server: weed.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A bucket with a whole source under food/raw and a partial one under partial."""
    folder = write(tmp_path_factory.mktemp("source") / "food", RAW_interactions=REVIEWS, PP_users=[{}])
    sender = client(s3_server)
    sender.create_bucket(Bucket="mangetamain")
    for file in folder.iterdir():
        sender.upload_file(str(file), "mangetamain", f"food/raw/{file.name}")
    sender.upload_file(str(folder / "RAW_recipes.csv"), "mangetamain", "partial/RAW_recipes.csv")
    return "mangetamain"


def fails(source: str, home: Path, message: str) -> str:
    """Resolve a source that must fail with a sentence, and leave nothing behind."""
    with pytest.raises(BadSource, match=message) as caught:
        sources.resolve(source, home)
    said = str(caught.value)
    assert weed.SECRET not in said
    assert weed.KEY not in said
    assert "\n" not in said
    assert [path for path in home.rglob("*") if path.is_file()] == []
    assert list((home / "cache").glob("ingest-*")) == []
    return said


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
        etag = client(s3_server).head_object(Bucket=bucket, Key="food/raw/PP_users.csv")["ETag"].strip('"')
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
    sender, home = client(s3_server), tmp_path / "home"
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


def test_an_object_that_goes_before_it_is_fetched(
    bucket: str, s3_server: weed.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = s3._list

    def stale(*args: object) -> Iterator[s3.Remote]:
        return (s3.Remote(f"gone/{each.name}", each.etag, each.size) for each in honest(*args))  # type: ignore[arg-type]

    monkeypatch.setattr(s3, "_list", stale)
    fails(f"s3://{bucket}/food/raw", tmp_path / "home", "the object is no longer there")


def test_an_object_that_changes_while_it_is_fetched(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = s3._list

    def stale(*args: object) -> Iterator[s3.Remote]:
        return (s3.Remote(each.key, "0" * 32, each.size) for each in honest(*args))  # type: ignore[arg-type]

    monkeypatch.setattr(s3, "_list", stale)
    fails(f"s3://{bucket}/food/raw", tmp_path / "home", "the object changed while it was read")


@pytest.mark.parametrize("source", ["s3://", "s3://key:secret@bucket/food", "s3:///food", "s3://bad bucket/x"])
def test_an_address_that_is_none_is_not_repeated(source: str, tmp_path: Path) -> None:
    assert "secret" not in fails(source, tmp_path / "home", "a source in S3 is written s3://bucket/prefix")


def test_nobody_answers(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = weed.free_ports(1)
    use(monkeypatch, weed.write_profile(tmp_path / "profile", port))
    fails(f"s3://{bucket}/food/raw", tmp_path / "home", f"no server answers at 127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://user:{weed.SECRET}@127.0.0.1:{port}")
    fails(f"s3://{bucket}/food/raw", tmp_path / "home", "cannot be read: ")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "no address")
    fails(f"s3://{bucket}/food/raw", tmp_path / "home", r"the S3 configuration does not serve \(ValueError\)")


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


def test_fewer_bytes_than_announced(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = s3._list

    def larger(*args: object) -> Iterator[s3.Remote]:
        return (s3.Remote(each.key, each.etag, each.size + 1) for each in honest(*args))  # type: ignore[arg-type]

    monkeypatch.setattr(s3, "_list", larger)
    fails(f"s3://{bucket}/food/raw", tmp_path / "home", r"RAW_recipes.csv: \d+ bytes arrived of the \d+ that were ann")


class Garage(BaseHTTPRequestHandler):
    """Answers as Garage does to a region that is not its own."""

    code = message = ""

    def do_GET(self) -> None:
        body = f"<Error><Code>{self.code}</Code><Message>{self.message}</Message></Error>".encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.mark.parametrize(
    ("code", "message", "said"),
    [
        (
            "AuthorizationHeaderMalformed",
            "the region 'x' is wrong; expecting 'garage-fast'",
            "region is garage-fast; set",
        ),
        (
            "AuthorizationHeaderMalformed",
            "Authorization header malformed",
            "the region is not the server's; set AWS_REG",
        ),
        ("SlowDownALot", "strange", "cannot be read: SlowDownALot"),
    ],
)
def test_what_other_servers_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, message: str, said: str
) -> None:
    monkeypatch.setattr(Garage, "code", code)
    monkeypatch.setattr(Garage, "message", message)
    with ThreadingHTTPServer(("127.0.0.1", 0), Garage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        use(monkeypatch, weed.write_profile(tmp_path / "profile", server.server_address[1]))
        fails("s3://bucket/food", tmp_path / "home", said)
        server.shutdown()


def test_without_boto3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    fails("s3://bucket/food", tmp_path / "home", r"boto3, which is not installed: pip install 'mangetamain\[s3\]'")


class Elsewhere(Garage):
    """Answers that the bucket is in another region, which it names or not."""

    region = ""

    def send_response(self, code: int, message: str | None = None) -> None:
        super().send_response(301, message)
        if self.region:
            self.send_header("x-amz-bucket-region", self.region)

    def do_HEAD(self) -> None:
        self.send_response(301)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextlib.contextmanager
def answering(handler: type[Garage], folder: Path | None = None) -> Iterator[str]:
    """Run a server, with a certificate that nobody trusts where a folder is given; yield its host and port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if folder:
            command = (
                "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out certificate -days 2 -subj /CN=127.0.0.1"
            )
            subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "certificate", folder / "key")
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(
    ("region", "said"), [("eu-west-3", "region is eu-west-3; set AWS_REG"), ("", "set AWS_REGION")]
)
def test_a_bucket_of_another_region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, region: str, said: str) -> None:
    monkeypatch.setattr(Garage, "code", "PermanentRedirect")
    monkeypatch.setattr(Elsewhere, "region", region)
    with answering(Elsewhere) as host:
        use(monkeypatch, weed.write_profile(tmp_path / "profile", int(host.rpartition(":")[2])))
        fails("s3://bucket/food", tmp_path / "home", said)


def test_a_clock_that_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Garage, "code", "RequestTimeTooSkewed")
    with answering(Garage) as host:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://{host}")
        fails("s3://bucket/food", tmp_path / "home", "cannot be read: this machine's clock is wrong")


def test_tls_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(Garage) as host:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"https://{host}")
        fails("s3://bucket/food", tmp_path / "home", f"there is no TLS at {host}; write its endpoint with http://")
    with answering(Garage, tmp_path) as host:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"https://{host}")
        fails("s3://bucket/food", tmp_path / "home", f"the certificate of {host} is not trusted; set AWS_CA_BUNDLE")
        monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "nowhere.pem"))
        fails("s3://bucket/food", tmp_path / "home", r"the file of certificates .*nowhere.pem, .* is missing")


def test_a_proxy_that_is_dead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = weed.free_ports(1)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://storage.invalid")
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://user:{weed.SECRET}@127.0.0.1:{port}")
    fails("s3://bucket/food", tmp_path / "home", "the proxy that HTTPS_PROXY or HTTP_PROXY names does not answer")


def test_objects_are_what_they_are(s3_server: weed.Server, bucket: str, tmp_path: Path) -> None:
    sender, folder = client(s3_server), write(tmp_path / "food", RAW_interactions=[{}, {}])
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
