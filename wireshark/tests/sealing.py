"""Options and frames, clear and sealed, for the tests of the dissector (protocol reference, sections 2 to 6)."""

from __future__ import annotations

import hmac
import pathlib
import struct
import sys
from typing import NamedTuple

from octets import UDP, address

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "interop"))

import aead  # noqa: E402  (of interop, next to this folder's parent)

OPTION_TYPE, PDMV1_TYPE = 0x1E, 0x0F
EXPERIMENT, EX_ID = 127, 0x504D
DESTINATION_OPTION, UDP_OPTION = 0, 1
BASE_SECRET = bytes(range(32))


def expand(secret: bytes, info: bytes, size: int) -> bytes:
    """HKDF-Expand-SHA256, RFC 5869 section 2.3."""
    output, block = b"", b""
    for counter in range(1, -(-size // 32) + 1):
        block = hmac.digest(secret, block + info + bytes([counter]), "sha256")
        output += block
    return output[:size]


class Flow(NamedTuple):
    source: str = "2001:db8::1"
    destination: str = "2001:db8::2"
    protocol: int = UDP
    source_port: int = 40000
    destination_port: int = 9999

    @property
    def pair(self) -> bytes:
        return address(self.source) + address(self.destination)

    def pair_secret(self, base_secret: bytes = BASE_SECRET) -> bytes:
        return expand(base_secret, b"pdm6 v1 pair" + self.pair, 32)


class Metrics(NamedTuple):
    """The 16 octets that protection hides."""

    psnlr: int = 2
    global_pointer: int = 3
    scale_dtlr: int = 36
    scale_dtls: int = 44
    reserved: int = 0
    delta_tlr: int = 0x38D7
    delta_tls: int = 0xDE0B

    def pack(self) -> bytes:
        return struct.pack(">IIBBHHH", *self)

    def shown(self, prefix: str) -> dict[str, list[str]]:
        """As the dissector is to show it."""
        return {
            f"{prefix}.psnlr": [str(self.psnlr)],
            f"{prefix}.global_pointer": [str(self.global_pointer)],
            f"{prefix}.scale_dtlr": [str(self.scale_dtlr)],
            f"{prefix}.scale_dtls": [str(self.scale_dtls)],
            f"{prefix}.reserved": [f"0x{self.reserved:04x}"],
            f"{prefix}.delta_tlr": [str(self.delta_tlr)],
            f"{prefix}.delta_tls": [str(self.delta_tls)],
            f"{prefix}.delta_tlr_ns": [str(min((self.delta_tlr << self.scale_dtlr) // 10**9, 2**63 - 1))],
            f"{prefix}.delta_tls_ns": [str(min((self.delta_tls << self.scale_dtls) // 10**9, 2**63 - 1))],
        }


def sealed(
    associated_data: bytes, flow: Flow, carriage: int, suite: int, epoch: int, psntp: int, block: bytes,
    base_secret: bytes = BASE_SECRET,
) -> bytes:
    """Associated data, ciphertext and tag."""
    key_size = {1: 16, 2: 32}[suite]
    info = b"pdm6 v1 session" + struct.pack(">HH", suite, epoch)
    material = expand(flow.pair_secret(base_secret), info, key_size + 12)
    counter = struct.pack(
        ">BBHHHI", flow.protocol, carriage, flow.source_port, flow.destination_port, epoch, psntp
    )
    nonce = bytes(a ^ b for a, b in zip(material[key_size:], counter))
    ciphertext, tag = aead.seal(material[:key_size], nonce, associated_data, block)
    return associated_data + ciphertext + tag


def numbers(epoch: int, psntp: int, version: int = 2) -> bytes:
    return struct.pack(">HI", version << 12 | epoch, psntp)


def clear_option(psntp: int, metrics: Metrics, option_type: int = OPTION_TYPE) -> bytes:
    return bytes([option_type, 22]) + numbers(0, psntp) + metrics.pack()


def protected_option(
    flow: Flow, epoch: int, psntp: int, metrics: Metrics, suite: int = 2, option_type: int = OPTION_TYPE,
    base_secret: bytes = BASE_SECRET,
) -> bytes:
    head = bytes([option_type, 38]) + numbers(epoch, psntp)
    return sealed(head, flow, DESTINATION_OPTION, suite, epoch, psntp, metrics.pack(), base_secret)


def clear_udp_option(psntp: int, metrics: Metrics, ex_id: int = EX_ID) -> bytes:
    return struct.pack(">BBH", EXPERIMENT, 26, ex_id) + numbers(0, psntp) + metrics.pack()


def protected_udp_option(
    flow: Flow, epoch: int, psntp: int, metrics: Metrics, suite: int = 2, ex_id: int = EX_ID
) -> bytes:
    head = struct.pack(">BBH", EXPERIMENT, 42, ex_id) + numbers(epoch, psntp)
    return sealed(head, flow, UDP_OPTION, suite, epoch, psntp, metrics.pack())


def tlv(kind: int, value: bytes) -> bytes:
    return struct.pack(">HH", kind, len(value)) + value


def frame_header(flags: int, sequence: int, timestamp: int, key_id: int = 0) -> bytes:
    return struct.pack(">BBHIQ", 2, flags, key_id, sequence, timestamp)


def sealed_frame(header: bytes, nonce: bytes, tlvs: bytes, key: bytes) -> bytes:
    ciphertext, tag = aead.seal(key, nonce, header, tlvs)
    return header + nonce + struct.pack(">I", len(ciphertext)) + ciphertext + tag
