"""Levers of residents of Hong Kong and Macao who work on the mainland."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rssim.records import Array, param
from rssim.rules.scheme_terms import SchemeTerms

PAGE = "levers/cross_border"


@dataclass(frozen=True)
class CrossBorderTerms(SchemeTerms):
    """Exemption of those who stay insured at home."""

    layer: ClassVar[str] = "law"
    module: ClassVar[str] = "cross_border"

    pension_exemption: Array = param(
        "Exemption of residents of Hong Kong and Macao from the basic pension",
        "港澳居民基本养老保险豁免",
        "yes/no",
        bounds=(0, 1),
        about="For those who prove that they are insured at home; the same in unemployment "
        "insurance, not in medical and work-injury insurance.",
        page=PAGE,
    )


@dataclass(frozen=True)
class CrossBorderBehaviour(SchemeTerms):
    """How many there are and how many ask for the exemption."""

    layer: ClassVar[str] = "behaviour"
    module: ClassVar[str] = "cross_border_behaviour"

    employees_share: Array = param(
        "Residents of Hong Kong and Macao among employees",
        "港澳居民占职工比例",
        "share",
        bounds=(0, 1),
        about="A path above its present value is an inflow in the place of other employees.",
        page=PAGE,
    )
    exempt_share: Array = param(
        "Of them, those who are exempt", "港澳职工豁免比例", "share", bounds=(0, 1), page=PAGE
    )
