"""A year of the fund on paper: one cell, round numbers, every entry by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rssim.axes import AWAY, CONTRIBUTING, DORMANT
from rssim.cohorts.funds import employee_pension as fund
from rssim.cohorts.funds import pension_claims, pension_members, pensioners
from rssim.cohorts.state import (
    ACCOUNT_PENSION,
    BALANCE,
    INDEX_YEARS,
    PENSION,
    PENSION_BALANCE,
    PENSION_YEARS,
    PENSIONERS,
    PEOPLE,
    RECEIVED_YEARS,
    RESIDENTS,
    YEARS,
)
from rssim.errors import LedgerError
from tests.cohorts.cells import (
    CELL,
    MALE,
    WORKER,
    activity,
    amounts,
    empty,
    law,
    number,
    past_wages,
    plan,
    with_members,
)

QUIET = {
    "behaviour__exit_rate": 0.0,
    "behaviour__return_rate": 0.0,
    "behaviour__transfer_out_rate": 0.0,
    "behaviour__index_log_sd": 0.0,
    "behaviour__pay_up_share": 0.0,
    "behaviour__continue_share": 0.0,
    "pension__account_interest_rate": 0.03,
    "pension__mid_year_factor": 1.083,
    "pension__employer_rate": 0.16,
    "pension__employee_rate": 0.08,
    "pension__flexible_rate": 0.2,
    "pension__account_rate": 0.08,
    "pension__employer_relief_share": 0.0,
    "pension__minimum_years": 15.0,
    "earnings__collection_rate": 0.9,
}
AGE = 40


def run(stocks, members, year, references=None):
    references = references or amounts()
    found = pension_claims.claims(stocks, references, year)
    flows, after = fund.year(stocks, found, members, references, year)
    return found, flows, after


def member(after, quantity, state, years, age):
    return after.rights[(quantity, state, years, *CELL, age - 15)]


def pensioner(after, quantity, age):
    return after.pensioners[(quantity, *CELL, age)]


class TestAYearOfContributing:
    """1,000 men of 40 with 10.5 years, index 1.2, 50,000 yuan each; base 8,000 a month."""

    stocks = with_members(empty(), AGE, CONTRIBUTING, 1000, 10.5, 1.2, 50_000)
    year = plan(law(**QUIET), 62)
    # What reaches the account: 8 % of 8,000 for 12 months, 90 % collected.
    credit = 0.08 * 8_000 * 12 * 0.9

    def test_contributions(self):
        _, flows, _ = run(self.stocks, activity(AGE, 2000, 1000), self.year)
        assert self.credit == pytest.approx(6_912.0)
        assert flows.employer_contributions.sum() == pytest.approx(1000 * 0.16 * 96_000 * 0.9)
        assert flows.employee_contributions.sum() == pytest.approx(1000 * 6_912.0)
        assert flows.flexible_contributions.sum() == 0.0
        assert flows.account_credits.sum() == pytest.approx(1000 * 6_912.0)
        assert flows.contributors[0, 0, MALE, AGE] == pytest.approx(1000.0)

    def test_flexible_workers_pay_the_whole_rate_themselves(self):
        members = activity(AGE, 2000, 1000, formal_weight=0.75)
        _, flows, _ = run(self.stocks, members, self.year)
        assert flows.employer_contributions.sum() == pytest.approx(750 * 0.16 * 96_000 * 0.9)
        assert flows.flexible_contributions.sum() == pytest.approx(250 * 0.2 * 72_000 * 0.9)
        # Both have 8 % credited on their own base: 0.75 x 8,000 + 0.25 x 6,000 = 7,500.
        assert flows.account_credits.sum() == pytest.approx(1000 * 0.08 * 7_500 * 12 * 0.9)

    def test_relief_waives_the_employers_part_only(self):
        year = plan(law(**QUIET | {"pension__employer_relief_share": 0.5}), 62)
        _, flows, _ = run(self.stocks, activity(AGE, 2000, 1000), year)
        assert flows.employer_contributions.sum() == pytest.approx(500 * 0.16 * 96_000 * 0.9)
        assert flows.relief.sum() == pytest.approx(500 * 0.16 * 96_000 * 0.9)
        assert flows.employee_contributions.sum() == pytest.approx(1000 * 6_912.0)

    def test_rights_at_the_end(self):
        """One more year at index 0.8; the balance with a year's and the credit with half a
        year's interest: 50,000 x 1.03 + 6,912 x (1 + 0.03 x 1.083 / 2) = 58,524.29."""
        _, flows, after = run(self.stocks, activity(AGE, 2000, 1000), self.year)
        assert member(after, PEOPLE, CONTRIBUTING, 11, AGE + 1) == pytest.approx(1000.0)
        assert member(after, YEARS, CONTRIBUTING, 11, AGE + 1) == pytest.approx(11_500.0)
        assert member(after, INDEX_YEARS, CONTRIBUTING, 11, AGE + 1) == pytest.approx(
            1000 * (1.2 * 10.5 + 0.8)
        )
        balance = 50_000 * 1.03 + 6_912 * (1 + 0.03 * 1.083 / 2)
        assert balance == pytest.approx(58_524.29, abs=0.005)
        assert member(after, BALANCE, CONTRIBUTING, 11, AGE + 1) == pytest.approx(1000 * balance)
        assert flows.account_interest.sum() == pytest.approx(
            1000 * (50_000 * 0.03 + 6_912 * 0.03 * 1.083 / 2)
        )
        assert after.rights[PEOPLE].sum() == pytest.approx(1000.0)

    def test_dormant_members_earn_interest_and_no_years(self):
        stocks = with_members(empty(), AGE, DORMANT, 100, 10.5, 1.2, 50_000)
        _, flows, after = run(stocks, activity(AGE, 2000, 0), self.year)
        assert member(after, BALANCE, DORMANT, 10, AGE + 1) == pytest.approx(100 * 51_500)
        assert member(after, YEARS, DORMANT, 10, AGE + 1) == pytest.approx(1_050.0)
        assert flows.account_credits.sum() == 0.0

    def test_deaths_and_inheritance(self):
        """2 % die, evenly at a constant intensity: they live (1 - S) / -ln S - S of a year."""
        members = activity(AGE, 2000, 1000, survival=0.98)
        _, flows, after = run(self.stocks, members, self.year)
        lived = 0.02 / -np.log(0.98)
        assert flows.member_deaths.sum() == pytest.approx(20.0)
        assert flows.contributors.sum() == pytest.approx(1000 * lived)
        dying_years = 1000 * (lived - 0.98)
        inherited = 20 * 50_000 + dying_years * (50_000 * 0.03 + 6_912)
        assert flows.inheritances.sum() == pytest.approx(inherited, rel=1e-12)
        # 10 whole years: 9 months of income; 2 more for the funeral.
        income = number(self.year.pension.survivor_income) / 12
        assert flows.survivor_grants.sum() == pytest.approx(20 * 9 * income)
        assert flows.funeral_grants.sum() == pytest.approx(20 * 2 * income)
        assert member(after, PEOPLE, CONTRIBUTING, 11, AGE + 1) == pytest.approx(980.0)

    def test_new_members_start_without_rights(self):
        _, flows, after = run(self.stocks, activity(AGE, 2000, 1100), self.year)
        assert flows.new_members.sum() == pytest.approx(100.0)
        assert member(after, PEOPLE, CONTRIBUTING, 1, AGE + 1) == pytest.approx(100.0)
        assert member(after, YEARS, CONTRIBUTING, 1, AGE + 1) == pytest.approx(100.0)

    def test_fewer_contributors_become_dormant_in_proportion(self):
        _, _, after = run(self.stocks, activity(AGE, 2000, 800), self.year)
        assert member(after, PEOPLE, CONTRIBUTING, 11, AGE + 1) == pytest.approx(800.0)
        assert member(after, PEOPLE, DORMANT, 10, AGE + 1) == pytest.approx(200.0)
        assert member(after, YEARS, DORMANT, 10, AGE + 1) == pytest.approx(2_100.0)


