"""Records of deliveries, where the site lives: files in a volume of the project, written by one command at a time.

Every account that may use the engine finds the same ones. A command that writes has a container of a known name hold
the volume: there is one of a name at a time, and it ends with the command, for it lives as long as its input is open.
"""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
import time
from collections.abc import Iterator

from mangetamain.delivery.containers.docker import FENCES, docker, failed
from mangetamain.delivery.containers.engine import Engine
from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.probe import clean
from mangetamain.language import N_

WORD = "mangetamain.delivery"  # the label that says whose the lock is
SETTLED_SECONDS = 3.0  # after which a container that another command makes right now runs, or has gone
NOT_RUNNING = ("created", "exited", "dead")
LISTING = """for file in *; do [ -f "$file" ] && printf '%s %s\\n' "$file" "$(base64 -w 0 < "$file")"; done; echo"""
# After a crash a file is the old one or the new one.
WRITING = 'printf %s "$2" > ".$1" && sync ".$1" && mv -fT ".$1" "$1" && sync .'
# A line of its own even where a killed writer left half of one.
APPENDING = '[ "$(tail -c 1 "$1" 2>&1 | wc -l)" = 1 ] || echo >> "$1"; printf "%s\\n" "$2" >> "$1" && sync "$1" .'


class Ledger:
    """The delivery volume of the engine's project."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._held: subprocess.Popen[str] | None = None
        self._seen: dict[str, str] | None = None

    @property
    def volume(self) -> str:
        """The volume, and the container that holds it: both have one name."""
        return f"{self.engine.project}_delivery"

    def files(self) -> dict[str, str]:
        """Return every file of the volume, by its name, as this command found them or wrote them last."""
        if self._seen is None:
            there = self.held or docker("volume", "ls", "--quiet", "--filter", f"name=^{self.volume}$").strip()
            lines = [line.split(" ") for line in self._shell(LISTING, mode=":ro").splitlines() if line] if there else []
            self._seen = {name: base64.b64decode(content).decode("utf-8", "replace") for name, content in lines}
        return self._seen

    def write(self, name: str, text: str) -> None:
        """Write a file whole, or not at all."""
        self._seen = None
        self._shell(WRITING, name, text)

    def append(self, name: str, line: str) -> None:
        """Add a line to a file; it is on the disk on return."""
        self._seen = None
        self._shell(APPENDING, name, line)

    def _shell(self, script: str, *words: str, mode: str = "") -> str:
        """Run a script in the volume: beside the holder, or in a container of its own where there is none."""
        if self.held:
            return docker("exec", self.volume, "sh", "-c", script, "sh", *words)
        return docker("run", "--rm", *self._options(mode), "-c", script, "sh", *words)

    def _options(self, mode: str = "") -> list[str]:
        return [*FENCES, "--user", "0:0", "--volume", f"{self.volume}:/delivery{mode}",
                "--workdir", "/delivery", "--entrypoint", "sh", self.engine.any_image()]  # fmt: skip

    @property
    def held(self) -> bool:
        """Whether this process has the lock."""
        return self._held is not None and self._held.poll() is None

    def must_be_held(self) -> None:
        """Raise `DeliveryFailed` where somebody took the lock away: another may be at work by now."""
        if not self.held:
            raise DeliveryFailed(N_("The lock of this delivery, the container {name}, is gone."), name=self.volume)

    @contextlib.contextmanager
    def locked(self, word: str) -> Iterator[None]:
        """Hold the one lock of the project's deliveries; commands that change containers hold it too.

        A killed delivery's last command may still be at work: the lock is free when that has ended as well.

        Raises
        ------
        DeliveryFailed
            When another delivery is under way.
        """
        self._held = self._hold(word) or self._freed(word)
        self._seen = None  # what was seen before may be another command's past
        assert self._held.stdin is not None  # noqa: S101
        self.engine.lock = (self._held.stdin.fileno(),)
        try:
            yield
        finally:
            self.engine.lock = ()
            self._held.stdin.close()
            try:
                self._held.wait(SETTLED_SECONDS)
            except subprocess.TimeoutExpired:  # somebody paused it
                docker("rm", "--force", self.volume)

    def _hold(self, word: str) -> subprocess.Popen[str] | None:
        """Have a container of the known name run, or return None where there is one."""
        words = ["run", "--rm", "--interactive", "--name", self.volume, "--label", f"{WORD}={word}", *self._options(),
                 "-c", "echo; exec cat > /dev/null"]  # fmt: skip
        held = subprocess.Popen(  # noqa: S603
            ["docker", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,  # noqa: S607
            start_new_session=True,  # Ctrl-C is for this process, which then leads back
        )  # fmt: skip
        if held.stdout and held.stdout.readline():
            return held
        output = held.communicate()[1]
        if "already in use" not in output:
            raise failed(words, output)
        return None

    def _freed(self, word: str) -> subprocess.Popen[str]:
        """Take the lock over from a container that nobody is behind; raise `DeliveryFailed` where somebody is."""
        before = self.found()
        if before.get("Status") == "paused":  # it goes by itself, if nobody is behind it
            docker("unpause", self.volume)
        if before.get("Status") != "running":
            time.sleep(SETTLED_SECONDS)
            now = self.found()
            if now.get("Id") == before.get("Id") and now.get("Status") in NOT_RUNNING:
                docker("rm", "--force", now["Id"])
            if held := self._hold(word):
                return held
        raise DeliveryFailed(
            N_("Another delivery is under way ({word}): wait for its end, then try again."),
            word=clean(before.get("Word")) or "?",
        )

    def found(self) -> dict[str, str]:
        """Return id, status and word of the container that holds the lock; nothing where there is none."""
        form = f'{{"Id": {{{{json .ID}}}}, "Status": {{{{json .State}}}}, "Word": {{{{json (.Label "{WORD}")}}}}}}'
        said = docker("ps", "--all", "--no-trunc", "--filter", f"name=^{self.volume}$", "--format", form)
        return dict(json.loads(said)) if said.strip() else {}

    @property
    def busy(self) -> bool:
        """Whether a delivery is under way right now."""
        return bool(self.found())
