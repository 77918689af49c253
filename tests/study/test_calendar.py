"""Provisions that expire: which they are, and lapse against renewal by runs of their own."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from rssim.cli import main
from rssim.errors import ParameterError
from rssim.inputs.place import PLACES, Place, load_place
from rssim.inputs.scenario import load_scenario
from rssim.study import calendar
from rssim.study.run import simulate

RATE = "employee_pension.employer_rate"
OWN = "employee_pension.employee_rate"
BALANCE = "employee_pension.balance"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of Guangdong in which both rates are temporary to the end of 2027, and relief ended.

    In a folder of its own, so that no calibration of the packaged place is touched.
    """
    root = tmp_path_factory.mktemp("places")
    for name in ("china", "guangdong"):
        shutil.copytree(PLACES / name, root / name)
    path = root / "guangdong" / "law" / "employee_pension.yaml"
    law = yaml.safe_load(path.read_text("utf-8"))
    source = law["employer_rate"]["values"][-1]["source"]

    def steps(value, fallback, **more):
        ends = {"expires": date(2027, 12, 31), "fallback": fallback}
        first = {"value": value, "kind": "law", "evidence": "official", "source": source}
        return {
            "unit": "share",
            "values": [
                {"since": date(2006, 1, 1)} | first,
                {"since": date(2024, 1, 1)} | first | ends,
            ],
        } | more

    law["employer_rate"] = steps(0.16, 0.2)
    law["employee_rate"] = steps(0.08, 0.09)
    law["employer_relief_share"] = {
        "unit": "share",
        "values": [
            # Ends before the opening.
            {
                "since": date(1990, 1, 1),
                "value": 0,
                "kind": "law",
                "evidence": "official",
                "source": source,
            },
            {
                "since": date(2020, 1, 1),
                "value": 0.4,
                "kind": "law",
                "evidence": "official",
                "source": source,
            }
            | {"expires": date(2020, 12, 31), "fallback": 0},
        ],
    }
    law["flexible_rate"] = {
        "unit": "share",
        "values": [
            # Replaced on the day after: renewed already, nothing lapses.
            {
                "since": date(2006, 1, 1),
                "value": 0.2,
                "kind": "law",
                "evidence": "official",
                "source": source,
            }
            | {"expires": date(2026, 12, 31), "fallback": 0.3},
            {
                "since": date(2027, 1, 1),
                "value": 0.2,
                "kind": "law",
                "evidence": "official",
                "source": source,
            },
        ],
    }
    path.write_text(yaml.safe_dump(law, allow_unicode=True), "utf-8")
    return root / "guangdong"


@pytest.fixture(scope="module")
def place(folder: Path) -> Place:
    return load_place(folder)


@pytest.fixture(scope="module")
def found(place: Place) -> list[calendar.Effect]:
    return calendar.calendar(load_scenario("baseline", place))


def test_provisions_are_those_that_lapse(place: Place) -> None:
    own = [
        item
        for item in calendar.provisions(place)
        if next(iter(item.levers)).startswith("employee_pension.")
    ]
    assert {frozenset(item.levers): item.expires for item in own} == {
        frozenset({"employee_pension.employer_relief_share"}): date(2020, 12, 31),
        frozenset({OWN}): date(2027, 12, 31),
        frozenset({RATE}): date(2027, 12, 31),
        frozenset({RATE, OWN}): date(2027, 12, 31),
    }
    assert len(own) == 4
    assert own[1].day_after == date(2028, 1, 1)


