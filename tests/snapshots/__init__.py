"""What callers and operators see of the service, as JSON values without names from inside: renaming changes none.

`python -m tests.snapshots` writes the values to `tests/contract/snapshots`; `tests/contract/test_what_callers_see.py`
holds the code against them.
"""
