"""Packets and capture files, octet by octet, for the tests of the dissector.

Nothing here is shared with the implementation under test.
"""

from __future__ import annotations

import ipaddress
import struct

HOP_BY_HOP, TCP, UDP, ROUTING, FRAGMENT, ICMPV6, DESTINATION_OPTIONS = 0, 6, 17, 43, 44, 58, 60
ETHERNET = 1

SOURCE, DESTINATION = "2001:db8::1", "2001:db8::2"


def address(text: str) -> bytes:
    return ipaddress.IPv6Address(text).packed


def ipv6(
    next_header: int, payload: bytes, source: str = SOURCE, destination: str = DESTINATION
) -> bytes:
    fixed = struct.pack(">IHBB", 6 << 28, len(payload), next_header, 64)
    return fixed + address(source) + address(destination) + payload


def checksum(octets: bytes) -> int:
    """RFC 1071: the complement of the one's-complement sum."""
    octets += bytes(len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def udp(
    payload: bytes,
    source_port: int = 40000,
    destination_port: int = 9999,
    source: str = SOURCE,
    destination: str = DESTINATION,
) -> bytes:
    size = 8 + len(payload)
    pseudo = address(source) + address(destination) + struct.pack(">IxxxB", size, UDP)
    ports = struct.pack(">HHH", source_port, destination_port, size)
    found = checksum(pseudo + ports + bytes(2) + payload) or 0xFFFF
    return ports + struct.pack(">H", found) + payload


def tcp(payload: bytes, source_port: int = 40000, destination_port: int = 443) -> bytes:
    """Its checksum is left 0: nobody here looks at it."""
    return struct.pack(">HHIIBBHHH", source_port, destination_port, 7, 9, 5 << 4, 0x10, 512, 0, 0) + payload


def icmpv6_echo(identifier: int, kind: int = 128) -> bytes:
    return struct.pack(">BBHHH", kind, 0, 0, identifier, 1) + b"ping"


def options_header(next_header: int, options: bytes) -> bytes:
    """An options header, padded to a multiple of 8 octets as RFC 8200 section 4.2 says."""
    missing = -(len(options) + 2) % 8
    if missing == 1:
        options += b"\0"
    elif missing:
        options += bytes([1, missing - 2]) + bytes(missing - 2)
    return bytes([next_header, (len(options) + 2) // 8 - 1]) + options


def surplus(options: bytes, starts_at: int) -> bytes:
    """A surplus area of RFC 9868 that begins so many octets behind the start of the IPv6 header."""
    pad = bytes(starts_at % 2)
    size = len(pad) + 2 + len(options)
    found = checksum(bytes(2) + options + bytes(len(options) % 2) + struct.pack(">H", size)) or 0xFFFF
    return pad + struct.pack(">H", found) + options


def udp_with_options(
    payload: bytes, options: bytes, source_port: int = 40000, destination_port: int = 9999
) -> bytes:
    """An IPv6 packet: a UDP datagram and behind it a surplus area with these options."""
    datagram = udp(payload, source_port, destination_port)
    return ipv6(UDP, datagram + surplus(options, 40 + len(datagram)))


def ethernet(packet: bytes) -> bytes:
    return bytes.fromhex("020000000002" "020000000001" "86dd") + packet


def capture(packets: list[bytes], link_type: int = ETHERNET, snap_length: int = 65535) -> bytes:
    """A pcap file, one packet a second."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snap_length, link_type)]
    for number, packet in enumerate(packets):
        kept = packet[:snap_length]
        parts.append(struct.pack("<IIII", 1_700_000_000 + number, 0, len(kept), len(packet)) + kept)
    return b"".join(parts)
