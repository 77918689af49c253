"""What a user should be told of the market for jobs of a run: who is shut out of it, and when."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rssim.cohorts.state import Stocks
from rssim.cohorts.year import Flows
from rssim.records import Array

MOST = 0.5
ADULT = 16


class MarketWarning(UserWarning):
    """A group is shut out of the market for jobs: the run goes on, its figures say less."""


@dataclass(frozen=True, eq=False)
class MarketYear:
    """A year of the market by group, (group,): adults, searchers, and those of them who match."""

    year: int
    adults: Array
    seekers: Array
    made: Array


def market_year(year: int, before: Stocks, flows: Flows) -> MarketYear:
    """What is kept of a year's market for jobs; all zero where job finding is exogenous."""
    adults = _by_group(before.population[..., ADULT:])
    jobs = flows.jobs
    if jobs is None:
        return MarketYear(year, np.zeros_like(adults), adults, adults)
    return MarketYear(
        year, adults, _by_group(jobs.seekers), _by_group(jobs.seekers * jobs.made_share)
    )


def faults_of(years: Sequence[MarketYear], names: Sequence[str]) -> list[str]:
    """One line for each group that nobody of searches in, or that a wage floor shuts out.

    Years of the same fault are told as a span.
    """
    idle: dict[str, list[int]] = {}
    floored: dict[str, list[tuple[int, float]]] = {}
    for found in years:
        for at, name in enumerate(names):
            seekers, made = float(found.seekers[at]), float(found.made[at])
            if found.adults[at] > 0.0 and not seekers > 0.0:
                idle.setdefault(name, []).append(found.year)
            elif seekers > 0.0 and made < MOST * seekers:
                floored.setdefault(name, []).append((found.year, made / seekers))
    lines = [
        f"{_span(years)}: nobody of the group {name} searches for a job, so no policy of the "
        "market can reach it. Check labour.finding_rate and the opening population."
        for name, years in idle.items()
    ]
    for name, shares in floored.items():
        least = min(share for _, share in shares)
        lines.append(
            f"{_span([year for year, _ in shares])}: the minimum wage stands above most of what "
            f"the group {name} would earn: as few as {least:.0%} of its meetings become jobs. "
            "Check labour_law.minimum_wage_m and labour_law.minimum_wage_factor."
        )
    return lines


def tell(scenario: str, lines: Sequence[str]) -> None:
    """Warns of every line, with the scenario before it."""
    for line in lines:
        warnings.warn(f"{scenario}: {line}", MarketWarning, stacklevel=3)


def _by_group(values: Array) -> Array:
    """Over draws and cells, by group (group,)."""
    return np.asarray(values.sum(axis=(0, *range(2, values.ndim))))


def _span(years: list[int]) -> str:
    return str(years[0]) if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
