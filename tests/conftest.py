"""What every test may ask for."""

from __future__ import annotations

import csv
import fcntl
import gc
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from mangetamain.warehouse import Cleaning, Warehouse, build, connect
from mangetamain.warehouse.versions.listing import newest

ROOT = Path(__file__).parent.parent
# The variables by which coverage follows into a child process: for one whose code no other test reaches.
MEASURED: dict[str, str] = {}
# Commands speak their user's language; what the tests read is English, whoever runs them.
os.environ["LC_ALL"] = "C.UTF-8"
# Hypothesis counts its cases and does not time them: on a busy machine a slow one is no wrong one.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# name, id, minutes, submitted, tags, calories, fat, n_steps, ingredients: ten recipes one can reckon by hand.
RECIPES = [
    ("plain soup", 1, 20, "2004-01-15", ["easy", "soups"], 100.0, 5.0, 4, ["salt", "water", "onion"]),
    ("rich soup", 2, 40, "2004-07-01", ["soups"], 300.0, 20.0, 8, ["salt", "butter", "onions", "water"]),
    ("flat bread", 3, 30, "2005-02-03", ["easy"], 200.0, 2.0, 6, ["salt", "flour", "water"]),
    ("sweet bread", 4, 90, "2005-03-04", ["desserts"], 400.0, 10.0, 12, ["salt", "flour", "sugar", "egg"]),
    ("omelette", 5, 10, "2005-12-24", ["easy", "eggs"], 250.0, 18.0, 3, ["eggs", "salt", "butter"]),
    ("green salad", 6, 5, "2006-06-21", ["salads"], 50.0, 3.0, 2, ["lettuce", "olive oil", "salt"]),
    ("stew", 7, 180, "2006-11-11", ["meat"], 600.0, 40.0, 15, ["beef", "onion", "salt", "water", "butter"]),
    ("cake", 8, 60, "2006-11-12", ["desserts"], 500.0, 30.0, 10, ["flour", "sugar", "eggs", "butter"]),
    ("too long", 9, 1000, "2006-11-13", ["meat"], 700.0, 50.0, 9, ["beef", "salt", "water"]),
    (None, 10, 15, "2006-11-14", ["easy"], 150.0, 8.0, 5, ["salt", "water", "onion"]),
]
# user, recipe, date, rating; a rating of 0 is a review without one.
REVIEWS = [
    (1, 1, "2004-02-01", 5), (1, 2, "2004-08-01", 4), (2, 1, "2004-02-02", 5), (2, 3, "2005-03-01", 3),
    (3, 4, "2005-04-01", 5), (3, 5, "2006-01-01", 0), (4, 7, "2006-12-01", 1), (4, 8, "2006-12-02", 5),
]  # fmt: skip


# Names as nobody's kitchen has them: what one of the places where a name is shown would take for its own language.
HOSTILE = [
    '<a href="https://evil.example/">x</a>', "<b>bold</b>", "<img src=x onerror=alert(1)>", "<br>two<br>lines",
    "</script><script>alert(2)</script>", "<!-- gone", "&lt;b&gt;", "{}", "{{7*7}}", "{source}", "%{meta.role}",
    "$x^2$", "%(x)s", "[x](https://evil.example/)", "www.evil.example", "![x](y.png)", "`code` *it* _it_ ~~it~~",
    "[red]r[/red] :smile:", "@everyone <@1>", "\x1b[31mred\x1b]0;pwn\x07", "\x9b31mred", "\u202egnisrever",
    "\u2066iso\u2069", "ze\u200bro", "two\nlines", "=HYPERLINK(1)", "salt;=1+1", "crème fraîche", "x" * 10_000,
]  # fmt: skip
# What of them may reach no reader as it is.
HIDDEN = "\x1b\x07\x9b\u202e\u2066\u2069\u200b"


