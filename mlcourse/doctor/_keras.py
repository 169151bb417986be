"""The model as facts: the only file of the doctor that touches Keras.

It reads a model and calls it once, on a bounded sample of rows, inside
`keras.StatelessScope`, where no weight, no state and no random seed can change.
"""

from __future__ import annotations

import inspect
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse.doctor import _graph
from mlcourse.doctor._facts import Loss, Metric, Output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[Any]


class CallFailedError(Exception):
    """The model cannot be called on these rows; the message is its own error, in one line."""


def _first_line(error: Exception) -> str:
    """Return the telling line of Keras' many-lined errors."""
    lines = [line.strip() for line in str(error).replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()]
    telling = [s for s in lines if s and not s.startswith(("Exception encountered", "Arguments received"))]
    return f"{type(error).__name__}: {telling[0] if telling else 'no message'}"


@dataclass(frozen=True)
class Plan:
    """What a model says of itself before it is called."""

    input_names: tuple[str, ...] | None
    expected: dict[str, tuple[int | None, ...]]
    scaled: dict[str, tuple[bool | None, str]]
    outputs: tuple[Output, ...] | None
    compiled: bool
    own_training: bool
    trained: bool
    optimizer: str


def plan(model: Any) -> Plan:
    """Read a model without calling it; raise when it is no Keras model or not built.

    Raises
    ------
    InvalidType
        The model is no `keras.Model`.
    InvalidArgument
        The model has no weights yet, because it does not know its input's shape.
    """
    import keras

    if not isinstance(model, keras.Model):
        inside = getattr(model, "model_", None) or getattr(model, "model", None)
        more = (
            f"; pass the Keras model inside it ({type(inside).__name__})"
            if isinstance(inside, keras.Model)
            else ""
        )
        raise InvalidType(f"model is {shown(model)}, but must be a keras.Model{more}.")
    if not model.built:
        raise InvalidArgument(
            f"The model {model.name!r} is not built: it does not know the shape of its input yet. Start it "
            "with keras.Input(shape=...), or call model.build((None, *X.shape[1:]))."
        )
    seen = bool(getattr(model, "outputs", None))
    tensors = model.inputs if seen else []
    names = tuple(_input_names(model, tensors)) if seen else None
    return Plan(
        input_names=names,
        expected={n: tuple(t.shape[1:]) for n, t in zip(names or (), tensors, strict=True)},
        scaled={n: _graph.scaling(model, t) for n, t in zip(names or (), tensors, strict=True)},
        outputs=tuple(
            _graph.output(n, t) for n, t in zip(_output_names(model), model.outputs, strict=True)
        ) if seen else None,
        compiled=bool(model.compiled),
        own_training=any(_overridden(model, name) for name in ("train_step", "compute_loss")),
        trained=bool(model.compiled and model.optimizer is not None and int(model.optimizer.iterations) > 0),
        optimizer=_optimizer_code(model),
    )  # fmt: skip


def _input_names(model: Any, tensors: Sequence[Any]) -> list[str]:
    """Return the names under which `fit` takes the inputs."""
    struct = getattr(model, "input", None)
    return list(struct) if isinstance(struct, dict) else [t.name for t in tensors]


def _output_names(model: Any) -> list[str]:
    """Return the names under which `compile` and `fit` take the outputs."""
    struct = getattr(model, "output", None)
    if isinstance(struct, dict) and len(struct) == len(model.outputs):
        return sorted(struct)  # the order in which Keras flattens a dict
    names = getattr(model, "output_names", None)
    return [str(n) for n in names] if names else [model.layers[-1].name]  # a Sequential has no output_names


def _overridden(model: Any, name: str) -> bool:
    """Tell whether the model's class brings its own method of this name."""
    return not _from_keras(getattr(type(model), name))


def _from_keras(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "")).split(".")[0] in ("keras", "tf_keras")


def _optimizer_code(model: Any) -> str:
    """Write the model's optimizer as it would stand in a call of `compile`."""
    import keras

    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return '"adam"'
    kind = type(optimizer)
    if getattr(keras.optimizers, kind.__name__, None) is not kind:
        return "model.optimizer"
    config = optimizer.get_config()
    set_apart = {
        name: config.get(name)
        for name, parameter in inspect.signature(kind).parameters.items()
        if name not in ("name", "kwargs", "loss_scale_factor")
        and not _same(config.get(name), parameter.default)
    }
    if not set_apart:
        return f'"{kind.__name__.lower()}"'
    rate = set_apart.get("learning_rate")
    if len(set_apart) == 1 and isinstance(rate, float):
        return f"keras.optimizers.{kind.__name__}(learning_rate={rate:.4g})"
    return "model.optimizer"


