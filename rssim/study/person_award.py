"""The award of the employee pension, and grants at death, line by line."""

from __future__ import annotations

import numpy as np

from rssim.rules import employee_pension as rules
from rssim.rules.annuities import annuity_divisor
from rssim.study.person_file import MONTHS, PersonFile, month_text
from rssim.study.person_outlook import FUND, Outlook
from rssim.study.person_record import Record
from rssim.study.person_steps import Steps, age_text, cents


def award_steps(
    steps: Steps,
    file: PersonFile,
    record: Record,
    outlook: Outlook,
    retire: int,
    is_public: bool = False,
) -> dict[str, float]:
    """Basic, account and transitional part, and their sum [yuan/month].

    is_public  the transitional part is that of public posts, which is reckoned apart
    """
    year = retire // MONTHS
    base = outlook.calculation_base_m(year)
    years, index = record.years, record.index

    def law(name: str) -> float:
        return outlook.number(f"{FUND}.{name}", retire)

    part = "award"
    steps.add(
        part,
        "calculation base",
        "养老金计发基数",
        "P, of the calendar year in which the pension starts",
        f"{outlook.place.name}, {year}{_projected(outlook, f'{FUND}.calculation_base_m', retire)}",
        base,
        "yuan/month",
        law=("sc-2005-38", "section 6; notice of the province"),
        levers=[f"{FUND}.calculation_base_m"],
    )
    threshold = law("low_index_threshold")
    factor = float(rules.low_index_factor(index, threshold))
    if threshold > 0:
        steps.add(
            part,
            "low-index factor",
            "低指数系数",
            "a = min(1, I ÷ threshold)",
            f"min(1, {index:.4f} ÷ {threshold:g})",
            factor,
            "share" if factor > 1 else "ratio",
            law=("gd-compilation", "provincial measures of 2006"),
            levers=[f"{FUND}.low_index_threshold"],
        )
    accrual = law("accrual_rate")
    basic = cents(float(rules.basic_pension(base, index, years, accrual, threshold)))
    steps.add(
        part,
        "basic pension",
        "基础养老金",
        "P × (a + I) ÷ 2 × Y × rate per year",
        f"{base:,.2f} × ({factor:.4f} + {index:.4f}) ÷ 2 × {years:.4f} × {100 * accrual:g} %",
        basic,
        "yuan/month",
        law=("sc-2005-38", "section 6"),
        levers=[f"{FUND}.accrual_rate"],
    )
    divisor = divisor_at(outlook, file, retire)
    age = float(retire - file.birth)
    steps.add(
        part,
        "divisor",
        "计发月数",
        "table by age at award; from 2025 between two birthdays by month",
        f"age {age_text(age)}",
        divisor,
        "months",
        law=("sc-2005-38", "annex; Measures of 2024-09-13"),
        levers=[f"{FUND}.annuity_divisor", f"{FUND}.divisor_by_month"],
    )
    account = cents(float(rules.account_pension(record.balance, divisor)))
    steps.add(
        part,
        "account pension",
        "个人账户养老金",
        "account ÷ divisor, for life",
        f"{record.balance:,.2f} ÷ {divisor:g}",
        account,
        "yuan/month",
        law=("sc-2005-38", "section 6"),
    )
    if is_public:
        return {
            "calculation_base": base,
            "index": index,
            "divisor": divisor,
            "basic": basic,
            "account": account,
        }
    transitional = _transitional(steps, record, outlook, retire, base)
    total = cents(basic + account + transitional)
    steps.add(
        part,
        "pension at award",
        "基本养老金",
        "basic + account + transitional part",
        f"{basic:,.2f} + {account:,.2f} + {transitional:,.2f}",
        total,
        "yuan/month",
        law=("social-insurance-law", "article 15"),
    )
    return {
        "calculation_base": base,
        "index": index,
        "divisor": divisor,
        "basic": basic,
        "account": account,
        "transitional": transitional,
        "total": total,
    }


def _projected(outlook: Outlook, key: str, month: int) -> str:
    """Says so where no published value holds in a month."""
    return ", projected" if outlook.is_projected(key, month) else ""


def divisor_at(outlook: Outlook, file: PersonFile, retire: int) -> float:
    """Divisor of the account at the age of award [month]."""
    table = outlook.value(f"{FUND}.annuity_divisor", retire)
    ages = sorted(table)
    by_month = outlook.number(f"{FUND}.divisor_by_month", retire) > 0
    months = [table[age] for age in ages]
    return float(
        annuity_divisor(
            float(retire - file.birth), np.array(ages, float), np.array(months, float), by_month
        )
    )


