"""Results as files: CSV, Excel, Stata and netCDF, each with a data dictionary and the manifest."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rssim.errors import ParameterError, ScenarioError
from rssim.study.manifest import manifest_file
from rssim.study.record import dictionary_rows

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from rssim.study.result import Result

Writer = Callable[[Path], None]
SUFFIXES = (".csv", ".xlsx", ".dta", ".nc")
INDEX = ["scenario", "draw", "year"]
STATA_LABEL, STATA_NAME = 80, 32
"""Longest label and name of a variable in Stata."""
MODULE_SHORT = {
    "employee_pension": "ep",
    "enterprise_annuity": "ea",
    "personal_pension": "pp",
    "residents_pension": "rp",
    "unemployment_insurance": "ui",
    "public_pension": "pub",
    "occupational_annuity": "oa",
}


def save(result: Result, path: Path) -> list[Path]:
    """Writes a result, and returns the files; the suffix decides the form (see Result.save)."""
    if path.suffix and path.suffix not in SUFFIXES and not path.is_dir():
        raise ParameterError(
            f"{path}: {path.suffix} is not a form that results are saved in. Use "
            f"{', '.join(SUFFIXES)}, or a folder."
        )
    if path.is_dir() or not path.suffix:
        forms: dict[Path, Writer] = {
            path / "series.csv": lambda file: _to_csv(result, file),
            path / "result.nc": lambda file: _to_netcdf(result, file),
        }
        dictionary = path / "dictionary.csv"
    else:
        write = {".csv": _to_csv, ".xlsx": _to_excel, ".dta": _to_stata, ".nc": _to_netcdf}
        forms = {path: lambda file: write[path.suffix](result, file)}
        dictionary = dictionary_file(path)
    forms[dictionary] = lambda file: full_dictionary(result).to_csv(file, index=False)
    forms[manifest_file(path)] = lambda file: _to_json(result, file)
    return write_all(forms)


def write_all(forms: dict[Path, Writer]) -> list[Path]:
    """Writes files under other names, and gives them their own once all are whole."""
    folders = {file.parent for file in forms}
    made = [folder for folder in sorted(folders) if not folder.exists()]
    partial: dict[Path, Path] = {}
    try:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for file, write in forms.items():
            partial[file] = file.with_name(f".{os.getpid()}.partial.{file.name}")
            write(partial[file])
        for file, whole in partial.items():
            os.replace(whole, file)
    except BaseException:
        for whole in partial.values():
            whole.unlink(missing_ok=True)
        for folder in made:
            if folder.exists() and not any(folder.iterdir()):
                folder.rmdir()
        raise
    return list(forms)


def dictionary_file(path: Path) -> Path:
    """Where the data dictionary of a saved file or folder stands."""
    if path.is_dir() or not path.suffix:
        return path / "dictionary.csv"
    return path.with_name(f"{path.stem}.dictionary.csv")


def full_dictionary(result: Result) -> pd.DataFrame:
    """One row for each variable of flows and stocks, with its name in Stata."""
    import pandas as pd

    rows = [{"set": "flows"} | row for row in dictionary_rows(result.flows.data_vars)]
    rows += [{"set": "stocks"} | row for row in dictionary_rows(result.stocks.data_vars)]
    stata = {key: stata_name(key) for key in map(str, headline(result.flows).data_vars)}
    for row in rows:
        row["stata_name"] = stata.get(row["key"], "") if row["set"] == "flows" else ""
    return pd.DataFrame(rows)


def headline(flows: xr.Dataset) -> xr.Dataset:
    """The series without the arrays by age; those are saved in netCDF only."""
    return flows[[key for key, found in flows.data_vars.items() if found.dims == tuple(INDEX)]]


def wide(flows: xr.Dataset) -> pd.DataFrame:
    """Headline series, one column for each, rows (scenario, draw, year); nominal yuan."""
    found = headline(flows)
    keys = [str(key) for key in found.data_vars]
    return found.to_dataframe(dim_order=INDEX)[keys]


def differences(result: Result) -> pd.DataFrame:
    """Every series of the other scenarios less the baseline, or the first where there is none."""
    import xarray as xr

    names = result.scenarios
    against = "baseline" if "baseline" in names else names[0]
    keys = [str(key) for key in headline(result.flows).data_vars]
    found = wide(xr.Dataset({key: result.difference(key, against) for key in keys}))
    return found.reset_index().assign(against=against).set_index([*INDEX, "against"])


def _to_json(result: Result, file: Path) -> None:
    """The manifest."""
    text = json.dumps(result.manifest, ensure_ascii=False, indent=1, allow_nan=False)
    file.write_text(f"{text}\n", encoding="utf-8")


def _to_csv(result: Result, file: Path) -> None:
    """A long table: scenario, draw, year, key, value, unit."""
    out = wide(result.flows).reset_index().melt(INDEX, var_name="key", value_name="value")
    units = {str(key): str(found.attrs["unit"]) for key, found in result.flows.data_vars.items()}
    out["unit"] = out["key"].map(units)
    out.to_csv(file, index=False)


def _to_excel(result: Result, file: Path) -> None:
    """Sheets: series, differences, dictionary, manifest."""
    import pandas as pd

    rows = [
        (key, value if isinstance(value, int | float) else str(value))
        for key, value in result.manifest.items()
        if not isinstance(value, dict | list)
    ]
    for scenario in result.manifest["scenarios"]:
        text = json.dumps(scenario["changes"], ensure_ascii=False)
        rows.append((f"changes of {scenario['name']}", text))
    rows.append(("everything else", manifest_file(file).name.split(".partial.")[-1]))
    with pd.ExcelWriter(file, engine="openpyxl") as book:
        wide(result.flows).reset_index().to_excel(book, sheet_name="series", index=False)
        differences(result).reset_index().to_excel(book, sheet_name="differences", index=False)
        full_dictionary(result).to_excel(book, sheet_name="dictionary", index=False)
        pd.DataFrame(rows, columns=["what", "value"]).to_excel(
            book, sheet_name="manifest", index=False
        )


def stata_name(key: str) -> str:
    """A name that Stata allows: ep_balance for employee_pension.balance."""
    module, _, name = key.rpartition(".")
    out = f"{MODULE_SHORT.get(module, module)}_{name}" if module else name
    if len(out) > STATA_NAME:
        raise ParameterError(f"{key}: {out} is longer than the {STATA_NAME} letters of Stata.")
    return out


def _to_stata(result: Result, file: Path) -> None:
    """One row for each scenario, draw and year; labels carry name and unit."""
    table = wide(result.flows)
    names = {key: stata_name(key) for key in map(str, table.columns)}
    labels = {"scenario": "Scenario", "draw": "Draw", "year": "Calendar year"}
    for key, name in names.items():
        attrs = result.flows[key].attrs
        unit = attrs["unit"] + (", nominal" if attrs["price_basis"] else "")
        labels[name] = f"{attrs['long_name']} [{unit}]"[:STATA_LABEL]
    out = table.rename(columns=names).reset_index()
    out[["draw", "year"]] = out[["draw", "year"]].astype("int32")
    version = result.manifest["rssim"]
    out.to_stata(
        file,
        write_index=False,
        version=118,
        variable_labels=labels,
        data_label=f"rssim {version}, {result.manifest['place']}, nominal yuan"[:STATA_LABEL],
    )


def _to_netcdf(result: Result, file: Path) -> None:
    """Flows at the root, stocks in the group ``stocks``; every attribute is kept."""
    about = {
        "title": f"rssim: {', '.join(result.scenarios)}",
        "manifest": json.dumps(result.manifest, ensure_ascii=False, allow_nan=False),
    }
    _with_cf_units(result.flows).assign_attrs(about).to_netcdf(file, engine="netcdf4")
    _with_cf_units(result.stocks).to_netcdf(file, engine="netcdf4", mode="a", group="stocks")


def _with_cf_units(found: xr.Dataset) -> xr.Dataset:
    """The dataset with ``units`` beside ``unit``, where other programs look for it."""
    out = found.copy()
    for key in out.data_vars:
        out[key] = out[key].assign_attrs(units=out[key].attrs["unit"])
    return out


def load(path: str | Path) -> pd.DataFrame:
    """Headline series of a saved file: rows (scenario, draw, year), units in ``.attrs``.

    path  a file that Result.save wrote, in any of its four forms, or its folder
    """
    import pandas as pd
    import xarray as xr

    file = Path(path)
    file = file / "series.csv" if file.is_dir() else file
    if not file.exists():
        raise ScenarioError(f"{file}: there is no such file.")
    if file.suffix == ".nc":
        with xr.open_dataset(file, engine="netcdf4") as found:
            out = wide(found)
            out.attrs["units"] = {key: str(found[key].attrs["unit"]) for key in out.columns}
        return out
    where = dictionary_file(file if file.name != "series.csv" else file.parent)
    words = pd.read_csv(where, keep_default_na=False)
    words = words[words["set"] == "flows"].set_index("key")
    if file.suffix == ".csv":
        # Read as text first: the fast reader of numbers may be off in the last bit.
        long = pd.read_csv(file, dtype={"value": str})
        long["value"] = [float(value) for value in long["value"]]
        out = long.pivot(index=INDEX, columns="key", values="value")
    elif file.suffix == ".xlsx":
        out = pd.read_excel(file, sheet_name="series", engine="openpyxl").set_index(INDEX)
    elif file.suffix == ".dta":
        back = {name: key for key, name in words["stata_name"].items() if name}
        out = pd.read_stata(file).rename(columns=back).set_index(INDEX)
    else:
        raise ParameterError(f"{file}: {file.suffix} is not one of {', '.join(SUFFIXES)}.")
    out = out[[key for key in words.index if key in out.columns]].rename_axis(columns=None)
    out.attrs["units"] = {key: str(words.loc[key, "unit"]) for key in out.columns}
    return out
