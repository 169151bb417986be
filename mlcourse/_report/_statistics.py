"""What a class's records say about each question, each misconception and each student: pure counting.

The statistics are those of classical test theory, at the first try, because
later tries follow the feedback.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlcourse.progress._answer import SCORED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from mlcourse.progress import Answer
    from mlcourse.progress._summary import Item

LEAST_STUDENTS: Final = 10
"""With fewer students a correlation says nothing: with nine, chance alone reaches ±0.67 in one of 20."""
LEAST_OTHERS: Final = 3
"""A student's standing on the other items needs at least this many of them."""
_Z: Final = 1.959964
"""The 97.5 % point of the normal distribution: intervals are for 95 %."""


@dataclass(frozen=True)
class Student:
    """One exported record, called by its file's name."""

    name: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ItemStatistics:
    """How a class did on one question or exercise.

    Parameters
    ----------
    item_id, chapter, mode, kind, title
        Which one.
    n_students
        How many tried it.
    difficulty
        Share wholly right at the first try, 0 to 1 (high means easy: the
        custom of classical test theory), with Wilson's interval.
    mean_score
        Mean score of the first try, partial credit counted.
    tries
        Mean number of tries of a student.
    discrimination
        Corrected item-total correlation: see `item_rest`. None if it cannot be computed.
    why_not
        Then: why.
    wrong
        The most common wrong first answers, each with its count.
    remarks
        What a teacher should look at, in words.
    """

    item_id: str
    chapter: str
    mode: str
    kind: str
    title: str
    n_students: int
    difficulty: Estimate
    mean_score: float
    tries: float
    discrimination: Estimate | None
    why_not: str
    wrong: tuple[tuple[str, int], ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class MisconceptionStatistics:
    """How often a wrong belief showed.

    Parameters
    ----------
    name, believes
        Its id, and what it believes where the course says so.
    n_students
        Students who showed it at least once.
    n_still
        Those of them whose newest answer to one of these items shows it still.
    n_asked
        Students who tried an item in which it showed.
    n_answers
        Answers that showed it.
    items
        Where.
    """

    name: str
    believes: str
    n_students: int
    n_still: int
    n_asked: int
    n_answers: int
    items: tuple[str, ...]


@dataclass(frozen=True)
class StudentStatistics:
    """How far one student came, and where they are stuck.

    Parameters
    ----------
    name
        The file's name.
    n_items, n_answers
        Items tried, and tries.
    first_right
        Share of items right at the first try; None without any.
    chapter, last
        Where and when the newest answer was given.
    stuck
        Items tried often and never right, each with the number of tries.
    """

    name: str
    n_items: int
    n_answers: int
    first_right: float | None
    chapter: str
    last: datetime | None
    stuck: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Report:
    """A class at a glance; `problems` names the files that could not be counted."""

    items: tuple[ItemStatistics, ...]
    misconceptions: tuple[MisconceptionStatistics, ...]
    students: tuple[StudentStatistics, ...]
    stuck_after: int = 3
    problems: tuple[str, ...] = ()


def analyse(
    students: Sequence[Student],
    *,
    items: Iterable[Item] = (),
    beliefs: Mapping[str, str] | None = None,
    stuck_after: int = 3,
    problems: Sequence[str] = (),
) -> Report:
    """Return the statistics of a class.

    Parameters
    ----------
    students
        The records; those without a scored answer count as not yet begun.
    items
        What the course holds, for titles and choices.
    beliefs
        What each misconception believes.
    stuck_after
        From how many tries without a right one a student counts as stuck.
    problems
        What could not be read.
    """
    known = {item.id: item for item in items}
    tries = [_by_item(student) for student in students]
    firsts = [{i: given[0].score for i, given in mine.items()} for mine in tries]
    ids = sorted({i for mine in tries for i in mine}, key=lambda i: (_chapter(i, tries, known), i))
    rests = item_rest(firsts)
    return Report(
        items=tuple(_item(i, tries, known.get(i), rests.get(i)) for i in ids),
        misconceptions=_misconceptions(tries, beliefs or {}),
        students=tuple(
            sorted(
                (_student(s, mine, stuck_after) for s, mine in zip(students, tries, strict=True)),
                key=lambda s: (-len(s.stuck), s.name),
            )
        ),
        stuck_after=stuck_after,
        problems=tuple(problems),
    )


def item_rest(firsts: Sequence[Mapping[str, float]]) -> dict[str, tuple[Estimate | None, str]]:
    """Return each item's corrected item-total correlation, or None and why there is none.

    Pearson's correlation between the first-try score on the item and the
    student's standing on the *other* items; with the item itself left in the
    total, every item would correlate with a part of itself (Henrysson,
    "Correction of item-total correlations in item analysis", Psychometrika
    28, 1963). Students have tried different items, so the standing is the mean
    of score minus the item's mean score over the other items tried: with
    everything tried by everyone, this is the usual correlation. The
    interval is Fisher's.

    Parameters
    ----------
    firsts
        For each student, the score of the first try by item.
    """
    columns: dict[str, dict[int, float]] = {}
    for s, mine in enumerate(firsts):
        for item, score in mine.items():
            columns.setdefault(item, {})[s] = score
    means = {item: math.fsum(c.values()) / len(c) for item, c in columns.items()}
    totals = [math.fsum(score - means[i] for i, score in mine.items()) for mine in firsts]
    found: dict[str, tuple[Estimate | None, str]] = {}
    for item, column in columns.items():
        pairs = [
            (score, (totals[s] - (score - means[item])) / (len(firsts[s]) - 1))
            for s, score in column.items()
            if len(firsts[s]) > LEAST_OTHERS
        ]
        found[item] = _correlation(pairs)
    return found


def wilson(k: int, n: int) -> Estimate:
    """Return a share with its 95 % interval (Wilson, J. Am. Stat. Assoc. 22, 1927), good for small n too."""
    share = k / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))


