"""Whoever means harm, through the proxy as any visitor comes."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from tests.containers.stack import get

KERNEL_PATHS = (
    "/api/kernels", "/api/kernels/0", "/api/kernels/0/channels", "/api/sessions", "/api/terminals", "/api/kernelspecs",
    "/voila/api/shutdown/0", "/voila/query/0", "/voila/static/voila.js", "/voila/render/trends.ipynb/x",
)  # fmt: skip
# What is asked of the answers by who means harm, and what the sentence that refuses it names.
REFUSED = (
    ("level?of=__import__('os')", "__import__"), ("level?of=%3Cscript%3E", "script"), ("level?years=1-99999", "99999"),
    ("level?eval=1", "eval"), ("level?among=%27%3B+DROP+TABLE+recipes", "drop table"), ("level?of=sugar&of=fat", "of"),
    ("level?part=..%2F..%2Fetc", "part"), ("nothing", "nothing"), ("..%5c..%5cetc%5cpasswd", "passwd"),
)  # fmt: skip
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
    "/voila/files/..%2f..%2f..%2fdata%2fwarehouse%2ffood-1.duckdb", "/answers/", "/answer/..%2f..%2fdata.json",
    "/answer/../../etc/passwd", "/answer/..%2f..%2f..%2fetc%2fpasswd",
    "/api/kernels", "/api/sessions", "/api/terminals", "/api/kernelspecs",
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


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", KERNEL_PATHS)
def test_there_is_no_kernel_to_be_had(sites, path, method):
    parts = urlsplit(sites.url("prod"))
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=600)
    line.request(method, path, None if method == "GET" else b"{}", {"Content-Type": "application/json"})
    assert line.getresponse().status == (404 if method == "GET" else 405), path
    line.close()


@pytest.mark.parametrize("path", ["/trends", "/answer/level", "/api/kernels/0/channels", "/voila/query/0"])
def test_no_websocket_opens(sites, path):
    parts = urlsplit(sites.url("prod"))
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=600)
    words = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAA",
    }
    line.request("GET", path, None, words)
    assert line.getresponse().status in {200, 404}, path
    line.close()
    assert sites.kernels("mange_prod") == 0


@pytest.mark.parametrize(("asked", "named"), REFUSED)
def test_what_cannot_be_asked_is_refused_in_one_sentence(sites, asked, named):
    status, headers, body = get(f"{sites.url('prod')}/answer/{asked}")
    assert status == 400
    assert headers["content-type"].startswith("application/json")
    trouble = json.loads(body)["trouble"]
    assert named in trouble
    assert "\n" not in trouble
    assert not any(leak in body for leak in (*LEAKS, b"Traceback"))
