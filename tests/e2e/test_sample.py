"""The sample that `make run` imports, counted right to the row, and imported twice."""

from collections import Counter

import pytest

from local.paths import SAMPLE
from tests.e2e.packagex_client import JSON, PackageXClient
from tests.e2e.tenants import Tenants
from tests.independent_count import Expected, count

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def owner(tenants: Tenants) -> PackageXClient:
    """The tenant both imports belong to."""
    return tenants.client()


@pytest.fixture(scope="module")
def expected() -> Expected:
    return count(SAMPLE.read_bytes(), "use_first")


@pytest.fixture(scope="module")
def first(owner: PackageXClient) -> JSON:
    return owner.run(SAMPLE.read_bytes(), filename=SAMPLE.name)


@pytest.fixture(scope="module")
def second(owner: PackageXClient, first: JSON) -> JSON:
    return owner.run(SAMPLE.read_bytes(), filename=SAMPLE.name)


def test_every_row_of_the_sample_ends_as_an_independent_count_expects(
    owner: PackageXClient, first: JSON, expected: Expected
) -> None:
    stats = first["stats"]

    codes = Counter(code for codes in owner.codes(first["id"]).values() for code in set(codes))
    assert first["status"] == "completed"
    assert (stats["total"], stats["created"], stats["skipped"], stats["failed"]) == (
        expected.total,
        expected.created,
        expected.skipped,
        expected.failed,
    )
    assert codes == expected.codes


def test_the_sample_again_doubles_nothing_but_rows_without_identity(
    owner: PackageXClient, second: JSON, expected: Expected
) -> None:
    stats = second["stats"]

    assert (stats["created"], stats["updated"]) == (expected.without_identity, 0)
    assert stats["unchanged"] == expected.created - expected.without_identity
    assert len(owner.each_record()) == expected.created + expected.without_identity
