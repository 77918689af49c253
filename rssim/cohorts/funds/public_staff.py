"""The staff of government and public institutions: who they are, what they earn and what is saved.

The pension and the occupational annuity each keep their own copy of these stocks, so neither
reads the other. Staff keep their posts: they leave by retirement and death only, and change the
group with their cell. Those who left are replaced; their number grows with the population, and
beyond it as behaviour says.
Limits: one counted pay for all posts and ages; members of the staff who move to other work, and
earlier rights of those who enter, are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rssim.axes import FORMAL
from rssim.cohorts.funds.work import Work
from rssim.cohorts.moments import Line, moment, target
from rssim.cohorts.movement import carried
from rssim.cohorts.population import lived_share
from rssim.errors import CalibrationError
from rssim.inputs.assemble import Inputs, Year
from rssim.records import Array
from rssim.rules.accounts import account_after_full_year, account_at_award
from rssim.rules.contributions import contribution_index, expected_assessed_base
from rssim.rules.occupational_annuity_terms import OccupationalAnnuityTerms
from rssim.rules.public_pension_terms import PublicPensionBehaviour, PublicPensionTerms
from rssim.rules.supplementary import funded_account

QUANTITIES = (
    "people",
    "years",
    "index_years",
    "deemed_years",
    "account",
    "notional",
    "funded",
)
PEOPLE, YEARS, INDEX_YEARS, DEEMED_YEARS, ACCOUNT, NOTIONAL, FUNDED = range(len(QUANTITIES))
COHORTS = ("middle", "new")
MIDDLE, NEW = range(len(COHORTS))
CADRE = 0
MONTHS = 12
HALF = 0.5
START = 2014.75
"""The scheme began on 1 October 2014 (State Council Document 2 of 2015)."""
HALVINGS = 60


@dataclass(frozen=True, eq=False)
class Credits:
    """What a year's contributions of one person are worth [yuan/year], (draw, 1, 1, 1)."""

    base_m: Array
    account: Array
    notional: Array
    funded: Array
    index: Array


@dataclass(frozen=True, eq=False)
class StaffYear:
    """The staff in a year; rights are (quantity, cohort, draw, group, sex, age).

    retiring      rights of those who retire, as they stand on their date
    dying         rights of those who die, as they stood on 1 January
    person_years  (draw, group, sex, age)
    credits       of one person who contributes the whole year
    hired         (draw, group, sex, age)  by the age reached on 31 December [persons]
    staying       share of each cell that does not retire
    after         rights on the next 1 January
    pay_index     (draw, 1, 1, 1)  counted pay of the next year relative to the opening's [1]
    """

    retiring: Array
    dying: Array
    person_years: Array
    credits: Credits
    hired: Array
    staying: Array
    after: Array
    pay_index: Array


def credits(base_ratio: Array, pay_index: Array, work: Work, year: Year) -> Credits:
    """What a year of service is worth.

    base_ratio  (draw, 1, 1, 1)  counted pay over the base wage on the opening day [1]
    """
    references = work.references
    law, annuity = year.terms(PublicPensionTerms), year.terms(OccupationalAnnuityTerms)
    base_m = assessed_base_m(base_ratio * pay_index, work, year)
    recorded = annuity.budget_share * (1.0 - annuity.made_real_share)
    paid_in = annuity.employee_rate + annuity.employer_rate * (1.0 - recorded)
    return Credits(
        base_m=base_m,
        account=np.asarray(law.employee_rate * base_m * MONTHS),
        notional=np.asarray(annuity.employer_rate * recorded * base_m * MONTHS),
        funded=np.asarray(paid_in * base_m * MONTHS),
        index=contribution_index(base_m, references.base_wage_m),
    )


def assessed_base_m(pay_ratio: Array, work: Work, year: Year) -> Array:
    """Mean assessed base of the staff, (draw, 1, 1, 1) [yuan/month].

    pay_ratio  counted pay over the base wage [1]
    Limits: floor and cap are the means over the year; public units count calendar years.
    """
    found = work.references
    spread = year.terms(PublicPensionBehaviour).pay_log_sd
    return expected_assessed_base(pay_ratio * found.base_wage_m, spread, found.floor_m, found.cap_m)