class TestMovesOfMembers:
    """100 pay, 40 rest, 60 others; exit 10 %, return 25 %."""

    stocks = with_members(
        with_members(empty(), AGE, CONTRIBUTING, 100, 10.5), AGE, DORMANT, 40, 5.5
    )

    def move(self, wanted, never=60.0, exits=0.1, returns=0.25, transfer=0.0):
        shape = (1, 1, 2, 2, 60)
        cells = [np.zeros(shape) for _ in range(2)]
        for values, value in zip(cells, (wanted, never), strict=True):
            values[(*CELL, AGE - 15)] = value
        share = [np.full((1, 1, 1, 1, 1), value) for value in (exits, returns, transfer)]
        rights, _, new = pension_members.move_members(
            self.stocks.rights, self.stocks.deemed, *cells, *share
        )
        people = rights[PEOPLE].sum(axis=1)[(slice(None), *CELL, AGE - 15)]
        return people[:2].tolist(), float(new.sum()), rights

    def test_churn(self):
        """10 stop and 10 are missing: 10 of 40 resume, nobody is new."""
        (paying, resting), new, rights = self.move(100.0)
        assert (paying, resting, new) == pytest.approx((100.0, 40.0, 0.0))
        # They bring the years that they have.
        assert rights[(PEOPLE, CONTRIBUTING, 5, *CELL, AGE - 15)] == pytest.approx(10.0)
        assert rights[(PEOPLE, DORMANT, 10, *CELL, AGE - 15)] == pytest.approx(10.0)

    def test_growth_comes_from_those_who_resume_and_then_from_others(self):
        (paying, resting), new, _ = self.move(130.0)
        assert (paying, resting, new) == pytest.approx((130.0, 40.0, 30.0))

    def test_more_of_the_dormant_where_there_are_not_enough_others(self):
        (paying, resting), new, _ = self.move(130.0, never=5.0)
        assert (paying, resting, new) == pytest.approx((130.0, 15.0, 5.0))

    def test_decline_beyond_the_exit_rate(self):
        (paying, resting), new, _ = self.move(60.0)
        assert (paying, resting, new) == pytest.approx((60.0, 80.0, 0.0))

    def test_transfers_leave_first(self):
        (paying, resting), new, rights = self.move(100.0, transfer=0.5)
        assert (paying, resting, new) == pytest.approx((100.0, 25.0, 5.0))
        assert rights[PEOPLE].sum() == pytest.approx(140 - 20 + 5)

    def test_more_than_there_are_is_an_error(self):
        with pytest.raises(LedgerError, match="more contributors are wanted"):
            self.move(250.0)


