"""One life reckoned through: career, award, pension in payment, and what it was worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rssim.inputs.place import PARAMS, load_place
from rssim.inputs.scenario import Scenario, load_scenario
from rssim.inputs.schedule import dates_of_person
from rssim.rules import employee_pension as rules
from rssim.rules import residents_pension
from rssim.rules.indexation import increased
from rssim.rules.supplementary import balance_after_payment, paid_in_year
from rssim.study import person_schemes as schemes
from rssim.study.indicators import gross_replacement_rate, internal_rate_of_return
from rssim.study.levers import AS_OF
from rssim.study.person_career import (
    AccountYear,
    Career,
    account_path,
    career_of,
    index_years,
    months_paid,
)
from rssim.study.person_file import (
    MONTHS,
    PersonError,
    PersonFile,
    Spell,
    month_text,
)
from rssim.study.person_outlook import LAST_YEAR, Outlook, outlook_of
from rssim.study.person_steps import (
    Record,
    Step,
    Steps,
    award_steps,
    death_steps,
    minimum_months,
    minimum_steps,
    record_steps,
    retirement_steps,
)

OLDEST = 100
ANNUITY_RETURN = "occupational_annuity.investment_return"
HALF = 0.5
YEARS_AFTER = 20
"""Years of pension after which the replacement rate is shown once more."""


@dataclass(frozen=True, eq=False)
class Life:
    """A life under one scenario.

    retire   month from which the person is a pensioner; the first pension comes a month later
    parts    parts of the award [yuan/month] by name
    steps    the arithmetic line by line
    rows     one mapping for each calendar year
    measures what the life comes to, by name
    """

    file: PersonFile
    scenario: Scenario
    retire: int
    career: Career
    record: Record
    parts: dict[str, float]
    steps: tuple[Step, ...]
    rows: tuple[dict[str, Any], ...]
    measures: dict[str, float]
    notes: tuple[str, ...] = field(default_factory=tuple)


def life_of(file: PersonFile, scenario: Scenario) -> Life:
    """The life of a person under a scenario; PersonError where it cannot be reckoned."""
    outlooks = _outlooks(file, scenario)
    home = next(iter(outlooks.values()))
    dates = _dates(file, scenario)
    statutory = file.birth + int(dates["statutory"])
    if _residents_only(file):
        return _resident_life(file, scenario, home)
    retire, words = chosen_month(file, dates)
    if file.record_on is not None and file.record_on > retire:
        raise PersonError(
            f"{file.where}: record: as_of {month_text(file.record_on)} lies after the retirement "
            f"in {month_text(retire)}."
        )
    _check_record_month(file, retire)
    career = career_of(file, outlooks, retire, statutory)
    decides = min(retire, statutory)
    minimum = minimum_months(home, decides)
    short = minimum - _months(file, career)
    if short > 0 and _months(file, career) > 0:
        if retire < statutory:
            raise PersonError(
                f"{file.where}: retire: early retirement in {month_text(retire)} needs "
                f"{minimum:g} months; only {minimum - short:g} are paid by then."
            )
        if file.when_short == "continue":
            file, retire = _continued(file, retire, int(np.ceil(short)))
            words = f"{words}; {short:g} months more are paid at the floor to meet the minimum"
            career = career_of(file, outlooks, retire, statutory)
    payer = outlooks[schemes.paying_place(career, file, outlooks)]
    steps = Steps(payer, retire)
    retirement_steps(steps, file, dates, retire, words)
    path = account_path(career, file.record.get("account", 0.0), home, retire)
    balances = {item.year: item.opening for item in path}
    schemes.portability_steps(steps, career, file, outlooks, balances)
    schemes.payer_step(steps, payer.place.key, file, career, outlooks)
    record = _record(file, career, path, payer, retire, steps)
    minimum_steps(steps, record, minimum, decides // MONTHS)
    found = _award(steps, file, career, record, path, home, payer, retire, minimum)
    return _finished(file, scenario, career, found, home, payer, path, retire)


@dataclass
class _Awarded:
    """What the award comes to, before the pension is paid."""

    steps: Steps
    record: Record
    parts: dict[str, float]
    start: int
    cost: float = 0.0
    refund: float = 0.0
    residents: list[dict[str, float]] = field(default_factory=list)
    residents_m: float = 0.0
    residents_basic: bool = False


def _award(
    steps: Steps,
    file: PersonFile,
    career: Career,
    record: Record,
    path: list[AccountYear],
    home: Outlook,
    payer: Outlook,
    retire: int,
    minimum: float,
) -> _Awarded:
    """The award of the scheme that pays: employee or public pension, refund, or residents."""
    record_steps(steps, record, path if len(career.month) else [], home, retire)
    rows, years, balance = schemes.residents_account(file, home, retire)
    met = bool(rules.eligible(record.months, minimum))
    cost = 0.0
    if not met and file.when_short == "pay_up" and record.months:
        record, cost = schemes.short_steps(steps, file, record, minimum, payer, retire)
        met = True
    found = _Awarded(steps, record, {}, retire, cost=cost, residents=rows)
    if (years or balance) and record.months:
        moves = schemes.moving_between_schemes(steps, record.months, minimum, balance)
        if moves:
            whole = float(residents_pension.account_after_move(record.balance, balance))
            counted = float(residents_pension.years_after_move(record.years, years, 0.0))
            record = replace(record, balance=whole, months=counted * MONTHS)
            found.record = record
    schemes.exempt_steps(steps, career, home)
    schemes.home_steps(steps, file, home, retire)
    schemes.unemployment_steps(steps, career, home, retire)
    if met:
        is_public = "public" in career.status or bool(file.public)
        found.parts = award_steps(steps, file, record, payer, retire, is_public)
        if is_public:
            found.parts |= schemes.public_steps(
                steps, file, career, record, payer, retire, found.parts
            )
    elif file.when_short == "residents" and record.months:
        _into_residents(found, file, home, years, balance, retire)
    elif record.balance:
        found.refund = float(rules.refund_on_leaving(record.balance))
        steps.add(
            "award",
            "refund of the account",
            "个人账户一次性支付",
            "the whole account on written request; the pooled part stays",
            f"{record.balance:,.2f}",
            found.refund,
            "yuan",
            law=("social-insurance-law", "Implementation rules of 2011, article 3"),
        )
    if record.months and home.knows("employee_pension.survivor_income", retire):
        death_steps(steps, record, home, retire, 0.0 if met else None)
    return found


def _into_residents(
    found: _Awarded, file: PersonFile, home: Outlook, years: float, balance: float, retire: int
) -> None:
    """The employee account moves to the residents' scheme, which pays from its own age on."""
    age = int(home.number("residents_pension.pension_age", retire))
    start = max(retire, file.birth + age * MONTHS)
    whole = float(residents_pension.account_after_move(balance, found.record.balance))
    counted = float(residents_pension.years_after_move(years, found.record.years, 1.0))
    got = schemes.residents_award(found.steps, file, home, start, counted, whole)
    found.parts = {"basic": got["basic"], "account": got["account"], "total": got["total"]}
    found.start, found.residents_basic = start, True


