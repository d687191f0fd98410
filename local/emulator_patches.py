"""What the emulator, ministack 1.5.33, needs to be changed in; tests/e2e/test_emulator_patches.py guards each change.

Runs inside the emulator's process, before its server starts. Two changes spare waiting: with them a warm call takes
10 ms, without them 100; one spares half of the work of an import, one a look at every item of a table where a statement
names partitions, one unpacking the code at every start, one waits for processes of functions, one a wait before each
execution. Two are for versions of functions: an execution tells what it has begun with, SAM is told the values of
parameters. Three are about policies (`local/emulator_policies.py`); one limits the memory of functions, one
tries events again that a function failed on, as AWS does, one lets preflights be answered with the headers that the API
is told, one lets the template deploy with its alarms. The design copes with all other differences from AWS.
"""

import asyncio
import json
import re
import socketserver
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ministack.core.lambda_runtime import ProvidedWorker, Worker, ensure_spawned, get_or_create_worker
from ministack.services import apigateway_v1, dynamodb, eventbridge, lambda_svc, stepfunctions
from ministack.services.cloudformation import engine, provisioners
from samtranslator.translator import transform as sam

from local.emulator_policies import enforce_policies
from local.emulator_running import remember_event
from local.emulator_statements import read_statements_once
from local.function_code import unpack_once
from local.paths import BUILD
from local.process_memory import MemoryWatch

QUIET_S = 0.003
"""Functions write their logs before they answer: what is not in the pipe by then is not coming."""
BEGIN_S = 0.15
"""What the emulator waits for before an execution begins."""
DRY_RUN = 204
"""The status of an invocation that is only tried."""
LISTING = re.compile(r'SELECT "pk","sk","record_id" FROM "([^"]+)" WHERE "pk" IN \[[?,]+\]')
LISTS = re.compile(
    r'SELECT "pk","sk","list_sk" FROM "([^"]+)"\."lists" WHERE "list_pk" IN \[[?,]+\] AND "list_sk" BETWEEN \? AND \?'
)


def patch_emulator() -> None:
    """Makes all changes."""
    answer_without_delay()
    collect_logs_without_delay()
    begin_executions_without_delay()
    tell_definitions_of_executions()
    read_statements_once()
    enforce_policies()
    keep_function_code()
    start_on_dry_run()
    list_partitions_by_their_keys()
    give_parameters_to_sam()
    take_alarms_over_several_metrics()
    limit_memory()
    try_events_again()
    keep_headers_of_mocks()


def answer_without_delay() -> None:
    """Sends the two small packets of a response of the Runtime API at once: Nagle's algorithm would hold the second
    back for 40 ms.
    """
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def collect_logs_without_delay() -> None:
    """Waits less for a first line of log after each invocation, for which the emulator takes 50 ms."""
    _first_line_wait, _idle_confirm, hard_cap = Worker._drain_stderr_bounded.__defaults__
    Worker._drain_stderr_bounded.__defaults__ = (QUIET_S, QUIET_S, hard_cap)


