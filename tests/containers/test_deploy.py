"""Preprod to prod and back on a real engine, while somebody visits: one image, proven before, and a way back."""

import hashlib
import json
import re
import secrets
from pathlib import Path

import pytest

from mangetamain.delivery.containers.engine import proxy
from mangetamain.themes import themes
from tests.containers.host import PASSES, Host, Visitor, derive, image_id
from tests.containers.stack import docker, eventually
from tests.delivery.conftest import Peer

# What the issue asks of a rollback, beside the time that the site needs to become ready.
BACK = 10
# Requests of each kind that a switch is visited with, none of which may fail or be cut.
OFTEN = 500
PACKAGE = "import mangetamain, pathlib; print(pathlib.Path(mangetamain.__file__).parent)"


@pytest.fixture(scope="module")
def channel():
    """A channel for messages: a real HTTP server."""
    peer = Peer()
    peer.say("/", {})
    yield peer
    peer.close()


@pytest.fixture(scope="module")
def second(image):
    """Another image: the same code under another revision, whose notebooks were seen to pass on the first one."""
    lines = ("LABEL org.opencontainers.image.revision=second", "ENV MANGETAMAIN_REVISION=second", PASSES)
    return derive(image, f"{image}-second", *lines)


@pytest.fixture(scope="module")
def host(make_stack, image, chromium, channel, tmp_path_factory):
    """A machine whose preprod and prod were deployed once each, preprod behind a token."""
    folder = tmp_path_factory.mktemp("host")
    token = folder / "token"
    token.write_text(secrets.token_urlsafe(24))
    token.chmod(0o644)
    stack = make_stack("deploy", PREPROD_TOKEN_FILE=str(token), SITE_WORKERS="1")
    found = Host(stack, folder / "delivery", {"MANGETAMAIN_NOTIFY_URLS": f"json://127.0.0.1:{channel.port}/"})
    with found.removed_at_the_end():
        stack.build()
        found.first = {name: found.well("deploy", *words) for name, words in FIRST(image).items()}
        yield found


def FIRST(image):  # noqa: N802
    """The two commands that bring both sites up from nothing."""
    return {"preprod": ["preprod", "--image", image], "prod": ["prod", "--yes"]}


def titles(channel):
    return [json.loads(body)["title"] for _, body in channel.asked]


def test_the_first_deploys_bring_both_sites_up(host, channel, image):
    status = host.well("status", "--all")
    assert status.out.count("healthy") == 2
    prod = host.first["prod"].out
    assert "there is nothing to compare with" in prod
    assert re.search(r"figures in a browser: trends \d+ in .*seasons \d+ in .*week \d+ in .*ratings \d+ in", prod)
    assert re.search(r"notebooks +\d+ passed", prod)
    assert image_id(image) == host.image_of("preprod") == host.image_of("prod")
    assert titles(channel)[:4] == [
        f"{name}: deploy {what}" for name in ("PREPROD", "PROD") for what in ("started", "succeeded")
    ]
    assert host.standbys() == ""


def test_both_environments_run_the_very_same_files(host):
    """The predecessor's prod and preprod were two source trees, which drifted apart."""
    assert host.image_of("preprod") == host.image_of("prod")
    sums = []
    for name in ("mange_preprod", "mange_prod"):
        package = host.stack.execute(name, "python", "-c", PACKAGE).strip()
        listing = host.stack.execute(name, "sh", "-c", f"find {package} /app/share -type f | sort | xargs sha256sum")
        sums.append(hashlib.sha256(listing.encode()).hexdigest())
        changed = docker("diff", host.stack.id(name)).splitlines()
        assert [line for line in changed if " /app" in line] == []
    assert sums[0] == sums[1]


