"""Builds IPv6 frames and pcapng files octet by octet, for tests."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from pathlib import Path

SNAP_LENGTH = 256
PADDING_6 = b"\x01\x04\x00\x00\x00\x00"


def address(text: str) -> bytes:
    return socket.inet_pton(socket.AF_INET6, text)


def option_header(next_header: int, options: bytes) -> bytes:
    """A Destination Options or Hop-by-Hop Options header of ready options."""
    assert (len(options) + 2) % 8 == 0
    return bytes([next_header, (len(options) + 2) // 8 - 1]) + options


def ipv6_frame(source: bytes, destination: bytes, next_header: int, payload: bytes) -> bytes:
    head = struct.pack(">IHBB", 6 << 28, len(payload), next_header, 64)
    return b"\x02" * 12 + b"\x86\xdd" + head + source + destination + payload


def udp(source_port: int, destination_port: int, data: bytes) -> bytes:
    return struct.pack(">HHHH", source_port, destination_port, 8 + len(data), 0) + data


def tcp(source_port: int, destination_port: int, data: bytes) -> bytes:
    ports = struct.pack(">HH", source_port, destination_port)
    return ports + struct.pack(">IIBBHHH", 1, 1, 5 << 4, 16, 9, 0, 0) + data


def icmpv6_echo(kind: int, identifier: int, data: bytes) -> bytes:
    return struct.pack(">BBHHH", kind, 0, 0, identifier, 1) + data


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def block_option(code: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def section_header(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(options: bytes = b"", link_type: int = 1, order: str = "<") -> bytes:
    return block(1, struct.pack(order + "HHI", link_type, 0, SNAP_LENGTH) + options, order)


def enhanced_packet(ticks: int, frame: bytes, number: int = 0, order: str = "<") -> bytes:
    kept = frame[:SNAP_LENGTH]
    head = struct.pack(order + "5I", number, ticks >> 32, ticks & 0xFFFFFFFF, len(kept), len(frame))
    return block(6, head + kept, order)


def write_capture(path: Path, frames: Iterable[tuple[int, bytes]], exponent: int = 9) -> None:
    """Writes (time in ns, frame) pairs with a resolution of 10^-exponent seconds."""
    with path.open("wb") as file:
        file.write(section_header())
        file.write(interface(block_option(9, bytes([exponent])) + block_option(0, b"")))
        for time_ns, frame in frames:
            file.write(enhanced_packet(time_ns // 10 ** (9 - exponent), frame))
