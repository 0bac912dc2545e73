"""The udp-frame: header, TLVs, and the sealed form (protocol reference, section 4)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import NamedTuple

import aead
from refusals import Malformed, UnknownVersion

VERSION = 2
ENCRYPTED = 1
REQUEST = 2
KEY_ID = 4
KNOWN_FLAGS = ENCRYPTED | REQUEST | KEY_ID

HEADER_LENGTH = 16
_SEALED_HEAD_LENGTH = HEADER_LENGTH + aead.NONCE_LENGTH + 4

ROUND_TRIP = 1
JITTER = 2
HOP_COUNT = 3
LOSS_RATE = 4
RECEIVE_TIME = 5
SEND_TIME = 6
PDM = 7
PADDING = 8
CUSTOM = 100

TLV_LENGTHS = {
    ROUND_TRIP: 8,
    JITTER: 8,
    HOP_COUNT: 1,
    LOSS_RATE: 4,
    RECEIVE_TIME: 8,
    SEND_TIME: 8,
    PDM: 16,
}
"""Types that have one length only."""


class Tlv(NamedTuple):
    """One measurement."""

    kind: int
    value: bytes


class Header(NamedTuple):
    """The first 16 octets; `key_id` is 0 without its flag."""

    flags: int
    key_id: int
    sequence: int
    timestamp_us: int

    def build(self) -> bytes:
        return struct.pack(">BBHIQ", VERSION, *self)


class Frame(NamedTuple):
    """A frame as it stands on the wire. `nonce` and `tag` are empty in a clear frame."""

    header: Header
    associated_data: bytes
    nonce: bytes
    content: bytes
    tag: bytes

    @classmethod
    def parse(cls, octets: bytes) -> Frame:
        if octets and octets[0] != VERSION:
            raise UnknownVersion(f"version {octets[0]}, not 2")
        if len(octets) < HEADER_LENGTH:
            raise Malformed("a frame has at least 16 octets")
        _, flags, key_id, sequence, timestamp_us = struct.unpack_from(">BBHIQ", octets)
        flags &= KNOWN_FLAGS
        header = Header(flags, key_id if flags & KEY_ID else 0, sequence, timestamp_us)
        associated_data, rest = octets[:HEADER_LENGTH], octets[HEADER_LENGTH:]
        if not flags & ENCRYPTED:
            return cls(header, associated_data, b"", rest, b"")
        if len(octets) < _SEALED_HEAD_LENGTH + aead.TAG_LENGTH:
            raise Malformed("an encrypted frame has at least 48 octets")
        nonce, content = rest[: aead.NONCE_LENGTH], octets[_SEALED_HEAD_LENGTH:]
        (length,) = struct.unpack_from(">I", rest, aead.NONCE_LENGTH)
        if length + aead.TAG_LENGTH != len(content):
            raise Malformed("the length of the ciphertext and the size of the frame differ")
        return cls(header, associated_data, nonce, content[:length], content[length:])

    @property
    def is_encrypted(self) -> bool:
        return bool(self.tag)

    def open(self, key: bytes) -> bytes | None:
        """The TLVs, or None if the tag does not verify."""
        return aead.open_sealed(key, self.nonce, self.associated_data, self.content, self.tag)


def build_clear(header: Header, tlvs: bytes) -> bytes:
    return header.build() + tlvs


def build_sealed(header: Header, tlvs: bytes, key: bytes, nonce: bytes) -> bytes:
    associated_data = header.build()
    ciphertext, tag = aead.seal(key, nonce, associated_data, tlvs)
    return associated_data + nonce + struct.pack(">I", len(ciphertext)) + ciphertext + tag


def parse_tlvs(octets: bytes) -> list[Tlv]:
    tlvs: list[Tlv] = []
    offset = 0
    while offset < len(octets):
        if offset + 4 > len(octets):
            raise Malformed("the head of a TLV is cut off")
        kind, length = struct.unpack_from(">HH", octets, offset)
        end = offset + 4 + length
        if end > len(octets):
            raise Malformed("a TLV runs past the end")
        if TLV_LENGTHS.get(kind, length) != length:
            raise Malformed(f"a TLV of type {kind} has {length} octets")
        tlvs.append(Tlv(kind, octets[offset + 4 : end]))
        offset = end
    return tlvs


def build_tlvs(tlvs: Iterable[Tlv]) -> bytes:
    return b"".join(struct.pack(">HH", kind, len(value)) + value for kind, value in tlvs)
