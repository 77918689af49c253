"""A market that shuts a group out is run, and said to be one."""

from __future__ import annotations

import numpy as np
import pytest

import rssim
from rssim.study.market import MarketWarning, faults_of
from rssim.study.run import calibrated


@pytest.fixture(scope="module")
def base():
    return rssim.load("baseline", place="guangzhou", end=2027)


def test_a_floor_above_most_wages_names_years_and_groups(base):
    """Four times the floor is some 10,000 yuan: above most of what the low-skilled yield."""
    high = base.change("labour_law.minimum_wage_factor", {"2026-01-01": 4.0}, name="high")
    with pytest.warns(MarketWarning, match="2026 to 2027: the minimum wage") as told:
        rssim.run(high, bite="off")
    text = "\n".join(str(item.message) for item in told)
    assert "group registered_low" in text
    assert "high: " in text
    assert "labour_law.minimum_wage_factor" in text
    assert "registered_high" not in text


def test_the_baseline_is_told_nothing(base, recwarn):
    rssim.run(base, bite="off")
    assert not [item for item in recwarn if issubclass(item.category, MarketWarning)]


def test_a_group_without_seekers_is_named(base):
    from dataclasses import replace

    from rssim.cohorts import engine
    from rssim.inputs.assemble import assemble

    inputs, found = assemble(base, trace=False), calibrated(base)
    run = engine.run(inputs, found.opening, found.constants)
    flows = list(run.flows)
    seekers = np.array(flows[1].jobs.seekers)
    seekers[:, 2] = 0.0
    flows[1] = replace(flows[1], jobs=replace(flows[1].jobs, seekers=seekers))
    lines = faults_of(replace(run, flows=tuple(flows)), inputs)
    assert len(lines) == 1
    assert lines[0].startswith("2025: nobody of the group registered_high searches")
