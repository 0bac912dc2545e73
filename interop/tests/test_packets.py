"""IPv6 packets: flows and their reverse, options, payload, and octets that nobody expects."""

import random
import unittest

import interop_path  # noqa: F401
from packets import ICMPV6, UDP, FlowKey, Packet, parse_frame
from synthetic_capture import PADDING_6, address, icmpv6_echo, ipv6_frame, option_header, tcp, udp

A = address("2001:db8::a")
B = address("2001:db8::b")
OPTION = b"\x1e\x26" + bytes(38)


def parse(next_header: int, payload: bytes) -> Packet:
    frame = ipv6_frame(A, B, next_header, payload)
    packet = parse_frame(frame, len(frame))
    assert packet is not None
    return packet


class ParseFrameTest(unittest.TestCase):
    def test_udp_has_ports_and_payload(self) -> None:
        packet = parse(17, udp(4000, 53, b"query"))
        self.assertEqual(FlowKey(A, B, 17, 4000, 53), packet.flow)
        self.assertEqual((5, 53), (packet.payload_length, packet.size))

    def test_tcp_payload_is_behind_its_own_options(self) -> None:
        segment = bytearray(tcp(4000, 80, bytes(12) + b"body"))
        segment[12] = 8 << 4
        self.assertEqual(4, parse(6, bytes(segment)).payload_length)

    def test_echo_has_type_and_identifier(self) -> None:
        packet = parse(58, icmpv6_echo(128, 77, bytes(56)))
        self.assertEqual(FlowKey(A, B, ICMPV6, 128 << 8, 77), packet.flow)
        self.assertEqual(56, packet.payload_length)

    def test_other_icmpv6_has_type_and_code_only(self) -> None:
        packet = parse(58, b"\x01\x04\x00\x00\x12\x34\x00\x00quoted")
        self.assertEqual(FlowKey(A, B, ICMPV6, 0x0104, 0), packet.flow)

    def test_destination_option_is_found_without_padding(self) -> None:
        header = option_header(17, b"\x00" + b"\x01\x03\x00\x00\x00" + OPTION)
        packet = parse(60, header + udp(1, 2, b"x"))
        self.assertEqual(((60,), (OPTION,)), (packet.headers, packet.options))
        self.assertEqual((1, 40 + 48 + 9), (packet.payload_length, packet.size))
        self.assertEqual(FlowKey(A, B, UDP, 1, 2), packet.flow)

    def test_hop_by_hop_options_are_no_destination_options(self) -> None:
        packet = parse(0, option_header(17, OPTION + PADDING_6) + udp(1, 2, b""))
        self.assertEqual(((0,), ()), (packet.headers, packet.options))

    def test_option_past_the_end_is_left_out(self) -> None:
        header = option_header(17, b"\x05\x00" + b"\x1e\x03" + bytes(2))
        packet = parse(60, header + udp(1, 2, b""))
        self.assertEqual(((b"\x05\x00",), (0x1E,)), (packet.options, packet.cut_options))

    def test_octets_behind_the_udp_length_are_surplus(self) -> None:
        packet = parse(17, udp(1, 2, b"abc") + b"surplus")
        self.assertEqual((b"surplus", 11), (packet.surplus, len(packet.upper)))
        self.assertEqual(3, packet.payload_length)
        self.assertEqual((b"", 64), (parse(6, tcp(1, 2, b"x")).surplus, packet.hop_limit))

    def test_fragment_and_ipsec_have_no_flow(self) -> None:
        for kind in (44, 50, 51):
            with self.subTest(kind=kind):
                packet = parse(kind, b"\x11" + bytes(31))
                self.assertIsNone(packet.flow)
                self.assertEqual((kind,), packet.headers)

    def test_snap_length_hides_payload_not_its_length(self) -> None:
        frame = ipv6_frame(A, B, 6, tcp(1, 2, bytes(8000)))
        packet = parse_frame(frame[:256], len(frame))
        assert packet is not None
        self.assertEqual((8000, 8060), (packet.payload_length, packet.size))

    def test_super_packet_without_length_takes_it_from_the_frame(self) -> None:
        frame = bytearray(ipv6_frame(A, B, 6, tcp(1, 2, bytes(100))))
        frame[18:20] = b"\x00\x00"
        packet = parse_frame(bytes(frame), 14 + 40 + 20 + 70_000)
        assert packet is not None
        self.assertEqual(70_000, packet.payload_length)

    def test_other_ethernet_frames_are_none(self) -> None:
        self.assertIsNone(parse_frame(bytes(12) + b"\x08\x06" + bytes(60), 74))

    def test_hostile_octets_never_raise(self) -> None:
        source = random.Random(6)
        whole = ipv6_frame(A, B, 60, option_header(17, OPTION + PADDING_6) + udp(1, 2, b"x"))
        for _ in range(20_000):
            frame = bytearray(whole[: source.randrange(14, len(whole))])
            for _ in range(source.randrange(4)):
                frame[source.randrange(len(frame))] = source.randrange(256)
            parse_frame(bytes(frame), len(frame))


class FlowKeyTest(unittest.TestCase):
    def test_reverse_swaps_addresses_and_ports(self) -> None:
        self.assertEqual(FlowKey(B, A, UDP, 53, 9), FlowKey(A, B, UDP, 9, 53).reverse)

    def test_reverse_of_echo_request_is_echo_reply(self) -> None:
        request = FlowKey(A, B, ICMPV6, 128 << 8, 7)
        reply = FlowKey(B, A, ICMPV6, 129 << 8, 7)
        self.assertEqual((reply, request), (request.reverse, reply.reverse))

    def test_reverse_of_other_icmpv6_is_none(self) -> None:
        self.assertIsNone(FlowKey(A, B, ICMPV6, 1 << 8, 0).reverse)


if __name__ == "__main__":
    unittest.main()
