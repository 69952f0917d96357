"""What can happen to a site: to its containers, network and volumes, and to the records of what was deployed."""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from mangetamain.delivery.containers.engine import proxy
from tests.containers.host import Host, Visitor
from tests.containers.stack import docker, eventually

SERVER = "import psutil; [p.suspend() for p in psutil.process_iter() if p.pid != 1 and 'serve' in p.cmdline()]"
MAIN, STANDBY, PROXY = "mange_prod", "mange_prod_standby", proxy("prod")
# Where a delivery is when something happens: it proves the pair, only the standby serves, the site is to take over.
PROVING, SWITCHING, TAKING_OVER = "standby ready", "switching", "main ready"


@dataclass
class Fault:
    """Something that happens to prod."""

    name: str
    harm: Callable[[Host], object]
    told: str = ""  # what `status` says of it
    readers: bool = False  # whether they may be failed: nothing is left that could serve them
    steps: tuple[str, ...] = ()  # after which it happens to a delivery under way

    def __str__(self) -> str:
        return self.name


def container(*words: str, of: str = MAIN) -> Callable[[Host], object]:
    """Do something to a service's container."""
    return lambda host: docker(*words, host.stack.id(of))


def paused(of: str = MAIN) -> Callable[[Host], object]:
    """Freeze a service's container; a busy engine may need more than one try."""

    def frozen(host: Host) -> bool:
        docker("pause", host.stack.id(of), check=False)
        return host.stack.inspect(of)["State"]["Status"] == "paused"

    return lambda host: eventually(lambda: frozen(host), 60, "paused")


def record(script: str, name: str = "prod.json") -> Callable[[Host], object]:
    """Do something to a file of the records."""
    return lambda host: host.ledger("sh", "-c", script, "sh", name)


def hung(of: str = MAIN) -> Callable[[Host], object]:
    """Freeze a site's server inside its container."""
    return lambda host: host.stack.execute(of, "python", "-c", SERVER)


HALF = record('head -c 100 "$1" > a; cat a > "$1"; rm a')
JOURNAL = record('printf \'{"time": \' >> "$1"', "journal.jsonl")


def unplugged(of: str) -> Callable[[Host], object]:
    """Take a service out of prod's network."""
    return lambda host: docker("network", "disconnect", "--force", f"{host.stack.name}_prod", host.stack.id(of))


def without_network(host: Host) -> None:
    """Remove prod's network from under whoever is in it."""
    name = f"{host.stack.name}_prod"
    for who in json.loads(docker("network", "inspect", name))[0]["Containers"]:
        docker("network", "disconnect", "--force", name, who)
    docker("network", "rm", name)


def without_state(host: Host) -> None:
    """Remove a site, and its standby, with their volume."""
    docker("rm", "--force", *filter(None, map(host.stack.id, (MAIN, STANDBY))))
    docker("volume", "rm", f"{host.stack.name}_prod")


def without_records(host: Host) -> None:
    """Remove the records' volume, and the lock that holds it where there is one."""
    docker("rm", "--force", f"{host.stack.name}_delivery", check=False)
    docker("volume", "rm", f"{host.stack.name}_delivery")


def lock(*words: str) -> Callable[[Host], object]:
    """Leave a container that has the name of the lock, and never ran or has ended."""
    return lambda host: docker(
        *words, "--name", f"{host.stack.name}_delivery", "--entrypoint", "true", host.stack.image
    )


def lock_paused(host: Host) -> None:
    """Leave the lock of a command that was killed while the lock was paused."""
    name = f"{host.stack.name}_delivery"
    words = ["docker", "run", "--rm", "--interactive", "--name", name, "--entrypoint", "cat", host.stack.image]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as held:
        eventually(lambda: docker("ps", "-q", "--filter", f"name={name}"), 60, "the lock is held")
        docker("pause", name)
        held.kill()


def on_lock(*words: str) -> Callable[[Host], object]:
    """Do something to the container that is a delivery's lock."""
    return lambda host: docker(*words, f"{host.stack.name}_delivery")


def left_over(host: Host) -> None:
    """Start a standby that no delivery is behind."""
    host.stack.compose("up", "-d", "--no-deps", "--no-build", "mange_prod_standby")


def nameless(host: Host) -> None:
    """Take away the names of the images in use."""
    docker("rmi", f"{host.stack.name}:prod", f"{host.stack.name}:prod-proxy")


REST = [
    Fault("site removed", container("rm", "--force"), "prod is missing", readers=True),
    Fault("site stopped", container("stop"), "prod is missing", readers=True),
    Fault("site killed", container("kill"), "prod is missing", readers=True),
    Fault("site paused", paused(), "prod is missing", readers=True),
    Fault("server hung (SIGSTOP)", hung(), "prod is ", True),
    Fault("site out of its network", unplugged(MAIN), "prod is missing", readers=True),
    Fault("site and its volume removed", without_state, "prod is missing", readers=True),
    Fault("network removed", without_network, "prod is missing", readers=True),
    Fault("proxy removed", container("rm", "--force", of=PROXY), "prod is missing", readers=True),
    Fault("proxy stopped", container("stop", of=PROXY), "prod is missing", readers=True),
    Fault("proxy paused", paused(PROXY), "prod is missing", readers=True),
    Fault("proxy out of the network", unplugged(PROXY), "prod is missing", readers=True),
    Fault("record removed", record('rm "$1"'), "nothing is recorded"),
    Fault("record half written", HALF, "is torn"),
    Fault("records' volume removed", without_records, "nothing is"),
    Fault("journal torn", JOURNAL),
    Fault("standby left over", left_over),
    Fault("names of its images removed", nameless),
    Fault("lock left, never started", lock("create")),
    Fault("lock left, ended", lock("run", "--detach")),
    Fault("lock left, paused", lock_paused),
]

