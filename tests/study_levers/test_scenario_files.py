"""The packaged scenarios: complete, consistent with one another, and each of them bites."""

from __future__ import annotations

import pytest

from rssim.errors import ScenarioError
from rssim.inputs.scenario import find_scenario, list_scenarios, load_scenario
from rssim.inputs.schema import read_yaml
from rssim.study.run import run

NAMES = list_scenarios()
VARIANTS = ("fertility", "mortality", "migration", "wages", "returns")
CHANGED = [name for name in NAMES if name != "baseline"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_what_and_why(name: str) -> None:
    raw = read_yaml(find_scenario(name), ScenarioError)
    assert raw["rssim"] == 1
    assert raw["name"] == name.rsplit("/", 1)[-1]
    assert raw["author"] == "The rssim authors"
    for key in ("title", "zh", "question"):
        assert str(raw[key]).strip()
    assert str(raw["question"]).strip().endswith(("?", "it."))
    for change in raw["changes"].values():
        assert set(change) == {"unit", "because", "values"}
        assert len(change["because"].strip()) > 20


def test_the_baseline_changes_nothing() -> None:
    assert load_scenario("baseline").changes == {}


@pytest.mark.parametrize("name", CHANGED)
def test_every_change_moves_something(name: str) -> None:
    """Warnings are errors here, so a change that moves nothing fails."""
    scenario = load_scenario(name, end=2052)
    if name.startswith("variants"):
        scenario = load_scenario(name, "guangdong", end=2052)
    result = run(scenario)
    moved = result.reads.groupby("lever")["moved"].max()
    assert set(moved.index) == set(scenario.changes)
    assert (moved > 0).all()


@pytest.mark.parametrize("side", ["low", "high"])
def test_the_five_variants_together_are_the_single_ones(side: str) -> None:
    together = load_scenario(f"variants/{side}").changes
    single = {}
    for name in VARIANTS:
        single |= load_scenario(f"variants/{name}_{side}").changes
    assert list(together) == list(single)
    for key, steps in together.items():
        found = [(step.since, step.value) for step in steps]
        assert found == [(step.since, step.value) for step in single[key]]


def test_low_is_below_and_high_above_the_central_values() -> None:
    for place in ("china", "guangdong", "guangzhou"):
        low, high = (load_scenario(f"variants/{side}", place) for side in ("low", "high"))
        assert set(low.changes) == set(high.changes)
        for key, steps in low.changes.items():
            for below, above in zip(steps, high.changes[key], strict=True):
                assert below.since == above.since
                central = low.place.entry(key).dated.on(below.since)
                assert below.value < central < above.value, (place, key, below.since)


def test_ranges_of_wages_and_returns_lie_within_those_of_the_places() -> None:
    """The narrowest of what the places themselves state, at each day of the variants."""
    for key in ("economy.wage_growth", "economy.fund_return", "economy.account_rate"):
        for side in ("low", "high"):
            for place in ("china", "guangdong"):
                scenario = load_scenario(f"variants/{side}", place)
                for step in scenario.changes[key]:
                    stated = scenario.place.entry(key).dated.step_on(step.since)
                    assert stated.low <= step.value <= stated.high, (key, side, place)
