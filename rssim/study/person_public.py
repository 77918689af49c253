"""The pension of government and public institutions, line by line."""

from __future__ import annotations

from rssim.rules import public_pension
from rssim.rules.supplementary import instalment
from rssim.study.person_award import divisor_at
from rssim.study.person_career import (
    Career,
    annuity_paths,
)
from rssim.study.person_file import MONTHS, PersonFile
from rssim.study.person_outlook import Outlook
from rssim.study.person_record import (
    Record,
)
from rssim.study.person_steps import Steps, amount, cents

PUBLIC = "public_pension"


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
    deemed = deemed_index(file, outlook, retire)
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
        law=("sco-2015-18", "on payment"),
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
            law=("sco-2015-18", "on recorded accounts"),
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


def deemed_index(file: PersonFile, outlook: Outlook, month: int) -> float:
    """Index of service before October 2014 [1]: of the grade where known, else of the place."""
    return file.public.get("deemed_index", outlook.number(f"{PUBLIC}.deemed_index", month))


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
    factor = outlook.number(f"{PUBLIC}.old_uprating", retire)
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
        "(A × M + B + C) × uprating since 2014",
        f"({block['basic_pay_2014_m']:,.2f} × {100 * share:g} % + "
        f"{block.get('subsidy_m', 0.0):,.2f} + {block.get('increase_m', 0.0):,.2f}) × "
        f"{factor:.4f}; {service:.1f} years of service",
        old,
        "yuan/month",
        law=("mohrss-2015-28", "on the comparison of old and new benefits"),
        levers=[
            f"{PUBLIC}.service_shares",
            f"{PUBLIC}.service_limits",
            f"{PUBLIC}.old_uprating",
        ],
    )
    return old
