"""Tables, bases, differences and turning points of a result."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from rssim.errors import ParameterError
from rssim.study import compare
from rssim.study.series import SERIES

FUND = "employee_pension"
BALANCE = f"{FUND}.balance"


def by_hand() -> xr.Dataset:
    """Three years of a fund with round numbers; two scenarios."""
    rows = {
        f"{FUND}.revenue": ("yuan/year", [[10.0, 9.0, 8.0], [10.0, 8.0, 6.0]]),
        f"{FUND}.interest": ("yuan/year", [[1.0, 1.0, 1.0], [2.0, 1.0, 0.0]]),
        f"{FUND}.expenditure": ("yuan/year", [[9.5, 9.0, 8.5], [6.0, 8.0, 12.0]]),
        f"{FUND}.required_subsidy": ("yuan/year", [[0.0, 0.0, 0.0], [0.0, 0.0, 2.0]]),
        BALANCE: ("yuan", [[5.0, 5.0, 4.5], [4.0, 4.0, 0.0]]),
        f"{FUND}.reserve_months": ("months", [[6.0, 6.5, 6.4], [8.0, 6.0, 0.0]]),
        f"{FUND}.mean_pension_m": ("yuan/month", [[3000.0, 3300.0, 3630.0]] * 2),
        f"{FUND}.contributors": ("person-years", [[2.0, 2.0, 2.0]] * 2),
        "reference_wage_m": ("yuan/month", [[6000.0, 6600.0, 7260.0]] * 2),
        "price_index": ("ratio", [[1.0, 1.1, 1.21]] * 2),
    }
    lead = ("scenario", "draw", "year")
    variables = {
        key: (lead, np.array(values)[:, None], {"unit": unit, "long_name": key, "price_basis": "x"})
        for key, (unit, values) in rows.items()
    }
    coords = {"scenario": ["baseline", "other"], "draw": [0], "year": [2030, 2031, 2032]}
    return xr.Dataset(variables, coords=coords)


# Turning points ---------------------------------------------------------------------------------


def test_events_by_hand():
    found = compare.events(by_hand())
    first, other = found.loc[("baseline", 0)], found.loc[("other", 0)]
    # 8.5 > 8 in 2032; without interest 9.5 > 9 already in 2030.
    assert first["first_gap_year"] == 2032
    assert first["first_gap_year_before_interest"] == 2030
    assert found["depletion_year"].isna().tolist() == [True, False]
    assert (first["peak_year"], first["peak_balance"]) == (2030, 5.0)
    assert (first["lowest_reserve_year"], first["lowest_reserve_months"]) == (2030, 6.0)
    # 8 against 8 is no gap; 12 > 6 is one. Without interest 8 > 7 in 2031.
    assert (other["first_gap_year"], other["first_gap_year_before_interest"]) == (2032, 2031)
    assert other["depletion_year"] == 2032
    assert (other["lowest_reserve_year"], other["lowest_reserve_months"]) == (2032, 0.0)


# Bases and units --------------------------------------------------------------------------------


def test_bases_by_hand():
    flows = by_hand()
    pension = f"{FUND}.mean_pension_m"
    # 3000, 3300, 3630 on prices of 1, 1.1, 1.21: the same pension in prices of 2029.
    real = compare.in_basis(flows, pension, "real")
    np.testing.assert_allclose(real.sel(scenario="baseline", draw=0), [3000.0] * 3, rtol=1e-14)
    assert real.attrs["price_basis"].startswith("yuan of 2029")
    share = compare.in_basis(flows, pension, "wage_share")
    np.testing.assert_allclose(share, 0.5, rtol=1e-14)
    assert share.attrs["unit"] == "share"
    # Two contributors at 6000 a month earn 144,000 a year.
    total = compare.in_basis(flows, f"{FUND}.revenue", "wage_share")
    assert float(total[0, 0, 0]) == pytest.approx(10.0 / 144_000.0, rel=1e-14)


def test_units_of_money_by_hand():
    flows = by_hand()
    flows[BALANCE].values[:] *= 1e8
    hundred_million = compare.in_basis(flows, BALANCE, unit="亿元")
    np.testing.assert_allclose(hundred_million[0, 0], [5.0, 5.0, 4.5])
    assert hundred_million.attrs["unit"] == "亿元"
    assert compare.in_basis(flows, f"{FUND}.revenue", unit="亿元").attrs["unit"] == "亿元/year"
    billion = compare.in_basis(flows, BALANCE, unit="billion yuan")
    np.testing.assert_allclose(billion[0, 0], [0.5, 0.5, 0.45])
    pension = compare.in_basis(flows, f"{FUND}.mean_pension_m", unit="亿元")
    assert pension.attrs["unit"] == "yuan/month"
    assert float(pension[0, 0, 0]) == 3000.0
    months = compare.in_basis(flows, f"{FUND}.reserve_months", "real", "亿元")
    assert months.identical(flows[f"{FUND}.reserve_months"])


def test_real_is_nominal_over_prices_in_a_run(pair):
    for key in (BALANCE, f"{FUND}.revenue", f"{FUND}.mean_pension_m"):
        nominal = pair.table([key, "price_index"], unit="yuan")
        real = pair.table(key, basis="real", unit="yuan")[key]
        expected = nominal[key] / nominal["price_index"]
        np.testing.assert_array_equal(real.to_numpy(), expected.to_numpy())
    assert pair.flows["price_index"].min() > 0


def test_words_that_are_not_known_name_the_nearest(pair):
    with pytest.raises(ParameterError, match="balanse: the result holds no such series"):
        pair.table("employee_pension.balanse")
    with pytest.raises(ParameterError, match="Did you mean employee_pension.balance"):
        pair.series("employee_pension.balanse")
    with pytest.raises(ParameterError, match="2060: the result holds no such year. It holds 2024"):
        pair.table(BALANCE, years=2060)
    with pytest.raises(ParameterError, match="basis: 'Real' is not one of nominal, real"):
        pair.table(BALANCE, basis="Real")
    with pytest.raises(ParameterError, match="unit: 'RMB' is not one of yuan"):
        pair.table(BALANCE, unit="RMB")
    with pytest.raises(ParameterError, match="difference: base: the result holds no such scenario"):
        pair.difference(BALANCE, against="base")


# Tables and differences -------------------------------------------------------------------------


def test_table_keeps_the_order_that_was_asked_for(pair):
    keys = [BALANCE, "population"]
    found = pair.table(keys, years=[2028, 2025], scenarios=["higher", "baseline"])
    assert list(found.columns) == keys
    assert list(found.index) == [
        ("higher", 2028),
        ("higher", 2025),
        ("baseline", 2028),
        ("baseline", 2025),
    ]
    assert found.attrs["units"] == {BALANCE: "亿元", "population": "persons"}
    for scenario, year in found.index:
        exact = pair.flows[BALANCE].sel(scenario=scenario, year=year, draw=0).item()
        assert found.loc[(scenario, year), BALANCE] == pytest.approx(exact / 1e8, rel=1e-15)


def test_the_whole_table_holds_every_headline_series(pair):
    assert list(pair.table().columns) == list(SERIES)
    assert pair.table().shape == (10, len(SERIES))
    assert not pair.table().isna().any().any()


def test_series_is_one_scenario_over_the_years(pair):
    found = pair.series(BALANCE, "higher")
    assert list(found.index) == [2024, 2025, 2026, 2027, 2028]
    np.testing.assert_array_equal(
        found.to_numpy(), pair.flows[BALANCE].sel(scenario="higher", draw=0).values
    )
    first = pair.series(BALANCE)
    np.testing.assert_array_equal(first, pair.flows[BALANCE].isel(scenario=0, draw=0).values)


def test_difference_is_the_one_less_the_other(pair):
    found = pair.difference(BALANCE)
    assert found.dims == ("scenario", "draw", "year")
    assert list(found["scenario"].values) == ["higher"]
    one, other = pair.series(BALANCE, "higher"), pair.series(BALANCE, "baseline")
    np.testing.assert_array_equal(found.values[0, 0], (one - other).to_numpy())
    # Nothing before the change, to the bit; something after.
    assert (found.sel(year=[2024, 2025]) == 0.0).all()
    assert (found.sel(year=[2026, 2027, 2028]) > 0.0).all()


def test_difference_of_a_run_with_itself_is_zero_to_the_bit(base):
    from rssim.study.run import run

    twice = run([base, base.named("again")])
    alone = run(base)
    for key in SERIES:
        assert not twice.difference(key).values.any(), key
        assert not alone.difference(key).values.any(), key


# What one sees ----------------------------------------------------------------------------------


def test_text_and_html_name_scenarios_and_units(pair):
    text = repr(pair)
    assert "Guangzhou" in text and "2024 to 2028" in text
    assert "baseline, higher" in text and "balance: 亿元" in text and "Nominal yuan" in text
    html = pair._repr_html_()
    assert "higher" in html and "<table" in html


def test_identities_hold_to_one_in_a_billion(pair):
    found = pair.identities
    assert list(found.index) == ["baseline", "higher"]
    assert {"fund", "accounts", "people", "sectors"} <= set(found.columns)
    assert float(found.to_numpy().max()) < 1e-9
