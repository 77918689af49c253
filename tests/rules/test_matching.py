"""Matching and bargaining: closed forms against Bellman equations and Nash's product.

The expected values come from the equations behind a formula, solved by other means: linear systems
for values, a maximiser for the bargain, numerical integration for the minimum wage.
"""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtri

from rssim.rules.matching import (
    Match,
    floored_match,
    free_entry_residual,
    highest_wage,
    job_finding_rate,
    match_value_of_wage,
    matches,
    nash_match_value,
    nash_wage,
    net_share,
    output_of_wage,
    rigid_wage,
    searchers,
    tightness_elasticity_of_output,
    tightness_elasticity_of_separation,
    tightness_elasticity_of_surplus,
    tightness_of_finding,
    unemployment_value,
    vacancy_cost,
    vacancy_filling_rate,
    wage_of_value,
)

PLAIN = Match(1.0, 0.4, 0.012, 0.1, 0.72)
CHARGED = Match(1.0, 0.4, 0.04, 0.2, 0.5, employer_rate=0.25, net_share=0.95, subsidy=0.03)
INDEXED = replace(CHARGED, indexed_share=0.6, replacement_rate=0.45)
FULLY_INDEXED = replace(CHARGED, indexed_share=1.0, replacement_rate=0.5, bargaining_share=0.3)
TERMS = pytest.mark.parametrize(
    "match", [PLAIN, CHARGED, INDEXED, FULLY_INDEXED], ids=["plain", "charged", "indexed", "fully"]
)


def values_of_work(match, finding, wage):
    """(W, U) of a worker when every match of the cell pays the wage: two Bellman equations."""
    r, s = match.discount_rate, match.separation_rate
    benefit = (
        match.indexed_share * match.replacement_rate * match.net_share * wage
        + (1 - match.indexed_share) * match.outside_value
    )
    # r W = n w + s (U − W);  r U = b + f (W − U)
    system = np.array([[r + s, -s], [-finding, r + finding]])
    return np.linalg.solve(system, [match.net_share * wage, benefit])


def best_response(match, finding, market_wage):
    """The wage that maximises Nash's product in one match while the others pay the market wage."""
    r, s = match.discount_rate, match.separation_rate
    _, jobless = values_of_work(match, finding, market_wage)

    def loss(wage):
        worker = (match.net_share * wage + s * jobless) / (r + s) - jobless
        firm = (match.output + match.subsidy - (1 + match.employer_rate) * wage) / (r + s)
        if worker <= 0 or firm <= 0:
            return np.inf
        share = match.bargaining_share
        return -(share * np.log(worker) + (1 - share) * np.log(firm))

    lowest = r * jobless / match.net_share
    highest = (match.output + match.subsidy) / (1 + match.employer_rate)
    found = minimize_scalar(
        loss, bounds=(lowest, highest), method="bounded", options={"xatol": 1e-12}
    )
    return found.x


@TERMS
@pytest.mark.parametrize("finding", [0.0, 0.5, 1.35, 6.0])
def test_bargain_is_the_fixed_point_of_nash_products(match, finding):
    wage = float(nash_wage(match, finding))
    # A maximum is flat, so a maximiser finds it to the root of the precision only.
    assert best_response(match, finding, wage) == pytest.approx(wage, abs=3e-7)
    if match.indexed_share > 0:
        highest = (match.output + match.subsidy) / (1 + match.employer_rate)
        fixed = brentq(lambda w: best_response(match, finding, w) - w, 0.3, highest - 1e-4)
        assert fixed == pytest.approx(wage, abs=1e-5)


@TERMS
@pytest.mark.parametrize("finding", [0.0, 1.35, 6.0])
def test_firm_value_solves_its_bellman_equation(match, finding):
    wage, value = nash_wage(match, finding), nash_match_value(match, finding)
    profit = match.output + match.subsidy - (1 + match.employer_rate) * wage
    assert match.discount_rate * value == pytest.approx(
        profit - match.separation_rate * value, rel=1e-13
    )
    assert match_value_of_wage(match, wage) == pytest.approx(value, rel=1e-13)
    assert wage_of_value(match, value) == pytest.approx(wage, rel=1e-13)


@TERMS
def test_unemployment_value_closes_the_circle(match):
    """The benefit that the bargain implies is the one of the wage that it gives."""
    finding = 2.0
    wage = float(nash_wage(match, finding))
    worker, jobless = values_of_work(match, finding, wage)
    benefit = match.discount_rate * jobless - finding * (worker - jobless)
    assert unemployment_value(match, wage) == pytest.approx(benefit, rel=1e-10)


