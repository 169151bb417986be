"""One thing that the lint has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Remark:
    """What is wrong or worth a look, and where.

    Attributes
    ----------
    severity : str
        `"error"` (must be mended) or `"warning"` (look whether it is meant).
    where : str
        File and question or cell.
    message : str
        What was found, as a sentence.
    """

    severity: Literal["error", "warning"]
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity:7}  {self.where}: {self.message}"
