"""One flow as one point shows it: series, first copies, counts (reference, section 8)."""

from __future__ import annotations

from dataclasses import dataclass, field

from packets import FlowKey
from truth import COUNTS

_JUMP = 2**16


@dataclass(eq=False, slots=True)
class Record:
    """The first copy of one number."""

    psntp: int
    psnlr: int
    dtlr_ns: int
    dtls_ns: int
    payload_length: int
    copies: set[bytes]

    @property
    def heard_nothing(self) -> bool:
        return self.psnlr == 0 and self.dtlr_ns == 0


@dataclass(eq=False)
class Series:
    """Numbers of one context without a jump. `unwrapped` counts on where PSNTP wraps."""

    context: int
    bits: int
    latest: int
    highest: int
    records: dict[int, Record] = field(default_factory=dict)

    def unwrapped(self, psntp: int) -> int | None:
        """The number in this series, or None if it is too far away to belong to it."""
        half = 1 << (self.bits - 1)
        step = (psntp - self.latest + half) % (2 * half) - half
        return self.latest + step if abs(step) < _JUMP else None

    def in_order(self) -> list[tuple[int, Record]]:
        return sorted(self.records.items())


@dataclass(eq=False)
class Direction:
    """One flow as the capture shows it."""

    key: FlowKey
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    hop_limit: int | None = None
    series: list[Series] = field(default_factory=list)

    def add(self, context: int, bits: int, record: Record, hop_limit: int) -> None:
        self.hop_limit = hop_limit
        place = next(
            (
                (series, number)
                for series in reversed(self.series)
                if series.context == context
                and (number := series.unwrapped(record.psntp)) is not None
            ),
            None,
        )
        if place is None:
            place = Series(context, bits, record.psntp, record.psntp), record.psntp
            self.series.append(place[0])
        series, number = place
        if known := series.records.get(number):
            self.counts["duplicated" if record.copies <= known.copies else "ambiguous"] += 1
            known.copies |= record.copies
            return
        series.records[number] = record
        self.counts["reordered"] += number < series.highest
        series.latest, series.highest = number, max(number, series.highest)

    def named(self, psntp: int) -> Record | None:
        """The newest packet of this number."""
        for series in reversed(self.series):
            number = series.unwrapped(psntp)
            if number is not None and number in series.records:
                return series.records[number]
        return None
