"""Exercises of lesson 04 about layers: which one fits, what is decided, each unit against the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlcourse.practice._records import Case, Exercise, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAYERS = {
    "is this mail spam": (1, "sigmoid"),
    "which of 10 digits is it": (10, "softmax"),
    "which of 6 tags fit, perhaps several": (6, "sigmoid"),
    "which of 6 genres fits best": (6, "softmax"),
}


def _questions(rng: np.random.Generator) -> Iterator[Case]:
    del rng  # there are four questions, no more
    for question in _LAYERS:
        yield Case(question, note=f"“{question}”")


def _last_layer(**changed: tuple[int, str]) -> str:
    """Return the code of `last_layer` with some answers changed: mail, digits, tags, genres."""
    keys = dict(zip(("mail", "digits", "tags", "genres"), _LAYERS, strict=True))
    layers = _LAYERS | {keys[short]: layer for short, layer in changed.items()}
    lines = "".join(f'        "{q}": ({units}, "{name}"),\n' for q, (units, name) in layers.items())
    return f"def last_layer(question):\n    layers = {{\n{lines}    }}\n    return layers[question]"


LAST_LAYER = Exercise(
    id="04-last-layer",
    title="Which last layer?",
    level=1,
    concept="which output layer for which question",
    prompt="""
Four questions, four last layers. Fill in how many units each needs, and the name of its activation, such as
`(3, "relu")`, which is right for none of them. For the yes-or-no question use a single unit.

Fill the blanks, run the cell, then `practice.exercise("04-last-layer").check(last_layer)`.
""",
    name="last_layer",
    cases=_questions,
    starter="""
def last_layer(question):
    layers = {
        "is this mail spam": (..., ...),
        "which of 10 digits is it": (..., ...),
        "which of 6 tags fit, perhaps several": (..., ...),
        "which of 6 genres fits best": (..., ...),
    }
    return layers[question]
""",
    hints=(
        "A unit for each answer that the network has to weigh up. For yes or no a single one is enough: no is what is left.",
        "Then ask: can several answers be right at the same time?",
        "If they exclude each other, they compete: `softmax`. If not, each answers for itself: `sigmoid`.",
    ),
    solution=_last_layer(),
    explanation="""
"Fits best" asks for one, "fit, perhaps several" asks for any number: the same six units, another activation. And the
yes-or-no question is the case of any number out of one.
""",
    alternatives=(
        """
def last_layer(question):
    units = {"mail": 1, "digits": 10}
    n = next((n for word, n in units.items() if word in question), 6)
    return n, "softmax" if question.startswith("which") and "several" not in question else "sigmoid"
""",
        """
def last_layer(q):
    if "spam" in q:
        return (1, "sigmoid")
    if "several" in q:
        return (6, "sigmoid")
    return (10 if "digits" in q else 6, "softmax")
""",
        """
def last_layer(q):
    digits = "".join(c for c in q if c.isdigit())
    competing = "is it" in q or "best" in q
    return [int(digits or 1), ["sigmoid", "softmax"][competing]]
""",
    ),
    mistakes=(
        Mistake(
            "lonely-softmax",
            _last_layer(mail=(1, "softmax")),
            "Three are right. For the mail you have a softmax over a single unit. It has nobody to share with, so it "
            "answers 1 to every mail.",
            "single-softmax-is-a-sigmoid",
        ),
        Mistake(
            "tags-compete",
            _last_layer(tags=(6, "softmax")),
            "Your six tags compete for one whole. If two of them are certain, softmax can give each of them one half at most.",
            "myth-multi-label-is-multi-class",
        ),
        Mistake(
            "digits-by-sigmoid",
            _last_layer(digits=(10, "sigmoid")),
            "A digit is exactly one of ten, but ten sigmoids may say yes to a 3 and to an 8, or to none. Let them compete.",
            "softmax-and-sigmoid-swapped",
        ),
        Mistake(
            "best-by-sigmoid",
            _last_layer(genres=(6, "sigmoid")),
            "“Fits *best*” asks for exactly one of the six genres. Read the last two questions once more, side by side.",
            "many-classes-mean-many-labels",
        ),
        Mistake(
            "activations-swapped",
            _last_layer(digits=(10, "sigmoid"), tags=(6, "softmax"), genres=(6, "sigmoid")),
            "The units are right. With the activations it is the other way round: softmax is the one whose outputs compete.",
            "softmax-and-sigmoid-swapped",
        ),
        Mistake(
            "one-unit-for-ten",
            _last_layer(digits=(1, "sigmoid"), genres=(1, "sigmoid")),
            "A single unit weighs up one thing. For ten digits, or six genres, it would have to say a *number*, as if 4 lay "
            "between 3 and 5. Each needs a unit of its own.",
            "class-number-as-output",
        ),
        Mistake(
            "one-unit-for-six-tags",
            _last_layer(tags=(1, "sigmoid")),
            "Six tags are six yes-or-no questions. One unit answers one.",
            "one-output-for-all-labels",
        ),
        Mistake(
            "every-set-of-tags",
            _last_layer(tags=(64, "softmax")),
            "One class for each of the $2^6 = 64$ sets of tags: that can work, but most sets will have hardly any example. "
            "Six units are enough, if they do not compete.",
            "one-output-per-combination",
        ),
        Mistake(
            "two-sigmoids",
            _last_layer(mail=(2, "sigmoid")),
            "Two sigmoids for spam and no spam may both say yes. One is enough: no spam is what is left of it.",
            "two-sigmoids-for-yes-and-no",
        ),
    ),
)


def _logits(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([2.0, 1.0, 0.1, -1.0]), note="the article of the lesson")
    yield Case(np.round(rng.normal(scale=2, size=6), 2))
    yield Case(np.array([0.3, -1.0, 4.0, 0.4]), note="logits between 0 and 0.5")
    yield Case(np.array([-3.0, -0.5, -2.0]), note="only negative logits")
    yield Case(np.array([-1.0, 0.0, -2.0]), note="a logit of exactly 0")


DECIDE = Exercise(
    id="04-decide",
    title="Front page and archive",
    level=1,
    concept="argmax and threshold",
    prompt="""
