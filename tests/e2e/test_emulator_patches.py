"""The corrections fit the emulator that is pinned, and no other."""

import subprocess

import pytest

from local.paths import EMULATOR_PYTHON, ROOT

pytestmark = pytest.mark.e2e


def ask_emulator(code: str) -> str:
    command = [str(EMULATOR_PYTHON), "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_the_emulator_is_the_version_that_the_corrections_were_written_for() -> None:
    assert ask_emulator("import importlib.metadata as m; print(m.version('ministack'))") == "1.5.33"


def test_the_waits_for_logs_are_still_the_ones_to_shorten() -> None:
    code = "from ministack.core.lambda_runtime import Worker; print(Worker._drain_stderr_bounded.__defaults__)"

    assert ask_emulator(code) == "(0.05, 0.005, 0.25)"


def test_functions_of_a_custom_runtime_still_drain_their_logs_that_way() -> None:
    code = "from ministack.core.lambda_runtime import ProvidedWorker, Worker; print(issubclass(ProvidedWorker, Worker))"

    assert ask_emulator(code) == "True"


def test_the_runtime_api_still_answers_through_the_standard_library() -> None:
    code = """
import inspect
from ministack.core.lambda_runtime import ProvidedWorker
print("RuntimeAPIHandler(http.server.BaseHTTPRequestHandler)" in inspect.getsource(ProvidedWorker))
"""

    assert ask_emulator(code) == "True"


def test_an_execution_still_begins_with_the_wait_that_is_left_out_and_no_other() -> None:
    code = """
import inspect, time
from ministack.services import stepfunctions
from local.emulator_patches import BEGIN_S, begin_executions_without_delay
print(f"time.sleep({BEGIN_S})" in inspect.getsource(stepfunctions._run_execution))
begin_executions_without_delay()
slept = []
time.sleep = slept.append
for seconds in (BEGIN_S, 1):
    stepfunctions.time.sleep(seconds)
print(slept, stepfunctions.time.time is time.time)
"""

    assert ask_emulator(code).splitlines() == ["True", "[1] True"]


def test_functions_still_run_in_the_folder_that_is_asked_for() -> None:
    code = """
import inspect
from ministack.core.lambda_runtime import ProvidedWorker
from ministack.services import lambda_svc
source = inspect.getsource(ProvidedWorker._spawn)
print("code_dir = _provided_runtime_code_dir(self.code_zip)" in source, "with _provided_code_lock:" in source)
print(list(inspect.signature(lambda_svc._provided_runtime_code_dir).parameters))
"""

    assert ask_emulator(code) == "True True\n['code_zip']"


def test_a_function_whose_invocation_is_only_tried_has_a_process_afterwards() -> None:
    code = """
import asyncio
from ministack.services import lambda_svc
from local import emulator_patches
ARN = "arn:aws:lambda:us-east-1:000000000000:function:one"
config = {"FunctionName": "one", "FunctionArn": ARN, "Runtime": "provided.al2023"}
second = {"config": {**config, "Version": "2"}, "code_zip": b"zip of 2"}
aliases = {"live": {"FunctionVersion": "2"}}
lambda_svc._functions["one"] = {"config": config, "code_zip": b"zip", "versions": {"2": second}, "aliases": aliases}
emulator_patches.ensure_spawned = lambda worker: print("started", worker.func_name, worker.code_zip, worker.in_use)
emulator_patches.start_on_dry_run()
for name, qualifier in (("one", None), ("one", "live"), ("unknown", None)):
    print(asyncio.run(lambda_svc._invoke(name, {}, {"x-amz-invocation-type": "DryRun"}, qualifier))[0])
"""

    told = ["started one b'zip' False", "204", "started one b'zip of 2' False", "204", "404"]
    assert ask_emulator(code).splitlines() == told


def test_transactions_are_still_authorized_piece_by_piece_where_statements_join_them() -> None:
    code = """
import inspect
from ministack import app
from ministack.core import iam_actions
print(list(inspect.signature(iam_actions.dynamodb_transaction_checks).parameters))
print("dynamodb_transaction_checks(iam_action, body, region, get_account_id())" in inspect.getsource(app))
"""

    assert ask_emulator(code) == "['iam_action', 'body', 'region', 'account_id']\nTrue"


SAME = """
import json
from ministack.services import dynamodb
from local.emulator_statements import read_statements_once
TEXTS = [
    ("INSERT INTO \\"records\\" VALUE {'pk': ?, 'sk': ?, 'doc': ?}", 3),
    ("INSERT INTO \\"records\\" VALUE {'pk': ?, 'sk': ?}", 3),
    ("INSERT INTO \\"records\\" VALUE {'pk': ?, 'sk': ?}", 1),
    ("INSERT INTO \\"records\\" VALUE {'pk': ?, 'pk': ?}", 2),
    ("INSERT INTO \\"records\\" VALUE {'pk': ?, 'sk': 1}", 1),
    ("INSERT INTO \\"a.b\\" VALUE {'pk': ?}", 1),
    ('UPDATE "records" SET "doc"=? SET "version"=? WHERE "pk"=? AND "sk"=?', 4),
    ('DELETE FROM "records" WHERE "pk"=? AND "sk"=?', 2),
    ('INSERT INTO', 0),
]

def outcome(text, parameters):
    try:
        parsed = dict(dynamodb._parse_partiql(text, parameters))
    except Exception as error:
        return repr(error)
    return {name: repr(parsed[name]) for name in parsed if name not in ("item_token", "where_fn")}

def outcomes():
    values = [{"S": "x"}, {"N": "2"}, {"M": {"y": {"S": "z"}}}, {"S": "w"}]
    return [outcome(text, values[:count]) for text, count in TEXTS] + [outcome(TEXTS[0][0], [{"N": "bad"}] * 3)]

before = outcomes()
read_statements_once()
print(before == outcomes() == outcomes(), len(before))
"""


def test_statements_that_are_read_once_are_read_alike() -> None:
    assert ask_emulator(SAME) == "True 10"


def test_a_statement_of_a_batch_is_still_parsed_twice_with_the_same_parameters() -> None:
    code = """
import inspect
from ministack.services import dynamodb
batch = inspect.getsource(dynamodb._batch_execute_statement)
print(batch.count("_parse_partiql(raw_stmt, stmt.get"), batch.count("_execute_statement(sub)"))
"""

    assert ask_emulator(code) == "1 1"


def test_a_statement_is_authorized_as_what_it_does_to_its_table() -> None:
    code = """
import json
from local.emulator_policies import statement_checks
texts = ['INSERT INTO "a" VALUE {}', 'UPDATE "b" SET x = ?', 'UPDATE "b" SET y = ?', 'DELETE FROM "a" WHERE pk = ?']
texts.append('SELECT "pk" FROM "c"."lists" WHERE pk = ?')
print(statement_checks(json.dumps({"Statements": [{"Statement": text} for text in texts]}).encode()))
"""

    assert ask_emulator(code) == str(
        [("PartiQLDelete", "a"), ("PartiQLInsert", "a"), ("PartiQLSelect", "c/index/lists"), ("PartiQLUpdate", "b")]
    )


def test_the_text_of_a_policy_is_read_once_and_as_the_emulator_reads_it() -> None:
    code = """
from ministack.core import iam_evaluator
from local.emulator_policies import read_documents_once
texts = ['{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}', '{"Statement": 1}', 'no JSON']
once = [iam_evaluator.parse_policy_document(one) for one in texts]
read_documents_once()
again = [iam_evaluator.parse_policy_document(one) for one in texts]
print(again == once, again[0] is iam_evaluator.parse_policy_document(texts[0]), len(again[0]))
print(iam_evaluator.parse_policy_document({"Statement": {"Effect": "Deny"}})[0].effect)
"""

    assert ask_emulator(code) == "True True 1\nDeny"


def test_the_keys_of_requests_are_still_left_out_where_they_are_told() -> None:
    code = """
import inspect
from ministack import app
from ministack.core import iam_actions
print(list(inspect.signature(iam_actions.dynamodb_service_context).parameters))
print("dynamodb_service_context(body) if service" in inspect.getsource(app))
print("LeadingKeys" in inspect.getsource(iam_actions))
"""

    assert ask_emulator(code) == "['body']\nTrue\nFalse"


def test_the_keys_of_a_request_are_those_of_all_that_it_names() -> None:
    code = """
from local.emulator_policies import leading_keys
def pk(key): return {"pk": {"S": key}}
print(leading_keys({"Key": pk("A#1")}), leading_keys({"Item": pk("B#1")}), leading_keys({"Statements": []}))
print(leading_keys({"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "C#1"}}}))
print(leading_keys({"RequestItems": {"t": {"Keys": [pk("D#1"), pk("E#1")]}}}))
print(leading_keys({"TransactItems": [{"Put": {"Item": pk("F#1")}}, {"Update": {"Key": pk("G#1")}}]}))
"""

    assert ask_emulator(code) == "['A#1'] ['B#1'] []\n['C#1']\n['D#1', 'E#1']\n['F#1', 'G#1']"


def test_processes_that_end_and_time_that_runs_out_still_bear_the_names_that_are_told_anew() -> None:
    code = """
import inspect
from ministack.core.lambda_runtime import ProvidedWorker
source = inspect.getsource(ProvidedWorker.invoke)
print(list(inspect.signature(ProvidedWorker.invoke).parameters)[:3])
print('failure_type = "Runtime.ExitError"' in source, 'failure_type = "Sandbox.Timedout"' in source)
"""

    assert ask_emulator(code) == "['self', 'event', 'request_id']\nTrue True"


def test_events_still_reach_functions_by_the_way_that_is_changed() -> None:
    code = """
import inspect
from ministack.services import eventbridge, lambda_svc
print("_dispatch_to_lambda(arn, event_payload)" in inspect.getsource(eventbridge))
print('func.get("event_invoke_config")' in inspect.getsource(lambda_svc.invoke_async_with_retry))
print("invoke_async" not in inspect.getsource(eventbridge._dispatch_to_lambda))
print(list(inspect.signature(lambda_svc.invoke_async_with_retry).parameters))
"""

    assert ask_emulator(code) == "True\nTrue\nTrue\n['func', 'event']"


def test_what_a_method_answers_by_itself_is_still_dropped_where_it_is_kept() -> None:
    code = """
import inspect
from ministack.services import apigateway_v1
source = inspect.getsource(apigateway_v1._import_operation)
print(list(inspect.signature(apigateway_v1._import_operation).parameters)[:4])
print(list(inspect.signature(apigateway_v1._put_integration_response).parameters))
print("responses" not in source, "_import_operation(api_id, resource_id, method.upper(), operation," in
      inspect.getsource(apigateway_v1._import_path_item))
"""

    assert ask_emulator(code).splitlines() == [
        "['api_id', 'resource_id', 'http_method', 'operation']",
        "['api_id', 'resource_id', 'http_method', 'status_code', 'data']",
        "True True",
    ]


def test_partitions_are_listed_by_their_keys() -> None:
    code = """
import inspect
from local.emulator_patches import selected_of
from ministack.services import dynamodb
print("'ExecuteStatement': _execute_statement" in inspect.getsource(dynamodb).replace(chr(34), chr(39)))
table = {"items": {"a": {"1": {"pk": 1, "other": 2}}, "b": {"3": {}}}}
print(selected_of(table, {"Parameters": [{"S": "a"}, {"S": "z"}]}))
"""

    assert ask_emulator(code).splitlines() == ["True", "[{'pk': 1}]"]


def test_lists_are_listed_between_two_bounds() -> None:
    code = """
from local.emulator_patches import listed_of
items = [{"pk": n, "sk": 0, "list_pk": {"S": list_pk}, "list_sk": {"S": str(n)}} for n in range(9) for list_pk in "ab"]
table = {"items": {n: {"-": item} for n, item in enumerate(items)}}
print([one["pk"] for one in listed_of(table, {"Parameters": [{"S": "b"}, {"S": "c"}, {"S": "3"}, {"S": "5"}]})])
"""

    assert ask_emulator(code) == "[3, 4, 5]"


def test_only_methods_without_a_backend_answer_by_themselves() -> None:
    code = """
from local.emulator_patches import answers_of_mock
def operation(kind):
    return {"x-amazon-apigateway-integration": {"type": kind, "responses": {"default": {"statusCode": "200"}}}}
print(answers_of_mock(operation("mock")), answers_of_mock(operation("aws_proxy")), answers_of_mock(None))
"""

    assert ask_emulator(code) == "{'': {'statusCode': '200'}} {} {}"


def test_requests_that_only_read_or_are_an_api_s_change_nothing() -> None:
    code = """
from local.emulator_saving import is_change
def ask(method, path="/", target=""):
    return is_change({"method": method, "path": path, "headers": [(b"x-amz-target", target.encode())]})
print([ask("GET", "/bucket/key"), ask("HEAD", "/bucket"), ask("POST", "/restapis/x/api/_user_request_/v1/imports")])
print([ask("POST", target=f"DynamoDB_20120810.{name}") for name in ("GetItem", "Query", "Scan", "BatchGetItem")])
print([ask("PUT", "/bucket/key"), ask("DELETE", "/bucket/key"), ask("POST", "/bucket/key")])
print([ask("POST", target=f"DynamoDB_20120810.{name}") for name in ("PutItem", "ExecuteStatement")])
"""

    assert ask_emulator(code).splitlines() == [str([False] * 3), str([False] * 4), str([True] * 3), str([True] * 2)]


def test_the_names_are_still_there_that_saving_and_beginning_again_rely_on() -> None:
    code = """
import inspect
from ministack import app
from ministack.core import lambda_runtime, persistence, responses
from ministack.services import cloudformation, lambda_svc, s3, stepfunctions
persistence._state_format_version, persistence._json_default, app._build_persistence_save_dict, cloudformation._stacks
s3._buckets._data, s3._persist_object, lambda_svc.CODE_BLOB_DIR, responses.set_request_region
print("subprocess.Popen(" in inspect.getsource(lambda_runtime.ProvidedWorker))
print("os.replace(tmp, fpath)" in inspect.getsource(s3._atomic_write))
print("asyncio.run(hypercorn_serve(app, config))" in inspect.getsource(app.main))
print(list(inspect.signature(stepfunctions._run_execution).parameters), "RUNNING" in inspect.getsource(stepfunctions))
print(inspect.getsource(lambda_svc.invoke_async_with_retry).count("_execute_function(func, event)"))
"""

    assert ask_emulator(code).splitlines() == ["True", "True", "True", "['exec_arn'] True", "1"]


def test_an_event_is_on_its_way_for_as_long_as_it_is_held() -> None:
    code = """
from local.emulator_running import list_events, remember_event
held = [remember_event({"a": 1}, "arn:one", "{}"), remember_event({"a": 1}, "arn:two", "[]")]
print(sorted(list_events()), held[0] == {"a": 1})
held.pop(0)
print(list_events())
"""

    assert ask_emulator(code) == "[['arn:one', '{}'], ['arn:two', '[]']] True\n[['arn:two', '[]']]"
