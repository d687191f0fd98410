"""The file of an import on its way, and what Ctrl-C means meanwhile: a question, not the end."""

import shlex

import click

from sluice.cli.app import App
from sluice.cli.exits import INTERRUPTED, Stopped
from sluice.cli.progress import watcher
from sluice.errors import SluiceError, Unreachable
from sluice.imports import Import
from sluice.uploads import KEPT_AS, SourceFile

_GO_ON, _CANCEL, _LEAVE = "g", "c", "l"


def send(app: App, waiting: Import, file: SourceFile, *, is_new: bool) -> None:
    """Sends the file of an import that waits for it. After Ctrl-C a person may go on, and parts that have arrived are
    not sent again; or cancel the import; or leave it as it is. Raises Stopped then. An import that is not new stays as
    it is where the file is not taken: it may be another file's."""
    answer = _GO_ON
    while answer == _GO_ON:
        try:
            with app.screen.live() as live:
                waiting.send(file, on_progress=watcher(live, app.screen.width))
        except KeyboardInterrupt:
            answer = _choose(app, _CANCEL if is_new else _LEAVE)
        except Unreachable:
            _say_later(app, waiting, file)
            raise
        except SluiceError:
            if is_new:
                cancel(app, waiting)
            raise
        else:
            return
    cancel(app, waiting) if answer == _CANCEL else _say_later(app, waiting, file)
    raise Stopped(INTERRUPTED)


def cancel(app: App, waiting: Import) -> None:
    """Ends an import that has not begun, and says so; one that has ended, or cannot be reached, is left alone."""
    try:
        waiting.cancel()
    except SluiceError:
        return
    app.screen.say("✓ canceled; nothing was written")


def _choose(app: App, unasked: str) -> str:
    app.screen.say("")
    if not app.screen.can_ask:
        return unasked
    question = "The import waits for the file. [Enter] go on, [c]ancel it, [l]eave:"
    try:
        return app.screen.ask(question, {_CANCEL: "cancel", _LEAVE: "leave"}, _GO_ON)
    except click.Abort:
        return unasked


def _say_later(app: App, waiting: Import, file: SourceFile) -> None:
    app.screen.say("The import waits for its file, for 24 hours.", f"  {waiting.id}", "")
    typed = _as_typed(file)
    how = f"import {typed} --resume {waiting.id}" if waiting.hold else f"imports send {waiting.id} {typed}"
    app.screen.say(f"  Go on    sluice {how}")
    app.screen.say(f"  Stop     sluice imports cancel {waiting.id}")


def _as_typed(file: SourceFile) -> str:
    """Returns the file as a command takes it: by its path, or as standard input, which has no name of its own."""
    is_kept_for_us = file.path.name == KEPT_AS and file.name != KEPT_AS
    return "-" if is_kept_for_us else shlex.quote(str(file.path))
