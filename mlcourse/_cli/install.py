"""Make, mend and update `.venv`: the slow path of a start.

pip, which `venv` brings along, puts the pinned `uv` into the new environment;
uv does the rest about ten times as fast. Where uv has no build, or cannot
reach an index that pip's own settings know, pip does it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from mlcourse._cli import environment, faults
from mlcourse._cli.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input"]
_PIP_INSTALL = [*_PIP, "--retries", "2", "install", "--require-hashes", "--only-binary", ":all:"]
_ADOPTED = "mlcourse.adopted"  # with this file the environment was made by someone else: never to be emptied
_WHOLE = 2_000_000_000  # bytes; what the environment takes
_PIP_TOLD = re.compile(
    r"(?:Collecting )?([\w.-]+==\S+|Installing collected packages|(?:WARNING: Retrying|ERROR).*)"
)


def say(line: str) -> None:
    """Tell the student what happens now."""
    print(line, file=sys.stderr, flush=True)


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the environment's lock file, waiting for another start that works on it."""
    with (environment.folder() / environment.MARK).open("a", encoding="utf-8") as file:
        waiting = False
        while not _try_lock(file):
            if not waiting:
                say("Another start is preparing the environment: waiting for it ...")
                waiting = True
            time.sleep(0.2)
        yield  # closing the file lets go of the lock