# A rollback proves nothing: the pair was proven when it came.
ROLLBACK = [
    # It is who serves while the site is begun anew.
    Fault("standby removed", container("rm", "--force", of=STANDBY), "", True, (PROVING, SWITCHING)),
    Fault("standby paused", paused(STANDBY), "", True, (PROVING, SWITCHING)),
    Fault("proxy removed", container("rm", "--force", of=PROXY), "", True, (PROVING, SWITCHING)),
    Fault("record removed", record('rm "$1"'), steps=(PROVING, SWITCHING)),
    Fault("lock removed", on_lock("rm", "--force"), steps=(PROVING, SWITCHING)),
    Fault("site paused", paused(), "", True, (PROVING, SWITCHING)),
]
PROMOTION = [
    Fault("standby removed", container("rm", "--force", of=STANDBY), "", True, (PROVING, SWITCHING)),
    Fault("standby stopped", container("stop", of=STANDBY), "", True, (SWITCHING,)),
    Fault("standby paused", paused(STANDBY), "", True, (SWITCHING,)),
    Fault("standby's server hung (SIGSTOP)", hung(STANDBY), "", True, (SWITCHING,)),
    Fault("standby out of its network", unplugged(STANDBY), "", True, (SWITCHING,)),
    Fault("site removed", container("rm", "--force"), "", True, (TAKING_OVER,)),
    Fault("site stopped", container("stop"), "", True, (TAKING_OVER,)),
    Fault("site paused", paused(), "", True, (PROVING,)),
    Fault("server hung (SIGSTOP)", hung(), "", True, (TAKING_OVER,)),
    Fault("site, standby and volume removed", without_state, "", True, (TAKING_OVER,)),
    Fault("network removed", without_network, "", True, (SWITCHING,)),
    Fault("proxy removed", container("rm", "--force", of=PROXY), "", True, (SWITCHING,)),
    Fault("proxy stopped", container("stop", of=PROXY), "", True, (SWITCHING,)),
    Fault("proxy paused", paused(PROXY), "", True, (SWITCHING,)),
    Fault("proxy out of the network", unplugged(PROXY), "", True, (SWITCHING,)),
    Fault("preprod removed", container("rm", "--force", of="mange_preprod"), steps=(PROVING,)),
    Fault("preprod paused", paused("mange_preprod"), steps=(PROVING,)),
    Fault("preprod's record half written", record('echo "{" > "$1"', "preprod.json"), steps=(PROVING,)),
    Fault("record removed", record('rm "$1"'), steps=(SWITCHING,)),
    Fault("record half written", HALF, steps=(SWITCHING,)),
    Fault("records' volume removed", without_records, steps=(PROVING,)),
    Fault("journal torn", JOURNAL, steps=(SWITCHING,)),
    Fault("lock removed", on_lock("rm", "--force"), steps=(SWITCHING,)),
    Fault("lock paused", on_lock("pause"), steps=(SWITCHING,)),
    Fault("names of its images removed", nameless, steps=(SWITCHING,)),
]


def well(host: Host) -> bool:
    """Whether `status` is content."""
    return host.run("status", "--all").code == 0


def under_way(host: Host, command: list[str], fault: Fault, step: str, table: list[tuple[str, ...]]) -> None:
    """Have something happen to a command at a step; hold that it, or `mend`, leaves all well, and note what it took."""
    before = host.served("prod")
    with Visitor(host.stack.url("prod")) as visitor:
        going = host.start(*command)
        assert going.stderr is not None
        for line in going.stderr:
            if line.strip().endswith(f": {step}"):
                break
        began = time.monotonic()
        try:
            fault.harm(host)
        except AssertionError as error:
            going.communicate()
            host.well("mend")
            pytest.skip(f"the delivery was quicker: {error}")
        said = going.stderr.read()
        code, hands = going.wait(600), "none"
        print(said)
        if not well(host) or host.standbys():  # which a command without its lock leaves alone
            hands = "mend"
            host.well("mend")
        seconds = time.monotonic() - began
    when = f"{command[0]}, {step}, {'done' if code == 0 else 'came to nothing'}"
    table.append((fault.name, when, visitor.told, f"{seconds:.0f}", hands))
    assert well(host)
    now = host.served("prod")
    known = [before, before["previous"] or before, host.served("preprod")]
    assert (now["image"], now["warehouse"]) in [(each["image"], each["warehouse"]) for each in known]
    assert now["image"] == host.image_of("prod")
    assert host.standbys() == ""
    assert "Traceback" not in said
    if not fault.readers:
        visitor.was_always_served()
