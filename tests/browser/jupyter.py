"""What a student does in JupyterLab, as calls on a Playwright page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: where it answers, its token, and its folder."""

    url: str
    token: str
    home: Path

    def open(self, page: Page, notebook: str) -> Notebook:
        """Open a notebook, by its path below the server's folder, in a workspace of its own."""
        page.goto(f"{self.url}/lab/workspaces/t{abs(hash(page))}/tree/{notebook}?token={self.token}")
        return Notebook(page).wait_until_ready()


@dataclass(frozen=True)
class Notebook:
    """The one open notebook of a JupyterLab page."""

    page: Page

    def wait_until_ready(self) -> Notebook:
        """Wait until the kernel answers."""
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.wait_until_idle()
        return self

    def wait_until_idle(self, seconds: float = 120) -> None:
        """Wait until the kernel is there and nothing is running or queued."""
        # The status bar alone tells a kernel that is idle from one that is not there yet.
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=seconds * 1000)
        indicator = self.page.locator(".jp-Notebook-ExecutionIndicator")
        expect(indicator).to_have_attribute("data-status", "idle", timeout=seconds * 1000)

    def menu(self, *names: str) -> None:
        """Choose an entry from the menu bar: `menu("Run", "Run All Cells")`."""
        page = self.page
        first, *rest = names
        page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{re.escape(first)}$")).click()
        for name in rest:
            page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{re.escape(name)}")).first.click()

    def run_all(self, seconds: float = 180) -> None:
        """Run every cell through the menu and wait for the last one."""
        self.menu("Run", "Run All Cells")
        self.page.wait_for_timeout(300)
        self.wait_until_idle(seconds)

    def save(self) -> None:
        """Save through the menu and wait until it is written."""
        self.menu("File", "Save Notebook")
        self.page.wait_for_timeout(500)

    def element(self, name: str) -> Locator:
        """Return a course element by its accessible name, scrolled into view."""
        found = self.page.get_by_role("region", name=name).last
        found.scroll_into_view_if_needed()
        return found
