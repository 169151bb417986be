"""`lock`: remake `requirements.txt` and `requirements-test.txt` from the ranges in pyproject.toml."""

from __future__ import annotations

import argparse
import subprocess
import sys

from mlcourse._cli import environment
from mlcourse._cli.faults import Fault

_SHARED = [
    "--universal",  # one lock for every platform and Python, by environment markers
    "--generate-hashes",
    "--no-annotate",
    "--no-emit-index-url",  # where packages come from is the reader's business
    "--python-version=3.10",
    "--custom-compile-command=python3 -m mlcourse lock",
    "--quiet",
]


def run(arguments: list[str]) -> int:
    """Remake both locks; pins that still fit stay, unless `--upgrade` is given."""
    parser = argparse.ArgumentParser(
        prog="python3 -m mlcourse lock", description=run.__doc__, allow_abbrev=False
    )
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions within the ranges")
    upgrade = ["--upgrade"] if parser.parse_args(arguments).upgrade else []
    steps = [
        ["pyproject.toml", "--group=launcher", f"--output-file={environment.LOCK}"],
        # The tests run in the same environment, so they must get along with the first lock's versions.
        ["--group=test", f"--constraint={environment.LOCK}", f"--output-file={environment.TEST_LOCK}"],
    ]
    for step in steps:
        command = [sys.executable, "-m", "uv", "pip", "compile", *_SHARED, *upgrade, *step]
        if subprocess.run(command, cwd=environment.ROOT, check=False).returncode:
            raise Fault("The lock was not remade: uv's message above says why.")
    return 0
