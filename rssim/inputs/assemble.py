"""From a scenario to the arrays of every year: the only place where dates become numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from rssim.axes import AGES, OLDEST, SEXES, Axes
from rssim.dated import Dated
from rssim.errors import ParameterError, PlaceError
from rssim.inputs.assumptions import (
    Demography,
    Earnings,
    Economy,
    JobMarket,
    Labour,
    Pensions,
)
from rssim.inputs.place import PARAMS, Entry, Place
from rssim.inputs.scenario import Scenario, effective
from rssim.inputs.schedule import READS, Schedule, claim_types, schedule_of_year
from rssim.inputs.schema import lay_out
from rssim.inputs.tables import Table, by_sex_and_age
from rssim.records import Array, Record, Trace
from rssim.rules.law import EmployeePensionLaw, LabourLaw
from rssim.rules.scheme_terms import SchemeTerms
from rssim.rules.schemes import SCHEME_TERMS

R = TypeVar("R", bound=Record)
T = TypeVar("T", bound=SchemeTerms)
ROUNDING = 1e-9
LEAD = 2
"""Years before the run whose reference wage and growth the first year reads."""


@dataclass(frozen=True)
class Values:
    """A lever over the years of the run: numbers (year, draw, ...) and how much is published.

    published  (year,) share of the year in which a published or scenario value is in force
    """

    numbers: Array
    words: tuple[str, ...]
    published: Array


@dataclass(frozen=True)
class Year:
    """Everything that a year needs besides the stocks: law, assumptions and rates."""

    year: int
    pension: EmployeePensionLaw
    schedule: Schedule
    economy: Economy
    demography: Demography
    labour: Labour
    labour_law: LabourLaw
    jobs: JobMarket
    earnings: Earnings
    behaviour: Pensions
    death_rates: Array
    fertility: Array
    sex_ratio_at_birth: Array
    net_migrants: Array
    in_profile: Array
    out_profile: Array
    conversion_profile: Array
    newborn_shares: Array
    joining_pensioners: float
    joining_relative: float
    published: dict[str, float]
    schemes: dict[str, SchemeTerms] = field(default_factory=dict)

    def terms(self, kind: type[T]) -> T:
        """The record of a scheme, by its class."""
        found = self.schemes[kind.__name__]
        assert isinstance(found, kind)
        return found


@dataclass(frozen=True)
class Earlier:
    """Law and economy of a year before the run: what last year's values are read from."""

    year: int
    pension: EmployeePensionLaw
    economy: Economy


@dataclass(frozen=True)
class Inputs:
    """What an engine needs: opening population, tables and every year's law and rates."""

    axes: Axes
    place: Place
    scenario: Scenario
    years: tuple[Year, ...]
    population: Array
    participation: Array
    relative_wage: Array
    conversion_pairs: tuple[tuple[int, int], ...]
    upgrade_pairs: tuple[tuple[int, int], ...]
    earlier: tuple[Earlier, ...]
    trace: Trace

    @property
    def first(self) -> int:
        return self.years[0].year

    @property
    def last(self) -> int:
        return self.years[-1].year


def assemble(scenario: Scenario, trace: bool = True) -> Inputs:
    """The arrays of a run, from its first year to its last; reads are traced if asked."""
    place = scenario.place
    first, last = scenario.opening.year, scenario.end
    years = np.arange(first, last + 1)
    noted = Trace()
    values = _all_values(scenario, np.arange(first - LEAD, last + 1), noted)
    types, original = claim_types(scenario, first, last)
    for key in READS:
        for year in range(first, last + 1):
            noted.note(key, "inputs.schedule.claim_types", year)
    tables = rate_tables(place, first, last)
    joins, join_ratios = joining(place, years)
    out = []
    for at, year in enumerate(range(first, last + 1)):
        column = at + LEAD
        behaviour = _record(Pensions, values, column)
        records: dict[str, Any] = {
            "pension": _record(EmployeePensionLaw, values, column),
            "economy": _record(Economy, values, column),
            "demography": _record(Demography, values, column),
            "labour": _record(Labour, values, column),
            "labour_law": _record(LabourLaw, values, column),
            "jobs": _record(JobMarket, values, column),
            "earnings": _record(Earnings, values, column),
            "behaviour": behaviour,
        }
        terms = {kind.__name__: _record(kind, values, column) for kind in SCHEME_TERMS}
        if trace:
            for record in (*records.values(), *terms.values()):
                record.traced(noted, year)
        schedule = schedule_of_year(
            types, original, at, behaviour.early_share, behaviour.late_share
        )
        out.append(
            Year(
                year=year,
                schedule=schedule,
                joining_pensioners=float(joins[at]),
                joining_relative=float(join_ratios[at]),
                published={key: float(item.published[column]) for key, item in values.items()},
                schemes=terms,
                **records,
                **{name: table[at] for name, table in tables.items()},
            )
        )
    return Inputs(
        axes=place.axes,
        place=place,
        scenario=scenario,
        years=tuple(out),
        population=opening_population(place, scenario.opening),
        participation=by_sex_and_age(place.file("rates/participation.csv"), "rate", 0.0, 1.0)[
            None, None
        ],
        relative_wage=relative_wages(place),
        conversion_pairs=group_pairs(place, place.conversion),
        upgrade_pairs=group_pairs(place, place.upgrade),
        earlier=tuple(
            Earlier(
                year=first - LEAD + at,
                pension=_record(EmployeePensionLaw, values, at),
                economy=_record(Economy, values, at),
            )
            for at in range(LEAD)
        ),
        trace=noted,
    )


