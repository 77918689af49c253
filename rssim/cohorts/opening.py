"""Opening stocks: rights and pensions from the recorded history, people by state.

No source publishes contribution years, indices and balances of members by age. They follow from
what is published: the insured workers, wages, credit and interest rates and increases of every
past year. The history is run through the same functions as the future, for the people who stand
on the opening day (survivors), under the retirement ages of the time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from rssim.axes import AWAY, CONTRIBUTING, FLEXIBLE, FORMAL, MEMBERS, OUT, PENSIONER, UNEMPLOYED
from rssim.cohorts.earnings import mean_wage
from rssim.cohorts.funds.pension_claims import ALL, MONTHS, award, claims
from rssim.cohorts.funds.pension_members import accrue_and_age, move_members
from rssim.cohorts.funds.pensioners import (
    aged_pensioners,
    no_survivors,
    pay_new,
    pay_pensioners,
    raised_pensions,
)
from rssim.cohorts.jobs import exogenous_intensities
from rssim.cohorts.labour import (
    STATES,
    TINY,
    WORK_FIRST,
    entry_and_exit,
    generators,
    integrate,
    next_age,
    participation,
    scaled_odds,
)
from rssim.cohorts.state import (
    DEEMED_ACCOUNT,
    DEEMED_PEOPLE,
    DEEMED_QUANTITIES,
    DEEMED_YEARS,
    INDEX_YEARS,
    MEMBER_AGES,
    MEMBER_COUNT,
    PENSION,
    PENSION_BALANCE,
    PENSIONER_QUANTITIES,
    PENSIONERS,
    PEOPLE,
    RIGHTS_QUANTITIES,
    YEARS_BINS,
    Constants,
    Macro,
    PensionStocks,
    References,
    Stocks,
    by_track,
    over_bins,
)
from rssim.cohorts.year import track_shares
from rssim.errors import CalibrationError
from rssim.inputs.assemble import Inputs, Year
from rssim.inputs.place import Place
from rssim.inputs.tables import Table
from rssim.records import Array

QUIET_YEARS = 15
"""Years of the first recorded level before the history, so that the oldest have a career."""
LAST_DEEMED_INDEX_YEAR = 1993
"""Source: Yuefuhan [2021] 294: deemed years and years up to 1993 count with the deemed index."""
HISTORY_COLUMNS = (
    "contributors",
    "reference_wage_m",
    "account_credit_rate",
    "account_interest_rate",
    "increase_ceiling",
    "calculation_base_m",
)


@dataclass(frozen=True, eq=False)
class History:
    """Published past of a scheme: one value for each year before the opening."""

    years: tuple[int, ...]
    columns: dict[str, Array]


def read_history(place: Place, opening: date) -> History:
    """The history table of a place up to the year before the opening."""
    path = place.file("stocks/history.csv")
    table = Table(path, ["year", *HISTORY_COLUMNS])
    years = table.integers("year", 1900, 2500)
    keep = years < opening.year
    order = np.argsort(years[keep])
    columns = {name: table.numbers(name, -1.0)[keep][order] for name in HISTORY_COLUMNS}
    found = tuple(int(year) for year in years[keep][order])
    steps = place.entry("pension_behaviour.pay_up_share").dated
    columns["pay_up_share"] = np.array(
        [float(steps.on(max(date(year, 7, 1), steps.steps[0].since))) for year in found]
    )
    return History(found, columns)


def opening_macro(inputs: Inputs) -> Macro:
    """Wages, calculation base and growth of the years before the run."""
    two, one = inputs.earlier
    return Macro(
        wage_1_m=one.pension.reference_wage_m,
        wage_2_m=two.pension.reference_wage_m,
        calculation_base_1_m=one.pension.calculation_base_m,
        wage_growth_1=one.economy.wage_growth,
        inflation_1=one.economy.inflation,
        price_index_1=np.ones((1, 1, 1, 1)),
        productivity_1_m=one.pension.reference_wage_m,
        anchor_1_m=one.pension.reference_wage_m,
        wage_gap_1=np.ones((1, 1, 1, 1)),
    )


def empty_pension(inputs: Inputs, draws: int) -> PensionStocks:
    """A fund without members, pensioners or money."""
    groups = len(inputs.axes.groups)
    cells = (draws, groups, 2, 2)
    return PensionStocks(
        rights=np.zeros((len(RIGHTS_QUANTITIES), len(MEMBERS), YEARS_BINS, *cells, MEMBER_COUNT)),
        deemed=np.zeros((len(DEEMED_QUANTITIES), len(MEMBERS), *cells, MEMBER_COUNT)),
        pensioners=np.zeros((len(PENSIONER_QUANTITIES), *cells, 101)),
        balance=np.zeros((draws, 1, 1, 1)),
    )


def younger(values: Array, years: int) -> Array:
    """People of a later day at the age that they had so many years before; none above."""
    if years <= 0:
        return values
    out = np.zeros_like(values)
    if years < values.shape[-1]:
        out[..., : values.shape[-1] - years] = values[..., years:]
    return out


def grown_rights(
    inputs: Inputs, history: History, rate: Array, index: Array, contributors: Array
) -> PensionStocks:
    """Members and pensioners that the history of the scheme leaves on the opening day.

    rate          (draw, group, sex, age)  labour-force participation before the pension age
    index         (draw, group, sex, age)  mean index of contributors by age
    contributors  (draw, 1, 1, 1)          insured workers on the opening day
    Limits: survivors only; migrants count as if they had always lived here, which the level of
    each year's insured workers corrects in total but not by age.
    """
    first = inputs.years[0]
    tracks = track_shares(first)
    stocks = empty_pension(inputs, inputs.population.shape[0])
    people = inputs.population
    waiting = ((1.0 - first.schedule.before) * tracks).sum(axis=-2)
    here = (rate * people * waiting).sum(axis=(1, 2, 3), keepdims=True)
    level = contributors / here
    ceiling = float(first.behaviour.highest_coverage.mean()) / float(rate.max())
    years = (*[history.years[0]] * QUIET_YEARS, *history.years)
    latest = history.columns["contributors"][-1]
    began = False
    for number, _ in enumerate(years):
        at = max(number - QUIET_YEARS, 0)
        before = len(years) - number
        then = younger(people, before)
        base = (rate * then * waiting).sum(axis=(1, 2, 3), keepdims=True)
        row = {name: values[at] for name, values in history.columns.items()}
        coverage = level * (row["contributors"] / latest) * here / np.maximum(base, 1.0)
        past, amounts = _past_year(first, row, history, at)
        starts = row["account_credit_rate"] > 0 and not began
        if starts:
            began = True
            stocks = replace(stocks, deemed=_deemed(stocks, first))
        # Years up to 1993 count with the deemed index of the place, later ones with one's own.
        deemed = history.years[at] <= LAST_DEEMED_INDEX_YEAR
        of_year = np.broadcast_to(first.pension.deemed_index, index.shape) if deemed else index
        covered = rate * np.minimum(coverage, ceiling)
        stocks = _history_year(stocks, then, covered, of_year, past, amounts, tracks)
    return stocks


def _past_year(
    first: Year, row: dict[str, float], history: History, at: int
) -> tuple[Year, References]:
    """The law of a past year: that of the opening with the recorded rates and amounts."""

    def scalar(value: float) -> Array:
        return np.full((1, 1, 1, 1), value)

    law = replace(
        first.pension,
        account_rate=scalar(row["account_credit_rate"]),
        account_interest_rate=scalar(row["account_interest_rate"]),
    )
    wage = history.columns["reference_wage_m"][max(at - 1, 0)]
    amounts = References(
        wage_m=scalar(row["reference_wage_m"]),
        productivity_m=scalar(row["reference_wage_m"]),
        base_wage_m=scalar(wage),
        floor_m=first.pension.base_floor_ratio * wage,
        cap_m=scalar(np.inf),
        calculation_base_m=scalar(row["calculation_base_m"]),
        increase=scalar(row["increase_ceiling"]),
        price_index=scalar(1.0),
    )
    behaviour = replace(first.behaviour, pay_up_share=scalar(row["pay_up_share"]))
    return replace(first, pension=law, behaviour=behaviour), amounts


def _deemed(stocks: PensionStocks, first: Year) -> Array:
    """Service before accounts: everyone's years so far, weighted with their index."""
    people = over_bins(stocks.rights[PEOPLE])
    weighted = over_bins(stocks.rights[INDEX_YEARS])
    account = weighted * by_track(first.pension.deemed_account_per_year)
    out = np.zeros_like(stocks.deemed)
    out[DEEMED_PEOPLE], out[DEEMED_YEARS], out[DEEMED_ACCOUNT] = people, weighted, account
    return out


