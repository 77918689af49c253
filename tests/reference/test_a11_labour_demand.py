"""Minimum wage, charges and employment in China (A11)."""

import itertools
import sys
from pathlib import Path

import pytest

from rssim.study.labour import MatchingMarket

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import case, demand_faults, size_faults

A11 = case("a11_labour_demand")

# A Chinese market in years: charges near those of Guangzhou, the minimum wage between a quarter
# and a half of the mean wage. Assumptions: only signs and the order of size are tested.
GRID = list(
    itertools.product([0.3, 0.5, 0.7], [0.5, 0.6, 0.7], [0.3, 0.5, 0.65], [0.3, 0.5], [0.0, 0.5])
)


def chinese_market(bargaining, elasticity, outside, floor, indexed):
    return MatchingMarket(
        outside_value=outside,
        discount_rate=0.04,
        separation_rate=0.2,
        bargaining_share=bargaining,
        matching_elasticity=elasticity,
        efficiency=3.0,
        vacancy_cost=0.1,
        employer_rate=0.25,
        employee_rate=0.10,
        deferred_share=0.5,
        indexed_share=indexed,
        replacement_rate=0.4,
        minimum_wage=floor * 0.75,
        log_sd=0.4,
    )


@pytest.mark.parametrize("values", GRID)
def test_signs_of_labour_demand(values):
    """Neither a higher floor nor a higher charge may raise employment; charges lower wages."""
    market = chinese_market(*values)
    floor = market.elasticity_of("employment_rate", "minimum_wage")
    assert -0.5 <= floor <= 0.0
    assert not demand_faults(floor)
    assert market.elasticity_of("employment_rate", "employer_rate") <= 0.0
    assert market.elasticity_of("wage", "employer_rate") < 0.0
    published = A11["expected"]["hangzhou"]
    assert published["wage_percent"] < 0 and published["employment_percent"] < 0


def test_bands_of_labour_demand():
    assert demand_faults(0.01)
    assert demand_faults(-0.6)
    assert not demand_faults(-0.1)
    imf = A11["expected"]["minimum_wage"]["imf_percent_change_in_employment_for_plus_10"]
    assert not demand_faults(imf / 10)
    assert not size_faults(-1.9, imf)
    assert size_faults(-2.1, imf)
    assert size_faults(0.9, imf)
