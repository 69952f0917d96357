"""The figure's widget, and the colours its marks are promised."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from mangetamain import charter, charts
from mangetamain.assets import DRAWING, STYLE, standalone
from mangetamain.panels import address, chart


def test_a_chart_looks_the_same_in_every_run() -> None:
    assert repr(chart.Chart(spec={"data": [], "layout": {}})) == "Chart()"
    assert repr(address.Address(lang="fr")) == "Address()"


def test_an_address_waits_for_its_browser() -> None:
    fresh = address.Address()
    assert (fresh.search, fresh.language, fresh.query) == (None, None, "")


def test_a_chart_carries_the_charter_for_pages_that_lack_it() -> None:
    assert "--mm-centre" in chart.Chart._css


def test_every_role_has_its_colour() -> None:
    assert set(get_args(charts.Role)) == set(charter.ROLES)


def test_a_page_that_stands_alone_names_no_other_file() -> None:
    parts = standalone("fr")
    assert "url(fonts/" not in str(parts["css"])
    assert "data:font/woff2" in str(parts["css"])
    assert "</script" not in str(parts["scripts"])


SCRIPTS = [*Path(chart.__file__).parent.glob("*.js"), DRAWING / "draw.js", DRAWING / "plotly-fr.js", STYLE / "site.js"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_sound(path: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node, which checks the scripts' syntax, is not at hand")
    copy = tmp_path / (path.stem + (".mjs" if "export default" in path.read_text("utf-8") else ".js"))
    copy.write_bytes(path.read_bytes())
    subprocess.run([node, "--check", copy], check=True)
