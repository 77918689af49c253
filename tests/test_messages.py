"""How friendly the messages are: each names the file, the key, the value, and what is allowed."""

from __future__ import annotations

import csv
import gzip
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rssim.cli import main
from rssim.errors import ParameterError, PlaceError, RssimError, ScenarioError
from rssim.inputs.place import PLACES, load_place
from rssim.inputs.scenario import load_scenario
from rssim.study.check import check

RATE = "employee_pension.employer_rate"
HEAD = "rssim: 1\nname: mine\n"


def changes(lever: str, body: str) -> str:
    return f"{HEAD}changes:\n  {lever}:\n{body}"


def written(folder: Path, text: str | bytes, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults_of(path: Path | str, **options: object) -> list[str]:
    with pytest.raises(RssimError) as caught:
        load_scenario(path, **options)  # type: ignore[arg-type]
    return caught.value.faults


def one(path: Path, *words: str, **options: object) -> str:
    """The only fault of a file; it names the file and holds all the words."""
    found = faults_of(path, **options)
    assert len(found) == 1, found
    assert str(path) in found[0]
    rest = found[0].replace(str(path), "")
    for word in words:
        assert word in rest, rest
    return rest


# Scenario files ---------------------------------------------------------------------------------


def test_misspelt_lever_names_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, changes("employee_pension.employr_rate", "    value: 0.2\n"))
    one(path, "employee_pension.employr_rate", "no such lever", f"Did you mean {RATE}")


def test_wrong_unit_says_which_unit_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, changes(RATE, "    unit: percent\n    value: 0.2\n"))
    one(path, RATE, "'percent'", "'share'", "a fraction between 0 and 1")


def test_value_out_of_bounds_names_both_ends(tmp_path: Path) -> None:
    path = written(tmp_path, changes(RATE, "    values: {2026-01-01: 0.9}\n"))
    one(path, RATE, "2026-01-01", "0.9", "0 to 0.6 share")


def test_a_number_that_is_a_percentage_gets_the_fraction(tmp_path: Path) -> None:
    path = written(tmp_path, changes(RATE, "    values: {2026-01-01: 20}\n"))
    one(path, RATE, "20 is outside", "If you mean 20 %, write 0.2.")


def test_a_percentage_text_gets_the_fraction(tmp_path: Path) -> None:
    path = written(tmp_path, changes(RATE, "    values: {2026-01-01: 20%}\n"))
    one(path, RATE, "'20%' is not a number", "20 % is 0.20")


def test_a_date_before_the_opening(tmp_path: Path) -> None:
    path = written(tmp_path, changes(RATE, "    values: {2020-01-01: 0.2}\n"))
    found = faults_of(path)
    assert len(found) == 1
    assert RATE in found[0] and "2020-01-01" in found[0] and "2024-01-01" in found[0]
    assert "mine" in found[0]


def test_a_date_after_the_horizon(tmp_path: Path) -> None:
    path = written(tmp_path, changes(RATE, "    values: {2050-01-01: 0.2}\n"))
    found = faults_of(path, end=2040)
    assert len(found) == 1
    assert RATE in found[0] and "2050-01-01" in found[0] and "2040" in found[0]


def test_a_date_that_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, changes(RATE, "    values: {soon: 0.2}\n"))
    one(path, RATE, "'soon' is not a date", "2026-01-01")


def test_unknown_place_lists_the_known_ones(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD)
    found = faults_of(path, place="guangzou")
    assert len(found) == 1
    for word in ("guangzou", "china, guangdong, guangzhou", "Did you mean guangzhou"):
        assert word in found[0]


def test_yaml_syntax_names_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "changes:\n  a: [1, 2\n  b: 3\n")
    one(path, "line 5", "not valid YAML")


def test_a_file_for_a_newer_release(tmp_path: Path) -> None:
    path = written(tmp_path, "rssim: 2\nname: mine\n")
    one(path, "format 2", "reads up to 1", "pip install -U rssim")


def test_a_file_without_its_format(tmp_path: Path) -> None:
    one(written(tmp_path, "name: mine\n"), "'rssim' is missing", "rssim: 1")


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD.encode() + "zh: 基准\n".encode("gb18030"))
    one(path, "not UTF-8", "Save the file as UTF-8")


