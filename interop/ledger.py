"""Compares number by number, and prints one line for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Ledger:
    """Counts what was compared and what differs."""

    def __init__(self) -> None:
        self.compared = 0
        self.different = 0
        self._line("number", "summary", "own", "")

    def exact(self, name: str, theirs: Any, own: int) -> None:
        """Agrees only if both are the same whole number."""
        self._verdict(name, theirs, own, type(theirs) is int and theirs == own)

    def near(self, name: str, theirs: Any, own: int, tolerance: float) -> None:
        """Agrees if the difference is within the tolerance."""
        is_number = isinstance(theirs, (int, float)) and not isinstance(theirs, bool)
        self._verdict(name, theirs, own, is_number and abs(theirs - own) <= tolerance)

    def note(self, name: str, theirs: Any, own: Any) -> None:
        """Prints what cannot be compared."""
        self._line(name, theirs, own, "not compared")

    def _verdict(self, name: str, theirs: Any, own: int, agrees: bool) -> None:
        self.compared += 1
        self.different += not agrees
        self._line(name, theirs, own, "ok" if agrees else "DIFFERENT")

    def _line(self, name: str, theirs: Any, own: Any, verdict: str) -> None:
        print(f"{name:<48} {theirs!s:>14} {own!s:>14}  {verdict}".rstrip())


def quantile(ordered: Sequence[int], percent: int) -> int:
    """The smallest sample that at least so many percent of the samples do not exceed."""
    rank = -(-percent * len(ordered) // 100)
    return ordered[max(rank, 1) - 1]
