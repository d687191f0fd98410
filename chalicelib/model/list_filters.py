"""Which imports, or exports, a list shows: by their facets, and since when.

A facet is one of the few things that such a job can be listed by: its resource, its status and so on. A store counts
jobs by all their facets together, so that it knows how long each list is without reading it.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.children import listed_as, previews_of
from chalicelib.model.exports import Export, ExportStatus
from chalicelib.model.imports import Action, Import, Status, UploadMode

Facets = tuple[str, ...]
"""What a job can be listed by, in the order of its `ImportFacets` or `ExportFacets`. None of them has a `#` in it."""


class JobFilter(Protocol):
    """Which jobs of one type to list."""

    @property
    def since(self) -> int:
        """Only those created since the day (UTC) in which this moment lies; epoch seconds."""

    def takes(self, facets: Facets) -> bool:
        """Returns whether jobs with these facets are listed, whenever they were created."""


class ImportFacets(NamedTuple):
    """What an import can be listed by."""

    listed_as: str
    """Its resource, or the previews of its resource."""
    status: str
    upload_mode: str
    action: str

    @classmethod
    def of(cls, import_: Import) -> "ImportFacets":
        """Returns those of an import as it is."""
        return cls(listed_as(import_), import_.status, import_.upload_mode, import_.action)


class ExportFacets(NamedTuple):
    """What an export can be listed by."""

    resource: str
    status: str

    @classmethod
    def of(cls, export: Export) -> "ExportFacets":
        """Returns those of an export as it is."""
        return cls(export.resource, export.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFilter:
    """Which imports to list; None means any."""

    resources: frozenset[str] | None = None
    """Names of the catalogue."""
    statuses: frozenset[Status] | None = None
    upload_modes: frozenset[UploadMode] | None = None
    actions: frozenset[Action] | None = None
    with_previews: bool = True
    """Whether previews are listed, too."""
    since: int = 0
    """Only those created since the day (UTC) in which this moment lies; epoch seconds."""

    @property
    def parts(self) -> frozenset[str] | None:
        """As which imports are listed that may be selected; None means any."""
        if self.resources is None and self.with_previews:
            return None
        names = self.resources if self.resources is not None else frozenset(RESOURCES)
        return names | {previews_of(one) for one in names} if self.with_previews else names

    def takes(self, facets: Facets) -> bool:
        """Returns whether imports with these facets are listed, whenever they were created."""
        wanted = (self.parts, self.statuses, self.upload_modes, self.actions)
        return all(some is None or facet in some for some, facet in zip(wanted, facets, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFilter:
    """Which exports to list; None means any."""

    resources: frozenset[str] | None = None
    statuses: frozenset[ExportStatus] | None = None
    since: int = 0
    """As that of imports."""

    def takes(self, facets: Facets) -> bool:
        """Returns whether exports with these facets are listed."""
        wanted = (self.resources, self.statuses)
        return all(some is None or facet in some for some, facet in zip(wanted, facets, strict=True))


EVERY_IMPORT = ImportFilter()
EVERY_EXPORT = ExportFilter()
