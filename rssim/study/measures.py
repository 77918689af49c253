"""Values of the headline series of a year, from what the engine's year returns."""

from __future__ import annotations

import numpy as np

from rssim.axes import FORMAL, PENSIONER, UNEMPLOYED
from rssim.cohorts.earnings import collected_share
from rssim.cohorts.funds.account import EXPENDITURE, REVENUE, summed
from rssim.cohorts.funds.registry import FUNDED, SCHEMES, WITHIN
from rssim.cohorts.funds.scheme import Scheme
from rssim.cohorts.labour import new_urban_employment
from rssim.cohorts.ledger import total
from rssim.cohorts.opening import employed_of
from rssim.cohorts.state import (
    BALANCE,
    PENSION,
    PENSION_BALANCE,
    PENSIONERS,
    Constants,
    Stocks,
    over_bins,
)
from rssim.cohorts.year import Flows
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.elementwise import share_below
from rssim.rules.fund import reserve_months
from rssim.study.series import COMMON_PAYMENTS, FUND, MONTHS, SERIES

WORKING_AGE = 16
"""Lowest age of the labour force in Chinese statistics; the law forbids work below."""
DEPENDENCY_FIRST, DEPENDENCY_OLD = 15, 65
"""Ages of the old-age dependency ratio of the United Nations: 65 and above per 15 to 64."""
YOUNG_END = 25
HALVINGS = 40
LEDGER_KEYS = (
    "pensions",
    "remittance",
    "subsidy",
    "required_subsidy",
    "interest",
    "transfers_out",
    "refunds",
    "moved_to_residents",
    "inheritances",
    "funeral_grants",
    "survivor_grants",
    "employer_contributions",
    "employee_contributions",
    "flexible_contributions",
    "back_payments",
    "arrears_interest",
    "recoveries",
    "shortfall_payments",
    "deficit_subsidy",
    "province_transfer",
    "province_aid",
)


def ratio(above: Array, below: Array) -> Array:
    """A ratio [1], NaN where there is nothing below."""
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0))


def of_year(flows: Flows, after: Stocks, year: Year, constants: Constants) -> dict[str, Array]:
    """Every headline series of a year, (draw,), in the order and units of SERIES.

    after  stocks on 1 January of the next year, which are those of 31 December
    """
    found = _population(flows, after) | _labour(flows, after, year, constants) | _amounts(flows)
    fund = flows.ledger.pension
    money = _money(flows, year) | _members(flows, after)
    money["mean_base_ratio"], money["share_at_floor"] = _bases(flows)
    money["reserve_months"] = reserve_months(fund.closing, fund.expenditure)
    money["benefit_ratio"] = money["mean_pension_m"] / found["reference_wage_m"]
    found |= {f"{FUND}.{name}": values for name, values in money.items()}
    for scheme in SCHEMES:
        found |= _scheme(flows, scheme)
    return {key: found[key] for key in SERIES}


def _scheme(flows: Flows, scheme: Scheme) -> dict[str, Array]:
    """A scheme's account and its own series."""
    key, account = scheme.KEY, flows.ledger.accounts[scheme.KEY]
    out = {
        "contributions": account.contributions,
        "revenue": account.revenue,
        "expenditure": account.expenditure,
        "current_balance": account.revenue - account.expenditure,
        "balance": account.closing,
    }
    if key not in FUNDED:
        out["reserve_months"] = ratio(MONTHS * account.closing, account.expenditure)
    out |= {name: account.amount(name) for name in (*COMMON_PAYMENTS, *scheme.PAYMENTS)}
    return {f"{key}.{name}": values for name, values in (out | flows.measures[key]).items()}


def _population(flows: Flows, after: Stocks) -> dict[str, Array]:
    ages = after.population.sum(axis=(1, 2))
    old = ages[:, DEPENDENCY_OLD:].sum(axis=-1)
    middle = ages[:, DEPENDENCY_FIRST:DEPENDENCY_OLD].sum(axis=-1)
    return {
        "population": total(after.population),
        "births": flows.births,
        "deaths": flows.deaths,
        "net_migration": total(flows.moves.arrivals) - total(flows.moves.departures),
        "old_age_dependency": ratio(old, middle),
    }


def _labour(flows: Flows, after: Stocks, year: Year, constants: Constants) -> dict[str, Array]:
    totals = employed_of(after.people, flows.working_pensioners)
    adults = total(after.population[..., WORKING_AGE:])
    jobs = flows.jobs
    formal = total(after.people[..., FORMAL, :])
    young = after.people[..., FORMAL:PENSIONER, WORKING_AGE:YOUNG_END].sum(axis=(1, 2, 4))
    registered = np.reshape(year.labour.registered_share, -1) * totals["unemployed"]
    share = constants.registration_share[:, 0, 0, 0]
    paid = (year.jobs.hiring_subsidy > 0) * (0.0 if jobs is None else 1.0)
    support = np.asarray(sum(item.total for item in flows.ledger.outside.values()))
    return {
        "formal_share": ratio(formal, totals["employed"]),
        "unemployment_rate_16_24": ratio(young[:, UNEMPLOYED - FORMAL], young.sum(axis=-1)),
        "registered_unemployment_rate": ratio(registered, totals["labour_force"]),
        "reemployed": share * total(flows.labour.rehired),
        "median_wage_m": median_wage(flows, year),
        "subsidised_hires": total(flows.labour.matched * paid),
        "job_support_cost": support,
        "labour_force": totals["labour_force"],
        "employed": totals["employed"],
        "formal_employed": total(after.people[..., FORMAL, :]),
        "flexible_employed": totals["flexible"],
        "unemployed": totals["unemployed"],
        "unemployment_rate": ratio(totals["unemployed"], totals["labour_force"]),
        "participation_rate": ratio(totals["labour_force"], adults),
        "new_urban_employment": new_urban_employment(
            flows.labour.hires, flows.attrition, constants
        ),
        "hires": total(flows.labour.hires),
        "separations": total(flows.labour.separations),
        "vacancies": np.zeros(adults.shape) if jobs is None else jobs.vacancies,
        "openings_per_seeker": np.zeros(adults.shape) if jobs is None else jobs.tightness,
    }


