"""Conversations of two hosts, seen at one point of a path that loses, copies and reorders.

    client --- before --- capture --- after --- server

Time is simulated, in ns; the truth about every packet is known because this program made it.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from datagrams import TCP_ACK, TCP_PUSH, TCP_SYN, build_echo, build_tcp, build_udp
from endpoints import Endpoint, Sent
from packets import ICMPV6, TCP, UDP

MILLISECOND = 10**6
SECOND = 10**9

_PAUSE_NS = 2 * SECOND
_RETRANSMIT_NS = 250 * MILLISECOND
_KERNEL_NS = 25_000
_SEGMENT = 48


class Sighting(NamedTuple):
    """One IPv6 packet at the capture point. `sent` is None if no sender of ours made it so.

    `segment` is its place in a burst. A replay is a sighting like any other of the same packet.
    """

    time_ns: int
    packet: bytes
    endpoint: Endpoint
    sent: Sent | None
    segment: int
    why: str


@dataclass
class Route:
    """One direction. Chances are per copy; a detour delays a copy so that others overtake it."""

    before_ns: int
    after_ns: int
    jitter_ns: int
    loss_before: float = 0.0
    loss_after: float = 0.0
    copy_before: float = 0.0
    copy_after: float = 0.0
    detour: float = 0.0
    detour_ns: int = 0


@dataclass
class Plan:
    """What a conversation does: requests, and what happens to its senders on the way."""

    start_ns: int
    requests: int
    interval_ns: int
    server_delay_ns: int
    burst: int = 1
    interruptions: dict[int, Callable[[], None]] = field(default_factory=dict)


class Conversation:
    """Request and answer over UDP or echo; a client that does not wait for answers."""

    def __init__(
        self,
        client: Endpoint,
        server: Endpoint,
        up: Route,
        down: Route,
        plan: Plan,
        source: random.Random,
    ) -> None:
        self.client, self.server, self.plan = client, server, plan
        self.sightings: list[Sighting] = []
        self.random = source
        self.now_ns = plan.start_ns
        self._paths = {id(client): up, id(server): down}
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0

    def run(self) -> list[Sighting]:
        """Plays the conversation to its end and returns what the capture point saw, in order."""
        self.begin()
        while self._events:
            self.now_ns, _, act = heapq.heappop(self._events)
            act()
        self.sightings.sort(key=lambda sighting: sighting.time_ns)
        return self.sightings

    def begin(self) -> None:
        at_ns = self.plan.start_ns
        for number in range(self.plan.requests):
            if interrupt := self.plan.interruptions.get(number):
                self.at(at_ns + _PAUSE_NS // 2, interrupt)
                at_ns += _PAUSE_NS
            self.at(at_ns, partial(self._request, number))
            at_ns += self.spread(self.plan.interval_ns)

    def arrived(self, receiver: Endpoint, sent: Sent, is_first: bool) -> None:
        """The application's part: a server answers every copy of a datagram."""
        if receiver is self.server:
            delay_ns = self.spread(self.plan.server_delay_ns)
            self.at(self.now_ns + delay_ns, lambda: self._answer(sent))

    def at(self, time_ns: int, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (time_ns, self._count, act))

    def spread(self, mean_ns: int) -> int:
        return 1 + int(mean_ns * self.random.uniform(0.5, 1.5))

    def send(self, sender: Endpoint, uppers: Sequence[bytes], payload_length: int) -> Sent:
        """A packet leaves, and all that will happen to its copies is decided."""
        sent = sender.send(self.now_ns, uppers, payload_length)
        path = self._paths[id(sender)]
        receiver = self.server if sender is self.client else self.client
        arrived: list[int] = []
        for segment, packet in enumerate(sent.segments):
            for _ in range(1 + self._happens(path.copy_before)):
                if self._happens(path.loss_before):
                    continue
                seen_ns = self.now_ns + self._delay(path, path.before_ns, path.detour)
                self.sightings.append(Sighting(seen_ns, packet, sender, sent, segment, "sent"))
                for _ in range(1 + self._happens(path.copy_after)):
                    if not self._happens(path.loss_after):
                        at_ns = seen_ns + self._delay(path, path.after_ns, path.detour / 2)
                        self.at(at_ns, lambda: self._arrive(receiver, sent, arrived))
        return sent

    def _arrive(self, receiver: Endpoint, sent: Sent, arrived: list[int]) -> None:
        receiver.accept(sent, self.now_ns)
        arrived.append(self.now_ns)
        self.arrived(receiver, sent, is_first=len(arrived) == 1)

    def _request(self, number: int) -> None:
        data = self.random.randbytes(self.random.randrange(20, 60))
        self.send(self.client, [self._build(self.client, number, data)], len(data))

    def _answer(self, request: Sent) -> None:
        data = self.random.randbytes(self.random.randrange(20, 90))
        number = request.ordinal & 0xFFFF
        self.send(self.server, [self._build(self.server, number, data)], len(data))

    def _build(self, sender: Endpoint, number: int, data: bytes) -> bytes:
        if sender.flow.protocol == ICMPV6:
            return build_echo(sender.flow, number, data)
        assert sender.flow.protocol == UDP
        return build_udp(sender.flow, data)

    def _delay(self, path: Route, base_ns: int, detour: float) -> int:
        delay_ns = base_ns + int(self.random.expovariate(1.0) * path.jitter_ns)
        return delay_ns + self.spread(path.detour_ns) if self._happens(detour) else delay_ns

    def _happens(self, chance: float) -> bool:
        return self.random.random() < chance


