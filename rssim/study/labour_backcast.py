"""The labour side of a place, run from a census and held against published employment.

The labour block alone, without a fund: people by sex and age from a census, deaths, births and
the published totals of residents; participation calibrated on the starting day only; the chain
of working states. Nobody draws a pension here, so participation past the pension age is that of
all residents of the age. Everything comes from the place's own functions and tables; what they
are held against stands in the place's folder ``validation``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from rssim.axes import AGES, FLEXIBLE, FORMAL, OLDEST, OUT, SEXES, UNEMPLOYED
from rssim.cohorts.jobs import exogenous_intensities
from rssim.cohorts.labour import (
    LabourYear,
    labour_year,
    new_urban_employment,
    next_age,
    participation,
)
from rssim.cohorts.movement import births_of
from rssim.cohorts.opening import employed_of, opening_shares
from rssim.cohorts.population import death_intensity, life_table, survival_ratios
from rssim.cohorts.state import Constants
from rssim.cohorts.year import track_shares
from rssim.errors import CalibrationError
from rssim.inputs.assemble import Inputs, Year, assemble, rate_tables
from rssim.inputs.place import Place, load_place
from rssim.inputs.scenario import load_scenario
from rssim.inputs.tables import Table
from rssim.records import Array

if TYPE_CHECKING:
    import pandas as pd

PLACE = "guangzhou"
NATION = "china"
"""Places within it take their death and birth rates, to which their own scales apply, from it."""
OPENING = date(2024, 1, 1)
FIRST_REFORM_YEAR = 2025
"""Pension ages stood still before; the law of the opening year holds for every earlier year."""
FIRST_RATES_YEAR = 2016
"""The place's death and birth rates start here; earlier years take those of this one."""
RELATIVE_FERTILITY = 0.95
"""Residents' fertility relative to China. Source: rates/README.md of Guangzhou (assumption)."""
WORKING_AGE = 16
CENSUS_EDGES = (0, 1, *range(5, 90, 5))
TOLERANCE = 0.04
"""Level of employment after four years, set by the case before the run."""
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
    """

    inputs: Inputs
    mortality: Array
    fertility: Array
    sex_ratio: Array
    profiles: dict[str, Array]
    moments: dict[str, float]


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


@dataclass(frozen=True, eq=False)
class Backcast:
    """Tidy tables; units stand in ``attrs["units"]`` of each.

    employment  one row per run and year-end: published and model employment, gap
    census      one row per sex and age group: residents of the census of 2020 and of the run
    concepts    employment of yearbook, census and model in the two census years
    new_urban   new urban employment, one row per run and year with a published figure
    constants   what was calibrated, one row per run
    """

    employment: pd.DataFrame
    census: pd.DataFrame
    concepts: pd.DataFrame
    new_urban: pd.DataFrame
    constants: pd.DataFrame
    paths: dict[str, Path]


RUNS = {
    "from 2010": "residents as now published; the place's profile of migrants",
    "from 2015": "the same, calibrated anew at the end of 2015",
    "standard profile": "as from 2010, with the standard schedule of Rogers and Castro",
    "first published residents": "as from 2010, with the total of 2019 before its revision",
}


# What is published -----------------------------------------------------------------------------


def validation_table(place: Place, name: str, columns: list[str]) -> Table:
    """A table of the place's folder ``validation``."""
    return Table(place.file(f"validation/{name}.csv"), columns)


def published(place: Place, name: str, **only: str) -> pd.DataFrame:
    """Published figures by year: persons, kind, evidence, source [persons or persons/year]."""
    import pandas as pd

    columns = ["year", "persons", "kind", "evidence", "source", *only]
    table = validation_table(place, name, columns)
    frame = pd.DataFrame({"year": table.integers("year", 1900, 2100)})
    frame["persons"] = table.numbers("persons", 0.0)
    for column in (
        "kind",
        "evidence",
        "source",
        *only,
        *(["use"] if "use" in table.rows[0] else []),
    ):
        frame[column] = table.words(column)
    for column, value in only.items():
        frame = frame[frame[column] == value]
    return frame.set_index("year").sort_index()


def residents(place: Place, vintage: str = "in_force") -> dict[int, float]:
    """Residents at the end of each year [persons]; missing years grow at a constant rate."""
    found = published(place, "residents", vintage=vintage)["persons"]
    years = np.arange(found.index[0], found.index[-1] + 1)
    values = np.exp(np.interp(years, found.index, np.log(found.to_numpy())))
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


