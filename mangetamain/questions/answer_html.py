"""An answer as HTML: sentence, figure, table and method, for reports, panels and notebooks."""

from __future__ import annotations

import base64
import json
import re
from html import escape

from mangetamain.answers.answer import NO_MATH, Answer
from mangetamain.answers.cells import PAGE_ROWS, written
from mangetamain.answers.csv_text import csv_text
from mangetamain.answers.headings import heading
from mangetamain.answers.runnable import runnable
from mangetamain.finding import VERDICTS
from mangetamain.language import N_, say
from mangetamain.questions.question import Question
from mangetamain.safe_text import shown, visible
from mangetamain.warehouse import Columns

# Labels around an answer.
TABLE, METHOD, DOWNLOAD = N_("Table"), N_("Method and SQL"), N_("Download as CSV")
# From so many characters on a cell of the table stands on several lines.
LONG_CELL = 80
# Of a file's name, so many characters, and the words for signs that none may hold.
LONGEST_NAME, BOUNDS = 100, {"<": " max ", ">": " min "}


def sentence(answer: Answer, lang: str) -> str:
    """Return the sentence and its verdict."""
    badge = ""
    if answer.verdict:
        word = say(VERDICTS[answer.verdict]).render(lang)
        badge = f' <span class="mm-verdict" data-verdict="{answer.verdict}">{escape(word)}</span>'
    return f'<p class="mm-sentence {NO_MATH}">{escape(answer.sentence(lang))}{badge}</p>'


def table(columns: Columns, lang: str) -> str:
    """Return the table, its first rows, with headings and numbers in a language."""
    named = [said.render(lang) if (said := heading(name)) else name for name in columns]
    heads = "".join(f"<th scope='col'>{escape(name)}</th>" for name in named)
    size = len(next(iter(columns.values()), ()))
    rows = [
        "".join(_td(written(column[i], lang, name)) for name, column in columns.items())
        for i in range(min(size, PAGE_ROWS))
    ]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    # Who has no mouse scrolls it with the keyboard, for which it has to be reached.
    reached = f'tabindex="0" role="group" aria-label="{escape(say(TABLE).render(lang))}"'
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="mm-table {NO_MATH}" {reached}>{table}</div>'


def _td(text: str) -> str:
    return f"<td{' class=mm-long' if len(text) > LONG_CELL else ''}>{escape(text)}</td>"


def csv(answer: Answer) -> str:
    """Return the table as CSV, and what it was asked of and with."""
    return csv_text(answer.plain_columns(), answer.parameters, answer.fingerprint, answer.synthetic)


def file_name(question: Question, answer: Answer, ending: str) -> str:
    """Name a file of an answer by what was asked: its measure and years, and what differs from the question's own."""
    own = question.texts({name: default for name, (_, default) in question.parameters.items()})
    told = [answer.question, answer.parameters.get("of", "")]
    for name, text in answer.parameters.items():
        if text not in ("", own[name]) and name not in ("of", "years"):
            told.append(f"{name} {text.removeprefix('yes')}")
    name = " ".join([*told, answer.parameters["years"]])
    for sign, word in BOUNDS.items():
        name = name.replace(sign, word)
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())
    return f"mangetamain-{slug[:LONGEST_NAME].strip('-')}.{ending}"


def download(question: Question, answer: Answer, lang: str) -> str:
    """Return a link that holds the table as CSV."""
    data = base64.b64encode(csv(answer).encode()).decode()
    label = escape(say(DOWNLOAD).render(lang))
    name = file_name(question, answer, "csv")
    return f'<p><a class="mm-download" download="{name}" href="data:text/csv;base64,{data}">{label}</a></p>'


def method(question: Question, answer: Answer, lang: str) -> str:
    """Return how the answer was found: the method in words, the parameters given and the SQL that runs."""
    given = ", ".join(f"{name} = {shown(value)}" for name, value in answer.parameters.items() if value)
    words = escape(say(question.method).render(lang))
    sql = escape(visible(runnable(answer.sql), keep="\n"))
    return f"<p>{words}</p><p><code>{escape(given)}</code></p><pre class='mm-sql' tabindex='0'>{sql}</pre>"


def fragment(question: Question, answer: Answer, lang: str) -> str:
    """Return the whole answer as one piece of HTML; a report's script draws the figure from its JSON."""
    spec = json.dumps(answer.figure_spec(lang)).replace("<", "\\u003c")
    alt = escape(answer.sentence(lang), quote=True)
    return "\n".join(
        [
            f'<section class="mm-panel"><h3>{escape(say(question.title).render(lang))}</h3>',
            sentence(answer, lang),
            f'<div class="mm-figure" data-figure role="img" aria-label="{alt}">',
            f'<script type="application/json">{spec}</script></div>',
            _details(TABLE, lang, download(question, answer, lang) + table(answer.columns, lang)),
            _details(METHOD, lang, method(question, answer, lang)),
            "</section>",
        ]
    )


def _details(label: str, lang: str, content: str) -> str:
    summary = escape(say(label).render(lang))
    return f'<details class="mm-details"><summary>{summary}</summary>{content}</details>'
