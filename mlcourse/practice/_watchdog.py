"""Stops the student's code after a while, endless loops that swallow every exception included.

In the main thread, where kernels run cells, the means is SIGINT: the watchdog
thread sends it, and while the student's code runs it is our handler that gets
it. That works on Linux, macOS and Windows alike, wakes `time.sleep` (not on
Windows), and leaves the kernel's stop button what it is. Code that is caught
in one call of a C function (`sum(range(10**12))`) cannot be stopped by any
exception; the stop button cannot do it either.
"""

from __future__ import annotations

import _thread
import contextlib
import ctypes
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

EVERY = 0.05  # seconds between two attempts to stop what has swallowed the first


class TimeUp(BaseException):
    """The student's code ran longer than it may; a BaseException so that `except Exception` lets it pass."""


def limited(call: Callable[[], Any], seconds: float) -> Any:
    """Return what `call` returns.

    Raises
    ------
    TimeUp
        If it takes longer than `seconds`.
    """
    expired = threading.Event()
    in_main = threading.current_thread() is threading.main_thread()
    try:
        value = (_by_signal if in_main else _by_exception)(call, seconds, expired)
    except BaseException as error:
        # What the student's code made of our exception (`raise ValueError from …`) is still the time limit.
        if expired.is_set() and not isinstance(error, TimeUp):
            raise TimeUp from error
        raise
    if expired.is_set():
        raise TimeUp
    return value


@contextlib.contextmanager
def _watching(strike: Callable[[], Any], seconds: float, expired: threading.Event) -> Iterator[None]:
    done = threading.Event()

    def watch() -> None:
        if done.wait(seconds):
            return
        expired.set()
        strike()
        while not done.wait(EVERY):
            strike()

    watcher = threading.Thread(target=watch, name="mlcourse-watchdog", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _within(frame: FrameType | None, outer: FrameType) -> bool:
    """Return whether `frame` is called, directly or not, from `outer`."""
    while frame is not None:
        frame = frame.f_back
        if frame is outer:
            return True
    return False


def _again(frame: FrameType, event: str, argument: Any) -> Any:  # noqa: ARG001 - a trace function's signature
    """Raise at the next line of the student's code: the first line of the handler that swallowed the first."""
    if event == "line":
        raise TimeUp  # Python itself then ends the tracing
    return _again


def _by_signal(call: Callable[[], Any], seconds: float, expired: threading.Event) -> Any:
    before = signal.getsignal(signal.SIGINT)
    tracing = sys.gettrace()
    outer: list[FrameType] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if not expired.is_set():
            if callable(before):  # the student pressed stop
                before(number, frame)
            return
        if outer and _within(frame, outer[0]):
            # In `while True: try: … except: pass` this lands inside the try, always. Its handler's
            # first line is outside, so that is where the second one is raised.
            step = frame
            while step is not None and step is not outer[0]:
                step.f_trace = _again
                step = step.f_back
            sys.settrace(_again)
            raise TimeUp

    def strike() -> None:
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)  # also ends a sleep
        else:  # pragma: no cover - Windows
            _thread.interrupt_main()

    def inner() -> Any:
        outer.append(sys._getframe())  # noqa: SLF001 - the handler must not raise in frames of ours
        try:
            return call()
        finally:
            sys.settrace(tracing)
            outer.clear()

    signal.signal(signal.SIGINT, stop)
    try:
        with _watching(strike, seconds, expired):
            return inner()
    finally:
        # A signal still pending is handled by `stop`, which does nothing here, before the handler changes.
        signal.signal(signal.SIGINT, before if before is not None else signal.default_int_handler)


def _by_exception(call: Callable[[], Any], seconds: float, expired: threading.Event) -> Any:
    """Do the same for other threads, which no signal reaches: CPython can raise an exception in them."""
    thread = ctypes.c_ulong(threading.get_ident())
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def strike() -> None:
        raise_in(thread, ctypes.py_object(TimeUp))

    try:
        with _watching(strike, seconds, expired):
            return call()
    finally:
        raise_in(thread, None)
