"""The register of the plan: links resolve, scenarios move what rows name, gaps are told."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rssim
from rssim.cli import main
from rssim.cohorts.funds.registry import SCHEMES
from rssim.errors import ParameterError, PlaceError
from rssim.inputs.place import PARAMS, PLACES, load_place
from rssim.inputs.scenario import load_scenario
from rssim.study.check import check
from rssim.study.register import audit, load_register
from rssim.study.run import simulate
from rssim.study.series import SERIES
from rssim.study.systems import COLUMNS

FILE = PLACES / "guangzhou" / "systems.csv"
BOOK = Path(__file__).parents[2] / "book"
#: All dated values of the linked scenarios lie before it.
END = 2036
#: Of the issue that asked for the register: systems by tier.
TIERS = {"A": 101, "B": 106, "C": 79}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """The file itself, read without the package."""
    with FILE.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def links(row: dict[str, str], kind: str) -> list[str]:
    parts = [part.strip().partition(":") for part in row["carried_by"].split(";") if part.strip()]
    return [key for found, _, key in parts if found == kind]


def test_every_system_of_the_plan_has_a_row(rows: list[dict[str, str]]) -> None:
    assert Counter(row["tier"] for row in rows) == TIERS
    assert len({row["id"] for row in rows}) == 286
    assert {row["section"] for row in rows} == {str(number) for number in range(9)}
    assert all(row["name_zh"] and row["name_en"] and row["what_it_does"] for row in rows)


def test_every_link_resolves(rows: list[dict[str, str]]) -> None:
    schemes = {"employee_pension", *(scheme.KEY for scheme in SCHEMES)}
    targets = set(rssim.targets(year=2024).frame.index) | set(rssim.targets(year=2025).frame.index)
    known = {"lever": set(PARAMS), "indicator": set(SERIES), "scheme": schemes, "target": targets}
    for row in rows:
        for part in filter(None, map(str.strip, row["carried_by"].split(";"))):
            kind, _, key = part.partition(":")
            if kind == "scenario":
                assert load_scenario(key).changes, (row["id"], key)
            else:
                assert key in known[kind], (row["id"], part)
        assert (BOOK / f"{row['page']}.md").exists(), (row["id"], row["page"])


def test_what_a_and_b_lack_and_why_c_moves_nothing_is_said(rows: list[dict[str, str]]) -> None:
    for row in rows:
        if row["tier"] == "C":
            assert row["state"] == "context" and len(row["note"]) > 20, row["id"]
        elif row["state"] == "not yet":
            assert "Missing:" in row["note"], row["id"]
            assert not set("lis") & {part.strip()[:1] for part in row["carried_by"].split(";")}
        elif row["state"] == "channel":
            assert row["note"], row["id"]
        else:
            assert row["state"] == "carried", row["id"]
    print(Counter((row["tier"], row["state"]) for row in rows))


def test_counts_are_those_of_the_file(rows: list[dict[str, str]]) -> None:
    found = rssim.systems()
    counted = Counter((row["tier"], row["state"]) for row in rows)
    assert {
        (tier, state): number
        for tier, states in found.summary().items()
        for state, number in states.items()
        if number
    } == dict(counted)
    assert len(found) == 286 and list(found.frame.reset_index().columns) == list(COLUMNS)
    assert found.summary_rows()[-1][-1] == found.summary_rows("section")[-1][-1] == "286"


def test_a_choice_is_the_rows_that_fit(rows: list[dict[str, str]]) -> None:
    chosen = rssim.systems(section=4, tier="A")
    assert [item.id for item in chosen] == [
        row["id"] for row in rows if row["section"] == "4" and row["tier"] == "A"
    ]
    with pytest.raises(ParameterError) as caught:
        rssim.systems(section=9, tier="D", state="caried")
    assert len(caught.value.faults) == 3
    assert "Did you mean carried" in caught.value.faults[2]


def moved(name: str, base: dict[str, np.ndarray]) -> set[str]:
    scenario = load_scenario(name, place="guangzhou", end=END)
    found = simulate(scenario, keep=False, trace=False).headline
    return {
        key
        for key in base
        if not np.allclose(found[key], base[key], rtol=1e-7, atol=1e-9, equal_nan=True)
    }


@pytest.mark.slow
def test_every_linked_scenario_moves_what_the_row_names() -> None:
    base = simulate(
        load_scenario("baseline", place="guangzhou", end=END), keep=False, trace=False
    ).headline
    register = rssim.systems()
    names = sorted({key for item in register for key in item.of("scenario")})
    effects = {name: moved(name, base) for name in names}
    for item in register:
        scenarios, indicators = item.of("scenario"), set(item.of("indicator"))
        for name in scenarios:
            assert effects[name] & indicators, (item.id, name)
        if scenarios:
            assert indicators <= set().union(*(effects[name] for name in scenarios)), item.id


@pytest.mark.slow
def test_levers_without_a_scenario_move_what_the_row_names() -> None:
    base = load_scenario("baseline", place="guangzhou", end=2029)
    usual = simulate(base, keep=False, trace=False).headline
    for item in rssim.systems():
        if item.state not in ("carried", "channel") or item.of("scenario"):
            continue
        seen: set[str] = set()
        for key in item.of("lever"):
            value = rssim.lever(key, "guangzhou").value
            high = PARAMS[key].bounds[1]
            tried = value * 1.1 if 0 < value * 1.1 <= high else 0.9 * value or 0.01
            changed = base.change(key, {"2026-01-01": tried}, name="tried")
            found = simulate(changed, keep=False, trace=False).headline
            hit = {
                name
                for name in item.of("indicator")
                if not np.allclose(found[name], usual[name], rtol=1e-7)
            }
            assert hit, (item.id, key)
            seen |= hit
        assert seen == set(item.of("indicator")), item.id


# What a reader sees -----------------------------------------------------------------------------


def test_a_card_says_wording_number_lever_run_and_page() -> None:
    text = rssim.system("S4-11").text()
    for words in (
        "Unemployment insurance rate cut to 1%",
        "失业保险费率阶段性降至1%",
        "unemployment_insurance.employer_rate: 0.008 share",
        "rssim compare baseline levers/unemployment_rate_lapse --place guangzhou",
        "book/levers/unemployment_rate.md",
        "= 1 % in 2024; outcome: 1 official",
    ):
        assert words in text, words
    shown = rssim.system("S4-11")._repr_html_()
    assert "失业保险费率阶段性降至1%" in shown and "<script" not in shown


def test_a_card_of_context_says_why() -> None:
    text = rssim.system("S3-40").text()
    assert "Why" in text and "districts are not in the model" in text
    with pytest.raises(ParameterError, match="Did you mean S3-40"):
        rssim.system("S3-400")


def test_links_to_pages_are_relative_to_the_book() -> None:
    shown = rssim.systems(section=4).html("..")
    assert 'href="../levers/unemployment_rate.html"' in shown
    assert "href" not in rssim.systems(section=4)._repr_html_()


def test_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["systems", "--section", "4", "--tier", "A", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 27 and {row["section"] for row in found} == {4}
    assert main(["systems", "--summary"]) == 0
    assert "286" in capsys.readouterr().out
    assert main(["systems", "--summary", "--csv"]) == 0
    counts = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert sum(int(row["systems"]) for row in counts) == 286
    assert main(["systems", "S4-11"]) == 0
    assert "失业保险费率" in capsys.readouterr().out
    assert main(["systems", "S4-11", "--tier", "A"]) == 2
    assert "an id names one system" in capsys.readouterr().err
    assert main(["systems", "--place", "china"]) == 2
    assert "places with one: guangzhou" in capsys.readouterr().err


# Faults of the file -----------------------------------------------------------------------------


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A copy of the places; the city is what a test spoils."""
    for name in ("china", "guangdong", "guangzhou"):
        shutil.copytree(PLACES / name, tmp_path / name)
    return tmp_path / "guangzhou"


