"""Claims to unemployment benefit, line by line."""

from __future__ import annotations

from rssim.rules import unemployment
from rssim.study.person_career import (
    Career,
    entitlement,
)
from rssim.study.person_file import month_text
from rssim.study.person_outlook import Outlook
from rssim.study.person_steps import Steps

UI = "unemployment_insurance"
WORKING = ("employee", "public", "flexible", "exempt")


def unemployment_steps(steps: Steps, career: Career, outlook: Outlook, month: int) -> float:
    """Claims that were made, and what the person would be granted on the day of retirement."""
    first, step, later, longest = (
        outlook.number(f"{UI}.{name}", month)
        for name in ("first_period", "first_step", "later_step", "cap_months")
    )
    schedule = (
        f"1 month per {step:g} paid up to {first:g}, then 1 per {later:g}, at most {longest:g}"
    )
    own = "gd-ui-regulations"
    source = own if own in outlook.place.sources else "ui-regulations-1999"
    law = (source, "on duration; Social Insurance Law, articles 45 and 46")
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
    if leaves_exempt(career):
        return 0.0
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
        law=(source, "on the amount"),
        levers=["labour_law.minimum_wage_m", f"{UI}.benefit_share"],
    )
    return granted


def leaves_exempt(career: Career) -> bool:
    """Whether the last job was exempt from unemployment insurance, so that its loss is no claim."""
    worked = [word for word in career.status if word in WORKING]
    return bool(worked) and worked[-1] == "exempt"
