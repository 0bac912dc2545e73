"""Builds IPv6 packets with right checksums, as applications send them, with room for options."""

from __future__ import annotations

import struct

from packets import DESTINATION_OPTIONS, FlowKey
from surplus import internet_sum

TCP_SYN = 0x02
TCP_PUSH = 0x08
TCP_ACK = 0x10

_ETHERNET_HEAD = bytes.fromhex("02000000000202000000000186dd")
_HEADER_HEAD_LENGTH = 2


def build_udp(flow: FlowKey, data: bytes) -> bytes:
    """A UDP datagram; its length and checksum know nothing of a surplus area."""
    head = struct.pack(">HHH", flow.source_port, flow.destination_port, 8 + len(data))
    checksum = _checksum(flow, head + bytes(2) + data) or 0xFFFF
    return head + struct.pack(">H", checksum) + data


def build_tcp(flow: FlowKey, sequence: int, flags: int, data: bytes) -> bytes:
    ports = struct.pack(">HH", flow.source_port, flow.destination_port)
    head = ports + struct.pack(">IIBBH", sequence, 1, 5 << 4, flags, 0xFFFF)
    checksum = _checksum(flow, head + bytes(4) + data)
    return head + struct.pack(">HH", checksum, 0) + data


def build_echo(flow: FlowKey, sequence: int, data: bytes) -> bytes:
    """An ICMPv6 echo request or reply; the flow's ports say type, code and identifier."""
    number = struct.pack(">HH", flow.destination_port, sequence & 0xFFFF)
    kind = struct.pack(">H", flow.source_port)
    checksum = _checksum(flow, kind + bytes(2) + number + data)
    return kind + struct.pack(">H", checksum) + number + data


def build_options_header(next_header: int, *options: bytes) -> bytes:
    """A Destination Options header with these options first and padding after them.

    One option of ours is followed by PadN of 6 octets (protocol reference, section 3).
    """
    content = b"".join(options)
    missing = -(_HEADER_HEAD_LENGTH + len(content)) % 8
    if missing == 1:
        content += b"\x00"
    elif missing:
        content += bytes([1, missing - 2]) + bytes(missing - 2)
    return bytes([next_header, (_HEADER_HEAD_LENGTH + len(content)) // 8 - 1]) + content


def build_packet(flow: FlowKey, hop_limit: int, upper: bytes, header: bytes = b"") -> bytes:
    """An IPv6 packet; `header` is a ready Destination Options header, or nothing."""
    next_header = DESTINATION_OPTIONS if header else flow.protocol
    length = len(header) + len(upper)
    fixed = struct.pack(">IHBB", 6 << 28, length, next_header, hop_limit)
    return fixed + flow.source + flow.destination + header + upper


def build_frame(packet: bytes) -> bytes:
    """The packet on Ethernet."""
    return _ETHERNET_HEAD + packet


def _checksum(flow: FlowKey, upper: bytes) -> int:
    """The Internet checksum with the pseudo-header of RFC 8200, section 8.1."""
    tail = struct.pack(">II", len(upper), flow.protocol)
    return ~internet_sum(flow.source + flow.destination + tail + upper) & 0xFFFF
