"""Both sites under prefixes and with little memory, preprod behind a token."""

import json
import urllib.request

import pytest

from tests.containers.stack import docker, get, standing
from tests.containers.test_life import SERVER, restarted
from tests.containers.test_pages import lives

SECRET = "Tiramisu-4711-not-for-you"


@pytest.fixture(scope="module")
def fenced(make_stack, tmp_path_factory):
    """Both sites under prefixes and with little memory, preprod behind a token, and keys for the build."""
    folder = tmp_path_factory.mktemp("secrets")
    token, keys = folder / "token", folder / "keys"
    token.write_text(SECRET)
    keys.write_text(f"[default]\naws_access_key_id = app\naws_secret_access_key = {SECRET}\n")
    for path in (token, keys):
        path.chmod(0o644)
    secrets = {"PREPROD_TOKEN_FILE": str(token), "S3_CREDENTIALS_FILE": str(keys)}
    prefixes = {"PREPROD_BASE_URL": "/preprod/", "PROD_BASE_URL": "/prod/"}
    with standing(make_stack("fenced", SITE_MEMORY="1500m", **secrets, **prefixes)) as stack:
        yield stack


def test_the_secret_is_nowhere_to_be_read(fenced):
    assert SECRET in fenced.execute("mange_preprod", "cat", "/run/secrets/preprod_token")
    seen = [docker("inspect", fenced.id(service)) for service in ("mange_preprod", "proxy_preprod")]
    seen += [fenced.logs(), fenced.compose("config"), docker("history", "--no-trunc", fenced.image)]
    seen.append(fenced.execute("mange_preprod", "sh", "-c", "cat /proc/1/environ /proc/*/cmdline; env", check=False))
    assert not any(SECRET in said for said in seen)


def test_without_its_token_preprod_answers_nothing_but_its_health(fenced):
    url = fenced.url("preprod")
    for path in (
        "/",
        "/trends",
        "/trends?token=wrong",
        "/answer/level",
        "/assets/mangetamain.css",
        "/api/kernels/0",
    ):
        status, headers, body = get(url + path, Accept_Encoding="identity")
        assert status == 403, path
        assert b"mm-headline" not in body
        assert headers["content-security-policy"].startswith("default-src 'none'")
    for path in ("/health", "/ready"):
        assert get(url + path)[0] == 200, path


def test_with_its_token_preprod_opens(fenced):
    url = fenced.url("preprod")
    came = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with came.open(f"{url}/trends?token={SECRET}", timeout=120) as page:
        assert (page.status, page.url) == (200, f"{url}/trends")
    with came.open(f"{url}/", timeout=60) as page:
        assert b"mm-headline" in page.read()
    assert SECRET not in fenced.logs()


@pytest.mark.browser
@pytest.mark.parametrize("environment", ["preprod", "prod"])
def test_a_page_lives_under_a_prefix(fenced, browser, environment):
    assert fenced.url(environment).endswith(f"/{environment}")
    query = f"?token={SECRET}" if environment == "preprod" else ""
    lives(browser, fenced.url(environment), environment, query)


def test_each_prefix_leads_to_its_site_on_its_own_port_alone(fenced):
    for asked, port in fenced.ports.items():
        for environment in ("preprod", "prod"):
            status, _, body = get(f"http://127.0.0.1:{port}/{environment}/health")
            assert status in ({200} if environment == asked else {403, 404})
            assert status != 200 or json.loads(body)["environment"] == asked.upper()


def test_the_bare_address_leads_to_the_prefix(fenced):
    status, _, page = get(f"http://127.0.0.1:{fenced.ports['prod']}/")
    assert status == 200
    assert 'href="/prod/trends"' in page.decode()


EATER = f"""
import sys; {SERVER}
if sys.argv[1] == 'server':
    [open(f'/proc/{{each.pid}}/oom_score_adj', 'w').write('1000') for each in server()]
eaten = []
while True:
    eaten.append(bytearray(b'x' * 50_000_000))
"""


def test_memory_that_runs_out_costs_who_takes_it_or_a_restart(fenced):
    """Where a site has little, so that the machine's own is not what runs out."""
    before = fenced.inspect("mange_prod")["RestartCount"]
    said = docker("exec", fenced.id("mange_prod"), "python", "-c", EATER, "itself", check=False)
    assert "Traceback" not in said
    assert get(f"{fenced.url('prod')}/health")[0] == 200  # what ate was ended, and the site goes on
    assert fenced.inspect("mange_prod")["RestartCount"] == before
    docker("exec", fenced.id("mange_prod"), "python", "-c", EATER, "server", check=False)
    restarted(fenced, "mange_prod", before)
    assert get(f"{fenced.url('prod')}/trends")[0] == 200
