"""Import sessions in the PackageX dialect: what a page needs that embeds the importer."""
