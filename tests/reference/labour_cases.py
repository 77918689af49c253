"""The labour-market cases of `data/`, and bands that defaults of the model must respect.

The yearly model's own defaults are held against the bands by calling `elasticity_faults`,
`programme_faults` and `demand_faults` with them: an empty list is a pass.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from rssim.study.labour import Lake

DATA = Path(__file__).parent / "data"

# Meta-analysis means are over very different programmes: the case allows 5 points either way.
PROGRAMME_POINTS = 5.0
SIZE_FACTOR = 2.0


def case(name: str) -> dict[str, Any]:
    """A case by the name of its file."""
    with open(DATA / f"{name}.yaml", encoding="utf-8") as text:
        loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def lake(rates: dict[str, float]) -> Lake:
    """The lake model at the rates of a case."""
    return Lake(
        rates["separation_rate"],
        rates["job_finding_rate"],
        rates["entry_rate"],
        rates["exit_rate"],
    )


def assert_path(model: Lake, start: dict[str, float], published: dict[int, Any]) -> None:
    """The published periods of a path; the cases print ten digits."""
    names = ["unemployed", "employed", "labour_force", "unemployment_rate"]
    path = model.path(start["unemployed"], start["employed"], max(published))
    for period, row in published.items():
        ours = path.loc[period, names].to_numpy()
        assert ours == pytest.approx([row[name] for name in names], rel=1e-8), period


def elasticity_faults(elasticity: float, reason: str = "") -> list[str]:
    """A09: why an elasticity of matches to searchers may not be a default; [] if it may."""
    low, high = case("a09_matching_elasticity")["expected"][
        "elasticity_of_hires_wrt_unemployment_range"
    ]
    if low <= elasticity <= high or reason:
        return []
    return [f"{elasticity} is outside {low} to {high} and no reason is given"]


def programme_faults(kind: str, horizon: str, points: float, source: str = "") -> list[str]:
    """A10: why an effect on employment, in percentage points, may not be a default."""
    mean = case("a10_programme_effects")["expected"][kind][horizon]
    if abs(points - mean) <= PROGRAMME_POINTS or source:
        return []
    return [f"{kind}, {horizon} run: {points} is far from {mean} points and no source is given"]


def demand_faults(elasticity: float) -> list[str]:
    """A11: why an elasticity of employment to the minimum wage or labour cost is implausible."""
    low, high = case("a11_labour_demand")["expected"]["plausible_band_labour_demand_elasticity"]
    return [] if low <= elasticity <= high else [f"{elasticity} is outside {low} to {high}"]


def size_faults(found_percent: float, published_percent: float) -> list[str]:
    """A11: why a response differs from a published one by more than the factor allowed."""
    ratio = found_percent / published_percent
    if 1.0 / SIZE_FACTOR <= ratio <= SIZE_FACTOR:
        return []
    return [f"{found_percent} is {ratio:.2g} times {published_percent}"]
