"""Indicators of a fund from a result: what it needs, what it costs, what it owes.

Fractions are over the payroll of the fund: the assessed bases on which contributions to the
employee pension are paid, the pay of formal employees for the other schemes. Arrays are labelled
(scenario, draw[, year]). The formulas are those of :mod:`rssim.study.indicators`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from rssim.cohorts import engine
from rssim.cohorts.funds.registry import FUNDED
from rssim.errors import ParameterError, nearest
from rssim.inputs.assemble import assemble
from rssim.inputs.scenario import LAST_YEAR, Scenario
from rssim.records import Array
from rssim.study import indicators
from rssim.study.measures import published_balance
from rssim.study.money import fund_names, year_index
from rssim.study.series import FUND, MONTHS

if TYPE_CHECKING:
    import xarray as xr

    from rssim.study.result import Result

MID_YEAR = 0.5
HALF = 0.5
CLOSED = {
    "labour.coverage_formal": 0,
    "employee_pension.employer_rate": 0,
    "employee_pension.employee_rate": 0,
    "employee_pension.flexible_rate": 0,
    "employee_pension.account_rate": 0,
    "employee_pension.minimum_years": 1,
    "job_market.closure": "exogenous",
}
"""What closes a scheme: nobody pays from the opening on, and no right that stands is lost."""


@dataclass(frozen=True, eq=False)
class Debt:
    """What a fund owes for rights that stand on 1 January of the first year, (draw,) [yuan].

    total     present value of all that is paid on them
    by_kind   name of a payment -> its present value; they sum to the total
    payments  (draw, year) [yuan/year]  nominal, in every year of `years`
    reserves  what the fund holds against it
    last_share  share of the last year in the total: what lies beyond the end is of this order
    """

    total: Array
    by_kind: dict[str, Array]
    payments: Array
    years: tuple[int, ...]
    reserves: Array
    last_share: Array


def reserve_months(result: Result, fund: str = FUND) -> xr.DataArray:
    """Payment capacity: months of the year's expenditure that the balance covers [month].

    Raises ParameterError for funded accounts, which hold no reserve.
    """
    if fund in FUNDED:
        raise ParameterError(
            f"{fund}: what it holds is owed to its owners and is no reserve. Ask for its balance."
        )
    return _series(result, fund, "reserve_months")


def fund_return(result: Result) -> xr.DataArray:
    """Return on the balance of every year, (scenario, draw, year) [1/year]."""
    rates = [
        np.stack([np.asarray(year.economy.fund_return).reshape(-1) for year in item.inputs.years])
        for item in result.runs
    ]
    like = _series(result, FUND, "revenue")
    return _like(like, np.broadcast_to(np.stack(rates).transpose(0, 2, 1), like.shape), "return")


def payroll(result: Result, fund: str = FUND) -> xr.DataArray:
    """What fractions are taken of, (scenario, draw, year) [yuan/year]."""
    like = _series(result, fund, "revenue")
    if fund == FUND:
        bases = _series(result, fund, "expenditure") / _series(result, fund, "balanced_rate")
        return bases.rename("payroll")
    return _like(like, np.stack([item.money.wage_bill for item in result.runs]), "payroll")


def cost(result: Result, fund: str = FUND) -> xr.DataArray:
    """Expenditure and remittance, (scenario, draw, year) [yuan/year]."""
    found = _series(result, fund, "expenditure") + _series(result, fund, "remittance")
    return found.rename("cost")


def income(result: Result, fund: str = FUND) -> xr.DataArray:
    """Revenue without interest and without the required subsidy [yuan/year]."""
    found = _series(result, fund, "revenue") - _series(result, fund, "interest")
    return found.rename("income")


def subsidy_to_keep(result: Result, months: float, fund: str = FUND) -> xr.DataArray:
    """Subsidy of each year with which the fund never ends below `months` of payments [yuan/year].

    s_t = max(0, months / 12 X_t − before_t),   F_t = before_t + s_t

    before_t  the balance without this year's subsidy: last year's balance with its subsidies,
              the return on it and half a year's return on the flows, less cost
    On top of subsidies set by law, in place of the required subsidy, which is this for no months.
    Limits: the remittance is that of the run.
    """
    if not months >= 0:
        raise ParameterError(f"months: {months} is below 0.")
    spent = _values(_series(result, fund, "expenditure"))
    remitted = _values(_series(result, fund, "remittance"))
    net = _values(income(result, fund)) - spent
    rates = _values(fund_return(result))
    balance = _opening(result, fund)
    out = np.zeros_like(net)
    for year in range(net.shape[-1]):
        rate, flow = rates[..., year], net[..., year]
        # As in the account of a fund: one that runs dry holds half its opening balance on average.
        is_dry = balance + flow + rate * (balance + HALF * flow) < 0
        interest = rate * np.where(is_dry, HALF * balance, balance + HALF * flow)
        before = balance + flow + interest - remitted[..., year]
        out[..., year] = np.maximum(months / MONTHS * spent[..., year] - before, 0.0)
        balance = before + out[..., year]
    return _like(_series(result, fund, "revenue"), out, "subsidy_to_keep", "yuan/year")


def actuarial_balance(
    result: Result,
    years: int,
    first: int | None = None,
    fund: str = FUND,
    months: float = 12.0,
) -> xr.DataArray:
    """Actuarial balance of `years` years in shares of payroll, (scenario, draw) [1].

    Summarised income rate with the fund at the start, less the summarised cost rate with a fund
    at the end that holds `months` of the cost of the year after; discounted with the returns of
    the fund. The subsidy that keeps the fund at zero is not income.
    first  the first year of the run without
    Source: US Social Security Trustees, definition of the actuarial balance (12 months).
    Raises ParameterError where the result does not hold the year after the period.
    """
    start = year_index(result, result.years[0] if first is None else first)
    _check_years(result, start, years, after=True)
    span = slice(start, start + years)
    pay, rates = _values(payroll(result, fund)), _values(fund_return(result))
    paid = _values(cost(result, fund))
    found = indicators.actuarial_balance(
        (_values(income(result, fund)) / pay)[..., span],
        (paid / pay)[..., span],
        pay[..., span],
        rates[..., span],
        _balance_before(result, fund, start),
        months / MONTHS * paid[..., start + years],
        MID_YEAR,
    )
    return _without_years(result, fund, found, "actuarial_balance")


def balancing_rate(
    result: Result,
    years: int,
    first: int | None = None,
    fund: str = FUND,
    months: float = 12.0,
) -> xr.DataArray:
    """The one contribution rate that balances a period of `years` years, (scenario, draw) [1].

    Contributions over payroll, summarised, less the actuarial balance: with it the fund at the
    start and the present value of all income pay for all cost and leave the fund wanted at the end.
    Arguments as in :func:`actuarial_balance`. Limits: payroll and cost stay those of the run.
    """
    start = year_index(result, result.years[0] if first is None else first)
    balance = _values(actuarial_balance(result, years, first, fund, months))
    span = slice(start, start + years)
    pay = _values(payroll(result, fund))[..., span]
    paid = _values(_series(result, fund, "contributions"))[..., span]
    rates = _values(fund_return(result))[..., span]
    level = indicators.summarised_rate(paid / pay, pay, rates, MID_YEAR)
    return _without_years(result, fund, level - balance, "balancing_rate")


def payg_parts(result: Result) -> xr.Dataset:
    """The cost rate of the employee pension and its parts, (scenario, draw, year) [1].

    cost_rate = dependency x coverage x replacement, exactly

    cost_rate    expenditure over the assessed bases
    dependency   people aged 65 and above per person aged 15 to 64
    coverage     retirees per contributor over the dependency: above 1 where more of the old have
                 a pension than of the others contribute, or where people retire before 65
    replacement  expenditure per retiree over the assessed base per contributor
    """
    import xarray as xr

    spent, bases = _series(result, FUND, "expenditure"), payroll(result)
    retirees = _series(result, FUND, "retirees")
    contributors = _series(result, FUND, "contributors")
    dependency = result.flows["old_age_dependency"]
    parts = {
        "cost_rate": spent / bases,
        "dependency": dependency,
        "coverage": retirees / contributors / dependency,
        "replacement": (spent / retirees) / (bases / contributors),
    }
    return xr.Dataset({name: part.assign_attrs(unit="share") for name, part in parts.items()})


def implicit_debt(scenario: Scenario, rate: float | None = None, end: int = LAST_YEAR) -> Debt:
    """Accrued-to-date liabilities of the employee pension on the opening day [yuan].

    The engine runs the place on, closed from the opening: no contributions, no new years and no
    new members; what is paid on rights that stand is discounted. With the fund's own returns a
    fund that held the debt would pay all of it and end at zero.
    rate  discount rate [1/year]; the returns of the fund without
    end   last year of payments
    Limits: rights are valued with the wages and increases of the scenario's outlook (a projected
    obligation, not one at today's wages). Rights below the minimum years count: a minimum of one
    year stands in for none. Wages are those of the outlook, without feedback from labour cost.
    """
    if rate is not None and not -1.0 < rate < float("inf"):
        raise ParameterError(f"rate: {rate:g} is not a rate of discount; it must be above -1.")
    from rssim.study.run import calibrated

    closed = scenario.until(end)
    for lever, value in CLOSED.items():
        closed = closed.change(lever, value, name=scenario.name)
    inputs, calibration = assemble(closed, trace=False), calibrated(closed)
    # Without the schemes the engine holds the funds within the published series itself.
    held = published_balance(calibration.opening)[:, None, None, None]
    pension = replace(calibration.opening.pension, balance=held)
    opening = replace(calibration.opening, pension=pension, schemes={})
    found = engine.run(inputs, opening, calibration.constants)
    accounts = [flows.ledger.pension for flows in found.flows]
    rates = np.stack(
        [np.asarray(year.economy.fund_return).reshape(-1) for year in inputs.years], axis=-1
    )
    rates = np.broadcast_to(rates if rate is None else np.float64(rate), rates.shape)
    weights = indicators.settling_factors(rates)
    kinds = {
        name: np.stack([account.amount(name) for account in accounts], axis=-1)
        for name, item in accounts[0].payments.items()
        if item.kind == "expenditure"
    }
    by_kind = {name: np.asarray((paid * weights).sum(axis=-1)) for name, paid in kinds.items()}
    payments = np.asarray(sum(kinds.values()))
    total = np.asarray((payments * weights).sum(axis=-1))
    return Debt(
        total=total,
        by_kind=by_kind,
        payments=payments,
        years=found.years,
        reserves=accounts[0].opening,
        last_share=(payments * weights)[..., -1] / total,
    )


def _series(result: Result, fund: str, name: str) -> xr.DataArray:
    if fund not in fund_names():
        known = list(fund_names())
        raise ParameterError(f"{fund}: there is no such fund." + nearest(fund, known))
    return result.flows[f"{fund}.{name}"].transpose("scenario", "draw", "year")


def _values(found: xr.DataArray) -> Array:
    return np.asarray(found.values, dtype=float)


def _like(like: xr.DataArray, values: Any, name: str, unit: str = "") -> xr.DataArray:
    out = like.copy(data=values).rename(name)
    out.attrs = {"unit": unit or str(like.attrs.get("unit", ""))}
    return out


def _without_years(result: Result, fund: str, values: Array, name: str) -> xr.DataArray:
    like = _series(result, fund, "revenue").isel(year=0, drop=True)
    return _like(like, values, name, "share")


def _opening(result: Result, fund: str) -> Array:
    """Balance on the opening day, (scenario, draw) [yuan]."""
    return _balance_before(result, fund, 0)


def _balance_before(result: Result, fund: str, at: int) -> Array:
    """Balance on 1 January of the year at a position, (scenario, draw) [yuan]."""
    from rssim.study.money import sector_of

    sector = sector_of(fund)
    return np.stack([item.money.balances[sector][:, at] for item in result.runs])


def _check_years(result: Result, start: int, years: int, after: bool) -> None:
    last = start + years - 1 + int(after)
    if years < 1 or last >= len(result.years):
        room = len(result.years) - start - int(after)
        raise ParameterError(
            f"years: {years} from {result.years[start]} are not in the result, which ends in "
            f"{result.years[-1]} and must hold the year after the period. At most {room} are."
        )
