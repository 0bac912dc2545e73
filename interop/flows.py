"""Flows, their series, and the server delays that pairing two directions gives (section 8)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from evidence import Event, Host
from packets import ECHO_REPLY, ICMPV6, FlowKey
from pdm import Announcement, Metrics, Opened

MODULUS = 2**32
SERIES_JUMP = 2**16


class Sighting(NamedTuple):
    """One packet in one host's capture."""

    order: int
    time_ns: int
    payload_length: int


@dataclass(slots=True, eq=False)
class Numbered:
    """One number of a flow: what its option says, and where it was seen.

    `arrival` is the first copy whose tag verified at the destination; a number without one was
    not opened.
    """

    flow: FlowKey
    opened: Opened
    departure: Sighting | None = None
    arrival: Sighting | None = None

    @property
    def number(self) -> int:
        return self.opened.psntp

    @property
    def metrics(self) -> Metrics:
        return self.opened.metrics


class Series:
    """Consecutive numbers of one flow in one context. Complete before its properties are read.

    `previous` is the series before it: a flow's numbers go on when its sender changes contexts, so
    the number before a series may stand there.
    """

    def __init__(self, first: Numbered, previous: Series | None) -> None:
        self.previous = previous
        self.announcement: Announcement = first.opened.announcement
        self._origin = self._latest = first.number
        self.by_number: dict[int, Numbered] = {}

    def continues_with(self, opened: Opened) -> bool:
        return (
            opened.announcement.context_id == self.announcement.context_id
            and abs(serial_difference(opened.psntp, self._latest)) < SERIES_JUMP
        )

    def before(self, packet: Numbered) -> Numbered | None:
        """The packet of the number before, here or at the end of the series before."""
        number = (packet.number - 1) % MODULUS
        before = self.by_number.get(number)
        return before or (self.previous.by_number.get(number) if self.previous else None)

    def add(self, packet: Numbered) -> None:
        self.by_number.setdefault(packet.number, packet)
        self._latest = packet.number

    @cached_property
    def opened_in_order(self) -> list[Numbered]:
        """The numbers that were opened at the other host, in PSNTP order."""
        return sorted(
            (packet for packet in self.by_number.values() if packet.arrival),
            key=lambda packet: serial_difference(packet.number, self._origin),
        )

    @property
    def seems_initiator(self) -> bool:
        """Whether its sender had received nothing yet when the first opened number left."""
        if not self.opened_in_order:
            return False
        return heard_nothing(self.opened_in_order[0])


@dataclass
class Flow:
    """One direction: its series as they left, and its opened first copies as they arrived."""

    key: FlowKey
    series: list[Series] = field(default_factory=list)
    departures: list[tuple[Sighting, Numbered]] = field(default_factory=list)
    arrivals: list[tuple[Sighting, Numbered]] = field(default_factory=list)

    def named(self, number: int) -> tuple[Series, Numbered] | None:
        """The newest packet of this number that was opened, and its series."""
        for series in reversed(self.series):
            packet = series.by_number.get(number)
            if packet and packet.arrival:
                return series, packet
        return None

    def before(self, packet: Numbered) -> Numbered | None:
        """The packet of the number before, in the same series."""
        for series in self.series:
            if series.by_number.get(packet.number) is packet:
                return series.by_number.get((packet.number - 1) % MODULUS)
        return None

    def last_sent_before(self, arrival: Sighting) -> tuple[Sighting, Numbered] | None:
        """The last departure in the sender's capture before this arrival in the same capture."""
        index = bisect_left(self.departures, arrival.order, key=lambda entry: entry[0].order)
        return self.departures[index - 1] if index else None

    def accepted(self) -> Iterator[tuple[Sighting, Numbered]]:
        """The arrivals that were ahead of all accepted before them (section 9)."""
        last: Numbered | None = None
        for arrival, packet in self.arrivals:
            if last is None or _is_ahead(packet.opened, last.opened):
                last = packet
                yield arrival, packet


class ServerDelay(NamedTuple):
    """The server's time from `request` to `response`."""

    value_ns: int
    flow: FlowKey
    request: Numbered
    response: Numbered


