"""Does a changed lever bite? It must be read in the run, and it should move something."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from rssim.errors import ParameterError
from rssim.inputs.assemble import Inputs
from rssim.inputs.scenario import Scenario, value_on
from rssim.records import Array

PACKAGE = Path(__file__).resolve().parent.parent
READING = ("rules", "cohorts", "inputs")
MOST_CHANGES = 12
"""Above this many changes a scenario is not run again without each of them."""


class BiteWarning(UserWarning):
    """A changed lever was read but moved nothing."""


@dataclass(frozen=True)
class Read:
    """One formula that read a changed lever, and what the change moved.

    moved   largest change of a headline series in any year, relative to the largest value of the
            series in the run [1]; NaN if not tried
    series  the headline series that moved so much
    """

    scenario: str
    lever: str
    reader: str
    first: int
    last: int
    moved: float = float("nan")
    series: str = ""


def without(scenario: Scenario, lever: str) -> Scenario:
    """The scenario without one of its changes."""
    rest = {key: steps for key, steps in scenario.changes.items() if key != lever}
    return replace(scenario, changes=rest)


def reads_of(inputs: Inputs) -> list[Read]:
    """What read each changed lever on or after the first day of its change.

    Raises ParameterError, naming lever and readers, where nothing did.
    """
    scenario = inputs.scenario
    found, faults = [], []
    for lever, steps in scenario.changes.items():
        since = steps[0].since
        readers = [
            Read(scenario.name, lever, reader, min(late), max(late))
            for reader, years in inputs.trace.reads.get(lever, {}).items()
            if (late := [year for year in years if year >= since.year])
        ]
        found += readers
        if not readers:
            faults.append(_never_read(scenario, lever, since.isoformat()))
    if faults:
        raise ParameterError(faults)
    return found


def _never_read(scenario: Scenario, lever: str, since: str) -> str:
    readers = formulas_that_name(lever)
    hint = (
        f" It is read by {', '.join(readers)}, which did not use it under the rules in force."
        if readers
        else " No formula of the model reads it."
    )
    return (
        f"{scenario.name}: {lever}: the change from {since} is read by nothing up to "
        f"{scenario.end}, so it would change nothing.{hint}"
    )


def formulas_that_name(lever: str) -> list[str]:
    """Functions of the model whose text reads a lever, as module.function."""
    found = _names_read()
    return sorted(found.get(lever.rsplit(".", 1)[-1], set()) | found.get(lever, set()))


@cache
def _names_read() -> dict[str, set[str]]:
    """Attribute or text -> functions that read it, from the source of rules, cohorts, inputs."""
    out: dict[str, set[str]] = {}
    for folder in READING:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                functions = node.body if isinstance(node, ast.ClassDef) else [node]
                for function in functions:
                    if not isinstance(function, ast.FunctionDef):
                        continue
                    for inner in ast.walk(function):
                        name = _name_read(inner)
                        if name:
                            out.setdefault(name, set()).add(f"{module}.{function.name}")
    return out


def _name_read(node: ast.AST) -> str:
    """The attribute that a node reads or the text that it holds, or an empty text."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        return node.attr
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""


def largest_change(headline: dict[str, Array], other: dict[str, Array]) -> tuple[float, str]:
    """Largest change of any headline series in any year [1], and the series; 0 if none moved.

    Relative to the largest absolute value of the series over the years: a balance that is nearly
    zero in one year does not make a small change look large.
    """
    largest, which = 0.0, ""
    for key, values in headline.items():
        reference = other[key]
        if values.tobytes() == reference.tobytes():
            continue
        both = np.abs(np.stack([values, reference]))
        scale = np.nanmax(np.where(np.isfinite(both), both, np.nan), axis=(0, -1))[:, None]
        gap = np.abs(values - reference)
        relative = np.divide(gap, scale, out=np.zeros_like(gap), where=scale > 0)
        # A value that appears or disappears is a whole change.
        known = np.isfinite(values) == np.isfinite(reference)
        found = float(np.where(known, np.nan_to_num(relative), 1.0).max())
        if found > largest:
            largest, which = found, key
    return largest, which


def moved(
    scenario: Scenario, lever: str, with_it: dict[str, Array], without_it: dict[str, Array]
) -> tuple[float, str]:
    """What a change moved [1], and the series; warns where it moved nothing to the bit."""
    change, series = largest_change(with_it, without_it)
    if change == 0.0:
        since = scenario.changes[lever][0].since
        same = value_on(without(scenario, lever), lever, since) == value_on(scenario, lever, since)
        reason = (
            f" The value on {since} is the one that holds without the change."
            if same
            else " Another rule or limit decides in this run."
        )
        warnings.warn(
            f"{scenario.name}: {lever}: the change was read but moved no headline series in any "
            f"year.{reason}",
            BiteWarning,
            stacklevel=5,
        )
    return change, series
