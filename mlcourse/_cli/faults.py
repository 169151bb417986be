"""What can go wrong on the way to the environment, in sentences for the student."""

from __future__ import annotations

import platform
import re
import struct
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

_FULL = re.compile(r"no space left on device|disk quota exceeded|not enough space on the disk", re.IGNORECASE)
_FORBIDDEN = re.compile(r"read-only file system|permission denied|access is denied", re.IGNORECASE)
_NETWORK = re.compile(
    r"name resolution|name or service not known|getaddrinfo|nodename nor servname|dns error"
    r"|failed to establish a new connection|connection (?:broken|refused|reset|aborted|timed out)"
    r"|network is unreachable|timed out|timeout|proxyerror|sslerror|certificate|max retries exceeded"
    r"|failed to fetch|failed to download|error sending request|connection error|connect error"
    r"|incompleteread|50[234] (?:server error|bad gateway|service unavailable)",
    re.IGNORECASE,
)
_NO_BUILD = re.compile(
    r"no usable wheels|no wheels with a matching|no matching distribution|no solution found"
    r"|could not find a version|not a supported wheel|doesn't have a source distribution or wheel"
    r"|can't be installed because it is marked as `--no-build`",
    re.IGNORECASE,
)
_DAMAGED = re.compile(r"hash mismatch|do not match the hashes|bad magic number for central", re.IGNORECASE)


class Fault(Exception):  # noqa: N818 - it is shown as its sentence, never by its name
    """Something the student can mend; the message is the sentence to show."""


def disk_full(where: str | PathLike[str]) -> str:
    """Return the sentence for a disk, or a quota, that is used up."""
    return (
        f"The disk is full: there was no room to finish the environment for {where}. "
        "It needs about 2 GB. Make room, then start the same command again: it repairs what is half made."
    )


def read_only(where: str | PathLike[str]) -> str:
    """Return the sentence for a folder that may not be written."""
    return (
        f"The course may not write to {where}. "
        "Copy the whole course folder to a place of your own, e.g. your home folder, and start it there."
    )


def no_venv() -> str:
    """Return the sentence for a Python that came without its `venv` part."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return (
        f"This Python {version} came without its venv module, which makes the environment. "
        f"On Debian and Ubuntu install it with: sudo apt install python{version}-venv. "
        "Elsewhere install Python from python.org/downloads, which has it."
    )


def no_network() -> str:
    """Return the sentence for a download that did not succeed."""
    return (
        "A download failed: the package index (PyPI) could not be reached or the connection broke. "
        "Check the network (a proxy is taken from HTTPS_PROXY), then start the same command again: "
        "what is already downloaded is kept."
    )


def this_computer() -> str:
    """Return this computer's platform as a reader would name it."""
    system = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, platform.system())
    libc = ""
    if sys.platform == "linux" and platform.libc_ver()[0] != "glibc":
        libc = " without glibc"
    bits = struct.calcsize("P") * 8
    return f"{system}{libc} on {platform.machine()}, {bits}-bit Python {platform.python_version()}"


def no_build() -> str:
    """Return the sentence for a platform that a pinned package has no build for."""
    return (
        f"A package of the course has no build for this computer ({this_computer()}). "
        "TensorFlow exists for 64-bit Python 3.10 to 3.13 on Linux with glibc (x86-64, arm64), "
        "macOS on Apple silicon and Windows on x86-64. On anything else use Binder: README has the link."
    )


def damaged() -> str:
    """Return the sentence for a file that is not the one the lock names."""
    return (
        "A downloaded file is not the one that the lock names (its hash differs), so it was not installed. "
        "A broken download or a proxy that changes files does this: start the same command again, "
        "if need be on another network."
    )


def explain(output: str, folder: Path, free: int) -> str | None:
    """Return the sentence for a failed installer's `output`, or None if the cause is not known.

    `free` is the room left, in bytes, where `folder` lies: an installer that
    filled the disk may not have been able to say so.
    """
    if _FULL.search(output) or free < 20_000_000:
        return disk_full(folder)
    if _DAMAGED.search(output):
        return damaged()
    if _NETWORK.search(output):
        return no_network()
    if _NO_BUILD.search(output):
        return no_build()
    if _FORBIDDEN.search(output):
        return read_only(folder)
    return None
