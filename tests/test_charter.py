"""The charter's colours can be read and told apart."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from mangetamain import charter

DOCS = Path(__file__).parent.parent / "docs"
# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB. doi:10.1109/TVCG.2009.113
MACHADO = {
    "none": "1 0 0 0 1 0 0 0 1",
    "protanopia": "0.152286 1.052583 -0.204868 0.114503 0.786281 0.099216 -0.003882 -0.048116 1.051998",
    "deuteranopia": "0.367322 0.860646 -0.227968 0.280085 0.672501 0.047413 -0.011820 0.042940 0.968881",
    "tritanopia": "1.255528 -0.076749 -0.178779 -0.078411 0.930809 0.147602 0.004733 0.691367 0.303900",
}
BLINDNESS = {name: np.array(numbers.split(), float).reshape(3, 3) for name, numbers in MACHADO.items()}
# From linear sRGB to XYZ, IEC 61966-2-1.
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
SEASONS = itertools.combinations(("winter", "spring", "summer", "autumn"), 2)
SERIES = itertools.combinations(("centre", "other", "third"), 2)
SIDE_BY_SIDE = {
    **dict.fromkeys(SEASONS, 20),
    ("rise", "fall"): 20,
    ("centre", "trend"): 20,
    **dict.fromkeys(SERIES, 15),
}
# Every pair of text on ground that the style sheets use: each must reach 4.5 to 1 (WCAG 2.2, 1.4.3).
TEXT_PAIRS = (
    *((text, ground) for text in ("text", "muted", "accent", "warning") for ground in ("ground", "card", "sunken")),
    ("on-accent", "accent-ground"),
    ("text", "warning-ground"),
    ("warning", "warning-ground"),
    ("ground", "text"),
)
# Marks and edges that carry meaning reach 3 to 1 on the card they stand on (WCAG 2.2, 1.4.11).
MARKS = tuple(charter.ROLES)


def linear(colour: str) -> np.ndarray:
    assert re.fullmatch("#[0-9A-F]{6}", colour), colour
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = XYZ @ np.clip(rgb, 0, 1) / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, matrix: np.ndarray) -> float:
    return float(np.linalg.norm(lab(matrix @ linear(one)) - lab(matrix @ linear(other))))


@pytest.mark.parametrize("scheme", charter.SCHEMES)
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_text_reaches_aa(pair: tuple[str, str], scheme: charter.Scheme) -> None:
    text, ground = (charter.colour(name, scheme) for name in pair)
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("scheme", charter.SCHEMES)
@pytest.mark.parametrize("role", charter.ROLES)
def test_words_about_marks_are_read_on_the_card(role: str, scheme: charter.Scheme) -> None:
    ink = charter.ink(role, scheme)
    assert contrast(ink, charter.colour("card", scheme)) >= 4.5
    if contrast(charter.colour(role, scheme), charter.colour("card", scheme)) >= 4.5:
        assert ink == charter.colour(role, scheme)  # no further from its marks than it takes


@pytest.mark.parametrize("place", range(2), ids=charter.SCHEMES)
@pytest.mark.parametrize("verdict", charter.VERDICTS)
def test_verdicts_reach_aa(verdict: str, place: int) -> None:
    text, card = charter.VERDICTS[verdict][place], charter.PAGE["card"][place]
    assert contrast(text, card) >= 4.5


@pytest.mark.parametrize("scheme", charter.SCHEMES)
@pytest.mark.parametrize("name", [*MARKS, "danger", "edge"])
def test_marks_reach_three_to_one(name: str, scheme: charter.Scheme) -> None:
    assert contrast(charter.colour(name, scheme), charter.colour("card", scheme)) >= 3


@pytest.mark.parametrize("scheme", charter.SCHEMES)
@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("pair", SIDE_BY_SIDE, ids="-".join)
def test_colours_side_by_side_can_be_told_apart(pair: tuple[str, str], blindness: str, scheme: charter.Scheme) -> None:
    one, other = (charter.colour(name, scheme) for name in pair)
    assert distance(one, other, BLINDNESS[blindness]) >= SIDE_BY_SIDE[pair]


@pytest.mark.parametrize("page", ["reading.md", "fr/lire.md"])
def test_readers_are_told_what_each_colour_means(page: str) -> None:
    rows = [line for line in (DOCS / page).read_text("utf-8").splitlines() if line.startswith("| ")]
    assert {role for row in rows for role in re.findall(r"`(\w+)`", row.split("|")[3])} == set(charter.ROLES)


def test_css_declares_every_colour_once() -> None:
    names = re.findall(r"(--mm-[\w-]+):", charter.css())
    assert len(names) == len(set(names))
    assert {f"--mm-{name}" for name in (*charter.PAGE, *charter.ROLES)} <= set(names)


def test_themed_paints_by_role_and_leaves_the_spec() -> None:
    band = {"y": [1], "fill": "tonexty", "meta": {"role": "centre"}}
    spec: dict = {"data": [{"type": "bar", "y": [1], "meta": {"role": "winter"}}, band]}
    figure = charter.themed(spec, "dark")
    assert figure["data"][0]["marker"]["color"] == charter.colour("winter", "dark")
    assert figure["data"][1]["fillcolor"] == charter.colour("centre", "dark") + "33"
    assert figure["layout"]["template"]["layout"]["paper_bgcolor"] == "#333333"
    assert "marker" not in spec["data"][0]
