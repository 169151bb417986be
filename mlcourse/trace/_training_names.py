"""Metric names: Keras' names in a sensible order, and as a student reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_VALIDATION = "val_"
# Keras' schedules log the rate among the metrics; the record keeps it apart.
LEARNING_RATE = ("learning_rate", "lr")
_SHORT = {
    "auc": "AUC",
    "mse": "mean squared error",
    "mae": "mean absolute error",
    "f1_score": "F1 score",
    "io_u": "IoU",
}


def is_validation(name: str) -> bool:
    """Tell whether a metric is measured on the validation rows."""
    return name.startswith(_VALIDATION)


def base(name: str) -> str:
    """Return the name without `val_`."""
    return name.removeprefix(_VALIDATION)


def twin(name: str) -> str:
    """Return the name of the same metric on the validation rows."""
    return _VALIDATION + base(name)


def ordered(found: Iterable[str]) -> tuple[str, ...]:
    """Sort metric names: loss first, then as logged, each followed by its validation twin."""
    given = list(found)
    bases = list(dict.fromkeys(base(n) for n in given))
    bases.sort(key=lambda b: b != "loss")  # a stable sort: all but the loss stay as they came
    return tuple(n for b in bases for n in (b, twin(b)) if n in given)


def heading(name: str, outputs: Sequence[str] = ()) -> str:
    """Return a metric's name for a table's head or a chart's title.

    Parameters
    ----------
    name
        Keras' name, e.g. `val_binary_accuracy` or, with several outputs, `out_a_loss`.
    outputs
        Names of the model's outputs if it has several.

    Examples
    --------
    >>> heading("val_binary_accuracy"), heading("out_a_loss", ["out_a", "out_b"])
    ('validation binary accuracy', 'out_a: loss')
    """
    plain = base(name)
    # The longest fitting name wins: outputs may be called `a` and `a_b`.
    owner = max((o for o in outputs if plain.startswith(f"{o}_")), key=len, default="")
    rest = plain[len(owner) + 1 :] if owner else plain
    words = _SHORT.get(rest, rest.replace("_", " "))
    return f"{'validation ' if is_validation(name) else ''}{f'{owner}: ' if owner else ''}{words}"


def higher_is_better(name: str) -> bool | None:
    """Tell in which direction a metric improves, by its name; None if the name does not say."""
    plain = base(name).lower()
    if any(
        word in plain for word in ("loss", "error", "entropy", "mse", "mae", "rmse", "hinge", "divergence")
    ):
        return False
    known = ("acc", "precision", "recall", "auc", "f1", "fbeta", "iou", "io_u", "sensitivity", "specificity")
    return True if any(word in plain for word in known) else None
