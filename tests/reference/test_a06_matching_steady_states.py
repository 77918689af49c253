"""Steady states of a matching market with Cobb-Douglas matching (A06), four calibrations."""

import sys
from pathlib import Path

import numpy as np
import pytest

from rssim.study.labour import MatchingMarket

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import case

A06 = case("a06_matching_steady_states")
SETS = {row["name"]: row for row in A06["inputs"]["sets"]}
OUTCOMES = {
    "tightness": "tightness",
    "job_finding_rate": "finding_rate",
    "vacancy_filling_rate": "filling_rate",
    "unemployment_rate": "unemployment_rate",
    "vacancy_rate": "vacancy_rate",
    "wage": "wage",
}


def market(name):
    row = SETS[name]
    return MatchingMarket(
        output=A06["inputs"]["p"],
        outside_value=row["z"],
        discount_rate=row["r"],
        separation_rate=row["s"],
        bargaining_share=row["beta"],
        # eta of the case is the power of tightness in job finding.
        matching_elasticity=1 - row["eta"],
        efficiency=row["mu"],
        vacancy_cost=row["c"],
    )


@pytest.mark.parametrize("name", SETS)
def test_steady_state(name):
    state, expected = market(name).steady_state(), A06["expected"][name]
    for theirs, ours in OUTCOMES.items():
        assert getattr(state, ours) == pytest.approx(
            expected[theirs], rel=A06["tolerance"]["relative"]
        ), theirs
    assert market(name).elasticity_of("tightness", "output") == pytest.approx(
        expected["elasticity_tightness_wrt_productivity"], rel=A06["tolerance"]["relative"]
    )


@pytest.mark.parametrize("name", SETS)
def test_equations_of_the_case(name):
    """Job creation, wage curve and flow balance as the case writes them."""
    row, state = SETS[name], market(name).steady_state()
    p, z, beta, c = A06["inputs"]["p"], row["z"], row["beta"], row["c"]
    theta = state.tightness
    leaves = row["r"] + row["s"]
    assert (1 - beta) * (p - z) / c == pytest.approx(
        leaves / state.filling_rate + beta * theta, rel=1e-12
    )
    assert state.wage == pytest.approx(beta * p + (1 - beta) * z + beta * c * theta, rel=1e-12)
    flow_in = row["s"] * (1 - state.unemployment_rate)
    assert flow_in == pytest.approx(state.finding_rate * state.unemployment_rate, rel=1e-12)


@pytest.mark.parametrize("name", SETS)
def test_signs(name):
    """Unemployment rises when z, s or c rises, falls when productivity rises."""
    here = market(name)
    for parameter, sign in [
        ("outside_value", 1),
        ("separation_rate", 1),
        ("vacancy_cost", 1),
        ("output", -1),
    ]:
        level = getattr(here, parameter)
        rates = here.comparative_statics(parameter, [level, 1.02 * level])["unemployment_rate"]
        assert np.sign(rates.iloc[1] - rates.iloc[0]) == sign, parameter
