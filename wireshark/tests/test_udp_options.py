"""PDMv2 as a UDP option: clear, sealed, among other options, and areas that are to be ignored."""

import struct
import unittest

from dissector import dissect, dissect_one
from octets import FRAGMENT, UDP, ipv6, surplus, udp, udp_with_options
from sealing import (
    BASE_SECRET, DESTINATION_OPTION, Flow, Metrics, clear_option, clear_udp_option, numbers, protected_udp_option, sealed,
)
from test_destination_options import with_option

PREFIX = "udp.opt.pdmv2"
METRICS = Metrics()
KEYS = f"base-secret {BASE_SECRET.hex()}\n"
CLEAR = clear_udp_option(7, METRICS)


class UdpOptions(unittest.TestCase):
    def test_Clear_EvenAndOddOffset_EveryField(self):
        for payload, pad in ((b"even", []), (b"odd", ["0x00"])):
            packet = udp_with_options(payload, CLEAR)
            at = 40 + 8 + len(payload) + len(pad)
            self.assertEqual(
                {name: values for name, values in dissect_one(packet).named(PREFIX).items() if values},
                {
                    **({f"{PREFIX}.pad": pad} if pad else {}),
                    f"{PREFIX}.ocs": ["0x" + packet[at : at + 2].hex()],
                    f"{PREFIX}.ocs_status": ["good"],
                    f"{PREFIX}.kind": ["127"],
                    f"{PREFIX}.length": ["26"],
                    f"{PREFIX}.ex_id": ["0x504d"],
                    f"{PREFIX}.version": ["2"],
                    f"{PREFIX}.epoch": ["0"],
                    f"{PREFIX}.psntp": ["7"],
                    f"{PREFIX}.status": ["ok"],
                    **METRICS.shown(PREFIX),
                },
            )

    def test_Protected_BothSuitesAndAnyOffset_IsOpened(self):
        for suite in (1, 2):
            keys = f"pair-secret 2001:db8::1 2001:db8::2 {Flow().pair_secret().hex()} {suite}\n"
            option = protected_udp_option(Flow(), 9, 0xFFFFFFFE, METRICS, suite)
            for shown in dissect([udp_with_options(b"a" * size, option) for size in range(4)], keys=keys):
                expected = METRICS.shown(PREFIX) | {
                    f"{PREFIX}.epoch": ["9"],
                    f"{PREFIX}.psntp": [str(0xFFFFFFFE)],
                    f"{PREFIX}.ciphertext": [option[10:26].hex(":")],
                    f"{PREFIX}.tag": [option[26:].hex(":")],
                    f"{PREFIX}.status": ["ok"],
                    f"{PREFIX}.opened_with": [f"line 1 of the key file, suite {suite}"],
                }
                self.assertEqual({name: shown.get(name) for name in expected}, expected)

    def test_SealedForOtherCarriageOrFlowOrDamaged_AuthenticationFailed(self):
        option = protected_udp_option(Flow(), 9, 1, METRICS)
        options = [
            sealed(option[:10], Flow(), DESTINATION_OPTION, 2, 9, 1, METRICS.pack()),
            protected_udp_option(Flow(destination_port=53), 9, 1, METRICS),
            option[:-1] + bytes([option[-1] ^ 1]),
        ]
        packets = [udp_with_options(b"", option) for option in options]
        for shown in dissect(packets, keys=KEYS):
            self.assertEqual(shown.only(f"{PREFIX}.status"), "authentication-failed")
            self.assertNotIn(f"{PREFIX}.psnlr", shown)
            self.assertIn("pdm6.expert.authentication_failed", shown)

    def test_NoKeyFile_NumbersOnly(self):
        shown = dissect_one(udp_with_options(b"", protected_udp_option(Flow(), 9, 1, METRICS)))
        self.assertEqual(shown.only(f"{PREFIX}.status"), "no-key")
        self.assertEqual(shown.only(f"{PREFIX}.psntp"), "1")

    def test_AmongOtherOptions_IsFound(self):
        unknown = bytes([100, 4, 9, 9])
        extended = bytes([101, 255]) + struct.pack(">H", 300) + bytes(296)
        other_experiment = struct.pack(">BBH", 127, 6, 0x1234) + b"xx"
        before = [b"\x01\x01", unknown, extended, other_experiment, bytes([4, 4, 5, 0])]
        packets = [udp_with_options(b"hi", some + CLEAR) for some in before]
        packets.append(udp_with_options(b"hi", b"".join(before) + CLEAR + unknown + b"\0\0\0"))
        for shown in dissect(packets):
            self.assertEqual(shown.only(f"{PREFIX}.psntp"), "7")
            self.assertEqual(shown.only(f"{PREFIX}.ocs_status"), "good")

    def test_ExId_OfThePreference_IsTheOneThatMeansPdm(self):
        packets = [udp_with_options(b"", clear_udp_option(1, METRICS, 0x1234)), udp_with_options(b"", CLEAR)]
        shown = dissect(packets, ex_id=0x1234)
        self.assertEqual(shown[0].only(f"{PREFIX}.psntp"), "1")
        self.assertEqual(shown[1].named(PREFIX), {})

    def test_AreaThatIsToBeIgnored_MalformedAndNotInterpreted(self):
        good = udp_with_options(b"odd", CLEAR)
        at = len(good) - len(CLEAR) - 3
        no_checksum = good[: at + 1] + bytes(2) + good[at + 3 :]
        packets = {
            "wrong checksum": good[:-1] + bytes([good[-1] ^ 1]),
            "checksum 0": no_checksum,
            "pad": good[:at] + b"\1" + good[at + 1 :],
            "two": udp_with_options(b"", CLEAR + CLEAR),
            "overrun behind": udp_with_options(b"", CLEAR + bytes([100, 5, 0])),
            "overrun": udp_with_options(b"", CLEAR[:-1]),
            "no length behind": udp_with_options(b"", CLEAR + bytes([100])),
            "length 1 behind": udp_with_options(b"", CLEAR + bytes([100, 1])),
            "extended length cut short": udp_with_options(b"", CLEAR + bytes([100, 255, 1])),
            "extended length 3": udp_with_options(b"", CLEAR + bytes([100, 255, 0, 3])),
            "too short for its kind": udp_with_options(b"", CLEAR + bytes([8, 4, 0, 0])),
            "must be known": udp_with_options(b"", CLEAR + bytes([200, 2])),
            "extended": udp_with_options(b"", bytes([127, 255, 0, 28]) + CLEAR[2:]),
            "other length": udp_with_options(b"", bytes([127, 27]) + CLEAR[2:] + b"\0"),
            "no version": udp_with_options(b"", bytes([127, 4]) + CLEAR[2:4]),
        }
        for name, shown in zip(packets, dissect(list(packets.values()))):
            self.assertEqual(shown.only(f"{PREFIX}.status"), "malformed", name)
            self.assertNotIn(f"{PREFIX}.psntp", shown, name)
            self.assertEqual(len(shown["pdm6.expert.malformed"]), 1)
            bad = name in ("wrong checksum", "checksum 0", "pad")
            if name != "pad":
                self.assertEqual(shown.only(f"{PREFIX}.ocs_status"), "bad" if bad else "good", name)

    def test_OtherVersion_UnknownVersion(self):
        option = CLEAR[:4] + numbers(0, 1, 3) + METRICS.pack()
        self.assertEqual(dissect_one(udp_with_options(b"", option)).only(f"{PREFIX}.status"), "unknown-version")

    def test_AreasOfOthers_NothingIsShown(self):
        fragment = bytes([3, 10]) + bytes(8)
        areas = [b"", b"\0", b"\1" * 9, bytes([127, 6]) + b"nope", fragment + CLEAR, bytes([100])]
        packets = [udp_with_options(b"hi", area) for area in areas]
        packets += [ipv6(UDP, udp(b"hi") + octets) for octets in (b"", b"x", b"xy", bytes(30))]
        head = bytes([UDP, 0, 0, 1, 0, 0, 0, 7])
        packets.append(ipv6(FRAGMENT, head + udp(b"") + surplus(CLEAR, 56)))
        for number, shown in enumerate(dissect(packets)):
            self.assertEqual(shown.named("pdm"), {}, number)

    def test_OptionInBothCarriages_BothMalformed(self):
        upper = udp(b"")
        packet = with_option(clear_option(1, METRICS), upper + surplus(CLEAR, 40 + 32 + len(upper)))
        shown = dissect_one(packet)
        self.assertEqual(shown.only(f"{PREFIX}.status"), "malformed")
        self.assertEqual(shown.only("ipv6.opt.pdmv2.status"), "malformed")


if __name__ == "__main__":
    unittest.main()
