"""Headline tables for a screen: each number with its range, and what a run says beside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from rssim.errors import ParameterError, nearest
from rssim.inputs.place import PARAMS
from rssim.inputs.scenario import Scenario, plain, value_on
from rssim.records import Array
from rssim.study.effects import EFFECTS, effect
from rssim.study.money import fund_names
from rssim.study.series import FUND, SERIES

if TYPE_CHECKING:
    from rssim.study.result import Result
    from rssim.study.variants import Envelope

DEFAULT_YEARS = (2030, 2040, 2050, 2060)
KEYS = (
    "population",
    "old_age_dependency",
    "labour_force",
    "unemployment_rate",
    "new_urban_employment",
    f"{FUND}.insured_workers",
    f"{FUND}.retirees",
    f"{FUND}.support_ratio",
    "reference_wage_m",
    f"{FUND}.mean_pension_m",
    f"{FUND}.benefit_ratio",
    f"{FUND}.contributions",
    f"{FUND}.revenue",
    f"{FUND}.expenditure",
    f"{FUND}.current_balance",
    f"{FUND}.required_subsidy",
    f"{FUND}.balance",
    f"{FUND}.reserve_months",
    f"{FUND}.balanced_rate",
)
COMPARED = (
    "unemployment_rate",
    f"{FUND}.insured_workers",
    f"{FUND}.retirees",
    f"{FUND}.benefit_ratio",
    f"{FUND}.contributions",
    f"{FUND}.expenditure",
    f"{FUND}.current_balance",
    f"{FUND}.balance",
    f"{FUND}.reserve_months",
)
FORMATS: dict[str, tuple[float, str, int]] = {
    "persons": (1e6, "million", 2),
    "person-years": (1e6, "million years", 2),
    "jobs": (1e3, "thousand", 1),
    "persons/year": (1e3, "thousand/year", 1),
    "yuan": (1e8, "亿元", 0),
    "yuan/year": (1e8, "亿元/year", 0),
    "yuan/month": (1.0, "yuan/month", 0),
    "share": (0.01, "%", 1),
    "share/year": (0.01, "%/year", 2),
    "ratio": (1.0, "ratio", 2),
    "months": (1.0, "months", 1),
}
"""Unit of a series -> what a screen divides by, the unit that it names, digits after the point."""
FINE = {
    **FORMATS,
    "persons": (1e3, "thousand", 1),
    "share": (0.01, "%", 2),
    "yuan/year": (1e8, "亿元/year", 1),
    "ratio": (1.0, "ratio", 3),
}
"""The same for small effects: thousands of persons, hundredths of points."""
NUMBER = re.compile(r"[+\-−–]?\d|–$")
FUND_KEYS = (
    "contributions",
    "revenue",
    "expenditure",
    "current_balance",
    "balance",
    "reserve_months",
    "required_subsidy",
)
GROUPS = {"funds": "the account of every fund"}
"""Word of --show that stands for several series -> what they are."""
RANGE_NOTE = (
    "[ ] lowest to highest of the central run and of the runs with all five variants low and all "
    "high (fertility, mortality, migration, wages, returns). A range of assumptions, not of "
    "probability."
)


def known_keys(keys: Sequence[str]) -> list[str]:
    """The keys themselves; a bare name may leave out the fund and the `_m` of money a month.

    The word ``funds`` stands for the accounts of all funds.
    Raises ParameterError that names each unknown key with the nearest one.
    """
    known = [*SERIES, *EFFECTS, *GROUPS]
    out: list[str] = []
    faults = []
    for key in keys:
        if key in GROUPS:
            out += [
                f"{fund}.{name}"
                for fund in fund_names()
                for name in FUND_KEYS
                if f"{fund}.{name}" in SERIES
            ]
            continue
        full = next((name for name in (key, f"{FUND}.{key}", f"{key}_m") if name in known), None)
        if full:
            out.append(full)
        else:
            faults.append(f"{key}: there is no such series." + nearest(key, known))
    if faults:
        raise ParameterError(faults)
    return out


def label(key: str, keys: Sequence[str]) -> str:
    """What a row is called: the employee pension names itself where another fund stands beside."""
    name = SERIES[key].name
    if not key.startswith(f"{FUND}."):
        return name
    tail = key.removeprefix(f"{FUND}.")
    others = [fund for fund in fund_names() if fund != FUND]
    if any(f"{fund}.{tail}" in keys for fund in others):
        return f"{name}, {fund_names()[FUND][0]}"
    return name


def years_in(result: Result, wanted: Sequence[int] | None) -> list[int]:
    """The years of a table: those asked for, or the usual ones and the last that the run has."""
    have = result.years
    if wanted is None:
        found = [year for year in DEFAULT_YEARS if year in have]
        return found if have[-1] in found else [*found, have[-1]]
    missing = [year for year in wanted if year not in have]
    if missing:
        raise ParameterError(
            [
                f"years: {year} is not in the run, which has {have[0]} to {have[-1]}."
                for year in missing
            ]
        )
    return list(wanted)


def value_text(values: Array, unit: str, sign: bool = False, fine: bool = False) -> str:
    """Central value with its range, scaled for a screen; values has one or three rows."""
    factor, _, digits = _format(unit, fine)
    scaled = np.asarray(values, dtype=float) / factor
    largest = float(np.nanmax(np.abs(scaled), initial=0.0))
    digits = 0 if largest >= 1000 else min(digits, 1) if largest >= 100 else digits

    def one(value: float) -> str:
        if not np.isfinite(value):
            return "–"
        rounded = round(float(value), digits) + 0.0
        return f"{rounded:{'+' if sign and rounded else ''},.{digits}f}"

    if scaled.size == 1 or not np.isfinite(scaled).all():
        return one(float(scaled.flat[0]))
    return f"{one(scaled[0])} [{one(scaled.min())} – {one(scaled.max())}]"


def unit_text(unit: str, fine: bool = False) -> str:
    """The unit that a screen names for a series."""
    return _format(unit, fine)[1]


def _format(unit: str, fine: bool) -> tuple[float, str, int]:
    return (FINE if fine else FORMATS).get(unit, (1.0, unit, 3))


def level_rows(
    envelope: Envelope, scenario: str, keys: Sequence[str], years: Sequence[int]
) -> list[list[str]]:
    """Rows of a table of levels: name with unit, then a cell for each year."""
    at = [envelope.central.years.index(year) for year in years]
    rows = [["", *map(str, years)]]
    for key in keys:
        if key in EFFECTS:
            continue
        paths = envelope.paths(key, scenario)
        unit = SERIES[key].unit
        cells = [value_text(paths[:, column], unit) for column in at]
        rows.append([f"{label(key, keys)} [{unit_text(unit)}]", *cells])
    return rows


def difference_rows(
    envelope: Envelope,
    scenario: str,
    against: str,
    keys: Sequence[str],
    years: Sequence[int],
    fine: bool = False,
) -> list[list[str]]:
    """Rows of differences between two scenarios, each run against its own counterpart.

    fine  in the smaller units of FINE
    """
    at = [envelope.central.years.index(year) for year in years]
    rows = [["", *map(str, years)]]
    for key in keys:
        if key in EFFECTS:
            rows.append(_effect_row(envelope, scenario, against, key, at))
            continue
        gap = envelope.paths(key, scenario) - envelope.paths(key, against)
        unit = SERIES[key].unit
        cells = [value_text(gap[:, column], unit, sign=True, fine=fine) for column in at]
        shown = "points" if unit.startswith("share") else unit_text(unit, fine)
        rows.append([f"{label(key, keys)} [{shown}]", *cells])
    return rows


def _effect_row(
    envelope: Envelope, scenario: str, against: str, key: str, at: Sequence[int]
) -> list[str]:
    """One measure that exists only between two runs."""
    paths = effect(
        key,
        lambda series: envelope.paths(series, scenario),
        lambda series: envelope.paths(series, against),
    )
    found = EFFECTS[key]
    sign = key != "cost_per_net_job"
    cells = [value_text(paths[:, column], found.unit, sign=sign) for column in at]
    return [f"{found.name} [{unit_text(found.unit)}]", *cells]


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as text: the first column and columns of words to the left, numbers to the right."""
    columns = range(len(rows[0]))
    widths = [max(width(row[at]) for row in rows) for at in columns]
    is_left = [not at or not any(NUMBER.match(row[at]) for row in rows[1:]) for at in columns]
    lines = []
    for row in rows:
        cells = []
        for cell, size, left in zip(row, widths, is_left, strict=True):
            space = " " * (size - width(cell))
            cells.append(cell + space if left else space + cell)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def width(text: str) -> int:
    """How many columns of a terminal a text fills: Chinese characters fill two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def event_lines(result: Result) -> list[str]:
    """Turning points of the fund in words, one line for each scenario."""
    events = result.events()
    lines = []
    for name in result.scenarios:
        found = events.xs(name, level="scenario").iloc[0]
        peak = found["peak_balance"] / 1e8
        low_months, low_year = found["lowest_reserve_months"], found["lowest_reserve_year"]
        parts = [
            _event("expenditure first above revenue", found["first_gap_year"]),
            _event("above revenue before interest", found["first_gap_year_before_interest"]),
            _event("balance used up", found["depletion_year"]),
            f"highest balance {peak:,.0f} 亿元 in {int(found['peak_year'])}",
            f"lowest reserve {low_months:.1f} months in {int(low_year)}",
        ]
        lines.append(f"{name}: " + "; ".join(parts) + ".")
    return lines


def _event(what: str, year: Any) -> str:
    import pandas as pd

    return f"{what}: {'not by the end' if pd.isna(year) else int(year)}"


def identity_line(result: Result) -> str:
    """The largest gap of any accounting identity in any scenario and year."""
    gaps = result.identities
    worst = gaps.max().idxmax()
    return (
        f"Identities: {len(gaps.columns)} checked in every year ({', '.join(gaps.columns)}); "
        f"largest relative gap {float(gaps.max().max()):.1e} ({worst})."
    )


def fund_line(scenario: Scenario) -> str:
    """What the fund of the place is; says so where the balance is notional."""
    fund = scenario.place.fund
    statement = " ".join(str(fund.get("statement") or "").split())
    label = "Notional balance" if fund.get("notional") else "Fund"
    return f"{label}: {statement}" if statement else ""


def change_lines(scenario: Scenario) -> list[str]:
    """One line for each changed lever: from which value to which, since when, why."""
    bare = replace(scenario, changes={})
    lines = []
    for key, steps in scenario.changes.items():
        old = plain(value_on(bare, key, steps[0].since))
        new = ", ".join(f"{plain(step.value)} from {step.since}" for step in steps)
        why = next((f"  ({step.because})" for step in steps if step.because), "")
        lines.append(f"{key} [{PARAMS[key].unit}]: {old} → {new}{why}")
    return lines


def read_lines(result: Result) -> list[str]:
    """What read each changed lever, in which years, and the most that it moved."""
    lines = []
    for read in result.read_list:
        tail = f"; moved a headline series by up to {read.moved:.1%}"
        lines.append(
            f"{read.scenario}: {read.lever}: read by {read.reader}, {read.first} to {read.last}"
            + (tail if np.isfinite(read.moved) else "")
        )
    return lines
