"""What a prediction trace costs beside `model.predict` on the same sample, both warmed up.

Run as `python benchmarks/prediction_trace.py [pairs]`. The two are timed in
turns, so that whatever else the machine does falls on both; medians are shown.
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from mlcourse import trace

import keras  # isort: skip - after mlcourse, which keeps TensorFlow quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

layers = keras.layers


def models() -> Iterator[tuple[str, Any, Any]]:
    """Yield (what it is, model, one sample with its batch axis)."""
    rng = np.random.default_rng(0)
    yield (
        "Dense 20-64-4, the first lesson's",
        keras.Sequential(
            [keras.Input((20,)), layers.Dense(64, activation="relu"), layers.Dense(4, activation="sigmoid")]
        ),
        rng.random((1, 20)),
    )
    deep = [layers.Dense(64, activation="relu") for _ in range(50)]
    yield (
        "Dense, 50 layers",
        keras.Sequential([keras.Input((20,)), *deep, layers.Dense(4, activation="sigmoid")]),
        rng.random((1, 20)),
    )
    yield (
        "CNN on 28 × 28",
        keras.Sequential(
            [
                keras.Input((28, 28, 1)),
                layers.Conv2D(32, 3, activation="relu"),
                layers.MaxPooling2D(),
                layers.Conv2D(64, 3, activation="relu"),
                layers.BatchNormalization(),
                layers.GlobalAveragePooling2D(),
                layers.Dropout(0.5),
                layers.Dense(10, activation="softmax"),
            ]
        ),
        rng.random((1, 28, 28, 1)),
    )
    text = keras.Sequential(
        [
            keras.Input((100,), dtype="int32"),
            layers.Embedding(5000, 32),
            layers.Bidirectional(layers.LSTM(32)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    yield "Embedding, LSTM both ways, 100 tokens", text, rng.integers(0, 5000, (1, 100))
    yield (
        "GRU, 100 steps, all handed on",
        keras.Sequential(
            [
                keras.Input((100, 8)),
                layers.GRU(32, return_sequences=True),
                layers.GRU(32),
                layers.Dense(3, activation="softmax"),
            ]
        ),
        rng.random((1, 100, 8)),
    )
    mobile = keras.applications.MobileNetV2(input_shape=(96, 96, 3), weights=None, classes=10)
    yield "MobileNetV2 on 96 × 96, 155 layers", mobile, rng.random((1, 96, 96, 3))
    image = keras.Input((96, 96, 3))
    base = keras.applications.MobileNetV2(input_shape=(96, 96, 3), weights=None, include_top=False)
    head = layers.Dense(5, activation="softmax")(layers.GlobalAveragePooling2D()(base(image)))
    yield "the same nested under a new head", keras.Model(image, head), rng.random((1, 96, 96, 3))


def milliseconds(run: Callable[[], Any]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


def main(pairs: int = 30) -> None:
    """Print the table."""
    print(f"{'model':40} {'trace ms':>9} {'predict ms':>11} {'ratio':>6}   HTML kB, ms")
    for what, model, x in models():

        def traced(model: Any = model, x: Any = x) -> Any:
            return trace.prediction(model, x)

        def predicted(model: Any = model, x: Any = x) -> Any:
            return model.predict(x, verbose=0)

        for warm_up in (predicted, traced, predicted, traced):
            warm_up()
        times = [(milliseconds(traced), milliseconds(predicted)) for _ in range(pairs)]
        cost, base = (statistics.median(column) for column in zip(*times, strict=True))
        shown = traced()
        view = milliseconds(shown._repr_html_)
        size = len(shown._repr_html_()) / 1000
        print(f"{what:40} {cost:9.1f} {base:11.1f} {cost / base:6.2f}   {size:.0f}, {view:.0f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
