"""A picture that leaves the page: with its title above it, its source below, and colours of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from textwrap import wrap

from mangetamain.charter import PICTURE, TEXT_FONT, Scheme, colour
from mangetamain.pictures.svg import ASPECT, NARROW_BELOW

# Pixels of the letters below a picture, and of the edge around all of it.
SMALL, EDGE = 12, 16
LINE = 1.35


def alone(picture: str, width: int, title: str, notes: Sequence[str], scheme: Scheme = "light") -> str:
    """Return a picture as a file of its own.

    Parameters
    ----------
    picture
        The ``svg`` element that a page would hold.
    width
        Its width in pixels.
    title, notes
        What is written above it, and below: each note on lines of its own.
    scheme
        Whose colours are written into it, for no page says any.

    Returns
    -------
    str
        An ``svg`` document.
    """
    size = 16 if width < NARROW_BELOW else 20
    height = float(picture.split(' height="', 1)[1].split('"', 1)[0])
    heading, above = _lines(title, size, width, EDGE)
    below, words = 0.0, list[str]()
    for note in notes:
        drawn, more = _lines(note, SMALL, width, EDGE + above + height + below)
        words.append(drawn)
        below += more
    whole = round(2 * EDGE + above + height + below)
    style = f".mm-picture {{ font-family: {TEXT_FONT}; fill: {colour('text', scheme)}; }}{PICTURE}"
    markup = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mm-picture" viewBox="0 0 {width} {whole}" '
        f'width="{width}" height="{whole}"><style>{style}</style><rect width="{width}" height="{whole}" '
        f'fill="var(--mm-card)"/>{heading}<g transform="translate(0 {EDGE + above:.0f})">{picture}</g>'
        f"{''.join(words)}</svg>"
    )
    return re.sub(r"var\(--mm-([\w-]+)\)", lambda found: colour(found[1], scheme), markup)


def _lines(text: str, size: int, width: int, top: float) -> tuple[str, float]:
    """Write a text below a place on as many lines as it takes; tell how high they are."""
    most = int((width - 2 * EDGE) / (ASPECT * size))
    lines = wrap(text, most)
    look = f'x="{EDGE}" font-size="{size}"' + (' font-weight="600"' if size > SMALL else "")
    drawn = (
        f'<text {look} y="{top + LINE * size * (i + 0.8):.1f}">{escape(line)}</text>' for i, line in enumerate(lines)
    )
    return "".join(drawn), LINE * size * len(lines)
