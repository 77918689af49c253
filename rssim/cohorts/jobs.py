"""The market for formal jobs within the yearly model: terms of matches, calibration, outcome.

Vacancies are for formal jobs. Unemployed people of every cell, and flexible workers at a lower
intensity, search in one market, so that help to one group displaces others. What a match yields
grows with the outlook of wages; labour cost, wage floor, subsidies and demand move vacancies and
the bargained wage. Money is in yuan per year, intensities are per year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.axes import FLEXIBLE, FORMAL, UNEMPLOYED
from rssim.cohorts.earnings import collected_share, covered_share
from rssim.cohorts.matching import Market, calibrate_market, market_at, solve_tightness
from rssim.cohorts.state import Constants, JobConstants, References
from rssim.errors import ParameterError
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.contributions import expected_assessed_base, flexible_base
from rssim.rules.matching import Match, floored_match, net_share
from rssim.rules.worker_flows import separation_rate_at

MONTHS = 12
FLOOR_ROUNDS = 6
FEW = 1e-9


@dataclass(frozen=True, eq=False)
class Intensities:
    """Intensities of the working states in a year, (draw, group, sex, age) or broadcastable.

    finding            unemployed to formal            [1/year]
    flexible_entry     unemployed to flexible          [1/year]
    flexible_to_formal flexible to formal              [1/year]
    separation         formal to unemployed            [1/year]
    """

    finding: Array
    flexible_entry: Array
    flexible_to_formal: Array
    separation: Array


@dataclass(frozen=True, eq=False)
class JobsYear:
    """What the market settled on: intensities, the wage of each cell and the market's figures.

    wage_m     (draw, group, sex, age)  mean paid wage                 [yuan/month]
    bargained_m (draw, group, sex, age) wage at mean quality, before the floor [yuan/month]
    tightness  (draw,)                  openings per unit of search    [1]
    vacancies  (draw,)                                                 [persons]
    residual   (draw,)  log of what a vacancy earns over what it costs [1]
    seekers    (draw, group, sex, age)  in units of full search effort [persons]
    made_share (draw, group, sex, age)  share of meetings that become jobs [1]
    """

    intensities: Intensities
    wage_m: Array
    bargained_m: Array
    tightness: Array
    vacancies: Array
    residual: Array
    seekers: Array
    made_share: Array


def exogenous_intensities(year: Year, constants: Constants) -> Intensities:
    """The calibrated intensities times their levers: no policy moves them."""
    labour = year.labour
    return Intensities(
        finding=constants.finding_rate * labour.finding_rate,
        flexible_entry=constants.flexible_entry_rate * labour.flexible_entry_rate,
        flexible_to_formal=labour.flexible_to_formal_rate,
        separation=separation_rate(year),
    )


def separation_rate(year: Year) -> Array:
    """Intensity at which formal jobs end in unemployment, given the year's demand [1/year]."""
    terms = year.jobs
    return separation_rate_at(year.labour.separation_rate, terms.demand, terms.separation_response)


def labour_charges(
    wage_m: Array, references: References, year: Year, constants: Constants
) -> tuple[Array, Array]:
    """Employer's and employee's contributions as shares of the wage, floors and caps included [1].

    wage_m  (draw, group, sex, age)  mean wage of the cell
    """
    law, other = year.pension, year.labour_law
    declared = wage_m * (constants.declared_share * year.earnings.declared_share)
    base = expected_assessed_base(
        declared, year.earnings.log_sd, references.floor_m, references.cap_m
    )
    some = wage_m > 0
    ratio = np.divide(base, wage_m, out=np.zeros_like(base), where=some)
    ratio = ratio * covered_share(constants, year) * collected_share(year)
    employer = ratio * law.employer_rate * (1.0 - law.employer_relief_share)
    employee = ratio * law.employee_rate
    if year.schemes:
        covered = np.asarray(covered_share(constants, year) * collected_share(year))
        for terms in year.schemes.values():
            paid, withheld = terms.charges(ratio, covered)
            employer, employee = employer + paid, employee + withheld
    return employer + other.other_employer_rate, employee + other.other_employee_rate


