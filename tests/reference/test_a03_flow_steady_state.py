"""Flow-balance unemployment and how fast it is reached (A03)."""

import sys
from pathlib import Path

import pytest

from rssim.rules.worker_flows import (
    half_life,
    half_life_of_probabilities,
    steady_unemployment_rate,
    unemployment_after,
)

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import case

A03 = case("a03_flow_steady_state")
RELATIVE = 1e-6


@pytest.mark.parametrize("row", A03["expected"]["results"])
def test_flow_balance(row):
    s, f = row["s"], row["f"]
    assert steady_unemployment_rate(s, f) == pytest.approx(row["u_discrete"], rel=RELATIVE)
    assert steady_unemployment_rate(s, f) == pytest.approx(
        row["u_if_rates_are_hazards"], rel=RELATIVE
    )
    assert half_life(s, f) == pytest.approx(row["half_life_continuous"], rel=RELATIVE)
    assert half_life_of_probabilities(s, f) == pytest.approx(
        row["half_life_discrete_periods"], rel=RELATIVE
    )


@pytest.mark.parametrize("row", A03["inputs"]["pairs"])
def test_half_a_gap_closes_in_a_half_life(row):
    s, f = row["s"], row["f"]
    goal = steady_unemployment_rate(s, f)
    later, _ = unemployment_after(goal + 0.1, s, f, half_life(s, f))
    assert later - goal == pytest.approx(0.05, rel=1e-9)
