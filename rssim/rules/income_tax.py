"""Individual income tax on comprehensive income: brackets of the year.

Source: Individual Income Tax Law, articles 3 and 6 (as amended in 2018).
"""

from __future__ import annotations

import numpy as np

from rssim.rules.elementwise import Array, Value, as_floats


def taxable_income(
    pay: Value, allowance: Value, deducted_share: Value, other_deductions: Value
) -> Array:
    """Income on which tax is due [yuan/year]: pay less what the law lets deduct, at least 0.

    pay               [yuan/year]  wages before tax
    allowance         [yuan/year]  60 000
    deducted_share    [1]          own contributions to social insurance and housing fund over pay
    other_deductions  [yuan/year]  additional deductions: children, parents, housing, education
    Source: Individual Income Tax Law, article 6.
    """
    rest = as_floats(pay) * (1.0 - as_floats(deducted_share)) - allowance - other_deductions
    return as_floats(np.maximum(rest, 0.0))


def income_tax(taxable: Value, limits: Array, rates: Array) -> Array:
    """Tax of a year [yuan/year].

    sum over brackets of (rate - rate of the bracket below) max(taxable - start, 0)

    taxable  [yuan/year]  see `taxable_income`
    limits   (n,)         taxable income at which the next rate starts [yuan/year], ascending
    rates    (n + 1,)     rates of the brackets [1], from 0 on
    Source: Individual Income Tax Law, table 1.
    """
    taxable = as_floats(taxable)
    tax = as_floats(rates[0] * taxable)
    for start, step in zip(limits, np.diff(rates), strict=True):
        tax = tax + step * np.maximum(taxable - start, 0.0)
    return tax


def marginal_rate(taxable: Value, limits: Array, rates: Array) -> Array:
    """Rate of the last yuan [1]; 0 where nothing is taxable. Arguments as of `income_tax`."""
    taxable = as_floats(taxable)
    at = np.searchsorted(limits, taxable, side="left")
    return as_floats(np.where(taxable > 0.0, as_floats(rates)[at], 0.0))
