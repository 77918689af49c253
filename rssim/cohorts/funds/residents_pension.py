"""The residents' pension: members pay a tier, budgets add to it and pay the basic pension.

A year runs in this order: members of 1 January pay; those who reach the pension age claim, and
accounts of people who by then have the employee pension are paid out; pensions are paid; deaths,
age, moves; then people start in the employee scheme, and others join.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rssim.cohorts.funds import residents_opening as opening
from rssim.cohorts.funds.account import (
    CONTRIBUTION,
    EXPENDITURE,
    GOVERNMENTS,
    HOUSEHOLDS,
    OTHER_FUNDS,
    RESIDENTS_FUND,
    SUBSIDY,
    TRANSFER_IN,
    Payment,
    by_group,
    one_column,
    settled,
)
from rssim.cohorts.funds.residents_flows import (
    MONTHS,
    Basic,
    Lived,
    basic_pension,
    changed,
    contributing_rate,
    lived,
    may_join,
    outside,
    paying,
    ratio,
    total,
)
from rssim.cohorts.funds.residents_stocks import (
    ABSENT,
    ABSENT_BALANCE,
    BALANCE,
    MEMBERS,
    RECIPIENT_BALANCE,
    RECIPIENTS,
    ResidentsConstants,
    ResidentsStocks,
)
from rssim.cohorts.funds.scheme import Opened, SchemeYear
from rssim.cohorts.funds.work import Work
from rssim.cohorts.movement import carried
from rssim.inputs.assemble import Inputs, Year
from rssim.records import IN_YEAR, YEAR_END, Array, Series
from rssim.rules.residents_pension_terms import (
    ResidentsPensionBehaviour,
    ResidentsPensionTerms,
)

KEY = "residents_pension"
FUND = RESIDENTS_FUND
NAME = "residents' pension"
ZH = "城乡居民基本养老保险"
EMPLOYEE_FUND = "employee pension fund"
LAND_USERS = "land users"
PAYMENTS = {
    "own_contributions": ("Members' contributions", "个人缴费"),
    "back_payments": ("Payments for missing years", "补缴收入"),
    "land_credits": ("Credits for land that is taken", "被征地农民养老保障资金"),
    "account_subsidy_province": ("Subsidy to accounts, province", "省级缴费补贴"),
    "account_subsidy_city": ("Subsidy to accounts, city", "市级缴费补贴"),
    "basic_nation": ("Basic pension, nation", "中央基础养老金补助"),
    "basic_province": ("Basic pension, province", "省级基础养老金补助"),
    "basic_city": ("Basic pension and aid, city", "市级基础养老金补助"),
    "employee_accounts": ("Accounts from the employee scheme", "职保转入收入"),
    "basic_pensions": ("Basic pensions paid", "基础养老金支出"),
    "account_pensions": ("Account pensions paid", "个人账户养老金支出"),
    "funeral_aid": ("Funeral aid", "丧葬补助金"),
    "inheritances": ("Inherited accounts", "个人账户继承"),
    "settlements": ("Accounts of people with an employee pension", "职保人员个人账户清退"),
    "transfers_out": ("Transfers to other places", "转移支出"),
}
_SUM = "sum"
SERIES = (
    Series(
        "members", "Members who pay, residents' pension", "居保缴费人员", "persons", YEAR_END, _SUM
    ),
    Series(
        "recipients",
        "Recipients, residents' pension",
        "居保领取待遇人数",
        "persons",
        YEAR_END,
        _SUM,
    ),
    Series(
        "insured",
        "Participants, residents' pension",
        "居保参保人数",
        "persons",
        YEAR_END,
        _SUM,
        "members and recipients",
    ),
    Series(
        "new_recipients",
        "New recipients, residents' pension",
        "居保新增领取人数",
        "persons/year",
        IN_YEAR,
        _SUM,
    ),
    Series(
        "joined",
        "People who join, residents' pension",
        "居保新增参保人数",
        "persons/year",
        IN_YEAR,
        _SUM,
    ),
    Series(
        "take_up",
        "Take-up, residents' pension",
        "居保参保率",
        "share",
        YEAR_END,
        "weighted mean of members by people entitled to join",
    ),
    Series(
        "mean_pension_m",
        "Mean pension, residents' pension",
        "居保人均养老金",
        "yuan/month",
        IN_YEAR,
        "ratio of sums",
        "pensions paid over the person-years of recipients",
    ),
    Series(
        "basic_pension_m",
        "Basic pension per recipient, residents' pension",
        "居保人均基础养老金",
        "yuan/month",
        IN_YEAR,
        "ratio of sums",
        "with supplements and other local parts",
    ),
    Series(
        "mean_contribution",
        "Contribution per member, residents' pension",
        "居保人均缴费",
        "yuan/year",
        IN_YEAR,
        "ratio of sums",
        "members who interrupt count",
    ),
    Series(
        "subsidies",
        "Budget money, residents' pension",
        "居保财政补贴",
        "yuan/year",
        IN_YEAR,
        _SUM,
        "basic pensions and subsidies to accounts, of all budgets",
    ),
    Series(
        "accounts",
        "Individual accounts, residents' pension",
        "居保个人账户余额",
        "yuan",
        YEAR_END,
        _SUM,
        "of members, of people who left for the employee scheme, and of recipients",
    ),
)


def open(inputs: Inputs, work: Work) -> Opened:
    """Stocks and constants of the opening day, from the baseline's first year."""
    return opening.opened(inputs, work, year)


