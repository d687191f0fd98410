"""A tenant's records in the PackageX dialect."""
