"""The targets of the plan: numbers of the plan, outcome, model value, met or not, and faults."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

import rssim
from rssim.cli import main
from rssim.errors import ParameterError, PlaceError
from rssim.inputs.place import PLACES, load_place
from rssim.inputs.scenario import load_scenario
from rssim.study.run import run
from rssim.study.target_file import NOT_MODELLED, Outcome, Target, load_targets
from rssim.study.targets import Scoreboard

#: The work plan 2024 of the bureau: https://www.gz.gov.cn/zwgk/ghjh/zxgh/content/post_9725815.html
PLAN = {
    "new_urban_employment": 240_000,
    "vocational_training": 100_000,
    "yuecai_shifu": 5_700,
    "yuecai_shifu_enrolment": 1_000,
    "technician_school_intake": 30_000,
    "technician_school_enrolment": 110_000,
    "nanyue_jiazheng_training": 50_000,
    "residents_pension_outlet_coverage": 0.80,
    "employment_communities": 100,
    "postdoc_platforms": 55,
    "talent_cards": 1_800,
    "leading_hr_firms": 10,
    "technician_school_compliance": 0.90,
    "unemployment_insurance_rate": 0.01,
    "rural_talent_posts": 7,
    "district_gig_markets": 11,
    "high_level_technician_colleges": 5,
    "model_technical_schools": 5,
    "work_study_majors": 57,
    "schools_restructured": 4,
}


def a_target(meets: str = "at least", value: float = 100.0, **more: Any) -> Target:
    words = {"key": "t", "name": "T", "zh": "", "systems": ("S3-01",), "definition": "d"}
    rest = {"unit": "persons", "year": 2024, "evidence": "official", "source": "s", "note": ""}
    measure = {"series": "", "levers": (), "because": "b", "outcomes": ()}
    return Target(**(words | rest | measure | {"meets": meets, "value": value} | more))


@pytest.fixture(scope="module")
def board() -> Scoreboard:
    return rssim.targets("guangzhou", 2024)


def test_the_numbers_are_those_of_the_plan() -> None:
    found = load_targets("guangzhou")
    assert {key: found[key].value for key in PLAN} == PLAN


@pytest.mark.parametrize(
    ("meets", "value", "met"),
    [
        ("at least", 100.0, True),
        ("at least", 99.0, False),
        ("at least", 101.0, True),
        ("at most", 100.0, True),
        ("at most", 103.0, False),
        ("at most", 0.0, True),
        ("exactly", 100.0, True),
        ("exactly", 98.0, False),
    ],
)
def test_met_by(meets: str, value: float, met: bool) -> None:
    assert a_target(meets).met_by(value) is met


def test_the_model_value_is_that_of_the_baseline(board: Scoreboard) -> None:
    result = run(load_scenario("baseline", place="guangzhou", end=2025), bite="off")
    expected = float(result.series("new_urban_employment")[2024])
    found = board.score("new_urban_employment")
    assert found.model == pytest.approx(expected, rel=1e-12)
    assert found.model_gap == pytest.approx(expected - 240_000)
    assert found.met_in_model == "met (calibrated to)"


def test_levers_are_summed(board: Scoreboard) -> None:
    """0.8 % of employers and 0.2 % of employees in Guangzhou, 1 % together."""
    found = board.score("unemployment_insurance_rate")
    assert found.model == pytest.approx(0.01)
    assert (found.met, found.met_in_model) == ("met", "met")


def test_a_scenario_that_misses_says_so() -> None:
    later = load_scenario("baseline", place="guangzhou").change(
        "labour.new_urban_employment_path", {"2024-01-01": 200_000}, name="few"
    )
    found = rssim.targets("guangzhou", 2024, later).score("new_urban_employment")
    assert found.model == pytest.approx(200_000, rel=1e-6)
    assert found.model_gap == pytest.approx(-40_000, rel=1e-5)
    assert found.met_in_model.startswith("missed")


def test_changes_after_the_year_do_not_matter(board: Scoreboard) -> None:
    late = rssim.targets("guangzhou", 2024, "levers/pensions_late")
    assert late.score("pensions_in_arrears").model == 0.0
    key = "new_urban_employment"
    assert late.score(key).model == pytest.approx(board.score(key).model)


def test_an_assumed_outcome_is_no_answer(board: Scoreboard) -> None:
    for score in board:
        assert (score.met == "not known") == (score.outcome is None or score.outcome.assumed)
        if score.outcome is not None and score.outcome.assumed:
            assert score.outcome.low is not None and score.outcome.high is not None
            assert score.outcome.low < score.outcome.value < score.outcome.high or (
                score.outcome.low <= score.outcome.value <= score.outcome.high
                and score.outcome.low < score.outcome.high
            )


def test_what_is_not_modelled_has_no_model_value(board: Scoreboard) -> None:
    for score in board:
        assert score.target.modelled == (score.model is not None)
        assert (score.target.measured_by == NOT_MODELLED) == (score.met_in_model == NOT_MODELLED)
    counts = board.counts()
    assert counts["in all"] == len(board) == counts["measured by the model"] + counts[NOT_MODELLED]


def test_a_year_without_targets_names_those_that_have_some() -> None:
    with pytest.raises(ParameterError, match="there are targets for 2024, 2025"):
        rssim.targets("guangzhou", 2030)


def test_the_text_says_that_there_is_no_probability(board: Scoreboard) -> None:
    text = board.text()
    assert "without a probability" in text and "reported, not modelled" in text
    assert "<table" in board._repr_html_() and "New urban employment" in board._repr_html_()
    assert board.frame.loc["new_urban_employment", "value"] == 240_000


def test_the_picture_has_a_line_for_each_target_above_zero(board: Scoreboard) -> None:
    from matplotlib import pyplot

    ax = board.plot()
    shown = [score.target.name for score in board if score.target.value > 0]
    assert [label.get_text() for label in ax.get_yticklabels()] == shown[::-1]
    diamonds = [line for line in ax.lines if line.get_marker() == "D"]
    assert len(diamonds) == sum(
        1 for score in board if score.model is not None and score.target.value > 0
    )
    pyplot.close(ax.get_figure(root=True))


def test_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["targets", "--place", "guangzhou", "--year", "2024", "--json"]) == 0
    found = {row["target"]: row for row in json.loads(capsys.readouterr().out)}
    assert found["vocational_training"]["value"] == 100_000
    assert found["vocational_training"]["model"] is None
    assert main(["targets", "--year", "2025", "--csv"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [row["target"] for row in rows] == ["technician_school_compliance"]
    assert main(["targets", "--picture", str(tmp_path / "t.svg")]) == 0
    assert (tmp_path / "t.svg").stat().st_size > 10_000
    assert main(["targets", "--place", "china"]) == 2
    assert "places with one: guangzhou" in capsys.readouterr().err


# Faults of the file -----------------------------------------------------------------------------


def spoiled(tmp_path: Path, changes: dict[str, dict[str, Any]]) -> list[str]:
    """The faults of a file in which some keys are changed; None takes a key out."""
    for name in ("china", "guangdong", "guangzhou"):
        shutil.copytree(PLACES / name, tmp_path / name)
    path = tmp_path / "guangzhou" / "targets.yaml"
    raw = yaml.safe_load(path.read_text("utf-8"))
    for key, change in changes.items():
        raw[key] = {k: v for k, v in (raw[key] | change).items() if v is not None}
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), "utf-8")
    with pytest.raises(PlaceError) as caught:
        load_targets(load_place(tmp_path / "guangzhou"))
    return caught.value.faults


def test_all_faults_at_once_with_nearest_names(tmp_path: Path) -> None:
    faults = spoiled(
        tmp_path,
        {
            "new_urban_employment": {"measured_by": {"series": "new_urban_employmnt"}},
            "unemployment_insurance_rate": {
                "measured_by": {"levers": ["unemployment_insurance.employr_rate"]}
            },
            "vocational_training": {"measured_by": "not modelled"},
            "yuecai_shifu": {"meets": "at lest", "value": "many"},
            "talent_cards": {"source": "gz-plan-2024-hrs", "year": "next"},
            "leading_hr_firms": {"unit": None, "units": "firms"},
            "rural_talent_posts": {"systems": "S2-24"},
            "new_urban_employment_not_below_2023": {"outcomes": "new_urban_employmen"},
            "employment_communities": {
                "outcomes": [
                    {"year": 2024, "value": 5, "kind": "assumption", "evidence": "none"},
                    {"year": 2024, "value": 5, "kind": "statistic", "evidence": "oficial"},
                ]
            },
            "postdoc_platforms": {
                "outcomes": [
                    {
                        "year": 2024,
                        "value": 9,
                        "kind": "assumption",
                        "evidence": "none",
                        "low": 10,
                        "high": 20,
                    }
                ]
            },
        },
    )
    text = "\n".join(faults)
    for words in (
        "new_urban_employmnt: there is no such series. Did you mean new_urban_employment",
        "unemployment_insurance.employr_rate: there is no such lever. Did you mean "
        "unemployment_insurance.employer_rate",
        "'not modelled' is neither 'series: KEY', 'levers: [KEY, KEY]' nor the words "
        "'reported, not modelled'",
        "meets: 'at lest' is not one of at least, at most, exactly. Did you mean at least",
        "value: 'many' is not a number",
        "'gz-plan-2024-hrs' is not in sources.yaml. Did you mean gz-plan-2024-hrss",
        "year: 'next' is not a year",
        "the key 'unit' is missing",
        "units",
        "systems must be a list",
        "'new_urban_employmen' is no target with outcomes of its own. Did you mean "
        "new_urban_employment",
        "an assumption needs a range ('low' is missing)",
        "evidence: 'oficial' is not one of",
        "a statistic needs a source",
        "the value 9 lies outside its range 10 to 20",
    ):
        assert words in text, (words, text)
    assert all("targets.yaml: " in fault for fault in faults)


def test_an_outcome_knows_whether_it_is_assumed() -> None:
    assert Outcome(2024, 1.0, "assumption", "none", low=0.5, high=2.0).assumed
    assert not Outcome(2024, 1.0, "statistic", "official", "s").assumed
