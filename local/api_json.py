"""Objects of the API as they came, which is how the terminal shows them."""

from typing import Any

Json = dict[str, Any]
