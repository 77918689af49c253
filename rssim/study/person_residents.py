"""The residents' scheme: account, award, and moving to and from the employee scheme."""

from __future__ import annotations

from rssim.rules import residents_pension
from rssim.rules.accounts import account_after_full_year, account_at_award
from rssim.study.person_file import MONTHS, PersonFile
from rssim.study.person_outlook import Outlook
from rssim.study.person_steps import Steps, cents

RESIDENTS = "residents_pension"
BASIC_KEYS = tuple(f"{RESIDENTS}.basic_{level}_m" for level in ("national", "provincial", "city"))
MID_YEAR_CREDIT = 1.0
"""Credits of residents come at mid-year: half a year's interest."""


def residents_years(file: PersonFile, until: int) -> dict[int, float]:
    """Calendar years with a contribution to the residents' scheme and its tier [yuan/year]."""
    out: dict[int, float] = {}
    for spell in file.spells:
        if spell.status == "residents":
            end = until - 1 if spell.end is None else min(spell.end, until - 1)
            for year in range(spell.start // MONTHS, end // MONTHS + 1):
                out.setdefault(year, spell.yuan_year)
    return out


def residents_account(
    file: PersonFile, outlook: Outlook, until: int
) -> tuple[list[dict[str, float]], float, float]:
    """Years of the residents' account, contribution years and balance in a month [yuan]."""
    paid = residents_years(file, until)
    balance = file.residents.get("account", 0.0)
    years = file.residents.get("years", 0.0) + len(paid)
    rows: list[dict[str, float]] = []
    if not paid and not balance:
        return rows, years, balance
    first = min(paid) if paid else until // MONTHS
    last = until // MONTHS
    for year in range(first, last + 1):
        own = paid.get(year, 0.0)
        month = year * MONTHS + MONTHS // 2
        limits = outlook.value(f"{RESIDENTS}.tiers", month)
        table = outlook.value(f"{RESIDENTS}.subsidies", month)
        level = outlook.number(f"{RESIDENTS}.tier_level", month)
        more = level * outlook.number(f"{RESIDENTS}.subsidy_factor", month)
        subsidy = float(
            residents_pension.contribution_subsidy(
                own,
                [level * limits[key] for key in sorted(limits)],
                [more * table[key] for key in sorted(table)],
            )
        )
        aid = file.residents.get("collective_aid", 0.0) if own else 0.0
        gain = float(residents_pension.account_gain(own, aid, subsidy))
        rate = outlook.number(f"{RESIDENTS}.account_interest_rate", month)
        if year < last:
            after = float(account_after_full_year(balance, rate, gain, MID_YEAR_CREDIT))
        else:
            after = float(account_at_award(balance, rate, float(until % MONTHS), gain))
        rows.append({"year": year, "own": own, "subsidy": subsidy, "aid": aid, "balance": after})
        balance = after
    return rows, years, balance


def residents_basic_m(outlook: Outlook, month: int) -> float:
    """Basic pension of residents in a month [yuan/month], of nation, province and city together."""
    national, provincial, city = (outlook.number(key, month) for key in BASIC_KEYS)
    by_payer = residents_pension.basic_pension_by_payer(national, provincial, city, 1.0, 1.0)
    return float(sum(by_payer)) * outlook.number(f"{RESIDENTS}.basic_factor", month)


def long_years_m(outlook: Outlook, month: int, years: float) -> float:
    """Supplement for contribution years beyond the minimum [yuan/month]."""
    minimum = outlook.number(f"{RESIDENTS}.minimum_years", month)
    amount_m = outlook.number(f"{RESIDENTS}.long_years_supplement_m", month)
    return float(residents_pension.long_contribution_supplement(years, minimum, amount_m))


def residents_in_year_m(
    outlook: Outlook, year: int, age: int, years: float, account_m: float
) -> float:
    """Pension of a resident in a year of payment [yuan/month]: the amounts then in force.

    age        on 31 December;  years  contribution years
    account_m  account part, the same for life
    """
    month = year * MONTHS + MONTHS // 2
    age_m = outlook.by_age(f"{RESIDENTS}.age_supplement_m", month, age)
    supplement = long_years_m(outlook, month, years) + age_m
    return residents_basic_m(outlook, month) + supplement + account_m


def residents_award(
    steps: Steps,
    file: PersonFile,
    outlook: Outlook,
    month: int,
    years: float,
    balance: float,
) -> dict[str, float]:
    """Pension of a resident [yuan/month]; zero where the years are missing."""
    age = outlook.number(f"{RESIDENTS}.pension_age", month)
    minimum = outlook.number(f"{RESIDENTS}.minimum_years", month)
    start = file.residents.get("age_at_start", age - minimum)
    needed = float(residents_pension.required_years(start, age, minimum))
    own_age = (month - file.birth) / MONTHS
    met = bool(residents_pension.eligible(own_age, years, age, needed))
    law = ("sc-2014-8", "section 6")
    steps.add(
        "residents",
        "contribution years",
        "缴费年限",
        "the minimum, fewer for those who were old at the start",
        f"{years:g} paid, {needed:g} needed, age {own_age:.1f}",
        "met" if met else f"{max(0.0, needed - years):g} years short",
        law=law,
        levers=[f"{RESIDENTS}.minimum_years"],
    )
    if not met:
        return {"basic": 0.0, "account": 0.0, "total": 0.0}
    basic = residents_basic_m(outlook, month)
    divisor = outlook.number(f"{RESIDENTS}.account_divisor", month)
    supplement = long_years_m(outlook, month, years)
    age_m = outlook.by_age(f"{RESIDENTS}.age_supplement_m", month, int(own_age))
    total = cents(
        float(residents_pension.residents_pension(basic, supplement + age_m, balance, divisor))
    )
    steps.add(
        "residents",
        "residents' pension",
        "城乡居民养老金",
        "basic pension + supplements for long years and high age + account ÷ divisor",
        f"{basic:,.2f} + {supplement:,.2f} + {age_m:,.2f} + {balance:,.2f} ÷ {divisor:g}",
        total,
        "yuan/month",
        law=("sc-2014-8", "section 5"),
        levers=[
            *BASIC_KEYS,
            f"{RESIDENTS}.long_years_supplement_m",
            f"{RESIDENTS}.account_divisor",
        ],
    )
    account = total - basic - supplement - age_m
    return {"basic": basic, "account": account, "total": total}


def moving_between_schemes(
    steps: Steps, employee_months: float, minimum: float, residents_balance: float
) -> bool:
    """Whether the residents' account joins the employee account; noted as a line."""
    moves = bool(residents_pension.moves_to_employee_scheme(employee_months, minimum))
    steps.add(
        "residents",
        "both schemes",
        "城乡养老保险制度衔接",
        "employee months ≥ minimum: the residents' account moves over, its years count zero; "
        "otherwise the employee account moves",
        f"{employee_months:g} months against {minimum:g}; account {residents_balance:,.2f}",
        "to the employee scheme" if moves else "to the residents' scheme",
        law=("mohrss-2014-17", "articles 3, 5 and 6"),
    )
    return moves
