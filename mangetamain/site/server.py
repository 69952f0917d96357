"""The site's server: Voilà with our pages around it, warm kernels, and nothing that a public page should not have."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tornado.netutil import bind_sockets
from traitlets.config import Config

from mangetamain import logs
from mangetamain.environment import SITE_PORT
from mangetamain.errors import BadInput, UserError, why
from mangetamain.safe_text import tell
from mangetamain.site.access.hosts import host_of, read_hosts
from mangetamain.site.access.token import read_token
from mangetamain.site.app import Site
from mangetamain.site.health.data import Watch
from mangetamain.site.health.readiness import Readiness
from mangetamain.site.pages.data import Source, notebooks
from mangetamain.site.pages.html import About, Pages, library
from mangetamain.site.pages.words import word
from mangetamain.site.requests.log import LINE_CHARACTERS, logs_requests
from mangetamain.site.search_paths import find_our_files
from mangetamain.themes import folder
from mangetamain.warehouse import state_home

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "frame-ancestors 'self'"
)


def configuration(port: int, ip: str, base_url: str, preheat: int, open_browser: bool, page_config: Any) -> Config:  # noqa: ANN401
    """Return Voilà's settings; each was measured or attacked."""
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff"}
    return Config(
        Voila={
            # No other port without a word: `check_port` says which one cannot be used. No settings of a user's or a
            # machine's Jupyter, which might open what is closed here.
            "port": port, "ip": ip, "base_url": base_url, "port_retries": 0, "open_browser": open_browser,
            "root_dir": str(folder()), "config_file_paths": [],
            "kernel_websocket_connection_class": "mangetamain.site.channels.Channels",
            "identity_provider_class": "mangetamain.site.access.anonymous.Anyone",
            # Without this the browser's "this tab is closing" is refused and its kernel stays.
            "tornado_settings": {
                "disable_check_xsrf": True, "headers": headers,
                "log_function": logs_requests(base_url, [path.stem for path in folder().glob("*.ipynb")]),
            },
        },
        VoilaConfiguration={
            # Voilà 0.5 never ends its answer to an unknown ?template=.
            "template": "mangetamain", "allow_template_override": "NO", "allow_theme_override": "NO",
            "file_allowlist": [], "show_tracebacks": False, "preheat_kernel": preheat > 0, "default_pool_size": preheat,
            # Voilà loads the scripts of every JupyterLab extension of this Python into each page; ours need none.
            "extension_denylist": [
                "jupyterlab-plotly", "jupyterlab-jupytext", "jupyterlab_pygments", "@jupyterhub/jupyter-server-proxy",
            ],
            "page_config_hook": page_config,
            "kernel_spec_manager_class": "mangetamain.kernelspec.OwnKernels",
        },
        # Seconds from taking a waiting kernel to starting the next: visitors beyond the pool wait for it.
        VoilaKernelManager={"fill_delay": 0.5},
        # A kernel that nobody is connected to ends, be it stuck in a cell. Who gets a page and opens no websocket, as
        # crawlers do, holds one for these two minutes: the page's own word that it closes never comes.
        MappingKernelManager={
            "cull_idle_timeout": 120, "cull_interval": 30, "cull_connected": False, "cull_busy": True,
        },
        # Files in place of ports of the machine, for which kernels that start at once race.
        # A kernel keeps nothing: one that does not end at a word is ended, so that a busy machine stops in time, too.
        KernelManager={"transport": "ipc", "shutdown_wait_time": 1.0},
    )  # fmt: skip


