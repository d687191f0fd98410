"""An object was stored in the bucket: where it lies says whose business it is."""

from chalicelib.access.context import Context
from chalicelib.imports.drop_names import FOLDER
from chalicelib.imports.file_drops import file_dropped
from chalicelib.imports.uploads import file_arrived
from chalicelib.model.imports import Import


def object_stored(context: Context, bucket: str, key: str, version_id: str | None = None) -> Import | None:
    """The import afterwards; None where there is none to speak of."""
    if key.startswith(FOLDER):
        return file_dropped(context, bucket, key, version_id)
    return file_arrived(context, key, version_id)
