"""Pages of `docs/`, and parts of them, that are made from the code: `python -m local.pages` writes them, a test finds
them up to date.
"""

from bench import scaling
from chalicelib.model.concurrency import ACCOUNTS, shares_of
from chalicelib.model.problem_codes import CATALOGUE
from local.paths import ROOT

CONCURRENCY = ROOT / "docs" / "concurrency.md"
BEGIN_SHARES, END_SHARES = "<!-- shares: written by make pages -->", "<!-- end of shares -->"
PROBLEMS = ROOT / "docs" / "problems.md"
SCALE = ROOT / "docs" / "scale.md"
BEGIN_MODEL, END_MODEL = "<!-- model: written by make pages -->", "<!-- end of model -->"


def problems_page() -> str:
    """Returns the page that lists every problem code with its texts."""
    lines = [
        "# Problem codes",
        "",
        "What can be found wrong with a row, a header or a source. An *error* fails the row, a *skip* leaves it out on",
        "purpose, a *warning* lets it go on. Made from `chalicelib/model/problem_codes.py` by `make pages`.",
        "",
        "| code | severity | message | hint |",
        "|---|---|---|---|",
    ]
    for code, entry in CATALOGUE.items():
        lines.append(f"| `{code}` | {entry.severity} | {entry.message} | {entry.hint} |")
    return "\n".join(lines) + "\n"


def shares_table() -> str:
    """Returns the table of how each account's concurrency is shared out."""
    lines = [
        "| account | reserved: API | announcements | spare | imports at once | exports at once | tasks of each |",
        "|---|---|---|---|---|---|---|",
    ]
    for account, one in ((account, shares_of(account)) for account in ACCOUNTS):
        numbers = (account, one.api, one.announcements, one.spare, one.imports, one.exports, one.tasks)
        lines.append(f"| {' | '.join(f'{number:,}' for number in numbers)} |")
    return "\n".join(lines) + "\n"


def with_shares(page: str) -> str:
    """Returns the page about concurrency with the table as it is now. Raises ValueError where a marker is missing."""
    return _with_table(page, shares_table(), BEGIN_SHARES, END_SHARES)


def with_model(page: str) -> str:
    """Returns the page about scale with what the model gives now. Raises ValueError where a marker is missing."""
    return _with_table(page, scaling.table(), BEGIN_MODEL, END_MODEL)


def _with_table(page: str, table: str, begins: str, ends: str) -> str:
    before, begin, rest = page.partition(begins)
    _, end, after = rest.partition(ends)
    if not begin or not end:
        raise ValueError("the page has lost its markers")
    return f"{before}{begin}\n\n{table}\n{end}{after}"


def main() -> None:
    """Writes the pages."""
    CONCURRENCY.write_text(with_shares(CONCURRENCY.read_text()))
    PROBLEMS.write_text(problems_page())
    SCALE.write_text(with_model(SCALE.read_text()))


if __name__ == "__main__":
    main()
