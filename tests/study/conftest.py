"""Short runs that several tests of the study layer share."""

from __future__ import annotations

import pytest

from rssim.inputs.scenario import Scenario, load_scenario
from rssim.study.result import Result
from rssim.study.run import run

RATE = "employee_pension.employer_rate"


@pytest.fixture(scope="session")
def base() -> Scenario:
    """The baseline of Guangzhou to 2028."""
    return load_scenario("baseline", place="guangzhou", end=2028)


@pytest.fixture(scope="session")
def higher(base: Scenario) -> Scenario:
    """The same with a higher employer rate from 2026."""
    return base.change(RATE, {"2026-01-01": 0.2}, because="test", name="higher")


@pytest.fixture(scope="session")
def pair(base: Scenario, higher: Scenario) -> Result:
    """Both in one result."""
    return run([base, higher])
