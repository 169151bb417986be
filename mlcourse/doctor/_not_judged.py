"""What the doctor could not judge, said in sentences: silence must not pass for health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import listed
from mlcourse.doctor._facts import BINARY, CATEGORICAL, REGRESSION, SPARSE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlcourse.doctor._facts import Facts

_KNOWN = BINARY | CATEGORICAL | REGRESSION | SPARSE


def not_judged(facts: Sequence[Facts], outputs: Sequence[str]) -> tuple[str, ...]:
    """Return one sentence for each thing that was not judged, without repeating any."""
    said: list[str] = []
    for one in facts:
        where = f" of {one.output.name!r}" if len(outputs) > 1 else ""
        said += [f"{sentence}" for sentence in _about(one, where)]
    left = [name for name in outputs if name not in [f.output.name for f in facts]]
    if left:
        said.append(f"The output {listed(left)}: y has no labels for it.")
    for one in facts[:1]:
        said += [
            f"The scale of the input {i.name!r}: {i.scaled_how or 'the inside of the model cannot be seen'}."
            for i in one.inputs
            if i.scaled_inside is None and i.dtype != "text"
        ]
        if one.split is None:
            said.append("Whether test rows are apart from the training rows: X_test was not given.")
    return tuple(dict.fromkeys(said))


def _about(facts: Facts, where: str) -> list[str]:
    said: list[str] = []
    loss = facts.loss
    if facts.own_training:
        said.append(f"The loss{where}: the model's class has its own train_step or compute_loss.")
    elif loss and loss.kind == "custom":
        said.append(
            f"The loss{where}, {loss.shown}: it is not one of Keras' own, so what it expects is not known."
        )
    elif loss and loss.kind not in _KNOWN:
        said.append(f"The loss{where}, {loss.shown}: the doctor has no rules for it.")
    custom = [m.code for m in facts.metrics if m.kind == "custom"]
    if custom:
        said.append(f"The metric{where} {listed(custom)}: not one of Keras' own.")
    if facts.output.seen_in == "nothing" or facts.output.activation == "custom":
        said.append(
            f"The last activation{where}: it can be read neither from the layers nor from the answers."
        )
    if facts.task == "regression":
        said.append(
            f"The labels{where}: they look like measured quantities, and the doctor judges classifiers."
        )
    if facts.behaviour is None and not facts.call_error:
        said.append(f"What the model answers{where}: X does not fit it.")
    return said
