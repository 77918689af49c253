"""The envelope: the same scenarios with the outlook low and high."""

from __future__ import annotations

import numpy as np
import pytest

from rssim.inputs.scenario import load_scenario
from rssim.study.variants import envelope, variant

BALANCE = "employee_pension.balance"
SINGLES = ("fertility", "mortality", "migration", "wages", "returns")


@pytest.fixture(scope="module")
def found(base):
    return envelope(base)


@pytest.mark.parametrize("side", ["low", "high"])
def test_all_variants_hold_the_values_of_the_single_ones(base, side):
    together = load_scenario(f"variants/{side}", place=base.place).changes
    singles = {}
    for name in SINGLES:
        singles |= load_scenario(f"variants/{name}_{side}", place=base.place).changes
    assert {key: [(s.since, s.value) for s in steps] for key, steps in together.items()} == {
        key: [(s.since, s.value) for s in steps] for key, steps in singles.items()
    }


def test_a_variant_keeps_what_the_scenario_changes(base):
    own = base.change("economy.wage_growth", {"2026-01-01": 0.01}, name="own")
    low = variant(own, "low")
    assert low.name == "own"
    assert low.changes["economy.wage_growth"] == own.changes["economy.wage_growth"]
    assert "economy.fund_return" in low.changes


def test_a_variant_stops_with_the_run(base):
    for steps in variant(base, "high").changes.values():
        assert max(step.since.year for step in steps) <= base.end


def test_low_and_high_enclose_the_centre(found):
    table = found.table(["population", BALANCE, "unemployment_rate"], years=[2024, 2028])
    assert (table["low"] <= table["central"]).all() and (table["central"] <= table["high"]).all()
    # The variants begin in 2026: 2024 is the same in all, to the bit; 2028 is not.
    first = table.xs(2024, level="year")
    assert (first["low"] == first["high"]).all()
    last = table.xs(2028, level="year").loc["baseline"]
    assert last.loc["population", "low"] < last.loc["population", "high"]
    assert last.loc[BALANCE, "unit"] == "亿元"


def test_high_fertility_and_migration_mean_more_people(found):
    low, central, high = (
        item.series("population").loc[2028] for item in (found.low, found.central, found.high)
    )
    assert low < central < high
    paths = found.paths("population", "baseline")
    np.testing.assert_array_equal(paths[:, -1], [central, low, high])


def test_without_variants_there_is_only_the_centre(base):
    alone = envelope([base, "baseline"][:1], variants=False)
    assert alone.low is None and alone.high is None
    assert alone.paths(BALANCE, "baseline").shape == (1, 5)
