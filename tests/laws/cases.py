"""Every module of the engine as a case: what it is called with, out of a world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rssim.cohorts import ledger, movement, references
from rssim.cohorts.earnings import earnings_year
from rssim.cohorts.funds import employee_pension as fund
from rssim.cohorts.funds.employee_pension import by_track
from rssim.cohorts.labour import labour_year, next_age, participation
from rssim.cohorts.population import death_intensity
from rssim.cohorts.state import RESIDENTS, full_member_ages
from rssim.cohorts.year import leave_for_pension, natural_attrition, track_shares, year
from tests.laws.worlds import World


@dataclass(frozen=True)
class Case:
    """A module: its name, its arguments out of a world, and the call."""

    name: str
    arguments: Callable[[World], tuple[Any, ...]]
    call: Callable[..., Any]


def _amounts(world: World) -> Any:
    return references.reference_amounts(world.stocks.macro, world.year)


def _found(world: World) -> Any:
    return fund.claims(world.stocks.pension, _amounts(world), world.year)


def _participation(world: World) -> tuple[Any, ...]:
    stocks, kept = world.stocks, next_age(world.survival)
    claimed = full_member_ages(_found(world).resident_people).sum(axis=-2)
    end = (by_track(kept) * stocks.pension.pensioners[RESIDENTS]).sum(axis=-2) + kept * claimed
    return (
        world.inputs.participation,
        kept * stocks.population,
        end,
        world.year,
        track_shares(world.year),
        world.constants,
    )


def _labour(world: World) -> tuple[Any, ...]:
    kept = next_age(world.survival)
    claimed = full_member_ages(_found(world).awarded_people)
    at_end = participation(*_participation(world)).at_end
    return (
        leave_for_pension(world.stocks, claimed, world.year, world.constants),
        at_end,
        death_intensity(kept),
        natural_attrition(world.stocks, claimed, kept),
        world.year,
        world.constants,
    )


def _earnings(world: World) -> tuple[Any, ...]:
    years = labour_year(*_labour(world)).person_years
    return years, world.inputs.relative_wage, _amounts(world), world.year, world.constants


def _activity(world: World) -> fund.Activity:
    earned = earnings_year(*_earnings(world))
    part = participation(*_participation(world))
    return fund.Activity(
        population=world.stocks.population,
        contribution_rate=earned.coverage * part.before_claim,
        formal_weight=earned.formal_weight,
        formal_base_m=earned.formal_base_m,
        flexible_base_m=earned.flexible_base_m,
        index=earned.index,
        survival=np.broadcast_to(next_age(world.survival), world.stocks.population.shape),
        track_shares=track_shares(world.year),
    )


def _member(values: np.ndarray) -> np.ndarray:
    return by_track(values[..., 15:75])


def _award(world: World) -> tuple[Any, ...]:
    earned = earnings_year(*_earnings(world))
    collection = world.year.earnings.collection_rate
    return (
        _found(world),
        _member(earned.base_m),
        _member(earned.index),
        _amounts(world),
        world.year,
        collection,
    )


def _move(world: World) -> tuple[Any, ...]:
    pension, behaviour = world.stocks.pension, world.year.behaviour
    members = pension.members
    wanted = 1.02 * members[0]
    people = by_track(world.stocks.population)[..., 15:75] * track_shares(world.year)
    never = np.maximum(people, 2.0 * members.sum(axis=0))
    return (
        pension.rights,
        pension.deemed,
        wanted,
        never,
        by_track(behaviour.exit_rate),
        by_track(behaviour.return_rate),
        by_track(behaviour.transfer_out_rate),
    )


def _accrue(world: World) -> tuple[Any, ...]:
    earned = earnings_year(*_earnings(world))
    kept = np.broadcast_to(next_age(world.survival), earned.base_m.shape)
    rate = by_track(world.year.pension.account_interest_rate)
    credit = by_track(world.year.pension.account_rate) * _member(earned.base_m) * 12
    return (
        world.stocks.pension.rights,
        credit,
        _member(earned.index),
        _member(kept),
        rate,
        0.5 * rate,
    )


def _fund(world: World) -> tuple[Any, ...]:
    return world.stocks.pension, _found(world), _activity(world), _amounts(world), world.year


def _settle(world: World) -> tuple[Any, ...]:
    flows, _ = fund.year(*_fund(world))
    return flows, world.stocks.pension.balance, world.year, world.inputs.place.level


def _moved(world: World) -> tuple[Any, ...]:
    return (
        world.stocks.people,
        world.stocks.pension,
        _amounts(world),
        world.year,
        world.inputs.conversion_pairs,
    )


def _year(world: World) -> tuple[Any, ...]:
    return world.stocks, world.year, world.survival, world.inputs, world.constants


CASES = {
    case.name: case
    for case in (
        Case(
            "references",
            lambda world: (world.stocks.macro, world.year),
            references.reference_amounts,
        ),
        Case("claims", lambda w: (w.stocks.pension, _amounts(w), w.year), fund.claims),
        Case("participation", _participation, participation),
        Case("labour_year", _labour, labour_year),
        Case("earnings_year", _earnings, earnings_year),
        Case("award", _award, fund.award),
        Case(
            "raised_pensions",
            lambda w: (w.stocks.pension.pensioners, _amounts(w), w.year),
            lambda *args: _only_pensioners(fund.raised_pensions(*args)),
        ),
        Case("move_members", _move, lambda *args: _moved_members(*fund.move_members(*args))),
        Case("accrue_and_age", _accrue, lambda *args: _aged(*fund.accrue_and_age(*args))),
        Case("employee_pension.year", _fund, fund.year),
        Case("ledger.settle", _settle, ledger.settle),
        Case("movement.moved", _moved, movement.moved),
        Case(
            "movement.joined",
            lambda w: (w.stocks, w.year, track_shares(w.year)),
            movement.joined,
        ),
        Case(
            "births_of",
            lambda w: (w.stocks.people, w.stocks.people, w.year),
            movement.births_of,
        ),
        Case("year", _year, year),
    )
}


def _only_pensioners(pensioners: np.ndarray) -> fund.PensionStocks:
    nothing = np.zeros((1, 1, 1, 1, 1, 1, 1, 1))
    return fund.PensionStocks(nothing, nothing, pensioners, np.zeros((1, 1, 1, 1)))


def _moved_members(rights: np.ndarray, deemed: np.ndarray, new: np.ndarray) -> tuple[Any, ...]:
    return fund.PensionStocks(rights, deemed, np.zeros((1,) * 6), np.zeros((1,) * 4)), new


def _aged(rights: np.ndarray, oldest: np.ndarray) -> tuple[Any, ...]:
    empty = np.zeros((1,) * 7)
    last = fund.PensionStocks(empty[None], empty, oldest[..., None], np.zeros((1,) * 4))
    return fund.PensionStocks(rights, empty, np.zeros((1,) * 6), np.zeros((1,) * 4)), last
