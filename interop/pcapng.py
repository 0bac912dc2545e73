"""Reads pcapng captures (draft-ietf-opsawg-pcapng) of Ethernet frames, block by block."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_SECTION_HEADER = 0x0A0D0D0A
_INTERFACE_DESCRIPTION = 1
_SIMPLE_PACKET = 3
_INTERFACE_STATISTICS = 5
_ENHANCED_PACKET = 6

_BYTE_ORDER_MAGIC = 0x1A2B3C4D
_LINK_TYPE_ETHERNET = 1

_OPTION_END = 0
_OPTION_TIME_RESOLUTION = 9
_OPTION_TIME_OFFSET = 14
_STATISTIC_INTERFACE_DROPS = 5
_STATISTIC_SYSTEM_DROPS = 7

_NS_PER_SECOND = 10**9


class CaptureError(Exception):
    """The file is no capture that can be counted from; the message says why."""


class Frame(NamedTuple):
    """One captured frame. `data` may be shorter than `original_length` (snap length)."""

    time_ns: int
    original_length: int
    data: bytes


class _Clock(NamedTuple):
    """How one interface counts time: ticks a second, and seconds to add."""

    ticks_per_second: int
    offset_seconds: int

    def time_ns(self, ticks: int) -> int:
        since_offset_ns = ticks * _NS_PER_SECOND // self.ticks_per_second
        return since_offset_ns + self.offset_seconds * _NS_PER_SECOND


class Capture:
    """One capture file. Iterating yields its frames in file order; `dropped` is complete after."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.dropped = 0

    def __iter__(self) -> Iterator[Frame]:
        self.dropped = 0
        clocks: list[_Clock] = []
        with self.path.open("rb") as file:
            for order, kind, body in self._blocks(file):
                if kind == _SECTION_HEADER:
                    clocks = []
                elif kind == _INTERFACE_DESCRIPTION:
                    clocks.append(self._interface(body, order))
                elif kind == _ENHANCED_PACKET:
                    yield self._frame(body, order, clocks)
                elif kind == _INTERFACE_STATISTICS:
                    self.dropped += _drops(body, order)
                elif kind == _SIMPLE_PACKET:
                    raise self._error("holds packets without time stamps")

    def _error(self, what: str) -> CaptureError:
        return CaptureError(f"{self.path}: {what}")

    def _blocks(self, file: BinaryIO) -> Iterator[tuple[str, int, bytes]]:
        """Yields (byte order, block type, body) of every block."""
        order = ""
        while head := file.read(8):
            if len(head) == 8 and head[:4] == b"\x0a\x0d\x0d\x0a":
                order = self._byte_order(file)
            if not order or len(head) < 8:
                raise self._error("is no pcapng capture, or is cut short")
            kind, length = struct.unpack(order + "II", head)
            if length < 12 or length % 4:
                raise self._error("has a block of impossible length")
            rest = file.read(length - 8)
            if len(rest) < length - 8:
                raise self._error("is cut short inside a block")
            if struct.unpack(order + "I", rest[-4:])[0] != length:
                raise self._error("has a block whose two lengths differ")
            yield order, kind, rest[:-4]

    def _byte_order(self, file: BinaryIO) -> str:
        """Looks at the magic of a section header, which decides how its own length reads."""
        magic = file.read(4)
        file.seek(-len(magic), 1)
        for order in ("<", ">"):
            if magic == struct.pack(order + "I", _BYTE_ORDER_MAGIC):
                return order
        raise self._error("is no pcapng capture")

    def _interface(self, body: bytes, order: str) -> _Clock:
        if len(body) < 8:
            raise self._error("has an interface description that is too short")
        (link_type,) = struct.unpack_from(order + "H", body)
        if link_type != _LINK_TYPE_ETHERNET:
            raise self._error(f"was not captured on Ethernet (link type {link_type})")
        ticks_per_second, offset_seconds = 10**6, 0
        for code, value in _options(body[8:], order):
            if code == _OPTION_TIME_RESOLUTION and len(value) == 1:
                exponent = value[0] & 0x7F
                ticks_per_second = 2**exponent if value[0] & 0x80 else 10**exponent
            elif code == _OPTION_TIME_OFFSET and len(value) == 8:
                (offset_seconds,) = struct.unpack(order + "q", value)
        return _Clock(ticks_per_second, offset_seconds)

    def _frame(self, body: bytes, order: str, clocks: list[_Clock]) -> Frame:
        if len(body) < 20:
            raise self._error("has a packet block that is too short")
        interface, high, low, captured, original = struct.unpack_from(order + "5I", body)
        if interface >= len(clocks) or 20 + captured > len(body):
            raise self._error("has a packet block that contradicts itself")
        time_ns = clocks[interface].time_ns(high << 32 | low)
        return Frame(time_ns, original, body[20 : 20 + captured])


def _options(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """Yields (code, value) of a block's options, up to the end mark or what is cut short."""
    offset = 0
    while offset + 4 <= len(data):
        code, length = struct.unpack_from(order + "HH", data, offset)
        if code == _OPTION_END:
            return
        yield code, data[offset + 4 : offset + 4 + length]
        offset += 4 + (length + 3) // 4 * 4


def _drops(body: bytes, order: str) -> int:
    """Frames that the interface or the system did not hand to the capture."""
    return sum(
        struct.unpack(order + "Q", value)[0]
        for code, value in _options(body[12:], order)
        if code in (_STATISTIC_INTERFACE_DROPS, _STATISTIC_SYSTEM_DROPS) and len(value) == 8
    )
