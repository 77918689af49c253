"""One life: published examples, notices and closed forms through `rssim.person`."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rssim
from rssim.inputs.place import load_place
from rssim.inputs.scenario import Scenario, load_scenario
from rssim.inputs.schedule import dates_of_person
from rssim.study.check import check
from rssim.study.person import Person, person, persons
from rssim.study.person_file import STATUSES, load_person
from rssim.study.person_outlook import contribution_year, outlook_of
from rssim.study.person_residents import residents_basic_m

FUND = "employee_pension"


def made(place: str = "guangzhou", scenario: Any = "baseline", **file: Any) -> Person:
    """A person from keywords; spells may be left out where the record is all there is."""
    return person({"spells": [], "name": "x", **file}, place, scenario=scenario)


def part(found: Person, name: str) -> float:
    return found.life.parts[name]


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load_scenario("baseline", place="guangzhou")


# The worked examples of the law -----------------------------------------------------------------


def test_a_man_of_1964_with_deemed_years_and_the_phase_of_2024() -> None:
    """30 years, six of them deemed; published arithmetic: 3,068.80 + 1,341.96 + 855.28."""
    found = made(
        born="1964-06",
        sex="male",
        record={
            "as_of": "2024-06",
            "months": 360,
            "index": (6 * 1.191 + 24 * 1.2) / 30,
            "account": 186532.38,
            "deemed_months": 72,
            "deemed_account": 30000,
        },
    )
    assert part(found, "basic") == pytest.approx(3068.80, abs=0.01)
    assert part(found, "account") == pytest.approx(1341.96, abs=0.005)
    assert part(found, "transitional") == pytest.approx(855.28, abs=0.01)
    assert found.pension_m == pytest.approx(5266.04, abs=0.02)
    assert found.result("index-weighted years before 1998-07") == pytest.approx(7.146)


@pytest.mark.parametrize(
    ("retire", "months", "account", "wanted"),
    [
        ("statutory", 264, 87109.84, (1531.54, 450.65, 188.00, 2170.18)),
        ("early", 260, 85085.90, (1508.33, 436.34, 184.00, 2128.67)),
    ],
)
def test_a_woman_worker_with_a_low_index_on_time_and_early(
    retire: str, months: int, account: float, wanted: tuple[float, ...]
) -> None:
    found = made(
        born="1975-08",
        sex="female",
        track="worker",
        retire=retire,
        record={
            "as_of": "2025-12" if retire == "statutory" else "2025-08",
            "months": months,
            "index": 0.55,
            "account": account,
        },
    )
    names = ("basic", "account", "transitional", "total")
    for name, value in zip(names, wanted, strict=True):
        assert part(found, name) == pytest.approx(value, abs=0.011), name
    assert found.result("divisor") == (193.3 if retire == "statutory" else 195.0)


@pytest.mark.parametrize(
    ("start", "tier", "months", "wanted"),
    [
        ("2026-01", "floor", 326, (321993.65, 5405.80, 2752.08, 208.0, 8365.88)),
        ("2026-01", 1.0, 326, (536656.08, 6757.24, 4586.80, 208.0, 11552.05)),
        ("2033-03", "floor", 240, (245138.41, 3979.73, 2095.20, 180.0, 6254.93)),
    ],
)
def test_a_flexible_worker_until_2053(
    base: Scenario, start: str, tier: Any, months: int, wanted: tuple[float, ...]
) -> None:
    """Wages and calculation base grow by 3.5 %, accounts by 2.5 %.

    The outlook of the place bends wages by the mix of its workers, 0.2 % by 2053, hence the
    tolerance; the flat part and the months are exact.
    """
    steady = base.change("economy.wage_growth", 0.035).change(
        f"{FUND}.account_interest_rate", {"2026-01-01": 0.025}
    )
    found = made(
        scenario=[steady],
        born="1990-03",
        sex="male",
        retire=2053,
        spells=[{"from": start, "status": "flexible", "tier": tier}],
    )
    balance, basic, account, flat, total = wanted
    assert found.life.record.months == months
    assert found.life.record.balance == pytest.approx(balance, rel=3e-3)
    assert part(found, "basic") == pytest.approx(basic, rel=3e-3)
    assert part(found, "account") == pytest.approx(account, rel=3e-3)
    assert part(found, "transitional") == flat
    assert found.pension_m == pytest.approx(total, rel=3e-3)


def test_a_resident_who_paid_900_yuan_for_15_years() -> None:
    """Balance 16,767.70 at 2 %, credited at mid-year; 60 yuan are added from a tier of 500."""
    steady = load_scenario("baseline", place="china", opening="2024-01-01")
    steady = steady.change("residents_pension.account_interest_rate", 0.02)
    steady = steady.change("residents_pension.tier_level", 1.0)
    found = made(
        "china",
        [steady],
        born="1979-01",
        sex="female",
        spells=[{"from": "2024-01", "to": "2038-12", "status": "residents", "yuan_year": 900}],
    )
    assert found.life.record.balance == pytest.approx(16767.70, abs=0.01)
    own = found.pension_m - part(found, "basic")
    assert own == pytest.approx(16767.70 / 139, abs=0.006)
    # With the basic pension of Guangdong from July 2025.
    guangdong = outlook_of(load_scenario("baseline", place="guangdong"), 2026)
    assert residents_basic_m(guangdong, 2025 * 12 + 8) + own == pytest.approx(360.63, abs=0.01)


@pytest.mark.parametrize(
    ("first", "last", "claim", "end", "amount"),
    [
        ("2017-09", "2025-02", "2025-03", "2026-06", 24750.0),
        ("2019-03", "2026-08", "2026-09", "2027-12", 26532.0),
    ],
)
def test_ninety_months_give_eleven_months_of_unemployment_benefit(
    first: str, last: str, claim: str, end: str, amount: float
) -> None:
    found = made(
        born="1990-01",
        sex="male",
        spells=[
            {"from": first, "to": last, "status": "employee", "wage": 1.0},
            {"from": claim, "to": end, "status": "unemployed"},
        ],
        when_short="refund",
    )
    assert found.result(f"benefit from {claim}") == pytest.approx(amount)
    assert found.life.career.claims[0]["granted"] == 11
    assert found.years["unemployment_benefit"].sum() == pytest.approx(amount)


@pytest.mark.parametrize(
    ("months", "born", "wanted"),
    [(240, "1970-01", 79076.00), (186, "1970-01", 59307.00), (360, "1960-01", 108729.50)],
)
def test_survivors_in_2024(months: int, born: str, wanted: float) -> None:
    """Funeral and survivors' grant together; the last person has drawn a pension for four years."""
    retired = born == "1960-01"
    found = made(
        born=born,
        sex="male",
        record={
            "as_of": "2020-01" if retired else "2024-01",
            "months": months,
            "index": 1,
            "account": 1000,
        },
    )
    got = found.death(2024, 1)
    assert got["funeral"] + got["survivors"] == pytest.approx(wanted, abs=0.01)


