"""Writes captures: pcapng of Ethernet frames, and pcap of bare IPv6 packets, both with ns."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from datagrams import build_frame

_SECTION_HEADER = 0x0A0D0D0A
_INTERFACE_DESCRIPTION = 1
_ENHANCED_PACKET = 6
_BYTE_ORDER_MAGIC = 0x1A2B3C4D
_TIME_RESOLUTION_NS = struct.pack("<HHB3xHH", 9, 1, 9, 0, 0)
_PCAP_NS_MAGIC = 0xA1B23C4D
_LINK_TYPE_ETHERNET = 1
_LINK_TYPE_RAW = 101
_SNAP_LENGTH = 262_144


def write_pcapng(path: Path, packets: Iterable[tuple[int, bytes]]) -> None:
    """Writes (time in ns, IPv6 packet) pairs."""
    with path.open("wb") as file:
        file.write(_block(_SECTION_HEADER, struct.pack("<IHHq", _BYTE_ORDER_MAGIC, 1, 0, -1)))
        interface = struct.pack("<HHI", _LINK_TYPE_ETHERNET, 0, _SNAP_LENGTH)
        file.write(_block(_INTERFACE_DESCRIPTION, interface + _TIME_RESOLUTION_NS))
        for time_ns, packet in packets:
            frame = build_frame(packet)
            length = len(frame)
            head = struct.pack("<5I", 0, time_ns >> 32, time_ns & 0xFFFFFFFF, length, length)
            file.write(_block(_ENHANCED_PACKET, head + frame))


def write_pcap(path: Path, packets: Iterable[tuple[int, bytes]]) -> None:
    """Writes (time in ns, IPv6 packet) pairs in the classic format."""
    with path.open("wb") as file:
        file.write(
            struct.pack("<IHHiIII", _PCAP_NS_MAGIC, 2, 4, 0, 0, _SNAP_LENGTH, _LINK_TYPE_RAW)
        )
        for time_ns, packet in packets:
            seconds, rest_ns = divmod(time_ns, 10**9)
            length = len(packet)
            file.write(struct.pack("<IIII", seconds, rest_ns, length, length) + packet)


def _block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + length + body + length
