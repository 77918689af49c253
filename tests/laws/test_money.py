"""Every yuan has a payer and a payee: to 1e-9 of turnover."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rssim.cohorts import ledger
from rssim.cohorts.funds.account import TRANSFER_IN
from rssim.cohorts.state import BALANCE, PENSION_BALANCE
from rssim.cohorts.year import year
from rssim.errors import LedgerError
from tests.laws.cases import CASES
from tests.laws.worlds import PLACES, shaken, world_of

seeds = st.integers(min_value=0, max_value=10**6)
# A smaller seed is not a simpler world.
NO_SHRINKING = (Phase.explicit, Phase.generate)
places = pytest.mark.parametrize("place", PLACES)
INTO_FUND = (
    "employer_contributions",
    "employee_contributions",
    "flexible_contributions",
    "back_payments",
    "subsidy",
    "required_subsidy",
    "interest",
    "deficit_subsidy",
    "shortfall_payments",
    "province_aid",
)
OUT_OF_FUND = (
    "pensions",
    "funeral_grants",
    "survivor_grants",
    "inheritances",
    "refunds",
    "moved_to_residents",
    "transfers_out",
    "remittance",
    "arrears_interest",
    "province_transfer",
)

PAST_THE_FUND = ("hiring_subsidies", "job_subsidies")


def random_year(place, seed, balance=1.0):
    world = shaken(world_of(place, 2024 + seed % 8), seed)
    pension = replace(world.stocks.pension, balance=balance * world.stocks.pension.balance)
    world = replace(world, stocks=replace(world.stocks, pension=pension))
    flows, after = year(*CASES["year"].arguments(world))
    return world, flows, after


@places
@settings(max_examples=4, phases=NO_SHRINKING)
@given(seed=seeds, balance=st.sampled_from([0.0, 1e-3, 1.0, 10.0]))
def test_fund_and_sectors(place, seed, balance):
    world, flows, after = random_year(place, seed, balance)
    money = flows.ledger
    fund = money.accounts["employee_pension"]
    received = {name for name, item in fund.payments.items() if item.kind == TRANSFER_IN}
    assert set(fund.payments) - received == {*INTO_FUND, *OUT_OF_FUND}
    assert set(money.outside) == set(PAST_THE_FUND)
    into = sum(float(fund.amount(name).sum()) for name in {*INTO_FUND, *received})
    out = sum(float(fund.amount(name).sum()) for name in OUT_OF_FUND)
    opening = float(world.stocks.pension.balance.sum())
    closing = float(after.pension.balance.sum())
    assert opening + into - out - closing == pytest.approx(0.0, abs=1e-9 * (into + out))
    assert closing >= 0.0
    paid: dict[str, float] = {}
    for _, _, item in money.payments():
        assert item.payer
        assert item.payer != item.payee
        amount = float(item.amount.sum())
        paid[item.payer] = paid.get(item.payer, 0.0) - amount
        paid[item.payee] = paid.get(item.payee, 0.0) + amount
    assert sum(paid.values()) == pytest.approx(0.0, abs=1e-9 * (into + out))
    for account in money.accounts.values():
        change = float((account.closing - account.opening).sum())
        assert paid[account.fund] == pytest.approx(change, abs=1e-9 * (into + out))
    assert paid[ledger.FUND] == pytest.approx(closing - opening, abs=1e-9 * (into + out))
    assert all(gap <= 1e-9 for gap in money.identities.values())
    assert {name for name in money.identities if "." not in name} == {
        "fund",
        "sectors",
        "accounts",
        "people",
        "pensioners",
        "status",
    }


@places
@settings(max_examples=4, phases=NO_SHRINKING)
@given(seed=seeds)
def test_accounts(place, seed):
    """Balances of members and pensioners: opening, credits and interest, less what is paid."""
    world, flows, after = random_year(place, seed)

    def balances(stocks):
        return float(stocks.rights[BALANCE].sum() + stocks.pensioners[PENSION_BALANCE].sum())

    pension = flows.pension
    into = float((pension.account_credits + pension.account_interest).sum())
    out = float(
        (
            pension.account_pensions_paid
            + pension.inheritances
            + pension.refunds
            + pension.moved_to_residents
            + pension.transferred_balances
        ).sum()
    )
    opening, closing = balances(world.stocks.pension), balances(after.pension)
    assert opening + into - out == pytest.approx(closing, rel=1e-11)


@places
@settings(max_examples=2, phases=NO_SHRINKING)
@given(seed=seeds)
def test_totals_of_the_ledger_are_sums_of_cells(place, seed):
    world, flows, after = random_year(place, seed)
    late = after.pension.arrears.sum() - world.stocks.pension.arrears.sum()
    # What the common engine books of a fund within the series stands in that fund's account.
    booked = {name: float(part.sum()) for name, part in flows.ledger.booked.items()}
    fund = flows.ledger.accounts["employee_pension"]
    assert fund.amount("pensions").sum() + booked["pensions"] == pytest.approx(
        flows.pension.pensions_paid.sum() - late, rel=1e-12
    )
    pairs = {
        "employer_contributions": flows.pension.employer_contributions,
        "employee_contributions": flows.pension.employee_contributions,
        "flexible_contributions": flows.pension.flexible_contributions,
        "refunds": flows.pension.refunds,
        "transfers_out": flows.pension.transfers_out,
        "inheritances": flows.pension.inheritances,
    }
    for name, cells in pairs.items():
        amount = fund.amount(name).sum() + booked.get(name, 0.0)
        assert amount == pytest.approx(cells.sum(), rel=1e-12), name


def test_an_identity_that_does_not_hold_stops_the_run_and_is_named():
    ledger.check({"fund": 0.9e-9, "accounts": 0.0}, 2031)
    with pytest.raises(LedgerError, match=r"2031.*accounts \(2\.00e-09\)"):
        ledger.check({"fund": 0.0, "accounts": 2e-9}, 2031)
    with pytest.raises(LedgerError, match="fund"):
        ledger.check({"fund": float("nan")}, 2031)


@pytest.mark.parametrize("identity", ["fund", "accounts", "people", "pensioners", "status"])
def test_a_loss_is_found(identity):
    """A thousandth of one entry that goes astray breaks the identity that watches it."""
    world, flows, after = random_year("guangdong", 3)
    counted = {
        "births": flows.births,
        "deaths": flows.deaths,
        "net_migrants": ledger.total(flows.moves.arrivals) - ledger.total(flows.moves.departures),
    }
    money, pension = flows.ledger, flows.pension
    if identity == "fund":
        fund = money.accounts["employee_pension"]
        astray = replace(fund.payments["pensions"], amount=fund.payments["pensions"].amount * 1.001)
        fund = replace(fund, payments=fund.payments | {"pensions": astray})
        money = replace(money, accounts=money.accounts | {"employee_pension": fund})
    elif identity == "accounts":
        pension = replace(pension, account_credits=pension.account_credits * 1.001)
    elif identity == "people":
        counted["births"] = counted["births"] * 1.001
    elif identity == "pensioners":
        pension = replace(pension, new_pensioners=pension.new_pensioners * 1.001)
    else:
        people = after.people.copy()
        people[..., -1, 70] *= 1.001
        after = replace(after, people=people)
    gaps = ledger.identities(money, world.stocks, after, pension, counted)
    assert gaps[identity] > 1e-9
    with pytest.raises(LedgerError, match=identity):
        ledger.check(gaps, 2024)
    assert np.isfinite(gaps[identity])
