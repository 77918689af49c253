"""Whole careers, worked out by hand from the published rules, to the cent.

Rules do not round; the calculation of one person does, half up to the cent. Totals here are sums
of the unrounded components.
"""

import numpy as np
import pytest

from rssim.rules.accounts import account_after_full_year, account_at_award
from rssim.rules.annuities import annuity_divisor
from rssim.rules.contributions import average_index, base_limit, contribution, contribution_index
from rssim.rules.elementwise import half_up
from rssim.rules.employee_pension import (
    account_pension,
    basic_pension,
    eligible,
    funeral_grant,
    minimum_months,
    new_method_amount,
    old_method_amount,
    survivor_grant,
    survivor_months,
    survivor_months_of_pensioner,
    transitional_pension,
    weighted_years,
    whole_years,
)
from rssim.rules.retirement import (
    delay_months,
    earliest_age_months,
    month_index,
    original_month,
    reform_progress,
    retirement_month,
    statutory_age_months,
)

# The law of the examples: Guangdong outside Shenzhen.
ACCRUAL = 0.01
THRESHOLD = 0.6
COEFFICIENT = 0.012
OLD_DIVISOR = 120
FLAT = 100
YEAR_ALLOWANCE = 4
MID_YEAR_FACTOR = 1.083
DEEMED_INDEX = 1.191
PHASE_SHARES = {2021: 0.3, 2022: 0.5, 2023: 0.7, 2024: 0.9, 2025: 1.0}


def cents(value):
    return float(half_up(value, 2))


def credit_rate(year, month):
    """Share of the base that Guangdong credits to the account: 11 % up to June 2006, then 8 %."""
    return 0.11 if (year, month) <= (2006, 6) else 0.08


def balance_at_award(index, first, last, wages, rates):
    """Account of one person with a constant index, from month `first` to month `last`.

    A base is the index times the average wage of the year before the contribution year, which
    starts in July.
    """
    balance = 0.0
    for year in range(first[0], last[0] + 1):
        months = [month for month in range(1, 13) if first <= (year, month) <= last]
        credits = sum(
            contribution(
                index * wages[(year if month >= 7 else year - 1) - 1], credit_rate(year, month)
            )
            for month in months
        )
        if year < last[0]:
            balance = account_after_full_year(balance, rates[year], credits, MID_YEAR_FACTOR)
        else:
            balance = account_at_award(balance, rates[year], len(months), credits)
    return balance


def transitional(new, old, years, phase_share):
    return transitional_pension(new, old, whole_years(years), FLAT, YEAR_ALLOWANCE, phase_share)


class TestManWithDeemedYears:
    """Example A: born 1964-06, 6 deemed years, 24 years at index 1.2, retires 2024-06 at 60."""

    base = 9307.0
    years = 30.0
    deemed_account = 30_000.0

    def new_amount(self):
        return new_method_amount(self.base, weighted_years(DEEMED_INDEX, 6, 0), COEFFICIENT)

    def test_reform_does_not_touch_him(self):
        progress = reform_progress(original_month(1964, 6, 60), month_index(2025, 1), 4)
        age = statutory_age_months(60, delay_months(progress, 36))
        assert age == 720
        assert retirement_month(1964, 6, age) == month_index(2024, 6)

    def test_index_and_basic_part(self):
        index = average_index(6 * DEEMED_INDEX + 24 * 1.2, self.years)
        assert index == pytest.approx(1.1982, abs=1e-12)
        basic = basic_pension(self.base, index, self.years, ACCRUAL, THRESHOLD)
        assert cents(basic) == 3068.80

    def test_account_part(self, series, divisor_table):
        balance = balance_at_award(
            1.2, (2000, 7), (2024, 6), series["average_wage_m"], series["account_rate"]
        )
        assert cents(balance) == 186_532.38
        divisor = annuity_divisor(720, *divisor_table, False)
        assert cents(account_pension(balance, divisor)) == 1341.96

    def test_transitional_part_by_year_of_retirement(self):
        old = old_method_amount(self.deemed_account, OLD_DIVISOR)
        assert old == 250.0
        assert cents(self.new_amount()) == 798.09
        by_year = {
            year: cents(transitional(self.new_amount(), old, self.years, share))
            for year, share in PHASE_SHARES.items()
        }
        assert by_year == {2021: 598.43, 2022: 684.05, 2023: 769.67, 2024: 855.28, 2025: 898.09}

    def test_total(self, series, divisor_table):
        wages, rates = series["average_wage_m"], series["account_rate"]
        balance = balance_at_award(1.2, (2000, 7), (2024, 6), wages, rates)
        divisor = annuity_divisor(720, *divisor_table, False)
        old = old_method_amount(self.deemed_account, OLD_DIVISOR)
        parts = (
            basic_pension(self.base, 1.1982, self.years, ACCRUAL, THRESHOLD),
            account_pension(balance, divisor),
            transitional(self.new_amount(), old, self.years, PHASE_SHARES[2024]),
        )
        total = sum(map(cents, parts))
        assert total == pytest.approx(5266.04, abs=1e-9)
        assert total / wages[2023] == pytest.approx(0.574, abs=5e-4)


