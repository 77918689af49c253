"""What the law sets on unemployment insurance, and how people and firms use it: levers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rssim.records import Array, param
from rssim.rules.elementwise import as_floats
from rssim.rules.scheme_terms import SchemeTerms
from rssim.rules.unemployment import employer_rate

PAGE = "levers/unemployment_rate"
FUND_PAGE = "funds/unemployment_insurance"


@dataclass(frozen=True)
class UnemploymentLaw(SchemeTerms):
    """Unemployment insurance 失业保险."""

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "unemployment_insurance"

    employer_rate: Array = param(
        "Employer rate of unemployment insurance",
        "失业保险单位费率",
        "share",
        bounds=(0, 0.1),
        about="Share of the assessed base; the temporary rate as long as it is in force.",
        page=PAGE,
    )
    employee_rate: Array = param(
        "Employee rate of unemployment insurance",
        "失业保险个人费率",
        "share",
        bounds=(0, 0.1),
        page=PAGE,
    )
    employer_coefficient: Array = param(
        "Mean coefficient for firms with few claims",
        "失业保险缴费系数",
        "multiplier",
        bounds=(0, 2),
        about="Times the employer rate; 1 where rates do not float.",
        page=FUND_PAGE,
    )
    base_floor_ratio: Array = param(
        "Floor of the base over the minimum wage",
        "失业保险缴费基数下限与最低工资之比",
        "multiplier",
        bounds=(0, 5),
        page=FUND_PAGE,
    )
    base_cap_ratio: Array = param(
        "Cap of the base over the on-post wage",
        "失业保险缴费基数上限倍数",
        "multiplier",
        bounds=(0.5, 20),
        page=FUND_PAGE,
    )
    on_post_wage_m: Array = param(
        "On-post wage that sets the limits of the year",
        "上年度在岗职工月平均工资",
        "yuan/month",
        bounds=(1, 1e6),
        about="Last year's average wage of on-post staff of the city; not the provincial wage of "
        "the pension law.",
        page=FUND_PAGE,
    )
    minimum_months: Array = param(
        "Months paid that give a claim",
        "领取失业保险金最低缴费月数",
        "months",
        bounds=(1, 120),
        page=FUND_PAGE,
    )
    first_period: Array = param(
        "Months paid to which the first step applies",
        "失业保险金期限首段缴费月数",
        "months",
        bounds=(1, 240),
        page=FUND_PAGE,
    )
    first_step: Array = param(
        "Months paid for a month of benefit, first period",
        "首段每月待遇所需缴费月数",
        "months",
        bounds=(0.5, 60),
        page=FUND_PAGE,
    )
    later_step: Array = param(
        "Months paid for a month of benefit, afterwards",
        "后段每月待遇所需缴费月数",
        "months",
        bounds=(0.5, 60),
        page=FUND_PAGE,
    )
    cap_months: Array = param(
        "Months of benefit at most", "失业保险金最长期限", "months", bounds=(0, 24), page=FUND_PAGE
    )
    benefit_share: Array = param(
        "Benefit over the minimum wage",
        "失业保险金与最低工资之比",
        "share",
        bounds=(0, 2),
        about="Does not depend on the former wage.",
        page=FUND_PAGE,
    )
    extension_months: Array = param(
        "Months before the pension age in which benefit goes on",
        "临近退休延长领取月数",
        "months",
        bounds=(0, 12),
        about="Recipients so near to their date draw until it.",
        page=FUND_PAGE,
    )
    pension_contribution_rate: Array = param(
        "Pension contribution paid for recipients near their pension age",
        "临近退休领取人员基本养老保险代缴比例",
        "share",
        bounds=(0, 0.4),
        about="Of the floor of the pension base, in the months of extension.",
        page=FUND_PAGE,
    )
    medical_rate: Array = param(
        "Medical contribution paid for recipients",
        "领取人员基本医疗保险代缴费率",
        "share",
        bounds=(0, 0.2),
        page=FUND_PAGE,
    )
    medical_base_ratio: Array = param(
        "Base of the medical contribution over the reference wage",
        "领取人员医保代缴基数与社平工资之比",
        "share",
        bounds=(0, 2),
        page=FUND_PAGE,
    )
    funeral_months: Array = param(
        "Funeral grant at a recipient's death, on-post wages",
        "领取人员死亡丧葬补助月数",
        "months",
        bounds=(0, 60),
        page=FUND_PAGE,
    )
    survivor_months: Array = param(
        "Survivors' grant at a recipient's death, on-post wages",
        "领取人员死亡抚恤金月数",
        "months",
        bounds=(0, 60),
        page=FUND_PAGE,
    )
    refund_small_ratio: Array = param(
        "Refund to small and medium firms that keep their staff",
        "中小微企业稳岗返还比例",
        "share",
        bounds=(0, 1),
        about="Of the contributions of the year before.",
        page=FUND_PAGE,
    )
    refund_large_ratio: Array = param(
        "Refund to large firms that keep their staff",
        "大型企业稳岗返还比例",
        "share",
        bounds=(0, 1),
        about="Of the contributions of the year before.",
        page=FUND_PAGE,
    )
    skill_grant: Array = param(
        "Mean grant for a certificate of skill",
        "技能提升补贴平均标准",
        "yuan",
        bounds=(0, 1e5),
        about="At most 1,000, 1,500 and 2,000 for the primary, intermediate and senior grade.",
        page=FUND_PAGE,
    )
    hiring_grant: Array = param(
        "Grant to employers for hiring a young person",
        "一次性扩岗补助标准",
        "yuan",
        bounds=(0, 1e5),
        page=FUND_PAGE,
    )
    flexible_open: Array = param(
        "Flexible workers may join",
        "灵活就业人员参加失业保险",
        "yes/no",
        bounds=(0, 1),
        about="Trial of two years in nine cities of the Bay Area and Shantou.",
        page=FUND_PAGE,
    )

    @property
    def employer_rate_in_force(self) -> Array:
        """Rate that employers pay on average [1]."""
        return employer_rate(self.employer_rate, self.employer_coefficient)

    @property
    def both_rates(self) -> Array:
        """Rate of a flexible worker who joins [1]: both shares."""
        return as_floats(self.employer_rate + self.employee_rate)

    def charges(self, assessed: Array, covered: Array) -> tuple[Array, Array]:
        """Employer's and employee's contributions as shares of the wage of a cell [1].

        Limits: labour cost takes coverage and base of the pension; the fund has its own.
        """
        employer = self.employer_rate_in_force * assessed
        return np.asarray(employer), np.asarray(self.employee_rate * assessed)


@dataclass(frozen=True)
class UnemploymentBehaviour(SchemeTerms):
    """Who joins, claims and applies."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "unemployment_behaviour"

    coverage: Array = param(
        "Formal employees insured against unemployment, relative to the calibrated level",
        "失业保险参保系数",
        "multiplier",
        bounds=(0, 5),
        page=FUND_PAGE,
    )
    take_up: Array = param(
        "Claims of those who lose an insured job, relative to the calibrated level",
        "失业保险金申领系数",
        "multiplier",
        bounds=(0, 20),
        about="Involuntary losses that are registered and claimed.",
        page=FUND_PAGE,
    )
    exit_rate: Array = param(
        "Recipients' way out of unemployment, relative to the calibrated level",
        "领取人员退出失业强度系数",
        "multiplier",
        bounds=(0, 20),
        page=FUND_PAGE,
    )
    small_firm_share: Array = param(
        "Contributions of small and medium firms", "中小微企业缴费占比", "share", bounds=(0, 1)
    )
    refund_reach: Array = param(
        "Contributions of firms that qualify for a refund and get it",
        "稳岗返还覆盖缴费占比",
        "share",
        bounds=(0, 1),
        page=FUND_PAGE,
    )
    skill_rate: Array = param(
        "Grants for skill per insured person", "技能提升补贴申领率", "1/year", bounds=(0, 1)
    )
    hiring_reach: Array = param(
        "Hires of people aged 16 to 24 that bring a grant",
        "扩岗补助覆盖率",
        "share",
        bounds=(0, 1),
    )
    other_scale: Array = param(
        "Other payments relative to the calibrated level",
        "其他支出系数",
        "multiplier",
        bounds=(0, 20),
        about="Temporary allowances, allowances for prices, training, what else is paid.",
        page=FUND_PAGE,
    )
    flexible_take_up: Array = param(
        "Flexible workers who join where they may",
        "灵活就业人员自愿参保比例",
        "share",
        bounds=(0, 1),
        page=FUND_PAGE,
    )
    high_cost_rate: Array = param(
        "Cost rate of bad years",
        "高支出年份费用率",
        "share",
        bounds=(1e-6, 1),
        about="Mean of the three highest cost rates on record: expenditure over covered wages.",
        page=FUND_PAGE,
    )
