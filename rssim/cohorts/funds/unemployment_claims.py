"""Paid time, claims and recipients of unemployment insurance.

People with paid time stand in bins of whole years paid since the last claim; recipients in half
years of benefit that is left. Within a year benefit is counted month by month, so that a year moves
the bins by whole steps: one bin of paid time, two half years of benefit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.axes import FLEXIBLE, FORMAL, PENSIONER, UNEMPLOYED
from rssim.cohorts.earnings import exempt_share
from rssim.cohorts.funds.work import Work
from rssim.cohorts.labour import next_age
from rssim.cohorts.movement import Pairs, carried
from rssim.errors import ParameterError
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.unemployment import benefit_months
from rssim.rules.unemployment_terms import UnemploymentBehaviour, UnemploymentLaw

INSURED, RESTING = range(2)
PAID_BINS = 15
"""Whole years paid since the last claim, 0 to 13, and 14 or more: the cap of Guangdong."""
OPEN_BIN_MONTHS = 240
"""Paid time at which the schedule is read for the open bin."""
HALF_YEARS = 4
"""Benefit that is left: bins of six months to the longest benefit, 24 months."""
LONGEST = 24
MONTHS = 12
HALF = 6
MID_BINS = np.array([3.0, 9.0, 15.0, 21.0])
ROUNDING = 1e-9
TINY = 1e-12

_MONTH = np.arange(MONTHS)
_IN_YEAR = (MONTHS - 0.5 - _MONTH) / MONTHS
"""Share of the year's claimants who are already in their m-th month on benefit, and half of it."""
_LAST_HALF = np.where(_MONTH < HALF, (HALF - 0.5 - _MONTH) / HALF, 0.0)
_LAST_YEAR = np.where(_MONTH < HALF, 1.0, (MONTHS - 0.5 - _MONTH) / HALF)
"""Share of those with 0 to 6, and with 6 to 12 months left who are still paid in a month."""


@dataclass(frozen=True, eq=False)
class Found:
    """What the calibration found, (draw, 1, 1, 1).

    coverage    insured share of formal employees                                  [1]
    take_up     claims of those who lose an insured job and have paid long enough  [1]
    exit_rate   recipients' way out of unemployment over that of all unemployed    [1]
    """

    coverage: Array
    take_up: Array
    exit_rate: Array


@dataclass(frozen=True, eq=False)
class Claims:
    """A year of claims, (draw, group, sex, age) by age on 1 January unless said otherwise.

    claims        people whose benefit starts                                 [persons/year]
    granted       months granted to them                                      [months/year]
    paid          months of benefit paid                                      [months/year]
    near          those of them within the extension before the pension age   [months/year]
    exhausted     people whose benefit ran out                                [persons/year]
    newcomers     people who are insured for the first time, by the age reached [persons/year]
    gone          (draw,) those who died, drew a pension or left the place    [persons/year]
    members       (state, bin, draw, group, sex, age)  on the next 1 January  [persons]
    recipients    (half year, draw, group, sex, age)   on the next 1 January  [persons]
    """

    claims: Array
    granted: Array
    paid: Array
    near: Array
    exhausted: Array
    newcomers: Array
    gone: Array
    members: Array
    recipients: Array


@dataclass(frozen=True, eq=False)
class Outcome:
    """Recipients and claimants through the year; see Claims. closing (half year, draw, ...)."""

    paid: Array
    near: Array
    exhausted: Array
    left: Array
    unused: Array
    closing: Array


def granted_beyond(law: UnemploymentLaw) -> Array:
    """Share of the claimants of a bin who are granted more than m months, (draw, m, bin) [1].

    Paid time is even within a bin, so the schedule is read in the middle of its two halves.
    """
    years = MONTHS * np.arange(PAID_BINS)[:, None] + np.array([3.0, 9.0])
    years[-1] = OPEN_BIN_MONTHS
    months = benefit_months(
        years,
        *(
            np.asarray(item).reshape(-1, 1, 1)
            for item in (
                law.minimum_months,
                law.first_period,
                law.first_step,
                law.later_step,
                law.cap_months,
            )
        ),
    )
    beyond = months[:, None] - np.arange(LONGEST)[:, None, None]
    return np.asarray(np.clip(beyond, 0.0, 1.0).mean(axis=-1))


def coverage_factor(year: Year) -> Array:
    """Insured share of formal employees who must be, relative to a neutral one [1].

    Coverage of the pension and of unemployment insurance move together.
    """
    return np.asarray(year.labour.coverage_formal * year.terms(UnemploymentBehaviour).coverage)


