import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules import unemployment as law
from rssim.rules.elementwise import half_up

# The regulations of Guangdong and the national ceiling.
GUANGDONG = (12, 48, 12, 6, 24)
CEILING = ((12, 60, 120), (12, 18, 24))
careers = st.floats(0.0, 600.0)
money = st.floats(0.0, 1e6)
shares = st.floats(0.0, 1.0)


# -- Contributions -------------------------------------------------------------------------------


def test_base_of_july_2022():
    """Guangzhou: from 2,300, the minimum wage, to 36,072, three times the on-post wage."""
    wages = np.array([1500, 2300, 9183, 36_072, 80_000])
    base = law.contribution_base(wages, 2300, 36_072 / 3, 3)
    assert base == pytest.approx([2300, 2300, 9183, 36_072, 36_072])


def test_worked_example_of_contributions():
    """Example G: 0.8 and 0.2 % of 9,183 are 73.46 and 18.37."""
    employer, worker = law.contributions_by_payer(9183, 0.008, 0.002)
    assert (half_up(employer, 2), half_up(worker, 2)) == (73.46, 18.37)


def test_performance_coefficient():
    """0.6 gave Guangzhou 0.48 % in 2020; 0.4 gives 0.32 %. The bands of claims are an example."""
    coefficient = law.performance_coefficient(np.array([0.1, 0.4, 0.9]), (0.3, 0.6), (0.4, 0.6, 1))
    assert law.employer_rate(0.008, coefficient) == pytest.approx([0.0032, 0.0048, 0.008])


# -- Benefit -------------------------------------------------------------------------------------


def test_worked_example_of_a_benefit():
    """Example E: 90 months paid give 4 + floor(42 / 6) = 11 months."""
    months = law.benefit_months(90, *GUANGDONG)
    assert months == 11
    total = months * law.benefit(np.array([2500, 2680]), 0.9)
    assert half_up(total, 2).tolist() == [24_750, 26_532]


def test_amounts_of_guangzhou():
    """90 % of 2,300 and of 2,680, the minimum wages of December 2021 and September 2026."""
    assert half_up(law.benefit(np.array([2300, 2680]), 0.9), 2).tolist() == [2070, 2412]


def test_months_at_the_edges_of_the_schedule():
    paid = np.array([0, 11, 12, 23, 24, 48, 53, 54, 167, 168, 400])
    expected = [0, 0, 1, 1, 2, 4, 4, 5, 23, 24, 24]
    assert law.benefit_months(paid, *GUANGDONG).tolist() == expected


@given(careers, careers)
def test_months_never_fall_and_keep_the_national_ceiling(first, second):
    low, high = sorted((first, second))
    fewer, more = law.benefit_months(np.array([low, high]), *GUANGDONG)
    assert 0 <= fewer <= more <= 24
    assert more <= law.longest_benefit_months(high, *CEILING)


def test_eligible():
    paid = np.array([11, 12, 12, 12])
    involuntary = np.array([True, True, False, True])
    registered = np.array([True, True, True, False])
    assert law.eligible(involuntary, registered, paid, 12).tolist() == [False, True, False, False]


def test_unused_months_are_kept_up_to_the_cap():
    assert law.with_unused_months(np.array([4, 20]), np.array([3, 10]), 24).tolist() == [7, 24]


def test_benefit_until_the_pension():
    """Eleven months granted. The age is 6, 11, 22, 23 or 60 months away."""
    months = law.months_until_pension(11, np.array([6, 11, 22, 23, 60]), 12)
    assert months.tolist() == [6, 11, 22, 11, 11]
    assert law.months_until_pension(0, 6, 12) == 0


def test_pension_contributions_in_the_last_twelve_months():
    """22 months of benefit up to the age: the last 12; 11 months, age in 18: 11 - 6 = 5."""
    months = law.pension_contribution_months(np.array([22, 11, 6, 11]), [22, 18, 6, 60], 12)
    assert months.tolist() == [12, 5, 6, 0]
    assert law.pension_contributions(5510, 0.2, 12) == pytest.approx(13_224)


