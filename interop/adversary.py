"""Adds what somebody else put on a conversation's path: forged, broken, replayed packets."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import frames
import options
import surplus
from conversations import MILLISECOND, Sighting
from datagrams import build_options_header, build_udp
from endpoints import FRAMES, LEGACY, SEALED, UDP_CLEAR, UDP_SEALED, V1, V2
from options import DEFAULT_PDMV2_TYPE, PDMV1_TYPE, MetricBlock

CLEAR = "clear"
FORGED = "forged"
MALFORMED = "malformed"

_HOP_LIMIT_OFFSET = 7
_OTHER_HOP_LIMIT = 37
_IPV6_HEADER_LENGTH = 40
_OPTION_OFFSET = _IPV6_HEADER_LENGTH + 2
_PROTECTED_SIZE = 2 + options.PROTECTED_LENGTH
_WITHIN_NS = 900 * MILLISECOND


class Adversary:
    """Works on one conversation. Nothing that it adds may change a measurement.

    `is_openable` tells whether the analysis can know that the senders have a context, so that clear
    options in their name are refused.
    """

    def __init__(
        self, sightings: Sequence[Sighting], is_openable: bool, source: random.Random
    ) -> None:
        self._seen = [sighting for sighting in sightings if sighting.endpoint.carriage]
        self._is_openable = is_openable
        self._random = source

    def attack(self, times: int) -> list[Sighting]:
        if not self._seen:
            return []
        added: list[Sighting] = []
        if self._is_openable and self._seen[0].endpoint.carriage == V2:
            added.append(self._clear(self._random.choice(self._seen)))
        for _ in range(times):
            victim = self._random.choice(self._seen)
            acts: list[Callable[[Sighting], Sighting | None]] = [self._malformed]
            if victim.endpoint.carriage in SEALED:
                acts += [self._flipped, self._forged, self._moved, self._replayed]
            if sighting := self._random.choice(acts)(victim):
                added.append(sighting)
        return added

    def _later(self, victim: Sighting) -> int:
        return victim.time_ns + 1 + self._random.randrange(_WITHIN_NS)

    def _add(self, victim: Sighting, packet: bytes, why: str, is_strange: bool = True) -> Sighting:
        if is_strange:
            changed = bytearray(packet)
            changed[_HOP_LIMIT_OFFSET] = _OTHER_HOP_LIMIT
            packet = bytes(changed)
        return Sighting(self._later(victim), packet, victim.endpoint, None, 0, why)

    def _clear(self, victim: Sighting) -> Sighting:
        """A clear option of a source that has a context."""
        block = MetricBlock.parse(self._random.randbytes(options.METRIC_BLOCK_LENGTH))
        number = self._random.getrandbits(32)
        option = options.build_clear(DEFAULT_PDMV2_TYPE, number, block)
        header = build_options_header(victim.endpoint.flow.protocol, option)
        packet = victim.endpoint.wrap(_upper(victim), header)
        return self._add(victim, packet, CLEAR, is_strange=False)

    def _malformed(self, victim: Sighting) -> Sighting:
        return self._add(victim, self._broken(victim), MALFORMED)

    def _broken(self, victim: Sighting) -> bytes:
        endpoint, upper = victim.endpoint, _upper(victim)
        if endpoint.carriage in FRAMES:
            return endpoint.wrap(build_udp(endpoint.flow, self._broken_frame(_option(victim))))
        if endpoint.carriage in (UDP_CLEAR, UDP_SEALED):
            has_pad = len(upper) % 2 == 1
            if self._random.random() < 0.3:
                return endpoint.wrap(upper + self._wrong_checksum(has_pad))
            area = self._random.choice((self._short_experiment, self._two_experiments))()
            return endpoint.wrap(upper + surplus.build_area(area, has_pad))
        kind = PDMV1_TYPE if endpoint.carriage in (V1, LEGACY) else DEFAULT_PDMV2_TYPE
        whole = bytes([kind, 22, 0x20, 0]) + self._random.randbytes(20)
        strange = bytes([kind, 30, 0x20]) + self._random.randbytes(29)
        header = self._random.choice(
            (
                build_options_header(endpoint.flow.protocol, strange),
                build_options_header(endpoint.flow.protocol, whole, whole),
                build_options_header(endpoint.flow.protocol, whole, strange),
                # The option says 38 and the header ends after 28.
                bytes([endpoint.flow.protocol, 3, kind, 38, 0x20]) + self._random.randbytes(27),
            )
        )
        return endpoint.wrap(upper, header)

    def _broken_frame(self, frame: bytes) -> bytes:
        """An octet too many, an octet missing, or the head alone."""
        return self._random.choice((frame + b"\x00", frame[:-1], frame[: frames.HEADER_LENGTH - 1]))

    def _short_experiment(self) -> bytes:
        head = surplus.build_option_head(surplus.DEFAULT_EXID, 30, 0, 1)
        return head + self._random.randbytes(20)

    def _wrong_checksum(self, has_pad: bool) -> bytes:
        head = surplus.build_option_head(
            surplus.DEFAULT_EXID, surplus.EXPERIMENT_CLEAR_LENGTH, 0, 1
        )
        area = bytearray(surplus.build_area(head + self._random.randbytes(16), has_pad))
        area[int(has_pad)] ^= 1 << self._random.randrange(8)
        return bytes(area)

    def _two_experiments(self) -> bytes:
        length = surplus.EXPERIMENT_CLEAR_LENGTH
        head = surplus.build_option_head(surplus.DEFAULT_EXID, length, 0, 1)
        return (head + self._random.randbytes(16)) * 2

    def _flipped(self, victim: Sighting) -> Sighting:
        """One bit of the numbers, the ciphertext or the tag is another."""
        option = bytearray(_option(victim))
        size = options.METRIC_BLOCK_LENGTH + 16
        places = [*range(len(option) - size, len(option)), *_number_of(victim, len(option) - size)]
        option[self._random.choice(places)] ^= 1 << self._random.randrange(8)
        return self._add(victim, _with_option(victim, bytes(option)), FORGED)

    def _forged(self, victim: Sighting) -> Sighting:
        """Sealed with a key that is none of the sender's."""
        number = self._random.getrandbits(32)
        packet = victim.endpoint.forge(number, victim.time_ns, _upper(victim), self._random)
        return self._add(victim, packet, FORGED)

    def _moved(self, victim: Sighting) -> Sighting | None:
        """An option of the other direction, reflected."""
        others = [other for other in self._seen if other.endpoint is not victim.endpoint]
        if not others:
            return None
        option = _option(self._random.choice(others))
        return self._add(victim, _with_option(victim, option), FORGED)

    def _replayed(self, victim: Sighting) -> Sighting | None:
        """The very same packet once more; not where it would begin a new series."""
        is_plain = victim.sent is not None and len(victim.sent.segments) == 1
        if not is_plain or victim.endpoint.series:
            return None
        return victim._replace(time_ns=self._later(victim))


