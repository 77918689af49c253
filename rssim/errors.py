"""Errors that a user can act on: where, what is wrong, what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RssimError(Exception):
    """Base of every error that rssim raises on purpose.

    The text is one line per fault: *where: what is wrong, with the value. What is allowed.*
    """

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults: list[str] = [faults] if isinstance(faults, str) else list(faults)
        super().__init__("\n".join(self.faults))


class ParameterError(RssimError):
    """A lever, a value or a unit is not what the model reads."""


class PlaceError(RssimError):
    """The data of a place are incomplete, contradictory or unreadable."""


class ScenarioError(RssimError):
    """A scenario file or a change of a scenario cannot be used."""


class CalibrationError(RssimError):
    """The observed moments cannot be met by any admissible constant."""


class LedgerError(RssimError):
    """An accounting identity does not hold: an error of the model, never of the user."""


def nearest(name: object, known: Iterable[str]) -> str:
    """A hint that names the known words nearest to a misspelt one, or an empty text."""
    words = list(known)
    if not isinstance(name, str):
        return ""
    close = get_close_matches(name, words, n=3, cutoff=0.6)
    if not close:
        tail = name.rsplit(".", 1)[-1]
        tails = {word.rsplit(".", 1)[-1]: word for word in words}
        close = [tails[hit] for hit in get_close_matches(tail, list(tails), n=3, cutoff=0.6)]
    return f" Did you mean {' or '.join(close)}?" if close else ""
