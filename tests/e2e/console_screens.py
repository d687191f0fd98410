"""Writes docs/screens: every screen of the console and the importer as a picture, light and dark, wide and narrow.

    make screens

In goes nothing; a stack is deployed for it, and a walk through both is photographed. Pictures are small (WebP).
Where the font Inter is installed it stands in the place of the system's, so that they look alike on every machine.
"""

import os
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from local.keys import add_key, new_key
from local.paths import ROOT, SAMPLE
from local.stack import Stack, StackOptions, running_stack
from tests.e2e.browser import CHROMIUM, launch_chromium
from tests.e2e.console_tour import ConsoleTour
from tests.e2e.embedding_page import Host, Visitor
from tests.e2e.importer_tour import ImporterTour
from tests.e2e.packagex_client import PackageXClient

SCREENS = ROOT / "docs" / "screens"
QUALITY = 82

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include><match target="pattern">
<or><test name="family"><string>system-ui</string></test><test name="family"><string>sans</string></test></or>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match></fontconfig>
"""


@dataclass(frozen=True, slots=True)
class Look:
    """A way to look at the console, and the screens that are kept of it; none named means all."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    kept: frozenset[str] = frozenset()


LOOKS = (
    Look("", 1280, 860, "light"),
    Look("-dark", 1280, 860, "dark", frozenset({"columns", "check", "mend"})),
    Look("-narrow", 375, 760, "light", frozenset({"imports", "columns", "check", "mend", "profile", "importer-mend"})),
)


def main() -> None:
    """Deploys a stack, goes through the console once for each look, and writes the pictures."""
    if CHROMIUM is None:
        raise SystemExit("There is no Chromium: apt-get install chromium")
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _fonts(Path(folder)), sync_playwright() as playwright:
        chromium = launch_chromium(playwright)
        with running_stack(Path(folder) / "stack", StackOptions(enforce_iam=True)) as stack:
            for look in LOOKS:
                _photograph(chromium, stack, look)
        chromium.close()


def _photograph(chromium: Browser, stack: Stack, look: Look) -> None:
    """Goes through the console as a tenant of its own."""
    key = new_key()
    add_key(stack, key)
    page = chromium.new_page(
        viewport={"width": look.width, "height": look.height}, color_scheme=look.scheme, locale="en-US"
    )
    client = PackageXClient(stack.base_url, key.secret, key.tenant_id)
    with Host() as host:
        visitor = Visitor(page, host, client)
        for name in chain(ConsoleTour(page, client, SAMPLE), ImporterTour(visitor, visitor.open_element)):
            if not look.kept or name in look.kept:
                _write(page, SCREENS / f"{name}{look.name}.webp")
    page.close()


def _write(page: Page, path: Path) -> None:
    page.wait_for_timeout(400)  # what moves comes to rest
    session = page.context.new_cdp_session(page)
    picture = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    path.write_bytes(b64decode(picture["data"]))
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB", flush=True)


@contextmanager
def _fonts(folder: Path) -> Iterator[None]:
    path = folder / "fonts.conf"
    path.write_text(FONTS)
    os.environ["FONTCONFIG_FILE"] = str(path)
    yield
    del os.environ["FONTCONFIG_FILE"]


if __name__ == "__main__":
    main()
