"""Whether a text begins as JSON does, be it damaged, or as a table whose first header stands in brackets.

In comes the beginning of a source, out goes the answer. It is JSON where an object begins with a name and a colon,
which no header does, and where what is seen is JSON as far as it goes. `[1] Acme,Steel`, `{id},name` and `[a,b]` are
tables.
"""

import json
import re

_OBJECT = re.compile(r"""[\[\s]*\{\s*(?:"(?:[^"\\]++|\\.)*+"|'[^'\n]*'|[A-Za-z_$][\w$]*)\s*:""", re.DOTALL)
"""An object, maybe within lists, with its first name. In single quotes or none it is no JSON, but was meant to be."""
_LITERALS = ("true", "false", "null")


def looks_like_json(text: str) -> bool:
    """Returns whether the text is JSON, NDJSON, or either of them damaged or cut."""
    text = text.lstrip()
    if text[:1] not in ("[", "{"):
        return False
    return bool(_OBJECT.match(text)) or _is_json_so_far(text)


def _is_json_so_far(text: str) -> bool:
    """Whether the text is the beginning of a JSON document, or a line that is one followed by another."""
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        return _breaks_at_end(text, error)
    except RecursionError:
        return True
    line, _, rest = text[end:].partition("\n")
    return not line.strip() and rest.lstrip()[:1] in ("", "[", "{")


def _breaks_at_end(text: str, error: json.JSONDecodeError) -> bool:
    """Whether nothing is wrong but that the text ends: then it is cut, and more of it may be JSON."""
    rest = text[error.pos :].strip()
    is_open_text = error.msg.startswith("Unterminated string")
    return not rest or is_open_text or rest == "-" or any(word.startswith(rest) for word in _LITERALS)
