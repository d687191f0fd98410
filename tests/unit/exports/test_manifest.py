"""The manifest says what the files of an export hold and how to check them."""

import hashlib
import json

from chalicelib.formats.registry import Format
from tests.export_world import ExportWorld, with_limits


def a_world(records: int = 60, **limits: int) -> ExportWorld:
    world = ExportWorld(with_limits(**limits))
    for number in range(records):
        world.write(f"con_{number}", {"name": f"Contact {number:03d}", "email": f"c{number}@example.com"})
    return world


def test_the_manifest_says_how_to_check_the_files() -> None:
    world = a_world(records=3)

    export = world.run(formats=(Format.NDJSON,), fields=("id",))

    manifest = json.loads(world.content(export, "manifest"))
    content = world.content(export, "ndjson")
    assert manifest["files"] == [
        {
            "format": "ndjson",
            "filename": f"{export.export_id}.ndjson",
            "content_type": "application/x-ndjson",
            "rows": 3,
            "size_bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "pieces": [{"rows": 3, "size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}],
        }
    ]
    assert (manifest["rows"], manifest["schema"]) == (3, [{"name": "id", "type": "id"}])
