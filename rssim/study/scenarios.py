"""Scenarios at the door: loaded from files and shown in notebooks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rssim.inputs.place import Place
from rssim.inputs.scenario import Scenario, load_scenario
from rssim.study.html import scenario_html

Scenario.html = staticmethod(scenario_html)


def load(
    name: str | Path,
    place: str | Path | Place | None = None,
    opening: date | str | None = None,
    end: int | None = None,
) -> Scenario:
    """A scenario from a packaged name or a file; ``a+b+c`` stacks several, later ones on top.

    Parameters
    ----------
    name : str
        A packaged name such as ``"baseline"`` or ``"levers/employer_rate_20"``, or a YAML file.
    place : str, optional
        A packaged place or a folder; without it the file's own place, else Guangzhou.
    opening : str, optional
        The opening day, for example ``"2024-01-01"``; without it the latest one of the place.
    end : int, optional
        The last year of the run; without it the file's own, else 2060.

    Raises
    ------
    ScenarioError, PlaceError
        All faults of the files at once, each with file, key, value and what is allowed.
    """
    return load_scenario(name, place, opening, end)
