"""Is this computer ready for the course? `environment.check()` looks, and says how to mend what is not."""

from __future__ import annotations

from mlcourse.environment._checks import check
from mlcourse.environment._records import Check, Checkup

__all__ = ["Check", "Checkup", "check"]
