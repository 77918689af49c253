"""Unemployment after a persistent rise in separations (A08)."""

import sys
from pathlib import Path

import numpy as np
import pytest

from rssim.rules.worker_flows import separation_response, steady_unemployment_rate

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import case

A08 = case("a08_separation_shock")


def test_response_to_separations():
    inputs, expected = A08["inputs"], A08["expected"]
    f, s = inputs["job_finding"], inputs["separation"]
    assert steady_unemployment_rate(s, f) == pytest.approx(
        expected["steady_state_unemployment"], abs=1e-15
    )
    shock = 0.6 ** np.arange(400)
    response = separation_response(s, f, shock)
    assert response[:20] == pytest.approx(expected["dU"], abs=A08["tolerance"]["absolute"])
    assert response.argmax() == expected["peak_period"]
    assert response.sum() == pytest.approx(expected["cumulative_sum_infinite"], abs=1e-8)


def test_response_of_the_stock_itself():
    """A shock of 0.001 to the stock that is not linearised: ratios within 1e-2."""
    f, s = A08["inputs"]["job_finding"], A08["inputs"]["separation"]
    size = 0.001
    rest = unemployed = 0.2
    ratios = []
    for period, published in enumerate(A08["expected"]["dU"]):
        hit = s + size * 0.6**period
        unemployed = unemployed + hit * (1 - unemployed) - f * unemployed
        ratios.append((unemployed - rest) / size / published)
    assert ratios == pytest.approx(np.ones(20), abs=1e-2)