def test_a_promotion_and_the_way_back_while_somebody_visits(host, image, second, channel):
    old = host.served("prod")
    host.stack.build("sample:3000")
    host.well("deploy", "preprod", "--image", second)
    said = len(channel.asked)
    with Visitor(host.stack.url("prod"), rate=10) as visitor:
        done = host.well("deploy", "prod", "--yes")
        visitor.asks(OFTEN)
    visitor.was_always_served(OFTEN)
    print(f"visits: {visitor.counts}, the slowest took {visitor.slowest:.1f} s")
    new = host.served("prod")
    assert (new["image"], new["warehouse"]) == (image_id(second), host.served("preprod")["warehouse"])
    assert new["warehouse"] != old["warehouse"]
    assert (new["previous"]["image"], new["previous"]["warehouse"]) == (old["image"], old["warehouse"])
    assert host.image_of("prod") == image_id(second)
    assert titles(channel)[said:] == ["PROD: deploy started", "PROD: deploy succeeded"]

    assert "sample:2000 → sample:3000" in done.out
    assert re.search(r"A reader would notice: \d+ of \d+ answers changed", done.out)
    assert re.search(r"before +The number of recipes posted", done.out)
    place = re.search(r"^Kept in (.+)$", done.out, re.MULTILINE)[1]
    kept = json.loads((host.folder / "comparisons" / place.rpartition("/")[2] / "comparison.json").read_text())
    assert set(kept["comparisons"]) == {page["page"] for page in kept["evidence"]["pages"]} == themes().keys()
    assert kept["comparisons"]["trends"]["noticed"] is True
    assert {*(f"{name}.html" for name in themes()), "comparison.txt"} <= {
        path.name for path in host.folder.glob("comparisons/*/*")
    }

    for source in ("sample:500", "sample:600"):  # the versions in use outlive what is published next
        host.stack.build(source)
    with Visitor(host.stack.url("prod"), rate=10) as visitor:
        back = host.well("rollback", "prod")
        visitor.asks(OFTEN)
    visitor.was_always_served(OFTEN)
    took, waited = map(float, re.search(r"after ([\d.]+) s, ([\d.]+) s of them", back.out).groups())
    print(f"rolled back in {took:.1f} s, {waited:.1f} s of them until ready")
    assert took - waited <= BACK
    assert host.image_of("prod") == old["image"]
    status = json.loads(host.well("status", "--all", "--json").out)
    assert (status["prod"]["warehouse"], status["prod"]["image"]) == (old["warehouse"], old["image"])
    assert "PROD: rolled back" in titles(channel)
    assert host.standbys() == ""


def test_the_journal_says_who_did_what_and_how_it_ended(host):
    ends = [line for line in host.journal() if line["step"] == "finished"]
    assert [(line["command"], line["environment"]) for line in ends[:2]] == [("deploy", "preprod"), ("deploy", "prod")]
    assert all(
        line["outcome"] == "succeeded" and "@" in line["who"] and line["image"].startswith("sha256:") for line in ends
    )
    assert "rollback prod" in host.run("journal").out


@pytest.mark.parametrize("option", ["--image", "--warehouse"])
def test_prod_gets_nothing_but_what_preprod_serves(host, image, option):
    before = host.stack.id("mange_prod")
    given = image if option == "--image" else host.served("prod")["warehouse"]  # preprod serves others now
    done = host.run("deploy", "prod", "--yes", option, given)
    assert done.code == 2
    assert "prod only gets what preprod serves" in done.last
    assert host.stack.id("mange_prod") == before


def test_nothing_is_promoted_unless_it_is_confirmed(host, channel):
    before = host.stack.id("mange_prod")
    done = host.run("deploy", "prod", typed="yes\n")
    assert (done.code, done.last) == (1, "mangetamain: The promotion was not confirmed.")
    assert "What will change for readers" in done.out
    assert host.stack.id("mange_prod") == before
    assert titles(channel)[-1] == "PROD: deploy failed"
    assert host.standbys() == ""


def test_a_stopped_preprod_is_not_promoted(host):
    before = host.stack.id("mange_prod")
    host.stack.compose("stop", "-t", "5", "mange_preprod")
    try:
        done = host.run("deploy", "prod", "--yes")
        assert (done.code, "preprod is not running" in done.last) == (1, True)
    finally:
        host.stack.compose("start", "mange_preprod")
    assert host.stack.id("mange_prod") == before


def test_an_unhealthy_preprod_is_not_promoted(host):
    before, name = host.stack.id("mange_prod"), host.served("preprod")["warehouse"]
    host.stack.volume("mv", f"/data/warehouse/{name}.duckdb", f"/data/warehouse/{name}.away")
    try:
        done = host.run("deploy", "prod", "--yes")
        assert (done.code, "preprod is not healthy, so nothing goes to prod" in done.last) == (1, True)
    finally:
        host.stack.volume("mv", f"/data/warehouse/{name}.away", f"/data/warehouse/{name}.duckdb")
    assert host.stack.id("mange_prod") == before
    eventually(lambda: host.run("status", "--all").code == 0, 600, "both sites well again")


