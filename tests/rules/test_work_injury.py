import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules import work_injury as law
from rssim.rules.elementwise import half_up

CLASS_RATES = (0.002, 0.004, 0.007, 0.009, 0.011, 0.013, 0.016, 0.019)
MONTHS = (27, 25, 23, 21, 18, 16, 13, 11, 9, 7)
SHARES = (0.90, 0.85, 0.80, 0.75, 0.70, 0.60)
MEDICAL = (0, 0, 0, 0, 10, 8, 6, 4, 2, 1)
EMPLOYMENT = (0, 0, 0, 0, 50, 40, 25, 15, 8, 4)
DEPENDANTS = (0.4, 0.3, 0.1)
wages = st.floats(0.0, 100_000.0)
grades = st.integers(1, 10)


# -- Premiums ------------------------------------------------------------------------------------


def test_worked_example_of_a_premium():
    """Example G: 0.2 % of 9,183 in class 1, paid by the employer."""
    premium = law.premium_base(9183, 2500) * law.premium_rate(law.class_rate(1, CLASS_RATES), 1, 0)
    assert half_up(premium, 2) == 18.37


def test_base_has_a_floor_and_no_cap():
    assert law.premium_base(np.array([1000, 500_000]), 2500).tolist() == [2500, 500_000]


def test_rates_of_the_eight_classes():
    rates = law.class_rate(np.arange(1, 9), CLASS_RATES)
    assert rates.tolist() == list(CLASS_RATES)


def test_floating_factor():
    """Classes 2 to 8 float in five steps; the limits of the claims are an example."""
    ratios = np.array([0.0, 0.3, 0.8, 1.2, 3.0])
    factors = law.floating_factor(ratios, (0.2, 0.5, 1.0, 2.0), (0.5, 0.8, 1.0, 1.2, 1.5))
    assert factors.tolist() == [0.5, 0.8, 1.0, 1.2, 1.5]


def test_cut_while_the_reserve_is_large():
    """20 % from 18 months of payments on, 50 % from 24 on."""
    cuts = law.reserve_cut(np.array([6, 17.9, 18, 23.9, 24, 60]), (18, 24), (0.2, 0.5))
    assert cuts.tolist() == [0, 0, 0.2, 0.2, 0.5, 0.5]
    assert law.premium_rate(0.011, 1.2, 0.2) == pytest.approx(0.01056)


def test_platform_charges():
    """A million orders of each kind at the rates of 2025 of one city: 0.01, 0.07, 0.25, 0.18."""
    charges = law.platform_charge(1e6, np.array([0.01, 0.07, 0.25, 0.18]))
    assert charges == pytest.approx([10_000, 70_000, 250_000, 180_000])


# -- Disability ----------------------------------------------------------------------------------


def test_wage_bounds():
    """Pool average 9,000: from 5,400 to 27,000."""
    bounded = law.benefit_wage(np.array([3000, 5400, 8000, 27_000, 60_000]), 9000, 0.6, 3)
    assert bounded == pytest.approx([5400, 5400, 8000, 27_000, 27_000])


def test_allowance_is_not_below_the_minimum_wage():
    """60 % of 3,500 is 2,100; the minimum wage is 2,500. Grade 7 has no allowance."""
    allowance = law.disability_allowance(3500, np.array([6, 1, 7]), SHARES, 2500)
    assert allowance.tolist() == [2500, 3150, 0]


def test_payer_of_the_allowance():
    fund, employer = law.allowance_by_payer(np.array([7200.0, 6000.0, 5600.0]), [1, 4, 5], 4)
    assert fund.tolist() == [7200, 6000, 0]
    assert employer.tolist() == [0, 0, 5600]


def test_end_of_contract_of_grade_9():
    """Wage 8,000: lump sum 72,000, medical 16,000 from the fund, 64,000 from the employer."""
    fund, employer = law.lump_sums_at_end_of_contract(8000, 9, MEDICAL, EMPLOYMENT)
    assert (float(fund), float(employer)) == (16_000, 64_000)
    assert law.disability_lump_sum(8000, 9, MONTHS) == 72_000


@given(wages, wages, grades)
def test_lump_sum_rises_with_the_wage_and_falls_with_the_grade(first, second, grade):
    low, high = law.benefit_wage(np.sort([first, second]), 9000, 0.6, 3)
    assert law.disability_lump_sum(low, grade, MONTHS) <= law.disability_lump_sum(
        high, grade, MONTHS
    )
    milder = law.disability_lump_sum(low, grade + 1, MONTHS)
    assert milder < law.disability_lump_sum(low, grade, MONTHS)


def test_top_up_at_retirement():
    assert law.top_up_at_retirement(7200, np.array([5000, 7200, 9000])).tolist() == [2200, 0, 0]


def test_nursing():
    """Pool average 9,000: 4,500, 3,600 and 2,700; nothing without need of care."""
    allowance = law.nursing_allowance(9000, np.array([0, 1, 2, 3]), (0.5, 0.4, 0.3))
    assert allowance == pytest.approx([0, 4500, 3600, 2700])


def test_wage_during_treatment():
    assert law.wage_during_treatment(8000, np.array([3, 12, 20]), 12).tolist() == [
        24_000,
        96_000,
        96_000,
    ]


# -- Death ---------------------------------------------------------------------------------------


def test_death_grant_of_2025():
    """Twenty times the 54,188 yuan of 2024, as published: 1,083,760."""
    assert law.death_grant(54_188, 20) == 1_083_760
    assert law.funeral_grant(9000, 6) == 54_000


