"""Writes captures with ns: pcapng of Ethernet frames or all link types, pcap of bare packets."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from datagrams import build_frame

_SECTION_HEADER = 0x0A0D0D0A
_INTERFACE_DESCRIPTION = 1
_ENHANCED_PACKET = 6
_BYTE_ORDER_MAGIC = 0x1A2B3C4D
_TIME_RESOLUTION_NS = struct.pack("<HHB3xHH", 9, 1, 9, 0, 0)
_PCAP_NS_MAGIC = 0xA1B23C4D
_LINK_TYPE_ETHERNET = 1
_LINK_TYPE_RAW = 101
_LINK_TYPE_COOKED = 113
_LINK_TYPE_COOKED_2 = 276
_SNAP_LENGTH = 262_144
_IPV6 = bytes.fromhex("86dd")
_MACS = bytes.fromhex("020000000002020000000001")
_LINKS = (
    (_LINK_TYPE_ETHERNET, _MACS + _IPV6),
    (_LINK_TYPE_ETHERNET, _MACS + bytes.fromhex("81000007") + _IPV6),
    (_LINK_TYPE_ETHERNET, _MACS + bytes.fromhex("88a8000781000008") + _IPV6),
    (_LINK_TYPE_COOKED, bytes.fromhex("0000000100060200000000010000") + _IPV6),
    (_LINK_TYPE_COOKED_2, _IPV6 + bytes.fromhex("000000000002000100060200000000010000")),
    (_LINK_TYPE_RAW, b""),
)
"""Link type, and what stands before the packet: one interface each."""


def write_pcapng(path: Path, packets: Iterable[tuple[int, bytes]]) -> None:
    """Writes (time in ns, IPv6 packet) pairs."""
    with path.open("wb") as file:
        _write_section(file, [_LINK_TYPE_ETHERNET])
        for time_ns, packet in packets:
            _write_frame(file, 0, time_ns, build_frame(packet))


def write_links(path: Path, packets: Iterable[tuple[int, bytes]]) -> None:
    """Writes (time in ns, IPv6 packet) pairs, each as the next of several link types has it."""
    with path.open("wb") as file:
        _write_section(file, [link_type for link_type, _ in _LINKS])
        for number, (time_ns, packet) in enumerate(packets):
            interface = number % len(_LINKS)
            _write_frame(file, interface, time_ns, _LINKS[interface][1] + packet)


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


def _write_section(file: BinaryIO, link_types: Iterable[int]) -> None:
    file.write(_block(_SECTION_HEADER, struct.pack("<IHHq", _BYTE_ORDER_MAGIC, 1, 0, -1)))
    for link_type in link_types:
        interface = struct.pack("<HHI", link_type, 0, _SNAP_LENGTH)
        file.write(_block(_INTERFACE_DESCRIPTION, interface + _TIME_RESOLUTION_NS))


def _write_frame(file: BinaryIO, interface: int, time_ns: int, frame: bytes) -> None:
    length = len(frame)
    head = struct.pack("<5I", interface, time_ns >> 32, time_ns & 0xFFFFFFFF, length, length)
    file.write(_block(_ENHANCED_PACKET, head + frame))


def _block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + length + body + length
