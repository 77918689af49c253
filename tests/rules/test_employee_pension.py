import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules import employee_pension as law

bases = st.floats(3000.0, 20_000.0)
indices = st.floats(0.0, 3.0)
careers = st.floats(0.0, 50.0)
amounts = st.floats(0.0, 5000.0)
SURVIVORS = ((5, 10, 15), (3, 6, 9), 24)


# -- Who may draw --------------------------------------------------------------------------------


def test_minimum_rises_from_2030_to_2039():
    years = np.array([2025, 2029, 2030, 2038, 2039, 2040, 2060])
    minimum = law.minimum_months(years, 2029, 180, 6, 240)
    assert minimum.tolist() == [180, 180, 186, 234, 240, 240, 240]


def test_eligible_at_the_minimum_itself():
    assert law.eligible(np.array([185, 186, 187]), 186).tolist() == [False, True, True]


# -- Basic part ----------------------------------------------------------------------------------


def test_low_index_factor():
    factor = law.low_index_factor(np.array([0.45, 0.55, 0.6, 1.2]), 0.6)
    assert factor == pytest.approx([0.75, 0.55 / 0.6, 1.0, 1.0])
    assert (law.low_index_factor(np.array([0.0, 0.45, 3.0]), 0.0) == 1.0).all()


def test_error_of_a_model_without_the_factor():
    """The basic part is overstated by 5.7 % at an index of 0.55 and by 20.8 % at 0.45."""
    index = np.array([0.55, 0.45])
    naive = law.basic_pension(9493, index, 20, 0.01, 0.0)
    ours = law.basic_pension(9493, index, 20, 0.01, 0.6)
    # 1 + 0.55 over 0.55 / 0.6 + 0.55, by hand
    assert naive / ours == pytest.approx([1.55 / (0.55 / 0.6 + 0.55), 1.45 / 1.2], rel=1e-12)
    assert naive / ours - 1 == pytest.approx([0.057, 0.208], abs=5e-4)


@given(bases, st.floats(0.6, 3.0), careers)
def test_guangdong_and_national_text_agree_above_the_threshold(base, index, years):
    ours = law.basic_pension(base, index, years, 0.01, 0.6)
    assert ours == law.basic_pension(base, index, years, 0.01, 0.0)


@given(bases, indices, careers, st.floats(0.0, 1.0), st.floats(0.5, 3.0))
def test_basic_pension_rises_and_scales(base, index, years, more, scale):
    ours = law.basic_pension(base, index, years, 0.01, 0.6)
    assert law.basic_pension(base, index + more, years, 0.01, 0.6) >= ours
    assert law.basic_pension(base, index, years + more, 0.01, 0.6) >= ours
    scaled = law.basic_pension(base, index, scale * years, 0.01, 0.6)
    assert scaled == pytest.approx(scale * ours, rel=1e-12)


@given(st.floats(0.05, 3.0), st.floats(0.0, 1.2))
def test_mean_factor_against_a_fine_grid(mean, log_sd):
    """Twenty thousand equal slices of probability; each holds its middle."""
    from scipy.special import ndtri

    slices = ndtri((np.arange(20_000) + 0.5) / 20_000)
    index = mean * np.exp(log_sd * slices - log_sd**2 / 2)
    expected = law.low_index_factor(index, 0.6).mean()
    assert law.expected_low_index_factor(mean, log_sd, 0.6) == pytest.approx(expected, abs=2e-4)
    assert law.expected_low_index_factor(mean, log_sd, 0.0) == 1.0


@given(st.floats(0.05, 3.0), st.floats(0.0, 1.2))
def test_mean_factor_is_below_the_factor_of_the_mean(mean, log_sd):
    """min is concave (Jensen); without spread the two are one."""
    of_mean = law.low_index_factor(mean, 0.6)
    assert law.expected_low_index_factor(mean, log_sd, 0.6) <= of_mean + 1e-12
    assert law.expected_low_index_factor(mean, 0.0, 0.6) == pytest.approx(of_mean, rel=1e-14)


def test_rules_broadcast_over_the_axes_of_a_place():
    base = np.full((2, 1, 1, 1), 9493.0)
    index = np.linspace(0.4, 2.0, 6).reshape(1, 3, 2, 1)
    years = np.linspace(15, 40, 4)
    pensions = law.basic_pension(base, index, years, 0.01, 0.6)
    assert pensions.shape == (2, 3, 2, 4)
    assert (pensions[0] == pensions[1]).all()
    assert pensions[1, 2, 1, 3] == law.basic_pension(9493.0, 2.0, 40.0, 0.01, 0.6)


# -- Transitional part ---------------------------------------------------------------------------


def transitional(new, old, years, share):
    return law.transitional_pension(new, old, law.whole_years(years), 100, 4, share)


def test_everyone_gets_the_flat_part_and_the_allowance():
    """Nobody without old years gets nothing: 100 + 4 for each completed year."""
    assert transitional(0, 0, np.array([17 + 4 / 12, 22.0, 21 + 8 / 12]), 1.0).tolist() == [
        168.0,
        188.0,
        184.0,
    ]


