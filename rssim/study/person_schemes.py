"""Steps of the schemes beside the employee pension: public posts, residents, moving, benefits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rssim.rules import cross_border, public_pension, residents_pension, unemployment
from rssim.rules import employee_pension as rules
from rssim.rules.accounts import account_after_full_year, account_at_award
from rssim.rules.contributions import assessed_base, contribution, contribution_index
from rssim.rules.supplementary import instalment
from rssim.study.person_career import Career, annuity_paths, entitlement, months_paid
from rssim.study.person_file import MONTHS, PersonFile, month_text
from rssim.study.person_outlook import FUND, Outlook
from rssim.study.person_steps import Record, Steps, amount, cents, divisor_at

UI = "unemployment_insurance"
PUBLIC = "public_pension"
RESIDENTS = "residents_pension"
LEVELS = ("national", "provincial", "city")
BASIC_KEYS = tuple(f"{RESIDENTS}.basic_{level}_m" for level in LEVELS)
MID_YEAR_CREDIT = 1.0
"""Credits of residents come at mid-year: half a year's interest."""


# Unemployment -----------------------------------------------------------------------------------


def unemployment_steps(steps: Steps, career: Career, outlook: Outlook, month: int) -> float:
    """Claims that were made, and what the person would be granted on the day of retirement."""
    first, step, later, longest = (
        outlook.number(f"{UI}.{name}", month)
        for name in ("first_period", "first_step", "later_step", "cap_months")
    )
    schedule = (
        f"1 month per {step:g} paid up to {first:g}, then 1 per {later:g}, at most {longest:g}"
    )
    law = ("gd-unemployment-2025", "on duration; Social Insurance Law, articles 45 and 46")
    for claim in career.claims:
        start = int(claim["start"])
        steps.add(
            "unemployment",
            f"benefit from {month_text(start)}",
            "失业保险金",
            f"{schedule}; a share of the minimum wage",
            f"{claim['paid']:g} months paid: {claim['granted']:g} months granted, "
            f"{claim['longest']:g} with the rule near retirement; {claim['drawn']:g} × "
            f"{claim['first']:,.2f} at first",
            claim["amount"],
            "yuan",
            law=law,
            levers=[f"{UI}.cap_months"],
        )
        if claim["helped"]:
            steps.add(
                "unemployment",
                "pension contributions paid by the unemployment fund",
                "失业保险基金缴纳养老保险费",
                "the months of benefit close to the statutory age",
                f"{claim['helped']:g} months at the floor",
                claim["helped"],
                "months",
                law=("npc-2024-delay", "Decision of 2024-09-13, on recipients near the age"),
            )
    paid = career.unemployment_months
    granted = entitlement(outlook, month, paid, career.unused)
    share = outlook.number(f"{UI}.benefit_share", month)
    minimum = outlook.minimum_wage_m(month)
    steps.add(
        "unemployment",
        "claim if the job is lost in " + month_text(month),
        "失业保险待遇期限",
        schedule,
        f"{paid:g} months paid since the last claim, {career.unused:g} months left over",
        granted,
        "months",
        law=law,
        levers=[f"{UI}.minimum_months", f"{UI}.cap_months"],
    )
    steps.add(
        "unemployment",
        "benefit per month",
        "失业保险金标准",
        "minimum wage × share",
        f"{minimum:,.2f} × {100 * share:g} %",
        float(unemployment.benefit(minimum, share)),
        "yuan/month",
        law=("gd-unemployment-2025", "on the amount"),
        levers=["labour_law.minimum_wage_m", f"{UI}.benefit_share"],
    )
    return granted


# Moving between places --------------------------------------------------------------------------


def paying_place(career: Career, file: PersonFile, outlooks: Mapping[str, Outlook]) -> str:
    """The place that pays the pension: registration if the relation is there, else ten years."""
    home = next(iter(outlooks))
    order = [place for place, paid in zip(career.place, career.paid, strict=True) if paid and place]
    last = order[-1] if order else home
    if last == file.registered or file.registered not in outlooks:
        return last
    month = int(career.month[-1]) if len(career.month) else file.birth
    needed = MONTHS * outlooks[home].number("portability.payer_years", month)

    def months_in(place: str) -> float:
        carried = file.record.get("months", 0.0) if place == home else 0.0
        return months_paid(career, place) + carried

    for place in reversed(list(dict.fromkeys(order))):
        if months_in(place) >= needed:
            return place
    return file.registered


