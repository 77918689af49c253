"""Every lever of work injury, public posts and funded accounts stays within its own funds.

The tables in the tests of each fund say series by series what their main levers may move. Here the
others are lowered by a twentieth, one at a time: something of their own fund must move, and nothing
outside it.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from rssim.inputs.place import load_place
from rssim.rules.schemes import SCHEME_TERMS
from tests.cohorts.funds.moves import headline, moved

STEP = 0.95
FUNDS = {
    "work_injury": ("work_injury.",),
    "work_injury_behaviour": ("work_injury.",),
    "public_pension": ("public_pension.", "occupational_annuity.", "employee_pension."),
    "public_pension_behaviour": ("public_pension.", "occupational_annuity.", "employee_pension."),
    "enterprise_annuity": ("enterprise_annuity.",),
    "enterprise_annuity_behaviour": ("enterprise_annuity.",),
    "personal_pension": ("personal_pension.",),
    "personal_pension_behaviour": ("personal_pension.",),
}
"""Module -> series that its levers may move: the published employee pension holds public posts."""

ELSEWHERE = {
    # Labour cost, and so the market for jobs.
    "work_injury.charged_share",
    "work_injury.class_rates",
    "work_injury.rate_factor",
    # Shares of a whole: a twentieth less of all is no change.
    "work_injury.class_shares",
    "work_injury_behaviour.platform_mix",
    "work_injury_behaviour.adult_entry_weight",
    "public_pension_behaviour.staff_weight",
    # A choice.
    "work_injury.dry_fund_payer",
    # Caps above what is asked for: in the table of their fund.
    "enterprise_annuity.employer_cap",
    "enterprise_annuity.total_cap",
}
WAITS = {
    # Of rules that do not hold in 2026 to 2032.
    "work_injury.relief_share",
    "work_injury.cut_in_force",
    "work_injury.cut_limits",
    "work_injury.cut_shares",
    "work_injury.nansha_share",
    "work_injury_behaviour.nansha_wage_ratio",
    "work_injury.longest_absence_months",
    "public_pension.old_basic_pay_m",
    "public_pension.old_subsidy_m",
    "public_pension.old_increase_m",
    "public_pension.old_uprating",
    "public_pension.service_limits",
    "public_pension.service_shares",
    "public_pension.excess_share",
    "public_pension.window_share",
    "public_pension_behaviour.benefit_log_sd",
    "public_pension_behaviour.waiting_share",
    "enterprise_annuity.talent_eligible_share",
    "enterprise_annuity.talent_rate",
    "enterprise_annuity.talent_sponsor_share",
}
WHOLE = {"work_injury.child_end_age": 16}
"""Levers in whole years, and another value."""
DAY = date(2026, 12, 31)


def levers() -> list[str]:
    return [
        f"{terms.module}.{item.name}"
        for terms in SCHEME_TERMS
        if terms.module in FUNDS
        for item in fields(terms)
        if f"{terms.module}.{item.name}" not in ELSEWHERE
    ]


def stepped(lever: str) -> object:
    """The value in force less a twentieth; a twentieth where it is nothing."""
    if lever in WHOLE:
        return WHOLE[lever]
    value = load_place("guangdong").entry(lever).dated.on(DAY)
    if isinstance(value, dict):
        return {key: item * STEP for key, item in value.items()}
    return value * STEP if value else 1.0 - STEP


@pytest.fixture(scope="module")
def base():
    return headline()


@pytest.mark.parametrize("lever", levers())
def test_a_lever_stays_within_its_funds(base, lever):
    found = moved(base, headline(lever, stepped(lever)), rtol=1e-12)
    assert found or lever in WAITS
    outside = {key for key in found if not key.startswith(FUNDS[lever.partition(".")[0]])}
    assert not outside
