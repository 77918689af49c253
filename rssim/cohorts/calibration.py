"""Calibration: from observed moments to constants, on the baseline, once; frozen in scenarios."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rssim.axes import FORMAL
from rssim.cohorts.earnings import mean_wage
from rssim.cohorts.engine import steps, survival_of
from rssim.cohorts.funds.registry import SCHEMES
from rssim.cohorts.jobs import calibrated_jobs, jobs_year
from rssim.cohorts.labour import new_urban_employment, next_age, participation
from rssim.cohorts.ledger import total
from rssim.cohorts.moments import Line, moment, target, where
from rssim.cohorts.opening import (
    employed_of,
    grown_rights,
    opening_shares,
    opening_stocks,
    read_history,
    scaled_pensioners,
)
from rssim.cohorts.state import (
    PENSION,
    PENSIONERS,
    Constants,
    PensionStocks,
    Stocks,
    by_track,
)
from rssim.cohorts.year import Flows, track_shares, year
from rssim.errors import CalibrationError, LedgerError, ParameterError
from rssim.inputs.assemble import Inputs
from rssim.records import Array

PASSES = 22
HALVINGS = 45
NEWTON_STEPS = 3
GUESS_FINDING = 1.5
GUESS_FLEXIBLE = 0.8
GUESS_COVERAGE = 0.7
GUESS_INDEX = 0.65
MONTHS = 12
TOLERANCE = 1e-8
REQUIRED = (
    "new_urban_employment",
    "employed",
    "unemployment_rate",
    "flexible_share",
    "contributors",
    "retirees",
    "balance",
)


@dataclass(frozen=True, eq=False)
class Calibration:
    """Constants, opening stocks and the report of a place's opening day."""

    constants: Constants
    opening: Stocks
    lines: tuple[Line, ...]
    scales: dict[str, float]


def calibrate(inputs: Inputs) -> Calibration:
    """Constants and opening stocks of the baseline.

    A fixed number of passes: participation and job intensities are solved for the opening day,
    the others from a run of the first year; each constant has one moment.
    Raises CalibrationError where a moment is missing or cannot be met.
    """
    faults = [
        f"{where(inputs)}: the moment {name} is missing."
        for name in REQUIRED
        if moment(inputs, name) is None
    ]
    if faults:
        raise CalibrationError(faults)
    draws = inputs.population.shape[0]

    def filled(value: float) -> Array:
        return np.full((draws, 1, 1, 1), value)

    constants = Constants(
        participation_odds=filled(1.0),
        finding_rate=filled(GUESS_FINDING),
        flexible_entry_rate=filled(GUESS_FLEXIBLE),
        coverage=filled(GUESS_COVERAGE),
        declared_share=filled(0.5),
        pensioner_scale=filled(1.0),
        pension_scale=filled(1.0),
        registration_share=filled(0.3),
    )
    nobody = np.zeros_like(inputs.population)
    constants = _solve_participation(inputs, nobody, constants)
    grown = _history(inputs, constants)
    balance = target(inputs, "balance")
    survival = survival_of(inputs)[0]
    # The intensities are what is looked for, so the passes take them as given.
    first = inputs.years[0]
    first = replace(first, jobs=replace(first.jobs, closure="exogenous"))
    memory: dict[str, tuple[Array, Array]] = {}
    for step in range(PASSES):
        drawing = _drawing(grown, inputs, constants)
        constants = _solve_participation(inputs, drawing, constants)
        constants = _solve_intensities(inputs, drawing, constants, NEWTON_STEPS if step else 8)
        opening = opening_stocks(inputs, grown, constants, balance)
        try:
            flows, after = year(opening, first, survival, inputs, constants)
        except (ParameterError, LedgerError) as fault:
            contributors = float(target(inputs, "contributors").mean())
            raise CalibrationError(
                f"{inputs.place.key}: the moment contributors ({contributors:g} persons) cannot be "
                f"met: {fault}"
            ) from fault
        if step == PASSES - 1:
            break
        constants, balance = _updated(inputs, constants, balance, opening, flows, after, memory)
    market = None
    if moment(inputs, "openings_per_seeker") is not None:
        constants, market = _job_market(inputs, constants, opening, flows, after)
        flows, after = year(opening, inputs.years[0], survival, inputs, constants)
    lines = _report(inputs, constants, balance, opening, flows, after)
    lines += [market] if market is not None else []
    opening, constants, opened = with_schemes(opening, constants, inputs, flows)
    lines += opened
    bad = [
        f"{where(inputs)}: the moment {line.moment} ({line.observed:g} {line.unit}) cannot be "
        f"met: the model gives {line.model:g} with {line.constant} at {line.value:g}."
        for line in lines
        if not abs(line.model / line.observed - 1.0) < TOLERANCE
    ]
    if bad:
        raise CalibrationError(bad)
    history_pensioners = float(grown.pensioners[PENSIONERS].sum() / draws)
    history_bill = float(grown.pensioners[PENSION].sum() / draws)
    scales = {
        "pensioners_of_history": history_pensioners,
        "pensioners_at_opening": float(opening.pension.pensioners[PENSIONERS].sum() / draws),
        "mean_pension_of_history_m": history_bill / max(history_pensioners, 1.0) / MONTHS,
        "mean_pension_at_opening_m": float(
            opening.pension.pensioners[PENSION].sum()
            / opening.pension.pensioners[PENSIONERS].sum()
            / MONTHS
        ),
    }
    return Calibration(constants, opening, tuple(lines), scales)