def staff_year(
    staff: Array, pay_index: Array, base_ratio: Array, work: Work, year: Year, inputs: Inputs
) -> StaffYear:
    """One year of the staff.

    staff  (quantity, cohort, draw, group, sex, age)  rights on 1 January
    """
    schedule = year.schedule
    hazard, worked = schedule.claim_hazard[..., CADRE, :], schedule.worked[..., CADRE, :]
    one = credits(base_ratio, pay_index, work, year)
    kept, lived = work.survival, lived_share(work.survival)
    leaving, staying = staff * hazard, staff * (1.0 - hazard)
    people = staying[PEOPLE].sum(axis=0)
    part = leaving[PEOPLE].sum(axis=0) * worked
    end = with_year(staying, one, year) * kept
    aged = np.zeros_like(end)
    aged[..., 1:] = end[..., :-1]
    aged[..., -1] += end[..., -1]
    # The staff hold their posts, so nobody of it leaves the place.
    stay = replace(work.moves, leaving=np.zeros_like(work.moves.leaving))
    after = carried(aged, stay, inputs.conversion_pairs, inputs.upgrade_pairs)
    hired = hires(staff[PEOPLE].sum(axis=0), after[PEOPLE].sum(axis=0), work, year)
    after[PEOPLE, NEW] += hired
    behaviour = year.terms(PublicPensionBehaviour)
    return StaffYear(
        retiring=at_award(leaving, worked, one, year),
        dying=staying * (1.0 - kept),
        person_years=people * lived + part,
        credits=one,
        hired=hired,
        staying=np.broadcast_to(1.0 - hazard, people.shape),
        after=after,
        pay_index=np.asarray(pay_index * (1.0 + behaviour.pay_growth)),
    )


def with_year(rights: Array, one: Credits, year: Year) -> Array:
    """Rights of people who contribute for the whole year, at its end."""
    law, annuity = year.pension, year.terms(OccupationalAnnuityTerms)
    people = rights[PEOPLE]
    out = rights.copy()
    out[YEARS] += people
    out[INDEX_YEARS] += people * one.index
    out[ACCOUNT] = account_after_full_year(
        rights[ACCOUNT], law.account_interest_rate, people * one.account, law.mid_year_factor
    )
    out[NOTIONAL] = account_after_full_year(
        rights[NOTIONAL], annuity.notional_rate, people * one.notional, law.mid_year_factor
    )
    out[FUNDED] = funded_account(
        rights[FUNDED], annuity.investment_return, people * one.funded, HALF
    )
    return out


def at_award(rights: Array, worked: Array, one: Credits, year: Year) -> Array:
    """Rights of people who retire in the year, on their date.

    worked  part of the year before it [1]
    """
    law, annuity = year.pension, year.terms(OccupationalAnnuityTerms)
    people, months = rights[PEOPLE] * worked, worked * MONTHS
    out = rights.copy()
    out[YEARS] += people
    out[INDEX_YEARS] += people * one.index
    out[ACCOUNT] = account_at_award(
        rights[ACCOUNT], law.account_interest_rate, months, people * one.account
    )
    out[NOTIONAL] = account_at_award(
        rights[NOTIONAL], annuity.notional_rate, months, people * one.notional
    )
    out[FUNDED] = account_at_award(
        rights[FUNDED], annuity.investment_return, months, people * one.funded
    )
    return out


def hires(before: Array, after: Array, work: Work, year: Year) -> Array:
    """Who enters the staff on 31 December, (draw, group, sex, age) by the age reached [persons].

    before, after  (draw, group, sex, age)  staff of 1 January and those of them who are left
    Nobody is dismissed: where the number is to fall faster than staff leave, nobody enters.
    """
    behaviour = year.terms(PublicPensionBehaviour)
    cells = (1, 2, 3)
    population, was = (cell_sum(item.sum(axis=-2)) for item in (work.people_end, work.people))
    growth = np.divide(population, was, out=np.ones_like(was), where=was > 0)
    wanted = before.sum(axis=cells, keepdims=True) * growth * (1.0 + behaviour.staff_growth)
    missing = np.maximum(wanted - after.sum(axis=cells, keepdims=True), 0.0)
    ages = np.arange(after.shape[-1])
    entering = (ages >= behaviour.entry_first_age) & (ages <= behaviour.entry_last_age)
    weight = work.people_end[..., FORMAL, :] * behaviour.staff_weight * entering
    whole = weight.sum(axis=cells, keepdims=True)
    share = np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0)
    return np.asarray(share * missing)


