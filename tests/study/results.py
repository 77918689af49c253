"""Results written by hand, for indicators whose values are known in closed form."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import xarray as xr

from rssim.study.money import Money

FUND = "employee_pension"
SECTOR = "employee pension fund"
INCOME_TAX = SimpleNamespace(
    tax_allowance=np.full((1, 1, 1, 1), 60_000.0),
    deducted_share=np.full((1, 1, 1, 1), 0.12),
    other_deductions=np.full((1, 1, 1, 1), 12_000.0),
    tax_limits=np.array([36_000.0, 144_000.0]),
    tax_rates=np.array([0.03, 0.1, 0.2]),
)
"""The first three brackets of the law as amended in 2018."""


def result_of(series: dict[str, Any], first: int, rate: Any, balances: Any, **stocks: Any) -> Any:
    """A result of one scenario and one draw with what a fund's indicators read.

    series    key (with or without the fund) -> values by year, or by (year, sex, age)
    rate      return of every year; balances  what the fund holds on every 1 January
    """
    length = len(next(iter(series.values())))
    coords = {"scenario": ["baseline"], "draw": [0], "year": list(range(first, first + length))}
    variables = {}
    for key, values in series.items():
        found = np.asarray(values, dtype=float)
        if found.ndim == 1:
            variables[key] = (("scenario", "draw", "year"), found[None, None])
        else:
            dims = ("scenario", "draw", "year", "group", "sex", "age")
            variables[key] = (dims, found[None, None, :, None])
    rates = np.broadcast_to(np.asarray(rate, dtype=float), (length,))
    run = SimpleNamespace(
        scenario=SimpleNamespace(name="baseline"),
        inputs=SimpleNamespace(
            years=[
                SimpleNamespace(
                    economy=SimpleNamespace(fund_return=np.full((1, 1, 1, 1), value)),
                    labour_law=SimpleNamespace(minimum_wage_m=np.full((1, 1, 1, 1), 2000.0)),
                    terms=lambda kind: INCOME_TAX,
                )
                for value in rates
            ]
        ),
        money=Money((), {SECTOR: np.asarray(balances, dtype=float)[None]}, np.ones((1, length))),
    )
    dates = xr.Dataset(stocks.get("stocks"))
    return SimpleNamespace(
        flows=xr.Dataset(variables, coords=coords),
        stocks=dates,
        runs=(run,),
        scenarios=["baseline"],
        years=coords["year"],
    )
