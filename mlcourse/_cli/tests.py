"""`test`: run every test of the course with pytest, the notebooks' outputs compared strictly."""

from __future__ import annotations

import os
import sys

from mlcourse._cli import environment

SANITIZE = "tests/notebooks/sanitize.cfg"

_HELP = """\
usage: python3 -m mlcourse test [PATH ...] [pytest's flags]

Run every test: the package's, the notebooks' (their outputs compared with what
is committed) and the browser's, which are skipped where there is no Chromium.

  -k WORD     only tests whose name contains WORD
  -x          stop at the first failure
  -n COUNT    run so many tests at a time instead of 2; -n 0 for the debugger
  PATH        only this folder or file, e.g. tests/unit or notebooks/01_the_whole_pipeline.ipynb

pytest --help, in the environment .venv, lists every flag.
"""


def command_line(arguments: list[str]) -> list[str]:
    """Return pytest's arguments; without a path, pyproject.toml names what is tested."""
    # Two at a time: a lesson's kernel takes about 1 GB, and the smallest machines have two cores.
    line = ["--nbval", "--nbval-current-env", "-n", "2", "--dist", "loadfile"]
    if (environment.ROOT / SANITIZE).exists():
        line.append(f"--nbval-sanitize-with={SANITIZE}")
    return line + arguments


def run(arguments: list[str]) -> int:
    """Run pytest in the course's folder and return its exit code."""
    if {"-h", "--help"} & set(arguments):
        print(_HELP, end="")
        return 0
    import pytest

    os.chdir(environment.ROOT)  # pyproject.toml's testpaths count from here
    sys.path.insert(0, str(environment.ROOT))  # as `python -m pytest` does, for what the tests share
    sys.argv = ["pytest", *arguments]
    return int(pytest.main(command_line(arguments)))
