"""Keys and nonces, against published vectors and the reference's own words."""

import hashlib
import hmac
import unittest

import interop_path  # noqa: F401
import keys
from packets import ICMPV6, UDP, FlowKey
from synthetic_capture import address

A = address("2001:db8::a")
B = address("2001:db8::b")
INCARNATION = bytes(range(0x40, 0x50))
SECRET = bytes(range(32))


class DerivationTest(unittest.TestCase):
    def test_hkdf_gives_octets_of_rfc_5869_case_1(self) -> None:
        extracted = keys.hkdf_extract(bytes(range(13)), b"\x0b" * 22)
        self.assertEqual(
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", extracted.hex()
        )
        self.assertEqual(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
            keys.hkdf_expand(extracted, bytes(range(0xF0, 0xFA)), 42).hex(),
        )

    def test_session_key_follows_section_6_word_for_word(self) -> None:
        base = hmac.new(INCARNATION, SECRET, hashlib.sha256).digest()
        pair_info = b"pdm6 v1 pair" + A + B + b"\x01"
        pair = hmac.new(base, pair_info, hashlib.sha256).digest()
        session_info = b"pdm6 v1 session" + b"\x00\x02" + b"\x0a\xbc"
        first = hmac.new(pair, session_info + b"\x01", hashlib.sha256).digest()
        second = hmac.new(pair, first + session_info + b"\x02", hashlib.sha256).digest()

        self.assertEqual(base, keys.hkdf_extract(INCARNATION, SECRET))
        self.assertEqual(pair, keys.pair_secret(base, A, B))
        self.assertEqual((first, second[:12]), keys.session_key(pair, 2, 0xABC))
        self.assertEqual(16, len(keys.session_key(pair, 1, 0xABC)[0]))

    def test_nonce_is_base_xor_number(self) -> None:
        flow = FlowKey(A, B, ICMPV6, 128 << 8, 0x1234)
        nonce = keys.build_nonce(bytes(12), flow, 0, 0xFFF, 0xCAFEF00D)
        self.assertEqual("3a00800012340fffcafef00d", nonce.hex())
        self.assertEqual("c5", keys.build_nonce(b"\xff" * 12, flow, 0, 0xFFF, 0)[:1].hex())

    def test_nonce_differs_by_carriage(self) -> None:
        flow = FlowKey(A, B, UDP, 4000, 53)
        nonce = keys.build_nonce(bytes(12), flow, keys.CARRIAGE_UDP_OPTION, 5, 1)
        self.assertEqual("11010fa00035000500000001", nonce.hex())

    def test_frame_key_follows_section_6_word_for_word(self) -> None:
        pair = bytes(range(0x60, 0x80))
        info = b"pdm6 v1 frame" + b"\x00\x01" + b"\x0f\xff" + b"\x01"
        expected = hmac.new(pair, info, hashlib.sha256).digest()
        self.assertEqual(expected, keys.frame_key(pair, 1, 0xFFF))


if __name__ == "__main__":
    unittest.main()
