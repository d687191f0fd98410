"""Prevalidation and the whole pipeline, per core, compared with what is written by hand and with the libraries: over a
store in memory, and with all that it sends to DynamoDB.
"""

from collections.abc import Iterator, Sequence

from bench.figures import Figure, Target, at_least, at_most, rate_text
from bench.measurements import Measurements, Round, ratio
from bench.race import Report, Side, race, rates
from bench.sizes import Size

OURS = "ours"
FLOOR = "csv.reader + pydantic + orjson"
"""The peer of prevalidation."""
IN_MEMORY, OVER_TLS = "ours, store in memory", "ours, over TLS"
BY_HAND, BY_HAND_OVER_TLS = "csv + pydantic + batch_writer", "csv + pydantic + batch_writer, over TLS"
FRAME = "polars + batch_writer"
WITH_WRITES, WITH_WRITES_OVER_TLS = "whole pipeline with its writes", "whole pipeline with its writes, over TLS"


def measure_prevalidation(size: Size, report: Report) -> list[Figure]:
    sides = [
        Side(OURS, "bench.ours.importing:prevalidate", size.rows),
        Side(FLOOR, "bench.peers.floor:prevalidate", size.rows),
    ]
    found = race(sides, size.rounds, report, is_same_work=True)
    return [compared("prevalidation of CSV, errors exact", found, FLOOR, at_least(1.25))]


def measure_pipeline(size: Size, report: Report) -> list[Figure]:
    found = race([Side(OURS, "bench.ours.importing:run_phases", size.rows), *_peers(size.rows)], size.rounds, report)
    return list(_each_figure(found))


PEERS: Sequence[tuple[str, str, int, Target | None]] = (
    (FLOOR, "floor:prevalidate", 1, at_least(0.45)),
    ("csv.reader + pydantic, validation alone", "floor:validate", 1, None),
    ("django-import-export, fastest that matches", "django_orm:match", 5, at_least(4.5)),
    ("django-import-export, inserts alone", "django_orm:insert", 5, None),
    ("django-import-export, validating", "django_orm:validate", 25, at_least(40)),
    ("dlt, merge into DuckDB", "dlt_merge:merge", 5, None),
    ("frictionless, validation alone", "frictionless_check:check", 5, None),
)
"""The name of each peer, its function, one in how many rows it takes, and the target against it."""


def _peers(rows: int) -> Iterator[Side]:
    for name, function, one_in, _ in PEERS:
        yield Side(name, f"bench.peers.{function}", rows // one_in)


def _each_figure(found: dict[str, list[Round]]) -> Iterator[Figure]:
    for name, _, _, target in PEERS:
        yield compared("whole pipeline, seven phases", found, name, target)


def measure_pipeline_with_writes(size: Size, report: Report) -> list[Figure]:
    """Measures the time a row takes from its source to its results, DynamoDB's client included."""
    sides = [
        Side(OURS, "bench.ours.importing:write_over_http", size.rows),
        Side(IN_MEMORY, "bench.ours.importing:run_phases", size.rows),
        Side(OVER_TLS, "bench.ours.importing:write_over_tls", size.rows),
        Side(BY_HAND, "bench.peers.batch_writers:write_by_hand", size.rows // 5),
        Side(FRAME, "bench.peers.batch_writers:write_frame", size.rows // 5),
        Side(BY_HAND_OVER_TLS, "bench.peers.batch_writers:write_by_hand_over_tls", size.rows // 5),
    ]
    return figures_with_writes(race(sides, size.rounds, report))


def figures_with_writes(found: dict[str, list[Round]]) -> list[Figure]:
    """Returns what a row takes, beside the same without its writes and beside the peers."""
    over_tls = {OURS: found[OVER_TLS], BY_HAND_OVER_TLS: found[BY_HAND_OVER_TLS]}
    return [
        time_per_row(WITH_WRITES, found, IN_MEMORY, at_most(40, "µs")),
        compared(WITH_WRITES, found, BY_HAND, at_least(3)),
        compared(WITH_WRITES, found, FRAME, at_least(3)),
        time_per_row(WITH_WRITES_OVER_TLS, over_tls, BY_HAND_OVER_TLS, None),
        compared(WITH_WRITES_OVER_TLS, over_tls, BY_HAND_OVER_TLS, None),
    ]


def time_per_row(name: str, found: dict[str, list[Round]], peer: str, target: Target | None) -> Figure:
    """Returns our microseconds of CPU for each row, beside a peer's."""
    ours, theirs = (Measurements.of([1e6 / one.rate for one in found[side]]) for side in (OURS, peer))
    return Figure(
        name=f"{name}, a row",
        ours=f"{ours.median:.1f} µs",
        peer=f"{peer}: {theirs.median:.1f} µs",
        value=ours.median,
        unit="µs",
        spread=ours.spread,
        target=target,
        counted=counted(ours),
    )


def compared(name: str, found: dict[str, list[Round]], peer: str, target: Target | None) -> Figure:
    """Rates per second of CPU."""
    ours, theirs = rates(found[OURS]), rates(found[peer])
    value = ratio(ours, theirs)
    return Figure(
        name=name,
        ours=rate_text(ours.median),
        peer=f"{peer}: {rate_text(theirs.median)}",
        value=value.median,
        spread=value.spread,
        target=target,
        counted=counted(ours),
    )


def counted(measured: Measurements) -> str:
    return f"CPU, {measured.runs} runs"
