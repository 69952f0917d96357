"""Workflows: each command that they run is one of ours, each action is pinned; `make check` runs the checkers."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer.main
import yaml

from mangetamain.cli.app import app
from tests.conftest import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
PINNED = re.compile(r"uses: (?P<action>[\w./-]+)@(?P<hash>[0-9a-f]{40}) # v\d+\.\d+\.\d+$")
# What a runner has beside our own commands.
OF_THE_MACHINE = {"docker", "test"}


def jobs(path: Path) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load(path.read_text("utf-8"))["jobs"].values()


def commands() -> Iterator[tuple[str, list[str]]]:
    """Each command of each workflow, word by word."""
    for path in WORKFLOWS:
        for job in jobs(path):
            for step in job["steps"]:
                for line in step.get("run", "").splitlines():
                    yield path.stem, shlex.split(line.partition("<<<")[0].partition(">>")[0])


def test_every_action_is_pinned_by_hash_and_the_same_everywhere():
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for line in path.read_text("utf-8").splitlines():
            if "uses:" in line:
                found = PINNED.search(line)
                assert found, f"{path.name}: {line}"
                pins.setdefault("/".join(found["action"].split("/")[:2]), set()).add(found["hash"])
    assert {action: hashes for action, hashes in pins.items() if len(hashes) > 1} == {}


def test_what_a_checker_is_told_to_pass_over_has_a_reason():
    for path in (ROOT / ".github").rglob("*.y*ml"):
        for ignored in re.findall(r"zizmor: ignore\[[\w-]+\](.*)", path.read_text("utf-8")):
            assert len(ignored.split()) > 4, path.name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_job_ends_by_itself_and_takes_no_text_of_an_event_as_a_command(path):
    for job in jobs(path):
        assert 0 < job["timeout-minutes"] <= 60
        assert not any("${{" in step.get("run", "") for step in job["steps"])


def test_what_is_published_is_what_was_built():
    folder = re.search(r"sphinx .* (\S+)$", (ROOT / "Makefile").read_text("utf-8"), re.M)[1]
    (build, *_) = jobs(ROOT / ".github" / "workflows" / "pages.yml")
    assert "make pages" in [step.get("run") for step in build["steps"]]
    assert folder in [step.get("with", {}).get("path") for step in build["steps"]]


def test_every_command_exists():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    seen = set()
    for workflow, (program, *words) in commands():
        if program == "make":
            assert {*words} <= targets, f"{workflow}: make {words}"
        elif program == ".venv/bin/mangetamain":
            typed(workflow, words)
        else:
            script = ROOT / program
            assert program in OF_THE_MACHINE or (os.access(script, os.X_OK) and script.is_file()), (
                f"{workflow}: {program}"
            )
        seen.add(program)
    assert {"make", ".venv/bin/mangetamain", "docker/publish.sh"} <= seen


def typed(workflow: str, words: list[str]) -> None:
    """Hold a command of ours against the command line: its name, its options, how many values it takes."""
    command: click.Command = typer.main.get_command(app)
    while isinstance(command, click.Group) and words[:1] and words[0] in command.commands:
        command, words = command.commands[words[0]], words[1:]
    assert not isinstance(command, click.Group) or command.invoke_without_command, f"{workflow}: {words}"
    try:
        command.make_context(command.name, list(words))
    except click.UsageError as error:
        pytest.fail(f"{workflow}: {command.name} {words}: {error.format_message()}")


def test_the_development_container_is_binders_image():
    said = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    dockerfile = ROOT / ".devcontainer" / said["build"]["dockerfile"]
    assert dockerfile.resolve() == ROOT / "binder" / "Dockerfile"
    assert f"ARG NB_USER={said['remoteUser']}\n" in dockerfile.read_text("utf-8")
