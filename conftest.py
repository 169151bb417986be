"""For every test: the student's record is a temporary one, so that tests never touch the developer's own."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile


def pytest_configure() -> None:
    """Set before anything is imported or any kernel started; both take it from the environment."""
    os.environ["MLCOURSE_HOME"] = tempfile.mkdtemp(prefix="mlcourse-test-")
    # A shell starts what it puts in the background with Control-C ignored, and programs that the tests
    # start, to stop them by Control-C, would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(os.environ["MLCOURSE_HOME"], ignore_errors=True)
