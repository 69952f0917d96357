"""What can happen to a site: to its containers, network and volumes, and to the records of what was deployed."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from mangetamain.delivery.containers.engine import proxy
from tests.containers.host import Host
from tests.containers.stack import docker, eventually

SERVER = "import psutil; [p.suspend() for p in psutil.process_iter() if p.pid != 1 and 'serve' in p.cmdline()]"
MAIN, PROXY = "mange_prod", proxy("prod")


@dataclass
class Fault:
    """Something that happens to prod."""

    name: str
    harm: Callable[[Host], object]
    told: str = ""  # what `status` says of it
    readers: bool = False  # whether they may be failed: until `mend` has been typed nothing serves them


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


def unplugged(of: str) -> Callable[[Host], object]:
    """Take a service out of prod's network."""
    return lambda host: docker("network", "disconnect", "--force", f"{host.stack.name}_prod", host.stack.id(of))


def without_network(host: Host) -> None:
    """Remove prod's network from under whoever is in it."""
    for of in (MAIN, PROXY):
        unplugged(of)(host)
    docker("network", "rm", f"{host.stack.name}_prod")


def without_state(host: Host) -> None:
    """Remove a site with its volume."""
    docker("rm", "--force", host.stack.id(MAIN))
    docker("volume", "rm", f"{host.stack.name}_prod")


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
    Fault("server hung (SIGSTOP)", lambda host: host.stack.execute(MAIN, "python", "-c", SERVER), "prod is ", True),
    Fault("site out of its network", unplugged(MAIN), "prod is missing", readers=True),
    Fault("site and its volume removed", without_state, "prod is missing", readers=True),
    Fault("network removed", without_network, "prod is missing", readers=True),
    Fault("proxy removed", container("rm", "--force", of=PROXY), "prod is missing", readers=True),
    Fault("proxy stopped", container("stop", of=PROXY), "prod is missing", readers=True),
    Fault("proxy paused", paused(PROXY), "prod is missing", readers=True),
    Fault("proxy out of the network", unplugged(PROXY), "prod is missing", readers=True),
    Fault("record removed", record('rm "$1"'), "nothing is recorded"),
    Fault("record half written", record('head -c 100 "$1" > a; cat a > "$1"; rm a'), "is torn"),
    Fault("records' volume removed", lambda host: docker("volume", "rm", f"{host.stack.name}_delivery"), "nothing is"),
    Fault("journal torn", lambda host: record('printf \'{"time": \' >> "$1"', "journal.jsonl")(host)),
    Fault("standby left over", left_over),
    Fault("names of its images removed", nameless),
    Fault("lock left, never started", lock("create")),
    Fault("lock left, ended", lock("run", "--detach")),
    Fault("lock left, paused", lock_paused),
]
