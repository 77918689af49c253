"""What a life comes to: replacement rates, present values, rates of return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rssim.study.indicators import gross_replacement_rate, internal_rate_of_return
from rssim.study.levers import AS_OF
from rssim.study.person_award import death_steps
from rssim.study.person_career import (
    Career,
)
from rssim.study.person_file import (
    MONTHS,
    PersonFile,
)
from rssim.study.person_outlook import Outlook
from rssim.study.person_payment import Awarded
from rssim.study.person_steps import Steps

HALF = 0.5
YEARS_AFTER = 20
"""Years of pension after which the replacement rate is shown once more."""


def measures_of(
    file: PersonFile,
    career: Career,
    found: Awarded,
    rows: list[dict[str, Any]],
    home: Outlook,
) -> dict[str, float]:
    """Every measure of `person.MEASURES`, NaN where there is none.

    rows     the years, see `person_payment.rows_of`
    home     outlook of the place of the scenario; pensions are set against its wages
    """
    total = found.parts.get("total", 0.0) + found.parts.get("annuity", 0.0)
    pay = _last_pay(career)
    year = found.start // MONTHS
    out = {
        "retirement_age": (found.start - file.birth) / MONTHS,
        "contribution_years": found.record.years,
        "index": found.record.index,
        "account": found.record.balance,
        "pension_m": found.parts.get("total", 0.0),
        "annuity_m": found.parts.get("annuity", 0.0),
        "refund": found.refund,
        "pension_m_real": total / home.price(year),
    }
    nan = float("nan")
    out["replacement"] = float(gross_replacement_rate(total, pay)) if pay else nan
    out["of_reference_wage"] = float(gross_replacement_rate(total, home.wage_m(year)))
    later = year + YEARS_AFTER
    path = {int(row["year"]): row for row in rows if row["both_m"]}
    out["of_reference_wage_later"] = (
        float(gross_replacement_rate(path[later]["both_m"], home.wage_m(later)))
        if later in path
        else nan
    )
    out["of_reference_wage_mean"] = _mean_ratio(path, home)
    return out | _lifetime(file, found, rows, home)


def _last_pay(career: Career) -> float:
    """Mean over the last twelve months with pay or contributions; the base where pay is unknown."""
    pay, base = career.money["pay"], career.money["base"]
    earned = np.where(pay > 0, pay, base)[(pay > 0) | career.paid]
    return float(earned[-MONTHS:].mean()) if len(earned) else 0.0


def _mean_ratio(path: Mapping[int, dict[str, Any]], home: Outlook) -> float:
    """Pension and annuity over the reference wage, mean over the years that are lived."""
    if not path:
        return float("nan")
    weights = np.array([row["alive"] for row in path.values()])
    ratio = np.array([row["both_m"] / home.wage_m(year) for year, row in path.items()])
    return float((ratio * weights).sum() / weights.sum())


def _lifetime(
    file: PersonFile, found: Awarded, rows: list[dict[str, Any]], home: Outlook
) -> dict[str, float]:
    """Present values at AS_OF and internal rates of return, own contributions and all of them.

    Payments are weighted with the chance to live, given that the award is lived to; what heirs
    receive counts. Contributions to the unemployment and the injury fund do not.
    """
    years = np.array([row["year"] for row in rows])
    own, employer, received = (np.zeros(len(rows)) for _ in range(3))
    for at, row in enumerate(rows):
        own[at] = (
            row["own"]
            + row["flexible"]
            + row["annuity_own"]
            + row["residents_own"]
            + row["paid_at_once"]
        )
        employer[at] = (
            row["employer"]
            + row["annuity_employer"]
            + row["by_unemployment_fund"]
            + row["residents_subsidy"]
        )
        received[at] = row["alive"] * (row["pension"] + row["annuity"]) + row["lump_sum"]
        if row["dies"] and found.record.months:
            received[at] += row["dies"] * (_left(found, home, int(row["year"])) + row["account"])
        elif row["dies"]:
            received[at] += row["dies"] * row["account"]
    if file.record_on is not None and len(rows):
        before = file.record.get("contributed", file.record["account"])
        rate = home.number("employee_pension.account_rate", file.record_on)
        by_employer = home.number("employee_pension.employer_rate", file.record_on)
        own[0] += before
        employer[0] += file.record["account"] * by_employer / rate
    factor = np.array([_discount(home, int(year)) for year in years])
    prices = np.array([home.price(int(year)) for year in years])
    out = {
        "own_contributions": float((own * factor).sum()),
        "other_contributions": float((employer * factor).sum()),
        "benefits": float((received * factor).sum()),
    }
    out["net_present_value_own"] = out["benefits"] - out["own_contributions"]
    out["net_present_value"] = out["net_present_value_own"] - out["other_contributions"]
    paid_for = not is_partly_deemed(file)
    for name, paid in (("own", own), ("all", own + employer)):
        flows = (received - paid) / prices
        out[f"real_return_{name}"] = (
            float(internal_rate_of_return(flows[None])[0])
            if len(flows) > 1 and paid_for
            else float("nan")
        )
    return out


def is_partly_deemed(file: PersonFile) -> bool:
    """Whether service counts for which nothing was paid, so that there is no rate of return."""
    return bool(file.public.get("deemed_months") or file.record.get("deemed_months"))


def _left(found: Awarded, home: Outlook, year: int) -> float:
    """Funeral and survivors' grant at a death in a year of pension [yuan]."""
    month = year * MONTHS + MONTHS // 2
    lines = Steps(home, month)
    got = death_steps(lines, found.record, home, month, (month - found.start) / MONTHS)
    return got["funeral"] + got["survivors"]


def _discount(home: Outlook, year: int) -> float:
    """Value at AS_OF of a yuan of mid-year [1], at the return of the fund."""
    first = AS_OF.year
    factor = 1.0
    for step in range(min(year, first), max(year, first)):
        rate = home.discount(step)
        factor = factor / (1.0 + rate) if year >= first else factor * (1.0 + rate)
    return float(factor / (1.0 + home.discount(year)) ** HALF)
