"""The result of an import beside the file that was dropped for it, whatever its final status.

Written after the status, so that it never says what was not to be; a finaliser that died in between is called again,
finds the import final and writes what is missing. The result of a later file of the same name stays.
"""

from typing import Any

import orjson

from chalicelib.errors import NotFound
from chalicelib.imports.drop_names import DROPPED, ERRORS, RESULT, from_result, to_result
from chalicelib.model.imports import Import
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.stores.interfaces import Files


def write_beside(files: Files, import_: Import) -> None:
    """Nothing for imports that came another way."""
    if import_.dialect != DROPPED or import_.source is None:
        return
    key, result = import_.source.key, to_result(import_)
    there = _find_result(files, key + RESULT)
    if there.get("import_id") == import_.import_id or str(there.get("created_at", "")) > str(result["created_at"]):
        return
    _write_errors(files, import_, key + ERRORS)
    files.write_file(key + RESULT, orjson.dumps(result, option=orjson.OPT_INDENT_2), content_type="application/json")


def _find_result(files: Files, key: str) -> dict[str, Any]:
    """Empty where there is none, or none of ours."""
    try:
        return from_result(files.read_file(key))
    except NotFound:
        return {}


def _write_errors(files: Files, import_: Import, key: str) -> None:
    """An empty file takes the place of an earlier one, whose rows are not this file's."""
    errors = result_key(import_.tenant_id, import_.import_id, ResultFile.ERRORS_CSV)
    written = files.find_file(errors) if import_.has_errors_file else None
    if written:
        files.copy_file(written, key)
    elif files.find_file(key):
        files.write_file(key, b"", content_type="text/csv")
