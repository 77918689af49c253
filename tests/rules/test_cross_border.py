import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules import cross_border as law
from rssim.rules.work_injury import life_annuity_factor

shares = st.floats(0.0, 1.0)
money = st.floats(0.0, 1e7)


def test_exemption_covers_pension_and_unemployment_only():
    """Pension, unemployment, medical, work injury; a fifth of the employed is exempt."""
    insured = law.insured_share(0.2, np.array([1, 1, 0, 0]))
    assert insured == pytest.approx([0.8, 0.8, 1, 1])


def test_revenue_forgone():
    """8,500 people, base 15,000, one fifth exempt, 24 %: 6.12 million a month."""
    assert law.revenue_forgone(15_000, 8500, 0.2, 0.24) == pytest.approx(6_120_000)


@given(money, shares, shares)
def test_revenue_of_the_insured_and_the_exempt_is_the_whole(base, exempt_share, rate):
    insured = law.insured_share(exempt_share, 1)
    forgone = law.revenue_forgone(base, 1, exempt_share, rate)
    assert forgone + insured * base * rate == pytest.approx(base * rate, abs=1e-6)


def test_provident_fund_of_hong_kong():
    """5 % up to 30,000; the worker's part is waived below 7,100, the employer's is not."""
    income = np.array([7000, 7100, 20_000, 50_000])
    worker = law.home_contribution(income, 30_000, 0.05, 7100)
    employer = law.home_contribution(income, 30_000, 0.05, 0)
    assert worker == pytest.approx([0, 355, 1000, 1500])
    assert employer == pytest.approx([350, 355, 1000, 1500])


@given(money, shares)
def test_leaving_loses_no_money(balance, refund_share):
    paid_out, kept = law.leaving_options(balance, refund_share)
    assert 0 <= paid_out <= balance
    assert paid_out + kept == pytest.approx(balance)


def test_keeping_the_relation():
    """24,000 a year for twenty years, due in ten years, without and with interest of 3 %."""
    factor = life_annuity_factor(np.ones(20), 0.0, 0.0, 0.0)
    value = law.deferred_pension_value(24_000, factor, 10, np.array([0.0, 0.03]))
    assert value == pytest.approx([480_000, 480_000 / 1.03**10])
    assert law.prefers_refund(400_000, value).tolist() == [False, True]


def test_refund_is_preferred_to_a_right_that_never_comes():
    assert law.prefers_refund(1.0, law.deferred_pension_value(0.0, 20.0, 10, 0.03))


def test_paying_up():
    """180 months paid of 186: six months of 20 % of 5,510."""
    missing = law.months_missing(np.array([180, 186, 300]), 186)
    assert missing.tolist() == [6, 0, 0]
    assert law.pay_up_cost(5510, 0.2, missing) == pytest.approx([6612, 0, 0])
