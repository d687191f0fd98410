"""Every method and path of the app, with the scope that it demands and what it takes as a body."""

from chalice.app import RouteEntry

from app import app


def routes() -> list[str]:
    """Returns a line for each route; one without a scope is open, or always refuses."""
    return sorted(
        f"{method} {path} {_scope(entry)} {' '.join(sorted(entry.content_types))}".rstrip()
        for path, methods in app.routes.items()
        for method, entry in methods.items()
    )


def _scope(entry: RouteEntry) -> str:
    return getattr(entry.view_function, "scope", None) or "-"
