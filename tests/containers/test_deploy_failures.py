"""Deploys that must not succeed: images that cannot show a page, two at once, and commands killed midway."""

import json
import re

import pytest

from tests.containers.host import Host, Visitor, derive, image_id
from tests.containers.stack import eventually

SERVE = '"mangetamain", "serve", "--ip", "0.0.0.0", "--port", "8866"'
# A notebook whose first line fails: the page answers, and shows nothing.
BLIND = ["RUN sed -i 's/import mangetamain/import no_such_thing/' $(find /app -name trends.ipynb)"]
# Alive, and its liveness says so, while no page can be rendered: kernels do not start.
EMPTY = ["RUN rm -r $(find /app -path '*/site-packages/ipykernel')"]
# A script that draws all figures and complains: the readiness check, which sees no browser, is content.
NOISY = ["RUN echo 'console.error(\"torn\");' | tee -a $(find /app -path '*/panels/page.js')"]
# Serves well once, and never again: the standby is fine, and the main service is not.
ONCE = [
    "RUN echo 'test ! -e /state/once && touch /state/once && exec \"$@\"; echo never again; exit 3' > /once.sh",
    f'CMD ["sh", "/once.sh", {SERVE}]',
]

STEPS = ["started", "standby started", "standby ready", "switching", "main ready", "standby removed", "recorded"]


@pytest.fixture(scope="module")
def plain(pages):
    """An image of one page."""
    return pages[0]


@pytest.fixture(scope="module")
def host(make_stack, plain, chromium, tmp_path_factory):
    """A machine whose preprod was deployed once."""
    found = Host(make_stack("failures", SITE_WORKERS="1"), tmp_path_factory.mktemp("host") / "delivery")
    with found.removed_at_the_end():
        found.stack.build("sample:500")
        found.well("deploy", "preprod", "--image", plain)
        yield found


def refused(host, image, *parts):
    """Hold that an image is not deployed, that what served goes on untouched, and that a visitor notices nothing."""
    before, record = host.stack.id("mange_preprod"), host.served("preprod")
    with Visitor(host.stack.url("preprod")) as visitor:
        done = host.run("deploy", "preprod", "--image", image)
    visitor.was_always_served()
    assert done.code == 1
    assert all(part in done.last for part in parts), done.last
    assert host.stack.id("mange_preprod") == before
    assert host.served("preprod") == record
    assert host.standbys() == ""
    assert host.journal()[-1]["outcome"] == "failed"


@pytest.mark.parametrize(
    ("name", "lines", "part"),
    [("blind", BLIND, "The page trends has 0 of its "), ("empty", EMPTY, ""), ("noisy", NOISY, "console error: torn")],
)
def test_an_image_whose_pages_cannot_be_shown_is_refused(host, plain, name, lines, part):
    """The predecessor's health step passed whatever the pages did."""
    refused(host, derive(plain, f"{plain}-{name}", *lines), "mangetamain: ", part)


def test_an_image_that_ends_at_once_is_refused_with_its_last_words(host, plain):
    made = derive(plain, f"{plain}-dead", 'CMD ["sh", "-c", "echo no such luck; exit 3"]')
    refused(host, made, "ended as soon as it was started: no such luck")


def test_a_warehouse_that_there_is_not_is_a_mistake(host, plain):
    done = host.run("deploy", "preprod", "--image", plain, "--warehouse", "food-12")
    assert (done.code, "'food-12'" in done.last) == (2, True)
    done = host.run("deploy", "preprod", "--image", "mangetamain:no-such")
    assert (done.code, "There is no image 'mangetamain:no-such' on this machine" in done.last) == (2, True)


def test_what_fails_after_the_switch_is_rolled_back_by_itself(host, plain):
    record = host.served("preprod")
    made = derive(plain, f"{plain}-once", *ONCE)
    with Visitor(host.stack.url("preprod")) as visitor:
        done = host.run("deploy", "preprod", "--image", made)
    visitor.was_always_served()
    assert done.code == 1
    assert "mange_preprod ended as soon as it was started: never again" in done.last
    assert host.image_of("preprod") == record["image"]
    assert host.served("preprod") == record
    assert host.standbys() == ""
    assert host.journal()[-1]["outcome"] == "rolled back"
    assert json.loads(host.run("status", "--all", "--json").out)["preprod"]["health"] == "healthy"


