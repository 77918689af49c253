"""The lake model at introductory sets of parameters (A01)."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import assert_path, case, lake

A01 = case("a01_lake_model")
# The case prints ten digits.
EXACT = 1e-8


@pytest.mark.parametrize("name", A01["inputs"]["cases"])
def test_introductory_sets(name):
    inputs, expected = A01["inputs"]["cases"][name], A01["expected"][name]
    model = lake(inputs)
    assert model.growth == pytest.approx(expected["labour_force_growth"], rel=EXACT)
    rate = expected["steady_state_unemployment_rate"]
    assert model.unemployment_rate == pytest.approx(rate, rel=EXACT)
    assert 1 - model.unemployment_rate == pytest.approx(
        expected["steady_state_employment_rate"], rel=EXACT
    )
    assert model.persistence == pytest.approx(expected["second_eigenvalue_of_rate_map"], rel=EXACT)
    if "path" in expected:
        assert_path(model, inputs["initial_stocks"], expected["path"])


def test_persistence_is_the_second_eigenvalue():
    """Of the matrix of the two stocks, over the first one, which is the growth."""
    for inputs in A01["inputs"]["cases"].values():
        s, f = inputs["separation_rate"], inputs["job_finding_rate"]
        b, d = inputs["entry_rate"], inputs["exit_rate"]
        matrix = np.array(
            [[(1 - d) * (1 - f) + b, s * (1 - d) + b], [(1 - d) * f, (1 - s) * (1 - d)]]
        )
        small, large = np.sort(np.linalg.eigvals(matrix).real)
        model = lake(inputs)
        assert large == pytest.approx(1 + model.growth, rel=1e-12)
        assert small / large == pytest.approx(model.persistence, rel=1e-12)


def test_more_separation_and_less_finding_raise_unemployment():
    sets = {name: lake(inputs).unemployment_rate for name, inputs in A01["inputs"]["cases"].items()}
    assert sets["high_separation"] > sets["growing"]
    assert sets["low_finding"] > sets["growing"]
