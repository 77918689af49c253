"""Records of parameters: every number that the model reads, with unit, bounds and sentence.

A lever is one :func:`param` line in a :class:`Record`; ``rssim.levers()`` walks the records, so
there is no registry to keep. Reads are noted in a :class:`Trace` so that a changed value that no
formula reads can be refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

UNITS = {
    "share": "a fraction between 0 and 1 (0.16, not 16 %)",
    "share/year": "a fraction per year (0.03 is 3 % a year)",
    "1/year": "an intensity per year (events per person and year)",
    "multiplier": "a factor on another value (1 changes nothing)",
    "index": "a ratio to the reference wage",
    "yuan/month": "nominal yuan per month",
    "yuan/year": "nominal yuan per year",
    "yuan": "nominal yuan",
    "months": "months",
    "years": "years",
    "persons": "persons on a day",
    "persons/year": "persons in a calendar year",
    "choice": "one of the listed words",
    "yes/no": "0 for no, 1 for yes",
    "log points": "standard deviation of a logarithm",
}


YEAR_END, IN_YEAR, NEW_YEAR = "31 December", "calendar year", "1 January"


@dataclass(frozen=True)
class Series:
    """What is known of a headline series before any run.

    unit        persons, persons/year, person-years, yuan, yuan/year, yuan/month, share,
                share/year, ratio or months
    timing      the day or the period that a value belongs to
    aggregates  how cells are put together: sum, or weighted mean of what by what
    """

    key: str
    name: str
    zh: str
    unit: str
    timing: str
    aggregates: str
    about: str = ""

    @property
    def price_basis(self) -> str:
        """Which yuan amounts of money are in; empty where the series is not money."""
        return "nominal yuan" if self.unit.startswith("yuan") else ""


@dataclass(frozen=True)
class Param:
    """What is known of a lever before any place gives it a value."""

    key: str
    name: str
    zh: str
    unit: str
    dims: tuple[str, ...]
    bounds: tuple[float, float]
    choices: tuple[str, ...]
    layer: str
    module: str
    about: str
    formula: str
    page: str


def param(
    name: str,
    zh: str,
    unit: str,
    *,
    bounds: tuple[float, float] = (-np.inf, np.inf),
    dims: tuple[str, ...] = (),
    choices: tuple[str, ...] = (),
    about: str = "",
    formula: str = "",
    page: str = "",
) -> Any:
    """Declare one lever in a :class:`Record`.

    name, zh   what it is called in English and Chinese
    unit       one of :data:`UNITS`
    bounds     the smallest and largest value that the rules accept
    dims       axes along which it may differ (``group``, ``sex``, ``track``, ``age``, ``table``)
    choices    the words allowed where the unit is ``choice``
    formula    how the value goes on after the last published one (read by the year's formulas)
    page       the book page that explains it, where it is not ``levers/all``
    """
    if unit not in UNITS:
        raise ValueError(f"unit {unit!r} is not one of {', '.join(UNITS)}")
    return field(
        metadata={
            "name": name,
            "zh": zh,
            "unit": unit,
            "bounds": bounds,
            "dims": dims,
            "choices": choices,
            "about": about,
            "formula": formula,
            "page": page,
        }
    )


@dataclass
class Trace:
    """Which formula read which lever in which years."""

    reads: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    def note(self, key: str, reader: str, year: int) -> None:
        self.reads.setdefault(key, {}).setdefault(reader, set()).add(year)

    def first_year(self, key: str) -> int | None:
        """The first year in which anything read the lever, or None."""
        years = [min(found) for found in self.reads.get(key, {}).values() if found]
        return min(years) if years else None

    def years(self, key: str) -> set[int]:
        """All years in which anything read the lever."""
        return set().union(*self.reads.get(key, {}).values()) if key in self.reads else set()


@dataclass(frozen=True)
class Record:
    """The values of one module in one year, as arrays that broadcast over the cells.

    Scalars have the shape (draw, 1, 1, 1) of ``draw group sex age``; tables by track have a
    fifth axis before ``age``.
    """

    layer: ClassVar[str] = ""
    module: ClassVar[str] = ""
    names: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {name for name in cls.__dict__.get("__annotations__", {}) if "_" != name[0]}
        cls.names = frozenset(own - {"layer", "module", "names"})

    def traced(self, trace: Trace, year: int) -> Record:
        """The record itself, noting from now on which function reads which of its values."""
        object.__setattr__(self, "_trace", (trace, year))
        return self

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if name[0] != "_" and name in type(self).names:
            noting = self.__dict__.get("_trace")
            if noting is not None:
                trace, year = noting
                code = sys._getframe(1).f_code
                file = code.co_filename.rsplit("rssim", 1)[-1].strip("/\\").removesuffix(".py")
                place = file.replace("/", ".").replace("\\", ".")
                reader = f"{place}.{getattr(code, 'co_qualname', code.co_name)}"
                trace.note(f"{type(self).module}.{name}", reader, year)
        return value


def params(record: type[Record]) -> Iterator[Param]:
    """The levers that a record declares, in the order of its lines."""
    for item in fields(record):
        if "unit" in item.metadata:
            meta = item.metadata
            yield Param(
                key=f"{record.module}.{item.name}",
                name=meta["name"],
                zh=meta["zh"],
                unit=meta["unit"],
                dims=meta["dims"],
                bounds=meta["bounds"],
                choices=meta["choices"],
                layer=record.layer,
                module=record.module,
                about=meta["about"],
                formula=meta["formula"],
                page=meta["page"],
            )
