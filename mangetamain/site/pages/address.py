"""What a page's address asks of its panels: a value for all that have the parameter, or for one by its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from mangetamain.errors import BadInput, UserError, suggestion
from mangetamain.language import LANGS, Listing, quoted
from mangetamain.measures import LANGUAGE
from mangetamain.panels.carried import Placed

# An address longer than this is not one that we wrote.
ADDRESS_CHARACTERS = 4000
# Of names that are not ours, so many characters, and so many of them, are shown.
NAME_CHARACTERS, NAMES = 40, 5
# Names that a page's address may hold beside its parameters: the site's own, and what other sites append to a link.
OTHERS, TRACKS = ("lang", "token"), ("utm_", "fbclid", "gclid")


def read(query: str, panels: Sequence[Placed]) -> tuple[list[Mapping[str, str]], list[UserError]]:
    """Read what an address asks.

    Parameters
    ----------
    query
        What stands after the question mark.
    panels
        The page's panels.

    Returns
    -------
    values, notes
        For each panel the text of every parameter; and what is to be said of that which is not ours, each thing once.
    """
    given = dict(parse_qsl(query[:ADDRESS_CHARACTERS], keep_blank_values=True))
    notes = {str(note): note for note in _strange(given, panels)}
    values = []
    for panel in panels:
        chosen, complaints = _chosen(given, panel)
        values.append(chosen)
        notes |= {str(note): note for note in complaints}
    return values, list(notes.values())


def _chosen(given: Mapping[str, str], panel: Placed) -> tuple[Mapping[str, str], list[UserError]]:
    """Give the values of a panel; what cannot be read, or not together, stays as the notebook has it."""
    question, good, complaints = panel.question, dict(panel.base), list[UserError]()
    for name, (kind, _) in question.parameters.items():
        text = given.get(f"{panel.key}.{name}", given.get(name))
        if text is not None:
            try:
                good[name] = kind.text(kind.parse(name, text))
            except BadInput as error:
                complaints.append(error)
    try:
        return question.texts(question.read(good)), complaints
    except BadInput as error:
        return panel.base, [*complaints, error]


def _strange(given: Mapping[str, str], panels: Sequence[Placed]) -> list[UserError]:
    """Return what is to be said of an address as a whole: a language not spoken here, names that nobody has."""
    notes: list[UserError] = []
    if given.get("lang", LANGS[0]) not in LANGS:
        notes.append(LANGUAGE.refuse("lang", given["lang"][:NAME_CHARACTERS]))
    names = dict.fromkeys(name for panel in panels for name in panel.base)
    ours = {*names, *OTHERS, *(f"{panel.key}.{name}" for panel in panels for name in panel.base)}
    strange = [name[:NAME_CHARACTERS] for name in given if name not in ours and not name.startswith(TRACKS)]
    if strange:
        notes.append(
            BadInput(
                "The address asks for {names}, which this page does not have: its parameters are {known}{hint}",
                names=Listing(tuple(map(quoted, strange[:NAMES]))), known=", ".join(names),
                hint=suggestion(strange[0], names),
            )
        )  # fmt: skip
    return notes
