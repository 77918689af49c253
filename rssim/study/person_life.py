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
from rssim.study.person_award import award_steps, death_steps
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
from rssim.study.person_moving import (
    exempt_steps,
    home_steps,
    payer_step,
    paying_place,
    portability_steps,
)
from rssim.study.person_outlook import LAST_YEAR, Outlook, outlook_of
from rssim.study.person_payment import Awarded, payments, rows_of
from rssim.study.person_public import deemed_index, public_steps
from rssim.study.person_record import (
    Record,
    deemed_record,
    minimum_months,
    minimum_steps,
    record_steps,
    short_steps,
)
from rssim.study.person_residents import (
    moving_between_schemes,
    residents_account,
    residents_award,
)
from rssim.study.person_steps import Step, Steps, retirement_steps
from rssim.study.person_unemployment import unemployment_steps
from rssim.study.person_worth import is_partly_deemed, measures_of

OLDEST = 100


@dataclass(frozen=True, eq=False)
class Life:
    """A life under one scenario.

    outlook  law and outlook of the place under the scenario
    retire   month from which the person is a pensioner; the first pension comes a month later
    parts    parts of the award [yuan/month] by name
    steps    the arithmetic line by line
    rows     one mapping for each calendar year
    measures what the life comes to, by name
    """

    file: PersonFile
    scenario: Scenario
    outlook: Outlook
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
    payer = outlooks[paying_place(career, file, outlooks)]
    steps = Steps(payer, retire)
    retirement_steps(steps, file, dates, retire, words)
    path = account_path(career, file.record.get("account", 0.0), home, retire)
    balances = {item.year: item.opening for item in path}
    portability_steps(steps, career, file, outlooks, balances)
    payer_step(steps, payer.place.key, file, career, outlooks)
    record = _record(file, career, path, payer, retire, steps)
    minimum_steps(steps, record, minimum, decides // MONTHS)
    found = _award(steps, file, career, record, path, home, payer, retire, minimum)
    return _finished(file, scenario, career, found, home, payer, path, retire)


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
) -> Awarded:
    """The award of the scheme that pays: employee or public pension, refund, or residents."""
    record_steps(steps, record, path if len(career.month) else [], home, retire)
    rows, years, balance = residents_account(file, home, retire)
    met = bool(rules.eligible(record.months, minimum))
    cost = 0.0
    if not met and file.when_short == "pay_up" and record.months:
        record, cost = short_steps(steps, file, record, minimum, payer, retire)
        met = True
    found = Awarded(steps, record, {}, retire, cost=cost, residents=rows)
    if (years or balance) and record.months:
        moves = moving_between_schemes(steps, record.months, minimum, balance)
        if moves:
            whole = float(residents_pension.account_after_move(record.balance, balance))
            counted = float(residents_pension.years_after_move(record.years, years, 0.0))
            record = replace(record, balance=whole, months=counted * MONTHS)
            found.record = record
    exempt_steps(steps, career, home)
    home_steps(steps, file, home, retire)
    unemployment_steps(steps, career, home, retire)
    if met:
        is_public = "public" in career.status or bool(file.public)
        found.parts = award_steps(steps, file, record, payer, retire, is_public)
        if is_public:
            found.parts |= public_steps(steps, file, career, record, payer, retire, found.parts)
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
    found: Awarded, file: PersonFile, home: Outlook, years: float, balance: float, retire: int
) -> None:
    """The employee account moves to the residents' scheme, which pays from its own age on."""
    age = int(home.number("residents_pension.pension_age", retire))
    start = max(retire, file.birth + age * MONTHS)
    whole = float(residents_pension.account_after_move(balance, found.record.balance))
    counted = float(residents_pension.years_after_move(years, found.record.years, 1.0))
    got = residents_award(found.steps, file, home, start, counted, whole)
    found.parts = {"basic": got["basic"], "account": got["account"], "total": got["total"]}
    found.start, found.residents_basic, found.residents_years = start, True, counted


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
    rows, years, balance = residents_account(file, home, retire)
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
    got = residents_award(steps, file, home, retire, years, balance)
    career = career_of(file, {scenario.place.key: home}, retire, retire)
    found = Awarded(
        steps,
        Record(0.0, 0.0, balance, 0.0, 0.0),
        {"basic": got["basic"], "account": got["account"], "total": got["total"]},
        retire,
        residents=rows,
        residents_basic=True,
        residents_years=years,
    )
    return _finished(file, scenario, career, found, home, home, [], retire)


# What is known before ---------------------------------------------------------------------------


def _outlooks(file: PersonFile, scenario: Scenario) -> dict[str, Outlook]:
    """The outlook of the scenario's place first, then those of other places of the life."""
    names = {spell.place for spell in file.spells if spell.place} | {file.registered}
    moves = any(spell.place for spell in file.spells)
    last = file.birth_year + OLDEST
    out = {scenario.place.key: outlook_of(scenario, last)}
    for name in sorted(names - set(out)) if moves else []:
        other = load_scenario("baseline", place=load_place(name))
        changes = {
            key: steps for key, steps in scenario.changes.items() if "group" not in PARAMS[key].dims
        }
        out[name] = outlook_of(replace(other, changes=changes), last)
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
    weighted, deemed = deemed_record(file, payer, retire, steps)
    years = before.get("months", 0.0) / MONTHS * before.get("index", 0.0)
    # Service before October 2014 counts in public posts, with the index of the grade.
    deemed_years = file.public.get("deemed_months", 0.0) / MONTHS
    if deemed_years:
        years += deemed_years * deemed_index(file, payer, retire)
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
    found: Awarded,
    home: Outlook,
    payer: Outlook,
    path: list[AccountYear],
    retire: int,
) -> Life:
    paid = payments(file, found, payer)
    rows = rows_of(file, career, found, paid, home, path)
    measures = measures_of(file, career, found, rows, home)
    notes = []
    if file.birth_year + OLDEST > LAST_YEAR:
        notes.append(f"Payments are followed to {LAST_YEAR}, where the rate tables end.")
    if file.record and file.record_on is not None:
        notes.append(
            f"Contributions before {month_text(file.record_on)} stand in the lifetime sums as the "
            "account of the record, and the employer's in proportion."
        )
    if is_partly_deemed(file):
        notes.append("Service for which nothing was paid counts: there is no rate of return.")
    return Life(
        file=file,
        scenario=scenario,
        outlook=home,
        retire=retire,
        career=career,
        record=found.record,
        parts=found.parts,
        steps=tuple(found.steps.lines),
        rows=tuple(rows),
        measures=measures,
        notes=tuple(notes),
    )
