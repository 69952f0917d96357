"""An image's notebooks keep their word: each stored sentence and table, held against a fresh result."""

from __future__ import annotations

import contextlib
import json
import re
import uuid
from collections.abc import Callable

from mangetamain import state_files
from mangetamain.delivery.containers.docker import FENCES, CommandFailed, docker
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.folder import kept, put
from mangetamain.delivery.probe import clean
from mangetamain.delivery.records import journal
from mangetamain.delivery.records.ledger import Ledger
from mangetamain.language import N_, say
from mangetamain.warehouse.home import STATE

PASSED_FILE = "notebooks.json"  # images whose notebooks passed, and how
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Pytest's own heads: one for each cell that fails, and those around them.
CELLS = re.compile(r"^_+ (\S+)::Cell (\d+) _+$", re.MULTILINE)
FAULT = re.compile(r"^Cell \d+: (.*)$", re.MULTILINE)
SUMMARY = re.compile(r"^=+ short test summary", re.MULTILINE)
TOLD = 5  # cells in the sentence; the file has them all


def notebooks(ledger: Ledger, image: str, tell: Callable[[str], object]) -> str:
    """Run every notebook of an image and hold what it stored against the result; an image is held once.

    Returns
    -------
    str
        The test's last line.

    Raises
    ------
    DeliveryFailed
        When one of them says something else, or fails: which cell, what was expected, and what came.
    """
    passed = _passed(ledger)
    if image not in passed:
        tell(str(say("Running every notebook of the image, without a network.")))
        name = f"mangetamain-nbval-{uuid.uuid4().hex[:8]}"
        memory = ("--tmpfs", "/tmp", "--tmpfs", "/data")  # noqa: S108
        try:
            said = docker(
                "run", "--rm", "--name", name, *FENCES, *memory, "--env", f"{STATE}=/data", image,
                "sh", "-c", "mangetamain-nbval 2>&1", seconds=1800,
            )  # fmt: skip
        except CommandFailed as error:
            raise _refused(error.output, name) from None
        finally:
            with contextlib.suppress(DeliveryFailed):  # gone already, unless its time was up
                docker("rm", "--force", name)
        lines = [clean(line).strip("= ") for line in said.splitlines() if line.strip()]
        passed[image] = f"{(lines or ['passed'])[-1]} ({journal.now()})"
        ledger.write(PASSED_FILE, json.dumps(passed, indent=2) + "\n")
    return passed[image]


def _passed(ledger: Ledger) -> dict[str, str]:
    """Return what is known of images; what cannot be read is found out anew."""
    try:
        known = state_files.parsed(ledger.files().get(PASSED_FILE, "{}"), dict)
    except state_files.Damaged:
        return {}
    return {image: said for image, said in known.items() if isinstance(said, str)}


def _refused(output: str, key: str) -> DeliveryFailed:
    text = COLOURS.sub("", output)
    place = kept(key) / "notebooks.txt"
    put(place, text)
    told = disagreements(text) or [clean(text.strip().rpartition("\n")[2])]
    reason = "; ".join([*told[:TOLD], *(["..."] if len(told) > TOLD else [])])
    return DeliveryFailed(
        N_("The image's notebooks do not pass: {reason} (all of it in {file})"), reason=reason, file=str(place)
    )


def disagreements(output: str) -> list[str]:
    """Say of each cell that failed what was expected and what came, or what it failed with."""
    _, *parts = CELLS.split(SUMMARY.split(output)[0])
    return [_disagreement(*parts[at : at + 3]) for at in range(0, len(parts), 3)]


def _disagreement(notebook: str, cell: str, text: str) -> str:
    # Of two outputs that differ pytest shows the stored lines behind a plus, and the new ones behind a minus.
    expected, got = (re.search(rf"^  \{sign} (.*)$", text, re.MULTILINE) for sign in "+-")
    if expected or got:
        came = N_("{notebook}, cell {cell}: expected {expected}, got {got}")
        texts = {"expected": expected, "got": got}
        shown = {name: clean(each[1]) if each else "-" for name, each in texts.items()}
        return str(say(came, notebook=notebook, cell=cell, **shown))
    reason = text.strip().rpartition("\n")[2] if "Traceback:" in text else "".join(FAULT.findall(text)[:1])
    return str(say("{notebook}, cell {cell}: {reason}", notebook=notebook, cell=cell, reason=clean(reason)))
