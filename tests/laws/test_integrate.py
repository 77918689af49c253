"""The exact integration of a year against the matrix exponential and against small steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rssim.cohorts.labour import STATES, entry_and_exit, integrate, run_chain


def generator(rng, size, death=0.0):
    flows = rng.uniform(0.0, 1.0, (STATES, STATES)) * size
    np.fill_diagonal(flows, 0.0)
    np.fill_diagonal(flows, -(flows.sum(axis=1) + death))
    return flows


@settings(max_examples=20)
@given(
    seed=st.integers(0, 10**6), size=st.floats(0.0, 12.0), death=st.sampled_from([0.0, 0.01, 2.0])
)
def test_against_the_matrix_exponential(seed, size, death):
    from scipy.linalg import expm

    flows = generator(np.random.default_rng(seed), size, death)
    whole, mean = integrate(flows[None])
    np.testing.assert_allclose(whole[0], expm(flows), rtol=0, atol=1e-11)
    # The integral of exp(G s) is the upper right block of exp [[G, 1], [0, 0]].
    block = np.zeros((2 * STATES, 2 * STATES))
    block[:STATES, :STATES], block[:STATES, STATES:] = flows, np.eye(STATES)
    np.testing.assert_allclose(mean[0], expm(block)[:STATES, STATES:], rtol=0, atol=1e-11)


def test_against_numerical_integration():
    from scipy.integrate import simpson, solve_ivp

    flows = generator(np.random.default_rng(4), 2.5, 0.02)
    start = np.array([3.0, 50.0, 20.0, 7.0])
    when = np.linspace(0.0, 1.0, 401)
    path = solve_ivp(lambda _, x: x @ flows, (0, 1), start, t_eval=when, rtol=1e-11, atol=1e-12)
    years = simpson(path.y, x=when, axis=1)
    people = np.zeros((1, 1, 1, STATES, 1))
    people[0, 0, 0, :, 0] = start
    end, lived = run_chain(people, flows[None, None, None, None])
    np.testing.assert_allclose(end.ravel(), path.y[:, -1], rtol=1e-8)
    np.testing.assert_allclose(lived.ravel(), years, rtol=1e-8)


def test_two_states_in_closed_form():
    """u -> e at f, e -> u at s: u(t) = u* + (u0 - u*) e^-(s+f)t."""
    s, f = 0.4, 3.1
    flows = np.zeros((STATES, STATES))
    flows[1, 3], flows[1, 1] = s, -s
    flows[3, 1], flows[3, 3] = f, -f
    whole, mean = integrate(flows[None])
    stationary = s / (s + f)
    decay = np.exp(-(s + f))
    assert whole[0, 1, 3] == pytest.approx(stationary * (1 - decay), rel=1e-12)
    averaged = stationary * (1 - (1 - decay) / (s + f))
    assert mean[0, 1, 3] == pytest.approx(averaged, rel=1e-12)
    np.testing.assert_array_equal(whole[0, 0], [1, 0, 0, 0])


@settings(max_examples=20)
@given(
    inside=st.floats(0.01, 0.99),
    goal=st.floats(0.01, 0.99),
    shares=st.tuples(*[st.floats(0, 1)] * 2),
)
def test_entry_and_exit_meet_the_participation(inside, goal, shares):
    """One of the two is zero, and the other brings the cell to its goal exactly."""
    formal = inside * shares[0]
    flexible = (inside - formal) * shares[1]
    start = np.array([1 - inside, formal, flexible, inside - formal - flexible])
    entry, leaving = entry_and_exit(start.reshape(1, 1, 1, STATES, 1), np.full((1, 1, 1, 1), goal))
    assert min(float(entry.squeeze()), float(leaving.squeeze())) == 0.0
    flows = np.zeros((STATES, STATES))
    flows[0, 1:] = float(entry.squeeze()) * np.array([0.5, 0.3, 0.2])
    flows[1:, 0] = float(leaving.squeeze())
    flows[1, 3], flows[3, 1], flows[3, 2], flows[2, 3] = 0.1, 1.4, 0.3, 0.1
    np.fill_diagonal(flows, 0.0)
    np.fill_diagonal(flows, -(flows.sum(axis=1) + 0.05))
    end = start @ integrate(flows[None])[0][0]
    assert end[1:].sum() / end.sum() == pytest.approx(goal, rel=1e-10)
    assert end.sum() == pytest.approx(np.exp(-0.05), rel=1e-12)


def test_nobody_and_everybody():
    """Cells that are empty, or that reach a corner, have no intensity and no NaN."""
    start = np.zeros((1, 1, 1, STATES, 3))
    start[..., 0, 1], start[..., 1, 2] = 10.0, 10.0
    entry, leaving = entry_and_exit(start, np.array([0.5, 0.0, 1.0]).reshape(1, 1, 1, 3))
    np.testing.assert_array_equal(entry, 0.0)
    np.testing.assert_array_equal(leaving, 0.0)
