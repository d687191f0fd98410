"""Health is told without a key, and without anything else of the service."""

from chalice.app import Chalice
from chalice.test import Client

from chalicelib.api.http.health import health_routes


def test_health_is_ok_without_a_key() -> None:
    app = Chalice("health-test", configure_logs=False)
    app.register_blueprint(health_routes())

    response = Client(app).http.get("/v1/health")

    assert (response.status_code, response.json_body) == (200, {"status": "ok"})
