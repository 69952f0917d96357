"""Sources in S3 as a test asks for them: by a profile, and in vain."""

from __future__ import annotations

from pathlib import Path

import pytest

from mangetamain.errors import BadSource
from mangetamain.warehouse import sources
from tests.warehouse.s3 import weed


def use(monkeypatch: pytest.MonkeyPatch, profile: Path) -> None:
    """Let a file of profiles be the user's."""
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profile))


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