def test_monthly_cost_of_a_worker_on_the_average_wage_of_2024() -> None:
    found = made(
        born="1990-01",
        sex="male",
        spells=[{"from": "2025-07", "to": "2025-12", "status": "employee", "wage_m": 9183}],
        when_short="refund",
    )
    career = found.life.career
    at = int(np.flatnonzero(career.month == 2025 * 12 + 6)[0])
    money = {name: values[at] for name, values in career.money.items()}
    assert money["employer"] == pytest.approx(1469.28)
    assert money["own"] == pytest.approx(734.64)
    assert money["unemployment_employer"] == pytest.approx(73.46, abs=0.005)
    assert money["unemployment_own"] == pytest.approx(18.37, abs=0.005)
    assert money["work_injury"] == pytest.approx(18.37, abs=0.005)


@pytest.mark.parametrize(
    ("born", "base_m", "new", "wanted"),
    [
        ("1963-06", 9028, 7000.0, 6900.0),
        ("1964-10", 9307, 7000.0, 7000.0),
        ("1964-10", 9307, 5500.0, 5500.0),
    ],
)
def test_public_institution_with_an_old_amount_of_6000(
    born: str, base_m: float, new: float, wanted: float
) -> None:
    """20 deemed years with index 1: 0.20 P and 0.24 P; the account makes up the rest of `new`."""
    year = int(born[:4]) + 60
    account = new - round(base_m * 0.20, 2) - round(base_m * 0.24, 2)
    found = made(
        born=born,
        sex="male",
        track="cadre",
        record={
            "as_of": f"{year}-{born[5:]}",
            "months": 0,
            "index": 0,
            "account": 139 * account,
        },
        public={"deemed_months": 240, "deemed_index": 1.0, "old_pension_m": 6000},
    )
    assert found.result("new formula with the annuity") == pytest.approx(new, abs=0.011)
    assert found.pension_m == pytest.approx(wanted, abs=0.011)


