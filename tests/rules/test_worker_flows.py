"""Worker flows: closed forms against matrix exponentials, integrals and iteration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm, logm

from rssim.rules.worker_flows import (
    acceptance_probability,
    fit_matching_function,
    half_life_of_probabilities,
    hazards,
    labour_force_of,
    lake_growth,
    lake_step,
    lake_unemployment_rate,
    reservation_wage,
    separation_response,
    transition_probabilities,
    unemployment_after,
    unemployment_rate,
)

rates = st.floats(0.001, 3.0)


def generator(finding, separation):
    return np.array([[-finding, finding], [separation, -separation]])


@given(rates, rates, st.floats(0.05, 4.0))
def test_transition_probabilities_are_the_matrix_exponential(finding, separation, periods):
    whole = expm(periods * generator(finding, separation))
    found, lost = transition_probabilities(finding, separation, periods)
    assert found == pytest.approx(whole[0, 1], rel=1e-10)
    assert lost == pytest.approx(whole[1, 0], rel=1e-10)


@pytest.mark.parametrize(("finding", "separation"), [(0.45, 0.034), (2.0, 0.3), (0.1, 0.01)])
def test_hazards_are_the_matrix_logarithm(finding, separation):
    whole = expm(generator(finding, separation))
    by_logarithm = logm(whole).real
    found = hazards(whole[0, 1], whole[1, 0])
    assert found[0] == pytest.approx(by_logarithm[0, 1], rel=1e-9)
    assert found[1] == pytest.approx(by_logarithm[1, 0], rel=1e-9)
    quarter = hazards(*transition_probabilities(finding, separation, 3.0), 3.0)
    assert quarter == (pytest.approx(finding, rel=1e-9), pytest.approx(separation, rel=1e-9))


def test_probabilities_that_no_chain_has():
    found, lost = hazards(np.array([0.7, 0.0, 0.3]), np.array([0.3, 0.0, 0.1]))
    assert np.isnan(found[0]) and np.isnan(lost[0])
    assert (found[1], lost[1]) == (0.0, 0.0)
    assert found[2] == pytest.approx(3 * lost[2], rel=1e-14)


def test_unemployment_after_solves_its_equation():
    separation, finding, start, periods = 0.2, 1.1, 0.3, 2.5
    path = solve_ivp(
        lambda _, y: [separation * (1 - y[0]) - finding * y[0], y[0]],
        (0.0, periods),
        [start, 0.0],
        rtol=1e-11,
        atol=1e-13,
    )
    later, time = unemployment_after(start, separation, finding, periods)
    assert later == pytest.approx(path.y[0, -1], rel=1e-9)
    assert time == pytest.approx(path.y[1, -1], rel=1e-9)


def test_a_gap_that_closes_at_once():
    assert half_life_of_probabilities(0.4, 0.6) == 0.0


def test_unemployment_rate_by_hand():
    assert unemployment_rate(5.0, 95.0) == pytest.approx(0.05)
    assert labour_force_of(5.0, 0.05) == pytest.approx(100.0)


@given(st.floats(0.001, 0.2), st.floats(0.01, 0.6), st.floats(0.0, 0.05), st.floats(0.0, 0.05))
def test_the_lake_rests_at_its_rate(separation, finding, entry, leave):
    jobless = float(lake_unemployment_rate(separation, finding, entry, leave))
    later = lake_step(jobless, 1 - jobless, separation, finding, entry, leave)
    assert sum(later) == pytest.approx(1 + lake_growth(entry, leave), rel=1e-12)
    assert later[0] / sum(later) == pytest.approx(jobless, rel=1e-10)


def test_a_shock_of_one_period_by_hand():
    """s = .1, f = .4: .8 of the labour force is hit, then half of the gap is left each period."""
    response = separation_response(0.1, 0.4, np.array([0.01, 0.0, 0.0]))
    assert response == pytest.approx([0.008, 0.004, 0.002])


def test_reservation_wage_of_two_offers_by_hand():
    """Offers 10 and 20 alike, c = 5, β = .5: w* = max(5, (5+10)/1.5, (5+15)/2) = 10."""
    offers, chances = np.array([20.0, 10.0]), np.array([0.5, 0.5])
    wage = reservation_wage(offers, chances, 5.0, 0.5)
    assert wage == pytest.approx(10.0)
    benefits = np.array([0.0, 5.0, 30.0])
    many = reservation_wage(offers, chances, benefits, 0.5)
    assert many == pytest.approx([7.5, 10.0, 30.0])
    assert acceptance_probability(offers, chances, many) == pytest.approx([1.0, 1.0, 0.0])


def test_fit_survives_noise():
    """400 noisy observations: within four standard errors, each about sd / sqrt(n) / sd(ln x)."""
    random = np.random.default_rng(3)
    seekers, vacancies = np.exp(random.normal(4, 0.5, (2, 400)))
    noise = np.exp(random.normal(0, 0.05, 400))
    _, to_seekers, to_vacancies = fit_matching_function(
        0.7 * seekers**0.55 * vacancies**0.45 * noise, seekers, vacancies
    )
    assert to_seekers == pytest.approx(0.55, abs=4 * 0.05 / 20 / 0.5)
    assert to_vacancies == pytest.approx(0.45, abs=4 * 0.05 / 20 / 0.5)