def _resident_life(file: PersonFile, scenario: Scenario, home: Outlook) -> Life:
    """A life in the residents' scheme alone; its pension age is not raised."""
    first = min(spell.start for spell in file.spells)
    age = int(home.number("residents_pension.pension_age", first))
    retire = file.birth + age * MONTHS
    steps = Steps(home, retire)
    steps.add(
        "retirement",
        "pension age",
        "领取年龄",
        "one age for both sexes; not moved by the reform",
        f"born {month_text(file.birth)}",
        f"{month_text(retire)}, first pension {month_text(retire + 1)}",
        law=("sc-2014-8", "section 6"),
        levers=["residents_pension.pension_age"],
    )
    rows, years, balance = schemes.residents_account(file, home, retire)
    if rows:
        last = rows[-1]
        steps.add(
            "residents",
            "account at award",
            "个人账户储存额",
            "own tier + aid + subsidy, with interest",
            f"{years:g} years; last year {last['own']:,.2f} + {last['aid']:,.2f} + "
            f"{last['subsidy']:,.2f}",
            balance,
            "yuan",
            law=("sc-2014-8", "section 4"),
            levers=["residents_pension.subsidies", "residents_pension.account_interest_rate"],
        )
    got = schemes.residents_award(steps, file, home, retire, years, balance)
    career = career_of(file, {scenario.place.key: home}, retire, retire)
    found = _Awarded(
        steps,
        Record(0.0, 0.0, balance, 0.0, 0.0),
        {"basic": got["basic"], "account": got["account"], "total": got["total"]},
        retire,
        residents=rows,
        residents_basic=True,
    )
    return _finished(file, scenario, career, found, home, home, [], retire)


