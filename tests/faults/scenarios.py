"""What is imported in the fault runs: one source with every kind of row, into records of every kind.

A scenario is an action, the way in which the import is divided into tasks and batches, and the records that were there
before. It is built anew for every run and is the same every time, ids and times included.
"""

from dataclasses import dataclass, field

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.guard_rails import NO_GUARD_RAILS, GuardRails, Tolerance
from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.imports import Action
from chalicelib.model.limits import Limits
from chalicelib.model.records import Stamp, Write
from chalicelib.model.row_rules import MergeRule, RowRules
from chalicelib.model.rows import Fields, Outcome
from chalicelib.schema.identity import identity_keys, match_keys
from chalicelib.stores.interfaces import Records

OURS = TenantId("11111111-1111-4111-8111-111111111111")
THEIRS = TenantId("22222222-2222-4222-8222-222222222222")
RESOURCE = "contacts"
BEFORE_MS = 1_600_000_000_000
"""When the records that were there before were created."""

SOURCE = """\
id,external_id,email,name,company_name,status,is_primary
,X-1,ann@x.com,Ann Newman,Beta,,
,,bob@x.com,Bob,,vip,
,X-3,cy@x.com,Cy,,,
,,new@x.com,New One,Acme,,
,,ann@x.com,Ann again,,,
,X-8,ida@x.com,Ambiguous,,,
,X-9,,Jo,,,perhaps
,,dead@x.com,Dead Reference,Nowhere,,
,,,No Identity,,,
,X-5,eva@x.com,Eva,,,
,X-10,dee@x.com,Dee,,,
,X-11,,Kim by id,,,
,,kim@x.com,Kim by e-mail,,,
,X-12,zoe@x.com,,,,
con_given,,given@x.com,Given Id,,,
,,bob@x.com,Bob twice,,,
"""
ROWS = 16
NAMED_SOURCE = SOURCE.replace(",,,No Identity,,,", ",X-13,,Not Without,,,")
"""Every row carries an identity, so that an overwrite cleans up."""

STATED_SOURCE = """\
id,external_id,email,name,status,notes,tags
,X-1,ann@new.com,Ann,vip,Met at the fair,fair
,X-20,bob@x.com,Bob of another number,,,
,X-30,dee@x.com,Dee,,,fair
,X-31,same@x.com,First of an address,,,
,X-32,same@x.com,Second of an address,,,
,X-3,fay@x.com,Cy,,,
,X-1,,Ann again,,,
,,new@x.com,New,,,
con_h,X-33,,Id of another,,,
,X-5,eve@x.com,Eve,,,
"""
"""Rows that mean other records, or none, where the import states by which identities they are matched."""
MERGE_RULES = {
    "status": MergeRule.IF_EMPTY,
    "notes": MergeRule.APPEND_LINE,
    "tags": MergeRule.APPEND,
    "name": MergeRule.NEVER,
}

CREATING_SOURCE = """\
id,external_id,email,name,company_name,is_primary
,X-1,ann@x.com,Ann,Beta,
,,bob@x.com,Bob,Nowhere,
,X-8,ida@x.com,Ambiguous,Never,
,,new@x.com,New One,Somewhere,
,X-9,,Jo,Never,perhaps
,,kim@x.com,Kim,Nowhere,
,X-5,eva@x.com,Eva,Nowhere,
,X-3,fay@x.com,Taken,Gamma,
,,new@x.com,New again,Never,
"""
"""Rows that name companies which do not exist, in one batch and in several; some of them fail."""

CONTACTS: dict[str, Fields] = {
    "con_a": {"external_id": "X-1", "email": "ann@x.com", "name": "Ann", "company_name": "Acme", "company_id": "cmp_1"},
    "con_b": {"external_id": "X-2", "email": "bob@x.com", "name": "Bob"},
    "con_c": {"external_id": "X-3", "email": "cy@x.com", "name": "Cy"},
    "con_d": {"email": "dee@x.com", "name": "Dee"},
    "con_e": {"external_id": "X-5", "email": "eve@x.com", "name": "Eve"},
    "con_f": {"external_id": "X-6", "email": "fay@x.com", "name": "Fay"},
    "con_g": {"external_id": "X-7", "name": "Gus", "phone": "+15551234567"},
    "con_h": {"external_id": "X-8", "name": "Hal"},
    "con_i": {"email": "ida@x.com", "name": "Ida"},
    "con_j": {"external_id": "X-9", "name": "Jo"},
    "con_k": {"external_id": "X-11", "email": "kim@x.com", "name": "Kim"},
    "con_l": {"name": "Lea"},
}
"""No row names con_f, con_g and con_l: an overwrite cleans them up."""
COMPANIES: dict[str, Fields] = {"cmp_1": {"name": "Acme"}, "cmp_2": {"name": "Beta"}}