`z` holds the logits of one text. Return two things: the number of the **one section** for the front page, and a list with the
numbers of **all tags** for the archive, those with a sigmoid of at least 0.5. You need no exponential for either.

Fill the blanks, run the cell, then `practice.exercise("04-decide").check(decide)`.
""",
    name="decide",
    cases=_logits,
    starter="""
def decide(z):
    section = ...
    tags = [k for k in range(len(z)) if ...]
    return section, tags
""",
    hints=(
        "Softmax keeps the order of the logits. So where is its largest value?",
        "Which logit has a sigmoid of exactly 0.5?",
        "`np.argmax(z)` for the section; `z[k] >= 0` for a tag.",
    ),
    solution="""
def decide(z):
    section = int(np.argmax(z))
    tags = [k for k in range(len(z)) if z[k] >= 0]
    return section, tags
""",
    explanation="""
Both activations rise with the logit. So the largest softmax is the largest logit, and a sigmoid of 0.5 is a logit of 0. The
front page always gets one section, even where every logit is negative; the archive may get no tag at all.
""",
    alternatives=(
        """
def decide(z):
    P = np.exp(z) / np.exp(z).sum()
    return int(P.argmax()), [k for k, p in enumerate(1 / (1 + np.exp(-z))) if p >= 0.5]
""",
        "def decide(z):\n    return z.argmax(), np.flatnonzero(z >= 0).tolist()",
        """
def decide(logits):
    best = 0
    for k in range(1, len(logits)):
        if logits[k] > logits[best]:
            best = k
    return best, list(filter(lambda k: logits[k] >= 0, range(len(logits))))
""",
    ),
    mistakes=(
        Mistake(
            "half-on-logits",
            "def decide(z):\n    return int(np.argmax(z)), [k for k in range(len(z)) if z[k] >= 0.5]",
            "The section is right. For the tags you compare a *logit* with 0.5. A logit of 0.3 is a sigmoid of 0.57, so it is a tag.",
            "logits-are-probabilities",
        ),
        Mistake(
            "largest-value",
            "def decide(z):\n    return float(np.max(z)), [k for k in range(len(z)) if z[k] >= 0]",
            "The tags are right. For the section you return the largest *logit* itself. The front page needs its place.",
            "argmax-is-max",
        ),
        Mistake(
            "threshold-on-softmax",
            """
def decide(z):
    P = np.exp(z) / np.exp(z).sum()
    return int(np.argmax(P)), [k for k in range(len(z)) if P[k] >= 0.5]
""",
            "The tags are taken from the softmax, where they compete: at most one reaches 0.5 by far. The archive asks each unit "
            "by itself, by sigmoid.",
            "myth-multi-label-is-multi-class",
        ),
        Mistake(
            "all-tags",
            "def decide(z):\n    return int(np.argmax(z)), list(range(len(z)))",
            "The section is right, but every unit becomes a tag. Is the condition behind `if` still three dots? Python takes them "
            "for true.",
        ),
        Mistake(
            "only-the-winner",
            "def decide(z):\n    return int(np.argmax(z)), [int(np.argmax(z))]",
            "The archive gets exactly one tag here, as the front page does. It should get all that fit, also two, also none.",
            "threshold-picks-one-label",
        ),
        Mistake(
            "zero-left-out",
            "def decide(z):\n    return int(np.argmax(z)), [k for k in range(len(z)) if z[k] > 0]",
            "Nearly. A logit of exactly 0 is a sigmoid of exactly 0.5, and *at least* 0.5 includes it.",
        ),
    ),
)


def _rivals(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(np.array([2.0, 1.0, 0.1, -1.0]), note="the article of the lesson")
    yield Case(np.array([3.0, 1.0]), note="two units, as in Deep dive 7")
    yield Case(rng.normal(scale=2, size=3))
    yield Case(rng.normal(scale=2, size=6))
    yield Case(np.full(5, -4.0), note="five equal logits")


ONE_AGAINST_REST = Exercise(
    id="04-one-against-rest",
    title="Each against the rest",
    level=3,
    concept="one sigmoid unit is two softmax units",
    prompt="""
