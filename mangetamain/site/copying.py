"""The whole site as static files, which need no server: pages, and beside them the answers that a control away are."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections import ChainMap
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from mangetamain import assets
from mangetamain.errors import BadInput, UserError, why
from mangetamain.language import LANGS, N_, Message, say
from mangetamain.panels.carried import Placed, address, moves, replies
from mangetamain.panels.terms import KIND, told_terms
from mangetamain.questions import QUESTIONS
from mangetamain.site.answering.answers import Answers
from mangetamain.site.answering.pool import Pool
from mangetamain.site.pages.data import Source, notebooks
from mangetamain.site.pages.html import READING, Pages
from mangetamain.site.pages.rendered import Renderings
from mangetamain.site.requests.notebooks import Notebooks
from mangetamain.site.search_paths import find_our_files
from mangetamain.warehouse import Warehouse, connect

RENDER_SECONDS = 600.0
UNMADE = N_("The page {page} could not be rendered; the log says why.")
# Of each kind of terms, so many of the commonest are offered where no server knows all, in a file beside the pages.
OFFERED, TERMS = 300, "assets/terms.js"


def export(
    place: Path, *, langs: Iterable[str] = LANGS, years: Iterable[str] = (), deep: bool = False,
    progress: Callable[[Message], object] | None = None,
) -> int:  # fmt: skip
    """Write the site as files, whole or not at all.

    Parameters
    ----------
    place
        A folder that is not there yet, or is empty.
    langs
        Languages of the answers; the first is that of the pages.
    years
        Spans of years that can be chosen, besides those that the notebooks ask for.
    deep
        Whether answers are there for any two controls moved, and not for one alone.
    progress
        Is told what is being written.

    Returns
    -------
    int
        How many answers lie beside the pages.

    Raises
    ------
    BadInput
        When the place is taken or cannot be written, or a span of years is none.
    NoWarehouse
        When there are no data.
    """
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise BadInput("{place} is taken: the site is written into a folder that is not there yet.", place=str(place))
    span, _ = QUESTIONS["level"].parameters["years"]
    spans = tuple(span.text(span.parse("years", each)) for each in years)
    find_our_files()
    unfinished = place.with_name(f"{place.name}.unfinished")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        count = Copy(unfinished, tuple(langs), spans, deep, progress or (lambda _: None)).write()
        if place.exists():
            place.rmdir()
        unfinished.rename(place)
    except OSError as error:
        raise BadInput(
            "The site cannot be written to {place}: {reason}.", place=str(place), reason=why(error).lower()
        ) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return count


class Copy:
    """A copy of the site under way."""

    def __init__(
        self, place: Path, langs: tuple[str, ...], years: tuple[str, ...], deep: bool,
        progress: Callable[[Message], object],
    ) -> None:  # fmt: skip
        self.place, self.langs, self.years, self.deep, self.progress = place, langs, years, deep, progress
        self.con: Warehouse = connect()
        self.source, self.pages = Source(self.con), Pages("", notebooks(), copied=True)
        self.pool = Pool(self.con.home, 1, RENDER_SECONDS)
        self.notebooks = Notebooks(self.pages, self.source, Answers(self.con, self.pool), Renderings())
        self.count = 0

    def write(self) -> int:
        """Write everything, and return how many answers there are."""
        for name, text in (("page.css", assets.style()), ("page.js", assets.page_script())):
            self._write(f"assets/{name}", text)
        terms = {
            f"terms?kind={kind}&lang={lang}": told_terms(self.con, "", kind, lang, OFFERED)
            for kind in KIND.values for lang in self.langs
        }  # fmt: skip
        self._write(TERMS, f"mangetamainAnswers({as_json(terms)});\n")
        shutil.copytree(assets.DRAWING, self.place / "drawing")
        shutil.copy(assets.STYLE / "favicon.svg", self.place / "assets")
        try:
            asyncio.run(self._write_notebooks(dict.fromkeys(terms, TERMS)))
        finally:
            self.pool.stop()
        landing, lang = self.source.landing(), self.langs[0]
        if landing.problem:
            raise UserError(UNMADE, page="index")
        self._write("index.html", self.pages.landing(landing, lang))
        self._write(f"{READING}.html", self.pages.reading(landing, lang))
        return self.count

    async def _write_notebooks(self, terms: dict[str, str]) -> None:
        self.notebooks.renderings.follow(self.con.fingerprint)
        pages = {each.name: await self.notebooks.rendered(each.name, RENDER_SECONDS) for each in self.pages.notebooks}
        await self.notebooks.renderings.ended()
        if failed := [name for name, page in pages.items() if page is None or not page.whole]:
            raise UserError(UNMADE, page=failed[0])
        for name, page in pages.items():
            if page and not page.foreign:
                self.progress(say("writing {theme}", theme=name))
                about, beside = self.source.about(), as_json(self._answers(page.panels) | terms)
                told = (name, page, "", self.langs[0], about, RENDER_SECONDS)
                text, _ = await self.notebooks.composed(*told, beside=beside)
                self._write(f"{name}.html", text)

    def _answers(self, panels: Iterable[Placed]) -> dict[str, str]:
        """Write the answers that are a control away from each panel; return the file of each by its address."""
        held = dict[str, str]()
        for panel in panels:
            for values in moves(panel, self.years, deep=self.deep):
                addresses = [address(panel, values, lang) for lang in self.langs]
                file = f"answers/{hashlib.sha256(addresses[0].encode()).hexdigest()[:16]}.js"
                if not (self.place / file).exists():
                    told = [replies(panel, self.con, values, lang) for lang in self.langs]
                    if not all(told):
                        continue
                    self._write(file, f"mangetamainAnswers({as_json(dict(ChainMap(*told)))});\n")
                    self.count += 1
                held.update(dict.fromkeys(addresses, file))
        return held

    def _write(self, name: str, text: str) -> None:
        path = self.place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


as_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