# Award notices ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("retire", "born", "track", "record", "wanted"),
    [
        (
            "2024-04",
            "1974-04",
            "worker",
            {"months": 213, "index": 0.4520, "account": 55389.69},
            (965.73, 284.05, 168.0),
        ),
        (
            "2025-03",
            "1970-02",
            "cadre",
            {"months": 208, "index": 0.5241, "account": 66720.85},
            (1127.31, 393.63, 168.0),
        ),
        (
            "2025-10",
            "1975-10",
            "worker",
            {
                "months": 335,
                "index": 0.5938,
                "account": 84112.74,
                "weighted_years": 4.41845,
                "deemed_account": 13615.08,
            },
            (2057.13, 431.35, 321.46 + 272.01),
        ),
    ],
)
def test_notices_of_guangdong(
    base: Scenario,
    retire: str,
    born: str,
    track: str,
    record: dict[str, float],
    wanted: tuple[float, ...],
) -> None:
    """Notices issued on last year's calculation base; index printed with four decimals.

    The third notice prints no birth month: its divisor is that of 50 years. The adjustment of the
    new method, printed apart, is part of the transitional pension here.
    """
    printed = base.change(f"{FUND}.calculation_base_m", {"2024-01-01": 9028, "2025-01-01": 9307})
    found = made(
        scenario=[printed],
        born=born,
        sex="female",
        track=track,
        retire=retire,
        record={"as_of": retire, **record},
    )
    for name, value, tolerance in zip(
        ("basic", "account", "transitional"), wanted, (0.25, 0.02, 0.05), strict=True
    ):
        assert part(found, name) == pytest.approx(value, abs=tolerance), name


@pytest.fixture(scope="module")
def printed() -> Scenario:
    """The nation's law with the calculation bases that five notices print."""
    bases = {"2016-01-01": 4000, "2023-01-01": 6897, "2024-01-01": 8880, "2025-01-01": 7678}
    national = load_scenario("baseline", place="china", opening="2016-01-01")
    return national.change(f"{FUND}.calculation_base_m", bases | {"2026-01-01": 7746})


@pytest.mark.parametrize(
    ("sex", "track", "born", "retire", "index", "years", "account", "wanted"),
    [
        ("male", "worker", "1963-04", "2023-04", 0.8314, 39.83333, 72562.63, (2515.75, 522.03)),
        ("female", "worker", "1974-11", "2024-11", 0.8219, 30.67, 122933.0, (2480.97, 630.43)),
        ("female", "cadre", "1970-11", "2025-11", 0.64, 32.0, 101912.71, (2014.71, 599.49)),
        ("male", "worker", "1965-10", "2026-01", 2.5955, 37.5, 314079.5, (5222.01, 2287.54)),
    ],
    ids=["shanxi", "hubei", "shandong", "gansu"],
)
def test_notices_of_other_provinces(
    printed: Scenario,
    sex: str,
    track: str,
    born: str,
    retire: str,
    index: float,
    years: float,
    account: float,
    wanted: tuple[float, float],
) -> None:
    """Basic and account part of four real notices, the third at the early limit."""
    found = made(
        "china",
        [printed],
        born=born,
        sex=sex,
        track=track,
        retire=retire,
        record={
            "as_of": retire,
            "months": round(12 * years),
            "index": index,
            "account": account,
        },
    )
    assert part(found, "basic") == pytest.approx(wanted[0], abs=0.6)
    assert part(found, "account") == pytest.approx(wanted[1], abs=0.06)


@pytest.mark.parametrize(("index", "basic"), [(0.6, 480.0), (1.0, 600.0), (3.0, 1200.0)])
def test_the_official_illustration_with_a_wage_of_4000(
    printed: Scenario, index: float, basic: float
) -> None:
    found = made(
        "china",
        [printed],
        born="1957-06",
        sex="male",
        record={"as_of": "2017-06", "months": 180, "index": index, "account": 0},
    )
    assert part(found, "basic") == basic


