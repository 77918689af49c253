"""The fund of the page "Add a fund": its files, written into a copy of the package, and run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "book" / "develop" / "add-a-fund.md"
BLOCK = re.compile(r"```\{code-block\} \w+\n:caption: (\S+)( \(added\))?\n(.*?)```", re.DOTALL)
USE = """
import json
import numpy as np
import rssim
from rssim.study import money

base = rssim.load("baseline", place="guangdong", end=2027)
base = base.change("job_market.closure", "exogenous", name="base")
dearer = base.change("maternity.employer_rate", {"2026-01-01": 0.01}, name="dearer")
longer = base.change("maternity.leave_months", {"2026-01-01": 6.4}, name="longer")
costly = base.change("maternity.care_cost", {"2026-01-01": 60000}, name="costly")
result = rssim.run([base, dearer, longer, costly], bite="off")


def series(key, name="base", year=2026):
    return float(result.flows[key].sel(scenario=name, year=year)[0])


flows = result.flows.sel(scenario="base", year=2026, draw=0)
first = result.runs[0].inputs.years[2]
print(json.dumps({
    "file": rssim.__file__,
    "moved": {
        name: sorted(
            key for key in map(str, result.flows.data_vars)
            if not np.array_equal(
                result.flows[key].sel(scenario=name), result.flows[key].sel(scenario="base"),
                equal_nan=True,
            )
        )
        for name in ("dearer", "longer", "costly")
    },
    "contributions": {n: series("maternity.employer_contributions", n) for n in ("base", "dearer")},
    "allowances": {n: series("maternity.allowances", n) for n in ("base", "longer")},
    "care": {n: series("maternity.care", n) for n in ("base", "costly")},
    "insured_births": series("maternity.insured_births"),
    "births": series("births"),
    "assessed": series("employee_pension.employer_contributions"),
    "pension_rate": float(first.pension.employer_rate[0, 0, 0, 0]),
    "wage": series("average_wage_m"),
    "opening_months": float(
        12 * result.runs[0].money.balances["maternity insurance fund"][0, 0]
        / series("maternity.expenditure", "base", 2024)
    ),
    "gaps": money.fund_gaps(result.runs[1]),
    "identities": float(result.identities.max().max()),
    "sum": float(result.sector_balances(2026, "dearer")["balance"].sum()),
    "budget": result.social_budget(2026)["Maternity insurance"].to_dict().get(
        ("expenditure", "Maternity")
    ),
    "card": rssim.lever("maternity.employer_rate", place="guangzhou").to_text(),
}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with the files of the page, in a folder of its own."""
    root = tmp_path_factory.mktemp("package")
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "rssim", root / "rssim", ignore=skipped)
    shutil.copytree(ROOT / "scenarios", root / "scenarios", ignore=skipped)
    blocks = BLOCK.findall(PAGE.read_text("utf-8"))
    assert len(blocks) == 6
    for name, is_added, text in blocks:
        path = root / name
        assert path.exists() == bool(is_added), name
        before = path.read_text("utf-8") + "\n\n" if is_added else ""
        path.write_text(before + text, "utf-8")
    return root


def run_in(copy: Path, *arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, *arguments],
        check=False,
        env=environment,
        cwd=copy,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def found(copy: Path) -> dict[str, Any]:
    """What runs of the copy say of themselves."""
    return dict(json.loads(run_in(copy, "-c", USE).splitlines()[-1]))


def test_the_fund_of_the_page_runs_and_closes(copy: Path, found: dict[str, Any]) -> None:
    assert Path(found["file"]).is_relative_to(copy)
    # One rate on the bases of the pension: 0.5 against the pension's own rate. The published series
    # holds public posts, whose contributions follow rules of their own and drift by a per cent.
    share = found["contributions"]["base"] / found["assessed"]
    assert share == pytest.approx(0.005 / found["pension_rate"], rel=0.02)
    # Each lever does what its sentence says, in proportion.
    assert found["contributions"]["dearer"] == pytest.approx(2 * found["contributions"]["base"])
    assert found["allowances"]["longer"] == pytest.approx(2 * found["allowances"]["base"])
    assert found["care"]["costly"] == pytest.approx(60_000 * found["insured_births"])
    # Insured births are a part of all; an allowance is near 3.2 months of pay.
    assert 0.05 < found["insured_births"] / found["births"] < 1.0
    allowance = found["allowances"]["base"] / found["insured_births"]
    assert 0.5 * 3.2 * found["wage"] < allowance < 1.5 * 3.2 * found["wage"]
    assert found["opening_months"] == pytest.approx(9.0, rel=1e-12)
    # The ledger closes, the fund stands in the social budget, the lever has a card.
    assert found["gaps"]["maternity insurance fund"] < 1e-12
    assert found["identities"] < 1e-9 and abs(found["sum"]) < 1e-6
    expected = (found["allowances"]["base"] + found["care"]["base"]) / 1e8
    assert found["budget"] == pytest.approx(expected, rel=1e-12)
    assert "生育保险费率" in found["card"] and "人社部发" in found["card"]


def test_a_lever_of_the_fund_moves_its_fund_only(found: dict[str, Any]) -> None:
    account = {"revenue", "current_balance", "interest", "balance", "reserve_months"}
    may = {
        "dearer": account | {"contributions", "employer_contributions", "required_subsidy"},
        "longer": account | {"expenditure", "allowances", "required_subsidy"},
        "costly": account | {"expenditure", "care", "required_subsidy"},
    }
    for name, keys in found["moved"].items():
        assert keys and set(keys) <= {f"maternity.{key}" for key in may[name]}, name


def test_the_commands_of_the_page_know_the_fund(copy: Path) -> None:
    command = ("-m", "rssim")
    assert "No faults." in run_in(copy, *command, "check", "guangdong")
    shown = run_in(
        copy,
        *command,
        "run",
        "baseline",
        "--place",
        "guangdong",
        "--to",
        "2026",
        "--show",
        "funds",
        "--no-variants",
    )
    assert "Balance, maternity insurance [亿元]" in shown
    assert "Balance, employee pension [亿元]" in shown
    ledger = run_in(copy, *command, "ledger", "baseline", "--place", "guangdong", "--year", "2026")
    assert re.search(r"maternity insurance +Maternity allowances +maternity insurance fund", ledger)
