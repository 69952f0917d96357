"""Names that would be links, formulas, templates or orders to a terminal are names, wherever an answer is shown."""

import csv
import io
import json
from html.parser import HTMLParser

import nbformat
import pytest
from markupsafe import Markup
from nbconvert.filters import markdown2html_mistune

from mangetamain.answers.csv_text import csv_text
from mangetamain.cli.terminal import status_text
from mangetamain.escaping import LINES, SYNTAX
from mangetamain.questions import QUESTIONS, answer_html
from mangetamain.reports.export import html, markdown
from mangetamain.reports.index import index_page
from mangetamain.site.pages.html import About, Headline, Landing, Pages
from mangetamain.warehouse import status
from tests.conftest import HIDDEN, HOSTILE

OURS = {
    "section", "h3", "p", "span", "div", "script", "details", "summary", "a", "table", "thead", "tbody", "tr", "th",
    "td", "code", "pre",
}  # fmt: skip
TAKEN = [name.lower() for name in HOSTILE]
WORDS = [name for name in TAKEN if len(name) <= 80 and "," not in name and name == name.strip()]


def ways(question):
    """The parameters under which a question speaks of names, else its own defaults."""
    kinds = [{"kind": kind} for kind in ("ingredient", "tag")] if "kind" in question.parameters else [{}]
    methods = [{"method": method} for method in ("robust", "published")] if "method" in question.parameters else [{}]
    chosen = (
        [{"chosen": WORDS[i : i + 3]} for i in range(0, len(WORDS), 3)] if "chosen" in question.parameters else [{}]
    )
    return [{**kind, **method, **words} for kind in kinds for method in methods for words in chosen]


def unpublished(question, way):
    """Of levels of terms, those of ingredients alone were published; nothing of how ratings go with minutes."""
    unasked = question.name == "relation" or (question.name == "term_levels" and way["kind"] == "tag")
    return unasked and way.get("method") == "published"


ASKED = [(question, way) for question in QUESTIONS.values() for way in ways(question) if not unpublished(question, way)]
NAMES = [f"{question.name}-{i}" for i, (question, _) in enumerate(ASKED)]


@pytest.fixture(scope="module", params=ASKED, ids=NAMES)
def answered(request, hostile):
    """Every question, and its answer from a warehouse of hostile names."""
    question, way = request.param
    return question, question(hostile, **way)


