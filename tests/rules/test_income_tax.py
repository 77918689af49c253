import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules import income_tax as law
from rssim.rules.supplementary import tax_gain

LIMITS = np.array([36_000.0, 144_000.0, 300_000.0, 420_000.0, 660_000.0, 960_000.0])
RATES = np.array([0.03, 0.10, 0.20, 0.25, 0.30, 0.35, 0.45])


@pytest.mark.parametrize(
    ("taxable", "rate", "quick"),
    [
        (36_000, 0.03, 0),
        (144_000, 0.10, 2_520),
        (300_000, 0.20, 16_920),
        (420_000, 0.25, 31_920),
        (660_000, 0.30, 52_920),
        (960_000, 0.35, 85_920),
        (1_500_000, 0.45, 181_920),
    ],
)
def test_the_quick_deductions_of_the_official_table(taxable, rate, quick):
    assert law.income_tax(taxable, LIMITS, RATES) == pytest.approx(taxable * rate - quick)
    assert law.marginal_rate(taxable, LIMITS, RATES) == rate
    assert law.marginal_rate(taxable + 1.0 if taxable < 1e6 else 2e6, LIMITS, RATES) >= rate


def test_taxable_income_by_hand():
    """10,000 a month, 12 % deducted, 60,000 and 18,000 more: 27,600; 6,000 a month: nothing."""
    found = law.taxable_income(np.array([120_000.0, 72_000.0]), 60_000, 0.12, 18_000)
    assert found == pytest.approx([27_600, 0])
    assert law.income_tax(found, LIMITS, RATES) == pytest.approx([828, 0])
    assert law.marginal_rate(found, LIMITS, RATES).tolist() == [0.03, 0.0]


@given(st.floats(0, 2e6), st.floats(0, 12_000))
def test_tax_rises_by_the_marginal_rate_within_a_bracket(taxable, more):
    before = law.income_tax(taxable, LIMITS, RATES)
    after = law.income_tax(taxable + more, LIMITS, RATES)
    low = law.marginal_rate(taxable, LIMITS, RATES) * more
    high = law.marginal_rate(taxable + more, LIMITS, RATES) * more
    assert low - 1e-6 <= after - before <= high + 1e-6


@pytest.mark.parametrize(("pay_m", "gain"), [(6_000, -360), (10_000, 0), (20_000, 840)])
def test_a_full_year_of_the_personal_pension(pay_m, gain):
    """12,000 (t - 3 %): a loss without tax, nothing at 3 %, 840 at 10 %."""
    taxable = law.taxable_income(12 * pay_m, 60_000, 0.12, 18_000)
    rate = law.marginal_rate(taxable, LIMITS, RATES)
    assert tax_gain(12_000, rate, 0.03) == pytest.approx(gain)
