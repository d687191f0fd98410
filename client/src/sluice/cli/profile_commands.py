"""`sluice profiles …` and `sluice settings`: what imports get without stating it."""

import json
from collections.abc import Mapping
from typing import Any, cast

import click

from sluice.cli.app import App, command, pairs
from sluice.cli.exits import DONE
from sluice.cli.help import Group
from sluice.cli.import_options import limit_of, require_resource, stated_options, stating_options
from sluice.cli.unknown import known_resource
from sluice.models.profiles import Settings
from sluice.profiles import SettingsChanges

profiles = Group("profiles", help="Remembered mappings and options", short_help="Remembered mappings and options")
_LIMITS, _SWITCHES = ("max_failed", "max_deleted"), ("all_or_nothing", "save_upload", "hold")


@command("list", usage="")
def list_profiles(app: App) -> int:
    """List profiles, by name"""
    found = app.client.profiles.list()
    header = ("name", "resource", "version", "says")
    app.screen.put_list(
        header, found, lambda one: (one.name, one.resource, str(one.version), ", ".join(one.options)), right=(2,)
    )
    return DONE


@command("show", usage="NAME")
@click.argument("name")
def show_profile(app: App, name: str) -> int:
    """Show what a profile says"""
    found = app.client.profiles.get(name)
    rows = [("resource", found.resource), *((option, _word(value)) for option, value in found.options.items())]
    app.screen.put_one(("option", "value"), found, rows)
    return DONE


@command(
    "save",
    usage="NAME --resource NAME [OPTIONS]",
    notes=("What is not said is not remembered: to change one thing, say all",),
    closing="sluice import FILE -r NAME --save-profile NAME remembers what you did there",
)
@click.argument("name")
@stating_options
def save_profile(app: App, name: str, **given: Any) -> int:
    """Remember options of imports under a name"""
    require_resource(given)
    resource = known_resource(app, given["resource"])
    made = app.client.profiles.save(name, resource=resource.name, **stated_options(given, resource))
    if app.screen.is_json:
        app.screen.put_json(made.raw)
    app.screen.say(f"✓ {name}, version {made.version}", f"  sluice import FILE -r {resource.plural} --profile {name}")
    return DONE


@command("delete", usage="NAME")
@click.argument("name")
def delete_profile(app: App, name: str) -> int:
    """Remove a profile; imports that used it go on"""
    app.client.profiles.delete(name)
    app.screen.say(f"✓ {name} is gone")
    return DONE


@command(
    "settings",
    usage="[NAME=VALUE …]",
    notes=(
        "max_failed, max_deleted: 20, 5%, or none",
        "all_or_nothing, save_upload, hold: yes, no, or none",
    ),
    closing="sluice settings max_failed=5% hold=none",
)
@click.argument("changes", nargs=-1)
def settings(app: App, changes: tuple[str, ...]) -> int:
    """What holds for all imports that say nothing else; shown, or set"""
    given = _to_settings(pairs(changes, "NAME=VALUE"))
    found = app.client.settings.change(**given) if given else app.client.settings.get()
    app.screen.put_one(("setting", "value"), found, _rows(found))
    return DONE


def _to_settings(given: Mapping[str, str]) -> SettingsChanges:
    """Returns settings as the library takes them. Raises BadParameter for what is none."""
    unknown = [name for name in given if name not in (*_LIMITS, *_SWITCHES)]
    if unknown:
        raise click.BadParameter(f"There is no setting {unknown[0]}; there are {', '.join((*_LIMITS, *_SWITCHES))}.")
    found = {name: limit_of(value) if name in _LIMITS else _switch(name, value) for name, value in given.items()}
    return cast(SettingsChanges, found)


def _switch(name: str, value: str) -> bool | None:
    words = {"yes": True, "no": False, "none": None}
    if value not in words:
        raise click.BadParameter(f"{name} is yes, no, or none, not {value}.")
    return words[value]


def _rows(found: Settings) -> list[tuple[str, str]]:
    return [(name, _word(getattr(found, name))) for name in (*_LIMITS, *_SWITCHES)]


def _word(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


for one in (list_profiles, show_profile, save_profile, delete_profile):
    profiles.add_command(one)
