"""The pension of a person in payment, and the years of the life in a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rssim.records import Array
from rssim.rules.indexation import increased
from rssim.rules.supplementary import balance_after_payment, paid_in_year
from rssim.study.person_career import (
    AccountYear,
    Career,
)
from rssim.study.person_file import (
    MONTHS,
    PersonFile,
)
from rssim.study.person_outlook import LAST_YEAR, Outlook
from rssim.study.person_record import (
    Record,
)
from rssim.study.person_residents import (
    residents_in_year_m,
)
from rssim.study.person_steps import Steps

OLDEST = 100
ANNUITY_RETURN = "occupational_annuity.investment_return"
HALF = 0.5
PAID_IN = (
    "employer",
    "own",
    "flexible",
    "by_unemployment_fund",
    "unemployment_employer",
    "unemployment_own",
    "work_injury",
    "annuity_employer",
    "annuity_own",
)


@dataclass
class Awarded:
    """What the award comes to, before the pension is paid."""

    steps: Steps
    record: Record
    parts: dict[str, float]
    start: int
    cost: float = 0.0
    refund: float = 0.0
    residents: list[dict[str, float]] = field(default_factory=list)
    residents_basic: bool = False
    residents_years: float = 0.0


def payments(file: PersonFile, found: Awarded, payer: Outlook) -> dict[int, dict[str, float]]:
    """Pension of each year from the award on, for one who lives: by calendar year.

    pension [yuan/year], monthly [yuan/month], annuity [yuan/year], account [yuan] at the end
    """
    out: dict[int, dict[str, float]] = {}
    monthly = found.parts.get("total", 0.0)
    if not monthly and not found.parts.get("annuity"):
        return out
    balance = found.record.balance
    fund = found.parts.get("annuity_balance", 0.0)
    account = found.parts.get("account", 0.0)
    annuity = found.parts.get("annuity", 0.0)
    first = found.start // MONTHS
    for year in range(first, min(file.birth_year + OLDEST, LAST_YEAR) + 1):
        months = float(MONTHS - 1 - found.start % MONTHS if year == first else MONTHS)
        if year > first:
            monthly = _raised(monthly, found, payer, year, file)
        rate = payer.interest(year)
        earned = (
            payer.number("occupational_annuity.investment_return", year * MONTHS) if fund else 0.0
        )
        part = 1.0 if year > first else months / MONTHS
        drawn = float(paid_in_year(balance, account, months, rate * part, HALF))
        balance = float(balance_after_payment(balance, drawn, rate * part, HALF))
        from_annuity = float(paid_in_year(fund, annuity, months, earned * part, HALF))
        fund = float(balance_after_payment(fund, from_annuity, earned * part, HALF))
        out[year] = {
            "pension": monthly * months,
            "monthly": monthly,
            "annuity": from_annuity,
            "both_m": monthly + (from_annuity / months if months else annuity),
            "account": max(balance, 0.0) + max(fund, 0.0),
        }
    return out


def _raised(monthly: float, found: Awarded, payer: Outlook, year: int, file: PersonFile) -> float:
    """The pension after the increase of 1 January [yuan/month]."""
    if found.residents_basic:
        age = year - file.birth_year
        return residents_in_year_m(payer, year, age, found.residents_years, found.parts["account"])
    age = year - file.birth_year
    raised = increased(
        MONTHS * monthly, 1.0, found.record.years, payer.tilt(year, age), payer.increase(year)
    )
    return float(raised) / MONTHS


def rows_of(
    file: PersonFile,
    career: Career,
    found: Awarded,
    paid: Mapping[int, dict[str, float]],
    home: Outlook,
    path: list[AccountYear],
) -> list[dict[str, Any]]:
    """One row for each calendar year of the life from its first month on."""
    accounts = {item.year: item for item in path}
    residents = {int(row["year"]): row for row in found.residents}
    known = [*career.year.tolist(), *paid, *residents]
    if not known:
        return []
    first = found.start // MONTHS
    chances = _chances(file, home, list(paid), first)
    months = file.record.get("months", 0.0) + file.public.get("deemed_months", 0.0)
    out = []
    for year in range(int(min(known)), int(max(known)) + 1):
        months += float(career.paid[career.year == year].sum())
        weight, dies = chances.get(year, (1.0, 0.0))
        pension = paid.get(year, {})
        row: dict[str, Any] = {
            "year": year,
            "age": year - file.birth_year,
            "status": _status(career, year, year in paid),
            "months_total": months if year <= first else found.record.months,
            "reference_wage_m": home.wage_m(year),
        }
        row |= _worked(career, year) | _accounts(accounts.get(year), residents.get(year, {}))
        if pension:
            row["account"] = pension["account"]
        row |= {
            "pension_m": pension.get("monthly", 0.0),
            "pension": pension.get("pension", 0.0),
            "annuity": pension.get("annuity", 0.0),
            "both_m": pension.get("both_m", 0.0),
            "lump_sum": found.refund if year == first else 0.0,
            "paid_at_once": found.cost if year == first else 0.0,
            "alive": weight,
            "dies": dies,
        }
        out.append(row)
    return out


def _chances(
    file: PersonFile, home: Outlook, years: list[int], first: int
) -> dict[int, tuple[float, float]]:
    """Mean share alive and share that dies, by year of pension; the year of award is lived."""
    survival = 1.0
    out = {}
    for year in years:
        lives = home.survives(year, file.sex, year - file.birth_year - 1) if year > first else 1.0
        out[year] = (survival * (1.0 + lives) / 2.0, survival * (1.0 - lives))
        survival *= lives
    return out


def _status(career: Career, year: int, draws: bool) -> str:
    here = [
        word for word, at in zip(career.status, career.year == year, strict=True) if at and word
    ]
    return " + ".join(dict.fromkeys([*here, *(["pensioner"] if draws else [])]))


def _worked(career: Career, year: int) -> dict[str, float]:
    """Months, mean pay, base and index of a year, and what was paid in [yuan/year]."""
    at = career.year == year
    counted = at & career.paid

    def mean(values: Array, rows: np.ndarray) -> float:
        return float(values[rows].mean()) if rows.any() else 0.0

    pay = career.money["pay"]
    out = {
        "months_paid": float(counted.sum()),
        "pay_m": mean(pay, at & (pay > 0)),
        "base_m": mean(career.money["base"], counted),
        "index": mean(career.index, counted),
    }
    out |= {name: career.sum_of(name, year) for name in PAID_IN}
    return out | {"unemployment_benefit": career.sum_of("benefit", year)}


def _accounts(account: AccountYear | None, residents: Mapping[str, float]) -> dict[str, float]:
    """Credits, interest and balance at the end of a year of both schemes [yuan]."""
    balance = residents.get("balance", 0.0)
    return {
        "residents_own": residents.get("own", 0.0),
        "residents_subsidy": residents.get("subsidy", 0.0),
        "residents_account": balance,
        "credited": account.credits if account else 0.0,
        "interest": account.interest if account else 0.0,
        "account": (account.closing if account else 0.0) + balance,
    }
