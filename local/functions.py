"""Every Lambda function of the stack with its memory, its time and its grants; Chalice reads what is made from them.

Comes in: the copy of the project that Chalice packages. Goes out: an entry for each function in `.chalice/config.json`,
and a policy file of its own beside it. The repository keeps neither; `app.py` says what each function does.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.policies import Grant, policy_of

ONE_CPU_MB = 1769
"""With this memory a function gets a whole virtual CPU (AWS Lambda, "Configure Lambda function memory")."""

CONTROL = (Grant.WRITE_LOGS, Grant.READ_CONTROL, Grant.WRITE_CONTROL)
"""What every function needs."""
BATCHES_OF_CONTROL = (*CONTROL, Grant.BATCH_READ_CONTROL)
FIND_OBJECTS = (Grant.LIST_OBJECTS, Grant.LIST_VERSIONS)
READ_SOURCE = (Grant.READ_UPLOADS, Grant.READ_DROPS)
READ_RECORDS = (Grant.READ_SHARD_COUNT, Grant.QUERY_RECORDS, Grant.SELECT_RECORDS, Grant.BATCH_READ_RECORDS)
USE_RECORDS = (
    *READ_RECORDS,
    Grant.INSERT_RECORDS,
    Grant.CHANGE_RECORDS,
    Grant.READ_BEFORE_IMAGES,
    Grant.WRITE_BEFORE_IMAGES,
)
"""To write records is to keep what they were; to undo that, to read it."""
RECOVER_ROWS = (*READ_RECORDS, Grant.READ_BEFORE_IMAGES)
"""To read off the records what a task that died has written, and off their images what it was about to write."""
USE_WORK = (Grant.READ_WORK, Grant.WRITE_WORK)
USE_RESULTS = (Grant.READ_RESULTS, Grant.WRITE_RESULTS)

TELL = (Grant.PUBLISH_EVENTS, Grant.HEAR_WEBHOOKS)
"""Publishing an end, to the bus and to webhooks."""

TASK = (*BATCHES_OF_CONTROL, *FIND_OBJECTS, *USE_WORK)
"""A step or a task of an import."""
END_IMPORTS = (
    *TASK,
    *READ_SOURCE,
    Grant.DELETE_UPLOADS,
    Grant.WRITE_DROP_RESULTS,
    *RECOVER_ROWS,
    *USE_RESULTS,
    Grant.START_IMPORTS,
    Grant.STOP_EXECUTIONS,
    *TELL,
)
"""Writing the result files of an import, publishing its end, stopping what still runs of it, and starting the next one
that waits."""
RUN_IMPORTS = tuple(dict.fromkeys((*END_IMPORTS, *USE_RECORDS)))
"""All phases of an import, and its end."""


@dataclass(frozen=True, slots=True)
class LambdaFunction:
    """A Lambda function as it is deployed."""

    name: str
    """Its name in `app.py`."""
    grants: tuple[Grant, ...]
    memory_mb: int = ONE_CPU_MB
    timeout_s: int = 900
    """Lambda's longest, by default."""

    @property
    def policy_file(self) -> str:
        """The name of its policy file in `.chalice/`."""
        return f"policy-{self.name}.json"


