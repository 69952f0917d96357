"""Which language the command line speaks: what an option says, else what the environment says, else English."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated

import typer

from mangetamain import language, stopping
from mangetamain.measures import LANGUAGE

# As POSIX has it: the first of them that is set and not empty decides.
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def of_environment(variables: Mapping[str, str]) -> str:
    """Return the language that the environment asks for; English for C, POSIX, none, and any not spoken here."""
    named = next((variables[name] for name in VARIABLES if variables.get(name)), "")
    # Written fr, fr_FR, fr_FR.UTF-8 or fr_FR@euro.
    code = named.replace(".", "_").replace("@", "_").partition("_")[0].lower()
    return code if code in language.LANGS else "en"


def begin(lang: str | None = None) -> None:
    """Speak a language from now on, or the environment's; also where a signal ends the command."""
    language.speak(lang or of_environment(os.environ))
    stopped = language.say("stopped.")
    stopping.last_words = f"mangetamain: {stopped}"


def _asked_of_all(context: typer.Context, lang: str | None) -> None:
    begin()
    _asked(context, lang)


def _asked(context: typer.Context, lang: str | None) -> str | None:
    """Speak the language that an option names, and return what was asked for, here or before the command."""
    if lang is not None:
        begin(LANGUAGE.parse("lang", lang))
        context.meta["lang"] = lang  # all of one call's contexts share it
    asked: str | None = context.meta.get("lang")
    return asked


def of_sentences(asked: str | None, as_json: bool) -> str:
    """Return the language of sentences: those in JSON do not follow the environment, so programs can rely on it."""
    return asked or ("en" if as_json else language.spoken())


# Before the command, for all that is said; eager, so that complaints about what follows are in it.
Spoken = Annotated[
    str | None,
    typer.Option("--lang", help="Language of all that is said: en or fr; the environment's without it.",
                 callback=_asked_of_all, is_eager=True),
]  # fmt: skip
Lang = Annotated[
    str | None,
    typer.Option(help="Language of sentences and numbers: en or fr.", callback=_asked, is_eager=True),
]
