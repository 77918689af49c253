"""How members of the employee pension move, pay, grow older and leave within a year."""

from __future__ import annotations

import numpy as np

from rssim.axes import AWAY, CONTRIBUTING, DORMANT
from rssim.cohorts.state import (
    BALANCE,
    INDEX_YEARS,
    PEOPLE,
    YEARS,
    References,
    by_track,
    over_bins,
)
from rssim.errors import LedgerError
from rssim.records import Array
from rssim.rules.employee_pension import contribution_wages, portability_transfer
from rssim.rules.law import EmployeePensionLaw

MONTHS = 12
TINY = 1e-12


def move_members(
    rights: Array,
    deemed: Array,
    wanted: Array,
    never: Array,
    exit_share: Array,
    return_rate: Array,
    transfer_rate: Array,
) -> tuple[Array, Array, Array]:
    """Members after the year's moves between contributing, dormant and outside.

    rights  (quantity, member, years, draw, group, sex, track, age), deemed without years
    wanted  (draw, group, sex, track, age) [persons]  contributors of the year
    never   (draw, group, sex, track, age) [persons]  people who are no members and no pensioners
    exit_share   share of contributors who stop, at least
    return_rate  share of dormant members who resume, as far as contributors are wanted; the rest
                 are new members, or more of the dormant where there are not enough others
    transfer_rate  share of dormant and absent members who take their relation elsewhere first
    Returns rights, deemed and the new members. Raises LedgerError if there are not enough people.
    """
    people = over_bins(rights[PEOPLE])
    paying = people[CONTRIBUTING]
    dormant = people[DORMANT] * (1.0 - transfer_rate)
    kept = np.divide(wanted, paying, out=np.ones_like(paying), where=paying > TINY)
    leave = np.maximum(np.broadcast_to(exit_share, kept.shape), 1.0 - kept)
    leave = np.minimum(leave, 1.0)
    missing = np.maximum(wanted - paying * (1.0 - leave), 0.0)
    others = np.maximum(never, 0.0)
    some = dormant > TINY
    needed = np.divide(missing, dormant, out=np.zeros_like(dormant), where=some)
    at_least = np.divide(missing - others, dormant, out=np.zeros_like(dormant), where=some)
    back = np.clip(np.maximum(np.minimum(return_rate, needed), at_least), 0.0, 1.0)
    started = missing - back * dormant
    excess = float((started - others).max(initial=0.0))
    if excess > 1e-6 * max(float(people.max(initial=0.0)), 1.0):
        raise LedgerError(
            f"employee_pension: {excess:.0f} more contributors are wanted than people who could "
            "start to pay; coverage is above what the population allows."
        )
    stays = 1.0 - transfer_rate
    active, resting = rights[:, CONTRIBUTING], rights[:, DORMANT]
    moved = np.empty_like(rights)
    np.multiply(active, (1.0 - leave), out=moved[:, CONTRIBUTING])
    moved[:, CONTRIBUTING] += resting * (stays * back)
    moved[PEOPLE, CONTRIBUTING, 0] += started
    np.multiply(resting, (stays * (1.0 - back)), out=moved[:, DORMANT])
    moved[:, DORMANT] += active * (leave)
    np.multiply(rights[:, AWAY], (stays), out=moved[:, AWAY])
    paying_deemed, dormant_deemed = deemed[:, CONTRIBUTING], deemed[:, DORMANT]
    moved_deemed = np.empty_like(deemed)
    moved_deemed[:, CONTRIBUTING] = paying_deemed * (1.0 - leave) + dormant_deemed * stays * back
    moved_deemed[:, DORMANT] = dormant_deemed * stays * (1.0 - back) + paying_deemed * leave
    moved_deemed[:, AWAY] = deemed[:, AWAY] * stays
    return moved, moved_deemed, started


def accrue_and_age(
    rights: Array, credit: Array, index: Array, survival: Array, rate: Array, half_rate: Array
) -> tuple[Array, Array]:
    """Rights at the end of the year, one age and (if contributing) one year further.

    credit   (draw, group, sex, 1, age) [yuan/year]  credited per contributor
    survival (draw, group, sex, 1, age)
    rate, half_rate  (draw, 1, 1, 1, 1)  interest on the balance, and on the year's credits
    Returns the rights and those of members who reach the age after the last.
    """
    active, resting = rights[:, CONTRIBUTING], rights[:, DORMANT:]
    out = np.empty_like(rights)
    out[..., 0] = 0.0
    out[:, CONTRIBUTING, 0] = 0.0
    grown, kept = out[:, CONTRIBUTING, ..., 1:], out[:, DORMANT:, ..., 1:]
    alive = survival[..., :-1]
    np.multiply(active[:, :-1, ..., :-1], alive, out=grown[:, 1:])
    grown[:, -1] += active[:, -1, ..., :-1] * alive
    np.multiply(resting[..., :-1], alive, out=kept)
    new_credit = credit * (1.0 + half_rate)
    _one_year_more(grown, index[..., :-1], 1.0 + rate, new_credit[..., :-1])
    kept[BALANCE] *= 1.0 + rate
    last = (active[..., -1:] * survival[..., -1:]).sum(axis=1)
    _one_year_more(last, index[..., -1:], 1.0 + rate, new_credit[..., -1:])
    absent = (resting[..., -1:] * survival[..., -1:]).sum(axis=(1, 2))
    absent[BALANCE] *= 1.0 + rate
    oldest = last[..., 0] + absent[..., 0]
    return out, oldest


def _one_year_more(grown: Array, index: Array, growth: Array, credit: Array) -> None:
    """Writes one more contribution year into survivors' rights that belong to the caller."""
    grown[YEARS] += grown[PEOPLE]
    grown[INDEX_YEARS] += grown[PEOPLE] * index
    grown[BALANCE] *= growth
    grown[BALANCE] += grown[PEOPLE] * credit


def transfers(
    rights: Array, law: EmployeePensionLaw, references: References, transfer_rate: Array
) -> tuple[Array, Array]:
    """Dormant and absent members who take their relation elsewhere at the start of the year.

    Returns what moves (quantity, draw, group, sex, track, age) and the money.
    """
    cells = over_bins(rights[:, DORMANT:]).sum(axis=1) * by_track(transfer_rate)
    wages = contribution_wages(
        cells[INDEX_YEARS],
        np.divide(cells[YEARS], cells[PEOPLE], out=np.zeros_like(cells[0]), where=cells[0] > TINY),
        MONTHS * by_track(references.base_wage_m),
        by_track(references.wage_growth),
    )
    money = portability_transfer(cells[BALANCE], wages, by_track(law.portability_pooled_rate))
    return cells, money


def deaths_by_bin(rights: Array, survival: Array) -> Array:
    """Members who die, by bin of years, (years, draw, group, sex, track, age) [persons]."""
    return np.asarray(rights[PEOPLE].sum(axis=0) * (1.0 - survival))
