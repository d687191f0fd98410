"""Tells others what has ended: the outbox, webhooks, and the deliveries that are due."""
