"""What a panel shows, as JSON: the same from a kernel, from the site and from a file.

A front end is told once what can be asked (`frame`), and of each question asked what the answer is (`reply`): its
sentence and figure, or on demand its table, its method, or a file to take away.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from mangetamain.answers.parquet import parquet
from mangetamain.assets import WORDS
from mangetamain.errors import BadInput, NoWarehouse, UserError, suggestion
from mangetamain.finding import VERDICTS
from mangetamain.language import N_, quoted, say
from mangetamain.parameters import Choice, Kind, Selection, Span, Switch, Words
from mangetamain.pictures.svg import NARROW, WIDE
from mangetamain.questions import Answer, Question, answer_html
from mangetamain.safe_text import unbroken
from mangetamain.warehouse import Warehouse

log = logging.getLogger(__name__)
# Of a selection, and of a few words; as long as their fields show.
SELECTION, TERMS = N_("vegetarian, minutes<=30"), N_("butter, garlic")
BROKEN = N_("This answer could not be worked out; the log says why.")
# What a panel's own parts are called.
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "table": answer_html.TABLE,
        "method": answer_html.METHOD,
        "download": N_("Download"),
        "csv": N_("Table as CSV, for a spreadsheet"),
        "parquet": N_("Table as Parquet, for a program"),
        "svg": N_("Figure as SVG, for a document"),
        "png": N_("Figure as PNG, for a message"),
        "more": N_("More options"),
        "share": N_("Share this"),
        "code": N_("Copy as code"),
        "link": N_("Copy a link"),
        "embed": N_("Copy the figure for a web page"),
        "sql": N_("Copy the SQL"),
        "copied": N_("Copied"),
        "pending": N_("The answer to this is on its way."),
        "before": N_("This is what was asked before."),
        "failed": N_("The answer could not be had: the figure shows what was asked before."),
        "lost": N_("This could not be had."),
        "again": N_("Try again"),
        "first": N_("first"),
        "last": N_("last"),
        "changed": N_("The data have changed since this page was opened."),
        "reload": N_("Open it anew"),
        "absent": N_("This file does not hold that answer."),
        # Translators: a control, as a sentence names it; {label} stays as it is
        "named": N_("“{label}”"),
        # Of the page's bar, and of a panel that has values of its own.
        "bar": N_("This page: years and recipes"),
        "contents": WORDS["contents"],
        "reset": N_("Reset"),
        "every": N_("all recipes"),
        "own": N_("This panel:"),
        "own_years": N_("not the page's years"),
        "own_among": N_("not the page's recipes"),
        "follow": N_("Follow the page"),
        "reading": N_("How to read this"),
        "offers": N_("Suggestions"),
    }
)
# What a verdict says, to who asks.
MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "clear": N_("Clear: even the least that it may be is large enough to matter."),
        "real": N_("Real: it is there beyond chance, but it may be too small to matter."),
        "negligible": N_("Negligible: even the most that it may be is too small to matter."),
        "undecided": N_("Undecided: the data leave open whether there is any."),
    }
)
# Whose ratings, and by whose method, is asked by who holds our numbers against others'; its recipes a page has itself.
ASIDE = ("source", "method", "among")
Part = Callable[[Question, Answer, str], dict[str, Any]]
# What can be taken away, by the ending of its name: what kind of file it is, and what is in it.
FILES: Mapping[str, tuple[str, Callable[[Question, Answer, str], str | bytes]]] = MappingProxyType(
    {
        "csv": ("text/csv; charset=UTF-8", lambda _, answer, __: answer_html.csv(answer)),
        "parquet": ("application/vnd.apache.parquet", lambda _, answer, __: parquet(answer)),
        "svg": ("image/svg+xml", lambda _, answer, lang: answer.svg(lang)),
    }
)


def frame(question: Question, lang: str) -> dict[str, Any]:
    """Say what a question is called, what it can be given, and what the parts of its panel are called."""
    return {
        "title": unbroken(say(question.title).render(lang)),
        "controls": [control(name, kind, lang) for name, (kind, _) in question.parameters.items()],
        "defaults": defaults(question),
        "labels": {name: say(text, label="{label}").render(lang) for name, text in LABELS.items()},
    }


def foremost(question: Question, base: Mapping[str, str]) -> list[str]:
    """Name the controls that stand before the figure of a page's panel, two at most: what it is about."""
    mains = [
        name for name, (kind, _) in question.parameters.items()
        if name not in ASIDE and (isinstance(kind, Choice | Words) or (isinstance(kind, Selection) and base[name]))
    ]  # fmt: skip
    return mains[:2]


