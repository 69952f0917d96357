"""A plan: which notebooks to run with which parameters, checked whole before the first kernel starts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from mangetamain import conditions
from mangetamain.errors import BadInput, UserError, suggestion
from mangetamain.language import Value, quoted, say
from mangetamain.parameters import Selection
from mangetamain.questions.comparison import check
from mangetamain.selection import where
from mangetamain.themes import Theme, themes
from mangetamain.themes import theme as theme_called
from mangetamain.warehouse import Executes

MOST_RUNS = 10_000


class BadPlan(UserError):
    """A plan that cannot be run as it stands."""


@dataclass(frozen=True)
class Run:
    """One report to be made: the notebook and each of its parameters as canonical text."""

    theme: Theme
    parameters: Mapping[str, str]

    @property
    def name(self) -> str:
        """The notebook and what differs from its own parameters, as a file may be called."""
        return "_".join([self.theme.name, *(f"{name}-{_slug(text)}" for name, text in self.given.items())])

    @property
    def given(self) -> dict[str, str]:
        """What differs from the notebook's own parameters, by name."""
        own = {name: str(value) for name, value in self.theme.parameters.items()}
        return {name: text for name, text in sorted(self.parameters.items()) if text != own[name]}


def run_of(theme: Theme, given: Mapping[str, object]) -> Run:
    """Make a run of a notebook; raise `BadInput` for a parameter that is not its own."""
    texts = {name: str(text) for name, text in theme.read({**theme.parameters, **given}).items()}
    return Run(theme, texts)


def from_words(notebooks: Sequence[str], given: Mapping[str, object]) -> list[Run]:
    """Make a plan of notebooks that all get the same parameters, each of them those that it has.

    Raises
    ------
    BadInput
        For a notebook or a parameter that there is not, an ill-typed value, or a notebook named twice.
    """
    themes = [theme_called(name) for name in notebooks]
    for name in notebooks:
        if notebooks.count(name) > 1:
            raise BadInput("The notebook {name} is named twice.", name=name)
    return [run_of(theme, given) for theme in themes]


def plan(notebooks: Sequence[str], given: Mapping[str, object], file: Path | None) -> list[Run]:
    """Make a plan of words or of a file, which go together no more than nothing does; see the two below."""
    if file is None and not notebooks:
        known = ", ".join(themes())
        raise BadInput("Name a notebook ({known}) or a plan file with {option}.", known=known, option="--grid")
    if file is not None and (notebooks or given):
        raise BadInput("A plan file names its own notebooks and parameters: give {option} alone.", option="--grid")
    return from_file(file) if file else from_words(notebooks, given)


def look_up(runs: Sequence[Run], con: Executes) -> None:
    """Find the words of every selection in the data, before a kernel starts; raise `BadInput` for an unknown one."""
    texts = {
        (name, text)
        for run in runs for name, text in run.parameters.items() if isinstance(run.theme.kinds[name], Selection)
    }  # fmt: skip
    for name, text in sorted(texts):
        where(con, conditions.read(name, text), name=name)
    for run in runs:
        values = {name: run.theme.kinds[name].parse(name, text) for name, text in run.parameters.items()}
        check({"among": (), "against": None} | values)


def from_file(path: Path) -> list[Run]:
    """Read a plan file.

    Parameters
    ----------
    path
        YAML with `runs`, a list; each has a `notebook`, perhaps `parameters` (name and value) and perhaps a `grid`
        (name and list of values), of which every combination is run.

    Returns
    -------
    list of Run
        In the file's order, the last grid parameter changing fastest.

    Raises
    ------
    BadPlan
        One sentence with file and line for the first thing that is wrong.
    """
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise BadPlan("The plan {file} cannot be read: {reason}.", file=str(path), reason=reason) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _bad(path, line, say("it is not YAML: {reason}.", reason=error.problem or "")) from None
    except RecursionError:
        raise _bad(path, 1, say("it is nested too deeply.")) from None
    except yaml.YAMLError:
        raise _bad(path, 1, say("it is not YAML.")) from None
    return _Reader(path).runs(root)


