"""The year, on one page: what happens, in the order in which it happens.

A year takes the stocks of 1 January, the law and the rates of the year, and returns what
happened and the stocks of the next 1 January. Nothing else is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.axes import AWAY, CONTRIBUTING, DORMANT, FORMAL, OUT, PENSIONER, SEXES
from rssim.cohorts import ledger, references
from rssim.cohorts.earnings import (
    EarningsYear,
    covered_share,
    earnings_year,
    mean_wage,
)
from rssim.cohorts.funds import employee_pension, pension_claims
from rssim.cohorts.funds.account import TRANSFER_IN, Payment
from rssim.cohorts.funds.employee_pension import Activity, PensionFlows
from rssim.cohorts.funds.pooling import owed
from rssim.cohorts.funds.registry import SCHEMES, WITHIN
from rssim.cohorts.funds.scheme import SchemeYear
from rssim.cohorts.funds.work import Work
from rssim.cohorts.jobs import Intensities, JobsYear, exogenous_intensities, jobs_year
from rssim.cohorts.labour import LabourYear, Participation, labour_year, next_age, participation
from rssim.cohorts.movement import Moves, births_of, joined, moved
from rssim.cohorts.population import death_intensity
from rssim.cohorts.state import (
    RESIDENTS,
    Constants,
    PensionStocks,
    References,
    Stocks,
    by_track,
    full_member_ages,
)
from rssim.errors import CalibrationError
from rssim.inputs.assemble import Inputs, Year
from rssim.records import Array
from rssim.rules.residents_pension_terms import ResidentsPensionBehaviour

MONTHS = 12


@dataclass(frozen=True, eq=False)
class Flows:
    """What happened in a year; each part documents its own shapes and units."""

    references: References
    jobs: JobsYear | None
    labour: LabourYear
    participation: Participation
    earnings: EarningsYear
    pension: PensionFlows
    ledger: ledger.LedgerYear
    work: Work
    measures: dict[str, dict[str, Array]]
    births: Array
    deaths: Array
    moves: Moves
    attrition: Array
    insured_workers: Array
    working_pensioners: Array


def year(
    stocks: Stocks, year: Year, survival: Array, inputs: Inputs, constants: Constants
) -> tuple[Flows, Stocks]:
    """One year.

    survival  (draw, group, sex, age) [1]  share alive at the end of the year by age reached
    """
    # Pensioners of a scheme that is merged into this one join on 1 January.
    tracks = track_shares(year)
    opening = stocks
    stocks, joins = joined(stocks, year, tracks)

    # Last year's wage sets this year's limits; published amounts win.
    amounts = references.reference_amounts(stocks.macro, year)
    kept = next_age(survival)

    # Members of 1 January who reach their date claim a pension or leave.
    found = pension_claims.claims(stocks.pension, amounts, year)
    claimed = full_member_ages(found.awarded_people)

    # The others work, search or stay out, within the year and exactly.
    without_pension = leave_for_pension(stocks, claimed, year, constants)
    pensioners_end = (by_track(kept) * stocks.pension.pensioners[RESIDENTS]).sum(axis=-2)
    pensioners_end = pensioners_end + kept * claimed[:AWAY].sum(axis=(0, -2))
    taking_part = participation(
        inputs.participation, kept * stocks.population, pensioners_end, year, tracks, constants
    )
    attrition = natural_attrition(stocks, claimed, kept)
    composition = baseline_composition(stocks, year.year, inputs, constants)
    anchor = amounts.productivity_m / composition
    jobs, intensities = job_finding(stocks, anchor, amounts, year, constants)
    labour = labour_year(
        without_pension,
        taking_part.at_end,
        death_intensity(kept),
        attrition,
        year,
        intensities,
        constants,
    )

    # They earn, and a part of what they earn is assessed.
    outlook = anchor * inputs.relative_wage
    wages, before_floor = (outlook, outlook) if jobs is None else (jobs.wage_m, jobs.bargained_m)
    earnings = earnings_year(labour.person_years, wages, amounts, year, constants)

    # The fund collects, credits, awards, raises and pays.
    activity = Activity(
        population=stocks.population,
        contribution_rate=earnings.coverage * taking_part.before_claim,
        formal_weight=earnings.formal_weight,
        formal_base_m=earnings.formal_base_m,
        flexible_base_m=earnings.flexible_base_m,
        index=earnings.index,
        survival=kept,
        track_shares=tracks,
        award_scale=1.0 + year.behaviour.award_scale_share * (constants.pension_scale - 1.0),
    )
    pension_flows, pension = employee_pension.year(stocks.pension, found, activity, amounts, year)
    pension_flows = employee_pension.with_short_leavers(
        pension_flows, year.terms(ResidentsPensionBehaviour).short_leavers_share
    )

    # People grow a year older, are born, die, move and change their registration.
    people = aged_people(labour.end, pension)
    born, newborn = births_of(stocks.people, people, year)
    people[..., OUT, 0] += newborn * survival[..., 0]
    people, pension, moves = moved(
        people, pension, amounts, year, inputs.conversion_pairs, inputs.upgrade_pairs
    )
    pension_flows = employee_pension.with_moves(
        pension_flows, joins.sum(axis=-2), moves.money, moves.balances
    )

    # The other schemes collect and pay by what happened.
    work = Work(
        people=stocks.people,
        people_end=people,
        survival=kept,
        labour=labour,
        wage_m=wages,
        earnings=earnings,
        references=amounts,
        jobs=jobs,
        pension=pension_flows,
        moves=moves,
    )
    schemes = other_schemes(stocks, work, year, inputs, constants)

    # The year in money, and every identity.
    level = inputs.place.level
    received = paid_to(ledger.FUND, schemes)
    booked = booked_within(schemes)
    late = opening.pension.arrears
    account = ledger.settle(
        pension_flows, stocks.pension.balance, year, level, received, late, booked
    )
    pension = replace(
        pension,
        balance=account.closing[:, None, None, None],
        arrears=owed(ledger.due_pensions(pension_flows, booked, year.year), year),
    )
    accounts = {employee_pension.KEY: account}
    accounts |= {key: scheme.account for key, scheme in schemes.items()}
    outside = ledger.job_subsidies(*job_subsidies(labour, year), level)
    within = tuple(key for key in WITHIN if key in schemes)
    money = ledger.LedgerYear(accounts, outside, {}, within, booked)

    deaths = ledger.total(stocks.population * (1.0 - kept)) + ledger.total(
        newborn * (1.0 - survival[..., 0])
    )
    employed = stocks.people[..., FORMAL, :]
    gap = mean_wage(employed, wages) / amounts.productivity_m
    amounts = references.realised(amounts, stocks.macro, year, gap)
    macro = references.next_macro(stocks.macro, amounts, year, anchor, gap)
    after = Stocks(
        people,
        pension,
        macro,
        before_floor,
        {key: scheme.stocks for key, scheme in schemes.items()},
    )
    counted = {
        "births": born,
        "deaths": deaths,
        "net_migrants": ledger.total(moves.arrivals) - ledger.total(moves.departures),
    }
    gaps = ledger.identities(money, opening, after, pension_flows, counted)
    for key, scheme in schemes.items():
        gaps |= {f"{key}.{name}": gap for name, gap in scheme.gaps.items()}
    ledger.check(gaps, year.year)
    flows = Flows(
        references=amounts,
        jobs=jobs,
        labour=labour,
        participation=taking_part,
        earnings=earnings,
        pension=pension_flows,
        ledger=ledger.with_identities(money, gaps),
        work=work,
        measures={key: scheme.measures for key, scheme in schemes.items()},
        births=born,
        deaths=deaths,
        moves=moves,
        attrition=attrition,
        insured_workers=insured_workers(after, activity, year),
        working_pensioners=(pension.pensioners[RESIDENTS].sum(axis=-2) * taking_part.after_claim),
    )
    return flows, after


def other_schemes(
    stocks: Stocks, work: Work, year: Year, inputs: Inputs, constants: Constants
) -> dict[str, SchemeYear]:
    """The year of every scheme that has been opened, by key."""
    return {
        scheme.KEY: scheme.year(
            stocks.schemes[scheme.KEY], work, year, inputs, constants.schemes[scheme.KEY]
        )
        for scheme in SCHEMES
        if scheme.KEY in stocks.schemes
    }


def paid_to(fund: str, schemes: dict[str, SchemeYear]) -> dict[str, Payment]:
    """What the schemes pay to a fund, as that fund books it."""
    return {
        f"{name}_from_{key}": replace(item, kind=TRANSFER_IN)
        for key, found in schemes.items()
        for name, item in found.account.payments.items()
        if item.payee == fund
    }


def booked_within(schemes: dict[str, SchemeYear]) -> dict[str, Array]:
    """What the employee pension's engine has booked of the schemes within its series, by name."""
    out: dict[str, Array] = {}
    for scheme in schemes.values():
        for name, amount in scheme.booked.items():
            out[name] = out[name] + amount if name in out else amount
    return out


