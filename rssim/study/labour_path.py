"""The labour block of a place alone, run from a census year with published totals of residents.

People by sex and age from a census, deaths, births, net migrants that meet the published total of
residents, participation calibrated on the starting day only, and the chain of working states.
Nobody draws a pension here, so participation past the pension age is that of all residents of
the age. The steps are the model's own functions; only the sum over groups is new.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from rssim.axes import AGES, FEMALE, FLEXIBLE, FORMAL, OUT, SEXES
from rssim.cohorts.jobs import exogenous_intensities
from rssim.cohorts.labour import LabourYear, labour_year, next_age, participation
from rssim.cohorts.movement import births_of
from rssim.cohorts.opening import employed_of, opening_shares
from rssim.cohorts.population import death_intensity, life_table, survival_ratios
from rssim.cohorts.state import Constants
from rssim.cohorts.year import track_shares
from rssim.errors import CalibrationError
from rssim.inputs.assemble import Inputs, Year, assemble, rate_tables
from rssim.inputs.place import load_place
from rssim.inputs.scenario import load_scenario
from rssim.records import Array
from rssim.study.labour_published import census_groups, single_ages

PLACE = "guangzhou"
NATION = "china"
"""Places within it take their death and birth rates, to which their own scales apply, from it."""
OPENING = date(2024, 1, 1)
FIRST_REFORM_YEAR = 2025
"""Pension ages stood still before; the law of the opening year holds for every earlier year."""
FIRST_RATES_YEAR = 2016
"""The place's death and birth rates start here; earlier years take those of this one."""
LATER_FERTILITY = 0.8
"""Fertility relative to China after the second census; before, a run is given one number.

It gives the 164 000 births a year of 2021 to 2023 from which the place's own levels were made.
Source: rates/README.md of Guangzhou (estimate).
"""
CENSUSES = (2010, 2020)
FIRST_LOGS = (0.4, -0.2)
"""Where the search for job finding and take-up of flexible work starts, logarithms of 1/year."""
CLOSE = 1e-8
STANDARD_MIGRATION = {
    "a1": 0.02, "alpha1": 0.1, "a2": 0.06, "alpha2": 0.1, "mu2": 20.0, "lambda2": 0.4, "c": 0.003,
}  # fmt: skip
"""Source: Rogers and Castro (1981), Model Migration Schedules, RR-81-30, standard schedule."""


@dataclass(frozen=True, eq=False)
class World:
    """What the back-cast takes from a place.

    inputs     baseline of the place, from its opening to the last year
    mortality  first year's row is FIRST_RATES_YEAR, (year, 1, 1, sex, age) [1/year], all residents
    fertility  (year, 1, 1, 1, age) [1/year]; sex_ratio (year, 1, 1)
    profiles   shares of net migrants by name, (1, 1, sex, age) [1], each sums to 1
    moments    unemployment rate and flexible share on the starting day [1]
    relative_fertility  fertility of residents relative to China until the second census [1]
    """

    inputs: Inputs
    mortality: Array
    fertility: Array
    sex_ratio: Array
    profiles: dict[str, Array]
    moments: dict[str, float]
    relative_fertility: float = LATER_FERTILITY


@dataclass(frozen=True, eq=False)
class Path:
    """One back-cast: stocks of 31 December of each year, flows of each year but the first.

    people  (1, 1, sex, state, age) [persons] by year-end
    labour  the working states of a year; births, deaths, net_migrants, attrition [persons/year]
    """

    years: tuple[int, ...]
    people: dict[int, Array]
    labour: dict[int, LabourYear]
    births: dict[int, float]
    deaths: dict[int, float]
    net_migrants: dict[int, float]
    attrition: dict[int, float]
    constants: Constants
    relative_fertility: float


def standard_profile() -> Array:
    """The standard migration schedule, sexes alike, (1, 1, sex, age) [1], sums to 1."""
    p, x = STANDARD_MIGRATION, np.array(AGES) + 0.5
    working = np.exp(-p["alpha2"] * (x - p["mu2"]) - np.exp(-p["lambda2"] * (x - p["mu2"])))
    shape = p["a1"] * np.exp(-p["alpha1"] * x) + p["a2"] * working + p["c"]
    both = np.broadcast_to(shape, (1, 1, len(SEXES), len(AGES)))
    return np.asarray(both / both.sum())


