"""Personal pensions by hand, met moments, and what each lever may move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rssim.cohorts import engine
from rssim.cohorts.funds import personal_pension as pension
from rssim.inputs.assemble import assemble
from rssim.inputs.scenario import load_scenario
from rssim.study.run import simulate
from tests.cohorts.cells import one
from tests.cohorts.funds import one_cell
from tests.cohorts.funds.moves import headline, moved
from tests.laws.worlds import PLACES, calibrated

BEHAVIOUR = {
    "interested_share": 1.0,
    "opening_rate": 0.0,
    "opening_elasticity": 0.5,
    "paying_odds": 1.0,
    "tax_response": 0.0,
    "saving_share": 0.05,
    "amount_log_sd": 0.0,
    "return_rate": 0.0,
    "lump_sum_share": 0.0,
    "last_age": 75.0,
}
LAW = {
    "contribution_cap": 12_000.0,
    "payout_tax": 0.03,
    "tax_allowance": 60_000.0,
    "deducted_share": 0.12,
    "other_deductions": 18_000.0,
    "central_tax_share": 0.6,
}


def stocks(age, accounts=0.0, saved=0.0, drawing=0.0, drawers=0.0):
    return pension.PersonalPensionStocks(
        np.stack([one_cell.at_age(age, accounts), one_cell.at_age(age, saved)]),
        np.stack([one_cell.at_age(age, drawing), one_cell.at_age(age, drawers)]),
        np.array([saved + drawing]),
    )


def done(given, work, retiring_age=62, log_sd=0.0, behaviour=None, law=None):
    year = one_cell.year(
        retiring_age,
        PersonalPensionBehaviour=BEHAVIOUR | (behaviour or {}),
        PersonalPensionTerms=LAW | (law or {}),
    )
    year = replace(year, earnings=replace(year.earnings, log_sd=one(log_sd)))
    neutral = pension.PersonalPensionConstants(one(1.0), one(1.0), one(1.0))
    return pension.year(given, work, year, one_cell.inputs(), neutral)


def paid(found, name):
    return float(found.account.amount(name)[0])


def parties(found, name):
    item = found.account.payments[name]
    return item.payer, item.payee


def test_half_pay_in_and_the_budgets_bear_their_tax():
    """Pay 20,000 a month is taxed at 10 %; odds 1: 50 of 100 pay 5 % of 240,000 = 12,000."""
    found = done(stocks(40, accounts=100), one_cell.work(40, formal=100, wage_m=20_000))
    total = 50 * 12_000
    assert found.measures["payers"][0] == pytest.approx(50)
    assert found.measures["mean_contribution_m"][0] == pytest.approx(1_000)
    assert paid(found, "tax_relief_central") == pytest.approx(0.6 * 0.10 * total)
    assert paid(found, "tax_relief_local") == pytest.approx(0.4 * 0.10 * total)
    assert paid(found, "own_contributions") == pytest.approx(0.90 * total)
    assert parties(found, "tax_relief_central") == ("central budget", pension.FUND)
    assert parties(found, "tax_relief_local") == ("provincial budget", pension.FUND)
    assert float(found.account.closing[0]) == pytest.approx(total)


def test_who_pays_no_tax_saves_none():
    found = done(stocks(40, accounts=100), one_cell.work(40, formal=100, wage_m=6_000))
    assert found.measures["tax_relief"][0] == 0.0
    assert paid(found, "own_contributions") == pytest.approx(50 * 3_600)


def test_the_cap_holds():
    found = done(
        stocks(40, accounts=100),
        one_cell.work(40, formal=100, wage_m=50_000),
        law={"contribution_cap": 5_000.0},
    )
    assert 12 * found.measures["mean_contribution_m"][0] == pytest.approx(5_000)


def test_the_gain_in_tax_raises_the_odds():
    """At 10 % the gain is 7 points: odds exp(0.7) with a response of 10."""
    found = done(
        stocks(40, accounts=100),
        one_cell.work(40, formal=100, wage_m=20_000),
        behaviour={"tax_response": 10.0},
    )
    odds = np.exp(0.7)
    assert found.measures["payers"][0] == pytest.approx(100 * odds / (1 + odds))


def test_relief_across_a_bracket_is_that_of_the_tax_itself():
    """Taxable 37,000 less 12,000: 100 + 10,997... by the table 1,180 less 750."""
    wage = (37_000 + 78_000) / 0.88 / 12
    found = done(
        stocks(40, accounts=100),
        one_cell.work(40, formal=100, wage_m=wage),
        behaviour={"saving_share": 12_000 / (12 * wage)},
    )
    assert found.measures["tax_relief"][0] == pytest.approx(50 * (1_180 - 750))


def test_only_formal_employees_pay_in():
    found = done(stocks(40, accounts=100), one_cell.work(40, formal=30))
    assert found.measures["payers"][0] == pytest.approx(15)
    assert found.measures["accounts"][0] == pytest.approx(100)


def test_accounts_are_opened_by_those_who_have_none():
    """60 of 100 may ever; 20 have one; at ln 2 half of the other 40 open one."""
    found = done(
        stocks(30, accounts=20),
        one_cell.work(30, formal=100),
        behaviour={"interested_share": 0.6, "opening_rate": np.log(2.0)},
    )
    assert found.measures["new_accounts"][0] == pytest.approx(20)
    assert found.measures["accounts"][0] == pytest.approx(40)


def test_nothing_is_opened_or_paid_before_the_scheme():
    found = done(
        stocks(30),
        one_cell.work(30, formal=100),
        behaviour={"opening_rate": 1.0},
        law={"contribution_cap": 0.0},
    )
    assert all(float(item.amount.sum()) == 0.0 for item in found.account.payments.values())
    assert found.measures["accounts"][0] == 0.0


def test_payout_is_taxed_at_its_own_rate():
    """At 62 of 75: 1,300,000 over 13 years, half a year of it; 3 % to the budgets."""
    found = done(
        stocks(62, accounts=100, saved=1_300_000), one_cell.work(62), behaviour={"return_rate": 0.0}
    )
    gross = 1_300_000 / 13 / 2
    assert paid(found, "benefits") == pytest.approx(0.97 * gross)
    assert paid(found, "payout_tax_central") == pytest.approx(0.6 * 0.03 * gross)
    assert paid(found, "payout_tax_local") == pytest.approx(0.4 * 0.03 * gross)
    assert found.stocks.drawing[pension.RECIPIENTS, 0, 0, 0, 63] == pytest.approx(100)
    assert found.stocks.saving.sum() == 0.0


def test_death_and_return():
    found = done(
        stocks(50, accounts=100, saved=1_000.0),
        one_cell.work(50, survival=0.9),
        behaviour={"return_rate": 0.02},
    )
    middle = 1_000 * 1.02 / 1.01
    assert paid(found, "inheritances") == pytest.approx(0.97 * 0.1 * middle)
    assert float(found.account.closing[0]) == pytest.approx(0.9 * 1_020)
    assert found.gaps["accounts"] < 1e-12


@pytest.mark.parametrize("place", PLACES)
def test_the_moments_of_the_opening_are_met(place):
    found = calibrated(place)
    lines = {line.moment: line for line in found.lines if line.moment.startswith(pension.KEY)}
    assert len(lines) == 5
    for line in lines.values():
        assert line.model == pytest.approx(line.observed, rel=1e-8)
    scenario = load_scenario("baseline", place=place, end=found_first(place))
    flows = engine.run(assemble(scenario, trace=False), found.opening, found.constants).flows[0]
    measured = flows.measures[pension.KEY]
    for name, moment in (
        ("accounts", "accounts_first_year"),
        ("paying_share", "paying_share"),
        ("mean_contribution_m", "mean_contribution"),
    ):
        observed = lines[f"{pension.KEY}.{moment}"].observed / (12 if "_m" in name[-2:] else 1)
        assert float(measured[name][0]) == pytest.approx(observed, rel=1e-8)


def found_first(place):
    return load_scenario("baseline", place=place).opening.year


def test_a_run_that_opens_before_the_scheme_starts_it_when_the_law_does():
    opening = date(2016, 1, 1)
    scenario = load_scenario("baseline", place="china", opening=opening, end=2023)
    found = simulate(scenario, keep=False, trace=False).headline
    accounts = found[f"{pension.KEY}.accounts"][0]
    assert (accounts[:6] == 0.0).all()
    assert (np.diff(accounts[5:]) > 0.0).all()
    assert not [line for line in calibrated("china", opening).lines if "personal" in line.moment]


# What a lever may move ---------------------------------------------------------------------------

PEOPLE = {"accounts", "new_accounts", "recipients"}
PAYING = {"payers", "paying_share"}
AMOUNT = {"mean_contribution_m"}
TAX = {"tax_relief", "tax_relief_central", "tax_relief_local"}
PAYOUT_TAX = {"payout_tax_central", "payout_tax_local"}
OUT = {"benefits", "inheritances", "transfers_out", "expenditure"} | PAYOUT_TAX
IN = {"own_contributions", "contributions", "revenue", "current_balance"}
FUND = {"balance", "interest", "reserve_months"}
FLOWS = TAX | IN | OUT | FUND
ALL = PEOPLE | PAYING | AMOUNT | FLOWS
LEVERS = {
    "personal_pension.contribution_cap": (24_000, AMOUNT | FLOWS),
    "personal_pension.payout_tax": (0.0, PAYING | AMOUNT | FLOWS),
    "personal_pension.tax_allowance": (84_000, PAYING | AMOUNT | FLOWS),
    "personal_pension.tax_rates": (
        {1: 0.03, 2: 0.08, 3: 0.18, 4: 0.25, 5: 0.3, 6: 0.35, 7: 0.4},
        PAYING | AMOUNT | FLOWS,
    ),
    "personal_pension.tax_limits": (
        {1: 50_000, 2: 144_000, 3: 300_000, 4: 420_000, 5: 660_000, 6: 960_000},
        PAYING | AMOUNT | FLOWS,
    ),
    "personal_pension.other_deductions": (30_000, PAYING | AMOUNT | FLOWS),
    "personal_pension.deducted_share": (0.16, PAYING | AMOUNT | FLOWS),
    "personal_pension.central_tax_share": (
        0.5,
        {"tax_relief_central", "tax_relief_local"} | PAYOUT_TAX,
    ),
    "personal_pension_behaviour.interested_share": (0.8, ALL),
    "personal_pension_behaviour.opening_rate": (0.3, ALL),
    "personal_pension_behaviour.opening_elasticity": (1.0, ALL),
    "personal_pension_behaviour.paying_odds": (0.4, PAYING | AMOUNT | FLOWS),
    "personal_pension_behaviour.tax_response": (20, PAYING | AMOUNT | FLOWS),
    "personal_pension_behaviour.saving_share": (0.04, AMOUNT | FLOWS),
    "personal_pension_behaviour.amount_log_sd": (0.8, AMOUNT | FLOWS),
    "personal_pension_behaviour.return_rate": (0.04, OUT | FUND | {"revenue", "current_balance"}),
    "personal_pension_behaviour.lump_sum_share": (
        0.8,
        OUT | FUND | {"recipients", "revenue", "current_balance"},
    ),
    "personal_pension_behaviour.last_age": (
        80,
        OUT | FUND | {"recipients", "revenue", "current_balance"},
    ),
}


@pytest.fixture(scope="module")
def base():
    return headline()


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_moves_its_own_series_and_nothing_else(base, lever):
    value, may_move = LEVERS[lever]
    changed = headline(lever, value)
    found = moved(base, changed, rtol=1e-13)
    assert found
    assert found <= {f"{pension.KEY}.{name}" for name in may_move}


@pytest.mark.parametrize(
    ("lever", "value", "series", "sign"),
    [
        ("personal_pension.contribution_cap", 24_000, "mean_contribution_m", 1),
        ("personal_pension.payout_tax", 0.0, "payers", 1),
        ("personal_pension.tax_allowance", 84_000, "tax_relief", -1),
        ("personal_pension_behaviour.interested_share", 0.8, "accounts", 1),
        ("personal_pension_behaviour.tax_response", 20, "payers", 1),
        ("personal_pension_behaviour.return_rate", 0.04, "balance", 1),
    ],
)
def test_directions(base, lever, value, series, sign):
    key = f"{pension.KEY}.{series}"
    assert np.sign(headline(lever, value)[key][0, -1] - base[key][0, -1]) == sign
