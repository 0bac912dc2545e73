#!/usr/bin/env python3
"""Reads a capture of one point and tells what section 8 of the protocol reference makes of it.

Usage: analysis.py CAPTURE.pcapng [--base-secret-file F]...

Prints the JSON of `pdm6 analyze --format json`, for Ethernet and the default option type, ExID and
port of udp-frames; both suites are tried. Small and slow: a second opinion for the ground truth and
for captures of laboratories.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import frames
import surplus
from deltas import decode_delta_ns
from directions import Direction, Record, Series
from endpoints import FRAME_PORT
from keys import CARRIAGE_DESTINATION_OPTION_V2, CARRIAGE_UDP_OPTION, frame_key, pair_secret
from ledger import quantile
from members import write_flow
from options import (
    DEFAULT_PDMV2_TYPE,
    PDMV1_LENGTH,
    PDMV1_TYPE,
    Body,
    MetricBlock,
    Pdmv1,
    Pdmv2,
    parse_legacy,
)
from packets import TCP, UDP, FlowKey, Packet, parse_frame
from pcapng import Capture
from refusals import Malformed, Refused
from sealing import open_body
from truth import COUNTS, QUANTILES

SUITES = (2, 1)
_UDP_HEADER_LENGTH = 8
_CLEAR_CONTEXT = -1
_HOP_LIMITS = (64, 128, 255)


class Analysis:
    """Counts and samples of all flows of one capture."""

    def __init__(self, base_secrets: Sequence[bytes]) -> None:
        self._base_secrets = base_secrets
        self.directions: dict[FlowKey, Direction] = {}
        self._sources_with_context: set[bytes] = set()

    def read(self, capture: Capture) -> None:
        for frame in capture:
            packet = parse_frame(frame.data, frame.original_length)
            if packet is not None and packet.flow is not None:
                self._read_packet(packet, packet.flow)

    def document(self) -> dict[str, Any]:
        flows = [self._flow(direction) for direction in self.directions.values()]
        totals = {name: sum(flow[name] for flow in flows) for name in COUNTS}
        return {"flows": flows, "totals": totals}

    def _read_packet(self, packet: Packet, flow: FlowKey) -> None:
        try:
            found = _find(packet)
            if found is None and (frame := _find_frame(packet, flow)):
                self._read_frame(packet, flow, frame)
                return
        except Refused:
            self._direction(flow).counts["malformed"] += 1
            self._direction(flow).counts["packets"] += 1
            return
        if found is not None:
            kind = self._count(packet, flow, *found)
            self._direction(flow).counts[kind] += 1
            self._direction(flow).counts["packets"] += 1

    def _read_frame(self, packet: Packet, flow: FlowKey, frame: frames.Frame) -> None:
        kind, context, tlvs = self._open_frame(flow, frame)
        self._direction(flow).counts[kind] += 1
        self._direction(flow).counts["packets"] += 1
        block = next((tlv.value for tlv in tlvs if tlv.kind == frames.PDM), None)
        is_refused = kind == "clear" and flow.source in self._sources_with_context
        if block is not None and not is_refused:
            number = frame.header.sequence
            self._add(packet, flow, context, number, MetricBlock.parse(block))

    def _open_frame(self, flow: FlowKey, frame: frames.Frame) -> tuple[str, int, list[frames.Tlv]]:
        """Its count, its context and its TLVs."""
        if not frame.is_encrypted:
            return "clear", _CLEAR_CONTEXT, frames.parse_tlvs(frame.content)
        if not self._base_secrets or not frame.header.flags & frames.KEY_ID:
            return "noKey", _CLEAR_CONTEXT, []
        for context, base in enumerate(self._base_secrets):
            pair = pair_secret(base, flow.source, flow.destination)
            for suite in SUITES:
                tlvs = frame.open(frame_key(pair, suite, frame.header.key_id))
                if tlvs is not None:
                    self._sources_with_context.add(flow.source)
                    return "opened", context, frames.parse_tlvs(tlvs)
        return "authenticationFailed", _CLEAR_CONTEXT, []

    def _count(
        self, packet: Packet, flow: FlowKey, option: Pdmv1 | Body, sealed: tuple[int, bytes] | None
    ) -> str:
        """Takes in what the option says, and tells which count the packet belongs to."""
        if isinstance(option, Body) and option.is_protected:
            if sealed is None or not self._base_secrets:
                return "noKey"
            carriage, associated_data = sealed
            for context, base in enumerate(self._base_secrets):
                pair = pair_secret(base, flow.source, flow.destination)
                for suite in SUITES:
                    block = open_body(option, associated_data, flow, pair, suite, carriage)
                    if block is not None:
                        self._sources_with_context.add(flow.source)
                        self._add(packet, flow, context, option.psntp, block)
                        return "opened"
            return "authenticationFailed"
        if flow.source in self._sources_with_context:
            return "clear"
        if isinstance(option, Pdmv1):
            block = MetricBlock(option.psnlr, 0, *option[:2], *option[4:])
            self._add(packet, flow, _CLEAR_CONTEXT, option.psntp, block, bits=16)
        else:
            block = MetricBlock.parse(option.block)
            self._add(packet, flow, _CLEAR_CONTEXT, option.psntp, block)
        return "clear"

    def _add(
        self,
        packet: Packet,
        flow: FlowKey,
        context: int,
        psntp: int,
        block: MetricBlock,
        bits: int = 32,
    ) -> None:
        record = Record(
            psntp,
            block.psnlr,
            decode_delta_ns(block.delta_tlr, block.scale_dtlr),
            decode_delta_ns(block.delta_tls, block.scale_dtls),
            packet.payload_length,
            {_identity(packet)},
        )
        self._direction(flow).add(context, bits, record, packet.hop_limit)

    def _direction(self, flow: FlowKey) -> Direction:
        return self.directions.setdefault(flow, Direction(flow))

    def _flow(self, own: Direction) -> dict[str, Any]:
        reverse = own.key.reverse
        other = self.directions.get(reverse) if reverse else None
        for series in own.series:
            span = max(series.records) - min(series.records) + 1
            own.counts["lost"] += span - len(series.records)
        trips = [list(_round_trips(series, other)) for series in own.series] if other else []
        delays = list(_server_delays(own, other)) if other else []
        variations = [
            abs(b - a) for values in trips for a, b in zip(values, values[1:], strict=False)
        ]
        flow = write_flow(own.key)
        return {
            "source": flow["source"],
            "destination": flow["destination"],
            "protocol": own.key.protocol,
            "sourcePort": flow.get("sourcePort"),
            "destinationPort": flow.get("destinationPort"),
            **own.counts,
            "hops": None if own.hop_limit is None else _hops(own.hop_limit),
            "roundTripNs": _distribution([value for values in trips for value in values]),
            "serverDelayNs": _distribution(delays),
            "variationNs": _distribution(variations),
        }


def _find(packet: Packet) -> tuple[Pdmv1 | Body, tuple[int, bytes] | None] | None:
    """The packet's PDM option and what its tag covers; None if it has none."""
    types = (PDMV1_TYPE, DEFAULT_PDMV2_TYPE)
    if any(kind in types for kind in packet.cut_options):
        raise Malformed("a PDM option runs past the end of its header")
    found = [option for option in packet.options if option[0] in types]
    area = _find_in_surplus(packet, bool(found)) if packet.surplus else None
    if len(found) + (area is not None) > 1:
        raise Malformed("two PDM options in one packet")
    if area is not None:
        return area.body, (CARRIAGE_UDP_OPTION, area.associated_data)
    if not found:
        return None
    option = found[0]
    if option[0] == DEFAULT_PDMV2_TYPE:
        parsed = Pdmv2.parse(option)
        return parsed.body, (CARRIAGE_DESTINATION_OPTION_V2, parsed.associated_data)
    return Pdmv1.parse(option) if option[1] == PDMV1_LENGTH else parse_legacy(option), None


