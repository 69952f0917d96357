"""Our page beside one of Streamlit's with the same chart and control: `python -m benchmarks.beside_streamlit`.

Streamlit is installed beside the project, in `.data/streamlit`, for this alone. Both servers run at once, and one
browser visits them in turn: the first figure in a fresh profile, a move whose answer is known, and the memory of the
server with what it started, before and while so many readers have the page open.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.home import ROOT, fresh_home
from mangetamain.warehouse import connect
from tools.chromium import FLAGS, find_or_install
from tools.serving import Server, free_port, serving

BESIDE = ROOT / ".data" / "streamlit"
WANTED = "streamlit>=1.40,<2"
MEASURES = {"minutes": "Preparation time", "steps": "Number of steps"}
# What is seen of each: its first figure, ours a picture that plotly takes over, and the figure that names its values.
FIGURE = {"ours": ".mm-key-level :is(.mm-picture, .main-svg):visible", "streamlit": ".js-plotly-plot .main-svg"}
PLOT = {"ours": ".mm-key-level .js-plotly-plot", "streamlit": ".js-plotly-plot"}


def install() -> str:
    """Install Streamlit beside the project, once, and return its version."""
    if not (BESIDE / "streamlit").is_dir():
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(BESIDE), WANTED]
        subprocess.run(command, check=True)
    return next(each.version for each in distributions(name="streamlit", path=[str(BESIDE)]))


@contextlib.contextmanager
def streamlit(home: Path) -> Iterator[Server]:
    """Serve the page of Streamlit on a free loopback port until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("streamlit_app.py"))]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1", "--server.port", str(port)]
    command += ["--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"]
    command += ["--global.developmentMode", "false"]  # which it takes for on outside of site-packages
    # Ours go first, so that both draw with the same packages.
    path = os.pathsep.join([str(ROOT), *(each for each in sys.path if each.endswith("site-packages")), str(BESIDE)])
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env={**os.environ, "MANGETAMAIN_DATA": str(home), "PYTHONPATH": path}, stderr=said,
                         stdout=said) as started,
    ):  # fmt: skip
        server = Server(f"http://127.0.0.1:{port}", home, psutil.Process(started.pid))
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5):
                    break
                if started.poll() is not None:
                    said.seek(0)
                    raise RuntimeError(f"streamlit did not start: {said.read().decode()}")
                time.sleep(0.1)
            yield server
        finally:
            started.terminate()


def first(browser: Browser, kind: str, url: str) -> float:
    """Return the milliseconds from navigation to the first figure, in a fresh profile."""
    with contextlib.closing(browser.new_context()) as context:
        page, begun = context.new_page(), time.perf_counter()
        page.goto(url, wait_until="commit")
        page.locator(FIGURE[kind]).first.wait_for()
        return 1000 * (time.perf_counter() - begun)


def choose(page: Page, kind: str, label: str) -> float:
    """Choose a measure and return the milliseconds until the living figure names it."""
    said = f"""(label) => document.querySelector('{PLOT[kind]}')?.textContent.includes(label)"""
    if kind == "ours":
        page.locator(".mm-key-level").dispatch_event("pointerenter")
        begun = time.perf_counter()
        page.locator(".mm-key-level select").first.select_option(label=label)
    else:
        page.locator("[data-testid=stSelectbox] [role=combobox], [data-testid=stSelectbox] input").first.click()
        option = page.get_by_role("option").nth(list(MEASURES.values()).index(label))
        option.wait_for()
        begun = time.perf_counter()
        option.click()
    page.wait_for_function(said, arg=label)
    return 1000 * (time.perf_counter() - begun)


def moves(browser: Browser, kind: str, url: str, count: int) -> list[float]:
    """Move between two measures; the first round asks what nobody has asked and is left out."""
    with contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto(url)
        page.locator(FIGURE[kind]).first.wait_for()
        labels = list(MEASURES.values())
        return [choose(page, kind, labels[(turn + 1) % 2]) for turn in range(count + 2)][2:]


def crowded(browser: Browser, kind: str, server: Server, readers: int) -> float:
    """Return the server's megabytes while so many readers have the page open, each after one move."""
    with contextlib.ExitStack() as open_pages:
        for _ in range(readers):
            context = open_pages.enter_context(contextlib.closing(browser.new_context()))
            page = context.new_page()
            page.goto(address(kind, server))
            page.locator(FIGURE[kind]).first.wait_for()
            choose(page, kind, MEASURES["steps"])
        return sum(server.memory().values())


def address(kind: str, server: Server) -> str:
    """Return where the chart is to be seen."""
    return f"{server.url}/trends?level.of=minutes#level" if kind == "ours" else server.url


def main() -> None:
    """Print the table of both."""
    parser = argparse.ArgumentParser(description="Our page beside one of Streamlit's.")
    parser.add_argument("--loads", type=int, default=7)
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--readers", type=int, default=20)
    chosen = parser.parse_args()
    version = install()
    with fresh_home() as home, serving(home) as ours, streamlit(home) as theirs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=list(FLAGS))
        source, load = connect(home).info.source, os.getloadavg()[0]
        print(f"{datetime.now(UTC):%Y-%m-%d}, Streamlit {version}, {source}, load {load:.1f}")
        servers = {"ours": ours, "streamlit": theirs}
        found: dict[str, list[float]] = {}
        loads: dict[str, list[float]] = {"ours": [], "streamlit": []}
        for kind, server in servers.items():
            first(browser, kind, address(kind, server))  # what is computed once is computed
        for _ in range(chosen.loads):
            for kind, server in servers.items():
                loads[kind].append(first(browser, kind, address(kind, server)))
        for kind, server in servers.items():
            idle = sum(server.memory().values())
            moved = moves(browser, kind, address(kind, server), chosen.moves)
            found[kind] = [
                statistics.median(loads[kind]), statistics.median(moved), idle,
                crowded(browser, kind, server, chosen.readers),
            ]  # fmt: skip
        browser.close()
    what = (
        "first figure, ms",
        "a move, answer known, ms",
        "memory before, MB",
        f"memory with {chosen.readers} readers, MB",
    )
    print(f"{'':<34}{'ours':>8}{'Streamlit':>11}{'ratio':>7}")
    for name, mine, other in zip(what, found["ours"], found["streamlit"], strict=True):
        print(f"{name:<34}{mine:>8.0f}{other:>11.0f}{mine / other:>7.2f}")


if __name__ == "__main__":
    main()