def coverage_path(year: Year) -> Array:
    """Insured share of formal employees relative to a neutral one, (draw, 1, 1, 1) [1].

    Less those whom Hong Kong or Macao insures: the exemption from the pension holds here too.
    Source: Order 41 of 2019, article on exemption.
    """
    return np.asarray(coverage_factor(year) * (1.0 - exempt_share(year)))


def insured_share(found: Found, year: Year) -> Array:
    """Share of formal employees who are insured, (draw, 1, 1, 1) [1].

    Raises ParameterError where a scenario insures more than all of them.
    """
    level = found.coverage * coverage_path(year)
    keys = "labour.coverage_formal x unemployment_behaviour.coverage"
    return _at_most_all(level, coverage_factor(year), keys, "insure", year.year)


def claim_share(found: Found, year: Year) -> Array:
    """Share of those with a right who claim when they lose an insured job [1]; see above."""
    factor = year.terms(UnemploymentBehaviour).take_up
    key = "unemployment_behaviour.take_up"
    return _at_most_all(found.take_up * factor, factor, key, "pay", year.year)


def _at_most_all(level: Array, factor: Array, name: str, verb: str, year: int) -> Array:
    if np.any(level > 1.0 + ROUNDING):
        given, most = float(np.max(factor)), float(np.max(level))
        raise ParameterError(
            f"{name}: {given:g} in {year} would {verb} {100 * most:.1f} % "
            f"of those who can be; at most {given / most:.4g} is possible."
        )
    return np.asarray(np.minimum(level, 1.0))


def flexible_share(year: Year) -> Array:
    """Share of flexible workers who are insured, (draw, 1, 1, 1) [1]."""
    law, terms = year.terms(UnemploymentLaw), year.terms(UnemploymentBehaviour)
    return np.asarray(law.flexible_open * terms.flexible_take_up)


def leaving_rate(work: Work, year: Year) -> Array:
    """Intensity at which unemployed people stop being so, (draw, group, sex, age) [1/year].

    To formal jobs, to flexible work and out of the labour force; deaths are counted apart.
    """
    labour, law = work.labour, year.labour
    years = labour.person_years
    jobless, inside = years[..., UNEMPLOYED, :], years[..., FORMAL:, :].sum(axis=-2)
    from_others = (
        labour.entries * law.entry_flexible_share
        + years[..., FORMAL, :] * law.formal_to_flexible_rate
    )
    found_work = np.maximum(labour.rehired + labour.to_flexible - from_others, 0.0)
    return _ratio(found_work, jobless) + _ratio(labour.exits, inside)


def near_pension(work: Work, year: Year, law: UnemploymentLaw) -> Array:
    """Share of a cell's people without a pension who reach their date within the extension [1].

    Limits: those whose date lies in the next year, in proportion to the months; the dates of this
    year's schedule one age on, no early or late claims.
    """
    schedule, cadre = year.schedule, year.labour.cadre_share
    due = next_age(schedule.due_hazard * (1.0 - schedule.due_before))
    share = cadre * due[..., 0, :] + (1.0 - cadre) * due[..., 1, :]
    people = work.people.sum(axis=-2)
    without = people - work.people[..., PENSIONER, :]
    near = np.minimum(_ratio(share * people, without), 1.0)
    return np.asarray(near * (law.extension_months / MONTHS))


