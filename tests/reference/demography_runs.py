"""Runs of rssim.cohorts.population on published inputs, and their errors.

Used by test_demography.py; `errors_table` is also what a book page can print.
Figures: tests/reference/data/SOURCES_demography.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rssim.cohorts import population as pop

FIGURES = Path(__file__).parent / "data" / "demography"
PLACES = Path(pop.__file__).parents[1] / "places"
SEXES = ("male", "female")
WPP_YEARS = range(2024, 2101)
LAST_1_JULY = 2100


def read(name: str) -> pd.DataFrame:
    """A file of figures."""
    return pd.read_csv(FIGURES / name)


def cube(frame: pd.DataFrame, value: str, first: str = "year", age: str = "age") -> np.ndarray:
    """Long figures as an array (first, sex, age), male first."""
    wide = frame.pivot(index=[first, "sex"], columns=age, values=value).fillna(0.0)
    firsts = sorted(frame[first].unique())
    order = [(item, sex) for item in firsts for sex in SEXES]
    return wide.reindex(order).to_numpy().reshape(len(firsts), 2, -1)


def wide_cube(frame: pd.DataFrame, male: str, female: str) -> np.ndarray:
    """Figures with a column per sex as an array (year, sex, age)."""
    return np.stack(
        [
            frame.pivot(index="year", columns="age", values=name).to_numpy()
            for name in (male, female)
        ],
        axis=1,
    )


def fertility_by_age(frame: pd.DataFrame, years: list[int]) -> np.ndarray:
    """Fertility at ages 0..100, (year, age) [1/year]; 0 where nothing is printed."""
    wide = frame.pivot(index="year", columns="age", values="asfr")
    return wide.reindex(index=years, columns=range(101)).fillna(0.0).to_numpy()


# Canada 1950-2019, exact ---------------------------------------------------------------------


def canada_survival() -> np.ndarray:
    """Survival ratios of the printed m_x and a_x, (year, sex, age)."""
    table = read("canada_mx_ax.csv.gz")
    return pop.survival_ratios(pop.life_table(cube(table, "mx"), cube(table, "ax")))


def canada_run(migrants: str, timing: str, survival: np.ndarray | None = None) -> list[Any]:
    """Canada from 1950 to 2019, one PopulationYear per year.

    migrants  "counts", "rates" or "totals";  timing  "end" or "even"
    """
    base = read("canada_base_population.csv").assign(year=1950)
    people = cube(base, "population")[0]
    flows = read("canada_net_migration.csv.gz")
    counts, rates = cube(flows, "net_count"), cube(flows, "net_rate")
    totals = read("canada_net_migration_total.csv")["net_count"].to_numpy()
    sex_ratios = read("canada_sex_ratio_at_birth.csv")["srb"].to_numpy()
    years = list(range(1950, 2020))
    asfr = fertility_by_age(read("canada_fertility.csv.gz"), years)
    survival = canada_survival() if survival is None else survival
    steps = []
    for index in range(len(years)):
        net = {
            "counts": lambda i, p: counts[i],
            "rates": lambda i, p: pop.migrants_from_rates(p, rates[i]),
            "totals": lambda i, p: pop.migrants_from_total(p, totals[i]),
        }[migrants](index, people)
        # The package's own rule: what would empty a cell leaves 0.00001 persons there.
        net = pop.bounded_migrants(people, net, 1e-5)
        step = pop.project_year(
            people, survival[index], asfr[index], sex_ratios[index], net, timing
        )
        steps.append(step)
        people = step.population
    return steps


# World Population Prospects 2024, single ages --------------------------------------------------


def wpp2024_inputs(iso3: str, rates: str) -> dict[str, np.ndarray]:
    """Inputs of a run 2024-2100 in thousands: base, mx, asfr, srb, net migrants.

    rates  "reconstructed", or "graduated" (China: the rates shipped with the package)
    """
    years = list(WPP_YEARS)

    def of(name: str) -> pd.DataFrame:
        frame = read(name)
        return frame[frame["iso3"] == iso3]

    base = of("wpp2024_base_population.csv")
    net = of("wpp2024_net_migration.csv.gz")
    indicators = of("wpp2024_indicators.csv").set_index("year")
    if rates == "graduated" and iso3 == "CHN":
        shipped = pd.read_csv(PLACES / "china" / "rates" / "mortality.csv.gz")
        mx = cube(shipped[shipped["year"].isin(years)], "mx")
    else:
        name = {
            "graduated": "wpp2024_mx_graduated_hkg_mac.csv.gz",
            "reconstructed": "wpp2024_mx_reconstructed_chn.csv.gz",
        }[rates]
        mx = wide_cube(of(name), "mx_male", "mx_female")
    return {
        "population": base[["male_thousand", "female_thousand"]].to_numpy().T.copy(),
        "mx": mx,
        "asfr": fertility_by_age(of("wpp2024_asfr.csv.gz"), years),
        "sex_ratio_at_birth": indicators.loc[years, "srb"].to_numpy(),
        "net_migrants": wide_cube(net, "male_thousand", "female_thousand"),
        "births": indicators.loc[years, "births"].to_numpy(),
        "e0": indicators.loc[years, ["e0_m", "e0_f"]].to_numpy(),
    }


def wpp2024_published(iso3: str) -> np.ndarray:
    """Published population on 1 July 2024..2100, (year, sex, age) [thousand]."""
    frame = read(f"wpp2024_population_1july_{iso3}.csv.gz")
    return wide_cube(frame, "male_thousand", "female_thousand")


def wpp2024_run(inputs: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Population on 1 July (year, sex, age) and births (year) of a run 2024-2100 [thousand]."""
    people = inputs["population"]
    survival = pop.survival_ratios(pop.life_table(inputs["mx"]))
    middle, all_births = [], []
    for index in range(len(WPP_YEARS)):
        step = pop.project_year(
            people,
            survival[index],
            inputs["asfr"][index],
            inputs["sex_ratio_at_birth"][index],
            inputs["net_migrants"][index],
        )
        middle.append(0.5 * (people + step.population))
        all_births.append(step.births.sum())
        people = step.population
    return np.array(middle), np.array(all_births)


