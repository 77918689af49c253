"""Population by single year of age, moved from 1 January to 1 January.

Every array ends in the axes (..., sex, age); the model uses (draw, group, sex, age). Ages are
completed years, the last one is open (100+). Sex 0 is male, sex 1 is female. Stocks stand on
1 January, rates and flows belong to the calendar year. Nothing here writes into an argument.

Source: Preston, Heuveline and Guillot (2001), Demography, chapters 3 and 6; United Nations,
World Population Prospects 2024, methodology, for the conventions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

AGE_AXIS = -1
SEX_AXIS = -2
GROUP_AXIS = -3
MALE = 0
FEMALE = 1

TIMINGS = ("end", "even")
MOTHERS = ("before_migrants", "with_migrants")


@dataclass(frozen=True, eq=False)
class InfantSeparation:
    """Three straight lines per sex for a_0, the years lived by those who die at age 0.

    upper      (sex, 2)  death rates at which the next line starts [1/year]
    intercept  (sex, 3)  [years]
    slope      (sex, 3)  [years per unit of the death rate]
    """

    upper: Array
    intercept: Array
    slope: Array


#: Lines for the central death rate m_0. Source: Andreev and Kingkade (2015), Average age at
#: death in infancy and infant mortality level, Demographic Research 33, rate form,
#: as used by World Population Prospects 2024.
ANDREEV_KINGKADE_RATE = InfantSeparation(
    upper=np.array([[0.0230, 0.08307], [0.01724, 0.06891]]),
    intercept=np.array([[0.14929, 0.02832, 0.29915], [0.14903, 0.04667, 0.31411]]),
    slope=np.array([[-1.99545, 3.26021, 0.0], [-2.05527, 3.88089, 0.0]]),
)

#: Lines for the probability q_0, which the R package ccmppWPP applies to m_0. Source: the same
#: paper, probability form. Use it only to repeat results of that package.
ANDREEV_KINGKADE_PROBABILITY = InfantSeparation(
    upper=np.array([[0.0226, 0.0785], [0.0170, 0.0658]]),
    intercept=np.array([[0.1493, 0.0244, 0.2991], [0.1490, 0.0438, 0.3141]]),
    slope=np.array([[-2.0367, 3.4994, 0.0], [-2.0867, 4.1075, 0.0]]),
)

#: Coale and Demeny (1983), Regional Model Life Tables, West: level of m_0 from which the
#: constants hold [1/year], constants and lines (sex) for a_0 and for 4a1 [years].
WEST_HIGH_RATE = 0.107
WEST_INFANT_CONSTANT = np.array([0.330, 0.350])
WEST_INFANT_INTERCEPT = np.array([0.045, 0.053])
WEST_INFANT_SLOPE = np.array([2.684, 2.800])
WEST_CHILD_CONSTANT = np.array([1.352, 1.361])
WEST_CHILD_INTERCEPT = np.array([1.651, 1.522])
WEST_CHILD_SLOPE = np.array([-2.816, -1.518])

#: Five-year groups from which Greville's formula is used (15-19), and its lower bound [years].
#: Source: United Nations, World Population Prospects 2019, methodology; Greville (1943).
GREVILLE_FIRST_GROUP = 4
GREVILLE_MINIMUM_YEARS = 0.97


@dataclass(frozen=True, eq=False)
class LifeTable:
    """A period life table with radix 1; every array is (..., sex, age), width is (age,).

    mx  death rate [1/year]                  ax  years lived in the group by those who die in it
    qx  probability of dying [1]             lx  survivors at exact age [1]
    dx  deaths [1]                           Lx  person-years lived in the group [years]
    Tx  person-years lived above [years]     ex  life expectancy [years]
    width  years of age in the group, infinite in the open group [years]
    """

    mx: Array
    ax: Array
    qx: Array
    lx: Array
    dx: Array
    Lx: Array
    Tx: Array
    ex: Array
    width: Array


@dataclass(frozen=True, eq=False)
class PopulationYear:
    """What a step of the population gives back.

    population    (..., sex, age)  people at the end of the step [persons]
    births        (..., sex)       live births [persons]
    births_by_age (..., age)       live births by age of mother [persons]
    deaths        (..., sex, age)  deaths by age reached at the end; age 0: of the step's births
    net_migrants  (..., sex, age)  migrants that were added, negative where people left
    """

    population: Array
    births: Array
    births_by_age: Array
    deaths: Array
    net_migrants: Array


# Life tables -----------------------------------------------------------------------------------


def infant_a(m0: Array, lines: InfantSeparation = ANDREEV_KINGKADE_RATE) -> Array:
    """Years lived in the first year of life by those who die in it, a_0 [years].

    m0     (..., sex) [1/year]  death rate at age 0
    lines  which of the two sets of lines
    Source: Andreev and Kingkade (2015), Demographic Research 33.
    """
    part = (m0 >= lines.upper[:, 0]).astype(np.int64) + (m0 >= lines.upper[:, 1])
    sex = np.broadcast_to(np.arange(lines.upper.shape[0]), m0.shape)
    result: Array = lines.intercept[sex, part] + lines.slope[sex, part] * m0
    return result


def abridged_a(mx: Array) -> Array:
    """Years lived by those who die in each abridged group 0, 1-4, 5-9, ..., 100+ [years].

    mx  (..., sex, age) [1/year]  ages 0, 1-4, 5-9, ..., 95-99, 100+
    Coale-Demeny West below 5; 2.5 at 5-14; from 15 Greville: 2.5 - 25/12 (m - k) with
    k = ln(m of the next group / m of the group before) / 10; 1/m in the open group.
    Source: United Nations, World Population Prospects 2019, methodology.
    """
    infant = mx[..., 0]
    high = infant >= WEST_HIGH_RATE
    a0 = np.where(high, WEST_INFANT_CONSTANT, WEST_INFANT_INTERCEPT + WEST_INFANT_SLOPE * infant)
    a1 = np.where(high, WEST_CHILD_CONSTANT, WEST_CHILD_INTERCEPT + WEST_CHILD_SLOPE * infant)
    middle = mx[..., GREVILLE_FIRST_GROUP:-1]
    growth = 0.1 * np.log(
        mx[..., GREVILLE_FIRST_GROUP + 1 :] / mx[..., GREVILLE_FIRST_GROUP - 1 : -2]
    )
    greville = np.maximum(2.5 - 25.0 / 12.0 * (middle - growth), GREVILLE_MINIMUM_YEARS)
    children = np.full_like(mx[..., 2:GREVILLE_FIRST_GROUP], 2.5)
    return np.concatenate(
        [a0[..., None], a1[..., None], children, greville, 1.0 / mx[..., -1:]], axis=AGE_AXIS
    )


def life_table(mx: Array, ax: Array | None = None, width: float | Array = 1.0) -> LifeTable:
    """Life table of death rates, radix 1.

    mx     (..., sex, age) [1/year]  the last age is open
    ax     (..., sex, age) [years]   None: single years with 0.5, a_0 by Andreev and Kingkade,
                                     1 / m in the open group
    width  [years]                   one number or (age,); the last one is not used
    q = n m / (1 + (n - a) m), q = 1 and L = l a in the open group.
    Raises: ValueError where ax is missing and the groups are not single years.
    """
    widths = np.array(np.broadcast_to(np.asarray(width, dtype=np.float64), mx.shape[-1:]))
    widths[-1] = np.inf
    if ax is None:
        if np.any(widths[:-1] != 1.0):
            raise ValueError(
                "life_table: no ax given and groups are not single years of age. "
                "Give ax, for five-year groups abridged_a(mx)."
            )
        ax = np.concatenate(
            [
                infant_a(mx[..., 0])[..., None],
                np.full_like(mx[..., 1:-1], 0.5),
                1.0 / mx[..., -1:],
            ],
            axis=AGE_AXIS,
        )
    closed = widths[:-1] * mx[..., :-1]
    q_closed = closed / (1.0 + (widths[:-1] - ax[..., :-1]) * mx[..., :-1])
    qx = np.concatenate([q_closed, np.ones_like(mx[..., -1:])], axis=AGE_AXIS)
    return _table(mx, ax, qx, widths)


def life_table_from_q(qx: Array, ax: Array, width: float | Array = 1.0) -> LifeTable:
    """Life table of probabilities of dying, radix 1; the last age ends the table.

    qx  (..., sex, age) [1]      where the last value is below 1, survivors live on by its ax
    ax  (..., sex, age) [years]  years lived by those who die; in the last age by all who enter
    """
    widths = np.array(np.broadcast_to(np.asarray(width, dtype=np.float64), qx.shape[-1:]))
    widths[-1] = np.inf
    ax = np.array(np.broadcast_to(ax, qx.shape))
    closing = np.concatenate([qx[..., :-1], np.ones_like(qx[..., -1:])], axis=AGE_AXIS)
    finite = np.where(np.isinf(widths), 0.0, widths)
    lived = finite * (1.0 - closing) + ax * closing
    return _table(closing / lived, ax, closing, widths)


def _table(mx: Array, ax: Array, qx: Array, width: Array) -> LifeTable:
    """Life table once m, a, q and the widths stand."""
    ones = np.ones_like(qx[..., :1])
    lx = np.concatenate([ones, np.cumprod(1.0 - qx[..., :-1], axis=AGE_AXIS)], axis=AGE_AXIS)
    dx = lx * qx
    years_closed = width[:-1] * (lx[..., :-1] - dx[..., :-1]) + ax[..., :-1] * dx[..., :-1]
    years = np.concatenate([years_closed, lx[..., -1:] * ax[..., -1:]], axis=AGE_AXIS)
    above = np.flip(np.cumsum(np.flip(years, AGE_AXIS), axis=AGE_AXIS), AGE_AXIS)
    expectancy = np.divide(above, lx, out=np.zeros_like(above), where=lx > 0.0)
    return LifeTable(mx, ax, qx, lx, dx, years, above, expectancy, width)


def merge_infants(table: LifeTable) -> LifeTable:
    """The same life table with the first two groups (0 and 1-4) as one (0-4)."""
    deaths = table.dx[..., :1] + table.dx[..., 1:2]
    years = table.Lx[..., :1] + table.Lx[..., 1:2]
    first_width = table.width[0] + table.width[1]
    after = table.lx[..., 2:3]

    def joined(first: Array, values: Array) -> Array:
        return np.concatenate([first, values[..., 2:]], axis=AGE_AXIS)

    return LifeTable(
        mx=joined(deaths / years, table.mx),
        ax=joined((years - first_width * after) / deaths, table.ax),
        qx=joined(deaths, table.qx),
        lx=joined(table.lx[..., :1], table.lx),
        dx=joined(deaths, table.dx),
        Lx=joined(years, table.Lx),
        Tx=joined(table.Tx[..., :1], table.Tx),
        ex=joined(table.ex[..., :1], table.ex),
        width=np.concatenate([[first_width], table.width[2:]]),
    )


def survival_ratios(table: LifeTable) -> Array:
    """Share that is alive at the end of the step, by age reached, (..., sex, age) [1].

    First: of the births, L_0 / (n l_0). Then L_x / L_{x-1}. Last: T_100 / T_99, to be applied to
    the two last ages together. The step is as long as a group is wide.
    """
    births = table.Lx[..., :1] / (table.width[0] * table.lx[..., :1])
    middle = table.Lx[..., 1:-1] / table.Lx[..., :-2]
    oldest = table.Tx[..., -1:] / table.Tx[..., -2:-1]
    return np.concatenate([births, middle, oldest], axis=AGE_AXIS)


def mortality_improvement(mx: Array, yearly_decline: Array) -> Array:
    """Death rates after every year of a path of decline, (year, ..., sex, age) [1/year].

    mx              (..., sex, age)        [1/year]  rates of the year before the path
    yearly_decline  (year, ..., sex, age)  [1]       share by which rates fall in each year
    """
    result: Array = mx * np.cumprod(1.0 - yearly_decline, axis=0)
    return result


def lee_carter_rates(ax: Array, bx: Array, kt: Array) -> Array:
    """Death rates ln m(x, t) = a(x) + b(x) k(t), (..., sex, age) [1/year].

    ax, bx  (..., sex, age)  mean of the log rate, and its response to the index
    kt      (..., sex) or (...,) with the axes of ax before age: the index of the year
    Source: Lee and Carter (1992), Modeling and forecasting U.S. mortality, JASA 87, equation 1.
    """
    result: Array = np.exp(ax + bx * kt[..., None])
    return result


def death_intensity(survival: Array) -> Array:
    """Constant intensity of death that leaves the given share alive after one year [1/year].

    survival  (..., sex, age) [1]  infinite intensity where nobody survives
    """
    positive = np.where(survival > 0.0, survival, 1.0)
    return np.where(survival > 0.0, -np.log(positive), np.inf)


def lived_share(survival: Array) -> Array:
    """Person-years lived in a year per person alive at its start, (1 - S) / (-ln S) [years].

    survival  (..., sex, age) [1]  under a constant intensity of death; 1 where all survive
    """
    inside = (survival > 0.0) & (survival < 1.0)
    log = np.log(np.where(inside, survival, 0.5))
    # expm1 keeps the digits when S is near 1: 1 - S = -(e^ln S - 1).
    exact = np.expm1(log) / log
    return np.where(inside, exact, np.where(survival > 0.0, 1.0, 0.0))


def annuity_due(qx: Array, interest: float | Array) -> Array:
    """Present value at each age of 1 a year, paid at the start of each year while alive [years].

    qx        (..., age) [1]       the table ends with the last age
    interest  (...) or one number [1/year]  constant yearly interest
    ä_x = 1 + p_x ä_{x+1} / (1 + i), from the last age down.
    Source: Bowers et al. (1997), Actuarial Mathematics, section 5.3.
    """
    discount = 1.0 / (1.0 + np.asarray(interest, dtype=np.float64))
    values = np.ones_like(qx)
    for age in range(qx.shape[-1] - 2, -1, -1):
        values[..., age] = 1.0 + discount * (1.0 - qx[..., age]) * values[..., age + 1]
    return values


# One step --------------------------------------------------------------------------------------


def survive(population: Array, survival: Array) -> tuple[Array, Array]:
    """Survivors and deaths by age reached at the end of the step, (..., sex, age) [persons].

    population  (..., sex, age) [persons]  at the start
    survival    (..., sex, age) [1]        by age reached, see survival_ratios
    The first age is empty: nobody who stood at the start reaches it.
    """
    oldest = population[..., -2:-1] + population[..., -1:]
    exposed = np.concatenate([np.zeros_like(oldest), population[..., :-2], oldest], axis=AGE_AXIS)
    survivors: Array = exposed * survival
    return survivors, exposed - survivors


def births(women_start: Array, women_end: Array, asfr: Array, width: float = 1.0) -> Array:
    """Live births by age of mother, (..., age) [persons].

    women_start, women_end  (..., age) [persons]
    asfr                    (..., age) [1/year]   births per woman and year
    width                   [years]               length of the step
    """
    result: Array = width * asfr * 0.5 * (women_start + women_end)
    return result


def split_births(all_births: Array, sex_ratio_at_birth: float | Array) -> Array:
    """Live births by sex, (..., sex) [persons].

    all_births          (...)  [persons]
    sex_ratio_at_birth  (...)  [boys per girl]
    """
    boys = all_births * (sex_ratio_at_birth / (1.0 + np.asarray(sex_ratio_at_birth)))
    return np.stack([boys, all_births - boys], axis=-1)


def project_year(
    population: Array,
    survival: Array,
    asfr: Array,
    sex_ratio_at_birth: float | Array,
    net_migrants: Array,
    timing: str = "end",
    width: float = 1.0,
    mothers: str = "before_migrants",
) -> PopulationYear:
    """The population one step later, with its births, deaths and migrants [persons].

    population          (..., sex, age) [persons]   at the start
    survival            (..., sex, age) [1]         by age reached, see survival_ratios
    asfr                (..., age)      [1/year]    births per woman, 0 outside fertile ages
    sex_ratio_at_birth  (...)           [boys per girl]
    net_migrants        (..., sex, age) [persons]   over the step, by age at the end of it
    timing    "end": added after survival; "even": half before it and half after
    width     [years]  step and age group; 5 for five-year sets
    mothers   for "end" only: women at the end "before_migrants" (UN 2024) or "with_migrants"
              (UN 2019, five-year steps)
    Source: United Nations, World Population Prospects 2024 and 2019, methodology.
    Limits: children belong to the group of their mother. Counts that leave fewer than 0 people
    are not cut here; see bounded_migrants.
    """
    _require(timing, TIMINGS, "timing")
    _require(mothers, MOTHERS, "mothers")
    before = 0.5 * net_migrants if timing == "even" else np.zeros_like(net_migrants)
    after = net_migrants - before
    start = population + before
    survivors, deaths = survive(start, survival)
    with_after = timing == "even" or mothers == "with_migrants"
    end_for_births = survivors + after if with_after else survivors
    by_age = births(start[..., FEMALE, :], end_for_births[..., FEMALE, :], asfr, width)
    newborn = split_births(by_age.sum(axis=AGE_AXIS), sex_ratio_at_birth)
    surviving = newborn * survival[..., 0]

    def with_newborn(first: Array, values: Array) -> Array:
        return np.concatenate([first[..., None], values[..., 1:]], axis=AGE_AXIS)

    return PopulationYear(
        population=with_newborn(surviving, survivors) + after,
        births=newborn,
        births_by_age=by_age,
        deaths=with_newborn(newborn - surviving, deaths),
        net_migrants=before + after,
    )


def _require(value: str, allowed: Sequence[str], name: str) -> None:
    """Raises ValueError where value is not one of the allowed words."""
    if value not in allowed:
        raise ValueError(f"project_year: {name} is {value!r}. Allowed: {', '.join(allowed)}.")


def deaths_in_period(deaths: Array, table: LifeTable) -> Array:
    """Deaths by completed age at death, (..., sex, age) [persons].

    deaths  (..., sex, age) [persons]  by age reached at the end of the year
    table   single years of age
    Of the deaths in a cohort that reaches age x + 1, the share f(x) = (L_x - l_{x+1}) /
    (L_x - L_{x+1}) died at age x. For births and at the two last ages as in ccmppWPP.
    Source: Wheldon and Hertog, R package ccmppWPP; Preston et al. (2001), section 2.5.
    """
    lived, left = table.Lx, table.lx
    fall = lived[..., :-2] - lived[..., 1:-1]
    shares = np.divide(
        lived[..., :-2] - left[..., 1:-1], fall, out=np.full_like(fall, 0.5), where=fall != 0.0
    )
    oldest = (lived[..., -2:-1] - left[..., -1:]) / lived[..., -2:-1]
    shares = np.concatenate([shares, oldest], axis=AGE_AXIS)
    younger: Array = shares * deaths[..., 1:]
    older = deaths[..., 1:] - younger
    return np.concatenate(
        [
            deaths[..., :1] + younger[..., :1],
            older[..., :-1] + younger[..., 1:],
            older[..., -1:],
        ],
        axis=AGE_AXIS,
    )


# Migrants --------------------------------------------------------------------------------------


def migrants_from_rates(population: Array, net_rate: Array) -> Array:
    """Net migrants, (..., sex, age) [persons]: rate [1/year] times people at the start."""
    result: Array = population * net_rate
    return result


def migrants_from_total(population: Array, total: float | Array) -> Array:
    """Net migrants shaped like the people at the start, (..., sex, age) [persons].

    population  (..., sex, age) [persons]
    total       (...)           [persons]  net migrants of each leading cell
    """
    people = population.sum(axis=AGE_AXIS).sum(axis=-1)
    factor = np.asarray(total) / people
    result: Array = population * factor[..., None, None]
    return result


def bounded_migrants(population: Array, net_migrants: Array, least: float) -> Array:
    """Net migrants, cut so that every cell keeps at least `least` people [persons].

    population, net_migrants  (..., sex, age) [persons]  of the moment when they are added
    """
    return np.maximum(net_migrants, np.minimum(least - population, 0.0))


def in_migrants(level: float | Array, profile: Array) -> Array:
    """People who move in during a year by cell, (..., sex, age) [persons].

    level    (..., 1, 1, 1) or one number [persons/year]  of all cells together
    profile  (..., group, sex, age) [1]  share of each cell, sums to 1
    """
    result: Array = np.asarray(level, dtype=np.float64) * profile
    return result


def out_migrants(population: Array, rate: Array) -> Array:
    """People who move out during a year by cell, (..., sex, age) [persons].

    population  (..., sex, age) [persons]  survivors by age reached
    rate        (..., sex, age) [1]        share that leaves in the year
    """
    result: Array = population * rate
    return result


def net_migrants_by_profile(level: float | Array, profile: Array) -> Array:
    """Net migrants by cell, (..., sex, age) [persons]: level [persons/year] times profile [1].

    The profile sums to 1; single cells may be negative, for instance when the old leave.
    """
    return in_migrants(level, profile)


def conversion_rates(converts: Array, population: Array) -> Array:
    """Share of each cell that changes its registration in a year, (..., sex, age) [1].

    converts    (..., sex, age) [persons]  wanted, for instance level times profile
    population  (..., sex, age) [persons]  non-registered people of all groups that may convert
    Limits: 1 where more conversions are wanted than people stand there; the rest does not occur.
    """
    share = np.divide(
        converts,
        population,
        out=np.zeros(np.broadcast_shapes(converts.shape, population.shape)),
        where=population > 0.0,
    )
    return np.minimum(share, 1.0)


def convert(
    population: Array,
    rates: Array,
    from_group: int | Sequence[int],
    to_group: int | Sequence[int],
) -> tuple[Array, Array]:
    """Population after people changed group, and those who did [persons].

    population  (..., group, sex, age) [persons]
    rates       (..., 1 or source groups, sex, age) [1]  share of each source group that moves
    from_group, to_group   positions on the group axis, pairwise
    The second array is (..., source groups, sex, age). The total is conserved.
    """
    sources = np.atleast_1d(np.asarray(from_group, dtype=np.int64))
    targets = np.atleast_1d(np.asarray(to_group, dtype=np.int64))
    moved: Array = population[..., sources, :, :] * rates
    result = population.copy()
    for position, (source, target) in enumerate(zip(sources, targets, strict=True)):
        result[..., source, :, :] -= moved[..., position, :, :]
        result[..., target, :, :] += moved[..., position, :, :]
    return result, moved
