"""The figure of an answer as a picture that leaves its page: what was asked, what was found, its source."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap

from mangetamain import charter
from mangetamain.language import N_, say
from mangetamain.pictures.svg import WIDE
from mangetamain.questions import Answer, Question
from mangetamain.warehouse.info import SYNTHETIC

SOURCE = N_("Food.com, {years}; data {fingerprint}; Mangetamain")
EDGE, APART = 24, 8  # pixels around it, and between its parts
# Of a letter's height what it is wide, by its weight, in the widest of the fonts that a reader may have.
LETTER = {400: 0.56, 650: 0.66}
Look = tuple[float, int, str]  # of a text: its size, its weight and its colour
HEADING: Look = (15, 400, "muted")
HEADLINE: Look = (20, 650, "text")
SENTENCE: Look = (14, 400, "text")
SOURCES: Look = (12.5, 400, "muted")
WARNING: Look = (13, 650, "warning")


def picture(question: Question, answer: Answer, lang: str) -> str:
    """Draw an answer as SVG that needs no style sheet, in the light scheme."""
    figure = re.sub(r'style="--role:var\(--mm-([\w-]+)\)"', _coloured, answer.svg(lang, WIDE))
    height = float(figure.split('height="', 1)[1].split('"', 1)[0])
    heading = question.heading(question.read(answer.parameters)).render(lang)
    source = say(SOURCE, years=answer.parameters["years"].replace("-", "–"), fingerprint=answer.fingerprint)
    words, at = list[str](), float(EDGE)
    for text, look in ((heading, HEADING), (answer.headline(lang), HEADLINE)):
        at = _write(words, at, text, look)
    at += APART
    words.append(f'<svg x="{EDGE}" y="{at:.0f}" width="{WIDE}" height="{height}">{figure}</svg>')
    at = _write(words, at + height + APART, answer.sentence_with_verdict(lang), SENTENCE) + APART
    at = _write(words, at, source.render(lang), SOURCES)
    if answer.synthetic:
        at = _write(words, at, say(SYNTHETIC).render(lang), WARNING)
    width, height = WIDE + 2 * EDGE, round(at + EDGE)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{escape(charter.TEXT_FONT)}"><style>{_style()}</style>'
        f'<rect width="100%" height="100%" fill="{charter.colour("card", "light")}"/>{"".join(words)}</svg>'
    )


def _write(words: list[str], at: float, text: str, look: Look) -> float:
    """Write a text, folded to what the width holds of its letters, from a height on; return where it ends."""
    size, weight, colour = look
    shade = f'font-size="{size}" font-weight="{weight}" fill="{charter.colour(colour, "light")}"'
    for line in wrap(text, int(WIDE / (size * LETTER[weight]))):
        at += 1.4 * size
        words.append(f'<text x="{EDGE}" y="{at:.1f}" {shade}>{escape(line)}</text>')
    return at


def _coloured(role: re.Match[str]) -> str:
    return f'style="{role[0][7:-1]};color:{charter.colour(role[1], "light")}"'


@cache
def _style() -> str:
    """Return how the page draws pictures, with colours in place of its properties: few programs know these."""
    rules = re.findall(r"^\.mm-picture.*$", Path(__file__).with_name("panel.css").read_text("utf-8"), re.M)
    mixed = r"color-mix\(in srgb, var\(--role\) (\d+)%, transparent\)"
    text = re.sub(mixed, r"currentColor; fill-opacity: \1%", "".join(rules))
    text = text.replace("fill: var(--role)", "fill: currentColor; fill-opacity: 1").replace(
        "var(--role)", "currentColor"
    )
    text = text.replace("var(--mm-font)", "inherit")
    return re.sub(r"var\(--mm-([\w-]+)\)", lambda name: charter.colour(name[1], "light"), text)
