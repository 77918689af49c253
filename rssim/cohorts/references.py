"""Reference amounts of the year: published ones win, the law's formula continues them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from rssim.cohorts.state import Macro, References
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.contributions import base_limit
from rssim.rules.indexation import indexation_rate_mixed

HALF_YEAR = 0.5


def blend(published: Array, share: float, formula: Array) -> Array:
    """The published amount for the share of the year that it covers, the formula for the rest."""
    if share >= 1.0:
        return published
    if share <= 0.0:
        return formula
    return share * published + (1.0 - share) * formula


def limit_of_year(published: Array, share: float, ratio: Array, macro: Macro, year: int) -> Array:
    """Floor or cap of the contribution base, mean over the calendar year [yuan/month].

    A contribution year runs from July to June on the reference wage of the calendar year before
    it starts; where a limit is published for part of the year, that part is taken as published.
    """
    uncovered = 1.0 - share
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    after_july = min(uncovered, (date(year + 1, 1, 1) - date(year, 7, 1)).days / days)
    before_july = uncovered - after_july
    formula = base_limit(macro.wage_1_m, ratio) * after_july
    formula = formula + base_limit(macro.wage_2_m, ratio) * before_july
    return formula + (np.nan_to_num(published) * share if share > 0 else 0.0)


def increase_of_year(year: Year, macro: Macro) -> Array:
    """Mean increase of pensions in payment on 1 January [share/year], by the rule in force."""
    law = year.pension
    rule = law.indexation_rule
    if rule == "nominal":
        return law.increase_nominal
    if rule == "wages":
        return macro.wage_growth_1
    if rule == "prices":
        return macro.inflation_1
    mixed = indexation_rate_mixed(macro.wage_growth_1, macro.inflation_1, law.increase_wage_weight)
    if rule == "mixed":
        return mixed
    share = year.published["employee_pension.increase_ceiling"]
    return blend(law.increase_ceiling, share, mixed)


def reference_amounts(macro: Macro, year: Year) -> References:
    """The reference amounts of a year, given those of the last two."""
    law, economy, published = year.pension, year.economy, year.published
    wage = blend(
        law.reference_wage_m,
        published["employee_pension.reference_wage_m"],
        macro.wage_1_m * (1.0 + economy.wage_growth),
    )
    outlook = blend(
        law.reference_wage_m,
        published["employee_pension.reference_wage_m"],
        macro.productivity_1_m * (1.0 + economy.wage_growth),
    )
    calculation_base = blend(
        law.calculation_base_m,
        published["employee_pension.calculation_base_m"],
        macro.calculation_base_1_m * macro.wage_1_m / macro.wage_2_m,
    )
    return References(
        wage_m=wage,
        productivity_m=outlook * economy.average_wage_ratio,
        base_wage_m=HALF_YEAR * (macro.wage_1_m + macro.wage_2_m),
        floor_m=limit_of_year(
            law.base_floor_m,
            published["employee_pension.base_floor_m"],
            law.base_floor_ratio,
            macro,
            year.year,
        ),
        cap_m=limit_of_year(
            law.base_cap_m,
            published["employee_pension.base_cap_m"],
            law.base_cap_ratio,
            macro,
            year.year,
        ),
        calculation_base_m=calculation_base,
        increase=increase_of_year(year, macro),
        price_index=macro.price_index_1 * (1.0 + economy.inflation),
    )


def realised(references: References, macro: Macro, year: Year, wage_gap: Array) -> References:
    """The amounts once wages are paid: what policy did to them moves the reference wage.

    A published reference wage holds as it is.
    """
    share = year.published["employee_pension.reference_wage_m"]
    if share >= 1.0:
        return references
    moved = references.wage_m * wage_gap / macro.wage_gap_1
    return replace(references, wage_m=blend(references.wage_m, share, moved))


def next_macro(
    macro: Macro, references: References, year: Year, anchor_m: Array, wage_gap: Array
) -> Macro:
    """What next year knows of this one.

    anchor_m  (draw, 1, 1, 1)  what the outlook pays a cell of relative wage one [yuan/month]
    wage_gap  (draw, 1, 1, 1)  mean paid wage over the mean wage of the outlook [1]
    """
    # A published wage may change its concept; then the growth of pay is the outlook's.
    published = year.published["employee_pension.reference_wage_m"] > 0.0
    paid = references.wage_m / macro.wage_1_m - 1.0
    growth = year.economy.wage_growth if published else paid
    return Macro(
        wage_1_m=references.wage_m,
        wage_2_m=macro.wage_1_m,
        calculation_base_1_m=references.calculation_base_m,
        wage_growth_1=growth,
        inflation_1=year.economy.inflation,
        price_index_1=references.price_index,
        productivity_1_m=references.productivity_m / year.economy.average_wage_ratio,
        anchor_1_m=anchor_m,
        wage_gap_1=wage_gap,
    )
