"""Octets to JSON objects: the decoding half of the codec (docs/codec.md)."""

from __future__ import annotations

from typing import Any, NamedTuple

import frames
import options
import surplus
from deltas import decode_delta_ns
from encoding import MIN_UDP_LENGTH, KeyFiles, read_suite
from keys import CARRIAGE_DESTINATION_OPTION_V2, CARRIAGE_UDP_OPTION
from members import U16, MemberError, Members, parse_hex, parse_object, write_flow
from options import Body, MetricBlock, Pdmv1, Pdmv2
from packets import UDP, FlowKey
from refusals import Malformed, Refused, UnknownVersion
from sealing import open_body

Answer = dict[str, Any]

V1, V2_CLEAR, V2, LEGACY = "destopt-v1", "destopt-v2-clear", "destopt-v2", "destopt-v2-legacy"
UDP_CLEAR, UDP_SEALED, FRAME = "udp-option-clear", "udp-option", "udp-frame"
CARRIAGES = (V1, V2_CLEAR, V2, LEGACY, UDP_CLEAR, UDP_SEALED, FRAME)

_DESTINATION_OPTION_TYPES = (options.DEFAULT_PDMV2_TYPE, options.PDMV1_TYPE)


class Line(NamedTuple):
    """What is known of the octets beside the octets."""

    carriage: str | None = None
    flow: FlowKey | None = None
    suite: int = 2
    udp_length: int | None = None


def decode_line(text: str, defaults: Line, keys: KeyFiles) -> Answer:
    """The answer to one line, whatever the line is."""
    try:
        octets, line = _read_line(text, defaults)
    except MemberError as error:
        return {"status": "malformed", "error": str(error)}
    return decode(octets, line, keys)


def decode(octets: bytes, line: Line, keys: KeyFiles) -> Answer:
    """Reads the octets as the carriage that the line names, or that they look like."""
    carriage = line.carriage or guess_carriage(octets)
    try:
        if carriage == FRAME:
            return _decode_frame(octets, line, keys)
        if carriage in (UDP_CLEAR, UDP_SEALED):
            return _decode_udp_option(octets, line, keys)
        if carriage == V1:
            return _decode_v1(octets)
        if carriage == LEGACY:
            return _decode_legacy(octets)
        return _decode_v2(octets, line, keys)
    except Refused as error:
        status = "unknown-version" if isinstance(error, UnknownVersion) else "malformed"
        return {"status": status, "carriage": carriage, "error": str(error)}


def guess_carriage(octets: bytes) -> str:
    """Which carriage octets without a name are."""
    is_option = octets[:1] and octets[0] in _DESTINATION_OPTION_TYPES
    if is_option and len(octets) >= 2 and len(octets) == octets[1] + 2:
        return _option_carriage(octets)
    if _looks_like_surplus(octets):
        return UDP_SEALED
    return _option_carriage(octets) if is_option else FRAME


def _read_line(text: str, defaults: Line) -> tuple[bytes, Line]:
    if not text.startswith("{"):
        octets = parse_hex(text)
        if not octets:
            raise MemberError("give hexadecimal digits or an object with hex")
        return octets, defaults
    members = Members(parse_object(text))
    members.refuse_unknown()
    octets = members.octets("hex")
    line = Line(
        _read_carriage(members) if "carriage" in members else defaults.carriage,
        members.flow("flow") if "flow" in members else defaults.flow,
        read_suite(members, defaults.suite),
        members.number("udpLength", U16, minimum=MIN_UDP_LENGTH)
        if "udpLength" in members
        else defaults.udp_length,
    )
    return octets, line


def _read_carriage(members: Members) -> str:
    carriage = members.text("carriage")
    if carriage not in CARRIAGES:
        raise MemberError(f"carriage: give one of {', '.join(CARRIAGES)}")
    return carriage


def _option_carriage(octets: bytes) -> str:
    length = octets[1] if len(octets) > 1 else 0
    if octets[0] == options.PDMV1_TYPE:
        return V1 if length == options.PDMV1_LENGTH else LEGACY
    return V2_CLEAR if length == options.CLEAR_LENGTH else V2


def _looks_like_surplus(octets: bytes) -> bool:
    """A PDM option directly behind pad and OCS, in an area that its options fill."""
    start = 3 if octets[:1] == b"\x00" and octets[3:4] == bytes([surplus.EXPERIMENT]) else 2
    head = bytes([surplus.EXPERIMENT]), surplus.DEFAULT_EXID.to_bytes(2, "big")
    if (octets[start : start + 1], octets[start + 2 : start + 4]) != head:
        return False
    try:
        return all(True for _ in surplus.split(octets[start:]))
    except Malformed:
        return False


