"""Social insurance of Guangzhou in 2019: identities and ratios of the yearbook."""

import pytest

from rssim.study.indicators import coverage_rate, support_ratio

EXACT = 1e-6
EMPLOYED = 11_258_900
PARTICIPANTS = {
    "pension": 9_090_879,
    "employee_pension": 7_689_932,
    "residents_pension": 1_400_947,
    "unemployment": 6_442_012,
    "work_injury": 7_322_657,
}
BENEFICIARIES = {
    "pension": 1_721_023,
    "employee_pension": 1_142_993,
    "residents_pension": 578_030,
    "unemployment": 133_120,
    "work_injury": 15_884,
}


@pytest.mark.parametrize("column", [PARTICIPANTS, BENEFICIARIES])
def test_both_pension_schemes_sum_to_the_total(column):
    assert column["employee_pension"] + column["residents_pension"] == column["pension"]


def test_ratios():
    """Participants of the employee scheme include its pensioners."""
    pensioners = BENEFICIARIES["employee_pension"]
    workers = PARTICIPANTS["employee_pension"] - pensioners
    assert support_ratio(workers, pensioners) == pytest.approx(5.727890722, rel=EXACT)
    assert coverage_rate(workers, EMPLOYED) == pytest.approx(0.58149011, rel=EXACT)
    insured = PARTICIPANTS["unemployment"]
    assert coverage_rate(insured, EMPLOYED) == pytest.approx(0.5721706383, rel=EXACT)
    drawn = coverage_rate(BENEFICIARIES["unemployment"], insured)
    assert 100 * drawn == pytest.approx(2.066435145, rel=EXACT)


def test_schemes_of_the_city_alone_in_2006():
    """Not comparable with 2019: no units of the province, no government institutions."""
    participants, pensioners = 2_150_200, 544_100
    # 1,606,100 workers; 2.95 for each pensioner.
    assert support_ratio(participants - pensioners, pensioners) == pytest.approx(2.9518, abs=1e-4)
    assert participants < PARTICIPANTS["employee_pension"]
