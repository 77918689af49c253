"""Headline numbers do not move unnoticed.

Where a change of the numbers is meant, run ``python tests/golden/update.py`` and commit the files
with the reason in CHANGELOG.md under *Numbers*.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rssim.inputs.place import packaged_places

# The script stands beside this file, in whichever way the tests are collected.
sys.path.insert(0, str(Path(__file__).parent))

import update as golden

TOLERANCE = 1e-9
HINT = "If this is meant: python tests/golden/update.py, and say why in CHANGELOG.md."


def compare(expected, found):
    assert [row[:4] for row in found] == [row[:4] for row in expected], HINT
    moved = []
    for old, new in zip(expected, found, strict=True):
        was, now = float(old[4]), float(new[4])
        if not now == pytest.approx(was, rel=TOLERANCE, abs=0.0):
            moved.append(f"{' '.join(map(str, old[:4]))}: {was:.10g} -> {now:.10g}")
    assert not moved, "\n".join([f"{len(moved)} numbers moved. {HINT}", *moved[:20]])


@pytest.mark.parametrize("place", packaged_places())
def test_baseline(place):
    expected = [row for row in golden.read("baseline.csv") if row[0] == place]
    assert expected, f"{place} has no golden numbers. {HINT}"
    compare(
        expected,
        golden.rows_of(place, "baseline", golden.BASELINE_SERIES, golden.BASELINE_YEARS),
    )


@pytest.mark.parametrize("name", golden.golden_scenarios())
def test_scenario(name):
    expected = [row for row in golden.read("scenarios.csv") if row[1] == name]
    assert expected, f"{name} has no golden numbers. {HINT}"
    compare(
        expected,
        golden.rows_of(golden.SCENARIO_PLACE, name, golden.SCENARIO_SERIES, golden.SCENARIO_YEARS),
    )


def test_a_number_that_moves_is_named():
    rows = golden.read("baseline.csv")[:3]
    place, scenario, series, year, value = rows[1]
    moved = [rows[0], (place, scenario, series, year, repr(float(value) * (1 + 3e-9))), rows[2]]
    with pytest.raises(AssertionError, match=f"1 numbers moved.*\n.*{series} {year}"):
        compare(rows, moved)
    compare(rows, rows)
