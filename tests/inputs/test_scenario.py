"""A scenario is what differs: loading, changing, stacking, comparing, and what is refused."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from rssim.errors import RssimError, ScenarioError
from rssim.inputs.assemble import assemble
from rssim.inputs.scenario import effective, list_scenarios, load_scenario, value_on

RATE = "employee_pension.employer_rate"
FLOOR = "employee_pension.base_floor_ratio"


@pytest.fixture(scope="module")
def base():
    return load_scenario("baseline", place="guangdong", end=2040)


def test_a_change_holds_from_its_day_on_and_only_there(base):
    changed = base.change(RATE, {"2026-01-01": 0.18, "2030-07-01": 0.2}, because="test")
    assert value_on(changed, RATE, date(2025, 12, 31)) == 0.16
    assert value_on(changed, RATE, date(2026, 1, 1)) == 0.18
    assert value_on(changed, RATE, date(2035, 1, 1)) == 0.2
    assert base.changes == {}
    assert value_on(base, RATE, date(2035, 1, 1)) == 0.16


def test_a_bare_value_holds_from_the_opening(base):
    changed = base.change(RATE, 0.2)
    assert effective(changed, RATE).on(base.opening) == 0.2


def test_after_the_last_published_value_the_formula_holds(base):
    assert value_on(base, "employee_pension.base_cap_m", date(2026, 1, 1)) == 27549
    assert value_on(base, "employee_pension.base_cap_m", date(2027, 1, 1)) == "formula"


def test_difference(base):
    changed = base.change(RATE, {"2026-01-01": 0.18}, because="why")
    assert changed.diff(base) == [
        {
            "lever": RATE,
            "since": date(2026, 1, 1),
            "from": 0.16,
            "to": 0.18,
            "unit": "share",
            "because": "why",
        }
    ]
    assert base.diff(base) == []


def test_stacking_lets_the_later_one_win(base):
    first = base.change(RATE, {"2026-01-01": 0.18}).named("first")
    second = base.change(RATE, {"2028-01-01": 0.2}).change(FLOOR, {"2027-01-01": 0.6})
    stacked = base.stacked([first, second.named("second")])
    assert value_on(stacked, RATE, date(2027, 1, 1)) == 0.16
    assert value_on(stacked, RATE, date(2028, 1, 1)) == 0.2
    assert set(stacked.changes) == {RATE, FLOOR}
    assert stacked.parts[-2:] == ("first", "second")


def test_a_new_name_leaves_the_old_title(base):
    """Else a picture of four scenarios would call all of them Baseline."""
    weak = base.change(RATE, {"2026-01-01": 0.18}, name="weak")
    assert base.title == "Baseline" and (weak.title, weak.zh) == ("", "")
    assert base.named("other").title == "" and base.named("other", "Other").title == "Other"
    assert base.named("baseline") == base
    assert weak.stacked([base.named("calm", "Calm")]).title == "weak + Calm"


def test_plus_stacks_packaged_scenarios():
    both = load_scenario("employer_rate_20+base_floor_100", place="guangzhou")
    single = load_scenario("employer_rate_20", place="guangzhou")
    other = load_scenario("base_floor_100", place="guangzhou")
    assert both.changes == single.changes | other.changes


@pytest.mark.parametrize("name", list_scenarios())
@pytest.mark.parametrize("place", ["china", "guangdong", "guangzhou"])
def test_every_packaged_scenario_loads_in_every_place(name, place):
    groups = load_scenario("baseline", place=place).place.axes.group_names
    own = load_scenario(name)
    tables = [value for steps in own.changes.values() for value in (step.value for step in steps)]
    named = {key for value in tables if isinstance(value, dict) for key in value}
    other = {str(key) for key in named & set(own.place.axes.group_names)} - set(groups)
    if other:
        # A table by group belongs to the place whose groups it names.
        with pytest.raises(ScenarioError, match=sorted(other)[0]):
            load_scenario(name, place=place)
        return
    scenario = load_scenario(name, place=place)
    assert scenario.place.key == place
    assert name == "baseline" or scenario.changes
    assert all(step.because for steps in scenario.changes.values() for step in steps)


@pytest.mark.parametrize(
    ("lever", "values", "message"),
    [
        ("employee_pension.employer_rat", 0.2, "employee_pension.employer_rate"),
        (RATE, {"2023-01-01": 0.2}, "before the first step of the run"),
        (RATE, {"2050-01-01": 0.2}, "after the last year"),
        (RATE, {"2026-01-01": 16}, "16"),
        (RATE, {"2026-13-01": 0.2}, "2026-13-01"),
        ("employee_pension.indexation_rule", {"2026-01-01": "wage"}, "wages"),
        ("labour.cadre_share", {"2026-01-01": {"male": 0.3}}, "female"),
    ],
)
def test_what_is_refused(base, lever, values, message):
    with pytest.raises(RssimError, match=message):
        base.change(lever, values)


def test_units_are_checked(base):
    with pytest.raises(ScenarioError, match="'percent' is given, the model reads 'share'"):
        base.change(RATE, {"2026-01-01": 0.2}, unit="percent")


def test_all_faults_of_a_file_at_once(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(
        "rssim: 1\nname: bad\nplace: guangdong\nchnges: {}\nchanges:\n"
        "  employee_pension.employer_rat: 0.2\n"
        "  employee_pension.employee_rate: {unit: percent, values: 0.1}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    faults = caught.value.faults
    assert len(faults) == 3
    assert all("bad.yaml" in fault for fault in faults)


@pytest.mark.parametrize(
    ("text", "message"), [("name: x\n", "rssim: 1"), ("rssim: 9\n", "Install")]
)
def test_the_format_is_checked(tmp_path, text, message):
    path = tmp_path / "old.yaml"
    path.write_text(text + "place: guangdong\n")
    with pytest.raises(ScenarioError, match=message):
        load_scenario(path)


def test_unknown_opening_and_end_before_it():
    with pytest.raises(ScenarioError, match="opening stocks for"):
        load_scenario("baseline", place="guangdong", opening="2016-01-01")
    with pytest.raises(ScenarioError, match="before the opening"):
        load_scenario("baseline", place="guangdong", end=2020)
    assert load_scenario("baseline", place="china", opening="2016-01-01").opening.year == 2016


def test_a_lever_by_group_and_age_takes_numbers_and_tables():
    base = load_scenario("baseline", place="guangzhou", end=2027)
    table = {"others": 1.0, "registered_low": {0: 1.2, 25: 1.0}, "registered_high": 1.1}
    found = base.change("labour.finding_rate", {"2026-01-01": table})
    groups = list(base.place.axes.group_names)
    laid = assemble(found, trace=False).years[2].labour.finding_rate
    assert laid.shape == (1, len(groups), 1, 101)
    low, high = groups.index("registered_low"), groups.index("registered_high")
    assert laid[0, low, 0, [24, 25]].tolist() == [1.2, 1.0]
    assert laid[0, high, 0, [0, 100]].tolist() == [1.1, 1.1]
    rest = [at for at in range(len(groups)) if at not in (low, high)]
    assert np.all(laid[0, rest] == 1.0)


def test_a_table_by_group_and_age_says_everything_that_is_wrong():
    base = load_scenario("baseline", place="guangzhou", end=2027)
    table = {"registered_lo": 1.0, "registered_high": {"young": 2.0, 25: 99.0}, "others": "much"}
    with pytest.raises(RssimError) as caught:
        base.change("labour.finding_rate", {"2026-01-01": table})
    text = str(caught.value)
    assert "'registered_lo' is not a key here" in text
    assert "Did you mean registered_low" in text
    # One fault for one wrong name, not one for each group.
    assert len(caught.value.faults) == 1
    with pytest.raises(RssimError) as caught:
        base.change(
            "labour.finding_rate",
            {"2026-01-01": {"registered_high": {"young": 2.0, 25: 99.0}, "others": "much"}},
        )
    text = str(caught.value)
    for word in ("'young' is not an age", "99 is outside the allowed", "'much' is not a number"):
        assert word in text
