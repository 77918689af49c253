import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules import public_pension as law
from rssim.rules.accounts import account_after_full_year
from rssim.rules.annuities import annuity_divisor
from rssim.rules.elementwise import half_up
from rssim.rules.employee_pension import account_pension, basic_pension
from rssim.rules.supplementary import funded_account, instalment

pensions = st.floats(0.0, 30_000.0)
shares = st.floats(0.0, 1.0)
# Share of the excess of the new over the old amount, by year of retirement.
EXCESS = {2014: 0.1, 2015: 0.1} | {year: (year - 2014) / 10 for year in range(2016, 2025)}


# -- Old formula ---------------------------------------------------------------------------------


def test_share_by_service():
    """60 to 90 % by years of service; the inner limits are an example."""
    years = np.array([5, 10, 19.9, 20, 30, 35, 42])
    share = law.service_share(years, (10, 20, 30, 35), (0.6, 0.7, 0.8, 0.85, 0.9))
    assert share.tolist() == [0.6, 0.7, 0.7, 0.8, 0.85, 0.9, 0.9]


def test_old_formula_for_retirement_in_2017():
    """A 4,000, M 0.9, B 500, C 300; G of 2014 is 0 by law, then 10 % and 9 %.

    (3,600 + 500 + 300) * 1.00 * 1.10 * 1.09 = 5,275.60
    """
    factor = law.uprating_factor(np.array([0.0, 0.10, 0.09]))
    assert factor == pytest.approx(1.199)
    assert half_up(law.old_formula_pension(4000, 0.9, 500, 300, factor), 2) == 5275.60


def test_uprating_takes_the_last_axis_away():
    factor = law.uprating_factor(np.array([[0.0, 0.1], [0.0, 0.0]]))
    assert factor == pytest.approx([1.1, 1.0])


# -- New formula ---------------------------------------------------------------------------------


def test_new_formula_of_a_career():
    """Award of 2025 at 60 with 35 years, 24 of them before October 2014, index 1.3.

    Basic 9,493 * 1.15 * 35 % = 3,820.93; account 139,000 / 139 = 1,000; transitional
    9,493 * 1.3 * 24 * 1.2 % = 3,554.18; annuity 278,000 / 139 = 2,000.
    """
    basic = half_up(basic_pension(9493, 1.3, 35, 0.01, 0.0), 2)
    account = half_up(account_pension(139_000, 139), 2)
    transitional = half_up(law.transitional_pension(9493, 1.3, 24, 0.012), 2)
    annuity = instalment(law.annuity_balance(180_000, 98_000), 139)
    assert (basic, transitional, annuity) == pytest.approx((3820.93, 3554.18, 2000.0))
    total = law.new_formula_pension(basic, account, transitional, annuity)
    assert total == pytest.approx(10_375.11)


# -- The ten years of comparison -----------------------------------------------------------------


def test_worked_example_of_2023():
    """Example H: old 6,000, new 7,000, retired in 2023: 6,900."""
    assert half_up(law.pension_at_retirement(7000, 6000, EXCESS[2023], True), 2) == 6900.0


def test_worked_example_after_the_window():
    """Example H: retired in October 2024: the new amount, be it higher or lower."""
    paid = law.pension_at_retirement(np.array([7000, 5500]), 6000, 1.0, False)
    assert paid.tolist() == [7000, 5500]


def test_window_year_by_year():
    """1,000 more by the new method: a tenth of it up to 2015, all of it in 2024."""
    share = np.array(list(EXCESS.values()))
    paid = law.pension_at_retirement(7000, 6000, share, True)
    expected = [6100, 6100, 6200, 6300, 6400, 6500, 6600, 6700, 6800, 6900, 7000]
    assert paid == pytest.approx(expected)


@given(pensions, pensions, shares)
def test_old_amount_is_a_floor_and_the_new_one_a_ceiling_above_it(new, old, share):
    paid = law.compared_pension(new, old, share)
    assert old <= paid
    assert paid <= max(old, new) * (1 + 1e-12) + 1e-9


@given(pensions, pensions, pensions, shares)
def test_comparison_never_falls_and_never_jumps(first, second, old, share):
    low, high = sorted((first, second))
    step = law.compared_pension(high, old, share) - law.compared_pension(low, old, share)
    assert -1e-9 <= step <= (high - low) * (1 + 1e-9) + 1e-9


def test_arrears():
    """Paid 6,000 on account for 18 months, due 6,900: 16,200. Raised by 4 %: 3,744 a year more."""
    assert law.arrears(6900, 6000, 18) == 16_200
    assert law.arrears(6900 * 1.04, 6000 * 1.04, 12) == pytest.approx(11_232)
    assert law.arrears(5900, 6000, 10) == -1000


# -- Occupational annuity ------------------------------------------------------------------------


def test_occupational_annuity_of_two_years(divisor_table):
    """Base 120,000 a year, 8 % recorded at 3 %, 4 % invested at 5 %, credited at mid-year.

    Recorded: 9,600 * 1.015 = 9,744; 9,744 * 1.03 + 9,744 = 19,780.32
    Invested: 4,800 * 1.025 = 4,920; 4,920 * 1.05 + 4,920 = 10,086
    """
    recorded = invested = 0.0
    for _ in range(2):
        recorded = account_after_full_year(recorded, 0.03, 120_000 * 0.08, 1.0)
        invested = funded_account(invested, 0.05, 120_000 * 0.04, 0.5)
    assert (recorded, invested) == pytest.approx((19_780.32, 10_086.0))
    assert law.employer_payment_at_retirement(recorded, np.array([1.0, 0.0])) == pytest.approx(
        [19_780.32, 0.0]
    )
    divisor = annuity_divisor(60 * 12, *divisor_table, by_month=True)
    monthly = instalment(law.annuity_balance(recorded, invested), divisor)
    assert half_up(monthly, 2) == 214.87


def test_expected_comparison_without_spread_is_that_of_one_person():
    assert law.expected_compared_pension(7_000, 6_000, 0.9, 0.0) == pytest.approx(6_900)
    assert law.expected_compared_pension(5_500, 6_000, 0.9, 0.0) == pytest.approx(6_000)


def test_expected_comparison_by_many_people():
    """Old 6,000, new lognormal around 6,200 with 0.15: the mean over a million quantiles."""
    from scipy.special import ndtri

    z = ndtri((np.arange(1_000_000) + 0.5) / 1e6)
    new = 6_200 * np.exp(0.15 * z - 0.15**2 / 2)
    expected = law.compared_pension(new, 6_000, 0.7).mean()
    found = law.expected_compared_pension(6_200, 6_000, 0.7, 0.15)
    assert found == pytest.approx(expected, rel=1e-5)
