"""Retries: an import is made that tries rows of another one again which failed, were skipped or not processed.

The new import is a child of the one that read the rows, its root, however often it was tried again; it leaves out what
was mended before. Which rows it takes, its first phase finds out; here is checked that there are some, and that every
correction is for one of them. A preview of it is made beside, and nothing is busy with that; rows of a preview can be
tried again in no other way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, NotFound, Refused
from chalicelib.imports.children import busy, child_of, start_apart, start_child
from chalicelib.imports.service import get_import
from chalicelib.imports.tasks.retry_chain import RetryChain, chain_of, is_apart, later_outcomes
from chalicelib.imports.workspace import PageOfRows, RowRange, Skips
from chalicelib.imports.workspace.retry_terms import write_retry_terms
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.children import Occupation, root_of
from chalicelib.model.guard_rails import NO_GUARD_RAILS
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.model.problems import quoted
from chalicelib.model.retries import RETRIABLE, RetryTerms
from chalicelib.model.rows import Fields, Outcome

NUMBERS_SHOWN = 10
"""Rows that a message lists at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Values for one row."""

    row_number: int
    values: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRequest:
    """What a caller wants to be tried again."""

    include: frozenset[Outcome]
    corrections: Sequence[Correction] = ()
    only_given: bool = False
    is_preview: bool = False


def retry(context: Context, caller: Caller, import_id: ImportId, wanted: RetryRequest) -> Import:
    """Makes an import that tries rows again, and returns it. Raises NotFound; Conflict `not_ended`, `not_retryable`,
    `already_reverted`, `import_busy`, `too_many_retries`, `nothing_to_retry`; Refused `invalid_parameter` for a
    correction of another row or field, and `rows_expired`.
    """
    asked = get_import(context, caller, import_id)
    root = get_import(context, caller, asked.retry_of) if asked.retry_of else asked
    child = _child(context, caller, root, wanted)
    if child.import_id not in root.retries:  # unless a request that broke off has come so far
        _check(context, root, wanted)
        terms = _terms(context, root, wanted)
        _check_rows(context, chain_of(context.stores, root, terms))
        context.begin_work()
        write_retry_terms(context.stores.files, child.tenant_id, child.import_id, terms)
    if wanted.is_preview:
        return start_apart(context, child)
    started = start_child(context, child, _occupation(root, child))
    if started is None:
        _check(context, get_import(context, caller, root.import_id), wanted)
        raise Conflict("import_busy", "The import has changed meanwhile. Try again.")
    return started


def _child(context: Context, caller: Caller, root: Import, wanted: RetryRequest) -> Import:
    return replace(
        child_of(context, caller, root),
        retry_of=root.import_id,
        ids_of=root_of(root),
        is_preview=wanted.is_preview,
        guard_rails=NO_GUARD_RAILS,
        source=None,
    )


def _occupation(root: Import, child: Import) -> Occupation:
    return Occupation(
        busy_with=child.import_id,
        values={"retries": (*root.retries, child.import_id)},
        demands_unchanged={"retries": root.retries},
        undone_by={"retries": root.retries},
    )


def _check(context: Context, root: Import, wanted: RetryRequest) -> None:
    if not root.is_final:
        message = f"The import is still {root.status.value}. Its rows can be tried again when it has ended."
        raise Conflict("not_ended", message)
    if root.is_preview and not wanted.is_preview:
        raise Conflict("not_retryable", "A preview has written nothing. Confirm it, and try again what fails then.")
    if root.undo_of is not None:
        raise Conflict("not_retryable", "An undo is asked for again, as long as anything is left to reverse.")
    if root.reverted_by is not None:
        raise Conflict("already_reverted", "All that the import had changed was reversed. Send its file again.")
    if root.busy_with is not None:
        raise busy(root)
    if root.undo_due:
        raise Conflict("import_busy", "What the import has changed is about to be undone. Try again after that.")
    if len(root.retries) >= context.limits.import_retries:
        message = f"Rows of one import can be tried again {context.limits.import_retries} times. Upload an errors file."
        raise Conflict("too_many_retries", message)


def _terms(context: Context, root: Import, wanted: RetryRequest) -> RetryTerms:
    _check_corrections(context, root, wanted.corrections)
    return RetryTerms(
        include=wanted.include,
        corrections={one.row_number: one.values for one in wanted.corrections},
        only_given=wanted.only_given,
        earlier=root.retries,
    )


def _check_corrections(context: Context, root: Import, corrections: Sequence[Correction]) -> None:
    limit, resource = context.limits.retry_corrections, RESOURCES[root.resource]
    if len(corrections) > limit:
        raise _refused(f"At most {limit} rows can be corrected at once; these are {len(corrections)}.")
    numbers = [one.row_number for one in corrections]
    if len({*numbers}) < len(numbers):
        raise _refused("Each row may be given once.")
    if unknown := [number for number in numbers if number > root.stats.total]:
        raise _refused(f"The import has {root.stats.total} rows, and no row {_listed(unknown)}.")
    fields = {name for one in corrections for name in one.values}
    known = {one.name for one in resource.fields if not one.is_computed}
    if unknown_fields := sorted(fields - known):
        names = ", ".join(quoted(name) for name in unknown_fields[:NUMBERS_SHOWN])
        raise _refused(f"No field of {resource.name} that a row can give: {names}.")


def _check_rows(context: Context, chain: RetryChain) -> None:
    """Raises Refused for a correction of a row that is not tried again, and Conflict where there is nothing to try."""
    if chain.terms.corrections:
        _check_corrected_rows(context, chain)
    elif chain.terms.only_given:
        raise _refused("Give the rows that are to be tried again, or leave out only_given.")
    elif not _has_rows(context, chain):
        raise Conflict("nothing_to_retry", f"No row of the import is {_words(chain.terms.include)}.")


def _check_corrected_rows(context: Context, chain: RetryChain) -> None:
    numbers = sorted(chain.terms.corrections)
    now = _outcomes_of(context, chain, numbers)
    others = [number for number in numbers if now[number] not in chain.terms.include]
    if others:
        number = others[0]
        message = f"Row {number} is {now[number].value}; tried again are rows that are {_words(chain.terms.include)}."
        more = f" The same holds for {_listed(others[1:])}." if others[1:] else ""
        raise _refused(message + more)


def _outcomes_of(context: Context, chain: RetryChain, numbers: Sequence[int]) -> Mapping[int, Outcome]:
    found: dict[int, Outcome] = {}
    for looked_into, page in enumerate(_each_page(chain, lambda one: is_apart(one, numbers))):
        if looked_into == context.limits.correction_pages:
            message = f"The corrected rows lie on more than {looked_into} pages of 1000 rows. Correct fewer at once."
            raise _refused(message)
        found |= {one.row_number: one.outcome for one in chain.source.row_pages.read_outcomes(page)}
    return found | {number: one.outcome for number, one in later_outcomes(chain, numbers).items()}


def _has_rows(context: Context, chain: RetryChain) -> bool:
    """Of very many rows that were mended before, not all are looked at: then there may be none."""

    def skips(range_: RowRange) -> bool:
        return range_.counts is not None and not any(range_.counts.get(one.value) for one in RETRIABLE)

    for looked_into, page in enumerate(_each_page(chain, skips)):
        if looked_into == context.limits.row_pages:
            return True
        range_ = page.range
        later = later_outcomes(chain, range(range_.first_row, range_.first_row + range_.rows))
        outcomes = chain.source.row_pages.read_outcomes(page)
        if any(chain.terms.takes(one.row_number, later.get(one.row_number, one).outcome) for one in outcomes):
            return True
    return False


def _each_page(chain: RetryChain, skips: Skips) -> Iterator[PageOfRows]:
    """Nothing of an import that read no rows."""
    try:
        yield from chain.source.row_pages.each_page(chain.source.get_batches(), skips)
    except NotFound:
        if chain.root.stats.total:
            raise Refused("rows_expired", "The rows of the import are no longer kept.") from None


def _refused(message: str) -> Refused:
    return Refused("invalid_parameter", message, param="rows")


def _words(outcomes: frozenset[Outcome]) -> str:
    return " or ".join(sorted(outcomes))


def _listed(numbers: Sequence[int]) -> str:
    rest = len(numbers) - NUMBERS_SHOWN
    return ", ".join(map(str, numbers[:NUMBERS_SHOWN])) + (f" and {rest} more" if rest > 0 else "")
