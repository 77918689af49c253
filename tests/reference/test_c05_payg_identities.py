"""Pay-as-you-go identities: balanced rate, stable population, the return of Samuelson and Aaron."""

import numpy as np
import pytest

from rssim.study.indicators import (
    balanced_rate,
    dependency_ratio,
    internal_rate_of_return,
    stable_dependency_ratio,
    stable_dependency_ratio_continuous,
)

EXACT = 1e-8
ENTRY, RETIREMENT, END = 20, 60, 80
GROWTH = np.array([-0.02, -0.01, 0.0, 0.01, 0.02])


def test_balanced_rate():
    rates = balanced_rate(0.45, np.array([0.377, 0.47, 0.6, 0.8, 0.963]))
    assert rates == pytest.approx([0.16965, 0.2115, 0.27, 0.36, 0.43335], rel=EXACT)


def test_dependency_continuous():
    expected = [0.8931370375, 0.6715687608, 0.5, 0.3685647504, 0.2690077061]
    ours = stable_dependency_ratio_continuous(GROWTH, ENTRY, RETIREMENT, END)
    assert ours == pytest.approx(expected, rel=EXACT)


def test_dependency_annual():
    expected = [0.8982237283, 0.6725498204, 0.5, 0.3691325768, 0.2707102066]
    ours = stable_dependency_ratio(GROWTH, ENTRY, RETIREMENT, END)
    assert ours == pytest.approx(expected, rel=EXACT)


@pytest.mark.parametrize(
    ("age", "at_zero", "at_minus_one"),
    [
        (60, 0.5, 0.6725498204),
        (61, 0.4634146341, 0.6230247721),
        (62, 0.4285714286, 0.5758905124),
        (63, 0.3953488372, 0.5309802156),
        (65, 0.3333333333, 0.4472383496),
    ],
)
def test_dependency_by_retirement_age(age, at_zero, at_minus_one):
    ours = stable_dependency_ratio(np.array([0.0, -0.01]), ENTRY, age, END)
    assert ours == pytest.approx([at_zero, at_minus_one], rel=EXACT)
    assert dependency_ratio(END - age, age - ENTRY) == pytest.approx(at_zero, rel=EXACT)


# n, g, dependency, benefit over wage, return, (1 + n)(1 + g) - 1
AARON = [
    (-0.01, 0.03, 0.6725498204, 0.2973757392, 0.0197),
    (0.0, 0.03, 0.5, 0.4, 0.03),
    (0.01, 0.02, 0.3691325768, 0.5418107547, 0.0302),
    (0.02, 0.01, 0.2707102066, 0.7387974119, 0.0302),
    (-0.02, 0.05, 0.8982237283, 0.2226616751, 0.029),
]


@pytest.mark.parametrize(("n", "g", "dependency", "benefit_ratio", "irr"), AARON)
def test_biological_return(n, g, dependency, benefit_ratio, irr):
    """One cohort pays 20 % of its wage, then draws what the cohorts after it pay."""
    rate = 0.2
    ratio = stable_dependency_ratio(n, ENTRY, RETIREMENT, END)
    assert ratio == pytest.approx(dependency, rel=EXACT)
    benefit = rate / ratio
    assert benefit == pytest.approx(benefit_ratio, rel=EXACT)
    assert balanced_rate(benefit, ratio) == pytest.approx(rate, rel=EXACT)
    ages = np.arange(ENTRY, END)
    wage = (1 + g) ** (ages - ENTRY)
    flows = np.where(ages < RETIREMENT, -rate * wage, benefit * wage)
    found = internal_rate_of_return(flows)
    assert found == pytest.approx(irr, rel=EXACT)
    assert found == pytest.approx((1 + n) * (1 + g) - 1, abs=1e-9)


def test_returns_of_many_cohorts_are_those_of_each():
    rng = np.random.default_rng(3)
    flows = np.concatenate([-rng.random((4, 2, 30)), 2 * rng.random((4, 2, 30))], axis=-1)
    together = internal_rate_of_return(flows)
    apart = [[float(internal_rate_of_return(flows[i, j])) for j in range(2)] for i in range(4)]
    assert together.tolist() == apart
    assert np.isnan(internal_rate_of_return(np.ones(5)))
