"""What funded accounts have in common: who retires, the half-year clock, drawing down, ageing.

All flows of a year are booked in its middle, as the fund's account books them: a balance earns
the first half of the year, changes, and what is left earns the second half. Hence the sum of the
accounts is the balance of the fund to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.axes import AGES
from rssim.cohorts.funds.account import by_group
from rssim.cohorts.funds.work import Work
from rssim.cohorts.movement import Pairs, carried
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.elementwise import Booleans
from rssim.rules.supplementary import instalment, paid_in_year

MONTHS = 12
HALF = 0.5
NEARLY_NONE = 1e-9
AGE = np.array(AGES, dtype=float)


def share_of(part: Array, whole: Array) -> Array:
    """Part over whole [1], 0 where there is no whole."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    there = np.broadcast_to(whole > 0, shape)
    return np.asarray(np.divide(part, whole, out=np.zeros(shape), where=there))


def gap(found: Array, wanted: Array) -> float:
    """Largest relative difference over draws [1]."""
    return float(np.max(np.abs(found - wanted) / np.maximum(np.abs(wanted), 1.0)))


def first_half(rate: Array) -> Array:
    """Growth to the middle of the year [1]: a year's growth over that of the second half."""
    return np.asarray((1.0 + rate) / (1.0 + HALF * rate))


def retiring_share(year: Year) -> Array:
    """Share of those who have not reached the date of their claim who reach it in the year [1].

    Returns (draw, 1, sex, age) by age on 1 January, over both tracks; 1 where all are past it.
    """
    cadre = year.labour.cadre_share
    mix = np.stack([cadre, 1.0 - cadre], axis=-2)
    reached = (year.schedule.within * mix).sum(axis=-2)
    waiting = ((1.0 - year.schedule.before) * mix).sum(axis=-2)
    some = waiting > NEARLY_NONE
    return np.asarray(np.where(some, reached / np.where(some, waiting, 1.0), 1.0))


def before_date(year: Year) -> Booleans:
    """Whether at an age on 1 January somebody still waits for the date of his claim.

    Returns (draw, 1, sex, age); those who all reach it in the year are among them.
    """
    cadre = year.labour.cadre_share
    mix = np.stack([cadre, 1.0 - cadre], axis=-2)
    waiting = ((1.0 - year.schedule.before) * mix).sum(axis=-2)
    return np.asarray(waiting > NEARLY_NONE, dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Drawn:
    """Accounts in payment in a year, (draw, group, sex, age), money in the middle of the year.

    lump_sums, instalments, inherited  [yuan/year]
    left        balances still to be paid                 [yuan]
    recipients  people who go on drawing after the year   [persons]
    receiving   people who got an instalment in the year  [persons]
    """

    lump_sums: Array
    instalments: Array
    inherited: Array
    left: Array
    recipients: Array
    receiving: Array


def draw_down(
    standing: tuple[Array, Array],
    fresh: tuple[Array, Array],
    alive: Array,
    lump_sum_share: Array,
    last_age: Array,
) -> Drawn:
    """Instalments until an age: the balance over the years that are left, this one among them.

    standing  balances in the middle of the year [yuan] and people [persons] who draw already
    fresh     the same of those who retire in the year and live: they draw for half of it
    alive     share that reaches the end of the year; what the dead leave is inherited
    """
    balance, people = standing
    new_balance, new_people = fresh
    years_left = np.maximum(last_age - AGE, 1.0)
    divisor = MONTHS * years_left
    own = balance * alive
    paid = paid_in_year(own, instalment(own, divisor), MONTHS, 0.0, 0.0)
    lump = new_balance * lump_sum_share
    rest = new_balance - lump
    first = paid_in_year(rest, instalment(rest, divisor), HALF * MONTHS, 0.0, 0.0)
    starting = new_people * (1.0 - lump_sum_share)
    surviving = people * alive
    return Drawn(
        lump_sums=lump,
        instalments=paid + first,
        inherited=balance * (1.0 - alive),
        left=own - paid + rest - first,
        recipients=np.where(years_left > 1.0, surviving, 0.0) + starting,
        receiving=surviving + starting,
    )


def one_year_older(values: Array) -> Array:
    """Totals by the age reached; the open group collects."""
    out = np.zeros_like(values)
    out[..., 1:] = values[..., :-1]
    out[..., -1] += values[..., -1]
    return out


def after_moves(values: Array, work: Work, pairs: tuple[Pairs, Pairs]) -> Array:
    """Totals of people without a pension after the year's moves, by the age reached."""
    return carried(values, work.moves, *pairs)


def regrouped(values: Array, work: Work, pairs: tuple[Pairs, Pairs]) -> Array:
    """Totals of people who draw: they stay in the place and change their group as others do."""
    stay = replace(work.moves, leaving=np.zeros_like(work.moves.leaving))
    return carried(values, stay, *pairs)


def taken_away(values: Array, work: Work, rate: Array) -> Array:
    """What leavers take along, as of the middle of the year, (draw, group) [yuan/year].

    values  balances at the end of the year by the age reached, before the moves
    """
    return by_group(values * work.moves.leaving / (1.0 + HALF * rate))
