"""The pool: what many ask is computed once, each client has its turn, and nothing takes it down."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from mangetamain.site.answering import pool as pooled
from mangetamain.site.answering.answers import Answers
from mangetamain.site.answering.asked import Asked, Reply, version
from mangetamain.site.answering.pool import Pool
from mangetamain.warehouse import build, connect
from tests.conftest import RECIPES, write_official_files
from tests.site.conftest import alone

YEARS = [Asked("volume", (("years", f"{year}-{year}"),)) for year in range(1999, 2019)]


def noted(home: Path, asked: Asked) -> Reply:
    """Stand for a worker that takes a while, and says what it began in a file beside the data."""
    with (home / "begun").open("a") as file:
        file.write(f"{dict(asked.given).get('years', asked.name)} ")
    time.sleep(0.1)
    return Reply.of({"values": dict(asked.given)}, "v")


def stuck(home: Path, asked: Asked) -> Reply:
    """Stand for a worker that never ends, but for one question."""
    if asked == YEARS[0]:
        time.sleep(3600)
    return noted(home, asked)


def killed(home: Path, asked: Asked) -> Reply:
    """Stand for a worker that the system ends, but for one question."""
    if asked == YEARS[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return noted(home, asked)


@contextmanager
def opened(home: Path, workers: int = 1, seconds: float = 60) -> Iterator[Pool]:
    pool = Pool(home, workers, seconds)
    try:
        yield pool
    finally:
        pool.stop()


def begun(home: Path) -> list[str]:
    return (home / "begun").read_text().split()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that takes a while."""
    monkeypatch.setattr(pooled, "answered", noted)


@pytest.mark.usefixtures("slow")
def test_what_many_ask_at_once_is_computed_once(tmp_path: Path) -> None:
    async def ask() -> list[Reply]:
        return await asyncio.gather(*(pool.ask(YEARS[0], f"reader {i}") for i in range(50)))

    with opened(tmp_path, workers=2) as pool:
        assert len({id(reply) for reply in alone(ask())}) == 1
        assert begun(tmp_path) == ["1999-1999"]


@pytest.mark.usefixtures("slow")
def test_each_client_has_its_turn(tmp_path: Path) -> None:
    async def ask() -> None:
        greedy = [asyncio.create_task(pool.ask(each, "greedy")) for each in YEARS[:8]]
        await asyncio.sleep(0)
        await pool.ask(YEARS[10], "modest")
        await asyncio.gather(*greedy)

    with opened(tmp_path) as pool:
        alone(ask())
    assert begun(tmp_path).index("2009-2009") <= 2
    assert sorted(begun(tmp_path)) == sorted({*(f"{y}-{y}" for y in range(1999, 2007)), "2009-2009"})


@pytest.mark.usefixtures("slow")
def test_a_full_pool_says_so_and_sends_those_away_who_ask_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooled, "MOST_WAITING", 4)

    async def ask() -> tuple[list[Reply], Reply]:
        greedy = [asyncio.create_task(pool.ask(each, "greedy")) for each in YEARS[:9]]
        await asyncio.sleep(0)
        modest = await pool.ask(YEARS[10], "modest")
        return await asyncio.gather(*greedy), modest

    with opened(tmp_path) as pool:
        greedy, modest = alone(ask())
    assert modest.status == 200
    assert [reply.status for reply in greedy] == [200] * 4 + [503] * 5
    assert "Too many questions" in greedy[-1].told["trouble"]
    assert greedy[-1].told["later"]


def test_a_worker_that_takes_too_long_is_ended_and_the_next_answer_is_fine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooled, "answered", stuck)

    async def ask() -> tuple[Reply, Reply]:
        late, fine = await asyncio.gather(pool.ask(YEARS[0], ""), pool.ask(YEARS[1], ""))
        return late, fine

    with opened(tmp_path, seconds=3) as pool:
        late, fine = alone(ask())
        assert (late.status, fine.status) == (503, 200)
        assert "takes too long" in late.told["trouble"]


def test_a_worker_that_is_killed_costs_one_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooled, "answered", killed)

    async def ask() -> list[Reply]:
        return [await pool.ask(each, "") for each in (YEARS[0], YEARS[1], YEARS[0], YEARS[2])]

    with opened(tmp_path) as pool:
        replies = alone(ask())
    assert [reply.status for reply in replies] == [500, 200, 500, 200]
    assert replies[0].told["fault"]
    assert "could not be worked out" in replies[0].told["trouble"]


def processes(before: set[int]) -> list[psutil.Process]:
    """Return a pool's processes: those that were not there before it."""
    started = [each for each in psutil.Process().children(recursive=True) if each.pid not in before]
    return [each for each in started if "spawn_main" in str(each.cmdline())]


