"""When each birth cohort may draw its pension: the law by birth month averaged to birth year.

The law gives an age for every birth month, sex and track of the post. A cell holds the people of
one birth year, so the law becomes, for each year of the run, the shares of a cell that reach
their date, with the mean part of the year worked and paid and the mean reciprocal divisor.
Births are spread evenly over the months of a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rssim.axes import AGES, SEXES, TRACKS
from rssim.dated import Dated
from rssim.inputs.place import PARAMS
from rssim.inputs.scenario import Scenario, effective
from rssim.inputs.schema import lay_out
from rssim.records import Array
from rssim.rules.annuities import annuity_divisor
from rssim.rules.retirement import (
    delay_months,
    earliest_age_months,
    latest_age_months,
    month_index,
    original_month,
    reform_progress,
    retirement_month,
    statutory_age_months,
)

READS = (
    "retirement.original_age",
    "retirement.delay_step_months",
    "retirement.delay_cap_months",
    "retirement.early_max_months",
    "retirement.late_max_months",
    "employee_pension.annuity_divisor",
    "employee_pension.divisor_by_month",
)
MONTHS = 12


@dataclass(frozen=True)
class ClaimTypes:
    """Shares of a cell by the way in which it claims; arrays (type, year, sex, track, age).

    types are on time, early and late. ``before`` share that claimed before the year, ``within``
    share that claims in it, ``worked`` and ``paid`` part of the year times ``within``,
    ``reciprocal`` mean of 1 / divisor [1/month] times ``within``.
    ``due_before`` and ``due_within`` (year, sex, track, age): the same for the statutory date.
    """

    before: Array
    within: Array
    worked: Array
    paid: Array
    reciprocal: Array
    due_before: Array
    due_within: Array
    late_reciprocal: Array
    minimum_when_due: Array


@dataclass(frozen=True)
class Schedule:
    """Claims of one year, (draw, 1, sex, track, age).

    before, within   shares of the cell that claimed before the year and claim in it
    claim_hazard     within, of those who have not claimed; 1 where all have reached their date
    due_before, due_hazard  the same for the statutory date
    worked, paid     mean part of the year before and after the claim of those who claim
    reciprocal       their mean reciprocal divisor [1/month]
    original_past    share past the original age on 1 January
    minimum_when_due minimum years of the year in which the cohort's date falls (mean month)
    """

    before: Array
    within: Array
    claim_hazard: Array
    worked: Array
    paid: Array
    reciprocal: Array
    due_before: Array
    due_hazard: Array
    original_past: Array
    minimum_when_due: Array


LATE_WORKED = 0.5
"""Those who meet the minimum years after their date claim at a random day of the year."""


def schedule_of_year(
    types: ClaimTypes, original: Array, at: int, early_share: Array, late_share: Array
) -> Schedule:
    """The claims of a year, given the shares that claim early and late (draw, 1, 1, 1)."""
    early = np.asarray(early_share)[..., None]
    late = np.asarray(late_share)[..., None]
    shares = (1.0 - early - late, early, late)

    def mixed(parts: Array) -> Array:
        cells = parts[:, at][:, None, None]
        return np.asarray(sum(share * cell for share, cell in zip(shares, cells, strict=True)))

    before, within = mixed(types.before), mixed(types.within)
    due_before, due_within = types.due_before[at][None, None], types.due_within[at][None, None]

    def mean(parts: Array, otherwise: Array) -> Array:
        return np.where(within > 0, mixed(parts) / np.where(within > 0, within, 1.0), otherwise)

    late_paid = np.asarray(1.0 - LATE_WORKED - 0.5 / MONTHS)
    return Schedule(
        before=before,
        within=within,
        claim_hazard=_hazard(before, within),
        worked=mean(types.worked, np.asarray(LATE_WORKED)),
        paid=mean(types.paid, late_paid),
        reciprocal=mean(types.reciprocal, types.late_reciprocal),
        due_before=due_before,
        due_hazard=_hazard(due_before, due_within),
        original_past=original,
        minimum_when_due=types.minimum_when_due[at][None, None],
    )


def _hazard(before: Array, within: Array) -> Array:
    """Share of those not yet at their date who reach it in the year; 1 where nobody waits."""
    waiting = 1.0 - before
    some = waiting > 1e-9
    return np.asarray(np.where(some, within / np.where(some, waiting, 1.0), 1.0))


def _monthly(dated: Dated, key: str, months: Array) -> Array:
    """The value in force on the first day of each month, (sex, track, ...)."""
    steps = dated.effective().steps
    starts = np.array([month_index(step.since.year, step.since.month) for step in steps])
    starts = starts + np.array([step.since.day > 1 for step in steps])
    values = np.stack([lay_out(step.value, PARAMS[key], ()).reshape(-1) for step in steps])
    at = np.maximum(np.searchsorted(starts, months, side="right") - 1, 0)
    if values.shape[1] == 1:
        return np.asarray(values[:, 0][at])
    table = values.reshape(len(steps), len(SEXES), len(TRACKS))
    sex = np.arange(len(SEXES)).reshape(-1, *[1] * (months.ndim - 1))
    track = np.arange(len(TRACKS)).reshape(-1, *[1] * (months.ndim - 2))
    return np.asarray(table[at, sex, track])


def _by_post(value: Any, key: str) -> Array:
    """A value by sex and track, (sex, track, 1, 1)."""
    flat = lay_out(value, PARAMS[key], ()).reshape(-1)
    return np.broadcast_to(flat, len(SEXES) * len(TRACKS)).reshape(len(SEXES), len(TRACKS), 1, 1)


def _phases(step: Dated, cap: Dated) -> list[tuple[float, float, Any, Any]]:
    """Periods of the original date in which delay grows: start, end, step and cap in force."""
    days = sorted({item.since for dated in (step, cap) for item in dated.effective()})
    out = []
    for number, day in enumerate(days):
        end = days[number + 1] if number + 1 < len(days) else None
        last = float(month_index(end.year, end.month)) if end else np.inf
        try:
            out.append((float(month_index(day.year, day.month)), last, step.on(day), cap.on(day)))
        except KeyError:
            continue
    return out


def claim_types(scenario: Scenario, first: int, last: int) -> tuple[ClaimTypes, Array]:
    """Claims by type for every year of the run, and the share past the original age.

    The second array is (1, 1, sex, track, age): what the participation table of the census saw.
    """

    def law(name: str) -> Dated:
        found: Dated = effective(scenario, name)
        return found

    ages = np.array(AGES)
    cohorts = np.arange(first - len(ages) - 1, last + 1)
    birth_year = cohorts[None, None, :, None].astype(float)
    birth_month = np.arange(1, MONTHS + 1)[None, None, None, :].astype(float)
    shape = (len(SEXES), len(TRACKS), len(cohorts), MONTHS)

    key = "retirement.original_age"
    earliest = law(key).steps[0]
    old = lay_out(earliest.value, PARAMS[key], ()).reshape(len(SEXES), len(TRACKS), 1, 1)
    old_date = np.broadcast_to(original_month(birth_year, birth_month, old), shape)
    original_age = _monthly(law(key), key, old_date)
    original_date = np.broadcast_to(original_month(birth_year, birth_month, original_age), shape)

    step_key, cap_key = "retirement.delay_step_months", "retirement.delay_cap_months"
    progress = np.zeros(shape)
    for start, end, step_value, cap_value in _phases(law(step_key), law(cap_key)):
        grown = reform_progress(original_date, start, _by_post(step_value, step_key), end)
        progress = progress + np.where(_by_post(cap_value, cap_key) > 0, grown, 0.0)
    delay = delay_months(progress, _monthly(law(cap_key), cap_key, original_date))
    statutory = np.broadcast_to(statutory_age_months(original_age, delay), shape)
    due = np.broadcast_to(retirement_month(birth_year, birth_month, statutory), shape)

    early_key, late_key = "retirement.early_max_months", "retirement.late_max_months"
    earliest_age = earliest_age_months(
        statutory, original_age, _monthly(law(early_key), early_key, due)
    )
    latest_age = latest_age_months(statutory, _monthly(law(late_key), late_key, due))

    table = law("employee_pension.annuity_divisor").steps[-1].value
    rows = np.array(sorted(table), dtype=float)
    months_table = np.array([table[age] for age in sorted(table)], dtype=float)
    flags = law("employee_pension.divisor_by_month")

    years = np.arange(first, last + 1)
    column = years[:, None] - ages[None, :] - 1 - cohorts[0]
    parts: dict[str, list[Array]] = {
        name: [] for name in ("before", "within", "worked", "paid", "reciprocal")
    }
    for age in (statutory, earliest_age, latest_age):
        date_of = np.broadcast_to(retirement_month(birth_year, birth_month, age), shape)
        by_month = _monthly(flags, "employee_pension.divisor_by_month", date_of) > 0.5
        divisor = annuity_divisor(age, rows, months_table, by_month)
        before, within = _in_years(date_of, column, years)
        month = np.mod(date_of, MONTHS)[:, :, column]
        parts["before"].append(_mean(before))
        parts["within"].append(_mean(within))
        parts["worked"].append(_mean(within * month / MONTHS))
        parts["paid"].append(_mean(within * (MONTHS - 1 - month) / MONTHS))
        parts["reciprocal"].append(_mean(within / divisor[:, :, column]))
    due_before, due_within = _in_years(due, column, years)
    due_year = np.floor_divide(due.mean(axis=-1), MONTHS) * MONTHS
    minimum = _monthly(
        law("employee_pension.minimum_years"), "employee_pension.minimum_years", due_year
    )
    original = _original_past(old.reshape(len(SEXES), len(TRACKS)), ages)
    return (
        ClaimTypes(
            **{name: np.stack(values) for name, values in parts.items()},
            due_before=_mean(due_before),
            due_within=_mean(due_within),
            minimum_when_due=np.moveaxis(minimum[:, :, column], 2, 0),
            late_reciprocal=1.0 / annuity_divisor((ages + 0.5) * MONTHS, rows, months_table, True),
        ),
        original,
    )


def _in_years(month: Array, column: np.ndarray, years: np.ndarray) -> tuple[Array, Array]:
    """Whether the month lies before and within each year, (sex, track, year, age, month)."""
    year = np.floor_divide(month, MONTHS)[:, :, column]
    now = years[None, None, :, None, None]
    return (year < now).astype(float), (year == now).astype(float)


def _mean(values: Array) -> Array:
    """Mean over birth months, as (year, sex, track, age)."""
    return np.moveaxis(values.mean(axis=-1), 2, 0)


def _original_past(original_age: Array, ages: np.ndarray) -> Array:
    """Share of a cell past the original age on 1 January, (1, 1, sex, track, age)."""
    return np.asarray(ages[None, None, :] >= original_age[..., None], dtype=float)[None, None]


def statutory_path(scenario: Scenario, years: list[int]) -> dict[str, list[float]]:
    """Mean statutory age [years] by sex and track of those born in each year: for pages."""
    first, last = min(years), max(years)
    cohorts = np.arange(first, last + 1, dtype=float)[None, None, :, None]
    month = np.arange(1, MONTHS + 1, dtype=float)[None, None, None, :]
    shape = (len(SEXES), len(TRACKS), last - first + 1, MONTHS)
    key = "retirement.original_age"
    old = lay_out(effective(scenario, key).steps[0].value, PARAMS[key], ()).reshape(2, 2, 1, 1)
    dates = np.broadcast_to(original_month(cohorts, month, old), shape)
    progress = np.zeros(shape)
    step_key, cap_key = "retirement.delay_step_months", "retirement.delay_cap_months"
    for start, end, step_value, cap_value in _phases(
        effective(scenario, step_key), effective(scenario, cap_key)
    ):
        grown = reform_progress(dates, start, _by_post(step_value, step_key), end)
        progress = progress + np.where(_by_post(cap_value, cap_key) > 0, grown, 0.0)
    delay = delay_months(progress, _monthly(effective(scenario, cap_key), cap_key, dates))
    age = statutory_age_months(old, delay).mean(axis=-1) / MONTHS
    return {
        f"{sex}, {track}": [float(age[s, k, year - first]) for year in years]
        for s, sex in enumerate(SEXES)
        for k, track in enumerate(TRACKS)
    }


@dataclass(frozen=True)
class RetirementDates:
    """When one person may retire, in months; see the functions of `rules.retirement`.

    original_age, delay, statutory_age, earliest_age, latest_age  [month of age]
    """

    original_age: float
    delay: float
    statutory_age: float
    earliest_age: float
    latest_age: float


def dates_of_person(
    scenario: Scenario, birth_year: int, birth_month: int, sex: str, track: str
) -> RetirementDates:
    """The ages at which a person born in a month may retire from a post under a scenario."""
    shape = (len(SEXES), len(TRACKS), 1, 1)
    year, month = np.full(shape, float(birth_year)), np.full(shape, float(birth_month))
    key = "retirement.original_age"
    oldest = lay_out(effective(scenario, key).steps[0].value, PARAMS[key], ()).reshape(shape)
    old = _monthly(effective(scenario, key), key, original_month(year, month, oldest))
    date_of = original_month(year, month, old)
    progress = np.zeros(shape)
    step_key, cap_key = "retirement.delay_step_months", "retirement.delay_cap_months"
    steps, caps = effective(scenario, step_key), effective(scenario, cap_key)
    for start, end, step_value, cap_value in _phases(steps, caps):
        grown = reform_progress(date_of, start, _by_post(step_value, step_key), end)
        progress = progress + np.where(_by_post(cap_value, cap_key) > 0, grown, 0.0)
    delay = delay_months(progress, _monthly(caps, cap_key, date_of))
    statutory = statutory_age_months(old, delay)
    due = retirement_month(year, month, statutory)
    early_key, late_key = "retirement.early_max_months", "retirement.late_max_months"
    early = _monthly(effective(scenario, early_key), early_key, due)
    late = _monthly(effective(scenario, late_key), late_key, due)
    parts = (
        old * MONTHS,
        delay,
        statutory,
        earliest_age_months(statutory, old, early),
        latest_age_months(statutory, late),
    )
    at = (SEXES.index(sex), TRACKS.index(track), 0, 0)
    return RetirementDates(*(float(np.broadcast_to(part, shape)[at]) for part in parts))