def _same(value: Any, default: Any) -> bool:
    """Compare a setting with its default; a learning rate comes back as a float32."""
    if isinstance(value, float) and isinstance(default, float):
        return abs(value - default) <= 1e-6 * abs(default)
    return bool(value == default)


def losses(model: Any, outputs: Sequence[Output], y: dict[str, Array]) -> dict[str, Loss | None]:
    """Return the loss of each output as Keras will use it (None: no loss given)."""
    given = model.loss if model.compiled else None
    return {
        o.name: _loss(_for_output(given, o.name, i, len(outputs)), o, y.get(o.name))
        for i, o in enumerate(outputs)
    }


def _for_output(given: Any, name: str, index: int, outputs: int) -> Any:
    """Pick what was given for one output out of one value, a list or a dict."""
    if isinstance(given, dict):
        return next(iter(given.values()), None) if outputs == 1 else given.get(name)
    if isinstance(given, (list, tuple)) and (len(given) == outputs or outputs == 1):
        return given[index] if index < len(given) else None
    return given


def _loss(given: Any, output: Output, y: Array | None) -> Loss | None:
    import keras

    if given is None:
        return None
    if isinstance(given, str) and given.lower() in ("crossentropy", "ce"):
        kind = {
            "BinaryAccuracy": "binary_crossentropy",
            "SparseCategoricalAccuracy": "sparse_categorical_crossentropy",
            "CategoricalAccuracy": "categorical_crossentropy",
        }[accuracy_means(output, y)]
        return Loss(kind, shown=f'"{given}"')
    if isinstance(given, (str, dict)):
        text, given = (f'"{given}"' if isinstance(given, str) else None), keras.losses.get(given)
    else:
        text = None
    function = getattr(given, "fn", given)
    name = getattr(function, "__name__", type(given).__name__)
    if not _from_keras(type(given)) and isinstance(given, keras.losses.Loss):
        return Loss("custom", shown=type(given).__name__)
    if not _from_keras(function):
        return Loss("custom", shown=name)
    if isinstance(given, keras.losses.Loss):
        logits = bool(given.get_config().get("from_logits", False))
        code = f"keras.losses.{type(given).__name__}({'from_logits=True' if logits else ''})"
        return Loss(name, from_logits=logits, shown=text or code)
    return Loss(name, shown=text or f"keras.losses.{name}")


def accuracy_means(output: Output, y: Array | None) -> str:
    """Name the class that Keras 3 takes for ``"accuracy"``, from the shapes alone.

    The rule is `keras/src/trainers/compile_utils.py`, `is_binary_or_sparse_categorical`
    (Keras 3.15): one unit means binary; targets of lower rank, or with a last
    axis of 1, mean sparse; everything else is argmax against argmax, also for
    several sigmoid units.
    """
    if output.units == 1 and output.shape:
        return "BinaryAccuracy"
    rank = len(output.shape) + 1
    if y is not None and (y.ndim < rank or (y.shape[-1] == 1 and output.units > 1)):
        return "SparseCategoricalAccuracy"
    return "CategoricalAccuracy"


def metrics(model: Any, outputs: Sequence[Output], y: dict[str, Array]) -> dict[str, tuple[Metric, ...]]:
    """Return the metrics of each output, ``"accuracy"`` resolved as Keras will resolve it."""
    import keras

    compiled = getattr(model, "_compile_metrics", None) if model.compiled else None
    found: dict[str, tuple[Metric, ...]] = {}
    for i, output in enumerate(outputs):
        mine: list[Metric] = []
        for attribute, weighted in (("_user_metrics", False), ("_user_weighted_metrics", True)):
            given = _for_metrics(getattr(compiled, attribute, None), output.name, i, len(outputs))
            mine += [
                _metric(m, output, y.get(output.name), weighted)
                for m in keras.tree.flatten(given)
                if m is not None
            ]
        found[output.name] = tuple(mine)
    return found


def _for_metrics(given: Any, name: str, index: int, outputs: int) -> Any:
    # One output takes every metric of a list; several take one entry of it each.
    return given if outputs == 1 else _for_output(given, name, index, outputs)


