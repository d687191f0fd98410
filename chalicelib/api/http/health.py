"""`GET /v1/health`: for load balancers and for whoever wants to know whether anybody is there. Needs no key."""

from chalice.app import Blueprint


def health_routes() -> Blueprint:
    """Returns the route that tells whether the service answers."""
    blueprint = Blueprint(__name__)

    @blueprint.route("/v1/health", content_types=[])
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return blueprint
