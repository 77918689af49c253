"""Indicators of a fund: closed forms through the public functions, then runs."""

from __future__ import annotations

import numpy as np
import pytest

from rssim.cohorts.funds.account import (
    CONTRIBUTION,
    EXPENDITURE,
    HOUSEHOLDS,
    Payment,
    settled,
)
from rssim.cohorts.funds.registry import FUNDED
from rssim.errors import ParameterError
from rssim.inputs.scenario import load_scenario
from rssim.study import indicators, solvency
from rssim.study.run import run
from tests.study.results import FUND, SECTOR, result_of

EXACT = 1e-8
YEARS = np.arange(76)


def oasdi_like():
    """Case C06: cost 14.7 + 0.05 t, income 13.0 + 0.01 t per cent of payroll, 4 % growth, 5 %."""
    payroll = 100.0 * 1.04**YEARS
    spent = (14.7 + 0.05 * YEARS) / 100.0 * payroll
    earned = (13.0 + 0.01 * YEARS) / 100.0 * payroll
    series = {
        f"{FUND}.revenue": earned + 7.0,
        f"{FUND}.interest": np.full(76, 7.0),
        f"{FUND}.contributions": earned,
        f"{FUND}.expenditure": spent,
        f"{FUND}.remittance": np.zeros(76),
        f"{FUND}.balanced_rate": spent / payroll,
        f"{FUND}.required_subsidy": np.zeros(76),
    }
    return result_of(series, 2024, 0.05, np.full(77, 1.88 * 14.7))


def test_actuarial_balance_by_hand():
    """The published algebra: −2.647027546 per cent of payroll over 75 years."""
    found = solvency.actuarial_balance(oasdi_like(), 75)
    assert 100 * float(found[0, 0]) == pytest.approx(-2.647027546, rel=EXACT)
    assert found.dims == ("scenario", "draw")


def test_balancing_rate_is_the_rate_that_brings_the_balance_to_zero():
    result = oasdi_like()
    rate = float(solvency.balancing_rate(result, 75)[0, 0])
    payroll = 100.0 * 1.04**YEARS
    result.flows[f"{FUND}.contributions"].values[0, 0] = rate * payroll
    result.flows[f"{FUND}.revenue"].values[0, 0] = rate * payroll + 7.0
    assert float(solvency.actuarial_balance(result, 75)[0, 0]) == pytest.approx(0.0, abs=1e-14)


def test_a_period_that_is_not_in_the_result_says_how_many_years_are():
    with pytest.raises(ParameterError, match="must hold the year after the period. At most 75"):
        solvency.actuarial_balance(oasdi_like(), 76)
    with pytest.raises(ParameterError, match="2200: the result holds no such year"):
        solvency.balancing_rate(oasdi_like(), 10, first=2200)
    with pytest.raises(ParameterError, match="employee_pensio: there is no such fund. Did you"):
        solvency.payroll(oasdi_like(), "employee_pensio")


def test_subsidy_to_keep_months_by_hand():
    """120 a year are spent and 100 come in; 10 % return; 6 months are 60.

    First year: 100 + 10 − 20 − 1 = 89, no subsidy. Second: 89 + 8.9 − 21 = 76.9. Third:
    76.9 + 7.69 − 21 = 63.59. Fourth: 63.59 + 6.359 − 21 = 48.949, so 11.051; then 60 + 6 − 21 = 45,
    so 15 in every further year."""
    series = {
        f"{FUND}.revenue": [100.0] * 6,
        f"{FUND}.interest": [0.0] * 6,
        f"{FUND}.expenditure": [120.0] * 6,
        f"{FUND}.remittance": [0.0] * 6,
    }
    result = result_of(series, 2030, 0.1, [100.0] * 7)
    found = solvency.subsidy_to_keep(result, 6)[0, 0]
    assert found.values == pytest.approx([0.0, 0.0, 0.0, 11.051, 15.0, 15.0], rel=1e-12)
    with pytest.raises(ParameterError, match="months: -1 is below 0"):
        solvency.subsidy_to_keep(result, -1)


def test_payg_parts_by_hand():
    """Case C05: 20 years drawn for 40 worked, benefit ratio 0.4, rate 0.2."""
    series = {
        f"{FUND}.revenue": [1.0],
        f"{FUND}.expenditure": [20 * 0.4],
        f"{FUND}.balanced_rate": [0.2],
        f"{FUND}.retirees": [20.0],
        f"{FUND}.contributors": [40.0],
        "old_age_dependency": [0.25],
    }
    found = solvency.payg_parts(result_of(series, 2030, 0.0, [0.0, 0.0])).isel(year=0)
    values = {name: float(found[name][0, 0]) for name in found}
    expected = {"cost_rate": 0.2, "dependency": 0.25, "coverage": 2.0, "replacement": 0.4}
    assert values == pytest.approx(expected, rel=1e-14)


