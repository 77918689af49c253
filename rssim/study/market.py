"""What a user should be told of the market for jobs of a run: who is shut out of it, and when."""

from __future__ import annotations

import warnings

import numpy as np

from rssim.cohorts.engine import Run
from rssim.inputs.assemble import Inputs
from rssim.records import Array

MOST = 0.5
ADULT = 16


class MarketWarning(UserWarning):
    """A group is shut out of the market for jobs: the run goes on, its figures say less."""


def faults_of(run: Run, inputs: Inputs) -> list[str]:
    """One line for each group that nobody of searches in, or that a wage floor shuts out.

    Years of the same fault are told as a span. Empty where job finding is exogenous.
    """
    names = inputs.axes.group_names
    idle: dict[str, list[int]] = {}
    floored: dict[str, list[tuple[int, float]]] = {}
    for year, stocks, flows in zip(run.years, run.stocks, run.flows, strict=False):
        if flows.jobs is None:
            continue
        adults = _by_group(stocks.population[..., ADULT:])
        seekers = _by_group(flows.jobs.seekers)
        made = _by_group(flows.jobs.seekers * flows.jobs.made_share)
        for at, name in enumerate(names):
            if adults[at] > 0.0 and not seekers[at] > 0.0:
                idle.setdefault(name, []).append(year)
            elif seekers[at] > 0.0 and made[at] < MOST * seekers[at]:
                floored.setdefault(name, []).append((year, float(made[at] / seekers[at])))
    lines = [
        f"{_span(years)}: nobody of the group {name} searches for a job, so no policy of the "
        "market can reach it. Check labour.finding_rate and the opening population."
        for name, years in idle.items()
    ]
    for name, found in floored.items():
        least = min(share for _, share in found)
        lines.append(
            f"{_span([year for year, _ in found])}: the minimum wage stands above most of what "
            f"the group {name} would earn: as few as {least:.0%} of its meetings become jobs. "
            "Check labour_law.minimum_wage_m and labour_law.minimum_wage_factor."
        )
    return lines


def tell(scenario: str, lines: list[str]) -> None:
    """Warns of every line, with the scenario before it."""
    for line in lines:
        warnings.warn(f"{scenario}: {line}", MarketWarning, stacklevel=3)


def _by_group(values: Array) -> Array:
    """Over draws and cells, by group (group,)."""
    return np.asarray(values.sum(axis=(0, *range(2, values.ndim))))


def _span(years: list[int]) -> str:
    return str(years[0]) if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