def _transitional(
    steps: Steps, record: Record, outlook: Outlook, retire: int, base: float
) -> float:
    """Transitional part: the larger of two methods, phased in, and a flat sum."""

    def law(name: str) -> float:
        return outlook.number(f"{FUND}.{name}", retire)

    flat, allowance = law("transitional_flat_m"), law("transitional_year_allowance_m")
    phase = law("transitional_phase_share")
    source = ("gd-transitional-2021", "粤府函〔2021〕294号")
    if outlook.place.key == "china":
        source = ("sc-2005-38", "section 6, set by the province")
    whole = float(rules.whole_years(record.years))
    new = float(rules.new_method_amount(base, record.weighted, law("transitional_coefficient")))
    old = float(rules.old_method_amount(record.deemed_account, law("old_method_divisor")))
    guaranteed = float(rules.old_amount_with_allowance(old, whole, allowance))
    if record.weighted or record.deemed_account:
        steps.add(
            "award",
            "new amount for service before 1998-07",
            "过渡性养老金新办法",
            "N = P × weighted years × coefficient",
            f"{base:,.2f} × {record.weighted:.4f} × {100 * law('transitional_coefficient'):g} %",
            new,
            "yuan/month",
            law=source,
            levers=[f"{FUND}.transitional_coefficient"],
        )
        steps.add(
            "award",
            "old amount",
            "视同缴费账户",
            "O = deemed account ÷ divisor",
            f"{record.deemed_account:,.2f} ÷ {law('old_method_divisor'):g}",
            old,
            "yuan/month",
            law=source,
            levers=[f"{FUND}.old_method_divisor"],
        )
    if guaranteed or flat:
        steps.add(
            "award",
            "old amount with the allowance per year",
            "缴费年限津贴",
            "A = O + allowance × whole years",
            f"{old:,.2f} + {allowance:g} × {whole:g}",
            guaranteed,
            "yuan/month",
            law=source,
            levers=[f"{FUND}.transitional_year_allowance_m"],
        )
    found = cents(float(rules.transitional_pension(new, old, whole, flat, allowance, phase)))
    steps.add(
        "award",
        "transitional pension",
        "过渡性养老金",
        "T = flat + A + phase × max(0, N − A)",
        f"{flat:g} + {guaranteed:,.2f} + {phase:g} × max(0, {new:,.2f} − {guaranteed:,.2f})",
        found,
        "yuan/month",
        law=source,
        levers=[f"{FUND}.transitional_flat_m", f"{FUND}.transitional_phase_share"],
    )
    return found


def death_steps(
    steps: Steps, record: Record, outlook: Outlook, month: int, years_received: float | None
) -> dict[str, float]:
    """Funeral and survivors' grant if the person dies in a month [yuan].

    years_received  years of pension so far; None before the award
    """

    def law(name: str) -> float:
        return outlook.number(f"{FUND}.{name}", month)

    income = law("survivor_income") / MONTHS
    funeral = float(rules.funeral_grant(income, law("funeral_months")))
    table = outlook.value(f"{FUND}.survivor_limits", month)
    limits = [table[key] for key in sorted(table)]
    months = [law(f"survivor_months_{name}") for name in ("short", "middle", "long")]
    cap = law("survivor_months_cap")
    if years_received is None:
        counted = float(rules.survivor_months(record.years, limits, months, cap))
    else:
        counted = float(
            rules.survivor_months_of_pensioner(
                record.years,
                years_received,
                limits,
                months,
                cap,
                law("survivor_months_pensioner"),
            )
        )
    grant = float(rules.survivor_grant(income, counted))
    source = ("survivors-2021", "人社部发〔2021〕18号")
    when = month_text(month)
    steps.add(
        "death",
        f"funeral grant, death in {when}",
        "丧葬补助金",
        "income per head and month × months",
        f"{income:,.2f} × {law('funeral_months'):g}",
        funeral,
        "yuan",
        law=source,
        levers=[f"{FUND}.survivor_income", f"{FUND}.funeral_months"],
    )
    received = "" if years_received is None else f", {years_received:.1f} years of pension received"
    steps.add(
        "death",
        f"survivors' grant, death in {when}",
        "抚恤金",
        "income per head and month × months by contribution years",
        f"{record.years:.2f} years{received}: {income:,.2f} × {counted:g}",
        grant,
        "yuan",
        law=source,
        levers=[f"{FUND}.survivor_limits", f"{FUND}.survivor_months_cap"],
    )
    return {"funeral": funeral, "survivors": grant, "months": counted}
