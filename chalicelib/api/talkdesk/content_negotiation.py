"""Which types a caller takes, by the header `Accept` (RFC 9110, section 12.5.1), and which type of JSON it gets."""

from collections.abc import Mapping

from chalice.app import Request

from chalicelib.api.http.request import find_header

HAL, HAL_FORMS, JSON = "application/hal+json", "application/prs.hal-forms+json", "application/json"
CSV = "text/csv"

DOCUMENTS = (HAL, HAL_FORMS, JSON)
"""The types of every document; the first is for callers who name none, or several with the same weight."""


def accepts(request: Request, media_type: str) -> bool:
    """Returns whether the header takes this type: the most specific range decides."""
    ranges = _ranges(request)
    return ranges is None or _weight(ranges, media_type) > 0


def document_type(request: Request) -> str:
    """Returns the type with the greatest weight; of equal ones the one that is named, otherwise HAL. Forms go only to
    those who name them.
    """
    ranges = _ranges(request)
    if ranges is None:
        return HAL
    return max(DOCUMENTS, key=lambda one: (_weight(ranges, one), one in ranges, one != HAL_FORMS or one in ranges))


def _weight(ranges: Mapping[str, float], media_type: str) -> float:
    group = media_type.partition("/")[0]
    return next((ranges[one] for one in (media_type, f"{group}/*", "*/*") if one in ranges), 0.0)


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
