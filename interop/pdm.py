"""PDMv2 options: keys, opening, delta times (protocol reference, sections 2, 3 and 6)."""

from __future__ import annotations

import hmac
import socket
import struct
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import aead
from packets import FlowKey, Packet

PDMV1_TYPE = 0x0F
DEFAULT_PDMV2_TYPE = 0x1E

_PDMV1_LENGTH = 10
_CLEAR_LENGTH = 22
_PROTECTED_LENGTH = 38
_CARRIAGE_DESTINATION_OPTION_V2 = 0
_EPOCHS = 4096
_ATTOSECONDS_PER_NS = 10**9
_MAX_NS = 2**63 - 1
_EPOCH_GRACE_NS = 5 * 10**9
_KEY_LENGTHS = {1: 16, 2: 32}
_SUITES = {"1": 1, "aes128gcm": 1, "2": 2, "aes256gcm": 2}


class Metrics(NamedTuple):
    """The 16 octets that the option protects, with the delta times in nanoseconds."""

    psnlr: int
    global_pointer: int
    delta_time_last_received_ns: int
    delta_time_last_sent_ns: int


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
    """Opens options of all announced contexts of a laboratory with one key file."""

    def __init__(self, announcements: Iterable[Announcement], key_file_secret: bytes) -> None:
        self._by_source: dict[bytes, list[tuple[Announcement, bytes]]] = {}
        self._session_keys: dict[tuple[bytes, bytes, bytes, int], tuple[bytes, bytes]] = {}
        for announcement in announcements:
            base = hkdf_extract(announcement.incarnation_id, key_file_secret)
            for address in announcement.addresses:
                self._by_source.setdefault(address, []).append((announcement, base))

    def open(self, flow: FlowKey, option: bytes) -> Opened | None:
        """Opens a protected option with each context that announced its source."""
        version_and_epoch, psntp = struct.unpack_from(">HI", option, 2)
        epoch = version_and_epoch & 0x0FFF
        for announcement, base in self._by_source.get(flow.source, []):
            key, base_nonce = self._session_key(announcement, base, flow, epoch)
            nonce = build_nonce(base_nonce, flow, epoch, psntp)
            plaintext = aead.open_sealed(key, nonce, option[:8], option[8:24], option[24:40])
            if plaintext is not None:
                index = announcement.epoch_index(epoch)
                return Opened(announcement, index, psntp, decode_metrics(plaintext))
        return None

    def _session_key(
        self, announcement: Announcement, base: bytes, flow: FlowKey, epoch: int
    ) -> tuple[bytes, bytes]:
        name = (announcement.context_id, flow.source, flow.destination, epoch)
        if name not in self._session_keys:
            pair = pair_secret(base, flow.source, flow.destination)
            self._session_keys[name] = session_key(pair, announcement.suite, epoch)
        return self._session_keys[name]


def hkdf_extract(salt: bytes, input_keying_material: bytes) -> bytes:
    """HKDF-Extract-SHA256 (RFC 5869, section 2.2)."""
    return hmac.digest(salt, input_keying_material, "sha256")


def hkdf_expand(pseudo_random_key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand-SHA256 (RFC 5869, section 2.3)."""
    block, output, counter = b"", b"", 1
    while len(output) < length:
        block = hmac.digest(pseudo_random_key, block + info + bytes([counter]), "sha256")
        output += block
        counter += 1
    return output[:length]


def pair_secret(base_secret: bytes, source: bytes, destination: bytes) -> bytes:
    """The secret of one directed address pair (section 6)."""
    return hkdf_expand(base_secret, b"pdm6 v1 pair" + source + destination, 32)


def session_key(pair: bytes, suite: int, epoch: int) -> tuple[bytes, bytes]:
    """Key and base nonce of one pair in one epoch (section 6)."""
    length = _KEY_LENGTHS[suite]
    info = b"pdm6 v1 session" + struct.pack(">HH", suite, epoch)
    material = hkdf_expand(pair, info, length + aead.NONCE_LENGTH)
    return material[:length], material[length:]


def build_nonce(base_nonce: bytes, flow: FlowKey, epoch: int, psntp: int) -> bytes:
    """The nonce of one option carried in a destination option (section 6)."""
    number = struct.pack(
        ">BBHHHI",
        flow.protocol,
        _CARRIAGE_DESTINATION_OPTION_V2,
        flow.source_port,
        flow.destination_port,
        epoch,
        psntp,
    )
    return bytes(a ^ b for a, b in zip(base_nonce, number, strict=True))


def decode_delta_ns(value: int, scale: int) -> int:
    """`value << scale` attoseconds in nanoseconds, saturating at 2^63 - 1 (section 2)."""
    return min((value << scale) // _ATTOSECONDS_PER_NS, _MAX_NS)


def decode_metrics(plaintext: bytes) -> Metrics:
    """Octets 8..23 of the clear form (section 3)."""
    psnlr, pointer, scale_dtlr, scale_dtls, _, dtlr, dtls = struct.unpack(">IIBBHHH", plaintext)
    return Metrics(
        psnlr, pointer, decode_delta_ns(dtlr, scale_dtlr), decode_delta_ns(dtls, scale_dtls)
    )


def is_protected(option: bytes, option_type: int) -> bool:
    """A protected PDMv2 option; the length alone tells it from the clear form."""
    return option[0] == option_type and option[1] == _PROTECTED_LENGTH


def is_clear(option: bytes, option_type: int) -> bool:
    """PDM metrics that anyone on the path can read: PDMv1, or PDMv2 in clear form."""
    if option[1] == _CLEAR_LENGTH:
        return option[0] in (option_type, PDMV1_TYPE)
    return option[0] == PDMV1_TYPE and option[1] == _PDMV1_LENGTH


def protected_option(packet: Packet, option_type: int) -> bytes | None:
    """The packet's protected option. Two PDM options in one packet are malformed: None."""
    found = [option for option in packet.options if option[0] in (option_type, PDMV1_TYPE)]
    return found[0] if len(found) == 1 and is_protected(found[0], option_type) else None


def _identifier(text: str) -> bytes:
    identifier = bytes.fromhex(text)
    if len(identifier) != 16:
        raise ValueError("an identifier has 32 hexadecimal digits")
    return identifier
