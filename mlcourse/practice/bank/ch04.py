"""Lesson 04, the output layer: which layer, what is decided, a softmax that survives, and none of them."""

from __future__ import annotations

from mlcourse.practice.bank._ch04_experiment import NONE_OF_THEM
from mlcourse.practice.bank._ch04_layers import DECIDE, LAST_LAYER, ONE_AGAINST_REST
from mlcourse.practice.bank._ch04_softmax import AXIS, SOFTMAX
from mlcourse.practice.bank._ch04_stable import STABLE, TEMPERATURE

TASKS = (STABLE, LAST_LAYER, SOFTMAX, DECIDE, AXIS, TEMPERATURE, ONE_AGAINST_REST, NONE_OF_THEM)