def cell_sum(values: Array) -> Array:
    """Sum over cells, (draw, 1, 1, 1)."""
    return np.asarray(values.sum(axis=(1, 2, 3), keepdims=True))


def everyone(values: Array) -> Array:
    """Sum over cohorts and cells of (cohort, draw, group, sex, age), (draw,)."""
    return np.asarray(values.sum(axis=0).sum(axis=(1, 2, 3)))


# The opening day --------------------------------------------------------------------------------


def group_weights(year: Year, groups: int) -> Array:
    """Weight of each group among the staff, (1, group, 1, 1) [1]."""
    weight = year.terms(PublicPensionBehaviour).staff_weight
    return np.broadcast_to(weight, (weight.shape[0], groups, 1, 1))


def solved_base_ratio(wanted_m: Array, work: Work, year: Year) -> Array:
    """Counted pay over the base wage at which the mean assessed base is the wanted one [1].

    wanted_m  (draw, 1, 1, 1) [yuan/month]  above the floor and below the cap
    A fixed number of halvings.
    """
    low, high = np.full_like(wanted_m, np.log(1e-2)), np.full_like(wanted_m, np.log(50.0))
    for _ in range(HALVINGS):
        middle = HALF * (low + high)
        below = assessed_base_m(np.exp(middle), work, year) < wanted_m
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(np.exp(HALF * (low + high)))


def opening_base_ratio(staff: Array, contributions: Array, work: Work, inputs: Inputs) -> Array:
    """Counted pay over the base wage at which the first year's contributions are met [1].

    staff          (draw, 1, 1, 1) [persons]  on the opening day
    contributions  (draw, 1, 1, 1) [yuan/year]  to the pension, of the first year
    Raises CalibrationError where they would need a base outside the limits of the law.
    """
    first = inputs.years[0]
    one = np.ones_like(staff)
    people = opening_staff(inputs, work, staff, one)
    done = staff_year(people, one, one, work, first, inputs)
    terms, behaviour = first.terms(PublicPensionTerms), first.terms(PublicPensionBehaviour)
    paying = cell_sum(done.person_years) * behaviour.enrolled_staff_share
    wanted = contributions / (paying * MONTHS * (terms.employer_rate + terms.employee_rate))
    floor, cap = work.references.floor_m, work.references.cap_m
    if np.any(wanted <= floor) or np.any(wanted >= cap):
        raise CalibrationError(
            f"{inputs.place.key}: public_pension.contributions: {contributions.mean():g} yuan "
            f"need a mean base of {wanted.mean():.0f} yuan a month; the law allows "
            f"{floor.mean():.0f} to {cap.mean():.0f}."
        )
    return solved_base_ratio(wanted, work, first)


def opening_people(inputs: Inputs, work: Work, total: Array) -> Array:
    """Staff of the opening day by cohort, (cohort, draw, group, sex, age) [persons].

    total  (draw, 1, 1, 1) [persons]
    The staff are spread over formal employees by the weight of the group and by the share of the
    ages of entry that a person has passed. Middle people entered before October 2014.
    """
    year = inputs.years[0]
    here, _ = passed(inputs, 0.0)
    waiting = 1.0 - year.schedule.before[..., CADRE, :]
    formal = work.people[..., FORMAL, :]
    weight = formal * group_weights(year, formal.shape[1]) * here * waiting
    people = total * weight / weight.sum(axis=(1, 2, 3), keepdims=True)
    entered, _ = passed(inputs, since_start(inputs))
    middle = np.divide(entered, here, out=np.zeros_like(here), where=here > 0)
    return np.stack([people * middle, people * (1.0 - middle)])


def since_start(inputs: Inputs) -> float:
    """Years from the start of the scheme to the opening day."""
    return inputs.first - START


