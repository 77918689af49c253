"""The long tail of work injuries: people who draw benefits for years, by kind, cell and age.

Disabled people of grades 1 to 10 and dependants of those who died. The fund pays grades 1 to 4
and dependants every month; grades 5 to 10 stand here until their contract ends, when the fund
pays a last lump sum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.axes import FORMAL
from rssim.cohorts.funds.work import Work
from rssim.cohorts.movement import carried
from rssim.cohorts.population import lived_share
from rssim.inputs.assemble import Inputs, Year
from rssim.records import Array
from rssim.rules.work_injury import life_annuities_by_age, top_up_at_retirement
from rssim.rules.work_injury_terms import WorkInjuryBehaviour, WorkInjuryTerms

GRADES = 10
FUND_GRADES = 4
"""Grades whose monthly allowance the fund pays: Regulations on Work-Injury Insurance, art. 35."""
CHILDREN, ADULTS = GRADES, GRADES + 1
KINDS = tuple(f"grade_{number}" for number in range(1, GRADES + 1)) + ("children", "adults")
PAID = tuple(range(FUND_GRADES)) + (CHILDREN, ADULTS)
"""Kinds with a monthly benefit of the fund, in the order of the amounts."""
HALF = 0.5
MONTHS = 12


@dataclass(frozen=True, eq=False)
class Chances:
    """What becomes of those who stand here in a year.

    kept    (kind, draw, group, sex, age) [1]  still here at the end of the year
    lived   (paid kind, draw, group, sex, age) [years]  time for which a benefit is paid
    ended   (draw, group, sex, age) [1]  grades 5 to 10 whose contract ends
    fresh   as kept, for those who came in the middle of the year
    fresh_ended  as ended, for those
    """

    kept: Array
    lived: Array
    ended: Array
    fresh: Array
    fresh_ended: Array


def past_date(values: Array, year: Year) -> Array:
    """A share by track of the post as the mean over tracks, (draw, 1, sex, age)."""
    cadre = year.labour.cadre_share
    return np.asarray(cadre * values[..., 0, :] + (1.0 - cadre) * values[..., 1, :])


def chances(
    work: Work, year: Year, terms: WorkInjuryTerms, behaviour: WorkInjuryBehaviour
) -> Chances:
    """What becomes of the disabled and of dependants, by age on 1 January.

    Contracts of grades 5 to 10 end as those of the others of their cell; at the pension date they
    end without a lump sum.
    """
    jobs = work.labour.person_years[..., FORMAL, :]
    survival = np.broadcast_to(work.survival, jobs.shape)
    ages = np.arange(survival.shape[-1])
    lost = np.divide(work.labour.separations, jobs, out=np.zeros_like(jobs), where=jobs > 0)
    loss = lost + year.labour.formal_to_flexible_rate
    employed = (1.0 - past_date(year.schedule.claim_hazard, year)) * survival
    staying = np.exp(-loss)
    half_alive, half_staying = HALF * (1.0 + survival), np.exp(-HALF * loss)
    child = ages + 1 < terms.child_end_age
    disabled = survival**behaviour.mortality_ratio
    shape = (len(KINDS), *survival.shape)
    kept, fresh = np.empty(shape), np.empty(shape)
    kept[:FUND_GRADES], fresh[:FUND_GRADES] = disabled, HALF * (1.0 + disabled)
    kept[FUND_GRADES:GRADES] = employed * staying
    fresh[FUND_GRADES:GRADES] = half_alive * half_staying
    kept[CHILDREN], fresh[CHILDREN] = survival * child, half_alive * child
    kept[ADULTS], fresh[ADULTS] = survival, half_alive
    years = lived_share(survival)
    lived = np.empty((len(PAID), *survival.shape))
    lived[:FUND_GRADES] = lived_share(disabled)
    lived[FUND_GRADES] = years * np.where(child, 1.0, HALF)
    lived[FUND_GRADES + 1] = years
    return Chances(
        kept, lived, employed * (1.0 - staying), fresh, half_alive * (1.0 - half_staying)
    )


def aged(values: Array) -> Array:
    """Values one age further; the open group collects."""
    out = np.zeros_like(values)
    out[..., 1:] = values[..., :-1]
    out[..., -1] += values[..., -1]
    return out


def moved(values: Array, work: Work, inputs: Inputs) -> Array:
    """Values after the year's changes of group; who leaves the place keeps his benefit."""
    moves = replace(work.moves, leaving=np.zeros_like(work.moves.leaving))
    return carried(values, moves, inputs.conversion_pairs, inputs.upgrade_pairs)


