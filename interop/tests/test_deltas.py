"""Delta times against the table of RFC 8250, and there and back."""

import unittest

import interop_path  # noqa: F401
import deltas


class DeltaTimeTest(unittest.TestCase):
    def test_decode_reads_table_of_rfc_8250(self) -> None:
        day_ns = 86_400 * 10**9
        for value, scale, expected in (
            (0xE8D4, 24, 1_000),
            (0x38D7, 36, 1_000_000),
            (0xDE0B, 44, 10**9),
            (0x124B, 64, day_ns),
        ):
            decoded = deltas.decode_delta_ns(value, scale)
            # The table's values are truncated; one unit of the scale is what that may cost.
            self.assertLessEqual(abs(expected - decoded), (1 << scale) // 10**9 + 1)

    def test_decode_saturates(self) -> None:
        self.assertEqual(2**63 - 1, deltas.decode_delta_ns(1, 255))
        self.assertEqual(0, deltas.decode_delta_ns(0, 255))

    def test_decode_of_encoded_is_short_by_less_than_one_unit(self) -> None:
        for value_ns in (1, 999, 20_000_000, 50_000_000, 7 * 10**9):
            encoded = deltas.encode_delta(value_ns)
            short = value_ns - deltas.decode_delta_ns(*encoded)
            self.assertTrue(0 <= short <= deltas.rounding_ns(encoded[1]), value_ns)

    def test_encode_takes_smallest_scale_and_truncates(self) -> None:
        self.assertEqual((0, 0), deltas.encode_delta(0))
        self.assertEqual((0xEE6B, 14), deltas.encode_delta(1))  # 10^9 >> 14 is 61035.2
        self.assertEqual((0xE8D4, 24), deltas.encode_delta(1_000))
        self.assertEqual((0xE35F, 34), deltas.encode_delta(10**6))


if __name__ == "__main__":
    unittest.main()
