"""Whoever means harm, through the proxy as any visitor comes."""

import http.client
import json
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websocket

from tests.browser.conftest import readers
from tests.containers.stack import get
from tests.containers.test_pages import Door
from tests.containers.visitor import Visitor

INTRUDER = (Path(__file__).parent.parent / "browser" / "intruder.js").read_text("utf-8").split("*/", 1)[1]
KINDS = ("execute_request", "complete_request", "inspect_request", "history_request", "is_complete_request",
         "interrupt_request", "debug_request", "create_subshell_request")  # fmt: skip
CONTENT = {"code": "import os; os._exit(1)", "silent": False, "cursor_pos": 1, "detail_level": 1,
           "hist_access_type": "tail", "n": 9}  # fmt: skip
FAR = {"name": "IntRangeSliderModel", "state": {"max": 3000, "value": [1999, 2900]}}
PATHS = (
    "/../../etc/passwd", "/assets/../../../../../etc/passwd", "/assets/..%2f..%2f..%2f..%2fetc/passwd",
    "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/assets//etc/passwd", "/assets/....//....//etc/passwd",
    "/voila/static/../../../../etc/passwd", "/voila/static/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/voila/templates/mangetamain/static/..%2f..%2f..%2f..%2fetc/passwd", "/voila/templates/../static/x",
    "/voila/labextensions/mangetamain/static/..%2f..%2f..%2f..%2fetc/passwd", "/trends.ipynb",
    "/notebooks/trends.ipynb", "/voila/files/trends.ipynb", "/voila/render/trends.ipynb/../x", "/files/trends.ipynb",
    "/voila/tree", "/tree", "/lab", "/edit/trends.ipynb", "/api/contents", "/api/contents/trends.ipynb",
    "/voila/api/contents/trends.ipynb", "/voila/files/conftest.py", "/assets/../pages.py",
    "/data/warehouse/food-1.duckdb", "/warehouse/food-1.duckdb",
    "/voila/files/..%2f..%2f..%2fdata%2fwarehouse%2ffood-1.duckdb", "/answers/", "/snapshot/..%2f..%2fdata.json",
    "/snapshot/../../etc/passwd", "/api/kernels", "/api/sessions", "/api/terminals", "/api/kernelspecs",
    "/api/config", "/api/status", "/metrics", "/terminals/1", "/nbconvert/html/trends.ipynb", "/unavailable.html",
    "/.git/config", "/preprod/../../etc/passwd", "/run/secrets/preprod_token", "/proc/self/environ",
)  # fmt: skip
LEAKS = (
    b"root:x:",
    b'"cells"',
    b"nbformat",
    b"DUCK",
    b"import ",
    b"[core]",
    b"kernel_id",
    b'"last_activity"',
    b"PATH=",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_file_is_to_be_had_that_is_not_the_page_s(sites, path):
    parts = urlsplit(sites.url("prod"))
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=600)
    line.putrequest("GET", path, skip_accept_encoding=True)
    line.endheaders()
    answer = line.getresponse()
    body = answer.read()
    line.close()
    assert answer.status in {301, 302, 400, 403, 404, 405}, (path, answer.status)
    assert not any(leak in body for leak in LEAKS), path


def test_kernels_are_neither_listed_nor_made(sites):
    url = sites.url("prod")
    sites.settle("mange_prod")
    for path in ("/api/kernels", "/api/sessions", "/api/terminals"):
        parts = urlsplit(url)
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=600)
        line.request("POST", path, b"{}", {"Content-Type": "application/json"})
        assert line.getresponse().status in {403, 404, 405}, path
        line.close()
    sites.settle("mange_prod")


@pytest.mark.browser
def test_no_message_but_a_widget_s_is_answered(sites, browser):
    says = [{"type": kind, "content": CONTENT} for kind in KINDS]
    with readers(browser, Door(sites.url("prod"))) as come:
        reader = come().open("trends")
        heard = [json.loads(message) for message in reader.page.evaluate(INTRUDER, [*says, FAR])]
        asked = {message["parent_header"].get("msg_type") for message in heard}
        assert not asked & set(KINDS)
        card = reader.page.locator(".mm-live .mm-card")
        card.wait_for()
        assert "2900" in card.inner_text()  # the kernel lives, and answers who moves a control
        reader.forgive("")


def test_another_s_kernel_is_not_to_be_guessed(sites):
    url = sites.url("prod")
    for kernel in (str(uuid.uuid4()), "0", "..", "%2e%2e", "*"):
        with pytest.raises((websocket.WebSocketException, OSError)):
            websocket.create_connection(
                f"{url.replace('http', 'ws')}/api/kernels/{kernel}/channels", origin=url, timeout=10
            ).recv()
        assert get(f"{url}/api/kernels/{kernel}")[0] in {400, 403, 404}


def test_another_site_s_page_may_not_listen(sites):
    with Visitor(sites.url("prod")) as visitor:
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            visitor.listen(origin="http://evil.example")
        assert refused.value.status_code == 403
        visitor.listen()
        assert visitor.widgets() > 0


def test_a_kernel_of_one_site_is_unknown_to_the_other(sites):
    with Visitor(sites.url("preprod")) as visitor:
        assert get(f"{sites.url('prod')}/api/kernels/{visitor.kernel}")[0] in {403, 404}
