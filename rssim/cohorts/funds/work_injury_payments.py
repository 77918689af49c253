"""What the work-injury fund takes and pays in a year, and the long tail that is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.cohorts.funds import work_injury_tail as tail
from rssim.cohorts.funds.account import (
    CONTRIBUTION,
    EMPLOYERS,
    EXPENDITURE,
    HOUSEHOLDS,
    Payment,
    by_group,
    one_column,
)
from rssim.cohorts.funds.work import Work
from rssim.cohorts.funds.work_injury_flows import (
    Injured,
    Rates,
    WorkInjuryConstants,
    WorkInjuryStocks,
    injured,
    lump_months,
    new_cases,
    payroll,
    premium_rates,
    reckoned_costs,
    scalar,
)
from rssim.inputs.assemble import Inputs, Year
from rssim.records import Array
from rssim.rules import work_injury as law
from rssim.rules.indexation import indexation_rate_mixed
from rssim.rules.work_injury_terms import WorkInjuryBehaviour, WorkInjuryTerms

FUND = "work-injury insurance fund"
PLATFORMS = "platform companies"
PROVIDERS = "medical providers"
NANSHA = "governments of Hong Kong and Macao"
MONTHS = 12
HALF = 0.5


@dataclass(frozen=True, eq=False)
class Happened:
    """A year before interest.

    payments  name -> payment of the fund
    people, amounts  the long tail on the next 1 January
    gaps      relative gaps of its identities
    """

    payments: dict[str, Payment]
    hurt: Injured
    rates: Rates
    waived: Array
    deaths: Array
    refused: Array
    employer_costs: Array
    liability: Array
    people: Array
    amounts: Array
    gaps: dict[str, float]


def happened(
    stocks: WorkInjuryStocks, work: Work, year: Year, inputs: Inputs, found: WorkInjuryConstants
) -> Happened:
    """Who was hurt, who paid and who got what, and the long tail that is left."""
    terms, behaviour = year.terms(WorkInjuryTerms), year.terms(WorkInjuryBehaviour)
    hurt = injured(work, year, found)
    rates = premium_rates(stocks, year, *reckoned_costs(work, year))
    new, new_amounts, deaths, rider_deaths = new_cases(work, year, hurt)
    chances = tail.chances(work, year, terms, behaviour)
    growth = indexation_rate_mixed(
        year.economy.wage_growth, year.economy.inflation, terms.adjustment_wage_share
    )
    raised = stocks.amounts * (1.0 + growth)
    due = tail.due_shares(stocks.people, raised, mean_new_pension(work), year, behaviour)
    monthly = raised * chances.lived + HALF * new_amounts
    monthly[: tail.FUND_GRADES] *= due
    nursing = nursing_per_head(work, terms, behaviour)
    heads = stocks.people[: tail.FUND_GRADES] * chances.lived[: tail.FUND_GRADES]
    heads = (heads + HALF * new[: tail.FUND_GRADES]).sum(axis=0)
    ended = stocks.people[: tail.GRADES] * chances.ended + new[: tail.GRADES] * chances.fresh_ended
    ended[: tail.FUND_GRADES] = 0.0
    lost = (stocks.people * (1.0 - chances.kept))[: tail.FUND_GRADES].sum(axis=0)

    payments, waived = collected(work, year, hurt, rates, found)
    bills, refused = treatments(work, behaviour, hurt, found)
    payments |= bills
    payments |= lump_sums(work, year, hurt, (deaths, lost), ended)
    payments |= {
        "allowances": to_households(monthly[: tail.FUND_GRADES].sum(axis=0)),
        "nursing": to_households(heads * nursing),
        "dependants_pensions": to_households(monthly[tail.FUND_GRADES :].sum(axis=0)),
    }
    left = stocks.people * chances.kept + new * chances.fresh
    owed = raised * chances.kept[list(tail.PAID)] + new_amounts * chances.fresh[list(tail.PAID)]
    stands = tail.moved(tail.aged(np.concatenate([left, owed])), work, inputs)
    people, amounts = stands[: len(left)], stands[len(left) :]
    factors = tail.reserve_factors(chances, due, behaviour)
    nursed = people[: tail.FUND_GRADES].sum(axis=0)
    liability = law.long_tail_reserve(1.0, amounts, factors[:-1]).sum(axis=0)
    liability = liability + law.long_tail_reserve(nursed, nursing, factors[-1])
    # The next adjustment comes on the day after.
    liability = liability * (1.0 + behaviour.benefit_growth)
    return Happened(
        payments=payments,
        hurt=hurt,
        rates=rates,
        waived=waived,
        deaths=deaths + rider_deaths,
        refused=refused,
        employer_costs=employer_costs(work, year, hurt, stocks.people, ended),
        liability=scalar(liability),
        people=people,
        amounts=amounts,
        gaps={"long_tail": gap(left, people), "long_tail_money": gap(owed, amounts)},
    )


def gap(before: Array, after: Array) -> float:
    """Largest relative gap over draws and kinds between totals before and after ageing [1]."""
    start, end = (values.sum(axis=(2, 3, 4)) for values in (before, after))
    return float(np.max(np.abs(end - start) / np.maximum(np.abs(start), 1.0)))


def to_households(cells: Array) -> Payment:
    """A benefit of the fund by cell, (draw, group, sex, age) [yuan/year]."""
    return Payment(by_group(cells), FUND, HOUSEHOLDS, EXPENDITURE)


def mean_new_pension(work: Work) -> Array:
    """Mean basic pension of those who retire in the year, (draw, 1, 1, 1) [yuan/year]."""
    people, bill = scalar(work.pension.new_pensioners), scalar(work.pension.new_pensions)
    return np.asarray(np.divide(bill, people, out=np.zeros_like(bill), where=people > 0))


def nursing_per_head(work: Work, terms: WorkInjuryTerms, behaviour: WorkInjuryBehaviour) -> Array:
    """Mean nursing allowance over people of grades 1 to 4, (draw, 1, 1, 1) [yuan/year]."""
    need = np.arange(1, len(terms.nursing_shares) + 1)
    by_need = law.nursing_allowance(1.0, need, tuple(terms.nursing_shares))
    share = float((by_need * behaviour.nursing_need).sum())
    return np.asarray(MONTHS * work.references.base_wage_m * share)


def collected(
    work: Work, year: Year, hurt: Injured, rates: Rates, found: WorkInjuryConstants
) -> tuple[dict[str, Payment], Array]:
    """Premiums of employers, for the group in Nansha and of platforms; what is waived.

    The second is (draw, 1, 1, 1) [yuan/year].
    """
    terms, behaviour = year.terms(WorkInjuryTerms), year.terms(WorkInjuryBehaviour)
    declared = payroll(work, year, hurt.insured, found)
    per_order = float((behaviour.platform_mix * terms.platform_charges).sum())
    orders = hurt.platform * behaviour.platform_orders
    posted_pay = work.earnings.average_wage_m * behaviour.nansha_wage_ratio * MONTHS
    posted = hurt.insured * terms.nansha_share * posted_pay * rates.first
    charges = law.platform_charge(orders, per_order)
    premiums = by_group(declared * rates.mean)
    payments = {
        "premiums": Payment(premiums, EMPLOYERS, FUND, CONTRIBUTION),
        "platform_charges": Payment(by_group(charges), PLATFORMS, FUND, CONTRIBUTION),
        "nansha_premiums": Payment(column(posted), NANSHA, FUND, CONTRIBUTION),
    }
    return payments, scalar(declared * rates.waived)


def column(cells: Array) -> Array:
    """A sum over all cells as one column, (draw, 1)."""
    return one_column(cells.sum(axis=(1, 2, 3)), cells[:, 0, 0, 0])


def treatments(
    work: Work, behaviour: WorkInjuryBehaviour, hurt: Injured, found: WorkInjuryConstants
) -> tuple[dict[str, Payment], Array]:
    """Treatment that was due and improper bills, and what review refused, (draw,)."""
    per_injury = behaviour.treatment_months * work.references.base_wage_m * found.treatment_scale
    proper = (hurt.formal + hurt.riders + hurt.posted) * per_injury
    total = scalar(proper)
    paid, refused = law.bills_paid(total, behaviour.improper_share, behaviour.detection_share)
    return {
        "treatment": to_households(proper),
        "improper_bills": Payment(column(paid), FUND, PROVIDERS, EXPENDITURE),
    }, refused[:, 0, 0, 0]


def lump_sums(
    work: Work, year: Year, hurt: Injured, deaths: tuple[Array, Array], ended: Array
) -> dict[str, Payment]:
    """Lump sums and grants.

    deaths  of employees at work, and of people with an allowance, (draw, group, sex, age)
    ended   (grade, draw, group, sex, age) [persons/year]  whose contract ended
    """
    terms, behaviour = year.terms(WorkInjuryTerms), year.terms(WorkInjuryBehaviour)
    pool, wage = work.references.base_wage_m, hurt.benefit_wage_m
    died, pensioners = deaths
    funeral = law.funeral_grant(pool, terms.funeral_months)
    grant = law.death_grant(terms.national_income, terms.death_multiple) + funeral

    def months(severity: Array | float) -> Array:
        severe, light = lump_months(behaviour, terms.lump_sum_months, severity)
        return severe + light

    lowest_class = float(behaviour.class_severity[0])
    posted = hurt.posted * pool * terms.benefit_cap_ratio * months(lowest_class)
    posted = posted + hurt.posted * behaviour.death_share * lowest_class * grant
    riders = hurt.riders * (pool * months(1.0) + behaviour.death_share * grant)
    by_grade = over_grades(terms.medical_months, ended)
    return {
        "disability_lump_sums": to_households(hurt.formal * wage * months(hurt.severity)),
        "medical_lump_sums": to_households(by_grade * wage),
        "death_grants": to_households(died * grant + pensioners * funeral),
        "platform_benefits": to_households(riders),
        "nansha_benefits": to_households(posted),
    }


def over_grades(table: Array, people: Array) -> Array:
    """A table by grade times people by grade, summed over grades, (draw, group, sex, age)."""
    return np.asarray((table.reshape(-1, 1, 1, 1, 1) * people).sum(axis=0))


def employer_costs(work: Work, year: Year, hurt: Injured, people: Array, ended: Array) -> Array:
    """What employers bear outside the fund, (draw, 1, 1, 1) [yuan/year].

    people  (kind, ...)  of 1 January;  ended  (grade, ...)  whose contract ended
    """
    terms, behaviour = year.terms(WorkInjuryTerms), year.terms(WorkInjuryBehaviour)
    wage = hurt.benefit_wage_m
    absence = law.wage_during_treatment(
        work.wage_m, behaviour.absence_months, terms.longest_absence_months
    )
    idle = people[tail.FUND_GRADES : len(terms.allowance_shares)] * behaviour.idle_share
    shares = terms.allowance_shares[tail.FUND_GRADES :]
    allowances = over_grades(shares, idle) * wage * MONTHS
    finding_work = over_grades(terms.employment_months, ended) * wage
    return scalar(hurt.formal * absence + allowances + finding_work)
