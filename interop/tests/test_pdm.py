"""Keys, opening and delta times, against published vectors and the reference's own words."""

import hashlib
import hmac
import unittest

import interop_path  # noqa: F401
import aead
import pdm
from packets import ICMPV6, FlowKey, Packet
from pdm import Announcement, Keyring, Metrics
from synthetic_capture import address
from synthetic_laboratory import SECRET, encode_delta, seal_option

A = address("2001:db8::a")
B = address("2001:db8::b")
FLOW = FlowKey(A, B, 17, 4000, 53)
INCARNATION = bytes(range(0x40, 0x50))


def announcement(**changes: object) -> Announcement:
    return Announcement.from_json(
        {
            "contextId": "00" * 16,
            "incarnationId": INCARNATION.hex(),
            "sequence": 1,
            "addresses": ["2001:db8::a"],
            "suite": 2,
            "timetable": {"firstEpoch": 5, "firstInstantUnixNs": 0, "lengthNs": 10, "count": 4096},
            "optionType": 30,
            **changes,
        }
    )


def packet_with(*options: bytes) -> Packet:
    return Packet(A, B, 100, (60,), options, FLOW, 10)


class AeadTest(unittest.TestCase):
    """The zero vectors of the GCM specification: test cases 2 (128 bits) and 14 (256 bits)."""

    VECTORS = (
        (16, "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf"),
        (32, "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"),
    )

    def test_seal_gives_published_octets(self) -> None:
        for length, ciphertext, tag in self.VECTORS:
            sealed = aead.seal(bytes(length), bytes(12), b"", bytes(16))
            self.assertEqual((ciphertext, tag), (sealed[0].hex(), sealed[1].hex()))

    def test_open_returns_plaintext(self) -> None:
        for length, ciphertext, tag in self.VECTORS:
            parts = bytes.fromhex(ciphertext), bytes.fromhex(tag)
            self.assertEqual(bytes(16), aead.open_sealed(bytes(length), bytes(12), b"", *parts))

    def test_open_of_anything_changed_is_none(self) -> None:
        key, nonce, data = bytes(32), bytes(12), b"ad"
        ciphertext, tag = aead.seal(key, nonce, data, b"sixteen octets..")
        wrong = bytes([tag[0] ^ 1]) + tag[1:]
        self.assertIsNone(aead.open_sealed(key, nonce, data, ciphertext, wrong))
        self.assertIsNone(aead.open_sealed(key, nonce, b"AD", ciphertext, tag))
        self.assertIsNone(aead.open_sealed(key, nonce, data, ciphertext[::-1], tag))


class DerivationTest(unittest.TestCase):
    def test_hkdf_gives_octets_of_rfc_5869_case_1(self) -> None:
        extracted = pdm.hkdf_extract(bytes(range(13)), b"\x0b" * 22)
        self.assertEqual(
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", extracted.hex()
        )
        self.assertEqual(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
            pdm.hkdf_expand(extracted, bytes(range(0xF0, 0xFA)), 42).hex(),
        )

    def test_session_key_follows_section_6_word_for_word(self) -> None:
        base = hmac.new(INCARNATION, SECRET, hashlib.sha256).digest()
        pair_info = b"pdm6 v1 pair" + A + B + b"\x01"
        pair = hmac.new(base, pair_info, hashlib.sha256).digest()
        session_info = b"pdm6 v1 session" + b"\x00\x02" + b"\x0a\xbc"
        first = hmac.new(pair, session_info + b"\x01", hashlib.sha256).digest()
        second = hmac.new(pair, first + session_info + b"\x02", hashlib.sha256).digest()

        self.assertEqual(base, pdm.hkdf_extract(INCARNATION, SECRET))
        self.assertEqual(pair, pdm.pair_secret(base, A, B))
        self.assertEqual((first, second[:12]), pdm.session_key(pair, 2, 0xABC))
        self.assertEqual(16, len(pdm.session_key(pair, 1, 0xABC)[0]))

    def test_nonce_is_base_xor_number(self) -> None:
        flow = FlowKey(A, B, ICMPV6, 128 << 8, 0x1234)
        nonce = pdm.build_nonce(bytes(12), flow, 0xFFF, 0xCAFEF00D)
        self.assertEqual("3a00800012340fffcafef00d", nonce.hex())
        self.assertEqual("c5", pdm.build_nonce(b"\xff" * 12, flow, 0xFFF, 0)[:1].hex())


