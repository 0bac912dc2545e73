"""The ground truth: its packets are right, its truth is the capture's, the judge sees faults."""

import copy
import json
import logging
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

import interop_path  # noqa: F401
import groundtruth
from analysis import Analysis
from capture_files import write_pcapng
from conversations import Sighting
from datagrams import build_udp
from endpoints import START_NS, V2, Endpoint, Sent
from judge import Judge
from packets import UDP, FlowKey
from pcapng import Capture
from synthetic_capture import address
from truth import COUNTS, DISTRIBUTIONS, Truth

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)
from scapy.layers.inet import TCP as ScapyTcp  # noqa: E402
from scapy.layers.inet import UDP as ScapyUdp  # noqa: E402
from scapy.layers.inet6 import HBHOptUnknown, ICMPv6EchoReply, ICMPv6EchoRequest  # noqa: E402
from scapy.layers.inet6 import IPv6, IPv6ExtHdrDestOpt, PadN  # noqa: E402
from scapy.packet import Packet, Raw  # noqa: E402

FLOWS = 240
SEED = 8250
MILLISECOND = 10**6
SECRET = bytes(range(32))


def analyze(directory: Path, with_keys: bool = True) -> dict[str, Any]:
    names = ("base-1.hex", "base-2.hex", "base-3.hex") if with_keys else ()
    analysis = Analysis([bytes.fromhex((directory / name).read_text()) for name in names])
    analysis.read(Capture(directory / "capture.pcapng"))
    return analysis.document()


class GroundTruthTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls._temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls._temporary.cleanup)
        cls.directory = Path(cls._temporary.name)
        groundtruth.write(cls.directory, FLOWS, SEED)
        cls.truth = json.loads((cls.directory / "truth.json").read_text())
        cls.packets = [frame.data[14:] for frame in Capture(cls.directory / "capture.pcapng")]

    def judged(self, analysis: dict[str, Any], truth: dict[str, Any] | None = None) -> list[str]:
        judge = Judge()
        judge.judge(truth or self.truth, analysis)
        return judge.differences

    def test_own_reading_of_the_capture_agrees(self) -> None:
        self.assertEqual([], self.judged(analyze(self.directory)))
        bare = json.loads((self.directory / "truth-without-keys.json").read_text())
        self.assertEqual([], self.judged(analyze(self.directory, with_keys=False), bare))

    def test_every_count_and_carriage_occurs(self) -> None:
        self.assertEqual(FLOWS, len(self.truth["flows"]))
        for name in COUNTS:
            self.assertGreater(self.truth["totals"][name], 0, name)
        for name in DISTRIBUTIONS:
            self.assertGreater(sum(flow[name]["samples"] for flow in self.truth["flows"]), 100)
        carriages = {flow["carriage"] for flow in self.truth["flows"]}
        self.assertEqual(8, len(carriages), carriages)

    def test_both_captures_hold_the_same_packets(self) -> None:
        octets = (self.directory / "capture.pcap").read_bytes()
        offset, packets = 24, []
        while offset < len(octets):
            length = int.from_bytes(octets[offset + 8 : offset + 12], "little")
            packets.append(octets[offset + 16 : offset + 16 + length])
            offset += 16 + length
        self.assertEqual(self.packets, packets)

    def test_tshark_finds_every_checksum_good(self) -> None:
        good = "1"
        checks = [x for p in ("udp", "tcp") for x in ("-o", f"{p}.check_checksum:TRUE")]
        fields = [x for p in ("udp", "tcp", "icmpv6") for x in ("-e", f"{p}.checksum.status")]
        for capture in ("capture.pcapng", "capture.pcap"):
            command = ["tshark", "-r", str(self.directory / capture), *checks, "-T", "fields"]
            done = subprocess.run([*command, *fields], capture_output=True, text=True, check=True)
            statuses = [line.strip() for line in done.stdout.splitlines()]
            self.assertEqual([good] * len(self.packets), statuses)

    def test_scapy_builds_the_same_packets(self) -> None:
        rebuilt = 0
        for packet in self.packets:
            if packet[6] == 60 and (again := _with_scapy(packet)) is not None:
                self.assertEqual(packet.hex(), bytes(again).hex())
                rebuilt += 1
            if rebuilt == 300:
                return
        self.fail(f"only {rebuilt} packets for Scapy")

    def test_same_seed_makes_same_files(self) -> None:
        with tempfile.TemporaryDirectory() as other:
            groundtruth.write(Path(other), FLOWS, SEED)
            for name in ("capture.pcapng", "truth.json", "base-1.hex"):
                self.assertEqual(
                    (self.directory / name).read_bytes(), (Path(other) / name).read_bytes()
                )

    def test_judge_sees_every_wrong_count(self) -> None:
        right = analyze(self.directory)
        for name in COUNTS:
            wrong = copy.deepcopy(right)
            flow = next(flow for flow in wrong["flows"] if flow[name])
            flow[name] += 1
            self.assertEqual(1, len(self.judged(wrong)), name)

    def test_judge_sees_wrong_times_beyond_the_stated_error(self) -> None:
        right = analyze(self.directory)
        for name in DISTRIBUTIONS:
            for factor, differs in ((1.009, False), (1.02, True)):
                wrong = copy.deepcopy(right)
                # Of long times the rounding of the deltas is a small part.
                flow = max(wrong["flows"], key=lambda flow: flow[name]["p50"] or 0)
                flow[name]["p50"] = flow[name]["p50"] * factor
                self.assertEqual(differs, bool(self.judged(wrong)), (name, factor))

    def test_judge_sees_missing_and_invented_flows(self) -> None:
        right = analyze(self.directory)
        missing = right | {"flows": right["flows"][1:]}
        self.assertEqual(1, len(self.judged(missing)))
        invented = copy.deepcopy(right["flows"][0]) | {"source": "2001:db8::bad"}
        self.assertEqual(1, len(self.judged(right | {"flows": [*right["flows"], invented]})))


