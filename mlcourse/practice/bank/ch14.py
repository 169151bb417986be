"""Lesson 14, keeping it healthy: bins, PSI, KS, an ensemble, a record, an answer in reserve, a gate; one alarm."""

from __future__ import annotations

from mlcourse.practice.bank._ch14_drift import BINS, GAP, PSI
from mlcourse.practice.bank._ch14_experiment import ALARM
from mlcourse.practice.bank._ch14_gate import GATE
from mlcourse.practice.bank._ch14_service import ENSEMBLE, RECORD, RESERVE

TASKS = (BINS, PSI, GAP, ENSEMBLE, RECORD, RESERVE, GATE, ALARM)
