"""One sample through every layer of a Keras model, then the decision: `trace.prediction`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlcourse.trace._prediction_decision import decide
from mlcourse.trace._prediction_input import check_model, check_sample
from mlcourse.trace._prediction_records import Decision, PredictionTrace, TracedLayer
from mlcourse.trace._prediction_run import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Decision", "PredictionTrace", "TracedLayer", "prediction"]


def prediction(
    model: Any,
    x: Any,
    *,
    class_names: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
    threshold: float | Sequence[float] | Mapping[str, Any] = 0.5,
) -> PredictionTrace:
    """Send one sample through `model` and record what every layer makes of it.

    The model runs once, as it does for `model.predict` (dropout off, batch
    normalization with its running averages), and is not changed: no weight,
    no state, no compiled function.

    Parameters
    ----------
    model : keras.Model
        A built model: Sequential, functional or subclassed, compiled or not.
        A subclassed model is shown from outside only, and the trace says so.
    x : array_like, or dict or list of array_like
        One sample, of the input's shape, with or without a batch axis of 1.
        For several inputs a dict by input name or a list in their order.
    class_names : sequence of str, optional
        A name for each class or label; of a model with several outputs a dict
        by output name. A model that ends in one sigmoid unit takes two names
        (class 0, class 1), or one (a label that is on or off).
    threshold : float or sequence of float, default 0.5
        From 0 to 1, one for all labels or one for each; of a model with
        several outputs also a dict by output name. A label is on if its
        probability is at least its threshold. Not used where the highest
        probability wins.

    Returns
    -------
    PredictionTrace
        `.layers` (each `.name .kind .shape .values .does .n_params
        .before_activation`), `.decision` (`.labels .text .why`).

    Raises
    ------
    InvalidArgument
        If the model is not built, or `x`, `class_names` or `threshold` do not
        fit it; `x` must hold one sample without NaN.
    InvalidType
        If an argument is of a kind that cannot work.

    Examples
    --------
    >>> import keras, numpy as np
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation="sigmoid")])
    >>> step_by_step = prediction(model, np.zeros(2))
    >>> step_by_step.decision.labels
    (0, 1, 2)
    """
    check_model(model, x)
    sample = check_sample(model, x)
    walked = run(model, sample)
    return PredictionTrace(
        model_name=model.name,
        layers=walked.layers,
        decisions=decide(model, walked, class_names, threshold),
        notes=walked.notes,
    )
