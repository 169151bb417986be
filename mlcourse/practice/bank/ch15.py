"""Lesson 15, the capstone: intervals, shared rows, a threshold rule, the size of a network, and an auditor."""

from __future__ import annotations

from mlcourse.practice.bank._ch15_auditor import AUDITOR
from mlcourse.practice.bank._ch15_intervals import BEYOND_CHANCE, MIDDLE, RESAMPLED
from mlcourse.practice.bank._ch15_rows import PARAMETERS, RULE, SHARED

TASKS = (RESAMPLED, MIDDLE, SHARED, RULE, PARAMETERS, BEYOND_CHANCE, AUDITOR)
