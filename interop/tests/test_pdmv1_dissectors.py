"""PDMv1 against programs that know nothing of pdm6: Scapy builds packets, tshark's dissector reads.

The codec under test is `$PDM6_COMMAND codec`, if that is set, else this implementation.
"""

from __future__ import annotations

import json
import logging
import os
import random
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

import interop_path  # noqa: F401
from cases import Group, expected_answer, random_object
from exchange import comparable, comparable_text

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)
from scapy.fields import ByteField, ShortField  # noqa: E402
from scapy.layers.inet import UDP  # noqa: E402
from scapy.layers.inet6 import HBHOptUnknown, IPv6, IPv6ExtHdrDestOpt, PadN  # noqa: E402
from scapy.layers.l2 import Ether  # noqa: E402
from scapy.packet import Packet, Raw  # noqa: E402
from scapy.utils import wrpcap  # noqa: E402

COUNT = 500
GROUP = Group("destopt-v1")
CODEC = os.environ.get("PDM6_COMMAND") or (
    f"{sys.executable} {Path(__file__).resolve().parent / 'codec_peer.py'}"
)
FIELDS = {
    "ipv6.opt.pdm.scale_dtlr": "scaleDtlr",
    "ipv6.opt.pdm.scale_dtls": "scaleDtls",
    "ipv6.opt.pdm.psn_this_pkt": "psntp",
    "ipv6.opt.pdm.psn_last_recv": "psnlr",
    "ipv6.opt.pdm.delta_last_recv": "deltaTlr",
    "ipv6.opt.pdm.delta_last_sent": "deltaTls",
}


class ScapyPdm(Packet):
    """RFC 8250, section 3.2, in Scapy's own terms."""

    name = "Performance and Diagnostic Metrics"
    fields_desc = [
        ByteField("otype", 0x0F),
        ByteField("optlen", 10),
        ByteField("scaleDtlr", 0),
        ByteField("scaleDtls", 0),
        ShortField("psntp", 0),
        ShortField("psnlr", 0),
        ShortField("deltaTlr", 0),
        ShortField("deltaTls", 0),
    ]


def run_codec(verb: str, lines: list[str]) -> list[str]:
    command = [*shlex.split(CODEC), "codec", verb]
    text = "".join(line + "\n" for line in lines)
    return subprocess.run(
        command, input=text, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def dissect(packets: list[Packet]) -> list[dict[str, int]]:
    """What tshark's own dissector says of each packet's PDM option."""
    with tempfile.TemporaryDirectory() as directory:
        path = str(Path(directory) / "v1.pcap")
        wrpcap(path, packets)
        wanted = [word for field in FIELDS for word in ("-e", field)]
        command = ["tshark", "-r", path, "-T", "fields", "-E", "separator=,", *wanted]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [
        dict(zip(FIELDS.values(), map(int, line.split(",")), strict=True))
        for line in text.splitlines()
    ]


def packet_with(octets: bytes) -> Packet:
    """A UDP packet of Scapy with the option in its Destination Options header."""
    option = HBHOptUnknown(otype=octets[0], optlen=octets[1], optdata=octets[2:])
    header = IPv6ExtHdrDestOpt(options=[option, PadN()], autopad=0)
    ip = IPv6(src="2001:db8::1", dst="2001:db8::2")
    # With both addresses given, Scapy asks no neighbour on a real network.
    ether = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    return ether / ip / header / UDP(sport=5353, dport=53) / Raw(b"query")


class Pdmv1DissectorsTest(unittest.TestCase):
    def setUp(self) -> None:
        source = random.Random(8250)
        self.objects = [random_object(GROUP, source) for _ in range(COUNT)]

    def fields(self, document: dict[str, Any]) -> dict[str, int]:
        return {name: document[name] for name in FIELDS.values()}

    def test_tshark_reads_our_octets_in_packets_of_scapy(self) -> None:
        octets = run_codec("encode", [json.dumps(item) for item in self.objects])
        packets = [packet_with(bytes.fromhex(line)) for line in octets]
        self.assertEqual([self.fields(item) for item in self.objects], dissect(packets))

    def test_we_read_the_option_that_scapy_builds(self) -> None:
        built = [bytes(ScapyPdm(**self.fields(item))) for item in self.objects]
        answers = run_codec("decode", [octets.hex() for octets in built])
        expected = [comparable(expected_answer(item, GROUP)) for item in self.objects]
        self.assertEqual(expected, [comparable_text(answer) for answer in answers])

    def test_we_read_what_tshark_saw(self) -> None:
        # Octets nobody chose: tshark's fields of a random option, encoded by us, are that option.
        source = random.Random(250)
        octets = [b"\x0f\x0a" + source.randbytes(10) for _ in range(COUNT)]
        seen = dissect([packet_with(option) for option in octets])
        lines = [json.dumps({"carriage": "destopt-v1"} | item) for item in seen]
        self.assertEqual([option.hex() for option in octets], run_codec("encode", lines))


if __name__ == "__main__":
    unittest.main()
