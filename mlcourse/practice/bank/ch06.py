"""Lesson 06, the training trace: steps, batches, slopes, backpropagation, stopping, and a run to cure."""

from __future__ import annotations

from mlcourse.practice.bank._ch06_experiment import CURE
from mlcourse.practice.bank._ch06_slopes import BACK, SLOPES
from mlcourse.practice.bank._ch06_steps import BATCHES, COUNT_STEPS, ONE_STEP
from mlcourse.practice.bank._ch06_stopping import EARLY_STOP
from mlcourse.practice.bank._ch06_training import TRAIN

TASKS = (ONE_STEP, COUNT_STEPS, SLOPES, BATCHES, EARLY_STOP, BACK, TRAIN, CURE)