def serve(
    port: int = SITE_PORT,
    ip: str = "127.0.0.1",
    base_url: str = "/",
    preheat: int = 2,
    open_browser: bool = False,
    ready_seconds: float = 120,
    token_file: Path | None = None,
    hosts: Sequence[str] = (),
) -> None:
    """Serve the site until it is told to stop.

    Parameters
    ----------
    port, ip
        Where to listen.
    base_url
        Path under which the site is reached, as behind a proxy.
    preheat
        Kernels that wait ready for each notebook; 0 for none.
    open_browser
        Whether to open the first page in the user's browser.
    ready_seconds
        How long a page that was rendered well counts as proof that the site is ready.
    token_file
        File with the token that a visitor needs; without it the site is open.
    hosts
        Names that the site answers to besides its own.

    Raises
    ------
    BadInput
        When the address is none of this machine, the port is taken or may not be used, the base URL is no path, a host
        is no name, or the token cannot be read.
    """
    secret = read_token(token_file)
    names = read_hosts(hosts)
    base_url = prefix(base_url)
    check_port(port, ip)
    find_our_files()
    pages, source = Pages(base_url, notebooks()), Source()

    # A function of its own: Voilà copies its configuration in depth, and a connection cannot be copied.
    def hook(config: dict[str, Any], *, notebook_path: str, **_: object) -> dict[str, Any]:
        return {
            **config,
            "fullStaticUrl": f"{base_url}{library()}",
            "mangetamain": surroundings(pages, source, Path(notebook_path).stem),
        }

    site = Site.instance(config=configuration(port, ip, base_url, preheat, open_browser, hook))
    site.pages, site.source, site.secret = pages, source, secret
    site.names = names | ({host_of(ip)} - {""})
    site.readiness = Readiness(Watch(source.con), site.visits, ready_seconds)
    write_log(site.log)
    site.initialize(argv=[])
    site.start()


def surroundings(pages: Pages, source: Source, name: str) -> dict[str, Any]:
    """Give the Voilà template what surrounds a notebook's cells."""
    try:
        about = source.about()
    except UserError:  # the page itself says what is wrong
        about = About()
    title = next((notebook.title for notebook in pages.notebooks if notebook.name == name), {"en": name, "fr": name})
    return {**pages.frame(name, about), "title": title, "noscript": str(word("noscript"))}


def prefix(text: str) -> str:
    """Read the path under which a site is shown, with a slash at both ends; raise `BadInput` for what is no path."""
    parts = text.strip().strip("/")
    if not re.fullmatch(r"[\w~-]+(/[\w~-]+)*|", parts, re.ASCII):
        raise BadInput(
            "The site cannot be shown under {given}: a path is letters, digits and dashes between slashes, as in "
            "{example}.",
            given=repr(text), example="/cooking/",
        )  # fmt: skip
    return f"/{parts}/" if parts else "/"


def check_port(port: int, ip: str) -> None:
    """Refuse an address or a port that cannot be listened on, before anything is started."""
    try:
        if not ip or ip != ip.strip():  # some systems take nothing for everywhere
            raise socket.gaierror
        trials = bind_sockets(port, ip)
    except (socket.gaierror, UnicodeError):
        raise BadInput(
            "The site cannot listen on {given}: --ip takes an address of this machine, as in {examples}.",
            given=repr(ip[:100]), examples="127.0.0.1, 0.0.0.0, ::1",
        ) from None  # fmt: skip
    except OSError as error:
        raise BadInput(
            "Port {port} of {ip} cannot be used ({reason}): stop what holds it, or choose another with --port.",
            port=str(port), ip=ip, reason=why(error).lower(),
        ) from None  # fmt: skip
    for trial in trials:
        trial.close()


def shorten(record: logging.LogRecord) -> bool:
    """Keep of what Jupyter says of a visitor's message, which it may repeat whole, what fits in a line."""
    text = record.getMessage()
    if len(text) > LINE_CHARACTERS:
        record.msg, record.args = f"{text[:LINE_CHARACTERS]}…", ()
    return True


def write_log(log: logging.Logger) -> None:
    """Send what the server and its libraries have to say to the log; the terminal keeps to one line."""
    place = state_home() / "logs"
    target = logs.start("site", place)
    if reason := logs.trouble(place):
        tell(f"mangetamain: no log is written: {place} cannot be used ({reason})")
    for logger in (log, *map(logging.getLogger, ("", "tornado", "traitlets", "asyncio"))):
        logger.handlers[:] = [target] if logger.name == "root" or logger is log else []
    # What it warns of is a visitor's connection that broke or a request that was none, which has its own line.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    log.addFilter(shorten)
    log.propagate = False
    log.setLevel(max(logging.INFO, target.level))
    logging.getLogger().setLevel(logging.WARNING)