def test_a_preprod_that_was_changed_by_hand_is_not_promoted(host, image):
    """The predecessor's environments were changed by hand, and nobody knew what ran where."""
    before, deployed = host.stack.id("mange_prod"), host.served("preprod")
    assert deployed["image"] != image_id(image)
    host.stack.compose("up", "-d", "--no-deps", "--no-build", "mange_preprod")  # with the variables of a shell
    try:
        done = host.run("deploy", "prod", "--yes")
        assert (done.code, "though" in done.last and "was deployed to it" in done.last) == (1, True)
        assert host.stack.id("mange_prod") == before
        told = "was deployed to it; mangetamain mend brings that back"
        said = eventually(lambda: (done := host.run("status", "--all")) and told in done.out and done, 600, told)
        assert said.code == 1
    finally:
        host.well("mend")
    assert host.image_of("preprod") == deployed["image"]
    assert host.stack.id("mange_prod") == before
    host.well("status", "--all")


def test_notebooks_that_say_something_else_are_named_cell_by_cell(host, image):
    wrong = derive(
        image, f"{image}-wrong", "RUN sed -i 's/peaked in 2007/peaked in 1066/' $(find /app -name trends.ipynb)"
    )
    before, served = host.stack.id("mange_prod"), host.served("preprod")["image"]
    host.well("deploy", "preprod", "--image", wrong)
    done = host.run("deploy", "prod", "--yes")
    assert done.code == 1
    told = re.search(r"trends\.ipynb, cell \d+: expected .*1066.*, got .* \(all of it in (.+)\)", done.last)
    assert "1066" in Path(told[1]).read_text()
    assert "trends.ipynb, cell" in host.journal()[-1]["detail"]
    assert host.stack.id("mange_prod") == before
    host.well("rollback", "preprod")
    assert host.image_of("preprod") == served


def test_a_proxy_comes_with_its_pair_and_goes_with_it(host, image):
    def proxy_image():
        return str(host.stack.inspect(proxy("preprod"))["Image"])

    old, served = proxy_image(), host.served("preprod")
    base = host.stack.proxy
    dead, new = (derive(base, f"{base}-{n}", line) for n, line in (("dead", 'CMD ["false"]'), ("new", "LABEL a=b")))
    before = host.stack.id("mange_preprod"), host.stack.id(proxy("preprod"))
    host.variables["PROXY_IMAGE"] = dead
    done = host.run("deploy", "preprod", "--image", image)
    assert (host.stack.id("mange_preprod"), host.stack.id(proxy("preprod"))) == before
    assert (done.code, "The proxy does not become healthy" in done.last) == (1, True)
    host.variables["PROXY_IMAGE"] = new
    host.well("deploy", "preprod", "--image", image)
    assert proxy_image() == host.served("preprod")["proxy"] == image_id(new)
    del host.variables["PROXY_IMAGE"]
    host.well("rollback", "preprod")
    assert proxy_image() == old
    assert (host.served("preprod")["image"], host.served("preprod")["proxy"]) == (served["image"], served["proxy"])


def test_a_missing_prod_is_noticed_and_told(host, channel):
    """The predecessor's prod container one day did not exist, and nobody knew."""
    host.well("status", "--all", "--notify")
    docker("rm", "-f", host.stack.id("mange_prod"))
    said = len(channel.asked)
    done = host.run("status", "--all", "--notify")
    assert done.code == 1
    assert "prod is missing" in done.out
    assert "its container was removed, and no restart but mangetamain mend brings it back" in done.out
    assert titles(channel)[said:] == ["PROD: the site is down"]
    record = host.served("prod")
    assert record["image"] != host.image_of("preprod")
    whole = host.ledger("cat", "preprod.json")
    host.ledger("sh", "-c", "echo '{}' > preprod.json")
    done = host.run("mend")  # what was deployed to it serves again, whatever preprod serves and however that is
    host.ledger("sh", "-c", 'printf %s "$1" > preprod.json', "sh", whole)
    assert (done.code, "preprod.json in the volume" in done.err) == (1, True)
    assert host.image_of("prod") == record["image"]
    assert host.served("prod") == record
    host.well("status", "--all", "--notify")
    assert titles(channel)[-1] == "PROD: the site is back"