def test_effect_is_that_of_two_runs_written_out(place: Place, found: list[calendar.Effect]) -> None:
    """The fall-back and the renewal as changes of their own: the same difference of balances."""
    base = load_scenario("baseline", place, end=2032)
    low = base.change(RATE, {"2028-01-01": 0.16}).change(OWN, {"2028-01-01": 0.09})
    high = base.change(RATE, {"2028-01-01": 0.2}).change(OWN, {"2028-01-01": 0.09})
    paths = [simulate(item, keep=False, trace=False).headline[BALANCE] for item in (low, high)]
    alone = next(item for item in found if list(item.provision.levers) == [RATE])
    assert alone.year == 2032
    expected = float(paths[0][0, -1] - paths[1][0, -1])
    assert alone.by_fund["employee_pension"] == pytest.approx(expected, rel=1e-12)
    # The lower rate costs the fund.
    assert expected < 0 and alone.fund == "employee_pension"


def test_levers_of_one_source_and_day_are_renewed_together_too(
    found: list[calendar.Effect],
) -> None:
    by_levers = {tuple(sorted(item.provision.levers)): item for item in found}
    single = [by_levers[(key,)].by_fund["employee_pension"] for key in (RATE, OWN)]
    both = by_levers[tuple(sorted((RATE, OWN)))].by_fund["employee_pension"]
    # Rates on nearly the same bases add up but for what they do to jobs and interest.
    assert both == pytest.approx(sum(single), rel=0.02)


def test_an_expiry_before_the_run_has_no_effect(found: list[calendar.Effect]) -> None:
    past = next(item for item in found if "relief" in next(iter(item.provision.levers)))
    assert past.by_fund == {} and past.fund == ""
    text = str(calendar.calendar_table(found))
    assert "before the run" in text and "these 2 together" in text


def test_published_ends_say_how_an_amount_goes_on(place: Place) -> None:
    text = str(calendar.published_ends(place))
    for key, entry in place.entries.items():
        ends = entry.index.rule != "nominal" and entry.index.last and entry.param.layer == "law"
        assert (f"[{key}]" in text) == bool(ends)


def test_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "--place", str(folder), "--years", "2", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    row = next(row for row in rows if row["provision"] == RATE)
    assert row["falls_back_to"] == "0.2" and row["expires"] == "2027-12-31" and row["year"] == 2029
    assert row["fund"] == "employee pension" and row["effect"] < 0
    assert main(["calendar", "--place", str(folder), "--years", "1"]) == 0
    out = capsys.readouterr().out
    assert "Falls back to" in out and "Amounts of law whose published values end" in out
    assert main(["calendar", "--years", "-1"]) == 2


def test_a_renewal_that_is_only_assumed_is_told_and_lapses() -> None:
    """The temporary rate of unemployment insurance: law to a day, then an assumption."""
    known = load_place("guangzhou")
    rates = ("unemployment_insurance.employer_rate", "unemployment_insurance.employee_rate")
    both = [item for item in calendar.provisions(known) if set(item.levers) == set(rates)]
    assert [item.expires for item in both] == [date(2026, 12, 31)]
    assert both[0].assumed
    base = load_scenario("baseline", place=known, end=2030)
    found = calendar.lapsed(base, both[0]).changes
    assert {key: [(step.since, step.value) for step in found[key]] for key in rates} == {
        rates[0]: [(date(2027, 1, 1), 0.02)],
        rates[1]: [(date(2027, 1, 1), 0.01)],
    }


def test_the_nation_has_a_calendar() -> None:
    # Some of its levers have no steps of their own.
    place = load_place("china")
    assert any(not entry.dated.steps for entry in place.entries.values())
    for item in calendar.provisions(place):
        assert all(step.expires == item.expires for step in item.levers.values())


@pytest.mark.parametrize("years", [0, -3, 2.5])
def test_years_after_the_expiry(years: object) -> None:
    with pytest.raises(ParameterError, match="1 or more years after the expiry"):
        calendar.calendar(load_scenario("baseline"), years)  # type: ignore[arg-type]


def test_years_beyond_the_tables_name_the_most_that_is_possible() -> None:
    with pytest.raises(ParameterError, match=r"years 500: .* reach to 2099. Write at most \d\d\."):
        calendar.calendar(load_scenario("baseline"), 500)
