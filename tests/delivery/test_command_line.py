"""The commands of delivery as an operator types them, on a machine without a Docker Engine."""

import json
import shutil

import pytest

from mangetamain.delivery.records.journal import Attempt
from mangetamain.delivery.records.state import Pair, Served, locked, write
from tests.command import command

PAIR = Pair("sha256:" + "a" * 64, "food-1")


@pytest.fixture
def run(tmp_path):
    """Run a command with no engine in reach."""
    home = tmp_path / "bin"
    home.mkdir()
    for name in ("python3", "sh"):
        (home / name).symlink_to(shutil.which(name))

    return lambda *words, **extra: command(*words, home=tmp_path, PATH=str(home), **extra)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["status", "--url", "nonsense"], ["'nonsense'", "http://127.0.0.1:8500"]),
        (["status", "--all", "--url", "http://x"], ["--url URL", "--all"]),
        (["status", "--notify"], ["--url URL", "--all"]),
        (["status", "--url", "http://x", "--notify"], ["--notify", "--all"]),
        (["deploy", "prd"], ["'prd'", "preprod, prod", "did you mean prod?"]),
        (["deploy", "PROD"], ["did you mean prod?"]),
        (["rollback", "../prod"], ["'../prod'"]),
        (["deploy", "preprod", "--compose", "/no/such.yaml"], ["/no/such.yaml", "--compose"]),
        (["deploy", "preprod", "--image", "-rm"], ["'-rm' is not the name of an image"]),
        (["deploy", "preprod", "--image", "a b"], ["'a b'"]),
    ],
)
def test_a_mistake_gets_one_sentence_and_exit_code_2(run, words, parts):
    done = run(*words)
    assert done.returncode == 2, done.stdout + done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert all(part in line for part in parts), line


@pytest.mark.parametrize("words", [["deploy", "preprod"], ["deploy", "prod"], ["mend", "--wait", "5"]])
def test_without_an_engine_one_sentence_says_so_where_it_is_needed(run, words, folder):
    Attempt("prod", "deploy", PAIR).note("started", "started")  # something to mend
    done = run(*words)
    assert done.returncode == 1
    assert "There is no docker command on this machine." in done.stderr
    assert "Traceback" not in done.stderr


def test_there_is_nothing_to_go_back_to_at_first(run):
    done = run("rollback", "prod")
    assert done.returncode == 1
    assert done.stderr.strip() == "mangetamain: prod has nothing to go back to: it has served one pair at most."


def test_a_second_delivery_is_refused_with_one_sentence(run):
    with locked("deploy preprod, somebody"):
        done = run("deploy", "preprod")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "deploy preprod, somebody" in done.stderr


def test_the_state_of_all_says_which_is_missing(run, peer):
    peer.site()
    places = f"preprod={peer.url} prod=http://127.0.0.1:1"
    done = run("status", "--all", MANGETAMAIN_ENVIRONMENTS=places)
    assert done.returncode == 1
    assert "prod is missing: http://127.0.0.1:1: it does not answer (connection refused)." in done.stdout
    (row,) = [line for line in done.stdout.splitlines() if line.strip().startswith("preprod")]
    version, revision, image = "0.1.0", "abcdef012345", "12" * 6
    assert row.split()[1:] == ["healthy", version, revision, image, "food-1763925000000000000", "0123456789abcdef"]
    assert run("status", "--all", MANGETAMAIN_ENVIRONMENTS=f"preprod={peer.url}").returncode == 0


@pytest.mark.parametrize(
    ("image", "warehouse", "told"),
    [("12" * 32, "food-1763925000000000000", ""), ("34" * 32, "food-1763925000000000000", "it serves 121212121212"),
     ("12" * 32, "food-7", "though 121212121212 food-7 was deployed to it; mangetamain mend brings that back")],
)  # fmt: skip
def test_a_site_that_serves_something_else_than_was_deployed_is_not_well(run, peer, image, warehouse, told):
    peer.site()
    write("preprod", Served(Pair(f"sha256:{image}", warehouse), "2026"))
    done = run("status", "--all", MANGETAMAIN_ENVIRONMENTS=f"preprod={peer.url}")
    assert done.returncode == bool(told)
    assert told in done.stdout
    assert ("unhealthy" in done.stdout) == bool(told)
    with locked("deploy preprod, somebody"):  # meanwhile either may answer
        assert run("status", "--all", MANGETAMAIN_ENVIRONMENTS=f"preprod={peer.url}").returncode == 0


def test_a_torn_record_is_said_with_the_state_of_its_site(run, peer, folder):
    peer.site()
    folder.mkdir()
    (folder / "preprod.json").write_text("{")
    done = run("status", "--all", MANGETAMAIN_ENVIRONMENTS=f"preprod={peer.url}")
    assert (done.returncode, "preprod.json cannot be read" in done.stdout) == (1, True)


def test_the_state_of_one_site_goes_to_json(run, peer):
    peer.site(ready=False, reason="no page")
    done = run("status", "--url", peer.url, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["preprod"]["reason"] == "no page"


def test_a_site_that_goes_and_comes_back_is_told_once_each(run, peer, another):
    another.say("/", {})
    told = {
        "MANGETAMAIN_ENVIRONMENTS": f"preprod={peer.url}",
        "MANGETAMAIN_NOTIFY_URLS": f"json://127.0.0.1:{another.port}/",
    }

    def titles():
        return [json.loads(body)["title"] for _, body in another.asked]

    peer.site()
    assert run("status", "--all", "--notify", **told).returncode == 0
    assert titles() == []
    peer.answers.clear()
    for _ in range(2):
        assert run("status", "--all", "--notify", **told).returncode == 1
        assert titles() == ["PREPROD: the site is down"]
    peer.site()
    for _ in range(2):
        assert run("status", "--all", "--notify", **told).returncode == 0
        assert titles() == ["PREPROD: the site is down", "PREPROD: the site is back"]
    assert peer.url in json.loads(another.asked[0][1])["message"]


def test_a_message_that_reached_nobody_is_sent_again(run, peer, another):
    told = {
        "MANGETAMAIN_ENVIRONMENTS": f"preprod={peer.url}",
        "MANGETAMAIN_NOTIFY_URLS": f"json://127.0.0.1:{another.port}/",
    }
    done = run("status", "--all", "--notify", **told)
    assert "could not be reached" in done.stderr
    another.say("/", {})
    run("status", "--all", "--notify", **told)
    assert json.loads(another.asked[-1][1])["title"] == "PREPROD: the site is down"
    count = len(another.asked)
    run("status", "--all", "--notify", **told)
    assert len(another.asked) == count


def test_the_journal_is_shown_and_says_what_was_left(run, folder):
    attempt = Attempt("prod", "deploy", PAIR)
    attempt.note("started", "started")
    attempt.note("switching")
    done = run("journal")
    assert done.returncode == 0
    rows = done.stdout.splitlines()
    assert all(part in rows[-1] for part in ("deploy prod", "aaaaaaaaaaaa", "food-1", "switching"))
    assert "prod: the last deploy" in done.stderr
    assert "after the step: switching" in done.stderr
    assert [line["step"] for line in json.loads(run("journal", "--json").stdout)] == ["started", "switching"]
    with locked("deploy prod"):
        assert "ended midway" not in run("journal").stderr
    assert run("journal", "--last", "1", "--json").stdout.count('"step"') == 1


def test_the_warehouse_status_is_as_it_was(run):
    done = run("status")
    assert done.returncode == 2
    assert "mangetamain build" in done.stderr
