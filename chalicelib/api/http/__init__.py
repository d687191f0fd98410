"""What every dialect shares of HTTP: routes, requests, responses, idempotency keys, rate limit headers."""
