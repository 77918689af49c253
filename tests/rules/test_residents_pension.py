import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules import residents_pension as law
from rssim.rules.accounts import account_after_full_year
from rssim.rules.elementwise import half_up
from rssim.rules.retirement import month_index

GUANGDONG_TIERS = (180, 240, 360, 600, 900, 1200, 1800, 3600, 4800)
shares = st.floats(0.0, 1.0)
amounts = st.floats(0.0, 1000.0)
AT_MID_YEAR = 1.0


# -- Contributions -------------------------------------------------------------------------------


def test_tier():
    affordable = np.array([0, 179, 180, 899, 900, 10_000])
    tiers = law.contribution_tier(affordable, GUANGDONG_TIERS)
    assert tiers.tolist() == [0, 0, 180, 600, 900, 4800]


def test_least_subsidies_of_the_nation():
    tiers = np.array([0, 100, 400, 500, 2000])
    subsidy = law.contribution_subsidy(tiers, (100, 500), (30, 60))
    assert subsidy.tolist() == [0, 30, 30, 60, 60]


@given(st.floats(0, 6000), st.floats(0, 6000))
def test_tier_and_subsidy_never_fall(first, second):
    low, high = sorted((first, second))
    tiers = law.contribution_tier(np.array([low, high]), GUANGDONG_TIERS)
    assert tiers[0] <= tiers[1]
    assert tiers[0] <= low + 1e-8
    subsidies = law.contribution_subsidy(tiers, (180, 600), (60, 150))
    assert subsidies[0] <= subsidies[1]


def test_gain_of_the_account_with_collective_aid():
    assert law.account_gain(900, 200, 60) == 1160


def test_worked_example():
    """Example D: 900 and 60 for 15 years at 2 %, credited at mid-year; basic amount 240."""
    balance = 0.0
    for _ in range(15):
        gain = law.account_gain(900, 0, 60)
        balance = account_after_full_year(balance, 0.02, gain, AT_MID_YEAR)
    assert half_up(balance, 2) == 16_767.70
    assert half_up(law.residents_pension(240, 0, balance, 139), 2) == 360.63


def test_take_up():
    """Half of the gap is closed at ln 2 contacts of response 1."""
    assert law.take_up(0.6, 0.0, 1.0, 0.9) == pytest.approx(0.6)
    assert law.take_up(0.6, np.log(2), 1.0, 0.9) == pytest.approx(0.75)
    assert law.take_up(0.6, 1e6, 1.0, 0.9) == pytest.approx(0.9)


@given(shares, shares, st.floats(0, 20), st.floats(0, 20), st.floats(0, 5))
def test_take_up_rises_with_outreach_within_its_bounds(first, second, less, more, response):
    base, ceiling = sorted((first, second))
    less, more = sorted((less, more))
    low, high = law.take_up(base, np.array([less, more]), response, ceiling)
    assert base - 1e-12 <= low <= high + 1e-12
    assert high <= ceiling + 1e-12


# -- Award ---------------------------------------------------------------------------------------


def test_old_people_at_the_start_need_fewer_years():
    ages = np.array([30, 45, 46, 59, 60, 75])
    assert law.required_years(ages, 60, 15).tolist() == [15, 15, 14, 1, 0, 0]


def test_eligible():
    ages, years = np.array([59.9, 60, 60, 60]), np.array([20, 14.9, 15, 15])
    assert law.eligible(ages, years, 60, np.array([15, 15, 15, 16])).tolist() == [
        False,
        False,
        True,
        False,
    ]


def test_basic_pension_by_payer():
    """Nation 143 in the east (half of it), province 240, city 291, half of the rest provincial.

    Nation 71.50; 240 - 71.50 = 168.50, of which 84.25 by the province; city 84.25 + 51.
    """
    nation, province, city = law.basic_pension_by_payer(143, 240, 291, 0.5, 0.5)
    assert (float(nation), float(province), float(city)) == (71.5, 84.25, 135.25)


def test_a_place_that_adds_nothing_in_the_west():
    nation, province, city = law.basic_pension_by_payer(143, 0, 0, 1.0, 0.5)
    assert (float(nation), float(province), float(city)) == (143, 0, 0)


@given(amounts, amounts, amounts, shares, shares)
def test_payers_pay_the_highest_amount_between_them(nation, province, city, first, second):
    parts = law.basic_pension_by_payer(nation, province, city, first, second)
    assert min(map(float, parts)) >= -1e-9
    assert sum(parts) == pytest.approx(max(nation, province, city), abs=1e-9)


def test_long_contribution():
    assert law.long_contribution_supplement(np.array([10, 15, 20]), 15, 3).tolist() == [0, 0, 15]


def test_death():
    assert law.death_payment(8000, 1500) == 9500


