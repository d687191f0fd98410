"""`GET /v1/health`, which tells load balancers and monitors that the service answers. It needs no key.

It is a module of its own because every process loads it, and the dialects only on demand.
"""

from chalice.app import Blueprint


def health_routes() -> Blueprint:
    """Returns the route that tells whether the service answers."""
    blueprint = Blueprint(__name__)

    @blueprint.route("/v1/health", methods=["GET", "HEAD"], content_types=[])
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return blueprint
