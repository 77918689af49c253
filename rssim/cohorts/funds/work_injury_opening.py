"""The opening day of work-injury insurance: which moment pins what, in closed form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rssim.axes import FORMAL
from rssim.cohorts.funds import work_injury_tail as tail
from rssim.cohorts.funds.account import EXPENDITURE, Payment
from rssim.cohorts.funds.scheme import SchemeYear
from rssim.cohorts.funds.work import Work
from rssim.cohorts.funds.work_injury_flows import (
    WorkInjuryConstants,
    WorkInjuryStocks,
    allowances,
    drawing,
    injured,
    insured_share,
    new_cases,
    premium_rates,
    reckoned_costs,
    scalar,
)
from rssim.cohorts.funds.work_injury_payments import collected, happened
from rssim.cohorts.moments import Line, moment, target, where
from rssim.errors import CalibrationError
from rssim.inputs.assemble import Inputs
from rssim.inputs.tables import Table
from rssim.records import Array
from rssim.rules.work_injury_terms import WorkInjuryBehaviour, WorkInjuryTerms

KEY = "work_injury"
MONTHS = 12
HALF = 0.5
PAST_YEARS = 20
"""Years of the recorded history whose mean growth of the insured shapes the opening long tail."""

PINS = {
    "insured": "coverage",
    "revenue": "declared_share",
    "beneficiaries": "frequency",
    "expenditure": "treatment_scale",
    "balance": "opening balance",
    "disabled": "people of grades 1 to 4",
    "dependants": "dependants",
    "mean_allowance": "allowances in payment",
    "mean_dependant_pension": "dependants' pensions in payment",
    "expenditure_before": "last year's spending",
    "revenue_before": "last year's revenue",
}


def opened(inputs: Inputs, work: Work) -> tuple[WorkInjuryStocks, WorkInjuryConstants]:
    """Stocks and constants of the opening day: every moment is met exactly, in closed form.

    Raises CalibrationError where moments leave nothing for premiums, injuries or treatment.
    """
    first = inputs.years[0]
    goal = {name: target(inputs, f"{KEY}.{name}") for name in PINS}
    ends = (moment(inputs, f"{KEY}.insured") or {}).get("at") == "end_of_first_year"
    formal = scalar((work.people_end if ends else work.people)[..., FORMAL, :])
    one = np.ones_like(goal["insured"])
    factor = first.terms(WorkInjuryBehaviour).coverage_factor
    found = WorkInjuryConstants(goal["insured"] / formal / factor, one, one, one)
    if np.any(found.coverage * factor > 1.0):
        raise CalibrationError(
            f"{where(inputs)}: {KEY}.insured: {float(goal['insured'].mean()):g} persons are more "
            f"than all formal employees ({float(formal.mean()):,.0f})."
        )
    returns = first.terms(WorkInjuryBehaviour).fund_return
    premiums = goal["revenue_before"] - returns * goal["balance"]
    cells_shape = work.people[..., FORMAL, :].shape
    blank = WorkInjuryStocks(
        people=np.zeros((len(tail.KINDS), *cells_shape)),
        amounts=np.zeros((len(tail.PAID), *cells_shape)),
        balance=goal["balance"],
        spent=goal["expenditure_before"],
        premiums=premiums,
    )

    # Contributions are the revenue without the interest that the account will book.
    spent, balance = goal["expenditure"], goal["balance"]
    contributions = goal["revenue"] - returns * (balance - HALF * spent)
    contributions = contributions / (1.0 + HALF * returns)
    hurt = injured(work, first, found)
    rates = premium_rates(blank, first, *reckoned_costs(work, first))
    parts = {
        name: cells(item) for name, item in collected(work, first, hurt, rates, found)[0].items()
    }
    others = parts["platform_charges"] + parts["nansha_premiums"]
    declared = positive(inputs, "revenue", contributions - others) / parts["premiums"]
    found = replace(found, declared_share=declared)

    hurt = injured(work, first, found)
    tails = goal["disabled"] + goal["dependants"]
    left = positive(inputs, "beneficiaries", goal["beneficiaries"] - tails - scalar(hurt.riders))
    found = replace(found, frequency=left / scalar(hurt.formal + hurt.posted))
    stocks = opening_tail(blank, work, inputs, found, goal)

    done = happened(stocks, work, first, inputs, found)
    paid = {name: cells(item) for name, item in done.payments.items()}
    total = sum(paid[name] for name, item in done.payments.items() if item.kind == EXPENDITURE)
    bills = paid["treatment"] + paid["improper_bills"]
    rest = positive(inputs, "expenditure", spent - (total - bills))
    found = replace(found, treatment_scale=rest / bills)
    return stocks, found


def cells(item: Payment) -> Array:
    """A payment over groups, (draw, 1, 1, 1)."""
    return np.asarray(item.total[:, None, None, None])


def positive(inputs: Inputs, name: str, rest: Array) -> Array:
    """What a moment leaves once everything else is counted; CalibrationError where nothing."""
    if np.any(rest <= 0):
        raise CalibrationError(
            f"{where(inputs)}: {KEY}.{name}: the other moments leave {float(rest.mean()):,.0f} for "
            f"{PINS[name]}; more than 0 is needed."
        )
    return rest


def opening_tail(
    blank: WorkInjuryStocks,
    work: Work,
    inputs: Inputs,
    found: WorkInjuryConstants,
    goal: dict[str, Array],
) -> WorkInjuryStocks:
    """The long tail of the opening day: its ages from steady inflow, its size as observed.

    Limits: injuries of the past had the ages of today's and grew with the insured.
    """
    first = inputs.years[0]
    terms, behaviour = first.terms(WorkInjuryTerms), first.terms(WorkInjuryBehaviour)
    hurt = injured(work, first, found)
    new, new_amounts, _, _ = new_cases(work, first, hurt)
    growth = past_growth(inputs) * np.ones_like(goal["insured"])
    people = tail.standing(new, tail.chances(work, first, terms, behaviour), growth)
    grades, kin = slice(0, tail.FUND_GRADES), slice(tail.CHILDREN, None)
    for part, name in ((grades, "disabled"), (kin, "dependants")):
        people[part] *= goal[name] / people[part].sum(axis=(0, 2, 3, 4))[:, None, None, None]
    floor = first.labour_law.minimum_wage_m * first.labour_law.minimum_wage_factor
    amounts = np.zeros_like(new_amounts)
    amounts[grades] = people[grades] * allowances(hurt.benefit_wage_m, terms, floor)
    bill = scalar(amounts[grades].sum(axis=0))
    amounts[grades] *= goal["disabled"] * goal["mean_allowance"] * MONTHS / bill
    amounts[tail.FUND_GRADES :] = people[kin] * goal["mean_dependant_pension"] * MONTHS
    return replace(blank, people=people, amounts=amounts)


def past_growth(inputs: Inputs) -> float:
    """Mean yearly growth of the insured of the employee pension before the opening [1/year]."""
    table = Table(inputs.place.file("stocks/history.csv"), ["year", "contributors"])
    years = table.integers("year", 1900, 2500)
    values = table.numbers("contributors", 0.0)[np.argsort(years)]
    values = values[np.sort(years) < inputs.first]
    return float((values[-1] / values[-1 - PAST_YEARS]) ** (1.0 / PAST_YEARS) - 1.0)


def lines(
    inputs: Inputs,
    stocks: WorkInjuryStocks,
    work: Work,
    found: WorkInjuryConstants,
    done: SchemeYear,
) -> tuple[Line, ...]:
    """Observed and model values of every moment, with the constant that it pins."""
    disabled, kin, bill = drawing(stocks)
    pensions = scalar(stocks.amounts[tail.FUND_GRADES :].sum(axis=0))
    returns = inputs.years[0].terms(WorkInjuryBehaviour).fund_return
    at_start = moment(inputs, f"{KEY}.insured") or {}
    formal = scalar(work.people[..., FORMAL, :]) * insured_share(inputs.years[0], found)
    ends = at_start.get("at") == "end_of_first_year"
    model: dict[str, Array] = {
        "insured": done.measures["insured"] if ends else formal,
        "revenue": done.account.revenue,
        "beneficiaries": done.measures["beneficiaries"],
        "expenditure": done.account.expenditure,
        "balance": done.account.opening,
        "disabled": disabled,
        "dependants": kin,
        "mean_allowance": bill / disabled / MONTHS,
        "mean_dependant_pension": pensions / kin / MONTHS,
        "expenditure_before": stocks.spent,
        "revenue_before": stocks.premiums + returns * stocks.balance,
    }
    out = []
    for name, constant in PINS.items():
        entry: dict[str, Any] = moment(inputs, f"{KEY}.{name}") or {}
        value = getattr(found, constant, model[name])
        out.append(
            Line(
                moment=f"{KEY}.{name}",
                at=str(entry.get("at", "opening")),
                unit=str(entry.get("unit", "")),
                observed=float(entry["value"]),
                model=float(np.mean(model[name])),
                constant=constant,
                value=float(np.mean(value)),
                kind=str(entry.get("kind", "")),
                evidence=str(entry.get("evidence", "")),
                source=str(entry.get("source", "")),
                note=str(entry.get("note", "")),
            )
        )
    return tuple(out)
