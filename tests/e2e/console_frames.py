"""Measures how smoothly the sheet of Mend scrolls through 10,000 faulty rows.

    python -m tests.e2e.console_frames

In goes nothing; a stack is deployed for it, and a file with 10,000 faulty rows of twelve columns is imported. The sheet
is scrolled with every frame, by one row, by ten, and by more than it shows. Out come the time between frames, and the
processor time of the page's main thread for each: scripts, styles and layout, and everything (painting, too).
Chromium without a window has no graphics card: it draws on the same cores, in threads that are not counted.
"""

import csv
import io
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

from playwright.sync_api import CDPSession, Page, sync_playwright

from local.keys import add_key, new_key
from local.paths import SAMPLE
from local.stack import StackOptions, running_stack
from tests.e2e.browser import launch_chromium
from tests.e2e.packagex_client import PackageXClient

ROWS = 10_000
SECONDS = 6
STEPS = {"one row": 36, "ten rows": 360, "all rows": 1440}
"""By how many pixels the sheet is scrolled with each frame."""

SCROLL = """([step, seconds]) => new Promise((resolve) => {
  const box = document.querySelector(".sheetbox");
  box.scrollTop = 0;
  const frames = [];
  let [down, began] = [1, 0];
  function draw(now) {
    began ||= now;
    frames.push(now);
    if (box.scrollTop + box.clientHeight >= box.scrollHeight - 1) down = -1;
    else if (box.scrollTop === 0) down = 1;
    box.scrollTop += down * step;
    if (now - began < seconds * 1000) requestAnimationFrame(draw);
    else resolve(frames);
  }
  requestAnimationFrame(draw);
})"""


@dataclass(frozen=True, slots=True)
class Smoothness:
    """Milliseconds of one way to scroll."""

    frames: int
    median: float
    p95: float
    script: float
    layout: float
    main_thread: float

    def __str__(self) -> str:
        return (
            f"{self.frames} frames, every {self.median:.1f} ms (p95 {self.p95:.1f}); processor time of a frame: "
            f"scripts {self.script:.2f}, styles and layout {self.layout:.2f}, main thread {self.main_thread:.2f} ms"
        )


def main() -> None:
    """Deploys a stack, imports the faulty rows, opens them, and scrolls."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "stack", StackOptions()) as stack,
        sync_playwright() as playwright,
    ):
        key = new_key()
        add_key(stack, key)
        client = PackageXClient(stack.base_url, key.secret, key.tenant_id)
        ended = client.run(faulty_rows())
        assert ended["stats"]["failed"] == ROWS, ended["stats"]
        chromium = launch_chromium(playwright)
        page = chromium.new_page(viewport={"width": 1280, "height": 860}, locale="en-US")
        page.goto(f"{client.base_url}/console#key={client.key}")
        page.get_by_role("link", name="Account").wait_for()
        page.goto(f"{client.base_url}/console#/imports/{ended['id']}/mend")
        page.get_by_text("10,000 rows", exact=True).wait_for(timeout=300_000)
        for name, step in STEPS.items():
            print(f"{name}: {scrolled(page, step)}", flush=True)
        chromium.close()


def faulty_rows() -> bytes:
    """Returns the header and the first rows of the sample, again and again, each without an address."""
    with SAMPLE.open(encoding="utf-8-sig", newline="") as sample:
        header, *rows = csv.reader(sample)
    whole = [row for row in rows if len(row) == len(header)]
    mail = header.index("E-mail")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    for at in range(ROWS):
        row = list(whole[at % len(whole)])
        row[mail] = f"person.{at}@mail..example"
        writer.writerow(row)
    return text.getvalue().encode()


def scrolled(page: Page, step: int) -> Smoothness:
    """Scrolls for a while, by so many pixels with every frame."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _seconds(session)
    frames: list[float] = page.evaluate(SCROLL, [step, SECONDS])
    spent = {name: 1000 * (value - before[name]) / len(frames) for name, value in _seconds(session).items()}
    session.detach()
    between = [later - earlier for earlier, later in pairwise(frames)]
    twentieths = quantiles(between, n=20)
    return Smoothness(
        frames=len(frames),
        median=twentieths[9],
        p95=twentieths[18],
        script=spent["ScriptDuration"],
        layout=spent["LayoutDuration"] + spent["RecalcStyleDuration"],
        main_thread=spent["TaskDuration"],
    )


def _seconds(session: CDPSession) -> dict[str, float]:
    return {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}


if __name__ == "__main__":
    main()
