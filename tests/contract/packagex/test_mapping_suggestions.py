"""Mapping suggestions as PackageX clients see them."""

from typing import Any

import pytest

from tests.contract.packagex.clients import PackageXClient


def suggestion(**body: Any) -> dict[str, Any]:
    response = PackageXClient().post("/v1/mapping-suggestions", body)
    assert response.status_code == 200
    data: dict[str, Any] = response.json_body["data"]
    return data


def test_each_column_is_given_a_field() -> None:
    body = {
        "resource": "contact",
        "headers": ["E-Mail-Adresse", "Vorname", "Geburtstag"],
        "samples": [["jana@example.com", "Jana", "1990-04-12"]],
    }

    response = PackageXClient().post("/v1/mapping-suggestions", body)

    assert response.status_code == 200
    assert response.json_body == {
        "message": "Mapping suggested.",
        "data": {
            "object": "mapping_suggestion",
            "resource": "contact",
            "header_sample": None,
            "columns": [
                {
                    "header": "E-Mail-Adresse",
                    "field": "email",
                    "confidence": 0.95,
                    "candidates": [
                        {"field": "email", "label": "Email", "confidence": 0.95, "why": ["words", "values"]}
                    ],
                },
                {
                    "header": "Vorname",
                    "field": "first_name",
                    "confidence": 0.95,
                    "candidates": [
                        {"field": "first_name", "label": "First name", "confidence": 0.95, "why": ["words", "values"]}
                    ],
                },
                {"header": "Geburtstag", "field": None, "confidence": 0, "candidates": []},
            ],
            "column_mapping": {"email": "E-Mail-Adresse", "first_name": "Vorname"},
            "missing": [],
        },
        "status": 200,
        "errors": [],
        "code": None,
        "events": [],
        "pagination": None,
        "endpoint": "/v1/mapping-suggestions",
    }


def test_the_mapping_is_one_that_an_import_takes() -> None:
    headers = ["Labels", "Labels", "Full name", "", "E-mail"]
    client = PackageXClient()
    mapping = client.post("/v1/mapping-suggestions", {"resource": "customers", "headers": headers}).json_body["data"]
    rows = [{"Full name": "Ann", "E-mail": "ann@example.com", "Labels": "vip"}]

    response = client.post(
        "/v1/imports",
        {
            "upload_mode": "sync",
            "resource": "customers",
            "action": "merge",
            "data": rows,
            "column_mapping": mapping["column_mapping"],
        },
    )

    assert mapping["column_mapping"] == {"tags": "Labels", "name": "Full name", "email": "E-mail"}
    assert response.status_code == 201


def test_a_header_line_below_a_title_is_found_among_the_samples() -> None:
    found = suggestion(
        resource="customer",
        headers=["Customers", "", ""],
        samples=[["Email", "Full name", "Notes"], ["ann@example.com", "Ann Lee", "none"]],
    )

    assert found["header_sample"] == 1
    assert found["column_mapping"] == {"email": "Email", "name": "Full name", "notes": "Notes"}


def test_what_a_new_record_lacks_is_told() -> None:
    assert suggestion(resource="items", headers=["SKU", "Price"])["missing"] == ["name"]
    assert suggestion(resource="contacts", headers=["Email"])["missing"] == ["name"]
    assert suggestion(resource="users", headers=["Current email"])["missing"] == ["full_name"]


def test_cells_may_be_any_plain_json_value() -> None:
    samples = [[True, 12, None, 4.5], [False, 13, "x", 5]]

    found = suggestion(resource="users", headers=["Aktiv", "Nebenstelle", "Rolle", "Team"], samples=samples)

    assert [one["field"] for one in found["columns"]] == ["active", "internal_extension", "role", "team"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"headers": ["Email"]}, "resource: Required."),
        ({"resource": "spaceship", "headers": ["Email"]}, "resource: There is no resource 'spaceship'."),
        ({"resource": "contact"}, "headers: Required."),
        ({"resource": "contact", "headers": []}, "headers: List should have at least 1 item after validation, not 0."),
        (
            {"resource": "contact", "headers": ["x"] * 1025},
            "headers: List should have at most 1024 items after validation, not 1025.",
        ),
        (
            {"resource": "contact", "headers": ["x"], "samples": [["y"]] * 21},
            "samples: List should have at most 20 items after validation, not 21.",
        ),
        ({"resource": "contact", "headers": [1]}, "headers.0: Input should be a valid string."),
        ({"resource": "contact", "headers": ["x"], "sample": []}, "sample: Unknown parameter."),
    ],
)
def test_a_bad_request_is_refused(body: dict[str, Any], error: str) -> None:
    answer = PackageXClient().post("/v1/mapping-suggestions", body).json_body

    assert (answer["status"], answer["code"], answer["errors"]) == (400, "validation_failed", [error])


def test_as_many_and_as_strange_columns_as_there_may_be_are_answered() -> None:
    headers = ["💥", "\x00", " ", "(((", "a" * 50_000, *(f"e-mail {number}" for number in range(1_019))]

    found = suggestion(resource="contact", headers=headers, samples=[["\ud83d\ude00" * 1_000] * 1_024] * 2)

    assert len(found["columns"]) == 1_024
    assert len(found["column_mapping"]) <= 1
