"""Dropped files that no event told of are found by listing the folder."""

import json
from dataclasses import replace

import pytest

from chalicelib.errors import Retryable
from chalicelib.imports.file_drops import object_stored
from chalicelib.imports.lost_drops import import_lost_drops
from chalicelib.imports.service import delete, list_imports
from chalicelib.lifecycle.reaper import Reaped, Run
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import StoredFile, VersionMarker, VersionPage
from chalicelib.stores.memory import MemoryFiles, MemoryImports
from tests.reaping import a_run
from tests.world import NOW, OURS, World

FOLDER = f"drop/{OURS}/contacts/merge"
SETTLED_S = Limits().drop_settles_s


class PagedFiles(MemoryFiles):
    """A listing of small pages, which counts them."""

    page_size = 2

    def __init__(self, world: World) -> None:
        super().__init__(clock=lambda: world.now)
        self.pages = 0
        self.reads: list[str] = []

    def list_version_page(self, prefix: str, *, after: VersionMarker | None = None) -> VersionPage:
        """Returns the first versions behind the marker."""
        self.pages += 1
        versions = super().list_version_page(prefix, after=after).versions
        page = versions[: self.page_size]
        last = page[-1].file if page else None
        is_last = len(page) == len(versions)
        return VersionPage(page, None if is_last or last is None else VersionMarker(last.key, last.version_id))

    def find_file(self, key: str, version_id: str | None = None) -> StoredFile | None:
        """Notes the key."""
        self.reads.append(key)
        return super().find_file(key, version_id)


class CountingImports(MemoryImports):
    """Counts how often an import was looked for; to add one may take time."""

    looks, seconds_to_add = 0, 0

    def __init__(self, world: World) -> None:
        super().__init__(clock=lambda: world.now)
        self._world = world

    def add(self, import_: Import, /, *, is_watched: bool = False) -> bool:
        """Lets time pass."""
        self._world.now += self.seconds_to_add
        return super().add(import_, is_watched=is_watched)

    def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None:
        """Counts the look."""
        self.looks += 1
        return super().find(tenant_id, import_id)