def _correlation(pairs: list[tuple[float, float]]) -> tuple[Estimate | None, str]:
    n = len(pairs)
    if n < LEAST_STUDENTS:
        return None, f"too few students ({n}; {LEAST_STUDENTS} are needed)"
    mean_x = math.fsum(x for x, _ in pairs) / n
    mean_y = math.fsum(y for _, y in pairs) / n
    xx = math.fsum((x - mean_x) ** 2 for x, _ in pairs)
    yy = math.fsum((y - mean_y) ** 2 for _, y in pairs)
    if xx < 1e-12 * n:
        return None, "everyone scored the same"
    if yy < 1e-12 * n:
        return None, "everyone did alike on the rest"
    r = math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs) / math.sqrt(xx * yy)
    r = max(-1.0, min(1.0, r))
    z, half = math.atanh(max(-0.999999, min(0.999999, r))), _Z / math.sqrt(n - 3)
    return Estimate(r, math.tanh(z - half), math.tanh(z + half)), ""


def _by_item(student: Student) -> dict[str, list[Answer]]:
    """Return a student's scored tries by item, the first try first."""
    mine: dict[str, list[Answer]] = {}
    for answer in sorted(student.answers, key=lambda a: a.when):
        if answer.kind in SCORED:
            mine.setdefault(answer.item_id, []).append(answer)
    return mine


def _chapter(item: str, tries: Sequence[Mapping[str, list[Answer]]], known: Mapping[str, Item]) -> str:
    if item in known:
        return known[item].chapter
    return next(mine[item][0].chapter for mine in tries if item in mine)


def _item(
    item: str,
    tries: Sequence[Mapping[str, list[Answer]]],
    known: Item | None,
    rest: tuple[Estimate | None, str] | None,
) -> ItemStatistics:
    given = [mine[item] for mine in tries if item in mine]
    firsts = [answers[0] for answers in given]
    difficulty = wilson(sum(a.right for a in firsts), len(firsts))
    discrimination, why_not = rest or (None, "")
    wrong = Counter(
        in_words(a.answer, known.choices if known else ())
        for a in firsts
        if not a.right and a.answer is not None
    )
    common = tuple(sorted(wrong.items(), key=lambda pair: (-pair[1], pair[0]))[:3])
    return ItemStatistics(
        item_id=item,
        chapter=known.chapter if known else firsts[0].chapter,
        mode=known.mode if known else firsts[0].mode,
        kind=known.kind if known else firsts[0].kind,
        title=known.title if known else "",
        n_students=len(firsts),
        difficulty=difficulty,
        mean_score=math.fsum(a.score for a in firsts) / len(firsts),
        tries=sum(map(len, given)) / len(given),
        discrimination=discrimination,
        why_not=why_not,
        wrong=common,
        remarks=tuple(_remarks(difficulty, discrimination, common, len(firsts))),
    )


