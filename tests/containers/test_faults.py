"""What can be missing, hung, torn or somebody else's, one at a time: what readers see, and that `mend` cures it.

The table of it is printed, and kept in `.data/faults.txt`.
"""

import json
import time

import pytest

from tests.containers.faults import PROXY, REST, Fault, container, paused, record
from tests.containers.host import Host, Visitor, derive, image_id
from tests.containers.stack import ROOT, docker, eventually

# Two pages, and notebooks that were seen to pass elsewhere: what goes wrong here goes wrong whatever is served.
PAGES = "RUN rm $(find /app -path '*/notebooks/*.ipynb' ! -name trends.ipynb ! -name ratings.ipynb)"
PASSES = "RUN echo 'echo 1 passed' > /app/bin/mangetamain-nbval"


@pytest.fixture(scope="module")
def pages(image):
    """Two images of two pages."""
    return [derive(image, f"{image}-fault-{n}", PAGES, PASSES, f"ENV MANGETAMAIN_REVISION=fault-{n}") for n in "ab"]


@pytest.fixture(scope="module")
def host(make_stack, pages, chromium, tmp_path_factory):
    """A machine whose preprod and prod were deployed once each."""
    # Where the sites are published is asked of the engine, and what the build alone needs is not there.
    variables = {"MANGETAMAIN_ENVIRONMENTS": "", "BUILD_FOLDER": "/no/such", "S3_CREDENTIALS_FILE": "/no/such"}
    found = Host(make_stack("faults"), tmp_path_factory.mktemp("host") / "delivery", variables)
    with found.removed_at_the_end():
        found.stack.build("sample:500")
        found.well("deploy", "preprod", "--image", pages[0])
        found.well("deploy", "prod", "--yes")
        yield found


@pytest.fixture(scope="module")
def table():
    """The rows, written down at the end."""
    rows = [("what", "when", "requests failed", "seconds until well", "hands")]
    yield rows
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    text = "\n".join("  ".join(cell.ljust(n) for cell, n in zip(row, widths, strict=True)).rstrip() for row in rows)
    (ROOT / ".data").mkdir(exist_ok=True)
    (ROOT / ".data" / "faults.txt").write_text(text + "\n")
    print(f"\n{text}")


def well(host: Host) -> bool:
    """Whether `status` is content."""
    return host.run("status", "--all").code == 0


@pytest.mark.parametrize("fault", REST, ids=lambda fault: fault.name)
def test_mend_is_all_that_a_fault_at_rest_takes(host, fault, table):
    before = host.served("prod")
    with Visitor(host.stack.url("prod")) as visitor:
        began = time.monotonic()
        fault.harm(host)
        status = host.run("status", "--all")
        assert (status.code, fault.told in status.out) == (bool(fault.told), True), status.out
        mended = host.run("mend")
        seconds = time.monotonic() - began
    table.append((fault.name, "at rest", f"{len(visitor.failures)} of {visitor.asked}", f"{seconds:.0f}", "mend"))
    assert mended.code == 0, mended.err
    assert well(host)
    now = host.served("prod")
    assert (now["image"], now["warehouse"]) == (before["image"], before["warehouse"])
    assert image_id(f"{host.stack.name}:prod") == host.image_of("prod") == before["image"]
    assert host.standbys() == ""
    assert docker("ps", "-aq", "--filter", f"name={host.stack.name}_delivery") == ""
    if not fault.readers:
        visitor.was_always_served()


def test_a_site_that_cannot_be_mended_says_why_in_one_sentence(host, table):
    lost = host.served("prod")["warehouse"]
    move = "mv /data/warehouse/{}.duckdb /data/warehouse/{}.duckdb"
    host.stack.volume("sh", "-c", move.format(lost, "away"))
    try:
        done = host.run("mend")
        assert done.code == 1
        assert f"The warehouse {lost} of prod is no longer in the data volume." in done.err
        assert done.last == "mangetamain: Not everything could be mended."
    finally:
        host.stack.volume("sh", "-c", move.format("away", lost))
    eventually(lambda: well(host), 600, "well again with its data")


def test_a_record_of_a_newer_release_is_left_alone(host, table):
    kept = host.ledger("cat", "prod.json")
    newer = json.dumps({**json.loads(kept), "quorum": 3})
    host.ledger("sh", "-c", 'printf %s "$1" > prod.json', "sh", newer)
    try:
        with Visitor(host.stack.url("prod")) as visitor:
            for words in (["mend"], ["rollback", "prod"], ["deploy", "prod", "--yes"], ["status", "--all"]):
                done = host.run(*words)
                assert (done.code, "is of another release of Mangetamain" in done.out + done.err) == (1, True)
        visitor.was_always_served()
        assert host.ledger("cat", "prod.json") == newer
    finally:
        host.ledger("sh", "-c", 'printf %s "$1" > prod.json', "sh", kept)
    table.append(
        ("record of another release", "at rest", f"{len(visitor.failures)} of {visitor.asked}", "-", "its own")
    )