def _others_version(venv: Path) -> tuple[int, int] | None:
    """Return the Python version of an environment that someone else made; None if it is not one."""
    with contextlib.suppress(OSError):
        written = (venv / "pyvenv.cfg").read_text("utf-8")
        found = re.search(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", written, re.MULTILINE)
        if found and environment.interpreter().exists():
            return int(found[1]), int(found[2])
    return None


def _set_aside(venv: Path) -> None:
    """Move a `.venv` that is not ours out of the way."""
    number = 1
    while (aside := venv.with_name(f".venv-old-{number}")).exists():
        number += 1
    venv.rename(aside)
    say(f"{venv} was not made by this command and does not fit: it is now {aside.name}, for you to delete.")


def _claim() -> bool:
    """See to it that `.venv` is a folder of ours; return whether it holds an environment to update."""
    from mlcourse.__main__ import NEWEST, OLDEST

    venv = environment.folder()
    if (venv / environment.MARK).exists():
        return True
    if venv.is_symlink() or (venv.exists() and not venv.is_dir()):
        _set_aside(venv)
    elif venv.is_dir() and any(venv.iterdir()):
        version = _others_version(venv)
        if version is not None and OLDEST <= version <= NEWEST:
            say(f"Using the environment that is already in {venv}.")
            (venv / environment.MARK).touch()
            (venv / _ADOPTED).touch()
            _write_record({})
            return True
        _set_aside(venv)
    venv.mkdir(exist_ok=True)
    return False


def _made_here() -> bool:
    return not (environment.folder() / _ADOPTED).exists()


def _empty() -> None:
    """Remove everything in `.venv` but the lock file that we hold."""
    for entry in environment.folder().iterdir():
        if entry.name == environment.MARK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _run(arguments: list[str], *, show: bool = False) -> tuple[int, str]:
    """Run the environment's Python; return its exit code and what it said; `show` tells pip's steps."""
    command = [str(environment.interpreter()), *arguments]
    variables = {**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    said: list[str] = []
    with subprocess.Popen(
        command,
        cwd=environment.ROOT,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as running:
        if running.stdout is not None:
            for line in running.stdout:
                said.append(line)
                if show and (told := _PIP_TOLD.match(line)):
                    say(f"  {told[1]}")
    return running.returncode, "".join(said)


def _free() -> int:
    return shutil.disk_usage(environment.ROOT).free


def _fault(output: str, doing: str) -> Fault:
    known = faults.explain(output, environment.ROOT, _free())
    if known:
        return Fault(known)
    last = next(
        (line.strip() for line in reversed(output.splitlines()) if line.strip()), "no reason was given"
    )
    return Fault(
        f"{doing} failed: {last}\nStart the same command again; if it fails again, delete the folder "
        f"{environment.folder()} first, and if that does not help either, tell the teacher these lines."
    )


def _make() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Fault(faults.no_venv())
    say(f"Making the environment {environment.folder()} with Python {sys.version.split()[0]} ...")
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(environment.folder())],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if made.returncode:
        if "ensurepip" in made.stdout and "No space" not in made.stdout and _free() > 100_000_000:
            raise Fault(faults.no_venv())
        raise _fault(made.stdout, "Making the environment")


def block(lock: str, package: str) -> str:
    """Return the lines of a lock that pin one package, hashes included."""
    found = re.search(rf"^{re.escape(package)}==.*(?:\n[ \t]+--hash=.*)*", lock, re.MULTILINE)
    if found is None:
        raise Fault(f"The lock does not pin {package}: remake it with python3 -m mlcourse lock.")
    return found[0] + "\n"


def _get_uv() -> bool:
    """Put the pinned uv into the environment; return False where it has no build."""
    lock = (environment.ROOT / environment.LOCK).read_text("utf-8")
    pinned = block(lock, "uv")
    have, version = _run(["-m", "uv", "--version"])
    if have == 0 and f" {pinned.split()[0].split('==')[1]} " in version.strip() + " ":
        return True
    if _run(["-m", "pip", "--version"])[0]:
        _run(["-m", "ensurepip", "--default-pip"])
    say("Getting the installer uv ...")
    with tempfile.TemporaryDirectory() as scratch:
        only = Path(scratch, "uv.txt")
        only.write_text(pinned, "utf-8")
        code, output = _run([*_PIP_INSTALL, "--no-deps", "-r", str(only)])
    if code == 0:
        return True
    reason = faults.explain(output, environment.ROOT, _free())
    if reason is not None and reason != faults.no_build():
        raise Fault(reason)
    return False


def _uv_install(locks: list[str]) -> bool:
    """Install the locks with uv, its progress shown; return False if pip should try."""
    command = ["-m", "uv", "--no-config", "pip", "install", "--python", str(environment.interpreter())]
    command += ["--require-hashes", "--only-binary", ":all:", *locks]
    # Not through `_run`: uv shows its progress bars only when it writes to the terminal itself.
    done = subprocess.run(
        [str(environment.interpreter()), *command],
        cwd=environment.ROOT,
        env={"UV_HTTP_TIMEOUT": "120", **os.environ},
        check=False,
    )
    if done.returncode == 0:
        return True
    # Why it failed stands on the screen only. A dry run tells us of a missing build; where it
    # succeeds, the index is there, and too little room the likely cause (uv has tidied up since).
    code, output = _run([*command, "--dry-run"])
    if code and faults.explain(output, environment.ROOT, _free()) == faults.no_build():
        raise Fault(faults.no_build())
    if code == 0 and _free() < _WHOLE:
        raise Fault(faults.disk_full(environment.ROOT))
    return False


def _install(locks: tuple[str, ...]) -> None:
    chosen = [part for lock in locks for part in ("-r", lock)]
    say(f"Installing what {' and '.join(locks)} name; the first time this downloads up to 500 MB ...")
    if not (_get_uv() and _uv_install(chosen)):
        say("pip installs instead of uv, which takes a minute or two ...")
        code, output = _run(
            [*_PIP_INSTALL, *chosen],
            show=True,
        )
        if code:
            raise _fault(output, "Installing")
    # The course itself, so that a notebook in any folder can import it.
    code, output = _run([*_PIP, "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", "."])
    if code:
        raise _fault(output, "Installing the course itself")


def _write_record(files: dict[str, str]) -> None:
    text = json.dumps({**environment.described(), "files": files}, indent=1)
    draft = environment.record().with_suffix(".part")
    draft.write_text(text + "\n", "utf-8")
    draft.replace(environment.record())


def bring_up_to_date(locks: tuple[str, ...]) -> None:
    """Make `.venv` hold what the locks say, repairing or remaking what is there."""
    began = time.monotonic()
    if _claim() and not _made_here() and not environment.usable():
        _set_aside(environment.folder())
        environment.folder().mkdir()
    with alone():
        if environment.current(locks):  # the start that we waited for did it
            return
        files = dict(environment.recorded().get("files", {})) if environment.usable() else {}
        if not environment.usable():
            if any(entry.name != environment.MARK for entry in environment.folder().iterdir()):
                say(f"{environment.folder()} is half made, or was moved: making it anew ...")
                _empty()
            _make()
        todo = tuple(lock for lock in locks if files.get(lock) != environment.wanted((lock,))[lock])
        before = environment.recorded() if environment.usable() else None
        environment.record().unlink(missing_ok=True)  # not whole until the last line below
        try:
            _install(todo or locks[:1])
        except Fault as fault:
            # uv and pip change nothing before all is downloaded, so what worked before still does.
            if before and str(fault) in {faults.no_network(), faults.no_build(), faults.damaged()}:
                _write_record(before["files"])
            raise
        _write_record({**files, **environment.wanted(locks)})
    say(f"The environment is ready ({time.monotonic() - began:.0f} s).")
