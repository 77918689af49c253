"""The manifest tells enough to run again, and verify says what differs."""

from __future__ import annotations

import json

import numpy as np
import pytest

from rssim.errors import ScenarioError
from rssim.inputs.place import PARAMS
from rssim.study import manifest
from rssim.study.manifest import scenario_from, verify
from rssim.study.run import run

RATE = "employee_pension.employer_rate"


def edited(path, change):
    """Writes a manifest with something changed in it."""
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_the_manifest_is_plain_json(pair):
    text = json.dumps(pair.manifest, allow_nan=False)
    assert json.loads(text)["result_hash"] == pair.manifest["result_hash"]
    for key in ("rssim", "python", "numpy", "format", "place", "opening", "end", "seed"):
        assert key in pair.manifest
    for key in ("data_hash", "code_hash", "result_hash"):
        assert len(pair.manifest[key]) == 64


def test_every_value_has_its_unit_days_and_source(pair):
    values = pair.manifest["values"]["guangzhou"]
    assert list(values) == list(pair.runs[0].scenario.place.entries)
    assert set(values) == set(PARAMS)
    rate = values[RATE]
    assert rate["unit"] == "share"
    last = rate["steps"][-1]
    assert (last["since"], last["value"], last["kind"]) == ("2024-01-01", 0.16, "law")
    assert last["source"] in pair.manifest["sources"]["guangzhou"]
    constants = pair.manifest["constants"]["guangzhou"]
    assert len(constants) >= 8 and all(np.isfinite(found).all() for found in constants.values())


def test_a_scenario_comes_back_from_its_record(higher):
    record = json.loads(json.dumps(manifest.scenario_record(higher)))
    again = scenario_from(record)
    assert again.name == higher.name and again.end == higher.end
    assert {k: [(s.since, s.value, s.because) for s in v] for k, v in again.changes.items()} == {
        k: [(s.since, s.value, s.because) for s in v] for k, v in higher.changes.items()
    }


def test_a_table_comes_back_from_its_record(base):
    steps = {"male": {"cadre": 2, "worker": 2}, "female": {"cadre": 2, "worker": 1}}
    faster = base.change("retirement.delay_step_months", {"2027-01-01": steps})
    again = scenario_from(json.loads(json.dumps(manifest.scenario_record(faster))))
    assert again.changes["retirement.delay_step_months"][0].value == (
        faster.changes["retirement.delay_step_months"][0].value
    )


def test_the_hash_sees_ten_digits_and_one_zero(pair):
    assert manifest._digits(1.00000000001) == manifest._digits(1.0)
    assert manifest._digits(1.000000001) != manifest._digits(1.0)
    assert manifest._digits(-0.0) == manifest._digits(0.0)


def test_other_results_have_another_hash(base, pair):
    again = run(base, bite="off").manifest["result_hash"]
    assert again == run(base, bite="off").manifest["result_hash"]
    assert again != pair.manifest["result_hash"]


@pytest.mark.parametrize("name", ["result.csv", "folder"])
def test_verify_reproduces(pair, tmp_path, name):
    pair.save(tmp_path / name)
    found = verify(tmp_path / name)
    assert found.same and found.differences == ()
    assert "the results are the same" in str(found)


def test_verify_says_what_differs(pair, tmp_path):
    pair.save(tmp_path / "result.csv")
    path = tmp_path / "result.manifest.json"

    def other_rate(content):
        change = content["scenarios"][1]["changes"][RATE]
        change["values"] = {"2026-01-01": 0.21}
        content["code_hash"] = "0" * 64
        content["numpy"] = "1.0"

    edited(path, other_rate)
    found = verify(path)
    assert not found.same
    text = str(found)
    assert "THE RESULTS DIFFER" in text
    assert "code: has changed since" in text and "numpy: 1.0 then" in text
    assert "higher: " in text and "data" not in text


def test_verify_knows_rounding(pair, tmp_path):
    """Sums that differ by less than one in a billion are the same but for rounding."""
    pair.save(tmp_path / "result.csv")
    path = tmp_path / "result.manifest.json"

    def rounding(content):
        content["result_hash"] = "0" * 64
        content["sums"]["baseline"]["population"] *= 1.0 + 1e-13

    edited(path, rounding)
    found = verify(path)
    assert found.same and found.differences == ("results: differ by rounding only",)


def test_a_file_without_manifest_is_refused(tmp_path):
    (tmp_path / "result.csv").write_text("scenario\n")
    with pytest.raises(ScenarioError, match="has no manifest"):
        verify(tmp_path / "result.csv")
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(ScenarioError, match="not a readable manifest"):
        verify(tmp_path / "x.json")
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(ScenarioError, match="no scenarios in it"):
        verify(tmp_path / "x.json")
    (tmp_path / "x.json").write_text('{"format": 99, "scenarios": [1]}')
    with pytest.raises(ScenarioError, match="format 99"):
        verify(tmp_path / "x.json")
