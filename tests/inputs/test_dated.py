"""Steps in force: days, shares of a year, expiry and replacement, by the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from rssim.dated import Dated, Step


def dated(*rows):
    return Dated(tuple(Step(date.fromisoformat(day), value) for day, value in rows))


def test_a_step_holds_from_its_day_to_the_day_before_the_next():
    rate = dated(("2016-05-01", 0.19), ("2019-05-01", 0.16))
    assert rate.on(date(2016, 5, 1)) == 0.19
    assert rate.on(date(2019, 4, 30)) == 0.19
    assert rate.on(date(2019, 5, 1)) == 0.16
    assert rate.on(date(2060, 1, 1)) == 0.16
    with pytest.raises(KeyError):
        rate.on(date(2016, 4, 30))


@pytest.mark.parametrize("days", [("2020-01-01", "2020-01-01"), ("2021-01-01", "2020-01-01")])
def test_days_must_ascend(days):
    with pytest.raises(ValueError, match="ascending"):
        dated((days[0], 1.0), (days[1], 2.0))


def test_shares_of_a_year_are_day_weights():
    rate = dated(("2016-05-01", 0.19), ("2019-05-01", 0.16))
    shares = {step.value: share for share, step in rate.shares(2019)}
    # January to April are 120 days of 365.
    assert shares == {0.19: pytest.approx(120 / 365), 0.16: pytest.approx(245 / 365)}
    assert [step.value for _, step in rate.shares(2018)] == [0.19]
    # A leap year: 121 of 366 days before 1 May, when nothing is in force yet.
    assert rate.shares(2016)[0][0] == pytest.approx(245 / 366)
    assert rate.shares(2015) == []


def test_expiry_becomes_a_step_of_its_own():
    step = Step(date(2023, 5, 1), 0.01, expires=date(2025, 12, 31), fallback=0.02)
    rate = Dated((step,))
    assert rate.on(date(2025, 12, 31)) == 0.01
    assert rate.on(date(2026, 1, 1)) == 0.02
    assert [(item.since, item.value) for item in rate.effective()] == [
        (date(2023, 5, 1), 0.01),
        (date(2026, 1, 1), 0.02),
    ]


def test_a_later_step_wins_over_an_expiry():
    steps = (
        Step(date(2023, 5, 1), 0.01, expires=date(2025, 12, 31), fallback=0.02),
        Step(date(2025, 7, 1), 0.015),
    )
    assert Dated(steps).on(date(2026, 6, 1)) == 0.015


def test_replacement_removes_everything_from_its_first_day_on():
    old = dated(("2020-01-01", 1.0), ("2026-01-01", 2.0), ("2030-01-01", 3.0))
    new = old.replaced_from((Step(date(2025, 7, 1), 9.0),))
    assert [(step.since.isoformat(), step.value) for step in new] == [
        ("2020-01-01", 1.0),
        ("2025-07-01", 9.0),
    ]
    expiring = Dated((Step(date(2023, 1, 1), 1.0, expires=date(2027, 12, 31), fallback=5.0),))
    cut = expiring.replaced_from((Step(date(2026, 1, 1), 2.0),))
    assert cut.on(date(2028, 1, 1)) == 2.0
    assert cut.on(date(2025, 12, 31)) == 1.0
