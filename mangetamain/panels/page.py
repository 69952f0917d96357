"""A page of panels: its language, and the address that carries and restores what its reader chose."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from mangetamain.errors import BadInput, UserError, suggestion
from mangetamain.language import LANGS, Listing
from mangetamain.measures import LANGUAGE
from mangetamain.panels import actions
from mangetamain.panels.address import Address
from mangetamain.questions.panel_keys import key_for

if TYPE_CHECKING:
    from mangetamain.panels.panel import Panel

log = logging.getLogger(__name__)
# An address longer than this is not one that we wrote.
ADDRESS_CHARACTERS = 4000
# Of names that are not ours, so many characters, and so many of them, are shown.
NAME_CHARACTERS, NAMES = 40, 5
# Names that a page's address may hold beside its parameters: the site's own, and what other sites append to a link.
OTHERS, TRACKS = ("lang", "token"), ("utm_", "fbclid", "gclid")


class Page:
    """All panels of one notebook run, behind one address."""

    def __init__(self, lang: str) -> None:
        self.lang = self.base = lang
        self.panels: dict[str, Panel] = {}
        self.address = Address(lang=lang)
        self.address.observe(self._arrived, ["search", "language"])
        self.address.on_msg(self._saved)

    def join(self, panel: Panel) -> str:
        """Take a panel in and return the key it has in the address."""
        key = key_for(panel.question.name, self.panels)
        self.panels[key] = panel
        return key

    def _arrived(self, change: Mapping[str, Any]) -> None:
        """Restore what the address says, or follow the language button; no error may reach the browser."""
        try:
            if change["name"] == "search":
                self.restore(change["new"] or "")
            elif change["new"] in LANGS and change["new"] != self.lang:
                self.speak(change["new"])
                actions.spoke(self.lang)
        except Exception:
            log.exception("the page's address could not be followed")

    def _saved(self, _widget: object, content: object, _buffers: object) -> None:
        """Log that a table was saved: the browser does that by itself, and says so."""
        key = content.get("saved") if isinstance(content, dict) else None
        if isinstance(key, str) and key in self.panels:
            actions.downloaded(key, self.panels[key].question.name)

    def restore(self, search: str) -> None:
        """Set panels to what an address says; what is not ours becomes a note, said once on the page."""
        given = dict(parse_qsl(search[:ADDRESS_CHARACTERS].lstrip("?"), max_num_fields=60))
        if given.get("lang") in LANGS:
            self.lang = self.address.lang = given["lang"]
        notes, noted = self._strange(given), set[str]()
        for key, panel in self.panels.items():
            values = {name: given[name] for name in panel.question.parameters if name in given}
            values |= {name: given[f"{key}.{name}"] for name in panel.question.parameters if f"{key}.{name}" in given}
            good, complaints = dict[str, Any](), list(notes)
            for name, text in values.items():
                try:
                    good[name] = panel.question.parameters[name][0].parse(name, text)
                except BadInput as error:
                    complaints.append(error)
            panel.restore(good, [note for note in complaints if str(note) not in noted])
            noted.update(map(str, complaints))

    def _strange(self, given: Mapping[str, str]) -> list[UserError]:
        """Return what is to be said of an address as a whole: a language not spoken here, names that nobody has."""
        notes: list[UserError] = []
        if given.get("lang", LANGS[0]) not in LANGS:
            notes.append(LANGUAGE.refuse("lang", given["lang"][:NAME_CHARACTERS]))
        asked = [(key, name) for key, panel in self.panels.items() for name in panel.question.parameters]
        names = dict.fromkeys(name for _, name in asked)
        ours = {*names, *OTHERS, *(f"{key}.{name}" for key, name in asked)}
        strange = [name[:NAME_CHARACTERS] for name in given if name not in ours and not name.startswith(TRACKS)]
        if strange:
            notes.append(
                BadInput(
                    "The address asks for {names}, which this page does not have: its parameters are {known}{hint}",
                    names=Listing(tuple(map(repr, strange[:NAMES]))), known=", ".join(names),
                    hint=suggestion(strange[0], names),
                )
            )  # fmt: skip
        return notes

    def speak(self, lang: str) -> None:
        """Say everything in a language."""
        self.lang = self.address.lang = lang
        for panel in self.panels.values():
            panel.show()
        self.write()

    def write(self) -> None:
        """Write what differs from the page's defaults into the address: once where all panels agree."""
        changed = {key: panel.changed() for key, panel in self.panels.items()}
        items: dict[str, str] = {} if self.lang == self.base else {"lang": self.lang}
        for key, values in changed.items():
            for name, text in values.items():
                sharing = [k for k, panel in self.panels.items() if name in panel.question.parameters]
                agreed = all(changed[other].get(name) == text for other in sharing)
                items[name if agreed else f"{key}.{name}"] = text
        self.address.query = urlencode(items, safe=",")
