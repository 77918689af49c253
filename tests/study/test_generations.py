"""Replacement, adequacy and birth cohorts: closed forms, then a run with ages."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from rssim.errors import ParameterError
from rssim.inputs.scenario import load_scenario
from rssim.study import generations
from rssim.study.run import run
from tests.study.results import FUND, result_of

ENTRY, RETIREMENT, END = 20, 60, 80


def samuelson(n, g, employer_part=0.5, inflation=0.0):
    """A pay-as-you-go scheme at 20 % of wages in a stable population, 100 years.

    Age a on 1 January; the cohorts born from 1999 on are seen from 20 to 79 and beyond.
    """
    years, ages = np.arange(100), np.arange(101)
    people = (1.0 + n) ** (years[:, None] - ages)
    wage = ((1.0 + g) * (1.0 + inflation)) ** years[:, None]
    works = (ages >= ENTRY) & (ages < RETIREMENT)
    draws = (ages >= RETIREMENT) & (ages < END)
    paid = 0.2 * people * wage * works
    benefit = paid.sum(axis=-1, keepdims=True) / (people * draws).sum(axis=-1, keepdims=True)
    received = people * draws * benefit

    def sexes(values):
        return np.stack([0.5 * values, 0.5 * values], axis=1)

    zero = sexes(np.zeros_like(paid))
    series = {
        f"{FUND}.employer_contributions_by_age": sexes(employer_part * paid),
        f"{FUND}.employee_contributions_by_age": sexes((1.0 - employer_part) * paid),
        f"{FUND}.flexible_contributions_by_age": zero,
        f"{FUND}.back_payments_by_age": zero,
        f"{FUND}.pensions_by_age": sexes(received),
        f"{FUND}.other_benefits_by_age": zero,
        "price_index": (1.0 + inflation) ** years,
        f"{FUND}.revenue": np.ones(100),
    }
    # A length is read from the first series, so one by year leads.
    ordered = {"price_index": series["price_index"]} | series
    return result_of(ordered, 2000, 0.0, np.zeros(101))


@pytest.mark.parametrize(
    ("n", "g", "rate"),
    [(-0.01, 0.03, 0.0197), (0.0, 0.03, 0.03), (0.01, 0.02, 0.0302), (-0.02, 0.05, 0.029)],
)
def test_biological_return_of_every_cohort(n, g, rate):
    """Case C05: a pay-as-you-go scheme returns (1 + n)(1 + g) − 1 to every cohort and sex."""
    found = generations.cohorts(samuelson(n, g), births=range(1980, 2009))
    assert found["internal_rate"].notna().sum() > 20
    assert found["internal_rate"].dropna().to_numpy() == pytest.approx(rate, rel=1e-8)


def test_real_and_nominal_rates():
    result = samuelson(0.0, 0.03, inflation=0.02)
    real = generations.cohorts(result, births=[1985])["internal_rate"]
    nominal = generations.cohorts(result, births=[1985], basis="nominal")["internal_rate"]
    assert real.to_numpy() == pytest.approx(0.03, rel=1e-8)
    assert nominal.to_numpy() == pytest.approx(1.03 * 1.02 - 1.0, rel=1e-8)


def test_transfers_by_hand():
    """Without growth and interest each cohort of one pays 40 x 0.2 = 8 and gets 20 x 0.4 = 8."""
    result = samuelson(0.0, 0.0)
    row = generations.cohorts(result, births=[1985]).loc[(1985, "male")]
    assert (row["first_age"], row["last_age"]) == (14, 113)
    assert row["paid"] == pytest.approx(4.0) and row["received"] == pytest.approx(4.0)
    assert row["net_transfer"] == pytest.approx(0.0, abs=1e-12)
    without = generations.cohorts(result, births=[1985], employer=False).loc[(1985, "male")]
    assert without["paid"] == pytest.approx(2.0)
    # Born in 1949, 50 on the first day: ten years to pay, twenty to draw.
    old = generations.cohorts(result, births=[1949]).loc[(1949, "female")]
    assert old["net_transfer"] == pytest.approx(0.5 * (20 * 0.4 - 10 * 0.2))
    assert np.isnan(old["internal_rate"])


def test_replacement_and_adequacy_by_hand():
    series = {
        "average_wage_m": [10_000.0, 11_000.0],
        "median_wage_m": [8_000.0, 8_000.0],
        "employed": [100.0, 100.0],
        f"{FUND}.mean_new_pension_m": [4_000.0, 4_400.0],
        f"{FUND}.mean_pension_m": [3_000.0, 3_300.0],
        f"{FUND}.insured_workers": [60.0, 80.0],
    }
    result = result_of(series, 2030, 0.0, [0.0] * 3)
    rates = generations.replacement_rates(result)
    assert rates["at_award"].values.ravel() == pytest.approx([0.4, 0.4])
    assert rates["in_payment"].values.ravel() == pytest.approx([0.3, 0.3])
    # 120,000 a year less 14,400 of contributions; 33,600 is taxed at 3 %: 1,008. And 132,000 less
    # 15,840; 44,160 is taxed at 3 % to 36,000 and 10 % above: 1,080 + 816.
    net = [(120_000 - 14_400 - 1_008) / 12, (132_000 - 15_840 - 1_896) / 12]
    assert generations.net_wage_m(result).values.ravel() == pytest.approx(net)
    assert rates["at_award_net"].values.ravel() == pytest.approx([4_000 / net[0], 4_400 / net[1]])
    assert rates["in_payment_net"].values.ravel() == pytest.approx([3_000 / net[0], 3_300 / net[1]])
    found = generations.adequacy(result)
    assert found["over_minimum_wage"].values.ravel() == pytest.approx([1.5, 1.65])
    assert found["new_over_low_income"].values.ravel() == pytest.approx([1.0, 1.1])
    assert generations.coverage_gap(result).values.ravel() == pytest.approx([0.4, 0.2])
    with pytest.raises(ParameterError, match="line_share: 0 is not above 0"):
        generations.adequacy(result, 0)


def test_replacement_through_retirement_by_hand():
    """Born in 1969: 60 on 1 January 2030. A pension of 5,000 a month against 10,000 and 12,500."""
    pensions, people = np.zeros((2, 2, 101)), np.zeros((2, 2, 101))
    people[0, 0, 60], people[1, 0, 61] = 10.0, 8.0
    pensions[0, 0, 60], pensions[1, 0, 61] = 10 * 60_000.0, 8 * 60_000.0
    dims = ("scenario", "draw", "date", "group", "sex", "age")
    stocks = {
        f"{FUND}.{key}_by_age": xr.DataArray(
            values[None, None, :, None], dims=dims, coords={"scenario": ["baseline"]}
        )
        for key, values in (("pensions_in_payment", pensions), ("retirees", people))
    }
    result = result_of(
        {"average_wage_m": [10_000.0, 12_500.0]}, 2030, 0.0, [0.0] * 3, stocks=stocks
    )
    found = generations.replacement_through_retirement(result, [1969])
    assert found["age"].tolist() == [61, 62]
    assert found["replacement"].tolist() == pytest.approx([0.5, 0.4])


# In a run -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ages():
    return run(load_scenario("baseline", "guangzhou", end=2030), record="ages", bite="off")


def test_cohorts_add_up_to_the_fund(ages):
    """All cohorts and the open age together pay and get what the fund books."""
    flows = ages.flows
    for parts, keys in (
        (
            ("employer_contributions", "employee_contributions"),
            ("employer_contributions", "employee_contributions"),
        ),
        (("other_benefits",), ("funeral_grants", "survivor_grants", "inheritances", "refunds")),
        (("pensions", "back_payments"), ("pensions", "back_payments")),
    ):
        by_age = sum(flows[f"{FUND}.{key}_by_age"].sum(("group", "sex", "age")) for key in parts)
        total = sum(flows[f"{FUND}.{key}"] for key in keys)
        np.testing.assert_allclose(by_age, total.transpose(*by_age.dims), rtol=1e-12)
    found = generations.cohorts(ages)
    gap = found["received"] - found["paid"]
    np.testing.assert_allclose(found["net_transfer"], gap, rtol=1e-9, atol=1.0)
    assert found["internal_rate"].isna().all()
    # People of 70 only get, people of 25 only pay.
    assert (found.loc[1953, "paid"] < 1e-4 * found.loc[1953, "received"]).all()
    assert (found.loc[1998, "net_transfer"] < 0).all()


def test_net_rates_of_a_run_are_above_gross_ones(pair):
    rates = generations.replacement_rates(pair)
    for name in ("at_award", "in_payment"):
        lift = (rates[f"{name}_net"] / rates[name]).values
        # Own contributions of 12 % alone lift a rate by 1 / 0.88; tax adds to it.
        assert (lift > 1.0 / 0.88).all() and (lift < 1.5).all()


def test_cohorts_need_ages(pair):
    with pytest.raises(ParameterError, match='Run with record="ages"'):
        generations.cohorts(pair)
    with pytest.raises(ParameterError, match='Run with record="ages"'):
        generations.replacement_through_retirement(pair, [1970])
    with pytest.raises(ParameterError, match="basis: 'wage' is not one of real, nominal"):
        generations.cohorts(pair, basis="wage")