class TestAward:
    """The worked examples of the rules, as members of the fund who reach their date."""

    def granted(self, people, years, index, balance, months_divisor, base, deemed=(), **changes):
        """Monthly pension a head of dormant members, who add nothing in the year."""
        settings = {
            "pension__low_index_threshold": 0.6,
            "pension__transitional_coefficient": 0.012,
            "pension__transitional_flat_m": 100.0,
            "pension__transitional_year_allowance_m": 4.0,
            "pension__old_method_divisor": 120.0,
            "pension__transitional_phase_share": 1.0,
        }
        year = plan(law(**QUIET | settings | changes), 60, reciprocal=1.0 / months_divisor)
        stocks = with_members(empty(), 60, DORMANT, people, years, index, balance)
        if deemed:
            values = stocks.deemed.copy()
            for quantity, value in enumerate((1.0, *deemed)):
                values[(quantity, DORMANT, *CELL, 45)] = people * value
            stocks = replace(stocks, deemed=values)
        references = amounts(calculation_base_m=base)
        found, flows, after = run(stocks, activity(60, people), year, references)
        total = flows.new_pensions.sum() / people / 12
        basic = found.basic.sum() / people
        account = pensioner(after, ACCOUNT_PENSION, 61) / people / 12
        return basic, account, total - basic - account, total

    def test_man_with_deemed_years(self):
        """Example A: basic 3,068.80, account 1,341.96, transitional 855.28, total 5,266.04."""
        parts = self.granted(
            200,
            30.0,
            1.1982,
            186_532.38,
            139,
            9307.0,
            deemed=(6 * 1.191, 30_000.0),
            pension__transitional_phase_share=0.9,
        )
        # A cell knows mean years spread over the year: half a year less is completed, 29.5 x 4.
        allowance = 4 * 0.5 * (1 - 0.9)
        expected = (3068.80, 1341.96, 855.28 - allowance, 5266.04 - allowance)
        assert parts == pytest.approx(expected, abs=0.01)

    def test_woman_with_low_index(self):
        """Example B: 22 years at index 0.55: basic 1,531.54, account 450.65, allowance 188."""
        parts = self.granted(50, 22.0, 0.55, 87_109.84, 193.3, 9493.0)
        assert parts == pytest.approx((1531.54, 450.65, 188.00 - 2.0, 2170.18 - 2.0), abs=0.01)

    def test_national_text_without_the_low_index_factor(self):
        """1,618.56 with the naive basic part, as in the example."""
        basic, *_ = self.granted(
            50, 22.0, 0.55, 0.0, 193.3, 9493.0, pension__low_index_threshold=0.0
        )
        assert basic == pytest.approx(1618.56, abs=0.005)

    def test_contributors_work_until_their_date(self):
        """Half a year more at index 0.8, its credit without interest, half a year's interest."""
        year = plan(law(**QUIET), 60, worked=0.5, paid=0.4)
        stocks = with_members(empty(), 60, CONTRIBUTING, 100, 20.5, 1.2, 100_000)
        _, flows, after = run(stocks, activity(60, 1000, 100), year)
        assert flows.new_pension_years.sum() == pytest.approx(100 * 21.0)
        assert flows.new_pension_index_years.sum() == pytest.approx(100 * (1.2 * 20.5 + 0.4))
        balance = 100_000 * 1.015 + 0.5 * 6_912
        drawn = balance / 139 * 12 * 0.4
        interest = 0.03 * 0.4 * (balance - drawn / 2)
        assert pensioner(after, PENSION_BALANCE, 61) == pytest.approx(
            100 * (balance - drawn + interest)
        )
        assert flows.contributors.sum() == pytest.approx(50.0)
        assert flows.employer_contributions.sum() == pytest.approx(50 * 0.16 * 96_000 * 0.9)
        # Paid from the month after the date: 40 % of a year.
        assert flows.pensions_paid.sum() == pytest.approx(0.4 * flows.new_pensions.sum())
        assert pensioner(after, RECEIVED_YEARS, 61) == pytest.approx(40.0)


