"""One cell of people under a law whose numbers a test sets, so that a year fits on paper."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from typing import Any

import numpy as np

from rssim.axes import MEMBERS
from rssim.cohorts.funds.employee_pension import Activity
from rssim.cohorts.state import MEMBER_COUNT, MEMBER_FIRST, Constants, PensionStocks, References
from rssim.inputs.assemble import Year
from rssim.rules.cross_border_terms import CrossBorderBehaviour
from tests.laws.worlds import baseline

BINS = 21
MALE, FEMALE = 0, 1
CADRE, WORKER = 0, 1
CELL = (0, 0, MALE, WORKER)


def one(value: float) -> np.ndarray:
    return np.full((1, 1, 1, 1), float(value))


def number(value: Any) -> float:
    """The only number of an array."""
    found = np.asarray(value)
    assert found.size == 1
    return float(found.reshape(-1)[0])


def law(year: int = 2026, **changes: Any) -> Year:
    """A year of Guangdong with other numbers: record__name=value; a table or word as it is.

    Nobody from Hong Kong or Macao is exempt.
    """
    found = baseline("guangdong", 2045).years[year - 2024]
    all_insured = replace(found.terms(CrossBorderBehaviour), exempt_share=one(0.0))
    found = replace(found, schemes=found.schemes | {"CrossBorderBehaviour": all_insured})
    by_record: dict[str, dict[str, Any]] = {}
    for key, value in changes.items():
        record, _, name = key.partition("__")
        fixed = one(value) if isinstance(value, int | float) else value
        by_record.setdefault(record, {})[name] = fixed
    records = {name: replace(getattr(found, name), **part) for name, part in by_record.items()}
    return replace(found, **records)


def plan(year: Year, age: int, hazard: float = 1.0, **parts: float) -> Year:
    """The year with a schedule under which only one age meets its date, the same for all posts.

    parts  worked, paid and reciprocal, where they differ from a claim on 1 January
    """
    shape = (1, 1, 2, 2, 101)
    claims = np.zeros(shape)
    claims[..., age] = hazard
    after = np.zeros(shape)
    after[..., age + 1 :] = 1.0
    values = {"worked": 0.0, "paid": 1.0, "reciprocal": 1.0 / 139.0} | parts
    schedule = replace(
        year.schedule,
        before=after,
        within=claims,
        claim_hazard=claims + after,
        due_before=after,
        due_hazard=claims + after,
        **{name: np.full(shape, value) for name, value in values.items()},
    )
    return replace(year, schedule=schedule)


def amounts(**changes: float) -> References:
    values = {
        "base_wage_m": 9_000.0,
        "floor_m": 5_400.0,
        "cap_m": 27_000.0,
        "calculation_base_m": 9_307.0,
        "increase": 0.02,
        "price_index": 1.0,
    } | changes
    return References(
        **{item.name: one(values.get(item.name, 10_000.0)) for item in fields(References)}
    )


def past_wages(years: float, base_wage_m: float = 9_000.0, wage_m: float = 10_000.0) -> float:
    """Mean wage over a record that ends today [yuan/month], summed over small steps.

    The reference wage grew from the base wage, a year and a half ago, to the wage.
    """
    ago = (np.arange(100_000) + 0.5) / 100_000 * years
    return float(np.mean(base_wage_m * (wage_m / base_wage_m) ** (-ago / 1.5)))


def empty() -> PensionStocks:
    cell = (1, 1, 2, 2)
    return PensionStocks(
        rights=np.zeros((4, len(MEMBERS), BINS, *cell, MEMBER_COUNT)),
        deemed=np.zeros((3, len(MEMBERS), *cell, MEMBER_COUNT)),
        pensioners=np.zeros((7, *cell, 101)),
        balance=np.zeros((1, 1, 1, 1)),
    )


def with_members(
    stocks: PensionStocks,
    age: int,
    state: int,
    people: float,
    years: float,
    index: float = 1.0,
    balance: float = 0.0,
) -> PensionStocks:
    """The fund with people of one age, all with the same years, index and balance a head."""
    rights = stocks.rights.copy()
    column = people * np.array([1.0, years, index * years, balance])
    at = min(int(years), BINS - 1)
    rights[(slice(None), state, at, *CELL, age - MEMBER_FIRST)] += column
    return replace(stocks, rights=rights)


def activity(age: int, people: float = 0.0, contributors: float = 0.0, **changes: Any) -> Activity:
    """A population of one age, all on the worker track; bases and survival as given."""
    shape = (1, 1, 2, 101)
    population = np.zeros(shape)
    population[0, 0, MALE, age] = people
    rate = np.zeros(shape)
    rate[0, 0, MALE, age] = contributors / people if people else 0.0
    tracks = np.zeros((1, 1, 2, 2, 1))
    tracks[..., WORKER, :] = 1.0
    values = {
        "formal_weight": 1.0,
        "formal_base_m": 8_000.0,
        "flexible_base_m": 6_000.0,
        "index": 0.8,
        "survival": 1.0,
        "award_scale": 1.0,
    } | changes
    return Activity(
        population=population,
        contribution_rate=rate,
        track_shares=tracks,
        award_scale=np.full((1, 1, 1, 1), float(values.pop("award_scale"))),
        **{name: np.full(shape, float(value)) for name, value in values.items()},
    )


def constants(**changes: float) -> Constants:
    names = [item.name for item in fields(Constants) if item.default is MISSING]
    return Constants(**{name: one(changes.get(name, 1.0)) for name in names})
