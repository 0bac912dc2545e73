"""The surplus area of a UDP datagram and the PDM option in it (RFC 9868; reference, section 5)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from options import (
    CLEAR_LENGTH,
    PROTECTED_LENGTH,
    Body,
    build_numbers,
    check_version,
)
from refusals import Malformed

END_OF_LIST = 0
NO_OPERATION = 1
FRAGMENT = 3
EXPERIMENT = 127
DEFAULT_EXID = 0x504D

EXPERIMENT_CLEAR_LENGTH = CLEAR_LENGTH + 4  # kind, length, ExID
EXPERIMENT_PROTECTED_LENGTH = PROTECTED_LENGTH + 4

_FIRST_UNSAFE = 192
_LEAST_LENGTHS = {2: 6, FRAGMENT: 10, 4: 4, 5: 5, 6: 6, 7: 6, 8: 10, EXPERIMENT: 4}
_EXTENDED = 255
_EXTENDED_HEAD_LENGTH = 4
_HEAD_LENGTH = 2
_OCS_LENGTH = 2
_NUMBERS_LENGTH = 6


class UdpPdm(NamedTuple):
    """The PDM option of a surplus area."""

    exid: int
    body: Body
    associated_data: bytes


class Option(NamedTuple):
    """One option of the area; `data` is without kind and length."""

    kind: int
    is_extended: bool
    data: bytes


def internet_sum(octets: bytes) -> int:
    """The one's-complement sum of 16-bit words (RFC 1071), a last odd octet filled up with 0."""
    padded = octets + bytes(len(octets) % 2)
    total: int = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def option_checksum(options: bytes, area_length: int) -> int:
    """OCS of an area of so many octets, pad included, whose options stand behind the OCS."""
    total = internet_sum(options) + area_length
    checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    return checksum or 0xFFFF


def build_area(options: bytes, has_pad: bool) -> bytes:
    """Pad, OCS and ready options."""
    pad = bytes(int(has_pad))
    checksum = option_checksum(options, len(pad) + _OCS_LENGTH + len(options))
    return pad + struct.pack(">H", checksum) + options


def build_option_head(exid: int, length: int, epoch: int, psntp: int) -> bytes:
    """The 10 octets from the kind to PSNTP, which the protected form authenticates."""
    return struct.pack(">BBH", EXPERIMENT, length, exid) + build_numbers(epoch, psntp)


def check_area(area: bytes, has_pad: bool) -> bytes:
    """Returns the options behind a right pad and OCS."""
    start = int(has_pad)
    if len(area) < start + _OCS_LENGTH:
        raise Malformed("the surplus area is too short for its checksum")
    if has_pad and area[0]:
        raise Malformed("the pad octet is not 0")
    options = area[start + _OCS_LENGTH :]
    (checksum,) = struct.unpack_from(">H", area, start)
    if checksum != option_checksum(options, len(area)):
        raise Malformed("the option checksum is wrong")
    return options


def is_right(area: bytes, has_pad: bool) -> bool:
    """Whether pad and OCS are right, whatever the options are."""
    try:
        check_area(area, has_pad)
    except Malformed:
        return False
    return True


def split(options: bytes) -> Iterator[Option]:
    """Yields the options up to the end of the list; a length that cannot be is malformed."""
    offset = 0
    while offset < len(options):
        kind = options[offset]
        if kind == END_OF_LIST:
            return
        if kind == NO_OPERATION:
            offset += 1
            continue
        head = _HEAD_LENGTH
        length = options[offset + 1] if offset + 1 < len(options) else 0
        if length == _EXTENDED:
            head = _EXTENDED_HEAD_LENGTH
            if offset + head > len(options):
                raise Malformed("an option's extended length is cut off")
            (length,) = struct.unpack_from(">H", options, offset + 2)
        if length < max(head, _LEAST_LENGTHS.get(kind, 0)) or offset + length > len(options):
            raise Malformed("an option's length is impossible or runs past the end")
        yield Option(kind, head == _EXTENDED_HEAD_LENGTH, options[offset + head : offset + length])
        offset += length


def begins_with_pdm(area: bytes, has_pad: bool, exid: int = DEFAULT_EXID) -> bool:
    """Whether the first option behind NOPs is ours, right or wrong."""
    options = area[int(has_pad) + _OCS_LENGTH :].lstrip(bytes([NO_OPERATION]))
    return options[:1] == bytes([EXPERIMENT]) and options[2:4] == exid.to_bytes(2, "big")


def find_pdm(area: bytes, has_pad: bool, exid: int | None = None) -> UdpPdm | None:
    """The area's PDM option, None if it has none.

    Without an ExID the default is looked for; if no option has it, the first experiment is taken.
    An option of ours never has the extended format: its tag would cover other octets.
    """
    by_exid: dict[int, list[Option]] = {}
    kinds: set[int] = set()
    for option in split(check_area(area, has_pad)):
        kinds.add(option.kind)
        if option.kind == EXPERIMENT:
            by_exid.setdefault(int.from_bytes(option.data[:2], "big"), []).append(option)
    if any(kind >= _FIRST_UNSAFE for kind in kinds):
        raise Malformed("an option of an unsafe kind, which nobody here knows")
    if FRAGMENT in kinds:
        return None  # what follows belongs to a datagram that is not whole
    if exid is None:
        usual = (x for x, same in by_exid.items() if not all(o.is_extended for o in same))
        exid = DEFAULT_EXID if DEFAULT_EXID in by_exid else next(usual, DEFAULT_EXID)
    found = by_exid.get(exid)
    if not found:
        return None
    if len(found) > 1:
        raise Malformed("two PDM options")
    if found[0].is_extended:
        raise Malformed("a PDM option with an extended length")
    data = found[0].data
    check_version(data[2:])
    length = len(data) + _HEAD_LENGTH
    if length not in (EXPERIMENT_CLEAR_LENGTH, EXPERIMENT_PROTECTED_LENGTH):
        raise Malformed(f"a PDM option of length {length}, neither 26 nor 42")
    associated_data = bytes([EXPERIMENT, length]) + data[: 2 + _NUMBERS_LENGTH]
    return UdpPdm(exid, Body.parse(data[2:]), associated_data)
