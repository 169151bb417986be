"""What is done, for each chapter and mode: pure, from the answers and the list of what there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mlcourse._text import count
from mlcourse.progress import _schedule
from mlcourse.progress._answer import QUESTIONS, SCORED, Answer, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

#: The nine ways in, in the order of a lesson's sections.
MODES: Final = {
    "why": "Why",
    "deep-dive": "Deep dive",
    "trace": "Trace",
    "practice": "Practise",
    "challenge": "Challenge",
    "experiment": "Experiment",
    "metrics": "Measure",
    "myths": "Myths",
    "recall": "Recall",
}


@dataclass(frozen=True)
class Item:
    """One thing that there is to do.

    Parameters
    ----------
    id
        As answers name it.
    chapter, mode, kind
        As in `Answer`.
    title
        The first words of it, for people.
    chapter_title
        The title of its lesson.
    choices
        What a question offers, where an answer is the number of a choice.
    """

    id: str
    chapter: str
    mode: str
    kind: str = "question"
    title: str = ""
    chapter_title: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Share:
    """How far one mode of one chapter, one chapter, or all of it is done.

    Parameters
    ----------
    done
        Items answered at least once.
    total
        Items that there are; None where that is not known.
    score
        Mean score of the newest answer to each item, 0 to 1; None if none is answered.
    due
        Questions due for review today.
    """

    done: int
    total: int | None
    score: float | None
    due: int


@dataclass(frozen=True)
class Chapter:
    """One chapter: the share of each of its modes, and of the whole."""

    chapter: str
    title: str
    modes: dict[str, Share]
    whole: Share

    def __repr__(self) -> str:
        return f"Chapter({self.chapter!r}, {self.whole.done} of {self.whole.total} done)"


@dataclass(frozen=True)
class Summary:
    """How far a student has come.

    Parameters
    ----------
    chapters
        In order; only those with something to do or something done.
    whole
        Over all chapters.
    badges
        Ids of the badges, each once, in the order they were won.
    n_answers
        Answers in the record, every attempt counted.
    last, next_due
        When the newest answer was given, and when the next question that is
        not yet due comes up for review, in UTC; None if there is none.
    notices
        What the student should know about where the answers are.
    """

    chapters: tuple[Chapter, ...]
    whole: Share
    badges: tuple[str, ...] = ()
    n_answers: int = 0
    last: datetime | None = None
    next_due: datetime | None = None
    notices: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Summary({count(self.n_answers, 'answer')}, {self.whole.due} due for review)"

    def __str__(self) -> str:
        from mlcourse.progress._summary_view import text

        return text(self)

    def _repr_html_(self) -> str:
        from mlcourse.progress._summary_view import html

        return html(self)


def summarise(
    answers: Sequence[Answer],
    items: Iterable[Item] = (),
    now: datetime | None = None,
    *,
    notices: Iterable[str] = (),
) -> Summary:
    """Count what is done of what there is.

    An answered item that is not among `items` counts only while nothing of
    its kind is listed there (then how much there is, is not known); otherwise
    it has left the course, and its answers are kept but not counted.
    """
    there = {item.id: item for item in items}
    kinds = {item.kind for item in there.values()}
    newest: dict[str, Answer] = {}
    # By time, so that an older answer merged in later does not pass for the newest.
    for answer in sorted(answers, key=lambda a: a.when):
        kind = "question" if answer.kind in QUESTIONS else answer.kind
        if kind in SCORED and (answer.item_id in there or kind not in kinds):
            newest[answer.item_id] = answer

    present = moment(now) if now is None else now
    due = {d.item_id for d in _schedule.due(answers, present)} & newest.keys()

    groups: dict[tuple[str, str], set[str]] = {}
    unknown: set[tuple[str, str]] = set()
    for item in there.values():
        groups.setdefault((item.chapter, item.mode), set()).add(item.id)
    for answer in newest.values():
        if answer.item_id not in there:
            groups.setdefault((answer.chapter, answer.mode), set()).add(answer.item_id)
            unknown.add((answer.chapter, answer.mode))

    def share(keys: Iterable[tuple[str, str]]) -> Share:
        keys = list(keys)
        ids = {i for key in keys for i in groups[key]}
        done = [newest[i] for i in ids if i in newest]
        return Share(
            done=len(done),
            total=None if unknown & set(keys) else len(ids),
            score=sum(a.score for a in done) / len(done) if done else None,
            due=len(ids & due),
        )

    titles = {item.chapter: item.chapter_title for item in there.values() if item.chapter_title}
    order = list(MODES)
    chapters = []
    for chapter in sorted({c for c, _ in groups}):
        modes = sorted(
            (m for c, m in groups if c == chapter),
            key=lambda m: (order.index(m) if m in MODES else len(order), m),
        )
        chapters.append(
            Chapter(
                chapter=chapter,
                title=titles.get(chapter, ""),
                modes={m: share([(chapter, m)]) for m in modes},
                whole=share([(chapter, m) for m in modes]),
            )
        )
    later = [
        d.due for d in _schedule.schedule(answers, present) if d.item_id in newest and d.item_id not in due
    ]
    return Summary(
        chapters=tuple(chapters),
        whole=share(groups),
        badges=tuple(dict.fromkeys(a.item_id for a in answers if a.kind == "badge")),
        n_answers=sum(a.kind in SCORED for a in answers),
        last=max((a.when for a in answers), default=None),
        next_due=min(later, default=None),
        notices=tuple(notices),
    )
