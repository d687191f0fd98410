"""The deployed stack against its own document: whatever is asked, no answer is outside the document, and none a 5xx.

The few requests of `make test` are the same every time; `make fuzz` makes many more, and others.
"""

from typing import Any
from uuid import uuid4

import pytest

from chalicelib.api.openapi.routes import docs_page
from chalicelib.model.ids import TenantId
from local.keys import TenantKey, add_key
from local.stack import Stack
from tests.documented_answers import closed_document
from tests.e2e.packagex_client import PackageXClient, send
from tests.fuzzing import FUZZ, NOWHERE, Tenant, TwoTenants, fuzzed_document, fuzzing, secrets_of

pytestmark = pytest.mark.e2e

SCHEMA = fuzzed_document(with_coverage=FUZZ > 0)


@pytest.fixture(scope="module")
def tenants(stack: Stack) -> TwoTenants:
    return TwoTenants(stack.base_url, _tenant(stack), _tenant(stack))


def test_document_and_page_are_served_to_anybody(stack: Stack) -> None:
    document, page = (send("GET", f"{stack.base_url}/{name}") for name in ("openapi.json", "docs"))

    assert (document.status, page.status) == (200, 200), document.content[:1000]
    assert document.body["servers"] == [{"url": stack.base_url}]
    assert set(document.body["paths"]) == set(closed_document()["paths"])
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.content.decode() == docs_page()[0]


@SCHEMA.parametrize()  # type: ignore[untyped-decorator]
@fuzzing(few=6)
def test_no_answer_is_outside_the_document(case: Any, tenants: TwoTenants) -> None:
    tenants.ask(case)


def _tenant(stack: Stack) -> Tenant:
    """With an import that waits for its file, and a webhook."""
    tenant_id, mark = TenantId(str(uuid4())), f"mark-{uuid4().hex}"
    secrets = secrets_of(lambda kind, secret: add_key(stack, TenantKey(tenant_id, secret, kind)), uuid4().hex)
    client = PackageXClient(stack.base_url, secrets["PackageX"], tenant_id)
    import_ = client.create(resource="contact", name=mark)
    webhook = client.post("/v1/webhooks", {"url": NOWHERE, "name": mark}).data
    things = {
        "team_id": tenant_id,
        "import_id": import_["id"],
        "record_id": "con_unknown",
        "webhook_id": webhook["id"],
    }
    return Tenant(secrets=secrets, things=things, mark=mark)