def baseline_composition(stocks: Stocks, year: int, inputs: Inputs, constants: Constants) -> Array:
    """Mean relative wage of the employees whose mean wage the outlook is, (draw, 1, 1, 1) [1]."""
    if constants.composition is not None:
        return constants.composition[year]
    return mean_wage(stocks.people[..., FORMAL, :], inputs.relative_wage)


def job_finding(
    stocks: Stocks, anchor: Array, amounts: References, year: Year, constants: Constants
) -> tuple[JobsYear | None, Intensities]:
    """Job finding by the closure in force: calibrated intensities, or the market for jobs."""
    if year.jobs.closure == "exogenous":
        return None, exogenous_intensities(year, constants)
    if constants.jobs is None:
        raise CalibrationError(
            "job_market.closure: matching needs the moment openings_per_seeker in calibration.yaml."
        )
    growth = anchor / stocks.macro.anchor_1_m - 1.0
    found = jobs_year(
        stocks.people, stocks.wages_m, anchor, growth, amounts, year, constants, constants.jobs
    )
    return found, found.intensities


def job_subsidies(labour: LabourYear, year: Year) -> tuple[Array, Array]:
    """What employers get per hire and per job of the market for jobs, (draw,) [yuan/year]."""
    if year.jobs.closure == "exogenous":
        nothing = np.zeros(labour.hires.shape[0])
        return nothing, nothing
    per_hire = ledger.total(labour.matched * year.jobs.hiring_subsidy)
    jobs = labour.person_years[..., FORMAL, :] * year.jobs.job_subsidy_m * MONTHS
    return per_hire, ledger.total(jobs)


