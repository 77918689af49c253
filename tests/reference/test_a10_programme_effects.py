"""Mean effects of labour-market programmes (A10)."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import case, programme_faults

A10 = case("a10_programme_effects")


def test_pattern_of_programme_effects():
    effects = A10["expected"]
    for kind in ("training", "private_subsidy", "all"):
        assert effects[kind]["short"] < effects[kind]["medium"] < effects[kind]["long"]
    search = effects["job_search_assistance"]
    assert max(search.values()) - min(search.values()) < 1.0
    assert all(abs(points) < 1.5 for points in effects["public_employment"].values())


@pytest.mark.parametrize(
    ("kind", "horizon", "points", "passes"),
    [
        ("training", "medium", 6.6, True),
        ("training", "medium", 11.5, True),
        ("training", "medium", 12.0, False),
        ("public_employment", "short", 8.0, False),
        ("private_subsidy", "long", 6.0, False),
    ],
)
def test_defaults_of_programmes(kind, horizon, points, passes):
    assert (not programme_faults(kind, horizon, points)) == passes
    assert not programme_faults(kind, horizon, points, "a source")
