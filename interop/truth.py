"""What an analysis of simulated sightings must say (protocol reference, section 8; decision 0004).

Everything is told from what the simulation did, nothing from octets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from conversations import Sighting
from deltas import encode_delta, rounding_ns
from endpoints import CLEAR, LEGACY, SEALED, Endpoint, Sent
from ledger import quantile
from members import write_flow
from packets import ICMPV6

COUNTS = (
    "packets",
    "clear",
    "opened",
    "authenticationFailed",
    "noKey",
    "malformed",
    "lost",
    "duplicated",
    "reordered",
    "ambiguous",
)
DISTRIBUTIONS = ("roundTripNs", "serverDelayNs", "variationNs")
QUANTILES = {"min": 0, "p50": 50, "p90": 90, "p99": 99, "max": 100}

_HOP_LIMITS = (64, 128, 255)


class Sample(NamedTuple):
    """A time, and how far the 16-bit deltas that tell it may be from it."""

    series: int
    ordinal: int
    value_ns: int
    rounding_ns: int


@dataclass
class Observed:
    """One direction as the capture point saw it: counts, and first copies by series and number."""

    endpoint: Endpoint
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    first: dict[Sent, Sighting] = field(default_factory=dict)
    by_number: dict[tuple[int, int], Sent] = field(default_factory=dict)

    def in_order(self) -> list[Sent]:
        return [self.by_number[number] for number in sorted(self.by_number)]


class Truth:
    """All directions of one capture; `has_keys` tells whether the analysis holds base secrets."""

    def __init__(
        self, sightings: Iterable[Sighting], known_secrets: frozenset[bytes], has_keys: bool = True
    ) -> None:
        self._known_secrets = known_secrets
        self._has_keys = has_keys
        self._observed: dict[Endpoint, Observed] = {}
        seen: dict[Sent, set[int]] = {}
        highest: dict[tuple[Endpoint, int], int] = {}
        for sighting in sightings:
            if sighting.endpoint.carriage:
                self._see(sighting, seen, highest)

    def document(self, peers: Sequence[tuple[Endpoint, Endpoint]]) -> dict[str, Any]:
        """The JSON that analysis must give, with tolerances beside the times."""
        flows = []
        for client, server in peers:
            for own, other in ((client, server), (server, client)):
                if own in self._observed:
                    flows.append(self._flow(self._observed[own], self._observed.get(other)))
        totals = {name: sum(flow[name] for flow in flows) for name in COUNTS}
        return {"flows": flows, "totals": totals}

    def _see(
        self,
        sighting: Sighting,
        seen: dict[Sent, set[int]],
        highest: dict[tuple[Endpoint, int], int],
    ) -> None:
        own = self._observed.setdefault(sighting.endpoint, Observed(sighting.endpoint))
        kind = self._kind(sighting)
        own.counts["packets"] += 1
        own.counts[kind] += 1
        sent = sighting.sent
        if sent is None or kind not in ("clear", "opened"):
            return
        if sent in seen:
            name = "duplicated" if sighting.segment in seen[sent] else "ambiguous"
            own.counts[name] += 1
            seen[sent].add(sighting.segment)
            return
        seen[sent] = {sighting.segment}
        own.first[sent] = sighting
        own.by_number[sent.series, sent.ordinal] = sent
        series = sighting.endpoint, sent.series
        own.counts["reordered"] += sent.ordinal < highest.get(series, sent.ordinal)
        highest[series] = max(sent.ordinal, highest.get(series, sent.ordinal))

    def _kind(self, sighting: Sighting) -> str:
        carriage = sighting.endpoint.carriage
        if sighting.why == "malformed":
            return "malformed"
        if carriage in CLEAR or sighting.why == "clear":
            return "clear"
        if carriage == LEGACY or not self._has_keys:
            return "noKey"
        assert carriage in SEALED
        return "opened" if self._opens(sighting) else "authenticationFailed"

    def _opens(self, sighting: Sighting) -> bool:
        return sighting.sent is not None and sighting.endpoint.base_secret in self._known_secrets

    def _flow(self, own: Observed, other: Observed | None) -> dict[str, Any]:
        for series in {number[0] for number in own.by_number}:
            ordinals = [ordinal for s, ordinal in own.by_number if s == series]
            own.counts["lost"] += max(ordinals) - min(ordinals) + 1 - len(ordinals)
        round_trips = list(_round_trips(own, other)) if other else []
        server_delays = list(_server_delays(own, other)) if other else []
        endpoint = own.endpoint
        flow = write_flow(endpoint.flow)
        ports = {name: flow.get(name) for name in ("sourcePort", "destinationPort")}
        return {
            "source": flow["source"],
            "destination": flow["destination"],
            "protocol": flow["protocol"],
            **(ports if endpoint.flow.protocol != ICMPV6 else dict.fromkeys(ports)),
            "carriage": endpoint.carriage,
            "isServer": endpoint.is_server,
            "keyKnown": endpoint.carriage in CLEAR or endpoint.base_secret in self._known_secrets,
            **own.counts,
            "hops": _hops(endpoint.hop_limit) if own.first else None,
            "roundTripNs": _distribution(round_trips),
            "serverDelayNs": _distribution(server_delays),
            "variationNs": _distribution(_variations(round_trips)),
        }


def _round_trips(own: Observed, other: Observed) -> Iterable[Sample]:
    """A's packet n tells the round trip of n-1 and of the packet m that it names."""
    for sent in own.in_order():
        answer = sent.names
        if not sent.dtls_ns or answer is None or answer not in other.first or answer.names is None:
            continue
        asked = answer.names
        value_ns = sent.dtls_ns - answer.dtlr_ns
        if (asked.series, asked.ordinal) == (sent.series, sent.ordinal - 1) and value_ns > 0:
            error_ns = _rounding_ns(sent.dtls_ns) + _rounding_ns(answer.dtlr_ns)
            yield Sample(sent.series, sent.ordinal, value_ns, error_ns)