FUNCTIONS = (
    LambdaFunction(
        "api_handler",
        (
            *TASK,
            Grant.FIND_KEYS,
            Grant.LIST_KEYS,
            Grant.FIND_TENANTS,
            Grant.ISSUE_TOKENS,
            Grant.KEEP_SESSIONS,
            Grant.COUNT_REQUESTS,
            Grant.FIND_WEBHOOK,
            Grant.KEEP_WEBHOOKS,
            Grant.QUERY_LISTS,
            Grant.SELECT_LISTED,
            Grant.KEEP_RESPONSES,
            *USE_RECORDS,
            Grant.READ_UPLOADS,
            Grant.READ_DROPS,
            Grant.WRITE_DROP_RESULTS,
            Grant.WRITE_UPLOADS,
            Grant.LIST_UPLOAD_PARTS,
            Grant.DELETE_UPLOADS,
            Grant.DELETE_WORK,
            Grant.DELETE_BEFORE_IMAGES,
            *USE_RESULTS,
            Grant.DELETE_RESULTS,
            Grant.START_IMPORTS,
            Grant.START_EXPORTS,
            Grant.STOP_EXECUTIONS,
            *TELL,
        ),
        memory_mb=1024,
        timeout_s=29,
    ),
    LambdaFunction(
        "plan_import",
        (*TASK, *READ_SOURCE, Grant.READ_SHARD_COUNT, Grant.QUERY_RECORDS, Grant.INSERT_RECORDS),
    ),
    LambdaFunction("run_phases", RUN_IMPORTS),
    LambdaFunction("run_phases_on_workbook", RUN_IMPORTS, memory_mb=3008),
    LambdaFunction("prevalidate", (*TASK, *READ_SOURCE, *READ_RECORDS, Grant.READ_BEFORE_IMAGES)),
    LambdaFunction("prevalidate_workbook", (*TASK, *READ_SOURCE), memory_mb=3008),
    LambdaFunction("find_duplicates", TASK),
    LambdaFunction("run_batch_phase", (*TASK, *USE_RECORDS)),
    LambdaFunction("clean_up_shard", (*TASK, *USE_RECORDS)),
    LambdaFunction("stop_task", (*TASK, *RECOVER_ROWS)),
    LambdaFunction("close_phase", TASK),
    LambdaFunction("describe_source", (*TASK, *READ_SOURCE), memory_mb=3008),
    LambdaFunction("finish_import", END_IMPORTS),
    LambdaFunction("write_results", TASK),
    LambdaFunction(
        "steer_export",
        (
            *BATCHES_OF_CONTROL,
            *FIND_OBJECTS,
            Grant.READ_SHARD_COUNT,
            Grant.DELETE_WORK,
            Grant.WRITE_RESULTS,
            Grant.START_EXPORTS,
            *TELL,
        ),
        memory_mb=1024,
    ),
    LambdaFunction("export_shard", (*TASK, Grant.READ_SHARD_COUNT, Grant.QUERY_RECORDS)),
    LambdaFunction("join_export", (*BATCHES_OF_CONTROL, *FIND_OBJECTS, Grant.READ_WORK, *USE_RESULTS)),
    LambdaFunction(
        "on_file",
        (
            *BATCHES_OF_CONTROL,
            Grant.FIND_TENANTS,
            *FIND_OBJECTS,
            *READ_SOURCE,
            Grant.DELETE_UPLOADS,
            Grant.WRITE_DROP_RESULTS,
            Grant.START_IMPORTS,
            *TELL,
            Grant.SEND_LETTERS,
        ),
        memory_mb=512,
        timeout_s=60,
    ),
    LambdaFunction(
        "on_machine_stopped",
        (
            *BATCHES_OF_CONTROL,
            *FIND_OBJECTS,
            Grant.DELETE_WORK,
            Grant.START_IMPORTS,
            Grant.START_EXPORTS,
            *TELL,
            Grant.SEND_LETTERS,
        ),
        memory_mb=512,
        timeout_s=60,
    ),
    LambdaFunction(
        "reap",
        (
            *BATCHES_OF_CONTROL,
            Grant.FIND_TENANTS,
            *FIND_OBJECTS,
            *READ_SOURCE,
            Grant.DELETE_UPLOADS,
            Grant.WRITE_DROP_RESULTS,
            Grant.READ_WORK,
            Grant.DELETE_WORK,
            Grant.DELETE_RESULTS,
            Grant.START_IMPORTS,
            Grant.START_EXPORTS,
            Grant.STOP_EXECUTIONS,
            *TELL,
        ),
        memory_mb=1024,
        timeout_s=240,
    ),
    LambdaFunction(
        "run_schedules",
        (
            *BATCHES_OF_CONTROL,
            Grant.LIST_OBJECTS,
            Grant.READ_RESULTS,
            Grant.WRITE_DELIVERIES,
            Grant.START_EXPORTS,
        ),
        memory_mb=1024,
        timeout_s=300,
    ),
    LambdaFunction(
        "publish_events",
        (*BATCHES_OF_CONTROL, Grant.QUERY_LISTS, Grant.FIND_WEBHOOK, *TELL, Grant.SEND_LETTERS),
        memory_mb=512,
        timeout_s=120,
    ),
)


def write_chalice_files(project: Path) -> None:
    """Adds every function to the project's `.chalice/config.json`, and writes their policies beside it."""
    folder = project / ".chalice"
    config = json.loads((folder / "config.json").read_text())
    config["lambda_functions"] = {function.name: _entry(function) for function in FUNCTIONS}
    (folder / "config.json").write_text(json.dumps(config))
    for function in FUNCTIONS:
        (folder / function.policy_file).write_text(json.dumps(policy_of(function.grants)))


def _entry(function: LambdaFunction) -> dict[str, Any]:
    return {
        "iam_policy_file": function.policy_file,
        "lambda_memory_size": function.memory_mb,
        "lambda_timeout": function.timeout_s,
    }