def _history_year(
    stocks: PensionStocks,
    people: Array,
    rate: Array,
    index: Array,
    past: Year,
    amounts: References,
    tracks: Array,
) -> PensionStocks:
    """One past year without deaths: survivors of the opening day only."""
    collection = np.ones((1, 1, 1, 1))
    member_index = by_track(index[..., MEMBER_AGES])
    base_m = member_index * by_track(amounts.base_wage_m)
    found = claims(stocks, amounts, past)
    granted = award(found, base_m, member_index, amounts, past, collection, collection)
    in_track = by_track(people) * tracks
    waiting = np.maximum(1.0 - past.schedule.before - past.schedule.within, 0.0)
    target = (by_track(rate) * in_track * waiting)[..., MEMBER_AGES]
    members = over_bins(found.staying[PEOPLE])
    all_due = past.schedule.due_hazard[..., MEMBER_AGES] >= ALL
    wanted = np.where(all_due, members[CONTRIBUTING], target + found.continuing)
    exits = np.where(all_due, 0.0, by_track(past.behaviour.exit_rate))
    never = (
        (in_track - stocks.pensioners[PENSIONERS])[..., MEMBER_AGES]
        - members.sum(axis=0)
        - granted.people
        - found.departed[PEOPLE].sum(axis=0)
    )
    rights, deemed, _ = move_members(
        found.staying,
        found.staying_deemed,
        wanted,
        never,
        exits,
        by_track(past.behaviour.return_rate),
        np.zeros((1, 1, 1, 1, 1)),
    )
    interest = by_track(past.pension.account_interest_rate)
    credit = by_track(past.pension.account_rate) * base_m * MONTHS
    alive = np.ones((1, 1, 1, 1, MEMBER_COUNT))
    half = interest * by_track(past.pension.mid_year_factor) / 2.0
    aged, _ = accrue_and_age(rights, credit, member_index, alive, interest, half)
    deemed_next = np.zeros_like(deemed)
    deemed_next[..., 1:] = deemed[..., :-1]
    deemed_next[DEEMED_ACCOUNT] *= 1.0 + interest
    everyone = np.ones_like(people)
    raised = raised_pensions(stocks.pensioners, amounts, past)
    nothing = no_survivors()
    old = pay_pensioners(raised, everyone, past, nothing)
    fresh = pay_new(granted, found.resident_people, alive, past, nothing)
    return PensionStocks(aged, deemed_next, aged_pensioners(old.end + fresh.end), stocks.balance)