def with_schemes(
    opening: Stocks, constants: Constants, inputs: Inputs, flows: Flows
) -> tuple[Stocks, Constants, list[Line]]:
    """Opening stocks and constants with those of every other scheme, and what pinned them.

    flows  the baseline's first year
    """
    found = {scheme.KEY: scheme.open(inputs, flows.work) for scheme in SCHEMES}
    stocks = {key: item.stocks for key, item in found.items()}
    pinned = {key: item.constants for key, item in found.items()}
    lines = [line for item in found.values() for line in item.lines]
    balance = opening.pension.balance
    for item in found.values():
        balance = balance if item.taken is None else balance - item.taken
    if np.any(balance < 0):
        raise CalibrationError(
            f"{where(inputs)}: balance: {float(opening.pension.balance.mean()):g} yuan is less "
            f"than the balances of the schemes within it."
        )
    pension = replace(opening.pension, balance=balance)
    opening = replace(opening, pension=pension, schemes=stocks)
    return opening, replace(constants, schemes=pinned), lines


def with_composition(found: Calibration, inputs: Inputs) -> Calibration:
    """The calibration with the composition of the baseline's employees in every year of a run.

    inputs  of the baseline, to the last year that is wanted
    """
    free = replace(found.constants, composition=None)
    composition = {
        item.year: mean_wage(step.before.people[..., FORMAL, :], inputs.relative_wage)
        for item, step in zip(inputs.years, steps(inputs, found.opening, free), strict=True)
    }
    return replace(found, constants=replace(free, composition=composition))


def _job_market(
    inputs: Inputs, constants: Constants, opening: Stocks, flows: Flows, after: Stocks
) -> tuple[Constants, Line]:
    """The market for jobs whose equilibrium is the first year's, and its line in the report."""
    first, tightness = inputs.years[0], target(inputs, "openings_per_seeker")
    anchor = after.macro.anchor_1_m
    found = calibrated_jobs(
        opening.people,
        flows.earnings.wage_m,
        anchor,
        tightness,
        flows.references,
        first,
        constants,
    )
    growth = anchor / opening.macro.anchor_1_m - 1.0
    jobs = jobs_year(
        opening.people,
        opening.wages_m,
        anchor,
        growth,
        flows.references,
        first,
        constants,
        found,
    )
    entry = moment(inputs, "openings_per_seeker") or {}
    line = Line(
        moment="openings_per_seeker",
        at=str(entry.get("at", "opening")),
        unit=str(entry.get("unit", "index")),
        observed=float(tightness.mean()),
        model=float(jobs.tightness.mean()),
        constant="vacancy_cost_wages",
        value=float(found.vacancy_cost_wages.mean()),
        kind=str(entry.get("kind", "")),
        evidence=str(entry.get("evidence", "")),
        source=str(entry.get("source", "")),
        note=str(entry.get("note", "")),
    )
    return replace(constants, jobs=found), line


def _drawing(grown: PensionStocks, inputs: Inputs, constants: Constants) -> Array:
    pensioners = scaled_pensioners(grown, inputs, constants).pensioners
    return np.asarray(pensioners[PENSIONERS].sum(axis=-2))


