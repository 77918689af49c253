"""The flows of a year of the residents' pension, on totals by cell.

Source: State Council Document 8 of 2014; see `rules/residents_pension.py` for each article.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.axes import PENSIONER
from rssim.cohorts.funds.residents_stocks import (
    ABSENT,
    ABSENT_BALANCE,
    ABSENT_YEARS,
    ACCOUNT_PENSION,
    BALANCE,
    EXTRA_YEARS,
    MEMBERS,
    OUTSIDE,
    RECIPIENT_BALANCE,
    RECIPIENTS,
    YEARS,
    ResidentsStocks,
)
from rssim.cohorts.funds.work import Work
from rssim.cohorts.population import lived_share
from rssim.errors import ParameterError
from rssim.records import Array
from rssim.rules import residents_pension as law
from rssim.rules.residents_pension_terms import (
    ResidentsPensionBehaviour,
    ResidentsPensionTerms,
)

MONTHS = 12
HALF = 0.5
TINY = 1e-12
FIRST_AGE = 16
AGES = np.arange(101.0)


def ratio(part: Array, whole: Array) -> Array:
    """A ratio; nothing of nothing."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    return np.divide(part, whole, out=np.zeros(shape), where=np.broadcast_to(whole, shape) > TINY)


def total(values: Array) -> Array:
    """Sum over cells, (draw,)."""
    return np.asarray(values.sum(axis=(1, 2, 3)))


@dataclass(frozen=True, eq=False)
class Paying:
    """What a member pays in the mean, (draw, 1, 1, 1).

    payers     share of members who pay in the year                       [1]
    own, subsidy  own contribution and subsidy, members who do not pay count 0  [yuan/year]
    lowest     lowest tier on offer                                       [yuan/year]
    """

    payers: Array
    own: Array
    subsidy: Array
    lowest: Array


def paying(
    willing: Array, terms: ResidentsPensionTerms, behaviour: ResidentsPensionBehaviour
) -> Paying:
    """Tiers chosen and what they bring.

    willing  (draw, 1, 1, 1) [yuan/year]  mean of what people would pay at the listed subsidy
    """
    check_tiers(terms)
    factor = terms.subsidy_factor
    moved = willing * (1.0 + behaviour.subsidy_response * (factor - 1.0))
    tiers = law.offered_tiers(terms.tiers, terms.tier_level, terms.minimum_tier)
    shares = law.tier_shares(
        moved, behaviour.willingness_log_sd, tiers, behaviour.minimum_tier_stretch
    )
    shares = shares * behaviour.paying_share[..., None]
    limits = np.moveaxis(terms.tiers * terms.tier_level[..., None], -1, 0)
    amounts = np.moveaxis(terms.subsidies * (terms.tier_level * factor)[..., None], -1, 0)
    subsidies = law.contribution_subsidy(
        tiers, [row[..., None] for row in limits], [row[..., None] for row in amounts]
    )
    return Paying(
        payers=shares.sum(axis=-1),
        own=(shares * tiers).sum(axis=-1),
        subsidy=(shares * subsidies).sum(axis=-1),
        lowest=tiers[..., 0],
    )


def check_tiers(terms: ResidentsPensionTerms) -> None:
    """Raises ParameterError where tiers do not rise, or have no subsidy each."""
    tiers, subsidies = terms.tiers, terms.subsidies
    faults = []
    if len(tiers) != len(subsidies):
        faults.append(
            f"residents_pension.subsidies: {len(subsidies)} amounts are given for {len(tiers)} "
            "tiers; each tier needs one."
        )
    falls = np.flatnonzero(np.diff(tiers) <= 0)
    faults += [
        f"residents_pension.tiers: tier {at + 2} ({tiers[at + 1]:g} yuan) is not above tier "
        f"{at + 1} ({tiers[at]:g} yuan); tiers must rise."
        for at in falls
    ]
    if faults:
        raise ParameterError(faults)


@dataclass(frozen=True, eq=False)
class Basic:
    """Basic pension by payer and what comes on top, (draw, 1, 1, 1 or age) [yuan/month].

    local    other parts of pensions in payment, see the opening
    by_age   supplement for high age
    """

    nation: Array
    province: Array
    city: Array
    local: Array
    by_age: Array

    @property
    def law(self) -> Array:
        """The amount that the law sets for everyone."""
        return self.nation + self.province + self.city

    @property
    def each(self) -> Array:
        """What a recipient of an age gets."""
        return self.law + self.local + self.by_age


