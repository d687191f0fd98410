"""Access tokens in the control table, by the digest of their secret; DynamoDB deletes them after their end."""

import orjson

from chalicelib.model.api_keys import AccessToken, Scope
from chalicelib.stores.dynamodb.control_table import ControlTable


class DynamoDBTokens:
    """Keeps `stores.interfaces.Tokens`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, token: AccessToken) -> bool:
        item = {
            "pk": _pk(token.digest),
            "sk": "-",
            "client_digest": token.client_digest,
            "scopes": sorted(token.scopes),
            "issued_at": token.issued_at,
            "expires_at": token.expires_at,
        }
        return self._table.put(item, condition="attribute_not_exists(#pk)")

    def find(self, digest: str) -> AccessToken | None:
        item = self._table.find(_pk(digest))
        if item is None:
            return None
        return AccessToken(
            digest=digest,
            client_digest=item["client_digest"],
            scopes=frozenset(map(Scope, orjson.loads(item["scopes"]))),
            issued_at=item["issued_at"],
            expires_at=item["expires_at"],
        )


def _pk(digest: str) -> str:
    return f"TOKEN#{digest}"
