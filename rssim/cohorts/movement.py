"""Births, migration, registration and the merger of schemes, on people and their rights."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.axes import AWAY, CONTRIBUTING, FEMALE, OUT, PENSIONER
from rssim.cohorts.population import births, split_births
from rssim.cohorts.state import (
    BALANCE,
    INDEX_YEARS,
    MEMBER_AGES,
    PENSION,
    PENSION_YEARS,
    PENSIONERS,
    PEOPLE,
    RESIDENTS,
    YEARS,
    PensionStocks,
    References,
    Stocks,
    full_member_ages,
    over_bins,
)
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.employee_pension import contribution_wages, portability_transfer

MONTHS = 12
TINY = 1e-12
Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Moves:
    """People who arrive and leave, (draw, group, sex, age) by age at the end of the year.

    leaving    share of those without a pension who leave the place [1]
    converting, upgrading  share of a group's people who become registered, and who are lifted a
               skill group [1]; after those who leave are gone
    money      paid to the places where members went: account and pooled part [yuan/year]
    balances   account balances within that money [yuan/year]
    """

    arrivals: Array
    departures: Array
    money: Array
    balances: Array
    leaving: Array
    converting: Array
    upgrading: Array


def carried(values: Array, moves: Moves, conversion_pairs: Pairs, upgrade_pairs: Pairs) -> Array:
    """Totals of people without a pension after the year's moves, (..., draw, group, sex, age).

    Who leaves takes along what he owns; who changes the group carries it there.
    """
    out = values * (1.0 - moves.leaving)
    for rate, pairs in ((moves.converting, conversion_pairs), (moves.upgrading, upgrade_pairs)):
        parts = np.moveaxis(out, -3, 0)
        rates = np.moveaxis(rate, -3, 0)
        for source, goal in pairs:
            gone = parts[source] * rates[source]
            parts[source] -= gone
            parts[goal] += gone
    return np.asarray(out)


def births_of(before: Array, after: Array, year: Year) -> tuple[Array, Array]:
    """Births (draw,) and newborn by the group in which they belong (draw, group, sex) [persons].

    before, after  (draw, group, sex, status, age)  people at the start and (before migrants) at
                   the end of the year
    Children take the hukou of their mother and the skill that their birth cohort will reach.
    """
    women_start = before.sum(axis=-2)[..., FEMALE, :]
    women_end = after.sum(axis=-2)[..., FEMALE, :]
    scale = year.demography.fertility_scale * year.demography.fertility_variant
    rates = (year.fertility * scale)[..., 0, :]
    born = births(women_start, women_end, rates).sum(axis=-1)
    by_sex = split_births(born, year.sex_ratio_at_birth[:, 0][:, None])
    newborn = (by_sex[..., None] * year.newborn_shares[None]).sum(axis=1)
    return born.sum(axis=-1), np.moveaxis(newborn, -1, 1)


def migrate(
    people: Array, pension: PensionStocks, references: References, year: Year
) -> tuple[Array, PensionStocks, Moves]:
    """People and rights after the year's moves, at the age then reached.

    Gross departures are drawn from people without a pension, members in proportion: a share takes
    its relation along (account and pooled part are paid), the others leave their rights behind.
    Arrivals bring no rights and enter the states of the residents of their cell.
    Limits: pensioners of the fund stay; a move with a pension is a payment, not a person.
    """
    demography = year.demography
    mobile = people[..., :PENSIONER, :]
    without = mobile.sum(axis=-2)
    weights = year.out_profile * without
    wanted = np.broadcast_to(demography.out_migration, (people.shape[0], 1, 1, 1))
    weight_sum = weights.sum(axis=(1, 2, 3), keepdims=True)
    scale = np.divide(wanted, weight_sum, out=np.zeros_like(weight_sum), where=weight_sum > 0)
    rate = np.minimum(year.out_profile * scale, 1.0)
    departures = without * rate
    gone = departures.sum(axis=(1, 2, 3), keepdims=True)
    net = demography.net_migration * demography.migration_variant
    gross = np.where(weight_sum > 0, net + gone, net)
    table = demography.net_migration_scale * demography.migration_variant
    arrivals = gross * year.in_profile + year.net_migrants * table
    states = np.divide(
        mobile, without[..., None, :], out=np.zeros_like(mobile), where=without[..., None, :] > TINY
    )
    states[..., OUT, :] += np.where(without > TINY, 0.0, 1.0)
    settled = people.copy()
    settled[..., :PENSIONER, :] += states * (arrivals - departures)[..., None, :]
    if not np.any(rate > 0):
        nothing = np.zeros_like(without)
        return settled, pension, Moves(arrivals, departures, *[nothing] * 5)
    leaving = rate[..., MEMBER_AGES][..., None, :]
    takes = year.behaviour.leaver_transfer_share[..., None, :]
    here = slice(CONTRIBUTING, AWAY)
    residents, absent = pension.rights[:, here], pension.rights[:, AWAY]
    cells = over_bins(residents).sum(axis=1) * leaving
    taken = full_member_ages((takes * cells).sum(axis=-2))
    balances, index_years, years, people_left = (
        taken[quantity] for quantity in (BALANCE, INDEX_YEARS, YEARS, PEOPLE)
    )
    mean_years = np.divide(years, people_left, out=np.zeros_like(years), where=people_left > TINY)
    wages = contribution_wages(
        index_years,
        mean_years,
        MONTHS * references.base_wage_m,
        references.wage_growth,
    )
    money = portability_transfer(balances, wages, year.pension.portability_pooled_rate)
    left_behind = (1.0 - takes) * leaving
    rights = np.empty_like(pension.rights)
    np.multiply(residents, 1.0 - leaving, out=rights[:, here])
    np.multiply(residents.sum(axis=1), left_behind, out=rights[:, AWAY])
    rights[:, AWAY] += absent
    deemed = np.empty_like(pension.deemed)
    deemed[:, here] = pension.deemed[:, here] * (1.0 - leaving)
    deemed[:, AWAY] = pension.deemed[:, AWAY] + pension.deemed[:, here].sum(axis=1) * left_behind
    pension = PensionStocks(rights, deemed, pension.pensioners, pension.balance)
    nobody = np.zeros_like(rate)
    return settled, pension, Moves(arrivals, departures, money, balances, rate, nobody, nobody)


def moved(
    people: Array,
    pension: PensionStocks,
    references: References,
    year: Year,
    conversion_pairs: Pairs,
    upgrade_pairs: Pairs,
) -> tuple[Array, PensionStocks, Moves]:
    """People and rights after the year's migration, changes of registration and of skill.

    conversion_pairs, upgrade_pairs  positions of the groups left and entered by residents who
    become registered, and by those whom training lifts a skill group
    """
    people, migrated, moves = migrate(people, pension, references, year)
    upgrades = np.any(year.labour.skill_upgrades > 0) and bool(upgrade_pairs)
    if not conversion_pairs and not upgrades:
        return people, migrated, moves
    # Arrays that migration has made anew are changed in place; the argument's are copied.
    own = PensionStocks(
        rights=migrated.rights if migrated.rights is not pension.rights else pension.rights.copy(),
        deemed=migrated.deemed if migrated.deemed is not pension.deemed else pension.deemed.copy(),
        pensioners=pension.pensioners.copy(),
        balance=pension.balance,
    )
    if conversion_pairs:
        standing = _standing(people, conversion_pairs)
        wanted = (year.demography.hukou_conversion * year.conversion_profile)[:, 0]
        share = _share(wanted, standing)
        _change_group(people, own, share, conversion_pairs)
        moves = replace(moves, converting=_by_source(share, people, conversion_pairs))
    if upgrades:
        standing = _standing(people, upgrade_pairs)
        weights = standing * year.labour.upgrade_age_weight[:, 0]
        total = weights.sum(axis=(1, 2), keepdims=True)
        wanted = year.labour.skill_upgrades[:, 0] * _share(weights, total)
        share = _share(wanted, standing)
        _change_group(people, own, share, upgrade_pairs)
        moves = replace(moves, upgrading=_by_source(share, people, upgrade_pairs))
    return people, own, moves


def _by_source(share: Array, people: Array, pairs: Pairs) -> Array:
    """A share of (draw, sex, age) laid out over the groups that people leave."""
    out = np.zeros((people.shape[0], people.shape[1], people.shape[2], people.shape[-1]))
    for source, _ in pairs:
        out[:, source] = share
    return out


def _standing(people: Array, pairs: Pairs) -> Array:
    """People of the groups that may be left, (draw, sex, age) [persons]."""
    return np.asarray(people[:, [source for source, _ in pairs]].sum(axis=(1, -2)))


def _share(part: Array, whole: Array) -> Array:
    """Part of a whole, at most all of it; nothing of nothing."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    share = np.divide(part, whole, out=np.zeros(shape), where=np.broadcast_to(whole, shape) > TINY)
    return np.minimum(share, 1.0)