class TimeWithoutDelay:
    """Stands for the module `time` where executions run: all of it, but the wait before they begin."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        """Sleeps, as `time.sleep` does, for any other time."""
        if seconds != BEGIN_S:
            time.sleep(seconds)


def begin_executions_without_delay() -> None:
    """Begins an execution at once."""
    stepfunctions.time = TimeWithoutDelay()


def tell_definitions_of_executions() -> None:
    """Tells of an execution the definition that it began with, and is run by, which names the versions of functions
    that it calls. The emulator tells that of the newest deployment.
    """
    run, describe = stepfunctions._run_execution, stepfunctions._describe_state_machine_for_execution
    began_with: dict[str, str] = {}

    def run_and_keep(arn: str) -> None:
        execution = stepfunctions._executions.get(arn) or {}
        if machine := stepfunctions._state_machines.get(execution.get("stateMachineArn")):
            began_with[arn] = machine["definition"]
        run(arn)

    def describe_as_begun(request: dict[str, Any]) -> Any:
        answer = describe(request)
        if definition := began_with.get(request.get("executionArn", "")):
            return stepfunctions.json_response(json.loads(answer[2]) | {"definition": definition})
        return answer

    stepfunctions._run_execution, stepfunctions._describe_state_machine_for_execution = run_and_keep, describe_as_begun


def keep_function_code() -> None:
    """Runs functions in folders that the next start uses again. Nothing is written while a process is being started:
    it would inherit the open file, and then could not run it.
    """

    def code_folder(bundle: bytes) -> str:
        with lambda_svc._provided_code_lock:
            return str(unpack_once(bundle, BUILD / "functions"))

    lambda_svc._provided_runtime_code_dir = code_folder


def start_on_dry_run() -> None:
    """Starts a process for a function whose invocation is only tried, so that its first call finds it. A start that
    fails is told to that call.
    """
    invoke = lambda_svc._invoke

    async def invoke_or_start(name: str, event: Any, headers: Mapping[str, str], *rest: Any) -> Any:
        answer = await invoke(name, event, headers, *rest)
        if answer[0] == DRY_RUN:
            version = answer[1]["X-Amz-Executed-Version"]
            function, config = lambda_svc._effective_func_record_for_qualifier(lambda_svc._functions[name], version)
            with suppress(RuntimeError):
                worker = get_or_create_worker(name, config, function["code_zip"], qualifier=version)
                await asyncio.to_thread(ensure_spawned, worker)
        return answer

    lambda_svc._invoke = invoke_or_start


def list_partitions_by_their_keys() -> None:
    """Lists the items of partitions that a statement names behind IN without a look at all items of the table, and
    those of lists of the index `lists`, of which the emulator takes one alone.
    """
    execute = dynamodb._execute_statement

    def execute_statement(request: dict[str, Any]) -> Any:
        text = request.get("Statement", "")
        for pattern, select in ((LISTING, selected_of), (LISTS, listed_of)):
            found = pattern.fullmatch(text)
            table = dynamodb._tables.get(found[1]) if found else None
            if table:
                return dynamodb.json_response({"Items": select(table, request)})
        return execute(request)

    dynamodb._execute_statement = execute_statement


def selected_of(table: dict[str, Any], request: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns what the statement selects of all items of the partitions that it has as its parameters."""
    found = [item for one in request["Parameters"] for item in table["items"].get(one["S"], {}).values()]
    return [{name: item[name] for name in ("pk", "sk", "record_id") if name in item} for item in found]


