"""Rows that come to another outcome than the preview of their import told."""

from typing import Any

import pytest

from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from tests.import_world import TENANT, ImportWorld

SOURCE = "name,email,external_id\nAnn,a@x.com,\nBob,b@x.com,2\nCid,wrong,\nDan,d@x.com,\nEve,e@x.com,\nFay,f@x.com,\n"


@pytest.fixture(params=[Limits(), Limits(small_source_bytes=0, batch_rows=2)], ids=["one batch", "three batches"])
def world(request: pytest.FixtureRequest) -> ImportWorld:
    return ImportWorld(limits=request.param)


def confirmed(world: ImportWorld, preview: Import, **options: Any) -> Import:
    return world.run(SOURCE, preview_of=preview.import_id, **options)


def test_nothing_is_told_where_all_comes_as_it_was_previewed(world: ImportWorld) -> None:
    preview = world.run(SOURCE, is_preview=True)

    done = confirmed(world, preview)

    assert (done.stats.created, done.stats.failed, done.drift) == (5, 1, {})


def test_rows_are_counted_by_what_they_were_and_what_they_are(world: ImportWorld) -> None:
    preview = world.run(SOURCE, is_preview=True)
    world.run("name,email\nAnn,a@x.com\nDaniel,d@x.com\nEva,e@x.com\n")

    assert confirmed(world, preview).drift == {"created>unchanged": 1, "created>updated": 2}


def test_a_row_that_fails_before_it_is_processed_counts_too(world: ImportWorld) -> None:
    """Bob's identities mean two records by now."""
    preview = world.run(SOURCE, is_preview=True)
    world.run("name,email,external_id\nBob,b@x.com,1\nBert,bert@x.com,2\n")

    assert confirmed(world, preview).drift == {"created>failed": 1}


def test_nothing_is_compared_where_what_the_preview_has_left_is_gone(world: ImportWorld) -> None:
    preview = world.run(SOURCE, is_preview=True)
    world.run("name,email\nDaniel,d@x.com\n")
    world.stores.files.delete_files(f"work/{TENANT}/{preview.import_id}/")

    done = confirmed(world, preview)

    assert (done.stats.updated, done.drift) == (1, {})


def test_nothing_is_compared_where_the_preview_was_deleted(world: ImportWorld) -> None:
    preview = world.run(SOURCE, is_preview=True)
    world.run("name,email\nDaniel,d@x.com\n")
    assert world.stores.imports.delete(TENANT, preview.import_id)

    done = confirmed(world, preview)

    assert (done.stats.updated, done.drift) == (1, {})
