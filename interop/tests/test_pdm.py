"""Opening: every announced context is tried, and nothing that was changed opens."""

import unittest

import interop_path  # noqa: F401
import pdm
from keys import hkdf_extract
from packets import FlowKey, Packet
from pdm import Announcement, Keyring
from synthetic_capture import address
from synthetic_laboratory import SECRET, seal_option

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


def keyring_of(*announcements: Announcement) -> Keyring:
    return Keyring((each, hkdf_extract(each.incarnation_id, SECRET)) for each in announcements)


def packet_with(*options: bytes) -> Packet:
    return Packet(A, B, 100, (60,), options, FLOW, 10)


class KeyringTest(unittest.TestCase):
    def test_open_returns_metrics_for_both_suites(self) -> None:
        for suite, name in ((1, "aes128Gcm"), (2, 2)):
            option = seal_option(INCARNATION, FLOW, 7, 99, (42, 65_536, 0), suite)
            opened = keyring_of(announcement(suite=name)).open(FLOW, option)
            assert opened is not None
            self.assertEqual((2, 99), (opened.epoch_index, opened.psntp))
            self.assertEqual((42, 1), opened.metrics[:2])

    def test_open_fails_for_every_flipped_bit(self) -> None:
        keyring = keyring_of(announcement())
        option = seal_option(INCARNATION, FLOW, 7, 99, (42, 0, 0))
        self.assertIsNotNone(keyring.open(FLOW, option))
        for bit in range(8 * len(option)):
            flipped = bytearray(option)
            flipped[bit // 8] ^= 1 << bit % 8
            self.assertIsNone(keyring.open(FLOW, bytes(flipped)), bit)

    def test_open_fails_on_another_flow(self) -> None:
        keyring = keyring_of(announcement())
        option = seal_option(INCARNATION, FLOW, 7, 99, (42, 0, 0))
        self.assertIsNone(keyring.open(FLOW._replace(source_port=4001), option))
        self.assertIsNone(keyring.open(FLOW._replace(source=B), option))

    def test_open_tries_every_context_of_the_source(self) -> None:
        other = announcement(incarnationId="99" * 16, contextId="99" * 16)
        option = seal_option(INCARNATION, FLOW, 7, 99, (42, 0, 0))
        opened = keyring_of(other, announcement()).open(FLOW, option)
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