def _server_delays(own: Observed, other: Observed) -> Iterable[Sample]:
    """The sender's own turnaround: DTLR in its first packet with payload that names a packet with
    payload, if it is known that it is the first."""
    leading: set[Sent] = set()
    in_order = own.in_order()
    first_of_series = {sent.series: sent for sent in reversed(in_order)}
    for sent in in_order:
        request = sent.names
        if request is None:
            continue
        before = own.by_number.get((sent.series, sent.ordinal - 1))
        if sent.dtls_ns:
            is_first = True
        elif before is not None:
            is_first = before.names is not request or (
                before in leading and not before.payload_length
            )
        else:
            is_first = (
                sent is first_of_series[sent.series]
                and request in other.first
                and request.names is None
            )
        if is_first:
            leading.add(sent)
        if is_first and sent.payload_length and request in other.first and request.payload_length:
            yield Sample(sent.series, sent.ordinal, sent.dtlr_ns, _rounding_ns(sent.dtlr_ns))


def _variations(samples: Sequence[Sample]) -> list[Sample]:
    """Differences of neighbours in PSNTP order (RFC 3393), inside one series."""
    return [
        Sample(b.series, b.ordinal, abs(b.value_ns - a.value_ns), a.rounding_ns + b.rounding_ns)
        for a, b in zip(samples, samples[1:], strict=False)
        if a.series == b.series
    ]


def _distribution(samples: Sequence[Sample]) -> dict[str, int]:
    ordered = sorted(sample.value_ns for sample in samples)
    values = {name: quantile(ordered, percent) for name, percent in QUANTILES.items() if ordered}
    rounding = max((sample.rounding_ns for sample in samples), default=0)
    return {"samples": len(samples), **values, "roundingNs": rounding}


def _hops(hop_limit: int) -> int:
    return min(start for start in _HOP_LIMITS if start >= hop_limit) - hop_limit


def _rounding_ns(delta_ns: int) -> int:
    _, scale = encode_delta(delta_ns)
    return rounding_ns(scale)