def scaled_pensioners(stocks: PensionStocks, inputs: Inputs, constants: Constants) -> PensionStocks:
    """The history's pensioners at the published number and mean pension.

    The odds of drawing a pension, of those past their date, are scaled alike at all ages, so
    nobody draws a pension who has not reached a date; all pensions are scaled alike.
    """
    first = inputs.years[0]
    reached = by_track(inputs.population) * track_shares(first) * first.schedule.before
    people = stocks.pensioners[PENSIONERS]
    share = np.divide(people, reached, out=np.zeros_like(people), where=reached > TINY)
    wanted = scaled_odds(np.clip(share, 0.0, 1.0), constants.pensioner_scale[..., None]) * reached
    factor = np.divide(wanted, people, out=np.zeros_like(people), where=people > TINY)
    pensioners = stocks.pensioners * factor
    pensioners[PENSION] *= constants.pension_scale[..., None]
    pensioners[PENSION_BALANCE] = np.maximum(pensioners[PENSION_BALANCE], 0.0)
    return replace(stocks, pensioners=pensioners)


def opening_shares(inputs: Inputs, pensioners: Array, constants: Constants) -> tuple[Array, Array]:
    """States of people without a pension on the opening day, and work among pensioners.

    pensioners  (draw, group, sex, age)
    Returns shares (draw, group, sex, state, age) and (draw, group, sex, age): the states in which
    a cohort would stand that had lived all its ages under the rates of the first year.
    """
    first = inputs.years[0]
    taking_part = participation(
        inputs.participation,
        next_age(inputs.population),
        next_age(pensioners),
        first,
        track_shares(first),
        constants,
    )
    entering = np.broadcast_to(taking_part.at_end, inputs.population.shape)
    shape = (*inputs.population.shape[:-1], STATES)
    shares = np.zeros((*shape, inputs.population.shape[-1]))
    shares[..., OUT, : WORK_FIRST + 1] = 1.0
    # Entry and exit depend on participation only, so all ages are integrated at once.
    inside = np.concatenate([np.zeros_like(entering[..., :1]), entering[..., :-1]], axis=-1)
    inside[..., : WORK_FIRST + 1] = 0.0
    flat = np.stack([1.0 - inside, inside, np.zeros_like(inside), np.zeros_like(inside)], axis=-2)
    entry, leaving = entry_and_exit(flat, entering)
    flows = generators(
        entry, leaving, np.zeros_like(entry), first, exogenous_intensities(first, constants)
    )
    moves, _ = integrate(flows)
    row = shares[..., WORK_FIRST].copy()
    for age in range(WORK_FIRST, inputs.population.shape[-1] - 1):
        row = (row[..., None, :] @ moves[..., age, :, :])[..., 0, :]
        shares[..., age + 1] = row
    after = np.concatenate(
        [
            np.zeros_like(entering[..., :1]),
            np.broadcast_to(taking_part.after_claim, entering.shape)[..., :-1],
        ],
        axis=-1,
    )
    return shares, after


