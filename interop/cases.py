"""Random objects that can be encoded, edges included, and what decoding them must answer."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Mapping
from typing import Any, NamedTuple

import frames
import surplus
from deltas import decode_delta_ns
from encoding import MAX_EPOCH, MIN_UDP_LENGTH
from options import DEFAULT_PDMV2_TYPE, PDMV1_TYPE
from packets import (
    DCCP,
    ECHO_REPLY,
    ECHO_REQUEST,
    ICMPV6,
    PROTOCOLS_WITH_PORTS,
    SCTP,
    TCP,
    UDP,
    UDP_LITE,
)

Object = dict[str, Any]

_PROTOCOLS = (TCP, UDP, UDP, ICMPV6, ICMPV6, SCTP, DCCP, UDP_LITE, 0, 59, 89, 255)
_KNOWN_TLVS = (*frames.TLV_LENGTHS, frames.PADDING, frames.CUSTOM)


class Group(NamedTuple):
    """One carriage with one way to seal it. `suite` is 0 where nothing is sealed with a suite."""

    carriage: str
    suite: int = 0
    frame_flags: int = 0
    secret: str = ""

    def __str__(self) -> str:
        parts = [self.carriage]
        if self.suite:
            parts.append(f"suite {self.suite}")
        if self.secret:
            parts.append(self.secret)
        return ", ".join(parts)


PAIR_SECRET = "pair secret"
RAW_KEY = "raw key"

GROUPS = (
    Group("destopt-v1"),
    Group("destopt-v2-clear"),
    Group("destopt-v2", 1, secret=PAIR_SECRET),
    Group("destopt-v2", 2, secret=PAIR_SECRET),
    Group("udp-option-clear"),
    Group("udp-option", 1, secret=PAIR_SECRET),
    Group("udp-option", 2, secret=PAIR_SECRET),
    Group("udp-frame"),
    Group("udp-frame", 0, frames.ENCRYPTED, RAW_KEY),
    Group("udp-frame", 1, frames.ENCRYPTED | frames.KEY_ID, PAIR_SECRET),
    Group("udp-frame", 2, frames.ENCRYPTED | frames.KEY_ID, PAIR_SECRET),
)


def random_object(group: Group, source: random.Random) -> Object:
    """An object of this group that every codec must encode."""
    make = {
        "destopt-v1": _v1,
        "destopt-v2-clear": _v2_clear,
        "destopt-v2": _v2,
        "udp-option-clear": _udp_option_clear,
        "udp-option": _udp_option,
        "udp-frame": _frame,
    }[group.carriage]
    return {"carriage": group.carriage} | make(group, source)


def expected_answer(document: Mapping[str, Any], group: Group) -> Object:
    """What decoding must say of the octets, told from the object alone."""
    answer = {"status": "ok"} | dict(document)
    if group.carriage == "udp-frame":
        answer.pop("suite", None)
        return {"version": 2, "keyId": 0, "tlvs": []} | answer
    if document.get("optionType") == DEFAULT_PDMV2_TYPE:
        del answer["optionType"]
    if document.get("exId") == surplus.DEFAULT_EXID:
        del answer["exId"]
    if group.suite:
        answer["suite"] = group.suite
    elif group.carriage != "destopt-v1":
        answer["epoch"] = 0
    for delta, scale in (("deltaTlr", "scaleDtlr"), ("deltaTls", "scaleDtls")):
        answer[delta + "Ns"] = decode_delta_ns(document[delta], document[scale])
    return answer


def number(source: random.Random, bits: int) -> int:
    """A number of so many bits: an edge, one of any length, or any."""
    top = (1 << bits) - 1
    kind = source.randrange(4)
    if kind == 0:
        return source.choice((0, 1, top, top - 1, top >> 1, (top >> 1) + 1))
    if kind == 1:
        return source.getrandbits(source.randrange(1, bits + 1))
    return source.getrandbits(bits)


def random_flow(source: random.Random, protocol: int | None = None) -> Object:
    if protocol is None:
        protocol = source.choice((*_PROTOCOLS, source.randrange(256)))
    flow: Object = {
        "source": _address(source),
        "destination": _address(source),
        "protocol": protocol,
    }
    if protocol in PROTOCOLS_WITH_PORTS:
        flow |= {"sourcePort": number(source, 16), "destinationPort": number(source, 16)}
    elif protocol == ICMPV6:
        flow |= _icmp_part(source)
    elif source.random() < 0.3:
        flow |= {"sourcePort": 0, "destinationPort": 0}
    return flow


def _icmp_part(source: random.Random) -> Object:
    kind = source.choice((ECHO_REQUEST, ECHO_REPLY, 1, 2, 3, 4, source.randrange(256)))
    code = 0 if source.random() < 0.5 else source.randrange(256)
    identifier = number(source, 16) if kind in (ECHO_REQUEST, ECHO_REPLY) else 0
    if source.random() < 0.3:
        return {"sourcePort": kind << 8 | code, "destinationPort": identifier}
    part = {"icmpType": kind, "icmpCode": code}
    if identifier or source.random() < 0.5:
        part["identifier"] = identifier
    return part


def _address(source: random.Random) -> str:
    edges = ("::", "::1", "fe80::1", "ffff:" * 7 + "ffff", "2001:db8::", "::ffff:192.0.2.1")
    if source.random() < 0.2:
        return source.choice(edges)
    words = [source.choice((0, 0, source.getrandbits(16))) for _ in range(8)]
    address = ipaddress.IPv6Address(b"".join(word.to_bytes(2, "big") for word in words))
    return source.choice((str(address), address.exploded, str(address).upper()))


def _deltas(source: random.Random) -> Object:
    return {
        "scaleDtlr": number(source, 8),
        "scaleDtls": number(source, 8),
        "deltaTlr": number(source, 16),
        "deltaTls": number(source, 16),
    }


def _v1(_: Group, source: random.Random) -> Object:
    return {"psntp": number(source, 16), "psnlr": number(source, 16)} | _deltas(source)


def _metrics(source: random.Random) -> Object:
    return {
        "psntp": number(source, 32),
        "psnlr": number(source, 32),
        "globalPointer": number(source, 32),
    } | _deltas(source)


def _option_type(source: random.Random) -> Object:
    if source.random() < 0.7:
        return {}
    kind = source.choice((DEFAULT_PDMV2_TYPE, 0x3E, 0x1F, source.randrange(2, 256)))
    return {"optionType": kind if kind != PDMV1_TYPE else DEFAULT_PDMV2_TYPE}


def _sealed(group: Group, source: random.Random, protocol: int | None = None) -> Object:
    document: Object = {
        "epoch": number(source, MAX_EPOCH.bit_length()),
        "flow": random_flow(source, protocol),
    }
    if group.suite != 2 or source.random() < 0.5:
        document["suite"] = group.suite
    return document


def _place(source: random.Random) -> Object:
    document: Object = {"udpLength": max(MIN_UDP_LENGTH, number(source, 16))}
    if source.random() < 0.3:
        document["exId"] = source.choice((surplus.DEFAULT_EXID, number(source, 16)))
    return document


def _v2_clear(_: Group, source: random.Random) -> Object:
    epoch = {"epoch": 0} if source.random() < 0.2 else {}
    return epoch | _metrics(source) | _option_type(source)


def _v2(group: Group, source: random.Random) -> Object:
    return _sealed(group, source) | _metrics(source) | _option_type(source)


def _udp_option_clear(_: Group, source: random.Random) -> Object:
    return _metrics(source) | _place(source)


def _udp_option(group: Group, source: random.Random) -> Object:
    return _sealed(group, source, UDP) | _metrics(source) | _place(source)


def _frame(group: Group, source: random.Random) -> Object:
    flags = group.frame_flags | source.choice((0, frames.REQUEST))
    if not group.frame_flags:
        flags |= source.choice((0, frames.KEY_ID))
    document: Object = {
        "flags": flags,
        "sequence": number(source, 32),
        "timestampMicroseconds": number(source, 64),
    }
    if flags & frames.KEY_ID:
        document["keyId"] = number(source, 12)
    if flags & frames.ENCRYPTED:
        document["nonce"] = source.randbytes(12).hex()
    if group.suite and (group.suite != 2 or source.random() < 0.5):
        document["suite"] = group.suite
    if source.random() < 0.9:
        document["tlvs"] = [random_tlv(source) for _ in range(_tlv_count(source))]
    return document


def _tlv_count(source: random.Random) -> int:
    return 40 if source.random() < 0.01 else source.choice((0, 1, 1, 2, 3, 7))


def random_tlv(source: random.Random) -> Object:
    if source.random() < 0.7:
        kind = source.choice(_KNOWN_TLVS)
    else:
        kind = source.choice((0, 9, 99, 101, 0xFFFF, source.getrandbits(16)))
    length = frames.TLV_LENGTHS.get(kind)
    if length is None:
        length = 900 if source.random() < 0.01 else source.choice((0, 1, 2, 3, 4, 7, 8, 16, 33))
    value = bytes(length) if kind == frames.PADDING else source.randbytes(length)
    return {"type": kind, "value": value.hex()}