def _record(record: type[R], values: dict[str, Values], at: int) -> R:
    """One record with the values of one year."""
    out: dict[str, Any] = {}
    for item in fields(record):
        if "unit" in item.metadata:
            found = values[f"{record.module}.{item.name}"]
            out[item.name] = found.words[at] if found.words else found.numbers[at]
    return record(**out)


def _all_values(scenario: Scenario, years: np.ndarray, trace: Trace) -> dict[str, Values]:
    """Every lever over the years, those that follow another one last."""
    out: dict[str, Values] = {}
    waiting = []
    for key in PARAMS:
        if scenario.place.entries[key].index.rule in ("series", "value_of"):
            waiting.append(key)
        else:
            out[key] = _values(scenario, key, years)
    for key in waiting:
        entry = scenario.place.entries[key]
        source = entry.index.series
        if source not in out:
            raise ParameterError(
                f"{entry.file}: {key} follows {source}, which itself follows another value."
            )
        out[key] = _followed(scenario, key, years, out[source])
        last = entry.index.last
        for year in years:
            if last is not None and year > last.year and not _changed_by(scenario, key, int(year)):
                trace.note(source, f"index of {key}", int(year))
    return out


def _changed_by(scenario: Scenario, key: str, year: int) -> bool:
    steps = scenario.changes.get(key)
    return steps is not None and steps[0].since.year <= year


def weights_by_year(
    dated: Dated, years: np.ndarray, gap: tuple[float, float] = (np.inf, np.inf)
) -> tuple[Array, list[Any]]:
    """Day shares (step, year) of each step in each year, and the steps' values.

    gap  first day (ordinal) in which no step holds and the first day after it
    """
    steps = dated.effective().steps
    starts = np.array([step.since.toordinal() for step in steps], dtype=float)
    ends = np.append(starts[1:], np.inf)[: len(starts)]
    begin = np.array([date(int(year), 1, 1).toordinal() for year in years], dtype=float)
    finish = np.array([date(int(year) + 1, 1, 1).toordinal() for year in years], dtype=float)
    low = np.maximum(starts[:, None], begin[None])
    high = np.minimum(ends[:, None], finish[None])
    days = np.maximum(high - low, 0.0)
    closed = np.maximum(np.minimum(high, gap[1]) - np.maximum(low, gap[0]), 0.0)
    shares: Array = (days - closed) / (finish - begin)
    return shares, [step.value for step in steps]


def _gap(scenario: Scenario, entry: Entry) -> tuple[float, float]:
    """The days in which the year's formula takes over from published values."""
    if entry.index.rule != "model" or entry.index.last is None:
        return (np.inf, np.inf)
    steps = scenario.changes.get(entry.param.key)
    end = float(steps[0].since.toordinal()) if steps else np.inf
    return (float(entry.index.last.toordinal()) + 1.0, end)


