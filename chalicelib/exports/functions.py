"""What Lambda functions ask of the export machine.

`ExportSteps` keeps it, and brings along everything exports need; `app.py`, which only names it, imports this instead.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from chalicelib.exports.events import ExportEvent, ExportStep, FinishExportEvent, ShardEvent


class ExportFunctions(Protocol):
    def steer(self, event: Mapping[str, Any]) -> dict[str, Any] | None: ...
    def read(self, event: ShardEvent) -> None: ...
    def join(self, event: ExportEvent) -> ExportStep: ...
    def finish(self, event: FinishExportEvent) -> None: ...
