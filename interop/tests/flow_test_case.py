"""What tests of flows and of trips share: a table out of a laboratory, and samples in ms."""

import tempfile
import unittest
from pathlib import Path

import interop_path  # noqa: F401
from evidence import Evidence
from flows import FlowTable, ServerDelay
from synthetic_laboratory import Laboratory
from trips import RoundTrip

# Encoding a delta of up to a minute truncates by less than this.
TRUNCATION_NS = 1_000_000


class FlowTestCase(unittest.TestCase):
    def table(self, laboratory: Laboratory) -> FlowTable:
        with tempfile.TemporaryDirectory() as directory:
            return FlowTable(Evidence(laboratory.write(Path(directory))).hosts)

    def assert_milliseconds(
        self, expected: list[int], samples: list[RoundTrip] | list[ServerDelay]
    ) -> None:
        found = sorted(sample.value_ns for sample in samples)
        self.assertEqual(len(expected), len(found), found)
        for milliseconds, value_ns in zip(sorted(expected), found, strict=True):
            self.assertAlmostEqual(milliseconds * 10**6, value_ns, delta=TRUNCATION_NS)