class TcpConversation(Conversation):
    """Handshake, then request after answer; an acknowledgement before each answer's burst."""

    def begin(self) -> None:
        assert self.client.flow.protocol == TCP
        self._step = 0  # 0: handshake, n: the n-th request is unanswered
        self._sequences = {id(self.client): 1, id(self.server): 1}
        self.at(self.plan.start_ns, lambda: self._try(0, 3))

    def arrived(self, receiver: Endpoint, sent: Sent, is_first: bool) -> None:
        if not is_first:
            return
        if receiver is self.server:
            self._serve(sent)
        elif sent.payload_length or self._step == 0:
            self._control_soon(self.client, TCP_ACK)
            self._step += 1
            if self._step <= self.plan.requests:
                step, think_ns = self._step, self.spread(self.plan.interval_ns)
                self.at(self.now_ns + think_ns, lambda: self._try(step, 3))

    def _serve(self, sent: Sent) -> None:
        if self._step == 0:
            if sent.names is None:
                self._control_soon(self.server, TCP_SYN | TCP_ACK)
        elif sent.payload_length:
            if self.random.random() < 0.6:
                self._control_soon(self.server, TCP_ACK)
            delay_ns = self.spread(self.plan.server_delay_ns)
            self.at(self.now_ns + delay_ns, self._respond)

    def _try(self, step: int, tries: int) -> None:
        """Sends a step, and again until the conversation went on or nobody believes in it."""
        if step != self._step or not tries:
            return
        if step == 0:
            self._control(self.client, TCP_SYN)
        else:
            self._data(self.client, self.random.randrange(20, _SEGMENT))
        self.at(self.now_ns + _RETRANSMIT_NS, lambda: self._try(step, tries - 1))

    def _respond(self) -> None:
        self._data(self.server, _SEGMENT * self.random.randrange(1, self.plan.burst + 1))

    def _control_soon(self, sender: Endpoint, flags: int) -> None:
        """What a kernel answers by itself. Not at once: nobody answers within 0 ns."""
        delay_ns = self.spread(_KERNEL_NS)
        self.at(self.now_ns + delay_ns, lambda: self._control(sender, flags))

    def _control(self, sender: Endpoint, flags: int) -> None:
        self.send(sender, [build_tcp(sender.flow, self._sequences[id(sender)], flags, b"")], 0)

    def _data(self, sender: Endpoint, length: int) -> None:
        data, uppers = self.random.randbytes(length), []
        for offset in range(0, length, _SEGMENT):
            part = data[offset : offset + _SEGMENT]
            sequence = self._sequences[id(sender)]
            uppers.append(build_tcp(sender.flow, sequence, TCP_ACK | TCP_PUSH, part))
            self._sequences[id(sender)] += len(part)
        self.send(sender, uppers, length)