def test_everything_at_zero_growth() -> None:
    """A man of 1990-06 with 48 months in October 2026; three more until the record of January."""
    china = load_scenario("baseline", place="china", opening="2024-01-01")
    still = (
        china.change("economy.wage_growth", 0.0)
        .change(f"{FUND}.account_interest_rate", 0.0)
        .change(f"{FUND}.reference_wage_m", 12116)
        .change(f"{FUND}.calculation_base_m", 12116)
    )
    found = made(
        "china",
        [still],
        born="1990-06",
        sex="male",
        record={
            "as_of": "2027-01",
            "months": 51,
            "index": 20000 / 12116,
            "account": 50000 + 3 * 1600,
        },
        spells=[{"from": "2027-01", "status": "employee", "wage": 20000 / 12116}],
    )
    assert found.life.retire == 2053 * 12 + 5
    assert found.life.record.months == 368
    assert found.life.record.balance == pytest.approx(562000.0)
    assert part(found, "account") == pytest.approx(4803.42, abs=0.01)
    assert part(found, "basic") == pytest.approx(4924.45, abs=0.01)


# Retirement -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sex", "track", "born", "months"),
    [
        ("male", "worker", (1964, 12), 720),
        ("male", "worker", (1965, 1), 721),
        ("male", "cadre", (1976, 9), 756),
        ("female", "cadre", (1970, 1), 661),
        ("female", "cadre", (1981, 9), 696),
        ("female", "worker", (1975, 1), 601),
        ("female", "worker", (1984, 11), 660),
    ],
)
def test_statutory_ages_of_the_annexed_tables(
    base: Scenario, sex: str, track: str, born: tuple[int, int], months: int
) -> None:
    found = dates_of_person(base, *born, sex, track)
    assert found.statutory_age == months
    assert found.earliest_age == max(found.original_age, months - (36 if born[0] > 1964 else 0))


def test_a_year_is_kept_within_the_window_and_refused_outside_it() -> None:
    early = person("courier", retire=2051)
    assert early.life.retire == 2051 * 12 + 11  # the month of 2051 nearest to March 2053
    with pytest.raises(rssim.PersonError, match="2050-03 to 2056-03"):
        person("courier", retire=2049)


def test_those_short_of_the_minimum_go_on_pay_up_or_leave() -> None:
    """Twelve months missing in 2026, when 180 are asked."""
    file: dict[str, Any] = {
        "born": "1965-12",
        "sex": "male",
        "record": {"as_of": "2026-01", "months": 165, "index": 0.6, "account": 60000},
        "spells": [{"from": "2026-01", "status": "none"}],
    }
    on_time = 1965 * 12 + 11 + 12 * 60 + 3
    going_on = made(**file)
    assert going_on.life.retire == on_time + 15
    assert going_on.life.record.months == 180
    pays = made(when_short="pay_up", **file)
    floor = pays.life.outlook.limit_m("floor", on_time - 1)
    assert pays.life.retire == on_time
    assert pays.result("missing months paid at once") == pytest.approx(0.2 * 15 * floor)
    assert pays.life.record.balance == pytest.approx(
        60000 * (1 + 0.025 * (on_time % 12) / 12) + 0.08 * 15 * floor
    )
    leaves = made(when_short="refund", **file)
    assert leaves.pension_m == 0.0
    assert leaves.life.measures["refund"] == leaves.life.record.balance


def test_early_retirement_needs_the_minimum() -> None:
    with pytest.raises(rssim.PersonError, match="early retirement in 2025-08 needs 180 months"):
        made(
            born="1975-08",
            sex="female",
            retire="early",
            record={"as_of": "2025-01", "months": 170, "index": 0.6, "account": 1},
        )


# Years, moving, other schemes -------------------------------------------------------------------


def test_bases_index_and_account_of_published_years() -> None:
    """18 months on the average wage, by hand from the published wages, limits and rates."""
    found = made(
        born="1980-01",
        sex="male",
        spells=[
            {"from": "2023-07", "to": "2024-12", "status": "employee", "wage": 1.0},
            {"from": "2025-01", "status": "none"},
        ],
        when_short="refund",
    )
    years = found.years.set_index("year")
    assert years.loc[2023, "base_m"] == 8807  # the wage of 2022
    assert years.loc[2024, "base_m"] == pytest.approx((8807 + 9167) / 2)
    assert years.loc[2024, "index"] == 1.0
    assert years.loc[2023, "employer"] == pytest.approx(6 * 0.15 * 8807)
    assert years.loc[2024, "own"] == pytest.approx(6 * 0.08 * (8807 + 9167))
    first = 6 * 0.08 * 8807 * (1 + 0.0397 * 1.083 / 2)
    second = first * 1.0262 + 6 * 0.08 * (8807 + 9167) * (1 + 0.0262 * 1.083 / 2)
    assert years.loc[2023, "account"] == pytest.approx(first)
    assert years.loc[2024, "account"] == pytest.approx(second)
    assert years.loc[2025, "account"] == pytest.approx(second * 1.015)


