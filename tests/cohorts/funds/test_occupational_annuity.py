"""The occupational annuity by hand: recorded and invested, made real, paid out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rssim.cohorts.funds import occupational_annuity as fund
from rssim.cohorts.funds import public_staff as public
from rssim.inputs.scenario import load_scenario
from rssim.study.run import simulate
from tests.cohorts.cells import number, one
from tests.cohorts.funds import one_cell
from tests.cohorts.funds.moves import headline, moved
from tests.cohorts.funds.test_public_pension import AGE, OPENINGS, rights
from tests.laws.worlds import calibrated

LAW = {
    "employer_rate": 0.08,
    "employee_rate": 0.04,
    "made_real_share": 0.0,
    "notional_rate": 0.02,
    "budget_share": 0.75,
    "investment_return": 0.04,
}


def done(staff, recipients=None, law=None, survival=1.0, balance=None, age=40):
    year = one_cell.year(
        AGE,
        PublicPensionBehaviour={"pay_log_sd": 0.0, "staff_growth": 0.0},
        OccupationalAnnuityTerms=LAW | (law or {}),
    )
    drawing = np.zeros((len(fund.PENSIONER_QUANTITIES), *one_cell.SHAPE))
    for name, value in (recipients or {}).items():
        drawing[(fund.PENSIONER_QUANTITIES.index(name), *one_cell.MEN, 70)] = value
    stocks = fund.OccupationalAnnuityStocks(staff, drawing, one(1.0), one(0.0))
    held = fund.invested(stocks) if balance is None else np.array([balance])
    stocks = replace(stocks, balance=held[:, None, None, None])
    work = one_cell.work(age, survival=survival)
    found = fund.OccupationalAnnuityConstants(one(1.2))
    return fund.year(stocks, work, year, one_cell.inputs(), found), work


def paid(found, name):
    return number(found.account.amount(name))


def test_contributions_by_hand():
    """100 people on 1.2 base wages: 4 % from them, 8 % from a quarter of the units, the rest is
    recorded and grows by 2 %."""
    found, work = done(rights(age=40, people=100))
    base = 100 * 1.2 * number(work.references.base_wage_m) * 12
    assert paid(found, "employee_contributions") == pytest.approx(0.04 * base)
    assert paid(found, "unit_contributions") == pytest.approx(0.08 * 0.25 * base)
    assert paid(found, "budget_contributions") == paid(found, "made_real") == 0.0
    year = one_cell.year()
    recorded = 0.08 * 0.75 * base * (1 + 0.02 * number(year.pension.mid_year_factor) / 2)
    assert number(found.measures["notional_liability"]) == pytest.approx(recorded)
    assert number(found.account.closing) == pytest.approx(0.06 * base * 1.02)


def test_made_real_at_once():
    """All that is recorded is paid in as it accrues: nothing is owed later."""
    found, work = done(rights(age=40, people=100), law={"made_real_share": 1.0})
    base = 100 * 1.2 * number(work.references.base_wage_m) * 12
    assert paid(found, "budget_contributions") == pytest.approx(0.08 * 0.75 * base)
    assert number(found.measures["notional_liability"]) == 0.0
    assert found.account.payments["budget_contributions"].payer == "provincial budget"


def test_retirement_by_hand():
    """On 1 January: 600,000 recorded are paid in, with 400,000 invested 139 instalments."""
    staff = rights(people=10, notional=600_000, funded=400_000)
    found, _ = done(staff, age=AGE)
    assert paid(found, "made_real") == pytest.approx(600_000)
    assert paid(found, "instalments") == pytest.approx(12 * 1_000_000 / 139)
    assert number(found.measures["mean_new_instalment_m"]) == pytest.approx(100_000 / 139)
    left = 400_000 * 1.04 + (600_000 - 12 * 1_000_000 / 139) * 1.02
    assert number(found.account.closing) == pytest.approx(left)
    assert number(found.measures["recipients"]) == 10
    assert number(found.measures["notional_liability"]) == 0.0


def test_an_account_is_never_overdrawn():
    """An instalment of 1,200 from an account of 1,000: it pays 1,000 with half a year's return."""
    none = rights(age=40, people=0)
    found, _ = done(none, {"people": 1, "balance": 1_000, "instalment": 1_200}, age=70)
    assert paid(found, "instalments") == pytest.approx(1_000 * 1.04 / 1.02)
    assert number(found.account.closing) == pytest.approx(0.0, abs=1e-9)


