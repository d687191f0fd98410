"""Export schedules in the PackageX dialect."""
