"""Opening of the unemployment insurance fund: paid time, recipients, constants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rssim.axes import FORMAL
from rssim.cohorts.funds.account import EXPENDITURE, Payment
from rssim.cohorts.funds.scheme import Opened
from rssim.cohorts.funds.unemployment_claims import (
    HALF_YEARS,
    PAID_BINS,
    Claims,
    Found,
    claims_year,
    coverage_path,
    reconciled,
)
from rssim.cohorts.funds.unemployment_payments import (
    UnemploymentConstants,
    UnemploymentStocks,
    bases,
    income,
    insured_years,
    other_per_head,
    settled_year,
    spending,
)
from rssim.cohorts.funds.work import Work
from rssim.cohorts.moments import Line, moment, target, where
from rssim.cohorts.roots import rising_root
from rssim.errors import CalibrationError
from rssim.inputs.assemble import Inputs, Year
from rssim.records import Array
from rssim.rules.unemployment_terms import UnemploymentBehaviour

PREFIX = "unemployment_insurance"
SCHEME_BEGAN = 1999
"""Regulations on unemployment insurance of 22 January 1999."""
PASSES = 3
"""Paid time depends a little on how many claim, so both are found in turn."""
BENEFIT_YEARS = 3
"""Nobody draws for longer than two years, so this many years fill the stock of recipients."""
GUESS_CLAIMS, GUESS_EXIT = 0.2, 0.5
ROOT_STEPS, ROUGH_STEPS = 30, 6
WIDEST = 50.0
MOMENTS = ("insured", "recipients", "claims", "revenue", "expenditure", "balance")
PINNED = {
    "insured": "coverage",
    "recipients": "exit_rate",
    "claims": "take_up",
    "revenue": "base_share",
    "expenditure": "other",
    "balance": "opening balance",
}


def opened(inputs: Inputs, work: Work) -> Opened:
    """Stocks and constants of the opening day, and what pinned them.

    Paid time is that of people who lived since the scheme began under the flows of the first year.
    Each constant meets its moment in closed form or by a root; see PINNED.
    Limits: coverage grew over these years, so the paid time of the old is rather too long.
    """
    missing = [name for name in MOMENTS if moment(inputs, f"{PREFIX}.{name}") is None]
    if missing:
        raise CalibrationError(
            [f"{where(inputs)}: the moment {PREFIX}.{name} is missing." for name in missing]
        )
    wanted = {name: target(inputs, f"{PREFIX}.{name}") for name in MOMENTS}
    first = inputs.years[0]
    members, recipients, found = _claiming(inputs, work, first, wanted)
    # One more year tells what is paid for recipients.
    blank = UnemploymentConstants(
        **vars(found),
        base_share=np.ones_like(found.coverage),
        other=np.zeros_like(found.coverage),
    )
    base_share, contributions = _base_share(inputs, work, first, blank, wanted)
    blank = replace(blank, base_share=base_share)
    growth = 1.0 + np.broadcast_to(first.economy.wage_growth, contributions.shape)
    stocks = UnemploymentStocks(members, recipients, contributions / growth, wanted["balance"])
    constants = replace(blank, other=_other(inputs, stocks, work, first, blank, wanted))
    return Opened(stocks, constants, _report(inputs, stocks, constants, work, first, wanted))


def _claiming(
    inputs: Inputs, work: Work, first: Year, wanted: dict[str, Array]
) -> tuple[Array, Array, Found]:
    """Members, recipients and the constants that meet insured, claims and recipients."""
    pairs = (inputs.conversion_pairs, inputs.upgrade_pairs)
    terms = first.terms(UnemploymentBehaviour)
    formal = work.people[..., FORMAL, :].sum(axis=(1, 2, 3))[:, None, None, None]
    path = coverage_path(first)
    coverage = wanted["insured"] / formal / path
    _possible(inputs, "insured", coverage * path, "of formal employees insured")
    found = Found(
        coverage, np.full_like(coverage, GUESS_CLAIMS), np.full_like(coverage, GUESS_EXIT)
    )
    shape = work.people[..., FORMAL, :].shape
    jobs = coverage * path * work.people[..., FORMAL, :]
    nobody = np.zeros((HALF_YEARS, *shape))
    for step in range(PASSES):
        members, drawing = np.zeros((2, PAID_BINS, *shape)), nobody
        for _ in range(SCHEME_BEGAN, inputs.first):
            done = claims_year(members, drawing, work, first, found, pairs)
            members, drawing = done.members, done.recipients
        members, _ = reconciled(members, drawing, work.people, jobs)
        done = claims_year(members, nobody, work, first, found, pairs)
        unit = done.claims.sum(axis=(1, 2, 3))[:, None, None, None] / found.take_up
        found = replace(found, take_up=wanted["claims"] / unit)
        _possible(inputs, "claims", found.take_up * terms.take_up, "of those who may claim")
        steps = ROOT_STEPS if step == PASSES - 1 else ROUGH_STEPS
        exits = _exit_rate(inputs, members, work, first, found, wanted, steps)
        found = replace(found, exit_rate=exits)
    drawing = _recipients(inputs, members, work, first, found)
    people = drawing.sum(axis=0).sum(axis=(1, 2, 3))[:, None, None, None]
    return members, drawing * (wanted["recipients"] / people), found


def _recipients(inputs: Inputs, members: Array, work: Work, first: Year, found: Found) -> Array:
    """Recipients whom the first year's claims would have left on its 1 January."""
    pairs = (inputs.conversion_pairs, inputs.upgrade_pairs)
    drawing = np.zeros((HALF_YEARS, *members.shape[2:]))
    for _ in range(BENEFIT_YEARS):
        drawing = claims_year(members, drawing, work, first, found, pairs).recipients
    return drawing