class FlowTable:
    """All flows between the hosts, built from what both captures show of sealed options."""

    def __init__(self, hosts: Iterable[Host]) -> None:
        self.flows: dict[FlowKey, Flow] = {}
        self._numbered: dict[tuple[FlowKey, bytes, int, int], Numbered] = {}
        hosts = tuple(hosts)
        for host in hosts:
            for event in host.outgoing:
                if event.opened:
                    self._depart(event, event.opened)
        for host in hosts:
            for event in host.incoming:
                if event.opened:
                    self._arrive(event, event.opened)

    def server_delays(self) -> Iterator[ServerDelay]:
        """All server-delay samples, each flow taken as B in turn.

        A sample needs certainty that no earlier packet with payload answered the request (decision
        0004): if the first part of an answer was lost, the part sent again tells no server delay.
        """
        for flow, reverse in self.pairs():
            # Numbers before which nothing answered what they name.
            spoke_first: set[int] = set()
            for series in flow.series:
                for response in series.opened_in_order:
                    found = reverse.named(response.metrics.psnlr)
                    if _answers_first(series, response, found and found[1], spoke_first):
                        spoke_first.add(response.number)
                    if not found or not _carries_payload(response):
                        continue
                    request_series, request = found
                    if response.number not in spoke_first or not _carries_payload(request):
                        continue
                    if _is_server(flow.key, series, request_series):
                        value_ns = response.metrics.delta_time_last_received_ns
                        yield ServerDelay(value_ns, flow.key, request, response)

    def pairs(self) -> Iterator[tuple[Flow, Flow]]:
        """Each flow that has a reverse, with it."""
        for flow in self.flows.values():
            reverse = flow.key.reverse
            if reverse in self.flows:
                yield flow, self.flows[reverse]

    def _depart(self, event: Event, opened: Opened) -> None:
        packet, is_new = self._find_or_add(event, opened)
        # Segments of one burst leave with one number: the first stands for all.
        if is_new:
            packet.departure = _sighting(event)
            self.flows[packet.flow].departures.append((packet.departure, packet))

    def _arrive(self, event: Event, opened: Opened) -> None:
        packet, _ = self._find_or_add(event, opened)
        if packet.arrival is None:
            packet.arrival = _sighting(event)
            self.flows[packet.flow].arrivals.append((packet.arrival, packet))

    def _find_or_add(self, event: Event, opened: Opened) -> tuple[Numbered, bool]:
        key = event.packet.flow
        assert key is not None, "an option opens only with the ports of its packet"
        name = (key, opened.announcement.context_id, opened.epoch_index, opened.psntp)
        if known := self._numbered.get(name):
            return known, False
        packet = self._numbered[name] = Numbered(key, opened)
        flow = self.flows.setdefault(key, Flow(key))
        if not flow.series or not flow.series[-1].continues_with(opened):
            flow.series.append(Series(packet, flow.series[-1] if flow.series else None))
        flow.series[-1].add(packet)
        return packet, True


def serial_difference(a: int, b: int) -> int:
    """a - b in the arithmetic of RFC 1982, from -2^31 to 2^31 - 1."""
    return (a - b + MODULUS // 2) % MODULUS - MODULUS // 2


def _answers_first(
    series: Series, response: Numbered, request: Numbered | None, spoke_first: set[int]
) -> bool:
    """Whether it is certain that nothing with payload came between the request and this packet."""
    if heard_nothing(response):
        return False
    if response.metrics.delta_time_last_sent_ns:
        return True
    before = series.before(response)
    if before and before.arrival:
        if before.metrics.psnlr != response.metrics.psnlr or heard_nothing(before):
            return True
        return before.number in spoke_first and not _carries_payload(before)
    is_first = response is series.opened_in_order[0]
    return is_first and request is not None and heard_nothing(request)


def heard_nothing(packet: Numbered) -> bool:
    """Whether its sender had received nothing: its PSNLR of 0 is not the number 0."""
    return packet.metrics.psnlr == 0 and packet.metrics.delta_time_last_received_ns == 0


def _is_server(key: FlowKey, own: Series, other: Series) -> bool:
    """Whether the flow comes from the side that did not begin the conversation."""
    if key.protocol == ICMPV6:
        return key.source_port >> 8 == ECHO_REPLY
    if own.seems_initiator != other.seems_initiator:
        return other.seems_initiator
    return key.source_port < key.destination_port


def _is_ahead(candidate: Opened, last: Opened) -> bool:
    """Serial-number arithmetic within an epoch, any number in a later epoch or announcement."""
    new = (candidate.announcement.sequence, candidate.epoch_index)
    old = (last.announcement.sequence, last.epoch_index)
    return new > old or new == old and serial_difference(candidate.psntp, last.psntp) > 0


def _carries_payload(packet: Numbered) -> bool:
    return packet.arrival is not None and packet.arrival.payload_length > 0


def _sighting(event: Event) -> Sighting:
    return Sighting(event.order, event.time_ns, event.packet.payload_length)
