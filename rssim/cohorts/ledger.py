"""The ledger: every yuan has a payer and a payee, and every identity is checked every year."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.cohorts.funds.employee_pension import PensionFlows
from rssim.cohorts.state import (
    BALANCE,
    PENSION_BALANCE,
    PENSIONERS,
    RESIDENTS,
    PensionStocks,
    Stocks,
    over_bins,
)
from rssim.errors import LedgerError
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.fund import fiscal_subsidy, national_remittance, required_subsidy

FUND = "employee pension fund"
HOUSEHOLDS = "households"
EMPLOYERS = "employers"
NATION = "national pool"
OTHER_FUNDS = "other pension funds"
CAPITAL_MARKET = "capital market"
GOVERNMENTS = {"city": "city budget", "province": "provincial budget", "nation": "central budget"}
TOLERANCE = 1e-9
HALF = 0.5

ENTRIES = (
    ("employer_contributions", EMPLOYERS, FUND),
    ("employee_contributions", HOUSEHOLDS, FUND),
    ("flexible_contributions", HOUSEHOLDS, FUND),
    ("back_payments", HOUSEHOLDS, FUND),
    ("subsidy", "", FUND),
    ("required_subsidy", "", FUND),
    ("interest", CAPITAL_MARKET, FUND),
    ("pensions", FUND, HOUSEHOLDS),
    ("funeral_grants", FUND, HOUSEHOLDS),
    ("survivor_grants", FUND, HOUSEHOLDS),
    ("inheritances", FUND, HOUSEHOLDS),
    ("refunds", FUND, HOUSEHOLDS),
    ("transfers_out", FUND, OTHER_FUNDS),
    ("remittance", FUND, NATION),
)
"""Name, payer and payee of every flow; an empty payer is the government that the law names."""

EXPENDITURE = (
    "pensions",
    "funeral_grants",
    "survivor_grants",
    "inheritances",
    "refunds",
    "transfers_out",
)
CONTRIBUTIONS = (
    "employer_contributions",
    "employee_contributions",
    "flexible_contributions",
    "back_payments",
)


@dataclass(frozen=True, eq=False)
class LedgerYear:
    """The fund's year, all (draw,) [yuan/year]; identities are relative gaps [1].

    flows       amount of each entry of ENTRIES
    payers      payer and payee of each entry
    opening, closing  balance on 1 January and 31 December
    identities  fund, accounts, people, members, sectors: largest gap over draws
    """

    flows: dict[str, Array]
    payers: dict[str, tuple[str, str]]
    opening: Array
    closing: Array
    revenue: Array
    expenditure: Array
    contributions: Array
    identities: dict[str, float]


def total(values: Array) -> Array:
    """Sum over cells, (draw,)."""
    return np.asarray(values.sum(axis=tuple(range(1, values.ndim))))


def settle(flows: PensionFlows, opening: Array, year: Year, level: str) -> LedgerYear:
    """The fund's year in money: subsidies, interest, remittance and the closing balance.

    opening  (draw, 1, 1, 1) [yuan]
    level    level of the place: who pays the subsidies in law

    Flows are spread evenly over the year, so they earn half a year's return. A fund that would
    end below zero gets the required subsidy that keeps it at zero, from the payer in the law; the
    subsidy comes as it is needed, so an empty fund earns and owes nothing.
    """
    law = year.pension
    start = opening[:, 0, 0, 0]

    def scalar(value: Array) -> Array:
        return np.broadcast_to(np.asarray(value).reshape(-1), start.shape)

    paid = {
        "employer_contributions": total(flows.employer_contributions),
        "employee_contributions": total(flows.employee_contributions),
        "flexible_contributions": total(flows.flexible_contributions),
        "back_payments": total(flows.back_payments),
        "pensions": total(flows.pensions_paid),
        "funeral_grants": total(flows.funeral_grants),
        "survivor_grants": total(flows.survivor_grants),
        "inheritances": total(flows.inheritances),
        "refunds": total(flows.refunds),
        "transfers_out": total(flows.transfers_out),
    }
    contributions = np.asarray(sum(paid[name] for name in CONTRIBUTIONS))
    expenditure = np.asarray(sum(paid[name] for name in EXPENDITURE))
    subsidy = fiscal_subsidy(expenditure, scalar(law.subsidy_share))
    net = contributions + subsidy - expenditure
    rate = scalar(year.economy.fund_return)
    runs_dry = start + net + rate * (start + HALF * net) < 0
    # In a year in which the fund runs dry it holds half its opening balance on average.
    interest = rate * np.where(runs_dry, HALF * start, start + HALF * net)
    revenue = contributions + subsidy + interest
    remittance = national_remittance(revenue - expenditure, scalar(law.remittance_share))
    before = start + revenue - expenditure - remittance
    required = required_subsidy(before)
    amounts = paid | {
        "subsidy": subsidy,
        "required_subsidy": required,
        "interest": interest,
        "remittance": remittance,
    }
    payer = GOVERNMENTS[law.dry_fund_payer]
    legal_payer = GOVERNMENTS[level] if level in GOVERNMENTS else payer
    payers = {
        name: (origin or (payer if name == "required_subsidy" else legal_payer), target)
        for name, origin, target in ENTRIES
    }
    closing = before + required
    return LedgerYear(
        flows={name: amounts[name] for name, _, _ in ENTRIES},
        payers=payers,
        opening=start,
        closing=closing,
        revenue=revenue,
        expenditure=expenditure,
        contributions=contributions,
        identities={},
    )


def sector_balances(ledger: LedgerYear) -> dict[str, Array]:
    """What each sector receives less what it pays, (draw,) [yuan/year]; the sum is zero."""
    out: dict[str, Array] = {}
    for name, amount in ledger.flows.items():
        payer, payee = ledger.payers[name]
        out[payer] = out.get(payer, np.zeros_like(amount)) - amount
        out[payee] = out.get(payee, np.zeros_like(amount)) + amount
    return out


def _gap(difference: Array, scale: Array) -> float:
    return float(np.max(np.abs(difference) / np.maximum(np.abs(scale), 1.0)))


def identities(
    ledger: LedgerYear,
    before: Stocks,
    after: Stocks,
    flows: PensionFlows,
    counted: dict[str, Array],
) -> dict[str, float]:
    """Relative gaps of the accounting identities of a year.

    fund      opening + in − out = closing
    sectors   all sectors sum to zero, and the fund's own sector is the change of its balance
    accounts  opening + credits + interest = closing + drawn + inherited + refunded + transferred
    people    opening + births + net migration − deaths = closing
    pensioners  opening + new + joined − deaths = closing, the same in both stocks
    counted   births, deaths, net_migrants, (draw,) [persons]
    """
    sectors = sector_balances(ledger)
    turnover = np.asarray(sum(np.abs(amount) for amount in ledger.flows.values()))
    change = ledger.closing - ledger.opening
    all_sectors = np.asarray(sum(sectors.values()))

    def balances(stocks: PensionStocks) -> Array:
        members = total(over_bins(stocks.rights[BALANCE]).sum(axis=0))
        return members + total(stocks.pensioners[PENSION_BALANCE])

    accounts_in = total(flows.account_credits) + total(flows.account_interest)
    accounts_out = (
        total(flows.account_pensions_paid)
        + total(flows.inheritances)
        + total(flows.refunds)
        + total(flows.transferred_balances)
    )
    opening, closing = balances(before.pension), balances(after.pension)
    people_start, people_end = total(before.population), total(after.population)
    moved = counted["births"] - counted["deaths"] + counted["net_migrants"]
    pension_start = before.pension.pensioners[PENSIONERS].sum(axis=(1, 2, 3, 4))
    pension_end = after.pension.pensioners[PENSIONERS].sum(axis=(1, 2, 3, 4))
    pension_moves = (
        total(flows.new_pensioners) + total(flows.joined_pensioners) - total(flows.pensioner_deaths)
    )
    status = after.people[..., -1, :]
    by_cell = after.pension.pensioners[RESIDENTS].sum(axis=-2)
    return {
        "fund": _gap(sectors[FUND] - change, turnover),
        "sectors": _gap(all_sectors, turnover),
        "accounts": _gap(opening + accounts_in - accounts_out - closing, opening + accounts_in),
        "people": _gap(people_start + moved - people_end, people_start),
        "pensioners": _gap(pension_start + pension_moves - pension_end, people_start),
        "status": _gap(total(np.abs(status - by_cell)), people_start),
    }


def with_job_subsidies(ledger: LedgerYear, hiring: Array, jobs: Array, level: str) -> LedgerYear:
    """The ledger's year with what the place pays employers per hire and per job, (draw,)."""
    payer = GOVERNMENTS.get(level, GOVERNMENTS["nation"])
    amounts = {"hiring_subsidies": hiring, "job_subsidies": jobs}
    return replace(
        ledger,
        flows=ledger.flows | amounts,
        payers=ledger.payers | dict.fromkeys(amounts, (payer, EMPLOYERS)),
    )


def with_identities(ledger: LedgerYear, gaps: dict[str, float]) -> LedgerYear:
    """The ledger's year with the gaps of its identities."""
    return replace(ledger, identities=gaps)


def check(gaps: dict[str, float], year: int) -> None:
    """Raises LedgerError, naming year and identity, where a gap exceeds 1e-9."""
    broken = [f"{name} ({gap:.2e})" for name, gap in gaps.items() if not gap <= TOLERANCE]
    if broken:
        raise LedgerError(f"{year}: identities do not hold: {', '.join(broken)}.")
