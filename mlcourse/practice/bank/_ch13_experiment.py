"""The experiment of lesson 13: a reader of digits for a pen, in 4,500 bytes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse.practice._records import CannotMeasure, Condition, Experiment, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

Rows = tuple[np.ndarray, np.ndarray]
ROOM = 4500


@cache
def _slips() -> dict[str, Rows]:
    """Return the lesson's test rows, and `hidden`, 397 digits that it never shows: grey (n, 64), y (n,)."""
    from mlcourse import datasets

    # The same draws as in the lesson's cell `data`.
    digits = datasets.load_digits()
    order = np.random.default_rng(13).permutation(1797)
    grey = np.round(255 - digits.X[order] * 255 / 16).astype("float32")
    y = digits.y[order]
    return {"test": (grey[1000:1400], y[1000:1400]), "hidden": (grey[1400:], y[1400:])}


def _open(file: bytes) -> Any:
    """Return an interpreter of a LiteRT file; refuse what is none."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    if file[4:8] != b"TFL3":
        raise CannotMeasure("These bytes are no LiteRT file. `converter.convert()` returns one.")
    try:
        # Without the delegate, which reports itself on the error stream.
        return Interpreter(
            model_content=file,
            experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            num_threads=1,
        )
    except (ValueError, RuntimeError) as error:
        raise CannotMeasure("LiteRT cannot open this file. Convert the model once more.") from error


def _run(file: bytes, X: np.ndarray) -> np.ndarray:
    machine = _open(file)
    takes, gives = machine.get_input_details(), machine.get_output_details()
    for what, details in {"input": takes, "output": gives}.items():
        if len(details) != 1 or details[0]["dtype"] != np.float32:
            raise CannotMeasure(
                f"The pen's program knows one {what}, of type float32. Leave `inference_{what}_type` as it is."
            )
    try:
        machine.resize_tensor_input(takes[0]["index"], X.shape)
        machine.allocate_tensors()
        machine.set_tensor(takes[0]["index"], np.asarray(X, "float32"))
        machine.invoke()
    except (ValueError, RuntimeError) as error:
        raise CannotMeasure(
            f"The file does not take rows of 64 numbers; it wants the shape {list(takes[0]['shape_signature'])}."
        ) from error
    P: np.ndarray = machine.get_tensor(gives[0]["index"])
    if P.shape != (len(X), 10):
        raise CannotMeasure(
            f"For {len(X)} digits the file answers with the shape {' × '.join(map(str, P.shape))}; it should be "
            f"{len(X)} × 10, a number for each digit from 0 to 9."
        )
    return P


def _measure(file: Any) -> Mapping[str, float]:
    """Return the figures of a LiteRT file that takes 64 grey values."""
    if not isinstance(file, bytes | bytearray):
        raise CannotMeasure("Hand in the LiteRT file itself, the bytes that `converter.convert()` returns.")
    content = bytes(file)

    def right(X: np.ndarray, y: np.ndarray) -> float:
        return float((_run(content, X).argmax(axis=1) == y).mean())

    grey, y = _slips()["hidden"]
    hidden = right(grey, y)
    return {
        "size": float(len(content)),
        "hidden": hidden,
        "on ink": right(1 - grey / 255, y),
        # Rows that it was trained on it reads better than rows that nobody has shown it.
        "lead": right(*_slips()["test"]) - hidden,
    }


_SETUP = """
import tempfile
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from mlcourse import datasets

digits = datasets.load_digits()
order = np.random.default_rng(13).permutation(1797)
grey = np.round(255 - digits.X[order] * 255 / 16).astype("float32")
y = digits.y[order]
grey_train, y_train = grey[:1000], y[:1000]
grey_test, y_test = grey[1000:1400], y[1000:1400]


def to_litert(folder, how, examples=grey_train[:200]):
    converter = tf.lite.TFLiteConverter.from_saved_model(str(folder))
    if how != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if how == "int8":
        converter.representative_dataset = lambda: ([row[None]] for row in examples)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return converter.convert()
"""


def _pen(
    units: int = 16,
    *,
    how: str = "int8",
    rows: str = "grey_train, y_train",
    first: str = "layers.Rescaling(-1 / 255, offset=1),",
    examples: str = "grey_train[:200]",
    epochs: int = 30,
    seed: int = 0,
) -> str:
    """Return the code of a reader, so that the variants below differ in one thing only."""
    return f"""
