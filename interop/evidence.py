"""The directory that a kept laboratory run leaves: captures, keys, announcements, rules."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509

from announcements import judge, open_envelope, read_hpke_keys
from keys import hkdf_extract
from options import DEFAULT_PDMV2_TYPE
from packets import Packet, parse_frame
from pcapng import Capture
from pdm import Announcement, Keyring, Opened, protected_option
from rules import Rule, rule_of_packet

_HOST_NAMES = ("client", "server")


class EvidenceError(Exception):
    """The directory cannot be counted from; the message says why."""


class Event(NamedTuple):
    """One packet at one host. `order` is its place in that host's capture.

    `option` is its protected option, if it has one, and `opened` what it says, if its tag
    verifies.
    """

    order: int
    time_ns: int
    packet: Packet
    option: bytes | None
    opened: Opened | None
    rule: Rule | None


@dataclass
class Host:
    """One host and what its own capture saw leave and arrive."""

    name: str
    addresses: frozenset[bytes]
    outgoing: list[Event] = field(default_factory=list)
    incoming: list[Event] = field(default_factory=list)


class Evidence:
    """Everything in the directory except the summary, which is what is to be checked.

    `frames_missed` tells, by capture, how many frames the capture itself reports as dropped; the
    router's after its packets were read.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        try:
            contexts = _contexts(directory)
            demo = read_json(directory / "demo.json")
            self.rules = tuple(Rule.from_json(rule) for rule in demo["rules"])
            self.path_mtu = int(demo["pathMtu"])
            self.hosts = tuple(Host(name, _addresses(demo[name])) for name in _HOST_NAMES)
        except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
            raise EvidenceError(f"{directory}: {type(error).__name__}: {error}") from error
        types = {announcement.option_type for announcement, _ in contexts}
        if len(types) > 1:
            raise EvidenceError(f"{directory}: announcements name different option types")
        self.option_type = types.pop() if types else DEFAULT_PDMV2_TYPE
        self.frames_missed: dict[str, int] = {}
        self._keyring = Keyring(contexts)
        for host in self.hosts:
            self._read_host(host)

    def router_packets(self) -> Iterator[Packet]:
        """Every packet as it reached the router."""
        capture = Capture(self.directory / "router.pcapng")
        for frame in capture:
            packet = parse_frame(frame.data, frame.original_length)
            if packet is not None:
                yield packet
        self.frames_missed["router"] = capture.dropped

    def _read_host(self, host: Host) -> None:
        capture = Capture(self.directory / f"{host.name}.pcapng")
        for order, frame in enumerate(capture):
            packet = parse_frame(frame.data, frame.original_length)
            if packet is None:
                continue
            event = self._event(order, frame.time_ns, packet)
            if packet.source in host.addresses:
                host.outgoing.append(event)
            elif packet.destination in host.addresses:
                host.incoming.append(event)
        self.frames_missed[host.name] = capture.dropped

    def _event(self, order: int, time_ns: int, packet: Packet) -> Event:
        option = protected_option(packet, self.option_type)
        opened = self._keyring.open(packet.flow, option) if option and packet.flow else None
        rule = rule_of_packet(packet, self.rules, self.option_type)
        return Event(order, time_ns, packet, option, opened, rule)


def read_json(path: Path) -> Any:
    """Reads one JSON file; an error names the file."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EvidenceError(f"{path}: {error}") from error


def _contexts(directory: Path) -> list[tuple[Announcement, bytes]]:
    """Every context with its base secret: opened with the analyzer's key, where there is one, or
    derived from the key file that a laboratory without registration shares."""
    if (directory / "analyzer.key").exists():
        return _sealed_contexts(directory)
    announcements = [
        Announcement.from_json(element) for element in read_json(directory / "announcements.json")
    ]
    secret = bytes.fromhex((directory / "lab.key").read_text("ascii").strip())
    if len(secret) != 32:
        raise EvidenceError(f"{directory}/lab.key: 64 hexadecimal digits expected")
    return [(each, hkdf_extract(each.incarnation_id, secret)) for each in announcements]


def _sealed_contexts(directory: Path) -> list[tuple[Announcement, bytes]]:
    keys = read_hpke_keys(directory / "analyzer.key")
    authority = x509.load_pem_x509_certificate((directory / "authority.crt").read_bytes())
    contexts = []
    for envelope in read_json(directory / "envelopes.json"):
        verdict = judge("announcement", envelope, authority, now=None)
        if verdict != "accepted":
            raise EvidenceError(f"{directory}/envelopes.json: {verdict}")
        announcement, base = open_envelope(envelope, keys)
        if base is None:
            raise EvidenceError(f"{directory}/envelopes.json: not sealed to the analyzer")
        contexts.append((Announcement.from_json(announcement), base))
    return contexts


def _addresses(host: dict[str, Any]) -> frozenset[bytes]:
    return frozenset(socket.inet_pton(socket.AF_INET6, text) for text in host["addresses"])
