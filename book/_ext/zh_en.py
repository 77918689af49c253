"""Search that finds Chinese and English words, in the index and in the query alike.

Sphinx gives queries of two characters no partial match, and a dictionary cuts the page but not the
query. So a run of Chinese characters is indexed, and looked for, as its overlapping pairs.
"""

from __future__ import annotations

import re

from sphinx.search import SearchEnglish

WORD = re.compile(r"\w+")
RUN = re.compile("[\u3400-\u9fff]+|[^\u3400-\u9fff]+")


def pieces(word: str) -> list[str]:
    """One word as search terms: English parts whole, Chinese parts as overlapping pairs."""
    terms = []
    for part in RUN.findall(word):
        if "\u3400" <= part[0] <= "\u9fff" and len(part) > 2:
            terms += [part[i : i + 2] for i in range(len(part) - 1)]
        else:
            terms.append(part)
    return terms


class SearchZhEn(SearchEnglish):
    """English search as Sphinx has it, with Chinese by pairs."""

    lang = "zh_en"
    language_name = "Chinese and English"
    js_splitter_code = r"""
var splitQuery = (query) => query.split(/[^\p{Letter}\p{Number}_]+/gu)
  .flatMap((word) => word.match(/[\u3400-\u9fff]+|[^\u3400-\u9fff]+/g) || [])
  .flatMap((part) => /[\u3400-\u9fff]/.test(part) && part.length > 2
     ? Array.from({length: part.length - 1}, (_, i) => part.slice(i, i + 2)) : [part])
  .filter((term) => term);
"""

    def split(self, input: str) -> list[str]:
        """All search terms of a text."""
        return [term for word in WORD.findall(input) for term in pieces(word)]