def _exit_rate(
    inputs: Inputs,
    members: Array,
    work: Work,
    first: Year,
    found: Found,
    wanted: dict[str, Array],
    steps: int,
) -> Array:
    """Factor on the way out of unemployment at which recipients are as many as observed."""

    def gap(slowness: Array) -> Array:
        trial = replace(found, exit_rate=np.exp(-slowness))
        people = _recipients(inputs, members, work, first, trial).sum(axis=0).sum(axis=(1, 2, 3))
        return np.asarray(np.log(people[:, None, None, None] / wanted["recipients"]))

    high = np.full_like(wanted["recipients"], np.log(WIDEST))
    if np.any(gap(high) < 0) or np.any(gap(-high) > 0):
        raise CalibrationError(
            f"{where(inputs)}: {PREFIX}.recipients: {float(wanted['recipients'].mean()):g} cannot "
            f"be met with {float(wanted['claims'].mean()):g} claims a year: benefit would have to "
            "last longer than it is granted, or to end at once."
        )
    return np.asarray(np.exp(-rising_root(gap, -high, high, steps)))


def _possible(inputs: Inputs, name: str, share: Array, what: str) -> None:
    if np.any(share > 1.0):
        raise CalibrationError(
            f"{where(inputs)}: {PREFIX}.{name}: it would need {100 * float(share.max()):.1f} % "
            f"{what}."
        )


def _base_share(
    inputs: Inputs,
    work: Work,
    first: Year,
    constants: UnemploymentConstants,
    wanted: dict[str, Array],
) -> tuple[Array, Array]:
    """The share of pay on which contributions are reckoned, and the first year's contributions.

    Revenue is contributions and interest on the opening balance and half the year's flows.
    """
    interest = np.broadcast_to(first.economy.fund_return, wanted["balance"].shape)
    aimed = wanted["revenue"] - interest * (wanted["balance"] - 0.5 * wanted["expenditure"])
    aimed = aimed / (1.0 + 0.5 * interest)

    def collected(share: Array) -> Array:
        base = bases(work, first, share)
        paid = income(work, first, constants, base)
        return np.asarray(sum(item.total for item in paid.values()))[:, None, None, None]

    def gap(share: Array) -> Array:
        return np.asarray(np.log(collected(np.exp(share)) / aimed))

    high = np.full_like(aimed, np.log(WIDEST))
    if np.any(aimed <= 0) or np.any(gap(-high) > 0) or np.any(gap(high) < 0):
        raise CalibrationError(
            f"{where(inputs)}: {PREFIX}.revenue: {float(wanted['revenue'].mean()):g} yuan cannot "
            "be met: the base would lie below its floor or above its cap."
        )
    share = np.asarray(np.exp(rising_root(gap, -high, high, 2 * ROOT_STEPS)))
    return share, collected(share)


