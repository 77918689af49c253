"""The opening of the residents' pension: stocks by age and constants from published totals.

Each constant has one moment. Members and recipients, the local part of pensions, willingness to
pay and the opening balance act on one another only a little, so a fixed number of passes over the
first year meets every moment to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rssim.axes import PENSIONER
from rssim.cohorts.funds.residents_flows import (
    AGES,
    FIRST_AGE,
    HALF,
    MONTHS,
    contributing_rate,
    may_join,
    outside,
    paying,
    take_up,
    total,
)
from rssim.cohorts.funds.residents_stocks import (
    ACCOUNT_PENSION,
    BALANCE,
    EXTRA_YEARS,
    MEMBERS,
    OUTSIDE,
    QUANTITIES,
    RECIPIENT_BALANCE,
    RECIPIENTS,
    YEARS,
    ResidentsConstants,
    ResidentsStocks,
)
from rssim.cohorts.funds.scheme import Opened, SchemeYear
from rssim.cohorts.funds.work import Work
from rssim.cohorts.moments import Line, moment, target, where
from rssim.errors import CalibrationError
from rssim.inputs.assemble import Inputs, Year
from rssim.records import Array
from rssim.rules.residents_pension_terms import (
    ResidentsPensionBehaviour,
    ResidentsPensionTerms,
)

PREFIX = "residents_pension."
PASSES = 22
HALVINGS = 50
WIDEST_WILLINGNESS = (1.0, 1e6)
"""Yuan a year between which the mean willingness to pay is looked for."""
PINS = {
    "insured": "take_up_level",
    "recipients": "share who draw a pension",
    "expenditure": "local_m",
    "revenue": "willingness",
    "account_share": "opening account per contribution year",
    "recipient_account_share": "opening account of recipients per contribution year",
    "balance": "opening balance",
}
UNKNOWN = {"recipients": 0.9, "level": 0.7, "local": 50.0, "willing": 500.0}
"""Where the passes start."""
RunYear = Callable[[ResidentsStocks, Work, Year, Inputs, ResidentsConstants], SchemeYear]


@dataclass(frozen=True, eq=False)
class Guess:
    """What the passes look for, (draw, 1, 1, 1)."""

    level: Array
    drawing: Array
    local_m: Array
    willing: Array
    balance: Array


@dataclass(frozen=True, eq=False)
class Found:
    """A trial: stocks, the first year, and what a contribution year is worth, (draw, 1, 1, 1).

    per_year, recipient_per_year  in the accounts of members and of recipients [yuan]
    """

    stocks: ResidentsStocks
    constants: ResidentsConstants
    year: SchemeYear
    per_year: Array
    recipient_per_year: Array


def opened(inputs: Inputs, work: Work, run_year: RunYear) -> Opened:
    """Stocks and constants that meet the moments of the opening day.

    Raises CalibrationError where a moment is missing or lies outside what people and law allow.
    """
    faults = [
        f"{where(inputs)}: the moment {PREFIX}{name} is missing."
        for name in PINS
        if moment(inputs, PREFIX + name) is None
    ]
    if faults:
        raise CalibrationError(faults)
    draws = inputs.population.shape[0]

    def filled(value: float) -> Array:
        return np.full((draws, 1, 1, 1), value)

    guess = Guess(
        level=filled(UNKNOWN["level"]),
        drawing=filled(UNKNOWN["recipients"]),
        local_m=filled(UNKNOWN["local"]),
        willing=filled(UNKNOWN["willing"]),
        balance=target(inputs, PREFIX + "balance"),
    )
    found = _trial(inputs, work, guess, run_year)
    for _ in range(PASSES):
        guess = _nearer(inputs, guess, found)
        found = _trial(inputs, work, guess, run_year)
    _check(inputs, guess)
    return Opened(found.stocks, found.constants, tuple(_lines(inputs, guess, found)))


def _of(inputs: Inputs, name: str) -> Array:
    return target(inputs, PREFIX + name)[:, 0, 0, 0]


def _at(inputs: Inputs, name: str) -> str:
    return str((moment(inputs, PREFIX + name) or {}).get("at", "opening"))


def _trial(inputs: Inputs, work: Work, guess: Guess, run_year: RunYear) -> Found:
    stocks, *per_year = opening_stocks(inputs, work, guess)
    constants = ResidentsConstants(guess.level, guess.local_m, guess.willing)
    done = run_year(stocks, work, inputs.years[0], inputs, constants)
    return Found(stocks, constants, done, *per_year)


def opening_stocks(
    inputs: Inputs, work: Work, guess: Guess
) -> tuple[ResidentsStocks, Array, Array]:
    """Members, recipients and their accounts on the opening day.

    Members have paid in a given share of the years since they were 16 and the scheme began;
    recipients until they reached the pension age. Accounts are a given share of the fund's
    balance, those of recipients a given share of all accounts; a year paid is worth the same to
    all members, and to all recipients before what they have drawn.
    Limits: who has left for the employee scheme before has no account here. Pensioners of another
    scheme who join the employee scheme in the first year count as outside it on the day.
    """
    first = inputs.years[0]
    terms, behaviour = first.terms(ResidentsPensionTerms), first.terms(ResidentsPensionBehaviour)
    cells = np.zeros((len(QUANTITIES), *inputs.population.shape))
    now = outside(work.people, contributing_rate(work))
    without = work.people[..., :PENSIONER, :].sum(axis=-2) + work.pension.joined_pensioners
    old = np.clip(AGES + 1.0 - terms.pension_age, 0.0, 1.0)
    cells[OUTSIDE] = now
    cells[MEMBERS] = now * may_join(terms) * take_up(guess.level, behaviour)
    cells[RECIPIENTS] = without * terms.eligible_share * old * guess.drawing
    running = np.maximum(first.year - terms.scheme_start, 0.0)
    paid = behaviour.paying_share * np.clip(AGES - FIRST_AGE, 0.0, running)
    drawn_years = np.maximum(AGES + HALF - terms.pension_age, 0.0)
    earned = behaviour.paying_share * np.maximum(running - drawn_years, 0.0)
    left = np.maximum(1.0 - MONTHS * drawn_years / terms.account_divisor, 0.0)
    cells[YEARS] = cells[MEMBERS] * paid
    cells[EXTRA_YEARS] = cells[RECIPIENTS] * np.maximum(earned - terms.minimum_years, 0.0)
    accounts = target(inputs, PREFIX + "account_share") * guess.balance
    theirs = target(inputs, PREFIX + "recipient_account_share") * accounts

    def each(money: Array, weight: Array) -> Array:
        return np.asarray(money / np.maximum(weight, 1.0)[:, None, None, None])

    per_year = each(accounts - theirs, total(cells[YEARS]))
    recipient_per_year = each(theirs, total(cells[RECIPIENTS] * earned * left))
    worth = cells[RECIPIENTS] * earned * recipient_per_year
    cells[BALANCE] = cells[YEARS] * per_year
    cells[RECIPIENT_BALANCE] = worth * left
    cells[ACCOUNT_PENSION] = worth * MONTHS / terms.account_divisor
    one = np.ones((inputs.population.shape[0], 1, 1, 1))
    stocks = ResidentsStocks(cells, one, guess.balance[:, 0, 0, 0])
    return stocks, per_year, recipient_per_year


def _nearer(inputs: Inputs, guess: Guess, found: Found) -> Guess:
    """The guess one step nearer to the moments."""

    def cell(values: Array) -> Array:
        return values[:, None, None, None]

    model = _model(inputs, found)
    recipients = _of(inputs, "recipients")
    insured = _of(inputs, "insured")
    members = model["insured"] - model["recipients"]
    spent, received = _goals(inputs, found)
    account = found.year.account
    basic = found.year.measures["basic_pension_m"]
    per_yuan = account.amount("basic_pensions") / np.maximum(basic, 1.0)
    more = spent - account.expenditure
    own = account.amount("own_contributions")
    rate = np.broadcast_to(inputs.years[0].economy.fund_return.reshape(-1), own.shape)
    wanted = own + (received - account.revenue - more) / (1.0 + HALF * rate)
    ratio = np.clip(wanted / np.maximum(own, 1.0), 0.01, 100.0)
    return Guess(
        level=guess.level * cell((insured - recipients) / members),
        drawing=guess.drawing * cell(recipients / model["recipients"]),
        local_m=guess.local_m + cell(more / per_yuan),
        willing=_willingness(inputs, guess.willing, cell(ratio)),
        balance=guess.balance + cell(_of(inputs, "balance") - model["balance"]),
    )


def _willingness(inputs: Inputs, willing: Array, ratio: Array) -> Array:
    """Mean willingness at which contributions are so many times those of the given one."""
    first = inputs.years[0]
    terms, behaviour = first.terms(ResidentsPensionTerms), first.terms(ResidentsPensionBehaviour)
    goal = paying(willing, terms, behaviour).own * ratio
    low, high = (np.full_like(goal, np.log(limit)) for limit in WIDEST_WILLINGNESS)
    for _ in range(HALVINGS):
        middle = HALF * (low + high)
        enough = paying(np.exp(middle), terms, behaviour).own >= goal
        high, low = np.where(enough, middle, high), np.where(enough, low, middle)
    return np.asarray(np.exp(HALF * (low + high)))


def _growth(found: Found) -> Array:
    """One and half of the first year's growth of recipients: a year's flow against the day's."""
    start = total(found.stocks.cells[RECIPIENTS])
    return np.asarray(1.0 + HALF * (found.year.measures["recipients"] / start - 1.0))


