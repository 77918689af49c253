"""From the arrays of a run to labelled datasets: names, units and clocks go on here, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rssim.axes import AGES, AWAY, CONTRIBUTING, DORMANT, SEXES, STATUSES
from rssim.cohorts.calibration import Calibration
from rssim.cohorts.engine import Step
from rssim.cohorts.ledger import total
from rssim.cohorts.state import PENSION, PENSIONERS, Stocks
from rssim.cohorts.year import Flows
from rssim.errors import ScenarioError
from rssim.inputs.assemble import Inputs, Year
from rssim.inputs.scenario import Scenario
from rssim.records import IN_YEAR, Array, Series
from rssim.study.market import MarketYear, faults_of, market_year
from rssim.study.measures import account_liability, of_year, published_balance
from rssim.study.money import Money, MoneyYear, money_of, money_year
from rssim.study.series import FUND, SERIES

if TYPE_CHECKING:
    import xarray as xr

CELL = ("group", "sex", "age")
NEW_YEAR_DAY = "1 January"


@dataclass(frozen=True, eq=False)
class Simulated:
    """A scenario, what went in and what came out.

    headline  series -> (draw, year), in the order of SERIES
    money     every payment of every year, and what the funds hold
    kept      flows and stocks -> (draw, time, ...), as recorded; the engine's own arrays are let
              go, because those of a long run fill hundreds of megabytes
    faults    what a reader should be told of the market for jobs
    """

    scenario: Scenario
    inputs: Inputs
    calibration: Calibration
    headline: dict[str, Array]
    identities: dict[str, float]
    money: Money
    kept: dict[str, dict[str, Array]]
    faults: tuple[str, ...] = ()


class Recorder:
    """Takes from each year of a run what a result keeps, and lets the year go.

    record  headline, or ages to keep arrays by group, sex and age
    keep    without, only the headline series and the ledger are kept
    """

    def __init__(self, inputs: Inputs, calibration: Calibration, record: str, keep: bool) -> None:
        self.inputs, self.calibration = inputs, calibration
        stocks = {key: read for key, (_, read) in STOCKS.items()} if keep else {}
        flows: dict[str, Callable[[Flows], Array]] = {}
        if keep and record == "ages":
            stocks |= {key: read for key, (_, _, read) in AGE_STOCKS.items()}
            flows = {key: read for key, (_, read) in AGE_FLOWS.items()}
        self._read_stocks, self._read_flows, self._keep = stocks, flows, keep
        self._headlines: list[dict[str, Array]] = []
        self._money: list[MoneyYear] = []
        self._markets: list[MarketYear] = []
        self._stocks: dict[str, list[Array]] = {key: [] for key in stocks}
        self._flows: dict[str, list[Array]] = {key: [] for key in flows}
        self._note_stocks(calibration.opening)

    def _note_stocks(self, stocks: Stocks) -> None:
        for key, read in self._read_stocks.items():
            self._stocks[key].append(read(stocks))

    def note(self, year: Year, step: Step) -> None:
        """Takes what is kept of a year."""
        constants = self.calibration.constants
        self._headlines.append(of_year(step.flows, step.after, year, constants))
        self._money.append(money_year(step.flows))
        if self._keep:
            self._markets.append(market_year(year.year, step.before, step.flows))
        for key, read in self._read_flows.items():
            self._flows[key].append(read(step.flows))
        self._note_stocks(step.after)

    def done(self, scenario: Scenario) -> Simulated:
        """Everything that was taken, over the years."""
        kept = {"flows": _over_time(self._flows), "stocks": _over_time(self._stocks)}
        return Simulated(
            scenario=scenario,
            inputs=self.inputs,
            calibration=self.calibration,
            headline={
                key: np.stack([found[key] for found in self._headlines], axis=-1) for key in SERIES
            },
            identities=largest_gaps([item.ledger.identities for item in self._money]),
            money=money_of(self._money),
            kept=kept if self._keep else {},
            faults=tuple(faults_of(self._markets, self.inputs.axes.group_names)),
        )


def _over_time(found: dict[str, list[Array]]) -> dict[str, Array]:
    """One array of every year for each key, (draw, time, ...)."""
    return {key: np.stack(items, axis=1) for key, items in found.items()}


def largest_gaps(years: Sequence[dict[str, float]]) -> dict[str, float]:
    """Largest relative gap of each accounting identity over the years of a run [1]."""
    return {name: max(found[name] for found in years) for name in years[0]}


def published(flows: Flows, cells: Array, name: str) -> Array:
    """A payment by cell whose sum is that of the published series, (draw, group, sex, age).

    cells  as the common engine books it: funds within the series spread theirs over the same ages
    """
    amount, whole = flows.ledger.pension.amount(name), total(cells)
    share = np.divide(amount, whole, out=np.ones_like(whole), where=whole > 0)
    return np.asarray(cells * share[:, None, None, None])


AGE_FLOWS: dict[str, tuple[Series, Callable[[Flows], Array]]] = {
    f"{key}_by_age": (Series(f"{key}_by_age", f"{name}, by age", zh, unit, IN_YEAR, about), read)
    for key, name, zh, unit, about, read in (
        ("hires", "Hires", "新招用人数", "persons/year", "sum", lambda f: f.labour.hires),
        (
            "separations",
            "Separations",
            "离职失业人数",
            "persons/year",
            "sum",
            lambda f: f.labour.separations,
        ),
        (
            "wage_m",
            "Wage of formal employees",
            "工资",
            "yuan/month",
            "weighted mean of wages by formal employees",
            lambda f: f.earnings.wage_m,
        ),
        (
            f"{FUND}.contributors",
            "Contributors",
            "缴费人员",
            "person-years",
            "sum",
            lambda f: f.pension.contributors,
        ),
        (
            f"{FUND}.base_m",
            "Assessed base",
            "缴费基数",
            "yuan/month",
            "weighted mean of assessed bases by contributors",
            lambda f: f.earnings.base_m,
        ),
        (
            f"{FUND}.employer_contributions",
            "Employer contributions",
            "单位缴费",
            "yuan/year",
            "sum",
            lambda f: published(f, f.pension.employer_contributions, "employer_contributions"),
        ),
        (
            f"{FUND}.employee_contributions",
            "Employee contributions",
            "个人缴费",
            "yuan/year",
            "sum",
            lambda f: published(f, f.pension.employee_contributions, "employee_contributions"),
        ),
        (
            f"{FUND}.flexible_contributions",
            "Contributions of flexible workers",
            "灵活就业人员缴费",
            "yuan/year",
            "sum",
            lambda f: published(f, f.pension.flexible_contributions, "flexible_contributions"),
        ),
        (
            f"{FUND}.new_retirees",
            "New retirees",
            "新增退休人员",
            "persons/year",
            "sum",
            lambda f: f.pension.new_pensioners,
        ),
        (
            f"{FUND}.new_pensions",
            "New pensions",
            "新增养老金",
            "yuan/year",
            "sum",
            lambda f: f.pension.new_pensions,
        ),
        (
            f"{FUND}.pensions",
            "Pensions paid",
            "基本养老金支出",
            "yuan/year",
            "sum",
            lambda f: published(f, f.pension.pensions_paid, "pensions"),
        ),
        (
            f"{FUND}.back_payments",
            "Payments for missing years",
            "补缴收入",
            "yuan/year",
            "sum",
            lambda f: published(f, f.pension.back_payments, "back_payments"),
        ),
        (
            f"{FUND}.other_benefits",
            "Grants, inheritances and refunds",
            "丧抚、继承和退付",
            "yuan/year",
            "sum",
            lambda f: sum(
                (
                    published(f, getattr(f.pension, name), name)
                    for name in ("funeral_grants", "survivor_grants", "inheritances", "refunds")
                ),
                start=np.zeros_like(f.pension.refunds),
            ),
        ),
        (
            f"{FUND}.short_of_minimum",
            "People short of the minimum years",
            "不满最低缴费年限人数",
            "persons/year",
            "sum",
            lambda f: f.pension.short_of_minimum,
        ),
    )
}
"""Flows by group, sex and age on 1 January, kept with record="ages"."""

_P = "persons"
STOCKS: dict[str, tuple[Series, Callable[[Stocks], Array]]] = {
    key: (Series(key, name, zh, unit, NEW_YEAR_DAY, "sum"), read)
    for key, name, zh, unit, read in (
        ("population", "Population", "常住人口", _P, lambda s: total(s.population)),
        (
            f"{FUND}.contributing_members",
            "Contributing members",
            "缴费人员",
            _P,
            lambda s: total(s.pension.members[CONTRIBUTING]),
        ),
        (
            f"{FUND}.dormant_members",
            "Dormant members",
            "中断缴费人员",
            _P,
            lambda s: total(s.pension.members[DORMANT]),
        ),
        (
            f"{FUND}.away_members",
            "Members who moved away and left their rights",
            "异地保留关系人员",
            _P,
            lambda s: total(s.pension.members[AWAY]),
        ),
        (
            f"{FUND}.retirees",
            "Retirees",
            "离退休人员",
            _P,
            lambda s: total(s.pension.pensioners[PENSIONERS]),
        ),
        (
            f"{FUND}.pensions_in_payment",
            "Pensions in payment",
            "在发养老金",
            "yuan/year",
            lambda s: total(s.pension.pensioners[PENSION]),
        ),
        (
            f"{FUND}.account_liability",
            "Liability of individual accounts",
            "个人账户记账额",
            "yuan",
            account_liability,
        ),
        (f"{FUND}.balance", "Balance", "累计结余", "yuan", published_balance),
    )
}
"""Stocks of every 1 January, (draw,), which is 31 December of the year before."""

AGE_STOCKS: dict[str, tuple[Series, tuple[str, ...], Callable[[Stocks], Array]]] = {
    "people": (
        Series("people", "People by status", "人口", _P, NEW_YEAR_DAY, "sum"),
        ("group", "sex", "status", "age"),
        lambda s: s.people,
    ),
    f"{FUND}.retirees_by_age": (
        Series(
            f"{FUND}.retirees_by_age", "Retirees, by age", "离退休人员", _P, NEW_YEAR_DAY, "sum"
        ),
        CELL,
        lambda s: s.pension.pensioners[PENSIONERS].sum(axis=-2),
    ),
    f"{FUND}.pensions_in_payment_by_age": (
        Series(
            f"{FUND}.pensions_in_payment_by_age",
            "Pensions in payment, by age",
            "在发养老金",
            "yuan/year",
            NEW_YEAR_DAY,
            "sum",
        ),
        CELL,
        lambda s: s.pension.pensioners[PENSION].sum(axis=-2),
    ),
}
"""Stocks by cell, kept with record="ages"."""


def attributes(series: Series) -> dict[str, str]:
    """What a variable says of itself."""
    return {
        "unit": series.unit,
        "long_name": series.name,
        "long_name_zh": series.zh,
        "timing": series.timing,
        "aggregates": series.aggregates,
        "price_basis": series.price_basis,
        "about": series.about,
    }


def check_alike(scenarios: Sequence[Scenario], record: str) -> None:
    """Raises ScenarioError where scenarios cannot stand side by side in one result."""
    faults = []
    first = scenarios[0]
    names = [item.name for item in scenarios]
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.append(f"{name}: two scenarios have this name. Rename one with .named('...').")
    for item in scenarios[1:]:
        if item.opening.year != first.opening.year:
            faults.append(
                f"{item.name}: opens in {item.opening.year}, {first.name} in "
                f"{first.opening.year}. Scenarios of one result need the same opening."
            )
        if item.end != first.end:
            faults.append(
                f"{item.name}: ends in {item.end}, {first.name} in {first.end}. Use .until(year) "
                "to give them the same last year."
            )
        if record == "ages" and item.place.axes.group_names != first.place.axes.group_names:
            faults.append(
                f"{item.name}: has other groups than {first.name}; arrays by age need the same "
                "groups. Run them one by one, or record the headline only."
            )
    if faults:
        raise ScenarioError(faults)


def flows_dataset(runs: Sequence[Simulated], record: str) -> xr.Dataset:
    """Flows of every year, dims (scenario, draw, year[, group, sex, age])."""
    import xarray as xr

    first = runs[0]
    lead = ("scenario", "draw", "year")
    found: dict[str, Any] = {
        key: (lead, np.stack([item.headline[key] for item in runs]), attributes(series))
        for key, series in SERIES.items()
    }
    if record == "ages":
        for key, (series, _) in AGE_FLOWS.items():
            values = np.stack([item.kept["flows"][key] for item in runs])
            found[key] = ((*lead, *CELL), values, attributes(series))
    coords = _coords(runs, record) | {
        "year": list(range(first.inputs.first, first.inputs.last + 1))
    }
    return xr.Dataset(found, coords=coords)


def stocks_dataset(runs: Sequence[Simulated], record: str) -> xr.Dataset:
    """Stocks of every 1 January, dims (scenario, draw, date[, group, sex, status, age])."""
    import xarray as xr

    lead = ("scenario", "draw", "date")
    found: dict[str, Any] = {}
    for key, (series, _) in STOCKS.items():
        values = np.stack([item.kept["stocks"][key] for item in runs])
        found[key] = (lead, values, attributes(series))
    coords = _coords(runs, record)
    if record == "ages":
        coords["status"] = list(STATUSES)
        for key, (series, dims, _) in AGE_STOCKS.items():
            values = np.stack([item.kept["stocks"][key] for item in runs])
            found[key] = ((*lead, *dims), values, attributes(series))
    inputs = runs[0].inputs
    days = [f"{year}-01-01" for year in range(inputs.first, inputs.last + 2)]
    return xr.Dataset(found, coords=coords | {"date": np.array(days, dtype="datetime64[ns]")})


def _coords(runs: Sequence[Simulated], record: str) -> dict[str, Any]:
    draws = next(iter(runs[0].headline.values())).shape[0]
    out: dict[str, Any] = {
        "scenario": [item.scenario.name for item in runs],
        "draw": list(range(draws)),
    }
    if record == "ages":
        groups = list(runs[0].inputs.axes.group_names)
        out |= {"group": groups, "sex": list(SEXES), "age": list(AGES)}
    return out


def dictionary_rows(variables: Mapping[Any, Any]) -> list[dict[str, str]]:
    """One row for each variable: key, names, unit, timing, how cells are put together, basis."""
    return [{"key": str(key)} | dict(found.attrs) for key, found in variables.items()]
