"""How much work something is, as the same number on every machine: instructions of Python, not seconds.

What runs within one instruction, as a search of a regular expression does, counts as one.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def instructions_of(do: Callable[[], object], package: str = "chalicelib") -> int:
    """Returns how many instructions of a package are performed while something is done."""
    counted, before = 0, sys.gettrace()

    def enter(frame: FrameType, _event: str, _given: Any) -> Callable[[FrameType, str, Any], Any] | None:
        if not str(frame.f_globals.get("__name__")).startswith(package):
            return None
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        return count

    def count(_frame: FrameType, event: str, _given: Any) -> Callable[[FrameType, str, Any], Any]:
        nonlocal counted
        counted += event == "opcode"
        return count

    sys.settrace(enter)
    try:
        do()
    finally:
        sys.settrace(before)
    return counted
