"""Which types a caller takes, by the header `Accept` (RFC 9110, section 12.5.1), and which type of JSON it gets."""

from chalice.app import Request

from chalicelib.api.http.request import find_header

HAL, HAL_FORMS, JSON = "application/hal+json", "application/prs.hal-forms+json", "application/json"
CSV = "text/csv"

DOCUMENTS = (HAL, HAL_FORMS, JSON)
"""The types of every document; the first is for callers who name none, or several with the same weight."""


def accepts(request: Request, media_type: str) -> bool:
    """Returns whether the header takes this type: the most specific range decides."""
    ranges = _ranges(request)
    if ranges is None:
        return True
    group = media_type.partition("/")[0]
    quality = next((ranges[one] for one in (media_type, f"{group}/*", "*/*") if one in ranges), 0.0)
    return quality > 0


def document_type(request: Request) -> str:
    """Returns the type that is named with the greatest weight, or plain JSON where none of ours is named."""
    ranges = _ranges(request)
    if ranges is None:
        return HAL
    best = max(DOCUMENTS, key=lambda one: ranges.get(one, 0.0))
    return best if ranges.get(best, 0.0) > 0 else JSON


def _ranges(request: Request) -> dict[str, float] | None:
    """Returns media ranges and their weights, or None without a header."""
    header = find_header(request, ("Accept",))
    if header is None or not header.strip():
        return None
    return dict(_range_of(part) for part in header.split(",") if part.strip())


def _range_of(part: str) -> tuple[str, float]:
    """Returns a media range and its weight; a weight that cannot be read counts as 1."""
    media_range, *parameters = (word.strip().lower() for word in part.split(";"))
    weight = next((word[2:] for word in parameters if word.startswith("q=")), "1")
    try:
        return media_range, float(weight)
    except ValueError:
        return media_range, 1.0