def test_from_2025_the_larger_amount_counts_and_the_allowance_is_not_added():
    assert transitional(798.09, 250.0, 30, 1.0) == pytest.approx(100 + 798.09)
    assert transitional(300.0, 250.0, 30, 1.0) == pytest.approx(100 + 370.0)


def test_the_other_reading_adds_the_allowance():
    on_top = law.transitional_pension_allowance_on_top(798.09, 250.0, 30, 100, 4)
    assert on_top == pytest.approx(100 + 120 + 798.09)
    without_old_years = law.transitional_pension_allowance_on_top(0.0, 0.0, 22, 100, 4)
    assert without_old_years == transitional(0.0, 0.0, 22, 1.0)


@given(amounts, amounts, st.integers(0, 50), st.floats(0, 1), st.floats(0, 1))
def test_transitional_part_rises_with_the_phase_within_its_bounds(new, old, years, a, b):
    early, late = sorted((a, b))
    guaranteed = 100 + law.old_amount_with_allowance(old, years, 4)
    first, second = (transitional(new, old, years, share) for share in (early, late))
    assert guaranteed - 1e-9 <= first <= second + 1e-9
    assert second <= max(guaranteed, 100 + new) + 1e-9


def test_weighted_years_and_new_amount():
    """Ten deemed years in the city proper of Guangzhou on a base of 9,493."""
    weighted = law.weighted_years(1.201, 10, 0)
    assert law.new_method_amount(9493, weighted, 0.012) == pytest.approx(1368.13, abs=0.005)
    # Own indices of 1994-01 to 1998-06: 4.5 years at 0.9.
    assert law.weighted_years(1.191, 6, 4.5 * 0.9) == pytest.approx(7.146 + 4.05)


def test_estimate_of_the_deemed_account_against_the_notice_that_prints_one(series):
    """Huizhou 2025-10: 4.41845 weighted years and a deemed account of 13,615.08 yuan."""
    rates = series["account_rate"]
    accumulation = np.prod([1 + rates[year] for year in range(1999, 2025)])
    amount = 0.11 * 853 * 12
    assert amount == pytest.approx(1125.96)
    estimate = law.deemed_account_estimate(4.41845, amount, accumulation)
    assert estimate == pytest.approx(13_615.08, rel=0.02)


# -- Death, incapacity, leaving ------------------------------------------------------------------


def test_survivor_months_at_the_edges():
    years = np.array([0.0, 4.99, 5, 9.99, 10, 15, 15 + 1 / 12, 16, 20, 30, 45])
    months = law.survivor_months(years, *SURVIVORS)
    assert months.tolist() == [3, 3, 6, 6, 9, 9, 10, 10, 14, 24, 24]


@given(careers, st.floats(0, 40))
def test_survivors_of_pensioners_get_at_least_the_minimum_and_no_more(years, received):
    months = law.survivor_months_of_pensioner(years, received, *SURVIVORS, 9)
    assert 9 <= months <= max(9, law.survivor_months(years, *SURVIVORS))


def test_only_completed_years_of_pension_count():
    received = np.array([0.0, 0.99, 1.0, 4.5])
    months = law.survivor_months_of_pensioner(30.0, received, *SURVIVORS, 9)
    assert months.tolist() == [24.0, 24.0, 23.0, 20.0]


def test_grants_are_months_of_income():
    assert law.funeral_grant(5000.0, 2) == 10_000.0
    assert law.survivor_grant(5000.0, 9) == 45_000.0


def test_grant_of_a_short_career_is_capped():
    capped = law.capped_survivor_grant(15_000.0, 9000.0, np.array([4.0, 5.0]), 5)
    assert capped.tolist() == [9000.0, 15_000.0]
    assert law.capped_survivor_grant(15_000.0, 20_000.0, 4.0, 5) == 15_000.0


@pytest.mark.parametrize(
    ("meets_minimum", "months_to_age", "expected"),
    [(True, 60, 3000.0), (True, 61, 1800.0), (False, 12, 1800.0)],
)
def test_incapacity_allowance(meets_minimum, months_to_age, expected):
    assert law.incapacity_allowance(3000.0, 1800.0, meets_minimum, months_to_age, 60) == expected


def test_incapacity_months_below_the_minimum():
    years = np.array([1.0, 5.0, 5 + 1 / 12, 6.0, 14.5])
    assert law.incapacity_months(years, 5, 12, 3).tolist() == [12, 12, 15, 15, 42]


def test_what_goes_along_and_what_is_paid_out():
    assert law.portability_transfer(50_000.0, 200_000.0, 0.12) == pytest.approx(74_000.0)
    assert law.refund_on_leaving(50_000.0) == 50_000.0


def test_account_pension_is_balance_over_divisor():
    assert law.account_pension(562_000.0, 117) == pytest.approx(4803.42, abs=0.005)
