"""The commands of delivery as an operator types them, on a machine without a Docker Engine."""

import json
import os
import shutil

import pytest

from tests.command import command


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


@pytest.mark.parametrize(
    "words", [["deploy", "preprod"], ["deploy", "prod"], ["rollback", "prod"], ["mend", "--wait", "5"], ["journal"]]
)
def test_without_an_engine_one_sentence_says_so_where_it_is_needed(run, words):
    done = run(*words)
    assert (done.returncode, done.stderr.strip()) == (1, "mangetamain: There is no docker command on this machine.")


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


@pytest.mark.parametrize("spoil", [os.mkfifo, lambda path: path.write_text("[]")])
def test_what_the_monitor_once_wrote_and_cannot_read_is_unknown(run, peer, folder, spoil):
    folder.mkdir()
    spoil(folder / "monitor.json")
    peer.site()
    done = run("status", "--all", "--notify", MANGETAMAIN_ENVIRONMENTS=f"preprod={peer.url}")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_the_warehouse_status_is_as_it_was(run):
    done = run("status")
    assert done.returncode == 2
    assert "mangetamain build" in done.stderr
