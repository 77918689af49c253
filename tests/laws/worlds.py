"""Random admissible worlds, and what may be done to one: stack draws, permute groups, double.

A world is everything that a year needs. Worlds start from a calibrated place, so that stocks and
rates fit together, and are then shaken: every cell gets another number of people (with all that
they own) and every number of law, economy and behaviour another value within its bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from rssim.axes import PENSIONER
from rssim.cohorts import engine
from rssim.cohorts.calibration import Calibration, calibrate
from rssim.cohorts.funds.occupational_annuity import invested
from rssim.cohorts.state import MEMBER_AGES, Constants, PensionStocks, Stocks
from rssim.inputs.assemble import Inputs, Year, assemble
from rssim.inputs.scenario import Scenario, load_scenario
from rssim.records import Record, params
from rssim.rules.schemes import SCHEME_TERMS
from rssim.study.series import SERIES

PLACES = ("china", "guangdong", "guangzhou")

# Axes that stand before the draw; every other array leads with it.
LEADING = {
    ("PensionStocks", "rights"): 3,
    ("PensionStocks", "deemed"): 2,
    ("PensionStocks", "pensioners"): 1,
    ("ResidentsStocks", "cells"): 1,
    ("Claims", "awarded"): 1,
    ("Claims", "awarded_people"): 1,
    ("Claims", "departed"): 2,
    ("Claims", "deemed"): 1,
    ("Claims", "staying"): 3,
    ("Claims", "staying_deemed"): 2,
    ("EnterpriseAnnuityStocks", "members"): 1,
    ("EnterpriseAnnuityStocks", "employer"): 1,
    ("EnterpriseAnnuityStocks", "accounts"): 1,
    ("EnterpriseAnnuityStocks", "drawing"): 1,
    ("PersonalPensionStocks", "saving"): 1,
    ("PersonalPensionStocks", "drawing"): 1,
    ("WorkInjuryStocks", "people"): 1,
    ("WorkInjuryStocks", "amounts"): 1,
    ("UnemploymentStocks", "members"): 2,
    ("UnemploymentStocks", "recipients"): 1,
    ("PublicPensionStocks", "staff"): 2,
    ("PublicPensionStocks", "pensioners"): 2,
    ("OccupationalAnnuityStocks", "staff"): 2,
    ("OccupationalAnnuityStocks", "pensioners"): 1,
}
# Arrays that have no axis of draws or groups to stack or to permute.
TABLES = {("EmployeePensionLaw", "annuity_divisor"), ("EmployeePensionLaw", "survivor_limits")}
TABLES |= {
    (kind.__name__, item.key.rsplit(".", 1)[1])
    for kind in SCHEME_TERMS
    for item in params(kind)
    if item.dims == ("table",)
}
NO_DRAW = {("Year", "newborn_shares")}
# What stays the same when all people are doubled; everything else doubles.
INTENSIVE = {
    "References": None,
    "Macro": None,
    "EarningsYear": None,
    "Participation": None,
    "LabourYear": ("finding_factor",),
    "Stocks": ("wages_m",),
    "JobConstants": None,
    "Intensities": None,
    "Work": ("survival", "wage_m"),
    "Moves": ("leaving", "converting", "upgrading"),
    "PublicPensionStocks": ("pay_index",),
    "PublicPensionConstants": None,
    "OccupationalAnnuityStocks": ("pay_index",),
    "OccupationalAnnuityConstants": None,
    "JobsYear": ("wage_m", "bargained_m", "tightness", "residual", "made_share"),
    "ResidentsStocks": ("income_level",),
    "ResidentsConstants": None,
    "EnterpriseAnnuityConstants": None,
    "PersonalPensionConstants": None,
    "WorkInjuryConstants": None,
    "UnemploymentConstants": None,
}
# Levers that are amounts of people or money, not rates.
ABSOLUTE = {
    "demography": ("net_migration", "out_migration", "hukou_conversion"),
    "labour": ("new_urban_employment_path", "skill_upgrades"),
}
SCHEME_ABSOLUTE = {"ResidentsPensionBehaviour": ("land_persons",)}


@dataclass(frozen=True, eq=False)
class World:
    """Everything that a year reads."""

    stocks: Stocks
    year: Year
    survival: np.ndarray
    inputs: Inputs
    constants: Constants

    @property
    def draws(self) -> int:
        return self.stocks.people.shape[0]


@cache
def calibrated(place: str, opening: date | None = None) -> Calibration:
    scenario = load_scenario("baseline", place=place, opening=opening)
    return calibrate(assemble(scenario.until(scenario.opening.year + 1), trace=False))


@cache
def baseline(place: str, end: int, opening: date | None = None) -> Inputs:
    return assemble(load_scenario("baseline", place=place, opening=opening, end=end), trace=False)


@cache
def history(place: str, end: int) -> engine.Run:
    found = calibrated(place)
    return engine.run(baseline(place, end), found.opening, found.constants)


def exogenous(scenario: Scenario) -> Scenario:
    """The scenario with job finding as calibrated, so that policy does not move wages and jobs."""
    return scenario.change("job_market.closure", "exogenous")


@cache
def exogenous_history(place: str, end: int) -> engine.Run:
    """The baseline without feedback from the labour market: for amounts that are known by hand."""
    found = calibrated(place)
    scenario = exogenous(load_scenario("baseline", place=place, end=end))
    return engine.run(assemble(scenario, trace=False), found.opening, found.constants)


def world_of(place: str, year: int, end: int = 2032) -> World:
    """The baseline's stocks and rates of a year."""
    inputs = baseline(place, end)
    at = year - inputs.first
    return World(
        stocks=history(place, end).stocks[at],
        year=inputs.years[at],
        survival=engine.survival_of(inputs)[at],
        inputs=inputs,
        constants=calibrated(place).constants,
    )


