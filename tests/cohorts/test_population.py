"""Population: hand-worked cases, closed forms and laws of the cohort-component step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rssim.cohorts import population as pop

# Three ages 0, 1, 2+; men and women.
PEOPLE = np.array([[100.0, 80.0, 60.0], [90.0, 70.0, 50.0]])
SURVIVAL = np.array([[0.9, 0.8, 0.5], [0.95, 0.9, 0.6]])
FERTILITY = np.array([0.0, 0.1, 0.0])
MIGRANTS = np.array([[4.0, 6.0, -2.0], [2.0, 8.0, 0.0]])


# By hand ---------------------------------------------------------------------------------------


def test_survive_by_hand():
    survivors, deaths = pop.survive(PEOPLE, SURVIVAL)
    np.testing.assert_allclose(survivors, [[0.0, 80.0, 70.0], [0.0, 81.0, 72.0]])
    np.testing.assert_allclose(deaths, [[0.0, 20.0, 70.0], [0.0, 9.0, 48.0]])


def test_project_year_migrants_at_the_end_by_hand():
    step = pop.project_year(PEOPLE, SURVIVAL, FERTILITY, 1.0, MIGRANTS, "end")
    # Women aged 1: (70 + 81) / 2 = 75.5; births 7.55, half of them girls.
    np.testing.assert_allclose(step.births_by_age, [0.0, 7.55, 0.0])
    np.testing.assert_allclose(step.births, [3.775, 3.775])
    expected = [[3.775 * 0.9 + 4, 86.0, 68.0], [3.775 * 0.95 + 2, 89.0, 72.0]]
    np.testing.assert_allclose(step.population, expected)
    np.testing.assert_allclose(step.deaths[:, 0], [0.3775, 0.18875])


def test_project_year_mothers_with_migrants_by_hand():
    step = pop.project_year(
        PEOPLE, SURVIVAL, FERTILITY, 1.0, MIGRANTS, "end", mothers="with_migrants"
    )
    assert step.births.sum() == pytest.approx(0.1 * (70 + 81 + 8) / 2)


def test_project_year_migrants_spread_by_hand():
    step = pop.project_year(PEOPLE, SURVIVAL, FERTILITY, 1.0, MIGRANTS, "even")
    # Women 0: 90 + 1 = 91; survivors 81.9; with the other half of the migrants aged 1: 85.9.
    women_1_start, women_1_end = 70.0 + 4.0, 91.0 * 0.9 + 4.0
    assert step.births.sum() == pytest.approx(0.1 * (women_1_start + women_1_end) / 2)
    assert step.population[pop.FEMALE, 1] == pytest.approx(85.9)


def test_project_year_five_year_births():
    one = pop.project_year(PEOPLE, SURVIVAL, FERTILITY, 1.05, MIGRANTS)
    five = pop.project_year(PEOPLE, SURVIVAL, FERTILITY, 1.05, MIGRANTS, width=5.0)
    np.testing.assert_allclose(five.births, 5.0 * one.births)
    assert one.births[pop.MALE] / one.births[pop.FEMALE] == pytest.approx(1.05)


def test_unknown_words_are_named():
    with pytest.raises(ValueError, match="'start'.*end, even"):
        pop.project_year(PEOPLE, SURVIVAL, FERTILITY, 1.0, MIGRANTS, "start")
    with pytest.raises(ValueError, match="'all'.*before_migrants, with_migrants"):
        pop.project_year(PEOPLE, SURVIVAL, FERTILITY, 1.0, MIGRANTS, mothers="all")


# Life tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("m0", "expected"),
    [
        ([0.010, 0.010], [0.14929 - 0.0199545, 0.14903 - 0.0205527]),
        ([0.050, 0.050], [0.02832 + 0.1630105, 0.04667 + 0.1940445]),
        ([0.200, 0.200], [0.29915, 0.31411]),
    ],
)
def test_infant_a_on_each_line(m0, expected):
    np.testing.assert_allclose(pop.infant_a(np.array(m0)), expected, rtol=1e-12)


def test_life_table_of_a_constant_rate():
    """Without infants' own a_0, deaths at a constant rate leave e_x = 1/m at every age."""
    m = 0.02
    mx = np.full((2, 101), m)
    q = -np.expm1(-m)
    ax = np.full_like(mx, 1.0 / m - (1.0 - q) / q)
    ax[:, -1] = 1.0 / m
    table = pop.life_table(mx, ax)
    np.testing.assert_allclose(table.ex, 1.0 / m, rtol=1e-12)
    np.testing.assert_allclose(pop.survival_ratios(table)[:, 1:], np.exp(-m), rtol=1e-12)


def test_life_table_needs_ax_for_wide_groups():
    with pytest.raises(ValueError, match="abridged_a"):
        pop.life_table(np.full((2, 21), 0.01), width=5.0)