def year(
    stocks: ResidentsStocks, work: Work, year: Year, inputs: Inputs, found: ResidentsConstants
) -> SchemeYear:
    """One year of the scheme."""
    terms, behaviour = year.terms(ResidentsPensionTerms), year.terms(ResidentsPensionBehaviour)
    income = stocks.income_level
    pay = paying(found.willingness * income, terms, behaviour)
    basic = basic_pension(terms, found.local_m * income)
    spent = lived(stocks, pay, basic, work, year.year, terms, behaviour)
    cells = carried(spent.cells, work.moves, inputs.conversion_pairs, inputs.upgrade_pairs)
    gone = spent.cells * work.moves.leaving
    now = outside(work.people_end, contributing_rate(work))
    entitled = now * may_join(terms)
    cells, joined = changed(cells, now, entitled, found.take_up_level, terms, behaviour)

    gone_money = gone[BALANCE] + gone[ABSENT_BALANCE] + gone[RECIPIENT_BALANCE]
    payments = _payments(spent, basic, gone_money, terms)
    rate = np.broadcast_to(year.economy.fund_return.reshape(-1), stocks.balance.shape)
    account = settled(FUND, stocks.balance, payments, rate, GOVERNMENTS[terms.dry_fund_payer])
    after = replace(
        stocks,
        cells=cells,
        income_level=income * (1.0 + year.economy.income_growth),
        balance=account.closing,
    )
    money = spent.money
    paid = total(money.basic) + total(money.account)
    recipient_years = total(spent.recipient_years)
    members = total(cells[MEMBERS])
    measures = {
        "members": members,
        "recipients": total(cells[RECIPIENTS]),
        "insured": members + total(cells[RECIPIENTS]),
        "new_recipients": total(spent.new),
        "joined": total(joined),
        "take_up": ratio(members, total(entitled)),
        "mean_pension_m": ratio(paid, recipient_years) / MONTHS,
        "basic_pension_m": ratio(total(money.basic), recipient_years) / MONTHS,
        "mean_contribution": ratio(total(money.own), total(stocks.cells[MEMBERS])),
        "subsidies": account.sum_of(SUBSIDY),
        "accounts": _accounts(cells),
    }
    return SchemeYear(account, after, measures, _gaps(stocks, after, spent, gone, joined))


