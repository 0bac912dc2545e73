"""Senders of PDM packets that know the truth their deltas stand for (reference, section 8)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import frames
import options
import surplus
from datagrams import build_options_header, build_packet, build_udp
from deltas import encode_delta
from keys import frame_key, pair_secret
from options import DEFAULT_PDMV2_TYPE, PDMV1_TYPE, MetricBlock, Pdmv1
from packets import FlowKey
from sealing import build_protected, build_protected_area

SUITE = 2
FRAME_PORT = 8250
START_NS = 1_750_000_000_000_000_000
FIRST_EPOCH = 4090
EPOCH_LENGTH_NS = 10 * 10**9
_EPOCHS = 4096

V1, V2_CLEAR, V2, UDP_CLEAR, UDP_SEALED, LEGACY, FRAME_CLEAR, FRAME = (
    "destopt-v1",
    "destopt-v2-clear",
    "destopt-v2",
    "udp-option-clear",
    "udp-option",
    "destopt-v2-legacy",
    "udp-frame-clear",
    "udp-frame",
)
SEALED = (V2, UDP_SEALED, FRAME)
CLEAR = (V1, V2_CLEAR, UDP_CLEAR, FRAME_CLEAR)
FRAMES = (FRAME_CLEAR, FRAME)


@dataclass(eq=False, slots=True)
class Sent:
    """One numbered packet. `names` is the packet that its PSNLR names.

    A burst that was cut up has several `segments`, IPv6 packets with the very same option.
    `ordinal` is PSNTP before it wraps; one series is one incarnation of its sender, or what
    follows a jump.
    """

    endpoint: Endpoint
    series: int
    ordinal: int
    sent_ns: int
    names: Sent | None
    dtlr_ns: int
    dtls_ns: int
    payload_length: int
    segments: list[bytes] = field(default_factory=list)


@dataclass(eq=False)
class Endpoint:
    """One side of a conversation, and how its packets carry PDM. Without a carriage: not at all."""

    flow: FlowKey
    carriage: str
    hop_limit: int
    base_secret: bytes
    ordinal: int
    is_server: bool
    suite: int = SUITE
    series: int = 0
    last_accepted: Sent | None = None
    received_ns: int = 0
    last_sent_ns: int | None = None
    has_new_reception: bool = False
    global_pointer: int = 1

    def send(self, time_ns: int, uppers: Sequence[bytes], payload_length: int) -> Sent:
        """Numbers and times one packet, or one burst that leaves as several segments."""
        heard = self.last_accepted is not None
        dtls_ns = 0
        if self.has_new_reception and self.last_sent_ns is not None:
            dtls_ns = self.received_ns - self.last_sent_ns
        sent = Sent(
            endpoint=self,
            series=self.series,
            ordinal=self.ordinal,
            sent_ns=time_ns,
            names=self.last_accepted,
            dtlr_ns=time_ns - self.received_ns if heard else 0,
            dtls_ns=dtls_ns,
            payload_length=payload_length,
        )
        sent.segments = [self._carry(sent, upper) for upper in uppers]
        self.ordinal += 1
        self.global_pointer += 1
        self.last_sent_ns, self.has_new_reception = time_ns, False
        return sent

    def accept(self, sent: Sent, time_ns: int) -> None:
        """A packet updates state only if it is ahead of the last that did (section 9)."""
        last = self.last_accepted
        if last is None or (sent.series, sent.ordinal) > (last.series, last.ordinal):
            self.last_accepted, self.received_ns = sent, time_ns
            self.has_new_reception = True

    def restart(self, base_secret: bytes, ordinal: int) -> None:
        """A new incarnation, which remembers nothing."""
        self.base_secret, self.ordinal, self.series = base_secret, ordinal, self.series + 1
        self.last_accepted = self.last_sent_ns = None
        self.has_new_reception = False

    def jump(self, numbers: int) -> None:
        """Leaves out so many numbers, at least 2^16, which begins a new series."""
        self.ordinal += numbers
        self.series += 1

    def forge(self, psntp: int, time_ns: int, upper: bytes, source: random.Random) -> bytes:
        """A packet of this flow whose option nobody with the key has sealed."""
        block = MetricBlock.parse(source.randbytes(options.METRIC_BLOCK_LENGTH))
        return self._write(psntp, time_ns, upper, block, source.randbytes(32))

    def wrap(self, upper: bytes, header: bytes = b"") -> bytes:
        return build_packet(self.flow, self.hop_limit, upper, header)

    def _carry(self, sent: Sent, upper: bytes) -> bytes:
        if not self.carriage:
            return self.wrap(upper)
        psnlr = sent.names.ordinal if sent.names else 0
        (dtlr, scale_dtlr), (dtls, scale_dtls) = map(encode_delta, (sent.dtlr_ns, sent.dtls_ns))
        block = MetricBlock(
            psnlr % 2**32, self.global_pointer, scale_dtlr, scale_dtls, dtlr, dtls
        )
        return self._write(sent.ordinal, sent.sent_ns, upper, block, self.base_secret)

    def _write(
        self, number: int, time_ns: int, upper: bytes, block: MetricBlock, base_secret: bytes
    ) -> bytes:
        psntp = number % 2**32
        epoch = (FIRST_EPOCH + (time_ns - START_NS) // EPOCH_LENGTH_NS) % _EPOCHS
        if self.carriage in FRAMES:
            frame = self._frame(psntp, time_ns, epoch, block, base_secret)
            return self.wrap(build_udp(self.flow, frame))
        flow, has_pad = self.flow, len(upper) % 2 == 1
        pair = pair_secret(base_secret, flow.source, flow.destination)
        if self.carriage == UDP_SEALED:
            exid = surplus.DEFAULT_EXID
            area = build_protected_area(exid, has_pad, flow, pair, self.suite, epoch, psntp, block)
            return self.wrap(upper + area)
        if self.carriage == UDP_CLEAR:
            return self.wrap(upper + _clear_area(psntp, block, has_pad))
        if self.carriage == V1:
            option = _v1(psntp, block).build()
        elif self.carriage == V2_CLEAR:
            option = options.build_clear(DEFAULT_PDMV2_TYPE, psntp, block)
        else:
            kind = PDMV1_TYPE if self.carriage == LEGACY else DEFAULT_PDMV2_TYPE
            option = build_protected(kind, flow, pair, self.suite, epoch, psntp, block)
        return self.wrap(upper, build_options_header(flow.protocol, option))


    def _frame(
        self, psntp: int, time_ns: int, epoch: int, block: MetricBlock, base_secret: bytes
    ) -> bytes:
        """The whole payload: the metrics as a TLV, under the key that follows from the context."""
        flags = 0 if self.is_server else frames.REQUEST
        tlvs = frames.build_tlvs([frames.Tlv(frames.PDM, block.build())])
        time_us = time_ns // 1000
        if self.carriage == FRAME_CLEAR:
            return frames.build_clear(frames.Header(flags, 0, psntp, time_us), tlvs)
        flags |= frames.ENCRYPTED | frames.KEY_ID
        pair = pair_secret(base_secret, self.flow.source, self.flow.destination)
        nonce = self.global_pointer.to_bytes(12, "big")  # 0 u32, counter u64 from 1
        key = frame_key(pair, self.suite, epoch)
        return frames.build_sealed(frames.Header(flags, epoch, psntp, time_us), tlvs, key, nonce)


def _v1(psntp: int, block: MetricBlock) -> Pdmv1:
    return Pdmv1(
        block.scale_dtlr,
        block.scale_dtls,
        psntp % 2**16,
        block.psnlr % 2**16,
        block.delta_tlr,
        block.delta_tls,
    )


def _clear_area(psntp: int, block: MetricBlock, has_pad: bool) -> bytes:
    head = surplus.build_option_head(
        surplus.DEFAULT_EXID, surplus.EXPERIMENT_CLEAR_LENGTH, 0, psntp
    )
    return surplus.build_area(head + block.build(), has_pad)
