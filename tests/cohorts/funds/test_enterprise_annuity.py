"""Accounts of enterprise annuities by hand, met moments, and what each lever may move."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from rssim.cohorts import engine
from rssim.cohorts.funds import enterprise_annuity as annuity
from rssim.cohorts.funds.account import EMPLOYERS, HOUSEHOLDS
from rssim.errors import ParameterError
from rssim.inputs.assemble import assemble
from rssim.inputs.scenario import load_scenario
from rssim.study.run import run
from tests.cohorts.cells import one
from tests.cohorts.funds import one_cell
from tests.cohorts.funds.moves import headline, moved
from tests.laws.worlds import PLACES, calibrated, exogenous

BEHAVIOUR = {
    "coverage_factor": 1.0,
    "coverage_elasticity": 1.0,
    "employer_rate": 0.08,
    "employee_rate": 0.04,
    "turnover_ratio": 1.0,
    "return_rate": 0.0,
    "lump_sum_share": 0.0,
    "last_age": 75.0,
}
LAW = {"vesting_years": 5.0, "talent_eligible_share": 0.0}
PAY = 120_000.0


def stocks(
    age, members=0.0, service=3, employer=0.0, own=0.0, preserved=0.0, drawing=0.0, drawers=0.0
):
    """Everything of men of one age; money is of all of them together."""
    bins = np.zeros((annuity.SERVICE, *one_cell.SHAPE))
    parts = np.zeros_like(bins)
    bins[service] = one_cell.at_age(age, members)
    parts[service] = one_cell.at_age(age, employer)
    accounts = [one_cell.at_age(age, value) for value in (own, preserved, 1.0 if preserved else 0)]
    paying = [one_cell.at_age(age, value) for value in (drawing, drawers)]
    return annuity.EnterpriseAnnuityStocks(
        bins,
        parts,
        np.stack(accounts),
        np.stack(paying),
        np.array([employer + own + preserved + drawing]),
    )


def done(given, work, coverage=0.0, retiring_age=62, behaviour=None, law=None):
    year = one_cell.year(
        retiring_age,
        EnterpriseAnnuityBehaviour=BEHAVIOUR | (behaviour or {}),
        EnterpriseAnnuityTerms=LAW | (law or {}),
    )
    constants = annuity.EnterpriseAnnuityConstants(one(coverage))
    return annuity.year(given, work, year, one_cell.inputs(), constants)


def paid(found, name):
    return float(found.account.amount(name)[0])


def test_a_year_of_contributions_and_half_a_year_of_their_return():
    """100 members earn 120,000: 8 % and 4 %; 1.2 million come in, half a year at 5 %."""
    found = done(
        stocks(40, 100, employer=500_000, own=300_000),
        one_cell.work(40, formal=100),
        coverage=1.0,
        behaviour={"return_rate": 0.05},
    )
    assert paid(found, "employer_contributions") == pytest.approx(960_000)
    assert paid(found, "employee_contributions") == pytest.approx(480_000)
    assert float(found.account.closing[0]) == pytest.approx(800_000 * 1.05 + 1_440_000 * 1.025)
    assert found.stocks.members[4, 0, 0, 0, 41] == pytest.approx(100)
    assert found.stocks.accounts[annuity.OWN, 0, 0, 0, 41] == pytest.approx(
        300_000 * 1.05 + 480_000 * 1.025
    )
    assert max(found.gaps.values()) < 1e-12


def test_the_law_caps_what_a_plan_wants():
    """9 % and 5 % are wanted: 8 % of pay from the firm, 4 % from the worker, 12 % together."""
    found = done(
        stocks(40, 100),
        one_cell.work(40, formal=100),
        coverage=1.0,
        behaviour={"employer_rate": 0.09, "employee_rate": 0.05},
    )
    assert paid(found, "employer_contributions") == pytest.approx(0.08 * PAY * 100)
    assert paid(found, "employee_contributions") == pytest.approx(0.04 * PAY * 100)
    payers = {name: (item.payer, item.payee) for name, item in found.account.payments.items()}
    assert payers["employer_contributions"] == (EMPLOYERS, annuity.FUND)
    assert payers["employee_contributions"] == (HOUSEHOLDS, annuity.FUND)


@pytest.mark.parametrize(("service", "vested"), [(0, 0.0), (3, 0.6), (5, 1.0), (8, 1.0)])
def test_leavers_keep_what_is_vested_and_the_rest_is_shared_out(service, vested):
    """A risk of ln 2 sends half away in the middle of the year; nothing is earned."""
    half = np.log(2.0)
    found = done(
        stocks(40, 100, service, employer=1_000_000, own=400_000),
        one_cell.work(40, formal=100, separations=100 * half),
        coverage=0.5,
    )
    credit = 0.08 * PAY
    left = 500_000 + 50 * credit / 2
    own = 200_000 + 50 * 0.04 * PAY / 2
    assert found.stocks.accounts[annuity.PRESERVED, 0, 0, 0, 41] == pytest.approx(
        own + left * vested
    )
    assert found.measures["forfeited"][0] == pytest.approx(left * (1.0 - vested))
    stayed = 500_000 + 50 * credit + left * (1.0 - vested)
    assert found.stocks.employer.sum() == pytest.approx(stayed)
    assert found.stocks.members.sum() == pytest.approx(50)
    assert found.stocks.accounts[annuity.PRESERVED_PEOPLE].sum() == pytest.approx(50)


def test_nobody_left_to_share_with_means_that_all_is_vested():
    found = done(stocks(40, 100, 0, employer=1e6, own=0.0), one_cell.work(40, formal=100))
    assert found.measures["forfeited"][0] == 0.0
    assert found.stocks.members.sum() == 0.0
    assert found.stocks.accounts[annuity.PRESERVED].sum() == pytest.approx(
        1e6 + 100 * 0.12 * PAY / 2
    )


def test_new_members_fill_the_coverage_in_the_middle_of_the_year():
    found = done(stocks(30), one_cell.work(30, formal=100), coverage=0.3)
    assert found.stocks.members[0, 0, 0, 0, 31] == pytest.approx(30)
    assert paid(found, "employer_contributions") == pytest.approx(30 * 0.08 * PAY / 2)


def test_death_pays_the_whole_account_to_the_heirs():
    found = done(
        stocks(50, 100, 0, employer=1_000_000, own=500_000),
        one_cell.work(50, formal=100, survival=0.9),
        coverage=1.0,
    )
    assert paid(found, "inheritances") == pytest.approx(0.1 * (1_500_000 + 100 * 0.12 * PAY / 2))


def test_at_retirement_a_part_is_paid_at_once_and_the_rest_until_an_age():
    """At 60, to 75: fifteen years are left; half a year is paid in the first one."""
    found = done(
        stocks(60, 100, 0, employer=1_000_000, own=500_000),
        one_cell.work(60, formal=100),
        retiring_age=60,
        behaviour={"lump_sum_share": 0.2},
    )
    pot = 1_500_000 + 100 * 0.12 * PAY / 2
    assert paid(found, "lump_sums") == pytest.approx(0.2 * pot)
    assert paid(found, "instalments") == pytest.approx(0.8 * pot / 15 / 2)
    assert found.stocks.drawing[annuity.RECIPIENTS, 0, 0, 0, 61] == pytest.approx(80)
    assert found.stocks.members.sum() == 0.0


def test_an_account_in_payment_is_empty_at_the_last_age_and_pays_its_return_out():
    """Without death 1,000 at 3 %: each year the balance of its middle over the years left."""
    given, paid_out, balance = stocks(65, drawing=1_000.0, drawers=1.0), [], 1_000.0
    for age in range(65, 75):
        found = done(given, one_cell.work(age), behaviour={"return_rate": 0.03})
        middle = balance * 1.03 / 1.015
        amount = middle / (75 - age)
        assert paid(found, "instalments") == pytest.approx(amount)
        balance = (middle - amount) * 1.015
        assert found.account.closing[0] == pytest.approx(balance, abs=1e-9)
        paid_out.append(amount)
        given = found.stocks
    assert given.drawing.sum() == pytest.approx(0.0, abs=1e-9)
    # Each payment in the middle of its year, in the money of the first day: the account.
    worth = sum(item * 1.015 / 1.03 ** (year + 1) for year, item in enumerate(paid_out))
    assert worth == pytest.approx(1_000.0)


def test_who_leaves_the_place_takes_the_account_along():
    found = done(
        stocks(40, 100, 3, employer=1_000_000, own=500_000),
        one_cell.work(40, formal=100, leaving=0.1),
        coverage=1.0,
        behaviour={"return_rate": 0.04},
    )
    end = 1_500_000 * 1.04 + 0.12 * PAY * 100 * 1.02
    assert paid(found, "transfers_out") == pytest.approx(0.1 * end / 1.02)
    assert float(found.account.closing[0]) == pytest.approx(0.9 * end)
    assert found.stocks.members.sum() == pytest.approx(90)


def test_the_budget_pays_its_part_for_talents():
    """A fifth of 100 are talents at 12 %, the budget pays half; the others are in no plan."""
    found = done(
        stocks(40, 20),
        one_cell.work(40, formal=100),
        law={"talent_eligible_share": 0.2, "talent_rate": 0.12, "talent_sponsor_share": 0.5},
    )
    assert paid(found, "talent_subsidies") == pytest.approx(20 * 0.06 * PAY)
    assert paid(found, "employee_contributions") == pytest.approx(20 * 0.06 * PAY)
    assert paid(found, "employer_contributions") == 0.0
    assert found.account.payments["talent_subsidies"].payer == "provincial budget"


def test_more_members_than_employees_are_refused_with_what_is_possible():
    with pytest.raises(ParameterError, match=r"coverage_factor: 4 in 2026.* at most 2 is possible"):
        done(
            stocks(40, 50),
            one_cell.work(40, formal=100),
            coverage=0.5,
            behaviour={"coverage_factor": 4.0},
        )


@pytest.mark.parametrize("place", [*PLACES, "china 2016"])
def test_the_moments_of_the_opening_day_are_met(place):
    opening = date(2016, 1, 1) if place.endswith("2016") else None
    found = calibrated(place.split()[0], opening)
    lines = [line for line in found.lines if line.moment.startswith(annuity.KEY)]
    assert len(lines) == 5
    for line in lines:
        assert line.model == pytest.approx(line.observed, rel=1e-8)
    standing = found.opening.schemes[annuity.KEY]
    assert standing.balance.sum() == pytest.approx(
        standing.employer.sum() + standing.accounts[:2].sum() + standing.drawing[0].sum()
    )
    assert min(standing.members.min(), standing.employer.min(), standing.accounts.min()) >= 0.0


def test_those_who_reach_their_date_in_the_first_year_are_members_on_its_first_day():
    """Men born in 1964 are 59 on 1 January 2024 and all reach 60, before the age rises."""
    found = calibrated("china").opening.schemes[annuity.KEY]
    men = found.members.sum(axis=0)[0, :, 0].sum(axis=0)
    assert men[59] > 0.5 * men[58] > 0.0
    assert men[60] == 0.0
    runs = headline()
    at_once = runs[f"{annuity.KEY}.lump_sums"][0]
    assert at_once[0] > 0.5 * at_once[1]


def test_a_year_pays_out_about_as_much_as_the_published_quarter():
    """22.33 billion yuan in the first quarter of 2023, of assets of 2,980: 3 % a year."""
    result = run(load_scenario("baseline", place="china", end=2025), bite="off")
    out = ("lump_sums", "instalments", "inheritances")
    paid_out = sum(float(result.series(f"{annuity.KEY}.{name}").loc[2024]) for name in out)
    assets = float(result.series(f"{annuity.KEY}.balance").loc[2024])
    assert paid_out / assets == pytest.approx(4 * 22.33 / 2980, rel=0.25)


def test_service_without_turnover_is_the_time_since_the_first_age():
    """All who are 20 joined evenly at 16 to 20: a fifth each with 0 to 4 whole years."""
    cells = one_cell.at_age(20, 50.0)
    people, years = annuity._service(np.zeros(one_cell.SHAPE), cells)
    assert people[:, 0, 0, 0, 20].tolist() == [10.0] * 5 + [0.0] * 4
    assert years[:5, 0, 0, 0, 20].tolist() == [5.0, 15.0, 25.0, 35.0, 45.0]


# What a lever may move ---------------------------------------------------------------------------

INTO = {"members", "coverage", "employer_contributions", "employee_contributions"}
ACCOUNT = {"contributions", "revenue", "current_balance", "balance", "interest", "reserve_months"}
PAID = {
    "lump_sums", "instalments", "inheritances", "transfers_out", "expenditure",
    "mean_benefit_m", "forfeited", "recipients",
}  # fmt: skip
RATES = (INTO - {"members", "coverage"}) | ACCOUNT | PAID
LEVERS = {
    "enterprise_annuity.employer_cap": (0.05, RATES),
    "enterprise_annuity.total_cap": (0.08, RATES),
    "enterprise_annuity.vesting_years": (0, ACCOUNT | PAID),
    "enterprise_annuity.talent_eligible_share": (
        0.02, INTO | ACCOUNT | PAID | {"talent_subsidies"},
    ),
    "enterprise_annuity_behaviour.coverage_factor": (1.5, INTO | ACCOUNT | PAID),
    "enterprise_annuity_behaviour.coverage_elasticity": (0.5, INTO | ACCOUNT | PAID),
    "enterprise_annuity_behaviour.employer_rate": (0.05, RATES),
    "enterprise_annuity_behaviour.employee_rate": (0.02, RATES),
    "enterprise_annuity_behaviour.turnover_ratio": (0.8, INTO | ACCOUNT | PAID),
    "enterprise_annuity_behaviour.return_rate": (0.02, ACCOUNT | PAID),
    "enterprise_annuity_behaviour.lump_sum_share": (0.5, ACCOUNT | PAID),
    "enterprise_annuity_behaviour.last_age": (80, ACCOUNT | PAID),
}  # fmt: skip


@pytest.fixture(scope="module")
def base():
    return headline()


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_moves_its_own_series_and_nothing_else(base, lever):
    value, may_move = LEVERS[lever]
    changed = headline(lever, value)
    found = moved(base, changed)
    assert found
    assert found <= {f"{annuity.KEY}.{name}" for name in may_move}


@pytest.mark.parametrize(
    ("lever", "value", "series", "sign"),
    [
        ("enterprise_annuity_behaviour.coverage_factor", 1.5, "members", 1),
        ("enterprise_annuity_behaviour.return_rate", 0.02, "balance", -1),
        ("enterprise_annuity.vesting_years", 0, "forfeited", -1),
        ("enterprise_annuity_behaviour.lump_sum_share", 0.5, "recipients", -1),
        ("enterprise_annuity.total_cap", 0.08, "contributions", -1),
        ("enterprise_annuity_behaviour.turnover_ratio", 0.8, "forfeited", 1),
    ],
)
def test_directions(base, lever, value, series, sign):
    key = f"{annuity.KEY}.{series}"
    gap = headline(lever, value)[key] - base[key]
    assert np.sign(gap[0, -1]) == sign


def test_coverage_does_not_follow_jobs_that_are_lost():
    """A shock to jobs lowers members with formal employees; the share stays near."""
    scenario = exogenous(load_scenario("baseline", place="guangdong", end=2027))
    weak = scenario.change("labour.separation_rate", {"2026-01-01": 0.15})
    found = calibrated("guangdong")
    ends = [
        engine.run(assemble(item, trace=False), found.opening, found.constants).flows[-1]
        for item in (scenario, weak)
    ]
    members = [float(flows.measures[annuity.KEY]["members"][0]) for flows in ends]
    shares = [float(flows.measures[annuity.KEY]["coverage"][0]) for flows in ends]
    assert members[1] < 0.99 * members[0]
    assert shares[1] == pytest.approx(shares[0], rel=0.03)
