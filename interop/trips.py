"""Round trips: section 8 of the protocol reference, and decision 0003."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from flows import (
    MODULUS,
    SERIES_JUMP,
    Flow,
    FlowTable,
    Numbered,
    Sighting,
    heard_nothing,
    serial_difference,
)
from packets import FlowKey

# After so long without a packet of either direction, a conversation's last exchange is closed.
_REST_NS = 2 * 10**9
# Decision 0003: a sample may be this far off, or this part of itself.
_TOLERABLE_ERROR_NS = 50_000
_TOLERABLE_ERROR_PART = 32
# A's part of a closing sample comes from A's clock as it is, without 16 bits in between.
_CLOCK_TICK_NS = 1


class RoundTrip(NamedTuple):
    """A sent `sent`, B answered `answer`. `reporter` is A's packet that carries the measurement;
    None for a closing sample, whose part at A is taken from A's capture."""

    value_ns: int
    flow: FlowKey
    number: int
    sent: Numbered | None
    answer: Numbered
    reporter: Numbered | None

    @property
    def says_something(self) -> bool:
        """Whether it is above 0, and its error bound small enough."""
        error_ns = self.answer.metrics.delta_time_last_received_rounding_ns
        if self.reporter:
            error_ns += self.reporter.metrics.delta_time_last_sent_rounding_ns
        else:
            error_ns += _CLOCK_TICK_NS
        limit_ns = max(_TOLERABLE_ERROR_NS, self.value_ns // _TOLERABLE_ERROR_PART)
        return self.value_ns > 0 and error_ns <= limit_ns


def round_trips(table: FlowTable) -> Iterator[RoundTrip]:
    """All samples, each flow taken as A in turn; of each number at most one."""
    for flow, reverse in table.pairs():
        yield from _Observer(flow, reverse).round_trips()


class _Observer:
    """Lives through a conversation in the order of arrivals, and takes the samples of one flow.

    A conversation may rest and go on, so its last exchange may be closed more than once; a packet
    that reports an exchange which was closed comes too late, and the other way round.
    """

    def __init__(self, flow: Flow, reverse: Flow) -> None:
        self._flow = flow
        self._reverse = reverse
        self._accepted = {answer for _, answer in reverse.accepted()}
        self._closing: RoundTrip | None = None
        self._closed: set[int] = set()
        self._highest_timed: int | None = None

    def round_trips(self) -> Iterator[RoundTrip]:
        previous_ns: int | None = None
        arrivals = (self._flow.arrivals, self._reverse.arrivals)
        for arrival, packet in merge(*arrivals, key=lambda entry: entry[0].time_ns):
            if previous_ns is not None and arrival.time_ns - previous_ns >= _REST_NS:
                yield from self._close()
            previous_ns = arrival.time_ns
            if packet.flow == self._flow.key:
                yield from self._take_report(packet)
            else:
                self._consider_closing(arrival, packet)
        yield from self._close()

    def _take_report(self, reporter: Numbered) -> Iterator[RoundTrip]:
        """The sample that A's packet carries about the packet before it.

        A delta of 0, which says that nothing was received in between, leaves nothing above 0.
        """
        found = self._reverse.named(reporter.metrics.psnlr)
        number = (reporter.number - 1) % MODULUS
        if not found or found[1].metrics.psnlr != number or number in self._closed:
            return
        _, answer = found
        since_sent_ns = reporter.metrics.delta_time_last_sent_ns
        value_ns = since_sent_ns - answer.metrics.delta_time_last_received_ns
        sent = self._flow.before(reporter)
        trip = RoundTrip(value_ns, self._flow.key, number, sent, answer, reporter)
        if trip.says_something:
            self._note_timed(number)
            yield trip

    def _consider_closing(self, arrival: Sighting, answer: Numbered) -> None:
        """The conversation may end here, if this accepted packet answers what A sent last."""
        last_sent = self._flow.last_sent_before(arrival)
        if answer not in self._accepted or not last_sent or heard_nothing(answer):
            return
        departure, sent = last_sent
        if answer.metrics.psnlr != sent.number:
            return
        since_sent_ns = arrival.time_ns - departure.time_ns
        value_ns = since_sent_ns - answer.metrics.delta_time_last_received_ns
        self._closing = RoundTrip(value_ns, self._flow.key, sent.number, sent, answer, None)

    def _close(self) -> Iterator[RoundTrip]:
        """The last exchange before a rest, if no packet of A told of it or of a later one."""
        trip, self._closing = self._closing, None
        if trip is None or not trip.says_something or self._was_passed(trip.number):
            return
        self._closed.add(trip.number)
        self._note_timed(trip.number)
        yield trip

    def _was_passed(self, number: int) -> bool:
        latest = self._highest_timed
        return latest is not None and -SERIES_JUMP < serial_difference(number, latest) <= 0

    def _note_timed(self, number: int) -> None:
        latest = self._highest_timed
        if latest is None or not -SERIES_JUMP < serial_difference(number, latest) < 0:
            self._highest_timed = number
