"""Every limit by name, with its default; settings may change each of them.

Sources: what AWS allows, and what each dialect documents.
"""

from dataclasses import dataclass

KB, MB, GB = 1 << 10, 1 << 20, 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of the service: sizes in bytes, times in seconds, unless the name says otherwise."""

    response_bytes: int = 6 * MB
    """What a Lambda function may take in or give back (AWS)."""
    inline_upload_bytes: int = 4_500_000
    """A base64 data URL's decoded content; above it the caller is sent to the signed upload."""
    inline_read_cpu_s: float = 5
    """Seconds of processor time that reading a source may take inside a request. The API function has 0.6 of a vCPU, so
    that they are 9 of the 29 seconds that API Gateway waits."""
    sync_import_rows: int = 50_000
    """Rows of a source that is read inside a request: at 0.1 ms each, which the worst of them take, they fill the time
    above."""
    upload_bytes: int = 5 * GB
    """What one signed PUT may hold (AWS)."""
    parts_upload_bytes: int = 100 * GB
    """What an upload in parts may hold together."""
    upload_part_bytes: int = 16 * MB
    """Each part of such an upload but the last; S3 takes 10,000 parts of at least 5 MB (AWS)."""
    upload_parts_shown: int = 100
    """Parts whose signed URLs one answer may have."""
    gzip_bytes: int = 2 * GB
    """A gzipped source, compressed: it is read by one task."""
    expansion_ratio: int = 200
    """How much a compressed source may grow, once it is larger than `expansion_free_bytes`."""
    expansion_free_bytes: int = 64 * MB
    """Below this size the ratio is not looked at."""
    expanded_bytes: int = 20 * GB
    """What a compressed source may grow to."""
    workbook_bytes: int = 100 * MB
    """A workbook of any format, or a zip archive."""
    workbook_expanded_bytes: int = 1 * GB
    """All entries of a workbook, inflated, and what the cells and the texts of a sheet take when they are read."""
    workbook_held_bytes: int = 512 * MB
    """What is held in memory of a workbook while its rows are read: shared texts, styles, of an XLS a whole sheet."""
    workbook_held_ratio: int = 32
    """The same for each byte of the file, once it is more than `workbook_held_free_bytes`."""
    workbook_held_free_bytes: int = 96 * MB
    """What a workbook of any size may hold; the API function reads sources up to `inline_upload_bytes` only."""
    workbook_text_characters: int = 4 * MB
    """One text of a workbook, and all texts of one row; Excel's cells end at 32,767."""
    workbook_entries: int = 10_000
    """Files inside a workbook or a zip archive."""
    workbook_sheets: int = 250
    """Sheets that are looked at for the first that holds a table; any other can be named."""
    sheet_rows: int = 1_048_576
    """Rows of a sheet (Excel)."""
    columns: int = 1_024
    """Columns of a source, and different keys of its JSON rows together."""
    json_columns: int = 100
    """Different keys of JSON rows that have a column each in CSV files of results. Of more, those that feed no field
    share one."""
    row_bytes: int = 1 * MB
    """One row of a source as text."""
    row_width_sample_rows: int = 1_000
    """Rows at the beginning of a delimited source that show how wide its writer makes rows."""
    row_width_sample_bytes: int = 4 * MB
    """Text that is looked at for them, at most."""
    row_width_rows: int = 5
    """Rows of the sample that must do the same before it is a habit."""
    row_width_percent: int = 2
    """Percent of the sample's rows that must do the same before it is a habit."""
    header_search_rows: int = 20
    """Rows with content among which the header of a table is looked for."""
    sample_rows: int = 20
    """Rows that are looked at for a mapping suggestion."""
    described_rows: int = 1_000
    """Rows at the beginning of a source whose words and dates are told before it is imported."""
    described_words: int = 50
    """A column with more different values than these has no words to be told."""
    columns_shown: int = 200
    """Columns of a source that its import tells of."""
    described_cell_characters: int = 200
    """Of each cell of the rows that are shown of a source before it is imported."""
    described_bytes: int = 2 * MB
    """What these rows may have together, as they are sent; fewer of them are shown where they are long."""
    surplus_columns: int = 32
    """Columns of an errors file for cells beyond the header; what lies further is joined in the last of them."""
    json_depth: int = 64
    """How deep a JSON value may nest."""
    text_characters: int = 100_000
    """A text field whose declaration says nothing shorter."""
    values: int = 1_000
    """Entries of a list or a map field."""
    record_bytes: int = 350 * KB
    """A record's document; DynamoDB's items end at 400 KB."""
    batch_rows: int = 20_000
    """Rows that one task handles, at most."""
    batch_bytes: int = 8 * MB
    """What the rows of a batch may hold together: a batch of long rows has fewer of them."""
    split_bytes: int = 16 * MB
    """A large source of delimited text or NDJSON is divided into splits of this size, each read by its own task."""
    notation_head_bytes: int = 16 * MB
    """The beginning of a source that is searched for how its numbers and dates are written, counted as characters."""
    notation_tail_bytes: int = 1 * MB
    """The end of a source that is searched for the same, where a reader can begin there: CSV, TSV and NDJSON that are
    not gzipped."""
    value_words: int = 200
    """Words of all fields together whose meaning an import states (`value_mapping`)."""
    notation_words: int = 50
    """Words for true, and for false, that a caller may state."""
    sub_partition_keys: int = 600_000
    """Identity keys that a task looking for duplicates holds in memory."""
    tasks: int = 20_000
    """Tasks of one phase: their numbers pass through the state machine, whose inputs end at 256 KiB (AWS)."""
    small_source_bytes: int = 5 * MB
    """A source up to this size is imported by one task."""
    upload_window_s: int = 24 * 3600
    """How long an import waits for its file; then it expires."""
    upload_link_s: int = 3600
    """How long a signed upload URL stays good. It dies with the session of the role that signed it, which lasts for
    hours, so that no URL is signed for the whole time that an import waits."""
    download_window_s: int = 3600
    """How long a signed download URL stays good."""
    import_time_s: int = 6 * 3600
    """How long an import may take once it has begun, and how long it may wait before; then it is timed_out."""
    reaper_time_s: int = 180
    """After this time a run of the reaper begins nothing more, and the next one goes on; its function lives for 240
    seconds."""
    end_tries: int = 4
    """How often the reaper has an import or export ended in the usual way, before it ends it as failed, without
    files."""
    end_again_s: int = 5 * 60
    """How long after the first try to end an import or export the second comes; each further wait is twice as long."""
    end_again_longest_s: int = 3600
    """How long the reaper waits at most before it tries again to end an import or export."""
    reaper_asks: int = 250
    """Executions of imports about which one run of the reaper asks Step Functions, and as many of exports; the next run
    goes on. Step Functions answers 10 such questions a second, and 250 more at once (AWS)."""
    drop_settles_s: int = 10 * 60
    """How old a dropped file is before the reaper takes it for one that no event told of."""
    drop_sought_s: int = 7 * 24 * 3600
    """How old it may be at most; what is older was told of, or is not meant any more."""
    confirm_days: int = 7
    """How long a preview can be confirmed after its end."""
    succeeded_rows: int = 1_000_000
    """Rows that succeeded, up to which they are written as files; of more, the listing of rows tells."""
    result_section_batches: int = 50
    """Batches whose result files one function writes: a million rows. Of more, as many tasks as it takes write pieces,
    which are put together."""
    profiles: int = 100
    """Import profiles of one tenant."""
    profile_bytes: int = 64 * KB
    """The options of a profile, as they are stored."""
    redrive_days: int = 7
    """How long after its end an import that broke off can go on."""
    undo_days: int = 7
    """How long an import can be undone after its end; 0 for not at all. What is needed for that is kept for two days
    more."""
    before_images_bytes: int = 8 * MB
    """What the records that are kept for an undo may have together in one object; a single record may be larger."""
    retry_corrections: int = 10_000
    """Rows that one retry corrects."""
    import_retries: int = 50
    """How often rows of one import can be tried again; each retry reads what the others have done."""
    correction_pages: int = 500
    """Pages of a thousand rows on which the corrected rows of one retry may lie: they are looked up within its
    request."""
    hold_days: int = 7
    """How long an import is held whose caller has asked for that; then it expires."""
    child_start_s: int = 5 * 60
    """How old an import that is made of another one is before the reaper looks whether it was forgotten."""
    tenant_imports: int = 5
    """Imports of one tenant that run at the same time; the others wait, queued. None inside a request counts."""
    tenant_exports: int = 5
    """Asynchronous exports of one tenant that run at the same time; the others wait, queued."""
    stack_imports: int = 36
    """Imports of all tenants that run at the same time; tenants that wait take turns. The template's parameter
    `AccountConcurrency` gives it (`chalicelib/model/concurrency.py`); this is its default's."""
    stack_exports: int = 9
    """The same for asynchronous exports."""
    cstar_import_records: int = 500
    """Records in one import (cStar)."""
    cstar_secret_key_requests: int = 1_000
    """Requests an hour with one secret key (cStar)."""
    cstar_publishable_key_requests: int = 100
    """Requests an hour with one publishable key (cStar)."""
    kasar_key_requests: int = 300
    """Requests a minute with one key (Kasar publishes its headers, not its number)."""
    packagex_key_requests: int = 3_000
    """Requests a minute with one key (PackageX publishes none)."""
    talkdesk_client_requests: int = 600
    """Requests a minute with all tokens of one client, those for tokens included (Talkdesk publishes none)."""
    talkdesk_token_s: int = 3600
    """How long a token of a client is good."""
    import_session_s: int = 3600
    """How long an import session lives whose maker asks for nothing else."""
    import_session_longest_s: int = 24 * 3600
    """How long one may live."""
    import_session_requests: int = 600
    """Requests a minute in one import session, beside those of the tenant's keys."""
    import_session_files: int = 50
    """Files that may be sent in one import session, each in the place of the one before, until one is confirmed."""
    talkdesk_import_rows: int = 1_000
    """Users in one import, without the header line (Talkdesk: 1,001 lines)."""
    talkdesk_history_s: int = 20 * 24 * 3600
    """How long an import of users is shown (Talkdesk: up to 20 days)."""
    row_pages: int = 20
    """Pages of a thousand rows that a listing of rows looks into; its cursor leads on."""
    listed_rows_bytes: int = 3 * MB
    """What the rows of one listing may take together, as they are sent; its cursor leads on. The names of their
    parts, and the envelope, have the rest of `response_bytes`."""
    idempotency_key_characters: int = 255
    """Of an `Idempotency-Key`."""
    idempotency_s: int = 24 * 3600
    """How long a response is kept for repeated requests with its idempotency key."""
    kept_work_item_bytes: int = 4 * KB
    """What one function has done of an import by itself is kept in the item of the import up to this size, above it in
    an object: the write of an object costs as much as 8 units, which is what 4 KB cost in a transaction."""
    held_source_bytes: int = 256 * KB
    """The largest upload whose rows one function of the state machine holds in memory, all phases long."""
    held_work_bytes: int = 16 * MB
    """What it may hold of them once they are read; a packed source that gives more goes the way of larger ones."""
    idempotency_inline_bytes: int = 300 * KB
    """A kept answer's body above this lies in the bucket; DynamoDB's items end at 400 KB."""
    request_time_s: int = 29
    """How long a request may be at work: API Gateway's patience, and the API function's timeout (AWS)."""
    sync_import_time_s: int = 20
    """How long an import may take that runs inside a request from beginning to end, and the part of a sync import that
    a request waits for; API Gateway waits for 29 seconds."""
    filter_depth: int = 8
    """Groups within groups of a filter."""
    filter_conditions: int = 100
    """Conditions of a filter, those of all its groups counted together."""
    kasar_import_records: int = 50
    """Records of one import request (Kasar)."""
    sync_export_records: int = 10_000
    """Records of one synchronous export (Kasar, cStar)."""
    sync_export_time_s: int = 20
    """How long a synchronous export may read; API Gateway waits for 29 seconds."""
    sync_export_bytes: int = 64 * MB
    """What the records of a synchronous export may have together: they are held in memory."""
    hand_over_s: int = 60
    """With less than this left of a function, its task stops after a write batch and goes on in another one; a function
    of Lambda ends after 15 minutes (AWS)."""
    export_time_s: int = 6 * 3600
    """How long an asynchronous export may take once it has begun, and how long it may wait before; then it is
    timed_out."""
    export_files_s: int = 24 * 3600
    """How long the files of an export live (PackageX); then it is expired."""
    export_lag_s: int = 16 * 60
    """How far behind its snapshot an export by changes ends: what is later may still be on its way into the store. A
    write is stamped inside the function that commits it, and no function lives longer than 15 minutes (AWS); the minute
    above is for a request that is under way when its function dies, and for clocks that differ.
    """
    export_sort_bytes: int = 24 * MB
    """What a task sorts in memory; more is sorted in several runs and merged."""
    export_merge_s: int = 7 * 60
    """With less than this left of a function, it merges no more sorted runs, and the next one does."""
    export_file_part_s: int = 10 * 60
    """How long one function writes at a file before the next goes on with another part; Lambda's end is 15 minutes."""
    export_options_bytes: int = 64 * KB
    """The options of an export, as they are stored to be shown."""
    job_retention_s: int = 400 * 24 * 3600
    """How long an import or export that has ended is kept from the end of the day of its creation (UTC); then it counts
    as absent. Also how long the id of a deleted one stays taken."""
    filtered_records: int = 2_000
    """Records that a listing with filters looks through in one request, where they give no identity; its cursor leads
    on."""
    tenant_schedules: int = 100
    """Export schedules of one tenant."""
    schedule_catch_up_s: int = 24 * 3600
    """Missed due times that are younger than this are made up for; of older ones the history says how many there
    were."""
    schedule_fires: int = 10
    """Due times of one schedule that one round makes up; the next round goes on."""
    schedule_history_s: int = 90 * 24 * 3600
    """How long a schedule's history remembers a run."""
    schedule_run_time_s: int = 240
    """After this time a round begins nothing more; the next one goes on."""
    webhooks: int = 20
    """Webhooks of one tenant."""
    webhook_response_s: int = 5
    """How long a receiver may take to answer, from the look-up of its name on."""
    webhook_rotation_s: int = 24 * 3600
    """How long the old secret signs beside the new one after a rotation."""
    webhook_failing_s: int = 3 * 24 * 3600
    """A webhook is paused when nothing has been delivered to it for this long."""
    webhook_failures: int = 5
    """Attempts that fail in a row before deliveries to the webhook wait for a probe."""
    webhook_retry_first_s: int = 10
    """How long they wait for the first probe; each that fails makes the next wait three times as long."""
    webhook_retry_most_s: int = 15 * 60
    """How long they wait for a probe at most."""
    webhook_sends: int = 64
    """Deliveries that one round sends at the same time: they take 8 MB of the 512 that its function has."""
    webhook_tenant_sends: int = 8
    """Of these, deliveries of one tenant."""
    webhook_endpoint_sends: int = 4
    """Deliveries to one webhook that are sent at the same time, by all rounds together."""
    webhook_round_s: int = 45
    """For how long a round begins deliveries; the next one comes a minute after it."""
    webhook_event_round_s: int = 5
    """The same for a round that an event has started."""
    event_log_s: int = 7 * 24 * 3600
    """How long the log of events has an event, from when it was published on."""


DEFAULT_LIMITS = Limits()
