"""What is not law: the outlook of the economy and people, and how they behave.

The values stand in ``places/<place>/economy/*.yaml`` and ``places/<place>/behaviour/*.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rssim.records import Array, Record, param


@dataclass(frozen=True)
class Economy(Record):
    """Growth, prices and returns."""

    layer: ClassVar[str] = "economy"
    module: ClassVar[str] = "economy"

    wage_growth: Array = param(
        "Growth of the average wage (nominal)",
        "平均工资名义增长率",
        "share/year",
        bounds=(-0.2, 0.5),
    )
    inflation: Array = param(
        "Consumer price inflation", "居民消费价格涨幅", "share/year", bounds=(-0.1, 0.3)
    )
    income_growth: Array = param(
        "Growth of disposable income per head",
        "居民人均可支配收入增长率",
        "share/year",
        bounds=(-0.2, 0.5),
    )
    account_rate: Array = param(
        "Recorded account rate after the last published one",
        "记账利率长期假设",
        "share/year",
        bounds=(-0.05, 0.2),
    )
    fund_return: Array = param(
        "Return on the fund's balance", "基金投资收益率", "share/year", bounds=(-0.2, 0.3)
    )
    average_wage_ratio: Array = param(
        "Average wage of the place relative to the reference wage",
        "本地平均工资与参考工资之比",
        "multiplier",
        bounds=(0.1, 10),
        about="Mean wage of formal employees over the reference wage of the pension law.",
    )


@dataclass(frozen=True)
class Demography(Record):
    """Levels of births, deaths and moves, relative to the rate tables of the place."""

    layer: ClassVar[str] = "economy"
    module: ClassVar[str] = "demography"

    mortality_scale: Array = param(
        "Death rates relative to the table",
        "死亡率系数",
        "multiplier",
        bounds=(0.1, 5),
        dims=("group",),
    )
    fertility_scale: Array = param(
        "Birth rates relative to the table",
        "生育率系数",
        "multiplier",
        bounds=(0, 5),
        dims=("group",),
    )
    mortality_variant: Array = param(
        "Variant of death rates",
        "死亡率变式",
        "multiplier",
        bounds=(0.1, 5),
        about="Times the place's own level; 1 changes nothing.",
    )
    fertility_variant: Array = param(
        "Variant of birth rates",
        "生育率变式",
        "multiplier",
        bounds=(0, 5),
        about="Times the place's own level; 1 changes nothing.",
    )
    migration_variant: Array = param(
        "Variant of net migration",
        "净迁移变式",
        "multiplier",
        bounds=(-10, 10),
        about="Times the place's own net migration; 1 changes nothing.",
    )
    net_migration_scale: Array = param(
        "Net migration relative to the table",
        "净迁移系数",
        "multiplier",
        bounds=(-20, 20),
        about="For a place whose net migrants stand in a table by year, sex and age.",
    )
    net_migration: Array = param(
        "Net migration",
        "净迁入人数",
        "persons/year",
        bounds=(-1e8, 1e8),
        about="For a place whose migrants are a level times an age profile.",
    )
    out_migration: Array = param(
        "Gross out-migration",
        "迁出人数",
        "persons/year",
        bounds=(0, 1e8),
        about="People who leave in a year; as many more arrive as net migration says.",
    )
    hukou_conversion: Array = param(
        "Residents who become registered (入户)",
        "入户人数",
        "persons/year",
        bounds=(0, 1e8),
        about="Moves people between groups of the place; nobody enters or leaves.",
    )


@dataclass(frozen=True)
class Labour(Record):
    """Participation, the three working states and who is insured."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "labour"

    participation_scale: Array = param(
        "Participation relative to the table (odds)",
        "劳动参与率系数",
        "multiplier",
        bounds=(0.05, 20),
        dims=("group", "age"),
        about="By registration, skill and age where a place has such groups; the level of all "
        "together is calibrated to the employed people.",
    )
    highest_participation: Array = param(
        "Highest participation of any age",
        "劳动参与率上限",
        "share",
        bounds=(0.5, 0.999),
        about="No reform and no programme brings more than this share of an age into the labour "
        "force: some are ill, care or study at every age.",
    )
    mothers_gain: Array = param(
        "Points of participation gained by women with young children",
        "育龄妇女劳动参与率提升",
        "share",
        bounds=(-0.5, 0.5),
        about="Added to the participation of women at the ages of labour.mothers_age_weight.",
    )
    mothers_age_weight: Array = param(
        "Ages to which mothers_gain applies",
        "育龄妇女年龄权重",
        "multiplier",
        bounds=(0, 1),
        dims=("age",),
    )
    older_gain: Array = param(
        "Points of participation gained by older people",
        "大龄人员劳动参与率提升",
        "share",
        bounds=(-0.5, 0.5),
        about="Added to participation at the ages of labour.older_age_weight.",
    )
    older_age_weight: Array = param(
        "Ages to which older_gain applies",
        "大龄人员年龄权重",
        "multiplier",
        bounds=(0, 1),
        dims=("age",),
    )
    skill_upgrades: Array = param(
        "People who rise a skill group by training",
        "技能提升人数",
        "persons/year",
        bounds=(0, 1e7),
        about="Net of what would have happened anyway; moves people between groups of a place "
        "that has skill groups.",
    )
    upgrade_age_weight: Array = param(
        "Ages at which skills are upgraded",
        "技能提升年龄权重",
        "multiplier",
        bounds=(0, 1),
        dims=("age",),
    )
    registered_share: Array = param(
        "Unemployed people who are registered", "登记失业比例", "share", bounds=(0, 1)
    )
    separation_rate: Array = param(
        "Formal jobs that end in unemployment",
        "正规就业转失业强度",
        "1/year",
        bounds=(0, 12),
        dims=("group", "age"),
        about="At demand on its path; job_market.separation_response says how it answers.",
    )
    finding_rate: Array = param(
        "Job finding relative to the calibrated level",
        "求职成功强度系数",
        "multiplier",
        bounds=(0.01, 10),
        dims=("group", "age"),
        about="Times the intensity found by the calibration; help for one group displaces others.",
    )
    flexible_entry_rate: Array = param(
        "Taking up flexible work relative to the calibrated level",
        "转灵活就业强度系数",
        "multiplier",
        bounds=(0.01, 10),
        about="Times the intensity found by the calibration.",
    )
    flexible_exit_rate: Array = param(
        "Flexible work that ends in unemployment", "灵活就业转失业强度", "1/year", bounds=(0, 12)
    )
    formal_to_flexible_rate: Array = param(
        "Formal employees who become flexible workers",
        "正规就业转灵活就业强度",
        "1/year",
        bounds=(0, 12),
    )
    flexible_to_formal_rate: Array = param(
        "Flexible workers who become formal employees",
        "灵活就业转正规就业强度",
        "1/year",
        bounds=(0, 12),
    )
    entry_formal_share: Array = param(
        "Entrants to the labour force who start in a formal job",
        "新进入劳动力正规就业比例",
        "share",
        bounds=(0, 1),
    )
    entry_flexible_share: Array = param(
        "Entrants to the labour force who start in flexible work",
        "新进入劳动力灵活就业比例",
        "share",
        bounds=(0, 1),
    )
    new_urban_employment_path: Array = param(
        "New urban employment that the year is made to reach",
        "城镇新增就业目标",
        "persons/year",
        bounds=(0, 1e8),
        about="Where it is given, job finding is scaled so that the indicator equals it; "
        "0 means that job finding follows its own intensity.",
        page="levers/employment_path",
    )
    coverage_formal: Array = param(
        "Formal employees who pay pension contributions, relative to the calibrated level",
        "正规就业参保系数",
        "multiplier",
        bounds=(0, 5),
    )
    coverage_flexible: Array = param(
        "Flexible workers who pay, as a share of the formal employees' coverage",
        "灵活就业参保率与正规就业之比",
        "share",
        bounds=(0, 1),
        page="levers/flexible_coverage",
    )
    cadre_share: Array = param(
        "Share of posts on the cadre track",
        "干部岗位比例",
        "share",
        bounds=(0, 1),
        dims=("sex",),
        about="Decides which women retire at 55 and which at 50.",
    )