def spoiled(city: Path, changes: dict[str, dict[str, str]]) -> list[str]:
    """The faults of a register in which some cells are changed, by id and column."""
    path = city / "systems.csv"
    with path.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        row.update(changes.get(row["id"], {}))
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(PlaceError) as caught:
        load_register(load_place(city))
    return caught.value.faults


def test_all_faults_at_once_with_nearest_names(city: Path) -> None:
    faults = spoiled(
        city,
        {
            "S4-02": {"carried_by": "lever:employee_pension.employr_rate; indicator:populaton"},
            "S4-03": {"tier": "D", "mechanism": "poling"},
            "S4-08": {"page": "levers/enterprise_anuity"},
            "S4-09": {"carried_by": "levers:labour.cadre_share"},
            "S4-12": {"section": "5"},
        },
    )
    text = "\n".join(faults)
    for words in (
        "lever:employee_pension.employr_rate: there is no such lever. Did you mean "
        "employee_pension.employer_rate",
        "indicator:populaton: there is no such indicator. Did you mean population",
        "tier 'D' is not one of A, B, C",
        "mechanism 'poling' is not one of",
        "Did you mean pooling",
        "page 'levers/enterprise_anuity' is no page of the book. Did you mean "
        "levers/enterprise_annuity",
        "carried_by 'levers:labour.cadre_share' is not KIND:KEY",
        "section '5' is not that of the id",
    ):
        assert words in text, (words, text)
    assert all("systems.csv: line" in fault for fault in faults)


@pytest.mark.parametrize(
    ("key", "change", "words"),
    [
        ("S0-01", {"note": ""}, "why it moves nothing"),
        ("S5-20", {"note": ""}, "what is missing"),
        ("S0-01", {"tier": "A"}, "tier A and state 'context' do not go together"),
        ("S5-20", {"state": "channel"}, "needs a lever and an indicator"),
        ("S5-20", {"carried_by": "lever:labour.cadre_share"}, "may link targets only"),
        (
            "S7-10",
            {
                "carried_by": "lever:labour_law.minimum_wage_m; indicator:population; "
                "scenario:levers/supervision"
            },
            "none of which the row links",
        ),
        (
            "S7-10",
            {
                "carried_by": "lever:labour_law.minimum_wage_m; indicator:population; "
                "scenario:baseline"
            },
            "changes no lever",
        ),
        ("S2-03", {"carried_by": ""}, "the link target:vocational_training is missing"),
        ("S5-20", {"carried_by": "target:talent_cards"}, "does not name this system"),
        ("S5-20", {"id": "S5-19"}, "stands in line"),
        ("S5-20", {"id": "5-20"}, "is not an id like S4-11"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(
    city: Path, key: str, change: dict[str, str], words: str
) -> None:
    if words.startswith("the link target"):
        change = change | {"state": "not yet"}
    assert words in "\n".join(spoiled(city, {key: change}))


def test_check_audits_the_plan(city: Path) -> None:
    lines, faults = audit(load_place("guangzhou"))
    assert not faults and any("286" in line for line in lines)
    assert audit(load_place("china")) == (["no plan"], [])
    spoiled(city, {"S4-02": {"page": "nowhere"}})
    report = check(city)
    assert report.code == 2
    assert any("page 'nowhere' is no page of the book" in fault for fault in report.faults)


def test_targets_need_a_register_beside_them(city: Path) -> None:
    (city / "systems.csv").unlink()
    place = replace(load_place("guangzhou"), folders=(city,))
    assert audit(place)[1] == ["guangzhou: targets.yaml needs a register beside it (systems.csv)."]