def mapped(value: Any, change: Callable[[str, str, np.ndarray], np.ndarray]) -> Any:
    """The same structure with every array replaced by change(class, field, array)."""

    def walk(owner: str, name: str, item: Any) -> Any:
        if isinstance(item, np.ndarray):
            return change(owner, name, item)
        if is_dataclass(item) and not isinstance(item, type):
            kind = type(item).__name__
            parts = {f.name: walk(kind, f.name, getattr(item, f.name)) for f in fields(item)}
            return type(item)(**parts)
        if isinstance(item, dict):
            return {key: walk(owner, str(key), part) for key, part in item.items()}
        if isinstance(item, tuple):
            return tuple(walk(owner, str(at), part) for at, part in enumerate(item))
        return item

    return walk("", "", value)


def arrays(value: Any) -> dict[str, np.ndarray]:
    """Every array inside a result, by path."""
    out: dict[str, np.ndarray] = {}

    def walk(path: str, item: Any) -> None:
        if isinstance(item, np.ndarray):
            out[path] = item
        elif is_dataclass(item):
            for part in fields(item):
                walk(f"{path}.{type(item).__name__}:{part.name}", getattr(item, part.name))
        elif isinstance(item, dict):
            for key, part in item.items():
                walk(f"{path}[{key}]", part)
        elif isinstance(item, tuple):
            for at, part in enumerate(item):
                walk(f"{path}[{at}]", part)

    walk("", value)
    return out


def owner_of(path: str) -> tuple[str, str]:
    """Class and field of the last dataclass on a path."""
    if "." not in path:
        return "", path
    owner, _, name = path.rsplit(".", 1)[1].partition(":")
    if name.startswith("measures["):
        return "Flows", name
    return owner, name.split("[")[0]


def draw_axis(owner: str, name: str) -> int:
    return LEADING.get((owner, name), 0)


def is_array_of_draws(owner: str, name: str, item: np.ndarray) -> bool:
    return (owner, name) not in TABLES | NO_DRAW and item.ndim > 0


# Shaking ----------------------------------------------------------------------------------------


def shaken_cells(stocks: Stocks, rng: np.random.Generator) -> Stocks:
    """Every cell with another number of people and, in proportion, all that they own."""
    people = stocks.people
    draws, groups, sexes, _, ages = people.shape
    size = rng.uniform(0.6, 1.6, (draws, groups, sexes, ages))
    track = rng.uniform(0.8, 1.25, (draws, groups, sexes, 1, 1))
    member = (size[..., None, :] * np.ones((1, 1, 1, 2, 1)))[..., MEMBER_AGES]
    pension = stocks.pension
    pensioners = pension.pensioners * size[..., None, :]
    # Richer or poorer pensioners, the same people: money moves apart from heads.
    pensioners[1] *= track
    balance = pension.balance * rng.uniform(0.5, 2.0, pension.balance.shape)
    shaken = PensionStocks(pension.rights * member, pension.deemed * member, pensioners, balance)
    macro = mapped(
        stocks.macro, lambda _owner, _name, item: item * rng.uniform(0.995, 1.005, item.shape)
    )
    schemes = {key: shaken_scheme(item, size, rng) for key, item in stocks.schemes.items()}
    return replace(
        stocks, people=people * size[..., None, :], pension=shaken, macro=macro, schemes=schemes
    )


