"""Cold start: what the API function does before its first request, in fresh processes."""

import subprocess
import sys
from pathlib import Path

from bench.figures import Figure, at_most
from bench.measured import Measured, ratio
from bench.race import Tell
from bench.sizes import Size
from local.bundle import unpacked
from local.package import make_package
from local.paths import ROOT

SCRIPT = ROOT / "bench" / "importing_app.py"


def measure_cold_start(size: Size, tell: Tell) -> list[Figure]:
    """From the packaged bundle, bytecode included, as Lambda gets it."""
    tell("packaging")
    with unpacked(make_package("local").bundle) as folder:
        pairs = [_pair(folder, number, tell) for number in range(size.starts + 1)][1:]
    ours, peer = (Measured.of(side) for side in zip(*pairs, strict=True))
    value = ratio(ours, peer)
    return [
        Figure(
            name="cold start of the API function",
            ours=f"{ours.median * 1000:,.0f} ms",
            peer=f"chalice + pydantic + boto3 clients: {peer.median * 1000:,.0f} ms",
            value=value.median,
            spread=value.spread,
            target=at_most(1.3),
            counted=f"CPU, {ours.runs} runs",
        )
    ]


def _pair(folder: Path, number: int, tell: Tell) -> tuple[float, float]:
    tell(f"cold start {number}")
    return _start("ours", folder), _start("peer", folder)


def _start(who: str, folder: Path) -> float:
    """Nothing of the project's folder is in reach, and no bytecode is written."""
    site = next(path for path in sys.path if path.endswith("site-packages"))
    command = [sys.executable, "-I", "-S", "-B", str(SCRIPT), who, site, str(folder)]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{who} did not start: {done.stderr}")
    return float(done.stdout)
