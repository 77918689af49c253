"""What the year tells the schemes besides the employee pension: read-only, made once a year."""

from __future__ import annotations

from dataclasses import dataclass

from rssim.cohorts.earnings import EarningsYear
from rssim.cohorts.funds.employee_pension import PensionFlows
from rssim.cohorts.jobs import JobsYear
from rssim.cohorts.labour import LabourYear
from rssim.cohorts.movement import Moves
from rssim.cohorts.state import References
from rssim.records import Array


@dataclass(frozen=True, eq=False)
class Work:
    """A year as it was, (draw, group, sex, age) by age on 1 January unless said otherwise.

    people       (draw, group, sex, status, age)  on 1 January, by status            [persons]
    people_end   (draw, group, sex, status, age)  on 31 December after all moves, by the age
                 reached                                                            [persons]
    survival     share that reaches the end of the year                             [1]
    labour       working states within the year: person-years, hires, separations
    wage_m       mean wage of formal employees of the cell                          [yuan/month]
    earnings     pay and assessed bases
    references   amounts of the year that the law reads
    jobs         the market for jobs; None where job finding is exogenous
    pension      flows of the employee pension
    moves        arrivals, departures and changes of group, by the age reached
    """

    people: Array
    people_end: Array
    survival: Array
    labour: LabourYear
    wage_m: Array
    earnings: EarningsYear
    references: References
    jobs: JobsYear | None
    pension: PensionFlows
    moves: Moves