@dataclass(frozen=True)
class JobMarket(Record):
    """One market with vacancies, bargaining and free entry: read where it finds the jobs."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "job_market"

    closure: str = param(
        "How job finding is determined",
        "就业模块闭合方式",
        "choice",
        choices=("exogenous", "matching"),
        about="exogenous: the calibrated intensities; matching: vacancies, bargained wages and "
        "free entry, so that labour cost, floors, subsidies and demand move employment.",
    )
    matching_elasticity: Array = param(
        "Elasticity of matches to searchers", "匹配函数求职者弹性", "share", bounds=(0.05, 0.95)
    )
    bargaining_share: Array = param(
        "Workers' bargaining share", "劳动者议价份额", "share", bounds=(0, 0.95)
    )
    discount_rate: Array = param(
        "Discount rate of firms", "企业贴现率", "share/year", bounds=(0, 0.5)
    )
    outside_value_ratio: Array = param(
        "Value of unemployment relative to the net wage at calibration",
        "失业价值与净工资之比",
        "share",
        bounds=(0, 0.99),
    )
    outside_value: Array = param(
        "Value of unemployment relative to its calibrated path",
        "失业价值系数",
        "multiplier",
        bounds=(0.1, 3),
        about="For example a more generous unemployment benefit.",
    )
    indexed_share: Array = param(
        "Share of the value of unemployment that follows wages",
        "失业价值随工资指数化份额",
        "share",
        bounds=(0, 0.99),
    )
    deferred_share: Array = param(
        "Contributions that workers see as deferred pay",
        "缴费视同延期工资比例",
        "share",
        bounds=(0, 1),
    )
    wage_rigidity: Array = param(
        "Weight of last year's wage in the paid wage", "工资刚性", "share", bounds=(0, 1)
    )
    flexible_take_up: Array = param(
        "Response of flexible work to its relative net pay",
        "灵活就业对相对净收入的弹性",
        "multiplier",
        bounds=(0, 10),
    )
    match_efficiency: Array = param(
        "Matching efficiency relative to the calibrated level",
        "匹配效率系数",
        "multiplier",
        bounds=(0.1, 5),
        about="Job-search services, information, outlets.",
    )
    demand: Array = param(
        "Output of a match relative to its path",
        "劳动需求系数",
        "multiplier",
        bounds=(0.3, 3),
        about="A demand shock; 0.97 is a fall of output per match by 3 %.",
    )
    separation_response: Array = param(
        "Rise of separations when demand falls",
        "离职对劳动需求的弹性",
        "multiplier",
        bounds=(0, 10),
        about="Elasticity: separations are multiplied by demand to the power of minus this.",
    )
    hiring_subsidy: Array = param(
        "Subsidy per hire",
        "招用补贴",
        "yuan",
        bounds=(0, 1e6),
        dims=("group", "age"),
        about="Paid once at the match, on top of what ran when the model was calibrated.",
    )
    job_subsidy_m: Array = param(
        "Subsidy per job and month",
        "岗位补贴",
        "yuan/month",
        bounds=(0, 1e5),
        dims=("group", "age"),
        about="Paid as long as the match lasts.",
    )


@dataclass(frozen=True)
class Earnings(Record):
    """Wages inside a cell and what of them is declared."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "earnings"

    log_sd: Array = param(
        "Spread of wages inside a cell", "单元内工资对数标准差", "log points", bounds=(0, 2)
    )
    declared_share: Array = param(
        "Declared part of wages relative to the calibrated level",
        "缴费工资申报系数",
        "multiplier",
        bounds=(0, 5),
        about="Employers declare a part of pay; floor and cap act on what is declared.",
    )
    collection_rate: Array = param(
        "Share of assessed contributions collected", "征缴率", "share", bounds=(0, 1)
    )
    flexible_base_tier: Array = param(
        "Mean base that flexible workers choose, relative to the reference wage",
        "灵活就业人员缴费档次",
        "index",
        bounds=(0, 3),
        about="Mean of the chosen tiers; never below the floor.",
    )