def shaken_scheme(stocks: Any, size: np.ndarray, rng: np.random.Generator) -> Any:
    """A scheme's stocks with every cell scaled; accounts and the fund that holds them agree."""
    loose = LOOSE.get(type(stocks).__name__, ())
    moved = {name: getattr(stocks, name) for name in loose}
    moved = {name: item * rng.uniform(0.6, 1.6, item.shape) for name, item in moved.items()}
    stocks = replace(stocks, **moved)

    def scaled(_owner: str, _name: str, item: np.ndarray) -> np.ndarray:
        return item * size if item.shape[-3:] == size.shape[-3:] else item

    out = mapped(stocks, scaled)
    held = FUNDED.get(type(stocks).__name__)
    return out if held is None else replace(out, balance=held(out))


def _accounts(stocks: Any) -> np.ndarray:
    money = stocks.employer.sum(axis=0) + stocks.accounts[:2].sum(axis=0) + stocks.drawing[0]
    return money.sum(axis=(1, 2, 3))


def _savings(stocks: Any) -> np.ndarray:
    return (stocks.saving[1] + stocks.drawing[0]).sum(axis=(1, 2, 3))


# Money of a scheme that moves apart from heads.
LOOSE = {"WorkInjuryStocks": ("balance", "spent", "premiums")}
# Schemes whose fund is the sum of its members' accounts.
FUNDED: dict[str, Callable[[Any], np.ndarray]] = {
    "EnterpriseAnnuityStocks": _accounts,
    "PersonalPensionStocks": _savings,
    "OccupationalAnnuityStocks": lambda stocks: invested(stocks)[:, None, None, None],
}


def shaken_record(record: Record, rng: np.random.Generator) -> Record:
    """A record with every number moved by up to a tenth, within the lever's bounds."""
    changes = {}
    for item in fields(record):
        value = getattr(record, item.name)
        kept = (type(record).__name__, item.name) in TABLES or item.name in KEPT
        if kept or not isinstance(value, np.ndarray) or not np.isfinite(value).all():
            continue
        low, high = item.metadata["bounds"]
        span = (0.85, 0.97) if item.name in ONLY_DOWN else (0.9, 1.1)
        factor = rng.uniform(*((1.02, 1.06) if item.name == "demand" else span))
        changes[item.name] = np.clip(value * factor, low, high)
    return replace(record, **changes)


# Shares that must sum to one, and the switch of the divisor.
KEPT = {
    "increase_flat_share",
    "increase_years_share",
    "increase_amount_share",
    "increase_tilt_share",
    "divisor_by_month",
    "new_urban_employment_path",
    "scheme_start",
}
# More would insure more people than there are, need more bins, leave out a state, or leave no
# match that pays; demand only rises for the same reason.
ONLY_DOWN = {
    "coverage_formal",
    "minimum_years",
    "entry_formal_share",
    "entry_flexible_share",
    "participation_scale",
    "finding_rate",
    "employer_rate",
    "other_employer_rate",
    "minimum_wage_m",
    "outside_value",
    "outside_value_ratio",
    "bargaining_share",
    "indexed_share",
    "coverage",
    "coverage_factor",
}
RECORDS = (
    "pension",
    "labour_law",
    "economy",
    "demography",
    "labour",
    "jobs",
    "earnings",
    "behaviour",
)


PROGRAMMES = {
    "jobs": {"hiring_subsidy": 2_000.0, "job_subsidy_m": 50.0},
    "labour": {"skill_upgrades": 50_000.0, "mothers_gain": 0.02, "older_gain": 0.02},
}
SCHEME_PROGRAMMES = {
    "EnterpriseAnnuityTerms": {"talent_eligible_share": 0.02},
    "ResidentsPensionTerms": {"age_supplement_m": 20.0, "long_years_supplement_m": 5.0},
    "ResidentsPensionBehaviour": {
        "outreach": 2.0,
        "short_leavers_share": 0.9,
        "land_persons": 20_000.0,
    },
    "PoolingTerms": {
        "collection_target": 1.0,
        "deficit_subsidy_share": 0.5,
        "pension_delay_months": 2.0,
        "arrears_interest_rate": 0.05,
    },
    "PoolingBehaviour": {"detection_share": 0.8, "collection_response": 0.1},
}


def shaken(world: World, seed: int) -> World:
    """A random world near the given one."""
    rng = np.random.default_rng(seed)
    records = {name: shaken_record(getattr(world.year, name), rng) for name in RECORDS}
    # Programmes that the baseline does not have.
    for name, levers in PROGRAMMES.items():
        values = {key: np.full((1, 1, 1, 1), most * rng.uniform()) for key, most in levers.items()}
        records[name] = replace(records[name], **values)
    schemes = {kind: shaken_record(item, rng) for kind, item in world.year.schemes.items()}
    for kind, levers in SCHEME_PROGRAMMES.items():
        values = {key: np.full((1, 1, 1, 1), most * rng.uniform()) for key, most in levers.items()}
        schemes[kind] = replace(schemes[kind], **values)
    survival = world.survival ** rng.uniform(0.5, 1.5, (1, 1, 2, 1))
    return replace(
        world,
        stocks=shaken_cells(world.stocks, rng),
        year=replace(world.year, schemes=schemes, **records),
        survival=survival,
    )