# What is known before ---------------------------------------------------------------------------


def _outlooks(file: PersonFile, scenario: Scenario) -> dict[str, Outlook]:
    """The outlook of the scenario's place first, then those of other places of the life."""
    names = {spell.place for spell in file.spells if spell.place} | {file.registered}
    moves = any(spell.place for spell in file.spells)
    out = {scenario.place.key: outlook_of(scenario)}
    for name in sorted(names - set(out)) if moves else []:
        other = load_scenario("baseline", place=load_place(name))
        changes = {
            key: steps for key, steps in scenario.changes.items() if "group" not in PARAMS[key].dims
        }
        out[name] = outlook_of(replace(other, changes=changes))
    return out


def _dates(file: PersonFile, scenario: Scenario) -> dict[str, float]:
    found = dates_of_person(scenario, file.birth_year, file.birth_month, file.sex, file.track)
    return {
        "original": found.original_age,
        "delay": found.delay,
        "statutory": found.statutory_age,
        "earliest": found.earliest_age,
        "latest": found.latest_age,
    }


def _residents_only(file: PersonFile) -> bool:
    words = {spell.status for spell in file.spells} - {"none"}
    return words == {"residents"} and not file.record


def chosen_month(file: PersonFile, dates: Mapping[str, float]) -> tuple[int, str]:
    """The month of retirement, counted, and the choice in words; it lies in the window."""
    low, high = file.birth + int(dates["earliest"]), file.birth + int(dates["latest"])
    statutory = file.birth + int(dates["statutory"])
    wanted = file.retire
    if isinstance(wanted, str):
        found = {"statutory": statutory, "early": low, "late": high}[wanted]
        return found, {"statutory": "at the statutory age"}.get(wanted, f"as {wanted} as allowed")
    if wanted < 12 * 1000:
        first, last = max(low, wanted * MONTHS), min(high, wanted * MONTHS + MONTHS - 1)
        if first > last:
            raise PersonError(
                f"{file.where}: retire: {wanted} is outside the window of "
                f"{month_text(low)} to {month_text(high)}, the statutory month is "
                f"{month_text(statutory)}."
            )
        found = min(max(statutory, first), last)
        return found, f"in {wanted}, as near to the statutory month as the year allows"
    if not low <= wanted <= high:
        raise PersonError(
            f"{file.where}: retire: {month_text(wanted)} is outside the window of "
            f"{month_text(low)} to {month_text(high)}, the statutory month is "
            f"{month_text(statutory)}."
        )
    return wanted, f"in the month of {month_text(wanted)}"


def _check_record_month(file: PersonFile, retire: int) -> None:
    on = file.record_on
    if on is not None and on % MONTHS != 0 and on != retire:
        raise PersonError(
            f"{file.where}: record: as_of {month_text(on)}: accounts are closed at the end of a "
            f"year. Write a January, or the month of retirement ({month_text(retire)})."
        )


def _months(file: PersonFile, career: Career) -> float:
    before = file.record.get("months", 0.0) + file.public.get("deemed_months", 0.0)
    return before + months_paid(career)


