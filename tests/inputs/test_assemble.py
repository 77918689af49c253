"""Dates become numbers of years: day weights, published shares, indices, and nothing goes flat."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from rssim.cohorts import engine
from rssim.dated import Dated, Step
from rssim.errors import ParameterError, PlaceError
from rssim.inputs.assemble import assemble, weights_by_year
from rssim.inputs.place import PARAMS
from rssim.inputs.scenario import load_scenario
from tests.laws.worlds import PLACES, calibrated

RATE = "employee_pension.employer_rate"
RECORD = {"employee_pension": "pension", "labour_law": "labour_law", "job_market": "jobs"}


def number(value):
    return float(np.asarray(value).squeeze())


def pension(inputs, year):
    return inputs.years[year - inputs.first].pension


def test_weights_are_shares_of_days():
    steps = Dated((Step(date(2020, 1, 1), 1.0), Step(date(2024, 7, 1), 3.0)))
    weights, values = weights_by_year(steps, np.array([2023, 2024, 2025]))
    assert values == [1.0, 3.0]
    np.testing.assert_allclose(weights, [[1, 182 / 366, 0], [0, 184 / 366, 1]], rtol=1e-14)


def test_a_change_in_the_middle_of_a_year_counts_for_its_days():
    scenario = load_scenario("baseline", place="guangdong", end=2027)
    changed = assemble(scenario.change(RATE, {"2026-07-01": 0.20}))
    assert number(pension(changed, 2025).employer_rate) == pytest.approx(0.16)
    assert number(pension(changed, 2026).employer_rate) == pytest.approx(
        0.16 * 181 / 365 + 0.20 * 184 / 365, rel=1e-12
    )
    assert number(pension(changed, 2027).employer_rate) == pytest.approx(0.20)


def test_a_rule_changes_on_a_first_of_january_only():
    scenario = load_scenario("baseline", place="guangdong", end=2027)
    lever = "employee_pension.indexation_rule"
    with pytest.raises(ParameterError, match="1 January only"):
        assemble(scenario.change(lever, {"2026-07-01": "prices"}))
    changed = assemble(scenario.change(lever, {"2027-01-01": "prices"}))
    assert [pension(changed, year).indexation_rule for year in (2026, 2027)] == [
        "ceiling",
        "prices",
    ]


def test_published_share_of_the_limits_ends_with_june_2026():
    inputs = assemble(load_scenario("baseline", place="guangdong", end=2028))
    published = {year.year: year.published["employee_pension.base_cap_m"] for year in inputs.years}
    assert published[2025] == 1.0
    assert published[2026] == pytest.approx(181 / 365)
    assert published[2027] == 0.0
    wage = {year.year: year.published["employee_pension.reference_wage_m"] for year in inputs.years}
    assert [wage[year] for year in (2024, 2025)] == [1.0, 0.0]


def test_a_scenario_counts_as_published():
    scenario = load_scenario("baseline", place="guangdong", end=2028)
    changed = assemble(scenario.change("employee_pension.base_cap_m", {"2027-07-01": 30000.0}))
    share = [year.published["employee_pension.base_cap_m"] for year in changed.years]
    assert share[2027 - 2024] == pytest.approx(184 / 365)
    assert share[2028 - 2024] == 1.0
    assert number(pension(changed, 2028).base_cap_m) == 30000.0


def test_a_value_that_follows_a_series_grows_with_its_lag_and_rounding():
    """Income per head of last year: grows with the income growth of the year before, in yuan."""
    inputs = assemble(load_scenario("baseline", place="china", end=2040))
    entry = inputs.place.entry("employee_pension.survivor_income")
    assert (entry.index.rule, entry.index.lag, entry.index.rounding) == ("series", 1, 1.0)
    level = number(pension(inputs, entry.index.last.year).survivor_income)
    for year in range(entry.index.last.year + 1, 2041):
        growth = number(inputs.years[year - 1 - inputs.first].economy.income_growth)
        level = np.round(level * (1.0 + growth))
        assert number(pension(inputs, year).survivor_income) == level


def test_a_value_that_takes_another_ones_place():
    """Recorded rate of accounts: published to 2025, then the assumption."""
    inputs = assemble(load_scenario("baseline", place="china", end=2030))
    for year in range(2026, 2031):
        economy = inputs.years[year - inputs.first].economy
        assert number(pension(inputs, year).account_interest_rate) == number(economy.account_rate)
    changed = assemble(
        load_scenario("baseline", place="china", end=2030).change(
            "employee_pension.account_interest_rate", {"2028-01-01": 0.05}
        )
    )
    assert number(pension(changed, 2027).account_interest_rate) != 0.05
    assert number(pension(changed, 2029).account_interest_rate) == 0.05


def record_of(year, module):
    """The record of a module: an own field of the year, or one of the schemes'."""
    if module in RECORD:
        return getattr(year, RECORD[module])
    return next(item for item in year.schemes.values() if item.module == module)


