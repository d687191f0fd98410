"""Webhooks and their deliveries in the PackageX dialect."""