def _continued(file: PersonFile, retire: int, missing: int) -> tuple[PersonFile, int]:
    """The person who goes on paying at the floor until the minimum is met."""
    later = retire + missing
    if later // MONTHS >= LAST_YEAR or later - file.birth > OLDEST * MONTHS:
        raise PersonError(
            f"{file.where}: the minimum contribution period is not met before the age of {OLDEST}; "
            "choose when_short: refund or residents."
        )
    spells = tuple(
        replace(spell, end=retire - 1 if spell.end is None else min(spell.end, retire - 1))
        for spell in file.spells
        if spell.start < retire
    )
    last = spells[-1].place if spells else ""
    more = Spell(start=retire, end=None, status="flexible", tier="floor", place=last)
    return replace(file, spells=(*spells, more)), later


def _record(
    file: PersonFile,
    career: Career,
    path: list[AccountYear],
    payer: Outlook,
    retire: int,
    steps: Steps,
) -> Record:
    before = file.record
    weighted, deemed = schemes.deemed_record(file, payer, retire, steps)
    years = before.get("months", 0.0) / MONTHS * before.get("index", 0.0)
    # Service before October 2014 counts in public posts, with the index of the grade.
    deemed_months = file.public.get("deemed_months", 0.0)
    years += deemed_months / MONTHS * file.public.get("deemed_index", 1.0)
    return Record(
        months=_months(file, career),
        index_years=years + index_years(career),
        balance=path[-1].closing if path else before.get("account", 0.0),
        weighted=weighted,
        deemed_account=deemed,
    )


# Pension in payment -----------------------------------------------------------------------------


def _finished(
    file: PersonFile,
    scenario: Scenario,
    career: Career,
    found: _Awarded,
    home: Outlook,
    payer: Outlook,
    path: list[AccountYear],
    retire: int,
) -> Life:
    paid = _payments(file, found, payer)
    rows = _rows(file, career, found, paid, home, path)
    measures = _measures(file, career, found, rows, home, payer, retire)
    notes = []
    if file.birth_year + OLDEST > LAST_YEAR:
        notes.append(f"Payments are followed to {LAST_YEAR}, where the rate tables end.")
    if file.record and file.record_on is not None:
        notes.append(
            f"Contributions before {month_text(file.record_on)} stand in the lifetime sums as the "
            "account of the record, and the employer's in proportion."
        )
    if _deemed(file):
        notes.append("Service for which nothing was paid counts: there is no rate of return.")
    return Life(
        file=file,
        scenario=scenario,
        retire=retire,
        career=career,
        record=found.record,
        parts=found.parts,
        steps=tuple(found.steps.lines),
        rows=tuple(rows),
        measures=measures,
        notes=tuple(notes),
    )


def _payments(file: PersonFile, found: _Awarded, payer: Outlook) -> dict[int, dict[str, float]]:
    """Pension of each year from the award on, for one who lives: by calendar year.

    pension [yuan/year], monthly [yuan/month], annuity [yuan/year], account [yuan] at the end
    """
    out: dict[int, dict[str, float]] = {}
    monthly = found.parts.get("total", 0.0)
    if not monthly and not found.parts.get("annuity"):
        return out
    balance = found.record.balance
    fund = found.parts.get("annuity_balance", 0.0)
    basic, account = found.parts.get("basic", 0.0), found.parts.get("account", 0.0)
    annuity = found.parts.get("annuity", 0.0)
    first = found.start // MONTHS
    for year in range(first, min(file.birth_year + OLDEST, LAST_YEAR) + 1):
        months = float(MONTHS - 1 - found.start % MONTHS if year == first else MONTHS)
        if year > first:
            monthly = _raised(monthly, basic, found, payer, year, file)
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


