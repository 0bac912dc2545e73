"""Opening protected options of announced contexts (protocol reference, sections 3, 6 and 9)."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from keys import CARRIAGE_DESTINATION_OPTION_V2, pair_secret
from options import (
    CLEAR_LENGTH,
    DEFAULT_PDMV2_TYPE,
    PDMV1_LENGTH,
    PDMV1_TYPE,
    PROTECTED_LENGTH,
    MetricBlock,
    Pdmv2,
)
from packets import FlowKey, Packet
from refusals import Refused
from sealing import open_body

_EPOCHS = 4096
_EPOCH_GRACE_NS = 5 * 10**9
_SUITES = {"1": 1, "aes128gcm": 1, "2": 2, "aes256gcm": 2}


class Metrics(NamedTuple):
    """The 16 octets that the option protects, with the delta times in nanoseconds, and by how much
    each may be short of the truth."""

    psnlr: int
    global_pointer: int
    delta_time_last_received_ns: int
    delta_time_last_sent_ns: int
    delta_time_last_received_rounding_ns: int
    delta_time_last_sent_rounding_ns: int

    @classmethod
    def from_block(cls, block: MetricBlock) -> Metrics:
        return cls(
            block.psnlr,
            block.global_pointer,
            block.dtlr_ns,
            block.dtls_ns,
            block.dtlr_rounding_ns,
            block.dtls_rounding_ns,
        )


class Announcement(NamedTuple):
    """What a sender told about one context, as far as opening needs it."""

    context_id: bytes
    incarnation_id: bytes
    sequence: int
    addresses: tuple[bytes, ...]
    suite: int
    first_epoch: int
    first_instant_ns: int
    epoch_length_ns: int
    option_type: int

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Announcement:
        """Reads one element of announcements.json; member names in any case."""
        members = {name.lower(): value for name, value in document.items()}
        timetable = {name.lower(): value for name, value in members["timetable"].items()}
        return cls(
            context_id=_identifier(members["contextid"]),
            incarnation_id=_identifier(members["incarnationid"]),
            sequence=int(members["sequence"]),
            addresses=tuple(socket.inet_pton(socket.AF_INET6, a) for a in members["addresses"]),
            suite=_SUITES[str(members["suite"]).lower()],
            first_epoch=int(timetable["firstepoch"]),
            first_instant_ns=int(timetable["firstinstantunixns"]),
            epoch_length_ns=int(timetable["lengthns"]),
            option_type=int(members.get("optiontype", DEFAULT_PDMV2_TYPE)),
        )

    def epoch_index(self, epoch: int) -> int:
        """A context ends after 4096 epochs, so the 12-bit value names one index."""
        return (epoch - self.first_epoch) % _EPOCHS

    def allows(self, epoch_index: int, time_ns: int) -> bool:
        """Whether the timetable has this epoch at this time, give or take 5 s (section 9)."""
        start = self.first_instant_ns + epoch_index * self.epoch_length_ns
        end = start + self.epoch_length_ns
        return start - _EPOCH_GRACE_NS <= time_ns < end + _EPOCH_GRACE_NS


class Opened(NamedTuple):
    """An option whose tag verified."""

    announcement: Announcement
    epoch_index: int
    psntp: int
    metrics: Metrics


class Keyring:
    """Opens options of all contexts whose base secrets it was given."""

    def __init__(self, contexts: Iterable[tuple[Announcement, bytes]]) -> None:
        self._by_source: dict[bytes, list[tuple[Announcement, bytes]]] = {}
        self._pair_secrets: dict[tuple[bytes, bytes], list[tuple[Announcement, bytes]]] = {}
        for announcement, base in contexts:
            for address in announcement.addresses:
                self._by_source.setdefault(address, []).append((announcement, base))

    def open(self, flow: FlowKey, option: bytes) -> Opened | None:
        """Opens a protected option with each context that announced its source."""
        try:
            parsed = Pdmv2.parse(option)
        except Refused:
            return None
        body, carriage = parsed.body, CARRIAGE_DESTINATION_OPTION_V2
        for announcement, pair in self._pairs(flow):
            suite, associated_data = announcement.suite, parsed.associated_data
            block = open_body(body, associated_data, flow, pair, suite, carriage)
            if block is not None:
                index = announcement.epoch_index(body.epoch)
                return Opened(announcement, index, body.psntp, Metrics.from_block(block))
        return None

    def _pairs(self, flow: FlowKey) -> list[tuple[Announcement, bytes]]:
        """Every context that announced the flow's source, with its secret for the flow's pair."""
        name = flow.source, flow.destination
        if name not in self._pair_secrets:
            self._pair_secrets[name] = [
                (announcement, pair_secret(base, *name))
                for announcement, base in self._by_source.get(flow.source, [])
            ]
        return self._pair_secrets[name]


def is_protected(option: bytes, option_type: int) -> bool:
    """A protected PDMv2 option; the length alone tells it from the clear form."""
    return option[0] == option_type and option[1] == PROTECTED_LENGTH


def is_clear(option: bytes, option_type: int) -> bool:
    """PDM metrics that anyone on the path can read: PDMv1, or PDMv2 in clear form."""
    if option[1] == CLEAR_LENGTH:
        return option[0] in (option_type, PDMV1_TYPE)
    return option[0] == PDMV1_TYPE and option[1] == PDMV1_LENGTH


def protected_option(packet: Packet, option_type: int) -> bytes | None:
    """The packet's protected option. Two PDM options in one packet are malformed: None."""
    found = [option for option in packet.options if option[0] in (option_type, PDMV1_TYPE)]
    return found[0] if len(found) == 1 and is_protected(found[0], option_type) else None


def _identifier(text: str) -> bytes:
    identifier = bytes.fromhex(text)
    if len(identifier) != 16:
        raise ValueError("an identifier has 32 hexadecimal digits")
    return identifier
