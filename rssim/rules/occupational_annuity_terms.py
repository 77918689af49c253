"""The levers of the occupational annuity of government and public institutions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rssim.records import Array, param
from rssim.rules.scheme_terms import SchemeTerms

PAGE = "levers/public_pension"
FUND_PAGE = "funds/public_pension"


@dataclass(frozen=True)
class OccupationalAnnuityTerms(SchemeTerms):
    """Occupational annuity 职业年金.

    Only the staff of the public sector pays it, and the market for jobs is that of all formal
    jobs, so it is no part of the charges on them.
    """

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "occupational_annuity"

    employer_rate: Array = param(
        "Contribution rate of the unit",
        "单位缴费比例",
        "share",
        bounds=(0, 0.4),
        about="On the base of the pension; recorded or paid in.",
        page=PAGE,
    )
    employee_rate: Array = param(
        "Contribution rate of the staff",
        "个人缴费比例",
        "share",
        bounds=(0, 0.4),
        about="Always paid in.",
        page=FUND_PAGE,
    )
    made_real_share: Array = param(
        "Part of recorded contributions that is paid in at once",
        "单位缴费当期做实比例",
        "share",
        bounds=(0, 1),
        about="Of units that the budget pays in full; 0: recorded only, and paid in when the "
        "person retires or dies.",
        page=PAGE,
    )
    notional_rate: Array = param(
        "Recorded interest of notional balances",
        "记账利率",
        "share/year",
        bounds=(-0.1, 0.3),
        page=FUND_PAGE,
    )
    budget_share: Array = param(
        "Staff of units that the budget pays in full",
        "全额拨款单位人员占比",
        "share",
        bounds=(0, 1),
        about="The others pay the contribution of the unit in cash.",
        page=FUND_PAGE,
    )
    investment_return: Array = param(
        "Return of invested balances",
        "职业年金投资收益率",
        "share/year",
        bounds=(-0.5, 0.5),
        about="Net of costs; credited to the members.",
        page=FUND_PAGE,
    )
