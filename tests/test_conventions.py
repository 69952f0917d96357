"""Conventions of the project, held by tests and not by paragraphs."""

import ast
import inspect
import json
import re
import string
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import mangetamain
from mangetamain import HOMES
from mangetamain.errors import UserError
from mangetamain.language import LOCALE, catalogue
from mangetamain.questions import QUESTIONS
from mangetamain.themes import themes
from tools.translations import KEYWORDS, extract, forms

PACKAGE = Path(mangetamain.__file__).parent
ROOT = PACKAGE.parent
CATALOGUE = LOCALE / "fr" / "LC_MESSAGES" / "mangetamain.po"


@cache
def messages():
    """Every text that the package says, as the extraction finds them."""
    return [message.id for message in extract() if message.id]


def test_every_message_has_a_french_translation_with_the_same_places():
    french = {message.id: message for message in read_po(CATALOGUE.open("rb")) if message.id}
    for text in messages():
        assert text in french, f"not in the French catalogue: {text!r} (make translations)"
        message = french[text]
        assert all(forms(message.string)), f"not translated: {text!r}"
        assert not message.fuzzy, f"not certain: {text!r}"
        places = {
            frozenset(field for _, field, _, _ in string.Formatter().parse(each) if field)
            for each in (*forms(text), *forms(message.string))
        }
        assert len(places) == 1, f"other places in French: {text!r}"
        assert isinstance(text, str) or "n" in places.pop(), f"no number decides: {text!r}"


def test_no_text_escapes_the_extraction():
    """Babel leaves out a text that is marked within the arguments of another."""
    found = {form for text in messages() for form in forms(text)}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
                marked = [each.value for each in node.args[:1] if isinstance(each, ast.Constant)]
                assert found.issuperset(filter(None, marked)), f"{path}:{node.lineno}"


def test_the_compiled_catalogue_is_the_one_in_source():
    for message in read_po(CATALOGUE.open("rb")):
        if message.id:
            texts, french = forms(message.id), catalogue("fr")
            read = [french.gettext(*texts)] if len(texts) == 1 else [french.ngettext(*texts, n) for n in (1, 2)]
            assert read == [*forms(message.string)], "run `make translations`"


def test_the_catalogue_holds_nothing_that_is_no_longer_said():
    said = set(messages())
    assert [message.id for message in read_po(CATALOGUE.open("rb")) if message.id and message.id not in said] == []


# What a verb is asked of: every one takes some of these.
SHARED = {"of", "by", "to", "kind", "years", "source", "among", "against", "method"}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_a_question_is_one_file_of_four_functions(question):
    module = inspect.getmodule(question.judge)
    assert module.__name__ == f"mangetamain.questions.{question.name}"
    for function in (question.judge, question.draw, question.sentence):
        assert inspect.getmodule(function) is module
    # Two questions may look at one table.
    assert inspect.getmodule(question.table).__name__.startswith("mangetamain.questions.")
    for function in (question.table, question.judge, question.draw, question.sentence):
        assert inspect.signature(function).return_annotation is not inspect.Signature.empty
    for function in (question.table, question.judge):
        first, *rest = inspect.signature(function).parameters.values()
        assert first.kind is first.POSITIONAL_OR_KEYWORD
        assert all(argument.kind is argument.KEYWORD_ONLY for argument in rest)
        assert len({argument.name for argument in rest} - SHARED) <= 4
    assert question.parameters.keys() >= {"years"}


def test_every_column_a_reader_sees_has_a_heading(tiny):
    from mangetamain.answers.headings import heading

    for question in QUESTIONS.values():
        others = {"method": "published", "against": "easy"}
        for given in [{}, *({name: text} for name, text in others.items() if name in question.parameters)]:
            of = {"of": "calories"} if question.name == "relation" else {}  # of ratings' nothing was published
            for name in question(tiny, **given, **of).columns:
                assert heading(name), f"{question.name}: no heading for the column {name}"


