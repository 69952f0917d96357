"""What a container may not do, tried from inside it, and what nobody may read from outside."""

import json
import re

import pytest

from tests.containers.stack import docker

SITES = ("mange_preprod", "mange_prod")
SERVICES = (*SITES, "proxy_preprod", "proxy_prod")


@pytest.mark.parametrize("service", SERVICES)
def test_root_is_read_only(sites, service):
    folders = ("/", "/etc", "/usr", "/var", "/home")
    for user in ("10001", "0"):
        said = sites.execute(service, "touch", *(f"{folder}/mine" for folder in folders), user=user, check=False)
        assert [line.rpartition(": ")[2] for line in said.splitlines()] == ["Read-only file system"] * len(folders)


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
    assert service.startswith("proxy") or found["NanoCpus"] > 0


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


REACHES = """
import socket, sys
socket.setdefaulttimeout(3)
for place in sys.argv[1:]:
    host, _, port = place.rpartition(":")
    try:
        socket.create_connection((host, int(port))).close()
        print(place)
    except OSError:
        pass
"""


@pytest.mark.parametrize("environment", ["preprod", "prod"])
def test_no_environment_reaches_the_other_by_any_door(sites, environment):
    """Neither by a proxy's name or address, nor by the machine's own address and published port."""
    other = "prod" if environment == "preprod" else "preprod"
    mine, theirs = f"proxy_{environment}", f"proxy_{other}"
    networks = [*sites.inspect(theirs)["NetworkSettings"]["Networks"].values()]
    gateways = [
        each["Gateway"] for name in SERVICES for each in sites.inspect(name)["NetworkSettings"]["Networks"].values()
    ]
    doors = [f"{host}:8080" for host in (theirs, "proxy", *(each["IPAddress"] for each in networks))]
    doors += [f"{gateway}:{sites.ports[other]}" for gateway in sorted({*gateways} - {""})]
    found = sites.execute(f"mange_{environment}", "python", "-c", REACHES, f"{mine}:8080", *doors)
    assert found.split() == [f"{mine}:8080"]
