"""Shows whether what the options say agrees with what the captures on both hosts say.

Usage: /usr/bin/python3 interop/agree.py DIR

For every sample, the round trip and the server delay from the option's delta times are compared
with the same packets' times in client.pcapng and server.pcapng. Exit code: 0 at least 95 % of
the paired round trips and 95 % of the server delays are within 100 us, 1 fewer are or there are
none, 2 the directory cannot be read.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from evidence import Evidence, EvidenceError
from flows import FlowTable, ServerDelay, Sighting
from ledger import quantile
from pcapng import CaptureError
from trips import RoundTrip, round_trips

_LIMIT_NS = 100_000
_NEEDED_PERCENT = 95


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        print("usage: agree.py DIR", file=sys.stderr)
        return 2
    try:
        evidence = Evidence(Path(arguments[0]))
    except (EvidenceError, CaptureError, OSError) as error:
        print(f"agree: {error}", file=sys.stderr)
        return 2
    table = FlowTable(evidence.hosts)
    paired: list[int] = []
    closing: list[int] = []
    for trip in round_trips(table):
        captured = round_trip_in_captures(trip)
        if captured is not None:
            (closing if trip.reporter is None else paired).append(abs(trip.value_ns - captured))
    server: list[int] = []
    for delay in table.server_delays():
        captured = server_delay_in_captures(delay)
        if captured is not None:
            server.append(abs(delay.value_ns - captured))

    print(f"{'sample':<28} {'count':>8} {'<= 100 us':>10} {'median':>12} {'95th':>12}")
    agrees = all([_show("round trip, paired", paired), _show("server delay", server)])
    # Half of these comes from a capture on either side, so they prove less and decide nothing.
    _show("round trip, closing", closing)
    print("The options agree with the captures." if agrees else "They DIFFER.")
    return 0 if agrees else 1


def round_trip_in_captures(trip: RoundTrip) -> int | None:
    """The round trip of the same two packets; None where a capture misses one of them."""
    if trip.sent is None:
        return None
    at_sender = _between(trip.sent.departure, trip.answer.arrival)
    at_answerer = _between(trip.sent.arrival, trip.answer.departure)
    return None if at_sender is None or at_answerer is None else at_sender - at_answerer


def server_delay_in_captures(delay: ServerDelay) -> int | None:
    """The server's time between the same two packets; None where its capture misses one."""
    return _between(delay.request.arrival, delay.response.departure)


def _between(earlier: Sighting | None, later: Sighting | None) -> int | None:
    return later.time_ns - earlier.time_ns if earlier and later else None


def _show(kind: str, differences_ns: list[int]) -> bool:
    """Prints one line; True if enough of the differences are small."""
    if not differences_ns:
        print(f"{kind:<28} {0:>8}")
        return False
    ordered = sorted(differences_ns)
    within = sum(difference <= _LIMIT_NS for difference in ordered)
    share = 100 * within / len(ordered)
    median, high = (f"{quantile(ordered, percent) / 1000:.1f} us" for percent in (50, 95))
    print(f"{kind:<28} {len(ordered):>8} {share:>8.2f} % {median:>12} {high:>12}")
    return 100 * within >= _NEEDED_PERCENT * len(ordered)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
