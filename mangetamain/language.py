"""Text that is said in English or French: messages, their translation, and numbers as each language writes them."""

from __future__ import annotations

import gettext
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from mangetamain.safe_text import shown

Lang = Literal["en", "fr"]
LANGS: tuple[Lang, ...] = ("en", "fr")
LOCALE = Path(__file__).parent / "locale"
# As CLDR has them, by what Python writes. Written by ourselves, for a page holds thousands of numbers.
SEPARATORS = {"en": str.maketrans({}), "fr": str.maketrans({",": "\u202f", ".": ","})}
PERCENT = {"en": "%", "fr": "\u202f%"}
# Stands in a translation for a plural's s, which the number before the word settles: "{size} étapeˢ". Whole numbers
# have gettext's plural forms (`plural`); a decimal has none there, nor has the second of two numbers in one text.
PLURAL = "ˢ"
# What a message is said in where nobody names a language. The command line sets it for its whole process, threads too,
# each of which begins with an empty context; a block, such as a line of the log, may differ. A site sets neither.
_process: dict[str, str] = {"spoken": LANGS[0]}
_block: ContextVar[str] = ContextVar("spoken")


def spoken() -> str:
    """Return the language that this process speaks with whoever started it."""
    return _block.get(_process["spoken"])


def speak(lang: str) -> None:
    """Speak a language from now on."""
    _process["spoken"] = lang


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Speak a language within a block."""
    token = _block.set(lang)
    try:
        yield
    finally:
        _block.reset(token)


def in_english(said: object) -> str:
    """Say a message or an error as it is kept in a file or read by a program, whatever language is spoken."""
    with speaking("en"):
        return str(said)


@dataclass(frozen=True)
class Number:
    """A number to be written in the reader's language.

    Parameters
    ----------
    value
        The number itself; a share in [0, 1] where `percent` is set.
    digits
        Decimals shown.
    signed
        Whether a plus sign is written too.
    percent
        Whether to write the share as a percentage.
    """

    value: float
    digits: int = 0
    signed: bool = False
    percent: bool = False

    def render(self, lang: str) -> str:
        """Write the number with the language's separators, a true minus sign, and no "-0"."""
        value = float(round(self.value, self.digits + 2 * self.percent))
        exactly = Decimal(repr(abs(value))).scaleb(2 * self.percent)  # of a double it has the digits that name it
        text = f"{exactly:,.{self.digits}f}".translate(SEPARATORS[lang])
        sign = "−" if value < 0 else "+" if self.signed and value > 0 else ""
        return sign + text + (PERCENT[lang] if self.percent else "")


def probability(value: float) -> Number | Message:
    """Write a p-value to four decimals; one that would be written as none is below what is written."""
    least = Number(1e-4, 4)
    return Number(value, 4) if round(value, 4) else Message("< {least}", {"least": least})


def digits_for(values: Iterable[float], digits: int) -> int:
    """Return as many decimals, two more at most, as it takes that no value but zero is written as zero."""
    least = min((abs(value) for value in values if value), default=1.0)
    return next((more for more in range(digits, digits + 2) if round(least, more)), digits + 2)


def exact(value: float) -> Number:
    """Write a round number, such as a limit that somebody set, with no more decimals than it has.

    One has a decimal, for what is counted by it is said in the plural: "the 1.0 points that would matter".
    """
    if value == 1:
        return Number(value, 1)
    # What is computed of a limit may miss a round number by a rounding error: 0.6 * 3 is 1.7999999999999998.
    return Number(value, next((digits for digits in range(6) if math.isclose(round(value, digits), value)), 6))


@dataclass(frozen=True)
class Day:
    """A date to be written in the reader's language, by a CLDR pattern."""

    value: date
    pattern: str = "d MMMM y"

    def render(self, lang: str) -> str:
        """Write the date, as in "May 2004" or "mai 2004" for the pattern "MMMM y"."""
        from babel.dates import format_date

        # CLDR has no pattern for the French "1er mai".
        first = lang == "fr" and self.value.day == 1
        pattern = self.pattern.replace("d ", "d'er' ", 1) if first else self.pattern
        return str(format_date(self.value, format=pattern, locale=lang))


