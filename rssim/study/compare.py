"""What a result says beyond its series: prices, differences between scenarios, turning points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rssim.errors import ParameterError, nearest
from rssim.records import Array
from rssim.study.indicators import first_gap_year
from rssim.study.series import FUND, MONTHS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

BASES = ("nominal", "real", "wage_share")
MONEY_UNITS = {"yuan": 1.0, "万元": 1e4, "million yuan": 1e6, "亿元": 1e8, "billion yuan": 1e9}
"""Units of totals of money; 亿元 is 1e8 yuan. Amounts per person stay in yuan a month."""
TOTALS = ("yuan", "yuan/year")


def in_basis(
    flows: xr.Dataset, key: str, basis: str = "nominal", unit: str = "yuan"
) -> xr.DataArray:
    """A series in another price basis and unit of money, with both in its attributes.

    basis  nominal: yuan of the year. real: nominal / price index, so in prices of the year before
           the run. wage_share: amounts a month over the year's reference wage; totals over the
           contributors' pay at the reference wage (contributors x 12 x reference wage)
    unit   of totals of money: yuan, 万元, million yuan, 亿元 (1e8 yuan), billion yuan; amounts a
           month stay in yuan, and series that are not money are not touched
    """
    _check("basis", basis, BASES)
    _check("unit", unit, MONEY_UNITS)
    if key not in flows:
        known = [str(name) for name in flows.data_vars]
        raise ParameterError(f"{key}: there is no such series." + nearest(key, known))
    series = flows[key]
    own = str(series.attrs["unit"])
    if not own.startswith("yuan"):
        return series
    attrs = dict(series.attrs)
    if basis == "wage_share":
        wage = flows["reference_wage_m"]
        if own in TOTALS:
            wage = wage * MONTHS * flows[f"{FUND}.contributors"]
        attrs |= {"unit": "share", "price_basis": "share of the reference wage"}
        return (series / wage).assign_attrs(attrs).rename(key)
    if basis == "real":
        series = series / flows["price_index"]
        before = int(flows["year"][0]) - 1
        attrs |= {"price_basis": f"yuan of {before} (nominal / price index)"}
    if own in TOTALS:
        series = series / MONEY_UNITS[unit]
        attrs |= {"unit": own.replace("yuan", unit, 1)}
    return series.assign_attrs(attrs).rename(key)


def difference(flows: xr.Dataset, key: str, against: str, basis: str, unit: str) -> xr.DataArray:
    """Each other scenario less one of them, draw by draw: dims (scenario, draw, year).

    A result with one scenario is compared with itself, so every difference is zero.
    """
    series = in_basis(flows, key, basis, unit)
    names = [str(name) for name in flows["scenario"].values]
    if against not in names:
        raise ParameterError(
            f"difference: {against}: the result holds no such scenario, only {', '.join(names)}."
            + nearest(against, names)
        )
    others = [name for name in names if name != against] or [against]
    out = series.sel(scenario=others) - series.sel(scenario=against, drop=True)
    attrs = dict(series.attrs)
    attrs["long_name"] = f"{attrs['long_name']}, difference from {against}"
    return out.transpose(*series.dims).assign_attrs(attrs).rename(key)


def events(flows: xr.Dataset, fund: str = FUND) -> pd.DataFrame:
    """Turning points of a fund by scenario and draw; <NA> where one does not come.

    fund  key of its scheme


    first_gap_year                   first year in which expenditure exceeds revenue
    first_gap_year_before_interest   the same with interest left out of revenue
    depletion_year                   first year that would end below zero without the required
                                     subsidy
    peak_year, peak_balance          highest balance on 31 December [yuan, nominal]
    lowest_reserve_year, lowest_reserve_months
    """
    import pandas as pd

    years = np.asarray(flows["year"].values, dtype=np.int64)
    if f"{fund}.balance" not in flows:
        funds = [str(key)[: -len(".balance")] for key in flows.data_vars if "balance" in str(key)]
        raise ParameterError(f"{fund}: there is no such fund." + nearest(fund, funds))

    def values(name: str) -> Array:
        return np.asarray(flows[f"{fund}.{name}"].transpose("scenario", "draw", "year").values)

    spent, balance = values("expenditure"), values("balance")
    # What funded accounts hold is owed to their owners: they have no reserve.
    has_reserve = f"{fund}.reserve_months" in flows
    months = values("reserve_months") if has_reserve else np.full_like(spent, np.nan)
    nothing = np.zeros_like(spent)
    columns = {
        "first_gap_year": first_gap_year(values("revenue"), spent, years),
        "first_gap_year_before_interest": first_gap_year(
            values("revenue") - values("interest"), spent, years
        ),
        "depletion_year": first_gap_year(nothing, values("required_subsidy"), years),
        "peak_year": years[balance.argmax(axis=-1)],
        "peak_balance": balance.max(axis=-1),
        "lowest_reserve_year": years[np.where(np.isnan(months), np.inf, months).argmin(axis=-1)],
        "lowest_reserve_months": np.where(np.isnan(months), np.inf, months).min(axis=-1),
    }
    rows = pd.MultiIndex.from_product(
        [flows["scenario"].values, flows["draw"].values], names=["scenario", "draw"]
    )
    out = pd.DataFrame({name: np.asarray(found).ravel() for name, found in columns.items()}, rows)
    for name in columns:
        if name.endswith("year") or name.endswith("before_interest"):
            out[name] = out[name].astype("Int64")
    return out


def _check(name: str, word: str, allowed: tuple[str, ...] | dict[str, float]) -> None:
    if word not in allowed:
        raise ParameterError(
            f"{name}: {word!r} is not one of {', '.join(allowed)}." + nearest(str(word), allowed)
        )
