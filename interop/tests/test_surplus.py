"""The surplus area: checksum, pad, and options that are not ours (RFC 9868)."""

import unittest

import interop_path  # noqa: F401
import surplus
from refusals import Malformed

PDM = bytes([127, 26]) + b"\x50\x4d" + b"\x20\x00" + bytes(20)
OTHER = bytes([127, 6]) + b"\x12\x34" + bytes(2)


class ChecksumTest(unittest.TestCase):
    def test_sum_carries_and_fills_up(self) -> None:
        # The example of RFC 1071, section 3: 0001 f203 f4f5 f6f7 sums to ddf2.
        self.assertEqual(0xDDF2, surplus.internet_sum(bytes.fromhex("0001f203f4f5f6f7")))
        self.assertEqual(0xAB00, surplus.internet_sum(b"\xab"))

    def test_result_of_zero_is_sent_as_ffff(self) -> None:
        # One NOP word FFFA and 5 for the length sum to FFFF, whose complement is 0.
        self.assertEqual(0xFFFF, surplus.option_checksum(b"\xff\xfa", 5))

    def test_area_without_checksum_is_malformed(self) -> None:
        area = surplus.build_area(PDM, has_pad=False)
        self.assertIsNotNone(surplus.find_pdm(area, has_pad=False))
        with self.assertRaises(Malformed):
            surplus.find_pdm(bytes(2) + area[2:], has_pad=False)

    def test_wrong_pad_is_malformed(self) -> None:
        area = surplus.build_area(PDM, has_pad=True)
        self.assertIsNotNone(surplus.find_pdm(area, has_pad=True))
        for wrong, has_pad in ((b"\x01" + area[1:], True), (area, False), (area[1:], True)):
            with self.assertRaises(Malformed):
                surplus.find_pdm(wrong, has_pad)


class WalkTest(unittest.TestCase):
    def assert_found(self, options: bytes, found: bool = True) -> None:
        area = surplus.build_area(options, has_pad=False)
        pdm = surplus.find_pdm(area, has_pad=False, exid=surplus.DEFAULT_EXID)
        self.assertEqual(found, pdm is not None)

    def test_other_options_are_walked_over(self) -> None:
        for before in (b"\x01\x01", b"\x02\x06abcd", b"\x09\x02", OTHER):
            self.assert_found(before + PDM)
            self.assert_found(PDM + before)
        self.assert_found(bytes([9, 255]) + (300).to_bytes(2, "big") + bytes(296) + PDM)
        self.assert_found(bytes([9, 255, 0, 4]) + PDM)

    def test_option_of_ours_never_has_the_extended_format(self) -> None:
        extended = bytes([127, 255, 0, 28]) + b"\x50\x4d\x20\x00" + bytes(20)
        with self.assertRaises(Malformed):
            self.assert_found(extended)

    def test_first_experiment_is_taken_where_no_exid_is_given(self) -> None:
        extended = bytes([127, 255, 0, 6]) + b"\x11\x11"
        other = PDM[:2] + b"\x12\x34" + PDM[4:]
        for options, exid in ((extended + other, 0x1234), (other + PDM, 0x504D)):
            pdm = surplus.find_pdm(surplus.build_area(options, has_pad=False), has_pad=False)
            assert pdm is not None
            self.assertEqual(exid, pdm.exid)

    def test_nothing_behind_the_end_of_the_list_counts(self) -> None:
        self.assert_found(PDM + b"\x00" + PDM)
        self.assert_found(b"\x00" + PDM, found=False)
        self.assert_found(OTHER + b"\x00", found=False)

    def test_impossible_lengths_are_malformed(self) -> None:
        for options in (
            b"\x02",
            b"\x02\x00",
            b"\x02\x01",
            b"\x02\x07abcd",
            bytes([9, 255]),
            bytes([9, 255, 0]),
            bytes([9, 255, 0, 3]),
            bytes([9, 255, 1, 0]) + bytes(251),
            b"\x02\x05abc",  # an APC has 6 octets
            bytes([127, 3, 0]),  # an experiment has an ExID
            bytes([192, 2]),  # an unsafe kind that nobody knows
        ):
            with self.assertRaises(Malformed):
                self.assert_found(PDM + options)

    def test_fragment_holds_no_pdm_option(self) -> None:
        self.assert_found(b"\x03\x0a" + bytes(8) + PDM, found=False)

    def test_two_pdm_options_are_malformed(self) -> None:
        with self.assertRaises(Malformed):
            self.assert_found(PDM + PDM)

    def test_pdm_option_of_another_length_is_malformed(self) -> None:
        with self.assertRaises(Malformed):
            self.assert_found(bytes([127, 27]) + PDM[2:] + b"\x00")


if __name__ == "__main__":
    unittest.main()
