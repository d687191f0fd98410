"""`sluice`: the commands under their headings, and how they end."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from sluice.cli.account_commands import keys, usage, whoami
from sluice.cli.app import App
from sluice.cli.exits import INTERRUPTED, WRONG_USE, Stopped, code_of, file_words, words_of
from sluice.cli.exports_commands import export, exports, schedules
from sluice.cli.help import COMMAND_CELLS
from sluice.cli.import_command import import_file
from sluice.cli.imports_commands import imports
from sluice.cli.login_commands import completion, login, logout
from sluice.cli.look_commands import records, resources, template, webhooks
from sluice.cli.mcp_command import mcp
from sluice.cli.profile_commands import profiles, settings
from sluice.errors import SluiceError
from sluice.version import __version__

SECTIONS: Sequence[tuple[str, Sequence[tuple[str, click.Command, str]]]] = (
    (
        "Files",
        (
            ("import FILE", import_file, "Import a file; shows what would happen first"),
            ("export RESOURCE", export, "Write records to a file"),
            ("template RESOURCE", template, "Write an empty file with the right headers"),
        ),
    ),
    (
        "Look and act",
        (
            ("imports", imports, "List, show, follow, mend, undo"),
            ("exports", exports, "List, show, download, cancel"),
            ("schedules", schedules, "Exports again and again"),
            ("webhooks", webhooks, "Who is told; listen, redeliver"),
            ("records", records, "Look at what is stored"),
            ("resources", resources, "Fields, types, identities"),
            ("profiles", profiles, "Remembered mappings and options"),
            ("settings", settings, "What holds for all imports"),
        ),
    ),
    (
        "You",
        (
            ("login", login, "Remember an address and a key"),
            ("logout", logout, "Forget them"),
            ("whoami", whoami, "Address, tenant, scopes, requests left"),
            ("usage", usage, "Imports and exports so far, and limits"),
            ("keys", keys, "The tenant's keys, never a secret"),
            ("completion SHELL", completion, "Lines for bash, zsh or fish"),
            ("mcp", mcp, "Tools for assistants"),
        ),
    ),
)
"""Every command under its heading, as it is called, with what it does."""

_OPTIONS = (
    ("--as NAME", "Which login to use              [env: SLUICE_AS]"),
    ("--json", "JSON on standard output"),
    ("--format WORD", "table (default) or json"),
    ("--quiet", "No progress, no hints"),
    ("--help, --version", ""),
)
_EXAMPLES = (
    "sluice import people.csv --resource contacts",
    "sluice import people.csv -r contacts --preview --json | jq .stats",
    "sluice imports undo imp_opfgpfdqcigvh7nx4l7276b4xg",
)


class _Root(click.Group):
    def get_help(self, ctx: click.Context) -> str:
        return "\n".join(_help_lines())


def _help_lines() -> Iterator[str]:
    yield "Import, export, undo: bulk records from your terminal."
    yield ""
    yield "Usage: sluice COMMAND [OPTIONS]"
    for heading, commands in SECTIONS:
        yield ""
        yield heading
        yield from (f"  {call}".ljust(COMMAND_CELLS) + text for call, _, text in commands)
    yield ""
    yield "Options everywhere"
    yield from ((f"  {names}".ljust(COMMAND_CELLS) + text).rstrip() for names, text in _OPTIONS)
    yield ""
    yield from (f"  {example}" for example in _EXAMPLES)


@click.group("sluice", cls=_Root, invoke_without_command=True)
@click.version_option(__version__, message="sluice %(version)s")
@click.pass_context
def root(ctx: click.Context) -> None:
    """Import, export, undo: bulk records from your terminal."""
    ctx.obj = ctx.obj or App()
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _, _commands in SECTIONS:
    for _, _command, _ in _commands:
        root.add_command(_command)


def run(arguments: Sequence[str] | None = None, app: App | None = None) -> int:
    """Runs one command and returns its exit code; what went wrong was said by then."""
    app = app or App()
    try:
        done: Any = root.main(
            args=list(arguments) if arguments is not None else None, prog_name="sluice", obj=app, standalone_mode=False
        )
    except Stopped as stopped:
        if str(stopped):
            app.screen.fail(str(stopped))
        return stopped.code
    except SluiceError as error:
        app.screen.fail(words_of(error))
        return code_of(error)
    except click.ClickException as error:
        error.show(sys.stderr)
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        app.screen.fail(file_words(error))
        return WRONG_USE
    return done if isinstance(done, int) else 0


def main() -> None:
    """Runs the command line of this process."""
    try:
        raise SystemExit(run())
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