def _labour_totals(
    inputs: Inputs, drawing: Array, constants: Constants
) -> tuple[Array, Array, Array]:
    """Labour force, unemployed and flexible of the opening day, (draw, 1, 1, 1) [persons]."""
    shares, after = opening_shares(inputs, drawing, constants)
    people = shares * (inputs.population - drawing)[..., None, :]
    totals = employed_of(people, drawing * after)
    force, unemployed, flexible = (
        totals[name][:, None, None, None] for name in ("labour_force", "unemployed", "flexible")
    )
    return force, unemployed, flexible


def _labour_force(inputs: Inputs, drawing: Array, constants: Constants) -> Array:
    """Labour force of the opening day: it does not depend on the job intensities."""
    first = inputs.years[0]
    part = participation(
        inputs.participation,
        next_age(inputs.population),
        next_age(drawing),
        first,
        track_shares(first),
        constants,
    )
    shape = inputs.population.shape
    at = np.broadcast_to(part.at_end, shape)
    after = np.broadcast_to(part.after_claim, shape)
    at = np.concatenate([np.zeros_like(at[..., :1]), at[..., :-1]], axis=-1)
    after = np.concatenate([np.zeros_like(after[..., :1]), after[..., :-1]], axis=-1)
    at = np.where(np.arange(shape[-1]) > 15, at, 0.0)
    force = (inputs.population - drawing) * at + drawing * after
    return np.asarray(force.sum(axis=(1, 2, 3), keepdims=True))


def _solve_participation(inputs: Inputs, drawing: Array, constants: Constants) -> Constants:
    """The factor on the odds of participation at which employment is the observed one."""
    wanted = target(inputs, "employed") / (1.0 - target(inputs, "unemployment_rate"))
    low = np.full_like(wanted, np.log(0.02))
    high = np.full_like(wanted, np.log(50.0))
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        found = _labour_force(
            inputs, drawing, replace(constants, participation_odds=np.exp(middle))
        )
        high = np.where(found >= wanted, middle, high)
        low = np.where(found >= wanted, low, middle)
    return replace(constants, participation_odds=np.exp(0.5 * (low + high)))


def _solve_intensities(
    inputs: Inputs, drawing: Array, constants: Constants, steps: int
) -> Constants:
    """Job finding and take-up of flexible work at which both observed shares are met (Newton)."""
    unemployment = target(inputs, "unemployment_rate")
    flexible = target(inputs, "flexible_share")

    def gaps(finding: Array, take_up: Array) -> tuple[Array, Array]:
        trial = replace(
            constants, finding_rate=np.exp(finding), flexible_entry_rate=np.exp(take_up)
        )
        force, unemployed, own = _labour_totals(inputs, drawing, trial)
        return (
            np.log(unemployed / force / unemployment),
            np.log(own / (force - unemployed) / flexible),
        )

    x, y = np.log(constants.finding_rate), np.log(constants.flexible_entry_rate)
    width = 1e-5
    for _ in range(steps):
        a0, b0 = gaps(x, y)
        ax, bx = gaps(x + width, y)
        ay, by = gaps(x, y + width)
        jaa, jab, jba, jbb = (
            (ax - a0) / width,
            (ay - a0) / width,
            (bx - b0) / width,
            (by - b0) / width,
        )
        determinant = jaa * jbb - jab * jba
        dx = (b0 * jab - a0 * jbb) / determinant
        dy = (a0 * jba - b0 * jaa) / determinant
        x, y = x + np.clip(dx, -1.0, 1.0), y + np.clip(dy, -1.0, 1.0)
    return replace(constants, finding_rate=np.exp(x), flexible_entry_rate=np.exp(y))


def _history(inputs: Inputs, constants: Constants) -> PensionStocks:
    """Rights grown from the history, with participation of the opening day."""
    first = inputs.years[0]
    part = participation(
        inputs.participation,
        inputs.population,
        np.zeros_like(inputs.population),
        first,
        track_shares(first),
        constants,
    )
    rate = np.where(np.arange(101) >= 15, part.before_claim, 0.0)
    rate = np.broadcast_to(rate, inputs.population.shape)
    index = _history_index(inputs)
    return grown_rights(
        inputs,
        read_history(inputs.place, inputs.scenario.opening),
        rate,
        np.broadcast_to(index, inputs.population.shape),
        target(inputs, "contributors"),
    )


