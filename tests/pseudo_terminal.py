"""A program in a pseudo-terminal of so many columns, as a person sees it: what is asked is answered, and what is left
on the screen comes out as text. The program is a function of this process, whose copy it runs in.

Of control sequences it knows those that our command line uses; any other stays in the text, where a test sees it.
"""

import codecs
import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

INTERRUPT = "\x03"
"""Ctrl-C."""
CHILD = 0
"""What a fork returns in the copy."""
ROWS = 50
PATIENCE_S = 600
"""After which a program that neither ends nor asks is killed."""
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_STEP = re.compile(r"\x1b\[(\d+)A|\x1b\[K|\r|\n|[^\x1b\r\n]+|\x1b")


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a program."""

    screen: str
    code: int


def in_terminal(
    program: Callable[[], int], answers: Iterable[tuple[str, str]] = (), *, columns: int = 80, folder: Path
) -> Seen:
    """Runs a function that is a program, in a process of its own; what it returns is its exit code. Each answer is
    given when its question stands at the end of what was printed, and the program waits for it."""
    process_id, terminal = pty.fork()
    if process_id == CHILD:
        _become(program, folder, columns)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    try:
        text = _converse(process_id, terminal, list(answers))
    finally:
        os.close(terminal)
    _, status = os.waitpid(process_id, 0)
    return Seen(drawn(text), os.waitstatus_to_exitcode(status))


def drawn(text: str) -> str:
    """Returns what is left on a screen of what was printed: lines that were drawn over are gone."""
    lines, row = [""], 0
    column = 0
    for found in _STEP.finditer(_STYLE.sub("", text)):
        step = found[0]
        if found[1]:
            row -= min(row, int(found[1]))
        elif step == "\x1b[K":
            lines[row] = lines[row][:column]
        elif step == "\r":
            column = 0
        elif step == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        else:
            lines[row] = lines[row][:column].ljust(column) + step + lines[row][column + len(step) :]
            column += len(step)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _become(program: Callable[[], int], folder: Path, columns: int) -> NoReturn:
    """Makes this process, which is a copy, the program; none of it comes back."""
    code = 70
    try:
        os.chdir(folder)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
        os.environ["COLUMNS"] = str(columns)  # the first stdout of a test's process may not be this terminal
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.alarm(PATIENCE_S)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w", buffering=1), open(2, "w", buffering=1)  # noqa: SIM115
        code = program()
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
    os._exit(code)


def _converse(process_id: int, terminal: int, answers: list[tuple[str, str]]) -> str:
    text, begin = "", 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            return text
        if not chunk:
            return text
        text += decoder.decode(chunk)
        if answers and text[begin:].endswith(f"{answers[0][0]} "):
            _wait_until_asleep(process_id)
            _type(process_id, terminal, answers.pop(0)[1])
            begin = len(text)


def _wait_until_asleep(process_id: int) -> None:
    """Waits until a process sleeps or has ended. Behind its question it sleeps in one place alone: where it reads the
    answer. What comes before that is not safe: an interrupt may be noticed when the next line has been read, an echo
    may stand before the last space of the question."""
    while Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] not in ("S", "Z"):
        time.sleep(0.001)


def _type(process_id: int, terminal: int, keys: str) -> None:
    """Types an answer. Ctrl-C is sent as the signal that a terminal makes of it: the terminal's own echo of it stands
    before or behind what the program prints, as chance has it."""
    if keys == INTERRUPT:
        os.kill(process_id, signal.SIGINT)
    else:
        os.write(terminal, keys.encode())
