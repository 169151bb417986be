"""`python -m mlcourse`: refuse a Python that cannot work, then hand over to the command line.

This file must run on Pythons older than the course supports, so that a student
on one of them gets a sentence: nothing newer than Python 3.6 in it (some
clusters' `python3` still is one).
"""

import subprocess
import sys

OLDEST, NEWEST = (3, 10), (3, 13)  # what TensorFlow has builds for; pyproject.toml says the same


def _fitting_command() -> "str | None":
    """Return the command that starts a fitting Python on this computer, if there is one."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        command = ["py", f"-3.{minor}"] if sys.platform == "win32" else [f"python3.{minor}"]
        try:  # running it tells more than finding it: version managers leave names that start nothing
            quiet = subprocess.DEVNULL
            code = subprocess.call([*command, "-c", ""], stdout=quiet, stderr=quiet)  # noqa: S603
        except OSError:
            continue
        if code == 0:
            return " ".join(command)
    return None


def unfit(version: "tuple[int, ...]") -> "str | None":
    """Return why a Python of this version cannot run the course, or None if it can."""
    if OLDEST <= version[:2] <= NEWEST:
        return None
    command = _fitting_command()
    if command:
        advice = f"This computer has one: start again with {command} -m mlcourse lab"
    else:
        advice = (
            "Install one of them (python.org/downloads, or your system's packages) and start again with it."
        )
    names = f"Python {', '.join(f'3.{minor}' for minor in range(OLDEST[1], NEWEST[1]))} or 3.{NEWEST[1]}"
    age = "old" if version[:2] < OLDEST else "new"
    return f"Python {version[0]}.{version[1]} is too {age} for TensorFlow: the course needs {names}. {advice}"


def main() -> int:
    """Run the command line; return its exit code."""
    reason = unfit(tuple(sys.version_info[:2]))
    if reason is not None:
        sys.stderr.write(reason + "\n")
        return 1
    from mlcourse import _cli

    return _cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
