"""Rules about what the model answers now, on a sample of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import num
from mlcourse.doctor._registry import Seen, rule
from mlcourse.doctor.rules.inputs import LARGE

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Facts

_SAME = 1e-3  # answers that differ by less are the same answer
FRESH = (
    "model = keras.models.clone_model(model)  # fresh weights; compile it anew, with a smaller learning rate"
)
_COMMON = 0.7  # share of the largest class from which answering only that class is no surprise


@rule(
    "saturated-outputs",
    "warning",
    "behaviour",
    "The model answers the same for everything",
    "What the rows differ in does not reach the output: hidden units are dead (a ReLU that is 0 for every "
    "row), or the last activation is driven to its end, where it has no slope. Little or nothing can be "
    "learned from there.",
)
def saturated_outputs(facts: Facts) -> Seen | None:
    """Find a model whose answers do not depend on the row."""
    now = facts.behaviour
    if now is None or now.bad or now.rows < 2 or not now.inputs_differ:
        return None
    fix = FRESH
    if now.spread < _SAME:
        if not facts.trained and (facts.output.zero_kernel or _scales_once_trained(facts)):
            return None
        same = (
            num(now.low, 3)
            if num(now.low, 3) == num(now.high, 3)
            else f"{num(now.low, 3)} to {num(now.high, 3)}"
        )
        return Seen(
            f"On {now.rows} different rows the outputs differ by less than {_SAME:g} (they are {same}).", fix
        )
    return _one_class(facts, fix)


def _scales_once_trained(facts: Facts) -> bool:
    """Tell whether raw inputs may meet a BatchNormalization, which scales them only after training."""
    return any(i.rms > LARGE and i.scaled_inside is not False for i in facts.inputs)


def _one_class(facts: Facts, fix: str) -> Seen | None:
    now, labels = facts.behaviour, facts.labels
    if now is None or now.same_class is None or not facts.trained or not facts.single_label or now.rows < 20:
        return None
    if labels.layout == "matrix":
        largest = max(labels.rates, default=1.0)
    elif labels.counts:
        largest = max(n for _, n in labels.counts) / sum(n for _, n in labels.counts)
    else:
        return None
    if largest >= _COMMON:
        return None
    return Seen(
        f"After training, the model answers class {now.same_class} for all {now.rows} rows, but no class "
        f"makes up more than {num(100 * largest, 0)} % of y.",
        fix,
        why="A trained model that always chooses one class has not learned to tell the rows apart. Often the "
        "learning rate is too large (units died) or far too small, or the training too short.",
    )