def control(name: str, kind: Kind, lang: str) -> dict[str, Any]:
    """Describe the control of a parameter."""
    told: dict[str, Any] = {"name": name, "label": say(kind.label).render(lang)}
    match kind:
        case Span():
            return {**told, "kind": "span", "first": kind.first, "last": kind.last}
        case Switch():
            return {**told, "kind": "switch"}
        case Words():
            return {**told, "kind": "words", "example": say(TERMS).render(lang)}
        case Selection():
            return {**told, "kind": "words", "example": say(SELECTION).render(lang), "selects": True}
        case Choice():
            options = [[value, say(label).render(lang)] for value, label in kind.values.items()]
            return {**told, "kind": "choice", "options": options}
    raise TypeError(kind)


def answered(question: Question, answer: Answer, lang: str) -> dict[str, Any]:
    """Show an answer: heading, headline, sentence, verdict and figure, for plotly and as pictures without script."""
    verdict = answer.verdict
    told = {
        "verdict": verdict,
        "word": say(VERDICTS[verdict]).render(lang),
        "means": say(MEANINGS[verdict]).render(lang),
    } if verdict else {}  # fmt: skip
    return {
        "heading": unbroken(question.heading(question.read(answer.parameters)).render(lang)),
        "headline": unbroken(answer.headline(lang)),
        "sentence": answer.sentence(lang),
        **told,
        "spec": answer.figure_spec(lang),
        "pictures": {"wide": answer.svg(lang, WIDE, framed=False), "narrow": answer.svg(lang, NARROW, framed=False)},
        "code": code(question, answer.parameters),
        "fingerprint": answer.fingerprint,
        "synthetic": answer.synthetic,
    }


def defaults(question: Question) -> dict[str, str]:
    """Write the question's own default of each parameter as text."""
    return question.texts({name: default for name, (_, default) in question.parameters.items()})


def differing(question: Question, texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what differs from the question's own defaults, in their order."""
    return tuple((name, texts[name]) for name, text in defaults(question).items() if texts[name] != text)


def code(question: Question, texts: Mapping[str, str]) -> str:
    """Write the line of a notebook that shows this very panel."""
    given = [f"{name}={text!r}" for name, text in differing(question, texts)]
    return f"mm.panel({', '.join([f'mm.{question.name}', 'con', *given])})"


def file(ending: str, question: Question, answer: Answer, lang: str) -> dict[str, str]:
    """Make a file under a name that says what is in it: its `name`, its `kind`, its `text` or its bytes in `base64`."""
    kind, make = FILES[ending]
    content = make(question, answer, lang)
    held = {"text": content} if isinstance(content, str) else {"base64": base64.b64encode(content).decode()}
    return {"name": answer_html.file_name(question, answer, ending), "kind": kind, **held}


def held_in(told: Mapping[str, str]) -> bytes:
    """Return what is in a file that was told."""
    return base64.b64decode(told["base64"]) if "base64" in told else told["text"].encode()


# What can be asked for besides the answer itself.
PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "answer": answered,
        "table": lambda _, answer, lang: {"html": answer_html.table(answer.columns, lang)},
        "method": lambda question, answer, lang: {"html": answer_html.method(question, answer, lang)},
        **{ending: partial(file, ending) for ending in FILES},
    }
)


def part_of(name: str) -> Part:
    """Return how a part of an answer is shown; raise `BadInput` for what is none."""
    if name in PARTS:
        return PARTS[name]
    raise BadInput(
        "There is no part {part} of an answer: the parts are {known}{hint}",
        part=quoted(name[:40]), known=", ".join(PARTS), hint=suggestion(name, PARTS),
    )  # fmt: skip


def reply(
    question: Question, con: Warehouse, given: Mapping[str, object], lang: str, part: str = "answer"
) -> dict[str, Any]:
    """Answer a front end, which is given one sentence in place of what cannot be had.

    Parameters
    ----------
    question, con
        What is asked, and where.
    given
        Values by parameter, as text or as themselves; the question's defaults without them.
    lang
        Language of the answer, en or fr.
    part
        One of `PARTS`.

    Returns
    -------
    dict
        ``values``, each parameter's canonical text, and what the part is; or ``trouble``, one sentence, with ``fault``
        where it is ours to mend, and with ``later`` where it may be had another time.
    """
    return told(question, lambda: question(con, **given), lang, part)


def told(question: Question, ask: Callable[[], Answer], lang: str, part: str = "answer") -> dict[str, Any]:
    """Tell a part of what is answered when asked, as `reply` does."""
    try:
        show, answer = part_of(part), ask()
        return {"values": dict(answer.parameters), **show(question, answer, lang)}
    except NoWarehouse as error:
        return {"trouble": error.message.render(lang), "later": True}
    except UserError as error:
        return {"trouble": error.message.render(lang)}
    except Exception:
        log.exception("%s failed", question.name)
        return {"trouble": say(BROKEN).render(lang), "fault": True}