class TestWomanWithLowIndex:
    """Example B: worker's post, born 1975-08, index 0.55, contributions from 2003-12."""

    base = 9493.0
    index = 0.55

    def statutory_age(self):
        progress = reform_progress(original_month(1975, 8, 50), month_index(2025, 1), 2)
        assert progress == 4.0
        return statutory_age_months(50, delay_months(progress, 60))

    def award(self, last, months, age, series, divisor_table):
        wages, rates = series["average_wage_m"], series["account_rate"]
        balance = balance_at_award(self.index, (2003, 12), last, wages, rates)
        divisor = annuity_divisor(age, *divisor_table, True)
        years = months / 12
        basic = basic_pension(self.base, self.index, years, ACCRUAL, THRESHOLD)
        account = account_pension(balance, divisor)
        extra = transitional(0.0, 0.0, years, PHASE_SHARES[2025])
        total = basic + account + extra
        return tuple(map(cents, (balance, divisor, basic, account, extra, total)))

    def test_at_statutory_age(self, series, divisor_table):
        age = self.statutory_age()
        assert age == 604
        assert retirement_month(1975, 8, age) == month_index(2025, 12)
        assert eligible(264, minimum_months(2025, 2029, 180, 6, 240))
        award = self.award((2025, 11), 264, age, series, divisor_table)
        assert award == (87_109.84, 193.3, 1531.54, 450.65, 188.00, 2170.18)

    def test_early(self, series, divisor_table):
        early = earliest_age_months(self.statutory_age(), 50, 36)
        assert early == 600
        award = self.award((2025, 7), 260, early, series, divisor_table)
        assert award == (85_085.90, 195.0, 1508.33, 436.34, 184.00, 2128.67)

    def test_forgetting_the_low_index_factor_overstates_the_basic_part(self):
        naive = basic_pension(self.base, self.index, 22.0, ACCRUAL, 0.0)
        assert cents(naive) == 1618.56