def basic_pension(terms: ResidentsPensionTerms, local: Array) -> Basic:
    """The basic pension of a year."""
    factor = terms.basic_factor
    nation, province, city = law.basic_pension_by_payer(
        terms.basic_national_m * factor,
        terms.basic_provincial_m * factor,
        terms.basic_city_m * factor,
        terms.nation_share,
        terms.province_share,
    )
    return Basic(nation, province, city, local, terms.age_supplement_m)


@dataclass(frozen=True, eq=False)
class Claims:
    """Who claims among the members of 1 January, (draw, group, sex, age).

    share       of the members who claim                              [1]
    years_share of the members' years that are theirs                 [1]
    bought      missing years that are paid at once                   [person-years]
    years       years of those who claim, bought ones included        [person-years]
    extra       years beyond the minimum                              [person-years]
    """

    share: Array
    years_share: Array
    bought: Array
    years: Array
    extra: Array


def claims(
    members: Array,
    years: Array,
    calendar: int,
    terms: ResidentsPensionTerms,
    behaviour: ResidentsPensionBehaviour,
) -> Claims:
    """Claims of those who reach the pension age in the year, or reached it before.

    members  (draw, group, sex, age) [persons]       on 1 January
    years    (draw, group, sex, age) [person-years]  with those paid in the year
    Limits: years lie evenly around the mean of a cell again in each year.
    """
    due = np.clip(AGES + 2.0 - terms.pension_age, 0.0, 1.0)
    start_age = AGES + 1.0 - (calendar - terms.scheme_start)
    needed = law.required_years(start_age, terms.pension_age, terms.minimum_years)
    spread = behaviour.years_spread
    mean = ratio(years, members)
    has = law.share_with_years(mean, spread, needed)
    long = law.share_with_years(mean, spread, terms.minimum_years)
    upper, lower = law.years_of_upper(mean, spread, has), law.years_of_lower(mean, spread, has)
    pays_up = (1.0 - has) * behaviour.pay_up_share
    missing = np.maximum(needed - lower, 0.0)
    share = due * (has + pays_up)
    held = due * (has * upper + pays_up * lower)
    bought = members * due * pays_up * missing
    beyond = law.long_contribution_supplement(
        law.years_of_upper(mean, spread, long), terms.minimum_years, np.ones(1)
    )
    return Claims(
        share=share,
        years_share=np.where(mean > TINY, np.minimum(ratio(held, mean), 1.0), share),
        bought=bought,
        years=members * held + bought,
        extra=members * due * long * beyond,
    )


@dataclass(frozen=True, eq=False)
class Money:
    """The year's money by cell, (draw, group, sex, age) [yuan/year]."""

    own: Array
    subsidy: Array
    back: Array
    land: Array
    interest: Array
    basic: Array
    account: Array
    drawn: Array
    funeral: Array
    inherited: Array
    settled: Array
    arrived: Array


@dataclass(frozen=True, eq=False)
class Lived:
    """A year before people change place and scheme.

    cells    (quantity, draw, group, sex, age)  survivors at the age reached
    new      recipients who claimed, deaths  (draw, group, sex, age) [persons/year]
    recipient_years  (draw, group, sex, age) [person-years]
    """

    cells: Array
    money: Money
    new: Array
    recipient_years: Array
    member_deaths: Array
    recipient_deaths: Array
    settled_people: Array
    arrived_people: Array


