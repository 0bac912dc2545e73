"""AES-GCM, SHA-256, HKDF, delta times and addresses of the dissector against known answers, in both Luas."""

import hashlib
import hmac
import ipaddress
import json
import pathlib
import random
import unittest

import lua

VECTORS = lua.FOLDER.parent / "vectors"


def wycheproof(name):
    return json.loads((VECTORS / name).read_text())["testGroups"]


class Calculations(unittest.TestCase):
    def assert_answers(self, questions, expected):
        for interpreter in lua.INTERPRETERS:
            with self.subTest(interpreter):
                answers = lua.ask(interpreter, questions)
                wrong = [item for item in zip(questions, expected, answers) if item[1] != item[2]]
                self.assertEqual(wrong, [])

    def test_GcmOpen_WycheproofVectors_OpensTheValidAndRefusesTheRest(self):
        questions, expected = [], []
        for group in wycheproof("wycheproof_aes_gcm.json"):
            if group["ivSize"] != 96 or group["keySize"] not in (128, 256) or group["tagSize"] != 128:
                continue
            for case in group["tests"]:
                questions.append(("open", case["key"], case["iv"], case["aad"], case["ct"], case["tag"]))
                expected.append(case["msg"] if case["result"] == "valid" else "refused")
        self.assertGreater(len(questions), 100)
        self.assertIn("refused", expected)
        self.assert_answers(questions, expected)

    def test_GcmOpen_AnyBitOfTheTagFlipped_Refuses(self):
        case = wycheproof("wycheproof_aes_gcm.json")[0]["tests"][0]
        tag = int(case["tag"], 16)
        questions = [
            ("open", case["key"], case["iv"], case["aad"], case["ct"], f"{tag ^ 1 << bit:032x}")
            for bit in range(128)
        ]
        self.assert_answers(questions, ["refused"] * 128)

    def test_Expand_WycheproofVectors_SameOctets(self):
        questions, expected = [], []
        for group in wycheproof("wycheproof_hkdf_sha256.json"):
            for case in group["tests"]:
                if case["result"] != "valid" or case["size"] > 600:
                    continue
                salt = bytes.fromhex(case["salt"]) or bytes(32)
                secret = hmac.new(salt, bytes.fromhex(case["ikm"]), hashlib.sha256).hexdigest()
                questions.append(("expand", secret, case["info"], str(case["size"])))
                expected.append(case["okm"])
        self.assertGreater(len(questions), 30)
        self.assert_answers(questions, expected)

    def test_Expand_FirstCaseOfRfc5869_SameOctets(self):
        secret = "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
        expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        self.assert_answers([("expand", secret, "f0f1f2f3f4f5f6f7f8f9", "42")], [expected])

    def test_Digest_EveryLengthAroundBlocks_SameAsPythons(self):
        texts = [bytes(i % 251 for i in range(size)) for size in range(130)]
        self.assert_answers(
            [("digest", text.hex()) for text in texts], [hashlib.sha256(text).hexdigest() for text in texts]
        )

    def test_DeltaToNs_EveryScale_TruncatedAndSaturated(self):
        chosen = random.Random(8250)
        pairs = [(value, scale) for scale in range(256) for value in (0, 1, 2, 0x8000, 0xFFFF)]
        pairs += [(chosen.randrange(65536), chosen.randrange(110)) for _ in range(3000)]
        expected = [min((value << scale) // 10**9, 2**63 - 1) for value, scale in pairs]
        self.assert_answers(
            [("delta", str(value), str(scale)) for value, scale in pairs], [f"{ns:016x}" for ns in expected]
        )

    def test_DeltaToNs_TableOfRfc8250_WithinItsRounding(self):
        table = [(0xE8D4, 24, 10**3), (0x38D7, 36, 10**6), (0xDE0B, 44, 10**9), (0x124B, 64, 86400 * 10**9)]
        for interpreter in lua.INTERPRETERS:
            answers = lua.ask(interpreter, [("delta", str(value), str(scale)) for value, scale, _ in table])
            for (_, scale, ns), answer in zip(table, answers):
                self.assertLessEqual(abs(int(answer, 16) - ns), (1 << scale) // 10**9 + 1)

    def test_AddressParse_EveryForm_SameAsPythons(self):
        good = ["::", "::1", "1::", "2001:db8::1", "2001:DB8:0:0:8:800:200C:417A", "fe80::1:2", "::ffff:192.0.2.33"]
        good += ["1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "64:ff9b::1.2.3.4", "1:2:3:4:5:6:7:8"]
        bad = ["", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1.2.3.4"]
        bad += ["::1.2.3.256", "1:2:3:4:5:6:7::8", ":1:2:3:4:5:6:7:8", "2001:db8::1/64", "::1%lo", "1:2:3:4:5:6:7:8:"]
        expected = [ipaddress.IPv6Address(text).packed.hex() for text in good] + ["none"] * len(bad)
        self.assert_answers([("address", text) for text in good + bad], expected)


if __name__ == "__main__":
    unittest.main()
