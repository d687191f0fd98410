"""Dropped files that no event told of: the folder of drops is listed page by page, a part of it in each run of the
reaper, and a version of which nothing is known becomes an import as its event would have made it one.

A cursor says where the next run goes on. When the whole folder was seen, the next round looks only at versions that are
younger than the last one, so that a file that was told of costs a line of a listing and no request of its own.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

import orjson
from pydantic import TypeAdapter

from chalicelib.imports.drop_keys import FOLDER, is_dropped, is_too_long, to_address
from chalicelib.imports.file_drops import file_dropped, is_accounted_for
from chalicelib.lifecycle.reaper import Reaped, Run, try_once
from chalicelib.log_keys import ids_in
from chalicelib.model.limits import Limits
from chalicelib.stores.interfaces import StoredFile, StoredVersion, VersionMarker, VersionPage

logger = logging.getLogger(__name__)

CURSOR = "dropped files"


@dataclass(frozen=True, slots=True, kw_only=True)
class _FolderRound:
    """One way through the whole folder, and how far it has come."""

    began_at: int = 0
    """When its first page was listed; epoch seconds."""
    since: int = 0
    """It looks at versions that were stored then or later."""
    marker: VersionMarker | None = None
    """Behind which it goes on; None at its beginning."""
    has_trouble: bool = False
    """Whether something went wrong with a file: then the next round looks at the same versions again."""

    def next(self, limits: Limits) -> "_FolderRound":
        """Returns the round after this one, which has left out versions that were too young."""
        return _FolderRound(since=self.since if self.has_trouble else self.began_at - limits.drop_settles_s)


_FOLDER_ROUNDS = TypeAdapter(_FolderRound)


def import_lost_drops(run: Run) -> Reaped:
    """Goes on through the folder until the time is over, or to its end."""
    cursors, now = run.context.stores.cursors, run.context.clock()
    stored, reaped, is_done = cursors.find(CURSOR), Reaped(), False
    round_ = _FOLDER_ROUNDS.validate_json(stored) if stored else _FolderRound()
    if round_.marker is None:
        round_ = replace(round_, began_at=now)
    while not (run.is_over or is_done):
        page = run.context.stores.files.list_version_page(FOLDER, after=round_.marker)
        round_, found = _looked_through(run, round_, page)
        reaped += found
        is_done = round_.marker is None
    cursors.move(CURSOR, before=stored, to=orjson.dumps(round_).decode())
    return reaped


def _looked_through(run: Run, round_: _FolderRound, page: VersionPage) -> tuple[_FolderRound, Reaped]:
    """Returns the round as it goes on: behind the last key that was looked at, behind the page, or at the beginning."""
    reaped = Reaped()
    for key, versions in groupby(page.versions, key=lambda one: one.file.key):
        if run.is_over:
            return round_, reaped
        listed = [*versions]
        for file in _each_settled(run, round_, listed):
            reaped += try_once("a dropped file", partial(_import_lost, run, file), _about(key))
        marker = VersionMarker(key, listed[-1].file.version_id)
        round_ = replace(round_, marker=marker, has_trouble=round_.has_trouble or reaped.failed > 0)
    if page.next is None:
        return round_.next(run.context.limits), reaped
    return replace(round_, marker=page.next), reaped


def _each_settled(run: Run, round_: _FolderRound, versions: Sequence[StoredVersion]) -> Iterator[StoredFile]:
    """Yields versions of one key of which an event should have told by now, the oldest first."""
    now, limits = run.context.clock(), run.context.limits
    since = max(round_.since, now - limits.drop_sought_s)
    for version in reversed(versions):
        is_meant = is_dropped(version.file.key) or is_too_long(version.file.key)
        if is_meant and since <= version.stored_at <= now - limits.drop_settles_s:
            yield version.file


def _about(key: str) -> dict[str, str]:
    """Whose file it is; its name is text of a customer, which no log tells."""
    return ids_in({"tenant_id": to_address(key).tenant_id}) if is_dropped(key) else {}


def _import_lost(run: Run, file: StoredFile) -> Reaped:
    if not is_accounted_for(run.context, file):
        logger.warning(
            "the version %s of a dropped file has no import, or one that waits for its start", file.version_id
        )
        file_dropped(run.context, run.context.stores.files.bucket, file.key, file.version_id)
    return Reaped()
