"""What hangs: readers are told so soon, and the site comes back by itself."""

import time

from tests.containers.stack import eventually, get
from tests.containers.test_life import SERVER, restarted

SITE = "mange_prod"
# The proxy waits ten seconds for a page; a machine that is busy adds some.
TOLD = 30


def told(url):
    """Ask for a page, and hold that its reader is told soon that it is not to be had."""
    began = time.monotonic()
    status, _, page = get(f"{url}/trends")
    assert (status, b"Mangetamain is being restarted" in page) == (503, True)
    assert time.monotonic() - began < TOLD


def test_a_server_that_hangs_is_begun_anew(sites):
    before = sites.inspect(SITE)["RestartCount"]
    sites.execute(SITE, "python", "-c", f"{SERVER}; [each.suspend() for each in server()]")
    told(sites.url("prod"))
    restarted(sites, SITE, before)
    assert get(f"{sites.url('prod')}/trends")[0] == 200


def test_readers_of_a_frozen_container_are_told_and_it_goes_on(sites):
    before = sites.inspect(SITE)["RestartCount"]
    sites.compose("pause", SITE)
    try:
        told(sites.url("prod"))
    finally:
        sites.compose("unpause", SITE)
    eventually(lambda: get(f"{sites.url('prod')}/trends")[0] == 200, 600, "a page")
    eventually(lambda: sites.health(SITE) == "healthy", 600, "healthy")
    assert sites.inspect(SITE)["RestartCount"] == before


def test_a_site_without_room_says_so_at_once_and_is_well_when_there_is_some(sites):
    sites.execute(SITE, "sh", "-c", "head -c 1G /dev/zero >/tmp/full", check=False)
    try:
        said = eventually(lambda: sites.says(SITE, "needs_help"), 60, "not ready")
        assert said["reason"].startswith("There is no room for temporary files")
        assert get(f"{sites.url('prod')}/trends")[0] == 200  # as it was made before
    finally:
        sites.execute(SITE, "rm", "/tmp/full")
    eventually(lambda: sites.says(SITE, "ready"), 60, "ready again")
