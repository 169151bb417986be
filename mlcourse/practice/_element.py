"""A task in the notebook: its prompt, and on it check, hint and solution, all of them recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse import _html
from mlcourse._errors import InvalidType, shown
from mlcourse.practice import _view
from mlcourse.practice._code import highlighted
from mlcourse.practice._records import Exercise, Experiment, Outcome
from mlcourse.quiz._markdown import block
from mlcourse.quiz._payload import encode

if TYPE_CHECKING:
    from mlcourse.practice._records import Task

# How many hints of each task this kernel has given: `practice.exercise(id)` makes a new element in every cell.
_hints_given: dict[str, int] = {}


class _TaskElement:
    """What the elements of an exercise and of an experiment share."""

    kind = ""
    word = ""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._widget: Any = None

    @property
    def id(self) -> str:
        """The task's id."""
        return self._task.id

    @property
    def chapter(self) -> str:
        """The chapter's number."""
        return self._task.chapter

    @property
    def level(self) -> int:
        """1 (fill the blank), 2 (fix the bug) or 3 (write it yourself)."""
        return self._task.level

    @property
    def title(self) -> str:
        """The title, one line."""
        return self._task.title

    @property
    def prompt(self) -> str:
        """What to do, Markdown."""
        return self._task.prompt

    @property
    def starter(self) -> str:
        """The code to begin with."""
        return self._task.starter

    @property
    def mode(self) -> str:
        """The way in: practice or experiment."""
        return self.kind_mode

    kind_mode = "practice"

    def hint(self) -> _view.Hint:
        """Return the next hint, with those before it; after the last one, all of them again."""
        hints = self._task.hints
        given = _hints_given.get(self.id, 0)
        number = min(given + 1, len(hints))
        if given < len(hints):
            _hints_given[self.id] = number
            self._record("hint", 0.0, {"hint": number})
        return _view.Hint(number, len(hints), hints[:number], over=given >= len(hints))

    def solution(self, *, sure: bool = False) -> _view.Solution | _view.Ask:
        """Return a solution with its explanation.

        Parameters
        ----------
        sure
            Must be True; otherwise the result asks whether a hint would do.
        """
        if not isinstance(sure, bool):
            raise InvalidType(f"sure is {shown(sure)}, but must be True or False.")
        if not sure:
            return _view.Ask(len(self._task.hints) - _hints_given.get(self.id, 0))
        self._record("solution", 0.0)
        return _view.Solution(self._task.solution, self._task.explanation)

    def _judged(self, outcome: Outcome) -> Outcome:
        """Record an outcome and return it; what was not attempted leaves no trace."""
        if outcome.status != "not attempted":
            met = [c.met for c in outcome.conditions]
            score = 1.0 if outcome.status == "correct" else sum(met) / len(met) if met else 0.0
            score = min(score, 1.0 if outcome.status == "correct" else 0.99)
            told = {"status": outcome.status, "mistake": outcome.mistake, "error": outcome.error}
            self._record(self.kind, score, {k: v for k, v in told.items() if v}, outcome.misconception)
        return outcome

    def _record(self, kind: str, score: float, answer: Any = None, misconception: str | None = None) -> None:
        from mlcourse import progress

        progress.record(
            self.id,
            kind=kind,
            chapter=self.chapter,
            mode=self.mode,
            score=score,
            answer=answer,
            misconception=misconception,
        )

    def _told(self, event: dict[str, Any]) -> None:
        """Record what the student did in the browser."""
        if event.get("id") != self.id:
            return
        number = event.get("hint")
        if isinstance(number, int) and 1 <= number <= len(self._task.hints):
            _hints_given[self.id] = max(number, _hints_given.get(self.id, 0))
            self._record("hint", 0.0, {"hint": number})
        elif event.get("shown"):
            self._record("solution", 0.0)

    def __repr__(self) -> str:
        return f"{self.word} {self.id}: {self.title} (level {self.level})"

    def __str__(self) -> str:
        text = _view.spoken(self.prompt)
        return f"{self!r}\n\n{text}\n\n{self.starter.strip()}"

    def _payload(self) -> str:
        task = self._task
        return encode(
            {
                "kind": self.kind,
                "id": task.id,
                "title": f"{self.word}: {task.title}",
                "facts": _view.facts(task),
                "prompt": block(task.prompt) + _view.targets(task),
                "starter": highlighted(task.starter),
                "starterText": task.starter.strip("\n"),
                "hints": [block(hint) for hint in task.hints],
                "solution": highlighted(task.solution),
                "explanation": block(task.explanation),
            }
        )

    def _repr_html_(self) -> str:
        task = self._task
        title = f"{self.word}: {task.title}"
        body = (
            f"<p><strong>{_html.escape(title)}</strong></p><p>{_html.escape(_view.facts(task))}</p>"
            f"{block(task.prompt, plain=True)}{_view.targets(task)}<p>Begin with:</p>{highlighted(task.starter)}"
            f"<p><em>Run this cell for hints.</em></p>"
        )
        return _view.page(
            f'<div data-mlc-module="practice.mjs" data-mlc-key="{task.id}" data-mlc="{self._payload()}">{body}</div>',
            label=title,
        )

    @property
    def widget(self) -> Any:
        """The live form, made when it is first asked for."""
        if self._widget is None:
            from mlcourse.practice._widget import PracticeWidget

            given = _hints_given.get(self.id, 0)
            log = [{"id": self.id, "hint": number} for number in range(1, given + 1)]
            self._widget = PracticeWidget(self._payload(), log, self._told)
        return self._widget

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.widget._repr_mimebundle_(**kwargs)
        data, metadata = live if isinstance(live, tuple) else (live or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}, metadata


class ExerciseElement(_TaskElement):
    """An exercise in the notebook."""

    kind, word = "exercise", "Exercise"
    _task: Exercise

    def check(self, answer: Any, *, seconds: float = 5.0) -> Outcome:
        """Check an answer by what it does.

        Parameters
        ----------
        answer
            The function, model or value that the exercise asks for, or its code as a text.
        seconds
            How long the answer's code may take altogether.
        """
        from mlcourse._errors import number
        from mlcourse.practice._check import check

        return self._judged(check(self._task, answer, seconds=number("seconds", seconds, low=0.1, high=3600)))


class ExperimentElement(_TaskElement):
    """An experiment in the notebook."""

    kind, word, kind_mode = "experiment", "Experiment", "experiment"
    _task: Experiment

    def check(self, answer: Any, *, seconds: float | None = None) -> Outcome:
        """Measure an answer on data that the student does not see, and compare with every target.

        Parameters
        ----------
        answer
            What the experiment asks for, e.g. a trained model.
        seconds
            How long measuring may take; usually a minute, more where it trains.
        """
        from mlcourse._errors import number
        from mlcourse.practice._trial import check

        limit = self._task.limit if seconds is None else number("seconds", seconds, low=0.1, high=3600)
        return self._judged(check(self._task, answer, seconds=limit))
