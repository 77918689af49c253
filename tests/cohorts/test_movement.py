"""Births, moves, registration and mergers, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rssim.axes import AWAY, CONTRIBUTING, DORMANT, FEMALE, FORMAL, OUT, UNEMPLOYED
from rssim.cohorts.movement import births_of, migrate
from rssim.cohorts.state import BALANCE, PEOPLE
from tests.cohorts.cells import CELL, amounts, empty, law, one, past_wages, with_members

SHAPE = (1, 1, 2, 101)


def people(states, age=30, sex=0):
    out = np.zeros((1, 1, 2, 5, 101))
    out[0, 0, sex, :, age] = states
    return out


def moving(year, out_age=30, in_age=25, **levels):
    """A year in which one age leaves and men of one age arrive."""
    outgoing, incoming = np.zeros(SHAPE), np.zeros(SHAPE)
    outgoing[..., out_age] = 1.0
    incoming[0, 0, 0, in_age] = 1.0
    demography = replace(
        year.demography,
        net_migration=one(levels.get("net", 0.0)),
        out_migration=one(levels.get("out", 0.0)),
        net_migration_scale=one(levels.get("scale", 0.0)),
        migration_variant=one(levels.get("variant", 1.0)),
    )
    takes = replace(year.behaviour, leaver_transfer_share=one(levels.get("takes", 0.0)))
    return replace(
        year,
        demography=demography,
        behaviour=takes,
        in_profile=incoming,
        out_profile=outgoing,
        net_migrants=np.zeros(SHAPE),
    )


def test_births_by_hand():
    """1,000 women of 30, 980 at the end, 0.1 each: 99 births, 110 boys to 100 girls."""
    before = people([0, 1_000, 0, 0, 0], sex=FEMALE)
    after = people([500, 480, 0, 0, 0], sex=FEMALE)
    year = law()
    fertility = np.zeros((1, 1, 1, 101))
    fertility[..., 30] = 0.1
    year = replace(
        year,
        fertility=fertility,
        sex_ratio_at_birth=np.full((1, 1), 1.1),
        demography=replace(year.demography, fertility_scale=one(1.0), fertility_variant=one(1.0)),
    )
    born, newborn = births_of(before, after, year)
    assert born == pytest.approx([99.0])
    assert newborn[0, 0] == pytest.approx([99 * 1.1 / 2.1, 99 / 2.1])
    higher = replace(
        year,
        demography=replace(year.demography, fertility_scale=one(2.0), fertility_variant=one(1.5)),
    )
    assert births_of(before, after, higher)[0] == pytest.approx([297.0])


def test_gross_moves_by_hand():
    """100 leave of 1,000 people of 30, as many more arrive as net migration says."""
    start = people([200, 500, 200, 100, 0])
    start += people([0, 0, 0, 50, 0], age=25)
    settled, _, moves = migrate(start, empty(), amounts(), moving(law(), net=40.0, out=100.0))
    assert moves.departures.sum() == pytest.approx(100.0)
    assert moves.arrivals.sum() == pytest.approx(140.0)
    # They leave each state alike, and those who come stand in the states of their cell.
    assert settled[0, 0, 0, :4, 30] == pytest.approx([180, 450, 180, 90])
    assert settled[0, 0, 0, UNEMPLOYED, 25] == pytest.approx(190.0)


def test_who_arrives_where_nobody_lives_is_out_of_the_labour_force():
    start = people([0, 1_000, 0, 0, 0])
    settled, _, _ = migrate(start, empty(), amounts(), moving(law(), net=10.0))
    assert settled[0, 0, 0, OUT, 25] == pytest.approx(10.0)
    assert settled[0, 0, 0, FORMAL, 30] == 1_000.0


def test_nobody_leaves_twice():
    """1,000 are asked to leave, 100 are there: all go, the balance still meets net migration."""
    start = people([0, 100, 0, 0, 0])
    settled, _, moves = migrate(start, empty(), amounts(), moving(law(), net=20.0, out=1_000.0))
    assert moves.departures.sum() == pytest.approx(100.0)
    assert settled.sum() - start.sum() == pytest.approx(20.0)


def test_the_migration_variant_acts_on_net_migration():
    start = people([0, 1_000, 0, 0, 0])
    year = moving(law(), net=40.0, out=100.0, variant=1.5)
    settled, _, _ = migrate(start, empty(), amounts(), year)
    assert settled.sum() - start.sum() == pytest.approx(60.0)


@pytest.mark.parametrize("takes", [0.0, 0.25, 1.0])
def test_rights_of_those_who_leave(takes):
    """A tenth leaves. Those who take their relation are paid the account and 12 % of wages."""
    start = people([0, 1_000, 0, 0, 0])
    stocks = with_members(empty(), 30, CONTRIBUTING, 800, 8.5, 0.8, 40_000)
    stocks = with_members(stocks, 30, DORMANT, 100, 3.5, 0.6, 10_000)
    stocks = with_members(stocks, 30, AWAY, 50, 3.5, 0.6, 10_000)
    year = moving(law(pension__portability_pooled_rate=0.12), out=100.0, takes=takes)
    _, after, moves = migrate(start, stocks, amounts(), year)

    def heads(state):
        return float(after.rights[(PEOPLE, state, slice(None), *CELL, 30 - 15)].sum())

    assert heads(CONTRIBUTING) == pytest.approx(720.0)
    assert heads(DORMANT) == pytest.approx(90.0)
    assert heads(AWAY) == pytest.approx(50 + 90 * (1 - takes))
    balances = takes * (80 * 40_000 + 10 * 10_000)
    # The cell's record is as long as its mean: (80 x 8.5 + 10 x 3.5) / 90 years.
    paid = past_wages((80 * 8.5 + 10 * 3.5) / 90)
    wages = takes * (80 * 0.8 * 8.5 + 10 * 0.6 * 3.5) * 12 * paid
    assert moves.balances.sum() == pytest.approx(balances)
    assert moves.money.sum() == pytest.approx(balances + 0.12 * wages)
    assert after.rights[BALANCE].sum() + balances == pytest.approx(
        stocks.rights[BALANCE].sum(), rel=1e-12
    )


def test_no_moves_hand_back_the_same_rights():
    start = people([0, 1_000, 0, 0, 0])
    stocks = empty()
    settled, after, moves = migrate(start, stocks, amounts(), moving(law()))
    assert after is stocks
    np.testing.assert_array_equal(settled, start)
    assert moves.money.sum() == moves.balances.sum() == 0.0
