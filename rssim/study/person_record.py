"""What stands in the record of a person at award, and how it is completed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rssim.rules import cross_border
from rssim.rules import employee_pension as rules
from rssim.rules.contributions import average_index, contribution, contribution_index
from rssim.study.person_career import (
    AccountYear,
)
from rssim.study.person_file import MONTHS, PersonFile
from rssim.study.person_outlook import FUND, Outlook
from rssim.study.person_steps import Steps


@dataclass(frozen=True)
class Record:
    """What stands in the record at award.

    months, index_years, balance  paid and deemed months, sum of index x years, account [yuan]
    weighted, deemed_account      before 1998-07: index-weighted years, deemed account [yuan]
    """

    months: float
    index_years: float
    balance: float
    weighted: float
    deemed_account: float

    @property
    def years(self) -> float:
        return self.months / MONTHS

    @property
    def index(self) -> float:
        return float(average_index(self.index_years, self.years)) if self.months else 0.0


def minimum_months(outlook: Outlook, month: int) -> float:
    """Minimum contribution period of those who reach their date in a month's year [month]."""
    return MONTHS * outlook.number(f"{FUND}.minimum_years", month // MONTHS * MONTHS)


def minimum_steps(steps: Steps, record: Record, minimum: float, year: int) -> bool:
    """Whether the minimum contribution period is met."""
    met = bool(rules.eligible(record.months, minimum))
    steps.add(
        "record",
        "minimum contribution period",
        "最低缴费年限",
        "that of the year in which the date is reached",
        f"date in {year}: {minimum:g} months; paid and deemed {record.months:g}",
        "met" if met else f"{minimum - record.months:g} months short",
        law=("social-insurance-law", "article 16; Decision of 2024-09-13, annex"),
        levers=[f"{FUND}.minimum_years"],
    )
    return met


def record_steps(
    steps: Steps, record: Record, path: Sequence[AccountYear], outlook: Outlook, retire: int
) -> None:
    """Average index and the account in the year of award."""
    steps.add(
        "record",
        "average contribution index",
        "平均缴费工资指数",
        "I = sum of index × years ÷ contribution years",
        f"{record.index_years:.4f} ÷ {record.years:.4f}",
        record.index,
        "index",
        law=("sc-2005-38", "section 6"),
    )
    if path:
        last = path[-1]
        rate = outlook.interest(last.year)
        months = retire % MONTHS
        steps.add(
            "record",
            "account at award",
            "个人账户储存额",
            "balance × (1 + rate × months ÷ 12) + credits of the year",
            f"{last.opening:,.2f} × (1 + {100 * rate:.2f} % × {months} ÷ 12) + {last.credits:,.2f}",
            record.balance,
            "yuan",
            law=("sc-1997-26", "on individual accounts"),
            levers=[f"{FUND}.account_interest_rate", f"{FUND}.account_rate"],
        )


def short_steps(
    steps: Steps,
    file: PersonFile,
    record: Record,
    minimum: float,
    outlook: Outlook,
    retire: int,
) -> tuple[Record, float]:
    """Record and cost after the missing months are paid at once [yuan]."""
    missing = float(cross_border.months_missing(record.months, minimum))
    floor = outlook.limit_m("floor", retire - 1)
    rate = outlook.number(f"{FUND}.flexible_rate", retire)
    cost = float(cross_border.pay_up_cost(floor, rate, missing))
    steps.add(
        "record",
        "missing months paid at once",
        "一次性补缴",
        "floor × rate × months; only for those first insured before 2011-07",
        f"{floor:,.2f} × {100 * rate:g} % × {missing:g}",
        cost,
        "yuan",
        law=("social-insurance-law", "article 16; Implementation rules of 2011, article 2"),
        levers=[f"{FUND}.flexible_rate"],
    )
    reference = outlook.wage_m(retire // MONTHS - 1)
    credit = float(contribution(floor * missing, outlook.number(f"{FUND}.account_rate", retire)))
    index = float(contribution_index(floor, reference))
    return (
        Record(
            months=record.months + missing,
            index_years=record.index_years + missing / MONTHS * index,
            balance=record.balance + credit,
            weighted=record.weighted,
            deemed_account=record.deemed_account,
        ),
        cost,
    )


def deemed_record(
    file: PersonFile, outlook: Outlook, retire: int, steps: Steps
) -> tuple[float, float]:
    """Index-weighted years before 1998-07 and the deemed account at award [yuan]."""
    record = file.record
    if not any(record.get(key) for key in ("deemed_months", "early_index_years", "weighted_years")):
        return 0.0, record.get("deemed_account", 0.0)
    index = outlook.number(f"{FUND}.deemed_index", retire)
    years = record.get("deemed_months", 0.0) / MONTHS
    weighted = record.get("weighted_years")
    if weighted is None:
        weighted = float(rules.weighted_years(index, years, record.get("early_index_years", 0.0)))
    account = record.get("deemed_account")
    text = f"{index:g} × {years:.4f} + {record.get('early_index_years', 0.0):g}"
    steps.add(
        "record",
        "index-weighted years before 1998-07",
        "视同缴费年限",
        "deemed index × deemed years + own index × years of 1994-01 to 1998-06",
        text if "weighted_years" not in record else "from the record",
        weighted,
        "years",
        law=("gd-transitional-2021", "粤府函〔2021〕294号"),
        levers=[f"{FUND}.deemed_index"],
    )
    if account is None:
        account = _deemed_account(steps, weighted, outlook, retire)
    return weighted, account


def _deemed_account(steps: Steps, weighted: float, outlook: Outlook, retire: int) -> float:
    """The deemed account, estimated where the record has none [yuan]."""
    per_year = outlook.number(f"{FUND}.deemed_account_per_year", retire)
    growth = 1.0
    for year in range(1999, retire // MONTHS):
        growth *= 1.0 + _interest_since(outlook, year)
    found = float(rules.deemed_account_estimate(weighted, per_year, growth))
    steps.add(
        "record",
        "deemed account",
        "视同缴费账户",
        "weighted years × amount at mid-1998 × recorded interest since",
        f"{weighted:.4f} × {per_year:,.2f} × {growth:.4f}",
        found,
        "yuan",
        law=("gd-transitional-2021", "an estimate; the notice prints the account"),
        levers=[f"{FUND}.deemed_account_per_year"],
    )
    return found


def _interest_since(outlook: Outlook, year: int) -> float:
    """Recorded rate of a year; the first known one stands for the years before it."""
    steps = outlook.place.entry(f"{FUND}.account_interest_rate").dated.steps
    return outlook.interest(max(year, steps[0].since.year))