def test_an_empty_file(tmp_path: Path) -> None:
    one(written(tmp_path, "  \n"), "the file is empty")


def test_a_file_that_is_a_list(tmp_path: Path) -> None:
    one(written(tmp_path, "- 1\n- 2\n"), "'key: value' lines", "list")


def test_a_file_that_does_not_exist() -> None:
    found = faults_of("retirment_faster")
    assert len(found) == 1
    assert "retirment_faster" in found[0] and "Did you mean levers/retirement_faster" in found[0]


def test_a_misspelt_choice_names_the_nearest(tmp_path: Path) -> None:
    lever = "employee_pension.indexation_rule"
    path = written(tmp_path, changes(lever, "    values: {2026-01-01: price}\n"))
    one(path, lever, "'price'", "ceiling, wages, prices, mixed, nominal", "Did you mean prices")


def test_a_table_where_a_number_belongs(tmp_path: Path) -> None:
    path = written(tmp_path, changes(RATE, "    values: {2026-01-01: {male: 0.2, female: 0.1}}\n"))
    one(path, RATE, "a table is given", "single number")


def test_a_table_with_a_label_missing(tmp_path: Path) -> None:
    lever = "labour.cadre_share"
    path = written(tmp_path, changes(lever, "    values: {2026-01-01: {male: 0.2}}\n"))
    one(path, lever, "sex female is missing")


def test_a_table_with_a_label_misspelt(tmp_path: Path) -> None:
    lever = "labour.cadre_share"
    path = written(tmp_path, changes(lever, "    values: {2026-01-01: {male: 0.2, femal: 0.3}}\n"))
    one(path, lever, "'femal'", "male, female", "Did you mean")


@pytest.mark.parametrize("second", ["2026-01-01", "2026", "'2026-01-01'"])
def test_a_date_given_twice(tmp_path: Path, second: str) -> None:
    body = f"    values:\n      2026-01-01: 0.2\n      {second}: 0.18\n"
    path = written(tmp_path, changes(RATE, body))
    one(path, "2026-01-01", "twice")


def test_a_lever_given_twice(tmp_path: Path) -> None:
    text = f"{HEAD}changes:\n  {RATE}: 0.2\n  {RATE}: 0.18\n"
    one(written(tmp_path, text), RATE, "twice", "line 5")


def test_a_misspelt_key_of_the_file(tmp_path: Path) -> None:
    one(written(tmp_path, HEAD + "titel: Mine\n"), "'titel'", "Did you mean title")


def test_all_faults_of_a_file_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        f"rssim: 1\nname: mine\ntitel: Mine\nchanges:\n  {RATE}: {{unit: years, value: 20%}}\n"
        "  labour.cadre_shar: 0.2\n",
    )
    found = faults_of(path)
    assert len(found) == 4
    for word in ("'titel'", "'years'", "'20%'", "labour.cadre_shar"):
        assert sum(word in fault for fault in found) == 1, word


def test_the_python_call_says_the_same() -> None:
    base = load_scenario("baseline", end=2030)
    with pytest.raises(ScenarioError, match="Did you mean employee_pension.employer_rate"):
        base.change("employee_pension.employr_rate", 0.2)
    with pytest.raises(ScenarioError, match="0 to 0.6 share"):
        base.change(RATE, {"2026-01-01": 0.9})


def test_a_change_that_nothing_reads_is_refused() -> None:
    from rssim.study.run import run

    lever = "employee_pension.increase_nominal"  # read under the rule `nominal` only
    scenario = load_scenario("baseline", end=2028).change(lever, {"2026-01-01": 0.0}, name="mine")
    with pytest.raises(ParameterError, match="read by nothing") as caught:
        run(scenario)
    assert lever in str(caught.value) and "increase_of_year" in str(caught.value)


# Places -----------------------------------------------------------------------------------------


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """A copy of the packaged places; the copies know one another by their folder."""
    target = tmp_path / "places"
    shutil.copytree(PLACES, target)
    return target


