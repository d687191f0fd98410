from local.sample.customers import HEADERS, Column, Customers
from local.sample.dice import Dice


def test_no_two_customers_have_one_address_or_id() -> None:
    customers = Customers(Dice(3))
    rows = [customers.next() for _ in range(3000)]

    for column in (Column.EMAIL, Column.ID):
        values = [row[column] for row in rows if row[column]]
        assert len(set(values)) == len(values)
    assert {len(row) for row in rows} == {len(HEADERS)}
