"""The entry test: ten questions from all chapters, and where their answers advise to begin."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from mlcourse import _html
from mlcourse._text import count, listed
from mlcourse.quiz._bank import load, names
from mlcourse.quiz._element import Element
from mlcourse.quiz._show import recorder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlcourse.quiz._questions import Question

LENGTH = 10
SURE = 0.75  # the share of right answers from which a chapter may be left for later


@dataclass(frozen=True)
class Recommendation:
    """Where to begin, and why.

    Attributes
    ----------
    name : str or None
        The lesson's notebook, such as `"01_the_whole_pipeline"`; None before anything was answered.
    why : str
        The reason, in sentences.
    """

    name: str | None
    why: str

    def __repr__(self) -> str:
        return f"Recommendation({self.name!r})"

    def __str__(self) -> str:
        return self.why if self.name is None else f"Begin with {self.name}.ipynb. {self.why}"

    def _repr_html_(self) -> str:
        where = (
            f"<strong>Begin with <code>{_html.escape(self.name)}.ipynb</code>.</strong> " if self.name else ""
        )
        return _html.page(f"<p>{where}{_html.escape(self.why)}</p>", label="Where to begin")


def chosen(chapters: Mapping[str, Sequence[Question]], length: int = LENGTH) -> tuple[Question, ...]:
    """Return the questions: as many from each chapter as from the next, each concept once, easy first."""
    columns = []
    for questions in chapters.values():
        fit = sorted((q for q in questions if q.diagnose), key=lambda q: (q.difficulty, q.id))
        once = {q.concept: q for q in reversed(fit)}.values()
        columns.append(sorted(once, key=lambda q: (q.difficulty, q.id)))
    dealt = [q for q in chain.from_iterable(zip_longest(*columns)) if q is not None]
    return tuple(sorted(dealt[:length], key=lambda q: (q.chapter, q.difficulty, q.id)))


def recommend(
    scores: Mapping[str, float], asked: Sequence[Question], lessons: Mapping[str, str]
) -> Recommendation:
    """Return where these scores advise to begin: the first chapter whose questions were not all but right.

    Parameters
    ----------
    scores
        Score from 0 to 1 by question id; what is missing was not answered.
    asked
        The test's questions.
    lessons
        The notebook's name by chapter number.
    """
    answered = [q for q in asked if q.id in scores]
    if not answered:
        return Recommendation(None, "Answer the entry test first: quiz.diagnose().")
    by_chapter: dict[str, list[Question]] = defaultdict(list)
    for question in answered:
        by_chapter[question.chapter].append(question)
    for chapter, questions in sorted(by_chapter.items()):
        share = sum(scores[q.id] for q in questions) / len(questions)
        if share < SURE:
            missed = listed(sorted({q.concept for q in questions if scores[q.id] < 1}))
            right = sum(scores[q.id] == 1 for q in questions)
            why = f"Of its {count(len(questions), 'question')} you had {right} right. It teaches: {missed}."
            return Recommendation(lessons[chapter], why)
    missing = len(asked) - len(answered)
    rest = f" ({count(missing, 'question')} not answered)" if missing else ""
    last = max(by_chapter)
    why = f"You know what the test asks{rest}. Try the challenges, and read what is new to you from here on."
    return Recommendation(lessons[last], why)


def _chapters() -> dict[str, tuple[Question, ...]]:
    return {name: load(name).all for name in names() if not name.startswith("00")}


def entry_test() -> tuple[Question, ...]:
    """Return the questions of the entry test."""
    return chosen(_chapters())


def diagnose() -> Element:
    """Ask ten questions from all chapters; `quiz.recommendation()` then says where to begin."""
    asked = entry_test()
    text = f"Entry test: {count(len(asked), 'question')}. Run the cell to answer."
    return Element("quiz", text, "Entry test", asked, paged=True, told=recorder(asked, "diagnosis"))


def recommendation() -> Recommendation:
    """Return where the newest answers to the entry test advise to begin."""
    from mlcourse import progress

    chapters = _chapters()
    asked = chosen(chapters)
    # The first answer to each question counts: what was tried again after the feedback tells little.
    scores: dict[str, float] = {}
    for answer in progress.answers(kind="diagnosis"):
        scores.setdefault(answer.item_id, answer.score)
    return recommend(scores, asked, {name[:2]: name for name in chapters})
