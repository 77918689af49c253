"""Levers of the personal pension: cap and tax, who opens an account and who pays in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rssim.records import Array, param
from rssim.rules.scheme_terms import SchemeTerms

PAGE = "levers/personal_pension"


@dataclass(frozen=True)
class PersonalPensionTerms(SchemeTerms):
    """Personal pension 个人养老金 and the income tax that it saves."""

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "personal_pension"

    contribution_cap: Array = param(
        "Contribution to the personal pension, at most",
        "个人养老金年缴费上限",
        "yuan/year",
        bounds=(0, 1e6),
        about="All of it is deducted from taxable income; 0 is no scheme.",
        page=PAGE,
    )
    payout_tax: Array = param(
        "Tax on what is paid out", "个人养老金领取税率", "share", bounds=(0, 0.45), page=PAGE
    )
    tax_allowance: Array = param(
        "Basic allowance of the income tax",
        "个人所得税基本减除费用",
        "yuan/year",
        bounds=(0, 1e6),
        page=PAGE,
    )
    tax_limits: Array = param(
        "Taxable income at which the next rate starts",
        "个人所得税级距",
        "yuan/year",
        bounds=(0, np.inf),
        dims=("table",),
        page=PAGE,
    )
    tax_rates: Array = param(
        "Rates of the income tax by bracket",
        "个人所得税税率",
        "share",
        bounds=(0, 1),
        dims=("table",),
        page=PAGE,
    )
    other_deductions: Array = param(
        "Additional deductions of an employee",
        "专项附加扣除",
        "yuan/year",
        bounds=(0, 1e6),
        about="Mean of those who save: children, parents, housing, education.",
        page=PAGE,
    )
    deducted_share: Array = param(
        "Own social contributions that are deducted",
        "专项扣除占工资比例",
        "share",
        bounds=(0, 0.5),
        page=PAGE,
    )
    central_tax_share: Array = param(
        "Central budget's part of the income tax",
        "个人所得税中央分享比例",
        "share",
        bounds=(0, 1),
        about="The rest is the place's own budget.",
        page=PAGE,
    )


@dataclass(frozen=True)
class PersonalPensionBehaviour(SchemeTerms):
    """Opening an account, paying in and drawing."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "personal_pension_behaviour"

    interested_share: Array = param(
        "Formal employees who may ever open an account",
        "个人养老金潜在开户比例",
        "share",
        bounds=(0, 1),
        page=PAGE,
    )
    opening_rate: Array = param(
        "Opening of accounts by those of them who have none",
        "个人养老金开户强度",
        "1/year",
        bounds=(0, 12),
        about="At mean pay; times a factor that the calibration finds.",
        page=PAGE,
    )
    opening_elasticity: Array = param(
        "Rise of opening with the relative wage",
        "个人养老金开户对工资弹性",
        "multiplier",
        bounds=(0, 3),
        page=PAGE,
    )
    paying_odds: Array = param(
        "Odds that the holder of an account pays in a year, without a gain in tax",
        "个人养老金缴费几率",
        "multiplier",
        bounds=(0, 100),
        about="Times a factor that the calibration finds.",
        page=PAGE,
    )
    tax_response: Array = param(
        "Rise of the log odds of paying with the gain in tax",
        "个人养老金缴费对税收优惠反应",
        "multiplier",
        bounds=(0, 100),
        about="Per unit of marginal rate less the rate at payout: 10 is a tenth per point.",
        page=PAGE,
    )
    saving_share: Array = param(
        "Pay that those who pay in want to save",
        "个人养老金意愿缴费占工资比例",
        "share",
        bounds=(0, 1),
        about="Mean before the cap; times a factor that the calibration finds.",
        page=PAGE,
    )
    amount_log_sd: Array = param(
        "Spread of the wanted amounts",
        "个人养老金意愿缴费对数标准差",
        "log points",
        bounds=(0, 3),
        about="Some put in a token, some want more than the cap.",
        page=PAGE,
    )
    return_rate: Array = param(
        "Net return of personal pensions",
        "个人养老金收益率",
        "share/year",
        bounds=(-0.3, 0.3),
        page=PAGE,
    )
    lump_sum_share: Array = param(
        "Accounts paid out at once at retirement",
        "个人养老金一次性领取比例",
        "share",
        bounds=(0, 1),
        page=PAGE,
    )
    last_age: Array = param(
        "Age at which the last instalment is paid",
        "个人养老金分期领取截止年龄",
        "years",
        bounds=(60, 100),
        page=PAGE,
    )
