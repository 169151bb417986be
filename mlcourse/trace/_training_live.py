"""Show a training run while it runs: one output in a notebook, one line an epoch in a terminal.

In a notebook a run has two outputs. The first is a line that says what is about
to run; while training, the curves stand in its place, redrawn a few times a
second. At the end it is that line again, and the finished view is an output of
its own. So what is saved does not depend on a front end following updates:
nbclient and JupyterLab, which do, and nbval 0.11, which keeps of each output
its first state, all end with the same two outputs.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

from mlcourse import _html
from mlcourse.trace import _training_text as text
from mlcourse.trace._training_html import full_html
from mlcourse.trace._training_record import summary_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlcourse.trace._training_record import Epoch, TrainingRecord

# Seconds between two drawings: often enough to look alive, seldom enough to cost next to nothing.
INTERVAL = 0.25
# A terminal prints this many lines at most for a run, and those in which something new happens.
_LINES = 60


class Live(Protocol):
    """What the callback asks of a live view."""

    def begin(self, announcement: str) -> None:
        """Say what is about to run."""

    def epoch(self, record: Callable[[], TrainingRecord], epoch: Epoch) -> None:
        """Show one more epoch."""

    def end(self, record: TrainingRecord) -> None:
        """Show the finished run."""


class Notebook:
    """The live view in a notebook.

    Parameters
    ----------
    interval
        Seconds between two drawings.
    """

    def __init__(self, interval: float = INTERVAL) -> None:
        self._interval = interval
        self._handle: Any = None
        self._announced: dict[str, str] = {}
        self._drawn = 0.0

    def begin(self, announcement: str) -> None:
        from IPython.display import display

        self._announced = {
            "text/plain": announcement,
            "text/html": _html.page(f'<p class="soft">{_html.escape(announcement)}</p>'),
        }
        self._handle = display(  # type: ignore[no-untyped-call]
            self._announced, raw=True, display_id=True
        )
        self._drawn = 0.0

    def epoch(self, record: Callable[[], TrainingRecord], epoch: Epoch) -> None:  # noqa: ARG002 - the view shows all
        now = time.monotonic()
        if self._handle is None or now - self._drawn < self._interval:
            return
        self._handle.update(bundle(record(), moving=True), raw=True)
        # Counted from when drawing is done: on a slow front end it must not eat the training's time.
        self._drawn = time.monotonic()

    def end(self, record: TrainingRecord) -> None:
        if self._handle is None:
            return
        from IPython.display import display

        self._handle.update(self._announced, raw=True)
        self._handle = None
        display(bundle(record), raw=True)  # type: ignore[no-untyped-call]


class Terminal:
    """The live view where there is no notebook: one line for each epoch."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self._every = 1
        self._last: Epoch | None = None
        self._first = True

    def begin(self, announcement: str) -> None:
        self._first = True
        self._say(announcement)

    def epoch(self, record: Callable[[], TrainingRecord], epoch: Epoch) -> None:
        frozen = None
        if self._first:
            frozen = record()
            planned = frozen.fits[-1].last_planned
            many = 1 if planned is None else planned - frozen.fits[-1].first_epoch + 1
            self._every = max(1, many // _LINES)
        news = {o.name for o in epoch.observations} - self._said
        if self._first or news or epoch.epoch % self._every == 0:
            self._say(text.epoch_line(frozen or record(), epoch))
            self._last = None
        else:
            self._last = epoch
        self._said |= news
        self._first = False

    def end(self, record: TrainingRecord) -> None:
        from mlcourse.trace._training_words import title

        if self._last is not None:
            self._say(text.epoch_line(record, self._last))
            self._last = None
        self._say(title(record))

    @staticmethod
    def _say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def bundle(record: TrainingRecord, *, moving: bool = False) -> dict[str, str]:
    """Return the record in the forms a notebook stores; `moving` while the run goes on."""
    return {"text/plain": summary_line(record, "Training"), "text/html": full_html(record, moving=moving)}


def in_notebook() -> bool:
    """Tell whether a front end listens that shows HTML: a kernel runs us, not a terminal."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None


def choose() -> Live:
    """Return the live view that fits where we run."""
    return Notebook() if in_notebook() else Terminal()


def after_cell(call: Callable[[], None]) -> None:
    """In a notebook, call once the running cell is over; elsewhere do nothing.

    Keras calls nobody when `fit` is interrupted. This is how the view learns of it.
    """
    if not in_notebook():
        return
    from IPython import get_ipython

    events = get_ipython().events

    def once() -> None:
        events.unregister("post_execute", once)
        call()

    events.register("post_execute", once)