def test_a_charge_seen_as_pay_is_none():
    """λ = 1: contributions cost the pair nothing, so total pay is that of no charges (by hand)."""
    rates = {"employer_rate": 0.25, "net_share": float(net_share(0.1, 0.25, 1.0))}
    assert rates["net_share"] == pytest.approx(1.25)
    free, charged = PLAIN, replace(PLAIN, **rates)
    assert nash_match_value(charged, 1.35) == pytest.approx(nash_match_value(free, 1.35), rel=1e-14)
    assert 1.25 * nash_wage(charged, 1.35) == pytest.approx(nash_wage(free, 1.35), rel=1e-14)


def test_net_share_by_hand():
    assert net_share(0.10, 0.20, 0.5) == pytest.approx(1 - 0.10 + 0.5 * 0.30)
    assert net_share(0.10, 0.20, 0.0) == pytest.approx(0.90)


def test_no_bargaining_power_pays_the_outside_value():
    """β = 0: the worker gets what makes working worth b, whatever the market (by hand)."""
    match = replace(CHARGED, bargaining_share=0.0)
    assert nash_wage(match, 5.0) == pytest.approx(0.4 / 0.95, rel=1e-14)


def test_without_surplus_the_wage_is_the_most_that_a_firm_can_pay():
    match = replace(PLAIN, outside_value=1.2)
    assert nash_match_value(match, 1.0) < 0
    assert nash_wage(match, 1.0) == 1.0
    assert floored_match(match, nash_wage(match, 1.0), 0.0, 0.3).made_share == 0.0


@TERMS
def test_output_of_wage_is_the_inverse(match):
    finding = np.array([0.0, 1.0, 4.0])
    wage = nash_wage(match, finding)
    blind = replace(match, output=np.nan)
    assert output_of_wage(blind, wage, finding) == pytest.approx(match.output, rel=1e-12)


def test_rigid_wage_by_hand():
    assert rigid_wage(10.0, 8.0, 0.05, 0.25, 20.0) == pytest.approx(0.75 * 10 + 0.25 * 8.4)
    assert rigid_wage(10.0, 8.0, 0.05, 0.0, 20.0) == 10.0


# --- matching -----------------------------------------------------------------------------------


@given(st.floats(0.05, 20), st.floats(0.1, 5), st.floats(0.05, 0.95), st.floats(0.1, 3))
def test_matches_are_counted_from_both_sides(tightness, efficiency, elasticity, effort):
    """Searchers who find and vacancies that fill are the same matches, and m = A S^α V^(1−α)."""
    seekers = searchers(100.0, 50.0, effort, 0.2)
    assert seekers == pytest.approx(effort * 110)
    vacancies = tightness * seekers
    people = 110.0
    found = people * job_finding_rate(tightness, efficiency, elasticity, effort)
    filled = vacancies * vacancy_filling_rate(tightness, efficiency, elasticity)
    made = matches(seekers, vacancies, efficiency, elasticity)
    assert found == pytest.approx(made, rel=1e-12)
    assert filled == pytest.approx(made, rel=1e-12)
    finding = job_finding_rate(tightness, efficiency, elasticity, effort)
    assert tightness_of_finding(finding, efficiency, elasticity, effort) == pytest.approx(
        tightness, rel=1e-9
    )


def test_constant_returns_and_elasticity():
    base = matches(80.0, 30.0, 0.6, 0.6)
    assert matches(160.0, 60.0, 0.6, 0.6) == pytest.approx(2 * base, rel=1e-14)
    assert matches(80.0 * 1.01, 30.0, 0.6, 0.6) == pytest.approx(base * 1.01**0.6, rel=1e-14)


def test_free_entry_by_hand():
    assert free_entry_residual(2.0, 0.3, 0.5) == pytest.approx(0.1)
    assert vacancy_cost(0.2, 0.0, 5.0) == pytest.approx(0.2)
    assert vacancy_cost(0.2, 0.1, 5.0) == pytest.approx(0.7)


# --- a minimum wage -----------------------------------------------------------------------------


