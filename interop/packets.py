"""IPv6 packets as far as PDM needs them: headers, flow, destination options, payload length."""

from __future__ import annotations

import struct
from typing import NamedTuple

TCP = 6
UDP = 17
DCCP = 33
ICMPV6 = 58
SCTP = 132
UDP_LITE = 136

ECHO_REQUEST = 128
ECHO_REPLY = 129

HOP_BY_HOP = 0
ROUTING = 43
FRAGMENT = 44
ESP = 50
AUTHENTICATION = 51
DESTINATION_OPTIONS = 60

PROTOCOLS_WITH_PORTS = frozenset({TCP, UDP, DCCP, SCTP, UDP_LITE})

_ETHERNET_HEADER_LENGTH = 14
_ETHERTYPE_IPV6 = b"\x86\xdd"
_IPV6_HEADER_LENGTH = 40
_UDP_HEADER_LENGTH = 8
_OPTIONS_HEADERS = (HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS)
_OPAQUE_HEADERS = (FRAGMENT, ESP, AUTHENTICATION)


class FlowKey(NamedTuple):
    """The five fields of a flow (protocol reference, section 1)."""

    source: bytes
    destination: bytes
    protocol: int
    source_port: int
    destination_port: int

    @property
    def reverse(self) -> FlowKey | None:
        """The flow of the answers; None where there is none (ICMPv6 other than echo)."""
        if self.protocol != ICMPV6:
            ports = self.destination_port, self.source_port
            return FlowKey(self.destination, self.source, self.protocol, *ports)
        answer = {ECHO_REQUEST: ECHO_REPLY, ECHO_REPLY: ECHO_REQUEST}.get(self.source_port >> 8)
        if answer is None:
            return None
        ports = answer << 8 | self.source_port & 0xFF, self.destination_port
        return FlowKey(self.destination, self.source, ICMPV6, *ports)


class Packet(NamedTuple):
    """One IPv6 packet.

    `size` counts the octets of the whole IPv6 packet. `headers` are the kinds of the extension
    headers in order, `options` the options other than padding of all Destination Options headers,
    each with its type and length octets. `flow` is None where the upper layer is out of reach:
    fragments, IPsec, malformed or truncated headers. `cut_options` are the types of options that
    run past the end of their header. `upper` is the upper layer as far as it was captured, and
    `surplus` what follows a UDP datagram inside the packet (RFC 9868).
    """

    source: bytes
    destination: bytes
    size: int
    headers: tuple[int, ...]
    options: tuple[bytes, ...]
    flow: FlowKey | None
    payload_length: int
    cut_options: tuple[int, ...] = ()
    hop_limit: int = 0
    upper: bytes = b""
    surplus: bytes = b""


def parse_frame(frame: bytes, original_length: int) -> Packet | None:
    """Reads an Ethernet frame; None if it holds no IPv6 packet. Hostile octets never raise."""
    if frame[12:14] != _ETHERTYPE_IPV6:
        return None
    return parse_packet(frame[_ETHERNET_HEADER_LENGTH:], original_length - _ETHERNET_HEADER_LENGTH)


def parse_packet(ip: bytes, original_length: int) -> Packet | None:
    """Reads an IPv6 packet; None if it is none. Hostile octets never raise."""
    if len(ip) < _IPV6_HEADER_LENGTH or ip[0] >> 4 != 6:
        return None
    payload_length, next_header, hop_limit = struct.unpack_from(">HBB", ip, 4)
    # The kernel's own super-packets beyond 64 KiB say 0; then only the frame knows the length.
    size = _IPV6_HEADER_LENGTH + payload_length if payload_length else original_length
    source, destination = ip[8:24], ip[24:40]
    headers: list[int] = []
    options: list[bytes] = []
    cut_options: list[int] = []
    offset = _IPV6_HEADER_LENGTH
    flow: FlowKey | None = None
    payload = 0
    upper = surplus = b""
    while next_header in _OPTIONS_HEADERS and len(ip) >= offset + 8:
        end = offset + 8 + 8 * ip[offset + 1]
        headers.append(next_header)
        if next_header == DESTINATION_OPTIONS:
            whole, cut = _options(ip[offset + 2 : end])
            options += whole
            cut_options += cut
        next_header, offset = ip[offset], end
    if next_header in _OPAQUE_HEADERS:
        headers.append(next_header)
    elif next_header not in _OPTIONS_HEADERS:
        upper, surplus = _split(next_header, ip[offset:size])
        ports = _ports(next_header, upper)
        if ports is not None:
            flow = FlowKey(source, destination, next_header, *ports)
            length = size - offset - len(surplus)
            payload = max(0, length - _upper_header_length(next_header, upper))
    return Packet(
        source,
        destination,
        size,
        tuple(headers),
        tuple(options),
        flow,
        payload,
        tuple(cut_options),
        hop_limit,
        upper,
        surplus,
    )


def _split(protocol: int, upper: bytes) -> tuple[bytes, bytes]:
    """A UDP datagram and what follows it; everything else has nothing behind it."""
    if protocol == UDP and len(upper) >= _UDP_HEADER_LENGTH:
        (length,) = struct.unpack_from(">H", upper, 4)
        if _UDP_HEADER_LENGTH <= length < len(upper):
            return upper[:length], upper[length:]
    return upper, b""


def _options(data: bytes) -> tuple[list[bytes], list[int]]:
    """The options of one header without Pad1 and PadN, and the type of one that is cut off."""
    found: list[bytes] = []
    offset = 0
    while offset + 2 <= len(data):
        kind = data[offset]
        if kind == 0:
            offset += 1
            continue
        end = offset + 2 + data[offset + 1]
        if end > len(data):
            return found, [kind]
        if kind != 1:
            found.append(data[offset:end])
        offset = end
    return found, []


def _ports(protocol: int, upper: bytes) -> tuple[int, int] | None:
    """Source and destination port of the flow; None if the capture does not reach them."""
    if protocol in PROTOCOLS_WITH_PORTS:
        if len(upper) < 4:
            return None
        source_port, destination_port = struct.unpack_from(">HH", upper)
        return source_port, destination_port
    if protocol == ICMPV6:
        if len(upper) < 8:
            return None
        type_and_code, _, identifier = struct.unpack_from(">HHH", upper)
        is_echo = upper[0] in (ECHO_REQUEST, ECHO_REPLY)
        return type_and_code, identifier if is_echo else 0
    return 0, 0


def _upper_header_length(protocol: int, upper: bytes) -> int:
    """Octets in front of the payload. The ICMPv6 header is taken as 8, as for echo."""
    if protocol == TCP:
        return 4 * (upper[12] >> 4) if len(upper) > 12 else 20
    if protocol == DCCP:
        return 4 * upper[4] if len(upper) > 4 else 12
    if protocol == SCTP:
        return 12
    return 8 if protocol in (UDP, UDP_LITE, ICMPV6) else 0
