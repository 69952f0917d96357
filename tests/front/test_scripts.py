"""The front end's modules: their unit tests, and that what is made of them for pages is sound."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from mangetamain import assets, charter, charts
from mangetamain.panels.panel import Panel
from tools import node


def test_the_unit_tests_pass() -> None:
    assert node.tests() == 0


@pytest.mark.parametrize("name", ["page.mjs", "panel.mjs", "draw.js"])
def test_scripts_are_sound(name: str, tmp_path: Path) -> None:
    copy = tmp_path / name
    made = {"page.mjs": assets.page_script, "panel.mjs": assets.panel_script}
    if name in made:  # several modules as one, for who has no other file
        copy.write_text(made[name](), "utf-8")
        assert "import " not in [line[:7] for line in made[name]().splitlines()]
    else:
        shutil.copy(assets.DRAWING / name, copy)
    assert subprocess.run([node.find_or_install() / "node", "--check", copy], check=False).returncode == 0


def test_no_module_is_left_out() -> None:
    assert {path.stem for path in assets.PANELS.glob("*.js")} == {*assets.PANEL_MODULES, *assets.PAGE_MODULES}


def test_a_panel_carries_its_looks_to_pages_that_lack_them() -> None:
    assert "--mm-centre" in Panel._css
    assert ".mm-picture" in Panel._css


def test_every_role_has_its_colour() -> None:
    assert set(get_args(charts.Role)) == set(charter.ROLES)


def test_a_page_that_stands_alone_names_no_other_file() -> None:
    parts = assets.standalone("fr")
    assert "url(fonts/" not in str(parts["css"])
    assert "data:font/woff2" in str(parts["css"])
    assert "</script" not in str(parts["scripts"])
    assert "</script" not in assets.page_script()
