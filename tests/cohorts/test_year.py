"""A whole year: amounts of law changes by hand, and what a run carries from year to year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rssim.axes import CONTRIBUTING, FORMAL, PENSIONER
from rssim.cohorts import engine
from rssim.cohorts.earnings import exempt_share
from rssim.cohorts.year import leave_for_pension, track_shares, year
from rssim.inputs.assemble import assemble
from rssim.inputs.scenario import load_scenario
from tests.cohorts.cells import number, one
from tests.laws.worlds import (
    PLACES,
    calibrated,
    exogenous,
    exogenous_history,
    history,
    world_of,
)

FUND = "employee_pension"
YEAR = 2026


def flows_of(place, lever, value, at=YEAR):
    """Flows of the first year of a change, and of the baseline in that year."""
    scenario = exogenous(load_scenario("baseline", place=place, end=at))
    scenario = scenario.change(lever, {f"{at}-01-01": value})
    found = calibrated(place)
    run = engine.run(assemble(scenario, trace=False), found.opening, found.constants)
    return run.flows[-1], exogenous_history(place, 2032).flows[at - 2024]


def money(flows, name):
    """A payment of the employee pension fund, without the funds within the published series."""
    return number(flows.ledger.accounts[FUND].amount(name))


def published(flows, name):
    """A payment of the employee pension as it is published."""
    return number(flows.ledger.pension.amount(name))


def law_of(place, name, at=YEAR):
    return number(getattr(world_of(place, at).year.pension, name))


places = pytest.mark.parametrize("place", PLACES)


@places
@pytest.mark.parametrize("points", [-0.02, 0.02])
def test_employer_rate_moves_its_contributions_in_proportion(place, points):
    """Two points more or less of the rate: so much of the employers' contributions; the balance
    gains them with half a year's return, less what is passed on of a surplus."""
    rate = law_of(place, "employer_rate")
    changed, base = flows_of(place, f"{FUND}.employer_rate", rate + points)
    extra = money(base, "employer_contributions") * points / rate
    assert money(changed, "employer_contributions") == pytest.approx(
        money(base, "employer_contributions") + extra, rel=1e-12
    )
    for name in ("employee_contributions", "flexible_contributions", "pensions", "refunds"):
        assert money(changed, name) == pytest.approx(money(base, name), rel=1e-12)
    growth = number(world_of(place, YEAR).year.economy.fund_return)
    passed = money(changed, "remittance") - money(base, "remittance")
    gain = number(changed.ledger.accounts[FUND].closing - base.ledger.accounts[FUND].closing)
    assert gain == pytest.approx(extra * (1 + growth / 2) - passed, rel=1e-8)
    assert np.sign(gain) == np.sign(points)


@places
@pytest.mark.parametrize("increase", [0.0, 0.06])
def test_increase_moves_the_pensions_in_payment_in_proportion(place, increase):
    """What pensioners of 1 January receive grows with 1 + g; new pensions do not."""
    scenario = exogenous(load_scenario("baseline", place=place, end=YEAR))
    scenario = scenario.change(f"{FUND}.indexation_rule", {f"{YEAR}-01-01": "nominal"})
    found = calibrated(place)
    bills = []
    for rate in (increase, 0.02):
        inputs = assemble(
            scenario.change(f"{FUND}.increase_nominal", {f"{YEAR}-01-01": rate}), trace=False
        )
        bills.append(engine.run(inputs, found.opening, found.constants).flows[-1])
    high, low = bills
    assert high.pension.new_pensions.sum() == pytest.approx(low.pension.new_pensions.sum())
    difference = published(high, "pensions") - published(low, "pensions")
    # The bill of 1 January; the share of the year that its owners live is between 95 and 99 %.
    bill = float(exogenous_history(place, 2032).stocks[YEAR - 2024].pension.pensioners[1].sum())
    assert 0.94 < difference / (bill * (increase - 0.02)) < 0.995


@places
@pytest.mark.parametrize("rate", [0.008, 0.012])
def test_accrual_moves_the_basic_part_of_new_pensions_in_proportion(place, rate):
    changed, base = flows_of(place, f"{FUND}.accrual_rate", rate)
    behaviour = world_of(place, YEAR).year.behaviour
    constants = world_of(place, YEAR).constants
    scale = 1 + float(behaviour.award_scale_share.squeeze()) * (number(constants.pension_scale) - 1)
    account = base.pension.account_pensions_paid.sum()
    difference = changed.pension.new_pensions.sum() - base.pension.new_pensions.sum()
    found = world_of(place, YEAR)
    from tests.laws.cases import CASES

    claims = CASES["claims"].call(*CASES["claims"].arguments(found))
    # The basic part at 1 January, and a little more for the months worked until the date.
    basic = scale * 12 * claims.basic.sum() * (rate / 0.01 - 1)
    assert difference == pytest.approx(basic, rel=0.03)
    assert abs(difference) >= abs(basic)
    assert changed.pension.account_pensions_paid.sum() == pytest.approx(account, rel=1e-12)
    assert number(changed.ledger.pension.closing - base.ledger.pension.closing) * (rate - 0.01) < 0