def test_another_projects_lock_holds_nobody_up(host):
    other = f"other-{host.stack.name}_delivery"
    docker("run", "--rm", "--interactive", "--detach", "--name", other, "--entrypoint", "cat", host.stack.image)
    try:
        host.well("mend")
    finally:
        docker("rm", "--force", other)


def test_a_stranger_cannot_take_a_site_down(host, pages, table):
    """Another account, with no folder and no variable of the first one's, whose candidate cannot serve."""
    stranger = Host(host.stack, host.folder.parent / "elsewhere", {**host.variables, "HOME": "/nonexistent"})
    broken = derive(pages[1], f"{pages[1]}-dead", 'CMD ["sh", "-c", "exit 3"]')
    before = host.served("preprod")
    with Visitor(host.stack.url("preprod")) as visitor:
        done = stranger.run("deploy", "preprod", "--image", broken)
        first = host.start("deploy", "preprod", "--image", pages[0])
        assert "started" in first.stderr.readline()
        second = stranger.run("deploy", "preprod", "--image", broken)
        first.terminate()
        assert first.wait(600) != 0
    visitor.was_always_served()
    assert (done.code, second.code) == (1, 1)
    assert "Another delivery is under way (deploy preprod" in second.last
    assert host.served("preprod") == before
    assert [line["who"] for line in stranger.journal()] == [line["who"] for line in host.journal()]
    table.append(("a stranger's deploy fails", "at rest", f"{len(visitor.failures)} of {visitor.asked}", "0", "none"))


def test_a_site_without_a_record_is_not_deployed_over(host, pages):
    before = host.stack.id("mange_preprod")
    record('rm "$1"', "preprod.json")(host)
    done = host.run("deploy", "preprod", "--image", pages[0])
    assert (done.code, "preprod serves without a record of what was deployed" in done.last) == (1, True)
    assert host.stack.id("mange_preprod") == before
    host.well("mend")
    assert host.served("preprod")["image"] == host.image_of("preprod")


def way_back(host, pages):
    """Have prod a pair to go back to."""
    if host.served("prod")["previous"] is None:
        other = next(each for each in pages if image_id(each) != host.image_of("prod"))
        host.well("deploy", "preprod", "--image", other)
        host.well("deploy", "prod", "--yes")


UNDER_WAY = [
    # It is who serves while the site is begun anew.
    Fault("standby removed", container("rm", "--force", of="mange_prod_standby"), readers=True),
    Fault("standby paused", paused("mange_prod_standby"), readers=True),
    Fault("proxy removed", container("rm", "--force", of=PROXY), readers=True),
    Fault("record removed", record('rm "$1"')),
    Fault("lock removed", lambda host: docker("rm", "--force", f"{host.stack.name}_delivery")),
    Fault("site paused", paused(), readers=True),
]


@pytest.mark.parametrize("step", ["standby ready", "switching"])
@pytest.mark.parametrize("fault", UNDER_WAY, ids=lambda fault: fault.name)
def test_mend_is_all_that_a_fault_under_way_takes(host, pages, fault, step, table):
    way_back(host, pages)
    before = host.served("prod")
    with Visitor(host.stack.url("prod")) as visitor:
        going = host.start("rollback", "prod")
        for line in going.stderr:
            if line.strip().endswith(f": {step}"):
                break
        began = time.monotonic()
        try:
            fault.harm(host)
        except AssertionError:
            pytest.skip("the delivery was quicker")
        said = going.stderr.read()
        code, hands = going.wait(600), "none"
        print(said)
        if not well(host) or host.standbys():  # which a command without its lock leaves alone
            hands = "mend"
            host.well("mend")
        seconds = time.monotonic() - began
    name = f"rollback, {step}, {'done' if code == 0 else 'came to nothing'}"
    table.append((fault.name, name, f"{len(visitor.failures)} of {visitor.asked}", f"{seconds:.0f}", hands))
    assert well(host)
    now = host.served("prod")
    known = [(each["image"], each["warehouse"]) for each in (before, before["previous"] or before)]
    assert (now["image"], now["warehouse"]) in known
    assert now["image"] == host.image_of("prod")
    assert host.standbys() == ""
    assert "Traceback" not in said
    if not fault.readers:
        visitor.was_always_served()
