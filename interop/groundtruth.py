#!/usr/bin/env python3
"""Writes a capture of 1,000 simulated flows, the keys, and what an analysis of it must say.

Usage: groundtruth.py DIRECTORY [--flows 1000] [--seed N]

DIRECTORY gets capture.pcapng (Ethernet), capture.pcap (raw IP) and capture-links.pcapng (Ethernet,
VLAN, QinQ, Linux cooked v1 and v2, raw IP by turns) with the same packets, base-1.hex and base-2.hex
(for `--base-secret-file`), base-3.hex (the same, for suite 1), truth.json (with all keys) and
truth-without-keys.json.
interop/judge.py compares an analysis with them. All packets are built by this program.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from adversary import Adversary
from capture_files import write_links, write_pcap, write_pcapng
from conversations import (
    MILLISECOND,
    SECOND,
    Conversation,
    Plan,
    Route,
    Sighting,
    TcpConversation,
)
from endpoints import (
    CLEAR,
    FRAME,
    FRAME_CLEAR,
    FRAME_PORT,
    FRAMES,
    LEGACY,
    SEALED,
    START_NS,
    SUITE,
    UDP_CLEAR,
    UDP_SEALED,
    V1,
    V2,
    V2_CLEAR,
    Endpoint,
)
from packets import ECHO_REPLY, ECHO_REQUEST, ICMPV6, TCP, UDP, FlowKey
from truth import Truth

_SPAN_NS = 60 * SECOND
_ONE_WAY_EVERY = 25
_NETWORK = bytes.fromhex("20010db8")
_CARRIAGES = {
    UDP: (V1, V2_CLEAR, V2, V2, V2, UDP_CLEAR, *(UDP_SEALED, FRAME) * 2, LEGACY, FRAME_CLEAR),
    TCP: (V1, V2_CLEAR, V2, V2, V2, V2),
    ICMPV6: (V1, V2_CLEAR, V2, V2, V2),
}


class World:
    """Makes conversations one after the other, each of another kind."""

    def __init__(self, source: random.Random) -> None:
        self._random = source
        self.secrets = tuple(source.randbytes(32) for _ in range(3))
        self.peers: list[tuple[Endpoint, Endpoint]] = []
        self.sightings: list[Sighting] = []

    def fill(self, flows: int) -> None:
        """Adds conversations until so many directions carry PDM."""
        made = 0
        while made < flows:
            one_way = made == flows - 1 or len(self.peers) % _ONE_WAY_EVERY == 7
            conversation = self._conversation(len(self.peers), one_way)
            seen = conversation.run()
            seen += self._adversary(conversation).attack(self._random.choice((0, 0, 0, 2, 5)))
            directions = {sighting.endpoint for sighting in seen if sighting.endpoint.carriage}
            if len(directions) != 2 - one_way:
                continue  # a direction was lost whole
            made += len(directions)
            self.sightings += seen
            self.peers.append((conversation.client, conversation.server))
        self.sightings.sort(key=lambda sighting: sighting.time_ns)

    def _adversary(self, conversation: Conversation) -> Adversary:
        client = conversation.client
        is_openable = client.carriage in SEALED and client.base_secret in self.secrets
        return Adversary(conversation.sightings, is_openable, self._random)

    def _conversation(self, index: int, one_way: bool) -> Conversation:
        source = self._random
        protocol = (UDP, UDP, TCP, ICMPV6)[index % 4]
        carriage = source.choice(_CARRIAGES[protocol])
        if one_way and carriage in FRAMES:
            carriage = V2  # what answers at the port of frames would have to be one
        secret = self.secrets[0]
        if carriage in SEALED and source.random() < 0.08:
            secret = source.randbytes(32)  # an unknown context
        elif carriage in SEALED and source.random() < 0.2:
            secret = self.secrets[2]
        client, server = self._endpoints(index, protocol, carriage, secret)
        if one_way:
            server.carriage = ""
        plan = self._plan(protocol, client, server)
        kind = TcpConversation if protocol == TCP else Conversation
        up, down = self._path(plan.burst), self._path(plan.burst)
        return kind(client, server, up, down, plan, source)

    def _endpoints(
        self, index: int, protocol: int, carriage: str, secret: bytes
    ) -> tuple[Endpoint, Endpoint]:
        # Who speaks in clear has no context, so the two never share an address.
        group = 2 if carriage in CLEAR else 1
        host = index + 1 if protocol == ICMPV6 else index % 50 + 1
        a = _NETWORK + bytes([0, group, 0, 0]) + host.to_bytes(8, "big")
        b = _NETWORK + bytes([1, group, 0, 0]) + (index % 10 + 1).to_bytes(8, "big")
        port = 20_000 + index
        if protocol == ICMPV6:
            up = FlowKey(a, b, protocol, ECHO_REQUEST << 8, port)
            down = FlowKey(b, a, protocol, ECHO_REPLY << 8, port)
        else:
            service = FRAME_PORT if carriage in FRAMES else 53 if protocol == UDP else 80
            up = FlowKey(a, b, protocol, port, service)
            down = FlowKey(b, a, protocol, service, port)
        limits = [start - self._random.randrange(1, 25) for start in (64, 128, 255)]
        client, server = (
            Endpoint(
                flow=flow,
                carriage=carriage,
                hop_limit=self._random.choice(limits),
                base_secret=secret,
                ordinal=self._first_number(),
                is_server=flow is down,
                suite=1 if secret == self.secrets[2] else SUITE,
            )
            for flow in (up, down)
        )
        return client, server

    def _first_number(self) -> int:
        """Anything, and often shortly before 16 or 32 bits wrap."""
        near = self._random.randrange(1, 9)
        wraps = (2**32 - near, 2**16 - near, 2**32 + 2**16 - near)
        return self._random.choice((*wraps, self._random.getrandbits(32), 0))

    def _plan(self, protocol: int, client: Endpoint, server: Endpoint) -> Plan:
        source = self._random
        plan = Plan(
            start_ns=START_NS + source.randrange(_SPAN_NS),
            requests=source.randrange(3, 9 if protocol == TCP else 25),
            interval_ns=source.choice((2, 30, 100, 250)) * MILLISECOND,
            server_delay_ns=source.choice((60_000, 2 * MILLISECOND, 40 * MILLISECOND)),
            burst=source.choice((1, 1, 4)) if protocol == TCP else 1,
        )
        if protocol == ICMPV6:
            plan.server_delay_ns = 60_000
        if protocol != TCP and client.carriage in SEALED and source.random() < 0.2:
            self._interrupt(plan, source.choice((client, server)))
        return plan

    def _interrupt(self, plan: Plan, endpoint: Endpoint) -> None:
        source, middle = self._random, plan.requests // 2
        if endpoint.base_secret == self.secrets[0] and source.random() < 0.5:
            ordinal = endpoint.ordinal + 2**20 + source.getrandbits(30)
            plan.interruptions[middle] = lambda: endpoint.restart(self.secrets[1], ordinal)
        else:
            numbers = source.choice((2**16 + 1, 2**20, 2**31 - 100))
            plan.interruptions[middle] = lambda: endpoint.jump(numbers)

    def _path(self, burst: int) -> Route:
        source = self._random
        return Route(
            before_ns=source.randrange(100_000, 20 * MILLISECOND),
            after_ns=source.randrange(100_000, 20 * MILLISECOND),
            jitter_ns=source.choice((0, 20_000, 2 * MILLISECOND)),
            loss_before=source.choice((0, 0, 0.03, 0.15)),
            loss_after=source.choice((0, 0, 0.03, 0.1)),
            # A copy of a burst's later segment is both a duplicate and ambiguous; leave it out.
            copy_before=source.choice((0, 0, 0.05, 0.2)) if burst == 1 else 0,
            copy_after=source.choice((0, 0, 0.05)),
            detour=source.choice((0, 0, 0.1, 0.3)),
            detour_ns=source.choice((5, 40, 100)) * MILLISECOND,
        )


def write(directory: Path, flows: int, seed: int) -> None:
    """Writes everything into the directory."""
    world = World(random.Random(seed))
    world.fill(flows)
    directory.mkdir(parents=True, exist_ok=True)
    timed = [(sighting.time_ns, sighting.packet) for sighting in world.sightings]
    write_pcapng(directory / "capture.pcapng", timed)
    write_pcap(directory / "capture.pcap", timed)
    write_links(directory / "capture-links.pcapng", timed)
    for number, secret in enumerate(world.secrets, 1):
        path = directory / f"base-{number}.hex"
        path.touch(mode=0o600)
        path.write_text(secret.hex() + "\n", "ascii")
    for name, has_keys in (("truth.json", True), ("truth-without-keys.json", False)):
        truth = Truth(world.sightings, frozenset(world.secrets), has_keys)
        document = {"seed": seed} | truth.document(world.peers)
        (directory / name).write_text(json.dumps(document, indent=1) + "\n", "ascii")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="groundtruth.py", description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--flows", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=6)
    options = parser.parse_args(arguments)
    write(options.directory, options.flows, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
