"""The work-injury insurance fund 工伤保险: premiums by risk class, injuries, benefits, reserve.

Employers pay by risk class, floated by their own claims and cut while the reserve is large. Of
those insured some are hurt; frequency and severity differ by class. The fund pays treatment, lump
sums and the long tail; platforms pay by order for people without a contract.
"""

from __future__ import annotations

import numpy as np

from rssim.axes import FORMAL
from rssim.cohorts.funds import work_injury_payments
from rssim.cohorts.funds.account import GOVERNMENTS, settled
from rssim.cohorts.funds.scheme import Opened, SchemeYear
from rssim.cohorts.funds.work import Work
from rssim.cohorts.funds.work_injury_flows import (
    WorkInjuryConstants,
    WorkInjuryStocks,
    drawing,
    insured_share,
    scalar,
)
from rssim.cohorts.funds.work_injury_opening import lines, opened
from rssim.cohorts.funds.work_injury_payments import Happened, happened
from rssim.inputs.assemble import Inputs, Year
from rssim.records import IN_YEAR, YEAR_END, Array, Series
from rssim.rules.work_injury_terms import WorkInjuryBehaviour, WorkInjuryTerms

KEY = "work_injury"
FUND = work_injury_payments.FUND
NAME = "work-injury insurance"
ZH = "工伤保险"
PAYMENTS = {
    "premiums": ("Premiums of employers", "单位工伤保险费"),
    "platform_charges": ("Charges of platforms by order", "职业伤害保障费"),
    "nansha_premiums": ("Premiums for the group in Nansha", "派驻南沙港澳公务员保险费"),
    "treatment": ("Treatment", "工伤医疗费用"),
    "improper_bills": ("Improper bills that were paid", "不合规医疗费支出"),
    "disability_lump_sums": ("Lump sums for disabilities", "一次性伤残补助金"),
    "medical_lump_sums": ("Lump sums at the end of the contract", "一次性工伤医疗补助金"),
    "allowances": ("Allowances of grades 1 to 4", "一至四级伤残津贴"),
    "nursing": ("Nursing allowances", "生活护理费"),
    "death_grants": ("Death and funeral grants", "工亡补助金和丧葬补助金"),
    "dependants_pensions": ("Dependants' pensions", "供养亲属抚恤金"),
    "nansha_benefits": ("Lump sums and grants of the group in Nansha", "派驻南沙港澳公务员待遇"),
    "platform_benefits": ("Lump sums and grants of platform workers", "职业伤害一次性待遇"),
}
SERIES = (
    Series(
        "insured", "Insured workers, work injury", "工伤保险参保人数", "persons", YEAR_END, "sum"
    ),
    Series("injuries", "Injuries", "工伤人数", "persons/year", IN_YEAR, "sum"),
    Series("deaths", "Deaths at work", "工亡人数", "persons/year", IN_YEAR, "sum"),
    Series(
        "beneficiaries",
        "Beneficiaries of the year",
        "享受工伤保险待遇人数",
        "persons/year",
        IN_YEAR,
        "sum",
        "injured in the year, those with an allowance and dependants on 1 January",
    ),
    Series(
        "disabled",
        "Disabled people of grades 1 to 4",
        "一至四级伤残人数",
        "persons",
        YEAR_END,
        "sum",
    ),
    Series("dependants", "Dependants with a pension", "供养亲属人数", "persons", YEAR_END, "sum"),
    Series(
        "mean_allowance_m",
        "Mean allowance of grades 1 to 4",
        "人均伤残津贴",
        "yuan/month",
        YEAR_END,
        "weighted mean of allowances by people",
        "before the difference to a basic pension",
    ),
    Series(
        "premium_rate",
        "Mean premium rate",
        "平均实际费率",
        "share",
        IN_YEAR,
        "ratio of sums",
        "premiums over declared payroll",
    ),
    Series(
        "reserve_cut",
        "Cut of rates while the reserve is large",
        "阶段性降费幅度",
        "share",
        IN_YEAR,
        "one value for all",
    ),
    Series(
        "liability",
        "Liability of the long tail",
        "长期待遇负债",
        "yuan",
        YEAR_END,
        "sum",
        "present value of benefits for life that have been granted",
    ),
    Series(
        "funded_ratio",
        "Balance over the liability of the long tail",
        "长期待遇备付率",
        "ratio",
        YEAR_END,
        "ratio of sums",
    ),
    Series("refused_bills", "Improper bills refused", "审核拒付金额", "yuan/year", IN_YEAR, "sum"),
    Series(
        "employer_costs",
        "Costs of injuries that employers bear",
        "单位承担的工伤待遇",
        "yuan/year",
        IN_YEAR,
        "sum",
        "wage during treatment, allowances of grades 5 and 6, lump sums for finding work; they "
        "pass no fund",
    ),
    Series(
        "platform_workers",
        "Platform workers covered",
        "职业伤害保障覆盖人数",
        "person-years",
        IN_YEAR,
        "sum",
    ),
)
MONTHS = 12