def _other(
    inputs: Inputs,
    stocks: UnemploymentStocks,
    work: Work,
    first: Year,
    constants: UnemploymentConstants,
    wanted: dict[str, Array],
) -> Array:
    """Other payments that bring expenditure to the observed one."""
    claims = _first_claims(inputs, stocks, work, first, constants)
    paid = spending(stocks, claims, work, first, constants)
    known = np.asarray(sum(item.total for item in paid.values() if _is_spent(item)))
    rest = wanted["expenditure"] - known[:, None, None, None]
    if np.any(rest < 0):
        raise CalibrationError(
            f"{where(inputs)}: {PREFIX}.expenditure: benefits, refunds and grants are already "
            f"{float(known.mean()):g} yuan, more than {float(wanted['expenditure'].mean()):g}."
        )
    terms = first.terms(UnemploymentBehaviour)
    heads = insured_years(work, first, constants).sum(axis=(1, 2, 3))[:, None, None, None]
    return np.asarray(rest / (heads * other_per_head(work, terms, np.ones_like(rest))))


def _first_claims(
    inputs: Inputs,
    stocks: UnemploymentStocks,
    work: Work,
    first: Year,
    constants: UnemploymentConstants,
) -> Claims:
    pairs = (inputs.conversion_pairs, inputs.upgrade_pairs)
    return claims_year(stocks.members, stocks.recipients, work, first, constants, pairs)


def _is_spent(item: Payment) -> bool:
    return item.kind == EXPENDITURE


def _report(
    inputs: Inputs,
    stocks: UnemploymentStocks,
    constants: UnemploymentConstants,
    work: Work,
    first: Year,
    wanted: dict[str, Array],
) -> tuple[Line, ...]:
    """What the first year gives for each moment."""
    claims = _first_claims(inputs, stocks, work, first, constants)
    base = bases(work, first, constants.base_share)
    account = settled_year(stocks, claims, base, work, first, constants)
    insured = work.people[..., FORMAL, :] * (constants.coverage * coverage_path(first))
    model = {
        "insured": insured.sum(axis=(1, 2, 3)),
        "recipients": stocks.recipients.sum(axis=0).sum(axis=(1, 2, 3)),
        "claims": claims.claims.sum(axis=(1, 2, 3)),
        "revenue": account.revenue,
        "expenditure": account.expenditure,
        "balance": account.opening,
    }
    values: dict[str, Any] = {
        "insured": constants.coverage,
        "recipients": constants.exit_rate,
        "claims": constants.take_up,
        "revenue": constants.base_share,
        "expenditure": constants.other,
        "balance": stocks.balance,
    }
    lines = []
    for name in MOMENTS:
        entry = moment(inputs, f"{PREFIX}.{name}") or {}
        lines.append(
            Line(
                moment=f"{PREFIX}.{name}",
                at=str(entry.get("at", "opening")),
                unit=str(entry.get("unit", "")),
                observed=float(wanted[name].mean()),
                model=float(model[name].mean()),
                constant=f"{PREFIX}: {PINNED[name]}",
                value=float(np.mean(values[name])),
                kind=str(entry.get("kind", "")),
                evidence=str(entry.get("evidence", "")),
                source=str(entry.get("source", "")),
                note=str(entry.get("note", "")),
            )
        )
    return tuple(lines)