class DeltaTimeTest(unittest.TestCase):
    def test_decode_reads_table_of_rfc_8250(self) -> None:
        day_ns = 86_400 * 10**9
        for value, scale, expected in (
            (0xE8D4, 24, 1_000),
            (0x38D7, 36, 1_000_000),
            (0xDE0B, 44, 10**9),
            (0x124B, 64, day_ns),
        ):
            decoded = pdm.decode_delta_ns(value, scale)
            # The table's values are truncated; one unit of the scale is what that may cost.
            self.assertLessEqual(abs(expected - decoded), (1 << scale) // 10**9 + 1)

    def test_decode_saturates(self) -> None:
        self.assertEqual(2**63 - 1, pdm.decode_delta_ns(1, 255))
        self.assertEqual(0, pdm.decode_delta_ns(0, 255))

    def test_decode_of_encoded_is_short_by_less_than_one_unit(self) -> None:
        for value_ns in (1, 999, 20_000_000, 50_000_000, 7 * 10**9):
            encoded = encode_delta(value_ns)
            short = value_ns - pdm.decode_delta_ns(*encoded)
            self.assertTrue(0 <= short <= (1 << encoded[1]) // 10**9 + 1, value_ns)


class KeyringTest(unittest.TestCase):
    def test_open_returns_metrics_for_both_suites(self) -> None:
        for suite, name in ((1, "aes128Gcm"), (2, 2)):
            option = seal_option(INCARNATION, FLOW, 7, 99, (42, 65_536, 0), suite)
            opened = Keyring([announcement(suite=name)], SECRET).open(FLOW, option)
            assert opened is not None
            self.assertEqual((2, 99), (opened.epoch_index, opened.psntp))
            self.assertEqual(Metrics(42, 1, 65_536, 0)[:2], opened.metrics[:2])

    def test_open_fails_for_every_flipped_bit(self) -> None:
        keyring = Keyring([announcement()], SECRET)
        option = seal_option(INCARNATION, FLOW, 7, 99, (42, 0, 0))
        self.assertIsNotNone(keyring.open(FLOW, option))
        for bit in range(8 * len(option)):
            flipped = bytearray(option)
            flipped[bit // 8] ^= 1 << bit % 8
            self.assertIsNone(keyring.open(FLOW, bytes(flipped)), bit)

    def test_open_fails_on_another_flow(self) -> None:
        keyring = Keyring([announcement()], SECRET)
        option = seal_option(INCARNATION, FLOW, 7, 99, (42, 0, 0))
        self.assertIsNone(keyring.open(FLOW._replace(source_port=4001), option))
        self.assertIsNone(keyring.open(FLOW._replace(source=B), option))

    def test_open_tries_every_context_of_the_source(self) -> None:
        other = announcement(incarnationId="99" * 16, contextId="99" * 16)
        option = seal_option(INCARNATION, FLOW, 7, 99, (42, 0, 0))
        opened = Keyring([other, announcement()], SECRET).open(FLOW, option)
        assert opened is not None
        self.assertEqual(INCARNATION, opened.announcement.incarnation_id)


class AnnouncementTest(unittest.TestCase):
    def test_members_in_any_case_are_read(self) -> None:
        document = {
            "ContextId": "00" * 16,
            "INCARNATIONID": "01" * 16,
            "Sequence": 3,
            "Addresses": ["::1"],
            "Suite": "Aes256Gcm",
            "Timetable": {"FirstEpoch": 1, "FirstInstantUnixNs": 2, "LengthNs": 3, "Count": 4},
        }
        read = Announcement.from_json(document)
        self.assertEqual((3, 2, 0x1E), (read.sequence, read.suite, read.option_type))

    def test_epoch_index_goes_round(self) -> None:
        self.assertEqual(4095, announcement().epoch_index(4))
        self.assertEqual(0, announcement().epoch_index(5))

    def test_timetable_allows_five_seconds_around_an_epoch(self) -> None:
        table = {"firstEpoch": 0, "firstInstantUnixNs": 0, "lengthNs": 60 * 10**9, "count": 9}
        second = 10**9
        minutes = announcement(timetable=table)
        self.assertEqual(
            [False, True, True, False],
            [minutes.allows(1, t * second) for t in (54, 55, 124, 125)],
        )


class OptionKindTest(unittest.TestCase):
    def test_length_tells_protected_from_clear(self) -> None:
        self.assertTrue(pdm.is_protected(b"\x1e\x26" + bytes(38), 0x1E))
        self.assertFalse(pdm.is_protected(b"\x1e\x16" + bytes(22), 0x1E))
        for clear in (b"\x1e\x16", b"\x0f\x16", b"\x0f\x0a"):
            self.assertTrue(pdm.is_clear(clear, 0x1E))
        for other in (b"\x1e\x26", b"\x0f\x26", b"\x1e\x0a", b"\x05\x16"):
            self.assertFalse(pdm.is_clear(other, 0x1E))

    def test_two_pdm_options_are_malformed(self) -> None:
        option = b"\x1e\x26" + bytes(38)
        self.assertEqual(option, pdm.protected_option(packet_with(option, b"\x05\x00"), 0x1E))
        self.assertIsNone(pdm.protected_option(packet_with(option, option), 0x1E))
        self.assertIsNone(pdm.protected_option(packet_with(option, b"\x0f\x0a"), 0x1E))


if __name__ == "__main__":
    unittest.main()