# -- Moving between schemes ----------------------------------------------------------------------


def test_move_to_the_employee_scheme():
    """15 years there: the accounts are added, residents' years do not count."""
    assert law.moves_to_employee_scheme(np.array([179, 180]), 180).tolist() == [False, True]
    assert law.account_after_move(60_000, 16_767.70) == pytest.approx(76_767.70)
    assert law.years_after_move(15, 10, 0.0) == 15


def test_move_to_the_residents_scheme():
    """8 years there and 7 here make the 15 that are needed here."""
    assert law.years_after_move(7, 8, 1.0) == 15


def test_double_years_are_refunded():
    assert law.refund_of_double_years(5400, 2 / 6) == pytest.approx(1800)


def test_last_month_to_join():
    """Retirement in March 2053 with 240 months: join by March 2033; with 60 paid, March 2038."""
    retirement = month_index(2053, 3)
    paid = np.array([0, 60, 240, 300])
    last = law.last_month_to_join(retirement, paid, 240)
    expected = [month_index(2033, 3), month_index(2038, 3), retirement, retirement]
    assert last.tolist() == [float(month) for month in expected]


# -- Farmers whose land is taken -----------------------------------------------------------------


def test_land_credit_of_class_1():
    credit = law.land_credit(120, 180)
    assert credit == 21_600
    assert law.land_credit_to_account(credit, np.array([15, 16, 70]), 16).tolist() == [
        0,
        21_600,
        21_600,
    ]
    # It raises the pension by 21,600 / 139.
    gain = law.residents_pension(240, 0, credit, 139) - law.residents_pension(240, 0, 0, 139)
    assert half_up(gain, 2) == 155.40


# -- Tiers on offer and years within a cell --------------------------------------------------------


def test_offered_tiers_stand_at_the_minimum():
    tiers = law.offered_tiers(np.array([100.0, 200.0, 500.0]), np.array([2.0]), np.array([300.0]))
    assert tiers.tolist() == [[300, 400, 1000]]


def test_everyone_pays_the_tier_below_what_he_is_willing_to_pay():
    """Nobody differs: 480 pays 300; 80 stretches to 100 at a ratio of 1.25, but not of 1.2."""
    tiers = np.array([100.0, 300.0, 500.0])
    assert law.tier_shares(480.0, 1e-9, tiers, 1.0).tolist() == [0, 1, 0]
    assert law.tier_shares(80.0, 1e-9, tiers, 1.2501).tolist() == [1, 0, 0]
    assert law.tier_shares(80.0, 1e-9, tiers, 1.2).tolist() == [0, 0, 0]


def test_tier_shares_are_those_of_the_lognormal():
    """Willingness of median 300 and log spread ln 3: one sigma down is 100, one up is 900.

    At a ratio of 3 those between 33.3 (two sigma down) and 100 pay 100 as well.
    """
    spread = np.log(3.0)
    mean = 300.0 * np.exp(spread**2 / 2)
    shares = law.tier_shares(mean, spread, np.array([100.0, 300.0, 900.0]), 3.0)
    tail, far = 0.158655253931457, 0.022750131948179
    assert shares == pytest.approx([0.5 - far, 0.5 - tail, tail], abs=1e-12)


def test_a_tier_without_width_is_not_paid():
    """Tiers of 100 and 200 that stand at a minimum of 300: all who pay the least pay it once."""
    shares = law.tier_shares(350.0, 0.5, np.array([300.0, 300.0, 1000.0]), 1.0)
    assert shares[0] == 0.0
    assert shares[1] > 0.5


def test_share_with_years():
    """Between 9 and 21 years around 15: half have 15, a quarter 18, nobody 21."""
    found = law.share_with_years(15.0, 0.4, np.array([8.0, 9.0, 15.0, 18.0, 21.0, 30.0]))
    assert found == pytest.approx([1, 1, 0.5, 0.25, 0, 0])
    assert law.share_with_years(15.0, 0.0, np.array([15.0, 15.1])).tolist() == [1, 0]
    assert float(law.share_with_years(0.0, 0.4, 0.0)) == 1.0


def test_years_of_both_parts():
    """The upper half of 9 to 21 has 18 in the mean, the lower 12."""
    assert float(law.years_of_upper(15.0, 0.4, 0.5)) == pytest.approx(18)
    assert float(law.years_of_lower(15.0, 0.4, 0.5)) == pytest.approx(12)


@given(st.floats(0, 40), shares, shares)
def test_both_parts_make_the_mean(mean, spread, share):
    upper = law.years_of_upper(mean, spread, share)
    lower = law.years_of_lower(mean, spread, share)
    assert share * upper + (1 - share) * lower == pytest.approx(mean, abs=1e-9)
    assert lower <= mean + 1e-9 <= upper + 2e-9