def _values(scenario: Scenario, key: str, years: np.ndarray) -> Values:
    """A lever over the years: day-weighted means, words, and the published share of each year."""
    entry = scenario.place.entries[key]
    dated = effective(scenario, key)
    by_formula = entry.index.rule == "model"
    if not dated.steps:
        nothing = np.zeros(len(years))
        return Values(np.full((len(years), 1, 1, 1, 1), np.nan), (), nothing)
    weights, raw = weights_by_year(dated, years, _gap(scenario, entry))
    total = weights.sum(axis=0)
    published = np.minimum(total, 1.0) if by_formula else np.ones(len(years))
    in_run = years >= scenario.opening.year
    if entry.param.choices:
        whole = (weights.max(axis=0) > 1.0 - ROUNDING) | ~in_run
        if not whole.all():
            raise ParameterError(
                f"{scenario.name}: {key}: a rule may change on 1 January only (year "
                f"{int(years[np.argmin(whole)])})."
            )
        return Values(np.zeros(0), tuple(str(raw[at]) for at in weights.argmax(axis=0)), published)
    if not by_formula and total[in_run].min() < 1.0 - ROUNDING:
        year = int(years[in_run][np.argmin(total[in_run])])
        raise PlaceError(
            f"{entry.file}: {key} has no value for the whole of {year}; add an earlier step."
        )
    tables = [lay_out(value, entry.param, scenario.place.axes.group_names) for value in raw]
    if entry.param.dims == ("table",):
        return Values(np.stack([tables[at] for at in weights.argmax(axis=0)]), (), published)
    shape = np.broadcast_shapes(*(table.shape for table in tables))
    stack = np.stack([np.broadcast_to(table, shape) for table in tables])
    shares = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    numbers = np.tensordot(shares.T, stack, axes=1)
    known = (total > 0).reshape(-1, *[1] * (numbers.ndim - 1))
    return Values(np.where(known, numbers, np.nan), (), published)


def _followed(scenario: Scenario, key: str, years: np.ndarray, source: Values) -> Values:
    """A value that goes on with another one after its last published day."""
    entry = scenario.place.entries[key]
    index = entry.index
    own = _values(scenario, key, years)
    steps = scenario.changes.get(key)
    changed_from = steps[0].since.year if steps else 10**6
    numbers = np.array(own.numbers)
    if index.last is None:
        return own
    level = lay_out(entry.dated.on(index.last), entry.param, scenario.place.axes.group_names)
    for year in (*np.arange(index.last.year + 1, int(years[0])), *years):
        if year <= index.last.year:
            continue
        at = int(year) - int(years[0])
        if index.rule == "value_of":
            level = source.numbers[max(at, 0)]
        else:
            growth = source.numbers[min(max(at - index.lag, 0), len(years) - 1)]
            level = level * (1.0 + growth)
            if index.rounding > 0:
                level = np.round(level / index.rounding) * index.rounding
        if at >= 0 and year < changed_from:
            numbers[at] = np.broadcast_to(level, numbers[at].shape)
    return Values(numbers, own.words, own.published)


# Tables of the place ----------------------------------------------------------------------------


def opening_population(place: Place, opening: date) -> Array:
    """People on the opening day, (1, group, sex, age) [persons]."""
    path = place.openings[opening]
    table = Table(path, ["group", "sex", "age", "persons"])
    axes: dict[str, Any] = {"group": place.axes.group_names, "sex": SEXES, "age": AGES}
    return table.grid("persons", axes, 0.0)[None]


def _yearly(path: Path, value: str, years: np.ndarray, low: float = -np.inf) -> Array:
    """A table by year, sex and age as (year, sex, age) for the years of the run."""
    table = Table(path, ["year", "sex", "age", value])
    found = sorted(set(table.integers("year", 1800, 2500).tolist()))
    grid = table.grid(value, {"year": found, "sex": SEXES, "age": AGES}, low)
    return np.asarray(grid[_positions(path, found, years)])


def _positions(path: Path, found: list[int], years: np.ndarray) -> list[int]:
    missing = [int(year) for year in years if int(year) not in set(found)]
    if missing:
        raise PlaceError(
            f"{path}: has no rows for {', '.join(map(str, missing[:5]))}; it covers {found[0]} to "
            f"{found[-1]}."
        )
    return [found.index(int(year)) for year in years]


_TABLES: dict[tuple[tuple[Path, ...], int, int], dict[str, Array]] = {}


def rate_tables(place: Place, first: int, last: int) -> dict[str, Array]:
    """Death, birth, migration and group tables of the years, read once in a process.

    The arrays are shared between runs and cannot be written.
    """
    key = (place.folders, first, last)
    if key not in _TABLES:
        years = np.arange(first, last + 1)
        found = _rate_tables(place, years) | {"newborn_shares": newborn_shares(place, years)}
        for values in found.values():
            values.flags.writeable = False
        _TABLES[key] = found
    return _TABLES[key]