class TestMinimumYears:
    def test_eligible_share_at_fifteen_and_a_half(self):
        """Whole years on 1 January; the rest of the year is spread evenly."""
        bins = np.arange(21.0).reshape(-1, 1, 1, 1, 1, 1)
        share = pension_claims.eligible_share(bins, np.full((1, 1, 1, 1, 1), 15.5)).ravel()
        assert share[[13, 14, 15, 16, 20]].tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
        whole = pension_claims.eligible_share(bins, np.full((1, 1, 1, 1, 1), 15.0)).ravel()
        assert whole[[13, 14, 15]].tolist() == [0.0, 0.0, 1.0]

    def test_half_of_the_bin_claims_and_the_others_leave_with_their_account(self):
        year = plan(law(**QUIET | {"pension__minimum_years": 15.5}), 60)
        stocks = with_members(empty(), 60, DORMANT, 100, 15.5, 1.0, 80_000)
        _, flows, after = run(stocks, activity(60, 500), year)
        assert flows.new_pensioners.sum() == pytest.approx(50.0)
        assert flows.short_of_minimum.sum() == pytest.approx(50.0)
        assert flows.refunds.sum() == pytest.approx(50 * 80_000)
        assert after.rights[PEOPLE].sum() == pytest.approx(0.0, abs=1e-9)

    def test_contributors_short_of_it_may_go_on(self):
        """60 % go on paying; the others leave in mid-year with half a year's credit."""
        settings = QUIET | {"behaviour__continue_share": 0.6}
        year = plan(law(**settings), 60, worked=0.5, paid=0.4)
        stocks = with_members(empty(), 60, CONTRIBUTING, 100, 8.5, 1.0, 40_000)
        _, flows, after = run(stocks, activity(60, 500, 100), year)
        assert flows.new_pensioners.sum() == 0.0
        assert flows.departures.sum() == pytest.approx(40.0)
        assert flows.refunds.sum() == pytest.approx(40 * (40_000 * 1.015 + 6_912 * 0.5))
        assert member(after, PEOPLE, CONTRIBUTING, 9, 61) == pytest.approx(60.0)

    def test_missing_years_paid_at_once(self):
        """10 of 15 years: 0.4 x 10.5 / 15 = 28 % pay 4.5 years each at the floor of 5,400."""
        year = plan(law(**QUIET | {"behaviour__pay_up_share": 0.4}), 60)
        stocks = with_members(empty(), 60, DORMANT, 100, 10.5, 1.0, 40_000)
        _, flows, after = run(stocks, activity(60, 500), year)
        bought = 28 * 4.5
        assert flows.bought_years.sum() == pytest.approx(bought)
        assert flows.back_payments.sum() == pytest.approx(bought * 5_400 * 12 * 0.2)
        assert flows.account_credits.sum() == pytest.approx(bought * 5_400 * 12 * 0.08)
        assert flows.new_pensioners.sum() == pytest.approx(28.0)
        assert flows.new_pension_years.sum() == pytest.approx(28 * 15.0)
        assert flows.new_pension_index_years.sum() == pytest.approx(28 * 10.5 + bought * 0.6)
        assert flows.departures.sum() == pytest.approx(72.0)
        assert flows.refunds.sum() == pytest.approx(72 * 40_000)
        assert pensioner(after, PENSION_YEARS, 61) == pytest.approx(28 * 15.0)


