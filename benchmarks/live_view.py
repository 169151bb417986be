"""What a live view of the training costs an epoch, in a real notebook kernel, beside livelossplot's.

Run from the repository's folder: python -m benchmarks.live_view
livelossplot is not a dependency: pip install livelossplot, or its row says that it is missing.
"""

from __future__ import annotations

import json

import nbformat
from nbclient import NotebookClient

EPOCHS = 40
MANY = 500
# One cell: the same model and data for every view; only the view's own work differs from "no view".
CELL = """
import json, time
from mlcourse import trace
import keras, numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(64, 8)).astype("float32")
Y = (X[:, :4] > 0).astype("float32")
keras.utils.set_random_seed(0)
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(16, activation="relu"),
                          keras.layers.Dense(4, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["binary_accuracy"])

def measure(view, epochs):
    # The time inside the view's own on_epoch_end: the training around it is the same for all, and noisy.
    spent = []
    whole = view.on_epoch_end
    def timed(epoch, logs=None):
        start = time.perf_counter()
        whole(epoch, logs)
        spent.append(1000 * (time.perf_counter() - start))
    view.on_epoch_end = timed
    start = time.perf_counter()
    model.fit(X, Y, validation_split=0.25, epochs=epochs, batch_size=16, verbose=0, callbacks=[view])
    total = 1000 * (time.perf_counter() - start) / epochs
    return [float(np.mean(spent)), float(np.median(spent)), float(np.max(spent)), total]

measure(keras.callbacks.Callback(), 5)
"""
MEASURE = {
    "a callback that does nothing": f"measure(keras.callbacks.Callback(), {EPOCHS})",
    "trace.Training(live=True)": f"measure(trace.Training(), {EPOCHS})",
    "trace.Training(live=False)": f"measure(trace.Training(live=False), {EPOCHS})",
    "livelossplot": f"measure(__import__('livelossplot').PlotLossesKeras(), {EPOCHS})",
    f"trace.Training(live=True), {MANY}": f"measure(trace.Training(), {MANY})",
}


def main() -> None:
    """Run all views in one kernel and print the table."""
    cells = [CELL, *(f"print('@@' + json.dumps({call}))" for call in MEASURE.values())]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    NotebookClient(notebook, timeout=900, kernel_name="python3", allow_errors=True).execute()
    print(f"{'ms in the view, an epoch':34} {'mean':>8} {'median':>8} {'longest':>8} {'epoch':>8}")
    for name, cell in zip(MEASURE, notebook.cells[1:], strict=True):
        texts = [o.text for o in cell.outputs if o.output_type == "stream"]
        told = [line for text in texts for line in text.splitlines() if line.startswith("@@")]
        if not told:
            print(f"{name:34} not measured: {next((o.evalue for o in cell.outputs if 'evalue' in o), '?')}")
            continue
        print(f"{name:34}" + "".join(f" {value:8.1f}" for value in json.loads(told[-1][2:])))


if __name__ == "__main__":
    main()
