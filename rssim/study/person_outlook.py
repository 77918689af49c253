"""What a person's months are reckoned with: the dated law, and the path of a run for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from rssim.axes import SEXES
from rssim.cohorts import engine
from rssim.cohorts.state import PENSION, PENSION_YEARS, PENSIONERS, Stocks
from rssim.dated import Dated, Step
from rssim.errors import ParameterError, PlaceError, nearest
from rssim.inputs.assemble import Year
from rssim.inputs.place import PARAMS, Place, load_place
from rssim.inputs.scenario import Scenario, effective, value_on
from rssim.inputs.schema import checked_step, dated_from, read_yaml, unknown_keys
from rssim.records import UNITS, Param, Record
from rssim.rules.contributions import base_limit
from rssim.rules.indexation import IncreaseParameters, increase_parameters
from rssim.study.levers import AS_OF
from rssim.study.person_file import MONTHS, PersonError, month_text

LAST_YEAR = 2099
"""The rate tables of the places end here."""
HORIZONS = (2060, 2080, LAST_YEAR)
"""Last years of a run: the first one that a life needs, so that lives share runs."""
JULY = 7
FUND = "employee_pension"
SCHEMES = "schemes.yaml"
CELLS = (1, 2, 3, 4)
OWN_UNITS = {**UNITS, "HKD/month": "Hong Kong dollars per month"}


@dataclass(frozen=True)
class Path:
    """Amounts of a run by year: what the law's formulas make of the outlook."""

    wage_m: dict[int, float]
    calculation_base_m: dict[int, float]
    price_index: dict[int, float]
    increases: dict[int, IncreaseParameters]
    years: dict[int, Year]
    survival: np.ndarray