def _raised(
    monthly: float, basic: float, found: _Awarded, payer: Outlook, year: int, file: PersonFile
) -> float:
    """The pension after the increase of 1 January [yuan/month]."""
    if found.residents_basic:
        now = schemes.residents_basic_m(payer, year * MONTHS + MONTHS // 2)
        return found.parts["account"] + max(now, basic)
    age = year - file.birth_year
    raised = increased(
        MONTHS * monthly, 1.0, found.record.years, payer.tilt(year, age), payer.increase(year)
    )
    return float(raised) / MONTHS


def _rows(
    file: PersonFile,
    career: Career,
    found: _Awarded,
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
    survival, alive = 1.0, True
    out = []
    months = file.record.get("months", 0.0) + file.public.get("deemed_months", 0.0)
    for year in range(int(min(known)), int(max(known)) + 1):
        at = career.year == year
        months += float(career.paid[at].sum())
        count = int(career.paid[at].sum())
        worked = np.flatnonzero(at & (career.money["pay"] > 0))
        account = accounts.get(year)
        pension = paid.get(year, {})
        if year in paid and alive:
            age = year - file.birth_year - 1
            lives = home.survives(year, file.sex, age)
            half = (1.0 + lives) / 2.0 if year > found.start // MONTHS else 1.0
            weight, dies = survival * half, survival * (1.0 - lives)
            survival *= lives if year > found.start // MONTHS else 1.0
            dies = dies if year > found.start // MONTHS else 0.0
        else:
            weight, dies = 1.0, 0.0
        row: dict[str, Any] = {
            "year": year,
            "age": year - file.birth_year,
            "status": " + ".join(
                dict.fromkeys(
                    [word for word, here in zip(career.status, at, strict=True) if here and word]
                    + (["pensioner"] if year in paid else [])
                )
            ),
            "months_paid": count,
            "months_total": months if year <= found.start // MONTHS else found.record.months,
            "reference_wage_m": home.wage_m(year),
            "pay_m": float(career.money["pay"][worked].mean()) if len(worked) else 0.0,
            "base_m": float(career.money["base"][at & career.paid].mean()) if count else 0.0,
            "index": float(career.index[at & career.paid].mean()) if count else 0.0,
        }
        for name in (
            "employer",
            "own",
            "flexible",
            "by_unemployment_fund",
            "unemployment_employer",
            "unemployment_own",
            "work_injury",
            "annuity_employer",
            "annuity_own",
        ):
            row[name] = career.sum_of(name, year) if len(career.month) else 0.0
        row["residents_own"] = residents.get(year, {}).get("own", 0.0)
        row["residents_subsidy"] = residents.get(year, {}).get("subsidy", 0.0)
        row["residents_account"] = residents.get(year, {}).get("balance", 0.0)
        row["credited"] = account.credits if account else 0.0
        row["interest"] = account.interest if account else 0.0
        row["account"] = (account.closing if account else 0.0) + row["residents_account"]
        if pension:
            row["account"] = pension["account"]
        row["unemployment_benefit"] = career.sum_of("benefit", year) if len(career.month) else 0.0
        row["pension_m"] = pension.get("monthly", 0.0)
        row["pension"] = pension.get("pension", 0.0)
        row["annuity"] = pension.get("annuity", 0.0)
        row["both_m"] = pension.get("both_m", 0.0)
        row["lump_sum"] = found.refund if year == found.start // MONTHS else 0.0
        row["paid_at_once"] = found.cost if year == found.start // MONTHS else 0.0
        row["alive"] = weight
        row["dies"] = dies
        out.append(row)
    return out


# What it comes to -------------------------------------------------------------------------------


def _measures(
    file: PersonFile,
    career: Career,
    found: _Awarded,
    rows: list[dict[str, Any]],
    home: Outlook,
    payer: Outlook,
    retire: int,
) -> dict[str, float]:
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
    file: PersonFile, found: _Awarded, rows: list[dict[str, Any]], home: Outlook
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
    paid_for = not _deemed(file)
    for name, paid in (("own", own), ("all", own + employer)):
        flows = (received - paid) / prices
        out[f"real_return_{name}"] = (
            float(internal_rate_of_return(flows[None])[0])
            if len(flows) > 1 and paid_for
            else float("nan")
        )
    return out


def _deemed(file: PersonFile) -> bool:
    """Whether service counts for which nothing was paid, so that there is no rate of return."""
    return bool(file.public.get("deemed_months") or file.record.get("deemed_months"))


def _left(found: _Awarded, home: Outlook, year: int) -> float:
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
