"""All dialects against the document they are in: every limit of every parameter, on both sides, and random requests.

Over the real road and stores in memory, where requests are cheap; `tests/e2e/test_schemathesis.py` asks the deployed
stack less.
"""

from typing import Any

from tests.fuzzing import TwoTenants, fuzzed_document, fuzzing

SCHEMA = fuzzed_document()


@SCHEMA.parametrize()  # type: ignore[untyped-decorator]
@fuzzing(few=15)
def test_no_answer_is_outside_the_document(case: Any, tenants: TwoTenants) -> None:
    tenants.ask(case)