def _payments(
    spent: Lived, basic: Basic, gone: Array, terms: ResidentsPensionTerms
) -> dict[str, Payment]:
    """Every payment of the fund; budgets pay what is no contribution and no account."""
    money = spent.money
    draws = spent.new[:, 0, 0, 0]
    heads = MONTHS * total(spent.recipient_years)

    def flat(values: Array) -> Array:
        return np.broadcast_to(np.asarray(values).reshape(-1), draws.shape)

    by_nation, by_province = heads * flat(basic.nation), heads * flat(basic.province)
    share = flat(terms.subsidy_province_share)
    subsidy = total(money.subsidy)
    # What accounts do not hold any more, and aid at death, are the city's.
    by_city = total(money.basic) - by_nation - by_province
    by_city = by_city + total(money.funeral) + total(money.account - money.drawn)
    nation, province, city = (GOVERNMENTS[name] for name in ("nation", "province", "city"))

    def column(values: Array) -> Array:
        return one_column(values, draws)

    flows: dict[str, tuple[Array, str, str, str]] = {
        "own_contributions": (by_group(money.own), HOUSEHOLDS, FUND, CONTRIBUTION),
        "back_payments": (by_group(money.back), HOUSEHOLDS, FUND, CONTRIBUTION),
        "land_credits": (by_group(money.land), LAND_USERS, FUND, CONTRIBUTION),
        "account_subsidy_province": (column(share * subsidy), province, FUND, SUBSIDY),
        "account_subsidy_city": (column((1.0 - share) * subsidy), city, FUND, SUBSIDY),
        "basic_nation": (column(by_nation), nation, FUND, SUBSIDY),
        "basic_province": (column(by_province), province, FUND, SUBSIDY),
        "basic_city": (column(by_city), city, FUND, SUBSIDY),
        "employee_accounts": (by_group(money.arrived), EMPLOYEE_FUND, FUND, TRANSFER_IN),
        "basic_pensions": (by_group(money.basic), FUND, HOUSEHOLDS, EXPENDITURE),
        "account_pensions": (by_group(money.account), FUND, HOUSEHOLDS, EXPENDITURE),
        "funeral_aid": (by_group(money.funeral), FUND, HOUSEHOLDS, EXPENDITURE),
        "inheritances": (by_group(money.inherited), FUND, HOUSEHOLDS, EXPENDITURE),
        "settlements": (by_group(money.settled), FUND, HOUSEHOLDS, EXPENDITURE),
        "transfers_out": (by_group(gone), FUND, OTHER_FUNDS, EXPENDITURE),
    }
    return {name: Payment(*parts) for name, parts in flows.items()}


def _accounts(cells: Array) -> Array:
    """All individual accounts, (draw,) [yuan]."""
    return total(cells[BALANCE] + cells[ABSENT_BALANCE] + cells[RECIPIENT_BALANCE])


def _gaps(
    before: ResidentsStocks, after: ResidentsStocks, spent: Lived, gone: Array, joined: Array
) -> dict[str, float]:
    """Relative gaps of members, recipients and accounts."""
    money, start, end = spent.money, before.cells, after.cells

    def gap(values: Array, scale: Array) -> float:
        return float(np.max(np.abs(values) / np.maximum(np.abs(scale), 1.0)))

    people = total(start[MEMBERS] + start[ABSENT])
    coming = total(joined) + total(spent.arrived_people)
    leaving = total(spent.new) + total(spent.settled_people) + total(spent.member_deaths)
    leaving = leaving + total(gone[MEMBERS] + gone[ABSENT])
    recipients = total(start[RECIPIENTS]) + total(spent.new)
    recipients = recipients - total(spent.recipient_deaths) - total(gone[RECIPIENTS])
    into = total(money.own + money.subsidy + money.back + money.land + money.interest)
    into = into + total(money.arrived)
    out = total(money.drawn + money.inherited + money.settled)
    out = out + total(gone[BALANCE] + gone[ABSENT_BALANCE] + gone[RECIPIENT_BALANCE])
    return {
        "members": gap(
            people + coming - leaving - total(end[MEMBERS] + end[ABSENT]), people + coming
        ),
        "recipients": gap(recipients - total(end[RECIPIENTS]), recipients),
        "accounts": gap(_accounts(start) + into - out - _accounts(end), _accounts(start) + into),
    }
