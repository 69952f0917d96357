"""What the image and the compose file promise, read without an engine; `make check` runs the checkers."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from mangetamain import __version__
from mangetamain.delivery.containers.settings import asked_as
from mangetamain.environment import HEALTH, READY, SITE_PORT
from mangetamain.site.access.hosts import read_hosts

ROOT = Path(__file__).parent.parent
DOCKER = ROOT / "docker"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SERVICES = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["services"]
SITES = [name for name in SERVICES if name.startswith("mange_")]
LOCKS = ("requirements.lock", "build.lock")


def pins(path):
    """Return each package's pinned versions, and how many hashes each pin has."""
    found = {}
    for block in re.split(r"\n(?=\S)", path.read_text("utf-8")):
        if match := re.match(r"([\w.-]+)==(\S+)", block):
            found.setdefault(match[1], {})[match[2]] = block.count("--hash=sha256:")
    return found


def plain(requirement):
    return re.split(r"[<>=\[; ]", requirement)[0].lower()


@pytest.mark.skipif(shutil.which("docker") is None, reason="no docker command to read the compose file with")
def test_the_compose_file_is_understood():
    said = subprocess.run(
        ["docker", "compose", "-f", DOCKER / "compose.yaml", "--profile", "*", "config", "-q"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "is not a docker command" in said.stderr or "unknown" in said.stderr:
        pytest.skip("the docker command here has no compose")
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize("lock", LOCKS)
def test_the_image_has_the_versions_that_are_tested(lock):
    ours, tested = pins(DOCKER / lock), pins(ROOT / "requirements.lock")
    assert len(ours) > 3
    for name, versions in ours.items():
        assert set(versions) <= set(tested[name]), name
        assert all(versions.values()), f"{name} has no hash"


def test_the_image_has_all_that_its_lives_need():
    extras = PROJECT["optional-dependencies"]
    needed = {plain(word) for word in [*PROJECT["dependencies"], *extras["site"], *extras["report"], *extras["s3"]]}
    assert needed | {"nbval", "pytest"} <= set(pins(DOCKER / "requirements.lock"))
    assert "jupyterlab" not in pins(DOCKER / "requirements.lock")


def test_locks_name_no_registry():
    assert not any("://" in (DOCKER / lock).read_text("utf-8") for lock in LOCKS)


def test_the_label_says_the_version():
    assert f"ARG VERSION={__version__}\n" in (DOCKER / "Dockerfile").read_text("utf-8")


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened_and_bounded(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["init"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"]["max-size"]
    assert {"mem_limit", "pids_limit"} <= set(service)
    assert not {"privileged", "cap_add", "env_file", "network_mode", "pid", "user"} & set(service)
    assert not any("docker.sock" in str(mount) for mount in service.get("volumes", []))


@pytest.mark.parametrize("name", SITES)
def test_sites_differ_by_variables_mounts_and_ports_alone(name):
    """Two source trees once made two sites of different code: here one image does, and one description."""
    mine, other = dict(SERVICES[name]), dict(SERVICES["mange_prod"])
    for free in ("environment", "volumes", "secrets", "networks", "profiles"):
        mine.pop(free, None)
        other.pop(free, None)
    image = mine.pop("image")
    assert re.fullmatch(r"\$\{\w+_IMAGE:-mangetamain:latest\}", image)
    other.pop("image")
    assert mine == other
    assert not {"command", "entrypoint", "build", "ports", "healthcheck"} & set(mine)
    assert "data:/data:ro" in SERVICES[name]["volumes"]


def test_only_the_proxies_are_reached_from_outside():
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy_preprod", "proxy_prod"]


@pytest.mark.parametrize("name", SITES)
def test_each_site_answers_to_the_names_it_is_asked_by(name, monkeypatch):
    hosts = SERVICES[name]["environment"]["MANGETAMAIN_HOSTS"]
    prefix = "PREPROD" if "preprod" in name else "PROD"
    # Its proxy hands on the name that the reader typed.
    assert hosts == f"${{{prefix}_ASKED_AS:-}},${{{prefix}_HOSTS:-}}"
    assert "proxy_set_header Host $http_host;" in (DOCKER / "proxy" / "nginx.conf").read_text("utf-8")
    monkeypatch.setenv("MANGETAMAIN_ENVIRONMENTS", "preprod=http://a.example prod=https://b.example/prod")
    assert asked_as()[f"{prefix}_ASKED_AS"] == {"PREPROD": "a.example", "PROD": "b.example"}[prefix]


def test_what_runs_beside_a_site_asks_it_by_a_name_it_always_answers_to():
    assert 'HTTPConnection("127.0.0.1", 8866' in (DOCKER / "mangetamain-health").read_text("utf-8")
    # Jupyter's proxy hands on the name of whatever hub the reader came by, which nobody knows before.
    served = json.loads((ROOT / "binder" / "jupyter_server_config.json").read_text("utf-8"))["ServerProxy"]["servers"]
    command = served["mangetamain"]["command"]
    assert command[command.index("--host") + 1] == "*"
    assert "--ip" not in command, "from outside nobody reaches it"


def test_a_deploy_tells_a_site_by_which_names_it_is_asked(monkeypatch):
    monkeypatch.setenv(
        "MANGETAMAIN_ENVIRONMENTS", "preprod=http://[::1]:8500 prod=https://food.example/prod far=http://a"
    )
    known = asked_as()
    assert known == {"PREPROD_ASKED_AS": "::1", "PROD_ASKED_AS": "food.example"}
    assert read_hosts(f"{name}," for name in known.values()) == {"::1", "food.example"}


def test_a_cluster_s_pods_are_hardened_and_asked_as_containers_are():
    text = (DOCKER / "examples" / "kubernetes.yaml").read_text("utf-8")
    deployment, service, budget = yaml.safe_load_all(text)
    pod = deployment["spec"]["template"]
    [site] = pod["spec"]["containers"]
    assert [each["kind"] for each in (deployment, service, budget)] == ["Deployment", "Service", "PodDisruptionBudget"]
    assert site["ports"][0]["containerPort"] == SITE_PORT
    assert site["readinessProbe"]["httpGet"]["path"] == f"/{READY}"
    assert site["livenessProbe"]["httpGet"]["path"] == f"/{HEALTH}"
    assert site["securityContext"]["readOnlyRootFilesystem"]
    assert site["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert f"USER {pod['spec']['securityContext']['runAsUser']}:" in (DOCKER / "Dockerfile").read_text("utf-8")
    for chosen in (deployment["spec"]["selector"], budget["spec"]["selector"]):
        assert chosen["matchLabels"] == pod["metadata"]["labels"] == service["spec"]["selector"]
    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