@dataclass(frozen=True)
class Message:
    """A sentence or a label that is translated when it is shown.

    Parameters
    ----------
    text
        The English text with ``{name}`` placeholders, which is also its key in the catalogues.
    values
        What fills the placeholders; each is rendered in the same language, and a text is made harmless.
    many
        The text for other numbers than one, where there is one; the number is the value called `n`.
    """

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    many: str = ""

    def render(self, lang: str) -> str:
        """Say the message in a language."""
        return agreed(self.filled(lang))

    def filled(self, lang: str) -> str:
        """Say the message as a part of another one, which settles the plurals."""
        text = self._translated(catalogue(lang)) if self.text else ""
        return text.format_map({name: _render(value, lang) for name, value in self.values.items()})

    def _translated(self, texts: gettext.NullTranslations) -> str:
        if not self.many:
            return texts.gettext(self.text)
        n = self.values["n"]
        if not isinstance(n, int):
            raise TypeError(n)  # plural forms are of whole numbers
        return texts.ngettext(self.text, self.many, n)

    def __str__(self) -> str:
        return self.render(spoken())


@dataclass(frozen=True)
class Inside:
    """A noun phrase that opens a sentence elsewhere, said inside one: "The calorie count" as "the calorie count"."""

    phrase: Message

    def render(self, lang: str) -> str:
        """Say the phrase with a small first letter."""
        text = self.phrase.filled(lang)
        return text[:1].lower() + text[1:]


def placed(text: str, phrase: Message) -> Message | Inside:
    """Say a noun phrase as it stands in a text: with a small letter unless it opens it, as its ``{subject}``."""
    return phrase if text.startswith("{subject}") else Inside(phrase)


@dataclass(frozen=True)
class Listing:
    """Several values said one after the other: "a, b and c"."""

    items: tuple[Value, ...]

    def render(self, lang: str) -> str:
        """Join the items as the language does."""
        from babel.lists import format_list

        return str(format_list([_render(item, lang) for item in self.items], locale=lang))


Value = str | int | Number | Day | Message | Inside | Listing


@dataclass(frozen=True)
class Plural:
    """A text for one, and one for any other number."""

    one: str
    many: str


def plural(one: str, many: str) -> Plural:
    """Mark two texts that a whole number, ``{n}``, decides between, 0 by each language's own rule."""
    return Plural(one, many)


def say(text: str | Plural, /, **values: Value) -> Message:
    """Make a message; its English text is extracted into the catalogues by this name."""
    return Message(text.one, values, text.many) if isinstance(text, Plural) else Message(text, values)


# Translators: stands right behind a number, as in: 40%
PERCENT_SIGN = say("%")


def amount(number: Value, unit: Value) -> Message:
    """Say a number with its unit."""
    if unit in ("", PERCENT_SIGN):
        return Message("{number}{unit}", {"number": number, "unit": unit})
    return say("{number} {unit}", number=number, unit=unit)


def quoted(value: object) -> Value:
    """Put a text that was given into the quotation marks of the language; what is none, as a program writes it."""
    return say("'{text}'", text=value) if isinstance(value, str) else repr(value)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a text for translation and return it unchanged."""
    return text


def _render(value: Value, lang: str) -> str:
    if isinstance(value, str):
        return shown(value)  # the one place where a text from elsewhere enters a sentence
    if isinstance(value, int):
        return Number(value).render(lang)
    return value.filled(lang) if isinstance(value, Message) else value.render(lang)


def agreed(text: str) -> str:
    """Settle each plural by the number right before its word: French counts in the singular below two ("0,5 étape")."""
    return re.sub(rf"(?:(\d[\d\u202f]*(?:,\d+)?)(\s))?(\w+?){PLURAL}", _settled, text) if PLURAL in text else text


def _settled(found: re.Match[str]) -> str:
    number, blank, word = found.groups(default="")
    single = number and float(number.replace("\u202f", "").replace(",", ".")) < 2
    return number + blank + word + ("" if single else "s")


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """Return the compiled translations of a language; English is the source and needs none."""
    return gettext.translation("mangetamain", LOCALE, languages=[lang], fallback=True)
