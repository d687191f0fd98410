"""Two tenants with keys of every kind, each with an import and a record that bear its mark.

In goes a running stack; out come headers for any dialect, and requests in which stand-ins have become what is there.
"""

import itertools
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from chalicelib.model.ids import TenantId
from chalicelib.model.keys import KINDS, KeyKind
from local.key_command import new_secret
from local.keys import TenantKey, add_key
from local.stack import Stack
from tests.e2e.phased_client import PhasedClient
from tests.fuzzing import STAND_INS

KINDS_OF = {"PackageX": KeyKind.PX, "cStar": KeyKind.SK_LIVE, "Kasar": KeyKind.KSR_ADMIN}


class Tenant:
    """One of them."""

    def __init__(self, stack: Stack) -> None:
        self.tenant_id = TenantId(str(uuid4()))
        self.mark = f"mark-{self.tenant_id}"
        self._secrets = {tag: self._key(stack, kind) for tag, kind in KINDS_OF.items()}
        client = PhasedClient(stack.base_url, self._secrets["PackageX"], self.tenant_id)
        contact = {"name": self.mark, "email": f"{self.mark}@example.com"}
        import_ = client.create(upload_mode="sync", resource="contact", data=[contact], name=self.mark)
        self.things = {"team_id": self.tenant_id, "import_id": import_["id"], "record_id": "con_unknown"}

    def headers(self, tag: str) -> Mapping[str, str]:
        secret = self._secrets[tag]
        return {"PX-API-KEY": secret} if tag == "PackageX" else {"Authorization": f"Bearer {secret}"}

    def _key(self, stack: Stack, kind: KeyKind) -> str:
        key = TenantKey(self.tenant_id, KINDS[kind].prefix + new_secret(), kind)
        assert add_key(stack, key)
        return key.secret


class TwoTenants:
    """Who asks in turn."""

    def __init__(self, stack: Stack) -> None:
        self.base_url = stack.base_url
        one, other = Tenant(stack), Tenant(stack)
        self._turns = itertools.cycle([(one, other), (other, one)])

    def for_case(self, case: Any) -> tuple[Tenant, Tenant]:
        """Who asks, and whose things must not be seen; stand-ins become the caller's own."""
        caller, other = next(self._turns)
        for name, word in STAND_INS.items():
            if case.path_parameters.get(name) == word:
                case.path_parameters[name] = caller.things[name]
        return caller, other
