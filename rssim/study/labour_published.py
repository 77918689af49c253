"""What the labour side of a place is held against: tables of its folder ``validation``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rssim.axes import OLDEST, SEXES
from rssim.inputs.place import Place
from rssim.inputs.tables import Table
from rssim.records import Array

if TYPE_CHECKING:
    import pandas as pd

CENSUS_EDGES = (0, 1, *range(5, 90, 5))
"""Youngest age of each group of the census tables; the last group is open."""


def validation_table(place: Place, name: str, columns: list[str]) -> Table:
    """A table of the place's folder ``validation``."""
    return Table(place.file(f"validation/{name}.csv"), columns)


def published(place: Place, name: str, **only: str) -> pd.DataFrame:
    """Published figures: columns year, persons, kind, evidence, source and, if there, use.

    only  words that a row must have in further columns
    Unit of persons: [persons], of flows [persons/year].
    """
    import pandas as pd

    table = validation_table(place, name, ["year", "persons", "kind", "evidence", "source", *only])
    frame = pd.DataFrame({"year": table.integers("year", 1900, 2100)})
    frame["persons"] = table.numbers("persons", 0.0)
    words = [*only, *(["use"] if "use" in table.rows[0] else [])]
    for column in ("kind", "evidence", "source", *words):
        frame[column] = table.words(column)
    for column, value in only.items():
        frame = frame[frame[column] == value]
    return frame.sort_values("year", ignore_index=True)


def column(frame: pd.DataFrame, name: str) -> dict[int, str]:
    """One column of words of published figures by year."""
    years, words = frame["year"].tolist(), frame[name].tolist()
    return {int(year): str(word) for year, word in zip(years, words, strict=True)}


def persons(frame: pd.DataFrame) -> dict[int, float]:
    """Published persons by year."""
    years, values = frame["year"].tolist(), frame["persons"].tolist()
    return {int(year): float(value) for year, value in zip(years, values, strict=True)}


def residents(place: Place, vintage: str = "in_force") -> dict[int, float]:
    """Residents at the end of each year [persons]; missing years grow at a constant rate."""
    found = persons(published(place, "residents", vintage=vintage))
    years = np.arange(min(found), max(found) + 1)
    values = np.exp(np.interp(years, list(found), np.log(list(found.values()))))
    return {int(year): float(value) for year, value in zip(years, values, strict=True)}


def census_groups(place: Place, year: int) -> Array:
    """Residents of a census by sex and age group, (sex, group) [persons]; see CENSUS_EDGES."""
    table = validation_table(place, "census", ["year", "sex", "age_start", "persons"])
    years = sorted(set(table.integers("year", 1900, 2100).tolist()))
    grid = table.grid("persons", {"year": years, "sex": SEXES, "age_start": CENSUS_EDGES}, 0.0)
    return np.asarray(grid[years.index(year)])


def grouped(people: Array) -> Array:
    """People by single age summed over the groups of the census, (..., group) [persons]."""
    return np.add.reduceat(people, CENSUS_EDGES, axis=-1)


def single_ages(groups: Array, lived: Array) -> Array:
    """Residents by single age whose groups are those of the census, (sex, age) [persons].

    groups  (sex, group)  residents
    lived   (sex, age)    person-years of the life table, which share out the open group
    Monotone cubic interpolation of the number below each age.
    """
    from scipy.interpolate import PchipInterpolator

    out = np.zeros((groups.shape[0], OLDEST + 1))
    edges = np.array(CENSUS_EDGES)
    for sex, row in enumerate(groups):
        below = np.concatenate([[0.0], np.cumsum(row[:-1])])
        counts = np.diff(PchipInterpolator(edges, below)(np.arange(edges[-1] + 1)))
        old = lived[sex, edges[-1] :]
        out[sex] = np.concatenate([counts, row[-1] * old / old.sum()])
    return out


def trend(place: Place, first: int, last: int, year: int) -> float:
    """Employment of a year if the growth between two others had gone on [persons].

    What a forecaster without a model would have said: the model must be held against it.
    """
    found = persons(published(place, "employed"))
    growth = (found[last] / found[first]) ** (1.0 / (last - first))
    return float(found[last] * growth ** (year - last))
