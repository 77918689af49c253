"""The second and third pillar: enterprise, talent and personal pensions as funded accounts.

Source: Measures on Enterprise Annuities (Order 36 of 2017 of the two ministries); State Council
Office Document 7 of 2022 and Announcement 21 of 2024 of the Ministry of Finance on personal
pensions. A talent annuity is an intention of Guangzhou's work plan; its law is the user's.
"""

from __future__ import annotations

import numpy as np

from rssim.rules.accounts import pension_of_account
from rssim.rules.elementwise import Array, Value, as_floats, where, whole_down

# -- Contributions -------------------------------------------------------------------------------


def enterprise_contributions(
    payroll: Value, employer_rate: Value, worker_rate: Value, employer_cap: Value, total_cap: Value
) -> tuple[Array, Array]:
    """Contributions of employer and workers to an enterprise annuity, in the unit of the payroll.

    employer = payroll min(employer_rate, employer_cap, total_cap)
    workers  = payroll min(worker_rate, total_cap - share of the employer)

    employer_rate, worker_rate  [1]  what the plan of the firm wants
    employer_cap                [1]  0.08 of payroll
    total_cap                   [1]  0.12 of payroll, both together
    Source: Measures on Enterprise Annuities, article 15.
    """
    employer = np.minimum(np.minimum(employer_rate, employer_cap), total_cap)
    worker = np.minimum(worker_rate, as_floats(total_cap) - employer)
    return as_floats(payroll * employer), as_floats(payroll * worker)


def sponsored_contributions(wage: Value, rate: Value, sponsor_share: Value) -> tuple[Array, Array]:
    """Contributions of sponsor and member to a talent annuity, in the unit of the wage.

    rate           [1]  total contribution, share of the wage
    sponsor_share  [1]  part of it that the sponsor (budget or employer) pays
    Limits: no design of a talent annuity has been published; every number is an assumption.
    """
    total = as_floats(wage * rate)
    sponsor = as_floats(total * sponsor_share)
    return sponsor, as_floats(total - sponsor)


def personal_contribution(wanted: Value, cap: Value) -> Array:
    """Contribution to a personal pension [yuan/year]: what is wanted, at most the cap (12 000)."""
    return as_floats(np.minimum(wanted, cap))


# -- The account ---------------------------------------------------------------------------------


def funded_account(balance: Value, return_rate: Value, credits: Value, timing: Value) -> Array:
    """Balance of an invested account at the end of the year [yuan].

    balance (1 + return_rate) + credits (1 + timing return_rate)

    balance      [yuan]       at the start of the year
    return_rate  [1/year]     net of costs; may be negative
    credits      [yuan/year]
    timing       [1]          share of the year for which credits earn: 0.5 at mid-year
    """
    return as_floats(balance * (1.0 + return_rate) + credits * (1.0 + timing * return_rate))


def vested_share_by_year(service_years: Value, vesting_years: Value) -> Array:
    """Share of the employer's part that belongs to the member, year by year [1].

    completed service years over vesting_years, at most 1; 1 where vesting_years is 0

    vesting_years  [year]  of the plan; at most 8 by law
    Source: Measures on Enterprise Annuities, article 19 (the limit; the line is the plan's).
    """
    vesting_years = as_floats(vesting_years)
    takes_time = vesting_years > 0.0
    completed = np.minimum(whole_down(service_years), vesting_years)
    return where(takes_time, completed / np.where(takes_time, vesting_years, 1.0), 1.0)


def vested_share_at_once(service_years: Value, vesting_years: Value) -> Array:
    """Share of the sponsor's part that belongs to the member, all on one day [1].

    0 before the vesting period is served, 1 from then on.
    """
    return where(as_floats(service_years) >= as_floats(vesting_years), 1.0, 0.0)


def entitlement_on_leaving(
    worker_balance: Value, employer_balance: Value, vested_share: Value
) -> Array:
    """Balance that a leaving member takes along [yuan]: own part and vested employer's part."""
    return as_floats(worker_balance + employer_balance * vested_share)


def forfeiture_on_leaving(employer_balance: Value, vested_share: Value) -> Array:
    """Unvested employer's part that goes back to the plan when a member leaves [yuan]."""
    return as_floats(employer_balance * (1.0 - vested_share))


# -- Payment -------------------------------------------------------------------------------------


def instalment(balance: Value, divisor: Value) -> Array:
    """Monthly instalment of an account at retirement [yuan/month]: balance over divisor.

    It stays the same in yuan and ends with the account; see `paid_in_year`.
    """
    return pension_of_account(balance, divisor)


def paid_in_year(
    balance: Value, instalment: Value, months: Value, return_rate: Value, timing: Value
) -> Array:
    """Instalments of a year [yuan/year]: never more than the account holds.

    min(instalment months, balance (1 + timing return_rate))

    balance      [yuan]        at the start of the year
    instalment   [yuan/month]  see the function of that name
    months       [month]       months of payment in the year, 0 to 12
    return_rate  [1/year]      of what is left in the account
    timing       [1]           share of the year that has passed at the mean payment: 0.5
    """
    available = balance * (1.0 + as_floats(timing) * return_rate)
    return as_floats(np.minimum(as_floats(instalment) * months, available))


def balance_after_payment(balance: Value, paid: Value, return_rate: Value, timing: Value) -> Array:
    """Balance at the end of a year of payment [yuan]; what is left at death is inherited.

    (balance (1 + timing return_rate) - paid) (1 + return_rate) / (1 + timing return_rate)

    paid  [yuan/year]  see `paid_in_year`, whose other arguments these are
    """
    until_payment = 1.0 + as_floats(timing) * return_rate
    rest = balance * until_payment - paid
    return as_floats(rest * (1.0 + as_floats(return_rate)) / until_payment)


def net_of_tax(amount: Value, tax_rate: Value) -> Array:
    """Payment after tax on receipt, in the unit of the amount (3 % for personal pensions)."""
    return as_floats(amount * (1.0 - as_floats(tax_rate)))


def tax_gain(contribution: Value, marginal_rate: Value, payment_rate: Value) -> Array:
    """Tax that a year of saving in a personal pension spares [yuan]; below 0 where it costs.

    contribution (marginal_rate - payment_rate)

    marginal_rate  [1]  tax rate that the deduction saves today
    payment_rate   [1]  tax rate at payment (0.03)
    Limits: returns and the years between the two are left out.
    """
    return as_floats(contribution * (as_floats(marginal_rate) - payment_rate))


# -- Plans that promise a benefit ----------------------------------------------------------------


def final_salary_pension(mean_final_earnings: Value, years: Value, accrual_rate: Value) -> Array:
    """Pension of a plan that promises a share of final earnings, in the unit of the earnings.

    mean_final_earnings  mean over the averaging period, valued at the time of payment
    years                [year]    credited service
    accrual_rate         [1/year]
    """
    return as_floats(mean_final_earnings * years * accrual_rate)


def pension_points(earnings: Value, point_price: Value) -> Array:
    """Points that earnings buy [point]: earnings over the price of a point."""
    return as_floats(as_floats(earnings) / point_price)


def points_pension(points: Value, point_value: Value) -> Array:
    """Pension of a points plan: points held times the value of a point, in the unit of it."""
    return as_floats(points * point_value)
