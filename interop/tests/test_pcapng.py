"""pcapng: time resolution, byte order, drops, and files that must be refused."""

import struct
import tempfile
import unittest
from pathlib import Path

import interop_path  # noqa: F401
from pcapng import Capture, CaptureError
from synthetic_capture import block, block_option, enhanced_packet, interface, section_header


class CaptureTest(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = Path(directory.name) / "test.pcapng"

    def read(self, *blocks: bytes) -> Capture:
        self.path.write_bytes(b"".join(blocks))
        return Capture(self.path)

    def times(self, *blocks: bytes) -> list[int]:
        return [frame.time_ns for frame in self.read(*blocks)]

    def assert_refused(self, pattern: str, *blocks: bytes) -> None:
        with self.assertRaisesRegex(CaptureError, pattern):
            list(self.read(*blocks))

    def test_time_without_resolution_is_microseconds(self) -> None:
        blocks = section_header(), interface(), enhanced_packet(5, b"x")
        self.assertEqual([5_000], self.times(*blocks))

    def test_time_with_decimal_resolution_is_scaled(self) -> None:
        nanoseconds = interface(block_option(9, b"\x09"))
        ticks = 1_700_000_000_123_456_789
        self.assertEqual(
            [ticks], self.times(section_header(), nanoseconds, enhanced_packet(ticks, b"x"))
        )

    def test_time_with_binary_resolution_is_scaled(self) -> None:
        binary = interface(block_option(9, b"\x81"))
        self.assertEqual(
            [1_500_000_000], self.times(section_header(), binary, enhanced_packet(3, b"x"))
        )

    def test_time_with_offset_is_shifted(self) -> None:
        shifted = interface(block_option(14, struct.pack("<q", 2)))
        self.assertEqual(
            [2_000_007_000], self.times(section_header(), shifted, enhanced_packet(7, b"x"))
        )

    def test_interfaces_each_have_their_own_clock(self) -> None:
        blocks = (
            section_header(),
            interface(),
            interface(block_option(9, b"\x03")),
            enhanced_packet(1, b"a", number=1),
            enhanced_packet(1, b"b", number=0),
        )
        self.assertEqual([1_000_000, 1_000], self.times(*blocks))

    def test_section_in_big_endian_is_read(self) -> None:
        blocks = (
            section_header(">"),
            interface(order=">"),
            enhanced_packet(9, b"frame", order=">"),
        )
        frames = list(self.read(*blocks))
        self.assertEqual([(9_000, 5, b"frame")], frames)

    def test_frame_beyond_snap_length_keeps_its_length(self) -> None:
        (frame,) = self.read(section_header(), interface(), enhanced_packet(0, bytes(9000)))
        self.assertEqual((9000, 256), (frame.original_length, len(frame.data)))

    def test_statistics_drops_are_added(self) -> None:
        body = struct.pack("<III", 0, 0, 0)
        body += block_option(5, struct.pack("<Q", 3)) + block_option(7, struct.pack("<Q", 4))
        capture = self.read(section_header(), interface(), block(5, body))
        list(capture)
        self.assertEqual(7, capture.dropped)

    def test_unknown_block_is_skipped(self) -> None:
        blocks = (section_header(), interface(), block(0xBAD, b"?"), enhanced_packet(1, b"x"))
        self.assertEqual([1_000], self.times(*blocks))

    def test_block_cut_short_is_refused(self) -> None:
        packet = enhanced_packet(1, bytes(60))
        self.assert_refused("cut short", section_header(), interface(), packet[:-9])

    def test_block_with_two_lengths_is_refused(self) -> None:
        packet = enhanced_packet(1, bytes(60))
        spoilt = packet[:-4] + struct.pack("<I", 16)
        self.assert_refused("two lengths differ", section_header(), interface(), spoilt)

    def test_packet_of_unknown_interface_is_refused(self) -> None:
        packet = enhanced_packet(1, b"x", number=1)
        self.assert_refused("contradicts itself", section_header(), interface(), packet)

    def test_other_link_type_is_refused(self) -> None:
        self.assert_refused("not captured on Ethernet", section_header(), interface(link_type=113))

    def test_packets_without_time_are_refused(self) -> None:
        self.assert_refused("without time", section_header(), interface(), block(3, bytes(8)))

    def test_other_file_is_refused(self) -> None:
        self.assert_refused("no pcapng", b"\xd4\xc3\xb2\xa1" + bytes(20))


if __name__ == "__main__":
    unittest.main()
