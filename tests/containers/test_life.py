"""How a site lives: from a cold start to healthy, through damage and death, to its end."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

from tests.containers.stack import eventually, get

SERVES = 10
# In a container the init is the first process, and the server its child.
SERVER = "import psutil; server = lambda: [p for p in psutil.process_iter() if p.pid != 1 and 'serve' in p.cmdline()]"
# Four looks of the health check at a broken site, and a machine that is busy.
NOTICED = 90


def ready(stack, environment="prod"):
    status, _, body = get(f"{stack.url(environment)}/ready", seconds=10)
    return status, json.loads(body)


def restarted(stack, service, before):
    """Wait until the engine has started the container anew and it is healthy."""
    eventually(lambda: stack.inspect(service)["RestartCount"] > before, 600, "a restart")
    return eventually(lambda: stack.health(service) == "healthy", NOTICED, "healthy after a restart")


def test_both_sites_are_healthy_and_say_where_they_are(sites):
    for environment in ("preprod", "prod"):
        status, said = ready(sites, environment)
        assert (status, said["ready"], said["environment"]) == (200, True, environment.upper())
        assert said["warehouse"]["source"] == "sample:2000"
        assert all(page["figures"] > 0 for page in said["pages"].values())
        assert sites.health(f"mange_{environment}") == "healthy"


def test_one_image_and_the_two_differ_by_variables_and_mounts_alone(sites):
    found = [sites.inspect(f"mange_{name}") for name in ("preprod", "prod")]
    assert len({each["Image"] for each in found}) == 1
    for part in ("Cmd", "Entrypoint", "User", "WorkingDir", "Healthcheck"):
        assert found[0]["Config"][part] == found[1]["Config"][part]
    differ = set(found[0]["Config"]["Env"]) ^ set(found[1]["Config"]["Env"])
    assert {word.partition("=")[0] for word in differ} == {"APP_ENV", "MANGETAMAIN_TOKEN_FILE"}


def test_a_site_serves_soon_after_its_start(sites):
    sites.compose("stop", "mange_prod")
    start = time.monotonic()
    sites.compose("start", "mange_prod")
    eventually(lambda: get(f"{sites.url('prod')}/health")[0] == 200, SERVES, "an answer")
    eventually(lambda: get(f"{sites.url('prod')}/")[0] == 200, SERVES - (time.monotonic() - start), "the first page")
    eventually(lambda: sites.health("mange_prod") == "healthy", NOTICED, "healthy")


def test_a_site_stops_when_it_is_told_to(sites):
    eventually(lambda: get(f"{sites.url('prod')}/trends")[0] == 200, 600, "a page, so that workers run")
    sites.compose("stop", "mange_prod")
    state = sites.inspect("mange_prod")["State"]
    sites.up("mange_prod")
    # One that has not stopped within compose's grace is killed, and ends with 137.
    assert (state["ExitCode"], state["OOMKilled"]) in {(0, False), (143, False)}


def test_a_killed_server_comes_back(sites):
    before = sites.inspect("mange_prod")["RestartCount"]
    sites.execute("mange_prod", "python", "-c", f"{SERVER}; [each.kill() for each in server()]", check=False)
    restarted(sites, "mange_prod", before)
    assert get(f"{sites.url('prod')}/trends")[0] == 200


def test_a_broken_warehouse_makes_the_site_unhealthy_until_it_is_mended(sites):
    script = "cd /data/warehouse && real=$(ls food-*.duckdb | tail -n 1) && "
    sites.volume("sh", "-c", f"{script} mv $real kept && echo broken > $real")
    try:
        _, said = eventually(lambda: found if (found := ready(sites))[0] == 503 else None, 600, "not ready")
        assert said["ready"] is False
        assert said["reason"]
        assert get(f"{sites.url('prod')}/health")[0] == 200  # alive all the while
        eventually(lambda: sites.health("mange_prod") == "unhealthy", NOTICED, "unhealthy")
    finally:
        sites.volume("sh", "-c", f"{script} mv kept $real")
    for service in ("mange_prod", "mange_preprod"):
        eventually(lambda service=service: sites.health(service) == "healthy", NOTICED, "healthy again")
    assert ready(sites)[0] == 200


def test_an_hour_of_probes_leaves_nothing_behind(sites):
    eventually(lambda: ready(sites)[0] == 200, 600, "ready")
    before = len(sites.processes("mange_prod"))
    # The container's own check asks every ten seconds, and a monitor every five minutes.
    asked = ["ready"] * 360 + ["health"] * 12
    with ThreadPoolExecutor(6) as probes:
        seen = list(probes.map(lambda path: get(f"{sites.url('prod')}/{path}")[0], asked))
    assert seen == [200] * len(asked)
    assert sites.kernels("mange_prod") == 0
    eventually(lambda: len(sites.processes("mange_prod")) <= before, 60, "no process more than before")
