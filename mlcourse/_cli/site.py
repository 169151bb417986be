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
        help="then show it on this computer until Control-C (default: any free port)",
    )
    return made


def serve(folder: Path, port: int) -> None:
    """Serve a folder on this computer until Control-C; port 0 stands for any free one."""
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        print(f"{address} shows the site; Control-C stops it.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    print(file=sys.stderr)


def run(arguments: list[str]) -> int:
    """Build the site, and serve it if asked."""
    known = parser().parse_args(arguments)
    from mlcourse._cli.lab import free
    from mlcourse._errors import InvalidArgument
    from mlcourse._site._build import build
    from mlcourse._site._launch import configured

    if known.serve and (not 1 <= known.serve <= 65535 or not free(known.serve)):
        raise Fault(f"Port {known.serve} is not to be had. Give another after --serve, or none.")
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
    if known.serve is None:
        print(f"Open {made.folder / 'index.html'} in a browser, or put the folder on any web server.")
    else:
        serve(output, known.serve)
    return 0
