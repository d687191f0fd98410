"""Signed links of an import."""

from typing import Any

import pytest

from chalicelib.imports.downloads import UploadLink, find_download_link, find_part_links, find_upload_link
from chalicelib.model.imports import Source, Status
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import ResultFile, result_key
from tests.world import NOW, OURS, World


@pytest.mark.parametrize(
    ("waits_until", "expires_at"),
    [
        pytest.param(NOW + 60, NOW + 60, id="the import waits no longer"),
        pytest.param(NOW + 86_400, NOW + 900, id="the signature holds no longer"),
    ],
)
def test_the_upload_link_says_until_when_it_is_good(waits_until: int, expires_at: int) -> None:
    world = World(Limits(upload_link_s=900))
    import_ = world.add_import(upload_expires_at=waits_until)

    url = f"memory://PUT/uploads/{OURS}/imp_given/source?expires_at={expires_at}"
    assert find_upload_link(world.context, import_) == UploadLink(url, expires_at)


def test_what_the_caller_stated_is_signed() -> None:
    world = World()
    stated = Source(key="", size_bytes=12, content_type="text/csv")
    import_ = world.add_import(upload_expires_at=NOW + 60, source=stated)

    url = f"memory://PUT/uploads/{OURS}/imp_given/source?expires_at={NOW + 60}&content_type=text%2Fcsv&size_bytes=12"
    assert find_upload_link(world.context, import_) == UploadLink(url, NOW + 60)


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.REQUESTED}))
def test_only_an_import_that_waits_has_an_upload_link(status: Status) -> None:
    world = World()

    assert find_upload_link(world.context, world.add_import(status)) is None


def test_a_closed_window_gives_no_link() -> None:
    world = World()

    assert find_upload_link(world.context, world.add_import(upload_expires_at=NOW)) is None


PARTED = Source(key=f"uploads/{OURS}/imp_given/source", upload_id="u1", size_bytes=10)


def test_an_import_that_is_sent_in_parts_has_a_link_for_each_and_none_for_the_whole() -> None:
    world = World(Limits(upload_link_s=900))
    import_ = world.add_import(upload_expires_at=NOW + 60, source=PARTED)

    links = find_part_links(world.context, import_, range(1, 2))

    assert links is not None
    assert (len(links.links), links.expires_at) == (1, NOW + 60)
    assert find_upload_link(world.context, import_) is None


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"source": Source(key="")}, id="sent as a whole"),
        pytest.param({"source": None}, id="nothing is known of its source"),
        pytest.param({"upload_expires_at": NOW}, id="its window is closed"),
        pytest.param({"status": Status.QUEUED}, id="it has begun"),
        pytest.param({"hold": True, "held_until": NOW + 60}, id="it is held, its source is here"),
    ],
)
def test_no_other_import_has_links_for_parts(fields: dict[str, Any]) -> None:
    world = World()
    wanted: dict[str, Any] = {"source": PARTED, "upload_expires_at": NOW + 60} | fields
    import_ = world.add_import(**wanted)

    assert find_part_links(world.context, import_, range(1, 2)) is None


def test_an_import_that_is_held_needs_no_upload_link() -> None:
    world = World()
    import_ = world.add_import(upload_expires_at=NOW + 60, hold=True, held_until=NOW + 60)

    assert find_upload_link(world.context, import_) is None


def test_a_file_that_is_there_has_a_download_link() -> None:
    world = World(Limits(download_window_s=30))
    import_ = world.add_import(Status.COMPLETED)
    world.stores.files.write_file(result_key(OURS, import_.import_id, ResultFile.ERRORS_CSV), b"row\n")

    links = {file: find_download_link(world.context, import_, file) for file in ResultFile}

    url = f"memory://GET/results/{OURS}/imp_given/errors.csv?expires_at={NOW + 30}&filename=imp_given-errors.csv"
    assert links == dict.fromkeys(ResultFile) | {
        ResultFile.ERRORS_CSV: url,
    }
