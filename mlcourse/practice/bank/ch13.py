"""Lesson 13, ship it: grids for weights, checks of a service, versions, pruning, and a reader for a pen."""

from __future__ import annotations

from mlcourse.practice.bank._ch13_experiment import PEN
from mlcourse.practice.bank._ch13_grids import PER_CHANNEL, PRUNE, QUANTIZE, ZERO_POINT
from mlcourse.practice.bank._ch13_service import LATEST, PARITY, PROBLEM

TASKS = (QUANTIZE, ZERO_POINT, PROBLEM, PARITY, LATEST, PRUNE, PER_CHANNEL, PEN)
