"""How to cite rssim, in words and as BibTeX."""

from __future__ import annotations

from rssim.errors import ParameterError, nearest

TITLE = "rssim: simulation of China's retirement, social insurance and labour-market rules"
AUTHOR = "The rssim authors"
STYLES = ("text", "bibtex")


def cite(style: str = "text") -> str:
    """The citation of this version as one line of text or as a BibTeX entry."""
    from rssim import __version__

    if style == "text":
        return f"{AUTHOR}. {TITLE}. Version {__version__}. Computer software."
    if style == "bibtex":
        return (
            f"@software{{rssim,\n  author  = {{{{{AUTHOR}}}}},\n  title   = {{{{{TITLE}}}}},\n"
            f"  version = {{{__version__}}}\n}}"
        )
    raise ParameterError(
        f"cite: {style!r} is not one of {', '.join(STYLES)}." + nearest(style, STYLES)
    )
