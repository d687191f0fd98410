"""The settings of a tenant in the PackageX dialect."""
