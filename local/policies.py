"""What a Lambda function may be granted, by name, and the IAM policy that follows from its grants.

Comes in: the grants of one function, as `local/functions.py` lists them. Goes out: a policy document with a statement
for each grant. `tests/contract/policies` holds the grants against the calls that the functions really make.

Keys, tokens and the secrets of webhooks lie in the control table, beside all that every function reads and writes. What
an item is, its partition key begins with, and by that IAM tells them apart:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from collections.abc import Iterable
from enum import Enum
from typing import Any

Arn = dict[str, Any]
"""A resource as CloudFormation is told of it."""


def _attribute(resource: str) -> Arn:
    return {"Fn::GetAtt": [resource, "Arn"]}


def _objects(prefix: str) -> Arn:
    return {"Fn::Sub": f"${{Bucket.Arn}}/{prefix}/*"}


def _named(service: str, name: str) -> Arn:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{name}"}


CONTROL_TABLE = _attribute("ControlTable")
CONTROL_INDEX: Arn = {"Fn::Sub": "${ControlTable.Arn}/index/*"}
RECORDS_TABLE = _attribute("RecordsTable")
IDEMPOTENCY_TABLE = _attribute("IdempotencyTable")
BUCKET = _attribute("Bucket")
UPLOADS, DROPS, WORK, BEFORE, RESULTS, DELIVERIES = map(
    _objects, ("uploads", "drop", "work", "before", "results", "deliveries")
)
IMPORT_MACHINE, EXPORT_MACHINE = (
    _named("states", f"stateMachine:${{AWS::StackName}}-{kind}") for kind in ("import", "export")
)
IMPORT_EXECUTIONS, EXPORT_EXECUTIONS = (
    _named("states", f"execution:${{AWS::StackName}}-{kind}:*") for kind in ("import", "export")
)
DEAD_LETTERS = _attribute("DeadLetters")
EVENT_BUS = _named("events", "event-bus/${EventBus}")
LOG_GROUPS = _named("logs", "log-group:/aws/lambda/${AWS::StackName}-*")

GET = ("s3:GetObject", "s3:GetObjectVersion")
PUT = ("s3:AbortMultipartUpload", "s3:PutObject")
DELETE = ("s3:DeleteObject", "s3:DeleteObjectVersion")
WRITE_ITEMS = ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")


SECRETS = ("KEY", "KEYS", "REQUESTS", "SESSION", "TOKEN", "WEBHOOKS")
"""The kinds of items in the control table by which callers are known, counted and answered."""

LEADING_KEYS = "dynamodb:LeadingKeys"

Condition = dict[str, dict[str, Any]]
"""What a request must be like, as IAM is told of it."""


def _keys(comparison: str, kinds: Iterable[str]) -> Condition:
    """Returns the condition on the partition keys of a request. Without any, `ForAllValues` would hold of whatever."""
    patterns = [f"{kind}#*" for kind in kinds]
    return {f"ForAllValues:{comparison}": {LEADING_KEYS: patterns}, "Null": {LEADING_KEYS: "false"}}


NO_SECRETS = _keys("StringNotLike", SECRETS)
ANYTHING: Condition = {}


class Grant(Enum):
    """A right that functions have in common: its actions, the resources on which they are allowed, and the condition
    that a request must fulfil. None lets a function write a key: whoever has the right to run `local/keys.py` does.
    """

    WRITE_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"), (LOG_GROUPS,)

    READ_CONTROL = ("dynamodb:GetItem", "dynamodb:Query"), (CONTROL_TABLE,), NO_SECRETS
    BATCH_READ_CONTROL = ("dynamodb:BatchGetItem",), (CONTROL_TABLE,), NO_SECRETS
    WRITE_CONTROL = WRITE_ITEMS, (CONTROL_TABLE,), NO_SECRETS
    FIND_KEYS = ("dynamodb:GetItem",), (CONTROL_TABLE,), _keys("StringLike", ["KEY"])
    LIST_KEYS = ("dynamodb:BatchGetItem",), (CONTROL_TABLE,), _keys("StringLike", ["KEY"])
    FIND_TENANTS = ("dynamodb:Query",), (CONTROL_TABLE,), _keys("StringLike", ["KEYS"])
    """A tenant is known when a key was ever made for it; and which keys it has."""
    ISSUE_TOKENS = ("dynamodb:GetItem", "dynamodb:PutItem"), (CONTROL_TABLE,), _keys("StringLike", ["TOKEN"])
    KEEP_SESSIONS = ("dynamodb:GetItem", "dynamodb:PutItem"), (CONTROL_TABLE,), _keys("StringLike", ["SESSION"])
    COUNT_REQUESTS = ("dynamodb:UpdateItem",), (CONTROL_TABLE,), _keys("StringLike", ["REQUESTS"])
    HEAR_WEBHOOKS = ("dynamodb:Query", "dynamodb:UpdateItem"), (CONTROL_TABLE,), _keys("StringLike", ["WEBHOOKS"])
    """For those that publish events: which webhooks hear of one, and that there is something for them."""
    FIND_WEBHOOK = ("dynamodb:GetItem",), (CONTROL_TABLE,), _keys("StringLike", ["WEBHOOKS"])
    KEEP_WEBHOOKS = WRITE_ITEMS, (CONTROL_TABLE,), _keys("StringLike", ["WEBHOOKS", "COUNT"])
    """A webhook and the count of them are written in one transaction; IAM may look at the keys of both together."""
    QUERY_LISTS = ("dynamodb:Query",), (CONTROL_INDEX,)
    SELECT_LISTED = ("dynamodb:PartiQLSelect",), (CONTROL_INDEX,)
    """Imports and exports, by all that they can be filtered by."""
    KEEP_RESPONSES = ("dynamodb:GetItem", *WRITE_ITEMS), (IDEMPOTENCY_TABLE,)

    READ_SHARD_COUNT = ("dynamodb:GetItem",), (RECORDS_TABLE,)
    QUERY_RECORDS = ("dynamodb:Query",), (RECORDS_TABLE,)
    SELECT_RECORDS = ("dynamodb:PartiQLSelect",), (RECORDS_TABLE,)
    BATCH_READ_RECORDS = ("dynamodb:BatchGetItem",), (RECORDS_TABLE,)
    INSERT_RECORDS = ("dynamodb:PartiQLInsert",), (RECORDS_TABLE,)
    """The number of shards is an item of this table, too."""
    CHANGE_RECORDS = ("dynamodb:PartiQLDelete", "dynamodb:PartiQLUpdate"), (RECORDS_TABLE,)

    LIST_OBJECTS = ("s3:ListBucket",), (BUCKET,)
    """Without it S3 answers 403 for an object that is absent."""
    LIST_VERSIONS = ("s3:ListBucketVersions",), (BUCKET,)
    READ_UPLOADS = GET, (UPLOADS,)
    WRITE_UPLOADS = PUT, (UPLOADS,)
    LIST_UPLOAD_PARTS = ("s3:ListMultipartUploadParts",), (UPLOADS,)
    DELETE_UPLOADS = DELETE, (UPLOADS,)
    READ_DROPS = GET, (DROPS,)
    WRITE_DROP_RESULTS = ("s3:PutObject",), (DROPS,)
    """A dropped file's result lies beside it."""
    READ_WORK = GET, (WORK,)
    WRITE_WORK = PUT, (WORK,)
    DELETE_WORK = DELETE, (WORK,)
    READ_BEFORE_IMAGES = ("s3:GetObject",), (BEFORE,)
    WRITE_BEFORE_IMAGES = ("s3:PutObject",), (BEFORE,)
    DELETE_BEFORE_IMAGES = DELETE, (BEFORE,)
    READ_RESULTS = GET, (RESULTS,)
    WRITE_RESULTS = PUT, (RESULTS,)
    DELETE_RESULTS = DELETE, (RESULTS,)
    WRITE_DELIVERIES = PUT, (DELIVERIES,)

    START_IMPORTS = ("states:StartExecution",), (IMPORT_MACHINE,)
    START_EXPORTS = ("states:StartExecution",), (EXPORT_MACHINE,)
    STOP_EXECUTIONS = ("states:DescribeExecution", "states:StopExecution"), (IMPORT_EXECUTIONS, EXPORT_EXECUTIONS)
    PUBLISH_EVENTS = ("events:PutEvents",), (EVENT_BUS,)
    SEND_LETTERS = ("sqs:SendMessage",), (DEAD_LETTERS,)
    """Lambda does it, in the function's name, with an event that failed to the last try."""

    def __init__(self, actions: tuple[str, ...], resources: tuple[Arn, ...], condition: Condition = ANYTHING) -> None:
        self.actions = actions
        self.resources = resources
        self.condition = condition


def policy_of(grants: Iterable[Grant]) -> dict[str, Any]:
    """Returns the IAM policy document that allows these grants and nothing else."""
    return {"Version": "2012-10-17", "Statement": [_statement(grant) for grant in grants]}


def _statement(grant: Grant) -> dict[str, Any]:
    condition = {"Condition": grant.condition} if grant.condition else {}
    return {"Effect": "Allow", "Action": list(grant.actions), "Resource": list(grant.resources), **condition}
