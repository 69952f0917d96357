"""A real S3 server for tests: SeaweedFS on free loopback ports."""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEY, SECRET = "app-key", "app-secret-0123456789"


@dataclass(frozen=True)
class Server:
    """Where the server listens, and the profile that may use it."""

    port: int
    profile: Path

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> S3Client:
        """Make a client, in a fresh session: the default one remembers the environment of whoever came first."""
        import boto3

        return boto3.Session().client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )


def weed() -> str | None:
    """Find the program beside the Python that runs the tests, or on the path."""
    beside = Path(sys.executable).parent / "weed"
    return str(beside) if beside.exists() else shutil.which("weed")


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Run a server on an empty folder until the block ends."""
    config = folder / "s3.json"
    identity = {
        "name": "app",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    config.write_text(json.dumps({"identities": [identity]}))
    ports = free_ports(10)
    command = [
        str(weed()), "-logtostderr=true", "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        f"-s3.config={config}", "-s3.port.https=0", "-s3.port.iceberg=0", "-s3.port.lance=0", "-webdav=false",
        "-admin.ui=false", "-master.telemetry=false",
        *(f"-{name}={port}" for name, port in zip(
            ("s3.port", "s3.port.grpc", "master.port", "master.port.grpc", "volume.port", "volume.port.grpc",
             "filer.port", "filer.port.grpc", "admin.port", "admin.port.grpc"), ports, strict=True)),
    ]  # fmt: skip
    with (folder / "weed.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        wait_until_ready(process, ports[0], folder / "weed.log")
        yield Server(ports[0], write_profile(folder / "profile", ports[0]))
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def write_profile(path: Path, port: int, key: str = KEY, secret: str = SECRET) -> Path:
    """Write an INI profile as users of a private store have it."""
    path.write_text(
        f"[food]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n"
        f"endpoint_url = http://127.0.0.1:{port}\nregion = garage-fast\n"
    )
    return path


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on; with each, its gRPC neighbour is left alone."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait for the answer that an unsigned request gets: 403."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/")
            if connection.getresponse().status == 403:
                return
        time.sleep(0.1)
    raise RuntimeError(f"SeaweedFS did not start: {log.read_text(errors='replace')[-2000:]}")


@contextlib.contextmanager
def cutting_proxy(port: int, after: int, host: str = "127.0.0.1") -> Iterator[int]:
    """Pass connections on to a port, and cut each once the server has sent so many bytes; yield the proxy's port."""
    with socket.create_server((host, 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener, port, after), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _accept(listener: socket.socket, port: int, after: int) -> None:
    with contextlib.suppress(OSError):
        while True:
            client = listener.accept()[0]
            server = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_pass, args=(client, server, None), daemon=True).start()
            threading.Thread(target=_pass, args=(server, client, after), daemon=True).start()


def _pass(source: socket.socket, target: socket.socket, limit: int | None) -> None:
    passed = 0
    with contextlib.suppress(OSError):
        while chunk := source.recv(1 << 14):
            target.sendall(chunk)
            passed += len(chunk)
            if limit is not None and passed > limit:
                break
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
