"""Prevalidation and the whole pipeline over a CSV of customers, with stores in memory."""

from bench.contestant import RunRound
from bench.customers import customers_csv
from bench.imports import ImportPipeline
from bench.stores_without_checksums import stores
from chalicelib.model.phases import PhaseName


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
    """All phases, into an empty store."""
    content = customers_csv(rows)

    def run_round() -> int:
        pipeline = ImportPipeline(stores())
        stats = pipeline.run(pipeline.upload(content), "customers").stats
        assert stats.accounted == stats.total == rows, stats
        return stats.total

    return run_round
