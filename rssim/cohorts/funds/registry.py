"""The schemes besides the employee pension, in the order in which a year settles them."""

from __future__ import annotations

from typing import cast

from rssim.cohorts.funds import (
    enterprise_annuity,
    personal_pension,
    residents_pension,
    unemployment_insurance,
    work_injury,
)
from rssim.cohorts.funds.scheme import Scheme

SCHEMES: tuple[Scheme, ...] = cast(
    tuple[Scheme, ...],
    (
        residents_pension,
        enterprise_annuity,
        personal_pension,
        work_injury,
        unemployment_insurance,
    ),
)
"""One line each; a scheme reads no other one, so the order is that of tables."""
