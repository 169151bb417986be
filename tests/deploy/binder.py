"""JupyterLab started in a replayed image, with the command line that BinderHub gives it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from tests.deploy.kernels import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.deploy.image import Image

_TOKEN = "binder-token"


@dataclass(frozen=True)
class Running:
    """A server that answers, its process id, and the seconds from its start to its first answer."""

    server: Server
    pid: int
    seconds: float


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def lab(image: Image) -> Iterator[Running]:
    """Serve an image's home as Binder does; loopback stands for the container's network."""
    port = free_port()
    base = "/user/course-x1y2/"
    flags = ["--ip=127.0.0.1", f"--port={port}"]
    for flag in (f"base_url={base}", f"token={_TOKEN}", "trust_xheaders=True"):
        flags += [f"--NotebookApp.{flag}", f"--ServerApp.{flag}"]
    if os.geteuid() == 0:  # in the image it is jovyan
        flags.append("--allow-root")
    began = time.perf_counter()
    log = image.home.with_name("lab.log")
    with (
        log.open("w", encoding="utf-8") as told,
        subprocess.Popen(
            [str(image.prefix / "bin" / "jupyter-lab"), *flags],
            cwd=image.home,
            env=image.variables,
            stdout=told,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            server = Server(f"http://127.0.0.1:{port}{base}", _TOKEN)
            if not _answers(server, process, 90):
                raise RuntimeError(f"JupyterLab did not start:\n{log.read_text('utf-8')[-4000:]}")
            yield Running(server, process.pid, time.perf_counter() - began)
        finally:
            process.terminate()
            process.wait(30)


def _answers(server: Server, process: subprocess.Popen[bytes], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(requests.ConnectionError):
            if server.ask("GET", "api/status").ok:
                return True
        time.sleep(0.1)
    return False
