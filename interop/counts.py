"""Counts every packet that the captures hold: what was selected, sealed, lost and opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import packets
from evidence import Event, Evidence, Host
from packets import Packet
from pdm import is_clear, is_protected
from rules import why_left_alone


@dataclass
class GroupCounts:
    """The counts of one rule, both hosts together."""

    selected: int = 0
    sealed: int = 0
    opened_once: int = 0
    left_alone: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> int:
        """Sealed at the sender, never opened at the receiver, summed over pairs and epochs."""
        return self.sealed - self.opened_once


@dataclass
class HostCounts:
    """What arrived at the hosts, and whether what left them keeps the rules of section 6."""

    opened: int = 0
    authentication_failed: int = 0
    not_openable_at_sender: int = 0
    outside_epoch: int = 0
    numbers_used_twice: int = 0


@dataclass
class WireCounts:
    """Packets on the wire with metrics, by whether anyone can read them."""

    sealed: int = 0
    clear: int = 0


def count_wire(router_packets: Iterable[Packet], option_type: int) -> WireCounts:
    """Counts the packets that the router received."""
    wire = WireCounts()
    for packet in router_packets:
        wire.sealed += any(is_protected(option, option_type) for option in packet.options)
        wire.clear += any(is_clear(option, option_type) for option in packet.options)
    return wire


class Counts:
    """Counts by group, and of the hosts together."""

    def __init__(self, evidence: Evidence) -> None:
        self.groups = {rule.name: GroupCounts() for rule in evidence.rules}
        self.hosts = HostCounts()
        for host in evidence.hosts:
            self._count_outgoing(host, evidence.path_mtu)
            self._count_incoming(host)

    def _count_outgoing(self, host: Host, path_mtu: int) -> None:
        used: dict[tuple[object, ...], bytes] = {}
        any_sealed = False
        for event in host.outgoing:
            if self._is_further_segment(event, used):
                continue
            self._check_seal(event)
            any_sealed = any_sealed or event.option is not None
            if event.rule is None:
                continue
            group = self.groups[event.rule.name]
            group.selected += 1
            if event.option is not None:
                group.sealed += 1
            else:
                reason = why_left_alone(event.packet, path_mtu, before_first_sealed=not any_sealed)
                group.left_alone[reason] += 1

    def _is_further_segment(self, event: Event, used: dict[tuple[object, ...], bytes]) -> bool:
        """A super-packet counts once, even where it was cut up in front of the capture.

        Its segments carry the very same option. Any other packet with a number that was used
        before breaks the nonce rule, and is counted as such.
        """
        if event.opened is None or event.option is None:
            return False
        first_option = used.setdefault(_number(event), event.option)
        if first_option is event.option:
            return False
        flow = event.packet.flow
        is_tcp = flow is not None and flow.protocol == packets.TCP
        is_segment = is_tcp and first_option == event.option
        self.hosts.numbers_used_twice += not is_segment
        return is_segment

    def _check_seal(self, event: Event) -> None:
        if event.option is None:
            return
        if event.opened is None:
            self.hosts.not_openable_at_sender += 1
            return
        opened = event.opened
        if not opened.announcement.allows(opened.epoch_index, event.time_ns):
            self.hosts.outside_epoch += 1

    def _count_incoming(self, host: Host) -> None:
        seen: set[tuple[object, ...]] = set()
        for event in host.incoming:
            if event.option is None:
                continue
            if event.opened is None:
                self.hosts.authentication_failed += 1
                continue
            self.hosts.opened += 1
            number = _number(event)
            if event.rule and number not in seen:
                self.groups[event.rule.name].opened_once += 1
            seen.add(number)


def _number(event: Event) -> tuple[object, ...]:
    """What may be used once: flow, context, epoch, PSNTP (the key and nonce of section 6)."""
    opened = event.opened
    assert opened is not None, "only an opened option has a number to trust"
    context = opened.announcement.context_id
    return (event.packet.flow, context, opened.epoch_index, opened.psntp)
