"""Which tests are a module's own: those that exist to test it.

That is the test of its name, at the place that mirrors the module's, and the tests of `ALSO`: tests of a feature, for
the modules that are that feature. Stores keep promises, which are tested in one place for all implementations.
"""

from pathlib import Path

ALSO: dict[str, tuple[str, ...]] = {
    "imports/create.py": ("unit/imports/test_start.py", "unit/imports/test_inside_a_request.py"),
    "imports/drop_result.py": ("unit/imports/test_drop_keys.py",),
    "imports/finalize.py": ("unit/imports/test_final_change.py", "unit/imports/test_due_undo.py"),
    "imports/handlers.py": (
        "unit/imports/test_machine.py",
        "unit/imports/test_inside_request.py",
        "unit/imports/test_killed_tasks.py",
        "unit/imports/test_finalize.py",
    ),
    "imports/describe_source.py": ("unit/imports/test_source_description.py",),
    "imports/inspected_source.py": ("unit/imports/test_source_description.py",),
    "imports/phases/processing.py": (
        "unit/imports/test_handlers.py",
        "unit/imports/test_match_by.py",
        "unit/imports/test_references.py",
    ),
    "imports/phases/transforming.py": ("unit/imports/test_handlers.py", "unit/imports/test_match_by.py"),
    "imports/phases/undoing.py": ("unit/imports/test_undo.py",),
    "imports/phases/validation.py": ("unit/imports/test_references.py",),
    "imports/pipeline.py": (
        "unit/imports/test_gates.py",
        "unit/imports/test_handlers.py",
        "unit/imports/test_guard_rails.py",
    ),
    "imports/reaper.py": (
        "unit/imports/test_due_undo.py",
        "unit/imports/test_children.py",
        "unit/imports/test_held.py",
    ),
    "imports/rehearsed_records.py": ("unit/imports/test_previews.py",),
    "imports/result_files.py": ("unit/imports/test_succeeded_file.py", "unit/imports/tasks/test_uploaded_rows.py"),
    "imports/row_reader.py": ("unit/imports/test_rows.py",),
    "imports/row_selection.py": ("unit/imports/test_rows.py",),
    "imports/sessions.py": ("contract/packagex/test_import_sessions.py",),
    "imports/tasks/cleanup.py": (
        "unit/imports/test_overwrites_of_any_bytes.py",
        "unit/imports/tasks/test_hand_over.py",
    ),
    "imports/tasks/corrected_rows.py": ("unit/imports/test_retry.py", "unit/imports/test_retries_of_random_rows.py"),
    "imports/tasks/deduplication.py": ("unit/imports/test_match_by.py",),
    "imports/tasks/earlier_import.py": ("unit/imports/tasks/test_uploaded_rows.py",),
    "imports/tasks/lookups.py": (
        "unit/imports/test_match_by.py",
        "unit/imports/test_references.py",
        "unit/imports/tasks/test_missing_records.py",
        "unit/imports/tasks/test_rematch.py",
    ),
    "imports/tasks/missing_records.py": ("unit/imports/test_references.py",),
    "imports/tasks/outside_keys.py": ("unit/imports/test_retry.py",),
    "imports/tasks/previewed.py": ("unit/imports/tasks/test_drift.py", "unit/imports/test_strict.py"),
    "imports/tasks/processing.py": (
        "unit/imports/test_handlers.py",
        "unit/imports/test_due_undo.py",
        "unit/imports/test_finalize.py",
        "unit/imports/test_guard_rails.py",
        "unit/imports/test_references.py",
        "unit/imports/tasks/test_hand_over.py",
        "unit/imports/tasks/test_missing_records.py",
        "unit/imports/tasks/test_recovery.py",
    ),
    "imports/tasks/rematch.py": (
        "unit/imports/test_match_by.py",
        "unit/imports/tasks/test_processing.py",
        "unit/imports/tasks/test_recovery.py",
    ),
    "imports/tasks/retried_rows.py": ("unit/imports/test_retry.py", "unit/imports/test_retries_of_random_rows.py"),
    "imports/tasks/retry_chain.py": ("unit/imports/tasks/test_retried_rows.py", "unit/imports/test_retry.py"),
    "imports/tasks/transforming.py": ("unit/imports/test_handlers.py", "unit/imports/tasks/test_cleanup.py"),
    "imports/tasks/undone_rows.py": ("unit/imports/test_undo.py",),
    "imports/tasks/uploaded_rows.py": ("unit/imports/tasks/test_cleanup.py", "unit/imports/test_pipeline.py"),
    "imports/tasks/validation.py": ("unit/imports/test_references.py",),
    "imports/uploads.py": (
        "unit/imports/test_start.py",
        "unit/imports/test_uploads_in_parts.py",
        "unit/imports/test_held.py",
    ),
    "imports/workspace/result_pieces.py": ("unit/imports/test_ends_in_sections.py",),
    "imports/workspace/row_pages.py": ("unit/imports/workspace/test_row_pages_reads.py",),
    "imports/workspace/shuffled.py": ("unit/imports/tasks/test_deduplication.py",),
    "imports/workspace/task_numbers.py": ("unit/imports/test_pipeline.py",),
    "schema/defaults.py": ("unit/schema/test_identity.py",),
    "schema/header_rules.py": ("unit/schema/test_column_mapping.py", "unit/schema/test_key_mapping.py"),
    "schema/matching.py": ("unit/imports/test_match_by.py",),
    "schema/merge_rules.py": ("unit/imports/test_merging.py",),
    "schema/query/comparison.py": ("unit/schema/query/test_filters.py",),
    "schema/suggestions/candidates.py": ("unit/schema/suggestions/test_suggest.py",),
    "schema/suggestions/header_parser.py": ("unit/schema/suggestions/test_suggest.py",),
    "schema/suggestions/lexicon.py": ("unit/schema/suggestions/test_suggest.py",),
    "schema/suggestions/recipes.py": ("unit/schema/suggestions/test_suggest.py",),
    "schema/suggestions/values.py": ("unit/schema/suggestions/test_suggest.py",),
    "schema/types/words.py": ("unit/schema/types/test_value_mapping.py",),
    "stores/dynamodb/answers.py": ("unit/stores/dynamodb/test_client.py",),
}
"""By module below `chalicelib`, tests below `tests` beside the one of its name."""

STORE_PROMISES = (
    "tests/contract/stores",
    "--ignore=tests/contract/stores/test_files.py",
    "--ignore=tests/contract/stores/test_event_bus.py",
    "-k",
    "not memory and not moto and not emulator",
)
"""Promises of stores, asked of the stores on the tables of the fault runs, which evaluate conditions as AWS does."""


def own_tests(path: Path) -> list[str]:
    """Returns what pytest is told to run the tests of a module, those of its name first; nothing where it has none. A
    package itself is tested by its whole folder.
    """
    place = Path(*path.parts[1:])
    named = Path("tests/unit") / (place.parent if place.stem == "__init__" else place.with_name(f"test_{place.name}"))
    found = [*([str(named)] if named.exists() else []), *(f"tests/{one}" for one in ALSO.get(str(place), ()))]
    return [*found, *STORE_PROMISES] if "stores" in place.parts else found