def _decode_v1(octets: bytes) -> Answer:
    option = Pdmv1.parse(octets)
    fields = {"psntp": option.psntp, "psnlr": option.psnlr}
    deltas = option.scale_dtlr, option.scale_dtls, option.delta_tlr, option.delta_tls
    return {"status": "ok", "carriage": V1} | fields | _write_deltas(*deltas)


def _decode_v2(octets: bytes, line: Line, keys: KeyFiles) -> Answer:
    option = Pdmv2.parse(octets)
    answer: Answer = {"carriage": V2 if option.body.is_protected else V2_CLEAR}
    if option.option_type != options.DEFAULT_PDMV2_TYPE:
        answer["optionType"] = option.option_type
    sealed = CARRIAGE_DESTINATION_OPTION_V2, option.associated_data
    return _decode_body(answer, option.body, sealed, line, keys)


def _decode_legacy(octets: bytes) -> Answer:
    body = options.parse_legacy(octets)
    fields: Answer = {"carriage": LEGACY, "epoch": body.epoch, "psntp": body.psntp}
    if body.is_protected:
        return {"status": "no-key"} | fields | {"tagLength": len(body.tag)}
    return {"status": "ok"} | fields | _write_block(MetricBlock.parse(body.block))


def _decode_udp_option(octets: bytes, line: Line, keys: KeyFiles) -> Answer:
    if line.flow is not None and line.flow.protocol != UDP:
        return {"status": "malformed", "error": "flow: udp-option needs protocol 17"}
    odd = len(octets) if line.udp_length is None else line.udp_length
    option = surplus.find_pdm(octets, bool(odd % 2))
    if option is None:
        raise Malformed("the surplus area holds no PDM option")
    answer: Answer = {"carriage": UDP_SEALED if option.body.is_protected else UDP_CLEAR}
    if line.udp_length is not None:
        answer["udpLength"] = line.udp_length
    if option.exid != surplus.DEFAULT_EXID:
        answer["exId"] = option.exid
    sealed = CARRIAGE_UDP_OPTION, option.associated_data
    return _decode_body(answer, option.body, sealed, line, keys)


def _decode_body(
    answer: Answer, body: Body, sealed: tuple[int, bytes], line: Line, keys: KeyFiles
) -> Answer:
    numbers = {"epoch": body.epoch, "psntp": body.psntp}
    if not body.is_protected:
        return {"status": "ok"} | answer | numbers | _write_block(MetricBlock.parse(body.block))
    answer |= {"flow": write_flow(line.flow)} if line.flow else {}
    answer |= {"suite": line.suite} | numbers
    if line.flow is None or keys.pair_secret is None:
        return {"status": "no-key"} | answer
    carriage, associated_data = sealed
    pair = keys.pair_secret
    block = open_body(body, associated_data, line.flow, pair, line.suite, carriage)
    if block is None:
        return _refuse(answer)
    return {"status": "ok"} | answer | _write_block(block)


def _decode_frame(octets: bytes, line: Line, keys: KeyFiles) -> Answer:
    frame = frames.Frame.parse(octets)
    header = frame.header
    answer: Answer = {
        "carriage": FRAME,
        "version": frames.VERSION,
        "flags": header.flags,
        "keyId": header.key_id,
        "sequence": header.sequence,
        "timestampMicroseconds": header.timestamp_us,
    }
    key = keys.frame_key(header, line.suite)
    if not frame.is_encrypted:
        tlvs = _write_tlvs(frame.content)
        # Who holds the key of a clear frame refuses it: anyone could have taken the flag off.
        return {"status": "ok"} | answer | tlvs if key is None else _refuse(answer)
    answer["nonce"] = frame.nonce.hex()
    if key is None:
        return {"status": "no-key"} | answer
    opened = frame.open(key)
    return _refuse(answer) if opened is None else {"status": "ok"} | answer | _write_tlvs(opened)


def _refuse(answer: Answer) -> Answer:
    return {"status": "authentication-failed"} | answer


def _write_tlvs(octets: bytes) -> Answer:
    tlvs = frames.parse_tlvs(octets)
    return {"tlvs": [{"type": tlv.kind, "value": tlv.value.hex()} for tlv in tlvs]}


def _write_block(block: MetricBlock) -> Answer:
    numbers = {"psnlr": block.psnlr, "globalPointer": block.global_pointer}
    return numbers | _write_deltas(*block[2:])


def _write_deltas(scale_dtlr: int, scale_dtls: int, delta_tlr: int, delta_tls: int) -> Answer:
    return {
        "scaleDtlr": scale_dtlr,
        "scaleDtls": scale_dtls,
        "deltaTlr": delta_tlr,
        "deltaTls": delta_tls,
        "deltaTlrNs": decode_delta_ns(delta_tlr, scale_dtlr),
        "deltaTlsNs": decode_delta_ns(delta_tls, scale_dtls),
    }
