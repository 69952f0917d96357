"""What a container may not do, tried from inside it, and what nobody may read from outside."""

import json
import re
import urllib.request

import pytest

from tests.containers.stack import docker, get, standing

SECRET = "Tiramisu-4711-not-for-you"
SITES = ("mange_preprod", "mange_prod")
SERVICES = (*SITES, "proxy")


@pytest.mark.parametrize("service", SERVICES)
def test_root_is_read_only(sites, service):
    for folder in ("/", "/etc", "/usr", "/var", "/home"):
        for user in ("10001", "0"):
            said = sites.execute(service, "touch", f"{folder}/mine", user=user, check=False)
            assert "Read-only file system" in said, (folder, user)


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_is_root_and_nobody_has_a_capability(sites, service):
    status = dict(line.split(":", 1) for line in sites.execute(service, "cat", "/proc/1/status").splitlines())
    assert status["Uid"].split() == ["10001"] * 4
    assert status["NoNewPrivs"].strip() == "1"
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0, kind


@pytest.mark.parametrize("service", SERVICES)
def test_limits_are_set(sites, service):
    found = sites.inspect(service)["HostConfig"]
    assert found["Memory"] > 0
    assert found["PidsLimit"] > 0
    assert found["ReadonlyRootfs"] is True
    assert found["CapDrop"] == ["ALL"]
    assert found["Init"] is True
    assert found["RestartPolicy"]["Name"] == "unless-stopped"
    assert found["LogConfig"]["Type"] == "json-file"
    assert {"max-size", "max-file"} <= set(found["LogConfig"]["Config"])
    assert service == "proxy" or found["NanoCpus"] > 0


@pytest.mark.parametrize("service", SITES)
def test_a_site_cannot_write_the_data(sites, service):
    said = sites.execute(service, "sh", "-c", "touch /data/mine; rm -f /data/warehouse/build.lock", check=False)
    assert said.count("Read-only file system") == 2


@pytest.mark.parametrize("service", SITES)
def test_a_site_has_no_way_out_and_no_way_to_the_other(sites, service):
    """The sites' networks are internal: they serve from their first second without any other host."""
    networks = sites.inspect(service)["NetworkSettings"]["Networks"]
    assert [json.loads(docker("network", "inspect", name))[0]["Internal"] for name in networks] == [True]
    other = "mange_prod" if service == "mange_preprod" else "mange_preprod"
    code = "import socket,sys; socket.setdefaulttimeout(3); socket.create_connection((sys.argv[1], int(sys.argv[2])))"
    for host, port in (("192.0.2.1", "80"), (other, "8866"), ("deb.debian.org", "80")):
        assert re.search(
            r"(TimeoutError|gaierror|OSError)", sites.execute(service, "python", "-c", code, host, port, check=False)
        )


def test_a_site_runs_without_any_network(image):
    """Nothing is fetched at start or ever: it makes its data, serves and proves a page with the loopback alone."""
    serve = "mangetamain build sample:2000 >/dev/null && exec mangetamain serve"
    homes = ["-e", "MANGETAMAIN_DATA=/tmp/data", "-e", "MANGETAMAIN_STATE=/tmp/data"]
    closed = ["--network", "none", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--init"]
    name = docker("run", "-d", *closed, *homes, image, "sh", "-c", serve).strip()
    wait = "for i in $(seq 90); do mangetamain-health && exit 0; sleep 1; done; exit 1"
    try:
        assert "200 ready" in docker("exec", name, "sh", "-c", wait)
    finally:
        docker("rm", "-f", name)


@pytest.fixture(scope="module")
def guarded(make_stack, tmp_path_factory):
    """Preprod behind a token, and keys for the build."""
    folder = tmp_path_factory.mktemp("secrets")
    token, keys = folder / "token", folder / "keys"
    token.write_text(SECRET)
    keys.write_text(f"[default]\naws_access_key_id = app\naws_secret_access_key = {SECRET}\n")
    for path in (token, keys):
        path.chmod(0o644)
    stack = make_stack("guarded", PREPROD_TOKEN_FILE=str(token), S3_CREDENTIALS_FILE=str(keys))
    with standing(stack, "mange_preprod", "proxy"):
        yield stack


def test_the_secret_is_nowhere_to_be_read(guarded):
    assert SECRET in guarded.execute("mange_preprod", "cat", "/run/secrets/preprod_token")
    seen = [docker("inspect", guarded.id(service)) for service in ("mange_preprod", "proxy")]
    seen += [guarded.logs(), guarded.compose("config"), docker("history", "--no-trunc", guarded.image)]
    seen.append(guarded.execute("mange_preprod", "sh", "-c", "cat /proc/1/environ /proc/*/cmdline; env", check=False))
    assert not any(SECRET in said for said in seen)


def test_without_its_token_preprod_answers_nothing_but_its_health(guarded):
    url = guarded.url("preprod")
    for path in (
        "/",
        "/trends",
        "/trends?token=wrong",
        "/snapshot/trends.json",
        "/assets/mangetamain.css",
        "/api/kernels/0",
    ):
        status, headers, body = get(url + path, Accept_Encoding="identity")
        assert status == 403, path
        assert b"mm-headline" not in body
        assert headers["content-security-policy"].startswith("default-src 'none'")
    for path in ("/health", "/ready"):
        assert get(url + path)[0] == 200, path


def test_with_its_token_preprod_opens(guarded):
    url = guarded.url("preprod")
    came = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with came.open(f"{url}/trends?token={SECRET}", timeout=120) as page:
        assert (page.status, page.url) == (200, f"{url}/trends")
    with came.open(f"{url}/", timeout=60) as page:
        assert b"mm-headline" in page.read()
    assert SECRET not in guarded.logs()
