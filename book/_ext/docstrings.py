"""Docstrings of the library as reStructuredText.

The library writes arguments as aligned rows, ``name  text``, which read well in a terminal but are
definition lists to Sphinx. Here each row becomes an item of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ROW = re.compile(r"^(\S(?:.*?\S)?)\s{2,}(\S.*)$")
GAPS = re.compile(r"\s{2,}")
QUOTED = re.compile(r"(``.+?``|:[a-z:]+:`[^`]+`)")
UNDERLINE = re.compile(r"-{3,}")
DATA = re.compile(r":data:`([^`]+)`")
SINGLE = re.compile(r"(?<![`:\w])`([^`\n]+)`(?!`)")


def safe(text: str) -> str:
    """A line in which only quoted parts keep their markup."""
    text = SINGLE.sub(r"``\1``", DATA.sub(r"``\1``", text))
    parts = QUOTED.split(text)
    for at in range(0, len(parts), 2):
        parts[at] = re.sub(r"([*|\\])", r"\\\1", parts[at])
        parts[at] = re.sub(r"(\w)_(?!\w)", r"\1\\_", parts[at])
    return "".join(parts)


def as_lists(lines: Iterable[str]) -> list[str]:
    """The lines of a docstring with rows of arguments as list items and the rest as paragraphs."""
    out: list[str] = []
    state = ""
    for line in lines:
        row = ROW.match(line)
        if not line.strip():
            out.append("")
            state = ""
        elif row:
            if state != "row":
                out.append("")
            name = GAPS.sub(" ", row[1].replace("`", ""))
            out.append(f"* ``{name}`` – {safe(GAPS.sub(' ', row[2]))}")
            state = "row"
        elif line.startswith(" ") and state == "row":
            out.append("  " + safe(GAPS.sub(" ", line.strip())))
        else:
            if state == "row":
                out.append("")
            out.append(safe(line.strip()))
            state = "text"
    return [*out, ""]


def rewrite(
    app: object, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """The hook of autodoc: changes the lines in place, before other hooks see them."""
    numpydoc = any(UNDERLINE.fullmatch(line.strip()) for line in lines)
    if name.startswith("rssim") and not numpydoc:
        lines[:] = as_lists(lines)
        if what == "property" and lines:
            # Text before a colon would be taken for the type of the property.
            lines[0] = lines[0].replace(": ", " – ", 1)
