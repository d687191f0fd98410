"""Exports, the store excluded, beside the writers they stand on."""

from bench.figures import Figure, at_least
from bench.race import Report, Side, race
from bench.sizes import Size
from bench.suites.importing import OURS, compared


def measure_exports(size: Size, report: Report) -> list[Figure]:
    return [
        _raced("export to CSV", "csv", "csv.writer alone", size, report),
        _raced("export to JSON", "json", "orjson alone", size, report),
        _raced("export to NDJSON", "ndjson", "orjson alone", size, report),
    ]


def _raced(name: str, format_: str, peer: str, size: Size, report: Report) -> Figure:
    rows = size.rows * 5
    theirs = "write_csv" if format_ == "csv" else "write_ndjson"
    sides = [
        Side(OURS, f"bench.ours.exporting:write_{format_}", rows),
        Side(peer, f"bench.peers.writers:{theirs}", rows),
    ]
    return compared(name, race(sides, size.rounds, report, is_same_work=True), peer, at_least(0.7))
