"""Records of a tenant, as they are read by its callers."""
