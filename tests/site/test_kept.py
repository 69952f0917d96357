"""Rendered notebooks are kept for who takes a site's place: the same image on the same data, and nobody else."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from mangetamain.site.pages.kept import keep, kept
from mangetamain.themes import themes
from tests.site.conftest import only, served
from tests.waiting import eventually

# A rendering that comes to nothing: what is shown all the same was kept.
BARREN = "import mangetamain.site.pages.rendered as rendered; rendered.RENDER = 'raise SystemExit(1)'"
IMAGE = "sha256:77"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site's state, and the notebook that it shows."""
    return tmp_path_factory.mktemp("kept")


def shown(home: Path, place: Path, image: str, before: str = "", ready: bool = True) -> list[str]:
    """Return the panels that a site shows once it finds itself ready, or not."""
    notebook = place / "notebooks"
    env = {"PYTHONPATH": str(notebook)} if notebook.exists() else only(notebook, "week")
    env |= {"MANGETAMAIN_IMAGE": image, "MANGETAMAIN_STATE": str(place / "state")}
    log = place / "state" / "logs" / "debug.log"

    def renderings() -> int:
        return log.read_text().count("the notebooks are rendered") if log.exists() else 0

    before_it = renderings()
    with served(home, env=env, before=before, proved=True, lines=None) as site:
        site.until(ready)
        eventually(lambda: renderings() > before_it, lambda: site.log)  # and kept
        return re.findall(r"<\w+ class=\"mm-panel.*", site.get("/week").text)


def test_who_takes_a_sites_place_shows_the_very_same_page(tiny_home: Path, place: Path) -> None:
    first = shown(tiny_home, place, IMAGE)
    assert len(first) == len(themes()["week"].asked)
    assert shown(tiny_home, place, IMAGE, BARREN) == first


@pytest.mark.parametrize("image", ["sha256:78", "mangetamain:latest", ""])
def test_another_image_or_a_name_that_may_change_renders_its_own(tiny_home: Path, place: Path, image: str) -> None:
    assert shown(tiny_home, place, image, BARREN, ready=False) == []


@pytest.mark.parametrize("text", ["", "{", "{}", '{"week": 1}'])
def test_what_cannot_be_read_is_rendered_again(tiny_home: Path, place: Path, text: str) -> None:
    shown(tiny_home, place, IMAGE)
    (file,) = (place / "state" / "pages").glob("*.json")
    file.write_text(text)
    assert shown(tiny_home, place, IMAGE)
    assert len(file.read_text()) > 1000


def test_the_newest_two_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANGETAMAIN_STATE", str(tmp_path))
    for number in range(3):
        monkeypatch.setenv("MANGETAMAIN_IMAGE", f"sha256:{number}")
        keep("food", {"week": str(number)})
        time.sleep(0.01)  # a file system's clock may tick that slowly
    assert kept("food") == {"week": "2"}
    assert kept("other data") == {}
    found = []
    for number in range(3):
        monkeypatch.setenv("MANGETAMAIN_IMAGE", f"sha256:{number}")
        found.append(kept("food"))
    assert found == [{}, {"week": "1"}, {"week": "2"}]
