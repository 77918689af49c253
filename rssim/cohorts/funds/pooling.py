"""What pooling, subsidy rules, supervision and late payment add to the employee pension's account.

In the baseline every amount here is zero: the sub-ledger of a city is notional, no target is
assessed, no deficit is subsidised by rule, and pensions are paid on time.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rssim.cohorts.funds.account import (
    CONTRIBUTION,
    COVER,
    EXPENDITURE,
    HOUSEHOLDS,
    REMITTANCE,
    SUBSIDY,
    TRANSFER_IN,
    Payment,
    one_column,
    summed,
)
from rssim.cohorts.funds.funded import share_of
from rssim.errors import ParameterError
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.fund import national_remittance
from rssim.rules.pooling import (
    collection_shortfall,
    collection_target,
    shortfall_by_payer,
    transfer_to_province,
)
from rssim.rules.pooling_terms import PoolingBehaviour, PoolingTerms

PROVINCE = "provincial pool"
MONTHS = 12
HALF = 0.5


def column(values: Array) -> Array:
    """A lever as (draw or 1, 1)."""
    return np.asarray(values).reshape(-1, 1)


def owed(due: Array, year: Year) -> Array:
    """Pensions of the year that are still to be paid at its end, (draw, group) [yuan].

    due  (draw, group) [yuan/year]
    """
    delay = year.terms(PoolingTerms).pension_delay_months
    return np.asarray(due * column(delay) / MONTHS)


def late(due: Array, before: Array, fund: str, year: Year) -> dict[str, Payment]:
    """Pensions that are paid in the year, and interest on what is late.

    due     (draw, group) [yuan/year]
    before  (draw, group) [yuan]  owed on 1 January
    """
    after = owed(due, year)
    rate = column(year.terms(PoolingTerms).arrears_interest_rate)
    interest = rate * HALF * (before + after)
    return {
        "pensions": Payment(due - (after - before), fund, HOUSEHOLDS, EXPENDITURE),
        "arrears_interest": Payment(interest, fund, HOUSEHOLDS, EXPENDITURE),
    }


def recovered(due: Array, fund: str, year: Year) -> Payment:
    """Improper payments that supervision gets back or stops, (draw, group) [yuan/year]."""
    behaviour = year.terms(PoolingBehaviour)
    amount = due * column(behaviour.improper_share) * column(behaviour.detection_share)
    return Payment(amount, HOUSEHOLDS, fund, TRANSFER_IN)


def shortfall(
    payments: Mapping[str, Payment],
    collected: Array,
    fund: str,
    payer: str,
    like: Array,
    year: Year,
) -> Payment:
    """What the budget pays for contributions that were not collected, (draw, 1) [yuan/year].

    collected  (draw,) [1]  share of assessed contributions that is collected
    """
    terms = year.terms(PoolingTerms)
    dues = summed(payments, like, CONTRIBUTION)
    if "back_payments" in payments:
        dues = dues - payments["back_payments"].total
    assessed = share_of(dues, np.broadcast_to(collected, dues.shape))
    target = collection_target(assessed, 1.0, 1.0, terms.collection_target.reshape(-1))
    missing = collection_shortfall(dues, target)
    local, _ = shortfall_by_payer(missing, terms.shortfall_local_share.reshape(-1))
    return Payment(one_column(local, like), payer, fund, SUBSIDY)


def deficit_subsidy(
    payments: Mapping[str, Payment], fund: str, payer: str, like: Array, year: Year
) -> Payment:
    """What the budget pays of the current deficit by rule, (draw, 1) [yuan/year]."""
    income = summed(payments, like, CONTRIBUTION, SUBSIDY, TRANSFER_IN)
    gap = np.maximum(summed(payments, like, EXPENDITURE) - income, 0.0)
    share = year.terms(PoolingTerms).deficit_subsidy_share.reshape(-1)
    return Payment(one_column(gap * share, like), payer, fund, SUBSIDY)


def with_province(
    payments: Mapping[str, Payment],
    remittance_share: Array,
    fund: str,
    level: str,
    like: Array,
    year: Year,
) -> dict[str, Payment]:
    """What a city pays to the provincial pool of its surplus, and gets for its deficit.

    Raises ParameterError where a place that is no city is asked to pool.
    """
    share = year.terms(PoolingTerms).pooled_share.reshape(-1)
    if level != "city" and np.any(share > 0):
        raise ParameterError(
            f"pooling.pooled_share: {float(share.max()):g} in {year.year}: only a city has a "
            f"province to pool with; the level of this place is {level or 'not given'}."
        )
    income = summed(payments, like, CONTRIBUTION, SUBSIDY, TRANSFER_IN)
    spent = summed(payments, like, EXPENDITURE)
    left = income - national_remittance(income - spent, remittance_share)
    amount = transfer_to_province(left, spent, share)
    paid, got = np.maximum(amount, 0.0), np.maximum(-amount, 0.0)
    return {
        "province_transfer": Payment(one_column(paid, like), fund, PROVINCE, REMITTANCE),
        "province_aid": Payment(one_column(got, like), PROVINCE, fund, COVER),
    }
