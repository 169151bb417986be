"""Rules about the inputs: scale, constant columns, NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._text import count, listed, num
from mlcourse.doctor._registry import Seen, rule

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Facts, Input

LARGE = 20.0  # root mean square of a feature; standardised data have about 1, pixels from 0 to 255 about 100
SMALL = 0.01  # the largest absolute value of all; pixels divided by 255 twice end at 0.004
_SPARSE = 0.2  # share of zeros from which a column of zeros is what such data (pixels, counts) look like


def size(value: float) -> str:
    """Write a number so that small and large ones are readable alike."""
    return num(value, 0) if abs(value) >= 100 else num(value, 1) if abs(value) >= 1 else f"{value:.2g}"


def _called(facts: Facts, one: Input) -> str:
    return f"the input {one.name!r}" if len(facts.inputs) > 1 else "X"


def _variable(facts: Facts, one: Input) -> str:
    return f"X[{one.name!r}]" if len(facts.inputs) > 1 else "X"


@rule(
    "nan-or-inf",
    "error",
    "inputs",
    "A number that is not a number (NaN) or infinite",
    "One NaN is enough: it turns every sum it enters into NaN, the loss with it, and after one step of "
    "training all weights. From then on the model answers NaN for everything.",
    explains=("saturated-outputs", "unscaled-inputs", "missing-class", "class-imbalance", "label-dtype"),
)
def nan_or_inf(facts: Facts) -> Seen | None:
    """Find NaN or infinity in X, in y, or in the model's answers."""
    for one in facts.inputs:
        if one.bad:
            x = _variable(facts, one)
            place = f", the first at {x}[{', '.join(map(str, one.first_bad))}]" if one.first_bad else ""
            return Seen(
                f"{_called(facts, one)} holds {count(one.bad, 'number')} that {_is(one.bad)} NaN or "
                f"infinite{place}.",
                f"{x} = np.nan_to_num({x}, nan=0.0, posinf=0.0, neginf=0.0)  # better: find out where they "
                "come from",
            )
    if facts.labels.bad:
        bad = facts.labels.bad
        rows = "" if facts.labels.layout == "column" else ".all(axis=-1)"
        return Seen(
            f"y holds {count(bad, 'label')} that {_is(bad)} NaN or infinite.",
            f"keep = np.isfinite(y){rows}; X, y = X[keep], y[keep]",
        )
    if facts.behaviour and facts.behaviour.bad:
        where = (
            f", and {count(facts.bad_weights, 'weight')} of the model with them" if facts.bad_weights else ""
        )
        return Seen(
            f"X and y are fine, but {count(facts.behaviour.bad, 'answer')} of the model on "
            f"{facts.behaviour.rows} rows {_is(facts.behaviour.bad)} NaN or infinite{where}.",
            "model = keras.models.clone_model(model)  # fresh weights; compile it anew, with a smaller "
            "learning rate",
            why="Training has broken the model: the steps were too large, or a NaN went through it once. A "
            "weight that is NaN stays NaN, so further training cannot mend it.",
        )
    return None


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


@rule(
    "unscaled-inputs",
    "warning",
    "inputs",
    "Features of a size that learning does badly with",
    "Weights start small and move in small steps, made for inputs of a size around 1. Large features drown "
    "the others and make the steps overshoot. Scale with numbers taken from the training rows alone.",
    explains=("saturated-outputs",),
    whole=True,
)
def unscaled_inputs(facts: Facts) -> Seen | None:
    """Find inputs far larger, or far smaller, than 1 that meet a learning layer as they are."""
    for one in facts.inputs:
        if one.dtype == "text" or one.scaled_inside is not False:
            continue
        x = _variable(facts, one)
        if one.rms > LARGE:
            who = (
                _called(facts, one)
                if one.feature is None
                else f"feature {one.feature} of {_called(facts, one)}"
            )
            return Seen(
                f"{_called(facts, one)} runs from {size(one.low)} to {size(one.high)}; {who} has a typical "
                f"size (root mean square) of {size(one.rms)}, and no layer of the model scales it.",
                _scaling(x, one),
            )
        if 0 < max(abs(one.low), abs(one.high)) < SMALL:
            return Seen(
                f"{_called(facts, one)} runs from {size(one.low)} to {size(one.high)}, so it may have been "
                "scaled twice.",
                f"{x} = {x} / {max(abs(one.low), abs(one.high)):.3g}",
                why="Weights start small and move in small steps, made for inputs of a size around 1. With "
                "inputs this small every row looks the same to the model, and learning crawls.",
            )
    return None


def _scaling(x: str, one: Input) -> str:
    pixels = one.low >= 0 and one.high <= 255 and one.feature is None
    if pixels:
        return f'{x} = {x}.astype("float32") / 255'
    if one.feature is None:
        return f"{x} = ({x} - {x}.mean()) / {x}.std()"
    return (
        f"from sklearn.preprocessing import StandardScaler; scaler = StandardScaler().fit({x})\n"
        f"{x} = scaler.transform({x})  # and the test rows with the same scaler"
    )


@rule(
    "constant-feature",
    "hint",
    "inputs",
    "A feature that is the same in every row",
    "A feature that never changes cannot tell rows apart. It does little harm by itself, but often shows "
    "that a column was loaded or computed wrongly.",
    whole=True,
)
def constant_feature(facts: Facts) -> Seen | None:
    """Find columns of a table that never change; zeros in sparse data (pixels, counts) are left alone."""
    for one in facts.inputs:
        odd = [(i, v) for i, v in one.constant if v != 0 or one.zeros < _SPARSE]
        if not odd or one.dtype == "bool":
            continue
        shown = [f"feature {i} (always {size(v)})" for i, v in odd[:4]]
        more = [f"{len(odd) - 4} more"] if len(odd) > 4 else []
        x = _variable(facts, one)
        return Seen(
            f"Of the {one.shape[-1]} features of {_called(facts, one)}, "
            f"{count(len(odd), 'never changes', 'never change')}:"
            f" {listed([*shown, *more])}.",
            f"{x} = {x}[:, {x}.min(axis=0) < {x}.max(axis=0)]  # and the model's keras.Input(shape="
            f"({one.shape[-1] - len(one.constant)},))",
        )
    return None