def hostile_recipes() -> list[tuple]:
    """Return recipes of seven years whose ingredients and tags are `HOSTILE`; half of them rise and half fall."""
    rows = []
    for i in range(7 * 110):
        year, names = i % 7, []
        for j, name in enumerate(HOSTILE):
            if (i // 7 * 7 + 3 * j) % 10 < (2 + year if j % 2 else 8 - year):
                names.append(name)
        rows.append((HOSTILE[i % len(HOSTILE)][:99], i + 1, 30, f"{2003 + year}-05-04", names, 100.0, 5.0, 4, names))
    return rows


def write_official_files(folder: Path, recipes: list[tuple] = RECIPES, reviews: list[tuple] = REVIEWS) -> Path:
    """Write recipes and reviews as the two required files, under their official names and columns."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "RAW_recipes.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            [
                "name",
                "id",
                "minutes",
                "contributor_id",
                "submitted",
                "tags",
                "nutrition",
                "n_steps",
                "steps",
                "description",
                "ingredients",
                "n_ingredients",
            ]
        )
        for name, key, minutes, day, tags, kcal, fat, n_steps, ingredients in recipes:
            nutrition = [kcal, fat, 1.0, 2.0, 3.0, 4.0, 5.0]
            steps = [f"step {i}" for i in range(n_steps)]
            rows.writerow(
                [name or "", key, minutes, 99, day, tags, nutrition, n_steps, steps, "", ingredients, len(ingredients)]
            )
    with (folder / "RAW_interactions.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["user_id", "recipe_id", "date", "rating", "review"])
        rows.writerows((*review, "said so") for review in reviews)
    return folder


@pytest.fixture(scope="session", autouse=True)
def measured_where_told() -> None:
    """Let coverage follow into those child processes alone that a test starts with `MEASURED`.

    Kernels, browsers' sites and builds run again what tests reach in their own process; measured, each takes half as
    long again.
    """
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        MEASURED[name] = os.environ.pop(name)


@contextmanager
def untraced() -> Iterator[None]:
    """Keep coverage's tracer out."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


@pytest.fixture
def unmeasured() -> Iterator[None]:
    """Keep coverage's tracer out of a test that times code."""
    with untraced():
        yield


# What looks at one server: the pages in Chromium at the full-size sample's, these files at that of ten recipes.
ONE_SITE = ("tests/browser/", "tests/site/test_frame.py", "tests/site/test_pages.py", "tests/site/test_site.py")


class ByFile(LoadScopeScheduling):
    """Files go to workers whole, and those of one server together: what tests share is made once, not once a worker."""

    def _split_scope(self, nodeid: str) -> str:
        scope = str(super()._split_scope(nodeid))
        return scope.split("/")[1] if scope.startswith(ONE_SITE) else scope


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile | None:
    """Replace the scheduler of `--dist loadscope`, and no other."""
    return ByFile(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let one worker alone measure what all of them import, and look for garbage when all is there."""
    measures = os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0"
    gc.disable()
    with nullcontext() if measures else untraced():
        collected = yield
    gc.freeze()
    gc.enable()
    return collected


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Keep coverage's tracer out of what repeats code by the hundred: quick tests reach it once."""
    repeats = item.get_closest_marker("slow") or getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    with untraced() if repeats else nullcontext():
        return (yield)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Have a folder made by the first worker of a run that asks for it; return a copy of this worker's own."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"once-{name}"
    with folder.with_suffix(".lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not lock.seek(0, os.SEEK_END):
            folder.mkdir()
            make(folder)
            lock.write("made")
    return Path(shutil.copytree(folder, factory.mktemp(name), symlinks=True, dirs_exist_ok=True))


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose warehouse holds the ten recipes, through the real build."""
    return made_once(tmp_path_factory, "tiny", lambda home: build(str(write_official_files(home / "raw")), home=home))


@pytest.fixture(scope="session")
def tiny(tiny_home: Path) -> Warehouse:
    """The ten recipes' warehouse."""
    return connect(tiny_home)


@pytest.fixture(scope="session")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of `HOSTILE` names, through the real build, whose source folder has such a name, too."""

    def make(home: Path) -> None:
        source = write_official_files(home / "<b>raw<|b> [x](y) \u202e\x1b[31m$x$", hostile_recipes())
        build(str(source), home=home, cleaning=Cleaning.parse(ingredients="1-99"))

    return made_once(tmp_path_factory, "hostile", make)


@pytest.fixture(scope="session")
def hostile(hostile_home: Path) -> Warehouse:
    """The warehouse of hostile names."""
    return connect(hostile_home)


@pytest.fixture(scope="session")
def real_home(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose warehouse holds the 381 real recipes."""
    return made_once(tmp_path_factory, "real", lambda home: build(str(shared_data / "foodcom"), home=home))


@pytest.fixture(scope="session")
def real(real_home: Path) -> Warehouse:
    """The real recipes' warehouse."""
    return connect(real_home)


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose warehouse holds some 3,500 recipes of the sample and their reviews."""
    return made_once(tmp_path_factory, "small", lambda home: build("sample:4000", home=home))


@pytest.fixture(scope="session")
def small(small_home: Path) -> Warehouse:
    """The small sample's warehouse."""
    return connect(small_home)


@pytest.fixture(scope="session")
def sample_home() -> Path:
    """The data folder with the full-size sample, which `make test` has built."""
    home = Path(os.environ.get("MANGETAMAIN_DATA", ROOT / ".data" / "test"))
    if not newest(home / "warehouse"):
        pytest.fail(f"no sample in {home}: run `make sample`")
    return home


@pytest.fixture(scope="session")
def sample(sample_home: Path) -> Warehouse:
    """The full-size sample's warehouse."""
    return connect(sample_home)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real rows beside the checkout; tests that need it are skipped where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real Food.com rows at {folder}: they may not be distributed with the project")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what `.ci/run` tried once more: what is forgiven is not forgotten."""
    path = Path(os.environ.get("MANGETAMAIN_ONCE_MORE", os.devnull))
    names = path.read_text("utf-8").splitlines() if path.exists() else []
    if names:
        terminalreporter.section("tried once more, for it failed at first")
        terminalreporter.write("".join(f"{name}\n" for name in dict.fromkeys(names)))
