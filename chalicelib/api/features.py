"""The features of PackageX by where their paths begin; each is a folder of that name in `api/packagex`.

A new feature folder adds its line here. `bootstrap` makes the feature's routes from it, and `packagex/openapi` the
description. It stands outside of the dialect because every process reads it, and few need the dialect.
"""

from collections.abc import Mapping

PACKAGEX_FEATURES: Mapping[str, str] = {
    "/v1": "imports",
    "/v1/records": "records",
    "/v1/exports": "exports",
    "/v1/export-schedules": "schedules",
    "/v1/webhooks": "webhooks",
    "/v1/events": "webhooks",
    "/v1/resources": "resources",
    "/v1/mapping-suggestions": "mapping_suggestions",
    "/v1/import-profiles": "profiles",
    "/v1/import-sessions": "import_sessions",
    "/v1/settings": "settings",
    "/v1/whoami": "account",
    "/v1/keys": "account",
    "/v1/usage": "account",
}
"""In the order of the document. The longest beginning that fits a path counts: imports also answer for all of `/v1`
that is no other feature's."""
