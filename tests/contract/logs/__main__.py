"""Makes functions work, with a line logged at every call of theirs that goes through boto; prints what they log.

    python -m tests.contract.logs

A process of its own, as a Lambda function is one. The extra lines stand where any line of the core might stand: they
show whether a line that is written there would say what it is about.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

import botocore.handlers

from tests.contract.policies.__main__ import (
    announce,
    export,
    hold_imports,
    import_files,
    import_records,
    keep_imports,
    schedule,
)
from tests.contract.policies.recorder import Recorder
from tests.contract.policies.stack import running_stack

IDS = re.compile(r"(?:imp|exp)_[a-z2-7]{26}")
SCENARIOS = (import_files, import_records, keep_imports, hold_imports, export, schedule, announce)


def main() -> None:
    recorder = Recorder()
    logger = logging.getLogger("chalicelib.calls")

    def say(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        """What is sent is the address and a body, which may be a file that is read but once."""
        if recorder.function and model.service_model.service_name != "dynamodb":  # asked in threads of the loopback
            about = sorted(set(IDS.findall(f"{params['url']} {params['body']!r}")))
            logger.warning("%s calls %s about %s", recorder.function, model.name, " ".join(about))

    botocore.handlers.BUILTIN_HANDLERS += [("before-call", say)]
    with running_stack(recorder) as stack:
        for scenario in SCENARIOS:
            scenario(stack)


if __name__ == "__main__":
    main()
