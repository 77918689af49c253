"""Residents of Hong Kong and Macao: exemption on the mainland, and what becomes of rights earned.

Source: Order 41 of 2019 of the Ministry of Human Resources and Social Security and the National
Healthcare Security Administration, in force since January 2020. Awards follow the same formulas
as for everyone. Nothing here bears on rights that were earned before.
"""

from __future__ import annotations

import numpy as np

from rssim.rules.elementwise import Array, Booleans, Value, as_floats, where

# -- Exemption -----------------------------------------------------------------------------------


def insured_share(exempt_share: Value, may_be_exempt: Value) -> Array:
    """Share of the employed from Hong Kong and Macao who are insured in a scheme [1].

    1 - exempt_share may_be_exempt

    exempt_share   [1]  who keep the insurance at home and prove it
    may_be_exempt  [1]  1 for basic pension and unemployment, 0 for medical and work injury
    Source: Order 41 of 2019, article on exemption.
    """
    return as_floats(1.0 - as_floats(exempt_share) * may_be_exempt)


def revenue_forgone(base: Value, persons: Value, exempt_share: Value, rate: Value) -> Array:
    """Contributions that a fund does not receive because of exemption, in the unit of the base.

    base  mean contribution base
    rate  [1]  of employer and worker together (0.24 for the pension)
    """
    return as_floats(base * as_floats(persons) * exempt_share * rate)


def home_contribution(income: Value, income_cap: Value, rate: Value, waived_below: Value) -> Array:
    """Contribution of one party to the Mandatory Provident Fund of Hong Kong [HKD/month].

    income        [HKD/month]
    income_cap    [HKD/month]  30 000
    rate          [1]          0.05
    waived_below  [HKD/month]  7 100 for the worker; 0 for the employer, who always pays
    Source: Mandatory Provident Fund Schemes Ordinance (recalled).
    """
    income = as_floats(income)
    return where(income < as_floats(waived_below), 0.0, np.minimum(income, income_cap) * rate)


# -- On leaving for good -------------------------------------------------------------------------


def leaving_options(balance: Value, refund_share: Value) -> tuple[Array, Array]:
    """Account balances of those who leave for good: paid out, kept [yuan].

    balance       [yuan]  accounts of the leavers
    refund_share  [1]     of the leavers, weighted by balance, who ask for it in writing; for them
                          years and pooled contributions end
    Source: Order 41 of 2019, article on leaving.
    """
    paid_out = as_floats(balance * as_floats(refund_share))
    return paid_out, as_floats(balance - paid_out)


def deferred_pension_value(
    pension: Value, annuity_factor: Value, years_to_age: Value, interest: Value
) -> Array:
    """Present value of keeping the relation until the pension age [yuan].

    pension annuity_factor (1 + interest)^-years_to_age

    pension         [yuan/year]  expected award; 0 for those who will not reach the minimum
    annuity_factor  [year]       at the pension age, with the chance of reaching it
    years_to_age    [year]
    interest        [1/year]     rate by which the person discounts
    """
    discount = (1.0 + as_floats(interest)) ** -as_floats(years_to_age)
    return as_floats(pension * as_floats(annuity_factor) * discount)


def prefers_refund(refund: Value, kept_value: Value) -> Booleans:
    """Whether the balance today is worth more to a leaver than the right kept."""
    return np.asarray(as_floats(refund) > as_floats(kept_value), dtype=np.bool_)


# -- At the age without the minimum --------------------------------------------------------------


def months_missing(months_paid: Value, minimum_months: Value) -> Array:
    """Months that still have to be paid for a pension [month]; 0 where the minimum is met."""
    return as_floats(np.maximum(0.0, as_floats(minimum_months) - months_paid))


def pay_up_cost(base: Value, rate: Value, months_missing: Value) -> Array:
    """Cost of paying the missing months at once or going on to pay them [yuan].

    base            [yuan/month]  chosen between floor and cap
    rate            [1]           of a flexible worker (0.2)
    months_missing  [month]
    Source: Order 41 of 2019, article on persons below the minimum at the age.
    Limits: payment at once is open only to those first insured before July 2011.
    """
    return as_floats(base * as_floats(rate) * months_missing)
