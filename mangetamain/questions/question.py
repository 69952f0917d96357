"""A question: how to look something up, judge it, draw it and say it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from mangetamain.answers.answer import Answer, decode_finding, unpack
from mangetamain.answers.store import AnswerStore
from mangetamain.charts import Spec, spec_of
from mangetamain.connection import connected, defaults_of
from mangetamain.errors import BadInput
from mangetamain.finding import Finding
from mangetamain.language import N_, Message, quoted
from mangetamain.parameters import Kind, kinds, unknown
from mangetamain.questions import comparison
from mangetamain.questions.described import Described, docstring, signature
from mangetamain.questions.plain_words import heading
from mangetamain.warehouse import Columns, Executes, Warehouse
from mangetamain.warehouse.reader.warehouse_errors import explained


@dataclass(frozen=True, repr=False)
class Question:
    """One thing that can be asked of the data.

    Parameters
    ----------
    name
        As the package and the command line call it.
    title, method
        What a reader sees above the answer, and how it is found; both are translated.
    table, judge, draw, sentence
        The four pure functions of the question's file. Their keyword-only arguments are its parameters; the last three
        take two selections as a `comparison.Pair`.
    """

    name: str
    title: str
    method: str
    table: Callable[..., Columns]
    judge: Callable[..., Finding]
    draw: Callable[..., Any]
    sentence: Callable[..., Message]

    # What says any finding plainly; it knows the findings of all questions, so that they cannot know it.
    plainly: ClassVar[Callable[[Any, Mapping[str, Any]], Message]]

    @cached_property
    def parameters(self) -> dict[str, tuple[Kind, Any]]:
        """Each parameter's kind and default, read off the annotations."""
        return kinds(self.table, self.judge, self.draw)

    def read(self, given: Mapping[str, object]) -> dict[str, Any]:
        """Check given parameters and fill in the defaults; raise `BadInput` for what is not ours."""
        for name in given:
            if name not in self.parameters:
                raise unknown(name, list(self.parameters))
        values = {
            name: kind.parse(name, given[name]) if name in given else default
            for name, (kind, default) in self.parameters.items()
        }
        comparison.check(values)
        return values

    def defaults(self, con: Warehouse) -> dict[str, Any]:
        """Return the connection's defaults for those parameters that the question has."""
        return {name: value for name, value in defaults_of(con).items() if name in self.parameters}

    def texts(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Write each parameter as canonical text."""
        return {name: kind.text(values[name]) for name, (kind, _) in self.parameters.items()}

    def __call__(self, con: Warehouse | None = None, /, *first: object, **parameters: object) -> Answer:
        """Answer from the store where the answer is known, else look it up; the first parameter needs no name.

        What is not given is what the connection says for all questions (`mangetamain.connect`), else the question's
        own default.

        Raises
        ------
        BadInput
            When a parameter is unknown or its value is not among those expected.
        NoWarehouse
            When nothing has been built yet, or what was built cannot be read.
        """
        con = connected(con, f"{self.name}(mm.connect())")
        values = self.read({**self.defaults(con), **self._named(first, parameters)})
        if (known := self.known(con, values)) is not None:
            return known
        connection, info = con.current()
        with explained(con.path):
            answer = self.answer(connection, values, info.fingerprint, info.synthetic)
        AnswerStore(con.home).write(answer)
        return answer

    def known(self, con: Warehouse, values: Mapping[str, Any]) -> Answer | None:
        """Return the answer that is in the store, or None; raise `NoWarehouse` where nothing can be read."""
        found = AnswerStore(con.home).read(con.fingerprint, self.name, self.texts(values))
        return None if found is None else self.revive(found)

    def _named(self, first: tuple[object, ...], parameters: Mapping[str, object]) -> Mapping[str, object]:
        """Give the value that came by its place its name."""
        if not first:
            return parameters
        name = next(iter(self.parameters))
        if len(first) > 1:
            text = N_("{question} takes one value without its name, that of {name}: write {value} as NAME=VALUE.")
            raise BadInput(text, question=self.name, name=name, value=quoted(first[1]))
        if name in parameters:
            raise BadInput("The parameter {name} is given twice.", name=quoted(name))
        return {name: first[0], **parameters}

    def __repr__(self) -> str:
        # `help` shows a hundred characters of it; the defaults stand in what follows.
        names = list(self.parameters)
        return f"{self.name}({', '.join(['con', *names[:1], *(['*'] if names[1:] else []), *names[1:]])})"

    def answer(self, con: Executes, values: Mapping[str, Any], fingerprint: str, synthetic: bool) -> Answer:
        """Look the answer up on a connection, past any store."""
        recorder = Recorder(con)
        columns = self.table(recorder, **_taken(self.table, values))
        finding = self.judge(columns, **_taken(self.judge, values))
        figure = self.draw(columns, finding, **_taken(self.draw, values))
        spec: Spec = spec_of(figure)
        texts, said = self.texts(values), self.said(finding, values)
        plain = Question.plainly(finding, values)
        return Answer(self.name, texts, fingerprint, synthetic, columns, finding, said, plain, spec, recorder.sql)

    def heading(self, values: Mapping[str, Any]) -> Message:
        """Ask the question of the values of its parameters, as `read` returns them."""
        return heading(self.name, values)

    def said(self, finding: Finding, values: Mapping[str, Any]) -> Message:
        """Say a finding, and of which selection it is; where two are compared, the sentence itself names both."""
        said = self.sentence(finding, **_taken(self.sentence, values))
        among = values.get("among")
        return comparison.said_among(said, among) if among and values.get("against") is None else said

    def revive(self, data: Mapping[str, Any]) -> Answer:
        """Make an answer of its JSON form; needs neither pandas nor a query."""
        finding = decode_finding(data["finding"])
        columns = {name: unpack(**column) for name, column in data["columns"].items()}
        rest = {name: data[name] for name in ("question", "parameters", "fingerprint", "synthetic", "spec", "sql")}
        values = self.read(data["parameters"])
        said, plain = self.said(finding, values), Question.plainly(finding, values)
        return Answer(columns=columns, finding=finding, message=said, plain=plain, **rest)


# Of its instances `help`, a question mark and Shift-Tab show what each of them takes and gives.
Question.__doc__ = Described(Question.__doc__, docstring)  # type: ignore[assignment]
Question.__signature__ = Described(None, signature)  # type: ignore[attr-defined]


class Recorder:
    """A connection that remembers the statements it ran, so that a reader can see them."""

    def __init__(self, con: Executes) -> None:
        self.con = con
        self.statements: list[str] = []

    def execute(self, query: str, parameters: Any = None, /) -> Any:  # noqa: ANN401
        """Run a statement and remember it with its values."""
        note = f"-- {json.dumps(parameters, default=str)}\n" if parameters else ""
        self.statements.append(note + inspect.cleandoc(query))
        return self.con.execute(query, parameters) if parameters else self.con.execute(query)

    @property
    def sql(self) -> str:
        """All statements so far."""
        return ";\n\n".join(self.statements)


def _taken(function: Callable[..., Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Choose what a function takes; the selections of a question on two come to it as a pair."""
    given = {**values, "pair": comparison.Pair(values.get("among", ()), values.get("against"))}
    return {name: given[name] for name in inspect.signature(function).parameters if name in given}
