"""What is said of a name that there is not: what was perhaps meant, and where all of them are listed."""

from difflib import get_close_matches

from sluice.cli.app import App
from sluice.cli.exits import REFUSED, Stopped
from sluice.errors import NotFound
from sluice.models.records import Resource


def known_resource(app: App, name: str) -> Resource:
    """Returns the resource of a name, singular or plural. Raises Stopped where there is none."""
    try:
        return app.client.resources.get(name)
    except NotFound:
        names = [one for resource in app.client.resources.list() for one in (resource.plural, resource.name)]
        meant = get_close_matches(name, names, 1)
        hint = f" Did you mean {meant[0]}?" if meant else ""
        app.screen.fail(f"There is no resource {name}.{hint}\nAll of them: sluice resources")
        raise Stopped(REFUSED) from None
