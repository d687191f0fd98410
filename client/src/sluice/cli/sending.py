"""The file of an import on its way, and what Ctrl-C means meanwhile: a question, not the end."""

import click

from sluice.cli.app import App
from sluice.cli.exits import INTERRUPTED, Stopped
from sluice.cli.progress import watcher
from sluice.errors import SluiceError, Unreachable
from sluice.imports import Import
from sluice.uploads import SourceFile

_GO_ON, _CANCEL, _LEAVE = "g", "c", "l"


def send(app: App, waiting: Import, file: SourceFile) -> None:
    """Sends the file of an import that waits for it. After Ctrl-C a person may go on, and parts that have arrived are
    not sent again; or cancel the import; or leave it as it is. Raises Stopped then."""
    answer = _GO_ON
    while answer == _GO_ON:
        try:
            with app.screen.live() as live:
                waiting.send(file, on_progress=watcher(live, app.screen.width))
        except KeyboardInterrupt:
            answer = _choose(app)
        except Unreachable:
            _say_later(app, waiting, file)
            raise
        except SluiceError:
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


def _choose(app: App) -> str:
    app.screen.say("")
    if not app.screen.can_ask:
        return _CANCEL
    question = "The import waits for the file. [Enter] go on, [c]ancel it, [l]eave:"
    try:
        return app.screen.ask(question, {_CANCEL: "cancel", _LEAVE: "leave"}, _GO_ON)
    except click.Abort:
        return _CANCEL


def _say_later(app: App, waiting: Import, file: SourceFile) -> None:
    app.screen.say("The import waits for its file, for 24 hours.", f"  {waiting.id}", "")
    app.screen.say(f"  Send     sluice imports send {waiting.id} {file.name}")
    app.screen.say(f"  Stop     sluice imports cancel {waiting.id}")
