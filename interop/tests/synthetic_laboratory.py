"""Two hosts whose agents seal options, a path between them that the test controls, and the
directory that such a run leaves. Every time is in microseconds after the laboratory's start."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import interop_path  # noqa: F401
from deltas import encode_delta
from keys import hkdf_extract, pair_secret
from options import DEFAULT_PDMV2_TYPE, MetricBlock
from packets import ICMPV6, TCP, UDP, FlowKey
from sealing import build_protected
from synthetic_capture import (
    PADDING_6,
    address,
    icmpv6_echo,
    ipv6_frame,
    option_header,
    tcp,
    udp,
    write_capture,
)

START_NS = 1_700_000_000_000_000_000
EPOCH_LENGTH_NS = 60 * 10**9
FIRST_EPOCH = 4090
SECRET = bytes(range(32))
CLIENT = address("2001:db8:1::1")
SERVER = address("2001:db8:2::1")

RULES = [
    {"name": "dns", "protocols": ["udp"], "ports": [53]},
    {"name": "http", "protocols": ["tcp"], "ports": [80]},
    {"name": "icmp", "protocols": ["icmpv6"]},
]


@dataclass
class FlowState:
    """What an agent knows of one of its flows (protocol reference, section 8)."""

    next_number: int
    first_sent: bool = False
    last_sent_us: int = 0
    last_received_us: int | None = None
    last_received_number: int = 0
    has_new_reception: bool = False
    accepted: int | None = None


@dataclass
class InFlight:
    """A packet on its way."""

    flow: FlowKey
    frame: bytes
    upper: bytes
    option: bytes | None
    number: int


@dataclass
class Agent:
    name: str
    address: bytes
    incarnation: bytes
    frames: list[tuple[int, bytes]] = field(default_factory=list)
    flows: dict[FlowKey, FlowState] = field(default_factory=dict)


class Laboratory:
    """Send, deliver, and write down what the captures saw."""

    def __init__(self, first_number: int = 1000) -> None:
        self.client = Agent("client", CLIENT, bytes([0xC1]) * 16)
        self.server = Agent("server", SERVER, bytes([0x5E]) * 16)
        self.router: list[tuple[int, bytes]] = []
        self.first_number = first_number
        self.path_mtu = 1500

    def dns(self, agent: Agent, at_us: int, port: int, octets: int = 40, **how: Any) -> InFlight:
        """A query from the client's port, or the server's answer to it."""
        is_query = agent is self.client
        ports = (port, 53) if is_query else (53, port)
        return self.send(agent, at_us, UDP, ports, udp(*ports, bytes(octets)), **how)

    def http(self, agent: Agent, at_us: int, port: int, octets: int, **how: Any) -> InFlight:
        ports = (port, 80) if agent is self.client else (80, port)
        return self.send(agent, at_us, TCP, ports, tcp(*ports, bytes(octets)), **how)

    def ping(self, agent: Agent, at_us: int, identifier: int) -> InFlight:
        kind = 128 if agent is self.client else 129
        upper = icmpv6_echo(kind, identifier, bytes(56))
        return self.send(agent, at_us, ICMPV6, (kind << 8, identifier), upper)

    def send(
        self,
        agent: Agent,
        at_us: int,
        protocol: int,
        ports: tuple[int, int],
        upper: bytes,
        sealed: bool = True,
    ) -> InFlight:
        """A packet leaves; both its own host's capture and the router's see it."""
        other = self.server if agent is self.client else self.client
        flow = FlowKey(agent.address, other.address, protocol, *ports)
        option, number = self._seal(agent, flow, at_us) if sealed else (None, 0)
        frame = _frame(flow, upper, option)
        self._capture(agent.frames, at_us, frame)
        self._capture(self.router, at_us + 1, frame)
        return InFlight(flow, frame, upper, option, number)

    def deliver(self, packet: InFlight, at_us: int) -> None:
        """A copy arrives unharmed."""
        receiver = self._receiver(packet)
        self._capture(receiver.frames, at_us, packet.frame)
        if packet.option is None:
            return
        state = self._state(receiver, packet.flow.reverse)
        accepted = state.accepted
        if accepted is not None and not 0 < (packet.number - accepted) % 2**32 < 2**31:
            return
        state.accepted = state.last_received_number = packet.number
        state.last_received_us = at_us
        state.has_new_reception = True

    def deliver_segments(self, packet: InFlight, at_us: int, segment: int) -> None:
        """A TCP super-packet arrives cut up, each segment with the same option."""
        header, data = packet.upper[:20], packet.upper[20:]
        for offset in range(0, len(data), segment):
            upper = header + data[offset : offset + segment]
            frame = _frame(packet.flow, upper, packet.option)
            self.deliver(InFlight(packet.flow, frame, upper, packet.option, packet.number), at_us)

    def deliver_tampered(self, packet: InFlight, at_us: int, octet: int = 9) -> None:
        """A copy arrives with one bit of the option flipped; the agent must not believe it."""
        assert packet.option is not None
        option = bytearray(packet.option)
        option[octet] ^= 0x10
        frame = _frame(packet.flow, packet.upper, bytes(option))
        self._capture(self._receiver(packet).frames, at_us, frame)

    def exchange(
        self, request: InFlight, at_us: int, answer_at_us: int, back_at_us: int
    ) -> InFlight:
        """Delivers a DNS query, answers it and delivers the answer."""
        self.deliver(request, at_us)
        answer = self.dns(self.server, answer_at_us, request.flow.source_port)
        self.deliver(answer, back_at_us)
        return answer

    def write(
        self, directory: Path, summary: dict[str, Any] | None = None, exponent: int = 9
    ) -> Path:
        """Leaves what a kept demo leaves."""
        for name, frames in (
            ("client", self.client.frames),
            ("server", self.server.frames),
            ("router", self.router),
        ):
            write_capture(directory / f"{name}.pcapng", frames, exponent)
        (directory / "lab.key").write_text(SECRET.hex() + "\n")
        demo = {
            "client": {"addresses": [_text(CLIENT)]},
            "server": {"addresses": [_text(SERVER)]},
            "rules": RULES,
            "pathMtu": self.path_mtu,
        }
        (directory / "demo.json").write_text(json.dumps(demo))
        announcements = [_announcement(agent) for agent in (self.client, self.server)]
        (directory / "announcements.json").write_text(json.dumps(announcements))
        (directory / "summary.json").write_text(json.dumps(summary))
        return directory

    def _receiver(self, packet: InFlight) -> Agent:
        return self.server if packet.flow.destination == SERVER else self.client

    def _state(self, agent: Agent, flow: FlowKey | None) -> FlowState:
        assert flow is not None
        return agent.flows.setdefault(flow, FlowState(self.first_number))

    def _seal(self, agent: Agent, flow: FlowKey, at_us: int) -> tuple[bytes, int]:
        state = self._state(agent, flow)
        received_us = state.last_received_us
        last_received = at_us - received_us if received_us is not None else 0
        last_sent = 0
        if state.first_sent and state.has_new_reception and received_us is not None:
            last_sent = received_us - state.last_sent_us
        number = state.next_number
        option = seal_option(
            agent.incarnation,
            flow,
            (FIRST_EPOCH + at_us * 1000 // EPOCH_LENGTH_NS) % 4096,
            number,
            (state.last_received_number, last_received * 1000, last_sent * 1000),
        )
        state.next_number = (number + 1) % 2**32
        state.first_sent, state.last_sent_us, state.has_new_reception = True, at_us, False
        return option, number

    def _capture(self, frames: list[tuple[int, bytes]], at_us: int, frame: bytes) -> None:
        frames.append((START_NS + at_us * 1000, frame))


def seal_option(
    incarnation: bytes,
    flow: FlowKey,
    epoch: int,
    number: int,
    metrics: tuple[int, int, int],
    suite: int = 2,
) -> bytes:
    """A protected option; metrics are PSNLR, DTLR in ns and DTLS in ns."""
    psnlr, dtlr_ns, dtls_ns = metrics
    (dtlr, scale_dtlr), (dtls, scale_dtls) = encode_delta(dtlr_ns), encode_delta(dtls_ns)
    block = MetricBlock(psnlr, 1, scale_dtlr, scale_dtls, dtlr, dtls)
    pair = pair_secret(hkdf_extract(incarnation, SECRET), flow.source, flow.destination)
    return build_protected(DEFAULT_PDMV2_TYPE, flow, pair, suite, epoch, number, block)


def _frame(flow: FlowKey, upper: bytes, option: bytes | None) -> bytes:
    if option is None:
        return ipv6_frame(flow.source, flow.destination, flow.protocol, upper)
    header = option_header(flow.protocol, option + PADDING_6)
    return ipv6_frame(flow.source, flow.destination, 60, header + upper)


def _announcement(agent: Agent) -> dict[str, Any]:
    return {
        "formatVersion": 1,
        "contextId": bytes(octet ^ 0xFF for octet in agent.incarnation).hex(),
        "incarnationId": agent.incarnation.hex(),
        "sequence": START_NS,
        "agentName": agent.name,
        "addresses": [_text(agent.address)],
        "suite": 2,
        "timetable": {
            "firstEpoch": FIRST_EPOCH,
            "firstInstantUnixNs": START_NS,
            "lengthNs": EPOCH_LENGTH_NS,
            "count": 4096,
        },
        "optionType": 0x1E,
    }


def _text(octets: bytes) -> str:
    return socket.inet_ntop(socket.AF_INET6, octets)
