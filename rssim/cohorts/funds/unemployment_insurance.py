"""The unemployment insurance fund: who pays, who draws, what else is paid, what is left."""

from __future__ import annotations

import numpy as np

from rssim.axes import UNEMPLOYED
from rssim.cohorts.funds.account import Account
from rssim.cohorts.funds.scheme import Opened, SchemeYear
from rssim.cohorts.funds.unemployment_claims import INSURED, Claims, claims_year, everyone
from rssim.cohorts.funds.unemployment_opening import opened
from rssim.cohorts.funds.unemployment_payments import (
    MONTHS,
    SECTOR,
    UnemploymentConstants,
    UnemploymentStocks,
    bases,
    benefit_m,
    flat,
    insured_years,
    settled_year,
    total,
)
from rssim.cohorts.funds.work import Work
from rssim.inputs.assemble import Inputs, Year
from rssim.records import IN_YEAR, YEAR_END, Array, Series
from rssim.rules.unemployment import high_cost_multiple
from rssim.rules.unemployment_terms import UnemploymentBehaviour, UnemploymentLaw

KEY = "unemployment_insurance"
FUND = SECTOR
NAME = "unemployment insurance"
ZH = "失业保险"

PAYMENTS = {
    "employer_contributions": ("Employer contributions", "单位缴费"),
    "employee_contributions": ("Employee contributions", "个人缴费"),
    "flexible_contributions": ("Contributions of flexible workers", "灵活就业人员缴费"),
    "benefits": ("Unemployment benefits", "失业保险金"),
    "medical_contributions": ("Medical contributions for recipients", "代缴基本医疗保险费"),
    "pension_contributions": ("Pension contributions for recipients", "代缴基本养老保险费"),
    "death_grants": ("Grants at the death of recipients", "丧葬补助金和抚恤金"),
    "retention_refunds": ("Refunds to firms that keep their staff", "稳岗返还"),
    "hiring_grants": ("Hiring grants", "扩岗补助"),
    "skill_grants": ("Skill grants", "技能提升补贴"),
    "other_payments": ("Other payments", "其他支出"),
}
_P, _PY, _M, _S = "persons", "persons/year", "yuan/month", "share"
SERIES = (
    Series("insured", "Insured against unemployment", "参加失业保险人数", _P, YEAR_END, "sum"),
    Series("recipients", "Recipients of benefit", "领取失业保险金人数", _P, YEAR_END, "sum"),
    Series(
        "claims",
        "Claims",
        "新增领取失业保险金人数",
        _PY,
        IN_YEAR,
        "sum",
        "people whose benefit starts",
    ),
    Series(
        "recipients_in_year",
        "Recipients at any time of the year",
        "全年领取失业保险金人数",
        _PY,
        IN_YEAR,
        "sum",
        "recipients of 1 January and claims of the year",
    ),
    Series(
        "recipient_years",
        "Recipients, mean of the year",
        "年均领取失业保险金人数",
        "person-years",
        IN_YEAR,
        "sum",
        "months of benefit paid over 12",
    ),
    Series("benefit_m", "Benefit", "失业保险金月标准", _M, IN_YEAR, "one value for all"),
    Series(
        "benefit_ratio",
        "Benefit over mean pay",
        "失业保险金与平均工资之比",
        _S,
        IN_YEAR,
        "ratio of means",
        "benefit over the average wage of formal employees",
    ),
    Series(
        "granted_months",
        "Benefit granted, mean",
        "平均核定领取月数",
        "months",
        IN_YEAR,
        "weighted mean of months granted by claims",
    ),
    Series(
        "recipient_share",
        "Recipients among the unemployed",
        "失业人员领取比例",
        _S,
        IN_YEAR,
        "weighted mean of recipients by unemployed people",
    ),
    Series(
        "mean_base_m",
        "Mean base",
        "平均缴费基数",
        _M,
        IN_YEAR,
        "weighted mean of bases by insured formal employees",
    ),
    Series(
        "cost_rate",
        "Cost rate",
        "支出占缴费工资比例",
        _S,
        IN_YEAR,
        "ratio of sums",
        "expenditure over the pay of insured formal employees",
    ),
    Series(
        "high_cost_multiple",
        "High-cost multiple",
        "高支出保障倍数",
        "ratio",
        YEAR_END,
        "ratio of sums",
        "years that the balance pays at the cost rate of bad years",
    ),
)


def open(inputs: Inputs, work: Work) -> Opened:
    """Stocks and constants of the opening day, from the baseline's first year."""
    return opened(inputs, work)


def year(
    stocks: UnemploymentStocks,
    work: Work,
    year: Year,
    inputs: Inputs,
    found: UnemploymentConstants,
) -> SchemeYear:
    """One year: contributions, claims, payments, and the fund's balance."""
    pairs = (inputs.conversion_pairs, inputs.upgrade_pairs)
    claims = claims_year(stocks.members, stocks.recipients, work, year, found, pairs)
    base = bases(work, year, found.base_share)
    account = settled_year(stocks, claims, base, work, year, found)
    after = UnemploymentStocks(
        claims.members,
        claims.recipients,
        account.contributions[:, None, None, None],
        account.closing[:, None, None, None],
    )
    before = everyone(stocks.members, stocks.recipients)
    people = before + total(claims.newcomers) - claims.gone
    gap = np.abs(everyone(claims.members, claims.recipients) - people) / np.maximum(people, 1.0)
    measures = measured(stocks, after, claims, account, base, work, year, found)
    return SchemeYear(account, after, measures, {"people": float(gap.max())})


def measured(
    stocks: UnemploymentStocks,
    after: UnemploymentStocks,
    claims: Claims,
    account: Account,
    base_m: Array,
    work: Work,
    year: Year,
    found: UnemploymentConstants,
) -> dict[str, Array]:
    """The scheme's own series, (draw,),"""
    law, terms = year.terms(UnemploymentLaw), year.terms(UnemploymentBehaviour)
    amount = flat(benefit_m(year, law), account.closing)
    insured = insured_years(work, year, found)
    payroll = MONTHS * total(insured * work.wage_m)
    started, paid = total(claims.claims), total(claims.paid) / MONTHS
    unemployed = total(work.labour.person_years[..., UNEMPLOYED, :])
    base = total(insured * base_m)
    people = total(stocks.recipients.sum(axis=0))
    rate = flat(terms.high_cost_rate, account.closing)
    return {
        "insured": total(after.members[INSURED].sum(axis=0)),
        "recipients": total(after.recipients.sum(axis=0)),
        "claims": started,
        "recipients_in_year": people + started,
        "recipient_years": paid,
        "benefit_m": amount,
        "benefit_ratio": amount / flat(work.earnings.average_wage_m, account.closing),
        "granted_months": _ratio(total(claims.granted), started),
        "recipient_share": _ratio(paid, unemployed),
        "mean_base_m": _ratio(base, total(insured)),
        "cost_rate": _ratio(account.expenditure, payroll),
        "high_cost_multiple": high_cost_multiple(account.closing, np.maximum(payroll, 1.0), rate),
    }


def _ratio(above: Array, below: Array) -> Array:
    return np.asarray(np.divide(above, below, out=np.zeros_like(above), where=below > 0))
