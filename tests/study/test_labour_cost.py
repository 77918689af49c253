"""Charges of employers by hand."""

from __future__ import annotations

from datetime import date

import pytest

import rssim
from rssim.inputs.scenario import value_on
from rssim.study.labour_cost import employer_charges


def test_charges_are_what_employers_pay_over_pay():
    base = rssim.load("baseline", place="guangzhou", end=2026)
    cut = base.change("labour_law.other_employer_rate", {"2026-01-01": 0.1}, name="cut")
    result = rssim.run([base, cut], bite="off")
    found = employer_charges(result)
    paid = sum(
        result.series(key, unit="yuan")[2025]
        for key in (
            "employee_pension.employer_contributions",
            "unemployment_insurance.employer_contributions",
            "work_injury.premiums",
        )
    )
    ledger = result.ledger(2025, basis="wage_share")
    rows = ledger[(ledger["payer"] == "employers") & (ledger["kind"] == "contribution")]
    shares = rows[rows["scheme"].isin(["employee_pension", "unemployment_insurance"])]["amount"]
    other = float(value_on(base, "labour_law.other_employer_rate", date(2025, 1, 1)))
    bill = paid / (found[2025] - other)
    assert shares.sum() < found[2025] - other
    pension = result.series("employee_pension.employer_contributions", unit="yuan")[2025]
    # The published series holds enterprises and public posts; the ledger has them apart.
    own = rows["scheme"].isin(["employee_pension", "public_pension"])
    row = rows[own]["amount"].sum()
    assert pension / bill == pytest.approx(row, rel=1e-12)
    # The cut lowers the sum one to one, but for bases at a floor or cap, which wages outgrow.
    gap = employer_charges(result, "cut")[2026] - found[2026]
    assert gap == pytest.approx(0.1 - other, abs=2e-3)
