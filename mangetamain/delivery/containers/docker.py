"""The one place where `docker` is called."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

from mangetamain.delivery.failures import DeliveryFailed
from mangetamain.delivery.probe import clean
from mangetamain.language import N_

# A command of the engine that takes longer hangs: starting a container takes a second, stopping one five.
COMMAND_SECONDS = 300.0
# What a container of ours gets that only looks at something, or holds it.
FENCES = ("--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
          "--no-healthcheck")  # fmt: skip


class CommandFailed(DeliveryFailed):
    """A command of docker's failed; `output` is all that it said."""

    output = ""


def docker(
    *words: str,
    seconds: float = COMMAND_SECONDS,
    both: bool = False,
    typed: str | None = None,
    variables: Mapping[str, str] | None = None,
    kept: Sequence[int] = (),
) -> str:
    """Run a docker command and return what it printed.

    Parameters
    ----------
    *words
        The command.
    seconds
        How long it may take.
    both
        Whether its errors are wanted as well.
    typed
        What it reads.
    variables
        Its environment; this process's own without it.
    kept
        Descriptors that it holds open though this process is killed.

    Raises
    ------
    CommandFailed
        With the command's last line, when it fails.
    DeliveryFailed
        When it takes too long, or there is no docker.
    """
    read: dict[str, object] = {"stdin": subprocess.DEVNULL} if typed is None else {"input": typed}
    try:
        done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603
            ["docker", *words], capture_output=True, text=True, errors="replace", timeout=seconds, check=False,  # noqa: S607
            env=os.environ if variables is None else variables, pass_fds=kept, **read,
        )  # fmt: skip
    except FileNotFoundError:
        raise DeliveryFailed(N_("There is no docker command on this machine.")) from None
    except subprocess.TimeoutExpired:
        raise DeliveryFailed(
            N_("{command} did not end within {seconds} s."), command=_told(words), seconds=round(seconds)
        ) from None
    if done.returncode:
        raise failed(words, done.stdout + done.stderr)
    return str(done.stdout + (done.stderr if both else ""))


def failed(words: Sequence[str], output: str) -> CommandFailed:
    """Say that a command failed, with the last line of what it said."""
    lines = [clean(line) for line in output.splitlines() if line.strip() and "--help" not in line]
    error = CommandFailed(N_("{command} failed: {reason}"), command=_told(words), reason=(lines or ["?"])[-1])
    error.output = output
    return error


def _told(words: Sequence[str]) -> str:
    """Return a command as a sentence may hold it, without its options."""
    verb = next(
        (word for word in words if word in ("up", "rm", "run", "exec", "config", "inspect", "logs", "pull")), words[0]
    )
    return clean(f"docker compose {verb}" if words[0] == "compose" else f"docker {verb}")