def faults_of_place(folder: Path) -> list[str]:
    report = check(folder, end=2027)
    assert report.code == 2 and report.faults
    assert "Traceback" not in report.text()
    return [fault.replace(str(folder), folder.name) for fault in report.faults]


def rewrite(path: Path, old: str, new: str, count: int = 1) -> None:
    raw = path.read_bytes()
    packed = path.suffix == ".gz"
    text = (gzip.decompress(raw) if packed else raw).decode()
    assert old in text
    out = text.replace(old, new, count).encode()
    path.write_bytes(gzip.compress(out, mtime=0) if packed else out)


def population(places: Path) -> Path:
    return places / "guangzhou" / "stocks" / "population_2024.csv"


def test_the_copy_itself_is_in_order(places: Path) -> None:
    assert check(places / "guangzhou", end=2027).faults == []


def test_a_missing_column_names_the_nearest(places: Path) -> None:
    path = population(places)
    rewrite(path, "persons", "person")
    (fault,) = faults_of_place(places / "guangzhou")
    for word in (path.name, "'persons' is missing", "Did you mean person?"):
        assert word in fault


def test_a_gap_in_the_ages_names_the_row(places: Path) -> None:
    path = population(places)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = [
        row
        for row in rows
        if (row["group"], row["sex"], row["age"]) != ("registered_low", "female", "47")
    ]
    assert len(kept) == len(rows) - 1
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    (fault,) = faults_of_place(places / "guangzhou")
    for word in (path.name, "group registered_low, sex female, age 47 is missing"):
        assert word in fault


def test_a_negative_population_names_line_and_column(places: Path) -> None:
    path = population(places)
    lines = path.read_text(encoding="utf-8").splitlines()
    column = lines[0].split(",").index("persons")
    cells = lines[5].split(",")
    cells[column] = "-12"
    lines[5] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (fault,) = faults_of_place(places / "guangzhou")
    for word in (path.name, "line 6", "'persons'", "-12", "0 to inf"):
        assert word in fault


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("group", "registerd_low", ("'registerd_low'", "Did you mean registered_low")),
        ("persons", "many", ("'many' is not a number",)),
        ("age", "4.5", ("4.5 is not a whole number",)),
        ("age", "140", ("140 is outside", "0 to 100")),
    ],
)
def test_a_cell_that_is_wrong_names_line_and_column(
    places: Path, column: str, value: str, words: tuple[str, ...]
) -> None:
    path = population(places)
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[7].split(",")
    cells[lines[0].split(",").index(column)] = value
    lines[7] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (fault,) = faults_of_place(places / "guangzhou")
    for word in (path.name, "line 8", repr(column), *words):
        assert word in fault


def test_a_row_given_twice(places: Path) -> None:
    path = population(places)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[3]]) + "\n", encoding="utf-8")
    (fault,) = faults_of_place(places / "guangzhou")
    assert path.name in fault and "occurs more than once" in fault


def test_a_missing_table_says_where_it_was_sought(places: Path) -> None:
    (places / "guangzhou" / "rates" / "attainment.csv").unlink()
    (fault,) = faults_of_place(places / "guangzhou")
    assert "attainment.csv is missing" in fault and "guangdong, china" in fault


def test_an_unknown_source_names_the_nearest(places: Path) -> None:
    path = places / "guangzhou" / "law" / "employee_pension.yaml"
    rewrite(path, "source: gd-notice-2025}", "source: gd-notice-2055}")
    (fault,) = faults_of_place(places / "guangzhou")
    for word in (path.name, "base_floor_m", "'gd-notice-2055'", "Did you mean gd-notice-2025"):
        assert word in fault


def test_a_value_outside_its_own_range(places: Path) -> None:
    path = places / "guangzhou" / "economy" / "economy.yaml"
    rewrite(path, "low: 1.05", "low: 1.2")
    (fault,) = faults_of_place(places / "guangzhou")
    for word in (path.name, "average_wage_ratio", "1.15", "1.2 to 1.25"):
        assert word in fault


