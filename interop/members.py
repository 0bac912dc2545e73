"""Members of a JSON object, read strictly: every error names the member and what it must be."""

from __future__ import annotations

import ipaddress
import json
import re
import socket
from collections.abc import Mapping
from typing import Any, NoReturn

from packets import (
    ECHO_REPLY,
    ECHO_REQUEST,
    ICMPV6,
    PROTOCOLS_WITH_PORTS,
    FlowKey,
)

_HEX = re.compile(r"(?:[0-9a-fA-F]{2})*")
_ICMP_MEMBERS = ("icmpType", "icmpCode", "identifier")
_PORT_MEMBERS = ("sourcePort", "destinationPort")

U8, U16, U32, U64 = 0xFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF


# Every member that some carriage has, or that decode adds. One object may serve every carriage, so a
# carriage passes over what it has no use for; any other name may be a slip of the pen.
_KNOWN = frozenset(
    """
    carriage flow suite epoch psntp psnlr globalPointer scaleDtlr scaleDtls deltaTlr deltaTls optionType udpLength exId
    flags keyId sequence timestampMicroseconds nonce tlvs hex status version deltaTlrNs deltaTlsNs
    """.split()
)


class MemberError(ValueError):
    """An object says something that cannot be meant; the message names the member."""


class Members:
    """Takes members out of an object one by one; what is left at the end is unknown."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._document

    def take(self, name: str) -> Any:
        self._taken.add(name)
        return self._document.get(name)

    def number(self, name: str, maximum: int, default: int | None = None, minimum: int = 0) -> int:
        """A whole number; required if there is no default."""
        if name not in self and default is not None:
            return default
        value = self.take(name)
        if type(value) is not int or not minimum <= value <= maximum:
            raise MemberError(f"{name}: give a whole number from {minimum} to {maximum}")
        return value

    def text(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str):
            raise MemberError(f"{name}: give a text")
        return value

    def octets(self, name: str, length: int | None = None) -> bytes:
        octets = parse_hex(self.text(name))
        if octets is None or length not in (None, len(octets)):
            size = "" if length is None else f"{2 * length} "
            raise MemberError(f"{name}: give {size}hexadecimal digits")
        return octets

    def objects(self, name: str) -> list[Members]:
        """A list of objects; empty if the member is missing."""
        if name not in self:
            return []
        value = self.take(name)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise MemberError(f"{name}: give a list of objects")
        return [Members(item) for item in value]

    def flow(self, name: str) -> FlowKey:
        value = self.take(name)
        if not isinstance(value, dict):
            raise MemberError(f"{name}: give an object with source, destination and protocol")
        return read_flow(value)

    def refuse_unknown(self) -> None:
        """For the object of a line."""
        if unknown := self._document.keys() - _KNOWN:
            raise MemberError(f"{min(unknown)}: no carriage has such a member")

    def refuse_others(self) -> None:
        """For an object inside a line's object: it has what was taken and nothing else."""
        if unknown := self._document.keys() - self._taken:
            raise MemberError(f"{min(unknown)}: there is no such member")


def parse_object(line: str) -> Mapping[str, Any]:
    """Reads one JSON object."""
    try:
        document = _decoder.decode(line)
    except (ValueError, RecursionError) as error:
        raise MemberError(f"not a JSON object: {error}") from error
    if not isinstance(document, dict):
        raise MemberError("not a JSON object")
    return document


def parse_hex(text: str) -> bytes | None:
    """Octets of an even number of hexadecimal digits; None for anything else."""
    return bytes.fromhex(text) if _HEX.fullmatch(text) else None


def read_flow(document: Mapping[str, Any]) -> FlowKey:
    """The five fields, with ports or, for ICMPv6, with type, code and identifier."""
    members = Members(document)
    source, destination = _address(members, "source"), _address(members, "destination")
    protocol = members.number("protocol", U8)
    if protocol == ICMPV6 and not any(name in members for name in _PORT_MEMBERS):
        ports = _icmp_ports(members)
    else:
        missing = None if protocol in PROTOCOLS_WITH_PORTS or protocol == ICMPV6 else 0
        first, second = (members.number(name, U16, missing) for name in _PORT_MEMBERS)
        ports = first, second
        if protocol == ICMPV6:
            _check_identifier(ports[0] >> 8, ports[1])
        if missing == 0 and any(ports):
            raise MemberError(f"sourcePort, destinationPort: protocol {protocol} has no ports")
    members.refuse_others()
    return FlowKey(source, destination, protocol, *ports)


def write_flow(flow: FlowKey) -> dict[str, Any]:
    """The canonical object of a flow."""
    document: dict[str, Any] = {
        "source": _canonical(flow.source),
        "destination": _canonical(flow.destination),
        "protocol": flow.protocol,
    }
    if flow.protocol == ICMPV6:
        values = flow.source_port >> 8, flow.source_port & 0xFF, flow.destination_port
        return document | dict(zip(_ICMP_MEMBERS, values, strict=True))
    ports = flow.source_port, flow.destination_port
    return document | dict(zip(_PORT_MEMBERS, ports, strict=True))


def _icmp_ports(members: Members) -> tuple[int, int]:
    kind, code = members.number("icmpType", U8), members.number("icmpCode", U8)
    identifier = members.number("identifier", U16, 0)
    _check_identifier(kind, identifier)
    return kind << 8 | code, identifier


def _check_identifier(kind: int, identifier: int) -> None:
    if identifier and kind not in (ECHO_REQUEST, ECHO_REPLY):
        raise MemberError("identifier: only ICMPv6 types 128 and 129 have one")


def _address(members: Members, name: str) -> bytes:
    text = members.text(name)
    try:
        return socket.inet_pton(socket.AF_INET6, text)
    except (OSError, ValueError) as error:
        raise MemberError(f"{name}: give an IPv6 address") from error


def _canonical(address: bytes) -> str:
    """RFC 5952. The library writes a dotted quad after 96 zero bits, where section 5 has none."""
    if not any(address[:12]):
        return str(ipaddress.IPv6Address(address))
    return socket.inet_ntop(socket.AF_INET6, address)


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        names = [name for name, _ in pairs]
        raise MemberError(f"{max(names, key=names.count)}: given twice")
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise MemberError(f"{name} is no JSON number")


_decoder = json.JSONDecoder(
    parse_constant=_refuse_constant, object_pairs_hook=_without_repetition
)