def test_merge_infants_keeps_years_and_deaths():
    mx = np.geomspace(0.001, 0.5, 22) * np.ones((2, 1))
    mx[:, 0] = 0.02
    width = np.array([1.0, 4.0, *[5.0] * 20])
    table = pop.life_table(mx, pop.abridged_a(mx), width)
    merged = pop.merge_infants(table)
    np.testing.assert_allclose(merged.Lx.sum(axis=-1), table.ex[:, 0], rtol=1e-12)
    np.testing.assert_allclose(merged.dx.sum(axis=-1), 1.0, rtol=1e-12)
    redone = pop.life_table(merged.mx, merged.ax, 5.0)
    np.testing.assert_allclose(redone.Lx, merged.Lx, rtol=1e-12)


def test_abridged_a_below_five_by_hand():
    mx = np.full((2, 22), 0.01)
    a = pop.abridged_a(mx)
    np.testing.assert_allclose(a[:, 0], [0.045 + 0.02684, 0.053 + 0.028])
    np.testing.assert_allclose(a[:, 1], [1.651 - 0.02816, 1.522 - 0.01518])
    # A flat schedule has k = 0.
    np.testing.assert_allclose(a[:, 5], 2.5 - 25.0 / 12.0 * 0.01)
    high = pop.abridged_a(np.full((2, 22), 0.2))
    np.testing.assert_allclose(high[:, :2], [[0.330, 1.352], [0.350, 1.361]])


def test_life_table_from_q_by_hand():
    """Half die at age 0, the rest in the next year, each in the middle of the year."""
    table = pop.life_table_from_q(np.array([[0.5, 1.0]]), np.array([[0.5, 0.5]]))
    np.testing.assert_allclose(table.ex, [[1.0, 0.5]])
    np.testing.assert_allclose(table.mx, [[0.5 / 0.75, 2.0]])


def test_annuity_due_of_a_constant_probability():
    """ä = (1 - (vp)^n) / (1 - vp) for a level probability and n payments."""
    q, interest, payments = 0.1, 0.03, 20
    factor = (1.0 - q) / (1.0 + interest)
    expected = (1.0 - factor**payments) / (1.0 - factor)
    assert pop.annuity_due(np.full(payments, q), interest)[0] == pytest.approx(expected)


def test_mortality_improvement_and_lee_carter():
    mx = np.full((2, 3), 0.1)
    path = pop.mortality_improvement(mx, np.full((4, 2, 3), 0.02))
    np.testing.assert_allclose(path[3], 0.1 * 0.98**4)
    a, b = np.log(mx), np.full((2, 3), 1 / 3)
    rates = pop.lee_carter_rates(a, b, np.array([0.0, -3.0]))
    np.testing.assert_allclose(rates[0], 0.1)
    np.testing.assert_allclose(rates[1], 0.1 * np.exp(-1.0))


def test_death_intensity_and_lived_share():
    survival = np.array([0.0, 0.5, 0.999999999999, 1.0])
    intensity, lived = pop.death_intensity(survival), pop.lived_share(survival)
    assert intensity[0] == np.inf and intensity[3] == 0.0
    assert intensity[1] == pytest.approx(np.log(2.0))
    assert lived[0] == 0.0 and lived[3] == 1.0
    assert lived[1] == pytest.approx(0.5 / np.log(2.0))
    # To first order 1 - (1 - S) / 2 near 1.
    assert lived[2] == pytest.approx(1.0 - 0.5e-12, abs=1e-15)


# Migrants and conversion -----------------------------------------------------------------------


def test_migrants_from_rates_totals_and_bounds():
    np.testing.assert_allclose(
        pop.migrants_from_rates(PEOPLE, 0.1 * np.ones_like(PEOPLE)), PEOPLE / 10
    )
    spread = pop.migrants_from_total(PEOPLE, 45.0)
    assert spread.sum() == pytest.approx(45.0)
    np.testing.assert_allclose(spread, PEOPLE * 0.1)
    wanted = np.array([[-150.0, -10.0, 5.0], [0.0, 0.0, 0.0]])
    bounded = pop.bounded_migrants(PEOPLE, wanted, 1.0)
    np.testing.assert_allclose(bounded, [[-99.0, -10.0, 5.0], [0.0, 0.0, 0.0]])


def test_gross_flows():
    profile = np.full((2, 2, 3), 1 / 12)
    moved = pop.in_migrants(1200.0, profile)
    np.testing.assert_allclose(moved, 100.0)
    levels = np.array([120.0, 240.0]).reshape(2, 1, 1, 1)
    np.testing.assert_allclose(pop.in_migrants(levels, profile).sum(axis=(1, 2, 3)), [120.0, 240.0])
    np.testing.assert_allclose(pop.out_migrants(PEOPLE, np.full((2, 3), 0.25)), PEOPLE / 4)


def test_conversion_moves_and_conserves():
    people = np.stack([PEOPLE, 2.0 * PEOPLE, np.zeros_like(PEOPLE)])
    after, moved = pop.convert(people, np.full((1, 2, 3), 0.25), [0, 1], [2, 2])
    np.testing.assert_allclose(after[0], 0.75 * PEOPLE)
    np.testing.assert_allclose(after[1], 1.5 * PEOPLE)
    np.testing.assert_allclose(after[2], 0.75 * PEOPLE)
    np.testing.assert_allclose(moved, [0.25 * PEOPLE, 0.5 * PEOPLE])


