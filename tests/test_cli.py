"""The command line: what it prints, where, and with which code."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from rssim.cli import main, parse_change
from rssim.cohorts.funds.registry import FUNDED
from rssim.inputs.place import PARAMS, load_place
from rssim.inputs.scenario import list_scenarios, load_scenario
from rssim.study.headline import FUND_KEYS
from rssim.study.money import Money, fund_names, sector_of
from rssim.study.run import run

FUND = "employee_pension"
SHORT = ("--to", "2028", "--years", "2026,2028")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_help_imports_nothing_of_the_model() -> None:
    code = (
        "import sys, io, contextlib\n"
        "from rssim.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    try: main(['--help'])\n"
        "    except SystemExit: pass\n"
        "heavy = {'numpy', 'pandas', 'xarray', 'matplotlib', 'scipy', 'yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_command_prints_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys)
    assert code == 0
    for command in (
        "run",
        "compare",
        "ledger",
        "list",
        "show",
        "check",
        "doctor",
        "verify",
        "demo",
        "cite",
    ):
        assert re.search(rf"^    {command}\b", out, re.MULTILINE), command


def test_run_prints_ranges_events_identities_and_the_fund(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = said(capsys, "run", "baseline", *SHORT)
    assert (code, err) == (0, "")
    line = next(line for line in out.splitlines() if line.startswith("Balance [亿元]"))
    found = re.findall(r"([\d,.]+) \[([\d,.]+) – ([\d,.]+)\]", line)
    assert len(found) == 2
    for central, low, high in found:
        a, b, c = (float(text.replace(",", "")) for text in (low, central, high))
        assert a <= b <= c
    for text in (
        "Months of reserve",
        "Identities:",
        "Notional balance:",
        "sub-ledger",
        "Next: rssim",
        "balance used up: not by the end",
    ):
        assert text in out


def test_person_prints_the_steps_and_saves_the_picture(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = tmp_path / "life.svg"
    given = ("person", "courier", "--retire", "2053", "--steps", "--picture", str(picture))
    code, out, err = said(capsys, *given)
    assert (code, err) == (0, f"Saved: {picture}\n")
    for text in ("Courier 外卖骑手", "basic pension 基础养老金", "[sc-2005-38]", "2053-03"):
        assert text in out
    assert picture.read_text(encoding="utf-8").count("<svg") == 1
    code, out, _ = said(capsys, "person", "courier", "--retire", "2053", "--steps", "--csv")
    rows = {row["line"]: row for row in rows_of(out)}
    assert float(rows["divisor"]["result"]) == 117
    code, _, err = said(capsys, "person", "couier")
    assert code == 2 and "Did you mean courier" in err
    code, out, _ = said(capsys, "list", "persons", "--csv")
    assert {"courier", "nurse", "migrant"} <= {row["name"] for row in rows_of(out)}


def test_run_prints_what_the_library_gives(capsys: pytest.CaptureFixture[str]) -> None:
    keys = "balance,reserve_months,unemployment_rate"
    code, out, _ = said(capsys, "run", "--csv", *SHORT, "--show", keys, "--no-variants")
    assert code == 0
    rows = rows_of(out)
    result = run(load_scenario("baseline", end=2028))
    assert len(rows) == 6
    for row in rows:
        expected = result.series(row["key"])[int(row["year"])]
        assert float(row["value"]) == pytest.approx(expected, rel=1e-12)
    assert {row["unit"] for row in rows} == {"yuan", "months", "share"}


def test_run_as_json_with_ranges(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "run", "--json", *SHORT, "--show", "population")
    assert code == 0
    rows = json.loads(out)
    assert [row["year"] for row in rows] == [2026, 2028]
    for row in rows:
        assert row["low"] <= row["value"] <= row["high"]
        assert row["low"] < row["high"]


def test_set_changes_the_run_from_its_day(capsys: pytest.CaptureFixture[str]) -> None:
    """Contributions of employers are rate x base, and the base does not depend on the rate.

    That is so where no job depends on labour cost.
    """
    show = ("--show", "employer_contributions", "--csv", "--no-variants", "--to", "2028")
    show = (*show, "--set", "job_market.closure=exogenous")
    _, before, _ = said(capsys, "run", "baseline", *show)
    key = f"{FUND}.employer_rate"
    code, after, _ = said(
        capsys,
        "run",
        "baseline",
        *show,
        "--set",
        f"{key}=0.20@2027-01-01",
        "--set",
        f"{key}=0.24@2028-01-01",
        # The published series contain the public sector, which has a rate of its own.
        "--set",
        "public_pension.employer_rate=0.20@2027-01-01",
        "--set",
        "public_pension.employer_rate=0.24@2028-01-01",
    )
    assert code == 0
    old = {row["year"]: float(row["value"]) for row in rows_of(before)}
    new = {row["year"]: float(row["value"]) for row in rows_of(after)}
    # The law of Guangdong has 0.16 since 2024.
    expected = {"2024": 1.0, "2025": 1.0, "2026": 1.0, "2027": 0.20 / 0.16, "2028": 0.24 / 0.16}
    for year, ratio in expected.items():
        assert new[year] / old[year] == pytest.approx(ratio, rel=1e-9), year


def test_set_without_a_day_holds_from_the_opening() -> None:
    scenario = load_scenario("baseline", end=2028)
    found = parse_change(f"{FUND}.employer_rate=0.2", scenario.opening)
    assert found == (f"{FUND}.employer_rate", scenario.opening, 0.2)


def test_set_takes_tables_and_words() -> None:
    day = load_scenario("baseline").opening
    _, _, table = parse_change("labour.cadre_share={male: 0.2, female: 0.3}@2027-01-01", day)
    assert table == {"male": 0.2, "female": 0.3}
    _, since, word = parse_change(f"{FUND}.indexation_rule=wages@2027", day)
    assert (word, str(since)) == ("wages", "2027-01-01")


def test_the_heading_says_that_a_lever_was_set(capsys: pytest.CaptureFixture[str]) -> None:
    key = f"{FUND}.employer_rate"
    _, out, _ = said(
        capsys,
        "run",
        "--no-variants",
        *SHORT,
        "--set",
        f"{key}=0.2@2027",
        "--set",
        f"{key}=0.21@2028",
    )
    assert out.startswith(f"Baseline, with {key} set · Guangzhou")
    assert f"{key} [share]: 0.16 → 0.2 from 2027-01-01, 0.21 from 2028-01-01" in out
    assert f"Next: rssim show {key}" in out


def test_progress_goes_to_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    _, out, err = said(capsys, "run", "--no-variants", *SHORT)
    assert "5 of 5 years" in err and "of 5 years" not in out


def test_a_terminal_without_chinese_is_no_error() -> None:
    found = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-m", "rssim", "list", "places"],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )
    assert found.returncode == 0
    assert b"Guangzhou" in found.stdout and b"??" in found.stdout


def test_a_reader_that_stops_early_is_no_error() -> None:
    """As with `rssim list | head -1`."""
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "rssim", "list", "levers"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_a_change_that_moves_nothing_is_said_on_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = said(
        capsys, "run", "--no-variants", *SHORT, "--set", f"{FUND}.employer_rate=0.16@2026-01-01"
    )
    assert code == 0
    assert "moved no headline series" in err and "moved no headline series" not in out


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "r.dta", "r.nc", "folder"])
def test_out_saves_by_suffix(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    code, out, _ = said(capsys, "run", "--no-variants", *SHORT, "--out", str(tmp_path / name))
    assert code == 0
    assert f"Saved: {tmp_path / name}" in out
    assert (tmp_path / name).exists()
    assert not list(tmp_path.rglob(".*"))


def test_what_was_saved_can_be_verified(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    said(capsys, "run", "--no-variants", *SHORT, "--out", str(path))
    code, out, _ = said(capsys, "verify", str(path))
    assert code == 0 and "the same" in out
    manifest = next(tmp_path.glob("*manifest.json"))
    text = manifest.read_text(encoding="utf-8")
    record = json.loads(text)
    record["result_hash"] = "0" * 64
    record["sums"]["baseline"][f"{FUND}.balance"] *= 1.01
    manifest.write_text(json.dumps(record), encoding="utf-8")
    code, out, _ = said(capsys, "verify", str(path))
    assert code == 1 and f"{FUND}.balance" in out


def test_compare_prints_levels_differences_and_readers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = said(
        capsys,
        "compare",
        "baseline",
        "scenarios/levers/employer_rate_20.yaml",
        "--place",
        "guangdong",
        *SHORT,
        "--show",
        "contributions,retirees",
    )
    assert (code, err) == (0, "")
    assert "Guangdong" in out and "difference from baseline" in out
    assert re.search(rf"{FUND}.employer_rate: read by cohorts\.\S+, 2026 to 2028", out), out
    last = [line for line in out.splitlines() if line.startswith("Retirees")][-1]
    assert "0.00 [0.00 – 0.00]" in last
    assert "Notional" not in out


def test_compare_takes_the_place_that_a_file_names(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(
        capsys,
        "compare",
        "baseline",
        "remittance_0",
        *SHORT,
        "--no-variants",
        "--show",
        "remittance",
    )
    assert code == 0 and out.startswith("Guangdong")
    lines = [line for line in out.splitlines() if line.startswith("Remittance")]
    assert lines[1].split()[-2:] == ["0", "0"]


def test_a_file_for_another_place_is_used_with_a_note(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = said(
        capsys, "run", "remittance_0", "--place", "guangzhou", *SHORT, "--no-variants"
    )
    assert code == 0 and "Guangzhou" in out
    assert "written for guangdong" in err and "guangzhou all the same" in err
    _, _, err = said(capsys, "run", "remittance_0", *SHORT, "--no-variants")
    assert err == ""


def test_show_prints_every_dated_value_with_its_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = said(capsys, "show", f"{FUND}.employer_rate", "--place", "guangzhou")
    assert code == 0
    for step in load_place("guangzhou").entry(f"{FUND}.employer_rate").dated:
        assert re.search(rf"{step.since}\s+{step.value:g}\s", out)
        assert step.source in out
    for text in ("单位缴费比例", "0 to 0.6", "cohorts.funds.employee_pension.year", "https://"):
        assert text in out


def test_show_prints_a_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "show", "indexation_wages")
    assert code == 0 and f"{FUND}.indexation_rule" in out


def test_list_levers_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "list", "levers", "--csv")
    assert code == 0
    assert [row["key"] for row in rows_of(out)] == list(PARAMS)
    _, out, _ = said(capsys, "list", "--layer", "law", "--json")
    assert [row["key"] for row in json.loads(out)] == [
        key for key, param in PARAMS.items() if param.layer == "law"
    ]


def test_list_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "list", "scenarios", "--csv")
    assert [row["name"] for row in rows_of(out)] == list_scenarios()
    _, out, _ = said(capsys, "list", "places", "--csv")
    assert {row["name"] for row in rows_of(out)} >= {"china", "guangdong", "guangzhou"}
    _, out, _ = said(capsys, "list", "variables", "--csv")
    result = run(load_scenario("baseline", end=2025))
    assert [row["key"] for row in rows_of(out)] == list(result.flows.data_vars)


def test_tables_stand_below_one_another(capsys: pytest.CaptureFixture[str]) -> None:
    """Chinese characters fill two columns of a terminal."""
    from rssim.study.headline import width

    _, out, _ = said(capsys, "list", "places")
    lines = out.splitlines()
    column = lines[0].index("level")
    for line in lines[1:]:
        level = re.search(r"\b(city|province|nation)\b", line)
        assert level is not None
        assert width(line[: level.start()]) == column


@pytest.mark.parametrize("place", ["china", "guangdong", "guangzhou"])
def test_check_finds_no_fault(capsys: pytest.CaptureFixture[str], place: str) -> None:
    code, out, _ = said(capsys, "check", place)
    assert code == 0 and "No faults." in out
    total = sum(float(part) for part in re.findall(r"\((\d+)%\)", _line(out, "by kind")))
    assert total == pytest.approx(100, abs=2)


def test_check_reports_the_calibration(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "check", "guangzhou", "--calibration")
    assert code == 0
    moments = load_place("guangzhou").calibration
    names = [name for day in moments.values() for name in day]
    for name in names:
        assert re.search(rf"^  {name}\b", out, re.MULTILINE), name
    for text in (
        "coverage",
        "from the history",
        "not used",
        "pin no constant",
        "new_urban_employment",
    ):
        assert text in out
    unused = out.split("figures that are not used")[1].split("Score")[0]
    assert unused.split() == ["none"]  # Guangzhou's moments all pin a constant.


def test_a_series_may_leave_out_the_fund_and_the_month() -> None:
    from rssim.study.headline import known_keys

    names = ["balance", "average_wage", "average_wage_m"]
    assert known_keys(names) == ["employee_pension.balance", "average_wage_m", "average_wage_m"]


def test_check_of_a_scenario_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "check", "scenarios/packages/reform.yaml")
    assert code == 0 and "in order" in out


def test_doctor(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "doctor")
    assert code == 0 and "All in order" in out and "run guangzhou" in out
    for key in fund_names():
        line = _line(out, f"opening + in − out = closing, {sector_of(key)}: ")
        assert float(line.rsplit(" ", 1)[1]) <= 1e-9
    for identity in ("sectors", "people", "accounts"):
        assert f"  {identity}: " in out
    assert re.search(r"hashes: law files [0-9a-f]{12}, result [0-9a-f]{12}", out)


def test_doctor_finds_a_fund_that_does_not_close(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rssim.study import doctor, money

    def leaking(years: list[money.MoneyYear]) -> Money:
        found = money_of(years)
        paid = replace(found.flows[0], amount=1.001 * found.flows[0].amount)
        return replace(found, flows=(paid, *found.flows[1:]))

    money_of = money.money_of
    monkeypatch.setattr("rssim.study.record.money_of", leaking)
    faults = doctor._funds(lambda line: None)
    assert len(faults) == 1
    assert faults[0].startswith("guangdong: identity opening + in − out = closing, employee")


def test_show_funds_is_the_account_of_every_fund(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "run", "--csv", *SHORT, "--show", "funds", "--no-variants")
    assert code == 0
    expected = [
        f"{fund}.{name}"
        for fund in fund_names()
        for name in FUND_KEYS
        if name != "reserve_months" or fund not in FUNDED
    ]
    rows = rows_of(out)
    assert list(dict.fromkeys(row["key"] for row in rows)) == expected
    assert {row["year"] for row in rows} == {"2026", "2028"}
    code, out, _ = said(
        capsys,
        "compare",
        "baseline",
        "employer_rate_20",
        *SHORT,
        "--show",
        "funds",
        "--no-variants",
    )
    assert code == 0 and out.count("Subsidy required") == 3 * len(fund_names())


def test_demo_writes_pictures_and_tables(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = said(capsys, "demo", "--out", str(tmp_path / "out"), "--to", "2030")
    assert code == 0
    assert "sub-ledger" in out and out.rstrip().splitlines()[-1].startswith("Next: ")
    pictures = sorted((tmp_path / "out").glob("*.png"))
    assert len(pictures) == 4
    assert all(path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" for path in pictures)
    assert list((tmp_path / "out").glob("*.csv"))


def test_cite(capsys: pytest.CaptureFixture[str]) -> None:
    import rssim

    _, out, _ = said(capsys, "cite")
    assert rssim.__version__ in out and out.count("\n") == 1
    _, out, _ = said(capsys, "cite", "--bibtex")
    assert out.count("{") == out.count("}") and out.startswith("@software{rssim,")


def _line(text: str, word: str) -> str:
    return next(line for line in text.splitlines() if word in line)


# The ledger ---------------------------------------------------------------------------------------


def test_ledger_prints_flows_that_sum_to_zero(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = tmp_path / "new" / "ledger.png"
    code, out, err = said(capsys, "ledger", "baseline", "--year", "2026", "--picture", str(picture))
    assert (code, err) == (0, "")
    assert picture.stat().st_size > 10_000
    line = next(line for line in out.splitlines() if line.startswith("all sectors"))
    _, paid, received, balance = re.split(r"\s{2,}", line)
    assert (paid, balance) == (received, "0.00")
    for text in ("Employer contributions", "The social budget", "Identities:", "Notional balance:"):
        assert text in out


def test_ledger_as_data_is_that_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(
        capsys, "ledger", "baseline", "--year", "2025", "--real", "--by-group", "--csv"
    )
    assert code == 0
    found = run(load_scenario("baseline", end=2025), bite="off").ledger(
        2025, basis="real", by_group=True
    )
    rows = rows_of(out)
    assert [float(row["amount"]) for row in rows] == found["amount"].tolist()
    assert {row["unit"] for row in rows} == {"亿元/year at prices of 2023"}


def test_ledger_of_a_year_or_file_that_cannot_be(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "ledger", "--year", "2020")
    assert code == 2 and "2020: the result holds no such year" in err
    code, _, err = said(capsys, "ledger", "--year", "2024", "--picture", "x.gif")
    assert code == 2 and ".png, .svg or .pdf" in err
