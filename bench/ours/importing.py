"""Prevalidation and the whole road over a CSV of customers, with stores in memory."""

from bench.contestant import Play
from bench.customers import customers_csv
from bench.roads import Road
from bench.unsummed import stores
from chalicelib.model.phases import PhaseName


def prevalidate(rows: int) -> Play:
    """CSV to drafts with exact row errors; rows, drafts and keys written as work objects."""
    content = customers_csv(rows)

    def play() -> int:
        road = Road(stores())
        import_ = road.queue(road.upload(content), "customers")
        road.prevalidate(import_)
        results = road.stores.results.list_results(import_.import_id, 1, PhaseName.PREVALIDATION)
        return sum(one.entered for one in results)

    return play


def travel(rows: int) -> Play:
    """All phases, into an empty store."""
    content = customers_csv(rows)

    def play() -> int:
        road = Road(stores())
        stats = road.run(road.upload(content), "customers").stats
        assert stats.accounted == stats.total == rows, stats
        return stats.total

    return play