def by_integration(match, wage, floor, log_sd):
    """Value, share and mean wage of matches by quadrature over ln x."""
    charged, revenue = 1 + match.employer_rate, match.output + match.subsidy
    points = [(np.log(charged * floor / revenue) / log_sd), np.log(floor / wage) / log_sd]
    points = [point + log_sd / 2 for point in points]

    def mean(function):
        def weighted(z):
            x = np.exp(log_sd * z - log_sd**2 / 2)
            return function(x) * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)

        edges = [-9.0, *sorted(points), 9.0]
        return sum(
            quad(weighted, low, high, epsabs=1e-13, limit=200)[0]
            for low, high in zip(edges, edges[1:], strict=False)
        )

    def profit(x):
        return revenue * x - charged * max(wage * x, floor)

    value = mean(lambda x: max(0.0, profit(x))) / (match.discount_rate + match.separation_rate)
    share = mean(lambda x: float(profit(x) > 0))
    paid = mean(lambda x: max(wage * x, floor) * (profit(x) > 0))
    return value, share, paid / share, mean(lambda x: max(wage * x, floor))


@TERMS
@pytest.mark.parametrize("log_sd", [0.2, 0.6])
@pytest.mark.parametrize("floor", [0.1, 0.5, 0.75, 1.1])
def test_minimum_wage_by_integration(match, floor, log_sd):
    wage = float(nash_wage(match, 1.35))
    value, share, mean_wage, everyone = by_integration(match, wage, floor, log_sd)
    found = floored_match(match, wage, floor, log_sd)
    assert found.value == pytest.approx(value, rel=1e-8)
    assert found.made_share == pytest.approx(share, rel=1e-8)
    assert found.mean_wage == pytest.approx(mean_wage, rel=1e-8)
    assert found.floored_wage == pytest.approx(everyone, rel=1e-8)


def on_a_grid(match, wage, floor, log_sd, subsidy):
    """Value, share and mean wage of matches over a million equally likely qualities."""
    z = ndtri((np.arange(1_000_000) + 0.5) / 1_000_000)
    x = np.exp(log_sd * z - log_sd**2 / 2)
    pay = np.maximum(wage * x, floor)
    leaving = match.discount_rate + match.separation_rate
    worth = (x * (match.output + match.subsidy) - (1 + match.employer_rate) * pay) / leaving
    made = worth + subsidy > 0
    mean_wage = pay[made].mean() if made.any() else 0.0
    return (worth * made).mean(), made.mean(), mean_wage


@TERMS
@pytest.mark.parametrize("subsidy", [0.1, 1.0, 8.0])
@pytest.mark.parametrize("share", [0.6, 0.9, 1.0])
@pytest.mark.parametrize("floor", [0.0, 0.5, 1.1])
def test_a_hiring_subsidy_makes_the_matches_that_it_pays_for(match, floor, share, subsidy):
    """A match is made if it is worth something together with the subsidy, gains or not."""
    wage = share * float(highest_wage(match))
    value, made, mean_wage = on_a_grid(match, wage, floor, 0.4, subsidy)
    found = floored_match(match, wage, floor, 0.4, subsidy)
    assert found.made_share == pytest.approx(made, abs=2e-6)
    assert found.value == pytest.approx(value, abs=2e-5 * (1 + subsidy))
    paid = found.mean_wage * found.made_share
    assert paid == pytest.approx(mean_wage * made, abs=5e-6)
    # What is left out would lose more than the subsidy gives.
    assert found.value + found.made_share * subsidy >= 0.0


def test_equals_who_lose_less_than_the_subsidy_by_hand():
    """Output 1, floor 1.05: a loss of 0.05 a period for 1 / 0.112 periods, 0.4464 in all."""
    match = replace(PLAIN, output=1.0)
    found = floored_match(match, 0.9, 1.05, 0.0, np.array([0.44, 0.45]))
    assert found.made_share.tolist() == [0.0, 1.0]
    assert found.value == pytest.approx([0.0, -0.05 / 0.112])
    assert found.mean_wage == pytest.approx([0.0, 1.05])


def test_a_larger_hiring_subsidy_never_makes_fewer_matches():
    subsidies = np.linspace(0.0, 20.0, 60)
    for wage in (0.5, 0.8, float(highest_wage(PLAIN))):
        found = floored_match(PLAIN, wage, 0.6, 0.4, subsidies)
        assert np.all(np.diff(found.made_share) >= 0)
        assert np.all(np.diff(found.value + found.made_share * subsidies) >= 0)


