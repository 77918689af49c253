"""The labour market on its own: steady states, elasticities, transitions, refusals."""

from dataclasses import replace

import numpy as np
import pytest

from rssim.errors import ParameterError
from rssim.study.labour import JobSearch, Lake, MatchingMarket, shimer_2005

CHARGED = MatchingMarket(
    outside_value=0.4,
    discount_rate=0.04,
    separation_rate=0.2,
    bargaining_share=0.5,
    matching_elasticity=0.6,
    efficiency=3.0,
    vacancy_cost=0.1,
    vacancy_cost_wages=0.1,
    employer_rate=0.25,
    employee_rate=0.1,
    deferred_share=0.3,
    subsidy=0.01,
    hiring_subsidy=0.02,
    indexed_share=0.4,
    replacement_rate=0.4,
    minimum_wage=0.35,
    log_sd=0.35,
)


def test_flows_of_the_steady_state_balance():
    state = CHARGED.steady_state()
    u = state.unemployment_rate
    assert CHARGED.separation_rate * (1 - u) == pytest.approx(state.finding_rate * u, rel=1e-12)
    # Vacancies that fill are workers who find.
    assert state.vacancy_rate * state.filling_rate == pytest.approx(
        u * state.finding_rate, rel=1e-12
    )
    assert 0 < state.made_share < 1
    assert state.mean_wage > state.wage
    assert abs(state.residual) < 1e-12


def test_hosios():
    """β = α: no other bargaining share gives more net output per head (Hosios 1990)."""
    shares = np.linspace(0.3, 0.7, 41)
    market = shimer_2005().change(matching_elasticity=0.5, discount_rate=1e-9)
    states = market.comparative_statics("bargaining_share", list(shares))
    u = states["unemployment_rate"]
    welfare = (1 - u) * 1.0 + u * 0.4 - market.vacancy_cost * states["vacancy_rate"]
    assert welfare.idxmax() == pytest.approx(0.5)


def test_a_charge_moves_to_wages_in_full_if_unemployment_follows_them():
    """φ = 1: the value of unemployment is a share of the net wage, so employment stays."""
    market = CHARGED.change(
        indexed_share=1.0, minimum_wage=0.0, subsidy=0.0, hiring_subsidy=0.0, vacancy_cost_wages=0.0
    )
    states = market.comparative_statics("employer_rate", [0.0, 0.1, 0.3])
    assert np.ptp(states["unemployment_rate"]) < 1e-13
    cost = states["wage"] * (1 + states.index.to_numpy())
    assert cost.to_numpy() == pytest.approx(cost.iloc[0], rel=1e-12)


@pytest.mark.parametrize(
    ("parameter", "sign"),
    [
        ("employer_rate", 1),
        ("employee_rate", 1),
        ("deferred_share", -1),
        ("subsidy", -1),
        ("hiring_subsidy", -1),
        ("replacement_rate", 1),
        ("minimum_wage", 1),
        ("vacancy_cost", 1),
        ("efficiency", -1),
        ("bargaining_share", 1),
    ],
)
def test_signs(parameter, sign):
    """Of the response of unemployment, as in Pissarides (2000), ch. 1 and 9."""
    level = getattr(CHARGED, parameter)
    rates = CHARGED.comparative_statics(parameter, [level, 1.1 * level])["unemployment_rate"]
    assert np.sign(rates.iloc[1] - rates.iloc[0]) == sign


def test_elasticities_of_a_known_market():
    """Closed forms of Shimer's market: of output 1.7164, of separation −s / (α(r+s) + βf)."""
    table = shimer_2005().elasticities()
    finding = shimer_2005().steady_state().finding_rate
    assert table.loc["output", "tightness"] == pytest.approx(1.716381489, rel=1e-8)
    assert table.loc["separation_rate", "tightness"] == pytest.approx(
        -0.1 / (0.72 * 0.112 + 0.72 * finding), rel=1e-8
    )
    # f = A θ^.28, and u = s / (s + f) falls by 1 − u for each per cent of f.
    u = shimer_2005().steady_state().unemployment_rate
    assert table.loc["output", "finding_rate"] == pytest.approx(0.28 * 1.716381489, rel=1e-8)
    assert table.loc["output", "unemployment_rate"] == pytest.approx(
        -(1 - u) * 0.28 * 1.716381489, rel=1e-8
    )


def test_a_small_surplus_answers_more():
    """Hagedorn & Manovskii (2008): the nearer b is to output, the more tightness moves."""
    market = shimer_2005()
    answers = [
        market.change(outside_value=b).elasticity_of("tightness", "output")
        for b in (0.4, 0.7, 0.9, 0.95)
    ]
    assert np.all(np.diff(answers) > 0)
    assert answers[-1] > 19  # what the US data ask for, see case A05


def test_a_lasting_shock_jumps_at_once():
    """Tightness is a jump variable: it is at its new rest at once; the stock follows at s + f."""
    market = shimer_2005()
    path = market.transition(output=np.full(8, 1.05), step=0.5)
    after = market.change(output=1.05).steady_state()
    assert path["tightness"].to_numpy() == pytest.approx(after.tightness, rel=1e-10)
    start, goal = market.steady_state().unemployment_rate, after.unemployment_rate
    ends = path["time"].to_numpy() + 0.5
    expected = goal + (start - goal) * np.exp(-(0.1 + after.finding_rate) * ends)
    assert path["unemployment_rate"].to_numpy() == pytest.approx(expected, rel=1e-10)
    mean = path["mean_unemployment_rate"].iloc[0]
    assert path["unemployment_rate"].iloc[0] < mean < start


