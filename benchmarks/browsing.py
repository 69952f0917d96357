"""What the page benchmark measures in a browser: a bare page to compare with, loads, moves, bytes and memory."""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Response

from tools.serving import Server

# Runs before any page's own scripts. A figure counts as painted in the frame after it was drawn.
CLOCK = """
window.bench = { painted: () => new Promise((done) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(performance.now());
  channel.port2.postMessage(0);
})) };
addEventListener("mangetamain:drawn", async () => { bench.first ??= await bench.painted(); }, true);
new MutationObserver(async () => {
  const cells = [...document.querySelectorAll(".mm-cell")];
  const live = cells.filter((cell) => cell.dataset.state === "live");
  const whole = live.length === cells.length && document.readyState === "complete";
  if (live.length && !bench.live) bench.live = await bench.painted();
  if (live.length && whole && !bench.all) bench.all = await bench.painted();
}).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] });
"""
BARE = """<!DOCTYPE html><meta charset="utf-8"><title>bare</title><div id="figure" style="height:380px"></div>
<script src="plotly.js"></script><script>
const spec = SPEC, figure = document.getElementById("figure");
Plotly.newPlot(figure, spec.data, spec.layout).then(() => bench.painted()).then((time) => { bench.first = time; });
bench.redraw = async (turn) => {
  const start = performance.now();
  const turned = (values) => Array.from(values, (value) => value * (1 + turn / 10));
  const data = spec.data.map((trace, index) => ({ ...trace, y: turned(figure._fullData[index].y) }));
  await Plotly.react(figure, data, { ...spec.layout });
  return await bench.painted() - start;
};
</script>"""
# Changes a control as a reader's hand does, and waits until the figure holds other values and is painted.
MOVE = """async ([key, act, value]) => {
  const panel = document.querySelector(`.mm-live .mm-key-${key}`), plot = panel.querySelector(".js-plotly-plot");
  const held = () => JSON.stringify(plot._fullData.map(({ x, y }) => [Array.from(x ?? []), Array.from(y ?? [])]));
  const before = held(), start = performance.now();
  let drawn;
  const changed = new Promise((done) => { drawn = () => { if (held() !== before) done(true); }; });
  plot.on("plotly_afterplot", drawn);
  if (act === "years") {
    panel.querySelector(".slider").noUiSlider.set(value);
    const press = { key: "ArrowLeft", bubbles: true, cancelable: true };
    panel.querySelector(".noUi-handle-upper").dispatchEvent(new KeyboardEvent("keydown", press));
  } else {
    const list = panel.querySelectorAll("select")[act];
    list.selectedIndex = value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const well = await Promise.race([changed, new Promise((done) => setTimeout(done, 5000, false))]);
  const end = await bench.painted();
  plot.removeListener("plotly_afterplot", drawn);
  return well ? end - start : null;
}"""


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files as the site serves its own: to be kept."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def bare_page(folder: Path, bundle: Path, spec: dict[str, Any]) -> Iterator[str]:
    """Serve a page that does nothing but draw one figure with the same plotly bundle."""
    (folder / "plotly.js").symlink_to(bundle)
    (folder / "index.html").write_text(BARE.replace("SPEC", json.dumps(spec).replace("<", "\\u003c")), "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


def load(page: Page, url: str, mark: str = "all") -> dict[str, float]:
    """Open a page and return the milliseconds from navigation to each mark."""
    page.goto(url, wait_until="commit")
    page.wait_for_function(f"window.bench?.{mark}", timeout=120_000)
    found: dict[str, float] = page.evaluate("({ first: bench.first, live: bench.live, all: bench.all })")
    return found


def settle(server: Server, kernels: int, seconds: float = 60) -> None:
    """Wait until the pool is full and its kernels rest."""
    until, before = time.monotonic() + seconds, -1.0
    while time.monotonic() < until:
        running = server.kernels()
        spent = sum(sum(kernel.cpu_times()[:2]) for kernel in running)
        if len(running) == kernels and spent - before < 0.02:
            return
        before = spent
        time.sleep(0.7)
    raise RuntimeError(f"{kernels} kernels at rest expected, {len(server.kernels())} run")


def weight(context: BrowserContext, url: str) -> dict[str, float]:
    """Open a page in a new profile; return its requests and megabytes, raw and as a compressing proxy sends them."""
    page, replies, frames = context.new_page(), list[Response](), [0]
    page.on("response", lambda reply: replies.append(reply))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(len(data))))
    load(page, url)
    page.wait_for_load_state("networkidle")
    bodies = [(reply.headers.get("content-type", ""), reply.body()) for reply in replies if reply.ok]
    page.goto("about:blank")
    return {
        "requests": len(replies),
        "raw": sum(len(body) for _, body in bodies) / 1e6,
        "compressed": sum(len(body if "font" in kind else gzip.compress(body, 6)) for kind, body in bodies) / 1e6,
        "socket": sum(frames) / 1e6,
    }
