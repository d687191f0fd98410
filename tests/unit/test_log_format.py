import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.errors import Refused, Retryable
from chalicelib.log_format import LogFormat, without_message
from chalicelib.log_keys import logging_about

PRIVATE = "jane@example.com"


def line_of(log: Callable[[logging.Logger], None]) -> dict[str, Any]:
    logger, stream = logging.Logger("test"), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LogFormat())
    logger.addHandler(handler)
    log(logger)
    line: dict[str, Any] = json.loads(stream.getvalue())
    return line


def raised(error: Exception) -> dict[str, Any]:
    def log(logger: logging.Logger) -> None:
        try:
            raise error
        except Exception:
            logger.exception("it failed")

    return line_of(log)


def test_a_line_says_what_it_is_about() -> None:
    with logging_about({"tenant_id": "one", "import_id": "imp_1"}):
        line = line_of(lambda logger: logger.warning("batch %s is given up", 7))

    assert line["message"] == "batch 7 is given up"
    assert (line["tenant_id"], line["import_id"], line["level"]) == ("one", "imp_1", "WARNING")


@pytest.mark.parametrize("error", [ValueError(PRIVATE), KeyError(PRIVATE), Refused("invalid_parameter", PRIVATE)])
def test_an_exception_that_may_quote_a_row_is_told_without_its_message(error: Exception) -> None:
    line = raised(error)

    assert PRIVATE not in json.dumps(line)
    assert line["exception_name"] == type(error).__name__
    assert "test_log_format.py" in line["exception"]


def test_the_words_of_our_own_errors_are_told() -> None:
    assert "Retryable: DynamoDB did not answer" in raised(Retryable("DynamoDB did not answer"))["exception"]


def test_what_led_to_an_exception_is_told_first() -> None:
    error = Retryable("the connection broke")
    error.__cause__ = ValueError(PRIVATE)

    exception = raised(error)["exception"]

    assert exception.index("ValueError\n") < exception.index("Retryable: the connection broke\n")
    assert PRIVATE not in exception


def test_other_handlers_find_the_record_as_it_was() -> None:
    record = logging.LogRecord("test", logging.ERROR, "file", 1, "it failed", (), (ValueError, ValueError("x"), None))

    LogFormat().format(record)

    assert record.exc_info is not None
    assert not hasattr(record, "exception")


def test_an_exception_that_leaves_a_function_keeps_its_name_and_not_its_message() -> None:
    left = without_message(KeyError(PRIVATE))

    assert type(left).__name__ == "KeyError"
    assert PRIVATE not in str(left)


def test_what_state_machines_try_again_leaves_as_it_is() -> None:
    error = Retryable("slow down")

    assert without_message(error) is error
