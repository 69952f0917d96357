"""The words of the recipes: which are ingredients and which tags, and what a word that is neither may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mangetamain.conditions import Term, TermKind
from mangetamain.errors import BadInput
from mangetamain.language import N_, Listing, Value, quoted, say
from mangetamain.warehouse import Executes, query

# By Jaro and Winkler, from which on a word passes for a slip of the hand; below, a hint would be another word: "peas"
# for "easy", or "berries" for the French "beurre".
LIKENESS = 0.9
# Words that a hint names where the given one is known, but as the other kind.
NEAR = 3
# One sentence a kind: its word stands in the middle of it.
UNKNOWN: dict[TermKind | None, str] = {
    "ingredient": N_("No recipe names the ingredient {word}{hint}"),
    "tag": N_("No recipe has the tag {word}{hint}"),
    None: N_("No recipe has {word} as a tag or an ingredient{hint}"),
}
OTHER: dict[TermKind, str] = {
    "ingredient": N_("{word} is a tag and no ingredient{hint}"),
    "tag": N_("{word} is an ingredient and no tag{hint}"),
}
NEAR_IT: dict[TermKind, str] = {
    "ingredient": N_("; ingredients near it: {near}."),
    "tag": N_("; tags near it: {near}."),
}


def kinds_of(con: Executes, words: Iterable[str]) -> dict[str, dict[TermKind, str]]:
    """Look words up among the spellings of the view `vocabulary`.

    Returns
    -------
    dict of str to dict
        Each word, with the term that it spells as a tag, as an ingredient, as both or as neither.
    """
    found: dict[str, dict[TermKind, str]] = {word: {} for word in words}
    rows = query(con, SPELLED, {"words": list(found)})
    for kind, spelling, term in zip(rows["kind"], rows["spelling"], rows["term"], strict=True):
        found[spelling][kind] = term
    return found


SPELLED = """
    SELECT kind, spelling, term
    FROM vocabulary
    WHERE list_contains($words, spelling) ORDER BY kind, spelling
"""


def unknown(con: Executes, word: str, kind: TermKind | None, known: Iterable[TermKind] = ()) -> BadInput:
    """Make the one sentence for a word that no recipe has, or has as the other kind alone: with the nearest known."""
    if kind and known:
        near = nearest(con, word, kind, NEAR)
        hint: Value = say(NEAR_IT[kind], near=Listing(tuple(quoted(one.word) for one in near))) if near else say(".")
        return BadInput(OTHER[kind], word=quoted(word), hint=hint)
    return BadInput(UNKNOWN[kind], word=quoted(word), hint=_hint(nearest(con, word, kind, 2), kind))


def _hint(near: list[Term], kind: TermKind | None) -> Value:
    """End the sentence with the nearest word; where both kinds were looked through, with its kind, or with either."""
    if not near:
        return say(".")
    meant: Value = quoted(near[0].word) if kind else str(near[0])
    if not kind and near[-1].word == near[0].word and len(near) > 1:
        meant = say("{one} or {other}", one=str(near[0]), other=str(near[1]))
    return say("; did you mean {near}?", near=meant)


def nearest(con: Executes, word: str, kind: TermKind | None = None, most: int = 1) -> list[Term]:
    """Give the known spellings most like a word, of one kind or of both; none that is not like it."""
    rows = query(con, NEAREST, {"word": word, "kind": kind, "most": most, "likeness": LIKENESS})
    return [Term(spelling, one) for one, spelling in zip(rows["kind"], rows["spelling"], strict=True)]


NEAREST = """
    SELECT kind, spelling, jaro_winkler_similarity(strip_accents(spelling), strip_accents($word)) AS likeness
    FROM vocabulary
    WHERE kind = coalesce($kind, kind) AND likeness >= $likeness
    ORDER BY likeness DESC, spelling, kind DESC LIMIT $most
"""


@dataclass(frozen=True)
class Known:
    """A term with its kind, whether its word is one of the other kind too, and how many recipes hold it."""

    term: Term
    twice: bool
    recipes: int

    def __str__(self) -> str:
        """Write it as a selection does, its kind where the word alone would not do."""
        return str(self.term if self.twice else replace(self.term, kind=None))


def offered(con: Executes, begun: str, kind: TermKind | None = None, most: int = 20) -> list[Known]:
    """Give the terms that begin so, or hold a word that does, those of most recipes first; else those nearest.

    Accents do not count: the words are English, and what a reader of French begins as "végé" is "vegetarian".
    """
    begun = " ".join(begun.lower().split())
    rows = query(con, OFFERED, {"begun": begun, "kind": kind, "most": most})
    if len(rows["term"]):
        columns = (rows[name].tolist() for name in ("kind", "term", "twice", "recipes"))
        return [Known(Term(term, of), twice, recipes) for of, term, twice, recipes in zip(*columns, strict=True)]
    near = nearest(con, begun, kind)
    return offered(con, near[0].word, kind, most) if near else []


OFFERED = """
    WITH bare AS (
        SELECT kind, term, strip_accents(spelling) AS spelling, strip_accents($begun) AS begun
        FROM vocabulary
        WHERE kind = coalesce($kind, kind)
    ), spelled AS (
        SELECT kind, term, bool_or(starts_with(spelling, begun)) AS begins
        FROM bare
        WHERE starts_with(spelling, begun) OR contains(spelling, ' ' || begun) OR contains(spelling, '-' || begun)
        GROUP BY kind, term
    )
    SELECT kind, spelled.term, (SELECT count(DISTINCT kind) > 1 FROM vocabulary WHERE spelling = spelled.term) AS twice,
        sum(recipes)::BIGINT AS recipes
    FROM spelled
    JOIN cube_terms USING (kind, term)
    GROUP BY kind, spelled.term, begins ORDER BY begins DESC, recipes DESC, term, kind LIMIT $most
"""
