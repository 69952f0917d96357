"""Who tells people of a site that is down, without GitHub: systemd's units and cron's line, as they are written."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.delivery.conftest import Peer

EXAMPLES = ROOT / "docker" / "examples"
BIN = Path(sys.executable).parent


def unit(name: str) -> str:
    """Read systemd's example."""
    return (EXAMPLES / f"mangetamain-monitor.{name}").read_text("utf-8")


def by_systemd() -> tuple[dict[str, str], str]:
    """Return the variables that the unit gives, and its command."""
    words = re.findall(r"^Environment=(.+)$", unit("service"), re.MULTILINE)
    (command,) = re.findall(r"^ExecStart=(.+)$", unit("service"), re.MULTILINE)
    return dict(word.split("=", 1) for line in words for word in shlex.split(line)), command


def by_cron() -> tuple[dict[str, str], str]:
    """Return the variables that cron's file sets, and its command, without its times and its account."""
    lines = [line for line in unit("cron").splitlines() if line and not line.startswith("#")]
    given = dict(line.split("=", 1) for line in lines if re.match(r"\w+=", line))
    (command,) = (line.split(None, 6)[6] for line in lines if line.startswith("*"))
    return {name: value.strip('"') for name, value in given.items()}, command


@pytest.fixture
def peers() -> Iterator[tuple[Peer, Peer, Peer]]:
    """Two sites, and where messages go."""
    preprod, prod, webhook = Peer(), Peer(), Peer()
    preprod.site()
    prod.site(environment="PROD")
    webhook.say("/hook", {})
    yield preprod, prod, webhook
    for each in (preprod, prod, webhook):
        each.close()


@pytest.mark.parametrize("scheduled", [by_systemd, by_cron])
def test_a_site_that_goes_down_is_told_once_and_so_is_its_return(scheduled, peers, tmp_path):
    preprod, prod, webhook = peers
    channels, state = tmp_path / "channels", str(tmp_path / "state")
    channels.write_text(f"# where people read\njson://127.0.0.1:{webhook.port}/hook\n")
    here = {
        "http://127.0.0.1:8500": preprod.url, "http://127.0.0.1:8501": prod.url,
        "/opt/mangetamain/.venv/bin": str(BIN), "logger -t mangetamain-monitor": "cat",
        "%S/mangetamain-monitor": state, "/var/lib/mangetamain-monitor": state,
        "%d/channels": str(channels), "/etc/mangetamain/channels": str(channels),
    }  # fmt: skip

    def moved(text: str) -> str:
        for written, place in here.items():
            text = text.replace(written, place)
        return text

    variables, command = scheduled()
    # What systemd and cron give: no shell's settings, and here an account without a home.
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"} | {n: moved(v) for n, v in variables.items()}

    def look() -> tuple[str, list[str]]:
        before = len(webhook.asked)
        words = ["sh", "-c", moved(command)]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120)
        return done.stdout + done.stderr, [json.loads(body)["title"] for _, body in webhook.asked[before:]]

    assert look()[1] == []
    prod.site(environment="PROD", ready=False, reason="The site has no data.")
    said, told = look()
    assert ("prod is unhealthy" in said, told) == (True, ["PROD: the site is down"])
    assert look()[1] == []
    prod.site(environment="PROD")
    assert look()[1] == ["PROD: the site is back"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd to read its units with")
def test_systemd_understands_the_units(tmp_path):
    for name in ("service", "timer"):
        text = unit(name).replace("/opt/mangetamain/.venv/bin/mangetamain", str(BIN / "mangetamain"))
        (tmp_path / f"mangetamain-monitor.{name}").write_text(text)
    words = ["systemd-analyze", "verify", *tmp_path.iterdir()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
