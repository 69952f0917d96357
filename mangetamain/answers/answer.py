"""An answer: the table, finding, figure and sentence of a question; to JSON and back without loss."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from mangetamain.answers.source import source
from mangetamain.charts import Spec, contract, translated
from mangetamain.escaping import drawn
from mangetamain.finding import VERDICTS, Finding, Record, Verdict
from mangetamain.labels import placed
from mangetamain.language import Message, say
from mangetamain.measures import LANGUAGE
from mangetamain.pictures.alone import alone
from mangetamain.pictures.svg import WIDE, svg
from mangetamain.refusals import unasked
from mangetamain.safe_text import shown
from mangetamain.warehouse import Columns

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import plotly.graph_objects as go

    from mangetamain.connection import Connection

# Under this type an executed notebook holds an answer as data.
ANSWER_MIME = "application/vnd.mangetamain.answer+json"
# JupyterLab makes formulas of what stands between dollars, but for what is of these classes.
NO_MATH = "mathjax_ignore tex2jax_ignore"
# A table of at most this many rows is small: it stands whole in a notebook's stored output.
SHOWN_ROWS = 24


@dataclass(frozen=True)
class Answer:
    """What a question says of one warehouse under given parameters.

    Parameters
    ----------
    question
        Name of the question.
    parameters
        Name to canonical text, every parameter of the question.
    fingerprint, synthetic
        Which data spoke, and whether they are the synthetic sample.
    columns
        The table, column by column.
    finding
        The typed result.
    message, plain
        The sentence and the headline, made from the finding alone.
    spec
        The figure as plotly JSON, its texts still English.
    sql
        The statements that made the table, with their values.
    """

    question: str
    parameters: Mapping[str, str]
    fingerprint: str
    synthetic: bool
    columns: Columns
    finding: Finding
    message: Message
    plain: Message
    spec: Spec
    sql: str

    @property
    def table(self) -> pd.DataFrame:
        """The table as a DataFrame, in the question's order."""
        import pandas as pd

        return pd.DataFrame(self.columns)

    @property
    def figure(self) -> go.Figure:
        """The figure in English, with the light scheme of the charter."""
        import plotly.graph_objects as go

        from mangetamain.charter import themed

        return go.Figure(themed(self.figure_spec("en"), "light"))

    @property
    def verdict(self) -> Verdict | None:
        """How the finding was judged; None where there is nothing to judge."""
        return self.finding.verdict

    def sentence(self, lang: str = "en") -> str:
        """Say the finding in a language, en or fr; raise `BadInput` for another."""
        return self.message.render(LANGUAGE.parse("lang", lang))

    def headline(self, lang: str = "en") -> str:
        """Say the finding plainly, without statistics, in a language, en or fr; raise `BadInput` for another."""
        return self.plain.render(LANGUAGE.parse("lang", lang))

    def figure_spec(self, lang: str) -> Spec:
        """Return the figure as plotly draws it, its texts in a language and harmless; colours are the page's."""
        return drawn(placed(translated(self.spec, lang)))

    def svg(self, lang: str = "en", width: int = WIDE, *, preview: bool = False, framed: bool = True) -> str:
        """Draw the figure as an ``svg`` element, in a language.

        Parameters
        ----------
        lang, width
            The language of its texts, and its width in pixels.
        preview
            Whether it only leads to the figure: then it is low, without legend and frame.
        framed
            Whether it leaves the page: then it has headline and sentence, where it comes from, and colours of its own.
            Otherwise its place says what it shows and has the charter's style.
        """
        picture = svg(self.spec, lang, width=width, alt=self.sentence(lang), preview=preview)
        if preview or not framed:
            return picture
        origin = source(self.parameters, self.finding.n, synthetic=self.synthetic)
        return alone(picture, width, self.headline(lang), (self.sentence_with_verdict(lang), origin.render(lang)))

    def rows(self, con: Connection | None = None, /, **point: object) -> duckdb.DuckDBPyRelation:
        """Give the recipes, or the reviews, behind one point of the figure: ``answer.rows(con, year=2004)``.

        Parameters
        ----------
        con
            The connection that was asked.
        **point
            The column of the table that tells its points apart, and the value there: ``year=2004``, ``month="2004-03"``
            ``month_of_year=3``, ``season="winter"``, ``weekday=7``, ``rating=5`` (0 for none given), ``term="salt"``,
            ``value=30`` for the bar of a distribution, or ``low=30`` for the part of a relation, that begins there.

        Returns
        -------
        DuckDBPyRelation
            Rows of the view `recipes` or `reviews`: of the answer's years, source and selection.

        Raises
        ------
        BadInput
            When there is no such point, no point of the answer stands for rows, or the answer is of other data.
        """
        if con is None or not hasattr(con, "behind"):
            raise unasked(con, "answer.rows(con, year=2004)")
        return con.behind(self, point)

    def key_numbers(self) -> str:
        """Write the finding's numbers on a few lines, one a field, stable to the sixth significant digit."""
        return "\n".join(f"{name}: {_number(value)}" for name, value in flat(self.finding))

    def sentence_with_verdict(self, lang: str) -> str:
        """Say the finding and, in brackets, its verdict."""
        verdict = f" [{say(VERDICTS[self.verdict]).render(lang)}]" if self.verdict else ""
        return self.sentence(lang) + verdict

    @property
    def _asked(self) -> dict[str, Any]:
        """What was asked, and of which data, as JSON can hold it."""
        return {
            "question": self.question,
            "parameters": dict(self.parameters),
            "fingerprint": self.fingerprint,
            "synthetic": self.synthetic,
        }

    def as_dict(self, lang: str) -> dict[str, Any]:
        """Give the finding with its numbers, the parameters and the sentence, as JSON can hold them."""
        said = {"verdict": self.verdict, "headline": self.headline(lang), "sentence": self.sentence(lang)}
        return {**self._asked, **said, "finding": _encode(self.finding)}

    def record(self, panel: str, title: str, lang: str) -> dict[str, Any]:
        """Give the answer of a panel as data, for the registry of reports and for comparing two of them."""
        return {
            "panel": panel,
            "title": title,
            **self.as_dict(lang),
            "columns": self.plain_columns(),
            "figure": translated(self.spec, lang),
        }

    def plain_columns(self) -> dict[str, list[Any]]:
        """Give the table as lists that JSON can hold."""
        return {name: _pack(column)["values"] for name, column in self.columns.items()}

    def small_table(self) -> str:
        """Write the table's first rows in six significant digits, and a digest of the others."""
        columns = [column.tolist() for column in self.columns.values()]
        rows = [[_number(value) for value in row] for row in zip(*columns, strict=True)]
        shown = [list(self.columns), *rows[:SHOWN_ROWS]]
        widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
        lines = [
            "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in shown
        ]
        if rest := rows[SHOWN_ROWS:]:
            digest = hashlib.sha256(repr(rest).encode()).hexdigest()[:12]
            lines.append(f"and {len(rest)} more row{'s' if rest[1:] else ''}, digest {digest}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        parts = (self.sentence_with_verdict("en"), self.key_numbers(), self.small_table(), contract(self.spec))
        return "\n\n".join(parts)

    def _ipython_display_(self) -> None:
        """Show sentence and figure in a notebook."""
        from IPython.display import display

        display(
            {"text/plain": repr(self), "text/html": f"<p class='{NO_MATH}'>{escape(self.sentence('en'))}</p>"}, raw=True
        )
        display({"application/vnd.plotly.v1+json": json.loads(self.figure.to_json())}, raw=True)

    def to_json(self) -> str:
        """Write the answer as JSON."""
        columns = {name: _pack(column) for name, column in self.columns.items()}
        rest = {"columns": columns, "finding": _encode(self.finding), "spec": self.spec, "sql": self.sql}
        return json.dumps({**self._asked, **rest}, ensure_ascii=False)


def flat(value: Any, name: str = "") -> Iterable[tuple[str, Any]]:  # noqa: ANN401 - a finding's fields are of any type
    """Walk a finding's fields: dotted name and plain value."""
    if is_dataclass(value):
        for field in fields(value):
            yield from flat(getattr(value, field.name), f"{name}.{field.name}" if name else field.name)
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for index, item in enumerate(value):
            yield from flat(item, f"{name}[{index}]")
    else:
        yield name, value


def decode_finding(data: Any) -> Any:  # noqa: ANN401
    """Make a finding of its JSON form."""
    if isinstance(data, list):
        return tuple(decode_finding(item) for item in data)
    if isinstance(data, dict):
        kind = Record.kinds[data["is"]]
        return kind(**{name: decode_finding(value) for name, value in data.items() if name != "is"})
    return data


def _encode(value: Any) -> Any:  # noqa: ANN401
    if is_dataclass(value):
        named = {field.name: _encode(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **named}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def _pack(column: np.ndarray) -> dict[str, Any]:
    values = [str(day) for day in column] if column.dtype.kind == "M" else column.tolist()
    # JSON has no NaN, and only NaN is another one than itself.
    return {"dtype": str(column.dtype), "values": [None if value != value else value for value in values]}


def unpack(dtype: str, values: list[Any]) -> np.ndarray:
    """Make a column of its JSON form."""
    if dtype.startswith("float"):
        values = [np.nan if value is None else value for value in values]
    return np.array(values, dtype=dtype)


def _number(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_number(item) for item in value)
    return f"{value:.6g}" if isinstance(value, float) else shown(str(value))
