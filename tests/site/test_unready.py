"""A proxy that has another site to ask is told when this one is not ready; nobody else is."""

from __future__ import annotations

import json
from pathlib import Path

from tests.site.conftest import served
from tests.waiting import eventually

PROVED = "import mangetamain.site.health.readiness as r; r.Readiness.reason = lambda self: ''"


def test_who_asks_of_a_ready_site_alone_is_sent_away_until_it_is(tiny_home: Path) -> None:
    with served(tiny_home) as site:
        for path in ("/", "/trends", "/answer/level", "/assets/page.js", "/ready", "/health", "/nowhere"):
            assert site.get(path, Only_When="ready").status == 502, path
        assert site.get("/").status == site.get("/answer/level").status == 200, "who has nobody else is served"
        assert site.get("/", Only_When="").status == 200
        assert site.get("/", Only_When="ready", Host="other.example").status == 421, "not the site's name"
    with served(tiny_home, before=PROVED) as site:
        assert site.get("/", Only_When="ready").status == 200


def test_a_request_that_another_site_answers_is_not_counted_here(tiny_home: Path, tmp_path: Path) -> None:
    with served(tiny_home, env={"MANGETAMAIN_STATE": str(tmp_path)}) as site:
        site.get("/trends", Only_When="ready")
        eventually(lambda: '"/trends"' in site.log)  # a line is written once the answer is out
        lines = [json.loads(line) for line in site.log.splitlines()]
    [line] = [line for line in lines if line.get("path") == "/trends"]
    assert (line["status"], line["level"]) == (502, "DEBUG")