def test_an_unknown_kind_of_evidence(places: Path) -> None:
    path = places / "guangzhou" / "economy" / "economy.yaml"
    rewrite(path, "evidence: official", "evidence: offical")
    (fault,) = faults_of_place(places / "guangzhou")
    for word in (path.name, "'offical'", "official, secondary, recalled, none", "Did you mean"):
        assert word in fault


def test_a_total_that_differs_from_the_published_one(places: Path) -> None:
    path = places / "guangzhou" / "calibration.yaml"
    text = (
        "  - name: population\n    year: 2023\n    value: 20000000\n    unit: persons\n"
        "    kind: statistic\n    evidence: official\n    source: gz-yearbook-2022\n"
        "    use: score\n"
    )
    path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n" + text, encoding="utf-8")
    (fault,) = faults_of_place(places / "guangzhou")
    for word in ("18,827,000", "20,000,000", "2024-01-01"):
        assert word in fault


def test_a_place_that_is_none() -> None:
    with pytest.raises(PlaceError, match="Did you mean guangdong"):
        load_place("guangdon")


# The command line -------------------------------------------------------------------------------


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def test_cli_misspelt_lever(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(
        capsys, "run", "baseline", "--set", "employee_pension.employr_rate=0.2@2026-01-01"
    )
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 and RATE in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "baseline", "--set", f"{RATE}=20%@2026-01-01"), (RATE, "20 % is 0.20")),
        (("run", "baseline", "--set", f"{RATE}=0.2@2020-01-01"), ("2020-01-01", "2024-01-01")),
        (("run", "baseline", "--set", f"{RATE}=0.2@2070-01-01"), ("2070-01-01", "2060")),
        (("run", "baseline", "--set", f"{RATE}=0.2@soon"), ("'soon' is not a date",)),
        (("run", "baseline", "--set", RATE), ("KEY=VALUE@DATE",)),
        (("run", "baseline", "--set", f"{RATE}=[1"), ("'[1'", "not a number")),
        (("run", "baselin"), ("baselin", "Did you mean baseline")),
        (("run", "baseline", "--place", "guangzou"), ("Did you mean guangzhou",)),
        (("run", "baseline", "--show", "balanc"), ("balanc", "employee_pension.balance")),
        (("run", "baseline", "--opening", "2016-01-01"), ("2016-01-01", "2024-01-01")),
        (("run", "baseline", "--to", "2020"), ("2020", "before the opening")),
        (("run", "baseline", "--years", "2030,next"), ("'next' is not a year",)),
        (("compare", "baseline"), ("two scenarios",)),
        (("show", "employee_pension.employer_rat"), ("Did you mean", RATE)),
        (("check", "guangzou"), ("Did you mean guangzhou",)),
        (("list", "levers", "--layer", "laws"), ("'laws'", "Did you mean law")),
        (("verify", "nowhere.csv"), ("nowhere",)),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, tuple) else None,
)
def test_cli_faults(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    code, out, err = said(capsys, *arguments)
    assert code == 2
    for word in words:
        assert word in out + err, out + err


def test_cli_year_outside_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "run", "--to", "2026", "--years", "2050", "--no-variants")
    assert code == 2 and "2050" in err and "2024 to 2026" in err


def test_cli_check_of_a_broken_place(capsys: pytest.CaptureFixture[str], places: Path) -> None:
    rewrite(population(places), "persons", "person")
    code, out, _ = said(capsys, "check", str(places / "guangzhou"))
    assert code == 2 and "'persons' is missing" in out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("run", "baseline", "--set", "employee_pension.employr_rate=0.2@2026-01-01"), RATE),
        (("rnu",), "invalid choice"),
        (("run", "no_such_file.yaml"), "no_such_file.yaml"),
    ],
)
def test_a_process_says_it_in_one_line(arguments: tuple[str, ...], word: str) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "rssim", *arguments], capture_output=True, text=True, check=False
    )
    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    assert found.stderr.strip().count("\n") == 0
    assert word in found.stderr


def test_an_empty_place_is_not_the_usual_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", RATE, "--place", ""]) == 2
    assert "empty name of a place" in capsys.readouterr().err
    with pytest.raises(PlaceError, match="empty name of a place"):
        load_scenario("baseline", place="")


