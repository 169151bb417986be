"""What an exercise and an experiment are declared as, and what a check says: frozen records, no logic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy as np

Status = Literal["correct", "incorrect", "not attempted", "cannot check"]
STATUSES: Final[tuple[Status, ...]] = ("correct", "incorrect", "not attempted", "cannot check")


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes
    ----------
    status : str
        `"correct"`; `"incorrect"` (it ran, and the result is wrong); `"not
        attempted"` (it is still the starter); `"cannot check"` (it is not what
        the check needs, or it did not run to its end).
    feedback : str
        What to tell the student, Markdown.
    mistake : str or None
        The id of the known mistake that was recognised.
    misconception : str or None
        The mistaken belief behind it, an id of `misconceptions*.yaml`.
    evidence : tuple of (str, str)
        Name and plain text of what belongs to the feedback: input, expected, got.
    conditions : tuple of Met
        For an experiment, every condition with what was measured.
    error : str or None
        The kind of exception, if the student's code raised one.
    """

    status: Status
    feedback: str
    mistake: str | None = None
    misconception: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    conditions: tuple[Met, ...] = ()
    error: str | None = None

    def __repr__(self) -> str:
        known = f", mistake={self.mistake!r}" if self.mistake else ""
        return f"Outcome({self.status!r}{known})"

    def __str__(self) -> str:
        from mlcourse.practice import _view

        return _view.outcome_text(self)

    def _repr_html_(self) -> str:
        from mlcourse.practice import _view

        return _view.outcome_html(self)


@dataclass(frozen=True, init=False)
class Case:
    """One call of the student's function: its arguments, and in words what is special about them."""

    args: tuple[Any, ...]
    note: str = ""

    def __init__(self, *args: Any, note: str = "") -> None:
        object.__setattr__(self, "args", args)
        object.__setattr__(self, "note", note)


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students are known to give.

    Parameters
    ----------
    id
        Lower-case words joined by hyphens, unique in the exercise.
    code
        The wrong answer itself. It is also how the mistake is recognised: an
        answer that behaves like this code on every case has made it.
    feedback
        What to tell, Markdown: why this is wrong, not what is right.
    misconception
        The mistaken belief behind it, an id of `mlcourse/quiz/bank/misconceptions*.yaml`.
    sign
        For an experiment, whose answers never behave exactly alike: whether
        what was measured betrays this mistake.
    """

    id: str
    code: str
    feedback: str
    misconception: str | None = None
    sign: Callable[[Mapping[str, float]], bool] | None = None


@dataclass(frozen=True)
class Property:
    """Something that must hold for every result, told before values are compared.

    Parameters
    ----------
    text
        What must hold, as a sentence, Markdown.
    holds
        Called with the result and the case's arguments.
    """

    text: str
    holds: Callable[..., bool]


def _call(answer: Any, *args: Any) -> Any:
    return answer(*args)


@dataclass(frozen=True, kw_only=True)
class Task:
    """What exercises and experiments have in common.

    Parameters
    ----------
    id
        Begins with the chapter's number: `"01-yes-or-no"`.
    title, concept
        One line each.
    level
        1 (fill the blank), 2 (fix the bug), 3 (write it yourself).
    prompt
        What to do, Markdown.
    name
        What the student's code defines: a function or a variable.
    starter
        The code to begin with.
    hints
        From a nudge to nearly the answer, Markdown.
    solution
        The reference: the code that shows how, and that decides what is right.
    explanation
        Why it is so; shown with the solution and after a right answer.
    alternatives
        Right answers written differently; the tests run them.
    mistakes
        Known wrong answers, each with its own feedback.
    setup
        Code that runs before any code given as text.
    """

    id: str
    title: str
    concept: str
    level: Literal[1, 2, 3]
    prompt: str
    name: str
    starter: str
    hints: tuple[str, ...]
    solution: str
    explanation: str
    alternatives: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    setup: str = "import numpy as np\n"

    @property
    def chapter(self) -> str:
        """The chapter's number, which begins the id."""
        return self.id.split("-")[0]


@dataclass(frozen=True, kw_only=True)
class Exercise(Task):
    """An exercise: right is what behaves as the reference solution does.

    Parameters
    ----------
    cases
        Called with a seeded generator; yields the inputs that answer and
        reference are compared on. None if the answer is a value.
    probe
        How a behaviour is got from an answer and a case's arguments; by
        default the answer is called. For a model: a function of the model
        that returns numbers, e.g. its predictions for a batch.
    takes
        What is handed in: `"function"`, `"model"` (a compiled Keras model) or `"value"`.
    properties
        What must hold for every result.
    rtol, atol
        Tolerances, as in `numpy.isclose`.
    same_kind
        Whether whole numbers, fractions and True/False are told apart.
    may_change_input
        Whether the function may change its arguments.
    """

    cases: Callable[[np.random.Generator], Iterable[Case]] | None = None
    probe: Callable[..., Any] = _call
    takes: Literal["function", "model", "value"] = "function"
    properties: tuple[Property, ...] = ()
    rtol: float = 1e-5
    atol: float = 1e-8
    same_kind: bool = False
    may_change_input: bool = False
    mode: str = "practice"


@dataclass(frozen=True)
class Condition:
    """One measurable target of an experiment.

    Parameters
    ----------
    measured
        The key under which `Experiment.measure` returns the figure.
    text
        What is measured, as a phrase: "right answers on texts you have not seen".
    at_least, at_most
        The target; one of the two.
    style
        How figures are written: `"percent"`, `"whole"` or `"number"`.
    advice
        What to try when it is not met, Markdown.
    """

    measured: str
    text: str
    advice: str
    at_least: float | None = None
    at_most: float | None = None
    style: Literal["percent", "whole", "number"] = "number"


@dataclass(frozen=True)
class Met:
    """A condition, and what was measured for it (already rounded as it is shown)."""

    condition: Condition
    value: float

    @property
    def met(self) -> bool:
        """Whether the target is reached; a figure that is no number never is."""
        low, high = self.condition.at_least, self.condition.at_most
        return (low is None or self.value >= low) and (high is None or self.value <= high)


@dataclass(frozen=True, kw_only=True)
class Experiment(Task):
    """An open task: right is what reaches every target on data that the student does not see.

    Parameters
    ----------
    measure
        Called with the answer; returns the figures by name. It makes the
        hidden data itself. It raises `CannotMeasure` for what is no answer.
    conditions
        The targets.
    limit
        How many seconds measuring may take; more where it trains.
    """

    measure: Callable[[Any], Mapping[str, float]]
    conditions: tuple[Condition, ...]
    limit: float = 60.0
    mode: str = "experiment"


class CannotMeasure(Exception):  # noqa: N818 - reads as what it says
    """The answer is not what the experiment asks for; the message tells the student what is."""