def test_settling_factors_empty_the_account_of_a_fund():
    """What the factors say a fund needs is what it needs when its account is settled each year.

    A yuan more, so that rounding does not decide whether the fund runs dry in the last year.
    """
    rng = np.random.default_rng(5)
    rates, paid = rng.uniform(0.0, 0.08, 40), rng.uniform(1.0, 3.0, 40)
    balance = np.array([1.0 + (paid * indicators.settling_factors(rates)).sum()])
    for rate, amount in zip(rates, paid, strict=True):
        outgo = {
            "pensions": Payment(np.full((1, 1), amount), SECTOR, HOUSEHOLDS, EXPENDITURE),
            "contributions": Payment(np.zeros((1, 1)), HOUSEHOLDS, SECTOR, CONTRIBUTION),
        }
        account = settled(SECTOR, balance, outgo, np.array([rate]), "city budget")
        balance = account.closing
    assert account.amount("required_subsidy")[0] == 0.0
    assert balance[0] == pytest.approx(np.prod(1.0 + rates), rel=1e-10)


# In runs ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long():
    return run(load_scenario("baseline", "guangdong", end=2060), bite="off")


def test_no_months_are_the_required_subsidy(long):
    found = solvency.subsidy_to_keep(long, 0)
    expected = long.flows[f"{FUND}.required_subsidy"]
    assert float(expected.max()) > 0
    np.testing.assert_allclose(found, expected.transpose(*found.dims), rtol=1e-9, atol=1.0)
    more = solvency.subsidy_to_keep(long, 9)
    assert float(more.sum()) > float(found.sum())
    first = {
        months: int(np.argmax(solvency.subsidy_to_keep(long, months)[0, 0].values > 0))
        for months in (0, 9, 24)
    }
    assert first[0] > first[9] > first[24]


def test_parts_of_the_cost_rate_multiply_to_it(long):
    parts = solvency.payg_parts(long)
    product = parts["dependency"] * parts["coverage"] * parts["replacement"]
    np.testing.assert_allclose(product, parts["cost_rate"], rtol=1e-12)
    np.testing.assert_allclose(parts["cost_rate"], long.flows[f"{FUND}.balanced_rate"], rtol=1e-12)


def test_debt_does_not_depend_on_later_contributions_and_grows_with_a_lower_rate(long):
    scenario = long.runs[0].scenario
    debt = solvency.implicit_debt(scenario)
    assert sum(part[0] for part in debt.by_kind.values()) == pytest.approx(debt.total[0])
    assert debt.years[-1] == 2099 and debt.last_share[0] < 0.01
    dearer = scenario.change("employee_pension.employer_rate", {"2027-01-01": 0.2})
    assert solvency.implicit_debt(dearer).total[0] == debt.total[0]
    low, high = (solvency.implicit_debt(scenario, rate).total[0] for rate in (0.01, 0.05))
    assert low > debt.total[0] > high


def test_debt_pays_what_the_open_scheme_pays_in_the_first_year(long):
    """A right of the opening day is all that anybody draws on in the first months.

    Closed and open scheme differ by what is transferred or refunded of the year's new rights and
    by people short of the minimum years, so a few per cent.
    """
    debt = solvency.implicit_debt(long.runs[0].scenario)
    spent = float(long.flows[f"{FUND}.expenditure"][0, 0, 0])
    assert debt.payments[0, 0] == pytest.approx(spent, rel=0.05)
    assert debt.payments[0, 0] > float(long.stocks[f"{FUND}.pensions_in_payment"][0, 0, 0])


def test_debt_is_a_shrinking_part_of_what_the_open_scheme_pays(long):
    """New rights take over: the share of old ones falls with time, and accounts are within them."""
    debt = solvency.implicit_debt(long.runs[0].scenario)
    spent = long.flows[f"{FUND}.expenditure"][0, 0].values
    share = debt.payments[0, : len(spent)] / spent
    assert share[0] > share[10] > share[20] > share[36]
    assert 0.0 < share[36] < 0.75
    accounts = float(long.stocks[f"{FUND}.account_liability"][0, 0, 0])
    assert accounts < debt.total[0]
    assert debt.reserves[0] == pytest.approx(float(long.stocks[f"{FUND}.balance"][0, 0, 0]))


def test_indicators_have_every_fund(long):
    for fund in solvency.fund_names():
        if fund in FUNDED:
            with pytest.raises(ParameterError, match="owed to its owners"):
                solvency.reserve_months(long, fund)
        else:
            assert solvency.reserve_months(long, fund).dims == ("scenario", "draw", "year")
        assert np.isfinite(solvency.subsidy_to_keep(long, 3, fund)).all()
        assert np.isfinite(solvency.actuarial_balance(long, 20, fund=fund)).all()
        assert set(long.events(fund).columns) >= {"first_gap_year", "depletion_year"}


@pytest.mark.parametrize("rate", [-2.0, -1.0, float("nan"), float("inf")])
def test_the_debt_needs_a_rate_that_discounts(rate: float) -> None:
    with pytest.raises(ParameterError, match="it must be above -1"):
        solvency.implicit_debt(load_scenario("baseline"), rate=rate)