def test_death_pays_both_balances_to_heirs():
    """Nobody survives: 300 invested with half a year's return, 600 recorded with its own."""
    staff = rights(age=40, people=0, notional=600, funded=300)
    found, _ = done(staff, survival=0.0)
    recorded = 600 * (1 + 0.02 / 2)
    assert paid(found, "made_real") == pytest.approx(recorded)
    assert paid(found, "inheritances") == pytest.approx(300 * 1.04 / 1.02 + recorded)
    assert number(found.account.closing) == pytest.approx(0.0, abs=1e-9)
    assert found.gaps["assets"] < 1e-9


@pytest.mark.parametrize(("place", "opening"), OPENINGS)
def test_the_fund_holds_the_published_assets(place, opening):
    found = calibrated(place, opening)
    (line,) = [item for item in found.lines if item.moment == f"{fund.KEY}.assets"]
    assert line.model == pytest.approx(line.observed, rel=1e-8)
    stocks = found.opening.schemes[fund.KEY]
    assert number(fund.invested(stocks)) == pytest.approx(number(stocks.balance), rel=1e-12)
    assert stocks.staff[public.NOTIONAL].sum() > 0


OWN = "occupational_annuity."
FUND = {OWN + name for name in ("revenue", "current_balance", "interest", "balance")} | {
    OWN + "reserve_months"
}
DRAWN = FUND | {
    OWN + name for name in ("expenditure", "instalments", "inheritances", "mean_new_instalment_m")
}
RECORDED = {OWN + name for name in ("contributions", "made_real", "notional_liability")}
LEVERS = {
    "occupational_annuity.employer_rate": (0.06, DRAWN | RECORDED | {OWN + "unit_contributions"}),
    "occupational_annuity.employee_rate": (
        0.05,
        DRAWN | {OWN + name for name in ("contributions", "employee_contributions")},
    ),
    "occupational_annuity.made_real_share": (
        1.0,
        DRAWN | RECORDED | {OWN + "budget_contributions"},
    ),
    "occupational_annuity.notional_rate": (0.05, DRAWN | RECORDED),
    "occupational_annuity.investment_return": (0.06, DRAWN),
}


@pytest.fixture(scope="module")
def base():
    return headline()


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_moves_its_own_series_and_nothing_else(base, lever):
    """After the comparison has ended, the annuity does not enter the pension."""
    value, may_move = LEVERS[lever]
    changed = headline(lever, value)
    found = moved(base, changed, rtol=1e-12, atol=1e-6)
    assert found
    assert found <= may_move


@pytest.mark.parametrize(
    ("lever", "value", "series", "sign"),
    [
        ("occupational_annuity.made_real_share", 1.0, "notional_liability", -1),
        ("occupational_annuity.made_real_share", 1.0, "balance", 1),
        ("occupational_annuity.employer_rate", 0.06, "mean_new_instalment_m", -1),
        ("occupational_annuity.notional_rate", 0.05, "made_real", 1),
        ("occupational_annuity.budget_share", 0.5, "unit_contributions", 1),
        ("occupational_annuity.investment_return", 0.06, "mean_new_instalment_m", 1),
    ],
)
def test_direction(base, lever, value, series, sign):
    key = OWN + series
    assert np.sign(headline(lever, value)[key][0, -1] - base[key][0, -1]) == sign


def test_a_larger_annuity_is_deducted_while_the_comparison_lasts():
    """In the years of comparison the fund pays less where the annuity is larger."""
    base = load_scenario("baseline", place="china", opening=date(2016, 1, 1), end=2020)
    more = base.change("occupational_annuity.employer_rate", {"2016-01-01": 0.12})
    one_, other = (simulate(item, keep=False, trace=False).headline for item in (base, more))
    key = "public_pension.mean_new_pension_m"
    assert (other[key][0, 1:] < one_[key][0, 1:]).all()
