"""The terms of a retry, as one object of its import: all its attempts read the same."""

from typing import Protocol

import orjson

from chalicelib.imports.workspace.codec import to_line
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.object_keys import retry_terms_key
from chalicelib.model.retries import RetryTerms
from chalicelib.model.rows import Outcome


class TermFiles(Protocol):
    """The part of `Files` that this needs."""

    def read_file(self, key: str) -> bytes:
        """Returns the whole of an object. Raises NotFound."""

    def write_file(self, key: str, content: bytes) -> object:
        """Writes an object."""


def write_retry_terms(files: TermFiles, tenant_id: TenantId, import_id: ImportId, terms: RetryTerms) -> None:
    """Writes what is asked of a retry: once, before it is queued."""
    content = {
        "include": sorted(terms.include),
        "only_given": terms.only_given,
        "earlier": terms.earlier,
        "corrections": [*terms.corrections.items()],
    }
    files.write_file(retry_terms_key(tenant_id, import_id), to_line(content))


def read_retry_terms(files: TermFiles, tenant_id: TenantId, import_id: ImportId) -> RetryTerms:
    """Returns what is asked of a retry. Raises NotFound."""
    stored = orjson.loads(files.read_file(retry_terms_key(tenant_id, import_id)))
    return RetryTerms(
        include=frozenset(map(Outcome, stored["include"])),
        only_given=stored["only_given"],
        earlier=tuple(map(ImportId, stored["earlier"])),
        corrections=dict(stored["corrections"]),
    )
