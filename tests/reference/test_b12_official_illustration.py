"""The ministry's illustration of Document 38 of 2005: average wage 4,000, 15 years. Exact."""

import numpy as np
import pytest

from rssim.rules.employee_pension import basic_pension
from rssim.study.indicators import gross_replacement_rate

INDEX = np.array([0.6, 1.0, 3.0])


@pytest.mark.parametrize("threshold", [0.0, 0.6], ids=["national text", "Guangdong"])
def test_basic_part(threshold):
    pensions = basic_pension(4000, INDEX, 15, 0.01, threshold)
    assert pensions == pytest.approx([480.0, 600.0, 1200.0], rel=1e-14)
    assert gross_replacement_rate(pensions, 4000 * INDEX) == pytest.approx([0.20, 0.15, 0.10])
