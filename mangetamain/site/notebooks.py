"""Where the notebooks are, and what they call themselves in each language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mangetamain.language import LANGS

PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Notebook:
    """A notebook's own words: title and first paragraph, by language."""

    name: str
    title: dict[str, str]
    summary: dict[str, str]


def notebooks_folder() -> Path:
    """Return the folder of the notebooks: the wheel's, else the checkout's."""
    installed = PACKAGE / "notebooks"
    return installed if installed.is_dir() else PACKAGE.parent / "notebooks"


def notebooks(folder: Path | None = None) -> list[Notebook]:
    """Read the title and summary of every notebook.

    Returns
    -------
    list of Notebook
        In the order that each notebook's metadata asks for (``mangetamain.order``), then by name.
    """
    found = [(_read(path), path.stem) for path in (folder or notebooks_folder()).glob("*.ipynb")]
    found.sort(key=lambda item: (item[0].get("metadata", {}).get("mangetamain", {}).get("order", 99), item[1]))
    return [_notebook(name, document) for document, name in found]


def titles(lang: str) -> dict[str, str]:
    """Return each notebook's title in a language, in the site's order."""
    return {notebook.name: notebook.title[lang] for notebook in notebooks()}


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


def _notebook(name: str, document: dict[str, Any]) -> Notebook:
    title: dict[str, str] = {}
    summary: dict[str, str] = {}
    for lang in LANGS:
        blocks = list(_blocks(document, lang))
        headings = [block for block in blocks if block.startswith("# ")]
        paragraphs = [block for block in blocks if not block.startswith(("#", "-", "|", "!", ">"))]
        title[lang] = _plain(headings[0].removeprefix("# ")) if headings else name.replace("_", " ").capitalize()
        summary[lang] = _plain(paragraphs[0]) if paragraphs else ""
    return Notebook(name, title, summary)


def _blocks(document: dict[str, Any], lang: str) -> Iterator[str]:
    """Walk the paragraphs and headings a reader of a language sees."""
    others = {*LANGS} - {lang}
    for cell in document.get("cells", []):
        if cell["cell_type"] == "markdown" and not others & {*cell.get("metadata", {}).get("tags", [])}:
            text = re.sub(r"^(#+ .*)$", r"\1\n", "".join(cell["source"]), flags=re.MULTILINE)
            yield from (block.strip() for block in re.split(r"\n\s*\n", text) if block.strip())


def _plain(markdown: str) -> str:
    """Drop the marks of emphasis, code and links from a line of Markdown."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"[*_`]", "", text).split())
