#!/usr/bin/env python3
"""Branch coverage of the kernel programs from what `llvm-cov export` says on standard input.

usage: coverage.py FOLDER LEAST_PERCENT

Every fuzz target compiles the programs anew, and llvm-cov keeps their functions apart. Here a branch counts as taken if
any target took it. Each condition has two: true and false. Exit code 1: fewer than so many percent were taken.
"""

from __future__ import annotations

import json
import pathlib
import sys
from collections import defaultdict

Branch = tuple[int, int, bool]


def branches(export: dict, folder: pathlib.Path) -> dict[str, dict[Branch, int]]:
    """Times taken, by file and branch."""
    found: dict[str, dict[Branch, int]] = defaultdict(lambda: defaultdict(int))
    for function in export["data"][0]["functions"]:
        files = [pathlib.Path(name).resolve() for name in function["filenames"]]
        for line, column, _, _, taken, not_taken, file, *_ in function["branches"]:
            if files[file].parent == folder:
                found[files[file].name][line, column, True] += taken
                found[files[file].name][line, column, False] += not_taken
    return found


def main(arguments: list[str]) -> int:
    folder, least = pathlib.Path(arguments[0]).resolve(), float(arguments[1])
    found = branches(json.load(sys.stdin), folder)
    total = taken = 0
    missed: list[str] = []
    print(f"\n{'branches of':24} {'taken':>6} {'of':>6} {'percent':>8}")
    for file, counts in sorted(found.items()):
        hit = sum(count > 0 for count in counts.values())
        total, taken = total + len(counts), taken + hit
        print(f"{file:24} {hit:6} {len(counts):6} {100 * hit / len(counts):8.1f}")
        missed += [
            f"  {file}:{line}:{column} is never {str(way).lower()}"
            for (line, column, way), count in sorted(counts.items())
            if not count
        ]
    percent = 100 * taken / total if total else 0.0
    print(f"{'all':24} {taken:6} {total:6} {percent:8.1f}")
    print("\n".join(missed))
    return 0 if percent >= least else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
