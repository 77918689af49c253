"""Headline series of a run: what each one is, its unit, its day or period and its basis.

Years are calendar years. People and balances stand on 31 December of the year, as in Chinese
statistics; flows are those of the whole year. Money is nominal yuan.
"""

from __future__ import annotations

from dataclasses import replace

from rssim.cohorts.funds.registry import FUNDED, SCHEMES
from rssim.cohorts.funds.scheme import Scheme
from rssim.records import IN_YEAR, NEW_YEAR, YEAR_END, Series

MONTHS = 12
FUND = "employee_pension"


def _series(
    name: str, zh: str, unit: str, timing: str, aggregates: str = "sum", about: str = ""
) -> tuple[str, str, str, str, str, str]:
    return name, zh, unit, timing, aggregates, about


_S, _P, _Y, _M = "share", "persons", "yuan/year", "yuan/month"

_PEOPLE = {
    "population": _series("Population", "常住人口", _P, YEAR_END),
    "births": _series("Births", "出生人口", "persons/year", IN_YEAR),
    "deaths": _series("Deaths", "死亡人口", "persons/year", IN_YEAR),
    "net_migration": _series("Net migration", "净迁入人口", "persons/year", IN_YEAR),
    "labour_force": _series(
        "Labour force", "劳动力", _P, YEAR_END, about="employed and unemployed, pensioners who work"
    ),
    "employed": _series("Employed persons", "就业人员", _P, YEAR_END),
    "formal_employed": _series("Formal employees", "单位就业人员", _P, YEAR_END),
    "flexible_employed": _series(
        "Flexible workers", "灵活就业人员", _P, YEAR_END, about="pensioners who work are among them"
    ),
    "unemployed": _series("Unemployed persons", "失业人员", _P, YEAR_END),
    "unemployment_rate": _series(
        "Unemployment rate", "失业率", _S, YEAR_END, "weighted mean of unemployed by labour force"
    ),
    "participation_rate": _series(
        "Participation rate, 16 and above",
        "劳动参与率",
        _S,
        YEAR_END,
        "weighted mean of participation by people aged 16 and above",
    ),
    "new_urban_employment": _series(
        "New urban employment",
        "城镇新增就业",
        "persons/year",
        IN_YEAR,
        about="registered hires less employed people who retire or die; not a change of the stock",
    ),
    "hires": _series("Hires", "新招用人数", "persons/year", IN_YEAR, about="starts of formal jobs"),
    "formal_share": _series(
        "Formal share of employment",
        "正规就业占比",
        _S,
        YEAR_END,
        "weighted mean of formal employees by employed people",
    ),
    "unemployment_rate_16_24": _series(
        "Unemployment rate, 16 to 24",
        "16至24岁失业率",
        _S,
        YEAR_END,
        "weighted mean of unemployed by labour force",
        "people at school are out of the labour force, so they do not count",
    ),
    "registered_unemployment_rate": _series(
        "Registered unemployment rate",
        "城镇登记失业率",
        _S,
        YEAR_END,
        "weighted mean of registered unemployed by labour force",
    ),
    "reemployed": _series(
        "Unemployed people who found a formal job",
        "失业人员再就业",
        "persons/year",
        IN_YEAR,
        about="hires from unemployment that are registered",
    ),
    "median_wage_m": _series(
        "Median wage of formal employees",
        "工资中位数",
        _M,
        IN_YEAR,
        "median over cells and over the spread within them",
    ),
    "subsidised_hires": _series(
        "Subsidised hires",
        "享受补贴的招用人数",
        "persons/year",
        IN_YEAR,
        about="matches for which the hiring subsidy is paid",
    ),
    "job_support_cost": _series(
        "Spending on hiring and job subsidies", "就业补贴支出", "yuan/year", IN_YEAR
    ),
    "vacancies": _series(
        "Vacancies",
        "岗位空缺",
        _P,
        IN_YEAR,
        about="posts offered in the market for jobs; 0 where job finding is exogenous",
    ),
    "openings_per_seeker": _series(
        "Openings per seeker",
        "求人倍率",
        "ratio",
        IN_YEAR,
        "weighted mean of vacancies by searchers",
        about="tightness of the market for jobs; 0 where job finding is exogenous",
    ),
    "separations": _series(
        "Separations",
        "离职失业人数",
        "persons/year",
        IN_YEAR,
        about="losses of formal jobs",
    ),
    "old_age_dependency": _series(
        "Old-age dependency ratio",
        "老年抚养比",
        "ratio",
        YEAR_END,
        "weighted mean of people aged 65 and above by people aged 15 to 64",
    ),
    "reference_wage_m": _series("Reference wage", "社会平均工资", _M, IN_YEAR, "one value for all"),
    "average_wage_m": _series(
        "Average wage of formal employees",
        "在岗职工平均工资",
        _M,
        IN_YEAR,
        "weighted mean of wages by formal employees",
    ),
    "price_index": _series(
        "Consumer price index",
        "居民消费价格指数",
        "ratio",
        IN_YEAR,
        "one value for all",
        "1 in the year before the run",
    ),
}

