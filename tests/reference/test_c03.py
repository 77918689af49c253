"""Employee pension funds of ten regions and the nation in 2005: identity and indicators."""

import csv
from pathlib import Path

import numpy as np
import pytest

from rssim.rules.pooling import transfer_to_province
from rssim.study.indicators import fund_path, mean_benefit, reserve_months, support_ratio

DATA = Path(__file__).parent / "data"
EXACT = 1e-6
PERSONS = 1e4
YUAN = 1e4


@pytest.fixture(scope="module")
def funds():
    with open(DATA / "c03_regional_funds.csv", encoding="utf-8") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len(rows) == 12
    names = [row["region"] for row in rows]
    columns = [key for key in rows[0] if key != "region"]
    return names, {key: np.array([float(row[key]) for row in rows]) for key in columns}


def test_balance_follows_from_the_flows(funds):
    """To the unit of the table where nothing is unexplained, and by that item elsewhere."""
    _, table = funds
    path = fund_path(
        table["balance_2004_10k_yuan"],
        table["revenue_2005_10k_yuan"][:, None],
        table["expenditure_2005_10k_yuan"][:, None],
        0.0,
        0.0,
    )
    gap = table["balance_2005_10k_yuan"] - path[:, 1]
    assert gap.tolist() == table["unexplained"].tolist()
    assert (gap == 0).sum() == 5


def test_regions_are_part_of_the_nation(funds):
    names, table = funds
    national = names.index("National")
    for values in table.values():
        assert np.delete(values, national).sum() < values[national]


@pytest.mark.parametrize(
    ("region", "support", "benefit", "revenue", "months"),
    [
        ("Guangdong", 6.768598616, 12_108.04931, 2924.617547, 33.24144731),
        ("National", 3.004098454, 9250.871666, 3881.981037, 12.00209954),
    ],
)
def test_indicators(funds, region, support, benefit, revenue, months):
    names, table = funds
    row = {key: values[names.index(region)] for key, values in table.items()}
    workers, retirees = row["workers_2005_10k"] * PERSONS, row["retirees_2005_10k"] * PERSONS
    expenditure = row["expenditure_2005_10k_yuan"] * YUAN
    income = row["revenue_2005_10k_yuan"] * YUAN
    balance = row["balance_2005_10k_yuan"] * YUAN
    assert support_ratio(workers, retirees) == pytest.approx(support, rel=EXACT)
    assert mean_benefit(expenditure, retirees) == pytest.approx(benefit, rel=EXACT)
    assert income / workers == pytest.approx(revenue, rel=EXACT)
    assert reserve_months(balance, expenditure) == pytest.approx(months, rel=EXACT)


def test_a_pooled_surplus_leaves_the_regional_balance_as_it_was(funds):
    """With everything pooled a region would have kept the balance of 2004."""
    _, table = funds
    income, cost = table["revenue_2005_10k_yuan"], table["expenditure_2005_10k_yuan"]
    paid = transfer_to_province(income, cost, 1.0)
    opening = table["balance_2004_10k_yuan"]
    assert (opening + income - cost - paid).tolist() == opening.tolist()