Two softmax units say the same as one sigmoid of the difference. And four units, or six? `z` holds two or more logits of one
text. Return as many **new logits**, such that the *sigmoid* of each is exactly what *softmax* makes of `z`. For the two logits
`[3, 1]` they are `[2, -2]`.
""",
    name="as_sigmoids",
    cases=_rivals,
    starter="""
def as_sigmoids(z):
    return ...
""",
    hints=(
        "Write the softmax of unit 0 as $e^{z_0} / (e^{z_0} + R)$. What is $R$?",
        "With two units $R = e^{z_1}$, and $z_1$ is what the first logit loses. Which logit belongs to a sum $R$ of several weights?",
        (
            "The new logit of unit $k$ is $z_k - \\log R_k$, and $R_k$ is the sum of the $e^{z_j}$ of all units *but* $k$. "
            "`np.delete(z, k)` leaves one out."
        ),
    ),
    solution="""
def as_sigmoids(z):
    rest = [np.log(np.exp(np.delete(z, k)).sum()) for k in range(len(z))]
    return z - np.array(rest)
""",
    explanation="""
$\\frac{e^{z_k}}{e^{z_k} + R_k} = \\sigma(z_k - \\log R_k)$: all the rivals together act like one unit with the logit $\\log R_k$. So a
softmax *is* a row of sigmoids, each of which looks at the others. The sigmoids of an output layer look at nobody.
""",
    alternatives=(
        """
def as_sigmoids(z):
    p = np.exp(z) / np.exp(z).sum()
    return np.log(p / (1 - p))
""",
        "def as_sigmoids(z):\n    return z - np.log(np.exp(z).sum() - np.exp(z))",
        """
from scipy.special import logit, softmax

def as_sigmoids(z):
    return logit(softmax(z))
""",
        """
def as_sigmoids(logits):
    new = np.zeros(len(logits))
    for k in range(len(logits)):
        rivals = [logits[j] for j in range(len(logits)) if j != k]
        new[k] = -np.log(sum(np.exp(r - logits[k]) for r in rivals))
    return new
""",
    ),
    mistakes=(
        Mistake(
            "unchanged",
            "def as_sigmoids(z):\n    return z",
            "These are the old logits. The sigmoid of 2.0 is 0.88, and the softmax says 0.64: the others have to be taken into account.",
            "softmax-answers-each-by-itself",
        ),
        Mistake(
            "probabilities",
            "def as_sigmoids(z):\n    return np.exp(z) / np.exp(z).sum()",
            "These are the probabilities that should come out *behind* the sigmoid. Which logits does it need to give them?",
            "logits-are-probabilities",
        ),
        Mistake(
            "with-itself",
            "def as_sigmoids(z):\n    return z - np.log(np.exp(z).sum())",
            "Close. But you take off the sum over *all* units, and a unit is no rival of its own. (What you have is $\\log p$, the "
            "log-softmax.)",
        ),
        Mistake(
            "strongest-rival",
            "def as_sigmoids(z):\n    return z - np.array([np.delete(z, k).max() for k in range(len(z))])",
            "With two units this is right. With more, you count the strongest rival only. The weak ones take their share, too.",
        ),
        Mistake(
            "sum-of-rivals",
            "def as_sigmoids(z):\n    return z - np.array([np.delete(z, k).sum() for k in range(len(z))])",
            "With two units this is right. But the *logits* of several rivals do not add up. Their weights $e^z$ do.",
            "logits-add-up",
        ),
        Mistake(
            "mean-of-rivals",
            "def as_sigmoids(z):\n    return z - np.array([np.delete(z, k).mean() for k in range(len(z))])",
            "With two units this is right. But three rivals are stronger than one of average strength: add up their weights $e^z$.",
        ),
        Mistake(
            "no-logarithm",
            "def as_sigmoids(z):\n    return z - np.array([np.exp(np.delete(z, k)).sum() for k in range(len(z))])",
            "You take a sum of *weights* from a *logit*. Which logit belongs to that sum?",
            "logits-are-probabilities",
        ),
    ),
)