# The place without its groups ------------------------------------------------------------------


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
    """Law, behaviour and rates of a year for all residents as one group."""
    years = world.inputs.years
    like = (
        years[max(year, FIRST_REFORM_YEAR) - years[0].year]
        if year >= FIRST_REFORM_YEAR
        else years[0]
    )
    at = max(year, FIRST_RATES_YEAR) - FIRST_RATES_YEAR
    demography = replace(like.demography, fertility_scale=np.full((1, 1, 1, 1), RELATIVE_FERTILITY))
    return replace(
        like,
        year=year,
        demography=demography,
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
    return people[None, None] * (total / people.sum())


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
    start = Constants(*[unread] * 8)
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

    solution = root(gaps, np.array([0.4, -0.2]), tol=1e-12)
    if np.abs(solution.fun).max() > 1e-8:
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
    path = Path((start,), {start: states_of(inputs, constants)}, {}, {}, {}, {}, {}, constants)
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


# The tables ------------------------------------------------------------------------------------


def employed_in(people: Array) -> float:
    """Employed people of a day [persons]."""
    return float(people[..., FORMAL : FLEXIBLE + 1, :].sum())


def from_age(people: Array, age: int) -> float:
    """People of an age and above [persons]."""
    return float(people[..., age:].sum())


def employment_table(place: Place, paths: dict[str, Path]) -> pd.DataFrame:
    """Published and model employment at each year-end of each run."""
    import pandas as pd

    found = published(place, "employed")
    rows = []
    for run, path in paths.items():
        for year in path.years:
            people = path.people[year]
            employed, adults = employed_in(people), from_age(people, WORKING_AGE)
            force = employed + float(people[..., UNEMPLOYED, :].sum())
            known = year in found.index
            value = float(found["persons"].at[year]) if known else np.nan
            rows.append(
                {
                    "run": run,
                    "year": year,
                    "years_on": year - path.years[0],
                    "published": value,
                    "model": employed,
                    "gap": employed / value - 1.0,
                    "evidence": str(found["evidence"].at[year]) if known else "",
                    "residents": float(people.sum()),
                    "net_migration": path.net_migrants.get(year, np.nan),
                    "participation_rate": force / adults,
                    "unemployment_rate": 1.0 - employed / force,
                    "published_share": value / adults,
                }
            )
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {
        "published": "persons",
        "model": "persons",
        "gap": "share",
        "residents": "persons",
        "net_migration": "persons/year",
        "participation_rate": "share of those aged 16 and over",
        "unemployment_rate": "share of the labour force",
        "published_share": "share of the run's residents aged 16 and over",
    }
    return frame


def trend(place: Place, first: int, last: int, year: int) -> float:
    """Employment of a year if the growth between two others had gone on [persons].

    What a forecaster without a model would have said: the model must be held against it.
    """
    found = published(place, "employed")["persons"]
    growth = (found[last] / found[first]) ** (1.0 / (last - first))
    return float(found[last] * growth ** (year - last))


def census_table(place: Place, path: Path, year: int = 2020) -> pd.DataFrame:
    """Residents by sex and age group: the census and the run at its end, at the same total."""
    import pandas as pd

    counted = census_groups(place, year)
    model = grouped(path.people[year].sum(axis=-2)[0, 0])
    model = model * (counted.sum() / model.sum())
    rows = [
        {
            "sex": sex,
            "age_start": age,
            "census": counted[row, column],
            "model": model[row, column],
            "gap": model[row, column] / counted[row, column] - 1.0,
        }
        for row, sex in enumerate(SEXES)
        for column, age in enumerate(CENSUS_EDGES)
    ]
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {"census": "persons", "model": "persons", "gap": "share"}
    return frame


def concept_table(place: Place, path: Path) -> pd.DataFrame:
    """Employment by the yearbook, by the census and by the run in the census years.

    The census asks a sample who worked in a week; the yearbook's total is administrative.
    ln(model / yearbook) = ln(model / census) + ln(census / yearbook).
    """
    import pandas as pd

    columns = ["year", "from_age", "employed_share"]
    table = validation_table(place, "census_employment", columns)
    shares = table.numbers("employed_share", 0.0, 1.0)
    ages = table.integers("from_age", 0, OLDEST)
    yearbook = published(place, "employed")
    rows = []
    for at, year in enumerate(table.integers("year", 1900, 2100)):
        # Single ages of the census itself at the total of 31 December.
        lived = np.ones((len(SEXES), OLDEST + 1))
        people = single_ages(census_groups(place, int(year)), lived)
        people *= float(path.people[int(year)].sum()) / people.sum()
        census = float(shares[at]) * from_age(people, int(ages[at]))
        book, model = float(yearbook["persons"].at[year]), employed_in(path.people[int(year)])
        rows.append(
            {
                "year": int(year),
                "census_share": float(shares[at]),
                "from_age": int(ages[at]),
                "census": census,
                "yearbook": book,
                "yearbook_evidence": str(yearbook["evidence"].at[year]),
                "model": model,
                "model_to_census": np.log(model / census),
                "census_to_yearbook": np.log(census / book),
                "model_to_yearbook": np.log(model / book),
            }
        )
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {
        "census_share": "employed per person of from_age and over",
        "census": "persons at the year-end total",
        "yearbook": "persons",
        "model": "persons",
        "model_to_census": "log points",
        "census_to_yearbook": "log points",
        "model_to_yearbook": "log points",
    }
    return frame


def registration_share(path: Path, figures: pd.DataFrame) -> float:
    """Share of hires that is registered, least squares over the years of calibration [1].

    figures  published new urban employment by year, with the column ``use``
    """
    years = figures.index[figures["use"] == "calibration"]
    hires = np.array([float(path.labour[year].hires.sum()) for year in years])
    gross = np.array([figures["persons"].at[year] + path.attrition[year] for year in years])
    return float((hires * gross).sum() / (hires * hires).sum())


def new_urban_table(place: Place, paths: dict[str, Path]) -> pd.DataFrame:
    """New urban employment, published and by the measurement equation of the model."""
    import pandas as pd

    figures = published(place, "new_urban_employment")
    rows = []
    for run, path in paths.items():
        share = registration_share(path, figures)
        constants = replace(path.constants, registration_share=np.full((1, 1, 1, 1), share))
        for year in figures.index:
            if year not in path.labour:
                continue
            hires, attrition = path.labour[year].hires, np.array([path.attrition[year]])
            model = float(new_urban_employment(hires, attrition, constants)[0])
            value = float(figures["persons"].at[year])
            rows.append(
                {
                    "run": run,
                    "year": int(year),
                    "use": str(figures["use"].at[year]),
                    "published": value,
                    "model": model,
                    "gap": model / value - 1.0,
                    "hires": float(hires.sum()),
                    "attrition": path.attrition[year],
                    "registered_share": share,
                    "kind": str(figures["kind"].at[year]),
                    "evidence": str(figures["evidence"].at[year]),
                }
            )
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {
        "published": "persons/year",
        "model": "persons/year",
        "gap": "share",
        "hires": "persons/year",
        "attrition": "persons/year",
        "registered_share": "share of hires",
    }
    return frame


def constants_table(paths: dict[str, Path]) -> pd.DataFrame:
    """What each run was calibrated to: odds of participation and job intensities."""
    import pandas as pd

    names = ("participation_odds", "finding_rate", "flexible_entry_rate")
    rows = [
        {"run": run, "start": path.years[0]}
        | {name: float(getattr(path.constants, name).item()) for name in names}
        for run, path in paths.items()
    ]
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {
        "participation_odds": "multiplier of the odds of the place's table",
        "finding_rate": "1/year",
        "flexible_entry_rate": "1/year",
    }
    return frame


def backcast(place: str = PLACE) -> Backcast:
    """Employment, residents by age and new urban employment of a place, run and published.

    Four runs, see RUNS. Used from after the starting day: published totals of residents, the
    place's death and birth rates, and (but for ``standard profile``) an age profile of migrants
    fitted to both censuses. Not used: any employment after the starting day.
    Limits: one group of residents; deaths and births before 2016 at the rates of 2016; residents
    between published years at constant growth; no fund, no vacancies: job finding is constant.
    """
    world = world_of(place)
    where = world.inputs.place
    employed = published(where, "employed")["persons"]
    totals = residents(where)
    first = residents(where, "first_published")
    begin = census_population(world, 2010, totals[2010])
    long = run_path(world, 2010, begin, employed[2010], totals, "place")
    middle = long.people[2015].sum(axis=-2)
    paths = dict(
        zip(
            RUNS,
            (
                long,
                run_path(world, 2015, middle, employed[2015], totals, "place"),
                run_path(world, 2010, begin, employed[2010], totals, "standard"),
                run_path(world, 2010, begin, employed[2010], first, "place"),
            ),
            strict=True,
        )
    )
    whole = {run: paths[run] for run in ("from 2010", "from 2015", "standard profile")}
    return Backcast(
        employment=employment_table(where, paths),
        census=census_table(where, long),
        concepts=concept_table(where, long),
        new_urban=new_urban_table(where, whole),
        constants=constants_table(paths),
        paths=paths,
    )