# World Population Prospects 2019, five-year groups ---------------------------------------------


def wpp2019_life_table() -> Any:
    """Abridged life tables of China 1950-2095, (period, sex, age group)."""
    frame = read("wpp2019_mx_chn.csv.gz")
    mx = cube(frame, "mx", "period_start", "age_start")
    width = np.array([1.0, 4.0, *[5.0] * 19, np.inf])
    return pop.life_table(mx, pop.abridged_a(mx), width)


def wpp2019_run() -> tuple[np.ndarray, np.ndarray]:
    """Projected and published population of China 2025..2100, (year, sex, group) [thousand]."""
    people = cube(read("wpp2019_population_chn.csv.gz"), "population_thousand", age="age_start")
    net = cube(
        read("wpp2019_net_migration_chn.csv.gz"),
        "net_migration_thousand",
        "period_start",
        "age_start",
    )
    net = np.concatenate([net, np.zeros((*net.shape[:2], 21 - net.shape[2]))], axis=2)
    fertility = read("wpp2019_fertility_chn.csv").set_index("period_start").loc[2020:2095]
    shares = fertility[[name for name in fertility if name.startswith("pasfr")]].to_numpy()
    asfr = np.zeros((len(fertility), 21))
    asfr[:, 3:10] = fertility["tfr"].to_numpy()[:, None] * shares / 500.0
    survival = pop.survival_ratios(pop.merge_infants(wpp2019_life_table()))[-16:]
    now, projected = people[0], []
    for index in range(16):
        step = pop.project_year(
            now,
            survival[index],
            asfr[index],
            fertility["srb"].to_numpy()[index],
            net[index],
            "end",
            5.0,
            "with_migrants",
        )
        now = step.population
        projected.append(now)
    return np.array(projected), people[1:]


# Errors ----------------------------------------------------------------------------------------


def errors_of(projected: np.ndarray, published: np.ndarray, old_age: int) -> dict[str, float]:
    """Largest relative errors: total, 65+, age groups below the open one, open group.

    projected, published  (year, sex, age);  old_age  position of age 65
    """
    by_age = np.abs(projected.sum(axis=1) / published.sum(axis=1) - 1.0)
    by_sex_and_age = np.abs(projected / published - 1.0)

    def total(first: int) -> float:
        # Both sexes: that is how the sources state their own errors.
        ours = projected[:, :, first:].sum(axis=(1, 2))
        theirs = published[:, :, first:].sum(axis=(1, 2))
        return float(np.max(np.abs(ours / theirs - 1.0)))

    return {
        "total": total(0),
        "65+": total(old_age),
        "ages_below_open": float(by_age[:, :-1].max()),
        "sex_and_age_below_open": float(by_sex_and_age[:, :, :-1].max()),
        "open_group": total(-1),
    }


def errors_table() -> pd.DataFrame:
    """Largest relative error of each run against its published population, one row per run."""
    rows = {}
    for iso3, rates in (
        ("CHN", "reconstructed"),
        ("CHN", "graduated"),
        ("HKG", "graduated"),
        ("MAC", "graduated"),
    ):
        inputs = wpp2024_inputs(iso3, rates)
        middle, all_births = wpp2024_run(inputs)
        row = errors_of(middle, wpp2024_published(iso3), 65)
        row["births"] = float(np.max(np.abs(all_births / inputs["births"] - 1.0)))
        rows[f"WPP 2024 {iso3} 1x1 {rates}"] = row
    rows["WPP 2019 CHN 5x5"] = errors_of(*wpp2019_run(), 13)
    return pd.DataFrame(rows).T