class TruthTest(unittest.TestCase):
    """Scenarios whose numbers are written out."""

    def setUp(self) -> None:
        a, b = address("2001:db8::a"), address("2001:db8::b")
        self.flow = FlowKey(a, b, UDP, 5000, 53)
        self.client = Endpoint(self.flow, V2, 60, SECRET, 100, False)
        self.server = Endpoint(FlowKey(b, a, UDP, 53, 5000), V2, 250, SECRET, 900, True)
        self.seen: list[Sighting] = []

    def send(self, endpoint: Endpoint, at_ms: int) -> Sent:
        at_ns = START_NS + at_ms * MILLISECOND
        return endpoint.send(at_ns, [build_udp(endpoint.flow, b"data")], 4)

    def see(self, sent: Sent, at_ms: int) -> None:
        at_ns = START_NS + at_ms * MILLISECOND
        self.seen.append(Sighting(at_ns, sent.segments[0], sent.endpoint, sent, 0, "sent"))

    def arrive(self, receiver: Endpoint, sent: Sent, at_ms: int) -> None:
        receiver.accept(sent, START_NS + at_ms * MILLISECOND)

    def told(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The truth, after an own reading of the octets has agreed with it."""
        truth = Truth(self.seen, frozenset([SECRET])).document([(self.client, self.server)])
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "capture.pcapng"
            write_pcapng(path, [(sighting.time_ns, sighting.packet) for sighting in self.seen])
            analysis = Analysis([SECRET])
            analysis.read(Capture(path))
        judge = Judge()
        judge.judge(truth, analysis.document())
        self.assertEqual([], judge.differences)
        client, server = truth["flows"]
        return client, server

    def test_late_copy_makes_no_false_round_trip(self) -> None:
        # Section 10, hole 6: sent at 0, received at 50, a copy at 150, answered at 160, received
        # at 210. The path takes 50 ms each way, so the round trip is 100 ms, not 200.
        request = self.send(self.client, 0)
        self.see(request, 1)
        self.arrive(self.server, request, 50)
        self.see(request, 101)
        self.arrive(self.server, request, 150)
        answer = self.send(self.server, 160)
        self.see(answer, 209)
        self.arrive(self.client, answer, 210)
        self.see(self.send(self.client, 300), 301)
        client, server = self.told()
        self.assertEqual((1, 1), (client["duplicated"], client["roundTripNs"]["samples"]))
        self.assertEqual(100 * MILLISECOND, client["roundTripNs"]["p50"])
        self.assertEqual(110 * MILLISECOND, server["serverDelayNs"]["p50"])
        self.assertEqual((4, 5), (client["hops"], server["hops"]))

    def test_numbers_between_first_and_last_are_lost(self) -> None:
        packets = [self.send(self.client, at_ms) for at_ms in range(8)]
        for place, at_ms in ((0, 10), (3, 11), (2, 12), (3, 13), (6, 14)):
            self.see(packets[place], at_ms)
        answer = self.send(self.server, 20)
        self.see(answer, 21)
        client, _ = self.told()
        self.assertEqual((3, 1, 1), tuple(client[k] for k in ("lost", "reordered", "duplicated")))

    def test_jump_of_65536_begins_a_series_and_is_no_loss(self) -> None:
        self.see(self.send(self.client, 0), 1)
        self.client.jump(2**16)
        self.see(self.send(self.client, 2), 3)
        self.see(self.send(self.server, 4), 5)
        client, _ = self.told()
        self.assertEqual((2, 0, 0), tuple(client[k] for k in ("packets", "lost", "reordered")))

    def test_nothing_heard_is_not_the_number_0(self) -> None:
        # The server speaks unasked with number 0; the client, which has not heard it, says PSNLR 0.
        self.server.ordinal = 0
        self.see(self.send(self.server, 0), 1)
        unasked = self.send(self.client, 5)
        self.see(unasked, 6)
        self.arrive(self.server, unasked, 7)
        self.see(self.send(self.server, 20), 21)
        _, server = self.told()
        self.assertEqual(0, server["roundTripNs"]["samples"])


def _with_scapy(packet: bytes) -> Packet | None:
    """The packet from its fields; None if its options are not one option of ours and padding."""
    header = packet[40 : 48 + 8 * packet[41]]
    upper, option = packet[40 + len(header) :], header[2 : 4 + header[3]]
    rest = len(header) - 2 - len(option)
    if rest not in (2, 6) or header[2 + len(option)] != 1:
        return None
    shape = HBHOptUnknown(otype=option[0], optlen=option[1], optdata=option[2:])
    padding = PadN(optdata=bytes(rest - 2))
    addresses = packet[8:24], packet[24:40]
    source, destination = (socket.inet_ntop(socket.AF_INET6, octets) for octets in addresses)
    ip = IPv6(src=source, dst=destination, hlim=packet[7])
    ports = {"sport": int.from_bytes(upper[:2], "big"), "dport": int.from_bytes(upper[2:4], "big")}
    layers: Packet
    if header[0] == 17:
        layers = ScapyUdp(**ports) / Raw(upper[8:])
    elif header[0] == 6:
        numbers = {"seq": int.from_bytes(upper[4:8], "big"), "ack": 1, "window": 0xFFFF}
        layers = ScapyTcp(**ports, **numbers, flags=upper[13]) / Raw(upper[20:])
    else:
        kind = ICMPv6EchoRequest if upper[0] == 128 else ICMPv6EchoReply
        identifier, number = (int.from_bytes(upper[i : i + 2], "big") for i in (4, 6))
        layers = kind(id=identifier, seq=number, data=upper[8:])
    return ip / IPv6ExtHdrDestOpt(options=[shape, padding], autopad=0) / layers


if __name__ == "__main__":
    unittest.main()
