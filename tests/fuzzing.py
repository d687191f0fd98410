"""Random requests made from the OpenAPI document, valid and invalid ones, whose answers are compared with it.

The document is the closed one, in which an undocumented field makes an answer invalid. Two tenants ask alternately:
neither may ever be shown what belongs to the other.
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
"""The number of random requests for each operation; with 0 a few are made, the same ones every time."""

METHODS = {"get", "put", "post", "delete", "patch"}
"""The methods that are tried where they are not documented; OPTIONS is answered at every path."""

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
"""Words for path parameters, which are replaced by ids that exist: random ids would always be unknown."""

NOWHERE = "https://hooks.example.com/sluice"

KEYS = {
    "PackageX": KeyKind.PX,
    "cStar": KeyKind.SK_LIVE,
    "Kasar": KeyKind.KSR_ADMIN,
    "Talkdesk": KeyKind.TD_CLIENT,
}


@dataclass(frozen=True)
class Tenant:
    """A tenant that sends requests."""

    secrets: Mapping[str, str]
    """The secret of its API key in each dialect."""
    things: Mapping[str, str]
    """The ids of what it owns, by path parameter."""
    mark: str
    """A text that occurs in everything that belongs to the tenant."""

    def headers(self, dialect: str, path: str, base_url: str) -> Mapping[str, str]:
        """Returns the headers that authenticate a request."""
        secret = self.secrets[dialect]
        if path == "/oauth/token":
            return {"Authorization": _basic(secret)}
        if dialect == "Talkdesk":
            return {"Authorization": f"Bearer {_token(base_url, secret)}"}
        return {"PX-API-KEY": secret} if dialect == "PackageX" else {"Authorization": f"Bearer {secret}"}


def secrets_of(add: Callable[[KeyKind, str], object], ending: str) -> Mapping[str, str]:
    """Makes a secret for each dialect, and calls `add` with its kind and the secret."""
    secrets = {dialect: f"{KINDS[kind].prefix}{ending}" for dialect, kind in KEYS.items()}
    for dialect, secret in secrets.items():
        add(KEYS[dialect], secret)
    return secrets


class TwoTenants:
    """Two tenants that send requests alternately."""

    def __init__(self, base_url: str, one: Tenant, other: Tenant) -> None:
        self.base_url, self.one = base_url, one
        self._callers = itertools.cycle([(one, other), (other, one)])

    def ask(self, case: Any) -> None:
        """Sends a request; fails if the answer is a 5xx, is not as documented, or shows what belongs to the other."""
        caller, other = next(self._callers)
        for name, word in STAND_INS.items():
            if case.path_parameters.get(name) == word:
                case.path_parameters[name] = caller.things.get(name, "unknown")
        answer = case.call_and_validate(
            base_url=self.base_url,
            headers=caller.headers(case.operation.definition.raw["tags"][0], case.path, self.base_url),
            excluded_checks=UNKNOWABLE,
            allow_redirects=False,
        )
        assert other.mark not in answer.text or other.mark in str(case.as_curl_command())


def fuzzed_document(*, with_coverage: bool = True) -> Any:
    """Returns the document to make requests from; `with_coverage` adds both sides of every limit of every parameter."""
    whole = copy.deepcopy(closed_document())
    for methods in whole["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                _narrow(parameter)
    for schema in whole["components"]["schemas"].values():
        _allow_one_url(schema)
    whole["paths"] = {path: methods for path, methods in whole["paths"].items() if not _is_open(methods)}
    schema = schemathesis.openapi.from_dict(whole)
    schema.config.phases.coverage.enabled = with_coverage
    schema.config.phases.coverage.unexpected_methods = METHODS
    return schema


def fuzzing(*, few: int) -> settings:
    """Returns settings for `few` requests that are the same every time, or for FUZZ random ones."""
    return settings(
        max_examples=FUZZ or few,
        derandomize=not FUZZ,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@cache
def _token(base_url: str, secret: str) -> str:
    """Gets a token, which is valid for longer than any test takes."""
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


def _allow_one_url(schema: dict[str, Any]) -> None:
    """Allows one URL only, which leads nowhere, because the service would really send to others."""
    url = schema.get("properties", {}).get("url")
    if url is not None:
        schema["properties"]["url"] = {"enum": [NOWHERE]}


def _is_open(methods: Any) -> bool:
    """Whether no operation of a path has a key, parameters or a body to vary."""
    return all(operation.get("security") == [] and "requestBody" not in operation for operation in methods.values())
