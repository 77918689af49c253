"""Registered unemployment of Guangdong 2003-2005, the Pearl River Delta 2010-2019 (E03)."""

import sys
from pathlib import Path

import numpy as np
import pytest

from rssim.rules.worker_flows import labour_force_of, unemployment_rate

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import case

E03 = case("e03_guangdong_labour")
COUNTS = E03["expected"]["guangdong_registered_unemployed_10k"]
PERCENT = E03["expected"]["guangdong_registered_rate_percent"]


@pytest.mark.parametrize("year", E03["expected"]["implied_urban_labour_force_10k"])
def test_implied_labour_force(year):
    implied = labour_force_of(COUNTS[year], PERCENT[year] / 100)
    published = E03["expected"]["implied_urban_labour_force_10k"][year]
    assert implied == pytest.approx(published, rel=E03["tolerance"]["ratios"])
    assert 100 * unemployment_rate(COUNTS[year], implied - COUNTS[year]) == pytest.approx(
        PERCENT[year], rel=1e-9
    )


def test_growth_of_the_delta():
    delta = E03["delta_10k"]
    growth = 100 * (delta[2019]["residents"] / delta[2010]["residents"] - 1)
    assert growth == pytest.approx(
        E03["expected"]["delta_population_growth_2010_2019_percent"], rel=1e-6
    )


def test_the_series_breaks_in_2013():
    """Coverage was widened: no other year moves by a fifth, so no trend may cross it."""
    delta = E03["delta_10k"]
    units = np.array([delta[year]["urban_unit_employed"] for year in sorted(delta)])
    jumps = np.abs(np.diff(units) / units[:-1]) > 0.2
    assert [sorted(delta)[1:][place] for place in np.flatnonzero(jumps)] == [2013]