def track_shares(year: Year) -> Array:
    """Split of the people of a cell by track of the post, (draw, 1, sex, track, 1) [1]."""
    share = year.labour.cadre_share
    cadre = np.broadcast_to(share, (share.shape[0], 1, len(SEXES), 1))
    return np.stack([cadre, 1.0 - cadre], axis=-2)


def leave_for_pension(stocks: Stocks, claimed: Array, year: Year, constants: Constants) -> Array:
    """People without a pension once the year's claimants have left their states.

    claimed  (member, draw, group, sex, track, age) [persons]
    Contributing claimants leave covered work; dormant ones leave the rest in proportion.
    Returns (draw, group, sex, state, age).
    """
    states = stocks.people[..., :PENSIONER, :]
    paying = claimed[CONTRIBUTING].sum(axis=-2)
    resting = claimed[DORMANT].sum(axis=-2)
    members = full_member_ages(stocks.pension.members)
    contributing = members[CONTRIBUTING].sum(axis=-2)
    labour = year.labour
    level = covered_share(constants, year)
    cover = np.stack(
        np.broadcast_arrays(
            np.zeros_like(contributing),
            np.broadcast_to(level, contributing.shape),
            np.broadcast_to(level * labour.coverage_flexible, contributing.shape),
            np.zeros_like(contributing),
        ),
        axis=-2,
    )
    covered = states * cover
    share = np.divide(
        covered,
        covered.sum(axis=-2, keepdims=True),
        out=np.zeros_like(covered),
        where=covered.sum(axis=-2, keepdims=True) > 0,
    )
    paid_part = share * np.minimum(contributing, covered.sum(axis=-2))[..., None, :]
    rest = np.maximum(states - paid_part, 0.0)
    rest_share = np.divide(
        rest,
        rest.sum(axis=-2, keepdims=True),
        out=np.zeros_like(rest),
        where=rest.sum(axis=-2, keepdims=True) > 0,
    )
    from_rest = resting + np.maximum(paying - covered.sum(axis=-2), 0.0)
    from_cover = np.minimum(paying, covered.sum(axis=-2))
    return np.asarray(
        states - share * from_cover[..., None, :] - rest_share * from_rest[..., None, :]
    )


def natural_attrition(stocks: Stocks, claimed: Array, kept: Array) -> Array:
    """Employed people who retire or die in the year, (draw,) [persons/year]."""
    employed = stocks.people[..., FORMAL : FORMAL + 2, :].sum(axis=-2)
    retiring = claimed[CONTRIBUTING].sum(axis=-2)
    return ledger.total(employed * (1.0 - kept)) + ledger.total(retiring)


def aged_people(states_end: Array, pension: PensionStocks) -> Array:
    """People by status one age further, (draw, group, sex, status, age); age 0 is empty."""
    shape = (*states_end.shape[:-2], PENSIONER + 1, states_end.shape[-1])
    people = np.zeros(shape)
    people[..., :PENSIONER, 1:] = states_end[..., :-1]
    people[..., :PENSIONER, -1] += states_end[..., -1]
    people[..., PENSIONER, :] = pension.pensioners[RESIDENTS].sum(axis=-2)
    return people


def insured_workers(after: Stocks, activity: Activity, year: Year) -> Array:
    """Contributors on 31 December by the age then reached, (draw, group, sex, age) [persons].

    Official statistics count insured workers at the end of the year: people of the day at the
    year's contribution rate of their age, as far as they have not claimed.
    """
    claimed = (year.schedule.before + year.schedule.within) * activity.track_shares
    waiting = 1.0 - claimed.sum(axis=-2)
    waiting = np.concatenate([np.ones_like(waiting[..., :1]), waiting[..., :-1]], axis=-1)
    return np.asarray(after.population * activity.contribution_rate * waiting)
