"""PDM destination options: v1, v2 clear, v2 protected, and the legacy forms of drafts 11 to 14.

Protocol reference, sections 2 and 3. What follows the length octet of a v2 option is the same in
udp-option, so `Body` serves both.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from deltas import decode_delta_ns, rounding_ns
from refusals import Malformed, UnknownVersion

PDMV1_TYPE = 0x0F
DEFAULT_PDMV2_TYPE = 0x1E
VERSION = 2

PDMV1_LENGTH = 10
CLEAR_LENGTH = 22
PROTECTED_LENGTH = 38
METRIC_BLOCK_LENGTH = 16

_HEAD_LENGTH = 2  # type and length
_NUMBERS_LENGTH = 6  # version, epoch, PSNTP
_LEGACY_TAG_LENGTHS = {CLEAR_LENGTH: 0, 34: 12, PROTECTED_LENGTH: 16}


class Pdmv1(NamedTuple):
    """The fields of RFC 8250, section 3.2, in wire order."""

    scale_dtlr: int
    scale_dtls: int
    psntp: int
    psnlr: int
    delta_tlr: int
    delta_tls: int

    @classmethod
    def parse(cls, option: bytes) -> Pdmv1:
        """Reads a whole option, type and length octets included."""
        check_length(option)
        if option[0] != PDMV1_TYPE or option[1] != PDMV1_LENGTH:
            raise Malformed("a PDMv1 option has type 0x0f and length 10")
        return cls(*struct.unpack_from(">BBHHHH", option, _HEAD_LENGTH))

    def build(self) -> bytes:
        return struct.pack(">BBBBHHHH", PDMV1_TYPE, PDMV1_LENGTH, *self)


class MetricBlock(NamedTuple):
    """The 16 octets that protection hides."""

    psnlr: int
    global_pointer: int
    scale_dtlr: int
    scale_dtls: int
    delta_tlr: int
    delta_tls: int

    @classmethod
    def parse(cls, block: bytes) -> MetricBlock:
        psnlr, pointer, scale_dtlr, scale_dtls, _, dtlr, dtls = struct.unpack(">IIBBHHH", block)
        return cls(psnlr, pointer, scale_dtlr, scale_dtls, dtlr, dtls)

    def build(self) -> bytes:
        head = struct.pack(">IIBB", *self[:4])
        return head + bytes(2) + struct.pack(">HH", *self[4:])

    @property
    def dtlr_ns(self) -> int:
        return decode_delta_ns(self.delta_tlr, self.scale_dtlr)

    @property
    def dtls_ns(self) -> int:
        return decode_delta_ns(self.delta_tls, self.scale_dtls)

    @property
    def dtlr_rounding_ns(self) -> int:
        return rounding_ns(self.scale_dtlr)

    @property
    def dtls_rounding_ns(self) -> int:
        return rounding_ns(self.scale_dtls)


class Body(NamedTuple):
    """What follows the length octet. `tag` is empty in the clear form, whose `block` is plain."""

    epoch: int
    psntp: int
    block: bytes
    tag: bytes

    @classmethod
    def parse(cls, octets: bytes) -> Body:
        """Reads 22 octets or more; what follows the metric block is the tag."""
        version_and_epoch, psntp = struct.unpack_from(">HI", octets)
        end = _NUMBERS_LENGTH + METRIC_BLOCK_LENGTH
        epoch = version_and_epoch & 0x0FFF
        return cls(epoch, psntp, octets[_NUMBERS_LENGTH:end], octets[end:])

    @property
    def is_protected(self) -> bool:
        return bool(self.tag)


class Pdmv2(NamedTuple):
    """An option as it stands on the wire; `associated_data` is what its tag covers beside it."""

    option_type: int
    body: Body
    associated_data: bytes

    @classmethod
    def parse(cls, option: bytes) -> Pdmv2:
        check_length(option)
        if option[0] == PDMV1_TYPE:
            raise Malformed("option type 0x0f is PDMv1 or legacy")
        check_version(option[_HEAD_LENGTH:])
        if option[1] not in (CLEAR_LENGTH, PROTECTED_LENGTH):
            raise Malformed(f"a PDMv2 option has length 22 or 38, not {option[1]}")
        body = Body.parse(option[_HEAD_LENGTH:])
        return cls(option[0], body, option[: _HEAD_LENGTH + _NUMBERS_LENGTH])


def parse_legacy(option: bytes) -> Body:
    """Reads an option of drafts 11 to 14; the tag is empty, or has 12 or 16 octets."""
    check_length(option)
    if option[0] == PDMV1_TYPE:
        check_version(option[_HEAD_LENGTH:])
    if option[0] != PDMV1_TYPE or option[1] not in _LEGACY_TAG_LENGTHS:
        raise Malformed("a legacy option has type 0x0f and length 22, 34 or 38")
    return Body.parse(option[_HEAD_LENGTH:])


def check_length(option: bytes) -> None:
    """The length octet must say exactly how many octets follow it."""
    if len(option) < _HEAD_LENGTH or len(option) != _HEAD_LENGTH + option[1]:
        raise Malformed("the option's length octet and its size differ")


def check_version(body: bytes) -> None:
    """The version is looked at before the length of a form: other versions have other lengths."""
    if not body:
        raise Malformed("an option without a version")
    if body[0] >> 4 != VERSION:
        raise UnknownVersion(f"version {body[0] >> 4}, not 2")


def build_head(option_type: int, length: int, epoch: int, psntp: int) -> bytes:
    """Octets 0 to 7, which the protected form authenticates."""
    return bytes([option_type, length]) + build_numbers(epoch, psntp)


def build_numbers(epoch: int, psntp: int) -> bytes:
    return struct.pack(">HI", VERSION << 12 | epoch, psntp)


def build_clear(option_type: int, psntp: int, block: MetricBlock) -> bytes:
    """A clear option; the epoch is sent as 0."""
    return build_head(option_type, CLEAR_LENGTH, 0, psntp) + block.build()