def test_two_at_once_are_refused(host, plain):
    first = host.start("deploy", "preprod", "--image", plain)
    assert "started" in first.stderr.readline()
    second = host.run("rollback", "prod")
    assert second.code == 1
    assert re.search(r"Another delivery is under way \(deploy preprod, .+\): wait for its end", second.last)
    assert len(second.err.strip().splitlines()) == 1
    assert first.wait(600) == 0


@pytest.mark.parametrize(
    ("step", "after", "group"),
    [("started", 0.5, True), ("standby ready", 0, False), ("switching", 0.3, True), ("switching", 2, False),
     ("main ready", 0, False), ("standby removed", 0, True)],
)  # fmt: skip
def test_a_deploy_killed_midway_leaves_a_site_that_serves(host, plain, step, after, group):
    made = derive(plain, f"{plain}-next", f"ENV MANGETAMAIN_REVISION={step.replace(' ', '-')}-{after}")
    record = host.served("preprod")
    with Visitor(host.stack.url("preprod")) as visitor:
        host.killed(step, "deploy", "preprod", "--image", made, group=group, after=after)
        said = eventually(lambda: host.run("journal").err, 600, "no command at work any more")
        done = eventually(lambda: (found := host.run("mend")).code == 0 and found, 600, "mended")
    visitor.was_always_served()
    # It may have come further before the signal met it, on a quick machine as on one that was late to send it.
    came = re.search(r"after the step: ([a-z ]+)", said)[1].strip()
    assert came in STEPS[STEPS.index(step) :]
    assert "was ended midway at" in done.err
    assert "preprod: mended, " in done.err
    # Back to what was, or on to what serves already and was proven before it came there.
    now, new = host.served("preprod")["image"], image_id(made)
    assert now == host.image_of("preprod")
    if came != "switching":
        assert now == (new if STEPS.index(came) > STEPS.index("switching") else record["image"])
    assert now in (new, record["image"])
    assert host.standbys() == ""
    assert host.run("journal").err == ""
    assert json.loads(host.run("status", "--all", "--json").out)["preprod"]["health"] == "healthy"


def test_images_of_the_way_back_keep_a_name(host):
    record = host.served("preprod")
    assert image_id(f"{host.stack.name}:preprod") == record["image"]
    assert image_id(f"{host.stack.name}:preprod-previous") == record["previous"]["image"]


def test_a_warehouse_that_is_lost_is_replaced_by_a_build_and_a_deploy(host):
    lost = host.served("preprod")["warehouse"]
    host.stack.volume("rm", f"/data/warehouse/{lost}.duckdb")
    host.stack.build("sample:600")
    host.well("deploy", "preprod", "--image", host.served("preprod")["image"])
    assert host.served("preprod")["warehouse"] != lost
    assert host.served("preprod")["previous"]["warehouse"] == lost
    assert json.loads(host.run("status", "--all", "--json").out)["preprod"]["health"] == "healthy"
    before = host.stack.id("mange_preprod")
    done = host.run("rollback", "preprod")
    assert (done.code, f"The warehouse {lost} of preprod is no longer in the data volume." in done.last) == (1, True)
    assert host.stack.id("mange_preprod") == before


def test_a_rollback_leads_away_from_a_warehouse_that_is_lost(host):
    record = host.served("preprod")
    host.stack.build("sample:700")
    host.well("deploy", "preprod", "--image", record["image"])
    host.stack.volume("rm", f"/data/warehouse/{host.served('preprod')['warehouse']}.duckdb")
    host.well("rollback", "preprod")
    assert host.served("preprod")["warehouse"] == record["warehouse"]
    assert json.loads(host.run("status", "--all", "--json").out)["preprod"]["health"] == "healthy"


@pytest.mark.parametrize("step", ["standby ready", "switching", "main ready"])
def test_a_first_deploy_killed_midway_is_finished_or_leaves_nothing(host, step):
    """After the switch there was nothing to go back to, and no record of what to go on to."""
    host.killed(step, "deploy", "prod", "--yes")
    eventually(lambda: "under way" not in host.run("rollback", "prod").last, 600, "no command at work any more")
    host.well("mend")
    assert host.standbys() == ""
    assert host.run("journal").err == ""
    if host.stack.id("mange_prod"):
        assert host.served("prod")["image"] == host.image_of("prod") == host.served("preprod")["image"]
        assert host.served("prod")["coming"] is None
        host.well("status", "--all")
        host.stack.compose("rm", "--stop", "--force", "mange_prod")
        host.ledger("rm", "prod.json", "journal.jsonl")  # as before the first one
