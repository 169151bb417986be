"""A page without a kernel: elements in their HTML form, brought to life as a static site does it."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Page

STATIC = Path(__file__).parents[2] / "mlcourse" / "static"
# Sphinx' theme says data-theme on <html>, and each theme has a ground of its own.
PAGE = """\
<!doctype html><html lang="en" data-theme="{theme}"><meta charset="utf-8"><title>No kernel</title>
{styles}
<style>:root {{ color-scheme: {theme}; }} body {{ margin: 2em; font-family: sans-serif; {ground} }}</style>
<main><h1>Lesson</h1>{html}</main>
<script type="module">
import {{ mountAll }} from "./page.mjs";
await mountAll();
document.body.dataset.mounted = "yes";
</script></html>"""
GROUNDS = {"light": "background: #fff; color: #212121;", "dark": "background: #111; color: #e0e0e0;"}
THEMES = tuple(GROUNDS)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def exported(folder: Path, elements: Iterable[Any]) -> Iterator[str]:
    """Serve these elements' HTML forms; yields the address to which `light.html` or `dark.html` is added."""
    shutil.copytree(STATIC, folder, dirs_exist_ok=True)
    styles = "".join(f'<link rel="stylesheet" href="{path.name}">' for path in sorted(STATIC.glob("*.css")))
    html = "\n".join(element._repr_html_() for element in elements)
    for theme, ground in GROUNDS.items():
        text = PAGE.format(theme=theme, ground=ground, styles=styles, html=html)
        (folder / f"{theme}.html").write_text(text, encoding="utf-8")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def open_page(page: Page, address: str) -> None:
    """Open the page and wait until its elements live."""
    page.goto(address)
    page.locator("body[data-mounted]").wait_for()


def axe_violations(page: Page) -> list[str]:
    """Return what axe-core finds at WCAG 2.2 AA, one line a rule."""
    from axe_playwright_python.sync_playwright import Axe

    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']][:3]}" for v in found]