def flexible_search(year: Year, constants: Constants) -> Array:
    """Search of a flexible worker relative to an unemployed person, (draw, 1, 1, 1) [1]."""
    return np.asarray(year.labour.flexible_to_formal_rate / constants.finding_rate)


def flexible_charge(references: References, year: Year, constants: Constants) -> Array:
    """Contributions of flexible workers as a share of the average wage, (draw, 1, 1, 1) [1]."""
    covered = covered_share(constants, year) * year.labour.coverage_flexible
    tier = flexible_base(references.base_wage_m, year.earnings.flexible_base_tier)
    base = np.clip(tier, references.floor_m, references.cap_m)
    paid = covered * year.pension.flexible_rate * collected_share(year)
    return np.asarray(paid * base / references.productivity_m)


def market_of(
    people: Array,
    last_wage_m: Array,
    anchor_m: Array,
    growth: Array,
    references: References,
    year: Year,
    constants: Constants,
    jobs: JobConstants,
) -> Market:
    """The year's market, given the people of 1 January and last year's wages.

    people       (draw, group, sex, status, age)
    last_wage_m  (draw, group, sex, age) [yuan/month]
    anchor_m     (draw, 1, 1, 1) [yuan/month]  what the outlook pays a cell of relative wage one
    growth       (draw, 1, 1, 1) [1]           of the anchor since last year
    """
    terms, labour = year.jobs, year.labour
    anchor = anchor_m * MONTHS
    expected = last_wage_m * (1.0 + growth)
    employer, employee = labour_charges(expected, references, year, constants)
    match = Match(
        output=jobs.output_ratio * anchor * terms.demand,
        outside_value=jobs.outside_ratio * anchor * terms.outside_value,
        discount_rate=terms.discount_rate,
        separation_rate=separation_rate(year),
        bargaining_share=terms.bargaining_share,
        employer_rate=employer,
        net_share=net_share(employee, employer, terms.deferred_share),
        subsidy=terms.job_subsidy_m * MONTHS,
        indexed_share=terms.indexed_share,
        replacement_rate=terms.outside_value_ratio,
    )
    search = jobs.search_efficiency * labour.finding_rate
    idle = people[..., UNEMPLOYED, :] + flexible_search(year, constants) * people[..., FLEXIBLE, :]
    return Market(
        match=match,
        seekers=search * idle,
        efficiency=terms.match_efficiency,
        elasticity=terms.matching_elasticity,
        vacancy_cost=0.0,
        vacancy_cost_wages=jobs.vacancy_cost_wages,
        search_efficiency=search,
        hiring_subsidy=terms.hiring_subsidy,
        employed=np.maximum(people[..., FORMAL, :], 0.0),
        minimum_wage=year.labour_law.minimum_wage_m * year.labour_law.minimum_wage_factor * MONTHS,
        log_sd=year.earnings.log_sd,
        last_wage=last_wage_m * MONTHS,
        wage_growth=growth,
        rigidity=terms.wage_rigidity,
    )


def jobs_year(
    people: Array,
    last_wage_m: Array,
    anchor_m: Array,
    growth: Array,
    references: References,
    year: Year,
    constants: Constants,
    jobs: JobConstants,
) -> JobsYear:
    """Vacancies, job finding and wages of the year: one root in tightness per draw."""
    terms = year.jobs
    market = market_of(people, last_wage_m, anchor_m, growth, references, year, constants, jobs)
    try:
        found = solve_tightness(market)
    except ParameterError as fault:
        floor = float(np.mean(market.minimum_wage)) / MONTHS
        raise ParameterError(
            f"{year.year}: {fault} The minimum wage of the year is {floor:,.0f} yuan a month "
            "(labour_law.minimum_wage_m × labour_law.minimum_wage_factor), demand "
            f"{float(terms.demand.mean()):g} (job_market.demand)."
        ) from fault
    wage_m = found.matched.floored_wage * jobs.paid_ratio / MONTHS
    gain = relative_net_pay(wage_m, anchor_m, references, year, constants) - jobs.relative_net_pay
    entry = constants.flexible_entry_rate * year.labour.flexible_entry_rate
    return JobsYear(
        intensities=Intensities(
            finding=found.finding_rate,
            flexible_entry=entry * np.exp(-year.jobs.flexible_take_up * gain),
            flexible_to_formal=flexible_search(year, constants) * found.finding_rate,
            separation=separation_rate(year),
        ),
        wage_m=wage_m,
        bargained_m=found.wage / MONTHS,
        tightness=found.tightness.reshape(-1),
        vacancies=found.vacancies.reshape(-1),
        residual=found.residual.reshape(-1),
        seekers=np.asarray(market.seekers),
        made_share=found.matched.made_share,
    )


