"""What is made while the documentation is built: answers, commands' output, tables of the package."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole


class Answer(SphinxDirective):
    """What a question says of the data: its sentence and verdict, and its key numbers or its figure."""

    required_arguments, has_content = 1, True
    option_spec: ClassVar = {"lang": directives.unchanged, "figure": directives.flag, "numbers": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Answer the question, from the store where it is known."""
        from mangetamain.questions import QUESTIONS
        from mangetamain.warehouse import connect

        lang = self.options.get("lang", "en")
        answer = QUESTIONS[self.arguments[0]](connect(), **dict(line.split("=", 1) for line in self.content if line))
        quote = nodes.block_quote("", nodes.paragraph(text=answer.sentence_with_verdict(lang)))
        found: list[nodes.Node] = [quote]
        if "numbers" in self.options:
            found.append(nodes.literal_block(text=answer.key_numbers(), language="text"))
        if "figure" in self.options:
            spec, alt = escape(json.dumps(answer.figure_spec(lang))), escape(answer.sentence(lang))
            frame = f'<div lang="{lang}" role="img" aria-label="{alt}" data-figure="{spec}"></div>'
            found.append(nodes.raw("", frame, format="html"))
        return found


class Command(SphinxDirective):
    """A command of ours and what it prints; the content names an exit code that is meant."""

    required_arguments, final_argument_whitespace, has_content = 1, True, True

    def run(self) -> list[nodes.Node]:
        """Run the command."""
        program, *words = shlex.split(self.arguments[0])
        done = subprocess.run(  # noqa: S603 - the pages are ours
            [Path(sys.executable).with_name(program), *words],
            capture_output=True, text=True, env={**os.environ, "COLUMNS": "100"},
        )  # fmt: skip
        if done.returncode != int(self.content[0] if self.content else 0):
            raise self.error(f"{self.arguments[0]} ended with {done.returncode}: {done.stderr}")
        said = (done.stdout or done.stderr).strip()
        return [nodes.literal_block(text=f"$ {self.arguments[0]}\n{said}", language="text")]


class Rows(SphinxDirective):
    """A table that the package itself knows, made by a function of `tables`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Have the table made, and read it as Markdown."""
        import tables

        return self.parse_text_to_nodes(getattr(tables, self.arguments[0])(), allow_section_headings=True)


class Said(SphinxRole):
    """A sentence exactly as the package says it, with the names of its places; one that is gone is an error."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Look the sentence up."""
        if self.text not in said():
            return [], [self.inliner.reporter.error(f"nothing of ours says: {self.text}", line=self.lineno)]
        return [nodes.literal(text=self.text)], []


@cache
def said() -> frozenset[str]:
    """Return every text of the package."""
    from tools.translations import extract, forms

    return frozenset(text for message in extract() for text in forms(message.id))


def mark_language(app: Sphinx, tree: nodes.document) -> None:
    """Let the browser know the language of pages that are not in English."""
    lang = app.env.docname.partition("/")[0]
    if lang == "fr" and isinstance(tree[0], nodes.Element):
        tree[0]["classes"].append(f"language-{lang}")


def setup(app: Sphinx) -> dict[str, Any]:
    """Give Sphinx the directives and the role."""
    for name, directive in {"answer": Answer, "command": Command, "rows": Rows}.items():
        app.add_directive(name, directive)
    app.add_role("said", Said())
    app.connect("doctree-read", mark_language)
    return {"parallel_read_safe": True}
