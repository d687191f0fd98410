"""Prevalidation and the whole pipeline over a CSV of customers: with stores in memory, and with its writes sent."""

from collections.abc import Callable
from dataclasses import replace

from bench.certificates import certificate_in
from bench.contestant import RunRound
from bench.customers import customers_csv
from bench.imports import ImportPipeline
from bench.loopback import start
from bench.ours.storing import records_at
from bench.stores_without_checksums import stores
from chalicelib.model.phases import PhaseName
from chalicelib.stores.dynamodb.connection import trust_of_botocore
from chalicelib.stores.interfaces import Stores


def prevalidate(rows: int) -> RunRound:
    """CSV to drafts with exact row errors; rows, drafts and keys written as work objects."""
    content = customers_csv(rows)

    def run_round() -> int:
        pipeline = ImportPipeline(stores())
        import_ = pipeline.queue(pipeline.upload(content), "customers")
        pipeline.prevalidate(import_)
        results = pipeline.stores.results.list_results(import_.import_id, 1, PhaseName.PREVALIDATION)
        return sum(one.entered for one in results)

    return run_round


def run_phases(rows: int) -> RunRound:
    """All phases, into an empty store in memory."""
    return _run_phases(rows, stores)


def write_over_http(rows: int) -> RunRound:
    """All phases, with every look-up and write sent to DynamoDB on loopback: records and claims on their conditions."""
    records = records_at(start(), trust_of_botocore)
    return _run_phases(rows, lambda: replace(stores(), records=records))


def write_over_tls(rows: int) -> RunRound:
    """The same over TLS, as AWS has it."""
    certificate = certificate_in()
    records = records_at(start(served=certificate.served), certificate.trust)
    return _run_phases(rows, lambda: replace(stores(), records=records))


def _run_phases(rows: int, new_stores: Callable[[], Stores]) -> RunRound:
    content = customers_csv(rows)

    def run_round() -> int:
        pipeline = ImportPipeline(new_stores())
        stats = pipeline.run(pipeline.upload(content), "customers").stats
        assert stats.accounted == stats.total == rows, stats
        return stats.total

    return run_round
