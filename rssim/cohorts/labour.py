"""Participation and the working states: a Markov chain within the year, integrated exactly.

States of people who draw no pension: out of the labour force, formal employee, flexible worker,
unemployed. Intensities are constant within the year; death is one of them. Entry to and exit
from the labour force are the intensities that bring each cell to its participation at the end
of the year; exits leave all working states alike, so they have a closed form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rssim.axes import FEMALE, FLEXIBLE, FORMAL, OUT, SEXES, UNEMPLOYED
from rssim.cohorts.jobs import Intensities
from rssim.cohorts.roots import rising_root
from rssim.cohorts.state import Constants
from rssim.inputs.assemble import Year
from rssim.records import Array

STATES = 4
WORK_FIRST = 15
SQUARINGS = 6
TAYLOR_TERMS = 8
ROOT_STEPS = 20
WIDEST_FACTOR = 50.0
TINY = 1e-12


@dataclass(frozen=True, eq=False)
class LabourYear:
    """What the labour force did in a year, by age on 1 January.

    end           (draw, group, sex, state, age) [persons]  survivors at the end of the year
    person_years  (draw, group, sex, state, age) [person-years]
    hires, matched, rehired, separations, to_flexible, from_flexible, entries, exits
                  (draw, group, sex, age) [persons/year]  hires are starts of formal jobs, matched
                  those of people who searched, rehired those of unemployed people
    finding_factor  (draw, 1, 1, 1)  factor on job finding that met a given employment path
    """

    end: Array
    person_years: Array
    hires: Array
    matched: Array
    rehired: Array
    separations: Array
    to_flexible: Array
    from_flexible: Array
    entries: Array
    exits: Array
    finding_factor: Array


@dataclass(frozen=True, eq=False)
class Participation:
    """Participation of a cell's people, by age on 1 January, (draw, group, sex, age) [1].

    at_end    share of those without a pension who are in the labour force at the end of the year
    before_claim  mean participation of those who may not yet draw a pension
    after_claim   participation of those who may
    """

    at_end: Array
    before_claim: Array
    after_claim: Array


def scaled_odds(share: Array, factor: Array) -> Array:
    """A share whose odds are multiplied by a factor: stays within 0 and 1."""
    return np.asarray(factor * share / (1.0 - share + factor * share))


def next_age(values: Array) -> Array:
    """Values at the age reached at the end of the year; the open group stays."""
    return np.concatenate([values[..., 1:], values[..., -1:]], axis=-1)


def participation(
    table: Array,
    people_end: Array,
    pensioners_end: Array,
    year: Year,
    track_shares: Array,
    constants: Constants,
) -> Participation:
    """Participation once the pension age has moved.

    table           (1, 1, sex, age)  participation of residents before the 2024 decision
    people_end      (draw, group, sex, age)  all people at the end of the year, by age on 1 January
    pensioners_end  (draw, group, sex, age)  those of them who draw a pension
    track_shares    (1, 1, sex, track, 1)

    The table p mixes people before (1 - R0) and past (R0) their original pension age, who work
    less by a ratio k: p = w [(1 - R0) + k R0] gives w. A reform moves R0 to R1; of those who
    now wait, the response share works like people before the age.
    Limits: w is at most labour.highest_participation; where the table asks for more, k rises until
    the table is met.
    """
    behaviour, schedule = year.behaviour, year.schedule
    share = scaled_odds(
        next_age(table), constants.participation_odds * year.labour.participation_scale
    )
    most = year.labour.highest_participation
    share = np.minimum(share + participation_gain(year), most)
    ratio = behaviour.work_after_pension_ratio
    original = (next_age(schedule.original_past) * track_shares).sum(axis=-2)
    reached = ((schedule.before + schedule.within) * track_shares).sum(axis=-2)
    before = np.minimum(share / ((1.0 - original) + ratio * original), most)
    past = np.maximum(original, TINY)
    ratio = np.where(
        original > 0.0, (share / np.maximum(before, TINY) - (1.0 - original)) / past, ratio
    )
    ratio = np.clip(ratio, 0.0, 1.0)
    felt = original - behaviour.retirement_response * (original - reached)
    waiting = np.maximum(1.0 - reached, TINY)
    before_claim = before * ((1.0 - felt) + ratio * (felt - reached)) / waiting
    before_claim = np.where(reached < 1.0, np.minimum(before_claim, most), before)
    after_claim = np.broadcast_to(ratio * before, before_claim.shape)
    without = people_end - pensioners_end
    not_reached = np.divide(
        people_end * (1.0 - reached), without, out=np.ones_like(without), where=without > TINY
    )
    weight = np.minimum(not_reached, 1.0)
    at_end = weight * before_claim + (1.0 - weight) * after_claim
    return Participation(at_end, np.asarray(before_claim), np.asarray(after_claim))


def participation_gain(year: Year) -> Array:
    """Points of participation that programmes add, by age on 1 January, (draw, 1, sex, age) [1]."""
    labour = year.labour
    women = np.arange(len(SEXES)).reshape(1, 1, -1, 1) == FEMALE
    mothers = labour.mothers_gain * next_age(labour.mothers_age_weight) * women
    return np.asarray(mothers + labour.older_gain * next_age(labour.older_age_weight))


def integrate(generator: Array) -> tuple[Array, Array]:
    """exp(G) and the integral of exp(G s) over s from 0 to 1, for a batch of 4 × 4 generators.

    Scaling and squaring with a fixed number of steps, so that a draw never depends on its
    neighbours: with E = exp(hG) and F its mean, E(2h) = E², F(2h) = (1 + E) F / 2.
    """
    small = generator * 0.5**SQUARINGS
    one = np.broadcast_to(np.eye(STATES), small.shape)
    mean = one + small / (TAYLOR_TERMS + 1)
    for term in range(TAYLOR_TERMS, 1, -1):
        mean = one + (small @ mean) / term
    whole = one + small @ mean
    for _ in range(SQUARINGS):
        mean = 0.5 * (mean + whole @ mean)
        whole = whole @ whole
    return whole, mean


def generators(
    entry: Array, leaving: Array, death: Array, year: Year, intensities: Intensities
) -> Array:
    """Intensities between the four states, rows are origins, (draw, group, sex, age, 4, 4).

    entry, leaving, death  (draw, group, sex, age) [1/year]
    """
    labour = year.labour
    finding = intensities.finding
    shape = np.broadcast_shapes(entry.shape, leaving.shape, death.shape, finding.shape)
    flows = np.zeros((*shape, STATES, STATES))
    formal_share, flexible_share = labour.entry_formal_share, labour.entry_flexible_share
    flows[..., OUT, FORMAL] = entry * formal_share
    flows[..., OUT, FLEXIBLE] = entry * flexible_share
    flows[..., OUT, UNEMPLOYED] = entry * (1.0 - formal_share - flexible_share)
    flows[..., FORMAL, FLEXIBLE] = labour.formal_to_flexible_rate
    flows[..., FORMAL, UNEMPLOYED] = intensities.separation
    flows[..., FLEXIBLE, FORMAL] = intensities.flexible_to_formal
    flows[..., FLEXIBLE, UNEMPLOYED] = labour.flexible_exit_rate
    flows[..., UNEMPLOYED, FORMAL] = finding
    flows[..., UNEMPLOYED, FLEXIBLE] = intensities.flexible_entry
    for state in (FORMAL, FLEXIBLE, UNEMPLOYED):
        flows[..., state, OUT] = leaving
    diagonal = np.arange(STATES)
    flows[..., diagonal, diagonal] = -(flows.sum(axis=-1) + death[..., None])
    return flows


def entry_and_exit(start: Array, at_end: Array) -> tuple[Array, Array]:
    """Intensities that bring a cell from its participation to a given one [1/year].

    start   (draw, group, sex, state, age) [persons]
    at_end  (draw, group, sex, age) [1]  participation of the survivors at the end of the year
    Death takes all states alike, so it drops out. One of the two is zero.
    """
    total = start.sum(axis=-2)
    outside = start[..., OUT, :]
    inside = total - outside
    wanted_in, wanted_out = at_end * total, (1.0 - at_end) * total
    grows = wanted_in > inside
    some = (total > TINY) & (wanted_in > TINY) & (wanted_out > TINY)
    entry = np.log(
        np.divide(outside, wanted_out, out=np.ones_like(total), where=some & grows & (outside > 0))
    )
    leaving = np.log(
        np.divide(inside, wanted_in, out=np.ones_like(total), where=some & ~grows & (inside > 0))
    )
    return np.maximum(entry, 0.0), np.maximum(leaving, 0.0)


def run_chain(start: Array, generator: Array) -> tuple[Array, Array]:
    """End stocks and person-years (draw, group, sex, state, age) of a start and its generator."""
    row = np.moveaxis(start, -2, -1)[..., None, :]
    whole, mean = integrate(generator)
    end = np.moveaxis((row @ whole)[..., 0, :], -1, -2)
    years = np.moveaxis((row @ mean)[..., 0, :], -1, -2)
    return end, years


def labour_year(
    start: Array,
    at_end: Array,
    death: Array,
    attrition: Array,
    year: Year,
    intensities: Intensities,
    constants: Constants,
) -> LabourYear:
    """A year of the labour market.

    start   (draw, group, sex, state, age) [persons]  without a pension, on 1 January
    at_end  (draw, group, sex, age) [1]      their participation at the end of the year
    death   (draw, group, sex, age) [1/year] death intensity, by age on 1 January
    attrition  (draw,) [persons/year]        employed people who retire or die in the year
    intensities  between the working states, by age on 1 January or alike at all ages
    """
    ages = slice(WORK_FIRST, None)
    young = start[..., :WORK_FIRST]
    working, mortal = start[..., ages], np.broadcast_to(death, start[..., 0, :].shape)[..., ages]
    entry, leaving = entry_and_exit(working, at_end[..., ages])
    path = year.labour.new_urban_employment_path
    of_age = Intensities(*(_from_age(values, WORK_FIRST) for values in vars(intensities).values()))

    def solved(factor: Array) -> tuple[Array, Array, Array]:
        scaled = replace(of_age, finding=of_age.finding * factor)
        flows = generators(entry, leaving, mortal, year, scaled)
        end, years = run_chain(working, flows)
        return flows, end, years

    factor = np.ones_like(np.broadcast_to(path, (start.shape[0], 1, 1, 1)))
    if np.any(path > 0):
        factor = _factor_for_path(path, attrition, solved, constants)
    flows, end, years = solved(factor)
    moves = years[..., :, None, :] * np.moveaxis(flows, -3, -1)
    calm_end = young * np.exp(-death[..., None, :WORK_FIRST])
    lived = np.divide(-np.expm1(-death), death, out=np.ones_like(death), where=death > TINY)[
        ..., None, :WORK_FIRST
    ]

    def flow(origins: tuple[int, ...], targets: tuple[int, ...]) -> Array:
        out = np.zeros(start[..., 0, :].shape)
        for origin in origins:
            for target in targets:
                out[..., ages] += moves[..., origin, target, :]
        return out

    return LabourYear(
        end=np.concatenate([calm_end, end], axis=-1),
        person_years=np.concatenate([young * lived, years], axis=-1),
        hires=flow((OUT, FLEXIBLE, UNEMPLOYED), (FORMAL,)),
        matched=flow((FLEXIBLE, UNEMPLOYED), (FORMAL,)),
        rehired=flow((UNEMPLOYED,), (FORMAL,)),
        separations=flow((FORMAL,), (UNEMPLOYED,)),
        to_flexible=flow((OUT, FORMAL, UNEMPLOYED), (FLEXIBLE,)),
        from_flexible=flow((FLEXIBLE,), (UNEMPLOYED, FORMAL)),
        entries=flow((OUT,), (FORMAL, FLEXIBLE, UNEMPLOYED)),
        exits=flow((FORMAL, FLEXIBLE, UNEMPLOYED), (OUT,)),
        finding_factor=factor,
    )


def _from_age(values: Array, first: int) -> Array:
    """The values from an age on; values alike at all ages as they are."""
    return values[..., first:] if values.shape[-1] > 1 else values


def new_urban_employment(hires: Array, attrition: Array, constants: Constants) -> Array:
    """New urban employment 城镇新增就业 [persons/year], (draw,).

    hires      (draw, group, sex, age)  starts of formal jobs
    attrition  (draw,)                  employed people who retire or die
    A gross flow net of natural attrition, not the change of the stock. The registered share of
    hires is calibrated on a published year.
    """
    share = constants.registration_share[:, 0, 0, 0]
    return np.asarray(share * hires.sum(axis=(1, 2, 3)) - attrition)


def _factor_for_path(
    path: Array,
    attrition: Array,
    solved: Callable[[Array], tuple[Array, Array, Array]],
    constants: Constants,
) -> Array:
    """The factor on job finding at which new urban employment equals a given path.

    Hires rise with job finding; a fixed number of bracketed secant steps keeps draws apart.
    """

    def gap(factor: Array) -> Array:
        """Share by which new urban employment exceeds the path, in logs of jobs and attrition."""
        flows, _, years = solved(np.exp(factor))
        hires = np.asarray(
            sum(
                years[..., origin, :] * flows[..., origin, FORMAL]
                for origin in (OUT, FLEXIBLE, UNEMPLOYED)
            )
        )
        found = new_urban_employment(hires, attrition, constants)
        return np.log((found + attrition) / (path[:, 0, 0, 0] + attrition))[:, None, None, None]

    high = np.full((attrition.shape[0], 1, 1, 1), np.log(WIDEST_FACTOR))
    return np.asarray(np.where(path > 0, np.exp(rising_root(gap, -high, high, ROOT_STEPS)), 1.0))
