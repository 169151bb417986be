"""The doctor's rules, by theme; importing this registers them all, in the order of `doctor.codes()`."""

from __future__ import annotations

from mlcourse.doctor.rules import behaviour, inputs, labels, loss, metrics, output, setup, split

__all__ = ["behaviour", "inputs", "labels", "loss", "metrics", "output", "setup", "split"]
