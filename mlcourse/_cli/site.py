"""`site`: make the static website of the course from the committed notebooks; nothing is run."""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import sys
from pathlib import Path

from mlcourse._cli import environment
from mlcourse._cli.faults import Fault

FOLDER = "build/site"


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site without a line for each file."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of `site`'s arguments."""
    made = argparse.ArgumentParser(prog="python3 -m mlcourse site", description=__doc__, allow_abbrev=False)
    made.add_argument("--output", "-o", metavar="FOLDER", help=f"where to put it (default: {FOLDER})")
    made.add_argument(
        "--repository",
        metavar="ADDRESS",
        help="the repository that Binder and Colab open (default: MLCOURSE_REPOSITORY, else Repository of "
        "[project.urls] in pyproject.toml; without one there are no such buttons)",
    )
    made.add_argument("--branch", default="main", help="its branch or tag (default: main)")
    made.add_argument(
        "--serve",
        nargs="?",
        type=int,
        const=0,
        metavar="PORT",
        help="then show it on this computer until Control-C (default: the first free port from 8888)",
    )
    return made


def serve(folder: Path, port: int) -> None:
    """Serve a folder on this computer until Control-C."""
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"http://127.0.0.1:{port}/ shows the site; Control-C stops it.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    print(file=sys.stderr)


def run(arguments: list[str]) -> int:
    """Build the site, and serve it if asked."""
    known = parser().parse_args(arguments)
    from mlcourse._cli.lab import choose_port
    from mlcourse._errors import InvalidArgument
    from mlcourse._site._build import build
    from mlcourse._site._launch import configured

    port = None if known.serve is None else choose_port(known.serve or None)
    output = Path(known.output).expanduser() if known.output else environment.ROOT / FOLDER
    try:
        made = build(
            environment.ROOT,
            output,
            repository=configured(known.repository),
            branch=known.branch,
            say=lambda line: print(line, file=sys.stderr, flush=True),
        )
    except InvalidArgument as error:
        raise Fault(str(error)) from None
    print(
        f"{made.pages} pages, {made.size / 1e6:.1f} MB, in {made.folder} ({made.seconds:.1f} s).", flush=True
    )
    if port is None:
        print(f"Open {made.folder / 'index.html'} in a browser, or put the folder on any web server.")
    else:
        serve(output, port)
    return 0
