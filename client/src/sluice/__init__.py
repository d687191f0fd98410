"""Bulk import and export with Sluice.

from sluice import Sluice

done = Sluice().imports.run("customers.csv", resource="customers")
print(done.stats.created, done.id)
"""

from sluice import webhooks
from sluice.client import AsyncSluice, Sluice
from sluice.errors import (
    ApiError,
    Conflict,
    ExportStopped,
    Forbidden,
    Forged,
    ImportStopped,
    Invalid,
    LoginBroken,
    NotFound,
    NotSignedIn,
    RateLimited,
    RowsFailed,
    ServiceFailed,
    SluiceError,
    SourceUnreadable,
    Unauthorized,
    Unreachable,
    WaitedTooLong,
)
from sluice.exports import AsyncExport, Export
from sluice.imports import AsyncImport, Import, Progress
from sluice.retrying import RetryPolicy
from sluice.version import __version__

__all__ = [
    "ApiError",
    "AsyncExport",
    "AsyncImport",
    "AsyncSluice",
    "Conflict",
    "Export",
    "ExportStopped",
    "Forbidden",
    "Forged",
    "Import",
    "ImportStopped",
    "Invalid",
    "LoginBroken",
    "NotFound",
    "NotSignedIn",
    "Progress",
    "RateLimited",
    "RetryPolicy",
    "RowsFailed",
    "ServiceFailed",
    "Sluice",
    "SluiceError",
    "SourceUnreadable",
    "Unauthorized",
    "Unreachable",
    "WaitedTooLong",
    "__version__",
    "webhooks",
]
