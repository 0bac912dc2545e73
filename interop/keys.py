"""Key derivation and nonces (protocol reference, section 6). Nothing but the standard library."""

from __future__ import annotations

import hmac
import struct

from packets import FlowKey

KEY_LENGTHS = {1: 16, 2: 32}
"""Octets of a session key by suite: 1 is AES-128-GCM, 2 is AES-256-GCM."""

NONCE_LENGTH = 12
SECRET_LENGTH = 32

CARRIAGE_DESTINATION_OPTION_V2 = 0
CARRIAGE_UDP_OPTION = 1


def hkdf_extract(salt: bytes, input_keying_material: bytes) -> bytes:
    """HKDF-Extract-SHA256 (RFC 5869, section 2.2)."""
    return hmac.digest(salt, input_keying_material, "sha256")


def hkdf_expand(pseudo_random_key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand-SHA256 (RFC 5869, section 2.3)."""
    block, output, counter = b"", b"", 1
    while len(output) < length:
        block = hmac.digest(pseudo_random_key, block + info + bytes([counter]), "sha256")
        output += block
        counter += 1
    return output[:length]


def pair_secret(base_secret: bytes, source: bytes, destination: bytes) -> bytes:
    """The secret of one directed address pair."""
    return hkdf_expand(base_secret, b"pdm6 v1 pair" + source + destination, SECRET_LENGTH)


def session_key(pair: bytes, suite: int, epoch: int) -> tuple[bytes, bytes]:
    """Key and base nonce of one pair in one epoch."""
    length = KEY_LENGTHS[suite]
    info = b"pdm6 v1 session" + struct.pack(">HH", suite, epoch)
    material = hkdf_expand(pair, info, length + NONCE_LENGTH)
    return material[:length], material[length:]


def frame_key(pair: bytes, suite: int, epoch: int) -> bytes:
    """The key of the udp-frames of one registered prober; their key id is the epoch."""
    info = b"pdm6 v1 frame" + struct.pack(">HH", suite, epoch)
    return hkdf_expand(pair, info, SECRET_LENGTH)


def build_nonce(base_nonce: bytes, flow: FlowKey, carriage: int, epoch: int, psntp: int) -> bytes:
    """The nonce of one sealed option."""
    number = struct.pack(
        ">BBHHHI",
        flow.protocol,
        carriage,
        flow.source_port,
        flow.destination_port,
        epoch,
        psntp,
    )
    return bytes(a ^ b for a, b in zip(base_nonce, number, strict=True))
