"""Pages of `docs/` that are made from the code: `python -m local.pages` writes them, a test finds them up to date."""

from chalicelib.model.problem_codes import CATALOGUE
from local.paths import ROOT

PROBLEMS = ROOT / "docs" / "problems.md"


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


def main() -> None:
    """Writes the pages."""
    PROBLEMS.write_text(problems_page())


if __name__ == "__main__":
    main()