def world_of(place: str = PLACE, last: int = 2025) -> World:
    """The place as one group of residents.

    Death rates are the mean over the groups of the opening, weighted with their people.
    """
    inputs = assemble(
        load_scenario("baseline", place=place, opening=OPENING, end=last), trace=False
    )
    first, people = inputs.years[0], inputs.population
    scale = first.demography.mortality_scale * first.demography.mortality_variant
    weighted = (scale * people).sum(axis=1, keepdims=True)
    mean = weighted / people.sum(axis=1, keepdims=True)
    tables = rate_tables(load_place(NATION), FIRST_RATES_YEAR, last)
    moments = inputs.place.calibration[OPENING]
    return World(
        inputs=inputs,
        mortality=tables["death_rates"] * mean,
        fertility=tables["fertility"],
        sex_ratio=tables["sex_ratio_at_birth"],
        profiles={
            "place": first.in_profile.sum(axis=1, keepdims=True),
            "standard": standard_profile(),
        },
        moments={
            name: float(moments[name]["value"]) for name in ("unemployment_rate", "flexible_share")
        },
    )


def year_of(world: World, year: int) -> Year:
    """Law, behaviour and rates of a year for all residents as one group.

    Differences of participation between groups have no place here: its level is calibrated.
    """
    years = world.inputs.years
    like = years[year - years[0].year if year >= FIRST_REFORM_YEAR else 0]
    at = max(year, FIRST_RATES_YEAR) - FIRST_RATES_YEAR
    relative = world.relative_fertility if year <= CENSUSES[1] else LATER_FERTILITY
    demography = replace(like.demography, fertility_scale=np.full((1, 1, 1, 1), relative))
    return replace(
        like,
        year=year,
        demography=demography,
        labour=replace(like.labour, participation_scale=np.ones((1, 1, 1, 1))),
        death_rates=world.mortality[at],
        fertility=world.fertility[at],
        sex_ratio_at_birth=world.sex_ratio[at],
        newborn_shares=np.ones((1, len(SEXES), 1)),
    )


def survival_of(world: World, year: int) -> Array:
    """Share alive at the end of a year by age reached, (1, 1, sex, age) [1]."""
    return survival_ratios(life_table(year_of(world, year).death_rates))


def census_population(world: World, year: int, total: float) -> Array:
    """Residents by sex and single age at the end of a census year, (1, 1, sex, age) [persons].

    The census of 1 November at the total of 31 December.
    Limits: ages are two months too low.
    """
    lived = life_table(year_of(world, year).death_rates).Lx[0, 0]
    people = single_ages(census_groups(world.inputs.place, year), lived)
    return np.asarray(people[None, None] * (total / people.sum()))


def infants_fertility(world: World, people: Array) -> float:
    """Fertility relative to China that gives the infants counted in the first census [1].

    people  (1, 1, sex, age) [persons]  residents of the census year
    Uses nothing after the starting day. Limits: infants were undercounted.
    """
    year = CENSUSES[0]
    rates = year_of(world, year).fertility[0, 0, 0]
    born = float((rates * people[0, 0, FEMALE]).sum())
    reached = people[0, 0, :, 0] / survival_of(world, year)[0, 0, :, 0]
    return float(reached.sum()) / born


# Calibration on the starting day ---------------------------------------------------------------


def start_inputs(world: World, people: Array, year: int) -> Inputs:
    """Inputs of a run that starts after a year-end with these people."""
    return replace(world.inputs, population=people, years=(year_of(world, year + 1),))


def states_of(inputs: Inputs, constants: Constants) -> Array:
    """People by working state on the starting day, (1, 1, sex, state, age) [persons]."""
    nobody = np.zeros_like(inputs.population)
    shares, _ = opening_shares(inputs, nobody, constants)
    return np.asarray(shares * inputs.population[..., None, :])