def _history_index(inputs: Inputs) -> Array:
    """Mean index by cell in the history: the observed mean base ratio on the wage profile.

    Declared pay rises with pay but less than in proportion, because many stand at the floor;
    half the spread of wages is kept around the observed mean.
    """
    ratio = _mean_base_ratio(inputs)
    level = GUESS_INDEX if ratio is None else float(ratio.mean())
    return np.asarray(level * np.sqrt(np.maximum(inputs.relative_wage, 0.1)))


def _mean_base_ratio(inputs: Inputs) -> Array | None:
    """Observed mean assessed base over the base wage [1], given or implied by revenue."""
    if moment(inputs, "mean_base_ratio") is not None:
        return target(inputs, "mean_base_ratio")
    found = moment(inputs, "revenue")
    if found is None:
        return None
    two, one = inputs.earlier
    earlier = found.get("at") == "year_before_opening"
    law = one.pension if earlier else inputs.years[0].pension
    economy = one.economy if earlier else inputs.years[0].economy
    wage = (
        two.pension.reference_wage_m
        if earlier
        else 0.5 * (one.pension.reference_wage_m + two.pension.reference_wage_m)
    )
    paid = target(inputs, "revenue") - law.subsidy_share * target(inputs, "expenditure")
    paid = paid - economy.fund_return * target(inputs, "balance")
    rate = law.employer_rate + law.employee_rate
    history = read_history(inputs.place, inputs.scenario.opening).columns["contributors"]
    growth = history[-1] / history[-2] - 1.0
    workers = target(inputs, "contributors") / (1.0 + 0.5 * growth)
    return np.asarray(paid / (workers * MONTHS * rate * wage))


def _updated(
    inputs: Inputs,
    constants: Constants,
    balance: Array,
    opening: Stocks,
    flows: Flows,
    after: Stocks,
    memory: dict[str, tuple[Array, Array]],
) -> tuple[Constants, Array]:
    """Constants one step nearer to their moments, given a run of the first year."""
    measured = measure(inputs, constants, opening, flows, after)
    ratio = {
        name: target(inputs, name)[:, 0, 0, 0] / value
        for name, value in measured.items()
        if name in ("contributors", "retirees", "expenditure")
    }

    def cell(values: Array) -> Array:
        return values[:, None, None, None]

    first = inputs.years[0]
    reached = total(by_track(inputs.population) * track_shares(first) * first.schedule.before)
    stock = opening.pension.pensioners
    people = total(stock[PENSIONERS])
    wanted = np.minimum(people * ratio["retirees"], 0.999 * reached)
    odds = (wanted / (reached - wanted)) / (people / (reached - people))
    changes: dict[str, Any] = {
        "coverage": constants.coverage * cell(ratio["contributors"]),
        "pensioner_scale": constants.pensioner_scale * cell(odds),
    }
    if "expenditure" in measured:
        paid = measured["expenditure"]
        bill = total(stock[PENSION])
        gap = paid * (ratio["expenditure"] - 1.0)
        changes["pension_scale"] = constants.pension_scale * cell(np.maximum(1.0 + gap / bill, 0.2))
    goal, got = _base_goal(inputs, measured)
    if goal is not None:
        x, y = np.log(constants.declared_share[:, 0, 0, 0]), np.log(got / goal)
        slope = np.full_like(x, 0.6)
        if "declared_share" in memory:
            x0, y0 = memory["declared_share"]
            moved = np.abs(x - x0) > 1e-12
            slope = np.where(moved, (y - y0) / np.where(moved, x - x0, 1.0), slope)
            slope = np.clip(slope, 0.05, 2.0)
        memory["declared_share"] = (x, y)
        changes["declared_share"] = cell(np.exp(np.clip(x - y / slope, np.log(1e-3), np.log(20.0))))
    if "new_urban_employment" in measured:
        hires = total(flows.labour.hires)
        wanted_jobs = target(inputs, "new_urban_employment")[:, 0, 0, 0]
        changes["registration_share"] = cell((wanted_jobs + flows.attrition) / hires)
    shift = target(inputs, "balance")[:, 0, 0, 0] - measured["balance"]
    return replace(constants, **changes), balance + cell(shift)