def _goals(inputs: Inputs, found: Found) -> tuple[Array, Array]:
    """Expenditure and revenue of the first year that the moments ask for, (draw,).

    Moments of the year before: spending grows with recipients, and the surplus stays.
    """
    spent, received = _of(inputs, "expenditure"), _of(inputs, "revenue")
    if _at(inputs, "expenditure") == "first_year":
        return spent, received
    grown = spent * _growth(found) ** 2
    return grown, grown + received - spent


def _model(inputs: Inputs, found: Found) -> dict[str, Array]:
    """The model's values of the moments, (draw,)."""
    account, measures = found.year.account, found.year.measures
    start = found.stocks.cells
    members, recipients = total(start[MEMBERS]), total(start[RECIPIENTS])
    ends = {name: _at(inputs, name) == "end_of_first_year" for name in PINS}
    spent, received = account.expenditure, account.revenue
    if _at(inputs, "expenditure") != "first_year":
        received = spent / _growth(found) ** 2 + received - spent
        spent = spent / _growth(found) ** 2
    theirs = total(start[RECIPIENT_BALANCE])
    accounts = total(start[BALANCE]) + theirs
    return {
        "insured": measures["insured"] if ends["insured"] else members + recipients,
        "recipients": measures["recipients"] if ends["recipients"] else recipients,
        "expenditure": spent,
        "revenue": received,
        "account_share": accounts / found.stocks.balance,
        "recipient_account_share": theirs / accounts,
        "balance": account.closing if ends["balance"] else account.opening,
    }


