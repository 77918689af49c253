"""The directives `{levertable}` and `{lever} KEY`: what the library says about its levers.

They ask the library while the book is built (`rssim.levers()`, `rssim.lever(key, place=...)`), so a
page cannot contradict the law files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

CARD = re.compile(r"^(?:`{3,}|:{3,})\{lever\}[ \t]+(\S+)", re.MULTILINE)


def cell(text: object) -> str:
    """A text that may stand in a cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", r"\|")


def lever_pages(book: Path) -> dict[str, str]:
    """The page of each lever: the one under levers/ that shows its card."""
    pages = {}
    for path in sorted((book / "levers").rglob("*.md")):
        page = path.relative_to(book).with_suffix("").as_posix()
        for key in CARD.findall(path.read_text("utf-8")):
            pages.setdefault(key, page)
    return pages


def lever_table(levers: Iterable[Any], pages: Mapping[str, str]) -> str:
    """All levers as a Markdown table, in the order of the library, grouped by its modules."""
    lines = ["| Lever | 中文 | Key | Unit | Part of the law |", "|---|---|---|---|---|"]
    for lever in levers:
        page = pages.get(lever.key)
        name = f"[{cell(lever.name)}](/{page}.md)" if page else cell(lever.name)
        module = cell(lever.module).replace("_", " ")
        lines.append(
            f"| {name} | {cell(lever.zh)} | `{cell(lever.key)}` | {cell(lever.unit)} | {module} |"
        )
    return "\n".join(lines)


class FromLibrary(SphinxDirective):
    """A directive whose content is Markdown that the library writes."""

    def parse(self, markdown: str, css_class: str) -> list[nodes.Node]:
        source = f"{self.env.doc2path(self.env.docname)}:{self.lineno}"
        box = nodes.container(classes=[css_class])
        lines = StringList(markdown.splitlines(), source=source)
        self.state.nested_parse(lines, self.content_offset, box)
        return [box]


class LeverTable(FromLibrary):
    """Every lever of the library, each with a link to its page."""

    def run(self) -> list[nodes.Node]:
        import rssim

        pages = lever_pages(Path(self.env.srcdir))
        return self.parse(lever_table(rssim.levers(), pages), "rs-levers")


class LeverCard(FromLibrary):
    """The card of one lever: what it is, its value in one place, and the law behind it."""

    required_arguments = 1
    option_spec = {"place": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        import rssim

        place = self.options.get("place", "guangzhou")
        lever = rssim.lever(self.arguments[0], place=place)
        return self.parse(lever.to_markdown(), "rs-lever")
