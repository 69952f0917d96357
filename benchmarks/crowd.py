"""What many readers at once cost, on loopback: `python -m benchmarks.crowd --readers 1000 --seconds 60`.

Each reader opens a page and moves ten controls, some to what others chose before her, some to what nobody has asked for
yet. Printed are the answers' times, what failed, and the memory of the server with its pool.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from benchmarks.home import fresh_home
from mangetamain.themes import themes
from mangetamain.warehouse import connect
from tools.serving import Server, serving

SEED = 2018
MOVES, PATIENCE_SECONDS = 10, 60.0
MEASURES = ("minutes", "complexity", "steps", "ingredients", "calories", "fat", "sugar", "protein")


@dataclass
class Seen:
    """What the readers met: milliseconds by what was asked, and each status."""

    times: dict[str, list[float]] = field(default_factory=lambda: {"page": [], "answer": []})
    statuses: Counter[int] = field(default_factory=Counter)


def moves(dice: random.Random, fresh: float) -> list[str]:
    """Choose the questions of one reader; of them a share has years that hardly anybody else chooses."""
    spans = [(1999, 2018), (2002, 2013), (2005, 2010)]
    return [
        f"answer/level?of={dice.choice(MEASURES)}&years={first}-{last}"
        for first, last in (
            sorted(dice.sample(range(1999, 2019), 2)) if dice.random() < fresh else dice.choice(spans)
            for _ in range(MOVES)
        )
    ]


async def read(server: Server, number: int, pause: float, fresh: float, seen: Seen) -> None:
    """Be one reader."""
    dice, client = random.Random(SEED + number), AsyncHTTPClient()
    await asyncio.sleep(dice.random() * pause)
    for kind, path in [("page", dice.choice(list(themes()))), *(("answer", each) for each in moves(dice, fresh))]:
        started = time.perf_counter()
        request = HTTPRequest(
            f"{server.url}/{path}", request_timeout=PATIENCE_SECONDS, connect_timeout=PATIENCE_SECONDS,
            headers={"Accept-Encoding": "gzip", "X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"},
            decompress_response=False,
        )  # fmt: skip
        reply = await client.fetch(request, raise_error=False)
        seen.times[kind].append(1000 * (time.perf_counter() - started))
        seen.statuses[reply.code] += 1
        await asyncio.sleep(dice.random() * 2 * pause / (MOVES + 1) * 0.5)


async def crowd(server: Server, readers: int, seconds: float, fresh: float) -> Seen:
    """Let the readers come within half of the time, and act for about the other half."""
    AsyncHTTPClient.configure(None, max_clients=readers)
    seen = Seen()
    await asyncio.gather(*(read(server, number, seconds / 2, fresh, seen) for number in range(readers)))
    return seen


def main() -> None:
    """Print what the readers met."""
    parser = argparse.ArgumentParser(description="What many readers cost.")
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60, help="about how long all of them take together")
    parser.add_argument("--fresh", type=float, default=0.1, help="share of moves to years that are drawn by chance")
    chosen = parser.parse_args()
    with fresh_home() as home:
        source = connect(home).info.source
        with serving(home) as server:
            before, started, load = server.memory(), time.monotonic(), os.getloadavg()[0]
            seen = asyncio.run(crowd(server, chosen.readers, chosen.seconds, chosen.fresh))
            took, after = time.monotonic() - started, server.memory()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors, load {load:.1f} before; {source}")
    print(f"{chosen.readers} readers, each a page and {MOVES} moves, in {took:.0f} s; statuses {dict(seen.statuses)}")
    for kind, found in seen.times.items():
        median, p95 = statistics.median(found), statistics.quantiles(found, n=20)[18]
        times = f"median {median:7.1f} ms   p95 {p95:7.1f} ms   most {max(found):7.1f} ms"
        print(f"{kind:<8}{len(found):>7} asked   {times}")
    for when, found in (("before", before), ("after", after)):
        print(
            f"memory (PSS) {when}: {sum(found.values()):.0f} MB, of it the server {next(iter(found.values())):.0f} MB"
        )


if __name__ == "__main__":
    main()
