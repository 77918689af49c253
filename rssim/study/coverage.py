"""Who of the members of the employee pension holds how many contribution years."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssim.axes import AWAY
from rssim.cohorts import engine
from rssim.cohorts.state import MEMBER_FIRST, MEMBER_LAST, PEOPLE, PensionStocks
from rssim.errors import ScenarioError
from rssim.inputs.scenario import Scenario
from rssim.records import Array
from rssim.study.run import prepare

BANDS = (("under 5", 0, 5), ("5 to 9", 5, 10), ("10 to 14", 10, 15), ("15 to 19", 15, 20))
LAST_BAND = "20 and more"


def years_held(stocks: PensionStocks, first: int, last: int) -> Array:
    """Members who live here by band of whole contribution years, (draw, band) [persons].

    first, last  ages on 1 January, both counted; 15 to 74
    """
    ages = slice(first - MEMBER_FIRST, last - MEMBER_FIRST + 1)
    here = stocks.rights[PEOPLE, :AWAY, ..., ages].sum(axis=0)
    people = here.sum(axis=(2, 3, 4, 5))
    bands = [people[start:end].sum(axis=0) for _, start, end in BANDS]
    return np.stack([*bands, people[BANDS[-1][2] :].sum(axis=0)], axis=-1)


def held_table(scenarios: Sequence[Scenario], year: int, ages: tuple[int, int]) -> list[list[str]]:
    """Rows of text: for each scenario the share of members by years held on 1 January [%].

    Mean over draws. Raises ScenarioError where the year lies outside a run, or an age outside
    those of members.
    """
    first, last = ages
    if not MEMBER_FIRST <= first <= last <= MEMBER_LAST:
        raise ScenarioError(
            f"ages {first} to {last}: members are {MEMBER_FIRST} to {MEMBER_LAST} years old."
        )
    rows = [["", *(name for name, _, _ in BANDS), LAST_BAND]]
    for scenario in scenarios:
        begin = scenario.opening.year
        if not begin <= year <= scenario.end + 1:
            raise ScenarioError(
                f"{scenario.name}: 1 January {year} lies outside the run, {begin} to "
                f"{scenario.end + 1}."
            )
        inputs, found = prepare(scenario, trace=False)
        done = engine.run(inputs, found.opening, found.constants)
        people = years_held(done.stocks[year - begin].pension, first, last)
        share = 100.0 * (people / people.sum(axis=-1, keepdims=True)).mean(axis=0)
        rows.append([scenario.title or scenario.name, *(f"{value:.1f}" for value in share)])
    return rows