@pytest.mark.parametrize("most", [0.9, 1.2])
def test_a_wage_norm_is_given_up_as_far_as_the_firm_cannot_pay_it(most):
    """Bargained 0.8, last year 1.0, wages up 10 %, half rigid: 0.95 unless the firm has less."""
    assert rigid_wage(0.8, 1.0, 0.1, 0.5, most) == pytest.approx(min(0.95, most))


@TERMS
@pytest.mark.parametrize("log_sd", [0.0, 0.4])
def test_no_floor_changes_nothing(match, log_sd):
    wage = nash_wage(match, 1.35)
    found = floored_match(match, wage, 0.0, log_sd)
    assert found.value == pytest.approx(nash_match_value(match, 1.35), rel=1e-12)
    assert found.made_share == 1.0
    assert found.mean_wage == pytest.approx(wage, rel=1e-14)


def test_a_cell_of_equals_by_hand():
    """No spread: a floor below the wage is idle, one above it cuts profit, at last all matches."""
    floors = np.array([0.5, 0.9, 1.01])
    found = floored_match(replace(PLAIN, output=1.0), 0.8, floors, 0.0)
    assert found.value == pytest.approx([0.2 / 0.112, 0.1 / 0.112, 0.0], abs=1e-14)
    assert found.made_share == pytest.approx([1, 1, 0])
    assert found.mean_wage == pytest.approx([0.8, 0.9, 0.0])


def test_a_higher_floor_takes_matches_and_value():
    floors = np.linspace(0.0, 1.5, 40)
    found = floored_match(CHARGED, nash_wage(CHARGED, 2.0), floors, 0.4)
    assert np.all(np.diff(found.value) <= 0)
    assert np.all(np.diff(found.made_share) <= 0)
    assert np.all(np.diff(found.mean_wage) >= 0)


def test_a_rigid_wage_above_output_stops_hiring():
    found = floored_match(PLAIN, 1.05, 0.0, 0.3)
    assert (found.value, found.made_share, found.mean_wage) == (0.0, 0.0, 0.0)


def test_without_surplus_not_even_a_low_rigid_wage_makes_a_match():
    """Worker and firm part when together they have less than apart, whatever last year's pay."""
    match = replace(PLAIN, outside_value=1.2)
    found = floored_match(match, 0.6, 0.0, 0.3)
    assert (found.value, found.made_share, found.mean_wage) == (0.0, 0.0, 0.0)


# --- elasticities -------------------------------------------------------------------------------


def tightness(match, cost=0.213, efficiency=1.355, elasticity=0.72):
    def gap(log_theta):
        theta = np.exp(log_theta)
        finding = float(job_finding_rate(theta, efficiency, elasticity))
        filling = vacancy_filling_rate(theta, efficiency, elasticity)
        return float(np.log(filling * nash_match_value(match, finding) / cost))

    return np.exp(brentq(gap, -20, 20, xtol=1e-14))


def test_elasticities_against_differences():
    finding = job_finding_rate(tightness(PLAIN), 1.355, 0.72)
    step = 1e-5

    def difference(**ends):
        (name, (low, high)) = next(iter(ends.items()))
        theta = [tightness(replace(PLAIN, **{name: end})) for end in (low, high)]
        return (np.log(theta[1]) - np.log(theta[0])) / (np.log(high) - np.log(low))

    of_output = difference(output=(1 - step, 1 + step))
    of_separation = difference(separation_rate=(0.1 * (1 - step), 0.1 * (1 + step)))
    assert tightness_elasticity_of_output(PLAIN, finding, 0.72) == pytest.approx(
        of_output, rel=1e-6
    )
    assert tightness_elasticity_of_surplus(PLAIN, finding, 0.72) == pytest.approx(
        of_output * 0.6, rel=1e-6
    )
    assert tightness_elasticity_of_separation(PLAIN, finding, 0.72) == pytest.approx(
        of_separation, rel=1e-6
    )


def test_elementwise():
    """Arrays give what single values give."""
    single = [CHARGED, INDEXED, FULLY_INDEXED]
    together = Match(
        **{
            field.name: np.array([getattr(match, field.name) for match in single])
            for field in fields(Match)
        }
    )
    finding = np.array([0.5, 1.0, 2.0])
    alone = [float(nash_wage(match, rate)) for match, rate in zip(single, finding, strict=True)]
    assert nash_wage(together, finding).tolist() == alone
