"""Extract what the package says into the catalogues, and compile them: `make translations`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent / "mangetamain"
FRENCH = PACKAGE / "locale" / "fr" / "LC_MESSAGES" / "mangetamain.po"
# What marks a text: say() and N_() of mangetamain.language, and the errors' own first argument; plural() marks two.
KEYWORDS = dict.fromkeys(
    ("say", "N_", "UserError", "BadInput", "BadSource", "NoWarehouse", "ReportFailed", "NoRoom", "BadPlan")
) | {"plural": (1, 2)}


# Begins a comment, right above a text, that its translator should read.
NOTE = "Translators:"


def extract() -> Catalog:
    """Return every text that the package says, in the order of its files, with its places and notes to translators."""
    found = Catalog()
    # Sorted, or the order would be that of the disk; and a place is a file, for lines move with every edit.
    for file, _, text, notes, _ in sorted(
        extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS, comment_tags=(NOTE,)),
        key=lambda each: (each[0], each[1]),
    ):
        if (isinstance(text, tuple) and all(text)) or (isinstance(text, str) and text):
            known = found.get(forms(text)[0])
            if known and forms(known.id) != forms(text):  # which gettext, whose key is the first of them, cannot tell
                raise ValueError(f"{text!r} begins as {known.id!r} does")
            found.add(text, locations=[(f"mangetamain/{file}", 1)], auto_comments=notes)
    return found


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """Return the texts of a message of the catalogue, or of its translation: two where a number decides."""
    return (text,) if isinstance(text, str) else tuple(text)


def main() -> None:
    """Add new texts, drop those no longer said, and compile."""
    before = {m.id: m.string for m in read_po(FRENCH.open("rb"))} if FRENCH.exists() else {}
    # A header that says the same on every run: the catalogue changes when its texts do.
    begun = datetime(2026, 11, 23, tzinfo=UTC)
    catalogue = Catalog(
        "fr", project="mangetamain", version="0.1", header_comment="# What Mangetamain says, in French.",
        msgid_bugs_address="issues of the project", last_translator="Mangetamain", language_team="Mangetamain",
        creation_date=begun, revision_date=begun,
        fuzzy=False, charset="utf-8",
    )  # fmt: skip
    missing = 0
    for said in extract():
        if not said.id:  # the header
            continue
        places = sorted(set(said.locations))
        french = before.get(said.id, ("", "") if said.pluralizable else "")
        catalogue.add(said.id, french, flags=(), locations=places, auto_comments=said.auto_comments)
        missing += not all(forms(french))
    for message in catalogue:
        message.flags.discard("python-format")
    FRENCH.parent.mkdir(parents=True, exist_ok=True)
    with FRENCH.open("wb") as file:
        write_po(file, catalogue, omit_header=False, width=110, include_lineno=False)
    with FRENCH.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    print(f"{len(catalogue)} texts, {missing} to be translated in {FRENCH}")


if __name__ == "__main__":
    main()
