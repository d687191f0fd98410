"""`sluice login`, `logout` and `completion`: who asks, of whom, and a shell that knows the commands."""

import sys

import click
import httpx

from sluice.cli.app import App, command
from sluice.cli.exits import DONE, NO_KEY, Stopped
from sluice.cli.help import Option
from sluice.client import Sluice
from sluice.errors import Forbidden
from sluice.logins import DEFAULT, Login, Surroundings, forget_login, keep_login

LOCAL = "http://127.0.0.1:8080"
KEY_SHOWN = 7
"""Characters of a key that are shown: its kind, and enough to know it by."""
_SHELLS = ("bash", "zsh", "fish")


@command("login", usage="[OPTIONS]")
@click.option("--url", cls=Option, metavar="ADDRESS", help=f"{LOCAL} … ; asked for otherwise")
def login(app: App, url: str | None) -> int:
    """Remember an address and a key. The key is asked for, or read from standard input; it is no option, because others
    see those."""
    name = app.login or DEFAULT
    url = url or str(click.prompt("Address", default=LOCAL, err=True) if app.screen.can_ask else LOCAL)
    key = (
        str(click.prompt("Key (not shown)", hide_input=True, err=True)) if app.screen.can_ask else sys.stdin.readline()
    )
    made = Login(url.strip().rstrip("/"), key.strip())
    if not httpx.URL(made.url).is_absolute_url:
        raise click.BadParameter(f"{made.url} is no address: https://api.example.com", param_hint="--url")
    who = _tried(made)
    around = Surroundings.of_process()
    keep_login(name, made, around)
    app.screen.say(
        f"✓ Signed in {who}with key {key_hint(made.key)}…", f"  Kept in {around.kept}, readable by you only."
    )
    return DONE


def key_hint(key: str) -> str:
    """Returns what may be seen of a key."""
    return key[:KEY_SHOWN]


def _tried(made: Login) -> str:
    """Returns as whom the key is known; nothing where it may not ask that. Raises Unauthorized where it is wrong."""
    with Sluice(made.url, made.key) as client:
        try:
            return f"as tenant {client.account.whoami().organization_id} "
        except Forbidden:
            return ""


@command("logout", usage="[OPTIONS]")
def logout(app: App) -> int:
    """Forget them"""
    name = app.login or DEFAULT
    if not forget_login(name, Surroundings.of_process()):
        app.screen.fail(f"There is no login {name}.")
        raise Stopped(NO_KEY)
    app.screen.say(f"✓ {name} is forgotten")
    return DONE


@click.command("completion", short_help="Lines for bash, zsh or fish")
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> int:
    """Lines for bash, zsh or fish"""
    line = f"_SLUICE_COMPLETE={shell}_source sluice"
    click.echo(f"{line} | source" if shell == "fish" else f'eval "$({line})"')
    return DONE
