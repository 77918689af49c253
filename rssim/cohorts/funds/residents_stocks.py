"""What stands on 1 January in the residents' pension, and what its opening found."""

from __future__ import annotations

from dataclasses import dataclass

from rssim.records import Array

(
    MEMBERS,
    YEARS,
    BALANCE,
    ABSENT,
    ABSENT_YEARS,
    ABSENT_BALANCE,
    RECIPIENTS,
    RECIPIENT_BALANCE,
    ACCOUNT_PENSION,
    EXTRA_YEARS,
    OUTSIDE,
) = range(11)
QUANTITIES = (
    "members",
    "years",
    "balance",
    "absent",
    "absent_years",
    "absent_balance",
    "recipients",
    "recipient_balance",
    "account_pension",
    "extra_years",
    "outside",
)


@dataclass(frozen=True, eq=False)
class ResidentsStocks:
    """Members, accounts and recipients of the residents' pension.

    cells         (quantity, draw, group, sex, age)  members who pay, their contribution years and
                  accounts [persons, person-years, yuan]; the same of people who have left for the
                  employee scheme; recipients, what is left of their accounts [yuan], what these
                  pay [yuan/year] and years beyond the minimum; all people outside the employee
                  scheme
    income_level  (draw, 1, 1, 1) [1]   incomes against the opening
    balance       (draw,) [yuan]        of the fund
    """

    cells: Array
    income_level: Array
    balance: Array


@dataclass(frozen=True, eq=False)
class ResidentsConstants:
    """What the opening found, (draw, 1, 1, 1).

    take_up_level  take-up at ages of full take-up                                     [1]
    local_m        parts of pensions that the law's amounts do not hold, with incomes
                   [yuan/month]
    willingness    mean of what members are willing to pay on the opening day, with incomes
                   [yuan/year]
    """

    take_up_level: Array
    local_m: Array
    willingness: Array
