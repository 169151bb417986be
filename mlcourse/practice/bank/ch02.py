"""Lesson 02, one answer or many: three label tables, answers, scores, kinds, combinations, a chain, boxes that come back."""

from __future__ import annotations

from mlcourse.practice.bank._ch02_chain import CHAIN
from mlcourse.practice.bank._ch02_combinations import NEVER_SEEN, POWERSET
from mlcourse.practice.bank._ch02_experiment import BOXES_COME_BACK
from mlcourse.practice.bank._ch02_kinds import KIND, TWO_SCORES
from mlcourse.practice.bank._ch02_tables import ANSWERS, THREE_TABLES

TASKS = (THREE_TABLES, ANSWERS, TWO_SCORES, KIND, POWERSET, NEVER_SEEN, CHAIN, BOXES_COME_BACK)