def relative_net_pay(
    wage_m: Array, anchor_m: Array, references: References, year: Year, constants: Constants
) -> Array:
    """Log of net formal pay over net flexible income, as far as it can change [1].

    Flexible income of a cell grows with the outlook; what workers see as deferred pay counts.
    """
    employer, employee = labour_charges(wage_m, references, year, constants)
    net = wage_m * net_share(employee, employer, year.jobs.deferred_share)
    own = 1.0 - (1.0 - year.jobs.deferred_share) * flexible_charge(references, year, constants)
    return np.asarray(np.log(np.maximum(net, FEW)) - np.log(anchor_m * own))


def calibrated_jobs(
    people: Array,
    wage_m: Array,
    anchor_m: Array,
    tightness: Array,
    references: References,
    year: Year,
    constants: Constants,
) -> JobConstants:
    """Search efficiency, output, outside value and vacancy cost of the opening day, closed form.

    people     (draw, group, sex, status, age)  of the opening day
    wage_m     (draw, group, sex, age)          observed wages of the first year
    tightness  (draw, 1, 1, 1)                  observed openings per seeker

    The equilibrium of the first year is then the observed one: the job finding that meets the
    unemployment rate, the observed wages and openings per seeker.
    Limits: one job-finding intensity for all cells at the opening.
    """
    terms = year.jobs
    anchor = anchor_m
    employer, employee = labour_charges(wage_m, references, year, constants)
    net = net_share(employee, employer, terms.deferred_share)
    finding = np.broadcast_to(constants.finding_rate, wage_m.shape)
    blank = JobConstants(
        search_efficiency=np.ones_like(wage_m),
        output_ratio=np.ones_like(wage_m),
        outside_ratio=terms.outside_value_ratio * net * wage_m / anchor,
        vacancy_cost_wages=np.ones_like(anchor),
        paid_ratio=np.ones_like(wage_m),
        relative_net_pay=np.zeros_like(wage_m),
    )
    still = np.zeros_like(anchor)
    market = market_of(people, wage_m, anchor, still, references, year, constants, blank)
    free = replace(market, minimum_wage=0.0, rigidity=0.0)
    meeting = finding
    for _ in range(FLOOR_ROUNDS):
        found = calibrate_market(free, tightness, meeting, wage_m * MONTHS)
        floored = floored_match(
            found.match,
            wage_m * MONTHS,
            market.minimum_wage,
            market.log_sd,
            market.hiring_subsidy,
        )
        meeting = finding / np.maximum(floored.made_share, FEW)
    jobs = replace(
        blank,
        search_efficiency=np.asarray(found.search_efficiency / year.labour.finding_rate),
        output_ratio=np.asarray(found.match.output) / (anchor * MONTHS * terms.demand),
        vacancy_cost_wages=np.asarray(found.vacancy_cost_wages).reshape(anchor.shape),
    )
    with_floor = market_of(people, wage_m, anchor, still, references, year, constants, jobs)
    there = market_at(with_floor, tightness)
    paid = there.matched.floored_wage
    return replace(
        jobs,
        vacancy_cost_wages=jobs.vacancy_cost_wages * np.exp(there.residual),
        paid_ratio=wage_m * MONTHS / paid,
        relative_net_pay=relative_net_pay(wage_m, anchor, references, year, constants),
    )
