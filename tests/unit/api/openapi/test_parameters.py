"""Parameters of an operation: from its path, its query model, and its method."""

import pytest

from chalicelib.api.http.router import Route
from chalicelib.api.kasar.openapi import DESCRIPTION as KASAR
from chalicelib.api.kasar.requests import KasarExportQuery
from chalicelib.api.openapi.operation import PathParameter
from chalicelib.api.openapi.parameters import each_header_parameter, each_path_parameter, each_query_parameter
from chalicelib.api.openapi.responses import each_schema
from chalicelib.api.openapi.schemas import Schemas
from chalicelib.api.packagex.openapi import DESCRIPTION as PACKAGEX
from chalicelib.api.packagex.records.requests import PackageXRecordsQuery
from chalicelib.model.api_keys import Scope


def test_a_path_parameter_has_its_words() -> None:
    described = {"object": PathParameter("The kind.", "contacts", ("contacts", "companies"))}

    [parameter] = each_path_parameter("/api/v1/import/{object}", described)

    assert (parameter["name"], parameter["required"], parameter["example"]) == ("object", True, "contacts")
    assert parameter["schema"]["enum"] == ["contacts", "companies"]


def test_a_path_parameter_without_a_description_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        list(each_path_parameter("/v1/{import_id}", {}))


def test_each_field_of_a_query_is_a_parameter_by_its_alias() -> None:
    schemas = Schemas(KASAR, each_schema(KASAR), is_closed=False)

    found = {one["name"]: one for one in each_query_parameter(schemas, KasarExportQuery)}

    assert {"format", "fields", "filters", "limit"} <= set(found)
    assert "fields_" not in found
    assert found["filters"]["schema"] == {"type": "string"}
    assert all(one["allowEmptyValue"] for one in found.values())


def test_unknown_names_are_filters_where_a_query_takes_them() -> None:
    schemas = Schemas(PACKAGEX, each_schema(PACKAGEX), is_closed=False)

    found = [one["name"] for one in each_query_parameter(schemas, PackageXRecordsQuery)]

    assert found == ["limit", "cursor", "filters"]


@pytest.mark.parametrize(("method", "names"), [("POST", ["Idempotency-Key"]), ("GET", [])])
def test_the_idempotency_key_is_told_where_it_is_taken(method: str, names: list[str]) -> None:
    route = Route(method, "/", Scope.IMPORTS_WRITE, lambda call: "")

    assert [one["name"] for one in each_header_parameter(route)] == names
