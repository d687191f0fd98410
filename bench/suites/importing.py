"""Prevalidation and the whole pipeline, per core, compared with what is written by hand and with the libraries."""

from collections.abc import Iterator, Sequence

from bench.figures import Figure, Target, at_least, rate_text
from bench.measurements import Measurements, Round, ratio
from bench.race import Report, Side, race, rates
from bench.sizes import Size

OURS = "ours"
FLOOR = "csv.reader + pydantic + orjson"
"""The peer of prevalidation."""
PIPELINE_TO_FLOOR = 25_000 / 59_000
"""Target of all seven phases: 25,000 rows a second where the floor, which is as much as the first, reaches 59,000."""


def measure_prevalidation(size: Size, report: Report) -> list[Figure]:
    sides = [
        Side(OURS, "bench.ours.importing:prevalidate", size.rows),
        Side(FLOOR, "bench.peers.floor:prevalidate", size.rows),
    ]
    found = race(sides, size.rounds, report, is_same_work=True)
    return [compared("prevalidation of CSV, errors exact", found, FLOOR, at_least(1.5))]


def measure_pipeline(size: Size, report: Report) -> list[Figure]:
    found = race([Side(OURS, "bench.ours.importing:run_phases", size.rows), *_peers(size.rows)], size.rounds, report)
    return list(_each_figure(found))


PEERS: Sequence[tuple[str, str, int, Target | None]] = (
    (FLOOR, "floor:prevalidate", 1, at_least(PIPELINE_TO_FLOOR)),
    ("csv.reader + pydantic, validation alone", "floor:validate", 1, None),
    ("django-import-export, fastest that matches", "django_orm:match", 5, at_least(8)),
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
