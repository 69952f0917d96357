"""Sources in S3 that no real server is asked for: what other servers answer, and what does not get as far as one."""

from __future__ import annotations

import contextlib
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.warehouse.s3 import weed
from tests.warehouse.s3.asking import fails, use


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
    with answering(Garage) as host:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}")
        fails("s3://bucket/food", tmp_path / "home", said)


@pytest.mark.parametrize(
    ("region", "said"), [("eu-west-3", "region is eu-west-3; set AWS_REG"), ("", "set AWS_REGION")]
)
def test_a_bucket_of_another_region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, region: str, said: str) -> None:
    monkeypatch.setattr(Garage, "code", "PermanentRedirect")
    monkeypatch.setattr(Elsewhere, "region", region)
    with answering(Elsewhere) as host:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}")
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


def test_without_boto3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    fails("s3://bucket/food", tmp_path / "home", r"boto3, which is not installed: pip install 'mangetamain\[s3\]'")


@pytest.mark.parametrize("source", ["s3://", "s3://key:secret@bucket/food", "s3:///food", "s3://bad bucket/x"])
def test_an_address_that_is_none_is_not_repeated(source: str, tmp_path: Path) -> None:
    assert "secret" not in fails(source, tmp_path / "home", "a source in S3 is written s3://bucket/prefix")


def test_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = weed.free_ports(1)
    use(monkeypatch, weed.write_profile(tmp_path / "profile", port))
    fails("s3://bucket/food", tmp_path / "home", f"no server answers at 127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://user:{weed.SECRET}@127.0.0.1:{port}")
    fails("s3://bucket/food", tmp_path / "home", "cannot be read: ")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "no address")
    fails("s3://bucket/food", tmp_path / "home", r"the S3 configuration does not serve \(ValueError\)")
