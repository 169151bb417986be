"""How long from a click to the feedback, in a real JupyterLab whose kernel is busy training.

Run from the repository's folder: python -m benchmarks.click_to_feedback
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

import nbformat
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS, NAMES, _free_port, _wait_for
from tests.browser.jupyter import Lab

CLICKS = 50
ASK = "from mlcourse import quiz\nquiz.show('01')"
TRAIN = """
import keras, numpy as np
model = keras.Sequential([keras.Input((100,)), keras.layers.Dense(500), keras.layers.Dense(1)])
model.compile(loss='mse')
history = model.fit(np.ones((20000, 100)), np.ones(20000), epochs=500, verbose=0)
"""
# From the click's own time stamp to the frame after the feedback has been written.
MEASURE = """
async (form) => {
  const status = form.querySelector('[role=status]');
  const choices = [...form.querySelectorAll('input[type=radio]')];
  const check = [...form.querySelectorAll('button')].find((b) => b.textContent === 'Check');
  const wrong = [choices[0], choices[2]];
  const times = [];
  for (let i = 0; i < CLICKS; i += 1) {
    wrong[i % 2].click();
    await new Promise((done) => setTimeout(done, 30));
    const start = performance.now();
    const written = new Promise((done) => {
      const observer = new MutationObserver(() => { observer.disconnect(); done(performance.now()); });
      observer.observe(status, { childList: true, subtree: true, characterData: true });
    });
    check.click();
    const end = await written;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const painted = performance.now();
    times.push([end - start, painted - start]);
  }
  return times;
}
""".replace("CLICKS", str(CLICKS))


def notebook(path: Path) -> None:
    """Write a notebook that asks, then trains for minutes."""
    cells = [nbformat.v4.new_code_cell(source) for source in (ASK, TRAIN)]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=spec), path)


def measure(page: Page, lab: Lab) -> list[list[float]]:
    """Click while the second cell runs; returns milliseconds to the written and to the painted feedback."""
    opened = lab.open(page, "clicks.ipynb")
    opened.menu("Run", "Run All Cells")
    form = opened.element("Quiz: The whole pipeline").locator("form").first
    form.wait_for()
    page.locator(".jp-InputPrompt", has_text="[*]").wait_for()
    page.wait_for_timeout(8000)  # Keras is imported, the training runs
    assert page.locator(".jp-InputPrompt", has_text="[*]").count() == 1, "the kernel is not busy"
    found: list[list[float]] = form.evaluate(MEASURE)
    return found


def main() -> None:
    """Start JupyterLab and Chromium, measure, print the table."""
    home = Path(tempfile.mkdtemp(prefix="clicks-"))
    notebook(home / "clicks.ipynb")
    port = _free_port()
    environment = os.environ | {
        "MLCOURSE_HOME": str(home / "record"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
    }
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--IdentityProvider.token=t", f"--ServerApp.root_dir={home}"]
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            lab = Lab(f"http://127.0.0.1:{port}", "t", home)
            _wait_for(lab, server, home / "lab.log")
            with sync_playwright() as playwright:
                chromium = next(filter(None, map(shutil.which, NAMES)))
                page = playwright.chromium.launch(executable_path=chromium, args=FLAGS).new_page()
                times = measure(page, lab)
        finally:
            server.terminate()
            server.wait(20)
            shutil.rmtree(home, ignore_errors=True)
    print(f"{CLICKS} clicks, kernel busy training      median    95 %   longest   (ms)")
    for name, column in (("to feedback in the page", 0), ("to feedback painted", 1)):
        values = sorted(row[column] for row in times)
        print(f"{name:35} {median(values):8.1f} {quantiles(values, n=20)[-1]:7.1f} {values[-1]:9.1f}")


if __name__ == "__main__":
    main()
