"""The unemployment insurance fund: a small world by hand, calibration, directions of levers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from rssim.axes import FORMAL
from rssim.cohorts.funds import unemployment_claims as claims
from rssim.cohorts.funds import unemployment_insurance as fund
from rssim.cohorts.funds.account import EXPENDITURE, TRANSFER_IN
from rssim.cohorts.funds.unemployment_opening import MOMENTS, opened
from rssim.cohorts.year import year
from rssim.errors import CalibrationError, ParameterError
from rssim.inputs.place import load_place
from rssim.rules.unemployment import high_cost_rate
from rssim.rules.unemployment_terms import UnemploymentBehaviour, UnemploymentLaw
from tests.laws.worlds import PLACES, World, calibrated, with_exogenous, world_of

CELL = (1, 1, 1, 1)
GUANGDONG = {
    "minimum_months": 12.0,
    "first_period": 48.0,
    "first_step": 12.0,
    "later_step": 6.0,
    "cap_months": 24.0,
}


def law_of(place: str, at: int, **changes: float) -> UnemploymentLaw:
    terms = world_of(place, at).year.terms(UnemploymentLaw)
    return replace(terms, **{key: np.full(CELL, value) for key, value in changes.items()})


def beyond(**changes: float) -> np.ndarray:
    return claims.granted_beyond(law_of("guangzhou", 2026, **(GUANGDONG | changes)))


def outcome_of(
    months: int, leaving: float, near: float = 0.0, recipients: tuple[float, ...] = (0, 0, 0, 0)
) -> claims.Outcome:
    """Twelve claimants of a bin who are all granted so many months, and recipients of 1 January."""
    granted = np.zeros((1, claims.LONGEST, claims.PAID_BINS))
    granted[0, :months, 1] = 1.0
    started = np.zeros((claims.PAID_BINS, *CELL))
    started[1] = 12.0
    drawing = np.array(recipients, dtype=float).reshape(4, *CELL)
    return claims.outcome(drawing, started, granted, np.full(CELL, leaving), np.full(CELL, near))


# Paid time and months of benefit ----------------------------------------------------------------


def test_months_granted_by_paid_years() -> None:
    """Guangdong: whole years 1 to 4, then half-years; the mean of both halves of each bin."""
    means = beyond().sum(axis=1)[0]
    expected = [0, 1, 2, 3, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5, 16.5, 18.5, 20.5, 22.5, 24]
    assert means == pytest.approx(expected)


def test_the_schedule_of_the_nation_meets_its_ceiling() -> None:
    """At most 12, 18 and 24 months below 5, 10 and above 10 years paid (article 46)."""
    china = claims.granted_beyond(world_of("china", 2026).year.terms(UnemploymentLaw))
    means = china.sum(axis=1)[0]
    assert (means[:5] <= 12).all()
    assert (means[:10] <= 18).all()
    assert means[-1] == 24


def test_a_year_and_half_a_year_of_paid_time() -> None:
    bins = np.arange(15.0).reshape(15, *CELL)
    later = claims.a_year_on(bins)
    assert later[:, 0, 0, 0, 0].tolist() == [0, *range(13), 13 + 14]
    half = claims.half_a_year_on(bins)
    assert half.sum() == pytest.approx(bins.sum())
    assert half[3, 0, 0, 0, 0] == pytest.approx((2 + 3) / 2)


# A year on benefit ------------------------------------------------------------------------------


@pytest.mark.parametrize("months", [1, 5, 12])
def test_claims_over_the_year_when_nobody_finds_work(months: int) -> None:
    """Spread evenly, a claim for D months is paid D - D^2/24 of them within the year."""
    found = outcome_of(months, 0.0)
    assert found.paid.item() == pytest.approx(12 * (months - months**2 / 24))
    assert found.closing.sum() == pytest.approx(months)
    assert found.exhausted.item() == pytest.approx(12 - months)
    assert found.left.item() == pytest.approx(0.0, abs=1e-9)
    assert found.unused.item() == pytest.approx(0.0, abs=1e-9)


def test_long_claims_are_paid_half_a_year_and_go_on() -> None:
    found = outcome_of(24, 0.0)
    assert found.paid.item() == pytest.approx(12 * 6)
    # 12 to 24 months are left, evenly.
    assert found.closing.reshape(4).tolist() == pytest.approx([0, 0, 6, 6])


@pytest.mark.parametrize(("months", "leaving"), [(4, 1.5), (11, 0.8), (12, 2.5)])
def test_claims_when_people_find_work(months: int, leaving: float) -> None:
    """The integral of (1 - u) exp(-h u) over the months granted, to 0.5 %: read in mid-month."""
    length = months / 12
    end = np.exp(-leaving * length)
    exact = (1 - end) / leaving - (1 - end * (1 + leaving * length)) / leaving**2
    found = outcome_of(months, leaving)
    assert found.paid.item() == pytest.approx(12 * 12 * exact, rel=5e-3)
    assert found.closing.sum() == pytest.approx(12 * (1 - end) / leaving, rel=5e-3)


def test_recipients_of_the_first_day() -> None:
    """With nobody leaving, half-years of benefit move on by two and pay what they hold."""
    found = outcome_of(1, 0.0, recipients=(2.0, 3.0, 5.0, 7.0))
    alone = outcome_of(1, 0.0)
    assert (found.paid - alone.paid).item() == pytest.approx(2 * 3 + 3 * 9 + (5 + 7) * 12)
    assert (found.closing - alone.closing).reshape(4).tolist() == pytest.approx([5, 7, 0, 0])
    assert (found.exhausted - alone.exhausted).item() == pytest.approx(2 + 3)


def test_nobody_near_the_pension_age_runs_out() -> None:
    found = outcome_of(1, 0.0, near=1.0, recipients=(2.0, 0, 0, 0))
    assert found.exhausted.item() == 0.0
    assert found.paid.item() == pytest.approx(2 * 12 + 12 * 6)
    assert found.near.item() == pytest.approx(found.paid.item())
    assert found.closing.sum() == pytest.approx(14)


@pytest.mark.parametrize("leaving", [0.0, 0.3, 2.0, 9.0])
@pytest.mark.parametrize("near", [0.0, 0.4])
def test_people_and_months_on_benefit_are_kept(leaving: float, near: float) -> None:
    found = outcome_of(9, leaving, near, (4.0, 3.0, 2.0, 1.0))
    people = found.exhausted + found.left + found.closing.sum(axis=0)
    assert people.item() == pytest.approx(12 + 10)
    assert min(found.left.item(), found.unused.item()) >= 0.0
    granted = 12 * 9 + 4 * 3 + 3 * 9 + 2 * 15 + 1 * 21
    if near == 0.0:
        # What is not paid and not unused is left at the end: at most 24 months a head.
        rest = granted - found.paid.item() - found.unused.item()
        assert 0.0 <= rest <= 24 * found.closing.sum()


def test_unused_months_are_kept_as_paid_time() -> None:
    granted = beyond()
    left = np.array([3.0, 2.0, 1.0]).reshape(1, 1, 1, 3)
    unused = np.array([3.0 * 5.25, 0.0, 24.0]).reshape(1, 1, 1, 3)
    bins = claims.bins_of_unused(left, unused, granted)
    months = (bins * granted.sum(axis=1)[0].reshape(15, 1, 1, 1, 1)).sum(axis=0)
    assert bins.sum(axis=0) == pytest.approx(left)
    assert months == pytest.approx(unused)
    # 5.25 months lie between four years (4.5) and five (6.5).
    assert bins[4, 0, 0, 0, 0] == pytest.approx(3 * 0.625)


def test_jobs_are_filled_by_people_with_and_without_paid_time() -> None:
    members = np.zeros((2, 15, *CELL))
    members[claims.INSURED, 3], members[claims.RESTING, 5] = 50.0, 20.0
    people = np.zeros((1, 1, 1, 5, 1))
    people[..., FORMAL, :] = 90.0
    nobody = np.zeros((4, *CELL))
    # 40 of 90 are not insured, half of them have paid before: 10 more jobs take 5 of each.
    after, new = claims.reconciled(members, nobody, people, np.full(CELL, 60.0))
    assert new.item() == pytest.approx(5.0)
    assert after[claims.INSURED].sum() == pytest.approx(60.0)
    assert after[claims.INSURED, :, 0, 0, 0, 0].tolist() == pytest.approx(
        [5, 0, 0, 50, 0, 2.5, 2.5, *[0] * 8]
    )
    fewer, none = claims.reconciled(members, nobody, people, np.full(CELL, 20.0))
    assert none.item() == 0.0
    assert fewer[claims.INSURED, 3].item() == pytest.approx(20.0)
    assert fewer[claims.RESTING, 3].item() == pytest.approx(30.0)


# The first year meets what was observed ---------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "opening"), [*((place, None) for place in PLACES), ("china", date(2016, 1, 1))]
)
def test_every_moment_is_met(place: str, opening: date | None) -> None:
    lines = {line.moment: line for line in calibrated(place, opening).lines}
    for name in MOMENTS:
        line = lines[f"{fund.KEY}.{name}"]
        assert line.model == pytest.approx(line.observed, rel=1e-8), name
        assert line.source


def test_a_moment_that_cannot_be_met_is_named() -> None:
    world = world_of("guangdong", 2024)
    flows, _ = run(world)

    def with_value(name: str, value: float | None):
        place = world.inputs.place
        day = world.inputs.scenario.opening
        moments = dict(place.calibration[day])
        if value is None:
            del moments[f"{fund.KEY}.{name}"]
        else:
            moments[f"{fund.KEY}.{name}"] = moments[f"{fund.KEY}.{name}"] | {"value": value}
        changed = replace(place, calibration=place.calibration | {day: moments})
        return replace(world.inputs, place=changed)

    for name, value, words in (
        ("claims", None, "claims is missing"),
        ("insured", 60e6, r"insured: it would need 117\.\d % of formal employees"),
        ("claims", 6e6, "claims: it would need"),
        ("recipients", 5e6, "recipients: 5e\\+06 cannot be met with 655000 claims"),
        ("revenue", 1e9, "revenue: 1e\\+09 yuan cannot be met"),
        ("expenditure", 1e9, "expenditure: benefits, refunds and grants are already"),
    ):
        with pytest.raises(CalibrationError, match=words):
            opened(with_value(name, value), flows.work)


def test_the_cost_rate_of_bad_years() -> None:
    """Expenditure over insured people and mean pay of 2020, 2022 and 2025; see the note."""
    rates = [
        2120.1e8 / (211e6 * 79_900),
        1508.9e8 / (223e6 * 87_000),
        2010.7e8 / (233.8e6 * 92_500),
        1483.4e8 / (241e6 * 98_100),
        2165.3e8 / (247.5e6 * 102_000),
    ]
    value = load_place("china").entry("unemployment_behaviour.high_cost_rate").dated.steps[0].value
    assert value == pytest.approx(high_cost_rate(np.array(rates), 3).item(), abs=5e-5)


# A year in money --------------------------------------------------------------------------------


def run(world: World):
    return year(world.stocks, world.year, world.survival, world.inputs, world.constants)


def with_terms(world: World, **changes: float) -> World:
    """The world with levers of the scheme at other values, by name in either record."""
    schemes = dict(world.year.schemes)
    for kind in (UnemploymentLaw, UnemploymentBehaviour):
        own = {
            key: np.full(CELL, value)
            for key, value in changes.items()
            if hasattr(world.year.terms(kind), key)
        }
        schemes[kind.__name__] = replace(world.year.terms(kind), **own)
    return replace(world, year=replace(world.year, schemes=schemes))


@cache
def calm(place: str = "guangzhou", at: int = 2027) -> World:
    return with_exogenous(world_of(place, at))


def figures(world: World) -> dict[str, float]:
    flows, after = run(world)
    account = flows.ledger.accounts[fund.KEY]
    out = {name: float(item.total.sum()) for name, item in account.payments.items()}
    out |= {name: float(values.sum()) for name, values in flows.measures[fund.KEY].items()}
    return out | {"balance": float(account.closing.sum())}


def test_amounts_of_a_year_by_hand() -> None:
    world = calm("guangzhou", 2026)
    found = figures(world)
    # 0.9 of 2,500 for 243 days and of 2,680 from September.
    benefit = 0.9 * (2500 * 243 + 2680 * 122) / 365
    assert found["benefit_m"] == pytest.approx(benefit)
    assert found["benefits"] == pytest.approx(benefit * 12 * found["recipient_years"])
    assert found["employer_contributions"] == pytest.approx(4 * found["employee_contributions"])
    stocks = world.stocks.schemes[fund.KEY]
    last = float(stocks.contributions.sum())
    assert found["retention_refunds"] == pytest.approx(0.45 * (0.6 * 0.6 + 0.4 * 0.3) * last)
    start = float(stocks.recipients.sum())
    assert found["recipients_in_year"] == pytest.approx(start + found["claims"])
    flows, after = run(world)
    account = flows.ledger.accounts[fund.KEY]
    parts = [item.total.sum() for item in account.payments.values() if item.kind == EXPENDITURE]
    assert account.expenditure.sum() == pytest.approx(sum(parts))
    assert after.schemes[fund.KEY].contributions.sum() == pytest.approx(account.contributions.sum())
    insured = float(after.schemes[fund.KEY].members[claims.INSURED].sum())
    assert found["insured"] == pytest.approx(insured)


def test_pension_contributions_arrive_in_the_pension_fund() -> None:
    flows, _ = run(calm())
    paid = flows.ledger.accounts[fund.KEY].payments["pension_contributions"]
    booked = flows.ledger.pension.payments[f"pension_contributions_from_{fund.KEY}"]
    assert booked.kind == TRANSFER_IN
    assert booked.total == pytest.approx(paid.total)
    assert paid.total.sum() > 0


def test_labour_cost_counts_the_rates() -> None:
    law = law_of("guangzhou", 2026, employer_rate=0.02, employee_rate=0.01)
    employer, employee = law.charges(np.full(CELL, 0.6), np.full(CELL, 0.9))
    assert (employer.item(), employee.item()) == pytest.approx((0.012, 0.006))


def test_the_legal_rate_brings_three_times_the_contributions() -> None:
    low, high = figures(calm()), figures(with_terms(calm(), employer_rate=0.02, employee_rate=0.01))
    for name, factor in (("employer_contributions", 2.5), ("employee_contributions", 5.0)):
        assert high[name] == pytest.approx(factor * low[name])
    # Refunds follow a year later.
    assert high["retention_refunds"] == low["retention_refunds"]


MONEY = {"balance", "interest"}
SPENT = MONEY | {"cost_rate", "high_cost_multiple"}
DRAWN = {
    "benefits",
    "medical_contributions",
    "pension_contributions",
    "death_grants",
    "recipient_years",
    "recipient_share",
    *SPENT,
}
STARTED = DRAWN | {"recipients", "claims", "recipients_in_year"}
COVERED = {
    "employer_contributions",
    "employee_contributions",
    "skill_grants",
    "other_payments",
    "insured",
    "granted_months",
    "mean_base_m",
}
BASE = {"employer_contributions", "employee_contributions", "mean_base_m"} | MONEY
BASE |= {"flexible_contributions", "high_cost_multiple"}
FLEXIBLE = STARTED | {"flexible_contributions", "insured", "granted_months"}
MOVES = {
    "employer_rate": (0.02, {"employer_contributions", "flexible_contributions"} | SPENT),
    "employee_rate": (0.01, {"employee_contributions", "flexible_contributions"} | SPENT),
    "employer_coefficient": (0.6, {"employer_contributions"} | SPENT),
    "base_floor_ratio": (2.0, BASE),
    "base_cap_ratio": (1.5, BASE),
    "on_post_wage_m": (20_000.0, BASE | {"death_grants", "cost_rate"}),
    "minimum_months": (24.0, STARTED | {"granted_months"}),
    "first_period": (36.0, STARTED | {"granted_months"}),
    "first_step": (6.0, STARTED | {"granted_months"}),
    "later_step": (12.0, STARTED | {"granted_months"}),
    "cap_months": (12.0, STARTED | {"granted_months"}),
    "benefit_share": (1.0, {"benefits", "benefit_m", "benefit_ratio"} | SPENT),
    "extension_months": (0.0, DRAWN | {"recipients"}),
    "pension_contribution_rate": (0.0, {"pension_contributions"} | SPENT),
    "medical_rate": (0.1, {"medical_contributions"} | SPENT),
    "medical_base_ratio": (1.0, {"medical_contributions"} | SPENT),
    "funeral_months": (6.0, {"death_grants"} | SPENT),
    "survivor_months": (12.0, {"death_grants"} | SPENT),
    "refund_small_ratio": (0.9, {"retention_refunds"} | SPENT),
    "refund_large_ratio": (0.5, {"retention_refunds"} | SPENT),
    "skill_grant": (2000.0, {"skill_grants"} | SPENT),
    "hiring_grant": (1000.0, {"hiring_grants"} | SPENT),
    "flexible_open": (0.0, FLEXIBLE),
    "coverage": (1.05, COVERED | FLEXIBLE),
    "take_up": (1.25, STARTED),
    "exit_rate": (1.5, DRAWN | {"recipients"}),
    "small_firm_share": (0.8, {"retention_refunds"} | SPENT),
    "refund_reach": (0.9, {"retention_refunds"} | SPENT),
    "skill_rate": (0.02, {"skill_grants"} | SPENT),
    "hiring_reach": (0.2, {"hiring_grants"} | SPENT),
    "other_scale": (0.5, {"other_payments"} | SPENT),
    "flexible_take_up": (0.05, FLEXIBLE),
    "high_cost_rate": (0.02, {"high_cost_multiple"}),
}
"""Lever -> another value, and what may move in its first year where the labour market stands still:
nothing else does. Interest and the pension contributions move along with what they are paid on."""


def test_the_table_holds_every_lever() -> None:
    known = {
        key.partition(".")[2]
        for key in load_place("guangzhou").entries
        if key.startswith(("unemployment_insurance.", "unemployment_behaviour."))
    }
    assert set(MOVES) == known


@pytest.mark.parametrize("lever", MOVES)
def test_a_lever_moves_what_it_may_and_nothing_else(lever: str) -> None:
    value, may_move = MOVES[lever]
    before, after = figures(calm()), figures(with_terms(calm(), **{lever: value}))
    moved = {
        name
        for name in before
        if abs(after[name] - before[name]) > 1e-12 * max(abs(before[name]), 1.0)
    }
    assert moved
    assert moved <= may_move


@pytest.mark.parametrize(
    ("lever", "value", "series", "sign"),
    [
        ("employer_rate", 0.02, "balance", 1),
        ("benefit_share", 1.0, "balance", -1),
        ("first_step", 6.0, "granted_months", 1),
        ("cap_months", 12.0, "granted_months", -1),
        ("minimum_months", 24.0, "claims", -1),
        ("extension_months", 0.0, "recipient_years", -1),
        ("exit_rate", 2.0, "recipients", -1),
        ("coverage", 1.05, "insured", 1),
        ("flexible_take_up", 0.05, "insured", 1),
        ("base_floor_ratio", 2.0, "mean_base_m", 1),
        ("base_cap_ratio", 1.0, "mean_base_m", -1),
        ("refund_reach", 0.9, "balance", -1),
        ("high_cost_rate", 0.02, "high_cost_multiple", -1),
    ],
)
def test_directions(lever: str, value: float, series: str, sign: int) -> None:
    before, after = figures(calm()), figures(with_terms(calm(), **{lever: value}))
    assert np.sign(after[series] - before[series]) == sign


def test_more_than_all_cannot_claim_or_be_insured() -> None:
    with pytest.raises(ParameterError, match=r"take_up: 10 in 2027 would pay 2\d\d\.\d %.*at most"):
        run(with_terms(calm(), take_up=10.0))
    with pytest.raises(ParameterError, match=r"behaviour.coverage: 2 in 2027 would insure 177"):
        run(with_terms(calm(), coverage=2.0))


def test_recession_draws_the_fund_down() -> None:
    """Twice the job losses: more claims, more benefit, fewer contributions."""
    world = calm()
    labour = replace(world.year.labour, separation_rate=2.0 * world.year.labour.separation_rate)
    worse = replace(world, year=replace(world.year, labour=labour))
    before, after = figures(world), figures(worse)
    assert after["claims"] > 1.5 * before["claims"]
    assert after["benefits"] > before["benefits"]
    assert after["employer_contributions"] < before["employer_contributions"]
    assert after["balance"] < before["balance"]


def test_an_empty_fund_is_covered() -> None:
    world = with_terms(calm(), benefit_share=2.0, other_scale=20.0)
    stocks = world.stocks.schemes[fund.KEY]
    poor = replace(stocks, balance=0.0 * stocks.balance)
    world = replace(world, stocks=replace(world.stocks, schemes={fund.KEY: poor}))
    found = figures(world)
    assert found["required_subsidy"] > 0
    assert found["balance"] == pytest.approx(0.0, abs=1.0)
