"""What the figures accept: labels, scores and class names, checked, with errors for the student."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse._text import shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

# A softmax or sigmoid in float32 may miss 0 or 1 by this much.
SLACK: Final = 1e-5


@dataclass(frozen=True)
class Names:
    """The names of classes or labels, or their numbers where none are given."""

    texts: tuple[str, ...]
    given: bool
    noun: str

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, index: int) -> str:
        """Return the short form, for a tick or a cell."""
        return self.texts[index]

    def word(self, index: int) -> str:
        """Return the form that stands in a sentence: `cat`, or `class 3`."""
        return self.texts[index] if self.given else f"{self.noun} {self.texts[index]}"


def names(class_names: Any, n: int, *, noun: str = "class") -> Names:
    """Return the names of `n` classes, or raise if there are more or fewer, or no strings."""
    if class_names is None:
        return Names(tuple(str(i) for i in range(n)), given=False, noun=noun)
    if isinstance(class_names, str) or not hasattr(class_names, "__iter__"):
        raise InvalidType(f"class_names is {shown(class_names)}, but must be a list of {n} names.")
    texts = tuple(class_names)
    wrong = next((t for t in texts if not isinstance(t, str)), None)
    if wrong is not None:
        raise InvalidType(f"class_names holds {shown(wrong)}, but every name must be a string.")
    if len(texts) != n:
        raise InvalidArgument(f"class_names holds {len(texts)} names, but the data has {n} {_many(noun)}.")
    return Names(tuple(str(t) for t in texts), given=True, noun=noun)


def _many(noun: str) -> str:
    return "classes" if noun == "class" else f"{noun}s"


def array(name: str, value: Any) -> NDArray[Any]:
    """Return `value` as an array of finite numbers with at least one row, or raise."""
    try:
        found = np.asarray(value)
    except (ValueError, TypeError):
        raise InvalidArgument(f"{name} has rows of different lengths, but must be a regular array.") from None
    if found.dtype == object:  # a pandas column of mixed type, or rows of different lengths
        try:
            found = found.astype(float)
        except (ValueError, TypeError):
            raise InvalidType(f"{name} is {shown(value)}, but must be an array of numbers.") from None
    if found.dtype.kind in "USOMm":
        raise InvalidType(
            f"{name} holds {shown(found.ravel()[0].item() if found.size else value)}, but must hold numbers;"
            " give the names in class_names."
        )
    if found.dtype.kind not in "biuf":
        raise InvalidType(f"{name} holds {found.dtype} values, but must hold real numbers.")
    if found.ndim == 0:
        raise InvalidType(f"{name} is {shown(value)}, but must be an array with one entry per sample.")
    if found.size == 0:
        raise InvalidArgument(
            f"{name} is empty (shape {shape(found.shape)}), but must hold at least one sample."
        )
    if found.dtype.kind == "f" and not np.isfinite(found).all():
        bad = found[~np.isfinite(found)].ravel()[0]
        raise InvalidArgument(f"{name} holds {bad}, but every value must be a finite number.")
    return found


def labels(name: str, value: Any) -> Ints:
    """Return class indices of shape `(n_samples,)` or 0/1 labels of shape `(n_samples, n_labels)`.

    One column, as a model with one output unit gives it, counts as `(n_samples,)`.
    """
    found = _one_column(array(name, value))
    if found.ndim > 2:
        raise InvalidArgument(
            f"{name} has shape {shape(found.shape)}, but must be n_samples, or n_samples × n_labels."
        )
    whole = found.astype(np.int64)
    if (whole != found).any():
        turn = ".argmax(axis=1)" if found.ndim == 2 and is_distribution(found) else " >= 0.5"
        raise InvalidArgument(
            f"{name} holds {found[whole != found].ravel()[0]:g}, but must hold labels;"
            f" turn probabilities into labels first, with {name}{turn}."
        )
    if found.ndim == 1 and (whole < 0).any():
        raise InvalidArgument(f"{name} holds {whole.min()}, but class numbers start at 0.")
    if found.ndim == 2:
        binary(name, whole)
    return whole


def binary(name: str, value: NDArray[Any]) -> Ints:
    """Return 0/1 labels as whole numbers, or raise if anything else is among them."""
    wrong = value[(value != 0) & (value != 1)]
    if wrong.size:
        raise InvalidArgument(
            f"{name} holds {wrong.ravel()[0]:g}, but every label must be 0 (off) or 1 (on)."
        )
    return value.astype(np.int64)


def label_pair(y_true: Any, y_pred: Any) -> tuple[Ints, Ints]:
    """Return true and predicted labels of one and the same shape, or raise."""
    true, pred = labels("y_true", y_true), labels("y_pred", y_pred)
    if true.ndim != pred.ndim:
        two = "y_true" if true.ndim == 2 else "y_pred"
        raise InvalidArgument(
            f"y_true has shape {shape(true.shape)} and y_pred {shape(pred.shape)}, but they must match;"
            f" if {two} is one-hot, use {two}.argmax(axis=1)."
        )
    same_shape("y_true", true, "y_pred", pred)
    return true, pred


def same_shape(one: str, a: NDArray[Any], other: str, b: NDArray[Any]) -> None:
    """Raise unless both arrays have the same shape."""
    if a.shape != b.shape:
        raise InvalidArgument(
            f"{one} has shape {shape(a.shape)} and {other} {shape(b.shape)}, but both must be the same."
        )


def probabilities(name: str, value: Any) -> Floats:
    """Return probabilities of shape `(n_samples,)` or `(n_samples, n_classes)`, or raise."""
    found = _one_column(array(name, value))
    if found.ndim > 2:
        raise InvalidArgument(
            f"{name} has shape {shape(found.shape)}, but must be n_samples, or n_samples × n_classes."
        )
    wrong = found[(found < -SLACK) | (found > 1 + SLACK)]
    if wrong.size:
        raise InvalidArgument(
            f"{name} holds {wrong.ravel()[0]:g}, but probabilities lie from 0 to 1;"
            " if these are logits, apply the sigmoid or softmax first."
        )
    return np.clip(found.astype(np.float64), 0, 1)


def scored(y_true: Any, y_score: Any, score_name: str) -> tuple[Ints, Floats, str]:
    """Return labels and probabilities that belong together, and the kind of task.

    Returns
    -------
    y_true
        `(n,)` class indices if the kind is `"multiclass"`, else 0/1 of the shape of `y_score`.
    y_score
        `(n,)` if the kind is `"binary"`, else `(n, n_classes)`.
    kind
        `"binary"`, `"multiclass"` or `"multilabel"`.
    """
    true, score = labels("y_true", y_true), probabilities(score_name, y_score)
    if true.ndim == 1 and score.ndim == 2:
        if len(true) != len(score):
            raise InvalidArgument(
                f"y_true has {len(true)} entries and {score_name} {len(score)} rows,"
                " but both must be the same."
            )
        if true.max() >= score.shape[1]:
            raise InvalidArgument(
                f"y_true holds class {true.max()}, but {score_name} has {score.shape[1]} columns,"
                f" for classes 0 to {score.shape[1] - 1}."
            )
        off = np.abs(score.sum(axis=1) - 1)
        if off.max() > 0.01:
            raise InvalidArgument(
                f"The rows of {score_name} must sum to 1 when y_true holds one class per sample,"
                f" but row {off.argmax()} sums to {score[off.argmax()].sum():.2f}."
            )
        return true, score, "multiclass"
    same_shape("y_true", true, score_name, score)
    return binary("y_true", true), score, "binary" if true.ndim == 1 else "multilabel"


def pick(label: Any, known: Names) -> int:
    """Return the index of a label given by its number or its name, or raise."""
    if isinstance(label, str):
        if label in known.texts:
            return known.texts.index(label)
    elif isinstance(label, (int, np.integer)) and not isinstance(label, bool) and 0 <= label < len(known):
        return int(label)
    options = ", ".join(known.texts) if known.given else f"0 to {len(known) - 1}"
    raise InvalidArgument(f"label is {shown(label)}, but must be one of the {known.noun}s: {options}.")


@contextmanager
def many_classes() -> Iterator[None]:
    """Keep scikit-learn (1.7) from suspecting many classes of few samples to be a regression."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The number of unique classes is greater", UserWarning)
        yield


def is_distribution(values: NDArray[Any]) -> bool:
    """Whether each row sums to 1, as a softmax gives it."""
    return bool(np.allclose(values.sum(axis=1), 1, atol=0.01))


def _one_column(found: NDArray[Any]) -> NDArray[Any]:
    return found[:, 0] if found.ndim == 2 and found.shape[1] == 1 else found


def texts(name: str, value: Any, n: int) -> Sequence[str]:
    """Return `n` strings, or raise."""
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise InvalidType(f"{name} is {shown(value)}, but must be a list of {n} strings.")
    found = [str(v) for v in value]
    if len(found) != n:
        raise InvalidArgument(f"{name} holds {len(found)} entries, but must hold {n}.")
    return found
