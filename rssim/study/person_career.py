"""A working life by month: pay, bases, contributions, index and claims to unemployment benefit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rssim.records import Array
from rssim.rules import unemployment
from rssim.rules.accounts import account_after_full_year, account_at_award
from rssim.rules.contributions import (
    assessed_base,
    base_limit,
    contribution,
    contribution_index,
    flexible_base,
)
from rssim.rules.elementwise import where
from rssim.rules.supplementary import funded_account
from rssim.rules.work_injury import class_rate, premium_base
from rssim.study.person_file import MONTHS, PersonFile, Spell
from rssim.study.person_outlook import FUND, Outlook, contribution_year

UI = "unemployment_insurance"
PUBLIC = "public_pension"
ANNUITY = "occupational_annuity"
MID_YEAR = 0.5
COUNTED = ("employee", "public", "flexible")
"""Statuses in which months of the employee or the public pension are paid."""
MONEY = (
    "pay",
    "base",
    "employer",
    "own",
    "flexible",
    "by_unemployment_fund",
    "credit",
    "unemployment_employer",
    "unemployment_own",
    "work_injury",
    "annuity_employer",
    "annuity_own",
    "benefit",
)


@dataclass(frozen=True, eq=False)
class Career:
    """Months from the first one to the month before the pension, all arrays (month,).

    month   counted months
    status  what the person is in the month; empty between spells
    place   where the month is insured
    money   pay, base, contributions and benefit by name, see MONEY [yuan/month]
    paid    whether the month counts for the pension
    index   contribution index of a paid month [1], 0 otherwise
    claims  unemployment claims: start, months paid before, granted, drawn, amount [yuan/month]
    unemployment_months  paid since the last claim, at the end
    unused  months granted and not drawn, at the end
    """

    month: np.ndarray
    status: tuple[str, ...]
    place: tuple[str, ...]
    money: dict[str, Array]
    paid: np.ndarray
    index: Array
    reference: Array
    claims: tuple[dict[str, float], ...] = field(default_factory=tuple)
    unemployment_months: float = 0.0
    unused: float = 0.0

    @property
    def year(self) -> np.ndarray:
        return self.month // MONTHS

    def sum_of(self, name: str, year: int) -> float:
        """A money column over a calendar year [yuan/year]."""
        return float(self.money[name][self.year == year].sum())


def career_of(
    file: PersonFile, outlooks: Mapping[str, Outlook], retire: int, statutory: int
) -> Career:
    """The months of a person from the first spell to the month before retirement."""
    spells = [spell for spell in file.spells if spell.start < retire]
    start = min((spell.start for spell in spells), default=retire)
    if file.record_on is not None:
        start = min(start, file.record_on)
    months = np.arange(start, max(retire, start))
    count = len(months)
    money = {name: np.zeros(count) for name in MONEY}
    status = np.full(count, "", dtype=object)
    place = np.full(count, "", dtype=object)
    index, reference = np.zeros(count), np.zeros(count)
    home = next(iter(outlooks))
    for spell in spells:
        end = retire - 1 if spell.end is None else min(spell.end, retire - 1)
        rows = np.flatnonzero((months >= spell.start) & (months <= end))
        status[rows] = spell.status
        place[rows] = spell.place or home
        outlook = outlooks[spell.place or home]
        found = _months_of(spell, months[rows], outlook)
        for name, values in found.items():
            target = {"index": index, "reference": reference}.get(name)
            (money[name] if target is None else target)[rows] = values
    claims, left, unused = _claims(file, spells, months, status, money, outlooks, statutory)
    paid = np.isin(status, COUNTED) | (money["by_unemployment_fund"] > 0)
    helped = np.flatnonzero(money["by_unemployment_fund"] > 0)
    for at in helped:
        # The fund pays at the floor, so the month counts with the index of the floor.
        outlook = outlooks[place[at]]
        month = int(months[at])
        reference[at] = outlook.wage_m(contribution_year(month) - 1)
        index[at] = float(contribution_index(outlook.limit_m("floor", month), reference[at]))
    return Career(
        month=months,
        status=tuple(str(word) for word in status),
        place=tuple(str(word) for word in place),
        money=money,
        paid=paid,
        index=index,
        reference=reference,
        claims=tuple(claims),
        unemployment_months=left,
        unused=unused,
    )


def _pay(spell: Spell, months: np.ndarray, outlook: Outlook) -> Array:
    """Own pay in the months [yuan/month]; it follows the reference wage of the calendar year."""
    wages = outlook.wages_m(months // MONTHS)
    if spell.wage is not None:
        return np.asarray(spell.wage * wages)
    first = outlook.wage_m(spell.start // MONTHS)
    return np.asarray((spell.wage_m or 0.0) * wages / first)


def _declared(spell: Spell, months: np.ndarray, years: np.ndarray, outlook: Outlook) -> Array:
    """Pay that is declared in contribution years: that of the calendar year before.

    A pay in yuan is declared as it is in its first year, when there is none of the year before.
    """
    if spell.wage is not None:
        return np.asarray(spell.declared * spell.wage * outlook.wages_m(years - 1))
    first = spell.start // MONTHS
    wages = outlook.wages_m(np.maximum(years - 1, first))
    return np.asarray(spell.declared * (spell.wage_m or 0.0) * wages / outlook.wage_m(first))


def _months_of(spell: Spell, months: np.ndarray, outlook: Outlook) -> dict[str, Array]:
    """Pay, base, contributions and index of the months of a spell."""
    if spell.status in ("none", "residents", "unemployed") or not len(months):
        return {}
    if spell.status == "flexible":
        return _flexible(spell, months, outlook)
    pay = _pay(spell, months, outlook)
    out = {"pay": pay, "work_injury": _work_injury(pay, months, outlook)}
    if spell.status == "exempt":
        return out
    out |= _unemployment_contributions(pay, months, outlook)
    if spell.status == "public":
        return out | _public(spell, months, outlook)
    years = np.array([contribution_year(int(month)) for month in months])
    reference = outlook.wages_m(years - 1)
    floor, cap = outlook.limits_m("floor", months), outlook.limits_m("cap", months)
    base = assessed_base(_declared(spell, months, years, outlook), floor, cap)
    relief = outlook.numbers(f"{FUND}.employer_relief_share", months)
    employer = contribution(base, outlook.numbers(f"{FUND}.employer_rate", months))
    return out | {
        "base": base,
        "reference": reference,
        "index": contribution_index(base, reference),
        "employer": employer * (1.0 - relief),
        "own": contribution(base, outlook.numbers(f"{FUND}.employee_rate", months)),
        "credit": contribution(base, outlook.numbers(f"{FUND}.account_rate", months)),
    }


def _flexible(spell: Spell, months: np.ndarray, outlook: Outlook) -> dict[str, Array]:
    years = np.array([contribution_year(int(month)) for month in months])
    reference = outlook.wages_m(years - 1)
    floor, cap = outlook.limits_m("floor", months), outlook.limits_m("cap", months)
    if spell.tier == "floor":
        base = floor
    elif spell.tier == "cap":
        base = cap
    else:
        base = assessed_base(flexible_base(reference, float(spell.tier)), floor, cap)
    return {
        "base": base,
        "reference": reference,
        "index": contribution_index(base, reference),
        "flexible": contribution(base, outlook.numbers(f"{FUND}.flexible_rate", months)),
        "credit": contribution(base, outlook.numbers(f"{FUND}.account_rate", months)),
    }


def _public(spell: Spell, months: np.ndarray, outlook: Outlook) -> dict[str, Array]:
    """Government and public institutions: limits by calendar year, and the annuity."""
    years = months // MONTHS
    reference = outlook.wages_m(years - 1)
    floor = base_limit(reference, outlook.numbers(f"{PUBLIC}.base_floor_ratio", months))
    cap = base_limit(reference, outlook.numbers(f"{PUBLIC}.base_cap_ratio", months))
    base = assessed_base(_declared(spell, months, years, outlook), floor, cap)
    own = contribution(base, outlook.numbers(f"{PUBLIC}.employee_rate", months))
    share = 1.0 if spell.annuity else 0.0
    return {
        "base": base,
        "reference": reference,
        "index": contribution_index(base, reference),
        "employer": contribution(base, outlook.numbers(f"{PUBLIC}.employer_rate", months)),
        "own": own,
        "credit": own,
        "annuity_employer": share
        * contribution(base, outlook.numbers(f"{ANNUITY}.employer_rate", months)),
        "annuity_own": share
        * contribution(base, outlook.numbers(f"{ANNUITY}.employee_rate", months)),
    }


def _unemployment_contributions(
    pay: Array, months: np.ndarray, outlook: Outlook
) -> dict[str, Array]:
    minimum = np.array([outlook.minimum_wage_m(int(month)) for month in months])
    base = unemployment.contribution_base(
        pay,
        minimum * outlook.numbers(f"{UI}.base_floor_ratio", months),
        outlook.numbers(f"{UI}.on_post_wage_m", months),
        outlook.numbers(f"{UI}.base_cap_ratio", months),
    )
    coefficient = outlook.numbers(f"{UI}.employer_coefficient", months)
    employer, own = unemployment.contributions_by_payer(
        base,
        unemployment.employer_rate(outlook.numbers(f"{UI}.employer_rate", months), coefficient),
        outlook.numbers(f"{UI}.employee_rate", months),
    )
    return {"unemployment_employer": employer, "unemployment_own": own}


def _work_injury(pay: Array, months: np.ndarray, outlook: Outlook) -> Array:
    """What the employer pays for work injury [yuan/month], without floating and cuts."""
    minimum = np.array([outlook.minimum_wage_m(int(month)) for month in months])
    table = outlook.value("work_injury.class_rates", int(months[-1]))
    risk = outlook.number("work_injury.risk_class", int(months[-1]))
    factor = outlook.number("work_injury.rate_factor", int(months[-1]))
    rate = class_rate(risk, [factor * table[key] for key in sorted(table)])
    return contribution(premium_base(pay, minimum), rate)


def entitlement(outlook: Outlook, month: int, paid: float, unused: float) -> float:
    """Months of unemployment benefit that paid months give, with those left over [month]."""
    granted = unemployment.benefit_months(
        paid,
        *(
            outlook.number(f"{UI}.{name}", month)
            for name in (
                "minimum_months",
                "first_period",
                "first_step",
                "later_step",
                "cap_months",
            )
        ),
    )
    longest = outlook.number(f"{UI}.cap_months", month)
    return float(unemployment.with_unused_months(granted, unused, longest))


def _claims(
    file: PersonFile,
    spells: list[Spell],
    months: np.ndarray,
    status: np.ndarray,
    money: dict[str, Array],
    outlooks: Mapping[str, Outlook],
    statutory: int,
) -> tuple[list[dict[str, float]], float, float]:
    """Claims of the unemployed spells; writes the benefit into the months drawn."""
    paid = file.record.get("unemployment_months", 0.0)
    unused = 0.0
    out = []
    for spell in spells:
        end = months[-1] if spell.end is None else min(spell.end, months[-1])
        rows = np.flatnonzero((months >= spell.start) & (months <= end))
        if spell.status in ("employee", "public"):
            paid += len(rows)
        if spell.status != "unemployed" or not len(rows):
            continue
        outlook = outlooks[spell.place or next(iter(outlooks))]
        minimum = outlook.number(f"{UI}.minimum_months", spell.start)
        may = bool(unemployment.eligible(spell.involuntary, True, paid, minimum)) or unused > 0
        granted = entitlement(outlook, spell.start, paid, unused) if may else 0.0
        near = outlook.number(f"{UI}.extension_months", spell.start)
        months_to_age = float(statutory - spell.start)
        longest = float(unemployment.months_until_pension(granted, months_to_age, near))
        drawn = rows[: int(min(longest, len(rows)))]
        share = outlook.number(f"{UI}.benefit_share", spell.start)
        wages = np.array([outlook.minimum_wage_m(int(month)) for month in months[drawn]])
        money["benefit"][drawn] = unemployment.benefit(wages, share)
        helped = float(
            unemployment.pension_contribution_months(float(len(drawn)), months_to_age, near)
        )
        last = drawn[len(drawn) - int(helped) :] if helped > 0 else drawn[:0]
        floor = outlook.limits_m("floor", months[last])
        money["by_unemployment_fund"][last] = contribution(
            floor, outlook.numbers(f"{UI}.pension_contribution_rate", months[last])
        )
        money["credit"][last] = contribution(
            floor, outlook.numbers(f"{FUND}.account_rate", months[last])
        )
        money["base"][last] = floor
        out.append(
            {
                "start": float(spell.start),
                "paid": paid,
                "granted": granted,
                "longest": longest,
                "drawn": float(len(drawn)),
                "amount": float(money["benefit"][drawn].sum()),
                "first": float(money["benefit"][drawn[0]]) if len(drawn) else 0.0,
                "helped": helped,
            }
        )
        if granted > 0:
            unused, paid = max(0.0, granted - len(drawn)), 0.0
    return out, paid, unused


# Accounts ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AccountYear:
    """An account over a calendar year, or to the award within it [yuan]."""

    year: int
    opening: float
    credits: float
    interest: float
    closing: float


def account_path(
    career: Career, opening: float, outlook: Outlook, retire: int
) -> list[AccountYear]:
    """The individual account from the first month to the award, year by year."""
    out = []
    balance = opening
    award_year, months = retire // MONTHS, retire % MONTHS
    first = int(career.month[0]) // MONTHS if len(career.month) else award_year
    for year in range(first, award_year + 1):
        credits = career.sum_of("credit", year) if len(career.month) else 0.0
        rate = outlook.interest(year)
        if year < award_year:
            factor = outlook.number(f"{FUND}.mid_year_factor", year * MONTHS)
            closing = float(account_after_full_year(balance, rate, credits, factor))
        elif len(career.month):
            closing = float(account_at_award(balance, rate, float(months), credits))
        else:
            closing = balance  # a record of the month of award holds the year's interest
        out.append(AccountYear(year, balance, credits, closing - balance - credits, closing))
        balance = closing
    return out


def annuity_paths(
    career: Career,
    opening: tuple[float, float],
    notional_share: float,
    outlook: Outlook,
    retire: int,
) -> tuple[float, float]:
    """Occupational annuity at award: recorded part and invested part [yuan].

    opening         recorded and invested part at the start
    notional_share  part of the employer's contributions that is only recorded [1]
    """
    notional, funded = opening
    award_year, months = retire // MONTHS, retire % MONTHS
    if not len(career.month):
        return notional, funded
    for year in range(int(career.month[0]) // MONTHS, award_year + 1):
        by_employer = career.sum_of("annuity_employer", year)
        recorded = by_employer * notional_share
        invested = career.sum_of("annuity_own", year) + by_employer - recorded
        rate = outlook.number(f"{ANNUITY}.notional_rate", year * MONTHS)
        earned = outlook.number(f"{ANNUITY}.investment_return", year * MONTHS)
        if year < award_year:
            factor = outlook.number(f"{FUND}.mid_year_factor", year * MONTHS)
            notional = float(account_after_full_year(notional, rate, recorded, factor))
            funded = float(funded_account(funded, earned, invested, MID_YEAR))
        else:
            part = months / MONTHS
            notional = float(account_at_award(notional, rate, float(months), recorded))
            funded = float(funded_account(funded, earned * part, invested, MID_YEAR))
    return notional, funded


def months_paid(career: Career, place: str | None = None) -> int:
    """Months of the pension paid, in one place or in all [month]."""
    if place is None:
        return int(career.paid.sum())
    return int((career.paid & (np.array(career.place, dtype=object) == place)).sum())


def index_years(career: Career) -> float:
    """Sum of index times length over the paid months [year]."""
    return float(where(career.paid, career.index, 0.0).sum() / MONTHS)
