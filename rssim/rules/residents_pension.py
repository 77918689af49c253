"""The pension of urban and rural residents: tiers, subsidies, award, and moving between schemes.

Source: State Council Document 8 of 2014; for moving between schemes Document 17 of 2014 of the
Ministry of Human Resources and Social Security (recalled); for land that is taken, the measures
of Guangdong of 2010 and 2021 (recalled). The pension age of this scheme, 60, is not raised.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssim.rules.elementwise import Array, Booleans, Condition, Value, as_floats, share_below, where
from rssim.rules.schedules import of_band

# Years that are spread over less than this are the same for all.
_NARROW = 1e-9

# -- Contributions -------------------------------------------------------------------------------


def contribution_tier(affordable: Value, tiers: Sequence[Value]) -> Array:
    """Tier that a person pays [yuan/year]: the highest that is affordable; 0 below the lowest.

    affordable  [yuan/year]  what the person is willing to pay
    tiers       [yuan/year]  tiers in force, rising
    """
    return of_band(affordable, tiers, (0.0, *tiers))


def offered_tiers(tiers: Value, level: Value, minimum: Value) -> Array:
    """Tiers that may be chosen [yuan/year]: the list at its level, none below the minimum.

    tiers    (n,) [yuan/year]  list of the law, rising
    level    [1]               of the list against the law's, one number for each draw
    minimum  [yuan/year]       lowest tier that may be chosen
    Returns (..., n); tiers below the minimum stand at it, so that they have no width of their own.
    """
    raised = as_floats(tiers) * as_floats(level)[..., np.newaxis]
    return as_floats(np.maximum(raised, as_floats(minimum)[..., np.newaxis]))


def tier_shares(willing: Value, log_sd: Value, tiers: Value, stretch: Value) -> Array:
    """Share of people who pay each tier [1]; what is missing to 1 pays nothing.

    Everyone pays the highest tier that is not above what he is willing to pay, see
    `contribution_tier`; who is willing to pay less than the lowest pays that as long as it is not
    more than so many times what he is willing to pay.

    willing    (...) [yuan/year]  mean of what people are willing to pay, lognormal
    log_sd     (...) [log points]
    tiers      (..., n) [yuan/year]  rising, see `offered_tiers`
    stretch    (...) [1]            largest ratio of the lowest tier to what one is willing to pay
    Limits: willingness is an assumption on behaviour; the law sets the list only.
    """
    tiers = as_floats(tiers)
    below = share_below(
        as_floats(willing)[..., np.newaxis], as_floats(log_sd)[..., np.newaxis], tiers
    )
    out = np.diff(below, axis=-1, append=1.0)
    gives_up = share_below(willing, log_sd, tiers[..., 0] / stretch)
    out[..., 0] += below[..., 0] - gives_up
    return as_floats(out)


def contribution_subsidy(tier: Value, limits: Sequence[Value], subsidies: Sequence[Value]) -> Array:
    """Subsidy of the budget to the account for a year's contribution [yuan/year].

    subsidies[k] from limits[k] on; 0 below limits[0], so that nobody is paid for paying nothing

    tier       [yuan/year]  contribution paid
    limits     [yuan/year]  rising; the nation sets 100 and 500 as least
    subsidies  [yuan/year]  as many; the nation sets 30 and 60 as least
    Source: State Council Document 8 of 2014, section 4.
    """
    return of_band(tier, limits, (0.0, *subsidies))


def account_gain(contribution: Value, collective_aid: Value, subsidy: Value) -> Array:
    """What a year adds to the account [yuan/year]: own tier, collective aid and subsidy.

    Interest: `accounts.account_after_full_year` with a factor of 1 credits at mid-year.
    """
    return as_floats(as_floats(contribution) + collective_aid + subsidy)


def take_up(base_share: Value, outreach: Value, response: Value, ceiling: Value) -> Array:
    """Share of the people entitled to join who do [1].

    ceiling - (ceiling - base_share) exp(-response outreach)

    base_share  [1]           without further outreach
    outreach    [contacts]    contacts per person entitled, beyond those of the base
    response    [1/contact]   share of the gap that a first contact closes
    ceiling     [1]           share that outreach can reach at most, not below base_share
    Limits: the form and its response are assumptions on behaviour, not law.
    """
    gap = as_floats(ceiling) - base_share
    return as_floats(ceiling - gap * np.exp(-as_floats(response) * outreach))


# -- Award ---------------------------------------------------------------------------------------


def required_years(age_at_start: Value, pension_age: Value, minimum_years: Value) -> Array:
    """Contribution years that a pension requires [year].

    clip(pension_age - age_at_start, 0, minimum_years)

    age_at_start   [year]  age when the scheme began at the place; the old need fewer years
    pension_age    [year]  60
    minimum_years  [year]  15
    Source: State Council Document 8 of 2014, section 6.
    """
    left = as_floats(pension_age) - age_at_start
    return as_floats(np.minimum(minimum_years, np.maximum(0.0, left)))


def share_with_years(mean: Value, spread: Value, needed: Value) -> Array:
    """Share of people who have at least so many years [1].

    Years are spread evenly between mean (1 - spread) and mean (1 + spread):
    clip((mean (1 + spread) - needed) / (2 mean spread), 0, 1)

    mean, needed  [year]
    spread        [1]     0 to 1; at 0 all have the mean
    Limits: an even spread is an assumption; it has closed forms for every part.
    """
    width = 2.0 * as_floats(mean) * spread
    above = as_floats(mean) * (1.0 + as_floats(spread)) - needed
    is_spread = width > _NARROW
    share = np.clip(above / np.where(is_spread, width, 1.0), 0.0, 1.0)
    return where(is_spread, share, np.where(above >= 0.0, 1.0, 0.0))


def years_of_upper(mean: Value, spread: Value, share: Value) -> Array:
    """Mean years of the share of people who have most of them [year]; see `share_with_years`."""
    return as_floats(as_floats(mean) * (1.0 + as_floats(spread) * (1.0 - as_floats(share))))


def years_of_lower(mean: Value, spread: Value, share: Value) -> Array:
    """Mean years of those who are not in the upper share [year]; see `share_with_years`."""
    return as_floats(as_floats(mean) * (1.0 - as_floats(spread) * as_floats(share)))


def eligible(age: Value, years: Value, pension_age: Value, required_years: Value) -> Booleans:
    """Whether a member may draw the pension; all in years."""
    is_old = as_floats(age) >= as_floats(pension_age)
    return np.asarray(is_old & (as_floats(years) >= as_floats(required_years)), dtype=np.bool_)


def basic_pension_by_payer(
    national: Value,
    provincial: Value,
    city: Value,
    nation_share: Value,
    province_share: Value,
) -> tuple[Array, Array, Array]:
    """Basic pension by payer: nation, province, city [yuan/month].

    A province may raise the amount of the nation, a city that of the province; nobody may lower
    it. The nation pays its share of its own amount; of what is then missing up to the amount of
    the province, the province pays its share; the city pays the rest.

    national, provincial, city  [yuan/month]  basic pension that each has set
    nation_share                [1]           1 in the centre and west, 0.5 in the east
    province_share              [1]           set by the province, by class of city
    Source: State Council Document 8 of 2014, section 4. Limits: Guangdong's shares by class of
    city are not at hand.
    """
    provincial = np.maximum(national, as_floats(provincial))
    city = np.maximum(provincial, as_floats(city))
    by_nation = as_floats(national) * nation_share
    by_province = (provincial - by_nation) * province_share
    return as_floats(by_nation), as_floats(by_province), as_floats(city - by_nation - by_province)


def long_contribution_supplement(
    years: Value, minimum_years: Value, amount_per_year: Value
) -> Array:
    """Addition to the basic pension for years beyond the minimum [yuan/month].

    amount_per_year  [yuan/month/year]  of the province or the city
    """
    return as_floats(amount_per_year * np.maximum(0.0, as_floats(years) - minimum_years))


def residents_pension(basic: Value, supplement: Value, balance: Value, divisor: Value) -> Array:
    """Pension of a resident [yuan/month], for life.

    basic + supplement + balance / divisor

    basic       [yuan/month]  in force at the place; see `basic_pension_by_payer`
    supplement  [yuan/month]  for long contribution or high age; 0 where there is none
    balance     [yuan]        account at award
    divisor     [month]       139, whatever the age of award
    Source: State Council Document 8 of 2014, section 5.
    """
    return as_floats(as_floats(basic) + supplement + as_floats(balance) / divisor)


def death_payment(balance: Value, funeral_aid: Value) -> Array:
    """Payment at a member's death [yuan]: the account, inherited, and the city's funeral aid."""
    return as_floats(as_floats(balance) + funeral_aid)


# -- Moving to the employee scheme and back ------------------------------------------------------


def moves_to_employee_scheme(employee_months: Value, minimum_months: Value) -> Booleans:
    """Whether a member of both schemes draws the employee pension at its statutory age.

    If so, the residents' account moves over; if not, the employee account moves here. Both in
    months; the minimum is that of the employee scheme.
    Source: Document 17 of 2014, article 3.
    """
    return np.asarray(as_floats(employee_months) >= as_floats(minimum_months), dtype=np.bool_)


def account_after_move(account_there: Value, account_moved: Value) -> Array:
    """Account in the scheme that pays [yuan]: both accounts, added.

    Source: Document 17 of 2014, articles 5 and 6. Pooled contributions do not move.
    """
    return as_floats(as_floats(account_there) + account_moved)


def years_after_move(years_there: Value, years_moved: Value, counted_share: Value) -> Array:
    """Contribution years in the scheme that pays [year].

    counted_share  [1]  0 for residents' years in the employee scheme, 1 for employee years here
    Source: Document 17 of 2014, articles 5 and 6.
    """
    return as_floats(as_floats(years_there) + counted_share * as_floats(years_moved))


def refund_of_double_years(contributions: Value, overlap_share: Value) -> Array:
    """Own residents' contributions given back for years paid in both schemes [yuan].

    contributions  [yuan]  own contributions to the residents' scheme, without subsidies
    overlap_share  [1]     part of them that was paid for months insured in the employee scheme
    Source: Document 17 of 2014, article 7.
    """
    return as_floats(contributions * overlap_share)


def last_month_to_join(retirement_month: Value, months_paid: Value, minimum_months: Value) -> Array:
    """Last month in which joining the employee scheme still leads to its pension [month index].

    retirement_month - max(0, minimum_months - months_paid)

    retirement_month  month index of the statutory age, see `retirement.month_index`
    months_paid       [month]  already paid in the employee scheme
    Limits: without late retirement or payment of missing months at once.
    """
    missing = np.maximum(0.0, as_floats(minimum_months) - months_paid)
    return as_floats(retirement_month - missing)


# -- Farmers whose land is taken -----------------------------------------------------------------


def land_credit(amount_m: Value, months: Value) -> Array:
    """Money that is set aside for a farmer whose land is taken [yuan], once, before approval.

    amount_m  [yuan/month]  120 in areas of class 1 (2010)
    months    [month]       180
    Source: Guangdong Office Document 41 of 2010, recalled and superseded: a lower bound.
    """
    return as_floats(amount_m * as_floats(months))


def land_credit_to_account(credit: Value, age: Value, minimum_age: Value) -> Array:
    """Part of the land credit that goes to a person's account [yuan]: 0 below the age of 16."""
    is_member: Condition = as_floats(age) >= as_floats(minimum_age)
    return where(is_member, credit, 0.0)
