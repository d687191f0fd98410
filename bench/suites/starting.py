"""Cold start: what the API function does before its first request, and until it has answered it, in fresh processes."""

import subprocess
import sys
from collections.abc import Callable
from compileall import compile_dir
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import loopback
from bench.figures import Figure, at_most
from bench.measurements import Measurements, ratio
from bench.race import Report
from bench.sizes import Size
from local.bundle import unpacked
from local.package import make_package
from local.paths import ROOT

SCRIPT = ROOT / "bench" / "importing_app.py"


@dataclass(frozen=True, slots=True)
class Until:
    """What both sides do before the clock is stopped."""

    word: str
    """As the script knows it."""
    name: str
    peer: str


UNTIL = (
    Until("ready", "cold start of the API function", "chalice + pydantic + boto3 clients"),
    Until("answered", "cold start and first answer, a list", "chalice + pydantic + boto3, the same three calls"),
)

Start = Callable[[str, str], float]
"""Seconds of CPU, by who starts and until when."""


def measure_cold_start(size: Size, report: Report) -> list[Figure]:
    """From the packaged bundle, bytecode included, as Lambda gets it."""
    report("packaging, and compiling what the peer imports")
    compile_dir(_site(), quiet=2)
    with unpacked(make_package("local").bundle) as folder:
        start = partial(_start, folder=folder, url=loopback.start())
        return [_raced(until, start, size.starts, report) for until in UNTIL]


def _raced(until: Until, start: Start, rounds: int, report: Report) -> Figure:
    pairs = []
    for number in range(rounds + 1):
        report(f"{until.word}, start {number}")
        pairs.append((start("ours", until.word), start("peer", until.word)))
    ours, peer = (Measurements.of(side) for side in zip(*pairs[1:], strict=True))
    value = ratio(ours, peer)
    return Figure(
        name=until.name,
        ours=f"{ours.median * 1000:,.0f} ms",
        peer=f"{until.peer}: {peer.median * 1000:,.0f} ms",
        value=value.median,
        spread=value.spread,
        target=at_most(1.3),
        counted=f"CPU, {ours.runs} runs",
    )


def _start(who: str, until: str, *, folder: Path, url: str) -> float:
    """Nothing of the project's folder is in reach, and no bytecode is written."""
    command = [sys.executable, "-I", "-S", "-B", str(SCRIPT), who, until, _site(), str(folder), url]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{who} did not start: {done.stderr}")
    return float(done.stdout)


def _site() -> str:
    return next(path for path in sys.path if path.endswith("site-packages"))