def _metric(given: Any, output: Output, y: Array | None, weighted: bool) -> Metric:  # noqa: FBT001
    import keras

    if isinstance(given, str) and given.lower() in ("accuracy", "acc"):
        kind = accuracy_means(output, y)
        return Metric(f'"{given}"', kind, weighted, 0.5 if kind == "BinaryAccuracy" else None)
    classes = {n.replace("_", "").lower(): n for n in dir(keras.metrics) if n[0].isupper()}
    if isinstance(given, str):
        kind = classes.get(given.replace("_", "").lower()) or _known_function(given)
        return Metric(f'"{given}"', kind, weighted, 0.5 if kind == "BinaryAccuracy" else None)
    cls = given if isinstance(given, type) else type(given)
    if isinstance(given, (keras.metrics.Metric, type)):
        kind = cls.__name__ if _from_keras(cls) else "custom"
        function = getattr(given, "_fn", None)
        if kind == "MeanMetricWrapper":
            kind = "custom" if function is None or not _from_keras(function) else function.__name__
        threshold = getattr(given, "threshold", None)
        code = _metric_code(kind, given) if kind != "custom" else cls.__name__
        return Metric(code, kind, weighted, float(threshold) if isinstance(threshold, (int, float)) else None)
    name = getattr(given, "__name__", cls.__name__)
    if not _from_keras(given):
        return Metric(name, "custom", weighted)
    kind = classes.get(name.replace("_", "").lower(), "function")
    return Metric(f"keras.metrics.{name}", kind, weighted, 0.5 if kind == "BinaryAccuracy" else None)


def _known_function(name: str) -> str:
    """Return ``"function"`` for the name of one of Keras' metric functions, else ``"custom"``."""
    import keras

    try:
        return "function" if callable(keras.metrics.get(name)) else "custom"
    except ValueError:
        return "custom"


def _metric_code(kind: str, given: Any) -> str:
    """Write a metric as it would stand in `compile`: with what was set apart from the defaults."""
    if isinstance(given, type):
        return f"keras.metrics.{kind}()"
    config = given.get_config()
    extra = []
    for name, parameter in inspect.signature(type(given)).parameters.items():
        value = config.get(name)
        plain = isinstance(value, (str, int, float, bool, list))
        if plain and name not in ("name", "dtype") and value != parameter.default:
            extra.append(f"{name}={value!r}")
    code = f"keras.metrics.{kind}({', '.join(extra)})"
    return code if len(code) < 80 else f"keras.metrics.{kind}()"


def answers(
    model: Any, X: dict[str, Array], names: tuple[str, ...] | None
) -> tuple[list[Array], tuple[str, ...] | None]:
    """Call the model once, as in prediction; return its outputs as float64, and their names if it gives any.

    Parameters
    ----------
    X
        The sampled rows by input name, each of shape (n_rows, ...).
    names
        The model's input names, None for a subclassed model.
    """
    import keras
    import numpy as np

    def tensor(array: Array) -> Any:
        text = array.dtype.kind in "USO"
        return keras.ops.convert_to_tensor(
            array.astype(object) if text else array, dtype="string" if text else None
        )

    parts = {n: tensor(a) for n, a in X.items()}
    struct = getattr(model, "input", None)  # a Sequential has none, a subclassed model either
    given: Any = parts
    if names is not None and isinstance(struct, (list, tuple)):
        given = [parts[n] for n in names]
    elif list(parts) == ["X"] if names is None else not isinstance(struct, dict):
        given = next(iter(parts.values()))
    # A call forgets the losses that layers added in the last one (activity regularisers): they are put back.
    added = [(layer, list(layer._losses), set(layer._loss_ids)) for layer in model._flatten_layers()]  # noqa: SLF001
    try:
        with warnings.catch_warnings(), keras.StatelessScope():
            warnings.simplefilter("ignore")  # what Keras remarks here, the findings say
            out = model(given, training=False)
    except Exception as error:
        raise CallFailedError(_first_line(error)) from error
    finally:
        for layer, losses_before, ids_before in added:
            layer._losses[:] = losses_before  # noqa: SLF001
            layer._loss_ids.clear()  # noqa: SLF001
            layer._loss_ids.update(ids_before)  # noqa: SLF001
    arrays = [np.asarray(keras.ops.convert_to_numpy(t), dtype="float64") for t in keras.tree.flatten(out)]
    # Keras flattens a dict by its sorted keys.
    return arrays, tuple(sorted(out)) if isinstance(out, dict) and len(out) == len(arrays) else None


def bad_weights(model: Any) -> int:
    """Count the model's weights that are NaN or infinite."""
    import numpy as np

    return sum(int((~np.isfinite(w.numpy())).sum()) for w in model.weights if "float" in str(w.dtype))
