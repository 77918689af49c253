"""Case D04: life expectancy and annuities from UK death probabilities of 2018.

Survivors l(x+1) = l(x)(1 - q(x)); those who die live half of the year, 0.1 in the first year of
life; the table ends at age 120. Figures and published expectancies: SOURCES_demography.md.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from rssim.cohorts.population import annuity_due, life_table_from_q

QX = Path(__file__).parent / "data" / "demography" / "uk_qx_2018.csv"
TOLERANCE = 1e-4

#: e0, e60, e65, survivors to 60, annuity-due at 60 with interest 0 and 2 percent.
DERIVED = {
    "male": (79.25021417, 22.73428113, 18.69183438, 0.9076970343, 23.23428113, 18.24682531),
    "female": (82.93345453, 25.29966472, 21.01497927, 0.940978051, 25.79966472, 19.87400633),
}
PUBLISHED_E0 = {"male": 79.3, "female": 82.9}


def death_probabilities() -> np.ndarray:
    """(sex, age) with male first."""
    with QX.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return np.array([[float(row[f"qx_{sex}"]) for row in rows] for sex in ("male", "female")])


@pytest.mark.parametrize(("position", "sex"), [(0, "male"), (1, "female")])
def test_expectancies_and_annuities(position, sex):
    qx = death_probabilities()
    ax = np.full_like(qx, 0.5)
    ax[:, 0] = 0.1
    table = life_table_from_q(qx, ax)
    e0, e60, e65, survivors, annuity_0, annuity_2 = DERIVED[sex]
    assert table.ex[position, 0] == pytest.approx(e0, abs=TOLERANCE)
    assert table.ex[position, 60] == pytest.approx(e60, abs=TOLERANCE)
    assert table.ex[position, 65] == pytest.approx(e65, abs=TOLERANCE)
    assert table.lx[position, 60] == pytest.approx(survivors, abs=TOLERANCE)
    assert annuity_due(qx, 0.0)[position, 60] == pytest.approx(annuity_0, abs=TOLERANCE)
    assert annuity_due(qx, 0.02)[position, 60] == pytest.approx(annuity_2, abs=TOLERANCE)
    assert table.ex[position, 0] == pytest.approx(PUBLISHED_E0[sex], abs=0.15)
