"""The result of an import beside the file that was dropped for it, whatever its final status.

Written after the status, so that it never says what was not to be; a finaliser that died in between is called again,
finds the import final and writes what is missing. One that went on after an interruption ends anew, with another
result. The result of a later file of the same name stays.
"""

from datetime import UTC, datetime
from typing import Any

import orjson

from chalicelib.errors import NotFound
from chalicelib.imports.drop_keys import DROPPED, ERRORS, RESULT
from chalicelib.model.imports import Import, Source
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.stores.interfaces import Files


def write_drop_result(files: Files, import_: Import) -> None:
    """Writes the result of an import beside the file that was dropped for it. Does nothing for imports that came
    another way.
    """
    if import_.dialect != DROPPED or import_.source is None:
        return
    key, result = import_.source.key, to_result(import_, import_.source)
    content, there = orjson.dumps(result, option=orjson.OPT_INDENT_2), _find_result(files, key + RESULT)
    if there == from_result(content) or str(there.get("created_at", "")) > str(result["created_at"]):
        return
    _write_errors(files, import_, key + ERRORS)
    files.write_file(key + RESULT, content, content_type="application/json")


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


def from_result(content: bytes) -> dict[str, Any]:
    """Returns what stands in a result; an empty dict where the file is no result of ours."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def to_refusal(source: Source, reason: str, now: int) -> dict[str, Any]:
    """Returns the result of a file that became no import."""
    return {
        "status": "refused",
        "reason": reason,
        "import_id": None,
        "source": _to_source(source),
        "ended_at": _at(now),
    }


def to_result(import_: Import, source: Source) -> dict[str, Any]:
    """Returns the result of an import that has ended, as what its source has become."""
    return {
        "status": import_.status,
        "reason": import_.reason,
        "import_id": import_.import_id,
        "resource": import_.resource,
        "action": import_.action,
        "source": _to_source(source),
        "stats": import_.stats.counts,
        "problem_counts": import_.problem_counts,
        "findings": [
            {"code": one.code, "field": one.field, "value": one.value, "message": one.message, "hint": one.hint}
            for one in import_.all_findings
        ],
        "errors_file": f"{source.filename}{ERRORS}" if import_.has_errors_file else None,
        "created_at": _at(import_.created_at),
        "ended_at": _at(import_.ended_at),
    }


def _to_source(source: Source) -> dict[str, Any]:
    return {"key": source.key, "version_id": source.version_id, "size_bytes": source.size_bytes}


def _at(epoch_s: int | None) -> str | None:
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if epoch_s is not None else None
