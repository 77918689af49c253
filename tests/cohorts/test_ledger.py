"""The fund's year in money, by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest

from rssim.cohorts import ledger
from rssim.cohorts.funds.account import (
    CAPITAL_MARKET,
    CONTRIBUTION,
    EMPLOYERS,
    EXPENDITURE,
    HOUSEHOLDS,
    NATION,
    TRANSFER_IN,
    Payment,
    settled,
)
from rssim.cohorts.funds.employee_pension import PensionFlows
from tests.cohorts.cells import law, number, one

MONEY = {
    "economy__fund_return": 0.04,
    "pension__subsidy_share": 0.0,
    "pension__remittance_share": 0.0,
    "pension__dry_fund_payer": "province",
}


def flows(**amounts):
    """Flows that are zero but for the given totals, spread over two cells."""
    values = {}
    for name in PensionFlows.__dataclass_fields__:
        cells = np.zeros((1, 1, 2, 101))
        cells[0, 0, :, 50] = amounts.get(name, 0.0) / 2
        values[name] = cells
    return PensionFlows(**values)


def settle(opening, level="city", changes=None, **amounts):
    year = law(**(MONEY | (changes or {})))
    return ledger.settle(flows(**amounts), one(opening), year, level)


def parties(money, name):
    item = money.payments[name]
    return item.payer, item.payee


def test_interest_of_half_a_year_on_what_comes_in_and_goes_out():
    """1,000 stand the whole year; 300 come in and 100 go out, half a year on average."""
    money = settle(
        1_000.0, employer_contributions=200.0, employee_contributions=100.0, pensions_paid=100.0
    )
    assert number(money.amount("interest")) == pytest.approx(0.04 * (1_000 + 0.5 * 200))
    assert number(money.revenue) == pytest.approx(344.0)
    assert number(money.expenditure) == pytest.approx(100.0)
    assert number(money.closing) == pytest.approx(1_244.0)


def test_what_counts_as_revenue_and_expenditure():
    parts = {
        "employer_contributions": 1.0,
        "employee_contributions": 2.0,
        "flexible_contributions": 4.0,
        "back_payments": 8.0,
        "pensions_paid": 16.0,
        "funeral_grants": 32.0,
        "survivor_grants": 64.0,
        "inheritances": 128.0,
        "refunds": 256.0,
        "transfers_out": 512.0,
        "moved_to_residents": 1024.0,
        # Not money of the year: waived, credited, drawn within pensions.
        "relief": 1e6,
        "account_credits": 1e6,
        "account_interest": 1e6,
        "account_pensions_paid": 1e6,
    }
    money = settle(1e5, changes={"economy__fund_return": 0.0}, **parts)
    assert number(money.contributions) == pytest.approx(15.0)
    assert number(money.expenditure) == pytest.approx(2032.0)
    assert number(money.closing) == pytest.approx(1e5 + 15 - 2032)


@pytest.mark.parametrize(("surplus", "expected"), [(200.0, 60.0), (0.0, 0.0), (-200.0, 0.0)])
def test_remittance_only_of_a_surplus(surplus, expected):
    changes = {"pension__remittance_share": 0.3, "economy__fund_return": 0.0}
    money = settle(
        10_000.0, changes=changes, employer_contributions=1_000 + surplus, pensions_paid=1_000.0
    )
    assert number(money.amount("remittance")) == pytest.approx(expected)
    assert number(money.closing) == pytest.approx(10_000 + surplus - expected)
    assert parties(money, "remittance") == (ledger.FUND, NATION)


def test_interest_counts_into_the_surplus():
    """100 short without interest, 300 over with it: 30 % of 300."""
    money = settle(
        10_000.0,
        changes={"pension__remittance_share": 0.3},
        employer_contributions=900.0,
        pensions_paid=1_000.0,
    )
    interest = 0.04 * (10_000 - 50)
    assert number(money.amount("remittance")) == pytest.approx(0.3 * (interest - 100))


@pytest.mark.parametrize(
    ("payer", "budget"),
    [("city", "city budget"), ("province", "provincial budget"), ("nation", "central budget")],
)
def test_a_fund_that_runs_dry_is_kept_at_zero_by_the_payer_in_the_law(payer, budget):
    """50 stand, 100 come in, 300 go out; half of 50 earns 0.04, so 1: 149 are needed."""
    money = settle(
        50.0,
        level="province",
        changes={"pension__dry_fund_payer": payer},
        employer_contributions=100.0,
        pensions_paid=300.0,
    )
    assert number(money.amount("required_subsidy")) == pytest.approx(149.0)
    assert number(money.closing) == 0.0
    assert parties(money, "required_subsidy") == (budget, ledger.FUND)
    # Benefits are never cut, and the subsidy is apart from revenue.
    assert number(money.amount("pensions")) == 300.0
    assert number(money.revenue) == pytest.approx(101.0)


def test_an_empty_fund_earns_and_owes_nothing():
    money = settle(0.0, employer_contributions=100.0, pensions_paid=300.0)
    assert number(money.amount("interest")) == 0.0
    assert number(money.amount("required_subsidy")) == pytest.approx(200.0)


@pytest.mark.parametrize(
    ("level", "budget"),
    [("city", "city budget"), ("province", "provincial budget"), ("nation", "central budget")],
)
def test_subsidy_in_law_is_a_share_of_expenditure_from_the_own_budget(level, budget):
    money = settle(
        10_000.0,
        level=level,
        changes={"pension__subsidy_share": 0.05, "economy__fund_return": 0.0},
        pensions_paid=1_000.0,
    )
    assert number(money.amount("subsidy")) == pytest.approx(50.0)
    assert parties(money, "subsidy") == (budget, ledger.FUND)
    assert number(money.amount("required_subsidy")) == 0.0


def test_sectors_by_hand():
    money = settle(
        1_000.0,
        changes={"pension__remittance_share": 0.5},
        employer_contributions=160.0,
        employee_contributions=80.0,
        pensions_paid=100.0,
        transfers_out=20.0,
    )
    interest = 0.04 * (1_000 + 0.5 * 120)
    surplus = 120 + interest
    year = ledger.LedgerYear({"employee_pension": money}, {}, {})
    assert {name: number(value) for name, value in ledger.sector_balances(year).items()} == {
        EMPLOYERS: pytest.approx(-160.0),
        HOUSEHOLDS: pytest.approx(100.0 - 80.0),
        ledger.RESIDENTS_FUND: pytest.approx(0.0),
        ledger.OTHER_FUNDS: pytest.approx(20.0),
        CAPITAL_MARKET: pytest.approx(-interest),
        NATION: pytest.approx(surplus / 2),
        ledger.FUND: pytest.approx(surplus / 2),
        "city budget": pytest.approx(0.0),
        "provincial budget": pytest.approx(0.0),
        "provincial pool": pytest.approx(0.0),
    }


def test_every_entry_has_two_sides():
    names = [name for name, *_ in ledger.ENTRIES]
    assert len(names) == len(set(names))
    for _, flow, payer, payee, kind in ledger.ENTRIES:
        assert flow in PensionFlows.__dataclass_fields__
        assert (payer == ledger.FUND) != (payee == ledger.FUND)
        assert re.fullmatch("[a-z ]+", payee)
        assert kind == (CONTRIBUTION if payee == ledger.FUND else EXPENDITURE)


def two_funds(sent, booked):
    """A fund pays another one that stands at 100 and gets 10 from employers."""
    paid = Payment(np.array([[sent]]), "fund a", "fund b", EXPENDITURE)
    got = Payment(np.array([[booked]]), "fund a", "fund b", TRANSFER_IN)
    dues = Payment(np.array([[10.0]]), EMPLOYERS, "fund b", CONTRIBUTION)
    still = np.zeros(1)
    a = settled("fund a", np.array([50.0]), {"passed_on": paid}, still, "city budget")
    b = settled("fund b", np.array([100.0]), {"dues": dues, "from_a": got}, still, "city budget")
    return ledger.LedgerYear({"a": a, "b": b}, {}, {})


def test_a_payment_between_two_funds_counts_once():
    year = two_funds(7.0, 7.0)
    assert number(year.accounts["a"].closing) == 43.0
    assert number(year.accounts["b"].closing) == 117.0
    assert number(year.accounts["b"].revenue) == 17.0
    balances = {name: number(value) for name, value in ledger.sector_balances(year).items()}
    assert balances["fund a"] == -7.0
    assert balances["fund b"] == 17.0
    assert balances[EMPLOYERS] == -10.0
    assert sum(balances.values()) == 0.0


@pytest.mark.parametrize("booked", [7.0, 6.0, 0.0])
def test_what_one_fund_sends_and_another_does_not_book_is_found(booked):
    year = two_funds(7.0, booked)
    sectors = ledger.sector_balances(year)
    assert ledger.fund_gap(year.accounts["a"], sectors) == 0.0
    gap = ledger.fund_gap(year.accounts["b"], sectors)
    assert gap == pytest.approx((7.0 - booked) / (10.0 + booked))
