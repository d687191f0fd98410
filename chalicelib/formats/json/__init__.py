"""JSON documents and NDJSON: how they are read and how they are written."""
