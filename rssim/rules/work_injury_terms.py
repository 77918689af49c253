"""Work-injury insurance: the numbers of the law, and how injuries and firms behave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rssim.records import Array, param
from rssim.rules.scheme_terms import SchemeTerms
from rssim.rules.work_injury import mean_class_rate

PAGE = "funds/work_injury"
LEVER_PAGE = "levers/work_injury"
TABLE = ("table",)


@dataclass(frozen=True)
class WorkInjuryTerms(SchemeTerms):
    """Work-injury insurance 工伤保险, with the platform pilot and the group in Nansha.

    Tables keep the rows of the law: risk classes 1 to 8, grades 1 (worst) to 10, kinds of orders.
    """

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "work_injury"

    class_rates: Array = param(
        "Base rates of the eight risk classes",
        "工伤保险行业基准费率",
        "share",
        bounds=(0, 0.2),
        dims=TABLE,
        about="Paid by the employer on the whole payroll; no cap, floor at the minimum wage.",
        page=LEVER_PAGE,
    )
    class_shares: Array = param(
        "Payroll by risk class",
        "各风险类别工资总额占比",
        "share",
        bounds=(0, 1),
        dims=TABLE,
        about="Which industries a place has, by the classification of the law; sums to 1.",
        page=PAGE,
    )
    rate_factor: Array = param(
        "Base rates relative to the law",
        "基准费率系数",
        "multiplier",
        bounds=(0, 10),
        about="1.1 raises the rates of all classes by a tenth.",
        page=LEVER_PAGE,
    )
    floating_in_force: Array = param(
        "Share of the payroll whose rates float",
        "浮动费率实施范围",
        "share",
        bounds=(0, 1),
        about="0 ends the floating of rates by a firm's own claims: all pay the base rate.",
        page=LEVER_PAGE,
    )
    floating_limits: Array = param(
        "Benefits over premiums at which a firm's rate steps",
        "浮动费率支缴率分档",
        "multiplier",
        bounds=(0, 100),
        dims=TABLE,
        page=LEVER_PAGE,
    )
    floating_factors: Array = param(
        "Floating factors of classes 2 to 8",
        "二至八类行业浮动档次",
        "multiplier",
        bounds=(0, 5),
        dims=TABLE,
        page=LEVER_PAGE,
    )
    floating_factors_first: Array = param(
        "Floating factors of class 1",
        "一类行业浮动档次",
        "multiplier",
        bounds=(0, 5),
        dims=TABLE,
        about="Class 1 does not float down; it steps at the two highest limits.",
        page=LEVER_PAGE,
    )
    cut_in_force: Array = param(
        "The phased cut of rates is in force",
        "阶段性降低费率政策是否有效",
        "share",
        bounds=(0, 1),
        about="1: rates are cut while the reserve is large; 0: they are not.",
        page=LEVER_PAGE,
    )
    cut_limits: Array = param(
        "Months of reserve from which rates are cut",
        "阶段性降费可支付月数门槛",
        "months",
        bounds=(0, 240),
        dims=TABLE,
        page=LEVER_PAGE,
    )
    cut_shares: Array = param(
        "Cut of rates from each number of months",
        "阶段性降费幅度",
        "share",
        bounds=(0, 1),
        dims=TABLE,
        page=LEVER_PAGE,
    )
    relief_share: Array = param(
        "Premiums waived",
        "工伤保险费减免比例",
        "share",
        bounds=(0, 1),
        about="Share of the year's premiums waived (2020: Covid relief).",
        page=PAGE,
    )
    charged_share: Array = param(
        "Premiums that firms reckon with, relative to base rates on full pay",
        "企业预期实际费率系数",
        "multiplier",
        bounds=(0, 2),
        about="For labour cost only: floating, cut and undeclared pay together.",
        page=PAGE,
    )
    benefit_floor_ratio: Array = param(
        "Lowest benefit wage over the pool average",
        "本人工资下限比例",
        "share",
        bounds=(0, 1.5),
        page=PAGE,
    )
    benefit_cap_ratio: Array = param(
        "Highest benefit wage over the pool average",
        "本人工资上限倍数",
        "multiplier",
        bounds=(1, 20),
        page=PAGE,
    )
    lump_sum_months: Array = param(
        "Lump sum for a disability by grade",
        "一次性伤残补助金月数",
        "months",
        bounds=(0, 120),
        dims=TABLE,
        page=PAGE,
    )
    allowance_shares: Array = param(
        "Monthly allowance by grade, 1 to 6",
        "伤残津贴比例",
        "share",
        bounds=(0, 1),
        dims=TABLE,
        about="Of the benefit wage; the fund pays grades 1 to 4, the employer 5 and 6.",
        page=PAGE,
    )
    medical_months: Array = param(
        "Lump sum for medical care at the end of the contract by grade",
        "一次性工伤医疗补助金月数",
        "months",
        bounds=(0, 120),
        dims=TABLE,
        about="Paid by the fund, set by the province.",
        page=PAGE,
    )
    employment_months: Array = param(
        "Lump sum for finding work at the end of the contract by grade",
        "一次性伤残就业补助金月数",
        "months",
        bounds=(0, 120),
        dims=TABLE,
        about="Paid by the employer, set by the province.",
        page=PAGE,
    )
    nursing_shares: Array = param(
        "Nursing allowance by need of care",
        "生活护理费比例",
        "share",
        bounds=(0, 1),
        dims=TABLE,
        about="Of the pool average wage: full, large and partial need.",
        page=PAGE,
    )
    funeral_months: Array = param(
        "Funeral grant", "工亡丧葬补助金月数", "months", bounds=(0, 60), page=PAGE
    )
    death_multiple: Array = param(
        "Death grant in yearly incomes",
        "一次性工亡补助金倍数",
        "multiplier",
        bounds=(0, 100),
        about="Of last year's urban disposable income per head of the nation.",
        page=PAGE,
    )
    national_income: Array = param(
        "Urban disposable income per head of the nation (previous year)",
        "上年度全国城镇居民人均可支配收入",
        "yuan/year",
        bounds=(0, np.inf),
        page=PAGE,
    )
    spouse_share: Array = param(
        "Dependants' pension of a spouse", "供养亲属抚恤金比例(配偶)", "share", bounds=(0, 1)
    )
    other_share: Array = param(
        "Dependants' pension of another", "供养亲属抚恤金比例(其他亲属)", "share", bounds=(0, 1)
    )
    alone_share: Array = param(
        "On top for an orphan or an old person alone",
        "孤寡老人或孤儿加发比例",
        "share",
        bounds=(0, 1),
    )
    child_end_age: Array = param(
        "Age at which a child's pension ends",
        "子女供养终止年龄",
        "years",
        bounds=(1, 30),
        page=PAGE,
    )
    adjustment_wage_share: Array = param(
        "Weight of wages in the yearly adjustment of benefits",
        "定期待遇调整工资增长权重",
        "share",
        bounds=(0, 1),
        about="Benefits for life grow with wages by this weight and with prices by the rest.",
        page=PAGE,
    )
    longest_absence_months: Array = param(
        "Longest wage during treatment",
        "停工留薪期上限",
        "months",
        bounds=(0, 60),
        page=PAGE,
    )
    platform_coverage: Array = param(
        "Share of platform workers whose orders are covered",
        "职业伤害保障覆盖率",
        "share",
        bounds=(0, 1),
        about="The pilot since 2022: the platform pays by order, no contract is needed.",
        page=LEVER_PAGE,
    )
    platform_charges: Array = param(
        "Charge by kind of order",
        "职业伤害保障费每单标准",
        "yuan",
        bounds=(0, 100),
        dims=TABLE,
        about="Rides, prepared food, other deliveries, freight.",
        page=PAGE,
    )
    nansha_share: Array = param(
        "Civil servants of Hong Kong and Macao posted to Nansha, of all insured",
        "派驻南沙港澳公务员占参保人数比例",
        "share",
        bounds=(0, 0.1),
        about="Insured by their governments in the lowest class.",
        page=PAGE,
    )
    dry_fund_payer: str = param(
        "Who pays when the fund runs dry",
        "基金缺口承担主体",
        "choice",
        choices=("city", "province", "nation"),
        page=PAGE,
    )

    def charges(self, assessed: Array, covered: Array) -> tuple[Array, Array]:
        """Employer's premiums as a share of the wage [1]; workers pay nothing."""
        rate = self.charged_share * self.rate_factor
        rate = rate * mean_class_rate(self.class_shares, self.class_rates)
        return np.asarray(rate * covered + 0.0 * assessed), np.zeros_like(assessed)