def test_news_moves_tightness_before_the_shock():
    path = shimer_2005().transition(output=np.array([1.0, 1.0, 1.0, 1.1, 1.1]))
    rest = shimer_2005().steady_state().tightness
    assert np.all(np.diff(path["tightness"].to_numpy()[:4]) > 0)
    assert path["tightness"].iloc[0] > rest


def test_small_steps_solve_the_differential_equation():
    """J' = (r+s) J − (1−β)(y−z) + β f J without charges: the error halves with the step."""
    from scipy.integrate import solve_ivp

    market = shimer_2005()
    rest = market.steady_state()
    until, decay, size = 8.0, 0.5, 0.05

    def slope(time, value):
        theta = (1.355 * value / 0.213) ** (1 / 0.72)
        finding = 1.355 * theta**0.28
        output = 1.0 + size * np.exp(-decay * time) * (time < until)
        return 0.112 * value + 0.72 * finding * value - 0.28 * (output - 0.4)

    back = solve_ivp(slope, (until, 0.0), [rest.match_value], rtol=1e-10, atol=1e-12, max_step=0.05)
    exact = (1.355 * back.y[0, -1] / 0.213) ** (1 / 0.72) - rest.tightness
    errors = []
    for step in (0.1, 0.05):
        times = np.arange(0.0, until, step)
        shock = size * np.exp(-decay * (times + step / 2))
        found = market.impulse_response("output", shock, step)["tightness"].iloc[0]
        errors.append(abs(found / exact - 1))
    assert errors[0] < 0.06
    assert errors[1] == pytest.approx(errors[0] / 2, rel=0.15)


def test_response_to_a_small_rise_of_separations():
    """With fixed job finding (A08) the response is linear in the shock and returns to rest."""
    market = shimer_2005()
    shock = 0.01 * 0.6 ** np.arange(40)
    small = market.impulse_response("separation_rate", shock)
    half = market.impulse_response("separation_rate", shock / 2)
    assert small["unemployment_rate"].to_numpy()[:10] == pytest.approx(
        2 * half["unemployment_rate"].to_numpy()[:10], rel=0.02
    )
    assert small["unemployment_rate"].iloc[0] > 0
    assert abs(small["unemployment_rate"].iloc[-1]) < 1e-8
    assert len(small) == 40


def test_money_and_time_have_no_scale():
    """Twice the money: the same rates. Another period: rates and money per period in proportion."""
    base = CHARGED.steady_state()
    money = ("outside_value", "output", "vacancy_cost", "subsidy", "hiring_subsidy", "minimum_wage")
    rich = CHARGED.change(**{name: 2 * getattr(CHARGED, name) for name in money}).steady_state()
    assert rich.tightness == pytest.approx(base.tightness, rel=1e-11)
    assert rich.mean_wage == pytest.approx(2 * base.mean_wage, rel=1e-11)
    per_period = (
        "discount_rate",
        "separation_rate",
        "efficiency",
        "outside_value",
        "output",
        "vacancy_cost",
        "subsidy",
        "minimum_wage",
    )
    month = CHARGED.change(
        **{name: getattr(CHARGED, name) / 12 for name in per_period}
    ).steady_state()
    assert month.unemployment_rate == pytest.approx(base.unemployment_rate, rel=1e-11)
    assert month.tightness == pytest.approx(base.tightness, rel=1e-11)
    assert 12 * month.wage == pytest.approx(base.wage, rel=1e-11)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"matching_elasticity": 1.0}, "matching_elasticity: 1. It must be between 0 and 1"),
        ({"bargaining_share": 1.0}, "below 1"),
        ({"separation_rate": 0.0}, "above 0"),
        ({"discount_rate": -0.01}, "0 or more"),
        ({"efficiency": float("nan")}, "efficiency: nan"),
        ({"vacancy_cost": 0.0}, "vacancy_cost_wages above 0"),
        ({"indexed_share": 1.0, "replacement_rate": 1.0}, "below 1 if all"),
        ({"seperation_rate": 0.1}, "Did you mean separation_rate"),
    ],
)
def test_refusals(values, says):
    with pytest.raises(ParameterError, match=says):
        shimer_2005().change(**values)


def test_all_faults_are_told_at_once():
    with pytest.raises(ParameterError) as error:
        shimer_2005().change(efficiency=0.0, log_sd=-1.0)
    assert len(error.value.faults) == 2


def test_a_market_that_does_not_open():
    market = shimer_2005().change(outside_value=1.1)
    with pytest.raises(ParameterError, match="no vacancy pays"):
        market.steady_state()


def test_questions_that_have_no_answer():
    market = shimer_2005()
    with pytest.raises(ParameterError, match="value above zero"):
        market.elasticity_of("tightness", "minimum_wage")
    with pytest.raises(ParameterError, match="Did you mean tightness"):
        market.elasticity_of("thightness", "output")
    with pytest.raises(ParameterError, match="no path"):
        market.transition()
    with pytest.raises(ParameterError, match="Allowed are"):
        market.impulse_response("efficiency", np.ones(3))
    with pytest.raises(ParameterError, match="values for"):
        market.transition(np.ones(3), np.full(2, 0.1))
    with pytest.raises(ParameterError, match="between 0 and 1"):
        Lake(1.2, 0.1, 0.0, 0.0)
    with pytest.raises(ParameterError, match="sum to 0.9"):
        JobSearch(np.array([1.0, 2.0]), np.array([0.4, 0.5]))
    with pytest.raises(ParameterError, match="discount_factor: 1"):
        JobSearch(np.array([1.0]), np.array([1.0])).reservation_wage(0.0, 1.0)


def test_a_market_is_never_changed():
    market = shimer_2005()
    other = market.change(output=2.0)
    assert market == shimer_2005()
    assert replace(other, output=1.0) == market
