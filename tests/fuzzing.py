"""Requests made of the document, sound ones and broken ones, and their answers held against it.

The document is the closed one, so that a field that nobody documented is an answer outside of it. Two tenants ask in
turn: neither is ever shown what is the other's.
"""

import copy
import itertools
import os
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi import checks

from chalicelib.model.api_keys import KINDS, KeyKind, digest_of, key_id_of
from tests.documented_answers import closed_document

FUZZ = int(os.environ.get("FUZZ", "0"))
"""Random requests for each operation; 0 for a few, which are the same every time."""

METHODS = {"get", "put", "post", "delete", "patch", "options"}
"""Tried where they are not documented."""

UNKNOWABLE: list[CheckFunction] = [checks.positive_data_acceptance]
"""What fits a schema may still be refused: a mapping that names no field, a file that is none."""

STAND_INS = {
    "team_id": "a-team",
    "import_id": "an-import",
    "export_id": "an-export",
    "record_id": "a-record",
    "webhook_id": "a-webhook",
    "delivery_id": "a-delivery",
}
"""Path parameters, and the words that become names of things that are there: random ones lead nowhere."""

NOWHERE = "https://hooks.example.com/sluice"

KEYS = {
    "PackageX": KeyKind.PX,
    "cStar": KeyKind.SK_LIVE,
    "Kasar": KeyKind.KSR_ADMIN,
    "Talkdesk": KeyKind.TD_CLIENT,
}


@dataclass(frozen=True)
class Tenant:
    """Who asks."""

    secrets: Mapping[str, str]
    """By dialect."""
    things: Mapping[str, str]
    """By path parameter."""
    mark: str
    """Stands in whatever is the tenant's."""

    def headers(self, case: Any, base_url: str) -> Mapping[str, str]:
        dialect = case.operation.definition.raw["tags"][0]
        secret = self.secrets[dialect]
        if case.path == "/oauth/token":
            return {"Authorization": _basic(secret)}
        if dialect == "Talkdesk":
            return {"Authorization": f"Bearer {_token(base_url, secret)}"}
        return {"PX-API-KEY": secret} if dialect == "PackageX" else {"Authorization": f"Bearer {secret}"}


def secrets_of(add: Callable[[KeyKind, str], object], ending: str) -> Mapping[str, str]:
    """A new key for each dialect, told to whoever keeps keys."""
    secrets = {dialect: f"{KINDS[kind].prefix}{ending}" for dialect, kind in KEYS.items()}
    for dialect, secret in secrets.items():
        add(KEYS[dialect], secret)
    return secrets


class Turns:
    """Two tenants, one after the other."""

    def __init__(self, base_url: str, one: Tenant, other: Tenant) -> None:
        self._base_url = base_url
        self._turns = itertools.cycle([(one, other), (other, one)])

    def ask(self, case: Any) -> None:
        """Fails where the answer is a 5xx, or outside of the document, or shows what is the other's."""
        caller, other = next(self._turns)
        for name, word in STAND_INS.items():
            if case.path_parameters.get(name) == word:
                case.path_parameters[name] = caller.things.get(name, "unknown")
        answer = case.call_and_validate(
            base_url=self._base_url,
            headers=caller.headers(case, self._base_url),
            excluded_checks=UNKNOWABLE,
            allow_redirects=False,
        )
        assert other.mark not in answer.text or other.mark in str(case.as_curl_command())


def fuzzed_document(*, with_coverage: bool = True) -> Any:
    """`with_coverage`: every limit of every parameter, on both sides, beside random requests and the examples."""
    whole = copy.deepcopy(closed_document())
    for methods in whole["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                _narrow(parameter)
    for schema in whole["components"]["schemas"].values():
        _spare_others(schema)
    whole["paths"] = {path: methods for path, methods in whole["paths"].items() if not _is_open(methods)}
    schema = schemathesis.openapi.from_dict(whole)
    schema.config.phases.coverage.enabled = with_coverage
    schema.config.phases.coverage.unexpected_methods = METHODS
    return schema


def fuzzing(*, few: int) -> settings:
    return settings(
        max_examples=FUZZ or few,
        derandomize=not FUZZ,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@cache
def _token(base_url: str, secret: str) -> str:
    """Good for longer than any test takes."""
    form = {"grant_type": "client_credentials"}
    answer = requests.post(f"{base_url}/oauth/token", form, headers={"Authorization": _basic(secret)}, timeout=60)
    return str(answer.json()["access_token"])


def _basic(secret: str) -> str:
    return f"Basic {b64encode(f'{key_id_of(digest_of(secret))}:{secret}'.encode()).decode()}"


def _narrow(parameter: dict[str, Any]) -> None:
    if parameter["name"] in STAND_INS:
        word = STAND_INS[parameter["name"]]
        parameter |= {"schema": {"type": "string", "enum": [word]}, "example": word}
    if parameter.get("allowEmptyValue"):
        parameter["schema"] = {"anyOf": [parameter["schema"], {"const": ""}]}


def _spare_others(schema: dict[str, Any]) -> None:
    """What is sent to a URL is sent: to one that leads nowhere."""
    url = schema.get("properties", {}).get("url")
    if url is not None:
        schema["properties"]["url"] = {"enum": [NOWHERE]}


def _is_open(methods: Any) -> bool:
    """Without a key, parameters and a body there is nothing to try."""
    return all(operation.get("security") == [] and "requestBody" not in operation for operation in methods.values())
