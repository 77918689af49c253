"""Printed contribution record of one person, 1997 to 2025: yearly and average index."""

import csv
from pathlib import Path

import numpy as np
import pytest

from rssim.rules.contributions import average_index, contribution_index

DATA = Path(__file__).parent / "data" / "b08_index_history.csv"


@pytest.fixture(scope="module")
def record():
    with open(DATA, encoding="utf-8") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def indices(record):
    return contribution_index(record["monthly_base"], record["reference_wage"])


def test_yearly_index(record):
    assert len(record["year"]) == 29
    assert indices(record) == pytest.approx(record["index"], abs=0.0011)


def test_average_by_years(record):
    """The printed average counts every year alike, also the two that are not full."""
    total = indices(record).sum()
    assert total == pytest.approx(22.017, abs=29 * 0.0005)
    assert average_index(total, 29) == pytest.approx(0.759, abs=0.001)


def test_average_by_months(record):
    """Other provinces weight by months; the same record then gives 0.7626."""
    years = record["months"] / 12
    ours = average_index((indices(record) * years).sum(), years.sum())
    assert ours == pytest.approx(0.7626, abs=0.001)
