"""Pooling above the city: assessment of collection, provincial transfers, national adjustment.

Source: State Council Document 18 of 2018 on the central adjustment fund; Guangdong's plan of 2017
for provincial pooling (recalled). The payment of a surplus to the national pool since 2022 is
`fund.national_remittance`.
"""

from __future__ import annotations

import numpy as np

from rssim.rules.elementwise import Array, Value, as_floats

# -- Assessment of collection in a province ------------------------------------------------------


def collection_target(
    base: Value, workers: Value, rate: Value, target_collection_rate: Value
) -> Array:
    """Contributions that a city has to collect [yuan/year].

    base                    [yuan/year]  mean assessed base
    workers                 [persons]    who should be insured
    rate                    [1]          of employer and worker together
    target_collection_rate  [1]          set by the province
    """
    return as_floats(base * as_floats(workers) * rate * target_collection_rate)


def collection_shortfall(collected: Value, target: Value) -> Array:
    """Contributions missing to the target [yuan/year]; 0 where it is met."""
    return as_floats(np.maximum(0.0, as_floats(target) - collected))


def shortfall_by_payer(shortfall: Value, city_share: Value) -> tuple[Array, Array]:
    """Who bears a shortfall: budget of the city, fund of the province [yuan/year].

    city_share  [1]  of the assessment; 0 where the province bears all
    """
    by_city = as_floats(shortfall * as_floats(city_share))
    return by_city, as_floats(shortfall - by_city)


def transfer_to_province(revenue: Value, expenditure: Value, pooled_share: Value) -> Array:
    """Payment of a city's sub-ledger to the fund of the province [yuan/year]; below 0 if received.

    pooled_share (revenue - expenditure)

    revenue, expenditure  [yuan/year]
    pooled_share          [1]  1 where income and expenditure are unified, 0 for a fund of its own;
                               between them an adjustment fund
    """
    return as_floats(pooled_share * (as_floats(revenue) - expenditure))


# -- Central adjustment, 2018 to 2021 ------------------------------------------------------------


def paid_to_centre(
    average_wage: Value, wage_share: Value, workers: Value, adjustment_rate: Value
) -> Array:
    """Payment of a province into the central adjustment fund [yuan/year].

    W * wage_share * N * q

    average_wage     [yuan/year]  W, of the province
    wage_share       [1]          0.9
    workers          [persons]    N, who should be insured
    adjustment_rate  [1]          q: 0.03, 0.035, 0.04, 0.045 from 2018 to 2021
    Source: State Council Document 18 of 2018.
    """
    return as_floats(average_wage * as_floats(wage_share) * workers * adjustment_rate)


def paid_per_retiree(paid_in: Value, retirees: Value) -> Array:
    """Amount of the central adjustment fund per retiree of the nation [yuan/year].

    paid_in   [yuan/year]  by all provinces: all of it is paid out in the same year
    retirees  [persons]    of the nation
    """
    return as_floats(as_floats(paid_in) / retirees)


def paid_by_centre(per_retiree: Value, retirees: Value) -> Array:
    """Payment of the central adjustment fund to a province [yuan/year], by its retirees."""
    return as_floats(per_retiree * as_floats(retirees))


def net_contribution(paid_in: Value, received: Value) -> Array:
    """Net payment of a province to the centre [yuan/year]; the provinces sum to 0."""
    return as_floats(as_floats(paid_in) - received)


# -- National pooling, since 2022 ----------------------------------------------------------------


def remittance_share(remittance: Value, surplus: Value) -> Array:
    """Share of the current surplus that a remittance stands for [1].

    What `fund.national_remittance` takes as its share, read off a published year.

    remittance  [yuan/year]  paid to the national pool
    surplus     [yuan/year]  before it; above 0
    """
    return as_floats(as_floats(remittance) / surplus)


def apportioned(total: Value, key: Value, key_total: Value) -> Array:
    """Part of a total that falls to one payee by a key, in the unit of the total.

    key, key_total  of the payee and of all payees, for example retirees or deficits
    """
    return as_floats(total * as_floats(key) / key_total)


# -- Behaviour -----------------------------------------------------------------------------------


def collection_rate(
    base_rate: Value,
    pooled_share: Value,
    base_pooled_share: Value,
    response: Value,
    assessment: Value,
) -> Array:
    """Collection rate of a city that keeps less of what it collects [1].

    min(1, base_rate exp(-response (1 - assessment) (pooled_share - base_pooled_share)))

    base_rate          [1]  observed while base_pooled_share was pooled
    pooled_share       [1]  see `transfer_to_province`
    base_pooled_share  [1]
    response           [1]  relative fall of collection per unit of pooling, without assessment
    assessment         [1]  0 none, 1 an assessment that undoes the loss of interest
    Limits: an assumption on behaviour. Studies of provincial pooling find less effort of city
    offices under it; its size here is the user's.
    """
    loss = as_floats(response) * (1.0 - as_floats(assessment))
    change = np.exp(-loss * (as_floats(pooled_share) - base_pooled_share))
    return as_floats(np.minimum(1.0, base_rate * change))