def _change_group(people: Array, pension: PensionStocks, share: Array, pairs: Pairs) -> None:
    """Moves a share of each source group, with rights, in arrays of the caller's own.

    share  (draw, sex, age) [1]
    """
    here = share[..., MEMBER_AGES]
    for values, factor, axis in (
        (people, share[:, :, None, :], 1),
        (pension.rights, here[:, :, None, :], 4),
        (pension.deemed, here[:, :, None, :], 3),
        (pension.pensioners, share[:, :, None, :], 2),
    ):
        parts = np.moveaxis(values, axis, 0)
        for source, target in pairs:
            gone = parts[source] * factor
            parts[source] -= gone
            parts[target] += gone


def joined(stocks: Stocks, year: Year, track_shares: Array) -> tuple[Stocks, Array]:
    """Stocks after pensioners of another scheme joined on 1 January, and who they were.

    They come from people past their date without a pension, in proportion to those; their mean
    pension is a multiple of the scheme's. The second is (draw, group, sex, track, age) [persons].
    Limits: their arrears since the merger was decided are not booked.
    """
    pension, people = stocks.pension, stocks.people
    stock = pension.pensioners
    if year.joining_pensioners <= 0:
        return stocks, np.zeros_like(stock[PENSIONERS])
    reached = year.schedule.before
    room = people.sum(axis=-2)[..., None, :] * track_shares * reached - stock[RESIDENTS]
    outside = people[..., OUT, :][..., None, :] * track_shares
    room = np.maximum(np.minimum(room, outside), 0.0)
    axes = (1, 2, 3, 4)
    share = year.joining_pensioners / room.sum(axis=axes, keepdims=True)
    coming = room * np.minimum(share, 1.0)

    def mean(quantity: int) -> Array:
        heads = stock[PENSIONERS].sum(axis=axes, keepdims=True)
        return np.asarray(stock[quantity].sum(axis=axes, keepdims=True) / heads)

    out = stock.copy()
    out[PENSIONERS] += coming
    out[RESIDENTS] += coming
    out[PENSION] += coming * mean(PENSION) * year.joining_relative
    out[PENSION_YEARS] += coming * mean(PENSION_YEARS)
    members = people.copy()
    members[..., OUT, :] -= coming.sum(axis=-2)
    members[..., PENSIONER, :] += coming.sum(axis=-2)
    return replace(stocks, people=members, pension=replace(pension, pensioners=out)), coming