def test_dependants():
    """Wage 8,000. Spouse 3,200; spouse and child 5,600; an orphan 3,200; all of it at most."""
    spouses, others, alone = np.array([1, 1, 0, 1]), np.array([0, 1, 1, 3]), np.array([0, 0, 1, 0])
    pension = law.dependants_pension(8000, spouses, others, alone, DEPENDANTS)
    assert pension == pytest.approx([3200, 5600, 3200, 8000])


@given(wages, st.integers(0, 1), st.integers(0, 8), st.integers(0, 8))
def test_dependants_never_have_more_than_the_wage(wage, spouses, others, alone):
    fewer = law.dependants_pension(wage, spouses, others, alone, DEPENDANTS)
    more = law.dependants_pension(wage, spouses, others + 1, alone, DEPENDANTS)
    assert 0 <= fewer <= more <= wage


# -- Frequency, severity and the long tail -------------------------------------------------------


def test_expected_cost():
    """A million insured, 2 injuries in a thousand; a tenth of grade 9 at 72,000, rest nothing."""
    injuries = law.expected_injuries(1e6, 0.002)
    cost = law.expected_cost(injuries, np.array([0.1, 0.9]), np.array([72_000, 0]))
    assert cost == pytest.approx(2000 * 7200)


def test_annuity_certain_in_closed_form():
    """Ten years at 3 %, paid at the end of the year: (1 - 1.03^-10) / 0.03 = 8.5302."""
    factor = law.life_annuity_factor(np.ones(10), 0.0, 0.03, 1.0)
    assert factor == pytest.approx(8.5302, abs=1e-4)
    assert factor == pytest.approx((1 - 1.03**-10) / 0.03, rel=1e-12)


def test_annuity_with_constant_mortality_in_closed_form():
    """sum_k [s (1 + g) / (1 + i)]^k = 1 / (1 - q), q = 0.95 * 1.02 / 1.04, paid at mid-year."""
    survival = 0.95 ** np.arange(2000)
    factor = law.life_annuity_factor(survival, 0.02, 0.04, 0.5)
    assert factor == pytest.approx(1.04**-0.5 / (1 - 0.95 * 1.02 / 1.04), rel=1e-12)


def test_growth_at_the_interest_rate_leaves_life_expectancy():
    survival = np.array([[1.0, 0.9, 0.5, 0.0], [1.0, 1.0, 1.0, 1.0]])
    factor = law.life_annuity_factor(survival, np.array([0.03, 0.0]), np.array([0.03, 0.0]), 0.0)
    assert factor == pytest.approx([2.4, 4.0])


@given(st.floats(0, 0.1), st.floats(0, 0.1), st.floats(0.5, 1.0))
def test_dearer_money_makes_the_reserve_smaller(first, second, survival):
    low, high = sorted((first, second))
    path = survival ** np.arange(40)
    dear, cheap = (law.life_annuity_factor(path, 0.0, rate, 0.5) for rate in (high, low))
    assert 0 < dear <= cheap * (1 + 1e-12)
    assert law.long_tail_reserve(10, 86_400, dear) == pytest.approx(864_000 * dear)


def test_annuities_by_age_are_the_plain_sum():
    """Ages 0 to 3 by the sum over years; the last age is open, a geometric series."""
    survival = np.array([0.99, 0.9, 0.8, 0.5])
    due = np.array([1.0, 1.0, 0.5, 0.25])
    found = law.life_annuities_by_age(survival, due, np.array([0.02]), np.array([0.03]))
    years = 400
    for age in range(4):
        at = np.minimum(age + np.arange(years), 3)
        alive = np.concatenate([[1.0], np.cumprod(survival[at])[:-1]])
        mean_alive = alive * 0.5 * (1 + survival[at]) * due[at]
        expected = law.life_annuity_factor(mean_alive, 0.02, 0.03, 0.5)
        assert found[age] == pytest.approx(expected, rel=1e-12)


def test_annuities_stop_where_nobody_survives():
    found = law.life_annuities_by_age(np.array([1.0, 0.0, 0.5]), np.ones(3), 0.0, 0.0)
    # At 0 a whole year and half of the next; at 1 half a year; nobody comes to 2.
    assert found.tolist() == [1.5, 0.5, 0.0]


def test_expected_float_is_the_step_without_spread_and_a_mixture_with_it():
    limits, factors = (0.2, 0.5, 1.0, 1.5), (0.5, 0.8, 1.0, 1.2, 1.5)
    ratios = np.array([0.1, 0.3, 0.7, 1.2, 3.0])
    flat = law.expected_floating_factor(ratios, 0.0, limits, factors)
    assert flat == pytest.approx(factors)
    # ln X is normal with mean -2 and spread 2: P(X < k) by the error function.
    below = [0.5 * math.erfc(-(math.log(k) + 2) / 2 / math.sqrt(2)) for k in limits]
    shares = np.diff([0.0, *below, 1.0])
    found = law.expected_floating_factor(1.0, 2.0, limits, factors)
    assert found == pytest.approx(float(shares @ np.array(factors)), rel=1e-12)


def test_improper_bills():
    """100 due, a fifth of all bills improper: 25 of 125; three fifths of them are found."""
    paid, refused = law.bills_paid(100.0, 0.2, 0.6)
    assert (float(paid), float(refused)) == pytest.approx((10.0, 15.0))


def test_expected_base_without_spread():
    base = law.expected_premium_base(np.array([1_000.0, 50_000.0]), 0.0, 2_500.0)
    assert base.tolist() == [2_500, 50_000]


def test_mean_rate_of_a_payroll():
    assert law.mean_class_rate([0.5, 0.5], [0.002, 0.019]) == pytest.approx(0.0105)
