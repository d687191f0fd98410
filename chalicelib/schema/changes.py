"""What a row changes in a record, field by field, as it is pair beside the row: the value before, and the one after.

Of long values the beginning is kept, and of many only as much as a page of rows can show.
"""

import orjson

from chalicelib.model.rows import Fields, RecordChanges, Value

CHANGE_CHARACTERS = 256
"""Characters of one value that are kept."""
CHANGES_BYTES = 4_096
"""What the changes of one row may take together, as JSON."""


def changes_between(before: Fields, after: Fields) -> RecordChanges:
    """Returns the fields in which two documents of a record differ, in the order of their names."""
    pairs = {name: (before.get(name), after.get(name)) for name in sorted(before.keys() | after.keys())}
    changes, size_bytes = RecordChanges(), 0
    for name, (old, new) in pairs.items():
        if old == new:
            continue
        pair = _cut(old), _cut(new)
        size_bytes += len(orjson.dumps([name, pair]))
        if size_bytes > CHANGES_BYTES:
            changes.is_shortened = True
            break
        changes.is_shortened |= pair != (old, new)
        changes.by_field[name] = pair
    return changes


def _cut(value: Value) -> Value:
    """A long value as the beginning of its text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return value if len(text) <= CHANGE_CHARACTERS else text[: CHANGE_CHARACTERS - 1] + "…"
