"""STAMP packets: sizes, HMAC, instants."""

import hashlib
import hmac
import unittest

import interop_path  # noqa: F401
from stamp import HMAC_SIZE, NS, REFLECTOR, SENDER, SIZE, Clock, is_genuine, sign, zeros_are_zero

KEY = bytes(range(32))


class PacketTest(unittest.TestCase):
    def test_both_packets_have_the_size_of_the_rfc(self):
        for authenticated in (False, True):
            added = HMAC_SIZE if authenticated else 0
            self.assertEqual(SENDER[authenticated].size + added, SIZE[authenticated])
            self.assertEqual(REFLECTOR[authenticated].size + added, SIZE[authenticated])

    def test_hmac_is_over_what_precedes_it_and_truncated(self):
        body = SENDER[True].pack(1, bytes(8), 1)
        packet = sign(KEY, body)
        self.assertEqual(packet[96:], hmac.new(KEY, body, hashlib.sha256).digest()[:16])
        self.assertTrue(is_genuine(KEY, packet + b"padding"))
        for octet in range(len(packet)):
            changed = bytearray(packet)
            changed[octet] ^= 1
            self.assertFalse(is_genuine(KEY, bytes(changed)))

    def test_octets_that_must_be_zero_are_seen(self):
        packet = bytearray(REFLECTOR[False].pack(1, bytes(8), 1, bytes(8), 1, bytes(8), 1, 64))
        self.assertTrue(zeros_are_zero(REFLECTOR[False], bytes(packet)))
        packet[43] = 1
        self.assertFalse(zeros_are_zero(REFLECTOR[False], bytes(packet)))


class ClockTest(unittest.TestCase):
    def test_instants_come_back(self):
        for ptp in (False, True):
            clock = Clock(ptp)
            instant = 1_763_700_000 * NS + 123_456_789
            self.assertAlmostEqual(Clock.read(clock.write(instant), clock.estimate), instant, delta=1)

    def test_the_unix_epoch_in_ntp(self):
        self.assertEqual(Clock(False).write(0).hex(), "83aa7e8000000000")


if __name__ == "__main__":
    unittest.main()
