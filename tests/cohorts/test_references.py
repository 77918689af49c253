"""Reference amounts by hand: published ones win, half years blend, growth follows."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from rssim.cohorts.references import (
    blend,
    increase_of_year,
    next_macro,
    realised,
    reference_amounts,
)
from rssim.cohorts.state import Macro
from tests.cohorts.cells import law, number, one
from tests.laws.worlds import baseline, exogenous_history

WAGES = {2022: 8807.0, 2023: 9167.0, 2024: 9183.0}


@pytest.fixture(scope="module")
def flows():
    """References of Guangdong by year."""
    run = exogenous_history("guangdong", 2045)
    return {year: item.references for year, item in zip(run.years, run.flows, strict=True)}


def growth(year):
    inputs = baseline("guangdong", 2045)
    return number(inputs.years[year - 2024].economy.wage_growth)


def test_published_wages_win(flows):
    assert number(flows[2024].wage_m) == 9183.0
    assert number(flows[2024].base_wage_m) == pytest.approx((8807 + 9167) / 2)
    assert number(flows[2025].base_wage_m) == pytest.approx((9167 + 9183) / 2)


def test_wages_grow_after_the_last_published_one(flows):
    wage = 9183.0
    for year in range(2025, 2046):
        wage *= 1.0 + growth(year)
        # Who is employed moves the paid mean a little; without a market for jobs no further.
        assert number(flows[year].wage_m) == pytest.approx(wage, rel=4e-3)


def test_published_limits_by_days(flows):
    """Contribution years run from July to June; 2024 has 182 days before and 184 after."""
    assert number(flows[2024].floor_m) == pytest.approx((4350 * 182 + 4750 * 184) / 366)
    assert number(flows[2025].cap_m) == pytest.approx((27501 * 181 + 27549 * 184) / 365)


def test_limits_of_2026_are_published_to_june_and_by_formula_from_july(flows):
    """From July 2026 on: 55 % and 300 % of the wage of 2025."""
    wage_2025 = number(flows[2025].wage_m)
    floor = 4907 * 181 / 365 + 0.55 * wage_2025 * 184 / 365
    cap = 27549 * 181 / 365 + 3.0 * wage_2025 * 184 / 365
    assert number(flows[2026].floor_m) == pytest.approx(floor, rel=1e-12)
    assert number(flows[2026].cap_m) == pytest.approx(cap, rel=1e-12)


def test_limits_by_formula_are_those_of_each_contribution_year(flows):
    """184 days from July on the wage of last year, the days before on that of the year before."""
    for year, days in ((2030, 365), (2040, 366)):
        last, earlier = number(flows[year - 1].wage_m), number(flows[year - 2].wage_m)
        mean = (184 * last + (days - 184) * earlier) / days
        assert number(flows[year].cap_m) == pytest.approx(3.0 * mean, rel=1e-12)
        assert number(flows[year].floor_m) == pytest.approx(0.6 * mean, rel=1e-12)


def test_calculation_base_follows_the_wage_of_the_year_before(flows):
    assert number(flows[2024].calculation_base_m) == 9307.0
    assert number(flows[2025].calculation_base_m) == 9493.0
    grown = 9493.0 * number(flows[2025].wage_m) / 9183.0
    assert number(flows[2026].calculation_base_m) == pytest.approx(grown, rel=1e-12)
    assert number(flows[2027].calculation_base_m) == pytest.approx(
        grown * number(flows[2026].wage_m) / number(flows[2025].wage_m), rel=1e-12
    )


def test_increase_is_published_to_2025_and_mixed_afterwards(flows):
    assert number(flows[2024].increase) == 0.03
    assert number(flows[2025].increase) == 0.02
    inputs = baseline("guangdong", 2045)
    for year in (2030, 2045):
        before = inputs.years[year - 1 - 2024].economy
        weight = number(inputs.years[year - 2024].pension.increase_wage_weight)
        expected = weight * number(before.wage_growth) + (1 - weight) * number(before.inflation)
        assert number(flows[year].increase) == pytest.approx(expected, rel=1e-12)


def test_price_index_is_the_product_of_inflation(flows):
    inputs = baseline("guangdong", 2045)
    product = np.prod([1.0 + number(year.economy.inflation) for year in inputs.years[:7]])
    assert number(flows[2030].price_index) == pytest.approx(product, rel=1e-12)


def macro():
    values = {
        "wage_1_m": 10_000.0,
        "wage_2_m": 9_500.0,
        "calculation_base_1_m": 9_600.0,
        "wage_growth_1": 0.05,
        "inflation_1": 0.02,
        "price_index_1": 1.1,
    }
    return Macro(**{item.name: one(values.get(item.name, 1.0)) for item in fields(Macro)})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("nominal", 0.013),
        ("wages", 0.05),
        ("prices", 0.02),
        ("mixed", 0.4 * 0.05 + 0.6 * 0.02),
        ("ceiling", 0.4 * 0.05 + 0.6 * 0.02),
    ],
)
def test_every_rule_of_increase(rule, expected):
    year = law(
        2030,
        pension__indexation_rule=rule,
        pension__increase_nominal=0.013,
        pension__increase_wage_weight=0.4,
    )
    assert number(increase_of_year(year, macro())) == pytest.approx(expected, rel=1e-12)


def test_half_a_year_published_is_half_of_both():
    assert number(blend(one(100.0), 0.5, one(200.0))) == 150.0
    # A part that is not published may be no number at all.
    assert number(blend(one(np.nan), 0.0, one(200.0))) == 200.0
    assert number(blend(one(100.0), 1.0, one(np.nan))) == 100.0


def test_a_changed_wage_moves_what_follows_it_and_nothing_before():
    year = law(2030)
    faster = law(2030, economy__wage_growth=0.2)
    slow, fast = reference_amounts(macro(), year), reference_amounts(macro(), faster)
    assert number(fast.wage_m) == pytest.approx(12_000.0)
    for name in ("base_wage_m", "floor_m", "cap_m", "calculation_base_m", "increase"):
        assert number(getattr(fast, name)) == number(getattr(slow, name))
    # Pay rose a tenth above its outlook, and the reference wage of the same year with it.
    fast = realised(fast, macro(), faster, one(1.1))
    assert number(fast.wage_m) == pytest.approx(1.1 * 12_000.0)
    following = next_macro(macro(), fast, faster, one(11_000.0), one(1.1))
    assert number(following.wage_growth_1) == pytest.approx(0.32)
    assert (number(following.wage_1_m), number(following.wage_2_m)) == (
        pytest.approx(13_200.0),
        10_000.0,
    )
    after = reference_amounts(following, replace(year, year=2031))
    growth_2030 = 1.0 + number(year.economy.wage_growth)
    assert number(after.wage_m) == pytest.approx(13_200 * growth_2030)
    assert number(after.calculation_base_m) == pytest.approx(
        number(fast.calculation_base_m) * 13_200 / 10_000
    )
