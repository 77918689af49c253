"""Tables of a place: CSV files read, checked and laid out over the cells."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

import numpy as np

from rssim.axes import AGES, SEXES
from rssim.errors import PlaceError, nearest
from rssim.records import Array


def read_text(path: Path, error: type[PlaceError] | type[Exception] = PlaceError) -> str:
    """The text of a UTF-8 file (gzip if its name ends so); a clear error otherwise."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise error(f"{path}: there is no such file.") from None
    except IsADirectoryError:
        raise error(f"{path}: this is a folder, a file is needed.") from None
    except OSError as fault:
        raise error(f"{path}: cannot be read ({fault.strerror}).") from None
    if path.suffix == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError):
            raise error(f"{path}: is not a gzip file.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise error(
            f"{path}: byte {fault.start} is not UTF-8 text. Save the file as UTF-8."
        ) from None
    if not text.strip():
        raise error(f"{path}: the file is empty.")
    return text


class Table:
    """The rows of one CSV file with checks that name file, line, column and value."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        reader = csv.DictReader(StringIO(read_text(path)))
        found = list(reader.fieldnames or [])
        missing = [name for name in columns if name not in found]
        if missing:
            raise PlaceError(
                [
                    f"{path}: column {name!r} is missing; found {', '.join(found)}."
                    + nearest(name, found)
                    for name in missing
                ]
            )
        self.rows = list(reader)
        if not self.rows:
            raise PlaceError(f"{path}: has a header but no rows.")

    def words(self, column: str, allowed: Iterable[str] | None = None) -> list[str]:
        """The words of a column; each must be one of those allowed."""
        words = [(row[column] or "").strip() for row in self.rows]
        if allowed is not None:
            known = list(allowed)
            faults = [
                f"{self.path}: line {line}, column {column!r}: {word!r} is not one of "
                f"{', '.join(known)}." + nearest(word, known)
                for line, word in enumerate(words, start=2)
                if word not in known
            ]
            if faults:
                raise PlaceError(faults[:20])
        return words

    def numbers(self, column: str, low: float = -np.inf, high: float = np.inf) -> Array:
        """The numbers of a column; each must lie within the bounds."""
        out = np.empty(len(self.rows))
        faults = []
        for number, row in enumerate(self.rows):
            text = (row[column] or "").strip()
            where = f"{self.path}: line {number + 2}, column {column!r}"
            try:
                value = float(text)
            except ValueError:
                faults.append(f"{where}: {text!r} is not a number.")
                continue
            if not np.isfinite(value):
                faults.append(f"{where}: {text!r} is not a finite number.")
            elif not low <= value <= high:
                faults.append(f"{where}: {value:g} is outside the allowed {low:g} to {high:g}.")
            out[number] = value
        if faults:
            raise PlaceError(faults[:20])
        return out

    def integers(self, column: str, low: int, high: int) -> np.ndarray:
        """The whole numbers of a column."""
        values = self.numbers(column, low, high)
        odd = np.flatnonzero(values != np.round(values))
        if odd.size:
            raise PlaceError(
                f"{self.path}: line {odd[0] + 2}, column {column!r}: {values[odd[0]]:g} is not a "
                "whole number."
            )
        return values.astype(int)

    def grid(
        self,
        value: str,
        axes: dict[str, Sequence[str] | Sequence[int]],
        low: float = -np.inf,
        high: float = np.inf,
    ) -> Array:
        """The values of a column as an array over the given columns' labels, all combinations.

        axes  column name -> labels in their order; every combination must occur exactly once.
        """
        places = []
        for column, labels in axes.items():
            if isinstance(labels[0], str):
                names = [str(label) for label in labels]
                lookup = {name: at for at, name in enumerate(names)}
                places.append(np.array([lookup[word] for word in self.words(column, names)]))
            else:
                whole = [int(label) for label in labels]
                found = self.integers(column, min(whole), max(whole))
                at = np.searchsorted(whole, found)
                places.append(at)
        shape = tuple(len(labels) for labels in axes.values())
        counts = np.zeros(shape, dtype=int)
        np.add.at(counts, tuple(places), 1)
        faults = []
        for problem, word in ((counts == 0, "is missing"), (counts > 1, "occurs more than once")):
            for index in np.argwhere(problem)[:5]:
                labels_text = ", ".join(
                    f"{column} {list(labels)[at]}"
                    for (column, labels), at in zip(axes.items(), index, strict=True)
                )
                faults.append(f"{self.path}: the row for {labels_text} {word}.")
            if int(problem.sum()) > 5:
                faults.append(f"{self.path}: and {int(problem.sum()) - 5} more such rows.")
        if faults:
            raise PlaceError(faults)
        out = np.empty(shape)
        out[tuple(places)] = self.numbers(value, low, high)
        return out


def by_sex_and_age(path: Path, value: str, low: float = 0.0, high: float = np.inf) -> Array:
    """A table by sex and single age as an array (sex, age)."""
    return Table(path, ["sex", "age", value]).grid(value, {"sex": SEXES, "age": AGES}, low, high)
