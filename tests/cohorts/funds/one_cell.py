"""One age of men in one group and a year in which a test says what happens to them."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np

from rssim.axes import FORMAL
from rssim.cohorts.funds.work import Work
from rssim.cohorts.movement import Moves
from rssim.cohorts.year import year as whole_year
from rssim.inputs.assemble import Inputs, Year
from tests.cohorts.cells import one, plan
from tests.laws.worlds import world_of

SHAPE = (1, 1, 2, 101)
MEN = (0, 0, 0)


@cache
def _real() -> tuple[Inputs, Year, Work]:
    world = world_of("guangdong", 2026)
    flows, _ = whole_year(world.stocks, world.year, world.survival, world.inputs, world.constants)
    return world.inputs, world.year, flows.work


def at_age(age: int, value: float) -> np.ndarray:
    """Zero but for men of one age."""
    out = np.zeros(SHAPE)
    out[(*MEN, age)] = value
    return out


def inputs() -> Inputs:
    return _real()[0]


def year(retiring_age: int = 62, **records: dict[str, Any]) -> Year:
    """A year in which all retire at one age; records: class name -> other numbers."""
    found = plan(_real()[1], retiring_age)
    schemes = dict(found.schemes)
    for kind, changes in records.items():
        values = {
            name: one(value) if isinstance(value, int | float) else value
            for name, value in changes.items()
        }
        schemes[kind] = replace(schemes[kind], **values)
    return replace(found, schemes=schemes)


def work(
    age: int,
    formal: float = 0.0,
    wage_m: float = 10_000.0,
    survival: float = 1.0,
    separations: float = 0.0,
    leaving: float = 0.0,
) -> Work:
    """Men of one age: formal employees all year, so many of them separated, at one wage."""
    real = _real()[2]
    people = np.zeros((1, 1, 2, 5, 101))
    people[0, 0, 0, FORMAL, age] = formal
    states = people[..., :4, :]
    labour = replace(
        real.labour,
        end=states * survival,
        person_years=states,
        separations=at_age(age, separations),
        to_flexible=np.zeros(SHAPE),
    )
    away = np.zeros(SHAPE)
    away[(*MEN, age + 1)] = leaving
    nothing = {item.name: np.zeros(SHAPE) for item in fields(Moves)}
    return replace(
        real,
        people=people,
        people_end=people,
        survival=np.full(SHAPE, survival),
        labour=labour,
        wage_m=np.full(SHAPE, wage_m),
        earnings=replace(real.earnings, wage_m=np.full(SHAPE, wage_m), average_wage_m=one(wage_m)),
        moves=Moves(**(nothing | {"leaving": away})),
    )
