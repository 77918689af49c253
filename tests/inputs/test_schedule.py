"""The law of retirement by birth month, averaged to the birth years that cells hold."""

from __future__ import annotations

import csv
from math import ceil
from pathlib import Path

import numpy as np
import pytest

from rssim.inputs.assemble import assemble
from rssim.inputs.scenario import load_scenario
from rssim.inputs.schedule import claim_types, schedule_of_year, statutory_path

B01 = Path(__file__).parents[1] / "reference" / "data" / "b01_retirement_age.csv"
FIRST, LAST = 2024, 2060
MALE, FEMALE = 0, 1
CADRE, WORKER = 0, 1
ON_TIME, EARLY, LATE = 0, 1, 2
# Track: sex, track, original age, birth months per month of delay, longest delay.
POSTS = {
    "men": (MALE, WORKER, 60, 4, 36),
    "women_original_55": (FEMALE, CADRE, 55, 4, 36),
    "women_original_50": (FEMALE, WORKER, 50, 2, 60),
}


def law(**changes):
    scenario = load_scenario("baseline", place="china", end=LAST)
    for lever, values in changes.items():
        scenario = scenario.change(f"retirement.{lever}", values)
    return scenario


@pytest.fixture(scope="module")
def base():
    return claim_types(law(), FIRST, LAST)[0]


def months(text):
    year, month = text.split("-")
    return 12 * int(year) + int(month) - 1