def _check(inputs: Inputs, guess: Guess) -> None:
    """Raises CalibrationError, naming every constant that is outside what is possible."""
    faults = []
    for name, value, low, high in (
        ("insured", guess.level, 0.0, 1.0),
        ("recipients", guess.drawing, 0.0, 1.0),
        ("expenditure", guess.local_m, 0.0, np.inf),
    ):
        if np.any(value < low) or np.any(value > high):
            faults.append(
                f"{where(inputs)}: the moment {PREFIX}{name} cannot be met: {PINS[name]} would be "
                f"{float(value.mean()):.4g}, allowed are {low:g} to {high:g}."
            )
    if faults:
        raise CalibrationError(faults)


def _lines(inputs: Inputs, guess: Guess, found: Found) -> list[Line]:
    model = _model(inputs, found)
    values = {
        "insured": guess.level,
        "recipients": guess.drawing,
        "expenditure": guess.local_m,
        "revenue": guess.willing,
        "account_share": found.per_year,
        "recipient_account_share": found.recipient_per_year,
        "balance": guess.balance,
    }
    lines = []
    for name, constant in PINS.items():
        entry: dict[str, Any] = moment(inputs, PREFIX + name) or {}
        lines.append(
            Line(
                moment=PREFIX + name,
                at=_at(inputs, name),
                unit=str(entry.get("unit", "")),
                observed=float(entry["value"]),
                model=float(model[name].mean()),
                constant=constant,
                value=float(values[name].mean()),
                kind=str(entry.get("kind", "")),
                evidence=str(entry.get("evidence", "")),
                source=str(entry.get("source", "")),
                note=str(entry.get("note", "")),
            )
        )
    return lines
