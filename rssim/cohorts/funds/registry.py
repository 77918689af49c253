"""The schemes besides the employee pension, in the order in which a year settles them."""

from __future__ import annotations

from typing import cast

from rssim.cohorts.funds import (
    enterprise_annuity,
    occupational_annuity,
    personal_pension,
    public_pension,
    residents_pension,
    unemployment_insurance,
    work_injury,
)
from rssim.cohorts.funds.scheme import Scheme

SCHEMES: tuple[Scheme, ...] = cast(
    tuple[Scheme, ...],
    (
        public_pension,
        occupational_annuity,
        residents_pension,
        enterprise_annuity,
        personal_pension,
        work_injury,
        unemployment_insurance,
    ),
)
"""One line each; a scheme reads no other one, so the order is that of tables."""

WITHIN: tuple[str, ...] = (public_pension.KEY,)
"""Schemes that the published series of the employee pension contain."""

FUNDED: tuple[str, ...] = (
    enterprise_annuity.KEY,
    occupational_annuity.KEY,
    personal_pension.KEY,
)
"""Schemes of own accounts: what they hold is owed to the owners and is no reserve of a fund."""
