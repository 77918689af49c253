"""What a lever of a scheme moves: one run with it beside the baseline."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from rssim.inputs.scenario import load_scenario
from rssim.study.run import simulate

Headline = dict[str, np.ndarray]


def headline(lever: str | None = None, value: Any = None, place: str = "guangdong") -> Headline:
    """Every series of a run to 2032, with one lever changed from 2026 on or with none."""
    return dict(_baseline(place)) if lever is None else _run(place, lever, value)


@cache
def _baseline(place: str) -> Headline:
    return _run(place)


def _run(place: str, lever: str | None = None, value: Any = None) -> Headline:
    base = load_scenario("baseline", place=place, end=2032)
    scenario = base if lever is None else base.change(lever, {"2026-01-01": value})
    return simulate(scenario, keep=False, trace=False).headline


def moved(base: Headline, changed: Headline, rtol: float = 0.0, atol: float = 0.0) -> set[str]:
    """The series that differ by more than a rounding; to the bit without tolerances."""
    return {
        key
        for key in base
        if not np.allclose(base[key], changed[key], rtol=rtol, atol=atol, equal_nan=True)
    }
