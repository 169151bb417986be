"""`python -m mlcourse`: refuse a Python that cannot work, then hand over to the command line.

Everything in this file must be readable by Pythons far older than the course
supports: a student on one of them gets a sentence, not a SyntaxError.
"""

import sys

OLDEST, NEWEST = (3, 10), (3, 13)  # what TensorFlow has builds for; pyproject.toml says the same


def unfit(version):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - see the file's first lines
    """Return why a Python of this version cannot run the course, or None if it can."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    import shutil

    names = ["3.{}".format(minor) for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    found = [name for name in names if shutil.which("python" + name)]
    if found:
        advice = "This computer has Python {0}: use python{0} instead of python3.".format(found[0])
    else:
        advice = "Install one of them (python.org/downloads) and start again with it, e.g. {}.".format(
            "py -3.12 -m mlcourse lab" if sys.platform == "win32" else "python3.12 -m mlcourse lab"
        )
    return "Python {}.{} is too {} for TensorFlow: the course needs Python 3.10, 3.11, 3.12 or 3.13. {}".format(
        version[0], version[1], "old" if tuple(version[:2]) < OLDEST else "new", advice
    )


def main():  # type: ignore[no-untyped-def]  # noqa: ANN201, D103
    reason = unfit(sys.version_info)
    if reason:
        sys.stderr.write(reason + "\n")
        return 1
    from mlcourse import _cli

    return _cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
