"""The exchange agrees with this implementation itself, and reports every planted fault."""

import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import interop_path  # noqa: F401
import codec_peer
import exchange

PEER = Path(__file__).resolve().parent / "codec_peer.py"

# Where a fault must be seen: group, and a word of the direction.
SEEN = {
    "v1-numbers-swapped": ("destopt-v1", "same octets"),
    "reserved-octets-not-zero": ("destopt-v2-clear", "same octets"),
    "nonce-without-carriage": ("udp-option, suite 1", "pdm6 decodes"),
    "epoch-bits-lost": ("udp-option, suite 2", "python decodes"),
    "checksum-without-length": ("udp-option-clear", "pdm6 decodes"),
    "pad-never-written": ("udp-option-clear", "python decodes"),
    "scale-255-misread": ("destopt-v1", "pdm6 decodes"),
    "any-tag-accepted": ("destopt-v2, suite 2", "hostile octets"),
    "frame-suite-forgotten": ("udp-frame, suite 1", "same octets"),
    "tlv-lengths-unchecked": ("udp-frame", "hostile octets"),
    "extended-lengths-unknown": ("udp-option-clear", "hostile octets"),
    "nonce-constant": ("udp-frame, raw key", "nonces used again"),
}


def run(*arguments: str, fault: str = "", command: str = "") -> tuple[int, list[str]]:
    """Exit code, and the lines printed."""
    command = command or f"{sys.executable} {PEER}"
    output = io.StringIO()
    with mock.patch.dict(os.environ, {"PDM6_FAULT": fault}):
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            code = exchange.main(["--pdm6", command, "--seed", "3", *arguments])
    return code, output.getvalue().splitlines()


class ExchangeTest(unittest.TestCase):
    def test_two_equal_implementations_have_no_difference(self) -> None:
        code, lines = run("--cases", "30")
        self.assertEqual(0, code, "\n".join(lines))
        self.assertRegex(lines[-1], r"^\d+ cases, 0 differences, \d+ s$")
        self.assertEqual(11 * 6 + 2 * 3 + 1, len(lines) - 2)

    def test_every_planted_fault_is_reported(self) -> None:
        self.assertEqual(codec_peer.FAULTS.keys(), SEEN.keys())
        for fault, (group, direction) in SEEN.items():
            with self.subTest(fault=fault):
                code, lines = run("--cases", "300", "--only", group, fault=fault)
                self.assertEqual(1, code, "\n".join(lines))
                line = next(x for x in lines if x.startswith(group) and direction in x)
                self.assertNotRegex(line, r" 0 differences")

    def test_difference_prints_input_and_both_answers(self) -> None:
        _, lines = run("--cases", "9", "--only", "destopt-v1", fault="v1-numbers-swapped")
        first = next(i for i, line in enumerate(lines) if line.startswith("  in "))
        self.assertIn('"carriage": "destopt-v1"', lines[first])
        self.assertTrue(lines[first + 1].startswith("  python  "))
        self.assertTrue(lines[first + 2].startswith("  pdm6    "))

    def test_command_that_cannot_run_is_told(self) -> None:
        code, lines = run("--cases", "1", command="/nonexistent/pdm6")
        self.assertEqual(2, code)
        self.assertIn("/nonexistent/pdm6", lines[-1])

    def test_missing_answers_are_told(self) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".py") as silent:
            code, lines = run("--cases", "1", command=f"{sys.executable} {silent.name}")
        self.assertEqual(2, code)
        self.assertIn("0 answers to 1 lines", lines[-1])


if __name__ == "__main__":
    unittest.main()