def median_wage(flows: Flows, year: Year) -> Array:
    """Median pay of formal employees, (draw,) [yuan/month]: a mixture of lognormal cells.

    A fixed number of halvings between the lowest and the highest mean of a cell, widened.
    """
    workers = flows.labour.person_years[..., FORMAL, :]
    wages, spread = flows.earnings.wage_m, year.earnings.log_sd
    low, high = np.log(np.full(workers.shape[:1], 1.0)), np.log(np.full(workers.shape[:1], 1e7))
    half = 0.5 * total(workers)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        limit = np.exp(middle)[:, None, None, None]
        below = total(workers * share_below(wages, spread, limit))
        high, low = np.where(below >= half, middle, high), np.where(below >= half, low, middle)
    return np.asarray(np.exp(0.5 * (low + high)))


def _amounts(flows: Flows) -> dict[str, Array]:
    """Amounts that are one value for all; some do not depend on the draw."""
    draws = flows.births.shape
    found = flows.references

    def flat(values: Array) -> Array:
        return np.array(np.broadcast_to(np.asarray(values).reshape(-1), draws))

    return {
        "reference_wage_m": flat(found.wage_m),
        "average_wage_m": flat(flows.earnings.average_wage_m),
        "price_index": flat(found.price_index),
        f"{FUND}.increase_rate": flat(found.increase),
        f"{FUND}.calculation_base_m": flat(found.calculation_base_m),
        f"{FUND}.base_floor_m": flat(found.floor_m),
        f"{FUND}.base_cap_m": flat(found.cap_m),
    }


def _money(flows: Flows, year: Year) -> dict[str, Array]:
    fund = flows.ledger.pension
    assessed = flows.earnings.base_m * flows.pension.contributors * collected_share(year)
    out = {name: fund.amount(name) for name in LEDGER_KEYS}
    rest = {name: item for name, item in fund.payments.items() if name not in LEDGER_KEYS}
    return out | {
        "other_income": summed(rest, fund.opening, *REVENUE),
        "other_expenditure": summed(rest, fund.opening, EXPENDITURE),
        "contributions": fund.contributions,
        "revenue": fund.revenue,
        "expenditure": fund.expenditure,
        "current_balance": fund.revenue - fund.expenditure,
        "balance": fund.closing,
        "balanced_rate": ratio(fund.expenditure, total(assessed) * MONTHS),
    }


def _members(flows: Flows, after: Stocks) -> dict[str, Array]:
    pension = flows.pension
    retirees = total(after.pension.pensioners[PENSIONERS])
    insured, new = total(flows.insured_workers), total(pension.new_pensioners)
    return {
        "insured_workers": insured,
        "contributors": total(pension.contributors),
        "retirees": retirees,
        "new_retirees": new,
        "mean_pension_m": ratio(total(after.pension.pensioners[PENSION]), retirees) / MONTHS,
        "mean_new_pension_m": ratio(total(pension.new_pensions), new) / MONTHS,
        "support_ratio": ratio(insured, retirees),
        "account_liability": account_liability(after),
        "arrears": after.pension.arrears.sum(axis=1),
        "short_of_minimum": total(pension.short_of_minimum),
    }


def published_balance(stocks: Stocks) -> Array:
    """Balance of the employee pension as it is published, with funds within it, (draw,) [yuan]."""
    own = stocks.pension.balance[:, 0, 0, 0]
    parts = [stocks.schemes[key].balance for key in WITHIN if key in stocks.schemes]
    return np.asarray(own + sum(part[:, 0, 0, 0] for part in parts))


def account_liability(stocks: Stocks) -> Array:
    """Individual accounts of members and pensioners, (draw,) [yuan]."""
    pension = stocks.pension
    members = total(over_bins(pension.rights[BALANCE]).sum(axis=0))
    return np.asarray(members + total(pension.pensioners[PENSION_BALANCE]))


def _bases(flows: Flows) -> tuple[Array, Array]:
    """Mean assessed base over the base wage, and the share of formal contributors at the floor."""
    earnings, people = flows.earnings, flows.pension.contributors
    wage = np.asarray(flows.references.base_wage_m).reshape(-1)
    formal = people * earnings.formal_weight
    mean = ratio(total(earnings.base_m * people), total(people)) / wage
    return mean, ratio(total(earnings.at_floor * formal), total(formal))
