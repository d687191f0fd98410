"""Every method and path of the app, with what each takes as a body; views are named inside only."""

from app import app


def routes() -> list[str]:
    return sorted(
        f"{method} {path} {' '.join(sorted(entry.content_types))}".rstrip()
        for path, methods in app.routes.items()
        for method, entry in methods.items()
    )
