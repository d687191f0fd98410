"""How a log line looks: a JSON object, with the ids that it is about, and no text of a customer.

Exceptions are written as where they were raised and of which type. Their messages stand there only if they are our own
words, or those of AWS; any other may quote a value of a row. `Refused` tells callers what they sent, so that its
message is left out, too.
"""

import logging
import traceback
from copy import copy

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from chalicelib.errors import Refused, SluiceError
from chalicelib.log_keys import current_log_keys

AWS = "botocore."
"""Where exceptions come from that tell in the words of AWS."""


class LogFormat(LambdaPowertoolsFormatter):
    """Writes lines for the logs of functions."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line of a record, which stays as it is for other handlers."""
        line = copy(record)
        line.__dict__.update(current_log_keys())
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line.__dict__.update(exception_name=type(error).__name__, exception=trace_of(error))
        line.exc_info = line.exc_text = None
        return super().format(line)


def trace_of(error: BaseException) -> str:
    """Returns the traces of an exception and of those that led to it, the first of them first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    trace = "".join(traceback.format_tb(error.__traceback__))
    return (trace_of(before) if before else "") + f"{trace}{type(error).__qualname__}{_message_of(error)}\n"


def without_message(error: Exception) -> Exception:
    """Returns what may leave a function in place of an exception: itself where its message may be told, else one of the
    same name. Lambda logs it, and state machines keep it in their histories and compare its name.
    """
    if _is_harmless(error):
        return error
    of_its_name: type[Exception] = type(type(error).__name__, (Exception,), {})
    return of_its_name("The log of the function tells where it was raised.")


def _message_of(error: BaseException) -> str:
    if isinstance(error, Refused):
        return f": {error.code}"
    return f": {error}" if _is_harmless(error) else ""


def _is_harmless(error: BaseException) -> bool:
    is_ours = isinstance(error, SluiceError) and not isinstance(error, Refused)
    return is_ours or type(error).__module__.startswith(AWS)
