"""Elasticities of the matching function: range and recovery (A09)."""

import sys
from pathlib import Path

import numpy as np
import pytest

from rssim.rules.matching import job_finding_rate, matches
from rssim.rules.worker_flows import fit_matching_function
from rssim.study.labour import shimer_2005

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import case, elasticity_faults

A09 = case("a09_matching_elasticity")


def test_recovery_of_the_matching_function():
    inputs, expected = A09["inputs"]["recovery_test"], A09["expected"]
    seekers, vacancies = np.array(inputs["U"], float), np.array(inputs["V"], float)
    made = matches(seekers, vacancies, 0.55, 0.6)
    assert made == pytest.approx(expected["recovery_matches"], rel=1e-9)
    efficiency, to_seekers, to_vacancies = fit_matching_function(made, seekers, vacancies)
    recovered = expected["recovered"]
    exact = A09["tolerance"]["recovery"]
    assert efficiency == pytest.approx(recovered["efficiency"], abs=exact)
    assert to_seekers == pytest.approx(recovered["unemployment_elasticity"], abs=exact)
    assert to_vacancies == pytest.approx(recovered["vacancy_elasticity"], abs=exact)
    assert to_seekers + to_vacancies == pytest.approx(expected["returns_to_scale"], abs=exact)


def test_both_ranges_are_one():
    """An elasticity of hires in one range makes that of job finding fall in the other."""
    low, high = A09["expected"]["elasticity_of_hires_wrt_unemployment_range"]
    slopes = [
        np.log(job_finding_rate(2.0, 1.0, alpha) / job_finding_rate(1.0, 1.0, alpha)) / np.log(2)
        for alpha in (high, low)
    ]
    assert slopes == pytest.approx(
        A09["expected"]["elasticity_for_finding_rate_wrt_tightness_range"], abs=1e-12
    )


def test_elasticities_outside_the_range_need_a_reason():
    assert not elasticity_faults(0.5)
    assert not elasticity_faults(0.7)
    assert elasticity_faults(0.49)
    published = shimer_2005().matching_elasticity
    assert elasticity_faults(published)
    assert not elasticity_faults(published, "Shimer (2005), estimated on US data 1951 to 2003")