IN_MEMORY = Limits()
IN_ONE_TASK = Limits(held_source_bytes=0)
IN_BATCHES = Limits(small_source_bytes=0, batch_rows=4)
IN_SPLITS = Limits(small_source_bytes=0, batch_rows=4, split_bytes=150, result_section_batches=2)
RESULT_CALLS = frozenset({"results.put_once", "imports.change_known"})
"""The calls that store the result of a task: by itself, or with the end of an import that is held in memory."""
NAMES_OF_LIMITS = {
    IN_MEMORY: "in memory",
    IN_ONE_TASK: "in one task",
    IN_BATCHES: "in batches",
    IN_SPLITS: "in splits",
}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is imported, into which records."""

    action: Action = Action.MERGE
    limits: Limits = IN_MEMORY
    source: str = SOURCE
    save_upload: bool = True
    contacts: dict[str, Fields] = field(default_factory=lambda: CONTACTS)
    location_id: str | None = None
    is_preview: bool = False
    is_undone: bool = False
    """What is recorded is the undo of the import."""
    is_strict: bool = False
    """What is recorded is the strict import of a preview, after others have changed records."""
    hold: bool = False
    """It is held when its file is here, until its caller has stated an option anew and lets it go."""
    guard_rails: GuardRails = NO_GUARD_RAILS
    rules: RowRules = field(default_factory=RowRules)
    name: str = ""
    """What the scenario is called, where action and limits do not say enough."""

    def __str__(self) -> str:
        if self.name:
            return self.name
        if self.source is not SOURCE:
            return f"{self.action} {self.source.count(chr(10)) - 1} rows"
        return f"{self.action} {NAMES_OF_LIMITS[self.limits]}"

    def fill(self, records: Records) -> None:
        """Stores the records that were there before; the other tenant has the same people under the same identities."""
        for tenant_id in (OURS, THEIRS):
            put(records, tenant_id, "companies", COMPANIES)
            put(records, tenant_id, RESOURCE, self.contacts)


def put(records: Records, tenant_id: TenantId, resource: str, contents: dict[str, Fields]) -> None:
    """Stores new records with their claims and match keys."""
    writes = [
        Write(
            record_id=RecordId(record_id),
            before=None,
            fields=fields,
            claims=tuple(identity_keys(RESOURCES[resource], fields)),
            match_keys=tuple(match_keys(RESOURCES[resource], fields)),
            stamp=Stamp(ImportId("imp_before"), number, Outcome.CREATED),
        )
        for number, (record_id, fields) in enumerate(contents.items(), 1)
    ]
    records.write_many(tenant_id, resource, writes, now_ms=BEFORE_MS)


CREATING = Scenario(
    limits=IN_BATCHES,
    source=CREATING_SOURCE,
    rules=RowRules(create_missing=("company_name",)),
    name="merge that creates companies",
)

UNDONE = [
    Scenario(is_undone=True, name="undo of a merge in memory"),
    Scenario(
        action=Action.OVERWRITE,
        limits=IN_BATCHES,
        source=NAMED_SOURCE,
        is_undone=True,
        name="undo of an overwrite in batches",
    ),
]

AT_LOCATIONS = CONTACTS | {
    "con_f": CONTACTS["con_f"] | {"locations": ["Berlin", "Paris"]},
    "con_g": CONTACTS["con_g"] | {"locations": ["Berlin"]},
    "con_l": CONTACTS["con_l"] | {"locations": ["Paris"]},
}
"""An overwrite of Berlin deletes con_g, takes con_f out of Berlin, and leaves con_l alone."""

SCENARIOS = [
    *(
        Scenario(action=action, limits=limits)
        for action in (Action.MERGE, Action.DELETE)
        for limits in (IN_MEMORY, IN_ONE_TASK, IN_BATCHES)
    ),
    Scenario(limits=IN_SPLITS),
    *(
        Scenario(
            action=Action.OVERWRITE, limits=limits, source=NAMED_SOURCE, name=f"overwrite {NAMES_OF_LIMITS[limits]}"
        )
        for limits in (IN_MEMORY, IN_ONE_TASK, IN_BATCHES)
    ),
    Scenario(action=Action.OVERWRITE, limits=IN_BATCHES, name="overwrite that only counts"),
    Scenario(
        action=Action.OVERWRITE,
        limits=IN_BATCHES,
        source=NAMED_SOURCE,
        contacts=AT_LOCATIONS,
        location_id="Berlin",
        name="overwrite of a location",
    ),
    Scenario(
        limits=IN_BATCHES,
        source=STATED_SOURCE,
        rules=RowRules(match_by=("external_id", "email"), merge_rules=MERGE_RULES),
        name="merge by two stated identities",
    ),
    Scenario(
        action=Action.OVERWRITE,
        source=STATED_SOURCE,
        rules=RowRules(match_by=("external_id",), merge_rules={"email": MergeRule.IF_EMPTY}),
        name="overwrite by one stated identity",
    ),
    CREATING,
    *UNDONE,
    Scenario(
        action=Action.OVERWRITE, limits=IN_BATCHES, source=NAMED_SOURCE, is_preview=True, name="preview of an overwrite"
    ),
    Scenario(is_strict=True, limits=IN_BATCHES, name="strict merge"),
    Scenario(action=Action.OVERWRITE, limits=IN_BATCHES, source=NAMED_SOURCE, is_strict=True, name="strict overwrite"),
    Scenario(hold=True, name="merge that is held"),
    Scenario(save_upload=False, name="merge of a file that is not saved"),
    Scenario(
        limits=IN_BATCHES, guard_rails=GuardRails(max_failed=Tolerance(count=ROWS)), name="merge with a guard rail"
    ),
]
