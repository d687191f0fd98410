"""The catalogue of resources in the PackageX dialect."""
