"""PDMv2 as the payload of UDP datagrams: every TLV, sealed and clear, ports, heuristics, malformed."""

import struct
import unittest

from dissector import dissect, dissect_one
from octets import UDP, ipv6, udp
from sealing import BASE_SECRET, Flow, Metrics, expand, frame_header, sealed_frame, tlv

PREFIX = "pdm6.frame"
KEY = bytes(range(64, 96))
NONCE = bytes(range(12))
TIMESTAMP = 1_699_200_000_000_000
FRAME_KEY = f"frame-key {KEY.hex()}\n"
CUSTOM = 100


def datagram(frame, port=8250):
    return ipv6(UDP, udp(frame, 54321, port))


class Frames(unittest.TestCase):
    def test_PacketOfTheReport_EveryFieldOfItsList(self):
        # Its field list: version 2, flags 3, sequence 1, its time stamp, one TLV CUSTOM "kmod", destination port 53.
        frame = sealed_frame(frame_header(3, 1, TIMESTAMP), NONCE, tlv(CUSTOM, b"kmod"), KEY)
        self.assertEqual(len(frame), 16 + 12 + 4 + 8 + 16)
        packet = ipv6(UDP, udp(frame, 54321, 53, "::1", "::1"), "::1", "::1")
        shown = dissect_one(packet, ["-d", "udp.port==53,pdm6.frame"], keys=FRAME_KEY)
        self.assertEqual(shown.only("udp.length"), "64")
        self.assertEqual(
            shown.named(PREFIX),
            {
                f"{PREFIX}.version": ["2"],
                f"{PREFIX}.flags": ["0x03"],
                f"{PREFIX}.flags.encrypted": ["1"],
                f"{PREFIX}.flags.request": ["1"],
                f"{PREFIX}.flags.key_id": ["0"],
                f"{PREFIX}.reserved": ["0x0000"],
                f"{PREFIX}.sequence": ["1"],
                f"{PREFIX}.timestamp": [str(TIMESTAMP)],
                f"{PREFIX}.time": ["Nov  5, 2023 16:00:00.000000000 UTC"],
                f"{PREFIX}.nonce": [NONCE.hex(":")],
                f"{PREFIX}.length": ["8"],
                f"{PREFIX}.ciphertext": [frame[32:40].hex(":")],
                f"{PREFIX}.tag": [frame[40:].hex(":")],
                f"{PREFIX}.tlv.type": ["100"],
                f"{PREFIX}.tlv.length": ["4"],
                f"{PREFIX}.tlv.value": [b"kmod".hex(":")],
                f"{PREFIX}.tlv.custom": ["kmod"],
                f"{PREFIX}.status": ["ok"],
                f"{PREFIX}.opened_with": ["line 1 of the key file, suite 2"],
            },
        )

    def test_EveryTlv_ClearAndSealed_SameFields(self):
        metrics = Metrics()
        tlvs = (
            tlv(1, struct.pack(">Q", 2**64 - 1)) + tlv(2, struct.pack(">Q", 5)) + tlv(3, b"\x40")
            + tlv(4, struct.pack(">I", 1_000_000)) + tlv(5, struct.pack(">Q", TIMESTAMP * 1000))
            + tlv(6, struct.pack(">Q", 0)) + tlv(7, metrics.pack()) + tlv(8, bytes(5)) + tlv(8, b"")
            + tlv(CUSTOM, b"\0\xff") + tlv(0xFFFF, b"unknown")
        )
        expected = {
            f"{PREFIX}.tlv.type": ["1", "2", "3", "4", "5", "6", "7", "8", "8", "100", "65535"],
            f"{PREFIX}.tlv.length": ["8", "8", "1", "4", "8", "8", "16", "5", "0", "2", "7"],
            f"{PREFIX}.tlv.round_trip_ns": [str(2**64 - 1)],
            f"{PREFIX}.tlv.jitter_ns": ["5"],
            f"{PREFIX}.tlv.hop_count": ["64"],
            f"{PREFIX}.tlv.loss_rate_ppm": ["1000000"],
            f"{PREFIX}.tlv.receive_time_ns": [str(TIMESTAMP * 1000)],
            f"{PREFIX}.tlv.send_time_ns": ["0"],
            **metrics.shown(f"{PREFIX}.tlv.pdm"),
        }
        clear = frame_header(0, 1, TIMESTAMP) + tlvs
        sealed = sealed_frame(frame_header(1, 1, TIMESTAMP), NONCE, tlvs, KEY)
        for shown in dissect([datagram(clear), datagram(sealed)], keys=FRAME_KEY):
            self.assertEqual(shown.only(f"{PREFIX}.status"), "ok")
            self.assertEqual({name: shown.get(name) for name in expected}, expected)
            self.assertNotIn(f"{PREFIX}.tlv.custom", shown)
            self.assertEqual(shown[f"{PREFIX}.tlv.value"][-1], b"unknown".hex(":"))

    def test_KeyId_KeyComesFromThePair(self):
        for suite in (1, 2):
            secret = expand(Flow().pair_secret(), b"pdm6 v1 frame" + struct.pack(">HH", suite, 4095), 32)
            frame = sealed_frame(frame_header(5, 9, TIMESTAMP, 4095), NONCE, tlv(3, b"\1"), secret)
            keys = f"{FRAME_KEY}base-secret {BASE_SECRET.hex()} {suite}\n"
            shown = dissect_one(datagram(frame), keys=keys)
            self.assertEqual(shown.only(f"{PREFIX}.key_id"), "4095")
            self.assertEqual(shown.only(f"{PREFIX}.tlv.hop_count"), "1")
            self.assertEqual(shown.only(f"{PREFIX}.opened_with"), f"line 2 of the key file, suite {suite}")

    def test_NotOpened_SaysWhy(self):
        sealed = sealed_frame(frame_header(1, 1, TIMESTAMP), NONCE, tlv(3, b"\1"), KEY)
        with_key_id = sealed_frame(frame_header(5, 1, TIMESTAMP, 3), NONCE, tlv(3, b"\1"), KEY)
        flipped = [bytearray(sealed) for _ in range(4)]
        for place, copy in zip((2, 4, 16, len(sealed) - 1), flipped):
            copy[place] ^= 1
        for shown in dissect([datagram(bytes(frame)) for frame in flipped], keys=FRAME_KEY):
            self.assertEqual(shown.only(f"{PREFIX}.status"), "authentication-failed")
            self.assertNotIn(f"{PREFIX}.tlv.type", shown)
            self.assertIn("pdm6.frame.expert.authentication_failed", shown)
        for keys in (None, f"base-secret {BASE_SECRET.hex()}\n"):
            self.assertEqual(dissect_one(datagram(sealed), keys=keys).only(f"{PREFIX}.status"), "no-key")
        self.assertEqual(dissect_one(datagram(with_key_id), keys=FRAME_KEY).only(f"{PREFIX}.status"), "no-key")

    def test_NothingSealed_IsOk(self):
        frame = sealed_frame(frame_header(1, 1, TIMESTAMP), NONCE, b"", KEY)
        shown = dissect([datagram(frame), datagram(frame_header(0, 1, TIMESTAMP))], keys=FRAME_KEY)
        self.assertEqual([one.only(f"{PREFIX}.status") for one in shown], ["ok", "ok"])

    def test_TimestampBeyondAnyCalendar_NumberOnly(self):
        shown = dissect_one(datagram(frame_header(0, 0xFFFFFFFF, 2**64 - 1)))
        self.assertEqual(shown.only(f"{PREFIX}.timestamp"), str(2**64 - 1))
        self.assertEqual(shown.only(f"{PREFIX}.sequence"), str(0xFFFFFFFF))
        self.assertNotIn(f"{PREFIX}.time", shown)

    def test_Malformed_NoTlvIsInterpreted(self):
        header = frame_header(0, 1, TIMESTAMP)
        sealed = sealed_frame(frame_header(1, 1, TIMESTAMP), NONCE, tlv(3, b"\1"), KEY)
        wrong_tlvs = [tlv(3, b"\1\1"), tlv(7, bytes(15)), b"\0\1", b"\0\1\0", tlv(9, b"xx")[:-1], tlv(1, b"")]
        frames = [header + tlvs for tlvs in wrong_tlvs] + [sealed + b"\0", sealed[:-1], sealed[:47], header[:15]]
        frames.append(sealed_frame(frame_header(1, 1, TIMESTAMP), NONCE, tlv(3, b"\1\1"), KEY))
        for number, shown in enumerate(dissect([datagram(frame) for frame in frames], keys=FRAME_KEY)):
            self.assertEqual(shown.only(f"{PREFIX}.status"), "malformed", number)
            self.assertNotIn(f"{PREFIX}.tlv.type", shown)
            self.assertIn("pdm6.frame.expert.malformed", shown)

    def test_OtherVersion_UnknownVersion(self):
        shown = dissect_one(datagram(b"\3" + frame_header(0, 1, TIMESTAMP)[1:]))
        self.assertEqual(shown.only(f"{PREFIX}.status"), "unknown-version")
        self.assertNotIn(f"{PREFIX}.sequence", shown)

    def test_CaptureCutShort_IsSaid(self):
        frame = sealed_frame(frame_header(1, 1, TIMESTAMP), NONCE, tlv(3, b"\1"), KEY)
        shown = dissect_one(datagram(frame), snap_length=14 + 40 + 8 + 30)
        self.assertEqual(shown.only(f"{PREFIX}.status"), "cut-short")


