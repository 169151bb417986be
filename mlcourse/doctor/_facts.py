"""The facts that the rules judge: plain numbers and names, seen once, without Keras or NumPy.

Facts are gathered by `_arrays` (the data) and `_keras` (the model); a rule sees
only these records, so it can be tested on facts written by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Task = Literal["binary", "multiclass", "multilabel", "regression", "unknown"]

# Losses by what they compare: one class out of many, or each number by itself.
CATEGORICAL = frozenset(
    {
        "categorical_crossentropy",
        "categorical_focal_crossentropy",
        "categorical_generalized_cross_entropy",
        "categorical_hinge",
        "kl_divergence",
    }
)
SPARSE = frozenset({"sparse_categorical_crossentropy"})
BINARY = frozenset({"binary_crossentropy", "binary_focal_crossentropy"})
REGRESSION = frozenset(
    {
        "mean_squared_error",
        "mean_absolute_error",
        "mean_absolute_percentage_error",
        "mean_squared_logarithmic_error",
        "cosine_similarity",
        "huber",
        "log_cosh",
        "poisson",
    }
)
# Of these the formula takes logarithms of probabilities, or of logits if told so.
CROSSENTROPY = BINARY | SPARSE | (CATEGORICAL - {"categorical_hinge", "kl_divergence"})
TAKES_LOGITS = frozenset(
    {
        "binary_crossentropy",
        "binary_focal_crossentropy",
        "categorical_crossentropy",
        "categorical_focal_crossentropy",
        "sparse_categorical_crossentropy",
    }
)

# Activations that give one number per class as it is ("logits").
LINEAR = frozenset({"linear", "log_softmax", "log_sigmoid"})
SIGMOID = frozenset({"sigmoid", "hard_sigmoid"})


@dataclass(frozen=True)
class Input:
    """One input of the model and the array that was given for it.

    `expected` and `shape` are without the rows; `expected` is None where the
    model does not say. `rms` is the largest root mean square of any feature,
    `feature` its index (None unless the array is a table), `constant` the
    features of a table that never change, as (index, value).
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    expected: tuple[int | None, ...] | None = None
    bad: int = 0
    first_bad: tuple[int, ...] | None = None
    low: float = 0.0
    high: float = 1.0
    rms: float = 1.0
    feature: int | None = None
    constant: tuple[tuple[int, float], ...] = ()
    zeros: float = 0.0
    scaled_inside: bool | None = False
    scaled_how: str = ""


@dataclass(frozen=True)
class Labels:
    """The labels of one output.

    `layout` is ``"column"`` (one label per row), ``"matrix"`` (one number per
    unit) or ``"other"``. `counts` holds (value, rows) of a column with at most
    1000 values; `rates` the share of ones in each column of a 0/1 matrix.
    """

    shape: tuple[int, ...]
    dtype: str = "int64"
    kind: Literal["number", "bool", "text", "other"] = "number"
    layout: Literal["column", "matrix", "other"] = "column"
    example: str = "0"
    bad: int = 0
    low: float = 0.0
    high: float = 1.0
    whole: bool = True
    zero_one: bool = True
    counts: tuple[tuple[float, int], ...] | None = None
    distinct: int = 2
    rates: tuple[float, ...] = ()
    sums: tuple[float, float] = (1.0, 1.0)
    sums_not_one: int = 0

    @property
    def rows(self) -> int:
        """How many rows the labels have."""
        return self.shape[0]

    @property
    def width(self) -> int:
        """How many numbers stand in a row: 1 for a column."""
        return self.shape[-1] if self.layout == "matrix" else 1

    @property
    def one_hot(self) -> bool:
        """True for a 0/1 matrix with exactly one 1 in every row."""
        return self.layout == "matrix" and self.zero_one and self.sums_not_one == 0


@dataclass(frozen=True)
class Output:
    """One output: its shape without the rows, and the activations it ends in, last first.

    `seen_in` is ``"layers"`` when the activations were read from the model,
    ``"numbers"`` when they were told from the outputs' values (a subclassed
    model), ``"nothing"`` when neither was possible.
    """

    name: str
    shape: tuple[int | None, ...]
    activations: tuple[str, ...] = ("linear",)
    seen_in: Literal["layers", "numbers", "nothing"] = "layers"
    zero_kernel: bool = False

    @property
    def units(self) -> int:
        """How many numbers the model answers with for a row."""
        return (self.shape[-1] or 0) if self.shape else 1

    @property
    def activation(self) -> str:
        """The activation that gives the answer its form; ``"custom"`` when it is not known."""
        return (
            next((a for a in self.activations if a != "linear"), "linear") if self.activations else "custom"
        )


@dataclass(frozen=True)
class Loss:
    """A loss as compiled: Keras' name for its formula, or ``"custom"``."""

    kind: str
    from_logits: bool = False
    shown: str = ""


@dataclass(frozen=True)
class Metric:
    """A metric as compiled (`code`), and the Keras class it works as (`kind`), or ``"custom"``."""

    code: str
    kind: str
    weighted: bool = False
    threshold: float | None = None


@dataclass(frozen=True)
class Behaviour:
    """What the model answered for the sampled rows.

    `spread` is the largest difference, in any unit, between two rows' answers;
    `inputs_differ` says whether the rows themselves differ. `same_class` is the
    class that was chosen for every row, if one was.
    """

    rows: int
    bad: int = 0
    low: float = 0.0
    high: float = 1.0
    spread: float = 1.0
    inputs_differ: bool = True
    same_class: int | None = None
    argmax_accuracy: float | None = None
    label_accuracy: float | None = None


@dataclass(frozen=True)
class Split:
    """Training rows against test rows: how many of the test rows stand in both."""

    train: int
    test: int
    shared: int
    first: tuple[int, int] | None = None
    twins: float = 0.0
    unseen: tuple[float, ...] = ()


@dataclass(frozen=True)
class Sibling:
    """Another output of the same model, with its loss and metrics as they stand in `compile`."""

    name: str
    loss: str
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Everything the rules know about one output of a model and the data."""

    inputs: tuple[Input, ...]
    output: Output
    labels: Labels
    loss: Loss | None
    metrics: tuple[Metric, ...] = ()
    behaviour: Behaviour | None = None
    split: Split | None = None
    task: Task = "multiclass"
    compiled: bool = True
    own_training: bool = False
    trained: bool = False
    optimizer: str = '"adam"'
    bad_weights: int = 0
    call_error: str = ""
    siblings: tuple[Sibling, ...] = ()
    y_code: str = "y"

    @property
    def single_label(self) -> bool:
        """True when each row has one answer."""
        return self.task in ("binary", "multiclass")

    @property
    def loss_kind(self) -> str:
        """The loss' kind, or an empty text where none was given."""
        return self.loss.kind if self.loss else ""
