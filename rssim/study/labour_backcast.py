"""The labour side of a place, run from a census and held against published employment.

Every run is :func:`rssim.study.labour_path.run_path`; here they are chosen and turned into tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rssim.axes import FLEXIBLE, FORMAL, OLDEST, SEXES, UNEMPLOYED
from rssim.cohorts.labour import new_urban_employment
from rssim.inputs.place import Place
from rssim.records import Array
from rssim.study.labour_path import (
    CENSUSES,
    PLACE,
    Path,
    World,
    census_population,
    infants_fertility,
    run_path,
    world_of,
)
from rssim.study.labour_published import (
    CENSUS_EDGES,
    census_groups,
    column,
    grouped,
    persons,
    published,
    residents,
    trend,
    validation_table,
)

if TYPE_CHECKING:
    import pandas as pd

WORKING_AGE = 16
SECOND_START = 2015
TOLERANCE = 0.04
"""Gap of employment after four years that the case allows; set before the run."""
TOLERANCE_YEARS = 4
CHILDREN = 10
"""Children below this age were born between the censuses."""
MAIN = "from 2010"
RUNS = {
    MAIN: "residents as now published; the place's age profile of migrants; births that give the "
    "children of the second census",
    "from 2015": "the same people, calibrated anew at the end of 2015",
    "first census only": "as from 2010, with the standard schedule of Rogers and Castro and births "
    "that give the infants of the first census",
    "first published residents": "as from 2010, with the total of 2019 before its revision",
}
LONG_RUNS = tuple(RUNS)[:3]


@dataclass(frozen=True, eq=False)
class Backcast:
    """Tidy tables; the units of their columns stand in ``attrs["units"]``.

    employment  run and year-end: published and model employment, gap
    census      sex and age group: residents of the second census and of the main run
    parts       what the gap of the main run is made of, in both census years
    new_urban   run and year: new urban employment, published and by the measurement equation
    constants   run: what was calibrated
    paths       the runs themselves
    """

    employment: pd.DataFrame
    census: pd.DataFrame
    parts: pd.DataFrame
    new_urban: pd.DataFrame
    constants: pd.DataFrame
    paths: dict[str, Path]


def backcast(place: str = PLACE) -> Backcast:
    """Employment, residents by age and new urban employment of a place, run and published.

    Used from after the starting day: published totals of residents, death and birth rates, and
    (but for ``first census only``) an age profile of migrants and a level of births fitted to both
    censuses. Not used: any employment after the starting day.
    Limits: one group of residents; deaths and births before 2016 at the rates of 2016; residents
    between published years at constant growth; no fund, no vacancies: job finding is constant.
    """
    world = world_of(place)
    where = world.inputs.place
    paths = runs(world)
    return Backcast(
        employment=employment_table(where, paths),
        census=census_table(where, paths[MAIN]),
        parts=parts_table(world, paths[MAIN]),
        new_urban=new_urban_table(where, {name: paths[name] for name in LONG_RUNS}),
        constants=constants_table(paths),
        paths=paths,
    )


def runs(world: World) -> dict[str, Path]:
    """The runs of RUNS by name."""
    place, start = world.inputs.place, CENSUSES[0]
    employed, totals = persons(published(place, "employed")), residents(place)
    begin = census_population(world, start, totals[start])
    world = replace(world, relative_fertility=fitted_fertility(world, begin))
    known = replace(world, relative_fertility=infants_fertility(world, begin))
    first = residents(place, "first_published")

    long = run_path(world, start, begin, employed[start], totals, "place")
    middle = long.people[SECOND_START].sum(axis=-2)
    found = (
        long,
        run_path(world, SECOND_START, middle, employed[SECOND_START], totals, "place"),
        run_path(known, start, begin, employed[start], totals, "standard"),
        run_path(world, start, begin, employed[start], first, "place"),
    )
    return dict(zip(RUNS, found, strict=True))


def fitted_fertility(world: World, begin: Array) -> float:
    """Fertility relative to China at which the run has the children of the second census [1].

    begin  (1, 1, sex, age) [persons]  residents at the end of the first census year
    One number for all years between the censuses; it uses people only, not employment.
    """
    from scipy.optimize import brentq

    place, last = world.inputs.place, CENSUSES[1]
    employed = persons(published(place, "employed"))[CENSUSES[0]]
    totals = {year: value for year, value in residents(place).items() if year <= last}
    counted = census_population(world, last, totals[last])[..., :CHILDREN].sum()

    def gap(relative: float) -> float:
        trial = replace(world, relative_fertility=relative)
        path = run_path(trial, CENSUSES[0], begin, employed, totals, "place")
        return float(path.people[last][..., :CHILDREN].sum() / counted - 1.0)

    return float(brentq(gap, 0.1, 2.0, xtol=1e-8))


# Employment ------------------------------------------------------------------------------------


def employed_by_age(people: Array) -> Array:
    """Employed people by age, (1, 1, sex, age) [persons], of people by state."""
    return np.asarray(people[..., FORMAL : FLEXIBLE + 1, :].sum(axis=-2))


def employment_table(place: Place, paths: Mapping[str, Path]) -> pd.DataFrame:
    """Published and model employment at each year-end of each run."""
    import pandas as pd

    found = published(place, "employed")
    values, evidence = persons(found), column(found, "evidence")
    rows = []
    for run, path in paths.items():
        for year, people in path.people.items():
            employed = float(employed_by_age(people).sum())
            unemployed = float(people[..., UNEMPLOYED, :].sum())
            adults = float(people[..., WORKING_AGE:].sum())
            value = values.get(year, np.nan)
            row = {
                "run": run,
                "year": year,
                "years_on": year - path.years[0],
                "published": value,
                "evidence": evidence.get(year, ""),
                "model": employed,
                "gap": employed / value - 1.0,
                "residents": float(people.sum()),
                "net_migration": path.net_migrants.get(year, np.nan),
                "adults": adults,
                "participation_rate": (employed + unemployed) / adults,
                "unemployment_rate": unemployed / (employed + unemployed),
            }
            rows.append(row)
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {
        **dict.fromkeys(("published", "model", "residents", "adults"), "persons"),
        "net_migration": "persons/year",
        "gap": "share of the published figure",
        "participation_rate": "share of adults, 16 and over",
        "unemployment_rate": "share of the labour force",
    }
    return frame


def case_table(place: Place, employment: pd.DataFrame) -> pd.DataFrame:
    """The case: the gap four years after each start, with what a trend would have given.

    The trend goes on with the growth of published employment 2010 to 2015, which the second
    start could know and the first one could not.
    """
    import pandas as pd

    rows = []
    for run in (MAIN, "from 2015"):
        part = employment[employment["run"] == run]
        row = part[part["years_on"] == TOLERANCE_YEARS].iloc[0]
        year, value = int(row["year"]), float(row["published"])
        known = run != MAIN
        guess = trend(place, CENSUSES[0], SECOND_START, year) if known else np.nan
        rows.append(
            {
                "run": run,
                "year": year,
                "published": value,
                "model": float(row["model"]),
                "gap": float(row["gap"]),
                "tolerance": TOLERANCE,
                "met": abs(float(row["gap"])) <= TOLERANCE,
                "trend": guess,
                "trend_gap": guess / value - 1.0,
            }
        )
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {
        **dict.fromkeys(("published", "model", "trend"), "persons"),
        **dict.fromkeys(("gap", "trend_gap", "tolerance"), "share of the published figure"),
    }
    return frame


def census_table(place: Place, path: Path) -> pd.DataFrame:
    """Residents by sex and age group: the second census, and the run at the census total."""
    import pandas as pd

    year = CENSUSES[1]
    counted = census_groups(place, year)
    model = grouped(path.people[year].sum(axis=-2)[0, 0])
    model = model * (counted.sum() / model.sum())
    rows = [
        {
            "sex": sex,
            "age_start": age,
            "census": counted[row, at],
            "model": model[row, at],
            "gap": model[row, at] / counted[row, at] - 1.0,
        }
        for row, sex in enumerate(SEXES)
        for at, age in enumerate(CENSUS_EDGES)
    ]
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {"census": "persons", "model": "persons", "gap": "share of the census"}
    return frame


def parts_table(world: World, path: Path) -> pd.DataFrame:
    """What the gap to the yearbook is made of in both census years [log points].

    ln(model / yearbook) = ages + participation + concept, with
    ages           ln(model / model's employed shares by age applied to the census's people)
    participation  ln(the latter / employed people of the census)
    concept        ln(employed people of the census / yearbook)
    The census asks a sample who worked in a week; the yearbook's total is administrative.
    """
    import pandas as pd

    place = world.inputs.place
    table = validation_table(place, "census_employment", ["year", "from_age", "employed_share"])
    shares = table.numbers("employed_share", 0.0, 1.0)
    ages = table.integers("from_age", 0, OLDEST)
    found = published(place, "employed")
    values, evidence = persons(found), column(found, "evidence")
    rows = []
    for at, year in enumerate(table.integers("year", 1900, 2100).tolist()):
        people = path.people[year]
        counted = census_population(world, year, float(people.sum()))
        employed = employed_by_age(people)
        at_census_ages = float((counted * employed / people.sum(axis=-2)).sum())
        census = float(shares[at] * counted[..., ages[at] :].sum())
        model = float(employed.sum())
        row = {
            "year": year,
            "census_share": float(shares[at]),
            "from_age": int(ages[at]),
            "model": model,
            "at_census_ages": at_census_ages,
            "census": census,
            "yearbook": values[year],
            "evidence": evidence[year],
            "ages": np.log(model / at_census_ages),
            "participation": np.log(at_census_ages / census),
            "concept": np.log(census / values[year]),
            "total": np.log(model / values[year]),
        }
        rows.append(row)
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {
        "census_share": "employed per person of from_age and over",
        **dict.fromkeys(("model", "at_census_ages", "census", "yearbook"), "persons, 31 December"),
        **dict.fromkeys(("ages", "participation", "concept", "total"), "log points"),
    }
    return frame


# New urban employment --------------------------------------------------------------------------


def registration_share(path: Path, figures: pd.DataFrame) -> float:
    """Share of hires that is registered, least squares over the years of calibration [1].

    figures  published new urban employment with the column ``use``
    """
    values, use = persons(figures), column(figures, "use")
    years = [year for year in values if use[year] == "calibration"]
    hires = np.array([float(path.labour[year].hires.sum()) for year in years])
    gross = np.array([values[year] + path.attrition[year] for year in years])
    return float((hires * gross).sum() / (hires * hires).sum())


def new_urban_table(place: Place, paths: Mapping[str, Path]) -> pd.DataFrame:
    """New urban employment, published and by the measurement equation of the model."""
    import pandas as pd

    figures = published(place, "new_urban_employment")
    values = persons(figures)
    words = {name: column(figures, name) for name in ("use", "kind", "evidence")}
    rows = []
    for run, path in paths.items():
        share = registration_share(path, figures)
        constants = replace(path.constants, registration_share=np.full((1, 1, 1, 1), share))
        for year in (year for year in values if year in path.labour):
            hires, attrition = path.labour[year].hires, np.array([path.attrition[year]])
            model = float(new_urban_employment(hires, attrition, constants)[0])
            row = {
                "run": run,
                "year": year,
                "published": values[year],
                "model": model,
                "gap": model / values[year] - 1.0,
                "hires": float(hires.sum()),
                "attrition": path.attrition[year],
                "registered_share": share,
            }
            rows.append(row | {name: word[year] for name, word in words.items()})
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {
        **dict.fromkeys(("published", "model", "hires", "attrition"), "persons/year"),
        "gap": "share of the published figure",
        "registered_share": "share of hires",
    }
    return frame


def constants_table(paths: Mapping[str, Path]) -> pd.DataFrame:
    """What each run was calibrated to: odds of participation, job intensities, births."""
    import pandas as pd

    names = ("participation_odds", "finding_rate", "flexible_entry_rate")
    rows = [
        {"run": run, "start": path.years[0], "relative_fertility": path.relative_fertility}
        | {name: float(getattr(path.constants, name).item()) for name in names}
        for run, path in paths.items()
    ]
    frame = pd.DataFrame(rows)
    frame.attrs["units"] = {
        "relative_fertility": "multiplier of China's rates to the second census",
        "participation_odds": "multiplier of the odds of the place's table",
        "finding_rate": "1/year",
        "flexible_entry_rate": "1/year",
    }
    return frame
