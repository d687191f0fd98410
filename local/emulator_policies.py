"""What the emulator is to know of policies, which it enforces for every request of a stack that asks for that: what a
PartiQL statement does, which partition keys a request names, and each document as it was read before.

tests/e2e/test_emulator_patches.py guards each change.
"""

import json
import re
from functools import lru_cache
from typing import Any

from ministack.core import iam_actions, iam_evaluator

STATEMENT = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM|SELECT\b.*\bFROM)\s+"([^"]+)"(?:\."([^"]+)")?', re.DOTALL)
ACTIONS = {"INSERT": "PartiQLInsert", "UPDATE": "PartiQLUpdate", "DELETE": "PartiQLDelete", "SELECT": "PartiQLSelect"}
DOCUMENTS = 1024
"""How many texts of policies are remembered: a stack has one for each function."""


def enforce_policies() -> None:
    """Makes all changes."""
    authorize_statements()
    tell_leading_keys()
    read_documents_once()


def read_documents_once() -> None:
    """Reads the text of a policy once, not anew for each request that it is about."""
    read = iam_evaluator.parse_policy_document
    read_text = lru_cache(DOCUMENTS)(read)

    def read_again(document: str | dict[str, Any]) -> Any:
        return read_text(document) if isinstance(document, str) else read(document)

    iam_evaluator.parse_policy_document = read_again


def authorize_statements() -> None:
    """Authorizes each PartiQL statement as what it does to its table, as AWS does. The emulator asks for actions named
    BatchExecuteStatement and ExecuteStatement, which IAM does not know, on no table.
    """
    authorize_transactions = iam_actions.dynamodb_transaction_checks

    def checks(action: str, body: bytes, region: str, account_id: str) -> list[tuple[str, str]]:
        if action not in ("dynamodb:BatchExecuteStatement", "dynamodb:ExecuteStatement"):
            return list(authorize_transactions(action, body, region, account_id))
        table = f"arn:aws:dynamodb:{region}:{account_id}:table/"
        return [(f"dynamodb:{action}", table + name) for action, name in statement_checks(body)]

    iam_actions.dynamodb_transaction_checks = checks


def statement_checks(body: bytes) -> list[tuple[str, str]]:
    """Returns action and table, or index, of each kind of statement in a batch, or of a single one, once each."""
    request = _decoded(body)
    found = (STATEMENT.match(statement["Statement"]) for statement in request.get("Statements", [request]))
    return sorted(
        {(ACTIONS[one[1].split()[0]], f"{one[2]}/index/{one[3]}" if one[3] else one[2]) for one in found if one}
    )


def tell_leading_keys() -> None:
    """Tells policies which partition keys a request names (`dynamodb:LeadingKeys`), which the emulator leaves out.
    Those of a transaction are told together.
    """
    context_of = iam_actions.dynamodb_service_context

    def context_with_keys(body: bytes) -> dict[str, Any]:
        keys = leading_keys(_decoded(body or b"{}"))
        return {**(context_of(body) or {}), **({"dynamodb:LeadingKeys": keys} if keys else {})}

    iam_actions.dynamodb_service_context = context_with_keys


def leading_keys(request: dict[str, Any]) -> list[str]:
    """Returns the partition keys that a request names, as far as they are called `pk` and are texts."""
    pieces = [piece for one in request.get("TransactItems", []) for piece in one.values()]
    batches = request.get("RequestItems", {}).values()
    reads = [{"Key": key} for one in batches if isinstance(one, dict) for key in one.get("Keys", [])]
    writes = [piece for one in batches if isinstance(one, list) for write in one for piece in write.values()]
    found = [_named_item(one).get("pk") for one in (request, *pieces, *reads, *writes)]
    return sorted({key["S"] for key in found if key and "S" in key})


def _named_item(request: dict[str, Any]) -> dict[str, Any]:
    asked = (
        {"pk": request.get("ExpressionAttributeValues", {}).get(":pk")} if "KeyConditionExpression" in request else {}
    )
    item: dict[str, Any] = request.get("Key") or request.get("Item") or asked
    return item


@lru_cache(1)
def _decoded(body: bytes) -> Any:
    """Both changes look at the same body, one after the other."""
    return json.loads(body)
