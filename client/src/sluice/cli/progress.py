"""How far an import is, as lines: what was sent, then its seven phases with their rows."""

from collections.abc import Callable, Iterator

from sluice.cli.layout import number, padded, size
from sluice.cli.screen import Live
from sluice.imports import Progress
from sluice.models.imports import ImportFields, Phase

NAME_CELLS, COUNT_CELLS, LEFT_CELLS = 15, 13, 11
FULL, EMPTY = "█", "░"
_BAR_CELLS_AT_MOST = 40


def lines_of(progress: Progress, width: int, sent: tuple[int, int] = (0, 0)) -> Iterator[str]:
    """Yields the lines; `sent` are bytes that were sent, and all bytes, of a file that came before the phases."""
    bytes_sent, bytes_total = (progress.bytes_sent, progress.bytes_total) if progress.state is None else sent
    if bytes_total:
        yield _sent_line(bytes_sent, bytes_total, width)
    if progress.state is not None:
        yield from (_phase_line(phase, width) for phase in progress.state.phases)


def watcher(live: Live, width: int) -> Callable[[Progress], None]:
    """Returns what shows progress as it is told."""
    sent = (0, 0)

    def watch(progress: Progress) -> None:
        nonlocal sent
        if progress.bytes_total:
            sent = (progress.bytes_sent, progress.bytes_total)
        live.show(lines_of(progress, width, sent))

    return watch


def rows_of(state: ImportFields) -> int:
    """Returns how many rows have been read so far."""
    return state.stats.total or max((phase.total for phase in state.phases), default=0)


def _sent_line(sent: int, total: int, width: int) -> str:
    name, percent = padded("  sent", NAME_CELLS + 2), f"{100 * sent // total} %"
    if sent >= total:
        return f"{name}100 %   {size(total)}"
    return f"{name}{_bar(sent, total, width)}  {percent}  {size(sent)} of {size(total)}"


def _phase_line(phase: Phase, width: int) -> str:
    name = padded(f"  {phase.name}", NAME_CELLS + 2)
    if phase.status in ("pending", "skipped"):
        return f"{name}{'not needed' if phase.status == 'skipped' else '·'}"
    rows = padded(f"{number(phase.processed)} rows", COUNT_CELLS, is_right=True)
    left = padded(f"{number(phase.error)} out", LEFT_CELLS, is_right=True) if phase.error else ""
    return f"{name}{_bar(phase.processed, phase.total, width)}{rows}{left}".rstrip()


def _bar(done: int, total: int, width: int) -> str:
    cells = min(_BAR_CELLS_AT_MOST, width - NAME_CELLS - COUNT_CELLS - LEFT_CELLS - 4)
    full = cells if done >= total else cells * done // max(1, total)
    return FULL * full + EMPTY * (cells - full)
