"""What all dialects share of HTTP: routes, requests, responses, idempotency keys, rate limit headers."""