class TestFlexibleWorker:
    """Example C: man born 1990-03; wages and base grow 3.5 %, the account 2.5 % a year."""

    wage_2024 = 9183.0
    base = 9493.0 * 1.035**28

    def balance(self, index, first):
        wages = {year: self.wage_2024 * 1.035 ** (year - 2024) for year in range(2023, 2054)}
        rates = dict.fromkeys(range(2026, 2054), 0.025)
        return balance_at_award(index, first, (2053, 2), wages, rates)

    def test_dates(self):
        progress = reform_progress(original_month(1990, 3, 60), month_index(2025, 1), 4)
        age = statutory_age_months(60, delay_months(progress, 36))
        assert age == 63 * 12
        assert retirement_month(1990, 3, age) == month_index(2053, 3)
        assert minimum_months(2053, 2029, 180, 6, 240) == 240

    def test_contribution_at_the_floor(self):
        assert cents(base_limit(self.wage_2024, 0.6)) == 5509.80
        parts = [cents(contribution(5510, rate)) for rate in (0.20, 0.08, 0.12)]
        assert parts == [1102.00, 440.80, 661.20]
        assert cents(contribution_index(5510, self.wage_2024)) == 0.60

    @pytest.mark.parametrize(
        ("index", "months", "first", "expected"),
        [
            (0.6, 326, (2026, 1), (321_993.65, 5405.80, 2752.08, 208.0, 8365.88, 0.336)),
            (1.0, 326, (2026, 1), (536_656.08, 6757.24, 4586.80, 208.0, 11_552.05, 0.464)),
            (0.6, 240, (2033, 3), (245_138.41, 3979.73, 2095.20, 180.0, 6254.93, 0.251)),
        ],
    )
    def test_award(self, index, months, first, expected, divisor_table):
        assert cents(self.base) == 24_873.29
        balance = self.balance(index, first)
        divisor = annuity_divisor(63 * 12, *divisor_table, True)
        assert divisor == 117.0
        years = months / 12
        basic = basic_pension(self.base, index, years, ACCRUAL, THRESHOLD)
        account = account_pension(balance, divisor)
        extra = transitional(0.0, 0.0, years, 1.0)
        assert tuple(map(cents, (balance, basic, account, extra))) == expected[:4]
        total = basic + account + extra
        assert cents(total) == expected[4]
        assert total / self.base == pytest.approx(expected[5], abs=5e-4)


class TestSurvivors:
    """Example F: income per head 59,307 yuan a year in the year before."""

    income_m = 59_307 / 12
    law = ((5, 10, 15), (3, 6, 9), 24)

    def total(self, months):
        return cents(survivor_grant(self.income_m, months) + funeral_grant(self.income_m, 2))

    def test_contributors(self):
        months = survivor_months(np.array([20.0, 15.5]), *self.law)
        assert months.tolist() == [14.0, 10.0]
        assert [self.total(month) for month in months] == [79_076.00, 59_307.00]

    def test_pensioners(self):
        months = survivor_months_of_pensioner(30.0, np.array([4.0, 20.0]), *self.law, 9)
        assert months.tolist() == [20.0, 9.0]
        assert [self.total(month) for month in months] == [108_729.50, 54_364.75]


def test_monthly_contributions_on_a_base_of_9183():
    """Example G, employer and worker."""
    assert [cents(contribution(9183, rate)) for rate in (0.16, 0.08)] == [1469.28, 734.64]


# Award notices of Guangdong that print index, years and balance.
NOTICES = [
    # base, index, years, balance, months of age, basic, account, transitional
    (9307, 0.5241, 17 + 4 / 12, 66_720.85, 55 * 12 + 1, 1127.31, 393.63, 168.00),
    (9028, 0.4520, 17.75, 55_389.69, 50 * 12, 965.73, 284.05, 168.00),
    (9493, 0.4665, 27.25, 83_319.35, 50 * 12, 1609.02, 427.28, 208.00),
]


@pytest.mark.parametrize(
    ("base", "index", "years", "balance", "age", "basic", "account", "extra"), NOTICES
)
def test_notice_without_old_years(
    base, index, years, balance, age, basic, account, extra, divisor_table
):
    # The index is printed with four decimals: half a unit of the last one, times the slope.
    slope = base * (1 / THRESHOLD + 1) / 2 * years * ACCRUAL
    ours = basic_pension(base, index, years, ACCRUAL, THRESHOLD)
    assert ours == pytest.approx(basic, abs=0.5e-4 * slope + 0.005)
    divisor = annuity_divisor(age, *divisor_table, True)
    assert cents(account_pension(balance, divisor)) == account
    assert cents(transitional(0.0, 0.0, years, 1.0)) == extra


def test_notice_with_old_years():
    years = 27 + 11 / 12
    ours = basic_pension(9307, 0.5938, years, ACCRUAL, THRESHOLD)
    slope = 9307 * (1 / THRESHOLD + 1) / 2 * years * ACCRUAL
    assert ours == pytest.approx(2057.13, abs=0.5e-4 * slope + 0.005)
    new = new_method_amount(9307, 4.41845, COEFFICIENT)
    old = old_method_amount(13_615.08, OLD_DIVISOR)
    assert transitional(new, old, years, 1.0) == pytest.approx(593.47, abs=0.011)