def _has_header(victim: Sighting) -> bool:
    return victim.endpoint.carriage not in (UDP_CLEAR, UDP_SEALED, *FRAMES)


def _number_of(victim: Sighting, block: int) -> range:
    """Where the number stands: before the metric block, or in a frame's head."""
    return range(4, 8) if victim.endpoint.carriage in FRAMES else range(block - 4, block)


def _upper(victim: Sighting) -> bytes:
    """What follows the extension header, without a surplus area."""
    packet = victim.packet
    if _has_header(victim):
        return packet[_IPV6_HEADER_LENGTH + 8 + 8 * packet[_IPV6_HEADER_LENGTH + 1] :]
    length = int.from_bytes(packet[_IPV6_HEADER_LENGTH + 4 : _IPV6_HEADER_LENGTH + 6], "big")
    return packet[_IPV6_HEADER_LENGTH : _IPV6_HEADER_LENGTH + length]


def _option(victim: Sighting) -> bytes:
    """The protected option, as a destination option or as a UDP option; or the whole frame."""
    if victim.endpoint.carriage in FRAMES:
        return _upper(victim)[8:]
    if _has_header(victim):
        return victim.packet[_OPTION_OFFSET : _OPTION_OFFSET + _PROTECTED_SIZE]
    return victim.packet[-surplus.EXPERIMENT_PROTECTED_LENGTH :]


def _with_option(victim: Sighting, option: bytes) -> bytes:
    upper = _upper(victim)
    if victim.endpoint.carriage in FRAMES:
        return victim.endpoint.wrap(build_udp(victim.endpoint.flow, option))
    if _has_header(victim):
        header = build_options_header(victim.endpoint.flow.protocol, option)
        return victim.endpoint.wrap(upper, header)
    return victim.endpoint.wrap(upper + surplus.build_area(option, len(upper) % 2 == 1))