@pytest.mark.usefixtures("slow")
def test_a_pool_whose_idle_processes_are_all_killed_goes_on_with_others(tmp_path: Path) -> None:
    before = {each.pid for each in psutil.Process().children(recursive=True)}

    async def ask() -> list[int]:
        replies = [await pool.ask(YEARS[0], "")]
        for each in YEARS[1:3]:
            for process in processes(before):
                process.kill()
            replies += await asyncio.gather(pool.ask(each, ""), pool.ask(YEARS[5], ""))
        return [reply.status for reply in replies]

    with opened(tmp_path, workers=2) as pool:
        assert alone(ask()) == [200] * 5


def test_a_pool_that_is_stopped_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooled, "answered", noted)
    before = {each.pid for each in psutil.Process().children(recursive=True)}
    with opened(tmp_path, workers=2) as pool:
        alone(pool.ask(YEARS[0], ""))
    assert processes(before) == []


@pytest.fixture
def own_home(tiny_home: Path, tmp_path: Path) -> Path:
    """A copy of the ten recipes' data folder, without answers."""
    return Path(shutil.copytree(tiny_home, tmp_path / "own", ignore=lambda *_: {"logs", "answers", "cache"}))


def test_an_answer_is_computed_kept_and_computed_anew_of_other_data(own_home: Path, tmp_path: Path) -> None:
    asked, con = Asked("volume"), connect(own_home)

    async def ask(asked: Asked) -> Reply:
        return await answers.reply(asked)

    with opened(own_home) as pool:
        answers = Answers(con, pool)
        first, french = alone(ask(asked)), alone(ask(Asked("volume", lang="fr")))
        assert first.version == french.version == version(con.fingerprint)
        assert first.told["sentence"] != french.told["sentence"]
        assert alone(ask(asked)) is first
        files = write_official_files(tmp_path / "raw", recipes=[*RECIPES, (*RECIPES[0][:1], 11, *RECIPES[0][2:])])
        build(str(files), home=own_home)
        second = alone(ask(asked))
        assert second.version == version(con.fingerprint) != first.version
        assert second.told["spec"] != first.told["spec"]


def test_a_fresh_answer_is_computed_though_it_be_known(own_home: Path) -> None:
    con = connect(own_home)
    Asked("volume").question(con)
    kept = next((own_home / "answers").rglob("volume-*.json"))
    before = kept.stat().st_mtime_ns
    with opened(own_home) as pool:
        reply = alone(pool.ask(Asked("volume", fresh=True), ""))
    assert reply.status == 200
    assert kept.stat().st_mtime_ns == before


def test_no_more_is_kept_than_there_is_room_for(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mangetamain.site.answering import answers as kept

    con = connect(own_home)
    for each in YEARS[5:8]:
        each.question(con, **dict(each.given))
    with opened(own_home) as pool:
        answers = Answers(con, pool)

        async def ask() -> list[Reply]:
            return [await answers.reply(each) for each in (*YEARS[5:8], YEARS[5])]

        first = alone(ask())
        assert first[3] is first[0]
        monkeypatch.setattr(kept, "MOST_BYTES", len(first[0].zipped) + 10)
        answers = Answers(con, pool)
        second = alone(ask())
        assert second[3] is not second[0]
        assert second[3] == second[0]


@pytest.mark.parametrize("part", ["answer", "table", "method", "csv"])
def test_every_part_comes_from_the_store_as_it_comes_from_the_pool(own_home: Path, part: str) -> None:
    asked = Asked("level", (("of", "fat"),), "fr", part)
    with opened(own_home) as pool:
        computed = alone(pool.ask(asked, ""))
        known = alone(Answers(connect(own_home), pool).reply(asked))
    assert known == computed


STOPPED_AT_ONCE = """
import signal, time
from pathlib import PosixPath
from mangetamain.site.answering.pool import Pool

class Slow(PosixPath):
    "A data folder whose name takes a process a while to read."

    def __reduce__(self):
        return slowly, (str(self),)

def slowly(name):
    time.sleep(1)
    return Slow(name)

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # which the processes inherit: they are not ended while they start
    pool = Pool(Slow("."), 1, 60)
    pool._processes.active  # begins them
    pool.stop()
"""


def test_processes_that_are_only_starting_end_without_a_word(tmp_path):
    (tmp_path / "stopped.py").write_text(STOPPED_AT_ONCE)
    env = {**os.environ, "MANGETAMAIN_STATE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "stopped.py")], env=env, cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
