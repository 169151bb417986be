"""What travels to the browser: a question as finished HTML with its key, so that the click is answered there.

It is base64 in the notebook, which hides the answers from a glance. It is no secret.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from mlcourse.quiz import _questions as kinds
from mlcourse.quiz._markdown import block, inline


def _told(part: Any) -> dict[str, Any]:
    return {"feedback": block(part.feedback), "misconception": part.misconception}


def _choices(question: kinds.SingleChoice | kinds.SeveralAnswers) -> dict[str, Any]:
    return {"choices": [{"text": inline(c.text), "right": c.right, **_told(c)} for c in question.choices]}


def _slots(question: Any, slots: list[str], offered: list[str], misses: list[Any]) -> dict[str, Any]:
    return {
        "slots": slots,
        "offered": offered,
        "key": question.key(),
        "misses": [_told(part) for part in misses],
        "feedback": block(question.feedback),
    }


def _specific(question: kinds.Question) -> dict[str, Any]:
    """Return what only this kind of question has."""
    match question:
        case kinds.SingleChoice():
            return _choices(question)
        case kinds.SeveralAnswers():
            return {**_choices(question), "nothing": block(question.NOTHING)}
        case kinds.Myth():
            return {
                "truth": question.truth,
                "believed": block(question.believed),
                "doubted": block(question.doubted),
                "misconception": question.misconception,
            }
        case kinds.Numeric():
            mistakes = [
                {
                    "value": m.value,
                    "tolerance": question.tolerance if m.tolerance is None else m.tolerance,
                    **_told(m),
                }
                for m in question.mistakes
            ]
            return {
                "answer": question.answer,
                "tolerance": question.tolerance,
                "unit": question.unit,
                "feedback": block(question.feedback),
                "mistakes": mistakes,
                "otherwise": block(question.otherwise),
                "nothing": block(question.NOTHING),
            }
        case kinds.Output():
            return {
                "code": question.code.strip("\n"),
                "answer": question.answer,
                "feedback": block(question.feedback),
                "mistakes": [{"text": m.text, **_told(m)} for m in question.mistakes],
                "otherwise": block(question.otherwise),
                "nothing": block(question.NOTHING),
            }
        case kinds.FillBlank():
            blanks = [
                {
                    "accept": b.accept,
                    "feedback": block(b.feedback),
                    "mistakes": [{"text": m.text, **_told(m)} for m in b.mistakes],
                    "otherwise": block(b.otherwise),
                }
                for b in question.blanks
            ]
            pieces = question.code.strip("\n").split(question.GAP)
            return {"pieces": pieces, "blanks": blanks, "nothing": block(question.NOTHING)}
        case kinds.OrderSteps():
            steps = [inline(step.text) for step in question.steps]
            return {**_slots(question, steps, steps, list(question.steps)), "shown": question.shown}
        case kinds.MatchPairs():
            left = [inline(pair.left) for pair in question.pairs]
            return _slots(question, left, [inline(t) for t in question.offered()], list(question.pairs))
        case kinds.SortScenarios():
            texts = [inline(s.text) for s in question.scenarios]
            return _slots(question, texts, [inline(g) for g in question.groups], list(question.scenarios))
    raise TypeError(
        f"no payload for {type(question).__name__}"
    )  # pragma: no cover - a kind was added, not its case


def describe(question: kinds.Question) -> dict[str, Any]:
    """Return a question as the browser's module reads it; texts are finished, harmless HTML."""
    return {
        "id": question.id,
        "type": question.type,
        "prompt": block(question.prompt),
        "explanation": block(question.explanation),
        **_specific(question),
    }


def encode(payload: dict[str, Any]) -> str:
    """Return the payload as base64 text, the same every time."""
    return base64.b64encode(json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()).decode("ascii")


def decode(text: str) -> dict[str, Any]:
    """Return the payload that `encode` made."""
    payload: dict[str, Any] = json.loads(base64.b64decode(text))
    return payload
