"""Lesson 07, the prediction trace: one unit, the way forward, contributions, ablation, and when to ask a human."""

from __future__ import annotations

from mlcourse.practice.bank._ch07_experiment import ASK_A_HUMAN
from mlcourse.practice.bank._ch07_forward import FORWARD, NEAREST, UNIT
from mlcourse.practice.bank._ch07_reasons import PUSHES, THROUGH
from mlcourse.practice.bank._ch07_runs import ABLATE, FLIP

TASKS = (UNIT, NEAREST, PUSHES, FORWARD, ABLATE, THROUGH, FLIP, ASK_A_HUMAN)
