"""The ledger of a year as tables for a screen and for pages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rssim.study.money import NO_SCHEME, fund_names
from rssim.study.pages import Table, table

if TYPE_CHECKING:
    import pandas as pd

    from rssim.study.result import Result

PARTS = {"revenue": "Revenue by source", "expenditure": "Expenditure by function", "below": ""}


def payments(
    result: Result,
    year: int,
    scenario: str | None = None,
    basis: str = "nominal",
    by_group: bool = False,
    caption: str = "",
) -> Table:
    """Every payment of a year: scheme, flow, payer, payee, amount."""
    found = result.ledger(year, scenario, basis, by_group=by_group)
    names = {key: name for key, (name, _) in fund_names().items()} | {NO_SCHEME: NO_SCHEME}
    rows = [("Scheme", "Flow", "Payer", "Payee", _unit(found))]
    for row in found.to_dict("records"):
        amount = _amount(float(row["amount"]), basis)
        rows.append(
            (names[row["scheme"]], row["flow"], row["payer"], row["payee"], amount),
        )
    return table(rows, caption)


def sectors(
    result: Result,
    year: int,
    scenario: str | None = None,
    basis: str = "nominal",
    by_group: bool = False,
    caption: str = "",
) -> Table:
    """What each sector pays and receives; the last row is the sum, whose balance is zero."""
    found = result.sector_balances(year, scenario, basis, by_group=by_group)
    rows = [("Sector", "Pays", "Receives", f"Balance, {_unit(found)}")]
    whole = found.sum().rename("all sectors")
    for name, row in [*found.iterrows(), ("all sectors", whole)]:
        values = [float(row[column]) for column in ("pays", "receives", "balance")]
        if name == "all sectors" and abs(values[2]) <= 1e-9 * max(values[0], 1e-300):
            values[2] = 0.0  # rounding of the sum
        cells = [_amount(value, basis) for value in values]
        rows.append((str(name), cells[0], cells[1], cells[2]))
    return table(rows, caption)


def budget(
    result: Result,
    year: int,
    scenario: str | None = None,
    basis: str = "nominal",
    caption: str = "",
) -> Table:
    """The social budget: a column for each scheme and one for all."""
    found = result.social_budget(year, scenario, basis)
    rows = [(_unit(found), *map(str, found.columns))]
    last = ""
    for (part, item), row in zip(found.index.tolist(), found.to_numpy(), strict=True):
        if part != last and PARTS[part]:
            rows.append((PARTS[part], *("" for _ in found.columns)))
        last = part
        is_share = item.endswith("[%]")
        cells = [_amount(float(value), "percent" if is_share else basis) for value in row]
        rows.append((item, *cells))
    return table(rows, caption)


def _unit(found: pd.DataFrame) -> str:
    unit = str(found.attrs["unit"])
    return "% of the wage bill" if unit == "share of the wage bill" else unit


def _amount(value: float, basis: str) -> str:
    """An amount for a screen: in 亿元 with a digit, shares in per cent."""
    if math.isnan(value):
        return "–"
    if basis == "wage_share":
        return f"{100 * value + 0.0:,.3f}"
    digits = 2 if basis == "percent" or abs(value) < 10 else 1
    return f"{round(value, digits) + 0.0:,.{digits}f}"