def _rate_tables(place: Place, years: np.ndarray) -> dict[str, Array]:
    """Death, birth and migration tables over the years, with all axes present."""
    groups = len(place.axes.groups)
    deaths = _yearly(place.file("rates/mortality.csv"), "mx", years, 0.0)[:, None, None]
    path = place.file("rates/fertility.csv")
    table = Table(path, ["year", "age", "asfr"])
    found = sorted(set(table.integers("year", 1800, 2500).tolist()))
    fertile = sorted(set(table.integers("age", 0, OLDEST).tolist()))
    asfr = table.grid("asfr", {"year": found, "age": fertile}, 0.0)[_positions(path, found, years)]
    fertility = np.zeros((len(years), 1, 1, 1, OLDEST + 1))
    fertility[:, 0, 0, 0, fertile] = asfr
    path = place.file("rates/sex_ratio_at_birth.csv")
    table = Table(path, ["year", "srb"])
    found = sorted(table.integers("year", 1800, 2500).tolist())
    ratio = table.grid("srb", {"year": found}, 0.5, 2.0)[_positions(path, found, years)]
    cells = (groups, len(SEXES), OLDEST + 1)
    net = np.zeros((len(years), 1, *cells))
    incoming = np.zeros((len(years), 1, *cells))
    outgoing = np.zeros((len(years), 1, *cells))
    if place.has("rates/migration_profile.csv"):
        shares = _migration_profile(place, int(years[0]))
        incoming += shares[0]
        outgoing += shares[1]
    elif place.has("rates/net_migration.csv"):
        table_net = _yearly(place.file("rates/net_migration.csv"), "persons", years)
        net += table_net[:, None, None]
    conversion = np.zeros((len(years), 1, 1, len(SEXES), OLDEST + 1))
    if place.conversion:
        conversion += by_sex_and_age(place.file("rates/conversion_profile.csv"), "share")
    return {
        "death_rates": deaths,
        "fertility": fertility,
        "sex_ratio_at_birth": ratio.reshape(-1, 1, 1),
        "net_migrants": net,
        "in_profile": incoming,
        "out_profile": outgoing,
        "conversion_profile": conversion,
    }


def _migration_profile(place: Place, opening: int) -> tuple[Array, Array]:
    """Shares of net arrivals and relative leaving rates by cell, (1, group, sex, age).

    A profile by hukou is split by skill as the birth cohort's attainment; who leaves does not
    depend on skill.
    """
    path = place.file("rates/migration_profile.csv")
    groups = place.axes.groups
    arriving = np.zeros((len(groups), len(SEXES), OLDEST + 1))
    leaving = np.zeros_like(arriving)
    if "hukou" in place.group_axes:
        table = Table(path, ["hukou", "sex", "age", "in_share", "out_rate"])
        origins = sorted({group.attributes["hukou"] for group in groups})
        axes: dict[str, Any] = {"hukou": origins, "sex": SEXES, "age": AGES}
        incoming = table.grid("in_share", axes)
        outgoing = table.grid("out_rate", axes, 0.0)
        shares = attainment(place, [opening - age for age in AGES])
        for at, group in enumerate(groups):
            row = origins.index(group.attributes["hukou"])
            skill = shares[group.attributes["skill"]][:, :, row].T
            arriving[at] = incoming[row] * skill
            leaving[at] = outgoing[row]
    else:
        arriving[:] = by_sex_and_age(path, "share", -1.0, 1.0)[None] / len(groups)
    total = arriving.sum()
    if abs(total - 1.0) > 1e-3:
        raise PlaceError(f"{path}: the shares of arrivals sum to {total:.6f}, they must sum to 1.")
    return arriving[None] / total, leaving[None]


def attainment(place: Place, cohorts: list[int]) -> dict[str, Array]:
    """Skill of birth cohorts by sex and hukou: skill -> (cohort, sex, hukou) shares [1]."""
    groups = place.axes.groups
    path = place.file("rates/attainment.csv")
    skills = sorted({group.attributes["skill"] for group in groups})
    origins = sorted({group.attributes["hukou"] for group in groups})
    table = Table(path, ["birth_year", "sex", "hukou", *skills])
    found = sorted(set(table.integers("birth_year", 1800, 2500).tolist()))
    axes: dict[str, Any] = {"birth_year": found, "sex": SEXES, "hukou": origins}
    at = _positions(path, found, np.array(cohorts))
    shares = {skill: table.grid(skill, axes, 0.0, 1.0)[at] for skill in skills}
    sums = np.asarray(sum(shares.values()))
    if np.abs(sums - 1.0).max() > 1e-4:
        raise PlaceError(f"{path}: the shares of a birth year, sex and hukou must sum to 1.")
    return {skill: share / sums for skill, share in shares.items()}


