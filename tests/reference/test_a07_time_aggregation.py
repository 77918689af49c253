"""From intensities to monthly probabilities and back (A07)."""

import sys
from pathlib import Path

import numpy as np
import pytest

from rssim.rules.worker_flows import (
    hazards,
    steady_unemployment_rate,
    transition_probabilities,
)

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import case

A07 = case("a07_time_aggregation")
RELATIVE = 1e-6


@pytest.mark.parametrize("row", A07["expected"]["results"])
def test_time_aggregation(row):
    f, s = row["job_finding_hazard"], row["separation_hazard"]
    finds, loses = transition_probabilities(f, s)
    assert finds == pytest.approx(row["prob_UE_in_one_month"], rel=RELATIVE)
    assert loses == pytest.approx(row["prob_EU_in_one_month"], rel=RELATIVE)
    assert steady_unemployment_rate(s, f) == pytest.approx(row["unemployment"], rel=RELATIVE)
    assert -np.expm1(-f) == pytest.approx(row["naive_probability_of_finding"], rel=RELATIVE)
    assert finds < row["naive_probability_of_finding"]
    assert loses < row["naive_probability_of_losing"]
    back = hazards(row["prob_UE_in_one_month"], row["prob_EU_in_one_month"])
    # The case prints ten digits, and a logarithm may lose one.
    assert back == (pytest.approx(f, rel=1e-8), pytest.approx(s, rel=1e-8))
