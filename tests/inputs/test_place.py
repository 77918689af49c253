"""Places: complete, inherited, sourced; faults are named all at once."""

from __future__ import annotations

from datetime import date

import pytest

from rssim.errors import ParameterError, PlaceError
from rssim.inputs.place import PARAMS, load_place, packaged_places


def test_packaged_places():
    assert packaged_places() == ["china", "guangdong", "guangzhou"]


@pytest.mark.parametrize("name", packaged_places())
def test_every_lever_has_a_value_and_every_value_a_source(name):
    place = load_place(name)
    assert set(place.entries) == set(PARAMS)
    for key, entry in place.entries.items():
        assert entry.param.key == key
        for step in entry.dated:
            unsourced = step.kind == "assumption" and step.evidence == "none"
            assert step.source in place.sources or (unsourced and not step.source), key
            if step.kind in ("assumption", "estimate") and not entry.param.choices:
                assert step.low is not None, key
                assert step.high is not None, key
            if isinstance(step.value, int | float) and isinstance(step.low, int | float):
                assert step.low <= step.value <= step.high, key
    assert place.openings
    for path in place.openings.values():
        assert path.exists()


def test_a_child_inherits_what_it_does_not_say():
    china, province, city = (load_place(name) for name in ("china", "guangdong", "guangzhou"))
    day = date(2025, 1, 1)
    key = "employee_pension.accrual_rate"
    assert province.entry(key) is china.entry(key)
    assert city.entry(key) is china.entry(key)
    # The calculation base is the province's, the floor the city's own.
    assert city.entry("employee_pension.calculation_base_m").dated.on(day) == 9493
    assert china.entry("employee_pension.calculation_base_m").dated.on(day) != 9493
    assert city.entry("employee_pension.base_floor_m").place == "guangzhou"
    assert [folder.name for folder in city.folders] == ["guangzhou", "guangdong", "china"]
    assert city.file("rates/mortality.csv").parent.parent.name == "china"


def test_published_law():
    """Values that anyone can look up."""
    china = load_place("china")

    def on(key, day):
        return china.entry(key).dated.on(date.fromisoformat(day))

    assert on("employee_pension.employer_rate", "2019-05-01") == 0.16
    assert on("employee_pension.employee_rate", "2025-01-01") == 0.08
    assert on("employee_pension.accrual_rate", "2025-01-01") == 0.01
    assert on("employee_pension.base_cap_ratio", "2025-01-01") == 3.0
    assert on("employee_pension.base_floor_ratio", "2025-01-01") == 0.6
    assert on("employee_pension.annuity_divisor", "2025-01-01")[60] == 139
    assert on("employee_pension.minimum_years", "2029-12-31") == 15
    assert on("employee_pension.minimum_years", "2039-01-01") == 20
    assert on("employee_pension.increase_ceiling", "2024-01-01") == 0.03
    assert on("employee_pension.increase_ceiling", "2025-01-01") == 0.02


def test_unknown_names_get_a_hint():
    with pytest.raises(PlaceError, match="Did you mean guangzhou"):
        load_place("guangzou")
    with pytest.raises(ParameterError, match="Did you mean .*employer_rate"):
        load_place("china").entry("employee_pension.employers_rate")


def test_a_place_is_a_folder_and_its_faults_come_together(tmp_path):
    folder = tmp_path / "town"
    (folder / "law").mkdir(parents=True)
    (folder / "place.yaml").write_text("name: Town\nextends: guangdong\nlevel: city\n")
    law = folder / "law" / "employee_pension.yaml"
    law.write_text(
        "employer_rate:\n  unit: share\n  values:\n"
        "  - {since: 2020-01-01, value: 0.13, kind: law, evidence: official, source: sc-2005-38}\n"
    )
    (folder / "calibration.yaml").write_text("{}\n")
    town = load_place(folder)
    assert town.entry("employee_pension.employer_rate").dated.on(date(2030, 1, 1)) == 0.13
    assert town.entry("employee_pension.employee_rate").place == "china"
    bad = tmp_path / "bad"
    (bad / "law").mkdir(parents=True)
    (bad / "place.yaml").write_text("name: Bad\nextends: guangdong\nlevle: city\n")
    (bad / "law" / "employee_pension.yaml").write_text(
        "employer_rate:\n  unit: percent\n  values:\n"
        "    - {since: 2020-01-01, value: 0.13, kind: law, evidence: official, source: nobody}\n"
        "employe_rate:\n  unit: share\n  values: []\n"
        "base_cap_m:\n  unit: yuan/month\n  values:\n"
        "    - {since: 2020-01-01, value: 2, kind: guess, evidence: official, source: sc-2005-38}\n"
    )
    with pytest.raises(PlaceError) as caught:
        load_place(bad)
    text = "\n".join(caught.value.faults)
    for part in ("levle", "'percent'", "nobody", "employee_rate", "'guess'", "how it goes on"):
        assert part in text
