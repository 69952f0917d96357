"""What can be missing, hung, torn or somebody else's, one at a time: what readers see, and that `mend` cures it.

The table of it is printed, and kept in `.data/faults.txt`; `test_faults_promotion.py` makes its own.
"""

import json
import time

import pytest

from tests.containers.faults import REST, ROLLBACK, record, under_way, well
from tests.containers.host import Host, Visitor, derive, image_id
from tests.containers.stack import docker, eventually


@pytest.mark.parametrize("fault", REST, ids=str)
def test_mend_is_all_that_a_fault_at_rest_takes(host, fault, table):
    before = host.served("prod")
    with Visitor(host.stack.url("prod")) as visitor:
        began = time.monotonic()
        fault.harm(host)
        status = host.run("status", "--all")
        assert (status.code, fault.told in status.out) == (bool(fault.told), True), status.out
        mended = host.run("mend")
        seconds = time.monotonic() - began
    table.append((fault.name, "at rest", visitor.told, f"{seconds:.0f}", "mend"))
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
    table.append(("record of another release", "at rest", visitor.told, "-", "its own"))


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
    table.append(("a stranger's deploy fails", "at rest", visitor.told, "0", "none"))


def test_a_site_without_a_record_is_not_deployed_over(host, pages):
    before = host.stack.id("mange_preprod")
    record('rm "$1"', "preprod.json")(host)
    done = host.run("deploy", "preprod", "--image", pages[0])
    assert (done.code, "preprod serves without a record of what was deployed" in done.last) == (1, True)
    assert host.stack.id("mange_preprod") == before
    host.well("mend")
    assert host.served("preprod")["image"] == host.image_of("preprod")


@pytest.mark.parametrize(("fault", "step"), [(fault, step) for fault in ROLLBACK for step in fault.steps], ids=str)
def test_mend_is_all_that_a_fault_during_a_rollback_takes(host, pages, fault, step, table):
    if host.served("prod")["previous"] is None:
        other = next(each for each in pages if image_id(each) != host.image_of("prod"))
        host.well("deploy", "preprod", "--image", other)
        host.well("deploy", "prod", "--yes")
    under_way(host, ["rollback", "prod"], fault, step, table)
