"""The OpenAPI 3.1 document of all dialects, made from what each route tells of itself."""
