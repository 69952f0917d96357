"""JupyterLab on the notebooks."""

import json
import os
import subprocess
import sys
from importlib import util

import pytest

from mangetamain import themes
from mangetamain.errors import UserError
from mangetamain.site import lab
from tests.conftest import ROOT


def test_a_checkout_works_on_its_own_notebooks():
    assert lab.workplace() == ROOT / "notebooks"


def test_an_installation_works_on_copies_that_it_keeps(tmp_path, monkeypatch):
    inside = lab.Path(lab.__file__).parent.parent / "notebooks"
    monkeypatch.setattr(lab, "folder", lambda: inside)
    monkeypatch.setenv("MANGETAMAIN_DATA", str(tmp_path))
    place = lab.workplace()
    assert {path.name for path in place.iterdir()} == {f"{name}.ipynb" for name in themes.themes()}
    (place / "trends.ipynb").write_text("mine")
    assert (lab.workplace() / "trends.ipynb").read_text() == "mine"
    assert themes.folder() == ROOT / "notebooks"


def test_without_lab_the_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"pip install mangetamain\[lab\]"):
        lab.open_lab()


def test_lab_finds_the_scripts_of_our_widgets(tmp_path):
    assert util.find_spec("jupyterlab")
    done = subprocess.run(
        [sys.executable, "-m", "mangetamain", "lab", "--", "--show-config-json"],
        capture_output=True, text=True, cwd=tmp_path, timeout=600,
        env={**os.environ, "MANGETAMAIN_DATA": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ServerApp"]["root_dir"] == str(ROOT / "notebooks")


def test_a_site_leaves_the_cookie_of_a_jupyter_server_at_the_same_address_alone(site):
    lab_cookie = f"username-127-0-0-1-{site.port}"
    left = site.get("/", Cookie=f"{lab_cookie}=of-another-server").headers.get_all("Set-Cookie") or []
    assert not any(cookie.startswith(lab_cookie) for cookie in left), left


def test_lab_asks_for_nothing_of_the_site():
    blocked = "import sys; sys.modules['voila'] = None; import mangetamain.site.lab"
    assert subprocess.run([sys.executable, "-c", blocked]).returncode == 0
