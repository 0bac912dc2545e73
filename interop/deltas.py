"""Delta times: a 16-bit value times a power of two, in attoseconds (RFC 8250, section 3.2.1)."""

from __future__ import annotations

ATTOSECONDS_PER_NS = 10**9
MAX_NS = 2**63 - 1

_VALUE_BITS = 16


def decode_delta_ns(value: int, scale: int) -> int:
    """`value << scale` attoseconds in nanoseconds, saturating at 2^63 - 1."""
    return min((value << scale) // ATTOSECONDS_PER_NS, MAX_NS)


def encode_delta(value_ns: int) -> tuple[int, int]:
    """(value, scale): the smallest scale for which the attoseconds fit 16 bits, truncated."""
    attoseconds = value_ns * ATTOSECONDS_PER_NS
    scale = max(0, attoseconds.bit_length() - _VALUE_BITS)
    return attoseconds >> scale, scale


def rounding_ns(scale: int) -> int:
    """How many ns a delta may be short of the truth: less than 2^scale attoseconds, and the ns."""
    return (1 << scale) // ATTOSECONDS_PER_NS + 1
