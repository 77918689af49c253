"""Observed moments of an opening day, and the lines of the report of what each one pinned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rssim.errors import CalibrationError
from rssim.inputs.assemble import Inputs
from rssim.records import Array


@dataclass(frozen=True)
class Line:
    """One moment: what was observed, what the model gives, which constant it pins."""

    moment: str
    at: str
    unit: str
    observed: float
    model: float
    constant: str
    value: float
    kind: str
    evidence: str
    source: str
    note: str


def moment(inputs: Inputs, name: str) -> dict[str, Any] | None:
    """An observed moment of the opening day, or None."""
    found = inputs.place.calibration.get(inputs.scenario.opening, {}).get(name)
    return (
        found
        if isinstance(found, dict) and found.get("use", "calibration") == "calibration"
        else None
    )


def where(inputs: Inputs) -> str:
    """Where the moments of the opening day stand, for messages."""
    return f"{inputs.place.key}: calibration.yaml: {inputs.scenario.opening}"


def target(inputs: Inputs, name: str) -> Array:
    """An observed moment, (draw, 1, 1, 1), in its own unit.

    Raises CalibrationError where it is missing or no value of its unit.
    """
    found = moment(inputs, name)
    if found is None:
        raise CalibrationError(f"{where(inputs)}: the moment {name} is missing.")
    value = float(found["value"])
    if value <= 0 or (found.get("unit") == "share" and value >= 1):
        raise CalibrationError(
            f"{where(inputs)}: {name}: {value:g} cannot be met; a {found.get('unit')} above 0"
            f"{' and below 1' if found.get('unit') == 'share' else ''} is needed."
        )
    return np.full((inputs.population.shape[0], 1, 1, 1), value)


def pinned(inputs: Inputs, name: str, model: Array, constant: str, value: Array) -> Line:
    """The line of the report of a moment that the place states.

    model, value  what the model gives and the constant that the moment pinned; means over draws
    """
    entry = moment(inputs, name) or {}
    return Line(
        moment=name,
        at=str(entry.get("at", "opening")),
        unit=str(entry.get("unit", "")),
        observed=float(target(inputs, name).mean()),
        model=float(np.mean(model)),
        constant=constant,
        value=float(np.mean(value)),
        kind=str(entry.get("kind", "")),
        evidence=str(entry.get("evidence", "")),
        source=str(entry.get("source", "")),
        note=str(entry.get("note", "")),
    )
