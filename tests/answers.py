"""Whole answers, recorded where tests send requests, and compared with those of another run.

    RECORD_ANSWERS=before.jsonl pytest -n 2 tests/contract
    python -m tests.answers before.jsonl after.jsonl

Every answer is a line of JSON, together with its request and without the name of the test: the two files are compared
as multisets. Random tests ask with Chalice's own client. Answers are added to what the file holds, so begin with none.
"""

import gzip
import hashlib
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import chalice.test
from chalice.config import Config
from chalice.test import HTTPResponse, TestHTTPClient

from local.functions import FUNCTIONS

PLACE = os.environ.get("RECORD_ANSWERS", "")
"""The file to which answers are added; none are recorded without it."""

MADE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
"""An id that was made for the request."""

CHANGING = {
    "ADDRESS": re.compile(r"127\.0\.0\.1:\d+"),
    "BOUNDARY": re.compile(r"-{24}[0-9A-Za-z]{16,22}"),
    "PACKED": re.compile(r"(?<=base64,)(H4sI|UEsD)[0-9A-Za-z+/=]+"),
    "CHECKSUM": re.compile(r'(?<=checksum\\":\\")[0-9a-f]{32}'),
}
"""What differs from run to run, by the word that stands for it: packed files hold the time, and checksums show it."""


API_TIMEOUT_S = next(one.timeout_s for one in FUNCTIONS if one.name == "api_handler")
"""By then a request is answered or its process is dead, as requests are told."""


class Client(chalice.test.Client):
    """Chalice's test client, which also records, and has the API's timeout."""

    @property
    def http(self) -> TestHTTPClient:
        return _Http(self._app, Config.create(lambda_timeout=API_TIMEOUT_S))


class _Http(TestHTTPClient):
    def request(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> HTTPResponse:
        answer = super().request(method, path, headers, body)
        if PLACE:
            sent = {name.lower(): value for name, value in (headers or {}).items()}
            exchange = {"asked": [method, path, sent, _body_text(body)], "answered": _response(answer)}
            _append(_constant(json.dumps(exchange, sort_keys=True, ensure_ascii=False), answer))
        return answer


def _response(answer: HTTPResponse) -> list[Any]:
    return [
        answer.status_code,
        {name.lower(): value for name, value in answer.headers.items()},
        _body_text(answer.body),
    ]


def _body_text(body: bytes) -> str:
    """Text as it is, anything else as a digest."""
    plain = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    try:
        return plain.decode()
    except UnicodeDecodeError:
        return hashlib.sha256(plain).hexdigest()


def _constant(line: str, answer: HTTPResponse) -> str:
    """The line without what differs from run to run, the request's random id among it."""
    request_id = str(answer.headers.get("X-Request-Id", ""))
    line = line.replace(request_id, "REQUEST_ID") if MADE.fullmatch(request_id) else line
    for word, pattern in CHANGING.items():
        line = pattern.sub(word, line)
    return line


def _append(line: str) -> None:
    """In one write, which processes that add to the same file do not break into."""
    with Path(PLACE).open("ab", buffering=0) as file:
        file.write(f"{line}\n".encode())


def differences(before: Path, after: Path) -> list[str]:
    """Each answer that one of the files has more often, and how many times more often."""
    counts = [Counter(path.read_text(encoding="utf-8").splitlines()) for path in (before, after)]
    gone, new = counts[0] - counts[1], counts[1] - counts[0]
    return [f"{sign} {n} × {line}" for sign, ones in (("-", gone), ("+", new)) for line, n in sorted(ones.items())]


def main() -> None:
    """Ends with 1 if there is a difference."""
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    print("\n".join(found) or "equal")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
