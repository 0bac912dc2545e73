"""PDM as a destination option: PDMv1, PDMv2 clear and protected, legacy, malformed."""

import hmac
import struct
import unittest

from dissector import dissect, dissect_one
from octets import (
    DESTINATION_OPTIONS, FRAGMENT, HOP_BY_HOP, ICMPV6, ROUTING, TCP, UDP, address, icmpv6_echo, ipv6, options_header,
    tcp, udp,
)
from sealing import BASE_SECRET, PDMV1_TYPE, Flow, Metrics, clear_option, numbers, protected_option

PREFIX = "ipv6.opt.pdmv2"
METRICS = Metrics()
KEYS = f"base-secret {BASE_SECRET.hex()}\n"


def with_option(option, upper=None, protocol=UDP, **addresses):
    """An IPv6 packet whose last extension header holds the option."""
    upper = udp(b"query") if upper is None else upper
    return ipv6(DESTINATION_OPTIONS, options_header(protocol, option) + upper, **addresses)


class ClearOptions(unittest.TestCase):
    def test_Version2Clear_EveryField_IsShown(self):
        metrics = Metrics(0xFFFFFFFF, 0x80000000, 255, 0, 7, 65535, 1)
        shown = dissect_one(with_option(clear_option(0xDEADBEEF, metrics)))
        self.assertEqual(
            shown.named(PREFIX),
            {
                f"{PREFIX}.type": ["0x1e"],
                f"{PREFIX}.length": ["22"],
                f"{PREFIX}.version": ["2"],
                f"{PREFIX}.epoch": ["0"],
                f"{PREFIX}.psntp": [str(0xDEADBEEF)],
                f"{PREFIX}.status": ["ok"],
                **metrics.shown(PREFIX),
            },
        )

    def test_Version1_TimesInNanoseconds_AreAddedToWiresharksOwnFields(self):
        option = struct.pack(">BBBBHHHH", PDMV1_TYPE, 10, 36, 44, 10, 9, 0x38D7, 0xDE0B)
        shown = dissect_one(with_option(option))
        self.assertEqual(shown.only("ipv6.opt.pdm.psn_this_pkt"), "10")
        self.assertEqual(shown.only("ipv6.opt.pdm.delta_last_recv"), str(0x38D7))
        self.assertEqual(shown.only("ipv6.opt.pdm.delta_last_recv_ns"), str((0x38D7 << 36) // 10**9))
        self.assertEqual(shown.only("ipv6.opt.pdm.delta_last_sent_ns"), str((0xDE0B << 44) // 10**9))
        self.assertEqual(shown.named(PREFIX), {})

    def test_OptionType_OfThePreference_IsTheOneThatMeansPdm(self):
        packets = [with_option(clear_option(1, METRICS, 0x3E)), with_option(clear_option(2, METRICS))]
        shown = dissect(packets, option_type=0x3E)
        self.assertEqual(shown[0].only(f"{PREFIX}.psntp"), "1")
        self.assertEqual(shown[1].named(PREFIX), {})

    def test_OptionOfAHopByHopHeader_IsNotPdm(self):
        packet = ipv6(HOP_BY_HOP, options_header(UDP, clear_option(1, METRICS)) + udp(b""))
        self.assertEqual(dissect_one(packet).named("pdm"), {})

    def test_OptionBehindOtherHeadersAndOptions_IsFound(self):
        behind = options_header(UDP, bytes([0, 0, 1, 1, 0, 0x5E, 2, 7, 7]) + clear_option(1, METRICS)) + udp(b"")
        fragment = bytes([DESTINATION_OPTIONS, 0, 0, 0, 0, 0, 0, 1]) + behind
        packet = ipv6(HOP_BY_HOP, options_header(FRAGMENT, b"") + fragment)
        self.assertEqual(dissect_one(packet).only(f"{PREFIX}.psntp"), "1")

    def test_PacketInATunnel_IsShownToo(self):
        inner = with_option(clear_option(2, METRICS))
        shown = dissect_one(with_option(clear_option(1, METRICS), inner, 41))
        self.assertEqual(shown[f"{PREFIX}.psntp"], ["1", "2"])

    def test_Legacy_EveryForm_IsShownAndNotOpened(self):
        body = numbers(5, 9) + METRICS.pack()
        for tag in (b"", bytes(12), bytes(16)):
            option = bytes([PDMV1_TYPE, len(body) + len(tag)]) + body + tag
            shown = dissect_one(with_option(option), keys=KEYS)
            self.assertEqual(shown.only(f"{PREFIX}.legacy"), "1")
            self.assertEqual(shown.only(f"{PREFIX}.epoch"), "5")
            self.assertEqual(shown.only(f"{PREFIX}.psntp"), "9")
            self.assertEqual(shown.only(f"{PREFIX}.status"), "no-key" if tag else "ok")
            self.assertEqual(f"{PREFIX}.psnlr" in shown, not tag)
            self.assertEqual(shown.get(f"{PREFIX}.tag", []), [":".join(["00"] * len(tag))] if tag else [])


class ProtectedOptions(unittest.TestCase):
    def assert_opened(self, packet, keys, **others):
        shown = dissect_one(packet, keys=keys)
        expected = METRICS.shown(PREFIX) | {f"{PREFIX}.status": ["ok"]} | others
        self.assertEqual({name: shown.get(name) for name in expected}, expected)

    def test_KeyOfThePair_EveryField_IsShown(self):
        flow = Flow()
        option = protected_option(flow, 5, 77, METRICS)
        keys = f"# lab\n\npair-secret {flow.source} {flow.destination} {flow.pair_secret().hex()}\n"
        shown = dissect_one(with_option(option), keys=keys)
        self.assertEqual(
            shown.named(PREFIX),
            {
                f"{PREFIX}.type": ["0x1e"],
                f"{PREFIX}.length": ["38"],
                f"{PREFIX}.version": ["2"],
                f"{PREFIX}.epoch": ["5"],
                f"{PREFIX}.psntp": ["77"],
                f"{PREFIX}.ciphertext": [option[8:24].hex(":")],
                f"{PREFIX}.tag": [option[24:].hex(":")],
                f"{PREFIX}.status": ["ok"],
                f"{PREFIX}.opened_with": ["line 3 of the key file, suite 2"],
                **METRICS.shown(PREFIX),
            },
        )

    def test_BaseSecret_BothSuites_Opens(self):
        for suite in (1, 2):
            option = protected_option(Flow(), 4095, 0xFFFFFFFF, METRICS, suite)
            self.assert_opened(with_option(option), f"base-secret {BASE_SECRET.hex()} {suite}\n")

    def test_LaboratoryKeyAndIncarnation_AreABaseSecret(self):
        incarnation, key_file = bytes(range(16)), bytes(range(100, 132))
        flow, base_secret = Flow(), hmac.digest(incarnation, key_file, "sha256")
        option = protected_option(flow, 5, 1, METRICS, base_secret=base_secret)
        self.assert_opened(with_option(option), f"laboratory-key {key_file.hex()} {incarnation.hex()}\n")

    def test_EveryKindOfFlow_Opens(self):
        flows = (
            (tcp(b"x"), Flow(protocol=TCP, destination_port=443)),
            (icmpv6_echo(0xBEEF), Flow(protocol=ICMPV6, source_port=128 << 8, destination_port=0xBEEF)),
            (icmpv6_echo(0xBEEF, 129), Flow(protocol=ICMPV6, source_port=129 << 8, destination_port=0xBEEF)),
            (bytes([1, 4]) + bytes(10), Flow(protocol=ICMPV6, source_port=260, destination_port=0)),
            (bytes(8), Flow(protocol=47, source_port=0, destination_port=0)),
        )
        packets = [
            with_option(protected_option(flow, 5, 1, METRICS), upper, flow.protocol) for upper, flow in flows
        ]
        for shown in dissect(packets, keys=KEYS):
            self.assertEqual(shown.only(f"{PREFIX}.status"), "ok")

    def test_RoutingHeaderWithSegmentsLeft_FinalDestinationIsThatOfTheFlow(self):
        flow = Flow(destination="2001:db8::99")
        segments = address(flow.destination) + address("2001:db8::2")
        routing = bytes([DESTINATION_OPTIONS, 4, 4, 1, 1, 0, 0, 0]) + segments
        behind = options_header(UDP, protected_option(flow, 5, 1, METRICS)) + udp(b"")
        self.assert_opened(ipv6(ROUTING, routing + behind), KEYS)

    def test_SeveralSecrets_TheRightOneOpens(self):
        wrong = "".join(f"base-secret {bytes([n] * 32).hex()}\n" for n in range(1, 4))
        option = protected_option(Flow(), 5, 1, METRICS)
        opened_with = {f"{PREFIX}.opened_with": ["line 4 of the key file, suite 2"]}
        self.assert_opened(with_option(option), wrong + KEYS, **opened_with)

    def assert_not_opened(self, shown, status):
        self.assertEqual(shown.only(f"{PREFIX}.status"), status)
        self.assertEqual(shown.only(f"{PREFIX}.psntp"), "1")
        self.assertNotIn(f"{PREFIX}.psnlr", shown)
        self.assertEqual(len(shown[f"pdm6.expert.{status.replace('-', '_')}"]), 1)

    def test_NoKeyFile_IsSaidAndNothingHiddenIsShown(self):
        packet = with_option(protected_option(Flow(), 5, 1, METRICS))
        shown = dissect_one(packet)
        self.assert_not_opened(shown, "no-key")
        self.assertIn("no-key: the preference pdm6.key_file names no key file", shown["_ws.expert.message"])
        self.assert_not_opened(dissect_one(packet, key_file="/nowhere/keys"), "no-key")

    def test_KeyFileWithAWrongLine_LineIsNamed(self):
        packet = with_option(protected_option(Flow(), 5, 1, METRICS))
        for line in (
            "base-secret 00", "base-secret", "pair-secret ::1 nonsense " + "0" * 64, "frame-key " + "0" * 63,
            "secret " + "0" * 64, KEYS.strip() + " 3", KEYS.strip() + " 2 2", "pair-secret ::1 ::2 " + "0" * 64 + " 9",
            "pair-secret ::1 ::2", "frame-key " + "0" * 64 + " 2", "laboratory-key " + "0" * 64,
            "laboratory-key " + "0" * 64 + " 00", "laboratory-key 00 " + "0" * 32,
        ):
            shown = dissect_one(packet, keys=KEYS + line + "\n")
            self.assert_not_opened(shown, "no-key")
            self.assertIn("key file, line 2: ", shown["_ws.expert.message"][0], line)

    def test_KeyFileWithoutThisPair_NoKey(self):
        keys = f"pair-secret 2001:db8::2 2001:db8::1 {Flow().pair_secret().hex()}\n"
        self.assert_not_opened(dissect_one(with_option(protected_option(Flow(), 5, 1, METRICS)), keys=keys), "no-key")

    def test_WrongKeySuiteFlowOrOctet_AuthenticationFailed(self):
        option = protected_option(Flow(), 5, 1, METRICS)
        flipped = [bytearray(option) for _ in range(3)]
        for place, copy in zip((3, 8, 39), flipped):
            copy[place] ^= 1
        packets = [with_option(option, udp(b"", 40001))] + [with_option(bytes(copy)) for copy in flipped]
        for shown in dissect(packets, keys=KEYS):
            self.assert_not_opened(shown, "authentication-failed")
        for keys in (f"base-secret {BASE_SECRET.hex()} 1\n", f"base-secret {bytes(32).hex()}\n"):
            self.assert_not_opened(dissect_one(with_option(option), keys=keys), "authentication-failed")

    def test_ThousandsOfPairs_TheCacheOfKeysIsBounded(self):
        pairs = [Flow(source=f"2001:db8::{n:x}", source_port=40000) for n in range(1, 2200)]
        packets = [with_option(protected_option(flow, 5, 1, METRICS), source=flow.source) for flow in pairs]
        shown = dissect(packets + packets[:10], keys=KEYS)
        self.assertEqual({packet.only(f"{PREFIX}.status") for packet in shown}, {"ok"})


class MalformedOptions(unittest.TestCase):
    def assert_status(self, packets, status, **named):
        for number, shown in enumerate(dissect(packets, keys=KEYS, **named)):
            self.assertEqual(set(shown[f"{PREFIX}.status"]), {status}, number)
            self.assertNotIn(f"{PREFIX}.psntp", shown)
            self.assertIn(f"pdm6.expert.{status.replace('-', '_')}", shown)

    def test_OtherVersions_UnknownVersion(self):
        bodies = [numbers(0, 1, version) + METRICS.pack() for version in (0, 1, 3, 15)]
        options = [bytes([kind, len(body)]) + body for body in bodies for kind in (0x1E, 0x0F)]
        self.assert_status([with_option(option) for option in options], "unknown-version")

    def test_OtherLengths_Malformed(self):
        body = (numbers(0, 1) + METRICS.pack() + bytes(300))[:255]
        options = [(0x1E, length) for length in (0, 1, 2, 10, 21, 23, 34, 37, 39, 255)]
        options += [(0x0F, length) for length in (0, 1, 9, 11, 23, 33, 35)]
        packets = [with_option(bytes([kind, length]) + body[:length]) for kind, length in options]
        self.assert_status(packets, "malformed")

    def test_OptionBeyondItsHeader_Malformed(self):
        option = clear_option(1, METRICS)[:20]
        headers = [bytes([UDP, 2]) + b"\0\0" + option, bytes([UDP, 0, 1, 3, 0, 0, 0, 0x1E])]
        packets = [ipv6(DESTINATION_OPTIONS, header + udp(b"")) for header in headers]
        self.assert_status(packets, "malformed")

    def test_HeaderBeyondThePacket_Malformed(self):
        packet = with_option(clear_option(1, METRICS), b"")
        self.assert_status([ipv6(DESTINATION_OPTIONS, bytes([UDP, 9]) + packet[42:])], "malformed")

    def test_UpperLayerCutShort_Malformed(self):
        short = ((UDP, b"\0\0\0"), (TCP, b""), (ICMPV6, b"\x80\0\0\0\0"))
        packets = [with_option(clear_option(1, METRICS), upper, protocol) for protocol, upper in short]
        self.assert_status(packets, "malformed")

    def test_TwoOptions_MalformedOfWhateverVersion(self):
        version_1 = struct.pack(">BBBBHHHH", PDMV1_TYPE, 10, 0, 0, 1, 2, 3, 4)
        pairs = [clear_option(1, METRICS) + clear_option(2, METRICS), version_1 + clear_option(2, METRICS)]
        self.assert_status([with_option(pair) for pair in pairs], "malformed")
        shown = dissect_one(with_option(version_1 + version_1))
        self.assertEqual(len(shown["pdm6.expert.malformed"]), 2)
        self.assertNotIn("ipv6.opt.pdm.delta_last_recv_ns", shown)

    def test_CaptureCutShort_IsSaidAndNotCalledMalformed(self):
        packet = with_option(clear_option(1, METRICS))
        self.assert_status([packet], "cut-short", snap_length=14 + 40 + 2 + 10)
        shown = dissect_one(packet, snap_length=14 + 40 + 2 + 24)
        self.assertEqual(shown.only(f"{PREFIX}.status"), "ok")
        protected = with_option(protected_option(Flow(), 5, 1, METRICS))
        shown = dissect_one(protected, keys=KEYS, snap_length=14 + 40 + 48)
        self.assertEqual(shown.only(f"{PREFIX}.status"), "no-key")


if __name__ == "__main__":
    unittest.main()
