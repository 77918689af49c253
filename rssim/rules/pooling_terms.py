"""Levers of pooling, subsidy, supervision and payment on time of the employee pension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rssim.records import Array, param
from rssim.rules.scheme_terms import SchemeTerms

PAGE = "levers/pooling"


@dataclass(frozen=True)
class PoolingTerms(SchemeTerms):
    """Who bears a city's surplus and deficit, and when pensions are paid."""

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "pooling"

    pooled_share: Array = param(
        "Surplus of the city's sub-ledger that the province pools",
        "省级统筹上缴比例",
        "share",
        bounds=(0, 1),
        about="Of contributions and subsidies less expenditure and national remittance; a deficit "
        "is made up by the same share. 0 keeps a notional sub-ledger. For a city only.",
        page=PAGE,
    )
    assessment: Array = param(
        "Assessment of collection by the province",
        "征缴考核力度",
        "share",
        bounds=(0, 1),
        about="0 none; 1 undoes what pooling takes from the city's interest in collecting.",
        page=PAGE,
    )
    collection_target: Array = param(
        "Assessed contributions that a place has to collect",
        "征缴率考核目标",
        "share",
        bounds=(0, 1),
        about="0 sets no target.",
        page=PAGE,
    )
    shortfall_local_share: Array = param(
        "Shortfall to the target that the place's budget pays",
        "考核缺口地方承担比例",
        "share",
        bounds=(0, 1),
        page=PAGE,
    )
    deficit_subsidy_share: Array = param(
        "Current deficit that the budget pays before the reserve is used",
        "当期缺口财政补助比例",
        "share",
        bounds=(0, 1),
        about="On top of employee_pension.subsidy_share; paid by the place's own budget.",
        page=PAGE,
    )
    pension_delay_months: Array = param(
        "Delay of pension payments",
        "养老金发放延迟月数",
        "months",
        bounds=(0, 12),
        about="What is due in the last months of a year is paid in the next; 0 is on time.",
        page=PAGE,
    )
    arrears_interest_rate: Array = param(
        "Interest paid on pensions in arrears",
        "拖欠养老金利率",
        "share/year",
        bounds=(0, 0.3),
        page=PAGE,
    )


@dataclass(frozen=True)
class PoolingBehaviour(SchemeTerms):
    """How hard a city collects, and what of the pensions paid is improper."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "pooling_behaviour"

    collection_response: Array = param(
        "Fall of collection when all is pooled and nothing is assessed",
        "征缴努力对统筹的反应",
        "multiplier",
        bounds=(0, 2),
        about="In log points per unit of pooling; 0 means that offices collect as before.",
        page=PAGE,
    )
    improper_share: Array = param(
        "Pensions that are paid improperly",
        "冒领等不当支付占比",
        "share",
        bounds=(0, 0.2),
        about="To the dead, twice, or on false records; within what the published figures hold.",
        page=PAGE,
    )
    detection_share: Array = param(
        "Improper payments that are stopped or recovered, more than at calibration",
        "不当支付追回比例",
        "share",
        bounds=(0, 1),
        page=PAGE,
    )