@dataclass(frozen=True, eq=False)
class Outlook:
    """Law and outlook of one scenario in one place, by month and by year."""

    scenario: Scenario
    path: Path
    schemes: dict[str, tuple[Param, Dated]]

    @property
    def place(self) -> Place:
        return self.scenario.place

    @property
    def first(self) -> int:
        """First year of the run; earlier years are published values."""
        return min(self.path.years)

    def value(self, key: str, month: int) -> Any:
        """The value of a lever, or of a scheme without levers, on the first day of a month."""
        day = date(month // MONTHS, month % MONTHS + 1, 1)
        if key not in PARAMS:
            return self._step(key, day).value
        found = value_on(self.scenario, key, day)
        if found == "formula":
            return self._of_year(key, day.year)
        if found is None:
            raise _unknown(self.place, key, month, effective(self.scenario, key))
        return found

    def number(self, key: str, month: int) -> float:
        """The same as a number."""
        return float(self.value(key, month))

    def by_age(self, key: str, month: int, age: int) -> float:
        """A lever that differs by age, at one age: its table is by starting ages."""
        found = self.value(key, month)
        if not isinstance(found, dict):
            return float(found)
        return float(found[max(start for start in found if start <= age)])

    def numbers(self, key: str, months: np.ndarray) -> np.ndarray:
        """The values on the first days of months."""
        return np.array([self.number(key, int(month)) for month in months])

    def source(self, key: str, month: int) -> str:
        """Key of the source of the value in force; 'scenario' where a scenario set it."""
        day = date(month // MONTHS, month % MONTHS + 1, 1)
        if key not in PARAMS:
            return self._step(key, day).source
        try:
            return str(effective(self.scenario, key).step_on(day).source)
        except KeyError:
            return ""

    def is_projected(self, key: str, month: int) -> bool:
        """Whether a formula, not a published or scenario value, gives the lever in a month."""
        day = date(month // MONTHS, month % MONTHS + 1, 1)
        return bool(key in PARAMS and value_on(self.scenario, key, day) == "formula")

    def wage_m(self, year: int) -> float:
        """Reference wage of a calendar year [yuan/month]."""
        return self._yearly(f"{FUND}.reference_wage_m", self.path.wage_m, year)

    def wages_m(self, years: np.ndarray) -> np.ndarray:
        return np.array([self.wage_m(int(year)) for year in years])

    def calculation_base_m(self, year: int) -> float:
        """Calculation base of pensions that start in a year [yuan/month]."""
        return self._yearly(f"{FUND}.calculation_base_m", self.path.calculation_base_m, year)

    def interest(self, year: int) -> float:
        """Recorded interest rate of accounts in a year [1/year]."""
        return self.number(f"{FUND}.account_interest_rate", year * MONTHS)

    def limit_m(self, name: str, month: int) -> float:
        """Floor or cap of the contribution base in a month [yuan/month]: published, or formula."""
        key = f"{FUND}.base_{name}_m"
        found = value_on(self.scenario, key, date(month // MONTHS, month % MONTHS + 1, 1))
        if found == "formula" or (found is None and not effective(self.scenario, key).steps):
            start = contribution_year(month)
            ratio = self.number(f"{FUND}.base_{name}_ratio", start * MONTHS + JULY - 1)
            return float(base_limit(self.wage_m(start - 1), ratio))
        if found is None:
            raise _unknown(self.place, key, month, effective(self.scenario, key))
        return float(found)

    def limits_m(self, name: str, months: np.ndarray) -> np.ndarray:
        return np.array([self.limit_m(name, int(month)) for month in months])

    def minimum_wage_m(self, month: int) -> float:
        """Minimum wage in a month [yuan/month], with the scenario's factor."""
        wage = self.number("labour_law.minimum_wage_m", month)
        return wage * self.number("labour_law.minimum_wage_factor", month)

    def increase(self, year: int) -> IncreaseParameters:
        """What the increase of 1 January of a year pays; before the run, in proportion only."""
        if year in self.path.increases:
            return self.path.increases[year]
        zero = np.zeros(())
        rate = np.asarray(self.number(f"{FUND}.increase_ceiling", year * MONTHS))
        return IncreaseParameters(zero, zero, rate, zero)

    def tilt(self, year: int, age: int) -> float:
        """Weight of an age in the increase [1]."""
        item = self.path.years[min(max(year, self.first), max(self.path.years))]
        return float(np.ravel(item.pension.increase_tilt_weight)[min(age, 100)])

    def inflation(self, year: int) -> float:
        """Growth of consumer prices in a year [1/year]; of the nation where the place is silent."""
        key, month = "economy.inflation", year * MONTHS
        if self.knows(key, month):
            return self.number(key, month)
        for folder in self.place.folders[1:]:
            steps = load_place(folder).entry(key).dated
            if steps.steps and steps.steps[0].since <= date(year, 1, 1):
                return float(steps.on(date(year, 1, 1)))
        raise _unknown(self.place, key, month, effective(self.scenario, key))

    def price(self, year: int) -> float:
        """Consumer prices of a year over those of the year of the cards [1]."""
        index = self.path.price_index
        first = min(index)
        before = 1.0
        for earlier in range(year + 1, first + 1):
            before *= 1.0 + self.inflation(earlier)
        return index[max(year, first)] / before / index[AS_OF.year]

    def knows(self, key: str, month: int) -> bool:
        """Whether a lever has a value in a month."""
        day = date(month // MONTHS, month % MONTHS + 1, 1)
        return value_on(self.scenario, key, day) is not None

    def discount(self, year: int) -> float:
        """Rate at which payments of a year are discounted: the return of the fund [1/year]."""
        return self.number("economy.fund_return", year * MONTHS)

    def survives(self, year: int, sex: str, age: int) -> float:
        """Share of people of an age on 1 January who live to the end of the year [1]."""
        at = min(max(year - self.first, 0), len(self.path.survival) - 1)
        return float(self.path.survival[at, SEXES.index(sex), min(age, 100)])

    def _yearly(self, key: str, found: dict[int, float], year: int) -> float:
        if year in found:
            return found[year]
        if year > max(found):
            raise PersonError(f"{year}: the outlook of {self.place.key} ends in {max(found)}.")
        steps = effective(self.scenario, key)
        try:
            return float(steps.on(date(year, 1, 1)))
        except KeyError:
            raise _unknown(self.place, key, year * MONTHS, steps) from None

    def _of_year(self, key: str, year: int) -> float:
        """The value of a year of the run, where a formula continues the published ones."""
        item = self.path.years.get(min(year, max(self.path.years)))
        module, name = key.split(".")
        records: tuple[Record, ...] = ()
        if item is not None:
            own = (item.pension, item.economy, item.labour_law, item.labour)
            records = (*own, *item.schemes.values())
        for record in records:
            if record.module == module and hasattr(record, name):
                return float(np.ravel(getattr(record, name))[0])
        raise ParameterError(f"{key}: no value of {year} is at hand.")

    def _step(self, key: str, day: date) -> Step:
        if key not in self.schemes:
            raise PersonError(
                f"{self.place.key}: {key} has no value in this place." + nearest(key, self.schemes)
            )
        try:
            return self.schemes[key][1].step_on(day)
        except KeyError:
            steps = self.schemes[key][1]
            raise _unknown(self.place, key, day.year * MONTHS + day.month - 1, steps) from None


def contribution_year(month: int) -> int:
    """Year in which the contribution year of a month starts: it runs from July to June."""
    return (month + MONTHS - JULY + 1) // MONTHS - 1


def _unknown(place: Place, key: str, month: int, steps: Dated) -> PersonError:
    known = f"it is known from {steps.steps[0].since}" if steps.steps else "none is known"
    return PersonError(
        f"{month_text(month)}: {key} of {place.key} is needed, but {known}. Give the record of the "
        "insurance (record: as_of, months, index, account) from a later month on."
    )


_outlooks: dict[str, Outlook] = {}


def outlook_of(scenario: Scenario, last: int = LAST_YEAR) -> Outlook:
    """The outlook of a scenario to a year at least; each run is made once in a process."""
    changed = {
        key: [(step.since, step.value) for step in steps]
        for key, steps in sorted(scenario.changes.items())
    }
    end = next((year for year in HORIZONS if year >= last), LAST_YEAR)
    key = repr((str(scenario.place.folders[0]), scenario.opening, end, changed))
    if key not in _outlooks:
        to_end = scenario.until(end)
        _outlooks[key] = Outlook(to_end, _path(to_end), schemes_of(scenario.place.folders))
    return _outlooks[key]


def _path(scenario: Scenario) -> Path:
    from rssim.study.run import prepare

    inputs, calibration = prepare(scenario, trace=False)
    found = engine.run(inputs, calibration.opening, calibration.constants, None)
    macro = calibration.opening.macro
    first = found.years[0]
    wage = {first - 2: _one(macro.wage_2_m), first - 1: _one(macro.wage_1_m)}
    base: dict[int, float] = {}
    price: dict[int, float] = {}
    increases = {}
    for at, year in enumerate(found.years):
        amounts = found.flows[at].references
        wage[year] = _one(amounts.wage_m)
        base[year] = _one(amounts.calculation_base_m)
        price[year] = _one(amounts.price_index)
        increases[year] = _increase(found.stocks[at], inputs.years[at], amounts.increase)
    return Path(
        wage_m=wage,
        calculation_base_m=base,
        price_index=price,
        increases=increases,
        years={item.year: item for item in inputs.years},
        survival=engine.survival_of(inputs)[:, 0, 0],
    )


def _one(values: Any) -> float:
    return float(np.ravel(values)[0])


def _increase(stocks: Stocks, year: Year, rate: np.ndarray) -> IncreaseParameters:
    """What one pensioner gets in the run's round of increases on 1 January."""
    law, people = year.pension, stocks.pension.pensioners
    weight = law.increase_tilt_weight[..., None, :]

    def total(values: np.ndarray) -> np.ndarray:
        return np.asarray(values.sum(axis=CELLS))

    found = increase_parameters(
        total(people[PENSION]),
        total(people[PENSIONERS]),
        total(people[PENSION_YEARS]),
        total(people[PENSIONERS] * weight),
        np.ravel(rate),
        *(
            np.ravel(share)
            for share in (
                law.increase_flat_share,
                law.increase_years_share,
                law.increase_amount_share,
                law.increase_tilt_share,
            )
        ),
    )
    return IncreaseParameters(*(np.asarray(_one(part)) for part in found))


# Schemes without levers -------------------------------------------------------------------------


def schemes_of(folders: tuple[Any, ...]) -> dict[str, tuple[Param, Dated]]:
    """Dated values of schemes that no fund of the engine reads yet, a child's over its parent's.

    Raises PlaceError with all faults of the files.
    """
    sources = load_place(folders[0]).sources
    faults: list[str] = []
    out: dict[str, tuple[Param, Dated]] = {}
    for folder in reversed(folders):
        path = folder / SCHEMES
        if not path.exists():
            continue
        for key, raw in read_yaml(path, PlaceError).items():
            found = _scheme(f"{path}: {key}", key, raw, sources, faults)
            if found is not None:
                out[key] = found
    if faults:
        raise PlaceError(faults)
    return out


def _scheme(
    where: str, key: str, raw: Any, sources: dict[str, Any], faults: list[str]
) -> tuple[Param, Dated] | None:
    if key in PARAMS:
        return None  # the scheme has a fund by now: its lever holds
    if not isinstance(raw, dict):
        faults.append(f"{where}: needs the keys unit and values.")
        return None
    faults += unknown_keys(where, raw, ("unit", "values", "note"))
    if raw.get("unit") not in OWN_UNITS:
        unit = str(raw.get("unit"))
        faults.append(f"{where}: unit {unit!r} is unknown." + nearest(unit, OWN_UNITS))
        return None
    item = _param(key, str(raw["unit"]), raw.get("values") or [])
    steps = []
    for number, step in enumerate(raw.get("values") or [], start=1):
        label = f"{where}: step {number}"
        found = checked_step(label, step, item, (), where, faults)
        if found is None:
            continue
        steps.append(found)
        if found.source not in sources:
            faults.append(
                f"{label}: source {found.source!r} is not in sources.yaml."
                + nearest(found.source, sources)
            )
    dated = dated_from(where, steps, faults)
    return None if dated is None or not steps else (item, dated)


def _param(key: str, unit: str, steps: Any) -> Param:
    """What is known of a value of a scheme: its unit, and whether it is a table by number."""
    is_table = any(isinstance(step, dict) and isinstance(step.get("value"), dict) for step in steps)
    return Param(
        key=key,
        name=key,
        zh="",
        unit=unit,
        dims=("table",) if is_table else (),
        bounds=(-np.inf, np.inf),
        choices=(),
        layer="law",
        module=key.partition(".")[0],
        about="",
        formula="",
        page="",
    )
