"""Tables of the documentation that the package itself knows, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode

from mangetamain.language import say
from mangetamain.measures import MEASURES
from mangetamain.panels.view import MEANINGS
from mangetamain.published import HEADS, caution, judged, moved, told
from mangetamain.questions import QUESTIONS
from mangetamain.site.pages.reading import sections
from mangetamain.themes import Place, themes
from mangetamain.warehouse import connect
from mangetamain.warehouse.reader.contents import contents


def _table(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def measures() -> str:
    """List what can be measured, and the smallest effect that matters, with its reason."""
    rows = [
        (f"`{name}`", each.label, each.view, f"{each.trend.size:g} {each.change_unit}", each.trend.reason)
        for name, each in MEASURES.items()
    ]
    return _table(("name", "measure", "of", "smallest change per decade, or gap, that matters", "for"), rows)


def measures_fr() -> str:
    """List the same in French."""

    def french(text: str) -> str:
        return say(text).render("fr")

    rows = [
        (
            french(each.label),
            f"{each.trend.size:g} {french(each.change_unit)}".replace(".", ",", 1),
            french(each.trend.reason),
        )
        for each in MEASURES.values()
    ]
    return _table(("mesure", "plus petit changement par décennie, ou écart, qui compte", "car"), rows)


def reading(lang: str = "en") -> str:
    """Say how an answer is read, as the site's own page does."""
    said = {each.key: (each.heading, *each.paragraphs) for each in sections()}
    parts = {key: [text[lang] for text in texts] for key, texts in said.items()}
    parts["answer"].append(f"```{{answer}} level\n:figure:\n:lang: {lang}\n\nof=steps\n```")
    parts["verdict"] += [f"- {say(meaning).render(lang)}" for meaning in MEANINGS.values()]
    parts["verdict"] += ["", {"en": measures, "fr": measures_fr}[lang]()]
    return "\n\n".join(f"## {heading}\n\n" + "\n\n".join(rest) for heading, *rest in parts.values())


def reading_fr() -> str:
    """Say the same in French."""
    return reading("fr")


def questions() -> str:
    """Describe each question: what it asks, how it is found, what it can be given."""
    return "\n\n".join(
        f"## {name}\n\n**{each.title}** {each.method}\n\n"
        + _table(
            ("parameter", "what it is", "one of", "default"),
            [
                (
                    f"`{key}`",
                    kind.label,
                    str(kind.expected()),
                    f"`{kind.text(default)}`" if kind.text(default) else "none",
                )
                for key, (kind, default) in each.parameters.items()
            ],
        )
        for name, each in QUESTIONS.items()
    )


def pages() -> str:
    """List the notebooks, which are the site's pages."""
    rows = [(f"`/{name}`", each.title("en"), each.summary("en")) for name, each in themes().items()]
    return _table(("address", "page", "about"), rows)


def data_loaded(lang: str = "en") -> str:
    """Say what data these pages are built on, where they are not those of the publication."""
    said = caution(connect())
    return f"**{said.render(lang)}**" if said else ""


def data_loaded_fr() -> str:
    """Say the same in French."""
    return data_loaded("fr")


def analyses(lang: str = "en") -> str:
    """Say what became of each published analysis on those data."""
    rows = [
        (
            f"**{one.analysis.id}** {say(one.analysis.claim).render(lang)}",
            one.numbers.render(lang),
            told(one.answer).render(lang),
            f"**{one.judgement.render(lang)}**" + (f". {one.artefact.render(lang)}" if one.artefact else ""),
            f"{_link(one.place, lang)}, `{one.command}`",
        )
        for one in judged(connect())
    ]
    return _table(tuple(say(head).render(lang) for head in HEADS), rows)


def _link(place: Place, lang: str) -> str:
    """Link to the panel of the site's copy, which lies below these pages, with its controls moved; name these."""
    up = "../" if lang == "fr" else ""
    address = f"{up}site/{place.page}.html?{urlencode({**place.asked, 'lang': lang})}#{place.panel.key}"
    link = f'<a href="{escape(address)}">{themes()[place.page].title(lang)}</a>'
    return f"{link} ({moved(place).render(lang)})" if place.moved else link


def analyses_fr() -> str:
    """Say the same in French."""
    return analyses("fr")


def warehouse() -> str:
    """Describe each table of the warehouse by its own comments: what it holds, and its columns."""
    return "\n\n".join(
        f"### {table.name}\n\n{table.comment}.\n\n"
        + _table(("column", "type", "meaning [unit]; source"), [(f"`{n}`", f"`{t}`", c) for n, t, c in table.columns])
        for table in contents(connect().refresh())
    )
