"""Who pays what in unemployment insurance: contributions, benefits, measures, and the account."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.axes import FLEXIBLE, FORMAL
from rssim.cohorts.earnings import collected_share
from rssim.cohorts.funds.account import (
    CONTRIBUTION,
    EMPLOYERS,
    EXPENDITURE,
    GOVERNMENTS,
    HOUSEHOLDS,
    Account,
    Payment,
    by_group,
    settled,
)
from rssim.cohorts.funds.unemployment_claims import (
    Claims,
    Found,
    flexible_share,
    insured_share,
)
from rssim.cohorts.funds.work import Work
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.contributions import assessed_base, base_limit, expected_assessed_base
from rssim.rules.unemployment import (
    benefit,
    contributions_by_payer,
    death_payment,
    medical_contributions,
    pension_contributions,
    retention_refund,
)
from rssim.rules.unemployment_terms import UnemploymentBehaviour, UnemploymentLaw

SECTOR = "unemployment insurance fund"
MEDICAL_FUND = "medical insurance fund"
PENSION_FUND = "employee pension fund"
MONTHS = 12
YOUNG = slice(16, 25)
"""Ages for whom the hiring grant is paid. Source: notice 39 of 2026 of the Ministry."""


@dataclass(frozen=True, eq=False)
class UnemploymentStocks:
    """What stands on 1 January.

    members        (state, bin, draw, group, sex, age) [persons]  insured and resting, by paid time
    recipients     (half year, draw, group, sex, age)  [persons]  by benefit that is left
    contributions  (draw, 1, 1, 1) [yuan/year]  of last year: what refunds are measured on
    balance        (draw, 1, 1, 1) [yuan]
    """

    members: Array
    recipients: Array
    contributions: Array
    balance: Array


@dataclass(frozen=True, eq=False)
class UnemploymentConstants(Found):
    """What the calibration found besides, (draw, 1, 1, 1).

    base_share  pay on which contributions are reckoned over pay, before floor and cap [1]
    other       other payments of an insured person over a month of the reference wage  [1/year]
    """

    base_share: Array
    other: Array


def flat(values: Array, like: Array) -> Array:
    """An amount by draw as (draw,)."""
    return np.array(np.broadcast_to(np.asarray(values).reshape(-1), like.shape))


def total(values: Array) -> Array:
    """Sum over cells, (draw,)."""
    return np.asarray(values.sum(axis=(1, 2, 3)))


def minimum_wage_m(year: Year) -> Array:
    """Minimum wage of the place, (draw, 1, 1, 1) [yuan/month]."""
    floor = year.labour_law
    return np.asarray(floor.minimum_wage_m * floor.minimum_wage_factor)


def benefit_m(year: Year, law: UnemploymentLaw) -> Array:
    """Benefit, (draw, 1, 1, 1) [yuan/month]."""
    return benefit(minimum_wage_m(year), law.benefit_share)


def bases(work: Work, year: Year, base_share: Array) -> Array:
    """Mean base of insured formal employees, (draw, group, sex, age) [yuan/month].

    base_share  (draw, 1, 1, 1) [1]
    Pay is lognormal within a cell and held person by person between floor and cap.
    """
    law = year.terms(UnemploymentLaw)
    declared = work.wage_m * (base_share * year.earnings.declared_share)
    return expected_assessed_base(
        declared, year.earnings.log_sd, base_floor_m(year, law), base_cap_m(law)
    )


def base_floor_m(year: Year, law: UnemploymentLaw) -> Array:
    """Floor of the base, (draw, 1, 1, 1) [yuan/month]."""
    return base_limit(minimum_wage_m(year), law.base_floor_ratio)


def base_cap_m(law: UnemploymentLaw) -> Array:
    """Cap of the base, (draw, 1, 1, 1) [yuan/month]."""
    return base_limit(law.on_post_wage_m, law.base_cap_ratio)


def insured_years(work: Work, year: Year, found: UnemploymentConstants) -> Array:
    """Insured formal employees, (draw, group, sex, age) [person-years]."""
    cover = insured_share(found, year)
    return np.asarray(cover * work.labour.person_years[..., FORMAL, :])


def income(
    work: Work, year: Year, found: UnemploymentConstants, base_m: Array
) -> dict[str, Payment]:
    """Contributions of employers, employees and flexible workers who joined.

    base_m  (draw, group, sex, age) [yuan/month]
    Flexible workers pay both shares on the base of their pension, within the limits. The relief of
    2020 held for pension, unemployment and work-injury insurance alike.
    """
    law, collected = year.terms(UnemploymentLaw), collected_share(year)
    paid_on = MONTHS * base_m * insured_years(work, year, found) * collected
    relief = year.pension.employer_relief_share
    employer, employee = contributions_by_payer(
        paid_on, law.employer_rate_in_force * (1.0 - relief), law.employee_rate
    )
    own_base = assessed_base(
        work.earnings.flexible_base_m, base_floor_m(year, law), base_cap_m(law)
    )
    years = flexible_share(year) * work.labour.person_years[..., FLEXIBLE, :]
    own = MONTHS * own_base * years * collected * law.both_rates
    return {
        "employer_contributions": Payment(by_group(employer), EMPLOYERS, SECTOR, CONTRIBUTION),
        "employee_contributions": Payment(by_group(employee), HOUSEHOLDS, SECTOR, CONTRIBUTION),
        "flexible_contributions": Payment(by_group(own), HOUSEHOLDS, SECTOR, CONTRIBUTION),
    }


def spending(
    stocks: UnemploymentStocks,
    claims: Claims,
    work: Work,
    year: Year,
    found: UnemploymentConstants,
) -> dict[str, Payment]:
    """What the fund pays, by name."""
    law, terms = year.terms(UnemploymentLaw), year.terms(UnemploymentBehaviour)
    wages = work.references
    medical_base = law.medical_base_ratio * wages.wage_m
    died = claims.paid / MONTHS * (1.0 - work.survival)
    insured = insured_years(work, year, found)
    small = terms.small_firm_share
    ratio = small * law.refund_small_ratio + (1.0 - small) * law.refund_large_ratio
    cells = {
        "benefits": (claims.paid * benefit_m(year, law), HOUSEHOLDS),
        "medical_contributions": (
            medical_contributions(medical_base, law.medical_rate, claims.paid),
            MEDICAL_FUND,
        ),
        "pension_contributions": (
            pension_contributions(wages.floor_m, law.pension_contribution_rate, claims.near),
            PENSION_FUND,
        ),
        "death_grants": (
            died * death_payment(law.on_post_wage_m, law.funeral_months, law.survivor_months),
            HOUSEHOLDS,
        ),
        "retention_refunds": (
            retention_refund(stocks.contributions, ratio, terms.refund_reach),
            EMPLOYERS,
        ),
        "hiring_grants": (young_hires(work) * terms.hiring_reach * law.hiring_grant, EMPLOYERS),
        "skill_grants": (insured * terms.skill_rate * law.skill_grant, HOUSEHOLDS),
        "other_payments": (insured * other_per_head(work, terms, found.other), HOUSEHOLDS),
    }
    return {
        name: Payment(by_group(amount), SECTOR, payee, EXPENDITURE)
        for name, (amount, payee) in cells.items()
    }


def other_per_head(work: Work, terms: UnemploymentBehaviour, other: Array) -> Array:
    """Other payments of an insured person, (draw, 1, 1, 1) [yuan/year]: they follow wages."""
    return np.asarray(other * terms.other_scale * work.references.wage_m)


def young_hires(work: Work) -> Array:
    """Hires at the ages of the hiring grant, (draw, group, sex, age) [persons/year]."""
    out = np.zeros_like(work.labour.hires)
    out[..., YOUNG] = work.labour.hires[..., YOUNG]
    return out


def settled_year(
    stocks: UnemploymentStocks,
    claims: Claims,
    base_m: Array,
    work: Work,
    year: Year,
    found: UnemploymentConstants,
) -> Account:
    """The fund's year in money.

    base_m  (draw, group, sex, age) [yuan/month]  see bases
    """
    opening = stocks.balance[:, 0, 0, 0]
    return settled(
        SECTOR,
        opening,
        income(work, year, found, base_m) | spending(stocks, claims, work, year, found),
        flat(year.economy.fund_return, opening),
        GOVERNMENTS[year.pension.dry_fund_payer],
    )
