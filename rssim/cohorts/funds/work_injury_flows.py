"""What happens in work-injury insurance in a year: premium rates, who is hurt, what it brings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.axes import FLEXIBLE, FORMAL
from rssim.cohorts.funds import work_injury_tail as tail
from rssim.cohorts.funds.work import Work
from rssim.errors import ParameterError
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules import work_injury as law
from rssim.rules.contributions import base_limit, expected_assessed_base
from rssim.rules.fund import reserve_months
from rssim.rules.work_injury_terms import WorkInjuryBehaviour, WorkInjuryTerms

MONTHS = 12
SEVERE = 6
"""Grades 1 to 6: unable or hardly able to work; the law gives them a monthly allowance."""
ROUNDING = 1e-9
CELLS = (1, 2, 3)


@dataclass(frozen=True, eq=False)
class WorkInjuryStocks:
    """What stands on 1 January.

    people   (kind, draw, group, sex, age) [persons]  the long tail, see work_injury_tail.KINDS
    amounts  (paid kind, draw, group, sex, age) [yuan/year]  monthly benefits of the fund
    balance  (draw, 1, 1, 1) [yuan]
    spent, premiums  (draw, 1, 1, 1) [yuan/year]  last year's, which the law looks back on; what was
                     waived counts as paid
    """

    people: Array
    amounts: Array
    balance: Array
    spent: Array
    premiums: Array


@dataclass(frozen=True, eq=False)
class WorkInjuryConstants:
    """What the calibration found, (draw, 1, 1, 1).

    coverage         insured share of formal employees
    declared_share   declared payroll over the wage bill
    frequency        injuries per insured person in class 3 [1/year]
    treatment_scale  cost of treatment relative to the assumed one
    """

    coverage: Array
    declared_share: Array
    frequency: Array
    treatment_scale: Array


@dataclass(frozen=True, eq=False)
class Rates:
    """The year's premium rates, (draw, 1, 1, 1) [1].

    mean, first  of all classes and of class 1
    waived       part of the mean that is waived
    cut          share by which rates are cut while the reserve is large
    """

    mean: Array
    first: Array
    waived: Array
    cut: Array


@dataclass(frozen=True, eq=False)
class Injured:
    """Who was hurt in a year, (draw, group, sex, age).

    insured   person-years of employees
    platform  person-years of platform workers
    formal, riders, posted  injuries of employees, platform workers and the group in Nansha
    severity  (draw, 1, 1, 1) factor on deaths and grades 1 to 6 of employees
    benefit_wage_m  [yuan/month]  declared wage between the limits of the law
    """

    insured: Array
    platform: Array
    formal: Array
    riders: Array
    posted: Array
    severity: Array
    benefit_wage_m: Array


def scalar(values: Array) -> Array:
    """A sum over cells with the axes kept, (draw, 1, 1, 1)."""
    return np.asarray(values.sum(axis=CELLS, keepdims=True))


def insured_share(year: Year, found: WorkInjuryConstants) -> Array:
    """Share of formal employees who are insured, (draw, 1, 1, 1) [1].

    Raises ParameterError where a scenario asks for more than all of them.
    """
    factor = year.terms(WorkInjuryBehaviour).coverage_factor
    level = found.coverage * factor
    if np.any(level > 1.0 + ROUNDING):
        most = float(factor.max())
        raise ParameterError(
            f"work_injury_behaviour.coverage_factor: {most:g} in {year.year} would insure "
            f"{100 * float(level.max()):.1f} % of formal employees; at most "
            f"{most / float(level.max()):.4g} is possible."
        )
    return np.asarray(level)


def class_weights(terms: WorkInjuryTerms, behaviour: WorkInjuryBehaviour) -> tuple[float, float]:
    """Injuries per person over those of class 3, and severity per injury, means of classes [1]."""
    injuries = terms.class_shares * behaviour.class_frequency
    frequency = float(injuries.sum())
    return frequency, float((injuries * behaviour.class_severity).sum()) / frequency


def lump_months(
    behaviour: WorkInjuryBehaviour, months: Array, severity: Array | float
) -> tuple[Array, Array]:
    """Months of a lump sum per injury: of grades 1 to 6 with their severity, and of 7 to 10."""
    by_grade = behaviour.grade_shares * months
    return np.asarray(severity * by_grade[:SEVERE].sum()), np.asarray(by_grade[SEVERE:].sum())


def premium_rates(stocks: WorkInjuryStocks, year: Year, light: Array, severe: Array) -> Rates:
    """The year's premium rates: class rates, floated, cut while the reserve is large.

    light, severe  (draw, 1, 1, 1) [yuan]  cost of an injury, see reckoned_costs

    A class's firms have last year's ratio of benefits to premiums, times the class's share of
    costs over its share of premiums at base rates.
    """
    terms, behaviour = year.terms(WorkInjuryTerms), year.terms(WorkInjuryBehaviour)
    base = terms.class_shares * terms.class_rates
    cost = terms.class_shares * behaviour.class_frequency
    cost = cost * (light + severe * behaviour.class_severity)
    cost_share = cost / cost.sum(axis=-1, keepdims=True)
    premium_share = base / base.sum()
    overall = np.divide(
        stocks.spent, stocks.premiums, out=np.ones_like(stocks.spent), where=stocks.premiums > 0
    )
    ratio = overall * np.divide(
        cost_share, premium_share, out=np.zeros_like(cost_share), where=premium_share > 0
    )
    limits = tuple(terms.floating_limits)
    spread = behaviour.floating_spread
    factor = law.expected_floating_factor(ratio, spread, limits, tuple(terms.floating_factors))
    upper = law.expected_floating_factor(
        ratio[..., :1], spread, limits[-2:], tuple(terms.floating_factors_first)
    )
    factor = np.concatenate([upper, factor[..., 1:]], axis=-1)
    factor = 1.0 + terms.floating_in_force * (factor - 1.0)
    months = reserve_months(stocks.balance, np.maximum(stocks.spent, 1.0))
    cut = terms.cut_in_force * law.reserve_cut(
        months, tuple(terms.cut_limits), tuple(terms.cut_shares)
    )
    by_class = law.premium_rate(terms.class_rates * terms.rate_factor, factor, cut)
    mean = law.mean_class_rate(terms.class_shares, by_class)[..., np.newaxis]
    paid = 1.0 - terms.relief_share
    return Rates(
        mean=mean * paid,
        first=by_class[..., :1] * paid,
        waived=mean * terms.relief_share,
        cut=np.asarray(cut),
    )


def injured(work: Work, year: Year, found: WorkInjuryConstants) -> Injured:
    """Who is insured and who is hurt in the year."""
    terms, behaviour = year.terms(WorkInjuryTerms), year.terms(WorkInjuryBehaviour)
    frequency, severity = class_weights(terms, behaviour)
    insured = work.labour.person_years[..., FORMAL, :] * insured_share(year, found)
    per_person = found.frequency * behaviour.injury_frequency
    hurt = law.expected_injuries(insured, per_person * frequency * behaviour.frequency_by_sex)
    platform = work.labour.person_years[..., FLEXIBLE, :]
    platform = platform * behaviour.platform_share * terms.platform_coverage
    posted = insured * terms.nansha_share
    pool = work.references.base_wage_m
    lowest = base_limit(pool, terms.benefit_floor_ratio)
    highest = base_limit(pool, terms.benefit_cap_ratio)
    declared = work.wage_m * found.declared_share
    return Injured(
        insured=insured,
        platform=np.asarray(platform),
        formal=hurt,
        riders=law.expected_injuries(platform, behaviour.platform_frequency),
        posted=law.expected_injuries(posted, per_person * behaviour.class_frequency[0]),
        severity=np.full_like(per_person, severity),
        benefit_wage_m=expected_assessed_base(declared, year.earnings.log_sd, lowest, highest),
    )


def payroll(work: Work, year: Year, insured: Array, found: WorkInjuryConstants) -> Array:
    """Declared payroll of the insured, (draw, group, sex, age) [yuan/year]."""
    floor = year.labour_law.minimum_wage_m * year.labour_law.minimum_wage_factor
    base = law.expected_premium_base(work.wage_m, year.earnings.log_sd, floor)
    return np.asarray(insured * base * MONTHS * found.declared_share)


def reckoned_costs(work: Work, year: Year) -> tuple[Array, Array]:
    """Light and severe cost of an injury at the pool wage, (draw, 1, 1, 1) [yuan].

    What the law's amounts say before any calibration; severe cost is that of severity 1. Only the
    split of costs over classes is read from it.
    """
    terms, behaviour = year.terms(WorkInjuryTerms), year.terms(WorkInjuryBehaviour)
    pool = work.references.base_wage_m
    severe, light = lump_months(behaviour, terms.lump_sum_months, 1.0)
    grants = law.death_grant(terms.national_income, terms.death_multiple)
    grants = grants + law.funeral_grant(pool, terms.funeral_months)
    light = pool * (light + behaviour.treatment_months)
    return np.asarray(light), np.asarray(pool * severe + behaviour.death_share * grants)


def allowances(wage_m: Array, terms: WorkInjuryTerms, floor_m: Array) -> Array:
    """Allowance of grades 1 to 4 awarded on a wage, (grade, draw, group, sex, age) [yuan/year]."""
    grades = np.arange(1, tail.FUND_GRADES + 1).reshape(-1, 1, 1, 1, 1)
    return MONTHS * law.disability_allowance(wage_m, grades, tuple(terms.allowance_shares), floor_m)


def new_cases(work: Work, year: Year, hurt: Injured) -> tuple[Array, Array, Array, Array]:
    """New people and benefits of the long tail, and deaths of employees and platform workers.

    Returns (kind, ...), (paid kind, ...), and two of (draw, group, sex, age).
    """
    terms, behaviour = year.terms(WorkInjuryTerms), year.terms(WorkInjuryBehaviour)
    pool = work.references.base_wage_m
    wage = hurt.benefit_wage_m
    floor = year.labour_law.minimum_wage_m * year.labour_law.minimum_wage_factor
    people = np.zeros((len(tail.KINDS), *hurt.formal.shape))
    amounts = np.zeros((len(tail.PAID), *hurt.formal.shape))
    shares = behaviour.grade_shares.reshape(-1, 1, 1, 1, 1)
    bad = hurt.formal * hurt.severity
    people[:SEVERE] = shares[:SEVERE] * bad
    people[SEVERE : tail.GRADES] = shares[SEVERE:] * hurt.formal
    riders = shares[: tail.FUND_GRADES] * hurt.riders
    own, average = (allowances(level, terms, floor) for level in (wage, pool))
    amounts[: tail.FUND_GRADES] = people[: tail.FUND_GRADES] * own + riders * average
    people[: tail.FUND_GRADES] += riders
    deaths = behaviour.death_share * bad
    rider_deaths = behaviour.death_share * hurt.riders

    def pension(level: Array) -> Array:
        return MONTHS * law.dependants_pension(
            level,
            behaviour.spouses_per_death,
            behaviour.children_per_death + behaviour.parents_per_death,
            behaviour.alone_per_death,
            (terms.spouse_share, terms.other_share, terms.alone_share),
        )

    both = deaths + rider_deaths
    mean = deaths * pension(wage) + rider_deaths * pension(pool)
    mean = np.divide(mean, both, out=np.zeros_like(both), where=both > 0)
    kin, money = tail.dependants(both, mean, terms, behaviour)
    people[tail.CHILDREN :] = kin
    amounts[tail.FUND_GRADES :] = money
    return people, amounts, np.asarray(deaths), np.asarray(rider_deaths)


def drawing(stocks: WorkInjuryStocks) -> tuple[Array, Array, Array]:
    """People with an allowance, dependants, and the allowances [yuan/year], (draw, 1, 1, 1)."""
    grades = slice(0, tail.FUND_GRADES)
    return (
        scalar(stocks.people[grades].sum(axis=0)),
        scalar(stocks.people[tail.CHILDREN :].sum(axis=0)),
        scalar(stocks.amounts[grades].sum(axis=0)),
    )
