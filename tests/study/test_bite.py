"""A change that nothing reads is refused; one that moves nothing warns."""

from __future__ import annotations

import numpy as np
import pytest

from rssim.errors import ParameterError, ScenarioError
from rssim.inputs.place import PARAMS
from rssim.inputs.scenario import load_scenario, value_on
from rssim.study.bite import BiteWarning, formulas_that_name, largest_change
from rssim.study.run import run

RATE = "employee_pension.employer_rate"


def test_a_change_after_the_horizon_is_refused(base):
    with pytest.raises(ScenarioError, match=rf"{RATE}: the date 2050-01-01 lies after the last"):
        run(base.change(RATE, {"2050-01-01": 0.2}))


@pytest.mark.parametrize("bite", ["auto", "off"])
def test_a_lever_that_no_rule_in_force_reads_is_refused(base, bite):
    other = base.change("employee_pension.increase_nominal", {"2026-01-01": 0.05})
    with pytest.raises(ParameterError) as caught:
        run(other, bite=bite)
    text = str(caught.value)
    assert (
        "employee_pension.increase_nominal: the change from 2026-01-01 is read by nothing" in text
    )
    assert "cohorts.references.increase_of_year" in text


def test_the_same_lever_bites_under_its_rule(base):
    nominal = base.change("employee_pension.indexation_rule", {"2026-01-01": "nominal"})
    nominal = nominal.change("employee_pension.increase_nominal", {"2026-01-01": 0.05}).named("n")
    result = run([base, nominal])
    raised = result.series("employee_pension.increase_rate", "n")
    assert raised.loc[2026] == pytest.approx(0.05)
    assert (result.reads["moved"] > 0).all()


def test_all_unread_levers_are_named_at_once():
    province = load_scenario("baseline", place="guangdong", end=2028)
    other = province.change("employee_pension.increase_nominal", {"2026-01-01": 0.05})
    # The province has no groups between which residents could convert.
    other = other.change("demography.hukou_conversion", {"2026-01-01": 1000.0})
    with pytest.raises(ParameterError) as caught:
        run(other)
    assert len(caught.value.faults) == 2
    assert "demography.hukou_conversion" in str(caught.value)


def test_a_neutral_change_warns_and_changes_nothing_to_the_bit(base):
    day = "2026-01-01"
    law = value_on(base, RATE, base.opening.replace(year=2026))
    same = base.change(RATE, {day: law}, name="same")
    with pytest.warns(BiteWarning, match=f"same: {RATE}: .*moved no headline series"):
        result = run([base, same])
    for key, found in result.flows.data_vars.items():
        assert found.sel(scenario="same").values.tobytes() == (
            found.sel(scenario="baseline").values.tobytes()
        ), key
    # Three formulas read the rate: the fund's, that of the public part within its series, and
    # labour cost in the market for jobs.
    assert list(result.reads["moved"]) == [0.0, 0.0, 0.0]


def test_a_lever_that_is_read_but_overruled_warns(base):
    """Until 2025 the cap is published, so the ratio that continues it decides nothing."""
    other = base.until(2025).change("employee_pension.base_cap_ratio", 2.0, name="cap")
    with pytest.warns(BiteWarning, match="Another rule or limit decides") as caught:
        run(other)
    assert caught[0].filename == __file__


def test_off_does_not_try_the_moves(base):
    law = value_on(base, RATE, base.opening)
    result = run(base.change(RATE, {"2026-01-01": law}, name="same"), bite="off")
    assert np.isnan(result.reads["moved"]).all()


def test_reads_name_lever_reader_years_and_what_moved(pair):
    readers = pair.reads.set_index("reader")
    assert set(readers.index) == {
        "cohorts.funds.employee_pension.year",
        "cohorts.funds.public_pension.image",
        "cohorts.jobs.labour_charges",
    }
    row = readers.loc["cohorts.funds.employee_pension.year"]
    assert (row["scenario"], row["lever"]) == ("higher", RATE)
    assert (row["first_year"], row["last_year"]) == (2026, 2028)
    # Employer contributions rise by nearly a quarter, about a fifth of their largest value.
    assert row["moved"] >= 0.18


def test_every_lever_that_can_be_read_has_a_reader_in_the_source():
    silent = [key for key in PARAMS if not formulas_that_name(key)]
    assert all(key not in silent for key in (RATE, "employee_pension.increase_nominal"))
    assert set(silent) <= {"economy.income_growth", "labour.registered_share"}


def test_largest_change_by_hand():
    one = {"a": np.array([[1.0, 2.0]]), "b": np.array([[0.1, 4.0]])}
    other = {"a": np.array([[1.0, 2.5]]), "b": np.array([[-0.9, 4.0]])}
    assert largest_change(one, one) == (0.0, "")
    # |2 - 2.5| / 2.5 = 0.2; |0.1 + 0.9| / 4 = 0.25, although the sign of b turns.
    assert largest_change(one, other) == (pytest.approx(0.25), "b")
    gone = {"a": np.array([[np.nan, 2.0]]), "b": one["b"]}
    assert largest_change(one, gone) == (1.0, "a")
