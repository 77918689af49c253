"""Saved results come back as they were, with units and dictionary, or not at all."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rssim.errors import ParameterError, ScenarioError
from rssim.study import export
from rssim.study.series import SERIES

BALANCE = "employee_pension.balance"
FORMS = ["result.csv", "result.xlsx", "result.dta", "result.nc", "folder"]


@pytest.mark.parametrize("name", FORMS)
def test_round_trip_keeps_every_digit_and_unit(pair, tmp_path, name):
    written = pair.save(tmp_path / name)
    assert all(file.exists() for file in written)
    found = export.load(tmp_path / name)
    assert list(found.columns) == list(SERIES)
    assert found.index.names == ["scenario", "draw", "year"]
    assert found.attrs["units"] == {key: item.unit for key, item in SERIES.items()}
    for scenario in ("baseline", "higher"):
        for key in SERIES:
            expected = pair.flows[key].sel(scenario=scenario, draw=0).values
            saved = found.loc[(scenario, 0), key].to_numpy()
            # An Excel file holds sixteen digits of a number, the other forms all of them.
            np.testing.assert_allclose(saved, expected, rtol=1e-15 if "xlsx" in name else 0)


@pytest.mark.parametrize("name", FORMS)
def test_dictionary_and_manifest_come_with_every_form(pair, tmp_path, name):
    pair.save(tmp_path / name)
    words = pd.read_csv(export.dictionary_file(tmp_path / name), keep_default_na=False)
    flows = words[words["set"] == "flows"].set_index("key")
    assert list(flows.index) == list(SERIES)
    assert flows.loc[BALANCE, "unit"] == "yuan"
    assert flows.loc[BALANCE, "long_name_zh"] == "累计结余"
    assert flows.loc[BALANCE, "timing"] == "31 December"
    assert flows.loc[BALANCE, "price_basis"] == "nominal yuan"
    assert flows.loc["population", "price_basis"] == ""
    manifest = json.loads(export.manifest_file(tmp_path / name).read_text(encoding="utf-8"))
    assert manifest == json.loads(json.dumps(pair.manifest))


def test_the_long_table_names_key_value_and_unit(pair, tmp_path):
    pair.save(tmp_path / "result.csv")
    found = pd.read_csv(tmp_path / "result.csv")
    assert list(found.columns) == ["scenario", "draw", "year", "key", "value", "unit"]
    assert len(found) == 2 * 5 * len(SERIES)
    row = found[(found["key"] == BALANCE) & (found["year"] == 2028)].iloc[1]
    assert (row["scenario"], row["unit"]) == ("higher", "yuan")
    assert row["value"] == pytest.approx(pair.series(BALANCE, "higher").loc[2028], rel=1e-15)


def test_excel_has_four_sheets(pair, tmp_path):
    pair.save(tmp_path / "result.xlsx")
    book = pd.read_excel(tmp_path / "result.xlsx", sheet_name=None)
    assert list(book) == ["series", "differences", "dictionary", "manifest"]
    gaps = book["differences"].set_index(["scenario", "draw", "year", "against"])
    assert gaps.loc[("higher", 0, 2028, "baseline"), BALANCE] == pytest.approx(
        pair.difference(BALANCE).sel(year=2028).item(), rel=1e-14
    )
    what = book["manifest"].set_index("what")["value"]
    assert what["place"] == "guangzhou"
    assert what["result_hash"] == pair.manifest["result_hash"]
    assert json.loads(what["changes of higher"]) == pair.manifest["scenarios"][1]["changes"]
    assert what["everything else"] == "result.manifest.json"


def test_stata_carries_labels(pair, tmp_path):
    pair.save(tmp_path / "result.dta")
    with pd.io.stata.StataReader(tmp_path / "result.dta") as reader:
        labels = reader.variable_labels()
        assert "nominal yuan" in reader.data_label
    assert labels["ep_balance"] == "Balance [yuan, nominal]"
    assert labels["population"] == "Population [persons]"
    assert all(len(name) <= 32 and "." not in name for name in labels)
    assert len(labels) == len(SERIES) + 3


def test_netcdf_keeps_flows_stocks_and_attributes(pair, tmp_path):
    pair.save(tmp_path / "result.nc")
    with xr.open_dataset(tmp_path / "result.nc") as flows:
        for key, series in SERIES.items():
            for name, value in pair.flows[key].attrs.items():
                assert flows[key].attrs[name] == value
            assert flows[key].attrs["units"] == series.unit
        assert json.loads(flows.attrs["manifest"])["place"] == "guangzhou"
    with xr.open_dataset(tmp_path / "result.nc", group="stocks") as stocks:
        assert stocks["date"].values[0] == np.datetime64("2024-01-01")
        for key in pair.stocks.data_vars:
            np.testing.assert_array_equal(stocks[key].values, pair.stocks[key].values)
            assert stocks[key].attrs["unit"] == pair.stocks[key].attrs["unit"]


def test_a_form_that_is_not_known_is_refused(pair, tmp_path):
    with pytest.raises(ParameterError, match=r"\.sav is not a form"):
        pair.save(tmp_path / "result.sav")
    assert not list(tmp_path.iterdir())
    with pytest.raises(ScenarioError, match="there is no such file"):
        export.load(tmp_path / "nothing.csv")


# No half-written file ---------------------------------------------------------------------------


def test_an_error_leaves_nothing_behind(pair, tmp_path, monkeypatch):
    def broken(result, file):
        file.write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(export, "_to_json", broken)
    for name in ("result.csv", "result.xlsx", "deep/folder"):
        with pytest.raises(OSError, match="disk full"):
            pair.save(tmp_path / name)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not (tmp_path / "deep" / "folder").exists()


def test_an_error_leaves_the_old_files_whole(pair, tmp_path, monkeypatch):
    pair.save(tmp_path / "result.csv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken(result, file):
        file.write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(export, "_to_csv", broken)
    with pytest.raises(OSError, match="disk full"):
        pair.save(tmp_path / "result.csv")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