@pytest.mark.parametrize("theme", themes().values(), ids=list(themes()))
def test_a_notebook_holds_no_logic(theme):
    for cell in theme.cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            banned = (ast.FunctionDef, ast.Lambda, ast.For, ast.While, ast.If, ast.ClassDef)
            assert not any(isinstance(node, banned) for node in ast.walk(ast.parse(source)))
            assert "SELECT" not in source
            assert len(source.splitlines()) <= 5
        else:
            assert {"en", "fr"} & {*cell["metadata"]["tags"]}, "prose says its language by a tag"


@pytest.mark.parametrize("theme", themes().values(), ids=list(themes()))
def test_a_notebook_says_everything_twice(theme):
    tags = [cell["metadata"]["tags"][0] for cell in theme.cells if cell["cell_type"] == "markdown"]
    assert tags == ["en", "fr"] * (len(tags) // 2)


@pytest.mark.parametrize("theme", themes().values(), ids=list(themes()))
def test_a_notebook_stores_what_a_test_reads_and_nothing_else(theme):
    for cell in theme.cells:
        for output in cell.get("outputs", []):
            assert output["output_type"] == "execute_result"
            assert set(output["data"]) == {"text/plain"}
    assert theme.path.stat().st_size < 100_000
    assert "widgets" not in theme.notebook["metadata"]
    assert any(cell.get("outputs") for cell in theme.cells), "no stored sentence to compare: `make notebooks`"


def test_every_public_name_is_a_question_a_function_or_an_error_and_known_to_type_checkers():
    tree = ast.parse(Path(mangetamain.__file__).read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module != "__future__"]
    typed = {alias.name for node in imports for alias in node.names} - {"Any", "TYPE_CHECKING"}
    assert typed == set(mangetamain.__all__) == {*QUESTIONS, *HOMES, "questions", "measures"}
    assert issubclass(mangetamain.BadInput, UserError)
    assert issubclass(mangetamain.NoWarehouse, UserError)
    # A question's file is called as the question is: what was imported first must not take the name.
    assert all(getattr(mangetamain, name) is question for name, question in QUESTIONS.items())
    assert mangetamain.connect.__doc__
    assert mangetamain.panel.__doc__


def test_the_citation_names_this_version():
    assert f"\nversion: {mangetamain.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_files_fit_on_a_few_screens():
    long = {path.name: n for path in PACKAGE.rglob("*.py") if (n := len(path.read_text("utf-8").splitlines())) > 300}
    assert not long


def test_no_registry_and_no_secret_is_written_down():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert not re.search(r"https?://", text)
    for path in [*ROOT.glob("*.toml"), *ROOT.glob(".github/**/*.yml"), *ROOT.glob("docker/*")]:
        if path.is_file():
            assert "AKIA" not in path.read_text("utf-8", errors="ignore")


def test_importing_the_package_imports_nothing_heavy():
    heavy = ("pandas", "plotly", "scipy", "duckdb", "ipywidgets")
    code = f"import mangetamain, sys; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT).stdout.strip() == "[]"


def test_a_kernel_that_shows_known_answers_needs_neither_pandas_nor_scipy_nor_plotly(sample_home):
    code = (
        "import json, pathlib, sys\n"
        "from mangetamain.panels.panel import panel\n"
        "from mangetamain.questions import level, volume\n"
        "from mangetamain.warehouse import connect\n"
        f"con = connect(pathlib.Path({str(sample_home)!r}))\n"
        "for question in (volume, level): panel(question, con)\n"
        "print(json.dumps([m for m in ('pandas', 'plotly', 'scipy', 'statsmodels') if m in sys.modules]))"
    )
    # The first run may have to work the answers out; the second finds them.
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT) for _ in range(2)]
    assert json.loads(runs[1].stdout) == []


def test_a_wheel_holds_each_file_once(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = [name for name in wheel.namelist() if name.endswith((".js", ".woff2", ".css", ".ipynb"))]
    assert "mangetamain/notebooks/trends.ipynb" in names
    # Where Jupyter looks for them; `assets` finds them there.
    assert any(name.endswith(".data/data/share/jupyter/labextensions/mangetamain/static/draw.js") for name in names)
    assert sorted({Path(name).name for name in names}) == sorted(Path(name).name for name in names)