def with_exogenous(world: World) -> World:
    """The world with job finding as calibrated in the place of the market for jobs."""
    jobs = replace(world.year.jobs, closure="exogenous")
    return replace(world, year=replace(world.year, jobs=jobs))


# What may be done to a world --------------------------------------------------------------------


def stacked(worlds: list[World]) -> World:
    """Several worlds of one draw as one world of several draws."""

    def together(parts: list[Any]) -> Any:
        found = [arrays(part) for part in parts]
        paths = iter(found[0])

        def join(owner: str, name: str, item: np.ndarray) -> np.ndarray:
            path = next(paths)
            if not is_array_of_draws(owner, name, item):
                return item
            return np.concatenate([part[path] for part in found], axis=draw_axis(owner, name))

        return mapped(parts[0], join)

    return World(
        stocks=together([world.stocks for world in worlds]),
        year=together([world.year for world in worlds]),
        survival=np.concatenate([world.survival for world in worlds]),
        inputs=worlds[0].inputs,
        constants=together([world.constants for world in worlds]),
    )


def draw_of(value: Any, draw: int, draws: int) -> Any:
    """One draw of a result, the axis kept."""

    def pick(owner: str, name: str, item: np.ndarray) -> np.ndarray:
        axis = draw_axis(owner, name)
        if item.ndim <= axis or item.shape[axis] != draws:
            return item
        return np.take(item, [draw], axis=axis)

    return mapped(value, pick)


def permuted(value: Any, order: tuple[int, ...]) -> Any:
    """A value with its groups in another order."""
    count = len(order)

    def turn(owner: str, name: str, item: np.ndarray) -> np.ndarray:
        if (owner, name) in TABLES:
            return item
        if (owner, name) == ("Year", "newborn_shares"):
            return item[list(order)][..., list(order)]
        axis = draw_axis(owner, name) + 1
        if item.ndim <= axis or item.shape[axis] != count:
            return item
        return np.take(item, order, axis=axis)

    return mapped(value, turn)


def permuted_world(world: World, order: tuple[int, ...]) -> World:
    inputs = world.inputs
    back = {old: new for new, old in enumerate(order)}

    def turned(pairs: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        return tuple((back[a], back[b]) for a, b in pairs)

    return World(
        stocks=permuted(world.stocks, order),
        year=permuted(world.year, order),
        survival=np.take(world.survival, order, axis=1)
        if world.survival.shape[1] == len(order)
        else world.survival,
        inputs=replace(
            inputs,
            conversion_pairs=turned(inputs.conversion_pairs),
            upgrade_pairs=turned(inputs.upgrade_pairs),
            relative_wage=np.take(inputs.relative_wage, order, axis=1),
        ),
        constants=permuted(world.constants, order),
    )


def doubled(world: World) -> World:
    """Twice the people and their money, and twice everything that is an absolute amount."""

    def twice(owner: str, name: str, item: np.ndarray) -> np.ndarray:
        return item if is_intensive(owner, name) else 2.0 * item

    records = {}
    for name, levers in ABSOLUTE.items():
        record = getattr(world.year, name)
        records[name] = replace(record, **{key: 2.0 * getattr(record, key) for key in levers})
    schemes = dict(world.year.schemes)
    for name, levers in SCHEME_ABSOLUTE.items():
        terms = schemes[name]
        schemes[name] = replace(terms, **{key: 2.0 * getattr(terms, key) for key in levers})
    year = replace(
        world.year,
        schemes=schemes,
        net_migrants=2.0 * world.year.net_migrants,
        joining_pensioners=2.0 * world.year.joining_pensioners,
        **records,
    )
    return replace(world, stocks=mapped(world.stocks, twice), year=year)


def is_intensive(owner: str, name: str) -> bool:
    if name.startswith("measures["):
        key, series = name.removeprefix("measures[").removesuffix("]").split("][")
        return SERIES[f"{key}.{series}"].aggregates != "sum"
    if owner not in INTENSIVE:
        return False
    names = INTENSIVE[owner]
    return names is None or name in names


def residents_agree(stocks: Stocks) -> None:
    """Pensioners by status are the residents among the fund's pensioners."""
    status = stocks.people[..., PENSIONER, :]
    cells = stocks.pension.pensioners[6].sum(axis=-2)
    np.testing.assert_allclose(status, cells, rtol=1e-10, atol=1e-9 * status.max())
