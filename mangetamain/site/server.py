"""Starts the site: what it is told is checked first, then it listens, and only then anything else begins."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import re
import socket
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from tornado.netutil import bind_sockets

from mangetamain import logs
from mangetamain.environment import SITE_PORT
from mangetamain.errors import BadInput, why
from mangetamain.language import quoted
from mangetamain.safe_text import tell
from mangetamain.site.access.hosts import host_of, read_hosts
from mangetamain.site.access.token import read_token
from mangetamain.site.app import Site, reached
from mangetamain.site.pages.data import Source, notebooks
from mangetamain.site.pages.html import Pages
from mangetamain.site.sample import make_sample
from mangetamain.site.search_paths import find_our_files
from mangetamain.warehouse import state_home

log = logging.getLogger(__name__)


def serve(
    port: int = SITE_PORT,
    ip: str = "127.0.0.1",
    base_url: str = "/",
    workers: int = 2,
    answer_seconds: float = 20,
    open_browser: bool = False,
    ready_seconds: float = 120,
    token_file: Path | None = None,
    hosts: Sequence[str] = (),
    sample: bool = False,
) -> None:
    """Serve the site until it is told to stop.

    Parameters
    ----------
    port, ip
        Where to listen.
    base_url
        Path under which the site is reached, as behind a proxy.
    workers
        Processes that compute the answers that are not known.
    answer_seconds
        That one answer may take to compute.
    open_browser
        Whether to open the first page in the user's browser.
    ready_seconds
        How long a check of the pages counts as proof that the site is ready.
    token_file
        File with the token that a visitor needs; without it the site is open.
    hosts
        Names that the site answers to besides its own.
    sample
        Whether to make the synthetic sample first, where there are no data.

    Raises
    ------
    BadInput
        When the address is none of this machine, the port is taken or may not be used, the base URL is no path, a host
        is no name, or the token cannot be read.
    """
    secret, base_url = read_token(token_file), prefix(base_url)
    names = read_hosts(hosts) | ({host_of(ip)} - {""})
    sockets = listening(port, ip)
    find_our_files()
    os.environ["PYTHONSAFEPATH"] = "1"  # of processes that begin in whichever folder this one did
    # Of processes that share the cores: threads of OpenBLAS spin while they wait, in a cycle for half of its time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    write_log()
    if sample:
        make_sample()
    url = f"{reached(ip, port)}{base_url}"
    print(f"Mangetamain is served at {url} - Ctrl-C ends it", flush=True)  # noqa: T201 - its one line

    async def run() -> None:
        site = Site(Pages(base_url, notebooks()), Source(), secret, names, workers, answer_seconds, ready_seconds)
        if open_browser:
            asyncio.get_running_loop().run_in_executor(None, webbrowser.open, url)
        await site.serve(sockets)

    asyncio.run(run())
    gc.collect()  # the pool's locks go while the process is there that tracks them


def prefix(text: str) -> str:
    """Read the path under which a site is shown, with a slash at both ends; raise `BadInput` for what is no path."""
    parts = text.strip().strip("/")
    if not re.fullmatch(r"[\w~-]+(/[\w~-]+)*|", parts, re.ASCII):
        raise BadInput(
            "The site cannot be shown under {given}: a path is letters, digits and dashes between slashes, as in "
            "{example}.",
            given=quoted(text), example="/cooking/",
        )  # fmt: skip
    return f"/{parts}/" if parts else "/"


def listening(port: int, ip: str) -> list[socket.socket]:
    """Listen at an address; refuse one that cannot be listened at before anything is started."""
    try:
        if not ip or ip != ip.strip():  # some systems take nothing for everywhere
            raise socket.gaierror
        return bind_sockets(port, ip)
    except (socket.gaierror, UnicodeError):
        raise BadInput(
            "The site cannot listen on {given}: --ip takes an address of this machine, as in {examples}.",
            given=quoted(ip[:100]), examples="127.0.0.1, 0.0.0.0, ::1",
        ) from None  # fmt: skip
    except OSError as error:
        raise BadInput(
            "Port {port} of {ip} cannot be used ({reason}): stop what holds it, or choose another with --port.",
            port=str(port), ip=ip, reason=why(error).lower(),
        ) from None  # fmt: skip


def write_log() -> None:
    """Send what the server and its libraries have to say to the log; the terminal keeps to one line."""
    place = state_home() / "logs"
    target = logs.start("site", place)
    if reason := logs.trouble(place):
        tell(f"mangetamain: no log is written: {place} cannot be used ({reason})")
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("mangetamain").setLevel(target.level)
    # What it warns of is a visitor's connection that broke or a request that was none, which has its own line.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    log.info("the site starts")