def passed(inputs: Inputs, years_ago: float) -> tuple[Array, Array]:
    """Share of entry ages passed so many years ago, and mean years since, by age, (1, 1, 1, age).

    Entry is spread evenly over the ages of entry; the mean is over those who had entered.
    """
    behaviour = inputs.years[0].terms(PublicPensionBehaviour)
    first = behaviour.entry_first_age[..., None]
    last = behaviour.entry_last_age[..., None]
    entry = np.arange(101.0)
    chance = ((entry >= first) & (entry <= last)).astype(float)
    age = np.arange(101.0)[:, None] + HALF - years_ago
    entered = chance * (entry <= age)
    share = entered.sum(axis=-1) / chance.sum(axis=-1)
    years = (entered * np.maximum(age - entry, 0.0)).sum(axis=-1)
    heads = entered.sum(axis=-1)
    return share, np.divide(years, heads, out=np.zeros_like(years), where=heads > 0)


def opening_staff(inputs: Inputs, work: Work, total: Array, base_ratio: Array) -> Array:
    """Staff of the opening day with their rights, (quantity, cohort, draw, group, sex, age).

    Years before October 2014 are deemed service; since then each year counted at the index of
    the first year, and balances are past contributions at today's pay.
    Limits: recorded interest since 2014 is taken to have kept up with pay.
    """
    year = inputs.years[0]
    people = opening_people(inputs, work, total)
    one = credits(base_ratio, np.ones_like(base_ratio), work, year)
    elapsed = since_start(inputs)
    _, before = passed(inputs, elapsed)
    _, since = passed(inputs, 0.0)
    out = np.zeros((len(QUANTITIES), *people.shape))
    out[PEOPLE] = people
    out[YEARS, MIDDLE] = people[MIDDLE] * elapsed
    out[YEARS, NEW] = people[NEW] * np.minimum(since, elapsed)
    out[DEEMED_YEARS, MIDDLE] = people[MIDDLE] * before
    out[INDEX_YEARS] = out[YEARS] * one.index
    for quantity, credit in ((ACCOUNT, one.account), (NOTIONAL, one.notional)):
        out[quantity] = out[YEARS] * credit
    out[FUNDED] = out[YEARS] * one.funded
    return out


def opening_pensioners(inputs: Inputs, work: Work, total: Array) -> Array:
    """Pensioners of the opening day: old, middle, new, (cohort, draw, group, sex, age) [persons].

    total  (draw, 1, 1, 1) [persons]
    They are spread over pensioners of the cell past the date of cadres. Who was past it when the
    scheme began is old; nobody who entered since then has retired.
    """
    year = inputs.years[0]
    before = year.schedule.before[..., CADRE, :]
    pensioners = work.people[..., -1, :]
    weight = pensioners * before * group_weights(year, pensioners.shape[1])
    people = total * weight / weight.sum(axis=(1, 2, 3), keepdims=True)
    # Share of the cell that had reached the date when the scheme began: the date has not moved.
    past = earlier(before, since_start(inputs))
    old = np.divide(past, before, out=np.zeros_like(before), where=before > 0)
    old = np.minimum(old, 1.0)
    nobody = np.zeros_like(people)
    return np.stack([people * old, people * (1.0 - old), nobody])


def earlier(share: Array, years: float) -> Array:
    """A share by age, as the same people had it so many years ago; linear between ages."""
    whole = int(years)
    part = years - whole

    def shifted(by: int) -> Array:
        out = np.zeros_like(share)
        out[..., by:] = share[..., : share.shape[-1] - by]
        return out

    return np.asarray((1.0 - part) * shifted(whole) + part * shifted(whole + 1))


def line_of(inputs: Inputs, name: str, model: Array, pin: str, value: Array) -> Line:
    """A line of the report of the calibration."""
    entry: dict[str, Any] = moment(inputs, name) or {}
    return Line(
        moment=name,
        at=str(entry.get("at", "opening")),
        unit=str(entry.get("unit", "")),
        observed=float(target(inputs, name).mean()),
        model=float(model.mean()),
        constant=pin,
        value=float(value.mean()),
        kind=str(entry.get("kind", "")),
        evidence=str(entry.get("evidence", "")),
        source=str(entry.get("source", "")),
        note=str(entry.get("note", "")),
    )
