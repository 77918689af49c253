"""The levers of the pension of government and public institutions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rssim.records import Array, param
from rssim.rules.scheme_terms import SchemeTerms

PAGE = "levers/public_pension"
FUND_PAGE = "funds/public_pension"


@dataclass(frozen=True)
class PublicPensionTerms(SchemeTerms):
    """Law of the pension of government and public institutions 机关事业单位养老保险.

    Its contributions are part of what the employee pension charges on formal jobs, so they are
    not charged a second time.
    """

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "public_pension"

    employer_rate: Array = param(
        "Contribution rate of the unit",
        "单位缴费比例",
        "share",
        bounds=(0, 0.6),
        about="Share of the assessed base of its staff that a government body or public "
        "institution pays.",
        page=PAGE,
    )
    employee_rate: Array = param(
        "Contribution rate of the staff",
        "个人缴费比例",
        "share",
        bounds=(0, 0.4),
        about="All of it goes to the individual account.",
        page=FUND_PAGE,
    )
    transitional_coefficient: Array = param(
        "Coefficient of the transitional part",
        "过渡系数",
        "1/year",
        bounds=(0, 0.05),
        about="Share of the calculation base per weighted year of service before October 2014.",
        page=FUND_PAGE,
    )
    deemed_index: Array = param(
        "Deemed index of service before October 2014",
        "视同缴费指数",
        "index",
        bounds=(0, 5),
        about="By post and grade in the table of the province; here one mean.",
        page=FUND_PAGE,
    )
    old_basic_pay_m: Array = param(
        "Basic pay of the post in September 2014",
        "2014年9月基本工资",
        "yuan/month",
        bounds=(0, 1e5),
        about="A of the old formula: pay of post and grade, mean of those who retire.",
        page=FUND_PAGE,
    )
    old_subsidy_m: Array = param(
        "Retirement subsidy of the old formula",
        "退休补贴标准",
        "yuan/month",
        bounds=(0, 1e5),
        about="B of the old formula, mean of those who retire.",
        page=FUND_PAGE,
    )
    old_increase_m: Array = param(
        "Increase of 2014 in the old formula",
        "2014年增资额",
        "yuan/month",
        bounds=(0, 1e5),
        about="C of the old formula.",
        page=FUND_PAGE,
    )
    old_uprating: Array = param(
        "Uprating of the old formula",
        "老办法待遇增长系数",
        "multiplier",
        bounds=(0.1, 50),
        about="Product of the growth of pay from 2015 to the year of retirement.",
        page=FUND_PAGE,
    )
    service_limits: Array = param(
        "Years of service at which the share of basic pay rises",
        "退休费计发比例分档年限",
        "years",
        bounds=(0, 60),
        dims=("table",),
        page=FUND_PAGE,
    )
    service_shares: Array = param(
        "Share of basic pay by band of service",
        "退休费计发比例",
        "share",
        bounds=(0, 1),
        dims=("table",),
        about="M of the old formula; one more band than limits.",
        page=FUND_PAGE,
    )
    excess_share: Array = param(
        "Share of what the new formula gives more",
        "新老办法对比限高比例",
        "share",
        bounds=(0, 1),
        about="Of pensions above the old formula, by year of retirement in the ten years of "
        "transition.",
        page=PAGE,
    )
    window_share: Array = param(
        "Comparison of old and new formula in force",
        "新老办法对比过渡期",
        "share",
        bounds=(0, 1),
        about="1 while those who retire get the comparison with the old formula as a floor; 0 "
        "where the new formula alone holds.",
        page=PAGE,
    )
    gap_share: Array = param(
        "Share of the current gap that the budget pays",
        "财政补助收支缺口比例",
        "share",
        bounds=(0, 1),
        about="Outgo less contributions of a year; the rest comes from the balance.",
        page=FUND_PAGE,
    )


@dataclass(frozen=True)
class PublicPensionBehaviour(SchemeTerms):
    """Staff and pay of government and public institutions, and what their offices do."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "public_pension_behaviour"

    staff_growth: Array = param(
        "Growth of the number of staff beyond the population",
        "在编人员相对人口增长率",
        "share/year",
        bounds=(-0.2, 0.2),
        about="Those who retire and die are replaced on top of it.",
        page=FUND_PAGE,
    )
    pay_growth: Array = param(
        "Growth of public pay beyond the reference wage",
        "机关事业单位工资相对增长率",
        "share/year",
        bounds=(-0.3, 0.3),
        about="0: the pay that is counted for contributions grows with the reference wage.",
        page=PAGE,
    )
    pay_log_sd: Array = param(
        "Spread of counted pay among the staff",
        "缴费工资离散度",
        "log points",
        bounds=(0, 2),
        page=FUND_PAGE,
    )
    benefit_log_sd: Array = param(
        "Spread of new against old amounts among those who retire",
        "新老办法待遇比离散度",
        "log points",
        bounds=(0, 2),
        about="People of the same age and sex differ in the gain that the new formula brings.",
        page=FUND_PAGE,
    )
    waiting_share: Array = param(
        "New pensioners first paid on account",
        "先按老办法预发比例",
        "share",
        bounds=(0, 1),
        about="Of those awarded by the comparison: they get the old amount until the award is "
        "recalculated.",
        page=FUND_PAGE,
    )
    recalculated_share: Array = param(
        "Share of waiting awards recalculated in the year",
        "当年完成重算比例",
        "share",
        bounds=(0, 1),
        about="The arrears are paid with it.",
        page=PAGE,
    )
    entry_first_age: Array = param(
        "First age of entry to the staff", "入编最低年龄", "years", bounds=(15, 50), page=FUND_PAGE
    )
    entry_last_age: Array = param(
        "Last age of entry to the staff", "入编最高年龄", "years", bounds=(15, 60), page=FUND_PAGE
    )
    staff_weight: Array = param(
        "Weight of a group among staff and pensioners",
        "各群体入编权重",
        "multiplier",
        bounds=(0, 1000),
        dims=("group",),
        about="Relative chance that a formal employee of the group belongs to the staff.",
        page=FUND_PAGE,
    )
    enrolled_staff_share: Array = param(
        "Staff enrolled with the scheme",
        "在编人员参保率",
        "share",
        bounds=(0, 1),
        about="Below 1 in the years of the merger: the others were paid by budgets.",
        page=FUND_PAGE,
    )
    enrolled_pensioner_share: Array = param(
        "Pensioners enrolled with the scheme",
        "退休人员纳入比例",
        "share",
        bounds=(0, 1),
        about="Below 1 in the years of the merger: the others were paid by budgets.",
        page=FUND_PAGE,
    )
