"""Levers of the enterprise annuity: what the law allows, what firms and members do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rssim.records import Array, param
from rssim.rules.scheme_terms import SchemeTerms

PAGE = "levers/enterprise_annuity"
TALENT_PAGE = "levers/talent_annuity"


@dataclass(frozen=True)
class EnterpriseAnnuityTerms(SchemeTerms):
    """Enterprise annuity 企业年金, and the talent annuity 人才年金 that is run through it.

    Plans are voluntary and part of the pay that firm and staff agree on, so they are no charge on
    labour: `charges` stays zero.
    """

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "enterprise_annuity"

    employer_cap: Array = param(
        "Employer contribution, at most",
        "企业年金单位缴费上限",
        "share",
        bounds=(0, 0.3),
        about="Share of payroll.",
        page=PAGE,
    )
    total_cap: Array = param(
        "Employer and worker together, at most",
        "企业年金合计缴费上限",
        "share",
        bounds=(0, 0.5),
        about="Share of payroll.",
        page=PAGE,
    )
    vesting_years: Array = param(
        "Years until the employer's part belongs to the member",
        "企业年金归属年限",
        "years",
        bounds=(0, 8),
        about="In equal steps by whole years of service; 8 at most by law. At retirement and "
        "death all of it belongs to the member.",
        page=PAGE,
    )
    talent_eligible_share: Array = param(
        "Formal employees in the talent annuity",
        "人才年金覆盖比例",
        "share",
        bounds=(0, 1),
        dims=("group",),
        about="On top of those in plans of their firms; may differ by group. 0 is no scheme.",
        page=TALENT_PAGE,
    )
    talent_rate: Array = param(
        "Contribution to the talent annuity",
        "人才年金缴费比例",
        "share",
        bounds=(0, 0.5),
        about="Share of the wage, sponsor and member together.",
        page=TALENT_PAGE,
    )
    talent_sponsor_share: Array = param(
        "Part of it that the budget pays",
        "人才年金财政承担比例",
        "share",
        bounds=(0, 1),
        about="Paid by the budget of the place; it vests like an employer's contribution.",
        page=TALENT_PAGE,
    )


@dataclass(frozen=True)
class EnterpriseAnnuityBehaviour(SchemeTerms):
    """Who has a plan, what is paid in, what it earns, how it is drawn."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "enterprise_annuity_behaviour"

    coverage_factor: Array = param(
        "Formal employees in a plan, relative to the calibrated level",
        "企业年金覆盖系数",
        "multiplier",
        bounds=(0, 100),
        dims=("group",),
        about="A widening of plans is a path above 1.",
        page=PAGE,
    )
    coverage_elasticity: Array = param(
        "Rise of coverage with the relative wage",
        "企业年金覆盖对工资弹性",
        "multiplier",
        bounds=(0, 3),
        about="Coverage of a cell is in proportion to its relative wage to this power.",
        page=PAGE,
    )
    employer_rate: Array = param(
        "Employer contribution that plans want",
        "企业年金单位缴费比例",
        "share",
        bounds=(0, 0.3),
        about="Share of payroll; the law's caps are taken from it.",
        page=PAGE,
    )
    employee_rate: Array = param(
        "Worker contribution that plans want",
        "企业年金个人缴费比例",
        "share",
        bounds=(0, 0.3),
        page=PAGE,
    )
    turnover_ratio: Array = param(
        "Risk to leave a plan relative to the risk to lose or leave formal work",
        "企业年金参保职工离职系数",
        "multiplier",
        bounds=(0, 5),
        about="Plans are run by firms that few people leave.",
        page=PAGE,
    )
    return_rate: Array = param(
        "Net return of invested accounts",
        "企业年金投资收益率",
        "share/year",
        bounds=(-0.3, 0.3),
        page=PAGE,
    )
    lump_sum_share: Array = param(
        "Accounts paid out at once at retirement",
        "企业年金一次性领取比例",
        "share",
        bounds=(0, 1),
        page=PAGE,
    )
    last_age: Array = param(
        "Age at which the last instalment is paid",
        "企业年金分期领取截止年龄",
        "years",
        bounds=(60, 100),
        about="The balance is spread evenly over the years that are left.",
        page=PAGE,
    )
