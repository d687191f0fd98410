"""The public HTTP APIs: what all dialects share of HTTP and OpenAPI, and one folder for each dialect. Dialects do
not import each other.
"""