class Ports(unittest.TestCase):
    CLEAR = frame_header(2, 1, TIMESTAMP) + tlv(CUSTOM, b"kmod")

    def test_PortOfThePreference_IsTheOnlyOneTakenForGranted(self):
        broken = b"\2\0"  # only the port tells that this is meant to be a frame
        packets = [datagram(broken, 8250), datagram(broken, 9250)]
        shown = dissect(packets, udp_port=9250)
        self.assertEqual([f"{PREFIX}.status" in one for one in shown], [False, True])
        shown = dissect(packets, udp_port=0)
        self.assertEqual([f"{PREFIX}.status" in one for one in shown], [False, False])

    def test_OtherPorts_WholeFramesAreRecognised(self):
        sealed = sealed_frame(frame_header(1, 1, TIMESTAMP), NONCE, tlv(3, b"\1"), KEY)
        for shown in dissect([datagram(self.CLEAR, 40001), datagram(sealed, 40001)]):
            self.assertIn(f"{PREFIX}.sequence", shown)

    def test_OtherPayloads_AreLeftToOthers(self):
        payloads = [
            b"", b"\2", b"hello, this is no frame at all", frame_header(0, 1, 1), self.CLEAR + b"x",
            frame_header(8, 1, 1) + tlv(3, b"\1"), b"\3" + self.CLEAR[1:], frame_header(1, 1, 1) + bytes(33),
        ]
        for shown in dissect([datagram(payload, 40001) for payload in payloads]):
            self.assertEqual(shown.named(PREFIX), {})


if __name__ == "__main__":
    unittest.main()