class Drops:
    """A world with a bucket whose events get lost."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.world = World(limits or Limits())
        self.world.key("secret")
        self.files, self.imports = PagedFiles(self.world), CountingImports(self.world)
        stores = replace(self.world.stores, files=self.files, imports=self.imports)
        self.world.context = replace(self.world.context, stores=stores)
        self.world.stores = stores

    def drop(self, *names: str, told: bool = False) -> list[StoredFile]:
        """Puts files into the folder."""
        files = [self.files.write_file(f"{FOLDER}/{name}", b"name\nAnn\n") for name in names]
        for file in files if told else ():
            object_stored(self.world.context, "bucket", file.key, file.version_id)
        return files

    def sought(self, run: Run | None = None) -> Reaped:
        """Goes on through the folder."""
        return import_lost_drops(run or a_run(self.world.context))

    @property
    def imported(self) -> list[tuple[str, str | None]]:
        """Name and version of the sources that became imports, in their order."""
        listed = list_imports(self.world.context, self.world.caller(), page=1, per_page=100).entries
        sources = [one.source for one in reversed(listed) if one.source]
        return [(one.filename, one.version_id) for one in sources]


def test_a_file_whose_event_was_lost_becomes_an_import_once_for_each_version() -> None:
    drops = Drops()
    versions = [file.version_id for file in drops.drop("a.csv", "b.csv", "a.csv")]
    drops.world.now += SETTLED_S

    for _ in range(3):
        assert drops.sought() == Reaped()
        drops.world.now += 300

    assert drops.imported == [("a.csv", versions[0]), ("a.csv", versions[2]), ("b.csv", versions[1])]
    assert len(drops.world.started) == 3


def test_a_young_file_is_left_to_its_event_and_found_in_the_next_round() -> None:
    drops = Drops()
    drops.drop("a.csv")
    drops.world.now += SETTLED_S - 1
    drops.sought()
    assert drops.imported == []

    drops.world.now += 1
    drops.sought()

    assert [name for name, _ in drops.imported] == ["a.csv"]


def test_what_is_told_of_a_result_or_a_folder_is_left_alone() -> None:
    drops = Drops()
    (told,) = drops.drop("told.csv", told=True)
    (import_,) = list_imports(drops.world.context, drops.world.caller(), page=1, per_page=2).entries
    for status in (Status.PROCESSING, Status.COMPLETED):
        drops.imports.change(OURS, import_.import_id, ImportChange(to=status, at=NOW))
    drops.drop("told.csv.result.json", "told.csv.errors.csv")
    drops.files.write_file(f"{FOLDER}/", b"")
    drops.world.now += SETTLED_S
    drops.files.reads.clear()
    looks = drops.imports.looks

    drops.sought()

    assert drops.imports.looks - looks == 1  # for the file alone

    assert drops.imported == [("told.csv", told.version_id)]
    assert drops.files.reads == []


def test_a_refused_file_is_not_refused_again() -> None:
    drops = Drops()
    key = f"drop/{OURS}/unicorns/merge/a.csv"
    file = drops.files.write_file(key, b"name\nAnn\n")
    object_stored(drops.world.context, "bucket", key, file.version_id)
    drops.world.now += SETTLED_S

    drops.sought()

    assert len(drops.files.list_versions(f"{key}.result.json")) == 1


def test_a_file_that_cannot_become_an_import_gets_its_result() -> None:
    drops = Drops()
    drops.files.write_file(f"drop/{OURS}/unicorns/merge/a.csv", b"name\nAnn\n")
    drops.world.now += SETTLED_S

    drops.sought()

    result = json.loads(drops.files.read_file(f"drop/{OURS}/unicorns/merge/a.csv.result.json"))
    assert (result["status"], result["reason"].split(":")[0]) == ("refused", "unknown_resource")


def test_a_deleted_import_is_not_made_again() -> None:
    drops = Drops()
    drops.drop("a.csv", told=True)
    (import_,) = list_imports(drops.world.context, drops.world.caller(), page=1, per_page=2).entries
    for status in (Status.PROCESSING, Status.COMPLETED):
        drops.imports.change(OURS, import_.import_id, ImportChange(to=status, at=NOW))
    delete(drops.world.context, drops.world.caller(), import_.import_id)
    drops.world.now += SETTLED_S

    drops.sought()

    assert drops.imported == []


def test_one_that_was_queued_and_never_started_is_started() -> None:
    drops = Drops()
    drops.drop("a.csv", told=True)
    drops.world.forget_executions()
    drops.world.now += SETTLED_S

    drops.sought()

    assert len(drops.world.started) == 1


def test_a_run_ends_with_its_time_and_the_next_goes_on_where_it_was() -> None:
    drops = Drops()
    names = [f"{number}.csv" for number in range(7)]
    drops.drop(*names)
    drops.world.now += SETTLED_S
    drops.imports.seconds_to_add = 1

    imported = []
    for _ in range(3):
        drops.sought(Run(drops.world.context, until=drops.world.now + 3))
        imported.append(len(drops.imported))

    assert imported == [3, 6, 7]
    assert [name for name, _ in drops.imported] == names


def test_a_file_that_comes_behind_a_round_that_is_under_way_is_found_in_the_next() -> None:
    drops = Drops()
    drops.drop("b.csv", "c.csv")
    drops.world.now += SETTLED_S
    drops.imports.seconds_to_add = 1
    drops.sought(Run(drops.world.context, until=drops.world.now + 1))
    assert [name for name, _ in drops.imported] == ["b.csv"]
    drops.drop("a.csv")
    drops.world.now += 3 * SETTLED_S

    drops.sought()
    drops.sought()

    assert [name for name, _ in drops.imported] == ["b.csv", "c.csv", "a.csv"]


def test_the_next_round_asks_about_nothing_that_the_last_one_saw() -> None:
    drops = Drops()
    drops.drop(*(f"{number}.csv" for number in range(20)))
    drops.world.now += SETTLED_S
    drops.sought()
    drops.world.now += 2 * SETTLED_S
    drops.sought()
    drops.drop("new.csv")
    drops.world.now += SETTLED_S
    before = drops.imports.looks

    drops.sought()

    assert len(drops.imported) == 21
    assert drops.imports.looks - before < 20  # one more import asks for a slot, and looks at those that run


@pytest.mark.parametrize("rounds", [1, 4])
def test_trouble_with_one_file_does_not_concern_others_and_it_is_looked_at_again(rounds: int) -> None:
    drops = Drops()
    drops.drop("a.csv", "b.csv", "c.csv")
    drops.world.now += SETTLED_S
    find = drops.files.find_file

    def in_trouble(key: str, version_id: str | None = None) -> StoredFile | None:
        if key.endswith("b.csv"):
            raise Retryable("slow down")
        return find(key, version_id)

    drops.files.find_file = in_trouble  # type: ignore[method-assign]  # S3 is in trouble
    for _ in range(rounds):
        assert drops.sought().failed == 1
        drops.world.now += 2 * SETTLED_S
    drops.files.find_file = find  # type: ignore[method-assign]  # and no longer

    assert drops.sought() == Reaped()
    assert [name for name, _ in drops.imported] == ["a.csv", "c.csv", "b.csv"]


def test_an_old_file_is_not_sought_any_more() -> None:
    drops = Drops(Limits(drop_sought_s=3600))
    drops.drop("a.csv")
    drops.world.now += 3601

    drops.sought()

    assert drops.imported == []


def test_a_key_with_more_versions_than_a_page_holds_is_gone_through() -> None:
    drops = Drops()
    drops.drop(*["a.csv"] * 5, "b.csv")
    drops.world.now += SETTLED_S

    drops.sought()

    assert len(drops.imported) == 6
    assert drops.files.pages == 3
