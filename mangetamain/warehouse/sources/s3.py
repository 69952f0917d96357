"""Fetches the official files of a bucket into a cache of whole objects, each named by its ETag."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from mangetamain.errors import BadSource
from mangetamain.language import Number, plural, say
from mangetamain.warehouse.sources.official import MOST_ENTRIES, Entry, choose
from mangetamain.warehouse.sources.s3_errors import explained, interruptions

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CHUNK_BYTES = 1 << 20
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 20, 3  # a server that is lost is given up after 75 seconds


@dataclass(frozen=True)
class Remote:
    """One object of a bucket."""

    key: str
    etag: str
    size: int

    @property
    def name(self) -> str:
        """Return the file name in its key."""
        return self.key.rpartition("/")[2]


def fetch(source: str, cache: Path, tell: Callable[[str], None]) -> tuple[str, dict[str, list[Path]]]:
    """Download the official files under a prefix, unless the cache has them already.

    Credentials, region and endpoint come from the profile (`AWS_PROFILE`, `AWS_SHARED_CREDENTIALS_FILE`,
    `AWS_CONFIG_FILE`, with `endpoint_url`) or from the environment, as for any S3 client.

    Parameters
    ----------
    source
        `s3://bucket/prefix`.
    cache
        The folder of downloaded objects.
    tell
        Told what is being done.

    Returns
    -------
    tuple
        The source as people may be shown it, and the local file of each official table, or its parts.

    Raises
    ------
    BadSource
        The address, the credentials, the bucket or the connection do not serve.
    """
    bucket, prefix = _split(source)
    label = f"s3://{bucket}/{prefix}".rstrip("/")
    with explained(label):
        client = _client()
        tell(str(say("Listing {label}", label=label)))
        listed = islice(_list(client, bucket, prefix), MOST_ENTRIES + 1)
        remotes = {remote.key.removeprefix(prefix): remote for remote in listed}
        found = choose(map(Entry, remotes), label)
        cache.mkdir(parents=True, exist_ok=True)
        for half in cache.glob("*/.*"):  # what a killed build had of an object: only one build runs at a time
            half.unlink(missing_ok=True)
        return label, {
            table: [_cached(client, bucket, remotes[entry.path], cache, tell) for entry in entries]
            for table, entries in found.items()
        }


def _split(source: str) -> tuple[str, str]:
    """Take a bucket and a prefix that ends with a slash out of an address."""
    bucket, _, prefix = source.removeprefix("s3://").partition("/")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}", bucket):
        # The address is not repeated: who writes user:secret@bucket should not read it again in a log.
        raise BadSource(
            "The bucket's name is not one; a source in S3 is written s3://bucket/prefix, and credentials belong in a "
            "profile (AWS_PROFILE) or in the environment"
        )
    prefix = prefix.strip("/")
    return bucket, prefix + "/" if prefix else ""


def _client() -> S3Client:
    """Make a client of the user's profile; no wait of it is without an end."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise BadSource("Reading from S3 needs boto3, which is not installed: pip install 'mangetamain[s3]'") from None
    session = boto3.Session()
    region = session.region_name or os.environ.get("AWS_REGION") or "us-east-1"
    # Many servers have one host for all buckets, and know none of the checksums that boto3 sends of itself since 1.36.
    config = Config(
        s3={"addressing_style": "path"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return session.client("s3", region_name=region, config=config)


def _list(client: S3Client, bucket: str, prefix: str) -> Iterator[Remote]:
    """List the objects under a prefix, but for the markers that stand for folders."""
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for entry in page.get("Contents", []):
            if not entry["Key"].endswith("/"):
                yield Remote(entry["Key"], entry["ETag"].strip('"'), entry["Size"])


def _cached(client: S3Client, bucket: str, remote: Remote, cache: Path, tell: Callable[[str], None]) -> Path:
    """Return the local copy of an object, downloaded if need be; its folder is named by content, the file by name."""
    folder = cache / re.sub(r"[^0-9A-Za-z-]", "_", remote.etag)
    target = folder / remote.name
    if target.is_file() and target.stat().st_size == remote.size:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    megabytes = Number(remote.size / 1e6, 1)
    tell(str(say("Downloading {file} ({megabytes} MB)", file=remote.name, megabytes=megabytes)))
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _download(client, bucket, remote, target)
            break
        except interruptions():
            if attempt == ATTEMPTS:
                raise
    return target


def _download(client: S3Client, bucket: str, remote: Remote, target: Path) -> None:
    """Write an object under a temporary name, check its size, and give it its name."""
    handle, name = tempfile.mkstemp(prefix=".", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            # An object that was changed since it was listed is refused; half of each would be of neither.
            body = client.get_object(Bucket=bucket, Key=remote.key, IfMatch=f'"{remote.etag}"')["Body"]
            with contextlib.closing(body):
                for chunk in body.iter_chunks(CHUNK_BYTES):
                    out.write(chunk)
            out.flush()
            os.fsync(out.fileno())  # before the name, which later builds take for the whole object
        received = part.stat().st_size
        if received != remote.size:
            raise BadSource(
                plural(
                    "{file}: {n} byte arrived of the {size} that were announced",
                    "{file}: {n} bytes arrived of the {size} that were announced",
                ),
                file=remote.name,
                n=received,
                size=remote.size,
            )
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
