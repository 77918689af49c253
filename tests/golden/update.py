"""Writes the golden numbers again: ``python tests/golden/update.py`` from the top of the checkout.

Golden numbers guard, they do not prove: they are our own output. A commit that moves one says so
(``numbers:``) and gives old, new and reason in CHANGELOG.md under *Numbers*.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from rssim.cohorts.funds.registry import SCHEMES
from rssim.inputs.place import packaged_places
from rssim.inputs.scenario import list_scenarios, load_scenario
from rssim.study.run import run

FOLDER = Path(__file__).parent
COLUMNS = ("place", "scenario", "series", "year", "value")
FUND = "employee_pension"
BASELINE_YEARS = (2024, 2025, 2026, 2030, 2035, 2045, 2060)
BASELINE_SERIES = (
    "population",
    "births",
    "deaths",
    "labour_force",
    "employed",
    "unemployment_rate",
    "new_urban_employment",
    "reference_wage_m",
    f"{FUND}.insured_workers",
    f"{FUND}.contributors",
    f"{FUND}.retirees",
    f"{FUND}.new_retirees",
    f"{FUND}.contributions",
    f"{FUND}.revenue",
    f"{FUND}.expenditure",
    f"{FUND}.balance",
    f"{FUND}.required_subsidy",
    f"{FUND}.mean_pension_m",
    f"{FUND}.mean_new_pension_m",
    f"{FUND}.increase_rate",
    f"{FUND}.account_liability",
    f"{FUND}.short_of_minimum",
    f"{FUND}.transfers_out",
    *(
        f"{scheme.KEY}.{name}"
        for scheme in SCHEMES
        for name in ("contributions", "expenditure", "balance")
    ),
)
SCENARIO_PLACE = "guangzhou"
SCENARIO_YEARS = (2030, 2045)
SCENARIO_SERIES = (
    f"{FUND}.balance",
    f"{FUND}.retirees",
    *(f"{scheme.KEY}.balance" for scheme in SCHEMES),
)
Row = tuple[str, str, str, int, str]


def rows_of(place: str, name: str, series: tuple[str, ...], years: tuple[int, ...]) -> list[Row]:
    """Values of one scenario in one place, with ten significant digits."""
    scenario = load_scenario(name, place=place, end=max(years))
    result = run(scenario, bite="off")
    found = []
    for key in series:
        values = result.series(key)
        found += [(place, name, key, year, f"{float(values.loc[year]):.10g}") for year in years]
    return found


def baselines() -> Iterator[list[Row]]:
    """The baseline of every packaged place."""
    for place in packaged_places():
        yield rows_of(place, "baseline", BASELINE_SERIES, BASELINE_YEARS)


def golden_scenarios() -> list[str]:
    """The scenarios behind the pages of levers and packages."""
    return [name for name in list_scenarios() if name.split("/")[0] in ("levers", "packages")]


def scenarios() -> Iterator[list[Row]]:
    """Every lever's and package's scenario."""
    for name in golden_scenarios():
        yield rows_of(SCENARIO_PLACE, name, SCENARIO_SERIES, SCENARIO_YEARS)


def read(file: str) -> list[Row]:
    """The golden numbers as they stand."""
    with open(FOLDER / file, encoding="utf-8", newline="") as lines:
        return [
            (row["place"], row["scenario"], row["series"], int(row["year"]), row["value"])
            for row in csv.DictReader(lines)
        ]


def write(file: str, blocks: Iterator[list[Row]]) -> None:
    with open(FOLDER / file, "w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(COLUMNS)
        for block in blocks:
            out.writerows(block)


def main() -> int:
    write("baseline.csv", baselines())
    write("scenarios.csv", scenarios())
    return 0


if __name__ == "__main__":
    sys.exit(main())