_FUND = {
    "insured_workers": _series("Insured workers", "参保职工", _P, YEAR_END, about="contributors"),
    "contributors": _series("Contributors", "缴费人员", "person-years", IN_YEAR),
    "retirees": _series("Retirees", "离退休人员", _P, YEAR_END),
    "new_retirees": _series("New retirees", "新增退休人员", "persons/year", IN_YEAR),
    "contributions": _series("Contributions", "征缴收入", _Y, IN_YEAR),
    "revenue": _series(
        "Revenue", "基金收入", _Y, IN_YEAR, about="contributions, subsidy in law and interest"
    ),
    "expenditure": _series(
        "Expenditure",
        "基金支出",
        _Y,
        IN_YEAR,
        about="pensions, grants, inheritances, refunds and transfers; without the remittance",
    ),
    "pensions": _series("Pensions", "基本养老金支出", _Y, IN_YEAR),
    "current_balance": _series(
        "Current balance",
        "当期结余",
        _Y,
        IN_YEAR,
        about="revenue less expenditure",
    ),
    "remittance": _series("Remittance to the national pool", "全国统筹上解", _Y, IN_YEAR),
    "subsidy": _series("Subsidy set by law", "财政补贴", _Y, IN_YEAR),
    "required_subsidy": _series(
        "Subsidy required to stay at zero",
        "兜底财政补助",
        _Y,
        IN_YEAR,
        about="what the payer named by law adds when the balance would end below zero",
    ),
    "interest": _series("Interest", "利息收入", _Y, IN_YEAR),
    "balance": _series("Balance", "累计结余", "yuan", YEAR_END),
    "reserve_months": _series(
        "Months of reserve",
        "可支付月数",
        "months",
        YEAR_END,
        "ratio of sums",
        "balance over a month's expenditure of the year",
    ),
    "mean_pension_m": _series(
        "Mean pension",
        "人均基本养老金",
        _M,
        YEAR_END,
        "weighted mean of pensions by retirees",
        "pensions in payment on 31 December",
    ),
    "mean_new_pension_m": _series(
        "Mean new pension",
        "新退休人员人均养老金",
        _M,
        IN_YEAR,
        "weighted mean of new pensions by new retirees",
    ),
    "benefit_ratio": _series(
        "Benefit ratio",
        "养老金替代水平",
        _S,
        YEAR_END,
        "ratio of means",
        "mean pension over the reference wage of the year",
    ),
    "support_ratio": _series(
        "Support ratio", "抚养比", "ratio", YEAR_END, "ratio of sums", "insured workers per retiree"
    ),
    "mean_base_ratio": _series(
        "Mean base ratio",
        "平均缴费基数比",
        _S,
        IN_YEAR,
        "weighted mean of assessed bases by contributors",
        "mean assessed base over the wage that this year's bases are measured against",
    ),
    "share_at_floor": _series(
        "Share at the floor",
        "按下限缴费占比",
        _S,
        IN_YEAR,
        "weighted mean of the share at the floor by formal contributors",
    ),
    "balanced_rate": _series(
        "Balanced contribution rate",
        "当期平衡费率",
        _S,
        IN_YEAR,
        "ratio of sums",
        "expenditure over the assessed bases on which contributions are paid",
    ),
    "increase_rate": _series(
        "Increase of pensions", "养老金调整比例", "share/year", NEW_YEAR, "one value for all"
    ),
    "calculation_base_m": _series(
        "Calculation base of new pensions", "计发基数", _M, IN_YEAR, "one value for all"
    ),
    "base_floor_m": _series("Floor of the base", "缴费基数下限", _M, IN_YEAR, "one value for all"),
    "base_cap_m": _series("Cap of the base", "缴费基数上限", _M, IN_YEAR, "one value for all"),
    "account_liability": _series(
        "Liability of individual accounts",
        "个人账户记账额",
        "yuan",
        YEAR_END,
        about="balances of members and what is left of the balances of pensioners",
    ),
    "short_of_minimum": _series(
        "Leavers short of the minimum years",
        "不满最低缴费年限人数",
        "persons/year",
        IN_YEAR,
    ),
    "transfers_out": _series("Transfers to other places", "转移支出", _Y, IN_YEAR),
    "refunds": _series("Refunds of accounts", "个人账户退付", _Y, IN_YEAR),
    "moved_to_residents": _series(
        "Accounts moved to the residents' scheme",
        "转入居民养老保险支出",
        _Y,
        IN_YEAR,
        about="of those who reach their date short of the minimum years and move there",
    ),
    "inheritances": _series("Inherited accounts", "个人账户继承", _Y, IN_YEAR),
    "funeral_grants": _series("Funeral grants", "丧葬补助金", _Y, IN_YEAR),
    "survivor_grants": _series("Survivors' grants", "抚恤金", _Y, IN_YEAR),
    "employer_contributions": _series("Employer contributions", "单位缴费", _Y, IN_YEAR),
    "employee_contributions": _series("Employee contributions", "个人缴费", _Y, IN_YEAR),
    "flexible_contributions": _series(
        "Contributions of flexible workers", "灵活就业人员缴费", _Y, IN_YEAR
    ),
    "back_payments": _series(
        "Payments for missing years",
        "补缴收入",
        _Y,
        IN_YEAR,
        about="by people who reach the age short of the minimum years",
    ),
    "arrears": _series(
        "Pensions in arrears",
        "拖欠养老金",
        "yuan",
        YEAR_END,
        about="due in the year and to be paid in the next; 0 where pensions are paid on time",
    ),
    "other_income": _series(
        "Received from other funds",
        "其他基金转入",
        _Y,
        IN_YEAR,
        about="what the unemployment fund pays for recipients near their pension age",
    ),
    "other_expenditure": _series(
        "Arrears of public posts",
        "机关事业单位补发待遇",
        _Y,
        IN_YEAR,
        about="pensions on account that were recalculated; part of the published expenditure",
    ),
    "arrears_interest": _series("Interest on pensions in arrears", "拖欠利息", _Y, IN_YEAR),
    "recoveries": _series("Improper payments recovered", "不当支付追回", _Y, IN_YEAR),
    "shortfall_payments": _series(
        "Paid by the budget for contributions not collected", "征缴考核补缴", _Y, IN_YEAR
    ),
    "deficit_subsidy": _series("Subsidy of a current deficit", "当期缺口补助", _Y, IN_YEAR),
    "province_transfer": _series("Paid to the provincial pool", "上缴省级统筹", _Y, IN_YEAR),
    "province_aid": _series("Received from the provincial pool", "省级统筹下拨", _Y, IN_YEAR),
}