def opening_stocks(
    inputs: Inputs, grown: PensionStocks, constants: Constants, balance: Array
) -> Stocks:
    """Everything that stands on the opening day, given the constants.

    Raises CalibrationError where members and pensioners exceed the people of a cell.
    """
    pension = scaled_pensioners(grown, inputs, constants)
    pension = replace(pension, balance=balance)
    drawing = pension.pensioners[PENSIONERS].sum(axis=-2)
    without = inputs.population - drawing
    shares, _ = opening_shares(inputs, drawing, constants)
    people = np.zeros((*shares.shape[:-2], PENSIONER + 1, shares.shape[-1]))
    people[..., :PENSIONER, :] = shares * without[..., None, :]
    people[..., PENSIONER, :] = drawing
    members = pension.members[:AWAY].sum(axis=(0, -2))
    excess = members - without[..., MEMBER_AGES]
    if float(excess.max()) > 1e-6 * float(inputs.population.max()):
        at = np.unravel_index(int(excess.argmax()), excess.shape)
        raise CalibrationError(
            f"{inputs.place.key}: at age {at[-1] + MEMBER_AGES.start} members and pensioners "
            f"exceed the residents by {float(excess.max()):.0f}; check contributors and retirees "
            "against the population."
        )
    macro = opening_macro(inputs)
    average = macro.productivity_1_m * inputs.earlier[-1].economy.average_wage_ratio
    anchor = average / mean_wage(people[..., FORMAL, :], inputs.relative_wage)
    macro = replace(macro, anchor_1_m=anchor)
    return Stocks(people, pension, macro, anchor * inputs.relative_wage)


def employed_of(people: Array, working_pensioners: Array) -> dict[str, Array]:
    """Labour totals of a day, (draw,) [persons]: pensioners who work count as flexible.

    people  (draw, group, sex, status, age)
    """
    extra = working_pensioners.sum(axis=(1, 2, 3))
    states = people.sum(axis=(1, 2, 4))
    employed = states[:, FORMAL] + states[:, FLEXIBLE] + extra
    return {
        "employed": employed,
        "unemployed": states[:, UNEMPLOYED],
        "flexible": states[:, FLEXIBLE] + extra,
        "labour_force": employed + states[:, UNEMPLOYED],
    }