keras.utils.set_random_seed({seed})
tiny = keras.Sequential([
    keras.Input((64,)),
    {first}
    layers.Dense({units}, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
tiny.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy")
tiny.fit({rows}, epochs={epochs}, batch_size=50, verbose=0)

with tempfile.TemporaryDirectory() as folder:
    tiny.export(folder, verbose=False)
    small = to_litert(folder, "{how}", {examples})
"""


PEN = Experiment(
    id="13-pen",
    title="A reader of 4,500 bytes",
    level=3,
    concept="quantization",
    prompt="""
Build `small`: the **bytes of a LiteRT file**, at most **4,500** of them. It takes 64 grey values as the scanner gives them (float32)
and answers with ten probabilities. You have `grey_train` and `y_train`; `to_litert` from above does the conversion.

The target: at least **96 %** right on 397 slips that this lesson never shows.
""",
    name="small",
    setup=_SETUP,
    starter="""
small = ...
""",
    hints=(
        "Where do the bytes of our reader sit? Count the weights of `Dense(128)` and `Dense(64)`.",
        (
            "One hidden layer of 16 units has 1,200 weights. With `Rescaling` in front, 30 epochs and "
            "`keras.optimizers.Adam(0.005)` it learns enough."
        ),
        (
            "`with tempfile.TemporaryDirectory() as folder:`, then `tiny.export(folder, verbose=False)` and "
            "`small = to_litert(folder, 'int8')`. `len(small)` is its size."
        ),
    ),
    solution=_pen(),
    explanation="""
Two things together: fewer weights, and a byte for each. In four bytes per weight only about 8 units fit into the room, which are too
few; and our large reader has 17,000 weights, too many even as bytes. About half of the file that fits is not weights at all but the
description of the graph.
""",
    alternatives=(_pen(seed=1), _pen(how="dynamic", seed=2)),
    measure=_measure,
    conditions=(
        Condition(
            "size",
            "bytes of the file",
            "Fewer units, and weights of one byte: `to_litert(folder, 'int8')`.",
            at_most=ROOM,
            style="whole",
        ),
        Condition(
            "hidden",
            "right answers on 397 slips never shown",
            "As many units as the room allows, preprocessing inside, and enough epochs.",
            at_least=0.96,
            style="percent",
        ),
        Condition(
            "hidden",
            "the same figure; more would mean that it has seen these slips",
            "So much cannot be learned from the 1000 training slips. Train on `grey_train` and `y_train` only.",
            at_most=0.993,
            style="percent",
        ),
        Condition(
            "lead",
            "how much better the test slips are read than new ones",
            "The test slips are for measuring. Train on `grey_train` and `y_train` only.",
            at_most=0.01,
            style="percent",
        ),
    ),
    mistakes=(
        Mistake(
            "trained-on-everything",
            _pen(rows="grey, y", epochs=80),
            "Too good to be true: so few weights do not read that many *new* slips. `grey` holds all digits, the hidden ones "
            "included. Train on `grey_train`.",
            "held-back-rows-cannot-matter",
            sign=lambda m: m["size"] <= ROOM and m["hidden"] > 0.993,
        ),
        Mistake(
            "trained-on-test",
            _pen(rows="grey[:1400], y[:1400]", epochs=60),
            "It reads the test slips better than new ones, which honest readers of this size do not: they were among the rows it was "
            "trained on.",
            "held-back-rows-cannot-matter",
            sign=lambda m: m["size"] <= ROOM and m["hidden"] <= 0.993 and m["lead"] > 0.01,
        ),
        Mistake(
            "four-bytes-each",
            _pen(how="float32"),
            "It reads well, and it is too large for the pen. Count the weights, and the bytes that each of them takes.",
            "a-byte-is-half",
            sign=lambda m: m["size"] > ROOM and m["hidden"] >= 0.9,
        ),
        Mistake(
            "preprocessing-outside",
            _pen(first="", rows="1 - grey_train / 255, y_train", examples="1 - grey_train[:200] / 255"),
            "It reads **ink** well, and the pen gives grey values. The preprocessing has stayed in the notebook; put it inside.",
            "preprocessing-belongs-to-the-caller",
            sign=lambda m: m["hidden"] < 0.6 and m["on ink"] > 0.8,
        ),
        Mistake(
            "hardly-reads",
            _pen(examples="1 - grey_train[:200] / 255"),
            "It hardly reads a digit. If the Keras model did before it was converted, look at the examples for int8: they must be what "
            "*this* model takes.",
            sign=lambda m: m["hidden"] < 0.6 and m["on ink"] <= 0.8,
        ),
        Mistake(
            "too-few-units",
            _pen(units=4),
            "It fits, and it does not read well enough. There is room for more units if each weight takes one byte; or it needs to "
            "be trained for longer.",
            sign=lambda m: m["size"] <= ROOM and 0.6 <= m["hidden"] < 0.96 and m["lead"] <= 0.01,
        ),
    ),
)
