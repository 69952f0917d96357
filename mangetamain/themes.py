"""The themes: one notebook each, read as data, so that its title, parameters and panels are written nowhere else."""

from __future__ import annotations

import ast
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from mangetamain.answers.store import AnswerStore
from mangetamain.environment import PACKAGE
from mangetamain.errors import BadInput, suggestion
from mangetamain.language import Message, quoted, say
from mangetamain.measures import LANGUAGE
from mangetamain.parameters import Kind, unknown
from mangetamain.questions import QUESTIONS, Answer, Question, headlines
from mangetamain.questions.panel_keys import key_for
from mangetamain.warehouse import Warehouse

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A panel of a notebook: the question, the values it is given, and which of them are the notebook's parameters."""

    key: str
    question: Question
    given: Mapping[str, object]
    linked: Mapping[str, str]

    def answer(self, con: Warehouse, parameters: Mapping[str, object] | None = None) -> Answer:
        """Answer the question as the notebook asks it, with the notebook's parameters replaced where given."""
        chosen = parameters or {}
        changed = {name: chosen[source] for name, source in self.linked.items() if source in chosen}
        return self.question(con, **{**self.given, **changed})

    def first_answer(self, con: Warehouse) -> Answer | None:
        """Answer the question as the notebook asks it; give none where the data have no word that it asks about."""
        try:
            return self.answer(con)
        except BadInput as error:
            log.warning("%s has no answer: %s", self.key, error)
            return None

    def record(self, con: Warehouse, lang: str) -> dict[str, Any] | None:
        """Answer as the notebook asks it, and give the answer as reports record it; none where there is none."""
        answer, title = self.first_answer(con), say(self.question.title).render(lang)
        return answer.record(self.key, title, lang) if answer else None


