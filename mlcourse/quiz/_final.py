"""The final test: questions from all lessons, drawn by a seed, asked as an exam, kept in the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from mlcourse import _errors, _html
from mlcourse._text import count
from mlcourse.quiz import _draw
from mlcourse.quiz import _final_rules as rules
from mlcourse.quiz._bank import load, names
from mlcourse.quiz._payload import describe, encode
from mlcourse.quiz._taught import taught

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mlcourse.quiz._bank import Quiz
    from mlcourse.quiz._questions import Question

EVENT = "final-event"
"""The kind under which a test's events are in the student's record, so that a stopped test can go on."""
RESULT = "final-result"
"""The kind of the one entry that says what a test handed in showed."""
ITEM = "final-test"
CHAPTER = "16"
_SEEDS = 10_000
_LARGEST = 10**9


@dataclass(frozen=True)
class Run:
    """One test in the record: which it was, and what happened."""

    n: int
    seed: int
    ids: tuple[str, ...]
    log: tuple[rules.Event, ...]
    key: float = 0.0
    """What its events have in common as `run`."""

    @property
    def open(self) -> bool:
        """Whether it was begun and never handed in."""
        return rules.standing(self.ids, self.log).handed_in is None


class FinalTest:
    """A final test; it is the value of a cell's last line.

    A notebook shows the live form. What a page without a kernel and a terminal show tells the rules and
    no question: it is the same whatever is drawn, and the draw is each student's own.
    """

    def __init__(
        self, questions: Sequence[Question], n: int, seed: int, *, named: bool, run: Run | None
    ) -> None:
        self.questions = tuple(questions)
        self.n = n
        self.seed = seed
        self._named = named
        self._run = run if run is not None and run.open else None
        self._log = list(self._run.log) if self._run else []
        before = "" if run is None or run.open else "You have handed it in before."
        self._payload = encode(_payload(self.questions, n, seed, before))
        self._widget: Any = None

    @property
    def title(self) -> str:
        """What the test is called, the seed included if the student named one."""
        return f"Final test, seed {self.seed}" if self._named else "Final test"

    @property
    def widget(self) -> Any:
        """The live form, made when it is first asked for."""
        if self._widget is None:
            from mlcourse.quiz._final_widget import FinalWidget

            self._widget = FinalWidget(self._payload, list(self._log), self._told)
        return self._widget

    def _told(self, event: rules.Event) -> None:
        """Take in an event of the browser; a test handed in is marked here and put into the record."""
        known = [question.id for question in self.questions]
        before = rules.standing(known, self._log)
        self._log.append(event)
        after = rules.standing(known, self._log)
        if after == before:
            return
        if after.handed_in is None:
            _record(ITEM, EVENT, CHAPTER, 0.0, event)
        else:
            self._hand_in(event)

    def _hand_in(self, event: rules.Event) -> None:
        """Hand in what the record has of this test: that may be more than was answered here.

        The same test can stand on two pages (the cell run twice, two tabs with a kernel each). It is
        handed in once; what was answered on the other page counts, and this page then shows the same.
        """
        known = [question.id for question in self.questions]
        kept = next((list(run.log) for run in runs() if run.key == event.get("run")), [])
        if rules.standing(known, kept).begun is None:  # the record could not be written
            kept = self._log[:-1]
        if rules.standing(known, kept).handed_in is None:
            _record(ITEM, EVENT, CHAPTER, 0.0, event)
            kept.append(event)
            self._record_result(rules.standing(known, kept))
        if kept != self._log:
            self._log = kept
            if self._widget is not None:
                self._widget.log = list(kept)

    def _record_result(self, state: rules.Standing) -> None:
        marks = rules.marks(self.questions, state)
        for question, mark in zip(self.questions, marks, strict=True):
            given = state.given.get(question.id)
            grade = rules.graded(question, given)
            if given is not None and grade is not None:
                more = {"mode": question.mode, "misconception": grade.misconception}
                _record(question.id, "final", question.chapter, mark.score, given.answer, **more)
        told = {
            "n": self.n,
            "seed": self.seed,
            "marks": [[m.id, m.chapter, m.concept, round(m.score, 4), m.answered, m.guess] for m in marks],
        }
        share = sum(mark.score for mark in marks) / len(marks)
        _record(ITEM, RESULT, CHAPTER, share, told)

    def __repr__(self) -> str:
        number = count(len(self.questions), "question")
        if self._run is None:
            return f"{self.title}: {number}. Run the cell to begin."
        state = rules.standing([q.id for q in self.questions], self._log)
        done = sum(mark.answered for mark in rules.marks(self.questions, state))
        return f"{self.title}: {number}, {done} answered so far. Run the cell to go on."

    def _repr_html_(self) -> str:
        number = count(len(self.questions), "question")
        return _html.page(
            f"<p><strong>{_html.escape(self.title)}</strong></p>",
            f"<p>{number} from all over the course, mixed. No clock runs.</p>",
            "<ul><li>You hear nothing about your answers before you hand in. Then you see every question "
            "with its answer and the reason.</li><li>You can stop at any time: run the cell again, and the "
            "test goes on where it was.</li><li>The seed is shown when the test begins; with it anybody can "
            "have the same test.</li></ul>",
            "<p><em>Run this cell to draw the test. Nothing begins before you do.</em></p>",
            label=self.title,
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.widget._repr_mimebundle_(**kwargs)
        data, metadata = live if isinstance(live, tuple) else (live or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}, metadata


def final(n: int = _draw.LENGTH, *, seed: int | None = None) -> FinalTest:
    """Ask a final test: an exam of questions from all lessons, about as many from each as from the next.

    A test that was begun and not handed in goes on. Otherwise a new one is
    drawn: of all questions that stand on their own, dealt into tests that
    share none, one whose questions no earlier final has asked, as long as the
    bank has such a test; and among those the one with fewest questions that
    were answered elsewhere. With a seed it is the test of that seed: the one in
    the record, else the one that anybody with the same questions gets.

    Parameters
    ----------
    n
        How many questions; fewer if the bank has not so many.
    seed
        The number that an earlier test showed, to have that test again.

    Raises
    ------
    InvalidArgument, InvalidType
        If `n` is no number of at least 1, or `seed` none of at least 0.
    """
    n = _errors.whole_number("n", n, least=1)
    if seed is not None:
        seed = _errors.whole_number("seed", seed, least=0, most=_LARGEST)
    asked = _draw.pool(map(load, names()))
    if not asked:
        raise _errors.InvalidArgument("The bank has no question that a final could ask: see quiz.names().")
    known = {question.id: question for question in asked}
    past = _still_there(known)
    same = [run for run in past if run.n == n and seed in {None, run.seed}]
    going = next((run for run in reversed(same) if run.open), None)
    if going is None and seed is not None:
        going = next(reversed(same), None)
    if going is not None:
        return FinalTest(
            [known[name] for name in going.ids], n, going.seed, named=seed is not None, run=going
        )
    drawn = _new_seed(asked, n) if seed is None else seed
    return FinalTest(_draw.draw(asked, n, drawn), n, drawn, named=seed is not None, run=None)


def going_on() -> list[Run]:
    """Return the tests that were begun, not handed in, and can go on: the bank still has their questions."""
    known = {question.id for question in _draw.pool(map(load, names()))}
    return [run for run in _still_there(known) if run.open]


def _still_there(known: Collection[str]) -> list[Run]:
    return [run for run in runs() if all(name in known for name in run.ids)]


def runs() -> list[Run]:
    """Return the tests in the record, in the order in which they were begun."""
    from mlcourse import progress

    logs: dict[Any, list[rules.Event]] = {}
    for answer in progress.answers(kind=EVENT):
        event = answer.answer
        if isinstance(event, dict) and isinstance(event.get("run"), int | float):
            logs.setdefault(event["run"], []).append(event)
    found = []
    for key, log in logs.items():
        start = log[0]
        ids, n, seed = start.get("ids"), start.get("n"), start.get("seed")
        if not (_whole(n, 1) and _whole(seed, 0) and isinstance(ids, list) and ids):
            continue
        if not all(isinstance(i, str) for i in ids) or len(set(ids)) < len(ids):
            continue
        if rules.standing(ids, log[:1]).begun is not None:
            found.append(Run(n, seed, tuple(ids), tuple(log), key))
    return found


def _whole(value: Any, least: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= _LARGEST


def _new_seed(asked: Sequence[Question], n: int) -> int:
    import random

    from mlcourse import progress
    from mlcourse.progress._answer import QUESTIONS

    past = runs()
    newest = next((run.seed for run in reversed(past) if run.n == n), None)
    # The first seed is drawn by chance, that two students side by side have different tests.
    first = random.SystemRandom().randrange(_SEEDS) if newest is None else newest
    return _draw.next_seed(
        asked,
        n,
        drawn=[name for run in past for name in run.ids],
        answered={answer.item_id for answer in progress.answers() if answer.kind in QUESTIONS},
        newest=first,
    )


def _payload(questions: Sequence[Question], n: int, seed: int, before: str) -> dict[str, Any]:
    chapters: dict[str, Quiz] = {name[:2]: load(name) for name in names()}
    described = []
    for question in questions:
        section = taught(question, chapters[question.chapter])
        described.append(
            {
                **describe(question),
                "chapter": question.chapter,
                "concept": question.concept,
                "section": {
                    "notebook": section.notebook,
                    "cell": section.cell,
                    "lesson": section.lesson,
                    "title": section.title,
                },
            }
        )
    used = sorted({question.chapter for question in questions})
    return {
        "kind": "final",
        "title": "Final test",
        "key": f"{n}.{seed}",
        "n": n,
        "seed": seed,
        "call": f"seed={seed}" if n == _draw.LENGTH else f"{n}, seed={seed}",
        "before": before,
        "lessons": {c: f"{c} · {chapters[c].title}" for c in used},
        "questions": described,
    }


def _record(item: str, kind: str, chapter: str, score: float, answer: Any, **more: Any) -> None:
    from mlcourse import progress

    progress.record(
        item, kind=kind, chapter=chapter, score=score, answer=answer, **{"mode": "recall", **more}
    )