def lived(
    stocks: ResidentsStocks,
    pay: Paying,
    basic: Basic,
    work: Work,
    calendar: int,
    terms: ResidentsPensionTerms,
    behaviour: ResidentsPensionBehaviour,
) -> Lived:
    """Members pay and claim, pensions are paid, people die and grow a year older."""
    cells, alive = stocks.cells, work.survival
    rate, span = terms.account_interest_rate, lived_share(alive)
    divisor = terms.account_divisor / MONTHS
    members, recipients = cells[MEMBERS], cells[RECIPIENTS]
    years = cells[YEARS] + members * pay.payers
    found = claims(members, years, calendar, terms, behaviour)
    claiming = members * found.share
    gain = law.account_gain(pay.own, 0.0, pay.subsidy)

    # Claimants pay the year's tier, then draw half a year in the mean.
    back = found.bought * pay.lowest
    granted = found.years_share * cells[BALANCE] * (1.0 + HALF * rate) + claiming * gain + back
    granted_pension = granted / divisor
    part = HALF * HALF * (1.0 + alive)
    fresh_drawn = granted_pension * part
    fresh_interest = rate * HALF * (granted - HALF * fresh_drawn)
    fresh = granted - fresh_drawn + fresh_interest

    # The other members; those who die before the end of the year earn no full year's interest.
    kept = (1.0 - found.years_share) * cells[BALANCE]
    credit = (members - claiming) * gain
    grown = alive * (kept * (1.0 + rate) + credit * (1.0 + HALF * rate))
    lost = (1.0 - alive) * kept + (span - alive) * (kept * rate + credit)
    staying_interest = kept * rate * span + credit * alive * HALF * rate

    # Accounts of people in the employee scheme wait until the pension age.
    due = np.clip(AGES + 2.0 - terms.pension_age, 0.0, 1.0)
    waiting = (1.0 - due) * cells[ABSENT_BALANCE]
    paid_out = due * cells[ABSENT_BALANCE] * (1.0 + HALF * rate)
    absent_lost = (1.0 - alive) * waiting + (span - alive) * waiting * rate
    absent_interest = waiting * rate * span + due * cells[ABSENT_BALANCE] * HALF * rate

    # Recipients of 1 January; a pension goes on when the account is empty.
    owed = cells[ACCOUNT_PENSION] * span
    drawn = np.minimum(owed, cells[RECIPIENT_BALANCE])
    old_interest = rate * (cells[RECIPIENT_BALANCE] - HALF * drawn)
    left = cells[RECIPIENT_BALANCE] - drawn + old_interest

    # Leavers of the employee scheme bring years and account; see `movement` of the law.
    coming = behaviour.short_leavers_share * work.pension.short_people
    coming_years = law.years_after_move(
        np.zeros(1),
        behaviour.short_leavers_share * work.pension.short_years,
        terms.employee_years_counted,
    )
    arrived = work.pension.moved_to_residents

    end = np.empty_like(cells)
    end[MEMBERS] = alive * (members - claiming + coming)
    end[YEARS] = alive * (years + found.bought - found.years + coming_years)
    end[BALANCE] = law.account_after_move(grown, alive * arrived)
    end[ABSENT] = alive * (1.0 - due) * cells[ABSENT]
    end[ABSENT_YEARS] = alive * (1.0 - due) * cells[ABSENT_YEARS]
    end[ABSENT_BALANCE] = alive * waiting * (1.0 + rate)
    end[RECIPIENTS] = alive * (recipients + claiming)
    end[RECIPIENT_BALANCE] = alive * (left + fresh)
    end[ACCOUNT_PENSION] = alive * (cells[ACCOUNT_PENSION] + granted_pension)
    end[EXTRA_YEARS] = alive * (cells[EXTRA_YEARS] + found.extra)
    end[OUTSIDE] = alive * cells[OUTSIDE]
    land = land_credits(end, terms, behaviour)
    heads = end[MEMBERS] + end[RECIPIENTS]
    to_recipients = land * ratio(end[RECIPIENTS], heads)
    end[BALANCE] += land - to_recipients
    end[RECIPIENT_BALANCE] += to_recipients
    end[ACCOUNT_PENSION] += to_recipients / divisor

    dying = (1.0 - alive) * (recipients + claiming)
    old_years, new_years = recipients * span, claiming * part
    extra = MONTHS * terms.long_years_supplement_m
    money = Money(
        own=(claiming + (members - claiming) * span) * pay.own,
        subsidy=(claiming + (members - claiming) * span) * pay.subsidy,
        back=back,
        land=land,
        interest=fresh_interest
        + HALF * rate * found.years_share * cells[BALANCE]
        + staying_interest
        + absent_interest
        + old_interest,
        basic=MONTHS * basic.each * (old_years + new_years)
        + extra * (cells[EXTRA_YEARS] * span + found.extra * part),
        account=owed + fresh_drawn,
        drawn=drawn + fresh_drawn,
        funeral=dying * terms.funeral_months * basic.law,
        inherited=lost + absent_lost + (1.0 - alive) * (left + fresh + arrived),
        settled=paid_out,
        arrived=arrived,
    )
    return Lived(
        cells=_aged(end),
        money=money,
        new=claiming,
        recipient_years=old_years + new_years,
        member_deaths=(1.0 - alive) * (members - claiming + coming + (1.0 - due) * cells[ABSENT]),
        recipient_deaths=dying,
        settled_people=due * cells[ABSENT],
        arrived_people=coming,
    )


