"""Import profiles in the PackageX dialect."""
