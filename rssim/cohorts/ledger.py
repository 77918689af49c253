"""The ledger: every yuan has a payer and a payee, and every identity is checked every year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from rssim.cohorts.earnings import collected_share
from rssim.cohorts.funds import pooling
from rssim.cohorts.funds.account import (
    CONTRIBUTION,
    EMPLOYERS,
    EXPENDITURE,
    GOVERNMENTS,
    HOUSEHOLDS,
    OTHER_FUNDS,
    RESIDENTS_FUND,
    SUBSIDY,
    Account,
    Payment,
    by_group,
    one_column,
    settled,
    together,
)
from rssim.cohorts.funds.employee_pension import KEY as PENSION
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
from rssim.rules.fund import fiscal_subsidy

FUND = "employee pension fund"
TOLERANCE = 1e-9

ENTRIES = (
    ("employer_contributions", "employer_contributions", EMPLOYERS, FUND, CONTRIBUTION),
    ("employee_contributions", "employee_contributions", HOUSEHOLDS, FUND, CONTRIBUTION),
    ("flexible_contributions", "flexible_contributions", HOUSEHOLDS, FUND, CONTRIBUTION),
    ("back_payments", "back_payments", HOUSEHOLDS, FUND, CONTRIBUTION),
    ("pensions", "pensions_paid", FUND, HOUSEHOLDS, EXPENDITURE),
    ("funeral_grants", "funeral_grants", FUND, HOUSEHOLDS, EXPENDITURE),
    ("survivor_grants", "survivor_grants", FUND, HOUSEHOLDS, EXPENDITURE),
    ("inheritances", "inheritances", FUND, HOUSEHOLDS, EXPENDITURE),
    ("refunds", "refunds", FUND, HOUSEHOLDS, EXPENDITURE),
    ("moved_to_residents", "moved_to_residents", FUND, RESIDENTS_FUND, EXPENDITURE),
    ("transfers_out", "transfers_out", FUND, OTHER_FUNDS, EXPENDITURE),
)
"""Name, flow of the fund, payer, payee and kind of what the employee pension fund takes and pays;
subsidies, interest and remittance come on top."""


@dataclass(frozen=True, eq=False)
class LedgerYear:
    """A year in money.

    accounts    key of the scheme -> its fund's account
    outside     name -> payment that passes through no fund
    identities  largest relative gap over draws of each identity [1]
    within      keys of the schemes that the published employee pension contains
    booked      payment of the employee pension -> (draw,) [yuan/year] of it that stands in their
                accounts instead
    """

    accounts: dict[str, Account]
    outside: dict[str, Payment]
    identities: dict[str, float]
    within: tuple[str, ...] = ()
    booked: dict[str, Array] = field(default_factory=dict)

    @property
    def pension(self) -> Account:
        """The employee pension as it is published: its fund and those within the series."""
        return together([self.accounts[key] for key in (PENSION, *self.within)])

    def payments(self) -> Iterator[tuple[str, str, Payment]]:
        """Scheme (empty where none), name and payment, of every flow of the year once."""
        funds = {account.fund for account in self.accounts.values()}
        for key, account in self.accounts.items():
            for name, item in account.payments.items():
                # Between two funds a payment stands in the payer's account too: it counts once.
                if item.payee != account.fund or item.payer not in funds:
                    yield key, name, item
        for name, item in self.outside.items():
            yield "", name, item


def total(values: Array) -> Array:
    """Sum over cells, (draw,)."""
    return np.asarray(values.sum(axis=tuple(range(1, values.ndim))))


def settle(
    flows: PensionFlows,
    opening: Array,
    year: Year,
    level: str,
    received: Mapping[str, Payment] | None = None,
    arrears: Array | None = None,
    booked: Mapping[str, Array] | None = None,
) -> Account:
    """The employee pension fund's year in money: subsidies, interest, remittance, closing balance.

    opening   (draw, 1, 1, 1) [yuan]
    level     level of the place: who pays the subsidies in law
    received  what other funds pay into this one
    arrears   (draw, group) [yuan] pensions of the year before that are still to be paid
    booked    name of a payment -> (draw,) of it that another fund's account shows

    A fund that would end below zero gets the required subsidy from the payer in the law.
    """
    law = year.pension
    start = opening[:, 0, 0, 0]

    def scalar(value: Array) -> Array:
        return np.broadcast_to(np.asarray(value).reshape(-1), start.shape)

    payments = {
        name: Payment(by_group(getattr(flows, flow)), payer, payee, kind)
        for name, flow, payer, payee, kind in ENTRIES
    }
    payments |= carved(payments, booked or {}, year.year)
    due = payments["pensions"].amount
    owed = np.zeros_like(due) if arrears is None else arrears
    payments |= pooling.late(due, owed, FUND, year)
    spent = np.asarray(sum(item.total for item in payments.values() if item.kind == EXPENDITURE))
    subsidy = fiscal_subsidy(spent, scalar(law.subsidy_share))
    payer = GOVERNMENTS[law.dry_fund_payer]
    legal_payer = GOVERNMENTS.get(level, payer)
    payments["subsidy"] = Payment(one_column(subsidy, start), legal_payer, FUND, SUBSIDY)
    payments["recoveries"] = pooling.recovered(due, FUND, year)
    payments["shortfall_payments"] = pooling.shortfall(
        payments, scalar(collected_share(year)), FUND, legal_payer, start, year
    )
    payments |= dict(received or {})
    payments["deficit_subsidy"] = pooling.deficit_subsidy(payments, FUND, legal_payer, start, year)
    remitted = scalar(law.remittance_share)
    payments |= pooling.with_province(payments, remitted, FUND, level, start, year)
    return settled(FUND, start, payments, scalar(year.economy.fund_return), payer, remitted)


def due_pensions(flows: PensionFlows, booked: Mapping[str, Array], year: int) -> Array:
    """Pensions of the year that fall to the employee pension fund, (draw, group) [yuan/year]."""
    whole = Payment(by_group(flows.pensions_paid), FUND, HOUSEHOLDS, EXPENDITURE)
    parts = {name: part for name, part in booked.items() if name == "pensions"}
    return carved({"pensions": whole}, parts, year).get("pensions", whole).amount


def carved(
    payments: Mapping[str, Payment], booked: Mapping[str, Array], year: int
) -> dict[str, Payment]:
    """Payments less the parts of them that another fund's account shows.

    The part is taken from all groups alike: the common engine does not know who of a group
    belongs to the other fund. Raises LedgerError where a part is larger than the whole.
    """
    out = {}
    for name, part in booked.items():
        whole = payments[name].total
        if np.any(part > whole * (1.0 + TOLERANCE)):
            at = int(np.argmax(part - whole))
            raise LedgerError(
                f"{year}: {name}: another fund's part, {part[at]:g} yuan, is more than the whole, "
                f"{whole[at]:g} yuan."
            )
        share = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
        left = np.maximum(1.0 - share, 0.0)[:, None]
        out[name] = replace(payments[name], amount=payments[name].amount * left)
    return out


def sector_balances(ledger: LedgerYear) -> dict[str, Array]:
    """What each sector receives less what it pays, (draw,) [yuan/year]; the sum is zero."""
    paid: dict[str, list[Array]] = {}
    for _, _, item in ledger.payments():
        paid.setdefault(item.payer, []).append(-item.total)
        paid.setdefault(item.payee, []).append(item.total)
    return {sector: np.asarray(sum(amounts)) for sector, amounts in paid.items()}


def _gap(difference: Array, scale: Array) -> float:
    return float(np.max(np.abs(difference) / np.maximum(np.abs(scale), 1.0)))


def fund_gap(account: Account, sectors: Mapping[str, Array]) -> float:
    """Relative gap of opening + in − out = closing of a fund, by what all sectors booked [1]."""
    scale = np.asarray(sum(np.abs(item.total) for item in account.payments.values()))
    return _gap(sectors[account.fund] - (account.closing - account.opening), scale)


def identities(
    ledger: LedgerYear,
    before: Stocks,
    after: Stocks,
    flows: PensionFlows,
    counted: dict[str, Array],
) -> dict[str, float]:
    """Relative gaps of the accounting identities of a year.

    fund      opening + in − out = closing, in every fund
    sectors   all sectors sum to zero
    accounts  opening + credits + interest = closing + drawn + inherited + refunded + transferred
    people    opening + births + net migration − deaths = closing
    pensioners  opening + new + joined − deaths = closing, the same in both stocks
    counted   births, deaths, net_migrants, (draw,) [persons]
    """
    sectors = sector_balances(ledger)
    turnover = np.asarray(sum(np.abs(item.total) for _, _, item in ledger.payments()))
    all_sectors = np.asarray(sum(sectors.values()))
    fund_gaps = [fund_gap(account, sectors) for account in ledger.accounts.values()]

    def balances(stocks: PensionStocks) -> Array:
        members = total(over_bins(stocks.rights[BALANCE]).sum(axis=0))
        return members + total(stocks.pensioners[PENSION_BALANCE])

    accounts_in = total(flows.account_credits) + total(flows.account_interest)
    accounts_out = (
        total(flows.account_pensions_paid)
        + total(flows.inheritances)
        + total(flows.refunds)
        + total(flows.moved_to_residents)
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
        "fund": max(fund_gaps),
        "sectors": _gap(all_sectors, turnover),
        "accounts": _gap(opening + accounts_in - accounts_out - closing, opening + accounts_in),
        "people": _gap(people_start + moved - people_end, people_start),
        "pensioners": _gap(pension_start + pension_moves - pension_end, people_start),
        "status": _gap(total(np.abs(status - by_cell)), people_start),
    }


def job_subsidies(hiring: Array, jobs: Array, level: str) -> dict[str, Payment]:
    """What the place pays employers per hire and per job, (draw,) [yuan/year] each."""
    payer = GOVERNMENTS.get(level, GOVERNMENTS["nation"])
    amounts = {"hiring_subsidies": hiring, "job_subsidies": jobs}
    return {
        name: Payment(one_column(amount, amount), payer, EMPLOYERS, EXPENDITURE)
        for name, amount in amounts.items()
    }


def with_identities(ledger: LedgerYear, gaps: dict[str, float]) -> LedgerYear:
    """The ledger's year with the gaps of its identities."""
    return replace(ledger, identities=gaps)


def check(gaps: dict[str, float], year: int) -> None:
    """Raises LedgerError, naming year and identity, where a gap exceeds 1e-9."""
    broken = [f"{name} ({gap:.2e})" for name, gap in gaps.items() if not gap <= TOLERANCE]
    if broken:
        raise LedgerError(f"{year}: identities do not hold: {', '.join(broken)}.")
