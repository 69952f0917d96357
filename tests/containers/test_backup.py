"""A machine that is lost comes back from its backup by the handbook's own commands: data, records, the way back."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.containers.host import Host, derive
from tests.containers.stack import ROOT, docker, get

# One page, whose answers are waited for on a machine that is busy.
LINES = [
    "RUN rm $(find /app -path '*/notebooks/*.ipynb' ! -name trends.ipynb)",
    "ENV MANGETAMAIN_ANSWER_SECONDS=120",
]


@pytest.fixture(scope="module")
def pages(image):
    """Two images of one page."""
    return [derive(image, f"{image}-backup-{n}", *LINES, f"ENV MANGETAMAIN_REVISION=backup-{n}") for n in "ab"]


@pytest.fixture(scope="module")
def host(make_stack, pages, chromium, tmp_path_factory):
    """A machine with a preprod that has a way back, to another image and other data."""
    found = Host(make_stack("backup", SITE_WORKERS="1"), tmp_path_factory.mktemp("host") / "delivery")
    del found.stack.ports["prod"]  # so that `status --all` expects none
    with found.removed_at_the_end():
        for image, source in zip(pages, ("sample:500", "sample:600"), strict=True):
            found.stack.build(source)
            found.well("deploy", "preprod", "--image", image)
        yield found


def as_written(host: Host, step: str, backup: Path) -> str:
    """Run the handbook's commands of one step on this project, and return what they said."""
    section = (ROOT / "docs" / "operate.md").read_text("utf-8").partition("## Back up and restore a machine")[2]
    block = re.search(r"\n\n((?:    .+\n)+)", section.partition(f"**{step}**")[2])[1]
    script = re.sub(r"\bmangetamain(?=_data|_delivery|:prod|\))", host.stack.name, block).replace(":prod", ":preprod")
    assert not re.search("mangetamain[_:]", script), "a name of another project"
    known = host.environment | {"BACKUP": str(backup), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-eux", "-c", script], cwd=ROOT, env=known, capture_output=True, text=True, timeout=1800, check=False
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def data(host: Host) -> str:
    """The digests of all warehouses and pins."""
    script = "cd /data/warehouse && find . -type f ! -name '*.lock' | sort | xargs sha256sum"
    return host.stack.volume("sh", "-c", script)


def test_a_machine_that_is_lost_comes_back_as_the_handbook_says(host, pages, tmp_path):
    before, held, told = host.served("preprod"), data(host), host.journal()
    page = get(f"{host.stack.url('preprod')}/trends")[2]
    as_written(host, "Back up", tmp_path)
    host.down()
    docker("image", "rm", *pages)
    assert docker("volume", "ls", "-q", "--filter", f"name={host.stack.name}") == ""
    assert docker("ps", "-aq", "--filter", f"name={host.stack.name}") == ""

    assert "healthy" in as_written(host, "Restore", tmp_path)
    assert host.served("preprod") == before
    assert data(host) == held
    assert host.journal()[: len(told)] == told
    assert get(f"{host.stack.url('preprod')}/trends")[2] == page
    host.well("rollback", "preprod")
    now = host.served("preprod")
    assert (now["image"], now["warehouse"]) == (before["previous"]["image"], before["previous"]["warehouse"])
    assert host.image_of("preprod") == now["image"] != before["image"]
