"""Stands in for `pdm6` in tests: `codec_peer.py codec encode ...` is this implementation itself.

With PDM6_FAULT set, one thing in it is wrong, as it could be in any implementation.
"""

from __future__ import annotations

import os
import struct
import sys

import interop_path  # noqa: F401
import aead
import codec
import decoding
import encoding
import frames
import sealing
import surplus
from options import MetricBlock, Pdmv1


def _v1_numbers_swapped() -> None:
    build = Pdmv1.build
    Pdmv1.build = lambda self: build(self._replace(psntp=self.psnlr, psnlr=self.psntp))


def _reserved_octets_not_zero() -> None:
    build = MetricBlock.build
    MetricBlock.build = lambda self: build(self)[:10] + b"\x00\x01" + build(self)[12:]


def _nonce_without_carriage() -> None:
    sealing.CARRIAGE_UDP_OPTION = decoding.CARRIAGE_UDP_OPTION = 0


def _epoch_bits_lost() -> None:
    surplus.build_numbers = lambda epoch, psntp: struct.pack(">HI", 2 << 12 | epoch & 0x7FF, psntp)


def _checksum_without_length() -> None:
    checksum = surplus.option_checksum
    surplus.option_checksum = lambda octets, length: checksum(octets, 0)


def _pad_never_written() -> None:
    build = surplus.build_area
    surplus.build_area = lambda octets, has_pad: build(octets, False)


def _scale_255_misread() -> None:
    exact = decoding.decode_delta_ns
    decoding.decode_delta_ns = lambda value, scale: exact(value, scale & 0x7F)


def _any_tag_accepted() -> None:
    def open_anyway(*parts: bytes) -> bytes:
        return opened if (opened := exact(*parts)) is not None else bytes(len(parts[3]))

    exact = aead.open_sealed
    aead.open_sealed = open_anyway


def _frame_suite_forgotten() -> None:
    exact = encoding.frame_key
    encoding.frame_key = lambda pair, suite, epoch: exact(pair, 2, epoch)


def _tlv_lengths_unchecked() -> None:
    frames.TLV_LENGTHS.clear()


def _extended_lengths_unknown() -> None:
    surplus._EXTENDED = 256


def _nonce_constant() -> None:
    encoding.secrets.token_bytes = bytes


FAULTS = {
    "v1-numbers-swapped": _v1_numbers_swapped,
    "reserved-octets-not-zero": _reserved_octets_not_zero,
    "nonce-without-carriage": _nonce_without_carriage,
    "epoch-bits-lost": _epoch_bits_lost,
    "checksum-without-length": _checksum_without_length,
    "pad-never-written": _pad_never_written,
    "scale-255-misread": _scale_255_misread,
    "any-tag-accepted": _any_tag_accepted,
    "frame-suite-forgotten": _frame_suite_forgotten,
    "tlv-lengths-unchecked": _tlv_lengths_unchecked,
    "extended-lengths-unknown": _extended_lengths_unknown,
    "nonce-constant": _nonce_constant,
}


if __name__ == "__main__":
    if fault := os.environ.get("PDM6_FAULT"):
        FAULTS[fault]()
    sys.exit(codec.main(sys.argv[2:]))
