"""Purity, draws, scale, labels and sense, for every module of the engine alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.laws.cases import CASES
from tests.laws.worlds import (
    PLACES,
    RECORDS,
    arrays,
    doubled,
    draw_of,
    is_intensive,
    owner_of,
    permuted,
    permuted_world,
    shaken,
    stacked,
    with_exogenous,
    world_of,
)

EXAMPLES = 3
# The whole in every place; the modules in the place that has groups, moves and conversions, and
# those that work differently elsewhere.
EXOGENOUS = "guangzhou exogenous"
PAIRS = [
    *((name, "guangzhou") for name in CASES),
    *((name, EXOGENOUS) for name in ("labour_year", "earnings_year", "year")),
    *((name, place) for name in ("year", "movement.moved") for place in ("china", "guangdong")),
    ("movement.joined", "china"),
]
seeds = st.integers(min_value=0, max_value=10**6)
# A smaller seed is not a simpler world.
NO_SHRINKING = (Phase.explicit, Phase.generate)
modules = pytest.mark.parametrize(("name", "place"), PAIRS)
places = pytest.mark.parametrize("place", PLACES)
# Money of a transfer may run in both directions; these are balances, gaps or net sums.
MAY_BE_NEGATIVE = {
    "Moves:arrivals",  # net migrants by age, in places that know no gross flows
    "LedgerYear:flows[interest]",
    "JobsYear:residual",
}


def random_world(place: str, seed: int, start: int | None = None):
    world = world_of(place.removesuffix(" exogenous"), start or 2024 + seed % 8)
    return shaken(with_exogenous(world) if place == EXOGENOUS else world, seed)


def outcome(name, world):
    case = CASES[name]
    return case.call(*case.arguments(world))


@modules
@settings(max_examples=EXAMPLES, phases=NO_SHRINKING)
@given(seed=seeds)
def test_purity(name, place, seed):
    case = CASES[name]
    given_ = case.arguments(random_world(place, seed))
    before = {path: item.copy() for path, item in arrays(given_).items()}
    first = case.call(*given_)
    for path, item in arrays(given_).items():
        np.testing.assert_array_equal(item, before[path], err_msg=path)
    # Nothing is remembered: a second call gives the same to the bit.
    second = arrays(case.call(*given_))
    for path, item in arrays(first).items():
        np.testing.assert_array_equal(second[path], item, err_msg=path)


@modules
@settings(max_examples=1, phases=NO_SHRINKING)
@given(seed=seeds)
def test_draws_at_once_are_single_runs(name, place, seed):
    start = 2024 + seed % 8
    worlds = [random_world(place, seed + draw, start) for draw in range(3)]
    together = outcome(name, stacked(worlds))
    for draw, world in enumerate(worlds):
        one = arrays(draw_of(together, draw, 3))
        for path, item in arrays(outcome(name, world)).items():
            found = np.broadcast_to(one[path], item.shape) if item.size else item
            np.testing.assert_array_equal(found, item, err_msg=f"draw {draw}: {path}")


@modules
@settings(max_examples=EXAMPLES, phases=NO_SHRINKING)
@given(seed=seeds)
def test_scale(name, place, seed):
    world = random_world(place, seed)
    once, twice = arrays(outcome(name, world)), arrays(outcome(name, doubled(world)))
    for path, item in once.items():
        factor = 1.0 if is_intensive(*owner_of(path)) else 2.0
        # A millionth of a person or of a yuan: below it thresholds for "nobody" show.
        np.testing.assert_allclose(
            twice[path], factor * item, rtol=1e-11, atol=1e-6, err_msg=f"{path}"
        )


@pytest.mark.parametrize(
    ("name", "place"), [pair for pair in PAIRS if pair[1].startswith("guangzhou")]
)
@settings(max_examples=EXAMPLES, phases=NO_SHRINKING)
@given(seed=seeds, order=st.permutations(range(6)))
def test_labels(name, place, seed, order):
    world = random_world(place, seed)
    expected = arrays(permuted(outcome(name, world), tuple(order)))
    found = arrays(outcome(name, permuted_world(world, tuple(order))))
    for path, item in expected.items():
        np.testing.assert_allclose(
            found[path], item, rtol=1e-9, atol=1e-12 * np.abs(item).max(initial=1.0), err_msg=path
        )


@modules
@settings(max_examples=EXAMPLES, phases=NO_SHRINKING)
@given(seed=seeds)
def test_sense(name, place, seed):
    world = random_world(place, seed)
    for path, item in arrays(outcome(name, world)).items():
        assert np.isfinite(item).all(), f"{path} has NaN or infinity"
        if not any(part in path for part in MAY_BE_NEGATIVE):
            least = -1e-9 * max(float(np.abs(item).max(initial=0.0)), 1.0)
            assert item.min(initial=0.0) >= least, f"{path} is negative: {item.min()}"
    if name == "earnings_year":
        earned = outcome(name, world)
        for share in (earned.at_floor, earned.at_cap, earned.coverage, earned.formal_weight):
            assert share.min() >= 0.0
            assert share.max() <= 1.0
    if name == "participation":
        for share in vars(outcome(name, world)).values():
            assert share.max() <= 1.0


@places
@pytest.mark.parametrize("year", [2024, 2027])
def test_declared_shapes_of_a_year(place, year):
    """The axes of every stock are draw, group, sex, status or track, age, in this order."""
    world = stacked([shaken(world_of(place, year), seed) for seed in (1, 2)])
    _, after = outcome("year", world)
    groups = len(world.inputs.axes.groups)
    bins = world.stocks.pension.rights.shape[2]
    assert after.people.shape == (2, groups, 2, 5, 101)
    assert after.pension.rights.shape == (4, 3, bins, 2, groups, 2, 2, 60)
    assert after.pension.deemed.shape == (3, 3, 2, groups, 2, 2, 60)
    assert after.pension.pensioners.shape == (7, 2, groups, 2, 2, 101)
    assert after.pension.balance.shape == (2, 1, 1, 1)
    assert all(item.shape == (2, 1, 1, 1) for item in vars(after.macro).values())


@pytest.mark.parametrize("record", RECORDS)
def test_a_lever_that_is_set_to_its_own_value_changes_nothing(record):
    world = world_of("guangdong", 2026)
    values = getattr(world.year, record)
    copies = {key: item + 0.0 for key, item in vars(values).items() if isinstance(item, np.ndarray)}
    same = replace(world, year=replace(world.year, **{record: replace(values, **copies)}))
    expected = arrays(outcome("year", world))
    for path, item in arrays(outcome("year", same)).items():
        np.testing.assert_array_equal(item, expected[path], err_msg=path)