def outcome(
    recipients: Array, claims: Array, beyond: Array, leaving: Array, near: Array
) -> Outcome:
    """The year of recipients and of those whose benefit starts in it.

    recipients  (half year, draw, group, sex, age) [persons]       on 1 January
    claims      (bin, draw, group, sex, age)       [persons/year]  spread over the year
    beyond      (draw, m, bin) [1]                 see granted_beyond
    leaving     (draw, group, sex, age) [1/year]   their way out
    near        (draw, group, sex, age) [1]        share that does not run out
    A claimant of m months ago is still jobless with probability exp(-leaving m / 12); the month is
    paid where more than m months were granted.
    """
    column = (slice(None), *[None] * leaving.ndim)
    jobless = np.exp(-leaving * ((_MONTH + 0.5) / MONTHS)[column])
    year_end = np.exp(-leaving)
    tail = granted_tail(claims, beyond)
    # Claimants of this year, by months since the claim.
    spread = jobless / MONTHS
    first = jobless * _IN_YEAR[column]
    paid = (first * tail[:MONTHS]).sum(axis=0)
    closing = np.stack(
        [
            (spread * (tail[at : at + MONTHS] - tail[at + HALF : at + HALF + MONTHS])).sum(axis=0)
            for at in range(0, LONGEST, HALF)
        ]
    )
    rest = np.cumsum(tail[LONGEST - 1 :: -1], axis=0)[::-1]
    months_left = (spread * (rest[:MONTHS] - 0.5 * tail[:MONTHS])).sum(axis=0)
    ends = np.exp(-leaving * ((_MONTH[1:]) / MONTHS)[column])
    running_out = (MONTHS - _MONTH[1:]) / MONTHS
    exhausted = (ends * running_out[column] * (tail[: MONTHS - 1] - tail[1:MONTHS])).sum(axis=0)
    unused = rest[0] - paid - months_left
    # Recipients of 1 January, by benefit that is left.
    half, whole = jobless[:HALF].sum(axis=0), jobless.sum(axis=0)
    last_half = (jobless * _LAST_HALF[column]).sum(axis=0)
    last_year = (jobless * _LAST_YEAR[column]).sum(axis=0)
    short, middle, long = recipients[0], recipients[1], recipients[2] + recipients[3]
    paid_old = short * last_half + middle * last_year + long * whole
    exhausted_old = (short * half + middle * (whole - half)) / HALF
    closing_old = recipients[2:] * year_end
    before = (recipients * MID_BINS[column]).sum(axis=0)
    after = (closing_old * MID_BINS[:2][column]).sum(axis=0)
    unused = unused + before - paid_old - after
    closing[:2] += closing_old
    # Near the pension age nobody runs out.
    people, started = recipients.sum(axis=0), tail[0]
    far = 1.0 - near
    paid_near = near * (people * whole + started * first.sum(axis=0))
    closing = closing * far
    closing[0] += near * (people * year_end + started * spread.sum(axis=0))
    exhausted = (exhausted + exhausted_old) * far
    return Outcome(
        paid=far * (paid + paid_old) + paid_near,
        near=paid_near,
        exhausted=exhausted,
        left=np.maximum(people + started - exhausted - closing.sum(axis=0), 0.0),
        unused=far * unused,
        closing=closing,
    )


def granted_tail(claims: Array, beyond: Array) -> Array:
    """Claimants who are granted more than m months, (m, draw, group, sex, age) [persons/year].

    m runs from 0 to 35, so that a year after the longest benefit can be read.
    """
    draws = claims.shape[1]
    cells = np.ascontiguousarray(np.moveaxis(claims, 0, 1)).reshape(draws, PAID_BINS, -1)
    flat = np.broadcast_to(beyond, (draws, *beyond.shape[1:])) @ cells
    out = np.zeros((LONGEST + MONTHS, *claims.shape[1:]))
    out[:LONGEST] = np.moveaxis(flat, 0, 1).reshape(LONGEST, *claims.shape[1:])
    return out


def a_year_on(bins: Array) -> Array:
    """Paid time one year longer; the first axis is that of the bins."""
    out = np.zeros_like(bins)
    out[1:] = bins[:-1]
    out[-1] += bins[-1]
    return out


def half_a_year_on(bins: Array) -> Array:
    """Paid time half a year longer: half of an evenly filled bin moves on."""
    return np.asarray(0.5 * (bins + a_year_on(bins)))


def bins_of_unused(left: Array, unused: Array, beyond: Array) -> Array:
    """People who left with months unused, by the paid time that gives as many, (bin, ...).

    left    (draw, group, sex, age) [persons]
    unused  (draw, group, sex, age) [months]
    The mean of a cell stands between two bins, so people and months are kept.
    Source: Social Insurance Law, article 46: months not drawn count at the next claim.
    """
    granted = _by_bin(beyond.sum(axis=1))
    mean = np.minimum(_ratio(unused, left), granted[-1])
    low, high = granted[:-1], granted[1:]
    width = high - low
    part = (mean - low) / np.where(width > 0.0, width, 1.0)
    passed = np.where(width > 0.0, np.minimum(np.maximum(part, 0.0), 1.0), mean >= high) * left
    out = np.zeros((PAID_BINS, *left.shape))
    out[0] = left
    out[1:] = passed
    out[:-1] -= passed
    return out


def aged(values: Array) -> Array:
    """Values at the age reached at the end of the year; the open group collects."""
    out = np.zeros_like(values)
    out[..., 1:] = values[..., :-1]
    out[..., -1] += values[..., -1]
    return out