@pytest.mark.parametrize("place", PLACES)
def test_no_amount_of_money_goes_silently_flat(place):
    """After its last published value every amount in yuan grows, or says that it is nominal.

    Wages, income and prices grow in every year of the baseline, so what stands still would fall
    behind; only what a place declares nominal may.
    """
    inputs = assemble(load_scenario("baseline", place=place, end=2045))
    run = engine.run(inputs, calibrated(place).opening, calibrated(place).constants)
    economy = [year.economy for year in inputs.years[3:]]
    assert all(number(item.wage_growth) > 0 and number(item.income_growth) > 0 for item in economy)
    by_formula = {
        "employee_pension.reference_wage_m": "wage_m",
        "employee_pension.base_floor_m": "floor_m",
        "employee_pension.base_cap_m": "cap_m",
        "employee_pension.calculation_base_m": "calculation_base_m",
    }
    money = [key for key, item in PARAMS.items() if item.unit.startswith("yuan")]
    assert len(money) >= 7
    for key in money:
        rule = inputs.place.entry(key).index.rule
        if rule == "nominal":
            assert key not in by_formula
            continue
        if key in by_formula:
            path = [number(getattr(item.references, by_formula[key])) for item in run.flows]
        else:
            module, name = key.split(".")
            path = [number(getattr(record_of(year, module), name)) for year in inputs.years]
        # From the year of the last published value on; the first year where there is none.
        last = max(inputs.place.entry(key).index.last.year, inputs.first)
        after = path[last - inputs.first :]
        assert len(after) > 10
        assert (np.diff(after) > 0).all(), key


@pytest.mark.parametrize("place", PLACES)
def test_tables(place):
    inputs = assemble(load_scenario("baseline", place=place, end=2030))
    for year in inputs.years:
        assert year.death_rates.min() >= 0.0
        assert year.fertility.min() >= 0.0
        np.testing.assert_allclose(year.newborn_shares.sum(axis=-1), 1.0, rtol=1e-12)
        if year.in_profile.any():
            assert year.in_profile.sum() == pytest.approx(1.0)
    assert (0 <= inputs.participation).all()
    assert (inputs.participation <= 1).all()
    assert (inputs.relative_wage > 0).all()


def test_births_of_guangzhou_keep_the_registration_of_their_mother():
    inputs = assemble(load_scenario("baseline", place="guangzhou", end=2025))
    groups = inputs.axes.groups
    shares = inputs.years[0].newborn_shares
    for mother, group in enumerate(groups):
        for child, other in enumerate(groups):
            same = group.attributes["hukou"] == other.attributes["hukou"]
            assert (shares[mother, :, child] > 0).all() == same


def test_reads_are_traced_by_year_and_reader():
    scenario = load_scenario("baseline", place="guangdong", end=2026)
    inputs = assemble(scenario)
    found = calibrated("guangdong")
    assert inputs.trace.first_year(RATE) is None
    engine.run(inputs, found.opening, found.constants)
    assert inputs.trace.years(RATE) == {2024, 2025, 2026}
    readers = inputs.trace.reads[RATE]
    # The fund collects it, firms feel it as labour cost, and the public part is taken out of it.
    assert set(readers) == {
        "cohorts.funds.employee_pension.year",
        "cohorts.funds.public_pension.image",
        "cohorts.jobs.labour_charges",
    }
    assert inputs.trace.years("retirement.original_age") == {2024, 2025, 2026}


def test_tables_that_end_too_early_name_the_missing_years(tmp_path):
    from rssim.inputs.assemble import _yearly

    path = tmp_path / "mx.csv"
    rows = [f"2024,{sex},{age},0.01" for sex in ("male", "female") for age in range(101)]
    path.write_text("\n".join(["year,sex,age,mx", *rows]))
    with pytest.raises(PlaceError, match="no rows for 2025"):
        _yearly(path, "mx", np.array([2024, 2025]))
