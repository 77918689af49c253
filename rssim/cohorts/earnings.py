"""Wages of cells and the assessed bases that contributions are paid on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.axes import FLEXIBLE, FORMAL
from rssim.cohorts.state import Constants, References
from rssim.errors import ParameterError
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.contributions import (
    assessed_base,
    contribution_index,
    expected_assessed_base,
    flexible_base,
    share_at_cap,
    share_at_floor,
)
from rssim.rules.cross_border import insured_share
from rssim.rules.cross_border_terms import CrossBorderBehaviour, CrossBorderTerms
from rssim.rules.pooling import collection_rate
from rssim.rules.pooling_terms import PoolingBehaviour, PoolingTerms

ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class EarningsYear:
    """Pay and bases of a year, (draw, group, sex, age).

    wage_m           mean wage of formal employees of the cell          [yuan/month]
    average_wage_m   (draw, 1, 1, 1) mean over formal employees         [yuan/month]
    formal_base_m    mean assessed base of formal contributors          [yuan/month]
    flexible_base_m  mean assessed base of flexible contributors        [yuan/month]
    at_floor, at_cap share of formal contributors at the limits         [1]
    coverage         contributors per person in the labour force        [1]
    formal_weight    share of formal employees among contributors       [1]
    base_m, index    mean base and its index against the base wage      [yuan/month], [1]
    """

    wage_m: Array
    average_wage_m: Array
    formal_base_m: Array
    flexible_base_m: Array
    at_floor: Array
    at_cap: Array
    coverage: Array
    formal_weight: Array
    base_m: Array
    index: Array


def mean_wage(employed: Array, wage: Array) -> Array:
    """Mean wage over employees, (draw, 1, 1, 1), in the unit of the wage; 1 without employees."""
    workers = employed.sum(axis=(1, 2, 3), keepdims=True)
    paid = (employed * wage).sum(axis=(1, 2, 3), keepdims=True)
    return np.asarray(np.divide(paid, workers, out=np.ones_like(workers), where=workers > 0))


def earnings_year(
    person_years: Array,
    wage: Array,
    references: References,
    year: Year,
    constants: Constants,
) -> EarningsYear:
    """Assessed bases and coverage.

    person_years  (draw, group, sex, state, age)  of the labour year
    wage          (draw, group, sex, age)         mean wage of formal employees [yuan/month]

    Wages are lognormal within a cell; the declared part of pay is clipped at floor and cap person
    by person, in closed form.
    """
    formal, flexible = person_years[..., FORMAL, :], person_years[..., FLEXIBLE, :]
    in_force = person_years[..., FORMAL:, :].sum(axis=-2)
    average = mean_wage(formal, wage)
    declared = wage * (constants.declared_share * year.earnings.declared_share)
    spread = year.earnings.log_sd
    floor, cap = references.floor_m, references.cap_m
    formal_base = expected_assessed_base(declared, spread, floor, cap)
    tier = flexible_base(references.base_wage_m, year.earnings.flexible_base_tier)
    own_base = np.broadcast_to(assessed_base(tier, floor, cap), formal_base.shape)

    level = covered_share(constants, year)
    formal_cover = level * formal
    flexible_cover = level * year.labour.coverage_flexible * flexible
    covered = formal_cover + flexible_cover
    coverage = np.divide(covered, in_force, out=np.zeros_like(in_force), where=in_force > 0)
    formal_weight = np.divide(formal_cover, covered, out=np.ones_like(covered), where=covered > 0)
    base = formal_weight * formal_base + (1.0 - formal_weight) * own_base
    return EarningsYear(
        wage_m=wage,
        average_wage_m=average,
        formal_base_m=formal_base,
        flexible_base_m=own_base,
        at_floor=share_at_floor(declared, spread, floor),
        at_cap=share_at_cap(declared, spread, cap),
        coverage=coverage,
        formal_weight=formal_weight,
        base_m=base,
        index=contribution_index(base, references.base_wage_m),
    )


def exempt_share(year: Year) -> Array:
    """Employees who are exempt because Hong Kong or Macao insures them, (draw, 1, 1, 1) [1].

    Limits: also taken off the coverage of flexible workers, who may join or not anyway.
    """
    law, behaviour = year.terms(CrossBorderTerms), year.terms(CrossBorderBehaviour)
    insured = insured_share(behaviour.exempt_share, law.pension_exemption)
    return np.asarray(behaviour.employees_share * (1.0 - insured))


def collected_share(year: Year) -> Array:
    """Share of assessed contributions that is collected, (draw, 1, 1, 1) [1].

    A city that pools more of what it collects may collect less of it.
    """
    law, behaviour = year.terms(PoolingTerms), year.terms(PoolingBehaviour)
    return collection_rate(
        year.earnings.collection_rate,
        law.pooled_share,
        0.0,
        behaviour.collection_response,
        law.assessment,
    )


def covered_share(constants: Constants, year: Year) -> Array:
    """Share of formal employees who pay contributions, (draw, 1, 1, 1) [1].

    Raises ParameterError where a scenario asks for more than all of them.
    """
    level = constants.coverage * year.labour.coverage_formal * (1.0 - exempt_share(year))
    if np.any(level > 1.0 + ROUNDING):
        factor = float(year.labour.coverage_formal.max())
        raise ParameterError(
            f"labour.coverage_formal: {factor:g} in {year.year} would insure "
            f"{100 * float(level.max()):.1f} % of formal employees; at most "
            f"{factor / float(level.max()):.4g} is possible."
        )
    return np.asarray(level)
