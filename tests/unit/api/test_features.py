"""The list of PackageX's features names folders, and the app and the document know each of them."""

from importlib import import_module
from pathlib import Path

import pytest

from chalicelib.api import packagex
from chalicelib.api.features import PACKAGEX_FEATURES
from chalicelib.api.packagex.openapi import DESCRIPTION
from chalicelib.bootstrap import ROUTES


def test_every_folder_of_the_dialect_is_listed() -> None:
    [folder] = packagex.__path__

    assert {one.parent.name for one in Path(folder).glob("*/routes.py")} == set(PACKAGEX_FEATURES.values())


@pytest.mark.parametrize(("root", "name"), PACKAGEX_FEATURES.items())
def test_the_app_asks_the_folder_for_the_paths_that_begin_so(root: str, name: str) -> None:
    module = import_module(f"chalicelib.api.packagex.{name}.routes")
    roots = [one for one, feature in PACKAGEX_FEATURES.items() if feature == name]

    assert root in ROUTES
    assert all(any(f"{route.path}/".startswith(f"{one}/") for one in roots) for route in module.ROUTES)


def test_the_document_has_the_features_in_their_order() -> None:
    modules = [
        import_module(f"chalicelib.api.packagex.{name}.routes") for name in dict.fromkeys(PACKAGEX_FEATURES.values())
    ]

    assert [feature.routes for feature in DESCRIPTION.features] == [module.ROUTES for module in modules]
