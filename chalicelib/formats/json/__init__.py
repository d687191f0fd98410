"""Reads and writes JSON documents and NDJSON."""
