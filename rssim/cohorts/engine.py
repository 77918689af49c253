"""The loop over years and what it records. It knows nothing of scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from rssim.cohorts.population import life_table, survival_ratios
from rssim.cohorts.state import Constants, Stocks
from rssim.cohorts.year import Flows, year
from rssim.inputs.assemble import Inputs
from rssim.records import Array

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Run:
    """Stocks of every 1 January (one more than years) and flows of every year, as recorded."""

    years: tuple[int, ...]
    stocks: tuple[Stocks, ...]
    flows: tuple[Flows, ...]


def survival_of(inputs: Inputs) -> Array:
    """Survival ratios of every year, (year, draw, group, sex, age) [1]."""
    rates = np.stack(
        [
            item.death_rates * item.demography.mortality_scale * item.demography.mortality_variant
            for item in inputs.years
        ]
    )
    return survival_ratios(life_table(rates))


@dataclass(frozen=True, eq=False)
class Step:
    """A year as it happened: stocks before, flows, stocks after (those of the next 1 January)."""

    before: Stocks
    flows: Flows
    after: Stocks


def steps(inputs: Inputs, opening: Stocks, constants: Constants) -> Iterator[Step]:
    """The years of the inputs from an opening, one by one; nothing of an earlier year is kept.

    The stocks of one draw of a city fill some twenty megabytes, so who needs a few figures of
    every year takes them here and lets the year go.
    """
    survival = survival_of(inputs)
    before = opening
    for at, item in enumerate(inputs.years):
        flows, after = year(before, item, survival[at], inputs, constants)
        yield Step(before, flows, after)
        before = after


def run(
    inputs: Inputs, opening: Stocks, constants: Constants, progress: Progress | None = None
) -> Run:
    """All years of the inputs from an opening; progress(done, of) is called after each year."""
    stocks, flows = [opening], []
    for at, step in enumerate(steps(inputs, opening, constants)):
        flows.append(step.flows)
        stocks.append(step.after)
        if progress is not None:
            progress(at + 1, len(inputs.years))
    return Run(tuple(item.year for item in inputs.years), tuple(stocks), tuple(flows))
