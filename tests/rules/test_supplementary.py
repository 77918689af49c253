import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules import supplementary as law

rates = st.floats(0.0, 0.3)
money = st.floats(0.0, 1e6)
returns = st.floats(-0.2, 0.2)
shares = st.floats(0.0, 1.0)


# -- Contributions -------------------------------------------------------------------------------


def test_enterprise_annuity_within_its_caps():
    employer, worker = law.enterprise_contributions(
        10_000, np.array([0.05, 0.08, 0.10, 0.08]), np.array([0.02, 0.04, 0.04, 0.06]), 0.08, 0.12
    )
    assert employer == pytest.approx([500, 800, 800, 800])
    assert worker == pytest.approx([200, 400, 400, 400])


@given(rates, rates)
def test_both_together_never_exceed_the_total_cap(employer_rate, worker_rate):
    employer, worker = law.enterprise_contributions(1.0, employer_rate, worker_rate, 0.08, 0.12)
    assert 0.0 <= employer <= 0.08
    assert worker >= 0.0
    assert employer + worker <= 0.12 + 1e-15


def test_total_cap_below_the_employer_cap_binds_the_employer():
    employer, worker = law.enterprise_contributions(100.0, 0.08, 0.04, 0.08, 0.06)
    assert (float(employer), float(worker)) == (6.0, 0.0)


def test_sponsor_pays_its_share():
    sponsor, member = law.sponsored_contributions(20_000, 0.08, 0.75)
    assert (float(sponsor), float(member)) == pytest.approx((1200, 400))


def test_personal_pension_is_capped():
    assert law.personal_contribution(np.array([2000, 12_000, 20_000]), 12_000).tolist() == [
        2000,
        12_000,
        12_000,
    ]


def test_tax_gain_of_a_full_year():
    """12,000 at 0, 3, 10, 45 % today against 3 % at payment: 360 lost, nothing, 840, 5,040."""
    gain = law.tax_gain(12_000, np.array([0.0, 0.03, 0.10, 0.45]), 0.03)
    assert gain == pytest.approx([-360, 0, 840, 5040], abs=1e-9)


def test_payment_after_tax():
    assert law.net_of_tax(1000.0, 0.03) == pytest.approx(970.0)


# -- Vesting -------------------------------------------------------------------------------------


def test_vesting_by_year():
    years = np.array([0.0, 0.99, 1.0, 3.5, 8.0, 20.0])
    assert law.vested_share_by_year(years, 8).tolist() == [0, 0, 0.125, 0.375, 1, 1]
    assert (law.vested_share_by_year(years, 0) == 1).all()


def test_vesting_at_once():
    assert law.vested_share_at_once(np.array([2.9, 3.0, 9.0]), 3).tolist() == [0, 1, 1]


@given(st.floats(0, 50), st.floats(0, 50), st.floats(0, 8))
def test_vesting_never_falls(first, second, vesting_years):
    low, high = sorted((first, second))
    for rule in (law.vested_share_by_year, law.vested_share_at_once):
        assert 0 <= rule(low, vesting_years) <= rule(high, vesting_years) <= 1


@given(money, money, shares)
def test_leaving_divides_the_account_and_loses_nothing(worker, employer, share):
    taken = law.entitlement_on_leaving(worker, employer, share)
    left = law.forfeiture_on_leaving(employer, share)
    assert taken >= worker
    assert taken + left == pytest.approx(worker + employer, rel=1e-12, abs=1e-9)


# -- The account ---------------------------------------------------------------------------------


def test_account_of_level_contributions_in_closed_form():
    """c (1 + r / 2) [(1 + r)^n - 1] / r"""
    balance = 0.0
    for _ in range(30):
        balance = law.funded_account(balance, 0.04, 1000.0, 0.5)
    assert balance == pytest.approx(1000 * 1.02 * (1.04**30 - 1) / 0.04, rel=1e-12)


def pay_out(balance, instalment, return_rate, years=60):
    payments = []
    for _ in range(years):
        paid = law.paid_in_year(balance, instalment, 12, return_rate, 0.5)
        balance = law.balance_after_payment(balance, paid, return_rate, 0.5)
        payments.append(float(paid))
    return np.array(payments), float(balance)


def test_without_return_the_account_lasts_as_many_months_as_its_divisor():
    """139 months from 60 on: eleven full years and seven months, then nothing."""
    instalment = law.instalment(139_000.0, 139)
    payments, rest = pay_out(139_000.0, instalment, 0.0)
    assert payments[:11] == pytest.approx(np.full(11, 12_000.0))
    assert payments[11] == pytest.approx(7000.0)
    assert payments[12:] == pytest.approx(0.0, abs=1e-9)
    assert rest == pytest.approx(0.0, abs=1e-9)


@given(money, returns)
def test_payments_are_worth_the_account(balance, return_rate):
    """Discounted to the award at the return of the account, to the last yuan."""
    payments, rest = pay_out(balance, balance / 139, return_rate)
    factor = (1 + return_rate) ** np.arange(60) * (1 + return_rate / 2)
    value = (payments / factor).sum() + rest / (1 + return_rate) ** 60
    assert value == pytest.approx(balance, rel=1e-9, abs=1e-6)
    assert rest >= -1e-9
    assert (payments >= 0).all()


# -- Plans that promise a benefit ----------------------------------------------------------------


def test_final_salary():
    assert law.final_salary_pension(8000, 30, 0.015) == pytest.approx(3600)


@given(st.floats(0, 1e6), st.floats(1, 1e4), st.floats(0, 100))
def test_points_bought_at_their_value_give_the_earnings_back(earnings, price, value):
    points = law.pension_points(earnings, price)
    assert law.points_pension(points, price) == pytest.approx(earnings)
    assert law.points_pension(points, value) == pytest.approx(earnings * value / price)
