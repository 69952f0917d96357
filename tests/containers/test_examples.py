"""The examples of `docker/examples`, run as they are written: TLS in front, and two sites behind one proxy."""

import http.client
import json
import ssl
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.containers.host import Visitor
from tests.containers.stack import ROOT, docker, eventually, get, standing
from tools.serving import free_port

EXAMPLES = ROOT / "docker" / "examples"
NAME = "food.example.org"
SITES = ("mange_prod", "mange_prod_second")
NGINX = """
pid /tmp/nginx.pid; error_log stderr; events {} http { access_log off;
client_body_temp_path /tmp/1; proxy_temp_path /tmp/2; fastcgi_temp_path /tmp/3;
uwsgi_temp_path /tmp/4; scgi_temp_path /tmp/5;
include /example/tls.conf; }
"""
# In the place of a site: it says what the proxy handed on.
ECHO = """
import http.server, json
class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("", 8866), Echo).serve_forever()
"""


class Door:
    """The TLS proxy as readers of several addresses reach it."""

    def __init__(self, stack, port, certificate):
        self.stack, self.port = stack, port
        self.trust = ssl.create_default_context(cafile=certificate)
        self.trust.check_hostname = False  # it is reached by its address

    def open(self):
        """Say whether it is there."""
        try:
            return self.ask("/health")[0] == [200]
        except ConnectionRefusedError:
            return False

    def ask(self, path, reader="127.0.0.1", times=1, **headers):
        """Ask on one connection, from an address of this machine; give statuses, headers and body of the last."""
        line = http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=self.trust, timeout=300, source_address=(reader, 0)
        )
        statuses = []
        for _ in range(times):
            line.request("GET", path, None, {"Host": NAME} | headers)
            answer = line.getresponse()
            body = answer.read()
            statuses.append(answer.status)
        line.close()
        return statuses, dict(answer.getheaders()), body


@pytest.fixture(scope="module")
def door(make_stack, proxy_image, tmp_path_factory):
    """Prod behind the example's nginx, which stands on the machine itself."""
    folder, port = tmp_path_factory.mktemp("tls"), free_port()
    files = ["-keyout", "privkey.pem", "-out", "fullchain.pem"]
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}", *files]
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    stack = make_stack("tls", TRUSTED_PROXIES="172.16.0.0/12 192.168.0.0/16", PROD_HOSTS=NAME)
    stack.variables["PROD_PORT"] = f"127.0.0.1:{stack.ports['prod']}"
    text = (EXAMPLES / "tls.conf").read_text()
    for written, here in (
        ("listen 443 ssl", f"listen {port} ssl"),
        ("listen 80", f"listen {free_port()}"),
        ("127.0.0.1:8501;", f"127.0.0.1:{stack.ports['prod']};"),
        (f"/etc/ssl/{NAME}/", "/example/"),
    ):
        assert written in text
        text = text.replace(written, here)
    (folder / "tls.conf").write_text(text)
    (folder / "nginx.conf").write_text(NGINX)
    for path in (folder, *folder.parents[:2], *folder.iterdir()):
        path.chmod(0o755)
    name, mount = f"{stack.name}-door", f"{folder}:/example:ro"
    with standing(stack, "mange_prod", "proxy_prod"):
        command = ("nginx", "-c", "/example/nginx.conf", "-g", "daemon off;")
        docker("run", "-d", "--name", name, "--network", "host", "-v", mount, proxy_image, *command)
        try:
            door = Door(stack, port, folder / "fullchain.pem")
            eventually(door.open, 60, "TLS")
            yield door
        finally:
            print(docker("logs", name, check=False))
            docker("rm", "-f", name)


def test_a_page_comes_by_tls_under_its_own_name(door):
    statuses, headers, page = door.ask("/trends")
    assert statuses == [200]
    assert page.rstrip().endswith(b"</html>")
    assert f'content="https://{NAME}/' in page.decode(), "the page's own address, as it tells it to others"
    assert headers["Strict-Transport-Security"]


def test_each_reader_behind_tls_has_limits_of_her_own(door):
    with ThreadPoolExecutor(50) as flood:
        found = list(flood.map(lambda _: door.ask("/no-such-page", "127.0.0.2", times=80)[0], range(50)))
        other = door.ask("/no-such-page", "127.0.0.3")[0]
    # A machine that is too busy to flood is let through.
    assert {status for each in found for status in each} <= {404, 429}
    assert other == [404]


def test_a_trusted_proxy_says_who_asks_and_nobody_else(door):
    stack, name = door.stack, f"{door.stack.name}-echo"
    told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    stack.compose("stop", "mange_prod")
    network = ("--network", f"{stack.name}_prod", "--network-alias", "site")
    docker("run", "-d", "--name", name, *network, stack.image, "python", "-c", ECHO)
    try:
        eventually(lambda: door.ask("/x")[0] == [200], 600, "what stands in the site's place")
        got = json.loads(door.ask("/x", "127.0.0.2", **told)[2])
        assert (got["x-forwarded-for"], got["x-forwarded-proto"], got["host"]) == ("127.0.0.2", "https", NAME)
        stack.variables["TRUSTED_PROXIES"] = ""
        stack.compose("up", "-d", "--no-deps", "--no-build", "--wait", "proxy_prod")
        got = json.loads(get(f"{stack.url('prod')}/x", **told)[2])
        assert got["x-forwarded-for"] not in ("203.0.113.9", "127.0.0.2")
        assert got["x-forwarded-proto"] == "http"
    finally:
        docker("rm", "-f", name)


@pytest.fixture(scope="module")
def two(make_stack):
    """Two sites of prod behind its proxy."""
    stack = make_stack("two")
    stack.files += (EXAMPLES / "two-sites.yaml",)
    with standing(stack, *SITES, "proxy_prod") as stack:
        yield stack


def test_two_sites_change_one_after_the_other_and_every_request_is_answered(two):
    before = [two.id(site) for site in SITES]
    with Visitor(two.url("prod")) as visitor:
        for site in SITES:
            two.compose("up", "-d", "--no-deps", "--no-build", "--force-recreate", "--wait", site)
    visitor.was_always_served()
    assert not {*before} & {two.id(site) for site in SITES}


def test_readers_are_shared_and_one_that_is_not_ready_gets_none(two):
    pages = [json.loads(get(f"{two.url('prod')}/ready")[2])["ready"] for _ in range(30)]
    assert all(pages)
    assert all('"/ready"' in docker("logs", two.id(site)) for site in SITES)
    two.variables["PROD_WAREHOUSE"] = "food-1"
    try:
        with Visitor(two.url("prod")) as visitor:
            two.compose("up", "-d", "--no-deps", "--no-build", "--force-recreate", SITES[0])
            eventually(lambda: two.says(SITES[0], "needs_help"), 600, "a site that cannot read its data")
            seen = visitor.asked
            eventually(lambda: visitor.asked > seen + 60, 600, "readers since")
        visitor.was_always_served()
    finally:
        del two.variables["PROD_WAREHOUSE"]
