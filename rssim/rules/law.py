"""What the law sets: one line per lever, grouped as a lawyer would look for it.

The values stand, dated and with their source, in ``places/<place>/law/<module>.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rssim.records import Array, Record, param

EMPLOYER_PAGE = "levers/employer_rate"
INDEXATION_PAGE = "levers/indexation"
RETIREMENT_PAGE = "levers/retirement_age"


@dataclass(frozen=True)
class RetirementLaw(Record):
    """When a person may draw the employee pension: the path of the 2024 decision."""

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "retirement"

    original_age: Array = param(
        "Original retirement age",
        "原法定退休年龄",
        "years",
        bounds=(40, 75),
        dims=("sex", "track"),
        about="Age before the 2024 decision, by sex and track of the post.",
        page=RETIREMENT_PAGE,
    )
    delay_step_months: Array = param(
        "Birth months per month of delay",
        "延迟步长",
        "months",
        bounds=(0.5, 120),
        dims=("sex", "track"),
        about="One month of delay per so many months of the original retirement date; "
        "a smaller step is a faster path. Dated by the original retirement date.",
        page=RETIREMENT_PAGE,
    )
    delay_cap_months: Array = param(
        "Largest delay",
        "延迟上限",
        "months",
        bounds=(0, 180),
        dims=("sex", "track"),
        about="Largest delay against the original age; 0 means no reform. "
        "Dated by the original retirement date.",
        page=RETIREMENT_PAGE,
    )
    early_max_months: Array = param(
        "Flexible early retirement, at most",
        "弹性提前退休上限",
        "months",
        bounds=(0, 120),
        about="By own choice, never below the original age, with the minimum years.",
        page=RETIREMENT_PAGE,
    )
    late_max_months: Array = param(
        "Flexible late retirement, at most",
        "弹性延迟退休上限",
        "months",
        bounds=(0, 120),
        about="By agreement with the employer; contributions go on.",
        page=RETIREMENT_PAGE,
    )


@dataclass(frozen=True)
class EmployeePensionLaw(Record):
    """Basic pension of enterprise employees 企业职工基本养老保险."""

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "employee_pension"

    employer_rate: Array = param(
        "Employer contribution rate",
        "单位缴费比例",
        "share",
        bounds=(0, 0.6),
        about="Share of the assessed base that the employer pays into the pool.",
        page=EMPLOYER_PAGE,
    )
    employer_relief_share: Array = param(
        "Employer contributions waived",
        "单位缴费减免比例",
        "share",
        bounds=(0, 1),
        about="Share of the year's employer contributions waived (2020: Covid relief).",
    )
    employee_rate: Array = param(
        "Employee contribution rate", "个人缴费比例", "share", bounds=(0, 0.4)
    )
    flexible_rate: Array = param(
        "Contribution rate of flexible workers", "灵活就业人员缴费比例", "share", bounds=(0, 0.6)
    )
    account_rate: Array = param(
        "Share of the base credited to the account", "个人账户记账比例", "share", bounds=(0, 0.4)
    )
    reference_wage_m: Array = param(
        "Reference average wage of the calendar year",
        "全口径城镇单位就业人员月平均工资",
        "yuan/month",
        bounds=(1, np.inf),
        formula="last year's reference wage × (1 + economy.wage_growth)",
        about="Sets next year's base limits and indices. Published values win.",
    )
    base_floor_m: Array = param(
        "Floor of the contribution base",
        "缴费基数下限",
        "yuan/month",
        bounds=(0, np.inf),
        formula="employee_pension.base_floor_ratio × last year's reference wage, from July",
        about="Published limits win for the months in which they hold.",
    )
    base_cap_m: Array = param(
        "Cap of the contribution base",
        "缴费基数上限",
        "yuan/month",
        bounds=(0, np.inf),
        formula="employee_pension.base_cap_ratio × last year's reference wage, from July",
    )
    base_floor_ratio: Array = param(
        "Floor as a share of the reference wage", "缴费基数下限比例", "share", bounds=(0, 1.5)
    )
    base_cap_ratio: Array = param(
        "Cap as a multiple of the reference wage", "缴费基数上限倍数", "multiplier", bounds=(1, 20)
    )
    calculation_base_m: Array = param(
        "Pension calculation base",
        "基本养老金计发基数",
        "yuan/month",
        bounds=(1, np.inf),
        formula="last year's calculation base × growth of the reference wage of the year before",
        about="Holds for pensions that start in the calendar year. Not the average wage.",
    )
    accrual_rate: Array = param(
        "Basic pension per contribution year", "基础养老金每年计发比例", "share", bounds=(0, 0.05)
    )
    low_index_threshold: Array = param(
        "Index below which the average-wage term shrinks",
        "低指数系数阈值",
        "index",
        bounds=(0, 1),
        about="Guangdong: the average-wage term is multiplied by min(1, index / threshold). "
        "0 means the national text (no reduction).",
    )
    annuity_divisor: Array = param(
        "Months divisor of the account by award age",
        "个人账户养老金计发月数",
        "months",
        bounds=(1, 600),
        dims=("table",),
    )
    divisor_by_month: Array = param(
        "Divisor interpolated by month", "计发月数按月插值", "yes/no", bounds=(0, 1)
    )
    account_interest_rate: Array = param(
        "Recorded interest rate of accounts", "个人账户记账利率", "share/year", bounds=(-0.05, 0.2)
    )
    mid_year_factor: Array = param(
        "Factor of the half year's interest on the year's credits",
        "当年记账额计息系数",
        "multiplier",
        bounds=(0, 2),
        about="The year's credits earn rate × factor / 2 (the law's 1.083).",
    )
    transitional_coefficient: Array = param(
        "Transitional pension per index-weighted year",
        "过渡性养老金系数",
        "share",
        bounds=(0, 0.05),
    )
    transitional_phase_share: Array = param(
        "Share of the excess of the new transitional method",
        "过渡性养老金新办法补差比例",
        "share",
        bounds=(0, 1),
    )
    transitional_flat_m: Array = param(
        "Flat supplement to every new pension", "过渡性养老金定额", "yuan/month", bounds=(0, 2000)
    )
    transitional_year_allowance_m: Array = param(
        "Supplement per whole contribution year", "缴费年限津贴", "yuan/month", bounds=(0, 200)
    )
    old_method_divisor: Array = param(
        "Months divisor of the deemed account (old method)",
        "视同账户计发月数",
        "months",
        bounds=(1, 600),
    )
    deemed_index: Array = param(
        "Index of service before accounts began",
        "视同缴费指数",
        "index",
        bounds=(0, 5),
        about="Applied to deemed years and to contribution years up to 1993.",
    )
    deemed_account_per_year: Array = param(
        "Deemed account per index-weighted year at mid-1998",
        "视同账户每加权年金额",
        "yuan",
        bounds=(0, 1e5),
    )
    minimum_years: Array = param(
        "Minimum contribution years",
        "最低缴费年限",
        "years",
        bounds=(1, 20),
        about="For persons who reach the (chosen) retirement age in the calendar year. Members are "
        "held in whole years up to 20, so a longer minimum cannot be asked.",
        page="levers/minimum_years",
    )
    indexation_rule: str = param(
        "Rule of the yearly increase",
        "养老金调整办法",
        "choice",
        choices=("ceiling", "wages", "prices", "mixed", "nominal"),
        about="ceiling: the national ceiling as published, afterwards as mixed; wages, prices: "
        "last year's growth; mixed: weights; nominal: a fixed rate.",
        page=INDEXATION_PAGE,
    )
    increase_ceiling: Array = param(
        "National ceiling of the yearly increase",
        "养老金调整全国总体水平",
        "share/year",
        bounds=(-0.1, 0.3),
        formula="mixed: wage weight × wage growth + (1 − wage weight) × inflation, last year's",
        page=INDEXATION_PAGE,
    )
    increase_wage_weight: Array = param(
        "Weight of wages in mixed indexation",
        "工资增长权重",
        "share",
        bounds=(0, 1),
        page=INDEXATION_PAGE,
    )
    increase_nominal: Array = param(
        "Nominal increase under the rule nominal",
        "固定调整率",
        "share/year",
        bounds=(-0.1, 0.3),
        page=INDEXATION_PAGE,
    )
    increase_flat_share: Array = param(
        "Share of the increase paid flat per head", "定额调整占比", "share", bounds=(0, 1)
    )
    increase_years_share: Array = param(
        "Share of the increase paid by contribution years",
        "按缴费年限挂钩占比",
        "share",
        bounds=(0, 1),
    )
    increase_amount_share: Array = param(
        "Share of the increase proportional to the pension",
        "按养老金水平挂钩占比",
        "share",
        bounds=(0, 1),
    )
    increase_tilt_share: Array = param(
        "Share of the increase tilted to the old", "高龄倾斜占比", "share", bounds=(0, 1)
    )
    increase_tilt_weight: Array = param(
        "Weight of an age in the tilt", "高龄倾斜权重", "multiplier", bounds=(0, 10), dims=("age",)
    )
    survivor_income: Array = param(
        "Urban disposable income per head (previous year)",
        "上年度城镇居民人均可支配收入",
        "yuan/year",
        bounds=(0, np.inf),
    )
    funeral_months: Array = param("Funeral grant", "丧葬补助金月数", "months", bounds=(0, 24))
    survivor_limits: Array = param(
        "Contribution years at which the survivors' grant changes",
        "抚恤金年限分档",
        "years",
        bounds=(0, 60),
        dims=("table",),
    )
    survivor_months_short: Array = param(
        "Survivors' grant below 5 years", "抚恤金月数(不满5年)", "months", bounds=(0, 60)
    )
    survivor_months_middle: Array = param(
        "Survivors' grant with 5 to 10 years", "抚恤金月数(5至10年)", "months", bounds=(0, 60)
    )
    survivor_months_long: Array = param(
        "Survivors' grant with 10 to 15 years", "抚恤金月数(10至15年)", "months", bounds=(0, 60)
    )
    survivor_months_cap: Array = param(
        "Survivors' grant, at most", "抚恤金月数上限", "months", bounds=(0, 120)
    )
    survivor_months_pensioner: Array = param(
        "Survivors' grant of a pensioner, at least",
        "退休人员抚恤金最低月数",
        "months",
        bounds=(0, 60),
    )
    portability_pooled_rate: Array = param(
        "Pooled part that moves with a leaver", "关系转移统筹比例", "share", bounds=(0, 0.3)
    )
    remittance_share: Array = param(
        "Remittance to the national pool",
        "全国统筹上解比例",
        "share",
        bounds=(0, 1),
        about="Share of a positive current surplus; the official formula is not public.",
    )
    subsidy_share: Array = param(
        "Fiscal subsidy as a share of expenditure", "财政补助占支出比例", "share", bounds=(0, 1)
    )
    dry_fund_payer: str = param(
        "Who pays when the fund runs dry",
        "基金缺口承担主体",
        "choice",
        choices=("city", "province", "nation"),
        about="Books the required subsidy that keeps the balance at zero; benefits are not cut.",
    )


@dataclass(frozen=True)
class LabourLaw(Record):
    """Wage floor and the contributions that are not modelled as funds."""

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "labour_law"

    minimum_wage_m: Array = param(
        "Minimum wage",
        "最低工资标准",
        "yuan/month",
        bounds=(0, 1e6),
        about="Binds matches at the bottom of each cell's wages when job finding is by matching.",
    )
    minimum_wage_factor: Array = param(
        "Minimum wage relative to its path",
        "最低工资系数",
        "multiplier",
        bounds=(0, 5),
        about="1.10 raises the floor by 10 % in every year from its date on.",
    )
    other_employer_rate: Array = param(
        "Employer contributions to other schemes",
        "单位其他社会保险和公积金缴费比例",
        "share",
        bounds=(0, 1),
        about="Medical, maternity and housing fund, which have no fund here: labour cost is whole.",
    )
    other_employee_rate: Array = param(
        "Employee contributions to other schemes",
        "个人其他社会保险和公积金缴费比例",
        "share",
        bounds=(0, 1),
    )


LAWS = (RetirementLaw, EmployeePensionLaw, LabourLaw)
