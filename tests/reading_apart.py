"""Reads files in a process of their own, which ends where they take too much memory or time.

`python -m tests.reading_apart MEGABYTES SECONDS FILE…` prints a line for each file: its number of rows or the code of
its refusal, and at last the peak of the resident memory.
"""

import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from chalicelib.errors import Refused
from chalicelib.formats import open_table
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.reading_options import ReadingOptions

UNCOUNTED_MB = 250
"""Addresses that a process has reserved and does not use: libraries, freed blocks, arenas."""


@dataclass(frozen=True)
class ReadApart:
    outcomes: list[str]
    """A number of rows, or the code of a refusal, for each file that was read to its end."""
    peak_mb: int
    errors: str = ""


def read_apart(files: list[Path], *, most_mb: int, most_s: int) -> ReadApart:
    """Reads files one after the other; `most_s` are the seconds of processor time that each may take."""
    command = [sys.executable, "-m", "tests.reading_apart", str(most_mb), str(most_s), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60 + 2 * most_s * len(files), check=False)
    lines = done.stdout.split()
    peak = int(lines.pop()) if len(lines) > len(files) else sys.maxsize
    return ReadApart(lines, peak, done.stderr[-2_000:])


def _outcome_of(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return str(sum(1 for _ in open_table(stream, ReadingOptions(), DEFAULT_LIMITS).rows))
    except Refused as refusal:
        return refusal.code


def peak_mb() -> int:
    """Returns the peak of this process; what `resource` says on Linux may be that of its parent."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 20


def main(most_mb: int, most_s: int, files: list[str]) -> None:
    addresses = (most_mb + UNCOUNTED_MB) << 20
    resource.setrlimit(resource.RLIMIT_AS, (addresses, addresses))
    for file in files:
        signal.setitimer(signal.ITIMER_PROF, most_s)  # its signal ends the process
        print(_outcome_of(Path(file)), flush=True)
    print(peak_mb())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
