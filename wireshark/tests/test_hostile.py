"""Hostile and strange packets, and the ways in which tshark calls the dissector: no Lua error, whatever comes."""

import os
import random
import subprocess
import tempfile
import unittest

from dissector import tshark
from octets import DESTINATION_OPTIONS, ROUTING, UDP, address, capture, ethernet, ipv6, options_header, udp, udp_with_options
from sealing import (
    BASE_SECRET, PDMV1_TYPE, Flow, Metrics, clear_option, clear_udp_option, frame_header, numbers, protected_option,
    protected_udp_option, sealed_frame, tlv,
)
from test_destination_options import with_option

PACKETS = int(os.environ.get("PDM6_HOSTILE_PACKETS", "8000"))
METRICS = Metrics()
KEY = bytes(32)
EVERYTHING = ["-V", "-x"]


def seeds():
    """A packet of every kind, from the IPv6 header on."""
    flow = Flow()
    legacy = bytes([PDMV1_TYPE, 38]) + numbers(5, 1) + bytes(32)
    routing = bytes([DESTINATION_OPTIONS, 4, 4, 1, 1, 0, 0, 0]) + address("2001:db8::2") + address("2001:db8::3")
    sealed = protected_option(flow, 5, 1, METRICS)
    yield with_option(clear_option(1, METRICS))
    yield with_option(bytes([PDMV1_TYPE, 10]) + bytes(10))
    yield with_option(sealed)
    yield with_option(legacy)
    yield with_option(sealed, with_option(clear_option(1, METRICS)), 41)
    yield ipv6(ROUTING, routing + options_header(UDP, sealed) + udp(b""))
    yield udp_with_options(b"odd", clear_udp_option(1, METRICS))
    yield udp_with_options(b"even", b"\1" + protected_udp_option(flow, 5, 1, METRICS) + bytes([100, 3, 0]))
    tlvs = tlv(1, bytes(8)) + tlv(7, METRICS.pack()) + tlv(100, b"kmod") + tlv(9, b"")
    for frame in (
        frame_header(0, 1, 2) + tlvs,
        sealed_frame(frame_header(1, 1, 2), bytes(12), tlvs, KEY),
        sealed_frame(frame_header(5, 1, 2, 5), bytes(12), tlvs, KEY),
    ):
        yield ipv6(UDP, udp(frame, 50000, 8250))
        yield ipv6(UDP, udp(frame, 50000, 50001))


def mutate(chosen, packet):
    """A few changes of the kinds that upset parsers."""
    octets = bytearray(packet)
    for _ in range(chosen.choice((1, 1, 2, 4))):
        kind, place = chosen.randrange(6), chosen.randrange(len(octets))
        if chosen.random() < 0.7:  # most of what is parsed stands behind the addresses
            place = min(len(octets) - 1, chosen.randrange(38, 110))
        if kind == 0:
            octets[place] ^= 1 << chosen.randrange(8)
        elif kind == 1:
            octets[place] = chosen.choice((0, 1, 2, 7, 15, 30, 59, 60, 127, 128, 254, 255))
        elif kind == 2:
            octets[place:place] = bytes(chosen.randrange(1, 9))
        elif kind == 3 and len(octets) > 41:
            del octets[chosen.randrange(max(40, place) if place > 40 else 40, len(octets)) :]
        elif kind == 4:
            octets[place : place + 2] = chosen.randrange(65536).to_bytes(2, "big")
        else:
            del octets[place : place + chosen.randrange(1, 9)]
        if len(octets) < 41:
            octets += bytes(41)
    if chosen.random() < 0.6:  # else the payload length says something else
        octets[4:6] = (len(octets) - 40).to_bytes(2, "big")
    return bytes(octets)


class HostilePackets(unittest.TestCase):
    def test_MutatedPackets_NoLuaError(self):
        chosen = random.Random(1)
        originals = list(seeds())
        packets = [ethernet(mutate(chosen, originals[n % len(originals)])) for n in range(PACKETS)]
        with tempfile.NamedTemporaryFile("w", suffix=".keys") as keys:
            keys.write(f"base-secret {BASE_SECRET.hex()}\nframe-key {KEY.hex()}\n")
            keys.flush()
            shown = tshark(EVERYTHING, capture(packets), {"pdm6.key_file": keys.name})
        for status in ("ok", "malformed", "unknown-version", "authentication-failed"):
            self.assertIn(f"[Status: {status}]", shown)

    def test_EveryLengthOfEveryKind_NoLuaError(self):
        originals = [ethernet(packet) for packet in seeds()]
        for snap_length in (65, 75, 90, 101, 118):
            tshark(EVERYTHING, capture(originals, snap_length=snap_length), {})
        cut = []
        for packet in seeds():
            for size in range(40, len(packet)):
                cut.append(ethernet(packet[:4] + (size - 40).to_bytes(2, "big") + packet[6:size]))
        tshark(EVERYTHING, capture(cut), {})

    def test_RandomPacketsOfOtherProtocols_NoLuaError(self):
        for kind in ("udp", "icmp", "dns"):
            with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
                subprocess.run(["randpkt", "-c", "300", "-t", kind, file.name], check=True, capture_output=True)
                with open(file.name, "rb") as made:
                    tshark(EVERYTHING, made.read(), {})


class WaysToCall(unittest.TestCase):
    """The tree is not always wanted, or wanted twice."""

    CAPTURE = capture([ethernet(packet) for packet in seeds()])

    def test_SummaryOnly_FramesSayWhatTheyAre(self):
        lines = tshark([], self.CAPTURE, {}).splitlines()
        self.assertEqual(sum("PDMv2" in line and "sequence 1" in line for line in lines), 6)

    def test_TwoPassesAndFilter_SamePackets(self):
        for name, count in (("pdm6", 8), ("ipv6.opt.pdmv2", 5), ("udp.opt.pdmv2.psntp == 1", 2), ("pdm6.frame", 6)):
            for passes in ([], ["-2"]):
                shown = tshark([*passes, "-Y", name, "-T", "fields", "-e", "frame.number"], self.CAPTURE, {})
                self.assertEqual(len(shown.splitlines()), count, (name, passes))


if __name__ == "__main__":
    unittest.main()
