"""Look at Python, the packages, memory, disk and TensorFlow, without loading any of them here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from mlcourse._text import listed
from mlcourse.environment._records import Check, Checkup

_ENOUGH_MEMORY = 1.2e9  # bytes: what the largest lesson takes, with the kernel
_ENOUGH_DISK = 0.2e9  # bytes: for models that lessons save
_SETUP = "Close Jupyter and start it again with `python3 -m mlcourse lab`: it installs what is missing."


def check(*, tensorflow: bool = True) -> Checkup:
    """Look whether this computer can run the course.

    Parameters
    ----------
    tensorflow
        Whether to start TensorFlow, in a process of its own, which takes some
        seconds. On a processor that is too old for it the process dies, and
        this notebook does not.

    Returns
    -------
    Checkup
        What was found; shown in a notebook as a table.
    """
    checks = [_python(), _packages(), _memory(), _disk(), _record()]
    if tensorflow:
        checks.append(_tensorflow())
    return Checkup(tuple(checks))


def _python(version: tuple[int, ...] = sys.version_info[:3]) -> Check:
    found = ".".join(map(str, version))
    ok = (3, 10) <= version[:2] <= (3, 13)
    fix = "TensorFlow needs Python 3.10 to 3.13. Install one of them, then start the course with it."
    return Check("Python", ok, f"version {found}.", "" if ok else fix)


def _packages(requirements: list[str] | None = None) -> Check:
    """Compare what is installed with what the course was made for."""
    from packaging.requirements import Requirement

    wrong = []
    wanted = metadata.requires("mlcourse") or [] if requirements is None else requirements
    for line in wanted:
        need = Requirement(line)
        if need.marker and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(need.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{need.name} is missing")
            continue
        if not need.specifier.contains(version, prereleases=True):
            wrong.append(f"{need.name} is {version}, but must be {need.specifier}")
    found = f"{listed(wrong)}." if wrong else f"all {len(wanted)} are there."
    return Check("packages", not wrong, found, _SETUP if wrong else "")


def _memory() -> Check:
    """Look at what is left of memory, and of the limit that Binder or a hub sets."""
    left = _memory_left()
    if left is None:
        return Check("memory", ok=True, found="this system does not tell.")
    ok = left >= _ENOUGH_MEMORY
    fix = f"A lesson needs up to {_ENOUGH_MEMORY / 1e9:.1f} GB. Close other programs and other notebooks."
    return Check("memory", ok, f"{left / 1e9:.1f} GB are free.", "" if ok else fix)


def _memory_left(root: Path = Path("/")) -> float | None:
    """Return the bytes that may still be taken, or None where the system does not tell."""
    left = []
    if meminfo := _read(root / "proc/meminfo"):
        left += [float(kb) * 1024 for kb in re.findall(r"MemAvailable:\s+(\d+) kB", meminfo)]
    # Version 2 of Linux' control groups, then version 1.
    for folder, most, used in (
        ("sys/fs/cgroup", "memory.max", "memory.current"),
        ("sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        limit, now = _read(root / folder / most), _read(root / folder / used)
        if limit and now and limit.strip() != "max":
            # What files left behind in memory is given back when it is needed.
            cache = re.search(
                r"^(?:total_)?inactive_file (\d+)", _read(root / folder / "memory.stat"), re.MULTILINE
            )
            left.append(float(limit) - float(now) + (float(cache[1]) if cache else 0))
    return min(left, default=None)


def _read(path: Path) -> str:
    """Return a small file of the system, or nothing where there is none."""
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""


def _disk(folder: Path | None = None) -> Check:
    free = shutil.disk_usage(folder or Path.cwd()).free
    ok = free >= _ENOUGH_DISK
    fix = f"Free some space: {_ENOUGH_DISK / 1e6:.0f} MB are enough."
    return Check("disk", ok, f"{free / 1e9:.1f} GB are free.", "" if ok else fix)


def _record() -> Check:
    """Look whether the student's record can be written; answers are kept in memory if not."""
    from mlcourse.progress._record import home

    folder = home()
    nearest = next(p for p in (folder, *folder.parents) if p.exists())
    ok = nearest.is_dir() and os.access(nearest, os.W_OK)
    fix = "Your answers will not be remembered. Set MLCOURSE_HOME to a folder that you may write to."
    return Check(
        "your record", ok, "can be written." if ok else f"{nearest} can't be written.", "" if ok else fix
    )


def _tensorflow(python: str = sys.executable, timeout: float = 120) -> Check:
    """Start TensorFlow elsewhere: if it crashes, only that process dies."""
    code = "import mlcourse, keras; print(keras.backend.backend(), keras.ops.sum(keras.ops.ones(3)))"
    name = "TensorFlow"
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and code
            [python, "-c", code], capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        fix = "Your computer is very busy. Close other programs and run this cell again."
        return Check(name, ok=False, found=f"did not start within {timeout:.0f} seconds.", fix=fix)
    if done.returncode == 0:
        return Check(name, ok=True, found="starts and computes.")
    if done.returncode < 0:
        fix = "Your processor is probably too old for it (it lacks AVX). Use Binder: the link is in README."
        return Check(name, ok=False, found=f"crashed with signal {-done.returncode}.", fix=fix)
    last = (done.stderr.strip().splitlines() or ["no message"])[-1]
    return Check(name, ok=False, found=f"does not start: {last}", fix=_SETUP)
