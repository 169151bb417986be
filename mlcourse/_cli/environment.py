"""The environment `.venv`: is it as the locks say, and if not, make it so.

The folder's own record is `.venv/mlcourse.json`, written last: with it the
environment is whole, without it half made. `.venv/mlcourse.lock` lets one
start at a time work on it and marks the folder as made here, which is what
allows us to empty it; an environment that someone else made is taken over as
it is or set aside, never deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from mlcourse._cli.faults import Fault

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = "requirements.txt"
TEST_LOCK = "requirements-test.txt"
PROJECT = "pyproject.toml"
MARK = "mlcourse.lock"
_LAYOUT = 1  # raise it when environments made by older code must be made anew
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+))?", re.MULTILINE)


def folder() -> Path:
    """Return where the environment lies."""
    return ROOT / ".venv"


def interpreter() -> Path:
    """Return the environment's Python."""
    return folder() / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def record() -> Path:
    """Return the file that tells of a whole environment."""
    return folder() / "mlcourse.json"


def inside() -> bool:
    """Return whether this Python is the environment's own."""
    return Path(sys.prefix).resolve() == folder().resolve()


def _digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def described() -> dict[str, Any]:
    """Return what an environment here and now would be made with, apart from the files."""
    return {"layout": _LAYOUT, "root": str(ROOT), "python": os.path.realpath(interpreter())}


def wanted(locks: tuple[str, ...]) -> dict[str, str]:
    """Return the files that decide what is installed, each with its hash."""
    return {name: _digest(name) for name in (*locks, PROJECT)}


def recorded() -> dict[str, Any]:
    """Return what the environment says of itself; nothing, if it is not whole."""
    try:
        found = json.loads(record().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def usable() -> bool:
    """Return whether the environment is whole, and stands where and on what it was made."""
    found = recorded()
    return interpreter().exists() and all(found.get(key) == value for key, value in described().items())


def current(locks: tuple[str, ...]) -> bool:
    """Return whether the environment is whole and holds just what the files say today."""
    if not usable():
        return False
    files = recorded().get("files", {})
    return all(files.get(name) == digest for name, digest in wanted(locks).items())


def pins(lock: str) -> list[tuple[str, str, str]]:
    """Return the name, version and marker of every package that a lock's text pins."""
    return [(name, version, (marker or "").strip()) for name, version, marker in _PIN.findall(lock)]


def holds(locks: tuple[str, ...]) -> bool:
    """Return whether the Python running this has what the locks pin, and this very course.

    So on Binder, or where a student installed by plain pip, no second
    environment is made.
    """
    from importlib import metadata

    elsewhere = [entry for entry in sys.path if entry and Path(entry).resolve() != ROOT]
    course = next(iter(metadata.distributions(name="mlcourse", path=elsewhere)), None)
    origin = course.read_text("direct_url.json") if course else None
    if origin is None or json.loads(origin).get("url") != ROOT.as_uri():
        return False
    try:
        from packaging.markers import Marker
    except ImportError:
        return False
    for lock in locks:
        for name, version, marker in pins((ROOT / lock).read_text("utf-8")):
            if marker and not Marker(marker).evaluate():
                continue
            installed = next(iter(metadata.distributions(name=name)), None)
            if installed is None or installed.version != version:
                return False
    return True


def ready(locks: tuple[str, ...]) -> Path | None:
    """Make sure of an environment that holds `locks`.

    Returns
    -------
    Path or None
        The Python to go on with, or None if it is the one running now.
    """
    missing = [name for name in (*locks, PROJECT) if not (ROOT / name).is_file()]
    if missing:
        raise Fault(
            f"{ROOT} has no {missing[0]}: this command works in the course's own folder. "
            "Get the course with git clone, and start there."
        )
    if current(locks):
        return None if inside() else interpreter()
    half_made = inside() and (folder() / MARK).exists()
    if not half_made and holds(locks):
        return None
    if inside():  # an environment cannot well be remade by its own Python: let the one below do it
        base = Path(getattr(sys, "_base_executable", sys.executable))
        if base.exists() and base.resolve() != Path(sys.executable) and base != Path(sys.executable):
            return base
        raise Fault(
            f"The environment {folder()} is out of date, and the Python it was made with is gone. "
            "Start the same command with another Python."
        )
    from mlcourse._cli import install

    install.bring_up_to_date(locks)
    return interpreter()


def hand_over(python: Path, arguments: list[str]) -> int:
    """Go on with the same command line under another Python."""
    command = [str(python), "-m", "mlcourse", *arguments]
    variables = dict(os.environ)
    if python != interpreter():  # one in which the course is not installed
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform == "win32":
        return _wait_for(subprocess.Popen(command, env=variables))
    return os.execve(command[0], command, variables)  # noqa: S606 - our own command line, no shell wanted


def _wait_for(running: subprocess.Popen[bytes]) -> int:
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # the other Python got it too, and answers it
            return running.wait()
