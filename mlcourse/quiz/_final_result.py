"""What a final test showed: by concept and by lesson, with the way back to the sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mlcourse import _errors
from mlcourse._text import count
from mlcourse.quiz import _final_rules as rules
from mlcourse.quiz._final import RESULT

if TYPE_CHECKING:
    from mlcourse.progress._answer import Answer


@dataclass(frozen=True)
class FinalResult:
    """A final test that was handed in.

    Attributes
    ----------
    n, seed : int
        `quiz.final(n, seed=seed)` gives the test again.
    when : datetime
        When it was handed in, in UTC.
    marks : tuple of Mark
        Each question's `.id .chapter .concept .score .answered .guess .right .state`.
    """

    n: int
    seed: int
    when: datetime
    marks: tuple[rules.Mark, ...]

    @property
    def right(self) -> int:
        """How many answers were wholly right."""
        return sum(mark.right for mark in self.marks)

    @property
    def points(self) -> float:
        """The sum of all scores, partial credit included."""
        return sum(mark.score for mark in self.marks)

    @property
    def interval(self) -> tuple[int, int]:
        """Wilson's 95 % interval for the share right, in per cent."""
        return rules.interval(self.right, len(self.marks))

    @property
    def chapters(self) -> dict[str, tuple[int, int]]:
        """For each chapter how many were right, of how many."""
        return rules.by_chapter(self.marks)

    @property
    def concepts(self) -> dict[rules.State, list[tuple[str, str]]]:
        """The concepts, as (chapter, concept), under `"weak"`, `"shaky"` and `"sure"`."""
        return rules.by_concept(self.marks)

    def __repr__(self) -> str:
        return f"FinalResult({self.right} of {len(self.marks)} right, seed={self.seed})"

    def __str__(self) -> str:
        from mlcourse.quiz._final_text import text

        return text(self)

    def _repr_html_(self) -> str:
        from mlcourse.quiz._final_text import html

        return html(self)


@dataclass(frozen=True)
class NoFinalYet:
    """No final test has been handed in."""

    going: int = 0

    def __repr__(self) -> str:
        return "NoFinalYet()"

    def __str__(self) -> str:
        if self.going:
            return "A final test is begun and not handed in yet: quiz.final() goes on with it."
        return "No final test has been handed in yet: quiz.final() draws one."

    def _repr_html_(self) -> str:
        from mlcourse import _html

        return _html.page(f"<p>{_html.escape(self)}</p>", label="Result of the final")


def results() -> list[FinalResult]:
    """Return every final test in the record that was handed in, the oldest first."""
    from mlcourse import progress

    found = (_read(answer) for answer in progress.answers(kind=RESULT))
    return sorted((result for result in found if result is not None), key=lambda result: result.when)


def _read(answer: Answer) -> FinalResult | None:
    """Return what an entry of the record says; None for one that no version of the course wrote."""
    told: Any = answer.answer
    try:
        marks = tuple(
            rules.Mark(i, c, t, float(s), bool(a), bool(g))
            for i, c, t, s, a, g in told["marks"]
            if all(isinstance(name, str) for name in (i, c, t)) and 0 <= s <= 1
        )
        whole = len(marks) == len(told["marks"]) and bool(marks)
        return FinalResult(int(told["n"]), int(told["seed"]), answer.when, marks) if whole else None
    except (TypeError, ValueError, LookupError, OverflowError):
        return None


def final_result(*, seed: int | None = None) -> FinalResult | NoFinalYet:
    """Return what the newest final test showed, or the newest with this seed.

    Parameters
    ----------
    seed
        The test's seed; by default the newest test, whatever its seed.

    Raises
    ------
    InvalidArgument
        If the record holds tests, but none with this seed.
    """
    from mlcourse.quiz._final import going_on

    if seed is not None:
        _errors.whole_number("seed", seed, least=0)
    every = results()
    if not every:
        return NoFinalYet(len(going_on()))
    wanted = [result for result in every if seed in {None, result.seed}]
    if not wanted:
        seeds = sorted({result.seed for result in every})
        held = f"{count(len(seeds), 'seed')}: {', '.join(map(str, seeds))}"
        raise _errors.InvalidArgument(f"seed is {seed}, but the record holds finals with {held}.")
    return wanted[-1]