def dependants(
    deaths: Array, pension: Array, terms: WorkInjuryTerms, behaviour: WorkInjuryBehaviour
) -> tuple[Array, Array]:
    """New dependants (2, draw, group, sex, age) [persons] and their pensions [yuan/year].

    deaths   (draw, group, sex, age)  of workers
    pension  the same                 of all dependants of one worker [yuan/year]

    Children are spread evenly over the ages below the end of their pension, spouses and parents
    over the ages of the place's table; both sexes alike. Pensions are shared by the law's shares.
    Limits: the group of a dependant is that of the worker.
    """
    ages = np.arange(deaths.shape[-1])
    total = deaths.sum(axis=(2, 3), keepdims=True) / deaths.shape[2]
    money = (deaths * pension).sum(axis=(2, 3), keepdims=True) / deaths.shape[2]
    spouses, children = behaviour.spouses_per_death, behaviour.children_per_death
    parents = behaviour.parents_per_death
    young = (ages < terms.child_end_age) * 1.0
    old = behaviour.adult_entry_weight
    young = young / young.sum(axis=-1, keepdims=True)
    old = old / old.sum(axis=-1, keepdims=True)
    for_children = terms.other_share * children
    for_all = for_children + terms.other_share * parents + terms.spouse_share * spouses
    part = np.divide(for_children, for_all, out=np.zeros_like(for_all), where=for_all > 0)
    cell = np.zeros_like(deaths)
    people = np.stack([cell + total * children * young, cell + total * (spouses + parents) * old])
    amounts = np.stack([cell + money * part * young, cell + money * (1.0 - part) * old])
    return people, amounts


def due_shares(
    people: Array, amounts: Array, pension: Array, year: Year, behaviour: WorkInjuryBehaviour
) -> Array:
    """Share of an allowance that the fund still pays, (grade, draw, 1, sex, age) [1].

    people, amounts  (kind, ...), (paid kind, ...)  of 1 January
    pension          (draw, 1, 1, 1) [yuan/year]  mean basic pension of new pensioners

    Past the pension date those with a basic pension get the difference up to the allowance.
    Limits: the rule is applied to the mean allowance of a grade.
    """
    heads = people[:FUND_GRADES].sum(axis=(2, 3, 4), keepdims=True)
    bill = amounts[:FUND_GRADES].sum(axis=(2, 3, 4), keepdims=True)
    mean = np.divide(bill, heads, out=np.zeros_like(bill), where=heads > 0)
    topped = np.divide(
        top_up_at_retirement(mean, pension), mean, out=np.ones_like(mean), where=mean > 0
    )
    drawing = past_date(year.schedule.before, year) * behaviour.pension_share
    return np.asarray(1.0 - drawing * (1.0 - topped))


def reserve_factors(found: Chances, due: Array, behaviour: WorkInjuryBehaviour) -> Array:
    """Present value by age of a yuan a year of each paid kind, and of one not topped up [years].

    Returns (paid kind + 1, draw, group, sex, age); the last is for nursing of grades 1 to 4.
    """
    survival = found.kept[list(PAID)]
    paid = np.ones_like(survival)
    paid[:FUND_GRADES] = due
    survival = np.concatenate([survival, survival[:1]])
    paid = np.concatenate([paid, np.ones_like(paid[:1])])
    return life_annuities_by_age(survival, paid, behaviour.benefit_growth, behaviour.discount_rate)


def standing(new: Array, found: Chances, growth: Array) -> Array:
    """Those who stand here if people came for long at a steadily growing rate, by age.

    new     (kind, draw, group, sex, age) [persons/year]  of the first year
    growth  (draw, 1, 1, 1) [1/year]  of those who came, in the past

    S_x = L_x sum_(y < x) new_y fresh_y / ((1 + g) L_(y + 1)),  L_x = prod_(z < x) kept_z / (1 + g)
    """
    chain = found.kept[..., :-1] / (1.0 + growth)
    start = np.ones_like(chain[..., :1])
    alive = np.cumprod(np.concatenate([start, chain], axis=-1), axis=-1)
    came = (new * found.fresh / (1.0 + growth))[..., :-1]
    per_head = np.divide(came, alive[..., 1:], out=np.zeros_like(came), where=alive[..., 1:] > 0)
    nobody = np.zeros_like(per_head[..., :1])
    before = np.concatenate([nobody, np.cumsum(per_head, axis=-1)], axis=-1)
    return np.asarray(alive * before)
