"""JSON objects to octets: the encoding half of the codec (docs/codec.md)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import aead
import frames
import options
import surplus
from keys import frame_key
from members import U8, U16, U32, U64, MemberError, Members
from options import MetricBlock, Pdmv1
from packets import UDP, FlowKey
from sealing import build_protected, build_protected_area

DEFAULT_SUITE = 2
MAX_EPOCH = 0x0FFF
MIN_UDP_LENGTH = 8

_DELTAS = (("scaleDtlr", U8), ("scaleDtls", U8), ("deltaTlr", U16), ("deltaTls", U16))
_METRICS = (("psnlr", U32), ("globalPointer", U32), *_DELTAS)


class KeyFiles:
    """The two secrets that a codec may hold."""

    def __init__(self, pair_secret: bytes | None, raw_frame_key: bytes | None) -> None:
        self.pair_secret = pair_secret
        self._raw_frame_key = raw_frame_key

    def frame_key(self, header: frames.Header, suite: int) -> bytes | None:
        """The pair secret serves frames with a key id; the raw key the others, or all if alone."""
        if not header.flags & frames.KEY_ID or self.pair_secret is None:
            return self._raw_frame_key
        if header.key_id > MAX_EPOCH:
            return None
        return frame_key(self.pair_secret, suite, header.key_id)

    def needed_pair_secret(self) -> bytes:
        if self.pair_secret is None:
            raise MemberError("carriage: a sealed option needs --pair-secret-file")
        return self.pair_secret


def encode(document: Mapping[str, Any], keys: KeyFiles) -> bytes:
    """The octets of one object; raises MemberError."""
    members = Members(document)
    members.refuse_unknown()
    carriage = members.text("carriage")
    if carriage not in _ENCODERS:
        raise MemberError(f"carriage: give one of {', '.join(_ENCODERS)}")
    return _ENCODERS[carriage](members, keys)


def read_suite(members: Members, default: int = DEFAULT_SUITE) -> int:
    return members.number("suite", 2, default, minimum=1)


def _encode_v1(members: Members, _: KeyFiles) -> bytes:
    numbers = members.number("psntp", U16), members.number("psnlr", U16)
    scale_dtlr, scale_dtls, delta_tlr, delta_tls = (members.number(*item) for item in _DELTAS)
    return Pdmv1(scale_dtlr, scale_dtls, *numbers, delta_tlr, delta_tls).build()


def _encode_v2_clear(members: Members, _: KeyFiles) -> bytes:
    option_type = _read_option_type(members)
    psntp, block = members.number("psntp", U32), _read_block(members)
    return options.build_clear(option_type, psntp, block)


def _encode_v2(members: Members, keys: KeyFiles) -> bytes:
    option_type = _read_option_type(members)
    epoch, psntp, block, flow, suite = _read_sealed(members)
    pair = keys.needed_pair_secret()
    return build_protected(option_type, flow, pair, suite, epoch, psntp, block)


def _encode_udp_option_clear(members: Members, _: KeyFiles) -> bytes:
    exid, has_pad = _read_place(members)
    psntp, block = members.number("psntp", U32), _read_block(members)
    head = surplus.build_option_head(exid, surplus.EXPERIMENT_CLEAR_LENGTH, 0, psntp)
    return surplus.build_area(head + block.build(), has_pad)


def _encode_udp_option(members: Members, keys: KeyFiles) -> bytes:
    exid, has_pad = _read_place(members)
    epoch, psntp, block, flow, suite = _read_sealed(members)
    if flow.protocol != UDP:
        raise MemberError("flow: udp-option needs protocol 17")
    pair = keys.needed_pair_secret()
    return build_protected_area(exid, has_pad, flow, pair, suite, epoch, psntp, block)


def _encode_frame(members: Members, keys: KeyFiles) -> bytes:
    header = frames.Header(
        members.number("flags", frames.KNOWN_FLAGS),
        members.number("keyId", U16, 0),
        members.number("sequence", U32),
        members.number("timestampMicroseconds", U64),
    )
    if header.key_id and not header.flags & frames.KEY_ID:
        raise MemberError("keyId: only frames with flag bit 2 have one")
    tlvs = frames.build_tlvs(_read_tlv(item) for item in members.objects("tlvs"))
    suite = read_suite(members)
    nonce = members.octets("nonce", aead.NONCE_LENGTH) if "nonce" in members else None
    if not header.flags & frames.ENCRYPTED:
        if nonce is not None:
            raise MemberError("nonce: only frames with flag bit 0 have one")
        return frames.build_clear(header, tlvs)
    key = keys.frame_key(header, suite)
    if key is None:
        raise MemberError("flags: no key file serves this frame")
    return frames.build_sealed(header, tlvs, key, nonce or secrets.token_bytes(aead.NONCE_LENGTH))


def _read_option_type(members: Members) -> int:
    option_type = members.number("optionType", U8, options.DEFAULT_PDMV2_TYPE)
    if option_type == options.PDMV1_TYPE:
        raise MemberError("optionType: 15 is PDMv1, give another")
    return option_type


def _read_sealed(members: Members) -> tuple[int, int, MetricBlock, FlowKey, int]:
    epoch, psntp = members.number("epoch", MAX_EPOCH), members.number("psntp", U32)
    return epoch, psntp, _read_block(members), members.flow("flow"), read_suite(members)


def _read_block(members: Members) -> MetricBlock:
    return MetricBlock(*(members.number(*item) for item in _METRICS))


def _read_place(members: Members) -> tuple[int, bool]:
    """The ExID, and whether the area begins at an odd offset from the IPv6 header.

    The IPv6 header and its extension headers have even lengths, so the UDP length decides.
    """
    udp_length = members.number("udpLength", U16, minimum=MIN_UDP_LENGTH)
    return members.number("exId", U16, surplus.DEFAULT_EXID), bool(udp_length % 2)


def _read_tlv(item: Members) -> frames.Tlv:
    tlv = frames.Tlv(item.number("type", U16), item.octets("value"))
    item.refuse_others()
    length = frames.TLV_LENGTHS.get(tlv.kind, len(tlv.value))
    if len(tlv.value) != length or length > U16:
        raise MemberError(f"tlvs: type {tlv.kind} cannot have {len(tlv.value)} octets")
    return tlv


_ENCODERS: dict[str, Callable[[Members, KeyFiles], bytes]] = {
    "destopt-v1": _encode_v1,
    "destopt-v2-clear": _encode_v2_clear,
    "destopt-v2": _encode_v2,
    "udp-option-clear": _encode_udp_option_clear,
    "udp-option": _encode_udp_option,
    "udp-frame": _encode_frame,
}
