"""How an answer is to be read, in both languages: a page of the site, and a part of the documentation."""

from __future__ import annotations

from dataclasses import dataclass

from mangetamain.language import N_, say
from mangetamain.site.pages import words


@dataclass(frozen=True)
class Section:
    """A part of the page, in every language."""

    key: str
    heading: dict[str, str]
    paragraphs: tuple[dict[str, str], ...]


# By the name of its place on the page: its heading and its paragraphs.
TEXTS = {
    "answer": (
        N_("An answer"),
        N_("Each panel asks one question and answers it in a headline, a sentence, a figure and a table. All four are "
           "made from the same numbers, and say the finding and nothing else. For example:"),
    ),
    "interval": (
        N_("The interval"),
        N_("“95% interval 0.03 to 0.11” means: a method that makes such intervals covers the true value 19 times in "
           "20. A wide interval says that the data know little. Years differ for more reasons than chance (new cooks, "
           "another taste, a change of the site), and the interval admits that; it is wider than one that counts "
           "recipes alone, and more honest."),
    ),
    "verdict": (
        N_("The verdict"),
        N_("Each change is held against the smallest one that would matter to a cook, which was fixed before looking "
           "and is the same for every reader."),
    ),
    "thin": (
        N_("Thin years"),
        N_("1999 and 2018 are partial years, and years of fewer than 100 recipes are thin: they are drawn pale, no "
           "line leads to them, and they leave the trend."),
    ),
    "selections": (
        N_("Selections"),
        N_("“Among” chooses recipes, as in: vegetarian, minutes<=30, calories 200-500. All conditions hold together. "
           "“Compared with” puts other recipes beside them: then the verdict is that of the difference."),
    ),
    "method": (
        N_("Method"),
        N_("Every finding has an interval and is held against the smallest effect that matters; every measure says why "
           "less would not matter. Trends admit scatter between years, say whether they are one line, a bend or steps, "
           "and name a single year that a verdict hangs on. Seasons are compared among months, weekdays within them. "
           "Many ingredients or tags are judged as one family, so that luck alone names few of them. Each panel shows "
           "its own method, with the SQL that was run."),
    ),
}  # fmt: skip


def sections() -> list[Section]:
    """Return the page's parts, in order."""
    both = {key: [words.spoken(say(text)) for text in texts] for key, texts in TEXTS.items()}
    return [Section(key, heading, tuple(paragraphs)) for key, (heading, *paragraphs) in both.items()]
