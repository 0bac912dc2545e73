#!/usr/bin/env python3
"""Compares what an analysis says of a capture with the truth about it.

Usage: judge.py TRUTH.json ANALYZE.json [--show 20] [--clear-counts-only] [--servers-only]

Counts must be equal. Times may be away by the 16-bit rounding of the deltas that tell them and by
the quantile error of the histogram, 1 %. A quantile is the sample of the nearest rank. Of flows
whose key nobody gave, the sum of authenticationFailed and noKey must be right. Exit code: 0 agrees,
1 differs, 2 cannot be compared.
"""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evidence import EvidenceError, read_json
from packets import ICMPV6
from truth import COUNTS, DISTRIBUTIONS, QUANTILES

QUANTILE_ERROR = 0.01
_ROUNDING_NS = 1
_UNOPENED = ("authenticationFailed", "noKey")
_FROM_NUMBERS = ("lost", "duplicated", "reordered", "ambiguous")

FlowName = tuple[bytes, bytes, int, int | None, int | None]


class Judge:
    """Collects what differs, one line each."""

    def __init__(self, measures_clear: bool = True, servers_only: bool = False) -> None:
        self._measures_clear = measures_clear
        self._servers_only = servers_only
        self.compared = 0
        self.samples = 0
        self.differences: list[str] = []

    def judge(self, truth: Mapping[str, Any], analysis: Mapping[str, Any]) -> None:
        expected = {_name(flow): flow for flow in truth["flows"]}
        found: dict[FlowName, Mapping[str, Any]] = {}
        for flow in analysis["flows"]:
            if _name(flow) in found:
                self._differ(flow, "flow", "one entry", "two")
            found[_name(flow)] = flow
        for name in found.keys() - expected.keys():
            self._differ(found[name], "flow", "none", "an entry")
        for name, flow in expected.items():
            if name in found:
                self._flow(flow, found[name])
            else:
                self._differ(flow, "flow", "an entry", "none")
        if self._measures_clear:
            self._totals(truth["totals"], analysis.get("totals"))

    def _flow(self, truth: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        exact = [name for name in COUNTS if truth["keyKnown"] or name not in _UNOPENED]
        if truth["clear"] and not self._measures_clear and truth["packets"] == truth["clear"]:
            exact = [name for name in exact if name not in _FROM_NUMBERS]
        for name in exact:
            self._same(truth, name, truth[name], found.get(name))
        if not truth["keyKnown"]:
            both = [sum(flow.get(name, 0) for name in _UNOPENED) for flow in (truth, found)]
            self._same(truth, "+".join(_UNOPENED), *both)
        if exact[-1] != COUNTS[-1]:
            return
        if truth["hops"] is not None:
            self._same(truth, "hops", truth["hops"], found.get("hops"))
        for name in DISTRIBUTIONS:
            expected = truth[name]
            if name == "serverDelayNs" and self._servers_only and not truth["isServer"]:
                expected = {"samples": 0}
            self._distribution(truth, name, expected, found.get(name))

    def _distribution(
        self, flow: Mapping[str, Any], name: str, truth: Mapping[str, Any], found: Any
    ) -> None:
        found = found if isinstance(found, dict) else {}
        self._same(flow, f"{name} samples", truth["samples"], found.get("samples", 0))
        if not truth["samples"]:
            return
        self.samples += truth["samples"]
        for quantile in QUANTILES:
            value, told = truth[quantile], found.get(quantile)
            tolerance = QUANTILE_ERROR * value + truth["roundingNs"] + _ROUNDING_NS
            self.compared += 1
            is_number = isinstance(told, (int, float)) and not isinstance(told, bool)
            if not is_number or abs(told - value) > tolerance:
                self._differ(flow, f"{name} {quantile}", f"{value} +- {tolerance:.0f}", told)

    def _totals(self, truth: Mapping[str, Any], found: Any) -> None:
        found = found if isinstance(found, dict) else {}
        for name in COUNTS:
            if name not in _UNOPENED:
                self._same({}, f"totals {name}", truth[name], found.get(name))

    def _same(self, flow: Mapping[str, Any], what: str, expected: Any, told: Any) -> None:
        self.compared += 1
        if type(told) is not type(expected) or told != expected:
            self._differ(flow, what, expected, told)

    def _differ(self, flow: Mapping[str, Any], what: str, expected: Any, told: Any) -> None:
        ends = (
            f"{flow['source']} {flow.get('sourcePort')} > {flow['destination']} "
            f"{flow.get('destinationPort')} protocol {flow['protocol']}: "
            if flow
            else ""
        )
        carriage = f" ({flow['carriage']})" if "carriage" in flow else ""
        self.differences.append(f"{ends}{what}: expected {expected}, told {told}{carriage}")


def _name(flow: Mapping[str, Any]) -> FlowName:
    """The five fields. ICMPv6 has no ports; in the ground truth its addresses tell flows apart."""
    source, destination = (
        socket.inet_pton(socket.AF_INET6, flow[end]) for end in ("source", "destination")
    )
    if flow["protocol"] == ICMPV6:
        return source, destination, ICMPV6, None, None
    return source, destination, flow["protocol"], flow["sourcePort"], flow["destinationPort"]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="judge.py", description=__doc__.partition("\n")[0])
    parser.add_argument("truth", type=Path)
    parser.add_argument("analysis", type=Path)
    parser.add_argument("--show", type=int, default=20, help="differences printed")
    parser.add_argument(
        "--clear-counts-only",
        action="store_true",
        help="the analysis counts flows in clear, and measures nothing from them",
    )
    parser.add_argument(
        "--servers-only",
        action="store_true",
        help="serverDelayNs of the side that asks has no samples, as decision 0004 has it",
    )
    options = parser.parse_args(arguments)
    judge = Judge(not options.clear_counts_only, options.servers_only)
    try:
        judge.judge(read_json(options.truth), read_json(options.analysis))
    except (EvidenceError, KeyError, TypeError, AttributeError, OSError) as error:
        print(f"judge: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    for line in judge.differences[: options.show]:
        print(line)
    print(
        f"{judge.compared} numbers of {judge.samples} samples compared, "
        f"{len(judge.differences)} differ"
    )
    return int(bool(judge.differences))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