def _base_goal(inputs: Inputs, measured: dict[str, Array]) -> tuple[Array | None, Array]:
    """What pins the declared share: revenue of the first year, else the mean base ratio."""
    found = moment(inputs, "revenue")
    if found is not None and found.get("at") == "first_year":
        other = measured["revenue"] - measured["contributions"]
        return target(inputs, "revenue")[:, 0, 0, 0] - other, measured["contributions"]
    ratio = _mean_base_ratio(inputs)
    if ratio is None:
        return None, measured["contributions"]
    return ratio[:, 0, 0, 0], measured["mean_base_ratio"]


def measure(
    inputs: Inputs, constants: Constants, opening: Stocks, flows: Flows, after: Stocks
) -> dict[str, Array]:
    """The model's values of the moments, (draw,)."""
    fund = flows.ledger.pension
    stock = opening.pension.pensioners
    drawing = stock[PENSIONERS].sum(axis=-2)
    _, working = opening_shares(inputs, drawing, constants)
    labour = employed_of(opening.people, drawing * working)
    end = total(flows.insured_workers)
    pensioners_end = after.pension.pensioners[PENSIONERS].sum(axis=(1, 2, 3, 4))
    opening_pensioners = total(stock[PENSIONERS])
    years = total(flows.pension.contributors)
    base = flows.earnings.base_m * flows.pension.contributors
    out = {
        "employed": labour["employed"],
        "unemployment_rate": labour["unemployed"] / labour["labour_force"],
        "flexible_share": labour["flexible"] / labour["employed"],
        "contributors": end
        if _ends(inputs, "contributors")
        else total(flows.pension.contributing_members),
        "retirees": pensioners_end if _ends(inputs, "retirees") else opening_pensioners,
        "balance": fund.closing if _ends(inputs, "balance") else fund.opening,
        "revenue": fund.revenue,
        "contributions": fund.contributions,
        "mean_base_ratio": total(base) / years / flows.references.base_wage_m[:, 0, 0, 0],
    }
    found = moment(inputs, "expenditure")
    if found is not None:
        if found.get("at") == "year_before_opening":
            # The bill on the day, less half a year's growth, and other outgo in proportion.
            new, lost = total(flows.pension.new_pensioners), total(flows.pension.pensioner_deaths)
            growth = (new - lost) / opening_pensioners
            others = fund.expenditure / fund.amount("pensions")
            out["expenditure"] = total(stock[PENSION]) / (1.0 + 0.5 * growth) * others
        else:
            out["expenditure"] = fund.expenditure
    if moment(inputs, "new_urban_employment") is not None:
        out["new_urban_employment"] = new_urban_employment(
            flows.labour.hires, flows.attrition, constants
        )
    return out


def _ends(inputs: Inputs, name: str) -> bool:
    found = moment(inputs, name)
    return found is not None and found.get("at") == "end_of_first_year"


PINS = {
    "employed": "participation_odds",
    "unemployment_rate": "finding_rate",
    "flexible_share": "flexible_entry_rate",
    "contributors": "coverage",
    "retirees": "pensioner_scale",
    "expenditure": "pension_scale",
    "revenue": "declared_share",
    "mean_base_ratio": "declared_share",
    "new_urban_employment": "registration_share",
    "balance": "opening balance",
}


def _report(
    inputs: Inputs,
    constants: Constants,
    balance: Array,
    opening: Stocks,
    flows: Flows,
    after: Stocks,
) -> list[Line]:
    """Observed and model values of every calibrated moment, with the constant that it pins."""
    measured = measure(inputs, constants, opening, flows, after)
    implied = None
    found = moment(inputs, "revenue")
    if found is not None and found.get("at") == "year_before_opening":
        implied = _mean_base_ratio(inputs)
    lines = []
    for name, constant in PINS.items():
        entry = moment(inputs, name)
        if entry is None:
            continue
        observed, model = float(entry["value"]), float(measured[name].mean())
        at, unit = str(entry.get("at", "opening")), str(entry["unit"])
        if name == "revenue" and implied is not None:
            observed, model = float(implied.mean()), float(measured["mean_base_ratio"].mean())
            at, unit = f"{at}, as mean base / wage", "share"
        value = (
            float(balance.mean())
            if constant == "opening balance"
            else float(getattr(constants, constant).mean())
        )
        lines.append(
            Line(
                moment=name,
                at=at,
                unit=unit,
                observed=observed,
                model=model,
                constant=constant,
                value=value,
                kind=str(entry.get("kind", "")),
                evidence=str(entry.get("evidence", "")),
                source=str(entry.get("source", "")),
                note=str(entry.get("note", "")),
            )
        )
    return lines