def texts(node, key=""):
    """Every text of a figure, keys too, with the key under which it stands."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield name, "key"
            yield from texts(value, name)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item, key)
    elif isinstance(node, str):
        yield node, key


def harmless(text):
    """Whether nothing in a text is obeyed by a terminal or hidden from a reader."""
    return not set(text) & set(HIDDEN)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_figure_obeys_no_name(answered, lang):
    answer = answered[1]
    for text, key in texts(answer.figure_spec(lang)):
        assert harmless(text)
        if key in SYNTAX:
            assert not any(name in text for name in TAKEN if len(name) > 5)
        else:
            assert not set(text.replace("<br>", "") if key in LINES else text) & set("<>{}$\n"), (key, text)
            assert len(text) <= 200


def test_a_figure_still_tells_its_names_apart(hostile):
    spec = QUESTIONS["terms"](hostile, kind="tag").figure_spec("en")
    bars = spec["data"][0]["y"]
    assert len(set(bars)) == len(bars) == len(spec["layout"]["yaxis"]["tickvals"])
    assert set(bars) <= set(spec["layout"]["yaxis"]["categoryarray"])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_sentence_and_a_notebooks_text_hold_nothing_hidden(answered, lang):
    answer = answered[1]
    assert harmless(answer.sentence_with_verdict(lang))
    assert "\n" not in answer.sentence_with_verdict(lang)
    assert len(answer.sentence_with_verdict(lang)) < 3000
    assert harmless(repr(answer))
    assert max(map(len, repr(answer).splitlines())) < 2000


class Elements(HTMLParser):
    """The elements of a page, the attributes of its links, and its text."""

    def __init__(self, page):
        super().__init__()
        self.found, self.links, self.text, self.cells = set(), [], "", set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        if tag == "a":
            self.links.append(dict(attrs))
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.text += data
        self.cells.add(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_page_gets_no_element_from_a_name(answered, lang):
    page = answer_html.fragment(*answered, lang)
    seen = Elements(page)
    assert seen.found <= OURS
    assert [link["class"] for link in seen.links] == ["mm-download"]
    assert harmless(page)
    assert page.count("<script") == 1
    # JupyterLab makes formulas of dollars in what is not of this class.
    assert page.count("mathjax_ignore") == 2


def test_a_name_is_read_on_the_page_as_it_is(hostile):
    seen = Elements(answer_html.fragment(QUESTIONS["term_changes"], QUESTIONS["term_changes"](hostile), "en"))
    for name in (
        '<a href="https://evil.example/">x</a>',
        "{{7*7}}",
        "$x^2$",
        r"\x1b[31mred\x1b]0;pwn\x07",
        r"\u202egnisrever",
    ):
        assert name in seen.text


def test_markdown_has_no_mark_from_a_name(answered):
    answer = answered[1]
    about = {
        "lang": "en", "title": "Trends", "synthetic": False, "source": "<b>x</b> [x](y)", "fingerprint": "f",
        "version": "1", "time": "now", "parameters": {"chosen": "[x](y)"},
    }  # fmt: skip
    said = markdown(about, [{**answer.record("a", "Title", "en")}])
    assert harmless(said)
    seen = Elements(markdown2html_mistune(said))
    assert seen.found <= {"h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "hr", "a"}
    assert {link["class"] for link in seen.links} == {"anchor-link"}  # of the headings
    if answer.question == "term_changes":
        assert {
            '<a href="https://evil.example/">x</a>',
            "[x](https://evil.example/)",
            "$x^2$",
            "&lt;b&gt;",
        } <= seen.cells
        assert "www.evil.example" in seen.cells


def test_csv_holds_the_names_themselves(answered):
    answer = answered[1]
    text = csv_text(answer.plain_columns(), answer.parameters, answer.fingerprint, answer.synthetic)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    if "term" in answer.columns:
        plain = [row["term"].replace(";'", ";").removeprefix("'") for row in rows]
        assert plain == answer.columns["term"].tolist()
        assert not any(row["term"].startswith(("=", "+", "-", "@")) for row in rows)


def test_what_is_kept_of_an_answer_is_the_name_itself(answered):
    question, answer = answered
    again = question.revive(json.loads(answer.to_json()))
    assert again.sentence("en") == answer.sentence("en")
    assert again.plain_columns() == answer.plain_columns()
    assert json.loads(json.dumps(answer.record("a", "b", "en")))["columns"] == answer.plain_columns()


def test_a_source_of_any_name_is_a_name(hostile, hostile_home):
    source = hostile.info.source
    assert harmless(source)
    assert "<b>raw" in source
    shown = status_text(status(hostile_home))
    assert harmless(shown)
    assert source in shown
    pages = Pages("/", [])
    said = {"en": source, "fr": source}
    picture = dict.fromkeys(said, Markup(QUESTIONS["term_changes"](hostile).svg()))
    headline = Headline(said, said, None, picture, "trends", "#level")
    landing = pages.landing(Landing(About(source=source, known=True), [headline]), "en")
    data = {"source": source, "fingerprint": "f", "cleaning": None}
    told = {"title": source, "parameters": {"chosen": source}, "data": data}
    kept = {"folder": "trends_1", "formats": ["html"], "started": "2026-01-01T00:00", "outcome": "done", "key": "1"}
    for page in (landing, index_page([{**told, **kept}])):
        assert "<b>raw" not in page
        assert "&lt;b&gt;raw" in page


def test_a_report_and_its_notebook_hold_no_element_from_a_name(hostile):
    answer = QUESTIONS["term_changes"](hostile)
    notebook = nbformat.v4.new_notebook()
    data = {"text/html": answer_html.fragment(QUESTIONS["term_changes"], answer, "en"), "text/plain": repr(answer)}
    notebook.cells = [nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", data)])]
    about = {"lang": "en", "title": "<b>t</b>", "source": hostile.info.source, "parameters": {"chosen": "<b>x</b>"}}
    notebook.metadata["mangetamain"] = about
    page = html(notebook)
    body = page[page.index("<main") : page.index("</main>")] + page[page.index("<footer") : page.index("</footer>")]
    assert Elements(body).found <= OURS | {"main", "footer", "dl", "dt", "dd", "div"}
    assert "<title>&lt;b&gt;t" in page
