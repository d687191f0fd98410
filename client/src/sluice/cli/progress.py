"""How far an import is, as lines: what was sent, then its seven phases with their rows."""

import math
import time
from collections.abc import Callable, Iterator

from sluice.cli.layout import counted, number, padded, size
from sluice.cli.screen import Live, Screen
from sluice.imports import Import, Progress
from sluice.models.exports import ExportProgress
from sluice.models.imports import ImportFields, ImportProgress, Phase

NAME_CELLS, COUNT_CELLS, LEFT_CELLS = 15, 13, 11
SENT_CELLS, SENT_RIGHT_CELLS, EXPORT_CELLS = 13, 44, 12
RATED_AFTER_S = 1.0
"""Before that, a rate would say nothing."""
OPEN_ENDED = frozenset({"prevalidation", "cleanup"})
"""How much there is to read, or to clean up, shows only on the way."""
FULL, EMPTY = "█", "░"
_BAR_CELLS_AT_MOST = 40


def lines_of(progress: Progress, width: int, per_second: float | None = None) -> Iterator[str]:
    """Yields the lines: one while a file is sent, so many bytes a second, and seven while phases run."""
    state = progress.state
    if state is None:
        yield _sent_line(progress, width, per_second)
        return
    for phase in state.phases:
        yield _phase_line(phase, width, state.progress)


def watcher(live: Live, width: int, clock: Callable[[], float] = time.monotonic) -> Callable[[Progress], None]:
    """Returns what shows progress as it is told; `clock` counts seconds."""
    first: tuple[float, int] | None = None

    def watch(progress: Progress) -> None:
        nonlocal first
        first = first or (clock(), progress.bytes_sent)
        passed_s, sent = clock() - first[0], progress.bytes_sent - first[1]
        live.show(lines_of(progress, width, sent / passed_s if passed_s >= RATED_AFTER_S else None))

    return watch


def followed(screen: Screen, begun: Import) -> Import:
    """Waits for the end of an import, shows how far it is, and returns it. After Ctrl-C it says what becomes of it."""
    try:
        return rehearsed(screen, begun)
    except KeyboardInterrupt:
        screen.say("", "The import goes on.", f"  Look     sluice imports follow {begun.id}")
        screen.say(f"  Stop     sluice imports cancel {begun.id}")
        raise


def rehearsed(screen: Screen, begun: Import) -> Import:
    """Waits for the end of a rehearsal, shows how far it is, and returns it."""
    with screen.live() as live:
        return begun.wait(on_progress=watcher(live, screen.width))


def awaited(screen: Screen, begun: Import) -> Import:
    """Waits for the end of an import, shows how far it is meanwhile and nothing of it afterwards, and returns it."""
    with screen.live() as live:
        ended = begun.wait(on_progress=watcher(live, screen.width))
        live.show([])
        return ended


def export_lines(progress: ExportProgress, width: int) -> Iterator[str]:
    """Yields how far an export is: what has been read so far, then what has been written."""
    if progress.rows is None:
        yield f"  reading   {counted(progress.records_read, 'record')}"
        return
    total = progress.rows_total or progress.rows
    right = f"  {number(progress.rows_written)} of {counted(total, 'row')}"
    cells = max(0, min(_BAR_CELLS_AT_MOST, width - EXPORT_CELLS - len(right)))
    yield f"{padded('  writing', EXPORT_CELLS)}{_bar(progress.rows_written, total, cells)}{right}"


def rows_of(state: ImportFields) -> int:
    """Returns how many rows have been read so far."""
    return state.stats.total or max((phase.total for phase in state.phases), default=0)


def _sent_line(progress: Progress, width: int, per_second: float | None) -> str:
    sent, total = progress.bytes_sent, progress.bytes_total
    if sent >= total:
        return f"{padded('  sent', NAME_CELLS + 2)}100 %   {size(total)}"
    left = padded(f"  sent {100 * sent // total} %", SENT_CELLS)
    right = f"  {size(sent)} of {size(total)}"
    if per_second:
        right += f"   {size(round(per_second))}/s   {math.ceil((total - sent) / per_second):,} s"
    cells = max(0, min(_BAR_CELLS_AT_MOST, width - SENT_CELLS - SENT_RIGHT_CELLS))
    return f"{left}{_bar(sent, total, cells)}{right}"


def _phase_line(phase: Phase, width: int, progress: ImportProgress) -> str:
    name = padded(f"  {phase.name}", NAME_CELLS + 2)
    if phase.status in ("pending", "skipped"):
        return f"{name}{'not needed' if phase.status == 'skipped' else '·'}"
    rows = padded(counted(phase.processed, "row"), COUNT_CELLS, is_right=True)
    right = f"{number(phase.error)} out" if phase.error else ""
    if phase.status == "processing" and progress.rows_per_second:
        right = f"{number(progress.rows_per_second)}/s"
    right = padded(right, min(LEFT_CELLS, width - NAME_CELLS - 2 - COUNT_CELLS), is_right=True)
    cells = min(_BAR_CELLS_AT_MOST, width - NAME_CELLS - COUNT_CELLS - LEFT_CELLS - 4)
    is_open = phase.status == "processing" and phase.name in OPEN_ENDED
    bar = EMPTY * cells if is_open else _bar(phase.processed, phase.total, cells)
    return f"{name}{bar}{rows}{right}".rstrip()


def _bar(done: int, total: int, cells: int) -> str:
    full = cells if done >= total else cells * done // max(1, total)
    return FULL * full + EMPTY * (cells - full)
