"""The command `ask`: one question, answered as text, JSON or CSV."""

from __future__ import annotations

import contextlib
import io
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mangetamain.cli import speech
from mangetamain.cli.options import BEGIN, Json, echo, echo_json, given_parameters
from mangetamain.cli.speech import Lang
from mangetamain.errors import BadInput, UserError
from mangetamain.language import N_, say
from mangetamain.warehouse.info import SYNTHETIC

if TYPE_CHECKING:
    from mangetamain.questions import Answer, Question

EXAMPLE = 'mangetamain ask level of=sugar years=2002-2010 among="vegetarian, minutes<=30"'
HEADING_CHARACTERS = 14


class Asking(typer.core.TyperCommand):
    """A command whose help lists the questions, and after the name of one its parameters."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer keeps its click to itself
        """Remember which question is spoken of: help is shown before any argument is read."""
        from mangetamain.questions import QUESTIONS, question

        if "--help" in args and not args[0].startswith("-"):
            question(args[0])
        ctx.meta["question"] = next((QUESTIONS[word] for word in args if word in QUESTIONS), None)
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """List what may be asked, and an example."""
        from mangetamain.questions import QUESTIONS
        from mangetamain.questions.described import values

        asked: Question | None = ctx.meta["question"]
        if asked:
            text = N_("{name}: {title} NAME=VALUE is any of")
            title, rows = say(text, name=asked.name, title=say(asked.title)), values(asked.parameters)
        else:
            title, rows = say("Questions"), {name: str(say(each.title)) for name, each in QUESTIONS.items()}
        with formatter.section(str(title)):
            formatter.write_dl(list(rows.items()))
        super().format_epilog(ctx, formatter)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(cls=Asking, rich_help_panel=BEGIN, epilog=EXAMPLE)(ask)


def known_questions(incomplete: str) -> list[tuple[str, str]]:
    """Complete the name of a question for a shell."""
    from mangetamain.questions import QUESTIONS

    return [(name, each.title) for name, each in QUESTIONS.items() if name.startswith(incomplete)]


def known_words(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete a parameter's name or value for a shell."""
    from mangetamain.questions import QUESTIONS

    asked = QUESTIONS.get(ctx.params.get("name") or "")
    return list(completions(asked, ctx.params.get("given") or [], incomplete)) if asked else []


def completions(asked: Question, before: list[str], word: str) -> Iterable[tuple[str, str]]:
    """Give the words, each with what it means, that may stand where one is being typed.

    Parameters
    ----------
    asked
        The question.
    before
        The words typed after its name. Bash takes ``of=su`` for three words, and the shells' common ground leaves the
        bare sign out where nothing follows it.
    word
        What is there of the word.
    """
    apart = [each for each in before[-2:] if each != "="][-1:] if before[-1:] == ["="] or not word else []
    if apart and apart[0] in asked.parameters:
        return known_values(asked, apart[0], word)
    name, equals, begun = word.partition("=")
    near = [name] if equals else [each for each in asked.parameters if each.startswith(name)]
    # A shell that knows how a word ends puts a blank behind it: of one name it gets the values too.
    if len(near) == 1 and (known := known_values(asked, near[0], begun)):
        return [(f"{near[0]}={value}", label) for value, label in known]
    return [(f"{each}=", asked.parameters[each][0].label) for each in near if not equals]


def known_values(asked: Question, name: str, begun: str) -> list[tuple[str, str]]:
    """Return the values of a parameter, each with its label, where they are few; of a selection, what begins so."""
    from mangetamain.parameters import Choice, Selection, Span, Switch

    if name not in asked.parameters:
        return []
    kind, default = asked.parameters[name]
    match kind:
        case Choice():
            return list(kind.values.items())
        case Switch():
            return [("yes", kind.label), ("no", kind.label)]
        case Span():
            return [(kind.text(default), kind.label)]
        case Selection():
            return known_terms(begun)
    return []


def known_terms(begun: str) -> list[tuple[str, str]]:
    """Complete the last condition of a selection: with measures, and with the words of most recipes."""
    from mangetamain.connection import connect
    from mangetamain.measures import RECIPE_MEASURES
    from mangetamain.vocabulary import offered

    word = begun.rpartition(",")[2].lstrip().removeprefix("not ")
    if not word:
        return []
    found = {name: each.label for name, each in RECIPE_MEASURES.items() if name.startswith(word)}
    with contextlib.suppress(UserError):  # without a warehouse measures are all that is known
        known = [one for one in offered(connect(), word) if one.term.word.startswith(word)]
        found |= {str(one): str(one.term.kind) for one in known}
    return [(begun.removesuffix(word) + each, label) for each, label in found.items()]


def ask(
    name: Annotated[
        str, typer.Argument(metavar="QUESTION", help="Which question; --help after it lists its parameters.",
                            autocompletion=known_questions)
    ],
    given: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME=VALUE", help="Its parameters; the first needs no name.",
                       autocompletion=known_words),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the table as CSV instead of text.")] = False,
) -> None:  # fmt: skip
    """Ask one question: its headline, its sentence with the verdict, then its table."""
    from mangetamain.connection import connect
    from mangetamain.questions import question

    if as_json and as_csv:
        raise BadInput("{one} and {other} do not go together.", one="--json", other="--csv")
    asked, con = question(name), connect()
    words = given or []
    if words and "=" not in words[0]:
        words = [f"{next(iter(asked.parameters))}={words[0]}", *words[1:]]
    answer = asked(con, **given_parameters(words))
    spoken = speech.of_sentences(lang, as_json or as_csv)
    if as_json:
        echo_json({**answer.as_dict(spoken), "columns": answer.plain_columns()})
    elif as_csv:
        typer.echo(csv_of(answer), nl=False)
    else:
        echo(f"{answer.headline(spoken)}\n\n{answer.sentence_with_verdict(spoken)}\n\n{table_text(answer, spoken)}")
        if answer.synthetic:
            echo("\n" + say(SYNTHETIC).render(spoken))


def csv_of(answer: Answer) -> str:
    """Write the whole table as CSV for another command: without a byte order mark, and nothing a terminal obeys."""
    from mangetamain.answers.csv_text import BOM, csv_text
    from mangetamain.safe_text import visible

    text = csv_text(answer.plain_columns(), answer.parameters, answer.fingerprint, answer.synthetic)
    return visible(text.removeprefix(BOM).replace("\r\n", "\n"), "\n")


def table_text(answer: Answer, lang: str) -> str:
    """Write the table, its first rows, with headings and numbers in a language."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from mangetamain.answers.cells import PAGE_ROWS, written
    from mangetamain.answers.headings import heading

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, column in answer.columns.items():
        title = textwrap.fill((heading(name) or say(name)).render(lang), HEADING_CHARACTERS, break_long_words=False)
        made.add_column(title, justify="left" if column.dtype.kind in "OU" else "right", no_wrap=True)
    rows = list(zip(*answer.columns.values(), strict=True))
    for row in rows[:PAGE_ROWS]:
        made.add_row(*(written(value, lang, name) for name, value in zip(answer.columns, row, strict=True)))
    # As wide as it comes out: a terminal breaks lines as its user likes, and a pipe not at all.
    console = Console(file=(out := io.StringIO()), width=100_000, highlight=False, markup=False, emoji=False)
    console.print(made)
    lines = [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]
    if len(rows) > PAGE_ROWS:
        text = N_("and {more} more; {option} gives them all")
        lines.append(say(text, more=len(rows) - PAGE_ROWS, option="--csv").render(lang))
    return "\n".join(lines)
