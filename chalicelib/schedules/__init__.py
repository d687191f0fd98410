"""Exports that run on schedule: the service, the recurrence, and the runner that fires what is due."""