def published():
    """Birth month and month of retirement of men as printed in the annex of the decision."""
    with open(B01, encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return [
            (row["category"], months(row["birth_month"]), months(row["new_retirement_month"]))
            for row in rows
        ]


def by_hand(post, birth):
    """Month of retirement, counted through: every step of birth months begun is one month."""
    _, _, age, step, cap = POSTS[post]
    original = birth + 12 * age
    begun = ceil((original - 12 * 2025 + 1) / step)
    return original + min(max(begun, 0), cap)


def cohort(parts, post, birth_year, kind=ON_TIME):
    """Values of a birth year through the years of the run; on 1 January it is year - birth - 1."""
    sex, track = POSTS[post][:2]
    years = [year for year in range(FIRST, LAST + 1) if 0 <= year - birth_year - 1 <= 100]
    return {
        year: float(parts[kind, year - FIRST, sex, track, year - birth_year - 1]) for year in years
    }


def test_the_hand_rule_is_the_published_table():
    for post, birth, retired in published():
        assert by_hand(post, birth) == retired, (post, birth)


@pytest.mark.parametrize("birth_year", range(1965, 1977))
def test_men_against_the_published_table(base, birth_year):
    """Shares by year of claim, and months worked before it, of each birth year, exact."""
    rows = [
        retired
        for post, birth, retired in published()
        if post == "men" and birth // 12 == birth_year
    ]
    assert len(rows) == 12
    within = cohort(base.within, "men", birth_year)
    worked = cohort(base.worked, "men", birth_year)
    for year, share in within.items():
        here = [month % 12 for month in rows if month // 12 == year]
        assert share == pytest.approx(len(here) / 12, abs=1e-15)
        assert worked[year] == pytest.approx(sum(here) / 144, abs=1e-14)
    mean = sum(year * share for year, share in within.items())
    assert mean == pytest.approx(np.mean([month // 12 for month in rows]), rel=1e-14)


def test_men_of_1965_by_hand(base):
    """February to May, July to October and December 2025; January to March 2026."""
    within = cohort(base.within, "men", 1965)
    assert within[2025] == pytest.approx(9 / 12)
    assert within[2026] == pytest.approx(3 / 12)
    worked, paid = cohort(base.worked, "men", 1965), cohort(base.paid, "men", 1965)
    assert worked[2025] == pytest.approx((1 + 2 + 3 + 4 + 6 + 7 + 8 + 9 + 11) / 144)
    assert paid[2025] == pytest.approx((10 + 9 + 8 + 7 + 5 + 4 + 3 + 2 + 0) / 144)
    assert worked[2026] == pytest.approx((0 + 1 + 2) / 144)
    assert paid[2026] == pytest.approx((11 + 10 + 9) / 144)


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize("birth_year", [1964, 1970, 1975, 1978, 1984, 1990])
def test_all_tracks(base, post, birth_year):
    rows = [by_hand(post, 12 * birth_year + month) for month in range(12)]
    for year, share in cohort(base.within, post, birth_year).items():
        assert share == pytest.approx(np.mean([month // 12 == year for month in rows]), abs=1e-15)
    for year, share in cohort(base.before, post, birth_year).items():
        assert share == pytest.approx(np.mean([month // 12 < year for month in rows]), abs=1e-15)


def test_mean_ages_of_birth_years():
    """Men of 1966 wait 4, 5 or 6 months, four birth months each; those of 1976 34, 35 or 36."""
    path = statutory_path(law(), [1960, 1966, 1976, 1990])
    assert path["male, worker"] == pytest.approx([60, 60 + 5 / 12, 60 + 35 / 12, 63])
    assert path["male, cadre"] == path["male, worker"]
    # Women of 1990: 55 and three years, 50 and five years.
    assert path["female, cadre"][-1] == pytest.approx(58)
    assert path["female, worker"][-1] == pytest.approx(55)


@pytest.mark.parametrize("kind", [ON_TIME, EARLY, LATE])
def test_reached_shares_of_a_cohort_only_grow(base, kind):
    """Before next year is before this year and within it; nobody is lost, everybody arrives."""
    before, within = base.before[kind], base.within[kind]
    np.testing.assert_allclose(
        before[1:, ..., 1:], (before + within)[:-1, ..., :-1], rtol=0, atol=1e-15
    )
    assert (within >= 0).all()
    assert (before[..., 70:] == 1.0).all()
    assert (before[..., :49] == 0.0).all()


def test_early_never_below_the_original_age_and_late_at_most_three_years_later(base):
    for post, (_, _, age, _, cap) in POSTS.items():
        for birth_year in (1966, 1975, 1980, 1985, 1990):
            early = cohort(base.within, post, birth_year, EARLY)
            late = cohort(base.within, post, birth_year, LATE)
            rows = [by_hand(post, 12 * birth_year + month) for month in range(12)]
            originals = [12 * (birth_year + age) + month for month in range(12)]
            for year in early:
                expected = [
                    max(original, month - 36) // 12 == year
                    for original, month in zip(originals, rows, strict=True)
                ]
                if min(rows) >= 12 * 2025:
                    assert early[year] == pytest.approx(np.mean(expected), abs=1e-15)
                    later = [(month + 36) // 12 == year for month in rows]
                    assert late[year] == pytest.approx(np.mean(later), abs=1e-15)
            assert cap >= 36


def test_women_workers_of_1984_born_late_may_leave_at_52(base):
    """Delay of 60 months, at most 36 early: 55 - 3 = 52, two years above the original age."""
    early = cohort(base.within, "women_original_50", 1985, EARLY)
    assert early[1985 + 52] == pytest.approx(1.0)


def test_shares_of_early_and_late_shift_claims():
    inputs = law()
    types, original = claim_types(inputs, FIRST, LAST)

    def reached(early, late, year=2040):
        one = np.ones((1, 1, 1, 1))
        found = schedule_of_year(types, original, year - FIRST, early * one, late * one)
        return found.before + found.within

    none, some, all_early = reached(0.0, 0.0), reached(0.25, 0.03), reached(1.0, 0.0)
    assert (all_early >= none).all()
    assert (all_early - none).sum() > 1.0
    assert (reached(0.0, 1.0) <= none).all()
    np.testing.assert_allclose(
        some, 0.72 * none + 0.25 * all_early + 0.03 * reached(0.0, 1.0), atol=1e-14
    )
    # Never below the original age: nobody claims who turns 59, 54 or 49 in the year.
    assert all_early[0, 0, MALE, :, :59].max() == 0.0
    assert all_early[0, 0, FEMALE, CADRE, :54].max() == 0.0
    assert all_early[0, 0, FEMALE, WORKER, :49].max() == 0.0


def test_a_faster_step_from_2027():
    """Men born in 1967: six months of delay up to 2026, then one per two birth months."""
    faster = {"male": {"cadre": 2, "worker": 2}, "female": {"cadre": 4, "worker": 2}}
    types, _ = claim_types(law(delay_step_months={"2027-01-01": faster}), FIRST, LAST)
    rows = [12 * 2027 + month + min(ceil(24 / 4 + (month + 1) / 2), 36) for month in range(12)]
    # January 6.5, that is 7 months: August 2027. May 8.5, that is 9: February 2028.
    assert (rows[0], rows[4]) == (12 * 2027 + 7, 12 * 2028 + 1)
    within = cohort(types.within, "men", 1967)
    assert within[2027] == pytest.approx(4 / 12)
    for year, share in within.items():
        assert share == pytest.approx(np.mean([month // 12 == year for month in rows]), abs=1e-15)
    # Nothing changes for those who met the old age before.
    assert cohort(types.within, "men", 1966) == cohort(
        claim_types(law(), FIRST, LAST)[0].within, "men", 1966
    )


def test_a_cap_of_zero_from_2026_gives_back_the_original_ages():
    types, _ = claim_types(law(delay_cap_months={"2026-01-01": 0}), FIRST, LAST)
    for post, (_, _, age, _, _) in POSTS.items():
        first = 2026 - age
        for birth_year in (first, first + 1, first + 15):
            within = cohort(types.within, post, birth_year)
            assert within[birth_year + age] == pytest.approx(1.0), post
    # Those who met it in 2025 keep their delay.
    assert cohort(types.within, "men", 1965)[2026] == pytest.approx(3 / 12)


def test_divisors_by_month_from_2025_and_at_birthdays_before(base):
    """Men of 1966 in 2026: 60 and 4 months four times, 60 and 5 months three times."""
    # The table has 139 at 60 and 132 at 61: 139 - 7 x 4/12 = 136.7, 139 - 7 x 5/12 = 136.1.
    reciprocal = cohort(base.reciprocal, "men", 1966)
    assert reciprocal[2026] == pytest.approx((4 / 136.7 + 3 / 136.1) / 12, rel=1e-12)
    # Men of 1964 retire at 60 in 2024: whole years, 139.
    assert cohort(base.reciprocal, "men", 1964)[2024] == pytest.approx(1 / 139, rel=1e-12)
    # Women workers born in January 1976 leave at 50 and 7 months: 195 - 5 x 7/12 = 192.1.
    women = cohort(base.reciprocal, "women_original_50", 1975)
    january_to_august = [by_hand("women_original_50", 12 * 1975 + month) for month in range(12)]
    in_2025 = [
        month - (12 * 1975 + at + 600)
        for at, month in enumerate(january_to_august)
        if month // 12 == 2025
    ]
    expected = sum(1 / round(195 - 5 * late / 12 + 1e-9, 1) for late in in_2025) / 12
    assert women[2025] == pytest.approx(expected, rel=1e-12)


def test_minimum_years_by_year_of_claim():
    inputs = assemble(law(), trace=False)
    found = {year.year: float(year.pension.minimum_years.squeeze()) for year in inputs.years}
    assert all(found[year] == 15.0 for year in range(2024, 2030))
    assert [found[year] for year in (2030, 2031, 2035, 2038)] == [15.5, 16.0, 18.0, 19.5]
    assert all(found[year] == 20.0 for year in range(2039, 2061))


def test_what_the_participation_table_saw():
    """Share past the old age on 1 January: men from 60, cadre women from 55, workers from 50."""
    _, original = claim_types(law(), FIRST, LAST)
    for sex, track, age in ((MALE, WORKER, 60), (FEMALE, CADRE, 55), (FEMALE, WORKER, 50)):
        row = original[0, 0, sex, track]
        assert (row[:age] == 0.0).all() and (row[age:] == 1.0).all()