def portability_steps(
    steps: Steps,
    career: Career,
    file: PersonFile,
    outlooks: Mapping[str, Outlook],
    balances: Mapping[int, float],
) -> float:
    """Money that moves each time the relation goes to another fund [yuan], the last of them."""
    moved = 0.0
    last = ""
    for at, place in enumerate(career.place):
        if not career.paid[at]:
            continue
        if last and place != last and _owner(outlooks[place]) != _owner(outlooks[last]):
            month = int(career.month[at])
            rate = outlooks[last].number(f"{FUND}.portability_pooled_rate", month)
            before = career.paid & (career.month < month)
            indexed = float(career.money["base"][before].sum())
            balance = balances.get(month // MONTHS, 0.0)
            moved = float(rules.portability_transfer(balance, indexed, rate))
            steps.add(
                "moving",
                f"transfer from {outlooks[last].place.name} to {outlooks[place].place.name} in "
                f"{month_text(month)}",
                "关系转移接续",
                "account + pooled rate × own contribution wages since 1998",
                f"{balance:,.2f} + {100 * rate:g} % × {indexed:,.2f}",
                moved,
                "yuan",
                law=("transfer-2009", "国办发〔2009〕66号, article 4"),
                levers=[f"{FUND}.portability_pooled_rate"],
            )
        last = place
    return moved


def _owner(outlook: Outlook) -> str:
    return str(outlook.place.fund.get("owner") or outlook.place.key)


def payer_step(
    steps: Steps, payer: str, file: PersonFile, career: Career, outlooks: Mapping[str, Outlook]
) -> None:
    """Which place pays and by whose law."""
    if len(outlooks) < 2:
        return
    counts = ", ".join(
        f"{outlook.place.name} {months_paid(career, key)} months"
        for key, outlook in outlooks.items()
    )
    steps.add(
        "moving",
        "place that pays",
        "待遇领取地",
        "registration if the relation is there; else the last place with enough years; else "
        "registration",
        f"registered in {file.registered}; {counts}",
        outlooks[payer].place.name,
        law=("transfer-2009", "国办发〔2009〕66号, article 6"),
        levers=["portability.payer_years"],
    )


# Government and public institutions -------------------------------------------------------------


def public_steps(
    steps: Steps,
    file: PersonFile,
    career: Career,
    record: Record,
    outlook: Outlook,
    retire: int,
    parts: dict[str, float],
) -> dict[str, float]:
    """New formula with the annuity, the old one where it is still compared, what is paid."""
    base = parts["calculation_base"]
    block = file.public
    years = block.get("deemed_months", 0.0) / MONTHS
    coefficient = outlook.number(f"{PUBLIC}.transitional_coefficient", retire)
    deemed = block.get("deemed_index", 1.0)
    transitional = cents(
        float(public_pension.transitional_pension(base, deemed, years, coefficient))
    )
    steps.add(
        "public",
        "transitional pension for service before 2014-10",
        "过渡性养老金",
        "P × deemed index × deemed years × coefficient",
        f"{base:,.2f} × {deemed:.4f} × {years:.4f} × {100 * coefficient:g} %",
        transitional,
        "yuan/month",
        law=("mohrss-2015-28", "on the transitional pension"),
        levers=[f"{PUBLIC}.transitional_coefficient"],
    )
    share = block.get("notional_share", 1.0)
    notional, funded = annuity_paths(
        career,
        (block.get("annuity_notional", 0.0), block.get("annuity_funded", 0.0)),
        share,
        outlook,
        retire,
    )
    balance = float(public_pension.annuity_balance(notional, funded))
    divisor = divisor_at(outlook, file, retire)
    annuity = cents(float(instalment(balance, divisor)))
    steps.add(
        "public",
        "occupational annuity",
        "职业年金",
        "(recorded + invested account) ÷ divisor, until the account is empty",
        f"({notional:,.2f} + {funded:,.2f}) ÷ {divisor:g}",
        annuity,
        "yuan/month",
        law=("sc-office-2015-18", "on payment"),
        levers=["occupational_annuity.employer_rate", "occupational_annuity.employee_rate"],
    )
    paid_in = float(public_pension.employer_payment_at_retirement(notional, 1.0))
    if paid_in:
        steps.add(
            "public",
            "paid in by the budget at retirement",
            "职业年金记实",
            "the recorded part falls due",
            amount(notional),
            paid_in,
            "yuan",
            law=("sc-office-2015-18", "on recorded accounts"),
        )
    new = float(
        public_pension.new_formula_pension(parts["basic"], parts["account"], transitional, annuity)
    )
    steps.add(
        "public",
        "new formula with the annuity",
        "新办法待遇",
        "basic + account + transitional + annuity",
        f"{parts['basic']:,.2f} + {parts['account']:,.2f} + {transitional:,.2f} + {annuity:,.2f}",
        new,
        "yuan/month",
        law=("sc-2015-2", "article 4"),
    )
    total = _compared(steps, file, outlook, retire, new)
    return {
        "transitional": transitional,
        "annuity": annuity,
        "annuity_balance": balance,
        "paid_in": paid_in,
        "new": new,
        "total": cents(total - annuity),
    }


def _compared(steps: Steps, file: PersonFile, outlook: Outlook, retire: int, new: float) -> float:
    """The pension with the annuity after the comparison of the ten years [yuan/month]."""
    block = file.public
    window = outlook.number(f"{PUBLIC}.window_share", retire) > 0
    has_old = "old_pension_m" in block or "basic_pay_2014_m" in block
    if not has_old or not block.get("deemed_months"):
        return new
    old = block.get("old_pension_m") or _old_formula(steps, file, outlook, retire)
    share = outlook.number(f"{PUBLIC}.excess_share", retire)
    total = cents(float(public_pension.pension_at_retirement(new, old, share, window)))
    text = (
        f"{old:,.2f} + {100 * share:g} % × max(0, {new:,.2f} − {old:,.2f})"
        if window
        else f"retires after 2024-09: new formula {new:,.2f}, the old one ({old:,.2f}) is no floor"
    )
    steps.add(
        "public",
        "pension after the comparison",
        "新老办法对比",
        "old + share × max(0, new − old) for retirements of 2014-10 to 2024-09; new afterwards",
        text,
        total,
        "yuan/month",
        law=("mohrss-2015-28", "on the comparison of old and new benefits"),
        levers=[f"{PUBLIC}.excess_share", f"{PUBLIC}.window_share"],
    )
    if window and new > old:
        steps.add(
            "public",
            "owed for each month paid on account at the old amount",
            "新办法补发",
            "due − paid",
            f"{total:,.2f} − {old:,.2f}",
            float(public_pension.arrears(total, old, 1.0)),
            "yuan",
            law=("mohrss-2015-28", "recalculation of 2024"),
        )
    return total


def _old_formula(steps: Steps, file: PersonFile, outlook: Outlook, retire: int) -> float:
    """The old formula [yuan/month]: pay of 2014-09 by service, uprated to the year."""
    block = file.public
    limits = outlook.value(f"{PUBLIC}.service_limits", retire)
    shares = outlook.value(f"{PUBLIC}.service_shares", retire)
    service = (retire - (2014 * MONTHS + 9)) / MONTHS + block["deemed_months"] / MONTHS
    share = float(
        public_pension.service_share(
            service, [limits[key] for key in sorted(limits)], [shares[k] for k in sorted(shares)]
        )
    )
    years = range(2015, retire // MONTHS + 1)
    growth = [0.0] + [outlook.wage_m(year - 1) / outlook.wage_m(year - 2) - 1 for year in years[1:]]
    factor = float(public_pension.uprating_factor(np.array(growth)))
    old = cents(
        float(
            public_pension.old_formula_pension(
                block["basic_pay_2014_m"],
                share,
                block.get("subsidy_m", 0.0),
                block.get("increase_m", 0.0),
                factor,
            )
        )
    )
    steps.add(
        "public",
        "old formula",
        "老办法待遇",
        "(A × M + B + C) × growth of wages since 2014",
        f"({block['basic_pay_2014_m']:,.2f} × {100 * share:g} % + "
        f"{block.get('subsidy_m', 0.0):,.2f} + {block.get('increase_m', 0.0):,.2f}) × "
        f"{factor:.4f}; {service:.1f} years of service",
        old,
        "yuan/month",
        law=("mohrss-2015-28", "on the comparison of old and new benefits"),
        levers=[f"{PUBLIC}.service_shares", f"{PUBLIC}.service_limits"],
    )
    return old


# Residents --------------------------------------------------------------------------------------


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
        subsidy = float(
            residents_pension.contribution_subsidy(
                own, [limits[key] for key in sorted(limits)], [table[key] for key in sorted(table)]
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
    national, provincial, city = (_basic_of(outlook, level, month) for level in LEVELS)
    by_payer = residents_pension.basic_pension_by_payer(national, provincial, city, 1.0, 1.0)
    return float(sum(by_payer))


def _basic_of(outlook: Outlook, level: str, month: int) -> float:
    """Basic pension that a level has set; it grows after the last amount that is known."""
    key = f"{RESIDENTS}.basic_{level}_m"
    if not outlook.has(key):
        return 0.0
    found = outlook.number(key, month)
    if key not in outlook.schemes:
        return found
    last = outlook.schemes[key][1].steps[-1].since.year
    growth = outlook.number(f"{RESIDENTS}.basic_growth", month)
    return found * (1.0 + growth) ** max(0, month // MONTHS - last)


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
    total = cents(float(residents_pension.residents_pension(basic, 0.0, balance, divisor)))
    steps.add(
        "residents",
        "residents' pension",
        "城乡居民养老金",
        "basic pension + account ÷ divisor",
        f"{basic:,.2f} + {balance:,.2f} ÷ {divisor:g}",
        total,
        "yuan/month",
        law=("sc-2014-8", "section 5"),
        levers=[
            *(key for key in BASIC_KEYS if outlook.has(key)),
            f"{RESIDENTS}.account_divisor",
        ],
    )
    return {"basic": basic, "account": total - basic, "total": total}


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


# Hong Kong and Macao ----------------------------------------------------------------------------


def exempt_steps(steps: Steps, career: Career, outlook: Outlook) -> float:
    """What the exemption saves in contributions [yuan], employer and own."""
    rows = np.array([word == "exempt" for word in career.status])
    if not rows.any():
        return 0.0
    months = career.month[rows]
    insured = float(cross_border.insured_share(1.0, 1.0))
    floor, cap = outlook.limits_m("floor", months), outlook.limits_m("cap", months)
    base = assessed_base(career.money["pay"][rows], floor, cap)
    rate = outlook.numbers(f"{FUND}.employer_rate", months) + outlook.numbers(
        f"{FUND}.employee_rate", months
    )
    forgone = float(cross_border.revenue_forgone(base, 1.0, 1.0 - insured, rate).sum())
    steps.add(
        "exemption",
        "exempt from pension and unemployment",
        "免参加基本养老和失业保险",
        "insured at home with proof: base × (employer + own rate) is not due",
        f"{len(months)} months; medical and work injury stay compulsory",
        forgone,
        "yuan",
        law=("hk-macao-2019-41", "令第41号, on exemption"),
    )
    return forgone


def home_steps(steps: Steps, file: PersonFile, outlook: Outlook, retire: int) -> None:
    """What an exempt resident of Hong Kong pays into the scheme at home [HKD/month]."""
    for spell in file.spells:
        if spell.status != "exempt" or not spell.home_income_hkd_m:
            continue
        income = spell.home_income_hkd_m
        month = min(spell.start, retire)
        cap = outlook.number("home_scheme.income_cap_hkd_m", month)
        rate = outlook.number("home_scheme.rate", month)
        waived = outlook.number("home_scheme.waived_below_hkd_m", month)
        own = float(cross_border.home_contribution(income, cap, rate, waived))
        employer = float(cross_border.home_contribution(income, cap, rate, 0.0))
        steps.add(
            "exemption",
            "Mandatory Provident Fund, each of employer and worker",
            "强制性公积金",
            "min(income, cap) × rate, in HKD a month",
            f"min({income:,.0f}, {cap:,.0f}) × {100 * rate:g} %; worker {own:,.2f}",
            employer,
            "HKD/month",
            law=("hk-mpf", "Cap. 485"),
            levers=["home_scheme.rate", "home_scheme.income_cap_hkd_m"],
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


def money_rows(rows: Sequence[dict[str, float]], name: str) -> dict[int, float]:
    """A column of the residents' years by year."""
    return {int(row["year"]): row[name] for row in rows}