@places
def test_funeral_grants_follow_their_months(place):
    changed, base = flows_of(place, f"{FUND}.funeral_months", 3.0)
    assert law_of(place, "funeral_months") == 2.0
    assert published(changed, "funeral_grants") == pytest.approx(
        1.5 * published(base, "funeral_grants")
    )
    deaths = number((base.pension.member_deaths + base.pension.pensioner_deaths).sum())
    income = law_of(place, "survivor_income") / 12
    assert published(base, "funeral_grants") == pytest.approx(2 * income * deaths, rel=1e-12)


@places
def test_collection_moves_every_contribution_alike(place):
    rate = number(world_of(place, YEAR).year.earnings.collection_rate)
    changed, base = flows_of(place, "earnings.collection_rate", 1.0)
    for name in ("employer_contributions", "employee_contributions", "flexible_contributions"):
        assert money(changed, name) == pytest.approx(money(base, name) / rate, rel=1e-12)


@places
def test_stocks_are_handed_on(place):
    """The year's end is the next year's opening: nothing is added in between."""
    run = history(place, 2032)
    for at, flows in enumerate(run.flows):
        before, after = run.stocks[at], run.stocks[at + 1]
        assert number(flows.ledger.accounts[FUND].opening) == number(before.pension.balance)
        assert number(flows.ledger.accounts[FUND].closing) == number(after.pension.balance)
        births, deaths = number(flows.births), number(flows.deaths)
        net = float((flows.moves.arrivals - flows.moves.departures).sum())
        assert after.population.sum() == pytest.approx(
            before.population.sum() + births - deaths + net, rel=1e-12
        )


@places
def test_a_run_in_two_parts_is_the_run(place):
    """Nothing is remembered but the stocks."""
    whole = history(place, 2032)
    world = world_of(place, 2028)
    constants = calibrated(place).constants
    flows, after = year(world.stocks, world.year, world.survival, world.inputs, constants)
    np.testing.assert_array_equal(after.people, whole.stocks[5].people)
    np.testing.assert_array_equal(after.pension.rights, whole.stocks[5].pension.rights)
    np.testing.assert_array_equal(
        flows.ledger.pension.closing, whole.flows[4].ledger.pension.closing
    )


@places
def test_insured_workers_are_people_at_their_rate(place):
    world = world_of(place, 2026)
    flows = history(place, 2032).flows[2]
    after = history(place, 2032).stocks[3]
    assert (flows.insured_workers <= after.population).all()
    # Nobody of 15 or less, or past all dates, pays.
    assert flows.insured_workers[..., :15].sum() == 0.0
    assert flows.insured_workers[..., 75:].sum() == 0.0
    assert (flows.working_pensioners <= after.people[..., PENSIONER, :] + 1e-9).all()
    assert track_shares(world.year).sum(axis=-2) == pytest.approx(1.0)


def test_who_leaves_for_a_pension_leaves_a_covered_state_first():
    """100 formal at full coverage, 100 out; 30 contributing claimants are formal employees."""
    world = world_of("guangdong", 2026)
    stocks = world.stocks
    people = np.zeros((1, 1, 2, 5, 101))
    people[0, 0, 0, 0, 60], people[0, 0, 0, FORMAL, 60] = 100.0, 100.0
    rights = np.zeros_like(stocks.pension.rights)
    rights[0, CONTRIBUTING, 20, 0, 0, 0, 1, 60 - 15] = 100.0
    stocks = replace(stocks, people=people, pension=replace(stocks.pension, rights=rights))
    claimed = np.zeros((3, 1, 1, 2, 2, 101))
    claimed[CONTRIBUTING, 0, 0, 0, 1, 60] = 30.0
    law = replace(world.year, labour=replace(world.year.labour, coverage_formal=one(1.0)))
    constants = replace(world.constants, coverage=one(1.0) / (1.0 - exempt_share(law)))
    left = leave_for_pension(stocks, claimed, law, constants)
    assert left[0, 0, 0, :, 60].tolist() == pytest.approx([100.0, 70.0, 0.0, 0.0])
    # Dormant claimants come from the others.
    resting = claimed[[1, 0, 2]]
    left = leave_for_pension(stocks, resting, law, constants)
    assert left[0, 0, 0, :, 60].tolist() == pytest.approx([70.0, 100.0, 0.0, 0.0])
