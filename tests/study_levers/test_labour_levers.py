"""The labour levers: closed forms by hand, and what their scenarios do in Guangzhou."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import rssim
from rssim.cohorts.matching import Market, market_at, solve_tightness
from rssim.inputs.scenario import Scenario, load_scenario
from rssim.rules.matching import Match, floored_match
from rssim.study.labour import MatchingMarket
from rssim.study.result import Result
from rssim.study.run import run

END = 2032
SCENARIOS = (
    "minimum_wage_plus_10",
    "minimum_wage_plus_25",
    "hiring_subsidy",
    "job_subsidy",
    "job_retention",
    "job_search_services",
    "training_intake",
    "mothers_participation",
    "older_participation",
    "migration_attraction",
    "demand_shock",
    "demand_shock_with_measures",
    "unemployment_benefit_up",
    "employee_rate_10",
    "base_cap_200",
    "other_contributions_cut",
)

# Employers keep the whole surplus (β = 0), so the value of a job is J = (y - b) / (r + s) and
# free entry κ = A θ^(-α) (J + H) gives tightness by hand: y - b = 0.3, r + s = 0.15, J = 2.
SIMPLE = MatchingMarket(
    outside_value=0.7,
    discount_rate=0.03,
    separation_rate=0.12,
    bargaining_share=0.0,
    matching_elasticity=0.6,
    efficiency=1.5,
    vacancy_cost=0.5,
)


# --- worked by hand, one market -----------------------------------------------------------------


def test_hiring_subsidy_by_hand() -> None:
    """κ = q (J + H): with J = 2 and H = 0.5 the filling rate is 0.5 / 2.5."""
    state = SIMPLE.change(hiring_subsidy=0.5).steady_state()
    assert state.filling_rate == pytest.approx(0.2, rel=1e-12)
    assert state.tightness == pytest.approx((1.5 / 0.2) ** (1 / 0.6), rel=1e-12)
    assert SIMPLE.steady_state().filling_rate == pytest.approx(0.25, rel=1e-12)


def test_monthly_subsidy_by_hand() -> None:
    """h is like output: J = (1 + 0.06 - 0.7) / 0.15 = 2.4, and firms keep all of it here."""
    state = SIMPLE.change(subsidy=0.06).steady_state()
    assert state.match_value == pytest.approx(2.4, rel=1e-12)
    assert state.wage == pytest.approx(0.7, rel=1e-12)


def test_charges_by_hand() -> None:
    """J = [y - (1 + τ) b / n] / (r + s): a charge of 0.1 takes 0.07 of the 0.3."""
    state = SIMPLE.change(employer_rate=0.1).steady_state()
    assert state.match_value == pytest.approx((1 - 1.1 * 0.7) / 0.15, rel=1e-12)
    # Seen in full as deferred pay, the charge costs nobody anything: n = 1.1.
    state = SIMPLE.change(employer_rate=0.1, deferred_share=1.0).steady_state()
    assert state.match_value == pytest.approx(2.0, rel=1e-12)
    # An employee's charge of 0.125: b / n = 0.8.
    state = SIMPLE.change(employee_rate=0.125).steady_state()
    assert state.match_value == pytest.approx(0.2 / 0.15, rel=1e-12)


def test_value_of_unemployment_by_hand() -> None:
    """3 % of 0.7 is 0.021 of the surplus of 0.3, so J falls by 7 %."""
    state = SIMPLE.change(outside_value=0.7 * 1.03).steady_state()
    assert state.match_value == pytest.approx(2 * 0.93, rel=1e-12)


def test_services_by_hand() -> None:
    """θ = (A J / κ)^(1/α) and f = A θ^(1-α): elasticities 1/α, both."""
    assert SIMPLE.elasticity_of("tightness", "efficiency") == pytest.approx(1 / 0.6, rel=1e-8)
    assert SIMPLE.elasticity_of("finding_rate", "efficiency") == pytest.approx(1 / 0.6, rel=1e-8)


def test_retention_by_hand() -> None:
    """u = s / (s + f), and J is 1 / (r + s): both push the same way."""
    u = SIMPLE.steady_state().unemployment_rate
    expected = (1 - u) * (1 + 0.4 / 0.6 * 0.12 / 0.15)
    found = SIMPLE.elasticity_of("unemployment_rate", "separation_rate")
    assert found == pytest.approx(expected, rel=1e-8)


def test_demand_by_hand() -> None:
    """J is (y - b) / (r + s): 3 % less output takes a tenth of the surplus, 1 % of it 1/30."""
    state = SIMPLE.change(output=0.97).steady_state()
    assert state.match_value == pytest.approx(1.8, rel=1e-12)
    assert SIMPLE.elasticity_of("tightness", "output") == pytest.approx(1 / 0.3 / 0.6, rel=1e-8)


def normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


@pytest.mark.parametrize("floor", [0.3, 0.33, 0.375])
def test_floor_by_hand(floor: float) -> None:
    """Shares that are made and that are paid the floor, from the normal distribution."""
    spread = 0.5
    match = Match(
        output=1.0,
        outside_value=0.5,
        discount_rate=0.05,
        separation_rate=0.1,
        bargaining_share=0.5,
        employer_rate=0.25,
    )
    wage = 0.75
    found = floored_match(match, wage, floor, spread)

    def below(x: float) -> float:
        return normal((math.log(x) + spread**2 / 2) / spread)

    lowest, kink = 1.25 * floor, floor / wage
    assert found.made_share.item() == pytest.approx(1 - below(lowest), rel=1e-12)
    above = 1 - normal((math.log(kink) - spread**2 / 2) / spread)
    paid = (floor * (below(kink) - below(lowest)) + wage * above) / (1 - below(lowest))
    assert found.mean_wage.item() == pytest.approx(paid, rel=1e-12)


def test_a_higher_floor_has_as_many_at_it() -> None:
    """The share of matches paid the floor: (Φ(kink) - Φ(lowest)) / (1 - Φ(lowest))."""

    def at_floor(floor: float) -> float:
        low, kink = (normal((math.log(x) + 0.125) / 0.5) for x in (1.25 * floor, floor / 0.75))
        return (kink - low) / (1 - low)

    shares = [at_floor(0.3 * factor) for factor in (1.0, 1.1, 1.25)]
    assert shares[0] < shares[1] < shares[2]


def two_groups(effort: float, bargaining: float = 0.6) -> Market:
    """A tenth of the seekers searches at a given effort, the others at one."""
    people, search = np.array([[60.0, 540.0]]), np.array([[effort, 1.0]])
    return Market(
        match=Match(
            output=1.0,
            outside_value=0.6,
            discount_rate=0.04,
            separation_rate=0.1,
            bargaining_share=bargaining,
        ),
        seekers=people * search,
        search_efficiency=search,
        efficiency=np.array([[1.6]]),
        elasticity=np.array([[0.6]]),
        vacancy_cost=0.05,
    )


def test_displacement_at_given_vacancies() -> None:
    """f_c = e_c A (V/S)^(1-α): others lose (1-α) σ, the helped gain 1 - (1-α) σ, σ = 0.1."""
    before, small = solve_tightness(two_groups(1.0)), 1e-6
    helped = two_groups(math.exp(small))
    after = market_at(helped, before.vacancies / helped.seekers.sum())
    own, rest = np.log(after.finding_rate / before.finding_rate)[0] / small
    assert own == pytest.approx(1 - 0.4 * 0.1, rel=1e-5)
    assert rest == pytest.approx(-0.4 * 0.1, rel=1e-5)


def test_displacement_with_free_entry() -> None:
    """All search harder: 1 - (1-α) g / (α + (1-α) g) with g = βf / (r + s + βf)."""
    base, small = two_groups(1.0), 1e-6
    before = solve_tightness(base)
    more = np.full((1, 2), math.exp(small))
    after = solve_tightness(
        replace(base, seekers=np.array([[60.0, 540.0]]) * more, search_efficiency=more)
    )
    pull = 0.6 * before.finding_rate[0, 0]
    share = pull / (0.14 + pull)
    expected = 1 - 0.4 * share / (0.6 + 0.4 * share)
    found = np.log(after.finding_rate / before.finding_rate)[0] / small
    assert found == pytest.approx(expected, rel=1e-4)
    # Without bargaining nothing is lost, and a helped tenth takes nothing from the others.
    free, helped = (solve_tightness(two_groups(effort, 0.0)) for effort in (1.0, 1.1))
    assert helped.finding_rate[0, 1] == pytest.approx(free.finding_rate[0, 1], rel=1e-12)


# --- the scenarios in Guangzhou -----------------------------------------------------------------


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load_scenario("baseline", "guangzhou", end=END)


@pytest.fixture(scope="module")
def result(base: Scenario) -> Result:
    runs = [load_scenario(f"levers/{name}", "guangzhou", end=END) for name in SCENARIOS]
    return run([base, *runs], bite="off", record="ages")


def gap(result: Result, name: str, key: str, against: str = "baseline") -> pd.Series[float]:
    """Difference of a series from another scenario, by year."""
    return result.series(key, name) - result.series(key, against)


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_moves_before_the_first_change(result: Result, name: str) -> None:
    first = 2027 if name.startswith("demand") else 2026
    for key in result.flows.data_vars:
        series = result.flows[key].sel(year=slice(None, first - 1))
        same = np.array_equal(
            series.sel(scenario=name).values,
            series.sel(scenario="baseline").values,
            equal_nan=True,
        )
        assert same, key


# What must rise (+1) or fall (-1) in every year of the span.
MOVES = [
    ("minimum_wage_plus_10", "employed", 2026, END, -1),
    ("minimum_wage_plus_10", "formal_share", 2026, END, -1),
    ("minimum_wage_plus_10", "median_wage_m", 2026, END, 1),
    ("hiring_subsidy", "employed", 2026, END, 1),
    ("hiring_subsidy", "openings_per_seeker", 2026, END, 1),
    ("job_subsidy", "employed", 2026, 2028, 1),
    ("job_subsidy", "average_wage_m", 2026, END, 1),
    ("job_retention", "employed", 2026, END, 1),
    ("job_retention", "separations", 2026, END, -1),
    ("job_retention", "new_urban_employment", 2026, END, -1),
    ("job_search_services", "employed", 2026, END, 1),
    ("job_search_services", "average_wage_m", 2026, END, 1),
    ("training_intake", "median_wage_m", 2027, END, 1),
    ("mothers_participation", "participation_rate", 2026, END, 1),
    ("mothers_participation", "employee_pension.contributions", 2026, END, 1),
    ("older_participation", "participation_rate", 2026, END, 1),
    ("older_participation", "employed", 2026, END, 1),
    ("migration_attraction", "labour_force", 2026, END, 1),
    ("migration_attraction", "old_age_dependency", 2027, END, -1),
    ("demand_shock", "new_urban_employment", 2027, 2027, -1),
    ("demand_shock", "employed", 2027, 2028, -1),
    ("demand_shock", "average_wage_m", 2027, 2028, -1),
    ("unemployment_benefit_up", "employed", 2026, END, -1),
    ("unemployment_benefit_up", "average_wage_m", 2026, END, 1),
    ("employee_rate_10", "employee_pension.contributions", 2026, END, 1),
    ("employee_rate_10", "employed", 2026, END, -1),
    ("base_cap_200", "employee_pension.mean_base_ratio", 2026, END, -1),
    ("base_cap_200", "employee_pension.contributions", 2026, END, -1),
    ("other_contributions_cut", "employed", 2026, 2029, 1),
    ("other_contributions_cut", "formal_share", 2026, END, 1),
    ("other_contributions_cut", "average_wage_m", 2026, END, 1),
]


@pytest.mark.parametrize(("name", "key", "first", "last", "sign"), MOVES)
def test_directions(result: Result, name: str, key: str, first: int, last: int, sign: int) -> None:
    assert (sign * gap(result, name, key).loc[first:last] > 0).all()


def test_more_of_a_lever_does_more(result: Result) -> None:
    for key in ("employed", "formal_employed"):
        more = gap(result, "minimum_wage_plus_25", key, "minimum_wage_plus_10")
        assert (more.loc[2026:] < 0).all()


def test_measures_soften_the_shock(result: Result) -> None:
    more = gap(result, "demand_shock_with_measures", "employed", "demand_shock")
    assert (more.loc[2027:2028] > 0).all()
    # The measures end with the shock, and so does the spending.
    cost = result.series("job_support_cost", "demand_shock_with_measures")
    assert (cost.loc[2027:2028] > 0).all()
    assert (cost.loc[2029:] == 0).all()


def test_spending_is_what_was_promised(result: Result) -> None:
    """1,500 yuan times the subsidised hires; 1,200 yuan a year times the person-years of jobs."""
    hires = result.series("subsidised_hires", "hiring_subsidy").loc[2026:]
    cost = result.series("job_support_cost", "hiring_subsidy").loc[2026:]
    assert (cost / hires).to_numpy() == pytest.approx(1500.0, rel=1e-12)
    ends = result.series("formal_employed", "job_subsidy")
    middle = (0.5 * (ends + ends.shift(1))).loc[2026:]
    paid = result.series("job_support_cost", "job_subsidy").loc[2026:]
    # The mean of two year-ends is nearly the mean of the year; migrants come at its end.
    assert (paid / middle).to_numpy() == pytest.approx(1200.0, rel=0.01)


def test_net_jobs_are_fewer_than_paid_hires(result: Result) -> None:
    for year in range(2026, END + 1):
        paid = gap(result, "hiring_subsidy", "subsidised_hires")[year]
        assert 0 < gap(result, "hiring_subsidy", "employed")[year] < 0.4 * paid


def by_group(result: Result, name: str, day: str) -> dict[str, float]:
    people = result.stocks["people"].sel(scenario=name, date=day).sum(["draw", "sex", "status"])
    return {str(group): float(people.sel(group=group).sum()) for group in people["group"].values}


def test_training_moves_people_and_makes_none(result: Result) -> None:
    """20,000 leave the low groups for the middle ones of the same registration in 2026."""
    before = by_group(result, "baseline", "2027-01-01")
    after = by_group(result, "training_intake", "2027-01-01")
    moved = {group: after[group] - before[group] for group in before}
    assert moved["registered_high"] == moved["non_registered_high"] == 0.0
    for hukou in ("registered", "non_registered"):
        assert moved[f"{hukou}_low"] < 0
        assert moved[f"{hukou}_middle"] == pytest.approx(-moved[f"{hukou}_low"], abs=1e-4)
    low = moved["registered_low"] + moved["non_registered_low"]
    assert low == pytest.approx(-20_000, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "sexes", "ages"),
    [
        ("mothers_participation", ["female"], slice(25, 44)),
        ("older_participation", ["male", "female"], slice(55, 69)),
    ],
)
def test_a_point_is_a_point(result: Result, name: str, sexes: list[str], ages: slice) -> None:
    """One per cent of the people of those ages; of the older ones less, as 0.99 binds for none.

    Women of 25 to 44 are below any pension age, so the labour force rises by exactly a point of
    them. A point of the older is shared by those who draw a pension and those who do not.
    """
    people = result.stocks["people"].sel(scenario="baseline", date="2027-01-01", sex=sexes)
    whole = float(people.sel(age=ages).sum())
    found = gap(result, name, "labour_force")[2026]
    assert found == pytest.approx(0.01 * whole, rel=0.02 if sexes == ["female"] else 0.35)


def test_arrivals_are_twenty_thousand_more(result: Result) -> None:
    more = gap(result, "migration_attraction", "net_migration").loc[2026:]
    assert more.to_numpy() == pytest.approx(20_000, abs=1e-3)
    # They come at the end of the year: nobody has died or been born yet.
    assert gap(result, "migration_attraction", "population")[2026] == pytest.approx(
        20_000, abs=1e-3
    )


def test_ten_per_cent_is_a_quarter_more_than_eight(result: Result) -> None:
    """Employees pay 10 / 8 on the same bases in the first year, but for jobs that are lost."""

    def paid(name: str) -> float:
        """Of employees of enterprises: public posts have a rate of their own."""
        both = result.series("employee_pension.employee_contributions", name)
        return float((both - result.series("public_pension.employee_contributions", name))[2026])

    ratio = paid("employee_rate_10") / paid("baseline")
    assert ratio == pytest.approx(1.25, rel=1e-3)
    assert ratio < 1.25


def test_a_shock_costs_new_jobs_and_hiring_recovers_after_it(result: Result) -> None:
    new = gap(result, "demand_shock", "new_urban_employment")
    assert new[2027] < 0 < new[2029]


def test_separations_rise_in_a_shock_by_the_published_elasticity(result: Result) -> None:
    """Demand 3 % down: 0.97^-2 times the intensity, on the formal jobs that there are."""
    both = {name: result.series("separations", name) for name in ("baseline", "demand_shock")}
    jobs = {name: result.series("formal_employed", name) for name in both}
    ratio = both["demand_shock"][2027] / both["baseline"][2027]
    kept = (jobs["demand_shock"][2026] + jobs["demand_shock"][2027]) / (
        jobs["baseline"][2026] + jobs["baseline"][2027]
    )
    assert ratio == pytest.approx(0.97**-2 * kept, rel=2e-3)


def test_the_response_to_a_floor_settles(result: Result) -> None:
    """Jobs end by a tenth a year, so the stock nears its rest: steps shrink."""
    lost = -gap(result, "minimum_wage_plus_10", "formal_employed")
    assert lost[2032] - lost[2030] < lost[2028] - lost[2026]


@pytest.mark.parametrize("demand", [1.0, 0.94])
def test_a_larger_hiring_subsidy_never_makes_fewer_jobs(demand: float) -> None:
    """Up to 40,000 yuan a hire, in a calm year and in a deep slump."""
    base = rssim.load("baseline", place="guangzhou", end=2027)
    base = base.change("job_market.demand", {"2026-01-01": demand}, name="start")
    amounts = (1_500, 6_000, 12_000, 20_000, 40_000)
    lever = "job_market.hiring_subsidy"
    runs = [base.change(lever, {"2026-01-01": x}, name=str(x)) for x in amounts]
    found = rssim.run([base, *runs], bite="off")
    for year in (2026, 2027):
        jobs = [float(found.series("employed", name)[year]) for name in found.scenarios]
        assert np.all(np.diff(jobs) > 0)


def test_a_subsidy_for_one_group_displaces_the_others() -> None:
    """5,000 yuan for hires of the registered low-skilled under 25: they gain, others lose."""
    base = rssim.load("baseline", place="guangzhou", end=2027)
    table = {"others": 0, "registered_low": {0: 5000, 25: 0}}
    aimed = base.change("job_market.hiring_subsidy", {"2026-01-01": table}, name="aimed")
    for_all = base.change("job_market.hiring_subsidy", {"2026-01-01": 5000}, name="all")
    found = rssim.run([base, aimed, for_all], record="ages", bite="off")
    hires = found.flows["hires_by_age"].sel(year=2026).sum("sex").squeeze("draw")
    change = hires.sel(scenario="aimed") - hires.sel(scenario="baseline")
    # A vacancy does not ask who comes: all meet more of them, none is chosen before another.
    assert float(change.sum()) > 0
    paid = found.series("subsidised_hires", "aimed")[2026]
    everybody = found.series("subsidised_hires", "all")[2026]
    young = hires.sel(scenario="aimed", group="registered_low").sel(age=slice(0, 24)).sum()
    assert 0 < paid <= float(young)
    assert paid < 0.05 * everybody
    assert found.series("job_support_cost", "aimed")[2026] == pytest.approx(5000 * paid, rel=1e-12)


def test_help_with_the_search_of_one_group_displaces_others() -> None:
    """Graduates meet a tenth more vacancies; those who search beside them find fewer."""
    base = rssim.load("baseline", place="guangzhou", end=2027)
    young = {0: 1.1, 30: 1}
    table = {"others": 1, "registered_high": young, "non_registered_high": young}
    aimed = base.change("labour.finding_rate", {"2026-01-01": table}, name="aimed")
    found = rssim.run([base, aimed], record="ages", bite="off")
    hires = found.flows["hires_by_age"].sel(year=2026).sum("sex").squeeze("draw")
    ratio = hires.sel(scenario="aimed") / hires.sel(scenario="baseline")
    high = ratio.sel(group="registered_high")
    assert float(high.sel(age=24)) > 1.01
    # The young search in great numbers, so tightness falls for those who are not helped.
    assert float(high.sel(age=45)) < 1.0
    assert float(ratio.sel(group="registered_low", age=45)) < 1.0
    jobs = found.series("employed", "aimed")[2026] - found.series("employed", "baseline")[2026]
    helped = (hires.sel(scenario="aimed") - hires.sel(scenario="baseline")).where(ratio > 1).sum()
    assert 0 < jobs < float(helped)


NEUTRAL = [
    ("labour_law.minimum_wage_factor", 1.0),
    ("job_market.hiring_subsidy", 0.0),
    ("job_market.job_subsidy_m", 0.0),
    ("job_market.match_efficiency", 1.0),
    ("job_market.demand", 1.0),
    ("job_market.outside_value", 1.0),
    ("labour.separation_rate", 0.096),
    ("labour.skill_upgrades", 0.0),
    ("labour.mothers_gain", 0.0),
    ("labour.older_gain", 0.0),
]


def test_neutral_values_change_nothing_to_the_bit(base: Scenario, result: Result) -> None:
    start = base.until(2028)
    runs = [
        start.change(key, {"2026-01-01": value}, name=key.rsplit(".")[-1]) for key, value in NEUTRAL
    ]
    found = run(runs, bite="off")
    for scenario in found.scenarios:
        for key in found.flows.data_vars:
            series = found.flows[key].sel(scenario=scenario).values
            central = result.flows[key].sel(scenario="baseline", year=slice(None, 2028)).values
            assert np.array_equal(series, central, equal_nan=True), (scenario, key)
