"""What the page benchmark does in a browser: a bare page to compare with, loads, moves and bytes."""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Response

# Runs before any page's own scripts. What is seen counts as painted in the frame after it was there: the first picture,
# every panel's controls at work, and the first living figure.
CLOCK = """
window.bench = { painted: () => new Promise((done) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(performance.now());
  channel.port2.postMessage(0);
})) };
addEventListener("mangetamain:drawn", async () => { bench.living ??= await bench.painted(); }, true);
new MutationObserver(async () => {
  const panels = [...document.querySelectorAll(".mm-panel")];
  if (document.querySelector(".mm-picture") && !bench.first) bench.first = await bench.painted();
  const live = panels.length && panels.every((panel) => panel.dataset.live !== undefined && panel.ariaBusy === "false");
  if (live && document.readyState !== "loading" && !bench.all) bench.all = await bench.painted();
}).observe(document, { subtree: true, childList: true, attributeFilter: ["data-live", "aria-busy"] });
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
# Changes a control as a reader's hand does, and waits until the panel has its answer and is painted; then until its
# figure lives again.
MOVE = """async ([key, name, value]) => {
  const panel = document.querySelector(`.mm-key-${key}`), plot = panel.querySelector(".js-plotly-plot");
  const drawn = plot && new Promise((done) => plot.once("plotly_afterplot", done));
  const start = performance.now();
  const fields = name === "years" ? [...panel.querySelectorAll(".mm-span input")] : [panel.querySelector("select")];
  fields.forEach((field, i) => { field.value = [value].flat()[i]; });
  fields[0].dispatchEvent(new Event("input"));
  fields[0].dispatchEvent(new Event("change", { bubbles: true }));
  await new Promise((done) => {
    const answered = () => { if (panel.ariaBusy === "false") { seen.disconnect(); done(); } };
    const seen = new MutationObserver(answered);
    seen.observe(panel, { attributeFilter: ["aria-busy"] });
    answered();
  });
  const shown = await bench.painted() - start;
  await Promise.race([drawn, new Promise((done) => setTimeout(done, 3000))]);
  return { shown, living: await bench.painted() - start };
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
    page.wait_for_function(f"() => window.bench?.{mark}", timeout=120_000)
    found: dict[str, float] = page.evaluate("() => ({ first: bench.first, all: bench.all })")
    return found


def slowed(page: Page, times: int) -> Page:
    """Give a page a processor that is so many times slower."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})
    return page


def weight(context: BrowserContext, url: str) -> dict[str, float]:
    """Open a page in a new profile; return its requests and megabytes, raw and compressed, plotly with it."""
    page, replies = context.new_page(), list[Response]()
    page.on("response", lambda reply: replies.append(reply))
    load(page, url)
    page.wait_for_load_state("networkidle")
    bodies = [(reply.headers.get("content-type", ""), reply.body()) for reply in replies if reply.ok]
    return {
        "requests": len(replies),
        "raw": sum(len(body) for _, body in bodies) / 1e6,
        "compressed": sum(len(body if "font" in kind else gzip.compress(body, 6)) for kind, body in bodies) / 1e6,
    }