def land_credits(
    end: Array, terms: ResidentsPensionTerms, behaviour: ResidentsPensionBehaviour
) -> Array:
    """Money set aside for farmers whose land is taken, by cell [yuan/year].

    It is spread over members and recipients alike, who are those entitled.
    """
    heads = end[MEMBERS] + end[RECIPIENTS]
    each = law.land_credit_to_account(
        law.land_credit(terms.land_amount_m, terms.land_months), AGES, float(FIRST_AGE)
    )
    share = ratio(heads, heads.sum(axis=(1, 2, 3), keepdims=True))
    return np.asarray(behaviour.land_persons * each * share)


def _aged(end: Array) -> Array:
    """One age further; the open group collects."""
    out = np.zeros_like(end)
    out[..., 1:] = end[..., :-1]
    out[..., -1] += end[..., -1]
    return out


def outside(people: Array, rate: Array) -> Array:
    """People who neither contribute to nor draw the employee pension, (draw, group, sex, age).

    people  (draw, group, sex, status, age)
    rate    (draw, group, sex, age) [1]  contributors of the employee scheme per person
    """
    waiting = people[..., :PENSIONER, :].sum(axis=-2)
    return np.asarray(np.maximum(waiting - rate * people.sum(axis=-2), 0.0))


def contributing_rate(work: Work) -> Array:
    """Contributors of the employee scheme per person by age on 1 January [1]."""
    return ratio(work.pension.contributing_members, work.people.sum(axis=-2))


def may_join(terms: ResidentsPensionTerms) -> Array:
    """Share of the people of an age outside the employee scheme who may join [1]."""
    below = np.clip(terms.pension_age - AGES, 0.0, 1.0)
    return np.asarray(terms.eligible_share * below * (FIRST_AGE <= AGES))


def take_up(level: Array, behaviour: ResidentsPensionBehaviour) -> Array:
    """Share of those who may join who are members, by age [1].

    level  (draw, 1, 1, 1) [1]  take-up without outreach at ages of full take-up
    """
    profile = behaviour.take_up_profile
    base = np.minimum(level, 1.0)
    highest = np.maximum(behaviour.take_up_ceiling, base)
    response = -np.log1p(-behaviour.outreach_response)
    return np.asarray(profile * law.take_up(base, behaviour.outreach, response, highest))


def changed(
    cells: Array,
    now: Array,
    entitled: Array,
    level: Array,
    terms: ResidentsPensionTerms,
    behaviour: ResidentsPensionBehaviour,
) -> tuple[Array, Array]:
    """Cells after people start in the employee scheme and others join, and who is new.

    now, entitled  (draw, group, sex, age) [persons]  outside the employee scheme at the end of the
        year, and those of them who may join
    Members of a cell that loses people to the employee scheme go along in a given ratio and leave
    their account behind; who comes back finds it again. Nobody is sent away when take-up falls.
    """
    out = cells.copy()
    members, then = cells[MEMBERS], cells[OUTSIDE]
    young = np.clip(terms.pension_age - AGES, 0.0, 1.0)
    fall = np.where(then > TINY, np.clip(1.0 - ratio(now, then), 0.0, 1.0), 0.0)
    stay = np.minimum(members * (1.0 - behaviour.exit_ratio * fall), np.maximum(now, 0.0))
    stay = young * stay + (1.0 - young) * members
    kept = np.where(members > TINY, ratio(stay, members), 1.0)
    for here, away in ((MEMBERS, ABSENT), (YEARS, ABSENT_YEARS), (BALANCE, ABSENT_BALANCE)):
        out[away] += cells[here] * (1.0 - kept)
        out[here] = cells[here] * kept
    wanted = entitled * take_up(level, behaviour)
    joining = np.maximum(wanted - out[MEMBERS], 0.0)
    back = np.minimum(joining, out[ABSENT])
    share = ratio(back, out[ABSENT])
    for here, away in ((YEARS, ABSENT_YEARS), (BALANCE, ABSENT_BALANCE)):
        out[here] += out[away] * share
        out[away] = out[away] * (1.0 - share)
    out[ABSENT] = out[ABSENT] - back
    out[MEMBERS] = out[MEMBERS] + joining
    out[OUTSIDE] = now
    return out, joining - back