class TestAway:
    """Members who moved away keep their rights here and claim from there."""

    def test_they_claim_and_are_no_residents(self):
        stocks = with_members(empty(), 60, AWAY, 100, 20.5, 1.0, 80_000)
        _, flows, after = run(stocks, activity(60, 500), plan(law(**QUIET), 60))
        assert flows.new_pensioners.sum() == pytest.approx(100.0)
        assert pensioner(after, PENSIONERS, 61) == pytest.approx(100.0)
        assert pensioner(after, RESIDENTS, 61) == 0.0
        assert flows.new_pensions.sum() > 0.0

    def test_they_keep_their_rights(self):
        stocks = with_members(empty(), 50, AWAY, 100, 20.5, 1.1, 80_000)
        members = activity(50, 500, 50, survival=0.99)
        _, _, after = run(stocks, members, plan(law(**QUIET), 60))
        assert member(after, PEOPLE, AWAY, 20, 51) == pytest.approx(99.0)
        assert member(after, YEARS, AWAY, 20, 51) == pytest.approx(99 * 20.5)
        assert member(after, INDEX_YEARS, AWAY, 20, 51) == pytest.approx(99 * 1.1 * 20.5)
        assert member(after, BALANCE, AWAY, 20, 51) == pytest.approx(99 * 80_000 * 1.03)

    @pytest.mark.parametrize("state", [DORMANT, AWAY])
    def test_a_transfer_takes_the_account_and_twelve_per_cent_of_indexed_wages(self, state):
        settings = QUIET | {
            "behaviour__transfer_out_rate": 0.1,
            "pension__portability_pooled_rate": 0.12,
        }
        stocks = with_members(empty(), 40, state, 100, 8.5, 0.8, 40_000)
        _, flows, after = run(stocks, activity(40, 500), plan(law(**settings), 60))
        wages = 0.8 * 8.5 * 12 * past_wages(8.5)
        assert flows.transferred_members.sum() == pytest.approx(10.0)
        assert flows.transferred_balances.sum() == pytest.approx(10 * 40_000)
        assert flows.transfers_out.sum() == pytest.approx(10 * (40_000 + 0.12 * wages))
        assert after.rights[PEOPLE].sum() == pytest.approx(90.0)


