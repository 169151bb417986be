"""`lab`: open a notebook of the course in JupyterLab."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import quote

from mlcourse._cli import environment, settings
from mlcourse._cli.faults import Fault

FIRST_NOTEBOOK = "notebooks/00_start_here.ipynb"
USUAL_PORT = 8888
_TRIED_PORTS = 100


def parser() -> argparse.ArgumentParser:
    """Return the parser of `lab`'s own arguments."""
    made = argparse.ArgumentParser(
        prog="python3 -m mlcourse lab",
        description="Open the course in JupyterLab. What is not listed here is passed on to JupyterLab.",
        allow_abbrev=False,
    )
    made.add_argument("path", nargs="?", help=f"the notebook or folder to open (default: {FIRST_NOTEBOOK})")
    made.add_argument("--port", type=int, help="the port to use (default: the first free one from 8888)")
    made.add_argument("--no-browser", action="store_true", help="print the address, open no browser")
    return made


def free(port: int) -> bool:
    """Return whether a server could listen on this port of this computer."""
    kinds = [(socket.AF_INET, "127.0.0.1"), *([(socket.AF_INET6, "::1")] if socket.has_ipv6 else [])]
    for family, address in kinds:
        with contextlib.suppress(OSError), socket.socket(family) as probe:
            # Connecting, rather than binding, also finds a server that listens on every address.
            probe.settimeout(0.5)
            if probe.connect_ex((address, port)) == 0:
                return False
    return True


def choose_port(asked: int | None) -> int:
    """Return the port to use: the one asked for, or the first free one."""
    if asked is not None:
        if not 1 <= asked <= 65535:
            raise Fault(f"--port is {asked}, but must be from 1 to 65535.")
        if not free(asked):
            raise Fault(
                f"Port {asked} is in use, perhaps by a JupyterLab that still runs. "
                "Stop that, or give another --port, or none: then a free one is found."
            )
        return asked
    for port in range(USUAL_PORT, USUAL_PORT + _TRIED_PORTS):
        if free(port):
            if port != USUAL_PORT:
                print(f"Port {USUAL_PORT} is in use, so JupyterLab takes {port}.", file=sys.stderr)
            return port
    raise Fault(
        f"Ports {USUAL_PORT} to {USUAL_PORT + _TRIED_PORTS - 1} are all in use. Name a free one with --port."
    )


def page(path: str | None) -> str:
    """Return the address, below the server's, that shows a file or folder of the course."""
    if path is None:
        return f"/lab/tree/{FIRST_NOTEBOOK}" if (environment.ROOT / FIRST_NOTEBOOK).exists() else "/lab"
    candidates = [Path(path).absolute(), environment.ROOT / path]
    found = next((candidate.resolve() for candidate in candidates if candidate.exists()), None)
    if found is None:
        raise Fault(f"There is no {path}, neither here nor in {environment.ROOT}.")
    if not found.is_relative_to(environment.ROOT):
        raise Fault(
            f"{found} lies outside the course's folder {environment.ROOT}, which is all JupyterLab shows."
        )
    return f"/lab/tree/{quote(found.relative_to(environment.ROOT).as_posix())}"


def command_line(address: str, port: int, *, browser: bool, rest: list[str]) -> list[str]:
    """Return JupyterLab's arguments."""
    line = [
        f"--ServerApp.root_dir={environment.ROOT}",
        f"--LabApp.default_url={address}",
        f"--ServerApp.port={port}",
        "--Application.log_level=WARN",  # the address still shows, without thirty lines around it
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if not browser:
        line.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in rest:
        # As in a container. JupyterLab would refuse; the student is told why that is its habit.
        print("You are root: a notebook's cells may change everything on this computer.", file=sys.stderr)
        line.append("--allow-root")
    return line + rest


def run(arguments: list[str]) -> int:
    """Start JupyterLab and return when it has ended."""
    known, rest = parser().parse_known_args(arguments)
    address = page(known.path)
    line = command_line(address, choose_port(known.port), browser=not known.no_browser, rest=rest)
    if environment.inside():  # an environment of someone else's keeps its own settings
        settings.write(Path(sys.prefix))
    # The kernel must be this environment's, whatever kernels the student has in the home folder.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    print("Starting JupyterLab; Control-C here stops it.", file=sys.stderr, flush=True)
    from jupyterlab.labapp import main

    sys.argv = ["jupyter-lab", *line]
    main(line)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a third Control-C, while the kernels end, changes nothing
    return 0