@dataclass(frozen=True)
class Pensions(Record):
    """How members behave: moving in and out, claiming, leaving."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "pension_behaviour"

    retirement_response: Array = param(
        "Share of the delayed who go on working",
        "延迟退休就业响应",
        "share",
        bounds=(0, 1),
        page="levers/retirement_age",
    )
    work_after_pension_ratio: Array = param(
        "Participation after the pension age relative to before",
        "领取年龄后劳动参与比",
        "share",
        bounds=(0, 1),
        dims=("sex",),
    )
    early_share: Array = param(
        "Share that retires as early as allowed",
        "弹性提前退休选择比例",
        "share",
        bounds=(0, 1),
        page="levers/retirement_age",
    )
    late_share: Array = param(
        "Share that retires late",
        "弹性延迟退休选择比例",
        "share",
        bounds=(0, 1),
        page="levers/retirement_age",
    )
    exit_rate: Array = param(
        "Contributors who stop paying in a year", "年中断缴费比例", "share/year", bounds=(0, 1)
    )
    return_rate: Array = param(
        "Dormant members who resume in a year",
        "年续保比例",
        "share/year",
        bounds=(0, 1),
        about="As far as covered employment needs contributors; others are new members.",
    )
    continue_share: Array = param(
        "Contributors short of the minimum years who go on paying",
        "年延长缴费比例",
        "share/year",
        bounds=(0, 1),
        about="Of those past their date, year by year until they meet the minimum.",
    )
    award_scale_share: Array = param(
        "Part of the calibrated gap of pensions that new awards share",
        "新发养老金口径差距延续比例",
        "share",
        bounds=(0, 1),
        about="The published series hold pensions that the formula does not give (public "
        "institutions, supplements). 1: new awards are scaled like the stock; 0: the formula only.",
    )
    pay_up_share: Array = param(
        "Members short of the minimum who pay the missing years at once",
        "一次性补缴比例",
        "share",
        bounds=(0, 1),
        about="Share of those about to meet the minimum; falls in proportion to the years they "
        "have. Open to people first insured before July 2011 and by local rules.",
    )
    highest_coverage: Array = param(
        "Highest share of an age that ever contributed, in the grown history",
        "历史参保率上限",
        "share",
        bounds=(0.5, 1),
        about="Where the published contributors of a past year ask for more at some age, the "
        "others of the history stay at this share.",
    )
    leaver_transfer_share: Array = param(
        "Members who move away and take their relation along",
        "迁出人员转移接续比例",
        "share",
        bounds=(0, 1),
        about="The others keep their rights here, dormant, until their date.",
    )
    transfer_out_rate: Array = param(
        "Dormant members who take their relation away in a year",
        "年转出比例",
        "share/year",
        bounds=(0, 1),
    )
    index_log_sd: Array = param(
        "Spread of the average index inside a cell",
        "平均缴费指数对数标准差",
        "log points",
        bounds=(0, 2),
    )
    years_sd: Array = param(
        "Spread of contribution years among pensioners of a cell",
        "退休人员缴费年限标准差",
        "years",
        bounds=(0, 20),
    )


ASSUMPTIONS = (Economy, Demography, Labour, JobMarket, Earnings, Pensions)
NO_LIMIT = np.inf