def test_conversion_rates_stop_at_everyone():
    wanted = np.array([[50.0, 160.0, 0.0], [0.0, 7.0, 5.0]])
    people = PEOPLE.copy()
    people[1, 2] = 0.0
    rates = pop.conversion_rates(wanted, people)
    np.testing.assert_allclose(rates, [[0.5, 1.0, 0.0], [0.0, 0.1, 0.0]])


# Laws ------------------------------------------------------------------------------------------


def random_inputs(seed: int, draws: int) -> dict[str, np.ndarray]:
    """Admissible inputs with axes (draw, group, sex, age)."""
    random = np.random.default_rng(seed)
    shape = (draws, 3, 2, 101)
    mx = np.exp(-9.0 + 0.085 * np.arange(101)) * random.uniform(0.3, 1.5, shape)
    asfr = np.zeros((draws, 3, 101))
    asfr[..., 15:50] = random.uniform(0.0, 0.2, (draws, 3, 35))
    return {
        "population": random.uniform(10.0, 1e6, shape),
        "survival": pop.survival_ratios(pop.life_table(mx)),
        "asfr": asfr,
        "sex_ratio_at_birth": random.uniform(1.0, 1.2, (draws, 3)),
        "net_migrants": random.uniform(-2.0, 100.0, shape),
    }


seeds = st.integers(0, 2**32 - 1)
timings = st.sampled_from(pop.TIMINGS)


@settings(max_examples=25, deadline=None)
@given(seeds, timings)
def test_people_are_conserved_and_arguments_untouched(seed, timing):
    inputs = random_inputs(seed, 2)
    before = {name: value.copy() for name, value in inputs.items()}
    step = pop.project_year(**inputs, timing=timing)

    def people(array: np.ndarray) -> np.ndarray:
        return array.sum(axis=(-2, -1))

    expected = (
        people(inputs["population"])
        + step.births.sum(axis=-1)
        - people(step.deaths)
        + people(inputs["net_migrants"])
    )
    np.testing.assert_allclose(people(step.population), expected, rtol=1e-13)
    for name, value in inputs.items():
        np.testing.assert_array_equal(value, before[name])


@settings(max_examples=25, deadline=None)
@given(seeds, timings)
def test_draws_at_once_are_single_runs(seed, timing):
    inputs = random_inputs(seed, 5)
    together = pop.project_year(**inputs, timing=timing)
    for draw in range(5):
        single = {name: value[draw : draw + 1] for name, value in inputs.items()}
        alone = pop.project_year(**single, timing=timing)
        for name in ("population", "births", "births_by_age", "deaths"):
            np.testing.assert_array_equal(
                getattr(together, name)[draw : draw + 1], getattr(alone, name)
            )


@settings(max_examples=25, deadline=None)
@given(seeds, timings)
def test_twice_the_people_twice_the_flows(seed, timing):
    inputs = random_inputs(seed, 1)
    once = pop.project_year(**inputs, timing=timing)
    inputs["population"] = 2.0 * inputs["population"]
    inputs["net_migrants"] = 2.0 * inputs["net_migrants"]
    twice = pop.project_year(**inputs, timing=timing)
    for name in ("population", "births", "births_by_age", "deaths"):
        np.testing.assert_array_equal(getattr(twice, name), 2.0 * getattr(once, name))


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_no_negative_people(seed):
    inputs = random_inputs(seed, 2)
    inputs["net_migrants"] = np.zeros_like(inputs["net_migrants"])
    step = pop.project_year(**inputs)
    for array in (step.population, step.births, step.births_by_age, step.deaths):
        assert np.all(array >= 0.0)
    intensity = pop.death_intensity(inputs["survival"])
    lived = pop.lived_share(inputs["survival"])
    assert np.all(intensity >= 0.0)
    assert np.all((lived > inputs["survival"]) & (lived <= 1.0))
    # Deaths in the year are the intensity times the years lived.
    np.testing.assert_allclose(intensity * lived, 1.0 - inputs["survival"], rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_groups_in_another_order_give_the_same_groups(seed):
    inputs = random_inputs(seed, 1)
    order = [2, 0, 1]
    step = pop.project_year(**inputs)
    shuffled = {name: value[:, order] for name, value in inputs.items()}
    np.testing.assert_array_equal(
        pop.project_year(**shuffled).population, step.population[:, order]
    )


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0.0, 1.0))
def test_conversion_conserves_people(seed, share):
    people = random_inputs(seed, 2)["population"]
    after, moved = pop.convert(people, np.full((1, 2, 101), share), 0, 2)
    np.testing.assert_allclose(after.sum(axis=1), people.sum(axis=1), rtol=1e-13)
    np.testing.assert_allclose(moved[:, 0], people[:, 0] * share)