def _remarks(
    difficulty: Estimate,
    discrimination: Estimate | None,
    wrong: Sequence[tuple[str, int]],
    n: int,
) -> Iterable[str]:
    """Yield what deserves a look: only what the intervals leave no doubt of, or says that it is a hint.

    A discrimination below 0.2 is poor by Ebel and Frisbie, "Essentials of
    Educational Measurement", 5th ed., 1991, ch. 13: a bound for the
    upper-lower index that is commonly used for correlations too.
    """
    if discrimination is not None and discrimination.high < 0:
        yield "who knows more gets it wrong more often: is the right answer marked right?"
    elif discrimination is not None and discrimination.high < 0.2:
        yield "tells strong from weak students poorly"
    elif discrimination is not None and discrimination.value < 0:
        yield "perhaps misleads those who know more; too few students to be sure"
    if n >= LEAST_STUDENTS and difficulty.high < 0.5:
        yield "most get it wrong at first"
    if n >= LEAST_STUDENTS and difficulty.low > 0.9:
        yield "nearly everyone gets it right at first"
    if n >= LEAST_STUDENTS and wrong and wrong[0][1] > difficulty.value * n:
        yield "one wrong answer is more common than the right one"


def in_words(answer: Any, choices: Sequence[str] = ()) -> str:
    """Write an answer for a teacher: the text of the choices where it is their numbers."""

    def is_choice(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(choices)

    if is_choice(answer):
        return str(choices[answer])
    if isinstance(answer, list) and answer and all(map(is_choice, answer)):
        return " + ".join(choices[i] for i in sorted(answer))
    if isinstance(answer, str):
        return answer
    return json.dumps(answer, ensure_ascii=False)


def _misconceptions(
    tries: Sequence[Mapping[str, list[Answer]]], beliefs: Mapping[str, str]
) -> tuple[MisconceptionStatistics, ...]:
    items: dict[str, set[str]] = {}
    for mine in tries:
        for item, answers in mine.items():
            for answer in answers:
                if answer.misconception:
                    items.setdefault(answer.misconception, set()).add(item)
    found = []
    for name, where in items.items():
        shown = [[a for i in where for a in mine.get(i, ()) if a.misconception == name] for mine in tries]
        found.append(
            MisconceptionStatistics(
                name=name,
                believes=beliefs.get(name, ""),
                n_students=sum(map(bool, shown)),
                n_still=sum(
                    any(i in mine and mine[i][-1].misconception == name for i in where) for mine in tries
                ),
                n_asked=sum(any(i in mine for i in where) for mine in tries),
                n_answers=sum(map(len, shown)),
                items=tuple(sorted(where)),
            )
        )
    return tuple(sorted(found, key=lambda m: (-m.n_students, -m.n_answers, m.name)))


def _student(student: Student, mine: Mapping[str, list[Answer]], stuck_after: int) -> StudentStatistics:
    every = [a for answers in mine.values() for a in answers]
    newest = max(every, key=lambda a: a.when, default=None)
    stuck = [
        (item, len(answers))
        for item, answers in mine.items()
        if len(answers) >= stuck_after and not any(a.right for a in answers)
    ]
    return StudentStatistics(
        name=student.name,
        n_items=len(mine),
        n_answers=len(every),
        first_right=sum(answers[0].right for answers in mine.values()) / len(mine) if mine else None,
        chapter=newest.chapter if newest else "",
        last=newest.when if newest else None,
        stuck=tuple(sorted(stuck, key=lambda pair: (-pair[1], pair[0]))),
    )