@given(st.integers(0, 24), st.integers(0, 200))
def test_months_before_the_pension_are_consistent(granted, to_age):
    months = law.months_until_pension(granted, to_age, 12)
    assert 0 <= months <= max(granted, to_age)
    assert months < granted + 12
    with_pension = law.pension_contribution_months(months, to_age, 12)
    assert 0 <= with_pension <= min(12, months)


# -- What the fund pays besides ------------------------------------------------------------------


def test_medical_contributions():
    assert law.medical_contributions(5510, 0.08, 11) == pytest.approx(4848.80)


def test_death_of_a_recipient():
    """Three and six months of the on-post wage of 12,024."""
    assert law.death_payment(12_024, 3, 6) == 108_216


def test_who_may_have_a_refund():
    """The target holds above 30 people, 20 % up to 30."""
    layoffs = np.array([0.055, 0.056, 0.20, 0.21, 0.0])
    staff = np.array([31, 31, 30, 30, 5000])
    assert law.may_have_refund(layoffs, 0.055, staff, 30, 0.2).tolist() == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_refund_is_a_share_of_last_year():
    """1 % of 100 million yuan of wages last year: 600,000 back to a small firm, 300,000 large."""
    paid = sum(law.contributions_by_payer(100e6, 0.008, 0.002))
    refund = law.retention_refund(paid, np.array([0.6, 0.3]), np.array([1, 1]))
    assert refund == pytest.approx([600_000, 300_000])
    assert law.retention_refund(paid, 0.6, False) == 0


@given(money, shares, shares)
def test_refund_never_exceeds_what_was_paid(paid, ratio, qualifies):
    assert 0 <= law.retention_refund(paid, ratio, qualifies) <= paid


def test_hiring_subsidy():
    assert law.hiring_subsidy(10, np.array([2, 3]), 3, 1500).tolist() == [0, 15_000]


def test_skill_subsidy():
    """Primary, intermediate, senior; twelve months paid."""
    ranks, paid = np.array([0, 1, 2, 3, 3]), np.array([60, 60, 60, 12, 11])
    subsidy = law.skill_subsidy(ranks, (1000, 1500, 2000), paid, 12)
    assert subsidy.tolist() == [0, 1000, 1500, 2000, 0]
    assert law.skill_subsidy(3, (1000, 1500, 2000), 12, 36) == 0


# -- Reserve -------------------------------------------------------------------------------------


def test_high_cost_multiple():
    """Three worst years 3, 2 and 1 %: mean 2 %. A reserve of 3 % of payroll lasts 1.5 years."""
    rates = np.array([0.005, 0.03, 0.01, 0.004, 0.02])
    high = law.high_cost_rate(rates, 3)
    assert high == pytest.approx(0.02)
    assert law.high_cost_multiple(3e9, 100e9, high) == pytest.approx(1.5)


def test_high_cost_rate_by_draw():
    rates = np.array([[0.01, 0.02, 0.03], [0.05, 0.01, 0.01]])
    assert law.high_cost_rate(rates, 2) == pytest.approx([0.025, 0.03])


def test_counter_cyclical_rate():
    """A point more unemployment takes a fifth of a point off, between 0.5 and 1.5 %."""
    unemployment = np.array([0.05, 0.06, 0.02, 0.20])
    rate = law.counter_cyclical_rate(0.01, unemployment, 0.05, 0.2, 0.005, 0.015)
    assert rate == pytest.approx([0.01, 0.008, 0.015, 0.005])


@given(shares, shares)
def test_counter_cyclical_rate_falls_with_unemployment_and_never_jumps(first, second):
    low, high = sorted((first, second))
    calm, bad = law.counter_cyclical_rate(0.01, np.array([low, high]), 0.05, 0.2, 0.005, 0.03)
    assert 0.005 <= bad <= calm <= 0.03
    assert calm - bad <= 0.2 * (high - low) + 1e-12


def test_stressed_reserve():
    """120 in reserve; 100 a year doubled less 80 of revenue leaves a gap of 120: 12 months."""
    months = law.stressed_reserve_months(120, 100, 80, np.array([2.0, 1.0, 0.8, 0.5]))
    assert months.tolist() == [12, 72, np.inf, np.inf]
