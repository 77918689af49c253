"""A lever that a scenario sets to the value it has anyway changes nothing, to the bit."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from rssim.cohorts import engine
from rssim.inputs.assemble import assemble
from rssim.inputs.place import PARAMS, load_place
from rssim.inputs.scenario import load_scenario, value_on
from tests.laws.worlds import arrays, calibrated, history

PLACE, END = "guangdong", 2027
DAY = date(2026, 1, 1)


def standing():
    """Levers that have a value of their own; the others go on by a formula or an index."""
    entries = load_place(PLACE).entries
    return [key for key in PARAMS if entries[key].index.rule == "nominal"]


def test_nearly_all_levers_are_tried():
    assert len(standing()) > 0.85 * len(PARAMS)


@pytest.mark.parametrize("lever", standing())
def test_neutral(lever):
    scenario = load_scenario("baseline", place=PLACE, end=END)
    entry = scenario.place.entry(lever)
    later = [step.since for step in entry.dated if DAY < step.since <= date(END, 12, 31)]
    value = value_on(scenario, lever, DAY)
    steps = {DAY: value} | {day: entry.dated.on(day) for day in later}
    same = scenario.change(lever, steps)
    found = calibrated(PLACE)
    run = engine.run(assemble(same, trace=False), found.opening, found.constants)
    expected = history(PLACE, END)
    for at, (flows, stocks) in enumerate(zip(run.flows, run.stocks[1:], strict=True)):
        for mine, theirs in ((flows, expected.flows[at]), (stocks, expected.stocks[at + 1])):
            other = arrays(theirs)
            for path, item in arrays(mine).items():
                np.testing.assert_array_equal(item, other[path], err_msg=f"{2024 + at} {path}")