def calibrated(inputs: Inputs, employed: float, moments: dict[str, float]) -> Constants:
    """Participation and job intensities that give a day's employment and both shares.

    employed  [persons]  published; the only figure of the day that is used besides the people
    moments   unemployment rate and flexible share [1]
    Raises CalibrationError where they cannot be met.
    """
    from scipy.optimize import brentq, root

    unread = np.full((1, 1, 1, 1), np.nan)
    start = Constants(
        participation_odds=unread,
        finding_rate=unread,
        flexible_entry_rate=unread,
        coverage=unread,
        declared_share=unread,
        pensioner_scale=unread,
        pension_scale=unread,
        registration_share=unread,
    )
    wanted = employed / (1.0 - moments["unemployment_rate"])

    def with_logs(odds: float, finding: float, take_up: float) -> Constants:
        values = np.exp([odds, finding, take_up]).reshape(3, 1, 1, 1, 1)
        return replace(
            start,
            participation_odds=values[0],
            finding_rate=values[1],
            flexible_entry_rate=values[2],
        )

    def totals(constants: Constants) -> dict[str, float]:
        found = employed_of(states_of(inputs, constants), np.zeros_like(inputs.population))
        return {name: float(value[0]) for name, value in found.items()}

    def force_gap(odds: float) -> float:
        return totals(with_logs(odds, 0.0, 0.0))["labour_force"] / wanted - 1.0

    odds = float(brentq(force_gap, np.log(0.02), np.log(50.0), xtol=1e-13, rtol=1e-14))

    def gaps(logs: Array) -> list[float]:
        found = totals(with_logs(odds, *logs))
        return [
            found["unemployed"] / found["labour_force"] / moments["unemployment_rate"] - 1.0,
            found["flexible"] / found["employed"] / moments["flexible_share"] - 1.0,
        ]

    with np.errstate(over="ignore", invalid="ignore"):  # far from a solution that does not exist
        solution = root(gaps, FIRST_LOGS, tol=1e-12)
    if not np.abs(solution.fun).max() < CLOSE:
        raise CalibrationError(
            f"unemployment_rate {moments['unemployment_rate']:g} and flexible_share "
            f"{moments['flexible_share']:g} cannot be met together: {solution.message}"
        )
    return with_logs(odds, *solution.x)


# The run ---------------------------------------------------------------------------------------


def natural_attrition(people: Array, kept: Array, year: Year) -> Array:
    """Employed people who die or reach their pension age in a year, (1,) [persons/year].

    people  (1, 1, sex, state, age)
    kept    (1, 1, sex, age) [1]  share alive at the end of the year
    The model with a fund counts those contributors who claim; without one, all employed people
    whose birth cohort reaches the age count.
    """
    employed = people[..., FORMAL : FLEXIBLE + 1, :].sum(axis=-2)
    reaching = (year.schedule.within * track_shares(year)).sum(axis=-2)
    lost = employed * (1.0 - kept) + employed * kept * reaching
    return np.asarray(lost.sum(axis=(1, 2, 3)))


def aged(end: Array) -> Array:
    """People one age further, (1, 1, sex, state, age) [persons]; age 0 is empty."""
    out = np.zeros_like(end)
    out[..., 1:] = end[..., :-1]
    out[..., -1] += end[..., -1]
    return out


def with_migrants(people: Array, net: float, profile: Array) -> Array:
    """People after the year's net migration, in the states of the residents of their age.

    people   (1, 1, sex, state, age) [persons]
    net      [persons/year]
    profile  (1, 1, sex, age) [1]
    """
    residents_of_age = people.sum(axis=-2, keepdims=True)
    states = np.divide(
        people, residents_of_age, out=np.zeros_like(people), where=residents_of_age > 0
    )
    states[..., OUT, :] += np.where(residents_of_age[..., 0, :] > 0, 0.0, 1.0)
    return np.asarray(people + states * (net * profile)[..., None, :])


def run_path(
    world: World, start: int, people: Array, employed: float, totals: dict[int, float], profile: str
) -> Path:
    """The labour block from the end of a year to the last year of the totals.

    people    (1, 1, sex, age) [persons]  residents at the end of the starting year
    employed  [persons]                   published for that day
    totals    residents at the end of each year [persons], met by net migration
    """
    inputs = start_inputs(world, people, start)
    constants = calibrated(inputs, employed, world.moments)
    path = Path(
        (start,),
        {start: states_of(inputs, constants)},
        {},
        {},
        {},
        {},
        {},
        constants,
        world.relative_fertility,
    )
    for year in range(start + 1, max(totals) + 1):
        before, this = path.people[year - 1], year_of(world, year)
        survival = survival_of(world, year)
        kept = next_age(survival)
        alive = before.sum(axis=-2)
        part = participation(
            inputs.participation,
            kept * alive,
            np.zeros_like(alive),
            this,
            track_shares(this),
            constants,
        )
        attrition = natural_attrition(before, kept, this)
        labour = labour_year(
            before,
            part.at_end,
            death_intensity(kept),
            attrition,
            this,
            exogenous_intensities(this, constants),
            constants,
        )
        after = aged(labour.end)
        born, newborn = births_of(before, after, this)
        after[..., OUT, 0] += newborn * survival[..., 0]
        net = totals[year] - float(after.sum())
        path.people[year] = with_migrants(after, net, world.profiles[profile])
        path.labour[year] = labour
        path.births[year] = float(born[0])
        path.deaths[year] = float(before.sum() + born[0] - after.sum())
        path.net_migrants[year] = net
        path.attrition[year] = float(attrition[0])
    return replace(path, years=tuple(range(start, max(totals) + 1)))
