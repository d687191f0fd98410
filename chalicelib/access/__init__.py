"""Who may ask, how often, and what a request was answered before: API keys, tokens, rate limits, idempotency."""
