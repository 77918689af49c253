"""Moving between places, and the exemption of residents of Hong Kong and Macao."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rssim.rules import cross_border
from rssim.rules import employee_pension as rules
from rssim.rules.contributions import assessed_base
from rssim.study.person_career import (
    Career,
    months_paid,
)
from rssim.study.person_file import MONTHS, PersonFile, month_text
from rssim.study.person_outlook import FUND, Outlook
from rssim.study.person_steps import Steps


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
