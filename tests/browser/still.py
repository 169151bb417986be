"""A page without a kernel: elements in their HTML form, brought to life by the modules that the widgets use."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STATIC = Path(__file__).parents[2] / "mlcourse" / "static"
PAGE = """\
<!doctype html><html lang="en" data-theme="{theme}"><meta charset="utf-8"><title>A page without a kernel</title>
<link rel="stylesheet" href="base.css"><link rel="stylesheet" href="quiz.css">
<link rel="stylesheet" href="challenge.css">
<style>:root {{ color-scheme: {theme}; }} body {{ margin: 2em; font-family: sans-serif; }}</style>
<main><h1>Lesson</h1>{html}</main>
<script type="module">
import {{ mountStatic }} from "./{module}";
for (const still of document.querySelectorAll("[data-mlc-element]")) {{
  const place = document.createElement("div");
  still.closest(".mlc").replaceWith(place);
  mountStatic(place, still.dataset.mlc);
}}
</script>"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


_Quiet.extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}


@contextmanager
def served(folder: Path, html: str, module: str) -> Iterator[str]:
    """Serve a page with these elements, light and dark; yields its address without `light.html` or `dark.html`."""
    shutil.copytree(STATIC, folder, dirs_exist_ok=True)
    for theme in ("light", "dark"):
        (folder / f"{theme}.html").write_text(
            PAGE.format(theme=theme, html=html, module=module), encoding="utf-8"
        )
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