COMMON_PAYMENTS = ("interest", "remittance", "required_subsidy")
_ACCOUNT = {
    key: _FUND[key]
    for key in (
        "contributions",
        "revenue",
        "expenditure",
        "current_balance",
        *COMMON_PAYMENTS,
        "balance",
        "reserve_months",
    )
}
"""Series that the account of every fund has."""
_WORDS = {
    "revenue": "contributions, subsidies set by law, transfers from other funds and interest",
    "expenditure": "everything that the fund pays but a remittance",
}


def _of_scheme(scheme: Scheme) -> dict[str, Series]:
    """The series of a scheme: those of its account, its payments and its own."""
    out = {}
    for key, (name, zh, unit, timing, aggregates, about) in _ACCOUNT.items():
        if key == "reserve_months" and scheme.KEY in FUNDED:
            continue
        full = f"{scheme.KEY}.{key}"
        about = _WORDS.get(key, about)
        out[full] = Series(full, f"{name}, {scheme.NAME}", zh, unit, timing, aggregates, about)
    for key, (name, zh) in scheme.PAYMENTS.items():
        full = f"{scheme.KEY}.{key}"
        out[full] = Series(full, f"{name}, {scheme.NAME}", zh, _Y, IN_YEAR, "sum")
    for item in scheme.SERIES:
        full = f"{scheme.KEY}.{item.key}"
        out[full] = replace(item, key=full)
    return out


SERIES: dict[str, Series] = {
    key: Series(key, *what)
    for key, what in (_PEOPLE | {f"{FUND}.{key}": what for key, what in _FUND.items()}).items()
}
"""Every headline series in the order of tables: people, labour, wages, then the funds."""
for _found in SCHEMES:
    SERIES |= _of_scheme(_found)
