"""Seals and opens the metric block of both option carriages (reference, sections 3, 5 and 6)."""

from __future__ import annotations

from functools import lru_cache

import aead
import options
import surplus
from keys import CARRIAGE_DESTINATION_OPTION_V2, CARRIAGE_UDP_OPTION, build_nonce, session_key
from options import Body, MetricBlock
from packets import FlowKey

# A capture has few pairs and epochs and many packets.
_session_key = lru_cache(maxsize=1 << 14)(session_key)


def build_protected(
    option_type: int,
    flow: FlowKey,
    pair: bytes,
    suite: int,
    epoch: int,
    psntp: int,
    block: MetricBlock,
) -> bytes:
    """A protected destination option of 40 octets."""
    head = options.build_head(option_type, options.PROTECTED_LENGTH, epoch, psntp)
    carriage = CARRIAGE_DESTINATION_OPTION_V2
    return head + _seal(flow, pair, suite, carriage, epoch, psntp, head, block)


def build_protected_area(
    exid: int,
    has_pad: bool,
    flow: FlowKey,
    pair: bytes,
    suite: int,
    epoch: int,
    psntp: int,
    block: MetricBlock,
) -> bytes:
    """A whole surplus area with a protected option, 44 or 45 octets."""
    head = surplus.build_option_head(exid, surplus.EXPERIMENT_PROTECTED_LENGTH, epoch, psntp)
    sealed = _seal(flow, pair, suite, CARRIAGE_UDP_OPTION, epoch, psntp, head, block)
    return surplus.build_area(head + sealed, has_pad)


def open_body(
    body: Body, associated_data: bytes, flow: FlowKey, pair: bytes, suite: int, carriage: int
) -> MetricBlock | None:
    """What a protected option says, or None if its tag does not verify."""
    key, base_nonce = _session_key(pair, suite, body.epoch)
    nonce = build_nonce(base_nonce, flow, carriage, body.epoch, body.psntp)
    opened = aead.open_sealed(key, nonce, associated_data, body.block, body.tag)
    return None if opened is None else MetricBlock.parse(opened)


def _seal(
    flow: FlowKey,
    pair: bytes,
    suite: int,
    carriage: int,
    epoch: int,
    psntp: int,
    associated_data: bytes,
    block: MetricBlock,
) -> bytes:
    key, base_nonce = _session_key(pair, suite, epoch)
    nonce = build_nonce(base_nonce, flow, carriage, epoch, psntp)
    return b"".join(aead.seal(key, nonce, associated_data, block.build()))