def reconciled(
    members: Array, recipients: Array, people: Array, wanted: Array
) -> tuple[Array, Array]:
    """Members once the insured of each cell are as many as its jobs ask, and the newcomers.

    members  (state, bin, draw, group, sex, age) [persons]
    people   (draw, group, sex, status, age) [persons]  of the same day
    wanted   (draw, group, sex, age) [persons]  insured
    Jobs are filled by people with paid time in proportion to their number among those who are not
    insured, half a year before; others are new. Who leaves insured work keeps the paid time.
    """
    insured, resting = members[INSURED], members[RESTING]
    now, waiting = insured.sum(axis=0), resting.sum(axis=0)
    gap = wanted - now
    outside = people[..., :PENSIONER, :].sum(axis=-2) - now - recipients.sum(axis=0)
    known = np.minimum(_ratio(waiting, np.maximum(outside, waiting)), 1.0)
    more = np.maximum(gap, 0.0)
    back = np.minimum(more * known, waiting)
    released = insured * _ratio(np.maximum(-gap, 0.0), now)
    returning = resting * _ratio(back, waiting)
    out = np.stack([insured - released + half_a_year_on(returning), resting - returning + released])
    newcomers = more - back
    out[INSURED, 0] += newcomers
    return out, newcomers


def claims_year(
    members: Array,
    recipients: Array,
    work: Work,
    year: Year,
    found: Found,
    pairs: tuple[Pairs, Pairs],
) -> Claims:
    """One year of paid time, claims and benefit.

    members     (state, bin, draw, group, sex, age) [persons]  on 1 January
    recipients  (half year, draw, group, sex, age)  [persons]  on 1 January
    pairs       groups left and entered by conversion and by training
    Limits: moves between insured work and flexible work or home are net; arrivals bring no paid
    time; flexible workers who join share the bins of the insured.
    """
    law, terms = year.terms(UnemploymentLaw), year.terms(UnemploymentBehaviour)
    beyond = granted_beyond(law)
    cover, own = insured_share(found, year), flexible_share(year)
    years = work.labour.person_years
    lost = cover * work.labour.separations
    lost = lost + own * year.labour.flexible_exit_rate * years[..., FLEXIBLE, :]
    insured = members[INSURED]
    losing = insured * np.minimum(_ratio(lost, insured.sum(axis=0)), 1.0)
    with_time = half_a_year_on(losing)
    right = np.moveaxis(beyond[:, 0], 1, 0)[..., None, None, None]
    claims = with_time * right * claim_share(found, year)
    leaving = leaving_rate(work, year) * found.exit_rate * terms.exit_rate
    result = outcome(recipients, claims, beyond, leaving, near_pension(work, year, law))
    kept = a_year_on(insured - losing)
    resting = members[RESTING] + with_time - claims
    resting = resting + bins_of_unused(result.left, result.unused, beyond)
    resting[0] += result.exhausted

    # Those who die or draw a pension drop out; the others grow older and move.
    start = work.people[..., :PENSIONER, :].sum(axis=-2)
    staying = np.minimum(_ratio(work.labour.end.sum(axis=-2), start), 1.0)
    stands = np.stack([kept, resting])
    moved = carried(aged(stands * staying), work.moves, *pairs)
    drawing = carried(aged(result.closing * staying), work.moves, *pairs)
    gone = everyone(stands, result.closing) - everyone(moved, drawing)
    jobs = work.people_end
    wanted = cover * jobs[..., FORMAL, :] + own * jobs[..., FLEXIBLE, :]
    after, newcomers = reconciled(moved, drawing, jobs, wanted)
    return Claims(
        claims=claims.sum(axis=0),
        granted=(claims * _by_bin(beyond.sum(axis=1) / np.maximum(beyond[:, 0], TINY))).sum(axis=0),
        paid=result.paid,
        near=result.near,
        exhausted=result.exhausted,
        newcomers=newcomers,
        gone=gone,
        members=after,
        recipients=drawing,
    )


def everyone(members: Array, recipients: Array) -> Array:
    """People with paid time or benefit, (draw,) [persons]."""
    cells = members.sum(axis=(0, 1)) + recipients.sum(axis=0)
    return np.asarray(cells.sum(axis=(1, 2, 3)))


def _by_bin(values: Array) -> Array:
    """(draw, bin) laid out as (bin, draw, 1, 1, 1)."""
    return np.asarray(np.moveaxis(values, 1, 0)[..., None, None, None])


def _ratio(part: Array, whole: Array) -> Array:
    """A part over a whole; nothing of nothing."""
    some = whole > TINY
    return np.asarray(np.where(some, part / np.where(some, whole, 1.0), 0.0))
