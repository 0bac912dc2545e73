"""Which packets a laboratory's rules select, and why a selected one may have gone without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import packets
from options import PDMV1_TYPE
from packets import FlowKey, Packet

LINK_MTU = 1500
MTU = "mtu"
NO_KEY = "no-key"
UDP_GSO = "udp-gso"
UNDETERMINED = "undetermined"

_OPTION_ROOM = 48
_PROTOCOLS = {
    "tcp": packets.TCP,
    "udp": packets.UDP,
    "dccp": packets.DCCP,
    "icmpv6": packets.ICMPV6,
    "sctp": packets.SCTP,
    "udp-lite": packets.UDP_LITE,
}
_EXEMPT_ICMPV6_TYPES = frozenset(range(130, 138)) | {143}
_MULTICAST_FIRST_OCTET = 0xFF


class Rule(NamedTuple):
    """One rule of demo.json. An empty set of protocols or ports means any."""

    name: str
    protocols: frozenset[int]
    ports: frozenset[int]

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Rule:
        return cls(
            document["name"],
            frozenset(_PROTOCOLS[name.lower()] for name in document.get("protocols") or []),
            frozenset(document.get("ports") or []),
        )

    def matches(self, flow: FlowKey) -> bool:
        if self.protocols and flow.protocol not in self.protocols:
            return False
        if not self.ports:
            return True
        return flow.protocol in packets.PROTOCOLS_WITH_PORTS and not self.ports.isdisjoint(
            (flow.source_port, flow.destination_port)
        )


def rule_of_flow(flow: FlowKey, rules: Iterable[Rule]) -> Rule | None:
    """The first rule that matches."""
    return next((rule for rule in rules if rule.matches(flow)), None)


def rule_of_packet(packet: Packet, rules: Iterable[Rule], option_type: int) -> Rule | None:
    """The rule of a packet that may carry an option at all; None for every other packet."""
    flow = packet.flow
    if flow is None or flow.source == flow.destination or _has_foreign_headers(packet, option_type):
        return None
    if flow.destination[0] == _MULTICAST_FIRST_OCTET:
        return None
    if flow.protocol == packets.ICMPV6 and flow.source_port >> 8 in _EXEMPT_ICMPV6_TYPES:
        return None
    return rule_of_flow(flow, rules)


def why_left_alone(packet: Packet, path_mtu: int, before_first_sealed: bool) -> str:
    """The reason, as far as a capture shows it, why a selected packet carries no option."""
    protocol = packet.flow.protocol if packet.flow else None
    is_longer_than_link = packet.size > LINK_MTU
    if is_longer_than_link and protocol == packets.UDP:
        return UDP_GSO
    is_super_packet = is_longer_than_link and protocol == packets.TCP
    if not is_super_packet and packet.size + _OPTION_ROOM > path_mtu:
        return MTU
    return NO_KEY if before_first_sealed else UNDETERMINED


def _has_foreign_headers(packet: Packet, option_type: int) -> bool:
    """Any extension header but one that holds a PDM option alone."""
    if not packet.headers:
        return False
    return (
        packet.headers != (packets.DESTINATION_OPTIONS,)
        or len(packet.options) != 1
        or packet.options[0][0] not in (option_type, PDMV1_TYPE)
    )
