"""Which packets a rule selects, and the reason for those without an option."""

import unittest

import interop_path  # noqa: F401
from packets import ICMPV6, TCP, UDP, FlowKey, Packet
from rules import Rule, rule_of_flow, rule_of_packet, why_left_alone
from synthetic_capture import address

A = address("2001:db8::a")
B = address("2001:db8::b")
DNS = Rule.from_json({"name": "dns", "protocols": ["udp"], "ports": [53]})
PING = Rule.from_json({"name": "icmp", "protocols": ["icmpv6"]})
REST = Rule.from_json({"name": "rest", "protocols": [], "ports": None})
OPTION = b"\x1e\x26" + bytes(38)


def packet(
    flow: FlowKey | None,
    headers: tuple[int, ...] = (),
    options: tuple[bytes, ...] = (),
    size: int = 99,
) -> Packet:
    return Packet(A, B, size, headers, options, flow, 10)


def udp(source_port: int, destination_port: int, destination: bytes = B) -> FlowKey:
    return FlowKey(A, destination, UDP, source_port, destination_port)


def icmp(kind: int) -> FlowKey:
    return FlowKey(A, B, ICMPV6, kind << 8, 0)


class RuleTest(unittest.TestCase):
    def test_first_match_wins(self) -> None:
        self.assertEqual(DNS, rule_of_flow(udp(9, 53), (DNS, REST)))
        self.assertEqual(REST, rule_of_flow(udp(9, 54), (DNS, REST)))

    def test_port_matches_either_side_of_its_protocol(self) -> None:
        self.assertTrue(DNS.matches(udp(53, 9)))
        self.assertFalse(DNS.matches(FlowKey(A, B, TCP, 9, 53)))

    def test_port_is_no_icmpv6_identifier(self) -> None:
        any_53 = Rule.from_json({"name": "53", "ports": [53]})
        self.assertFalse(any_53.matches(FlowKey(A, B, ICMPV6, 128 << 8, 53)))

    def test_own_option_is_no_foreign_header(self) -> None:
        own = packet(udp(9, 53), (60,), (OPTION,))
        self.assertEqual(DNS, rule_of_packet(own, (DNS,), 0x1E))

    def test_packets_that_carry_no_option_match_nothing(self) -> None:
        cases = {
            "unreachable": packet(None, (44,)),
            "hop-by-hop": packet(udp(9, 53), (0,)),
            "two headers": packet(udp(9, 53), (60, 60), (OPTION,)),
            "foreign option": packet(udp(9, 53), (60,), (b"\x05\x00",)),
            "merged option": packet(udp(9, 53), (60,), (b"\x05\x00", OPTION)),
            "multicast": packet(udp(9, 53, address("ff02::fb"))),
            "self": packet(udp(9, 53, A)),
            "neighbour": packet(icmp(135)),
            "listener": packet(icmp(143)),
        }
        for name, selected in cases.items():
            with self.subTest(name):
                self.assertIsNone(rule_of_packet(selected, (DNS, PING, REST), 0x1E))

    def test_other_icmpv6_is_selected(self) -> None:
        for kind in (1, 128, 129, 138, 142):
            self.assertEqual(PING, rule_of_packet(packet(icmp(kind)), (PING,), 0x1E))


class WhyLeftAloneTest(unittest.TestCase):
    def why(self, protocol: int, size: int, before_first_sealed: bool = False) -> str:
        flow = FlowKey(A, B, protocol, 9, 53)
        return why_left_alone(packet(flow, size=size), 1280, before_first_sealed)

    def test_mtu_begins_where_48_octets_no_longer_fit(self) -> None:
        self.assertEqual("undetermined", self.why(UDP, 1232))
        self.assertEqual("mtu", self.why(UDP, 1233))
        self.assertEqual("mtu", self.why(TCP, 1500, before_first_sealed=True))

    def test_super_packet_is_never_mtu(self) -> None:
        self.assertEqual("undetermined", self.why(TCP, 1501))
        self.assertEqual("no-key", self.why(TCP, 60_000, before_first_sealed=True))
        self.assertEqual("udp-gso", self.why(UDP, 1501))

    def test_no_key_is_before_the_first_sealed(self) -> None:
        self.assertEqual("no-key", self.why(UDP, 99, before_first_sealed=True))


if __name__ == "__main__":
    unittest.main()