def open(inputs: Inputs, work: Work) -> Opened:
    """Stocks and constants of the opening day: every moment is met exactly, in closed form."""
    stocks, found = opened(inputs, work)
    done = year(stocks, work, inputs.years[0], inputs, found)
    return Opened(stocks, found, lines(inputs, stocks, work, found, done))


def year(
    stocks: WorkInjuryStocks, work: Work, year: Year, inputs: Inputs, found: WorkInjuryConstants
) -> SchemeYear:
    """One year of the fund, its long tail and its measures."""
    terms, behaviour = year.terms(WorkInjuryTerms), year.terms(WorkInjuryBehaviour)
    done = happened(stocks, work, year, inputs, found)
    opening = stocks.balance[:, 0, 0, 0]
    interest = np.broadcast_to(behaviour.fund_return.reshape(-1), opening.shape)
    account = settled(FUND, opening, done.payments, interest, GOVERNMENTS[terms.dry_fund_payer])

    def cell(values: Array) -> Array:
        return np.asarray(values[:, None, None, None])

    after = WorkInjuryStocks(
        people=done.people,
        amounts=done.amounts,
        balance=cell(account.closing),
        spent=cell(account.expenditure),
        premiums=cell(account.contributions) + done.waived,
    )
    return SchemeYear(account, after, measures(stocks, after, work, year, found, done), done.gaps)


def measures(
    stocks: WorkInjuryStocks,
    after: WorkInjuryStocks,
    work: Work,
    year: Year,
    found: WorkInjuryConstants,
    done: Happened,
) -> dict[str, Array]:
    """The scheme's own series of a year, (draw,)."""
    hurt = done.hurt
    injuries = scalar(hurt.formal + hurt.riders + hurt.posted)
    disabled, kin, bill = drawing(after)
    before = drawing(stocks)
    insured = scalar(work.people_end[..., FORMAL, :]) * insured_share(year, found)

    def ratio(above: Array, below: Array) -> Array:
        return np.divide(above, below, out=np.zeros_like(above), where=below > 0)

    values = {
        "insured": insured,
        "injuries": injuries,
        "deaths": scalar(done.deaths),
        "beneficiaries": injuries + before[0] + before[1],
        "disabled": disabled,
        "dependants": kin,
        "mean_allowance_m": ratio(bill, disabled) / MONTHS,
        "premium_rate": done.rates.mean,
        "reserve_cut": done.rates.cut,
        "liability": done.liability,
        "funded_ratio": ratio(after.balance, done.liability),
        "employer_costs": done.employer_costs,
        "platform_workers": scalar(hurt.platform),
    }
    out = {name: np.asarray(item[:, 0, 0, 0]) for name, item in values.items()}
    return out | {"refused_bills": done.refused}
