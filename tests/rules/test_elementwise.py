import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from rssim.rules.elementwise import (
    expect,
    expected_below,
    expected_clip,
    half_up,
    lognormal_nodes,
    share_below,
    where,
    whole_down,
    whole_up,
)

means = st.floats(0.01, 1e5)
spreads = st.floats(0.0, 1.5)
limits = st.floats(0.0, 1e6)


def test_where_broadcasts():
    chosen = where(np.array([[True], [False]]), np.array([1, 2]), 0.5)
    assert chosen.tolist() == [[1.0, 2.0], [0.5, 0.5]]
    assert chosen.dtype == np.float64


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (193.25, 1, 193.3),  # a binary tie: NumPy's own rounding would give 193.2
        (1.005, 2, 1.01),  # below the tie in binary, a tie in decimals
        (2.5, 0, 3.0),
        (-2.5, 0, -3.0),
        (138.41666, 1, 138.4),
        (123_456_789.125, 2, 123_456_789.13),
    ],
)
def test_half_up(value, decimals, rounded):
    assert half_up(value, decimals) == pytest.approx(rounded, rel=1e-15)


@given(st.integers(-10_000, 10_000), st.integers(1, 60))
def test_whole_numbers_survive_division_and_return(whole, parts):
    noisy = sum([whole / parts] * parts)
    assert whole_up(noisy) == whole
    assert whole_down(noisy) == whole


def test_noise_left_by_a_difference_is_no_month():
    """0.1 * 3 - 0.3 is 5.6e-17 in binary fractions; a month begun would cost a month's income."""
    left = 0.1 * 3 - 0.3
    assert left > 0
    assert whole_up(left) == 0
    assert whole_down(-left) == 0


def test_whole_up_and_down_between_whole_numbers():
    assert whole_up(np.array([0.0, 0.25, 3.75])).tolist() == [0.0, 1.0, 4.0]
    assert whole_down(np.array([0.0, 0.25, 3.75])).tolist() == [0.0, 0.0, 3.0]


@given(means, spreads, st.integers(1, 40))
def test_nodes_have_the_mean(mean, log_sd, n):
    nodes, weights = lognormal_nodes(mean, log_sd, n)
    assert weights.sum() == pytest.approx(1.0, abs=1e-14)
    assert expect(lambda x: x, nodes, weights) == pytest.approx(mean, rel=1e-12)
    assert (np.diff(nodes) >= -1e-9 * mean).all()


def test_nodes_are_finer_in_the_tails():
    _, weights = lognormal_nodes(1.0, 0.5, 9)
    assert weights[0] < weights[1] < weights[4]
    assert weights == pytest.approx(weights[::-1], rel=1e-12)


def test_nodes_without_spread_stand_at_the_mean():
    nodes, _ = lognormal_nodes(np.array([3.0, 7.0]), 0.0, 5)
    assert nodes == pytest.approx(np.array([[3.0] * 5, [7.0] * 5]), rel=1e-12)


def test_nine_nodes_meet_floor_and_cap():
    """The promise of the design: about nine nodes, less than half a per cent of error."""
    nodes, weights = lognormal_nodes(6000.0, 0.6, 9)
    by_nodes = expect(lambda wage: np.clip(wage, 5510.0, 27_549.0), nodes, weights)
    assert by_nodes == pytest.approx(expected_clip(6000.0, 0.6, 5510.0, 27_549.0), rel=5e-3)


def integral(function, log_sd, mean, breaks):
    """Expectation of a function of a lognormal variable by quadrature, cut at its kinks."""
    log_mean = np.log(mean) - log_sd**2 / 2
    kinks = [(np.log(k) - log_mean) / log_sd for k in breaks if 0 < k < np.inf]
    edges = [-12.0, *sorted(z for z in kinks if -12 < z < 12), 12.0]
    return sum(
        quad(lambda z: function(np.exp(log_mean + log_sd * z)) * norm.pdf(z), a, b, limit=200)[0]
        for a, b in zip(edges[:-1], edges[1:], strict=True)
    )


@pytest.mark.parametrize("log_sd", [0.05, 0.4, 1.2])
@pytest.mark.parametrize(
    ("low", "high"), [(0.0, np.inf), (0.0, 0.6), (0.6, 3.0), (0.6, np.inf), (1.0, 1.0), (4.0, 9.0)]
)
def test_expected_clip_is_the_integral(log_sd, low, high):
    expected = integral(lambda x: min(max(x, low), high), log_sd, 1.3, (low, high))
    assert expected_clip(1.3, log_sd, low, high) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("log_sd", [0.05, 0.4, 1.2])
@pytest.mark.parametrize("limit", [0.2, 1.0, 2.5])
def test_share_and_partial_expectation_are_integrals(log_sd, limit):
    share = integral(lambda x: float(x <= limit), log_sd, 1.3, (limit,))
    part = integral(lambda x: x * (x <= limit), log_sd, 1.3, (limit,))
    assert share_below(1.3, log_sd, limit) == pytest.approx(share, abs=1e-7)
    assert expected_below(1.3, log_sd, limit) == pytest.approx(part, abs=1e-7)


@given(means, limits, limits)
def test_without_spread_the_mean_is_held(mean, first, second):
    low, high = sorted((first, second))
    assert expected_clip(mean, 0.0, low, high) == min(max(mean, low), high)
    assert expected_clip(mean, 0.0, low, np.inf) == max(mean, low)
    assert share_below(mean, 0.0, low) == float(mean <= low)


@given(spreads, limits)
def test_nothing_earned_is_held_at_the_floor(log_sd, low):
    assert expected_clip(0.0, log_sd, low, np.inf) == low


@given(means, spreads, limits, limits)
def test_expected_clip_stays_within_its_limits(mean, log_sd, first, second):
    low, high = sorted((first, second))
    held = expected_clip(mean, log_sd, low, high)
    slack = 1e-9 * max(mean, high)
    assert low - slack <= held <= high + slack
    assert held <= max(mean, 0.0) + low + slack  # a floor adds no more than itself
    assert expected_clip(mean, log_sd, 0.0, np.inf) == pytest.approx(mean, rel=1e-12)


@given(means, spreads, limits, limits, st.floats(1.0, 2.0), st.floats(0.01, 100.0))
def test_expected_clip_rises_with_the_mean_and_scales(mean, log_sd, a, b, more, scale):
    low, high = sorted((a, b))
    held = expected_clip(mean, log_sd, low, high)
    slack = 1e-9 * max(mean, high)
    assert expected_clip(mean * more, log_sd, low, high) >= held - slack
    scaled = expected_clip(scale * mean, log_sd, scale * low, scale * high)
    assert scaled == pytest.approx(scale * held, rel=1e-7, abs=1e-9 * scale * max(mean, high))


def test_arguments_broadcast_and_stay_as_they_are():
    mean = np.array([[4000.0], [9000.0]])
    low = np.array([0.0, 3000.0, 5000.0])
    kept = mean.copy(), low.copy()
    held = expected_clip(mean, 0.5, low, np.inf)
    assert held.shape == (2, 3)
    for i in range(2):
        for j in range(3):
            assert held[i, j] == expected_clip(mean[i, 0], 0.5, low[j], np.inf)
    assert (mean == kept[0]).all()
    assert (low == kept[1]).all()