class _Reader:
    """Walks the nodes of a plan file, which know their lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: dict[tuple[str, ...], int] = {}

    def runs(self, root: yaml.Node | None) -> list[Run]:
        """Read the list of runs."""
        if root is None:
            raise _bad(self.path, 1, say("it is empty: expected {expected}.", expected="runs: [...]"))
        blocks = dict(self._mapping(root, ("runs",))).get("runs")
        if blocks is None:
            raise _bad(self.path, root, say("it holds no {key}.", key="runs"))
        runs = [run for node in self._items(blocks, "runs") for run in self._block(node)]
        if len(runs) > MOST_RUNS:
            text = say("{count} runs are more than the {most} of one plan.", count=len(runs), most=MOST_RUNS)
            raise _bad(self.path, blocks, text)
        return runs

    def _block(self, node: yaml.Node) -> Iterator[Run]:
        parts = dict(self._mapping(node, ("notebook", "parameters", "grid")))
        if "notebook" not in parts:
            raise _bad(self.path, node, say("a run needs a {key}.", key="notebook"))
        with _located(self.path, parts["notebook"]):
            theme = theme_called(str(self._plain(parts["notebook"])))
        fixed = [(name, [value]) for name, value in self._mapping(parts.get("parameters"), tuple(theme.parameters))]
        varied = [
            (name, self._items(value, name))
            for name, value in self._mapping(parts.get("grid"), tuple(theme.parameters))
        ]
        for name, _ in varied:
            if name in dict(fixed):
                raise _bad(self.path, node, say("{name} is both a parameter and in the grid.", name=name))
        choices = [[(name, self._value(theme, name, value)) for value in values] for name, values in fixed + varied]
        for combination in itertools.product(*choices):
            yield self._once(run_of(theme, dict(combination)), node)

    def _value(self, theme: Theme, name: str, node: yaml.Node) -> str:
        with _located(self.path, node):
            return str(theme.read({name: self._plain(node)})[name])

    def _once(self, run: Run, node: yaml.Node) -> Run:
        key = (run.theme.name, *(f"{name}={text}" for name, text in sorted(run.parameters.items())))
        if key in self.seen:
            text = say("the run {run} stands already on line {line}.", run=run.name, line=str(self.seen[key]))
            raise _bad(self.path, node, text)
        self.seen[key] = node.start_mark.line + 1
        return run

    def _mapping(self, node: yaml.Node | None, keys: tuple[str, ...]) -> list[tuple[str, yaml.Node]]:
        if node is None:
            return []
        if not isinstance(node, yaml.MappingNode):
            raise _bad(self.path, node, say("expected names and values ({names}).", names=", ".join(keys)))
        values: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(self._plain(key))
            if name not in keys:
                hint = suggestion(name, keys)
                told = {"name": quoted(name), "names": ", ".join(keys), "hint": hint}
                raise _bad(self.path, key, say("there is no {name} here: expected {names}{hint}", **told))
            if name in values:
                raise _bad(self.path, key, say("{name} stands twice.", name=name))
            values[name] = value
        return list(values.items())

    def _items(self, node: yaml.Node, name: str) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise _bad(self.path, node, say("{name} must be a list.", name=name))
        if not node.value:
            raise _bad(self.path, node, say("the list of {name} is empty.", name=name))
        return list(node.value)

    def _plain(self, node: yaml.Node) -> object:
        # Values are read as they are written: a bare 2005 and a bare yes are texts to a parameter's own kind.
        if not isinstance(node, yaml.ScalarNode):
            raise _bad(self.path, node, say("expected one value, not a list or names."))
        return str(node.value)


@contextmanager
def _located(path: Path, node: yaml.Node) -> Iterator[None]:
    """Put file and line before the sentence of a mistake made within."""
    try:
        yield
    except BadInput as error:
        raise _bad(path, node, error.message) from None


def _bad(path: Path, where: yaml.Node | int, problem: Value) -> BadPlan:
    line = where if isinstance(where, int) else where.start_mark.line + 1
    return BadPlan("{file}, line {line}: {problem}", file=str(path), line=str(line), problem=problem)


def _slug(text: str) -> str:
    return "".join(char if char.isalnum() or char in "-." else "-" for char in text)[:60]