@dataclass(frozen=True)
class Theme:
    """One notebook: what it is called, what it can be given, and what it asks."""

    name: str
    path: Path

    @cached_property
    def notebook(self) -> dict[str, Any]:
        """The notebook as it is on disk."""
        notebook: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
        return notebook

    @property
    def order(self) -> int:
        """The notebook's place among the others, which its metadata say."""
        return int(self.notebook["metadata"].get("mangetamain", {}).get("order", 99))

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The notebook's cells."""
        cells: list[dict[str, Any]] = self.notebook["cells"]
        return cells

    def _heading(self, lang: str) -> list[str]:
        """Return the lines of the first cell in a language that begins with a heading."""
        texts = ("".join(cell["source"]) for cell in self.cells if lang in cell["metadata"].get("tags", []))
        return next((text for text in texts if text.startswith("# ")), f"# {self.name}").splitlines()

    def title(self, lang: str) -> str:
        """Return the notebook's own title: its first heading in a language."""
        return self._heading(lang)[0].removeprefix("# ").strip()

    def summary(self, lang: str) -> str:
        """Return what stands under the title, as one paragraph."""
        return " ".join(line.strip() for line in self._heading(lang)[1:] if line.strip())

    @cached_property
    def parameters(self) -> dict[str, object]:
        """The literals of the cell tagged `parameters`, by name."""
        tagged = [cell for cell in self.cells if "parameters" in cell["metadata"].get("tags", [])]
        nodes = ast.parse("".join(tagged[0]["source"])).body if tagged else []
        return {
            node.target.id: ast.literal_eval(node.value)
            for node in nodes
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value
        }

    @cached_property
    def asked(self) -> list[Asked]:
        """The notebook's panels in order, each under a key of its own."""
        asked: list[Asked] = []
        for call in self._calls("panel"):
            asked.append(self._asked(call, asked))
        return asked

    @cached_property
    def _shared(self) -> dict[str, ast.expr]:
        """What the notebook says once, where it connects, for all of its panels."""
        return {name: word for call in self._calls("connect") for name, word in _words(call).items()}

    def _calls(self, function: str) -> list[ast.Call]:
        """Return the calls of a function of the package, in order."""
        code = ["".join(cell["source"]) for cell in self.cells if cell["cell_type"] == "code"]
        calls = [node for source in code for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
        return [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == function]

    def _asked(self, call: ast.Call, before: list[Asked]) -> Asked:
        name = call.args[0].attr if isinstance(call.args[0], ast.Attribute) else ast.unparse(call.args[0])
        question = QUESTIONS[name]
        shared = {name: word for name, word in self._shared.items() if name in question.parameters}
        words = shared | _words(call)
        linked = {arg: node.id for arg, node in words.items() if isinstance(node, ast.Name)}
        given = {
            arg: self.parameters[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)
            for arg, node in words.items()
        }
        return Asked(key_for(name, [asked.key for asked in before]), question, given, linked)

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The kind of each notebook parameter, which is that of the question parameter it feeds."""
        fed = {
            source: asked.question.parameters[name][0] for asked in self.asked for name, source in asked.linked.items()
        }
        return {name: LANGUAGE if name == "lang" else fed[name] for name in self.parameters}

    def read(self, given: Mapping[str, object]) -> dict[str, object]:
        """Check parameters for this notebook and return each as the text its cell holds; raise `BadInput`."""
        for name in given:
            if name not in self.parameters:
                raise unknown(name, list(self.parameters))
        return {name: self.kinds[name].text(self.kinds[name].parse(name, value)) for name, value in given.items()}


def _words(call: ast.Call) -> dict[str, ast.expr]:
    return {word.arg: word.value for word in call.keywords if word.arg and word.arg != "lang"}


def folder() -> Path:
    """Return the notebooks that came with the package: inside the wheel, or beside the package in a checkout."""
    inside = PACKAGE / "notebooks"
    return inside if inside.is_dir() else PACKAGE.parent / "notebooks"


def themes() -> dict[str, Theme]:
    """Return every theme by name, in their own order."""
    read = [_read(path, path.stat().st_mtime_ns) for path in folder().glob("*.ipynb")]
    return {theme.name: theme for theme in sorted(read, key=lambda theme: (theme.order, theme.name))}


@lru_cache(64)
def _read(path: Path, _changed: int) -> Theme:
    """Return a theme; one that has not changed is read once."""
    return Theme(path.stem, path)


def theme(name: str) -> Theme:
    """Return one theme by name; raise `BadInput` for a name that is none."""
    known = themes()
    if name in known:
        return known[name]
    raise BadInput(
        "There is no notebook {name}: the notebooks are {known}{hint}",
        name=quoted(name),
        known=", ".join(known),
        hint=suggestion(name, known),
    )


@dataclass(frozen=True)
class Place:
    """Where a page shows an answer: its notebook, its panel, and the controls that are to be moved there."""

    page: str
    panel: Asked
    moved: Mapping[str, str]

    @property
    def asked(self) -> dict[str, str]:
        """The part of the page's address that moves the controls."""
        return {f"{self.panel.key}.{name}": text for name, text in self.moved.items()}


def place_of(answer: Answer) -> Place:
    """Find the panel that shows an answer, or the one where the fewest controls are to be moved."""
    places = [
        Place(name, asked, {each: text for each, text in answer.parameters.items() if text != own[each]})
        for name, theme in themes().items()
        for asked in theme.asked
        if asked.question.name == answer.question
        for own in [asked.question.texts(asked.question.read(asked.given))]
    ]
    return min(places, key=lambda place: len(place.moved))


def fill(con: Warehouse, progress: Callable[[Message], object] | None = None) -> int:
    """Answer every panel of every notebook once, so that no first reader waits; drop older data's answers.

    Return how many are ready.
    """
    store, fingerprint = AnswerStore(con.home), con.fingerprint
    try:
        store.prune(fingerprint, con.held())
    except BadInput as error:
        log.warning("no old answer is dropped: %s", error)  # any of them may be of what is held on to
    asked = [(theme, asked) for theme in themes().values() for asked in theme.asked]
    for theme, panel in asked:
        if progress:
            progress(say("answering {theme}: {panel}", theme=theme.name, panel=panel.key))
        panel.first_answer(con)
    headlines(con)
    return len(asked)
