"""Minimum contribution period by year of the statutory age, annex of the 2024 decision. Exact."""

import numpy as np

from rssim.rules.employee_pension import eligible, minimum_months

YEARS = {
    **dict.fromkeys(range(2025, 2030), 15.0),
    **{2030: 15.5, 2031: 16.0, 2032: 16.5, 2033: 17.0, 2034: 17.5},
    **{2035: 18.0, 2036: 18.5, 2037: 19.0, 2038: 19.5},
    **dict.fromkeys(range(2039, 2046), 20.0),
}


def minimum(year):
    return minimum_months(year, 2029, 180, 6, 240)


def test_every_year_of_the_annex():
    years = np.array(list(YEARS))
    assert (minimum(years) / 12).tolist() == list(YEARS.values())
    assert minimum(2060) == 240


def test_one_month_short_is_short():
    years = np.array(list(YEARS))
    assert eligible(minimum(years), minimum(years)).all()
    assert not eligible(minimum(years) - 1, minimum(years)).any()
