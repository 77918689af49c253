"""People are conserved to the last person: by state, by age, by member and by bin of rights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rssim.axes import AWAY, FLEXIBLE, FORMAL, OUT, PENSIONER
from rssim.cohorts import movement
from rssim.cohorts.funds import employee_pension as fund
from rssim.cohorts.labour import labour_year, next_age
from rssim.cohorts.population import lived_share
from rssim.cohorts.state import BALANCE, INDEX_YEARS, PENSIONERS, PEOPLE, YEARS, over_bins
from rssim.cohorts.year import year
from tests.laws.cases import CASES
from tests.laws.worlds import PLACES, residents_agree, shaken, world_of

seeds = st.integers(min_value=0, max_value=10**6)
# A smaller seed is not a simpler world.
NO_SHRINKING = (Phase.explicit, Phase.generate)
places = pytest.mark.parametrize("place", PLACES)


def random_world(place, seed):
    return shaken(world_of(place, 2024 + seed % 8), seed)


def same(found, expected):
    np.testing.assert_allclose(
        found, expected, rtol=1e-11, atol=1e-12 * float(np.abs(expected).max())
    )


@places
@settings(max_examples=4, phases=NO_SHRINKING)
@given(seed=seeds)
def test_states_of_a_labour_year(place, seed):
    arguments = CASES["labour_year"].arguments(random_world(place, seed))
    start, _, death = arguments[:3]
    found = labour_year(*arguments)
    everyone = start.sum(axis=-2)
    same(found.end.sum(axis=-2), everyone * np.exp(-death))
    same(found.person_years.sum(axis=-2), everyone * lived_share(np.exp(-death)))
    # Each state: start + in - out - deaths = end.
    years = found.person_years
    dying = death[..., None, :] * years
    outside = start[..., OUT, :] - found.entries + found.exits - dying[..., OUT, :]
    same(found.end[..., OUT, :], outside)
    force = years[..., FORMAL:, :].sum(axis=-2)
    leaving = np.divide(found.exits, force, out=np.zeros_like(force), where=force > 0)
    flexible = (
        start[..., FLEXIBLE, :]
        + found.to_flexible
        - found.from_flexible
        - (leaving + death) * years[..., FLEXIBLE, :]
    )
    same(found.end[..., FLEXIBLE, :], flexible)


@places
@settings(max_examples=3, phases=NO_SHRINKING)
@given(seed=seeds)
def test_population_of_a_year(place, seed):
    world = random_world(place, seed)
    flows, after = year(*CASES["year"].arguments(world))
    kept = np.broadcast_to(next_age(world.survival), world.stocks.population.shape)
    survivors = world.stocks.population * kept
    expected = np.zeros_like(survivors)
    expected[..., 1:] = survivors[..., :-1]
    expected[..., -1] += survivors[..., -1]
    migrants = flows.moves.arrivals - flows.moves.departures
    # Conversion moves people between groups of one sex and age; newborn differ by group.
    same(
        after.population.sum(axis=1)[..., 1:],
        (expected + migrants).sum(axis=1)[..., 1:],
    )
    newborn = after.population[..., 0].sum() - migrants[..., 0].sum()
    infants_lost = flows.deaths.sum() - (world.stocks.population * (1.0 - kept)).sum()
    assert newborn + infants_lost == pytest.approx(flows.births.sum(), rel=1e-9)
    residents_agree(after)
    members = after.pension.members[:AWAY].sum(axis=(0, -2))
    assert float((members - after.people[..., :PENSIONER, 15:75].sum(axis=-2)).max()) < 1.0


@places
@settings(max_examples=3, phases=NO_SHRINKING)
@given(seed=seeds)
def test_members_of_a_year_of_the_fund(place, seed):
    world = random_world(place, seed)
    stocks, found, activity, amounts, law = CASES["employee_pension.year"].arguments(world)
    flows, after = fund.year(stocks, found, activity, amounts, law)
    before = over_bins(stocks.rights[PEOPLE]).sum()
    reaching_75 = after_last_age(stocks, found, activity, law)
    expected = (
        before
        - flows.new_pensioners.sum()
        - flows.departures.sum()
        - flows.transferred_members.sum()
        + flows.new_members.sum()
        - flows.member_deaths.sum()
        - reaching_75
    )
    assert after.rights[PEOPLE].sum() == pytest.approx(expected, rel=1e-11)
    pensioners = stocks.pensioners[PENSIONERS].sum()
    assert after.pensioners[PENSIONERS].sum() == pytest.approx(
        pensioners + flows.new_pensioners.sum() - flows.pensioner_deaths.sum(), rel=1e-11
    )


def after_last_age(stocks, found, activity, law):
    """Members of 74 who have not claimed and live to 75: they are paid out."""
    staying = over_bins(found.staying[PEOPLE])[..., -1]
    transfer = law.behaviour.transfer_out_rate[..., 0]
    stays = staying[0].sum() + (staying[1:] * (1.0 - transfer)).sum()
    # The survival of an age is the same for both tracks, but not for both sexes and groups.
    alive = activity.survival[..., 74][..., None]
    kept = (staying[0] * alive).sum() + (staying[1:] * (1.0 - transfer) * alive).sum()
    assert kept <= stays
    return kept


@settings(max_examples=4, phases=NO_SHRINKING)
@given(seed=seeds, share=st.floats(min_value=0.0, max_value=1.0))
def test_rights_move_with_people(seed, share):
    """What leaves is what the movers take; what they do not take stays, away from its owner."""
    world = random_world("guangzhou", seed)
    people, pension, amounts, law, *_ = CASES["movement.moved"].arguments(world)
    law = _with_transfer_share(law, share)
    settled, after, moves = movement.migrate(people, pension, amounts, law)
    same((settled - people).sum(axis=-2), moves.arrivals - moves.departures)
    np.testing.assert_array_equal(settled[..., PENSIONER, :], people[..., PENSIONER, :])
    without = people[..., :PENSIONER, :].sum(axis=-2)
    rate = np.divide(moves.departures, without, out=np.zeros_like(without), where=without > 0)
    rate = rate[..., None, 15:75]
    for quantity in (PEOPLE, YEARS, INDEX_YEARS, BALANCE):
        here = pension.rights[quantity, :AWAY]
        taken = (here * rate * share).sum()
        lost = pension.rights[quantity].sum() - after.rights[quantity].sum()
        assert lost == pytest.approx(taken, rel=1e-6, abs=1e-9 * pension.rights[quantity].sum())
        away = after.rights[quantity, AWAY] - pension.rights[quantity, AWAY]
        same(away, (here * rate * (1.0 - share)).sum(axis=0))
    balance = (over_bins(pension.rights[BALANCE, :AWAY]) * rate * share).sum()
    wages = (over_bins(pension.rights[INDEX_YEARS, :AWAY]) * rate * share).sum()
    most = 12.0 * float(amounts.base_wage_m.squeeze()) * wages
    pooled = float(law.pension.portability_pooled_rate.squeeze())
    assert moves.balances.sum() == pytest.approx(balance, rel=1e-9, abs=1e-6)
    # Past years count at the wage of their time, which was lower than today's and above half of it.
    assert balance + 0.5 * pooled * most <= moves.money.sum() <= balance + pooled * most + 1e-6


def _with_transfer_share(law, share):
    from dataclasses import replace

    value = np.full((1, 1, 1, 1), share)
    return replace(law, behaviour=replace(law.behaviour, leaver_transfer_share=value))


@settings(max_examples=3, phases=NO_SHRINKING)
@given(seed=seeds)
def test_conversion_moves_people_and_rights_between_groups(seed):
    world = random_world("guangzhou", seed)
    people, pension, amounts, law, pairs, upgrades = CASES["movement.moved"].arguments(world)
    moved_people, migrated, _ = movement.migrate(people, pension, amounts, law)
    settled, after, _ = movement.moved(people, pension, amounts, law, pairs, upgrades)
    same(settled.sum(axis=1), moved_people.sum(axis=1))
    same(after.rights.sum(axis=4), migrated.rights.sum(axis=4))
    same(after.deemed.sum(axis=3), migrated.deemed.sum(axis=3))
    same(after.pensioners.sum(axis=2), migrated.pensioners.sum(axis=2))
    sources = [source for source, _ in pairs]
    converted = (moved_people[:, sources] - settled[:, sources]).sum(axis=(1, 3))
    wanted = law.demography.hukou_conversion * law.conversion_profile
    enough = moved_people[:, sources].sum(axis=(1, 3)) > wanted[:, 0]
    same(converted[enough], wanted[:, 0][enough])


def test_pensioners_who_join_come_from_people_past_their_date():
    world = world_of("china", 2024)
    from dataclasses import replace

    law = replace(world.year, joining_pensioners=2.0e6, joining_relative=1.5)
    tracks = CASES["movement.joined"].arguments(world)[2]
    after, coming = movement.joined(world.stocks, law, tracks)
    assert coming.sum() == pytest.approx(2.0e6, rel=1e-12)
    assert not coming[np.broadcast_to(law.schedule.before, coming.shape) == 0.0].any()
    same(after.population, world.stocks.population)
    before = world.stocks.pension.pensioners
    mean = before[1].sum() / before[0].sum()
    gained = after.pension.pensioners - before
    assert gained[1].sum() == pytest.approx(2.0e6 * 1.5 * mean, rel=1e-9)
    residents_agree(after)
