"""Lesson 03, data flow: labels as rows, copies, gaps and scales, shares, an honest pick, a promise to keep."""

from __future__ import annotations

from mlcourse.practice.bank._ch03_experiment import PROMISE
from mlcourse.practice.bank._ch03_labels import MULTI_HOT, ONE_HOT
from mlcourse.practice.bank._ch03_rows import ONCE, PREPARE
from mlcourse.practice.bank._ch03_split import HOLD_BACK, LABEL_SETS, PICK

TASKS = (ONE_HOT, MULTI_HOT, ONCE, PREPARE, HOLD_BACK, LABEL_SETS, PICK, PROMISE)
