"""What the residents' pension asks and pays, and how people take it up: one line per lever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rssim.records import Array, param
from rssim.rules.scheme_terms import SchemeTerms

PAGE = "funds/residents_pension"
BASIC_PAGE = "levers/residents_basic_pension"
TIER_PAGE = "levers/residents_tiers"
OUTREACH_PAGE = "levers/residents_outreach"
LAND_PAGE = "levers/land_accounts"


@dataclass(frozen=True)
class ResidentsPensionTerms(SchemeTerms):
    """The law of the pension of urban and rural residents (城乡居民基本养老保险)."""

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "residents_pension"

    eligible_share: Array = param(
        "Residents who may join",
        "可参保居民占比",
        "share",
        bounds=(0, 1),
        dims=("group",),
        about="By group: a city insures those who are registered there.",
        page=PAGE,
    )
    tiers: Array = param(
        "Contribution tiers",
        "缴费档次",
        "yuan/year",
        bounds=(0, 1e6),
        dims=("table",),
        about="Number of the tier and its amount, rising.",
        page=TIER_PAGE,
    )
    subsidies: Array = param(
        "Subsidy to the account by tier",
        "缴费补贴",
        "yuan/year",
        bounds=(0, 1e6),
        dims=("table",),
        about="From the tier of the same number on.",
        page=TIER_PAGE,
    )
    tier_level: Array = param(
        "Level of tiers and subsidies",
        "档次和补贴水平",
        "multiplier",
        bounds=(0.1, 100),
        about="Against the list of the law; 1 in every year means that the list is never raised.",
        page=TIER_PAGE,
    )
    minimum_tier: Array = param(
        "Lowest tier that may be chosen",
        "最低缴费档次",
        "yuan/year",
        bounds=(0, 1e5),
        page=TIER_PAGE,
    )
    subsidy_factor: Array = param(
        "Subsidy relative to its list",
        "缴费补贴系数",
        "multiplier",
        bounds=(0, 20),
        about="2 doubles the subsidy of every tier from its date on.",
        page=TIER_PAGE,
    )
    subsidy_province_share: Array = param(
        "Province's share of the subsidy to accounts",
        "省级缴费补贴分担比例",
        "share",
        bounds=(0, 1),
        about="The city pays the rest.",
        page=TIER_PAGE,
    )
    basic_national_m: Array = param(
        "Basic pension set by the nation",
        "全国基础养老金最低标准",
        "yuan/month",
        bounds=(0, 1e5),
        page=BASIC_PAGE,
    )
    basic_provincial_m: Array = param(
        "Basic pension set by the province",
        "省基础养老金最低标准",
        "yuan/month",
        bounds=(0, 1e5),
        about="Not below the nation's; 0 where the province adds nothing.",
        page=BASIC_PAGE,
    )
    basic_city_m: Array = param(
        "Basic pension set by the city",
        "市基础养老金标准",
        "yuan/month",
        bounds=(0, 1e5),
        about="Not below the province's; 0 where the city adds nothing.",
        page=BASIC_PAGE,
    )
    basic_factor: Array = param(
        "Basic pension relative to its path",
        "基础养老金系数",
        "multiplier",
        bounds=(0, 20),
        about="1.20 raises the amounts of nation, province and city by 20 % from its date on.",
        page=BASIC_PAGE,
    )
    nation_share: Array = param(
        "Nation's share of its own basic pension",
        "中央财政分担比例",
        "share",
        bounds=(0, 1),
        about="1 in the centre and west, one half in the east.",
        page=BASIC_PAGE,
    )
    province_share: Array = param(
        "Province's share of what the nation leaves of its amount",
        "省级财政分担比例",
        "share",
        bounds=(0, 1),
        about="Up to the province's own amount; the city pays the rest.",
        page=BASIC_PAGE,
    )
    age_supplement_m: Array = param(
        "Supplement for high age",
        "高龄加发基础养老金",
        "yuan/month",
        bounds=(0, 1e4),
        dims=("age",),
        about="By age on 1 January, from the starting age on; the city pays it.",
        page=BASIC_PAGE,
    )
    long_years_supplement_m: Array = param(
        "Supplement per year beyond the minimum",
        "长缴加发基础养老金",
        "yuan/month",
        bounds=(0, 1e3),
        about="For each contribution year beyond the minimum; the city pays it.",
        page=BASIC_PAGE,
    )
    pension_age: Array = param(
        "Pension age",
        "领取待遇年龄",
        "years",
        bounds=(50, 75),
        about="The 2024 decision on the retirement age does not raise it.",
        page=PAGE,
    )
    minimum_years: Array = param(
        "Minimum contribution years",
        "最低缴费年限",
        "years",
        bounds=(0, 40),
        about="Those who were older when the scheme began need the years that were left to them.",
        page=PAGE,
    )
    scheme_start: Array = param(
        "Calendar year in which the scheme began",
        "制度实施年份",
        "years",
        bounds=(1990, 2100),
        page=PAGE,
    )
    account_divisor: Array = param(
        "Months divisor of the account",
        "个人账户计发月数",
        "months",
        bounds=(1, 600),
        about="139 whatever the age of award; the pension is paid for life.",
        page=PAGE,
    )
    account_interest_rate: Array = param(
        "Interest rate of accounts",
        "个人账户记账利率",
        "share/year",
        bounds=(-0.05, 0.2),
        page=PAGE,
    )
    funeral_months: Array = param(
        "Funeral aid in months of the basic pension",
        "丧葬补助金月数",
        "months",
        bounds=(0, 36),
        about="For every recipient who dies; the city pays it.",
        page=PAGE,
    )
    employee_years_counted: Array = param(
        "Years of the employee scheme that count here",
        "职保年限折算比例",
        "share",
        bounds=(0, 1),
        about="For those who move here short of the minimum years there.",
        page=PAGE,
    )
    land_amount_m: Array = param(
        "Land credit per month",
        "被征地农民养老保障月标准",
        "yuan/month",
        bounds=(0, 1e5),
        page=LAND_PAGE,
    )
    land_months: Array = param(
        "Months of land credit",
        "被征地农民养老保障月数",
        "months",
        bounds=(0, 600),
        page=LAND_PAGE,
    )
    dry_fund_payer: str = param(
        "Who pays when the fund runs dry",
        "基金缺口承担主体",
        "choice",
        choices=("city", "province", "nation"),
        about="Books the required subsidy that keeps the balance at zero.",
        page=PAGE,
    )


@dataclass(frozen=True)
class ResidentsPensionBehaviour(SchemeTerms):
    """Who joins, what they pay and who moves here; assumptions, not law."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "residents_pension_behaviour"

    take_up_profile: Array = param(
        "Relative take-up by age",
        "参保率年龄构成",
        "share",
        bounds=(0, 1),
        dims=("age",),
        about="Of those entitled to join; its level is calibrated on the number of members.",
        page=OUTREACH_PAGE,
    )
    outreach: Array = param(
        "Outreach",
        "扩面宣传次数",
        "1/year",
        bounds=(0, 50),
        about="Contacts per person entitled and year beyond those of the baseline.",
        page=OUTREACH_PAGE,
    )
    outreach_response: Array = param(
        "Share of the gap that one contact a year closes",
        "宣传响应率",
        "share",
        bounds=(0, 0.99),
        page=OUTREACH_PAGE,
    )
    take_up_ceiling: Array = param(
        "Take-up that outreach can reach",
        "参保率上限",
        "share",
        bounds=(0, 1),
        about="Of those entitled, at ages of full take-up; not below the take-up without outreach.",
        page=OUTREACH_PAGE,
    )
    exit_ratio: Array = param(
        "Members among those who start in the employee scheme",
        "转职保人员中参保者比重",
        "share",
        bounds=(0, 1),
        about="Relative to members among all outside it: 1 means that members leave like others.",
        page=OUTREACH_PAGE,
    )
    paying_share: Array = param(
        "Members who do not interrupt",
        "不断缴比例",
        "share",
        bounds=(0, 1),
        about="Share of members who could pay in a year and do.",
        page=TIER_PAGE,
    )
    willingness_log_sd: Array = param(
        "Spread of what people are willing to pay",
        "缴费意愿离散度",
        "log points",
        bounds=(0.01, 3),
        about="The mean is calibrated on the fund's revenue and grows with incomes.",
        page=TIER_PAGE,
    )
    minimum_tier_stretch: Array = param(
        "Lowest tier against what people would pay, at most",
        "最低档与缴费意愿之比上限",
        "multiplier",
        bounds=(1, 100),
        about="Whoever is willing to pay less than the lowest tier divided by this pays nothing.",
        page=TIER_PAGE,
    )
    subsidy_response: Array = param(
        "Response of willingness to the subsidy",
        "缴费意愿对补贴的反应",
        "multiplier",
        bounds=(0, 2),
        about="Relative rise of what people are willing to pay when the subsidy is doubled.",
        page=TIER_PAGE,
    )
    pay_up_share: Array = param(
        "Share who pay missing years at once",
        "补缴比例",
        "share",
        bounds=(0, 1),
        about="Of those who reach the pension age short of the years; the others go on paying.",
        page=PAGE,
    )
    years_spread: Array = param(
        "Spread of contribution years within a cell",
        "缴费年限离散度",
        "share",
        bounds=(0, 1),
        about="Years lie evenly within so much of the mean to either side.",
        page=PAGE,
    )
    short_leavers_share: Array = param(
        "Leavers of the employee scheme who move here",
        "职保年限不足者转入居保比例",
        "share",
        bounds=(0, 1),
        about="Of those who reach their date short of the minimum years; the others get refunds.",
        page=PAGE,
    )
    land_persons: Array = param(
        "People whose land is taken",
        "被征地农民人数",
        "persons/year",
        bounds=(0, 1e8),
        about="For whom money is set aside and credited to accounts.",
        page=LAND_PAGE,
    )
