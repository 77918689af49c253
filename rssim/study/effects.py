"""Measures that exist only between two runs: net and gross jobs, cost per net job."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rssim.records import Array

Paths = Callable[[str], Array]


class Effect(NamedTuple):
    """A measure of a scenario against another one."""

    name: str
    zh: str
    unit: str
    about: str


EFFECTS = {
    "net_jobs": Effect(
        "Net jobs", "净增就业", "jobs", "employed people on 31 December, less those of the base"
    ),
    "gross_jobs": Effect(
        "Gross jobs",
        "享受政策的就业人数",
        "persons/year",
        "subsidised hires of the year, less those of the base: before displacement and dead weight",
    ),
    "cost_per_net_job": Effect(
        "Cost per net job",
        "每净增就业成本",
        "yuan/month",
        "spending of the year over the net jobs on 31 December, over 12; none without net jobs",
    ),
}
"""Key of `rssim compare --show` -> what it is."""
MONTHS = 12


def effect(key: str, scenario: Paths, base: Paths) -> Array:
    """The paths of a measure, (run, year), given those of the series in both scenarios."""

    def gap(series: str) -> Array:
        return scenario(series) - base(series)

    if key == "net_jobs":
        return gap("employed")
    if key == "gross_jobs":
        return gap("subsidised_hires")
    jobs = gap("employed")
    cost = np.divide(
        gap("job_support_cost"), jobs, out=np.full_like(jobs, np.nan), where=jobs > 0.5
    )
    return cost / MONTHS
