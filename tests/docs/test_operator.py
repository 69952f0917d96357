"""What operators copy from the handbook is there: commands with their options, services, examples."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main
import yaml

from mangetamain.cli.app import app
from tests.conftest import ROOT

PAGES = [ROOT / "docs" / f"{name}.md" for name in ("deploy", "operate")]
SERVICES = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text("utf-8"))["services"]
COMPOSE = "docker compose -f docker/compose.yaml"


def commands(page: Path) -> list[list[str]]:
    """Return the words of each command of ours or of compose that a page has people type."""
    blocks = re.findall(r"^    (\S.*)$", page.read_text("utf-8"), re.MULTILINE)
    parts = [part for line in blocks for part in re.split(r" && | [<>]", line)]
    lines = [re.sub(r"^(\w+=(\$\(.*?\)|\S+) )+", "", part) for part in parts]
    return [shlex.split(line, comments=True) for line in lines if line.startswith(("mangetamain ", COMPOSE))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_that_is_to_be_typed_exists(page):
    known = typer.main.get_command(app).commands
    typed = [words for words in commands(page) if words[0] == "mangetamain"]
    assert len(typed) > 5
    for _, name, *rest in typed:
        options = {option for each in known[name].params for option in each.opts}
        assert {word for word in rest if word.startswith("--")} <= options, f"mangetamain {name}"


def services(verb: str, *words: str) -> set[str]:
    """Return the services that a compose command names; after that of `run` and `exec` follows what is run in it."""
    named = [word for word in words if not word.startswith("-")]
    return set(named if verb == "build" else named[:1])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_service_that_compose_is_asked_for_exists(page):
    asked = [words[len(COMPOSE.split()) :] for words in commands(page) if words[0] == "docker"]
    assert len(asked) > 1
    assert set().union(*(services(*words) for words in asked)) <= SERVICES.keys()


def test_every_example_is_told_of_and_there():
    told = "\n".join(page.read_text("utf-8") for page in PAGES)
    there = {path.name for path in (ROOT / "docker" / "examples").iterdir()}
    assert {name for name in there if name not in told} == set()
    assert set(re.findall(r"docker/examples/([\w-]+\.\w+)", told)) <= there
