"""The lake model at US monthly rates, and a fall in hiring for ever (A02)."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import assert_path, case, lake

A02 = case("a02_lake_model_us")
# The case prints ten digits.
EXACT = 1e-8


def test_us_baseline():
    inputs, expected = A02["inputs"]["baseline"], A02["expected"]["baseline"]
    model = lake(inputs)
    assert model.growth == pytest.approx(expected["labour_force_growth"], rel=EXACT)
    assert model.unemployment_rate == pytest.approx(
        expected["steady_state_unemployment_rate"], rel=EXACT
    )
    assert model.persistence == pytest.approx(expected["second_eigenvalue_of_rate_map"], rel=EXACT)
    assert_path(model, inputs["initial_stocks"], expected["path"])


def test_us_with_more_separation():
    """The note of the case: with separation 0.03 the rate is 0.13057576."""
    inputs = dict(A02["inputs"]["baseline"], separation_rate=0.03)
    assert lake(inputs).unemployment_rate == pytest.approx(0.13057576, abs=5e-9)


def test_fall_in_hiring():
    inputs, expected = A02["inputs"], A02["expected"]["shock"]
    before = lake(inputs["baseline"])
    after = lake(dict(inputs["baseline"], job_finding_rate=inputs["shock"]["job_finding_rate_new"]))
    rate = before.unemployment_rate
    assert rate == pytest.approx(expected["unemployment_rate_before"], rel=EXACT)
    assert after.unemployment_rate == pytest.approx(expected["unemployment_rate_after"], rel=EXACT)
    assert_path(after, {"unemployed": 100 * rate, "employed": 100 * (1 - rate)}, expected["path"])