def test_the_relation_moves_home_with_the_pooled_part() -> None:
    """After 18 months: the account and 12 % of 8,807 × 12 + 9,167 × 6."""
    found = made(
        born="1980-01",
        sex="male",
        registered="china",
        spells=[
            {"from": "2023-07", "to": "2024-12", "status": "employee", "wage": 1.0},
            {"from": "2025-01", "status": "flexible", "tier": 1.0, "place": "china"},
        ],
    )
    first = 6 * 0.08 * 8807 * (1 + 0.0397 * 1.083 / 2)
    second = first * 1.0262 + 6 * 0.08 * (8807 + 9167) * (1 + 0.0262 * 1.083 / 2)
    moved = found.result("transfer from Guangzhou to China in 2025-01")
    assert moved == pytest.approx(second + 0.12 * (12 * 8807 + 6 * 9167))
    assert found.result("place that pays") == "China"
    # The nation's text has no reduction for a low index and no flat supplement.
    assert part(found, "transitional") == 0.0


@pytest.mark.parametrize(
    ("registered", "away", "here", "payer"),
    [
        ("china", ("2016-07", "2018-12"), "2019-01", "Guangzhou"),
        ("china", ("2016-07", "2036-12"), "2037-01", "China"),
        ("guangzhou", ("2016-07", "2018-12"), "2019-01", "Guangzhou"),
    ],
    ids=["ten years in the last place", "ten in an earlier one", "where registered"],
)
def test_who_pays_one_whose_relation_is_not_at_home(
    registered: str, away: tuple[str, str], here: str, payer: str
) -> None:
    found = made(
        born="1980-01",
        sex="male",
        registered=registered,
        spells=[
            {"from": away[0], "to": away[1], "status": "flexible", "place": "china"},
            {"from": here, "status": "employee", "wage": 1.0},
        ],
    )
    assert found.result("place that pays") == payer


def test_too_short_everywhere_falls_back_to_the_place_of_registration() -> None:
    """Nine years in the nation's place, last there; registered in Guangzhou with a few months."""
    found = made(
        born="1968-01",
        sex="male",
        registered="guangzhou",
        when_short="refund",
        spells=[
            {"from": "2019-01", "to": "2019-12", "status": "employee", "wage": 1.0},
            {"from": "2020-01", "to": "2028-12", "status": "flexible", "place": "china"},
        ],
    )
    assert found.result("place that pays") == "Guangzhou"


def test_an_exempt_resident_of_hong_kong_pays_no_pension_contributions() -> None:
    found = person("hong_kong_resident")
    career = found.life.career
    exempt = np.array([word == "exempt" for word in career.status])
    assert exempt.sum() == 11 * 12
    for name in ("employer", "own", "credit", "unemployment_own", "unemployment_employer"):
        assert not career.money[name][exempt].any()
    assert (career.money["work_injury"][exempt] > 0).all()
    assert found.life.measures["refund"] == found.life.record.balance > 0
    # 5 % of the cap of 30,000 HKD.
    assert found.result("强制性公积金") == 1500.0
    # Who loses an exempt job has no claim to the benefit.
    assert not (found.steps["part"] == "unemployment").any()


def test_the_residents_account_joins_the_employee_account_without_its_years() -> None:
    file: dict[str, Any] = {
        "born": "1965-09",
        "sex": "male",
        "record": {"as_of": "2025-12", "months": 200, "index": 0.6, "account": 50000},
    }
    alone = made(**file)
    both = made(residents={"years": 10, "account": 8000}, **file)
    gain = both.life.record.balance - alone.life.record.balance
    rate = both.life.outlook.number("residents_pension.account_interest_rate", 2025 * 12 + 6)
    assert gain == pytest.approx(8000 * (1 + rate * 11 / 12))
    assert both.life.record.months == alone.life.record.months == 200
    assert both.result("both schemes") == "to the employee scheme"


# Pension in payment, lifetime -------------------------------------------------------------------


