"""File names in an answer's header, whatever a customer called the file (RFC 6266, RFC 8187)."""

import unicodedata
from urllib.parse import quote

LONGEST = 150
"""Characters; common file systems end at 255 bytes."""


def attachment(filename: str) -> str:
    """Nothing of the name can end the header, begin another, leave the folder or turn the text around."""
    return f"attachment; filename*=UTF-8''{quote(_harmless(filename), safe='')}"


def _harmless(filename: str) -> str:
    kept = (" " if one in '/\\"' else one for one in filename if not unicodedata.category(one).startswith("C"))
    return "".join(kept).strip(" .")[-LONGEST:] or "download"