@dataclass(frozen=True)
class WorkInjuryBehaviour(SchemeTerms):
    """How often people are hurt, how badly, what it costs, and who hands in what bill."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "work_injury_behaviour"

    coverage_factor: Array = param(
        "Insured share of formal employees, relative to the calibrated one",
        "工伤保险参保率系数",
        "multiplier",
        bounds=(0, 2),
        page=PAGE,
    )
    injury_frequency: Array = param(
        "Injuries per insured person, relative to the calibrated ones",
        "工伤发生率系数",
        "multiplier",
        bounds=(0, 10),
        about="0.8: a fifth fewer injuries in every class and grade.",
        page=LEVER_PAGE,
    )
    frequency_by_sex: Array = param(
        "Injuries of a sex, relative to all",
        "分性别工伤发生率系数",
        "multiplier",
        bounds=(0, 5),
        dims=("sex",),
        page=PAGE,
    )
    class_frequency: Array = param(
        "Injuries of a class, relative to class 3",
        "各类别工伤发生率系数",
        "multiplier",
        bounds=(0, 50),
        dims=TABLE,
        page=PAGE,
    )
    class_severity: Array = param(
        "Deaths and grades 1 to 6 of a class, per injury relative to class 3",
        "各类别工伤严重程度系数",
        "multiplier",
        bounds=(0, 10),
        dims=TABLE,
        page=PAGE,
    )
    grade_shares: Array = param(
        "Injuries by grade",
        "工伤伤残等级分布",
        "share",
        bounds=(0, 1),
        dims=TABLE,
        about="Of all injuries; the rest heals, or the worker dies.",
        page=PAGE,
    )
    death_share: Array = param(
        "Deaths per injury", "工亡占工伤比例", "share", bounds=(0, 0.5), page=PAGE
    )
    treatment_months: Array = param(
        "Treatment per injury in months of the pool average wage",
        "人均工伤医疗费(平均工资月数)",
        "months",
        bounds=(0, 60),
        about="Times the calibrated scale that meets the published spending.",
        page=PAGE,
    )
    absence_months: Array = param(
        "Wage during treatment",
        "停工留薪月数",
        "months",
        bounds=(0, 36),
        about="Paid by the employer outside the fund.",
        page=PAGE,
    )
    idle_share: Array = param(
        "Workers of grades 5 and 6 without suitable work",
        "五六级伤残难以安排工作比例",
        "share",
        bounds=(0, 1),
        about="They draw the monthly allowance of the employer.",
        page=PAGE,
    )
    nursing_need: Array = param(
        "Need of care of those with grades 1 to 4",
        "一至四级生活护理等级分布",
        "share",
        bounds=(0, 1),
        dims=TABLE,
        about="Shares with full, large and partial need; the rest needs none.",
        page=PAGE,
    )
    mortality_ratio: Array = param(
        "Death rates of grades 1 to 4, relative to the cell",
        "一至四级伤残人员死亡率倍数",
        "multiplier",
        bounds=(0.1, 20),
        page=PAGE,
    )
    pension_share: Array = param(
        "Disabled people past the pension age with a basic pension",
        "达到退休年龄伤残人员领取养老金比例",
        "share",
        bounds=(0, 1),
        about="The fund pays them the difference up to the allowance.",
        page=PAGE,
    )
    spouses_per_death: Array = param(
        "Spouses with a pension per death",
        "每例工亡供养配偶数",
        "multiplier",
        bounds=(0, 1),
        page=PAGE,
    )
    children_per_death: Array = param(
        "Children with a pension per death",
        "每例工亡供养子女数",
        "multiplier",
        bounds=(0, 5),
        page=PAGE,
    )
    parents_per_death: Array = param(
        "Parents with a pension per death",
        "每例工亡供养父母数",
        "multiplier",
        bounds=(0, 4),
        page=PAGE,
    )
    alone_per_death: Array = param(
        "Orphans and old people alone per death",
        "每例工亡孤儿及孤寡老人数",
        "multiplier",
        bounds=(0, 5),
        page=PAGE,
    )
    adult_entry_weight: Array = param(
        "Ages of spouses and parents when their pension starts",
        "供养配偶父母初领年龄权重",
        "multiplier",
        bounds=(0, 100),
        dims=("age",),
        page=PAGE,
    )
    floating_spread: Array = param(
        "Spread of benefits over premiums between firms",
        "企业支缴率离散度",
        "log points",
        bounds=(0, 5),
        page=PAGE,
    )
    improper_share: Array = param(
        "Improper bills of all bills handed in",
        "不合规医疗费占比",
        "share",
        bounds=(0, 0.5),
        page=LEVER_PAGE,
    )
    detection_share: Array = param(
        "Improper bills that review finds",
        "智能审核识别率",
        "share",
        bounds=(0, 1),
        about="Automated review of bills; what is found is not paid.",
        page=LEVER_PAGE,
    )
    fund_return: Array = param(
        "Return on the balance", "工伤保险基金收益率", "share/year", bounds=(-0.1, 0.2), page=PAGE
    )
    discount_rate: Array = param(
        "Discount rate of the long-tail liability",
        "长期待遇负债折现率",
        "share/year",
        bounds=(-0.05, 0.2),
        page=PAGE,
    )
    benefit_growth: Array = param(
        "Growth of benefits in payment, for the long-tail liability",
        "长期待遇负债待遇增长率",
        "share/year",
        bounds=(-0.05, 0.2),
        page=PAGE,
    )
    platform_share: Array = param(
        "Platform workers, of flexible workers",
        "平台从业者占灵活就业比例",
        "share",
        bounds=(0, 1),
        about="Drivers, riders and carriers.",
        page=PAGE,
    )
    platform_orders: Array = param(
        "Orders per platform worker and year",
        "平台从业者人均年订单数",
        "1/year",
        bounds=(0, 1e5),
        page=PAGE,
    )
    platform_mix: Array = param(
        "Orders by kind", "平台订单结构", "share", bounds=(0, 1), dims=TABLE, page=PAGE
    )
    platform_frequency: Array = param(
        "Injuries per platform worker and year",
        "平台从业者职业伤害发生率",
        "1/year",
        bounds=(0, 0.5),
        about="In injuries that cost as much as those of employees.",
        page=PAGE,
    )
    nansha_wage_ratio: Array = param(
        "Pay of the group in Nansha over the average wage",
        "派驻南沙公务员工资倍数",
        "multiplier",
        bounds=(0, 20),
        page=PAGE,
    )
