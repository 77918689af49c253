"""Tables of the law and published series that the tests of the rules share."""

import csv
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).parents[1] / "reference" / "data"


def read(name):
    with open(DATA / name, encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture(scope="session")
def series():
    """Name of a published series -> year -> value."""
    values: dict[str, dict[int, float]] = {}
    for row in read("guangdong_series.csv"):
        values.setdefault(row["series"], {})[int(row["year"])] = float(row["value"])
    return values


@pytest.fixture(scope="session")
def divisor_table():
    rows = read("b03_annuity_divisors.csv")
    return (
        np.array([float(row["age_years"]) for row in rows]),
        np.array([float(row["divisor_months"]) for row in rows]),
    )
