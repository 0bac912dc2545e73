"""Recounts every number of a kept demo's summary.json from the captures and the keys.

Usage: /usr/bin/python3 interop/recount.py DIR

Written from the protocol reference alone, so that agreement proves something. Exit code: 0 all
numbers agree, 1 some differ, 2 the directory cannot be counted from.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from counts import Counts, GroupCounts, count_wire
from evidence import Evidence, EvidenceError, read_json
from flows import FlowTable
from ledger import Ledger, quantile
from pcapng import CaptureError
from rules import MTU, NO_KEY, UNDETERMINED, rule_of_flow
from trips import round_trips

_QUANTILES = (50, 90, 99)
_HISTOGRAM_ERROR = 0.01
_ROUNDING_NS = 1
# A closing sample takes A's part from the capture, whose clock is read some way from the hook.
_CAPTURE_ERROR_NS = 100_000


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        print("usage: recount.py DIR", file=sys.stderr)
        return 2
    directory = Path(arguments[0])
    try:
        summary = read_json(directory / "summary.json")
        evidence = Evidence(directory)
        ledger = Ledger()
        _compare(_members(summary), evidence, ledger)
    except (EvidenceError, CaptureError, OSError) as error:
        print(f"recount: {error}", file=sys.stderr)
        return 2
    if ledger.different:
        print(f"{ledger.different} of {ledger.compared} numbers differ.")
        return 1
    print(f"All {ledger.compared} numbers agree.")
    return 0


def _compare(summary: Mapping[str, Any], evidence: Evidence, ledger: Ledger) -> None:
    counts = Counts(evidence)
    _compare_groups(summary, evidence, counts, ledger)
    wire = count_wire(evidence.router_packets(), evidence.option_type)
    their_wire = _members(summary.get("wire"))
    ledger.exact("wire sealed", their_wire.get("sealed"), wire.sealed)
    ledger.exact("wire clear", their_wire.get("clear"), wire.clear)
    hosts = counts.hosts
    ledger.exact("opened", summary.get("opened"), hosts.opened)
    ledger.exact(
        "authenticationFailed", summary.get("authenticationFailed"), hosts.authentication_failed
    )
    ledger.note("applicationErrors", summary.get("applicationErrors"), "not captured")
    ledger.exact("must be 0: options their sender cannot open", 0, hosts.not_openable_at_sender)
    ledger.exact("must be 0: options outside their epoch", 0, hosts.outside_epoch)
    ledger.exact("must be 0: numbers used for two packets", 0, hosts.numbers_used_twice)
    for name, missed in evidence.frames_missed.items():
        ledger.note(f"frames that {name}.pcapng missed", "", missed)


def _compare_groups(
    summary: Mapping[str, Any], evidence: Evidence, counts: Counts, ledger: Ledger
) -> None:
    table = FlowTable(evidence.hosts)
    trips: dict[str, list[int]] = defaultdict(list)
    server_delays: dict[str, list[int]] = defaultdict(list)
    with_closing: set[str] = set()
    for trip in round_trips(table):
        if rule := rule_of_flow(trip.flow, evidence.rules):
            trips[rule.name].append(trip.value_ns)
            if trip.reporter is None:
                with_closing.add(rule.name)
    for delay in table.server_delays():
        if rule := rule_of_flow(delay.flow, evidence.rules):
            server_delays[rule.name].append(delay.value_ns)

    groups = {group.get("name"): group for group in map(_members, summary.get("groups") or [])}
    ledger.exact("groups that no rule names", len(groups.keys() - counts.groups.keys()), 0)
    for name, own in counts.groups.items():
        theirs = groups.get(name, {})
        _compare_group(name, theirs, own, ledger)
        clock_error_ns = _CAPTURE_ERROR_NS if name in with_closing else 0
        for member, samples, error_ns in (
            ("roundTripNs", trips[name], clock_error_ns),
            ("serverDelayNs", server_delays[name], 0),
        ):
            distribution = _members(theirs.get(member))
            _compare_distribution(f"{name} {member}", distribution, samples, error_ns, ledger)


def _compare_group(
    name: str, theirs: Mapping[str, Any], own: GroupCounts, ledger: Ledger
) -> None:
    ledger.exact(f"{name} selected", theirs.get("selected"), own.selected)
    ledger.exact(f"{name} sealed", theirs.get("sealed"), own.sealed)
    ledger.exact(f"{name} lost", theirs.get("lost"), own.lost)
    reasons = _members(theirs.get("leftAlone"))
    their_sum = sum(count for count in reasons.values() if type(count) is int)
    ledger.exact(f"{name} leftAlone, sum", their_sum, own.selected - own.sealed)
    undetermined = own.left_alone[UNDETERMINED]
    for reason in sorted({MTU, NO_KEY} | reasons.keys() | own.left_alone.keys() - {UNDETERMINED}):
        line = f"{name} leftAlone {reason}"
        if reason == MTU or not undetermined:
            ledger.exact(line, reasons.get(reason, 0), own.left_alone[reason])
        else:
            ledger.note(line, reasons.get(reason, 0), own.left_alone[reason])
    if undetermined:
        ledger.note(f"{name} leftAlone, reason not in captures", "", undetermined)


def _compare_distribution(
    name: str, theirs: Mapping[str, Any], samples: list[int], error_ns: int, ledger: Ledger
) -> None:
    ledger.exact(f"{name} samples", theirs.get("samples"), len(samples))
    ordered = sorted(samples)
    for percent in _QUANTILES:
        own = quantile(ordered, percent) if ordered else 0
        reported = theirs.get(f"p{percent}")
        if not ordered and reported is None:
            reported = 0
        tolerance = _HISTOGRAM_ERROR * own + error_ns + _ROUNDING_NS
        ledger.near(f"{name} p{percent}", reported, own, tolerance)


def _members(value: Any) -> Mapping[str, Any]:
    """A JSON object; what is missing or something else has no members, and so agrees nowhere."""
    return value if isinstance(value, dict) else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
