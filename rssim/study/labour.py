"""The labour market on its own: steady states, shocks and cycles of a matching market.

market = MatchingMarket(outside_value=0.4, discount_rate=0.012, separation_rate=0.1, ...)
market.steady_state().unemployment_rate
market.comparative_statics("employer_rate", [0.0, 0.1, 0.2])

The same closed forms and the same root as in the yearly model, for one kind of worker and any unit
of time, with what a yearly model leaves out: match values that look ahead.

Source: Pissarides (2000), ch. 1; Shimer (2005); Hagedorn & Manovskii (2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from rssim.cohorts.matching import Market, solve_tightness
from rssim.errors import ParameterError, nearest
from rssim.rules.elementwise import Array, as_floats
from rssim.rules.matching import Match, net_share, unemployment_value
from rssim.rules.worker_flows import steady_unemployment_rate, unemployment_after
from rssim.study.cycles import (
    Chain,
    Simulation,
    StateValues,
    deterministic,
    expected_match_values,
    simulate,
)
from rssim.study.worker_flows import JobSearch, Lake

__all__ = ["JobSearch", "Lake", "MatchingMarket", "SteadyState", "shimer_2005"]

LOG_STEP = 1e-5
"""Step of the logarithm in a numerical elasticity: its error is about 1e-10."""


@dataclass(frozen=True)
class SteadyState:
    """A market at rest.

    tightness θ [1]; meeting_rate f and finding_rate (of those, matched) [1/period]; filling_rate
    of a vacancy [1/period]; unemployment_rate u and vacancy_rate θu [share of the labour force];
    wage w at mean quality and mean_wage paid in the matches made [money/period]; match_value J
    [money]; unemployment_value b and vacancy_cost κ [money/period]; made_share [1];
    residual of free entry, in logarithms [1].
    """

    tightness: float
    meeting_rate: float
    finding_rate: float
    filling_rate: float
    unemployment_rate: float
    vacancy_rate: float
    wage: float
    mean_wage: float
    match_value: float
    unemployment_value: float
    vacancy_cost: float
    made_share: float
    residual: float


@dataclass(frozen=True)
class MatchingMarket:
    """A market of one kind of worker in which firms and workers meet and bargain.

    Rates and money are per period; the period is yours and the same for all. Symbols as in
    Pissarides (2000); charges are shares of the gross wage.

    outside_value        b⁰  flow value of unemployment that wages do not move (z in Shimer)
    discount_rate        r;  separation_rate  s
    bargaining_share     β   the worker's
    matching_elasticity  α   of matches to searchers; f = A θ^(1−α)
    efficiency           A
    vacancy_cost         κ   an amount, plus vacancy_cost_wages times what an employee costs
    output               y
    employer_rate, employee_rate  τ_er, τ_ee;  deferred_share  λ, seen by workers as deferred pay
    subsidy              h   while a match lasts;  hiring_subsidy  H, once
    indexed_share        φ   part of the value of unemployment that follows the net wage at
    replacement_rate     ρ
    minimum_wage, log_sd     floor of paid wages, and spread of quality within the market
    """

    outside_value: float
    discount_rate: float
    separation_rate: float
    bargaining_share: float
    matching_elasticity: float
    efficiency: float
    vacancy_cost: float
    vacancy_cost_wages: float = 0.0
    output: float = 1.0
    employer_rate: float = 0.0
    employee_rate: float = 0.0
    deferred_share: float = 0.0
    subsidy: float = 0.0
    hiring_subsidy: float = 0.0
    indexed_share: float = 0.0
    replacement_rate: float = 0.0
    minimum_wage: float = 0.0
    log_sd: float = 0.0

    def __post_init__(self) -> None:
        faults = [
            f"MatchingMarket.{name}: {getattr(self, name):g}. It must be {wanted}."
            for name, wanted, holds in _bounds(self)
            if not holds
        ]
        if faults:
            raise ParameterError(faults)

    def change(self, **values: float) -> MatchingMarket:
        """The same market with other values of some parameters."""
        for name in values:
            _check_name(name)
        return replace(self, **values)

    def steady_state(self) -> SteadyState:
        """The market where free entry holds and inflow into unemployment equals outflow.

        Source: Pissarides (2000), eq. 1.20 to 1.22.
        Raises ParameterError if no vacancy pays.
        """
        found = solve_tightness(_market(self))
        finding, made = found.finding_rate.item(), found.matched.made_share.item()
        jobless = float(steady_unemployment_rate(self.separation_rate, finding))
        wage = found.wage.item()
        return SteadyState(
            tightness=found.tightness.item(),
            meeting_rate=found.meeting_rate.item(),
            finding_rate=finding,
            filling_rate=found.filling_rate.item() * made,
            unemployment_rate=jobless,
            vacancy_rate=found.tightness.item() * jobless,
            wage=wage,
            mean_wage=found.matched.mean_wage.item(),
            match_value=found.matched.value.item(),
            unemployment_value=float(unemployment_value(_market(self).match, wage)),
            vacancy_cost=found.cost.item(),
            made_share=made,
            residual=found.residual.item(),
        )

    def comparative_statics(self, parameter: str, values: Sequence[float]) -> Any:
        """Steady states at several values of one parameter, as a data frame (a row each)."""
        import pandas as pd

        rows = [vars(self.change(**{parameter: value}).steady_state()) for value in values]
        return pd.DataFrame(rows, index=pd.Index(list(values), name=parameter))

    def elasticity_of(self, outcome: str, parameter: str) -> float:
        """Elasticity of an outcome of the steady state to a parameter, everything adjusting [1].

        outcome    a field of SteadyState, or "employment_rate" (one minus unemployment)
        parameter  a field of this market that is above zero
        """
        _check_name(parameter)
        level = getattr(self, parameter)
        if level <= 0.0:
            raise ParameterError(
                f"elasticity_of: {parameter} is {level:g}. An elasticity needs a value above zero."
            )
        ends = [
            _outcome(self.change(**{parameter: level * np.exp(side)}).steady_state(), outcome)
            for side in (-LOG_STEP, LOG_STEP)
        ]
        return float((np.log(ends[1]) - np.log(ends[0])) / (2.0 * LOG_STEP))

    def elasticities(self) -> Any:
        """Elasticities of the steady state as a data frame: a row per parameter above zero."""
        import pandas as pd

        outcomes = ("tightness", "finding_rate", "unemployment_rate", "employment_rate", "wage")
        rows = {
            field.name: [self.elasticity_of(name, field.name) for name in outcomes]
            for field in fields(self)
            if getattr(self, field.name) > 0.0
        }
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(outcomes))

    def in_states(
        self,
        chain: Chain,
        output: Array | None = None,
        separation_rate: Array | None = None,
    ) -> StateValues:
        """Match values, tightness and wages in each state of a chain that all foresee.

        output, separation_rate  (states,)  what differs between states; None keeps the market's
        Source: Shimer (2005), section II.
        """
        if self.minimum_wage > 0.0:
            raise ParameterError(
                f"MatchingMarket.minimum_wage: {self.minimum_wage:g}. "
                "Values that look ahead are for markets without a minimum wage."
            )
        states = len(chain.values)
        pays = self.output if output is None else output
        ends = self.separation_rate if separation_rate is None else separation_rate
        return expected_match_values(_market(self, _column(pays, states), ends), chain)

    def simulate(
        self,
        chain: Chain,
        output: Array | None = None,
        separation_rate: Array | None = None,
        *,
        periods: int,
        replications: int,
        burn_in: int,
        seed: int,
    ) -> Simulation:
        """Simulated cycles of the market, see `in_states` and `rssim.study.cycles.simulate`."""
        values = self.in_states(chain, output, separation_rate)
        return simulate(values, chain, periods, replications, burn_in, seed)

    def transition(
        self,
        output: Array | None = None,
        separation_rate: Array | None = None,
        step: float = 1.0,
    ) -> Any:
        """Path of a market at rest that learns of a new future, as a data frame (a row per step).

        output, separation_rate  (steps,)  values from now on; the last holds for ever
        step   [period]  length of a step
        Columns: time (start of the step), output, separation_rate, tightness, finding_rate, wage,
        unemployment_rate and vacancy_rate at the end of the step, mean_unemployment_rate over it.
        Limits: firms and workers take each step to last `step` on average (backward Euler), so
        values err by the first order of the step; the stock of unemployed is exact given them.
        """
        import pandas as pd

        given = [path for path in (output, separation_rate) if path is not None]
        if not given:
            raise ParameterError("transition: no path is given. Give output or separation_rate.")
        chain = deterministic(len(given[0]), step)
        ahead = self.in_states(chain, output, separation_rate)
        jobless = as_floats(self.steady_state().unemployment_rate)
        ends, means = [], []
        for finding, separation in zip(ahead.finding_rate, ahead.separation_rate, strict=True):
            jobless, idle = unemployment_after(jobless, separation, finding, step)
            ends.append(float(jobless))
            means.append(float(idle) / step)
        return pd.DataFrame(
            {
                "time": chain.values,
                "output": ahead.output,
                "separation_rate": ahead.separation_rate,
                "tightness": ahead.tightness,
                "finding_rate": ahead.finding_rate,
                "wage": ahead.wage,
                "unemployment_rate": ends,
                "vacancy_rate": ahead.tightness * np.array(ends),
                "mean_unemployment_rate": means,
            }
        )

    def impulse_response(self, parameter: str, shock: Array, step: float = 1.0) -> Any:
        """Differences from rest after a shock that dies out, as a data frame (a row per step).

        parameter  "output" or "separation_rate"
        shock      (steps,)  added to it; after the last step it is as before
        The columns are those of `transition`.
        """
        if parameter not in ("output", "separation_rate"):
            raise ParameterError(
                f"impulse_response: {parameter}. Allowed are output and separation_rate."
            )
        path = getattr(self, parameter) + np.append(as_floats(shock), 0.0)
        hit = self.transition(**{parameter: path}, step=step)
        rest = self.transition(output=np.full(len(path), self.output), step=step)
        change = (hit - rest).iloc[:-1]
        change["time"] = hit["time"]
        return change


def shimer_2005() -> MatchingMarket:
    """The US market of Shimer (2005), table 2, in quarters; mean productivity is one."""
    return MatchingMarket(
        outside_value=0.4,
        discount_rate=0.012,
        separation_rate=0.1,
        bargaining_share=0.72,
        matching_elasticity=0.72,
        efficiency=1.355,
        vacancy_cost=0.213,
    )


# --- from the market of one worker to arrays ----------------------------------------------------


def _market(
    of: MatchingMarket, output: Array | None = None, separation_rate: Array | float | None = None
) -> Market:
    """The market as arrays (draw, 1); several states stand on the draw axis."""
    pays = as_floats([[of.output]]) if output is None else output
    ends = of.separation_rate if separation_rate is None else separation_rate
    match = Match(
        output=pays,
        outside_value=of.outside_value,
        discount_rate=of.discount_rate,
        separation_rate=_column(ends, len(pays)),
        bargaining_share=of.bargaining_share,
        employer_rate=of.employer_rate,
        net_share=net_share(of.employee_rate, of.employer_rate, of.deferred_share),
        subsidy=of.subsidy,
        indexed_share=of.indexed_share,
        replacement_rate=of.replacement_rate,
    )
    return Market(
        match=match,
        seekers=np.ones((len(pays), 1)),
        efficiency=as_floats(of.efficiency),
        elasticity=as_floats(of.matching_elasticity),
        vacancy_cost=of.vacancy_cost,
        vacancy_cost_wages=of.vacancy_cost_wages,
        hiring_subsidy=of.hiring_subsidy,
        minimum_wage=of.minimum_wage,
        log_sd=of.log_sd,
    )


def _column(values: Array | float, rows: int) -> Array:
    """A value, or one per state, as (states, 1)."""
    given = np.ravel(as_floats(values))
    if len(given) not in (1, rows):
        raise ParameterError(
            f"labour market: {len(given)} values for {rows} states. One value per state is needed."
        )
    return as_floats(np.broadcast_to(given, (rows,))[:, np.newaxis])


def _bounds(market: MatchingMarket) -> list[tuple[str, str, bool]]:
    """Name, what is allowed and whether it holds, for each parameter."""
    m = market
    not_negative = (
        "discount_rate",
        "vacancy_cost",
        "vacancy_cost_wages",
        "employer_rate",
        "subsidy",
        "hiring_subsidy",
        "minimum_wage",
        "log_sd",
    )
    rules = [(name, "0 or more", getattr(m, name) >= 0.0) for name in not_negative]
    for name in ("separation_rate", "efficiency", "output"):
        rules.append((name, "above 0", getattr(m, name) > 0.0))
    for name in ("deferred_share", "indexed_share", "replacement_rate"):
        rules.append((name, "between 0 and 1", 0.0 <= getattr(m, name) <= 1.0))
    for name in ("bargaining_share", "employee_rate"):
        rules.append((name, "0 or more and below 1", 0.0 <= getattr(m, name) < 1.0))
    rules += [
        ("matching_elasticity", "between 0 and 1", 0.0 < m.matching_elasticity < 1.0),
        (
            "vacancy_cost",
            "above 0, or vacancy_cost_wages above 0",
            m.vacancy_cost + m.vacancy_cost_wages > 0.0,
        ),
        (
            "replacement_rate",
            "below 1 if all of the value of unemployment is indexed",
            m.indexed_share * m.replacement_rate < 1.0,
        ),
    ]
    return rules


def _check_name(name: str) -> None:
    known = [field.name for field in fields(MatchingMarket)]
    if name not in known:
        raise ParameterError(f"MatchingMarket: no parameter {name!r}.{nearest(name, known)}")


def _outcome(state: SteadyState, name: str) -> float:
    if name == "employment_rate":
        return 1.0 - state.unemployment_rate
    known = [field.name for field in fields(SteadyState)]
    if name not in known:
        raise ParameterError(f"SteadyState: no outcome {name!r}.{nearest(name, known)}")
    return float(getattr(state, name))
