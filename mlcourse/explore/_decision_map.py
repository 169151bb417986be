"""Lesson 16's playground: four questions about a task, and what the whole course answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse import _html
from mlcourse._errors import one_of
from mlcourse.explore._playground import Playground

if TYPE_CHECKING:
    from collections.abc import Mapping

QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "answers": (
        "How many answers can be right for one row?",
        {"one": "exactly one", "many": "any number, or none"},
    ),
    "truth": (
        "How is the truth written?",
        {"number": "a class number, 2", "row": "a row of 0s and 1s"},
    ),
    "rare": ("Is some answer rare?", {"no": "no", "yes": "yes, below one in ten"}),
    "costs": (
        "Which error is dearer?",
        {"same": "both alike", "miss": "a miss", "alarm": "a false alarm"},
    ),
    "use": (
        "What is the output used for?",
        {"decide": "only to decide", "believe": "people read the probability"},
    ),
}
"""Name, question, and the answers to choose from."""

_DECISIONS = {
    "one|same": (
        "the largest: argmax",
        "All errors cost alike, so the most probable class is the cheapest one.",
        "04",
    ),
    "one|miss": (
        "the least expected cost",
        "Weigh the costs by the probabilities: P @ costs, then argmin.",
        "12",
    ),
    "one|alarm": (
        "the largest, or nobody",
        "Below a chosen probability hand the row to a human: an alarm is dearer than a question.",
        "12",
    ),
    "many|same": (
        "each label by itself, at 0.5",
        "A miss and a false alarm cost alike: say yes where yes is likelier.",
        "02",
    ),
    "many|miss": (
        "each label by itself, below 0.5",
        "Say yes from alarm / (alarm + miss) on; a dear miss lowers the bar.",
        "08",
    ),
    "many|alarm": (
        "each label by itself, above 0.5",
        "Say yes from alarm / (alarm + miss) on; a dear alarm raises the bar.",
        "08",
    ),
}
_METRICS = {
    "one|no": (
        "accuracy and the confusion matrix",
        "Every class has enough rows to be seen in the mean.",
        "08",
    ),
    "one|yes": ("recall of each class, macro F1", "Accuracy is made of the common classes.", "10"),
    "many|no": (
        "F1 of each label, and their mean",
        "The share of right cells flatters: most cells are a plain no.",
        "08",
    ),
    "many|yes": (
        "F1 and average precision of each label",
        "A rare label is lost in every average that counts rows; look at it alone.",
        "08",
    ),
}
PARTS: tuple[tuple[str, tuple[str, ...], dict[str, tuple[str, str, str]]], ...] = (
    (
        "Output layer",
        ("answers",),
        {
            "one": (
                "softmax, one unit a class",
                "The classes share one whole: more for one is less for the others.",
                "04",
            ),
            "many": ("sigmoid, one unit a label", "Each label is a yes-or-no question of its own.", "04"),
        },
    ),
    (
        "Loss",
        ("answers", "truth"),
        {
            "one|number": ("sparse_categorical_crossentropy", "One class, written as its number.", "05"),
            "one|row": ("categorical_crossentropy", "One class, written as a one-hot row.", "05"),
            "many|row": ("binary_crossentropy", "A cost for every label, yes and no alike.", "05"),
            "many|number": (
                "write the truth as rows first, then binary_crossentropy",
                "A single number cannot say that two labels are true: MultiLabelBinarizer makes rows.",
                "03",
            ),
        },
    ),
    (
        "Rare answers",
        ("rare",),
        {
            "no": (
                "stratify the split, no remedy",
                "A remedy has a price; without need it only costs.",
                "10",
            ),
            "yes": (
                "stratify the split; class weights or moved decisions",
                "The loss is a mean over rows, so rare rows hardly pull. Compare with the plain model.",
                "10",
            ),
        },
    ),
    ("Decision", ("answers", "costs"), _DECISIONS),
    ("Metric", ("answers", "rare"), _METRICS),
    (
        "Probability",
        ("use", "rare"),
        {
            "decide|no": ("ranking is enough", "Only the order and the bar matter for the decision.", "07"),
            "decide|yes": (
                "ranking is enough",
                "Weights move the probabilities; a bar chosen on validation rows takes that in.",
                "10",
            ),
            "believe|no": (
                "check calibration on validation rows",
                "Of all answers with 0.8, four in five should be right.",
                "12",
            ),
            "believe|yes": (
                "train without weights, then check calibration",
                "Class weights make rare answers look likelier than they are.",
                "12",
            ),
        },
    ),
)
"""Step of the path; the questions that decide it; for each answer what to use, why, the lesson."""

TRIES = (
    "Photos with several animals each, foxes are rare. Which rows change, one choice at a time?",
    "Change only what an error costs. Which one row changes? Is anything trained anew?",
    "Take the task that you know best from your own work. Where does the map differ from what you did?",
)


def recipe(choices: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """Return the path for these choices: (step, what to use, why, lesson), in the order of the work."""
    found = []
    for step, needs, texts in PARTS:
        use, why, lesson = texts["|".join(choices[name] for name in needs)]
        found.append((step, use, why, lesson))
    return found


def decision_map(
    answers: str = "one", truth: str = "number", rare: str = "no", costs: str = "same", use: str = "decide"
) -> Playground:
    """Answer five questions about a task and read the whole path: output, loss, remedy, decision, metric.

    Parameters
    ----------
    answers
        How many answers can be right for one row: `"one"` or `"many"`.
    truth
        How it is written: `"number"` or `"row"`.
    rare
        Whether some answer is rare: `"no"` or `"yes"`.
    costs
        Which error is dearer: `"same"`, `"miss"` or `"alarm"`.
    use
        What the output is for: `"decide"` or `"believe"`.

    Returns
    -------
    Playground

    Raises
    ------
    InvalidArgument
        If a choice is none of those.
    """
    start: dict[str, Any] = {"answers": answers, "truth": truth, "rare": rare, "costs": costs, "use": use}
    for name, value in start.items():
        one_of(name, value, tuple(QUESTIONS[name][1]))
    rows = [
        (_html.escape(step), _html.escape(what), _html.escape(why), lesson)
        for step, what, why, lesson in recipe(start)
    ]
    told = "; ".join(f"{QUESTIONS[name][0]} {QUESTIONS[name][1][value]}" for name, value in start.items())
    return Playground(
        "decision_map",
        title="The whole course as one map",
        intro="Answer five questions about a task. Below stands the path that the course takes for it.",
        summary=f"<p>{_html.escape(told)}</p>"
        + _html.table(("Step", "Use", "Why", "Lesson"), rows, caption="The path for this task"),
        start=start,
        data={
            "questions": [
                {"name": name, "text": text, "choices": [{"value": v, "text": t} for v, t in choices.items()]}
                for name, (text, choices) in QUESTIONS.items()
            ],
            "parts": [{"step": step, "needs": needs, "texts": texts} for step, needs, texts in PARTS],
        },
        tries=TRIES,
    )
