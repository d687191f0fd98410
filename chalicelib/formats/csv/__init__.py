"""Reads and writes delimited text: CSV, and what differs from it in its delimiter."""
