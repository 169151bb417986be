"""The static site: how long its build takes, what a page loads, how soon it answers on a slow processor.

Run from the repository's folder: python -m benchmarks.site
"""

from __future__ import annotations

import functools
import http.server
import shutil
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from mlcourse._cli import environment
from mlcourse._cli.site import Handler
from mlcourse._site._build import build
from tests.browser.conftest import FLAGS, NAMES

SLOWER = 4
TRIES = 3
SIGNS = "performance.getEntriesByName('mlcourse-alive')[0].startTime"


def one(browser: Browser, address: str) -> tuple[int, int, int, float, float]:
    """Return files, bytes without and with pictures, and ms until all elements live: passed, and worked."""
    context = browser.new_context()
    page = context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks its handlers
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    page.locator("body[data-mounted]").wait_for()
    alive = page.evaluate(SIGNS)
    found = session.send("Performance.getMetrics")["metrics"]
    work = next(metric["value"] for metric in found if metric["name"] == "TaskDuration")
    sizes = {answer.url: len(answer.body()) for answer in answers}
    pictures = sum(size for url, size in sizes.items() if "/images/" in url)
    context.close()
    return len(sizes), sum(sizes.values()) - pictures, sum(sizes.values()), alive, 1000 * work


def main() -> None:
    """Build, serve on loopback, and measure every page."""
    chromium = next(filter(None, map(shutil.which, NAMES)))
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch, "site")
        made = build(environment.ROOT, folder)
        print(f"{made.pages} pages, {made.size / 1e6:.1f} MB, built in {made.seconds:.1f} s\n")
        handler = functools.partial(Handler, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        print(f"Times with a processor {SLOWER}× slower.\n")
        print("| page | files | kB | kB with pictures in view | ms until it answers | ms of work for it |")
        print("|---|---|---|---|---|---|")
        for path in sorted(folder.rglob("*.html")):
            name = path.relative_to(folder).as_posix()
            tries = [
                one(browser, f"http://127.0.0.1:{server.server_address[1]}/{name}") for _ in range(TRIES)
            ]
            files, small, whole, alive, work = min(tries, key=lambda found: found[3])
            print(
                f"| {name} | {files} | {small / 1e3:.0f} | {whole / 1e3:.0f} | {alive:.0f} | {work:.0f} |",
                flush=True,
            )
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