def listed_of(table: dict[str, Any], request: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns what the statement selects of all items of the lists that it names between its last two parameters."""
    *lists, since, before = [one["S"] for one in request["Parameters"]]
    items = [item for partition in list(table["items"].values()) for item in list(partition.values())]
    found = [item for item in items if "list_pk" in item and item["list_pk"]["S"] in lists]
    between = [item for item in found if since <= item["list_sk"]["S"] <= before]
    return [{name: item[name] for name in ("pk", "sk", "list_sk")} for item in between]


def give_parameters_to_sam() -> None:
    """Tells the transform of SAM the values of parameters, by which it publishes versions; the emulator tells defaults.
    Both are asked for in one call, one after the other.
    """
    values_of, transform = engine._transform_parameters, sam.transform
    given: dict[str, Any] = {}

    def keep_values(*asked: Any) -> dict[str, Any]:
        given.update(values_of(*asked))
        return dict(given)

    def transform_with_values(template: dict[str, Any], _defaults: Mapping[str, Any], policies: Any) -> Any:
        values = dict(given)
        given.clear()
        return transform(template, values, policies)

    engine._transform_parameters, sam.transform = keep_values, transform_with_values


def take_alarms_over_several_metrics() -> None:
    """Takes an alarm over a sum of metrics, which the emulator refuses, with the stack, as one over a metric that has
    no values: there are no metrics here that could raise either.
    """
    record_of = provisioners._cw_metric_alarm_record

    def record_of_any(name: str, properties: dict[str, Any]) -> Any:
        silent = {"Metrics": None, "Namespace": "sluice", "MetricName": name}
        return record_of(name, properties | silent if properties.get("Metrics") else properties)

    provisioners._cw_metric_alarm_record = record_of_any


def limit_memory() -> None:
    """Kills a function's process that holds more memory than the function has, and says of processes that ended what
    AWS says. The emulator limits their time alone.
    """
    invoke = ProvidedWorker.invoke

    def invoke_within_memory(worker: Any, event: Any, request_id: str, **given: Any) -> dict[str, Any]:
        with MemoryWatch(lambda: worker._proc, worker.config["MemorySize"]) as watch:
            try:
                answer: dict[str, Any] = invoke(worker, event, request_id, **given)
            except RuntimeError:
                if not watch.has_killed:
                    raise
                answer = {"status": "error", "error_payload": {"errorType": "Runtime.ExitError"}}  # as it began
        if answer["status"] == "error":
            _tell_as_aws(answer["error_payload"], request_id, watch)
        return answer

    ProvidedWorker.invoke = invoke_within_memory


def _tell_as_aws(error: Any, request_id: str, watch: MemoryWatch) -> None:
    """Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html"""
    match error:
        case {"errorType": "Runtime.ExitError"}:
            error["errorMessage"] = f"RequestId: {request_id} Error: Runtime exited with error: {watch.ending}"
        case {"errorType": "Sandbox.Timedout", "errorMessage": message}:
            error["errorMessage"] = f"RequestId: {request_id} Error: {message}"


def try_events_again() -> None:
    """Invokes a function by an event of EventBridge as Lambda does: again when it fails, and in the end the event goes
    to the queue that the configuration of its alias names. The emulator does so for other sources alone, and looks for
    a configuration beside the version that the alias leads to, where none is.
    """

    def dispatch(arn: str, payload: str) -> None:
        function, config, _ = lambda_svc._get_func_record_for_ref(arn)
        if function and config:
            record = lambda_svc._execution_record_for_config(function, config)
            asked, _, _ = lambda_svc._get_base_func_record_for_ref(arn)
            record["event_invoke_config"] = lambda_svc._event_invoke_config(asked, qualifier_of(arn))
            lambda_svc.invoke_async_with_retry(record, remember_event(json.loads(payload), arn, payload))

    eventbridge._dispatch_to_lambda = dispatch


def qualifier_of(arn: str) -> str:
    """Returns the version or alias that a function's ARN ends with; of one without it, that of the newest code."""
    return "".join(arn.split(":")[7:]) or "$LATEST"


def keep_headers_of_mocks() -> None:
    """Keeps what a method answers by itself, such as a preflight. Of an integration in an OpenAPI document the emulator
    keeps no more than its type and address, and answers `{}`.
    """
    import_operation = apigateway_v1._import_operation

    def import_with_answers(api_id: str, resource_id: str, method: str, operation: Any, *rest: Any) -> None:
        import_operation(api_id, resource_id, method, operation, *rest)
        for pattern, answer in answers_of_mock(operation).items():
            apigateway_v1._put_integration_response(
                api_id, resource_id, method, answer["statusCode"], {**answer, "selectionPattern": pattern}
            )

    apigateway_v1._import_operation = import_with_answers


def answers_of_mock(operation: dict[str, Any] | None) -> dict[str, Any]:
    """Returns the answers of an operation without a backend by the pattern that selects them; of others none."""
    integration = (operation or {}).get("x-amazon-apigateway-integration") or {}
    answers: dict[str, Any] = integration.get("responses", {}) if integration.get("type") == "mock" else {}
    return {"" if pattern == "default" else pattern: answer for pattern, answer in answers.items()}