class TestPensioners:
    @staticmethod
    def stock(*cells):
        """(age, people, pension, years, balance, account pension) a head, all resident."""
        stocks = empty()
        for age, people, pension, years, balance, account in cells:
            column = people * np.array([1.0, pension, years, 3.0, balance, account, 1.0])
            stocks.pensioners[(slice(None), *CELL, age)] = column
        return stocks

    def test_increase_spends_the_mean_rate_and_the_shares_say_who_gets_it(self):
        """Bill 100 x 36,000 + 50 x 72,000 = 7.2 m; 2 % are 144,000: flat 57,600 over 150 heads,
        50,400 over 4,000 years, 28,800 over the bill, 7,200 over the 50 above 80."""
        stocks = self.stock((65, 100, 36_000, 25, 0, 0), (85, 50, 72_000, 30, 0, 0))
        tilt = np.zeros((1, 1, 1, 101))
        tilt[..., 80:] = 1.0
        year = law(
            pension__increase_flat_share=0.4,
            pension__increase_years_share=0.35,
            pension__increase_amount_share=0.2,
            pension__increase_tilt_share=0.05,
            pension__increase_tilt_weight=tilt,
        )
        raised = pensioners.raised_pensions(stocks.pensioners, amounts(increase=0.02), year)
        young = 3_600_000 * 1.004 + 100 * 384 + 2_500 * 12.6
        old = 3_600_000 * 1.004 + 50 * 384 + 1_500 * 12.6 + 7_200
        assert raised[(PENSION, *CELL, 65)] == pytest.approx(young)
        assert raised[(PENSION, *CELL, 85)] == pytest.approx(old)
        assert raised[PENSION].sum() == pytest.approx(7_200_000 * 1.02)
        rest = [PENSIONERS, PENSION_YEARS, RECEIVED_YEARS, PENSION_BALANCE, RESIDENTS]
        np.testing.assert_array_equal(raised[rest], stocks.pensioners[rest])

    def test_a_cut_is_an_increase_below_zero(self):
        stocks = self.stock((65, 100, 36_000, 25, 0, 0))
        raised = pensioners.raised_pensions(stocks.pensioners, amounts(increase=-0.01), law())
        assert raised[PENSION].sum() == pytest.approx(3_600_000 * 0.99)

    def test_a_year_of_payments_and_deaths(self):
        """1,000 of 70, 48,000 a year each, no increase; 5 % die."""
        stocks = self.stock((70, 1000, 48_000, 30, 60_000, 9_000))
        year = plan(law(**QUIET | {"behaviour__years_sd": 0.0}), 62)
        members = activity(70, 1000, survival=0.95)
        _, flows, after = run(stocks, members, year, amounts(increase=0.0))
        lived = 0.05 / -np.log(0.95)
        assert flows.pensions_paid.sum() == pytest.approx(48e6 * lived)
        drawn = 9e6 * lived
        assert flows.account_pensions_paid.sum() == pytest.approx(drawn)
        balance = 60e6 - drawn + 0.03 * (60e6 - drawn / 2)
        assert flows.inheritances.sum() == pytest.approx(0.05 * balance)
        assert pensioner(after, PENSION_BALANCE, 71) == pytest.approx(0.95 * balance)
        assert pensioner(after, PENSIONERS, 71) == pytest.approx(950.0)
        assert pensioner(after, PENSION, 71) == pytest.approx(0.95 * 48e6)
        assert flows.pensioner_deaths.sum() == pytest.approx(50.0)
        # 30 years: 9 + 15 months, less 3 years received: 21 months.
        income = number(year.pension.survivor_income) / 12
        assert flows.survivor_grants.sum() == pytest.approx(50 * 21 * income)
        assert flows.funeral_grants.sum() == pytest.approx(50 * 2 * income)

    def test_the_account_ends_and_the_pension_goes_on(self):
        stocks = self.stock((90, 100, 48_000, 30, 2_000, 9_000))
        year = plan(law(**QUIET), 62)
        _, flows, after = run(stocks, activity(90, 100), year, amounts(increase=0.0))
        assert flows.account_pensions_paid.sum() == pytest.approx(200_000.0)
        assert flows.pensions_paid.sum() == pytest.approx(4_800_000.0)
        assert pensioner(after, PENSION_BALANCE, 91) >= 0.0
        assert pensioner(after, PENSION, 91) == pytest.approx(4_800_000.0)


def test_the_open_age_group_collects():
    stocks = TestPensioners.stock((99, 10, 1.0, 0, 0, 0), (100, 5, 1.0, 0, 0, 0))
    after = pensioners.aged_pensioners(stocks.pensioners)
    assert after[(PENSIONERS, *CELL, 100)] == 15.0
    assert after[PENSIONERS, 0, 0, MALE, WORKER, 99] == 0.0


def test_members_who_never_claim_are_paid_out_at_the_last_age():
    """Contributors short of the minimum at 74: the balance is refunded when they turn 75."""
    stocks = with_members(empty(), 74, CONTRIBUTING, 10, 5.5, 1.0, 30_000)
    year = plan(law(**QUIET | {"behaviour__continue_share": 1.0}), 62)
    _, flows, after = run(stocks, activity(74, 100, 10), year)
    assert after.rights.sum() == 0.0
    balance = 30_000 * 1.03 + 6_912 * (1 + 0.03 * 1.083 / 2)
    assert flows.refunds.sum() == pytest.approx(10 * balance)