@pytest.mark.parametrize(
    ("key", "mine", "other"),
    [
        ("place", "guangzhou", "guangdong"),
        ("end", "2040", "2050"),
        ("opening", "2024-01-01", "2023-01-01"),
    ],
)
def test_stacked_files_that_differ_are_not_silently_merged(
    tmp_path: Path, key: str, mine: str, other: str
) -> None:
    one_file = written(tmp_path, f"{HEAD}{key}: {mine}\n", "one.yaml")
    two_file = written(tmp_path, f"{HEAD}{key}: {other}\n", "two.yaml")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(f"{one_file}+{two_file}")
    assert f"one+two: {key}: the stacked scenarios differ" in str(caught.value)
    assert f"{mine} in one, {other} in two" in str(caught.value)


def test_the_end_of_a_stacked_file_holds(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEAD}end: 2040\n", "short.yaml")
    assert load_scenario(f"baseline+{path}").end == 2040
    assert load_scenario(f"baseline+{path}", end=2030).end == 2030


@pytest.mark.parametrize("end", ["2030", 2030.5, None, True])
def test_an_end_that_is_no_year(end: object) -> None:
    with pytest.raises(ScenarioError, match="is not a year"):
        load_scenario("baseline").until(end)  # type: ignore[arg-type]


def test_a_scenario_needs_a_name() -> None:
    with pytest.raises(ScenarioError, match="needs a name"):
        load_scenario("baseline").named("")


@pytest.mark.parametrize("given", [5, None])
def test_run_of_something_else(given: object) -> None:
    from rssim.study.run import run

    with pytest.raises(ScenarioError, match="Give a Scenario or the name of one"):
        run(given)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [None, 3, ["a"]])
def test_a_name_that_is_no_text_has_no_nearest_one(given: object) -> None:
    from rssim.errors import nearest

    assert nearest(given, ["a", "b"]) == ""


def test_the_name_of_a_picture_is_checked_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["targets", "--picture", "x.doc"]) == 2
    told = capsys.readouterr()
    assert "--picture x.doc" in told.err
    assert not told.out


def test_all_moments_that_no_opening_can_have_are_told_at_once(tmp_path: Path) -> None:
    shutil.copytree(PLACES, tmp_path / "places")
    folder = tmp_path / "places" / "guangzhou"
    path = folder / "calibration.yaml"
    wrong = {"employed": "abc", "unemployment_rate": "1.5", "contributors": "-3", "retirees": ""}
    lines = path.read_text(encoding="utf-8").splitlines()
    for name, value in wrong.items():
        lines[lines.index(f"  {name}:") + 1] = f"    value: {value}"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(PlaceError) as caught:
        load_place(folder)
    told = [fault for fault in caught.value.faults if "calibration.yaml: 2024-01-01: " in fault]
    assert len(told) == 4
    for words in (
        "employed: 'abc' is not a number",
        "unemployment_rate: 1.5 is above 1",
        "contributors: -3 is below 0",
        "retirees: None is not a number",
    ):
        assert any(words in fault for fault in told), words


def test_a_talent_annuity_for_all_names_the_lever_that_was_changed() -> None:
    from rssim.study.run import run

    key = "enterprise_annuity.talent_eligible_share"
    scenario = load_scenario("baseline").until(2026).change(key, {"2026-01-01": 1.0})
    with pytest.raises(ParameterError) as caught:
        run(scenario, bite="off")
    assert str(caught.value).startswith(f"{key}: 1 in 2026")
    most = float(str(caught.value).split("at most ")[1].split()[0])
    run(scenario.change(key, {"2026-01-01": most - 0.001}), bite="off")


def test_the_words_of_a_result_may_be_of_any_type() -> None:
    from rssim.study.run import run

    found = run(load_scenario("baseline").until(2025), bite="off")
    assert found.table("population", years=2025.0).shape == (1, 1)
    for asked in (
        lambda: found.ledger(2025, 0),
        lambda: found.ledger(2025, ["baseline"]),
        lambda: found.events(None),
        lambda: found.table("population", years="2025"),
    ):
        with pytest.raises(ParameterError, match="no such"):
            asked()
