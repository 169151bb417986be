"""Which questions a final test asks: pure, from the bank and a seed alone.

A *deck* is all of the bank's questions dealt into tests that share none. The
seed names the deck and the test in it: with `k` tests in a deck, seed `s` is
test `s % k` of deck `s // k`. So a test can be had again anywhere from its seed
and the same bank, and a student who goes on within a deck never meets a
question twice before the deck is used up.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from mlcourse.quiz._bank import Quiz
    from mlcourse.quiz._questions import Question

LENGTH: Final = 30
LEFT_OUT: Final = frozenset({"00", "16"})
"""The first page asks about the course itself, and the last lesson asks its own questions."""
_DECKS: Final = 40
"""How many decks are tried for a test without a question that was drawn before."""


def pool(chapters: Iterable[Quiz]) -> tuple[Question, ...]:
    """Return the questions that a final may ask: those that stand on their own, without their lesson.

    A prediction speaks of the cell that follows it, so only those marked
    `diagnose` (good for the entry test) are among them.
    """
    found: list[Question] = []
    for quiz in chapters:
        if quiz.chapter not in LEFT_OUT:
            alone = (q for q in quiz.predictions if q.diagnose)
            found += (*alone, *quiz.myths, *quiz.questions, *quiz.challenge)
    return tuple(found)


def how_many(questions: Sequence[Question], n: int) -> int:
    """Return how many tests of `n` questions a deck holds; one if the bank is smaller than a test."""
    return max(1, len(questions) // n)


def draw(questions: Sequence[Question], n: int, seed: int) -> tuple[Question, ...]:
    """Return the test with this seed: the same for everybody who has the same questions."""
    number, place = divmod(seed, how_many(questions, n))
    return deck(questions, n, number)[place]


def deck(questions: Sequence[Question], n: int, number: int) -> list[tuple[Question, ...]]:
    """Deal the questions into tests of `n` that share none; `number` is the way they are shuffled.

    Each chapter gives each test as many as any other does, as far as it has
    them. Within that, a question goes to the test that has least of its
    concept, of the beliefs its answers betray, of its difficulty and of its
    kind.
    """
    by_chapter: dict[str, list[Question]] = defaultdict(list)
    for question in sorted(questions, key=lambda q: _mixed(number, q.id)):
        by_chapter[question.chapter].append(question)
    tests: list[list[Question]] = [[] for _ in range(how_many(questions, n))]
    counts = [Counter[tuple[str, object]]() for _ in tests]
    sizes = {chapter: len(found) for chapter, found in sorted(by_chapter.items())}
    for chapter, quotas in _quotas(sizes, n, len(tests)).items():
        room = list(quotas)
        concepts = Counter(q.concept for q in by_chapter[chapter])
        used = by_chapter[chapter][: sum(quotas)]
        for question in sorted(
            used, key=lambda q: -concepts[q.concept]
        ):  # what is often there is hard to part
            best = min((i for i, left in enumerate(room) if left), key=lambda i: _cost(question, counts[i]))
            room[best] -= 1
            tests[best].append(question)
            counts[best].update(_traits(question))
    return [_interleaved(test, number) for test in tests]


def next_seed(
    questions: Sequence[Question],
    n: int,
    *,
    drawn: Iterable[str],
    answered: Collection[str],
    newest: int,
) -> int:
    """Return the seed of the next test: nothing drawn before, if the bank still allows it.

    Parameters
    ----------
    questions, n
        As in `draw`.
    drawn
        Ids of the questions that earlier finals asked, each as often as it was asked: once the deck is
        used up, the test comes whose questions were asked least often.
    answered
        Ids of the questions answered anywhere. Among the tests of a deck the one with fewest of them
        comes first: what was answered before shows memory of that answer as much as knowledge.
    newest
        The seed of the newest final, whose deck goes on; any number if there is none.
    """
    size = how_many(questions, n)
    first = newest // size
    best: tuple[int, int, int] | None = None
    times = Counter(drawn)
    seen = set(answered)
    for number in range(first, first + _DECKS):
        for place, test in enumerate(deck(questions, n, number)):
            ids = {q.id for q in test}
            found = (sum(times[name] for name in ids), len(ids & seen), number * size + place)
            best = found if best is None else min(best, found)
        if best is not None and not best[0]:
            break
    return 0 if best is None else best[2]


def _mixed(number: int, name: str) -> str:
    """Return a key that sorts names in an order of this number's own, on every machine and Python alike."""
    return hashlib.sha256(f"{number}:{name}".encode()).hexdigest()


def _quotas(sizes: dict[str, int], n: int, tests: int) -> dict[str, list[int]]:
    """Return how many questions each chapter gives each test; each test gets `n`, or all there are."""
    wanted = min(n * tests, sum(sizes.values()))
    totals = dict.fromkeys(sizes, 0)
    while wanted:  # one more from each chapter that has one, in turn
        for chapter, there in sizes.items():
            if wanted and totals[chapter] < there:
                totals[chapter] += 1
                wanted -= 1
    quotas: dict[str, list[int]] = {}
    turn = 0
    for chapter, total in totals.items():
        each, extra = divmod(total, tests)
        quotas[chapter] = [each + ((place - turn) % tests < extra) for place in range(tests)]
        turn += extra
    return quotas


def _traits(question: Question) -> list[tuple[str, object]]:
    beliefs = sorted({belief for _, belief in question.misconceptions()})
    return [
        ("concept", question.concept),
        *(("belief", belief) for belief in beliefs),
        ("difficulty", question.difficulty),
        ("type", question.type),
    ]


def _cost(question: Question, counts: Counter[tuple[str, object]]) -> tuple[int, ...]:
    """Return how badly a question fits a test, the worst first: same concept, belief, difficulty, kind."""
    cost: Counter[str] = Counter()
    for trait in _traits(question):
        cost[trait[0]] += counts[trait]
    return cost["concept"], cost["belief"], cost["difficulty"], cost["type"]


def _interleaved(test: Sequence[Question], number: int) -> tuple[Question, ...]:
    """Return the questions mixed, with no two of a chapter side by side as long as that can be."""
    waiting = sorted(test, key=lambda q: _mixed(number, f"place of {q.id}"))
    order: list[Question] = []
    while waiting:
        left = Counter(q.chapter for q in waiting)
        before = order[-1].chapter if order else ""
        others = [q for q in waiting if q.chapter != before] or waiting
        # The chapter that has most left must not be kept for the end, where it would stand side by side.
        crowded = [q for q in others if 2 * left[q.chapter] > len(waiting)]
        order.append((crowded or others)[0])
        waiting.remove(order[-1])
    return tuple(order)