def test_increases_spend_what_the_run_grants() -> None:
    """Flat, by years, in proportion and by age: the parts of the run, applied to one pension."""
    found = person("woman_worker")
    outlook = found.life.outlook
    years = found.years.set_index("year")
    for year in (2032, 2050, 2056):
        grant = outlook.increase(year)
        before = 12 * years.loc[year - 1, "pension_m"]
        wanted = (
            before * (1 + float(grant.proportional))
            + float(grant.flat)
            + float(grant.per_year) * found.life.record.years
            + float(grant.tilt) * outlook.tilt(year, year - 1977)
        )
        assert 12 * years.loc[year, "pension_m"] == pytest.approx(wanted)


def test_the_account_closes_every_year() -> None:
    for name in ("courier", "woman_cadre", "nurse"):
        found = person(name)
        rows = [row for row in found.life.rows if row["year"] <= found.life.retire // 12 - 1]
        opening = found.file.record.get("account", 0.0)
        for row in rows:
            closing = opening + row["credited"] + row["interest"]
            assert row["account"] == pytest.approx(closing, rel=1e-12)
            opening = row["account"]


def test_present_values_follow_from_the_years() -> None:
    found = person("flexible_floor")
    years = found.years
    outlook = found.life.outlook
    rate = outlook.discount(2030)
    assert {outlook.discount(year) for year in range(2026, 2090)} == {rate}
    factor = (1 + rate) ** -(years["year"] - 2026 + 0.5)
    own = float((years["flexible"] * factor).sum())
    pensions = float((years["alive"] * years["pension"] * factor).sum())
    measures = found.life.measures
    assert measures["own_contributions"] == pytest.approx(own)
    # What heirs receive comes on top.
    assert pensions < measures["benefits"] < 1.2 * pensions
    assert measures["net_present_value_own"] == pytest.approx(measures["benefits"] - own)
    assert measures["other_contributions"] == 0.0


def test_the_real_return_makes_the_present_value_zero() -> None:
    found = person("hong_kong_resident")
    years = found.years
    outlook = found.life.outlook
    # Published inflation of 2021 to 2025 leads from 2020 to 2026, the outlook on from there.
    prices = np.array([outlook.price(year) for year in years["year"]])
    growth = [1 + outlook.inflation(year) for year in range(2021, 2027)]
    assert prices[0] == pytest.approx(1 / np.prod(growth))
    flows = (years["lump_sum"] - years["own"]).to_numpy() / prices
    rate = found.life.measures["real_return_own"]
    value = float((flows * (1 + rate) ** -np.arange(len(flows))).sum())
    assert value == pytest.approx(0.0, abs=1e-6 * years["own"].sum())


# Scenarios --------------------------------------------------------------------------------------


def test_a_faster_path_of_the_age_moves_those_it_touches(base: Scenario) -> None:
    found = person("woman_worker", scenario="retirement_faster")
    first, second = found.lives
    assert found.scenarios[0] == "baseline"
    assert second.retire > first.retire
    assert second.record.months - first.record.months == second.retire - first.retire
    wanted = dates_of_person(second.scenario, 1977, 8, "female", "worker").statutory_age
    assert second.retire == 1977 * 12 + 7 + wanted
    assert "baseline" in found.text(steps=True)


def test_a_higher_employer_rate_costs_the_employer_and_changes_no_award(base: Scenario) -> None:
    higher = base.change(f"{FUND}.employer_rate", {"2027-01-01": 0.20}, name="higher")
    found = person("woman_cadre", scenario=higher)
    first, second = (life.career for life in found.lives)
    late = first.month >= 2027 * 12
    ratio = (second.money["employer"] / second.money["base"])[late]
    assert ratio == pytest.approx(np.full(late.sum(), 0.20))
    assert (first.money["employer"] / first.money["base"])[late] == pytest.approx(0.16)
    assert second.index == pytest.approx(first.index, rel=1e-9)
    # Wages of the run give way a little, and with them the bases.
    assert found.lives[1].measures["pension_m"] == pytest.approx(
        found.lives[0].measures["pension_m"], rel=0.02
    )


def test_indexation_to_wages_changes_the_pension_only_after_the_award() -> None:
    found = person("courier", scenario="indexation_wages")
    first, second = (life.measures for life in found.lives)
    assert second["pension_m"] == pytest.approx(first["pension_m"], rel=1e-6)
    assert second["of_reference_wage_later"] > first["of_reference_wage_later"]


def test_scenarios_of_one_place_only() -> None:
    other = load_scenario("baseline", place="guangdong")
    with pytest.raises(rssim.ScenarioError, match="is of guangdong"):
        person("courier", "guangzhou", scenario=other)


# What is shown ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", persons())
def test_every_person_that_comes_along(name: str) -> None:
    found = person(name)
    known = set(found.place.sources)
    for step in found.life.steps:
        assert step.sources, step.name
        assert set(step.sources) <= known, step.name
        assert step.zh and step.formula and step.numbers and step.article, step.name
    text = found.text(steps=True)
    for step in found.life.steps:
        assert step.name in text and step.zh in text
    assert found.measures.loc["pension_m", "baseline"] == found.pension_m
    html = found._repr_html_()
    assert html.count("<table") == html.count("</table>") == 3
    assert len(found.steps) == len(found.life.steps)
    assert set(" + ".join(found.years["status"]).split(" + ")) <= {*STATUSES, "pensioner", ""}
    assert (found.years["year"].diff().dropna() == 1).all()


def test_the_picture_has_both_sides_of_zero() -> None:
    ax = person("nurse").plot()
    low, high = ax.get_ylim()
    assert low < 0 < high
    assert "2026" in ax.get_ylabel()
    assert ax.get_title(loc="left").startswith("Nurse")


def test_months_of_the_contribution_year() -> None:
    assert [contribution_year(2025 * 12 + month) for month in (0, 5, 6, 11)] == [
        2024,
        2024,
        2025,
        2025,
    ]


# Bad input --------------------------------------------------------------------------------------


def test_all_faults_of_a_file_at_once_with_the_nearest_names() -> None:
    with pytest.raises(rssim.PersonError) as found:
        load_person(
            {
                "born": "1990-13",
                "sex": "man",
                "retire": "earlly",
                "spels": 3,
                "record": {"as_of": "2024-01", "month": 3},
                "spells": [
                    {"from": "2020-01", "to": "2021-12", "status": "emploee", "wage": 1},
                    {"from": "2021-06", "status": "flexible", "tier": "flor", "wage": 2},
                ],
            },
            load_place("guangzhou"),
        )
    text = "\n".join(found.value.faults)
    for hint in (
        "Did you mean spells",
        "'1990-13' is not a month",
        "'man' is not one of male, female",
        "Did you mean early",
        "Did you mean months",
        "'account' is missing",
        "Did you mean employee",
        "Did you mean floor",
        "wage does not go with the status flexible",
        "Spells must follow one another",
        "before the record",
    ):
        assert hint in text, hint
    assert len(found.value.faults) >= 12


def test_an_unknown_person_names_the_nearest() -> None:
    with pytest.raises(rssim.PersonError, match="Did you mean courier"):
        person("couier")


def test_years_without_published_values_ask_for_a_record() -> None:
    with pytest.raises(rssim.PersonError, match="Give the record of the"):
        made(
            born="1980-01",
            sex="male",
            spells=[{"from": "2003-01", "status": "employee", "wage": 1.0}],
        )


def test_a_record_in_the_middle_of_a_year_is_refused() -> None:
    with pytest.raises(rssim.PersonError, match="Write a January, or the month of retirement"):
        made(
            born="1970-01",
            sex="male",
            record={"as_of": "2025-03", "months": 200, "index": 1, "account": 1},
        )


def test_numbers_are_finite_where_they_are_shown() -> None:
    measures = person("migrant").life.measures
    assert all(math.isfinite(value) for value in measures.values())


def test_the_audit_of_a_place_reads_its_persons(tmp_path: Path) -> None:
    """A folder like Guangzhou's with one broken person and one broken value of a scheme."""
    source = load_place("guangzhou").folders[0]
    folder = tmp_path / "guangzhou"
    shutil.copytree(source, folder)
    assert check(folder).faults == []
    (folder / "persons" / "courier.yaml").write_text("rssim: 1\nborn: 1990\n", encoding="utf-8")
    (folder / "schemes.yaml").write_text(
        "work_injury.risk_class:\n  unit: multiplyer\n  values: []\n", encoding="utf-8"
    )
    faults = "\n".join(check(folder).faults)
    assert "courier.yaml: born: 1990 is not a month" in faults
    assert "unit 'multiplyer' is unknown. Did you mean multiplier" in faults
