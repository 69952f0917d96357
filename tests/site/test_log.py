"""What the site's log keeps of requests and of what readers do, and what it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mangetamain.themes import theme
from tests.site.conftest import Server, only, served
from tests.waiting import PATIENCE, eventually

PERSONAL = ("s3cret", "alice", "Spy/1.0", "203.0.113.9", "127.0.0.1", "biscuit")
HEADERS = {"User_Agent": "Spy/1.0", "Cookie": "who=biscuit", "X_Forwarded_For": "203.0.113.9",
           "Authorization": "token s3cret"}  # fmt: skip
QUERY = "?chosen=alice%40example.org&token=s3cret"
# A site that logs to standard output, and a kernel beside it that has something to say.
SITE_AND_KERNEL = """
import logging, os
from pathlib import Path
from jupyter_client.manager import start_new_kernel
from mangetamain import logs
from mangetamain.warehouse import state_home
logs.start("site", state_home() / "logs")
logging.getLogger("mangetamain.requests").info("request")
manager, client = start_new_kernel()
reply = client.execute_interactive('''
import mangetamain as mm
import logging
mm.panel(mm.level, mm.connect())
logging.getLogger("mangetamain").info("shown")
''', timeout=600, output_hook=lambda message: None)
assert reply["content"]["status"] == "ok", reply
client.stop_channels()
manager.shutdown_kernel(now=True)
"""


def lines(path: Path, **wanted: object) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]] if path.exists() else []
    return [line for line in found if all(line.get(name) == value for name, value in wanted.items())]


def test_a_request_has_its_line_and_its_maker_none(tiny_home: Path, tmp_path: Path) -> None:
    env = {"MANGETAMAIN_STATE": str(tmp_path), **only(tmp_path / "pages", "trends")}
    with served(tiny_home, base="/cooking/", env=env, rendered=True) as site:
        eventually(lambda: site.get("/cooking/trends").status == 200)
        for path in ("", "trends", "nowhere", "assets/mangetamain.css", "answer/level"):
            site.get(f"/cooking/{path}{QUERY}", **HEADERS)
    written = lines(tmp_path / "logs" / "debug.log", message="request")
    seen = {line["path"]: line for line in written if line["path"] != "/cooking/health"}
    told = {path: (line["level"], line["method"], line["status"], line.get("page")) for path, line in seen.items()}
    assert told == {
        "/cooking/": ("INFO", "GET", 200, "landing"),
        "/cooking/trends": ("INFO", "GET", 200, "trends"),
        "/cooking/nowhere": ("INFO", "GET", 404, None),
        "/cooking/assets/mangetamain.css": ("DEBUG", "GET", 200, None),
        "/cooking/answer/level": ("INFO", "GET", 400, None),
    }
    assert min(line["ms"] for line in written) > 0
    assert {line["environment"] for line in written} == {"PREPROD"}
    whole = "".join(path.read_text() for path in (tmp_path / "logs").glob("*.log"))
    assert [word for word in PERSONAL if word in whole] == []


def test_of_an_answer_it_is_kept_what_was_chosen_and_no_word_of_the_readers(tiny_home: Path, tmp_path: Path) -> None:
    asked = "answer/term_curve?chosen=alice,bob@example.org&kind=tag&among=easy&lang=fr&part=table"
    with served(tiny_home, env={"MANGETAMAIN_STATE": str(tmp_path)}) as site:
        site.get(f"/{asked}", **HEADERS)
    [line] = lines(tmp_path / "logs" / "debug.log", message="answer asked")
    assert (line["question"], line["part"], line["lang"]) == ("term_curve", "table", "fr")
    assert line["given"]["kind"] == "tag"
    assert line["given"]["chosen"] == {"words": 2, "characters": len("alice,bob@example.org")}
    assert set(line["given"]["among"]) == {"words", "characters"}
    whole = "".join(path.read_text() for path in (tmp_path / "logs").glob("*.log"))
    assert [word for word in ("bob", *PERSONAL) if word in whole] == []


def test_a_fault_is_one_line_of_the_error_file_without_its_maker(tiny_home: Path, tmp_path: Path) -> None:
    fault = "import mangetamain.site.requests.handlers as h; h.LandingHandler.get = lambda self: 1 / 0"
    with served(tiny_home, env={"MANGETAMAIN_STATE": str(tmp_path)}, before=fault) as site:
        assert site.get(f"/{QUERY}", **HEADERS).status == 500
    [line] = lines(tmp_path / "logs" / "error.log")
    assert "ZeroDivisionError" in line["traceback"]
    assert "\n" in line["traceback"]
    assert [word for word in PERSONAL if word in json.dumps(line)] == []
    [request] = lines(tmp_path / "logs" / "debug.log", message="request", status=500)
    assert request["level"] == "WARNING"


def test_production_keeps_pages_and_leaves_out_what_they_are_made_of(tiny_home: Path, tmp_path: Path) -> None:
    with served(tiny_home, env={"MANGETAMAIN_STATE": str(tmp_path), "APP_ENV": "prod"}) as site:
        site.get("/")
        site.get("/assets/mangetamain.css")
    assert [line["path"] for line in lines(tmp_path / "logs" / "debug.log", message="request")] == ["/"]


def test_a_log_that_cannot_be_written_is_told_once_and_breaks_nothing(tiny_home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    state, pages = str(tmp_path / "file"), only(tmp_path / "pages", "trends")

    def visit(site: Server) -> None:
        assert site.get("/").status == 200
        eventually(lambda: site.get("/trends").status == 200)
        assert site.get("/trends").text.count('class="mm-cell"') == len(theme("trends").asked)
        assert site.get("/answer/level?years=2004-2005").status == 200

    # The server's one line is one too many for the fixture, which shows what it was.
    with (
        pytest.raises(AssertionError, match=r"no log is written: .*/file/logs cannot be used \(not a directory\)"),
        served(tiny_home, env={"MANGETAMAIN_STATE": state, **pages}, rendered=True) as site,
    ):
        visit(site)


def test_in_a_container_the_site_and_its_kernels_log_to_standard_output_too(tiny_home: Path, tmp_path: Path) -> None:
    env = {**os.environ, "MANGETAMAIN_DATA": str(tiny_home), "MANGETAMAIN_STATE": str(tmp_path),
           "MANGETAMAIN_LOG_STDOUT": "yes"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SITE_AND_KERNEL], env=env, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["process"], line["message"]) for line in told] == [("site", "request"), ("kernel", "shown")]
    assert told == lines(tmp_path / "logs" / "debug.log")