def joining(place: Place, years: np.ndarray) -> tuple[Array, Array]:
    """Pensioners of other schemes who join in each year [persons] and their relative pension."""
    people, relative = np.zeros(len(years)), np.ones(len(years))
    if place.has("stocks/merger.csv"):
        table = Table(
            place.file("stocks/merger.csv"), ["year", "retirees_joining", "relative_pension"]
        )
        found = table.integers("year", 1800, 2500)
        joins = table.numbers("retirees_joining", 0.0)
        ratios = table.numbers("relative_pension", 0.0, 20.0)
        for year, join, ratio in zip(found, joins, ratios, strict=True):
            hits = np.flatnonzero(years == year)
            people[hits], relative[hits] = join, ratio
    return people, relative


def relative_wages(place: Place) -> Array:
    """Wage of a cell relative to the mean of employees, (1, group, sex, age) [1]."""
    path = place.file("rates/relative_wage.csv")
    table = Table(path, ["factor", "label", "value"])
    factors = table.words("factor", ["age", "sex", "skill"])
    labels, values = table.words("label"), table.numbers("value", 0.0, 100.0)
    found: dict[str, dict[str, float]] = {"age": {}, "sex": {}, "skill": {}}
    for factor, label, value in zip(factors, labels, values, strict=True):
        found[factor][label] = float(value)
    missing = [sex for sex in SEXES if sex not in found["sex"]]
    if missing:
        raise PlaceError(f"{path}: factor sex: the label {missing[0]} is missing.")
    ages = np.array([int(label) for label in found["age"]])
    if not ages.size or ages.min() > 16:
        raise PlaceError(f"{path}: factor age: needs starting ages from 16 or below.")
    order = np.argsort(ages)
    points = np.array([found["age"][str(age)] for age in ages[order]])
    by_age = np.interp(np.array(AGES), ages[order], points)
    by_sex = np.array([found["sex"][sex] for sex in SEXES])
    by_group = np.ones(len(place.axes.groups))
    for at, group in enumerate(place.axes.groups):
        skill = group.attributes.get("skill")
        if skill is not None:
            if skill not in found["skill"]:
                raise PlaceError(f"{path}: factor skill: the label {skill} is missing.")
            by_group[at] = found["skill"][skill]
    return np.asarray(by_group[:, None, None] * by_sex[None, :, None] * by_age)[None]


def group_pairs(place: Place, move: dict[str, str]) -> tuple[tuple[int, int], ...]:
    """Positions of the groups that people leave and enter in a move along one of their axes.

    move  axis, from and to, as place.yaml gives them; empty where there is no such move
    """
    if not move:
        return ()
    axis, origin, target = str(move["axis"]), str(move["from"]), str(move["to"])
    pairs = []
    for at, group in enumerate(place.axes.groups):
        if group.attributes.get(axis) != origin:
            continue
        wanted = group.attributes | {axis: target}
        hits = [to for to, other in enumerate(place.axes.groups) if other.attributes == wanted]
        if len(hits) != 1:
            raise PlaceError(
                f"{place.key}: no single group of {axis} {target} matches {group.name}."
            )
        pairs.append((at, hits[0]))
    return tuple(pairs)


def newborn_shares(place: Place, years: np.ndarray) -> Array:
    """Where the children of each group's mothers belong, (year, mother group, sex, group) [1].

    Children keep the hukou of their mother and carry the skill that their birth cohort will
    reach, so that the group of a person changes by training and conversion only.
    """
    groups = place.axes.groups
    out = np.zeros((len(years), len(groups), len(SEXES), len(groups)))
    if not any("skill" in group.attributes for group in groups):
        out[:] = np.eye(len(groups))[None, :, None, :]
        return out
    shares = attainment(place, [int(year) for year in years])
    origins = sorted({group.attributes["hukou"] for group in groups})
    for mother, group in enumerate(groups):
        hukou = group.attributes["hukou"]
        for child, other in enumerate(groups):
            if other.attributes["hukou"] == hukou:
                share = shares[other.attributes["skill"]][:, :, origins.index(hukou)]
                out[:, mother, :, child] = share
    return out
