"""Lesson 12, from probability to decision: scores, temperature, costs, and probabilities for prices to come."""

from __future__ import annotations

from mlcourse.practice.bank._ch12_decisions import ABSTAIN, DECIDE, THRESHOLDS
from mlcourse.practice.bank._ch12_experiment import PRICES_TO_COME
from mlcourse.practice.bank._ch12_scores import BRIER, ECE, PARTS
from mlcourse.practice.bank._ch12_temperature import BEST_TEMPERATURE, TEMPERED

TASKS = (ECE, BRIER, TEMPERED, DECIDE, ABSTAIN, PARTS, BEST_TEMPERATURE, THRESHOLDS, PRICES_TO_COME)
