import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules import pooling as law
from rssim.rules.fund import national_remittance

shares = st.floats(0.0, 1.0)
money = st.floats(0.0, 1e12)
people = st.lists(st.integers(1, 10**8), min_size=2, max_size=31)


# -- Assessment of collection --------------------------------------------------------------------


def test_target_and_shortfall():
    """7 million workers, 72,000 a year, 24 %, 95 % to collect: 114.912 billion."""
    target = law.collection_target(72_000, 7e6, 0.24, 0.95)
    assert target == pytest.approx(114.912e9)
    shortfall = law.collection_shortfall(np.array([110e9, 120e9]), target)
    assert shortfall == pytest.approx([4.912e9, 0])
    city, province = law.shortfall_by_payer(shortfall, 0.25)
    assert city == pytest.approx([1.228e9, 0])
    assert province == pytest.approx([3.684e9, 0])


@given(money, money, shares)
def test_payers_bear_the_whole_shortfall(collected, target, city_share):
    shortfall = law.collection_shortfall(collected, target)
    parts = law.shortfall_by_payer(shortfall, city_share)
    assert sum(parts) == pytest.approx(max(0.0, target - collected), rel=1e-12)
    assert min(map(float, parts)) >= 0


def test_transfers_within_a_province_sum_to_its_own_surplus():
    """Two cities: one has 30 over, one lacks 10. The province is left with 20."""
    paid = law.transfer_to_province(np.array([100.0, 40.0]), np.array([70.0, 50.0]), 1.0)
    assert paid.tolist() == [30, -10]
    half = law.transfer_to_province(np.array([100.0, 40.0]), np.array([70.0, 50.0]), 0.5)
    assert half.tolist() == [15, -5]


# -- Central adjustment --------------------------------------------------------------------------


def test_central_adjustment_of_two_provinces():
    """Rates 3 %, wages 100,000 and 60,000, 90 %; 40 and 20 million workers; 6 and 9 retirees.

    Paid in 108.0 and 32.4 billion, 140.4 together; 9,360 for each of 15 million retirees: 56.16
    and 84.24 billion. The first pays 51.84 net, which the second receives.
    """
    paid = law.paid_to_centre(np.array([100e3, 60e3]), 0.9, np.array([40e6, 20e6]), 0.03)
    assert paid == pytest.approx([108.0e9, 32.4e9])
    retirees = np.array([6e6, 9e6])
    per_retiree = law.paid_per_retiree(paid.sum(), retirees.sum())
    assert per_retiree == pytest.approx(9360)
    received = law.paid_by_centre(per_retiree, retirees)
    assert law.net_contribution(paid, received) == pytest.approx([51.84e9, -51.84e9])


def test_rate_of_each_year():
    rates = np.array([0.03, 0.035, 0.04, 0.045])
    paid = law.paid_to_centre(100_000, 0.9, 1, rates)
    assert paid == pytest.approx([2700, 3150, 3600, 4050])


@given(people, people, st.floats(0.0, 0.1))
def test_net_contributions_of_all_provinces_sum_to_zero(workers, retirees, rate):
    count = min(len(workers), len(retirees))
    workers, retirees = np.array(workers[:count]), np.array(retirees[:count])
    paid = law.paid_to_centre(80_000, 0.9, workers, rate)
    received = law.paid_by_centre(law.paid_per_retiree(paid.sum(), retirees.sum()), retirees)
    assert law.net_contribution(paid, received).sum() == pytest.approx(0, abs=1e-9 * paid.sum())


# -- National pooling ----------------------------------------------------------------------------


def test_part_of_guangdong_in_2022():
    """Published: 88,511 of 217,503 million yuan are 40.7 %."""
    assert law.remittance_share(88_511, 217_503) == pytest.approx(0.407, abs=5e-4)


@given(st.floats(1.0, 1e12), shares)
def test_share_read_off_a_year_gives_its_remittance_back(surplus, share):
    remittance = national_remittance(surplus, share)
    assert law.remittance_share(remittance, surplus) == pytest.approx(share, abs=1e-12)


@given(money, people)
def test_apportioned_parts_sum_to_the_total(total, keys):
    key = np.array(keys)
    assert law.apportioned(total, key, key.sum()).sum() == pytest.approx(total)


# -- Behaviour -----------------------------------------------------------------------------------


def test_collection_rate():
    """No more pooling or a full assessment: as before. Response 0.1 without one: -9.5 %."""
    assert law.collection_rate(0.9, 0.4, 0.4, 0.1, 0.0) == pytest.approx(0.9)
    assert law.collection_rate(0.9, 1.0, 0.0, 0.1, 1.0) == pytest.approx(0.9)
    assert law.collection_rate(0.9, 1.0, 0.0, 0.1, 0.0) == pytest.approx(0.9 * 0.904837, abs=1e-6)


@given(shares, shares, shares, st.floats(0, 1), shares)
def test_more_pooling_never_raises_collection(base, first, second, response, assessment):
    low, high = sorted((first, second))
    own, pooled = (law.collection_rate(base, p, low, response, assessment) for p in (low, high))
    assert own == pytest.approx(base)
    assert 0 <= pooled <= own
    # A full assessment gives everything back; a partial one never takes more.
    assert pooled <= law.collection_rate(base, high, low, response, 1.0)


def test_collection_never_exceeds_what_is_owed():
    assert law.collection_rate(0.98, 0.0, 1.0, 0.5, 0.0) == 1.0