def _find_frame(packet: Packet, flow: FlowKey) -> frames.Frame | None:
    """The udp-frame that is the packet's payload, if its port says so; empty ones are none."""
    is_frame = flow.protocol == UDP and FRAME_PORT in (flow.source_port, flow.destination_port)
    payload = packet.upper[_UDP_HEADER_LENGTH:] if is_frame else b""
    return frames.Frame.parse(payload) if payload else None


def _find_in_surplus(packet: Packet, has_other: bool) -> surplus.UdpPdm | None:
    """The area's PDM option. An area with a fault is ignored, unless it was to be the only one."""
    has_pad = len(packet.upper) % 2 == 1
    try:
        return surplus.find_pdm(packet.surplus, has_pad, surplus.DEFAULT_EXID)
    except Malformed:
        if not surplus.is_right(packet.surplus, has_pad) and (
            has_other or not surplus.begins_with_pdm(packet.surplus, has_pad)
        ):
            return None
        raise


def _identity(packet: Packet) -> bytes:
    """What tells a copy from another segment: TCP sequence number, checksum and length."""
    if packet.flow is None or packet.flow.protocol != TCP:
        return b""
    return packet.upper[4:8] + packet.upper[16:18] + packet.payload_length.to_bytes(4, "big")


def _round_trips(series: Series, other: Direction) -> Iterator[int]:
    for _, record in series.in_order():
        answer = other.named(record.psnlr)
        # PSNLR 0 with DTLR 0 says "nothing heard yet", also where a packet with number 0 exists.
        if not record.dtls_ns or answer is None or answer.heard_nothing:
            continue
        value_ns = record.dtls_ns - answer.dtlr_ns
        if answer.psnlr == (record.psntp - 1) % (1 << series.bits) and value_ns > 0:
            yield value_ns


def _server_delays(own: Direction, other: Direction) -> Iterator[int]:
    for series in own.series:
        leading: set[int] = set()
        for place, (number, record) in enumerate(series.in_order()):
            if record.heard_nothing:
                continue
            request, before = other.named(record.psnlr), series.records.get(number - 1)
            if record.dtls_ns:
                is_first = True
            elif before is not None:
                is_other = before.psnlr != record.psnlr or before.heard_nothing
                is_first = is_other or (number - 1 in leading and not before.payload_length)
            else:
                is_first = place == 0 and request is not None and request.heard_nothing
            if is_first:
                leading.add(number)
            if is_first and record.payload_length and request and request.payload_length:
                yield record.dtlr_ns


def _hops(hop_limit: int) -> int:
    return min(start for start in _HOP_LIMITS if start >= hop_limit) - hop_limit


def _distribution(samples: Sequence[int]) -> dict[str, Any]:
    ordered = sorted(samples)
    return {"samples": len(ordered)} | {
        name: quantile(ordered, percent) if ordered else None for name, percent in QUANTILES.items()
    }


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="analysis.py", description=__doc__.partition("\n")[0])
    parser.add_argument("capture", type=Path)
    parser.add_argument("--base-secret-file", type=Path, action="append", default=[])
    options = parser.parse_args(arguments)
    secrets = [bytes.fromhex(path.read_text("ascii")) for path in options.base_secret_file]
    analysis = Analysis(secrets)
    analysis.read(Capture(options.capture))
    json.dump(analysis.document(), sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
