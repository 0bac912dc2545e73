"""Octets computed by hand from RFC 8250, RFC 9868 and the protocol reference, both ways."""

import contextlib
import hashlib
import hmac
import io
import json
import os
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import interop_path  # noqa: F401
import aead
import codec
from decoding import Line, decode_line
from encoding import KeyFiles, encode
from members import MemberError
from synthetic_capture import address

SECRET = bytes(range(32))
PAIR = KeyFiles(SECRET, None)
RAW = KeyFiles(None, SECRET)
NONE = KeyFiles(None, None)

FLOW = {
    "source": "2001:db8::1",
    "destination": "2001:db8::2",
    "protocol": 17,
    "sourcePort": 5353,
    "destinationPort": 53,
}
DELTAS = {"scaleDtlr": 14, "scaleDtls": 0, "deltaTlr": 61035, "deltaTls": 0}
METRICS = {"psntp": 1, "psnlr": 2, "globalPointer": 3} | DELTAS
BLOCK = "00000002" "00000003" "0e00" "0000" "ee6b" "0000"
FRAME = {
    "carriage": "udp-frame",
    "flags": 3,
    "keyId": 0,
    "sequence": 1,
    "timestampMicroseconds": 1699200000000000,
    "nonce": "000102030405060708090a0b",
    "tlvs": [{"type": 100, "value": "6b6d6f64"}],
}
FRAME_HEADER = "0203" "0000" "00000001" "00060969d4670000"


def decode(octets: str, keys: KeyFiles = NONE, **line: Any) -> dict[str, Any]:
    return decode_line(json.dumps({"hex": octets, **line}), Line(), keys)


def expand(secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand for at most two blocks, written out."""
    first = hmac.new(secret, info + b"\x01", hashlib.sha256).digest()
    return (first + hmac.new(secret, first + info + b"\x02", hashlib.sha256).digest())[:length]


class KnownOctetsTest(unittest.TestCase):
    def assert_both_ways(
        self, octets: str, document: dict[str, Any], keys: KeyFiles = NONE, **line: Any
    ) -> dict[str, Any]:
        self.assertEqual(octets, encode(document, keys).hex())
        answer = decode(octets, keys, **line)
        self.assertEqual("ok", answer["status"], answer)
        self.assertEqual(answer | document, answer)
        return answer

    def test_pdmv1_has_fields_in_order_of_rfc_8250(self) -> None:
        # 1 s is DE0B << 44 and 1 us is E8D4 << 24 in the table of RFC 8250.
        document = {"carriage": "destopt-v1", "psntp": 0x1234, "psnlr": 0x5678}
        document |= {"scaleDtlr": 44, "scaleDtls": 24, "deltaTlr": 0xDE0B, "deltaTls": 0xE8D4}
        answer = self.assert_both_ways("0f0a" "2c18" "1234" "5678" "de0b" "e8d4", document)
        # DE0B is 56843, and 56843 * 2^44 attoseconds are 0.99999 s.
        self.assertEqual(999_992, answer["deltaTlrNs"] // 1000)
        self.assertEqual(999, answer["deltaTlsNs"])

    def test_clear_option_has_fields_of_section_3(self) -> None:
        document = {"carriage": "destopt-v2-clear"} | METRICS
        answer = self.assert_both_ways("1e16" "2000" "00000001" + BLOCK, document)
        self.assertEqual((0, 0), (answer["epoch"], answer["deltaTlrNs"]))
        self.assert_both_ways(
            "3e16" "2000" "00000001" + BLOCK,
            document | {"optionType": 0x3E},
            carriage="destopt-v2",
        )

    def test_protected_option_is_sealed_word_for_word(self) -> None:
        for suite, length in ((1, 16), (2, 32)):
            document = {"carriage": "destopt-v2", "flow": FLOW, "suite": suite, "epoch": 0xABC}
            document |= METRICS
            head = "1e26" "2abc" "00000001"
            info = b"pdm6 v1 session" + bytes([0, suite, 0x0A, 0xBC])
            material = expand(SECRET, info, length + 12)
            number = bytes.fromhex("11" "00" "14e9" "0035" "0abc" "00000001")
            nonce = bytes(a ^ b for a, b in zip(material[length:], number, strict=True))
            sealed = aead.seal(
                material[:length], nonce, bytes.fromhex(head), bytes.fromhex(BLOCK)
            )
            octets = head + b"".join(sealed).hex()
            self.assert_both_ways(octets, document, PAIR, flow=FLOW, suite=suite)

    def test_udp_option_has_checksum_computed_by_hand(self) -> None:
        # 7F1A+504D+2000+0001+0002+0003+0E00 = FD6D, +EE6B = 1EBD8, folded EBD9, +001C for the
        # length is EBF5, whose complement is 140A. The pad makes the length 001D.
        option = "7f1a" "504d" "2000" "00000001" + BLOCK
        document = {"carriage": "udp-option-clear", "udpLength": 8} | METRICS
        self.assert_both_ways("140a" + option, document, udpLength=8)
        self.assert_both_ways("001409" + option, document | {"udpLength": 9}, udpLength=9)
        for octets in ("140a" + option, "001409" + option):
            self.assertEqual("udp-option-clear", decode(octets)["carriage"])

    def test_udp_option_is_sealed_over_ten_octets_with_carriage_1(self) -> None:
        document = {"carriage": "udp-option", "udpLength": 9, "flow": FLOW, "epoch": 5} | METRICS
        octets = encode(document, PAIR)
        self.assertEqual(45, len(octets))
        self.assertEqual("7f2a" "504d" "2005" "00000001", octets[3:13].hex())
        material = expand(SECRET, b"pdm6 v1 session\x00\x02\x00\x05", 44)
        number = bytes.fromhex("11" "01" "14e9" "0035" "0005" "00000001")
        nonce = bytes(a ^ b for a, b in zip(material[32:], number, strict=True))
        sealed = aead.seal(material[:32], nonce, octets[3:13], bytes.fromhex(BLOCK))
        self.assertEqual(b"".join(sealed), octets[13:])
        self.assertEqual("ok", decode(octets.hex(), PAIR, flow=FLOW, udpLength=9)["status"])

    def test_report_packet_has_56_octets(self) -> None:
        # Header 16, nonce 12, length 4, TLV 8, tag 16: with the UDP header 64.
        ciphertext, tag = aead.seal(
            SECRET,
            bytes(range(12)),
            bytes.fromhex(FRAME_HEADER),
            bytes.fromhex("0064" "0004" "6b6d6f64"),
        )
        octets = FRAME_HEADER + FRAME["nonce"] + "00000008" + ciphertext.hex() + tag.hex()
        self.assertEqual(2 * 56, len(octets))
        self.assert_both_ways(octets, FRAME, RAW)

    def test_clear_frame_has_no_nonce_length_or_tag(self) -> None:
        tlvs = [
            {"type": 3, "value": "40"},
            {"type": 4, "value": "000f4240"},
            {"type": 8, "value": ""},
        ]
        document = FRAME | {"flags": 6, "keyId": 0x0FFF, "tlvs": tlvs}
        del document["nonce"]
        self.assert_both_ways(
            "0206" "0fff" + FRAME_HEADER[8:] + "0003000140" "00040004000f4240" "00080000", document
        )

    def test_registered_frame_key_follows_section_6(self) -> None:
        document = FRAME | {"flags": 5, "keyId": 0x0102, "suite": 1, "tlvs": []}
        key = expand(SECRET, b"pdm6 v1 frame\x00\x01\x01\x02", 32)
        header = bytes.fromhex("0205" "0102" + FRAME_HEADER[8:])
        tag = b"".join(aead.seal(key, bytes(range(12)), header, b""))
        octets = (header + bytes(range(12)) + bytes(4) + tag).hex()
        self.assertEqual(octets, encode(document, PAIR).hex())
        self.assertEqual("ok", decode(octets, PAIR, suite=1)["status"])
        self.assertEqual("authentication-failed", decode(octets, PAIR, suite=2)["status"])


class DecodeTest(unittest.TestCase):
    SEALED = encode(
        {"carriage": "destopt-v2", "flow": FLOW, "suite": 2, "epoch": 5} | METRICS, PAIR
    ).hex()

    def test_every_flipped_bit_is_refused(self) -> None:
        octets = bytes.fromhex(self.SEALED)
        for bit in range(8 * len(octets)):
            flipped = bytearray(octets)
            flipped[bit // 8] ^= 1 << bit % 8
            answer = decode(flipped.hex(), PAIR, flow=FLOW, carriage="destopt-v2")
            self.assertNotEqual("ok", answer["status"], bit)

    def test_without_key_or_flow_clear_fields_are_told(self) -> None:
        for keys, line in ((NONE, {"flow": FLOW}), (PAIR, {})):
            answer = decode(self.SEALED, keys, **line)
            told = tuple(answer[name] for name in ("status", "epoch", "psntp"))
            self.assertEqual(("no-key", 5, 1), told)
            self.assertNotIn("psnlr", answer)

    def test_legacy_options_are_shown_and_not_opened(self) -> None:
        for length, tag_length in ((34, 12), (38, 16)):
            answer = decode(f"0f{length:02x}2007" "00000009" + "aa" * (length - 6))
            self.assertEqual(
                ("no-key", "destopt-v2-legacy", 7, 9, tag_length),
                tuple(answer[k] for k in ("status", "carriage", "epoch", "psntp", "tagLength")),
            )
        clear = decode("0f162000" "00000009" + BLOCK)
        self.assertEqual(("ok", 2, 61035), (clear["status"], clear["psnlr"], clear["deltaTlr"]))

    def test_saturating_times_are_told(self) -> None:
        answer = decode("0f0a" "ff3f" "0001" "0002" "0001" "ffff")
        self.assertEqual(2**63 - 1, answer["deltaTlrNs"])
        self.assertEqual(65535 * 2**63 // 10**9, answer["deltaTlsNs"])

    def test_versions_and_lengths_are_told_apart(self) -> None:
        for octets, status in (
            ("1e16" "3000" "00000001" + BLOCK, "unknown-version"),
            ("0f16" "1000" "00000001" + BLOCK, "unknown-version"),
            ("1e17" "2000" "00000001" + BLOCK + "00", "malformed"),
            ("1e16" "2000" "00000001" + BLOCK + "00", "malformed"),
            ("1e17" "3000" "00000001" + BLOCK + "00", "unknown-version"),
            ("1e01" "30", "unknown-version"),
            ("1e01" "20", "malformed"),
            ("1e00", "malformed"),
            ("0f0b" "20" + "00" * 10, "malformed"),
            ("0f0b" "10" + "00" * 10, "unknown-version"),
            ("03" + FRAME_HEADER[2:], "unknown-version"),
            ("03", "unknown-version"),
            (FRAME_HEADER[:-2], "malformed"),
            (FRAME_HEADER, "malformed"),
            ("02ff" + FRAME_HEADER[4:], "malformed"),
        ):
            self.assertEqual(status, decode(octets)["status"], octets)

    def test_reserved_bits_of_a_frame_are_ignored(self) -> None:
        answer = decode("02f8" "abcd" + FRAME_HEADER[8:])
        self.assertEqual(("ok", 0, 0), tuple(answer[k] for k in ("status", "flags", "keyId")))

    def test_clear_frame_is_refused_by_who_holds_its_key(self) -> None:
        clear, with_id = "0202" + FRAME_HEADER[4:], "0206" + FRAME_HEADER[4:]
        both = KeyFiles(SECRET, SECRET)
        for octets, keys, status in (
            (clear, NONE, "ok"),
            (clear, RAW, "authentication-failed"),
            (clear, PAIR, "ok"),
            (clear, both, "authentication-failed"),
            (with_id, PAIR, "authentication-failed"),
            (with_id, RAW, "authentication-failed"),
            (with_id, NONE, "ok"),
        ):
            answer = decode(octets, keys)
            self.assertEqual(status, answer["status"])
            self.assertEqual(status == "ok", "tlvs" in answer)

    def test_tlvs_that_lie_make_the_frame_malformed(self) -> None:
        head = "0200" + FRAME_HEADER[4:]
        self.assertEqual([{"type": 9, "value": "ff"}], decode(head + "00090001ff")["tlvs"])
        short = "00010007" + "00" * 7
        for tlvs in ("00", "000900", "00090002ff", short, "0003000240ff", "00070000"):
            self.assertEqual("malformed", decode(head + tlvs)["status"], tlvs)

    def test_line_that_is_no_line_is_malformed(self) -> None:
        objects = ('{"hex":5}', '{"hex":"","suite":3}', '{"flow":{}}', '{"hex":"","hex":""}')
        for text in ("", "{", "1e1", "zz", "[]", *objects):
            self.assertEqual("malformed", decode_line(text, Line(), NONE)["status"], text)


class EncodeTest(unittest.TestCase):
    def assert_refused(self, word: str, document: dict[str, Any], keys: KeyFiles = PAIR) -> None:
        with self.assertRaises(MemberError) as raised:
            encode(document, keys)
        self.assertIn(word, str(raised.exception))

    def test_error_names_the_member(self) -> None:
        sealed = {"carriage": "destopt-v2", "flow": FLOW, "epoch": 5} | METRICS
        tcp = FLOW | {"protocol": 6}
        portless = {name: FLOW[name] for name in ("source", "destination", "protocol")}
        for word, document in (
            ("epoch", sealed | {"epoch": 4096}),
            ("psnlr", {k: v for k, v in sealed.items() if k != "psnlr"}),
            ("psntp", sealed | {"psntp": 2**32}),
            ("suite", sealed | {"suite": 3}),
            ("optionType", sealed | {"optionType": 15}),
            ("colour", sealed | {"colour": 1}),
            ("sourcePort", sealed | {"flow": portless}),
            ("source", sealed | {"flow": FLOW | {"source": "fe80::1%eth0"}}),
            ("identifier", sealed | {"flow": _icmp(1, 7)}),
            ("flow", {"carriage": "udp-option", "udpLength": 8, "flow": tcp, "epoch": 5} | METRICS),
            ("udpLength", {"carriage": "udp-option-clear", "udpLength": 7} | METRICS),
            ("keyId", FRAME | {"keyId": 1}),
            ("nonce", FRAME | {"flags": 2}),
            ("tlvs", FRAME | {"tlvs": [{"type": 3, "value": "0000"}]}),
            ("carriage", {"carriage": "pdm"}),
        ):
            self.assert_refused(word, document)

    def test_carriage_passes_over_what_it_has_no_use_for(self) -> None:
        others = {"flow": "none", "suite": 9, "epoch": 5, "udpLength": 1, "tlvs": {}, "hex": 7}
        plain = {"carriage": "destopt-v2-clear"} | METRICS
        self.assertEqual(encode(plain | others, NONE), encode(plain, NONE))

    def test_sealing_needs_the_right_key_file(self) -> None:
        sealed = {"carriage": "destopt-v2", "flow": FLOW, "epoch": 5} | METRICS
        self.assert_refused("pair-secret-file", sealed, RAW)
        self.assert_refused("key", FRAME, PAIR)
        self.assert_refused("key", FRAME | {"flags": 7}, NONE)

    def test_what_decode_prints_can_be_encoded_again(self) -> None:
        answer = decode(DecodeTest.SEALED, PAIR, flow=FLOW)
        self.assertEqual(DecodeTest.SEALED, encode(answer, PAIR).hex())

    def test_flow_of_echo_is_type_code_and_identifier(self) -> None:
        ports = {"sourcePort": 128 << 8, "destinationPort": 7}
        addresses = {name: FLOW[name] for name in ("source", "destination")}
        sealed = {"carriage": "destopt-v2", "epoch": 5} | METRICS
        written = [
            encode(sealed | {"flow": flow}, PAIR)
            for flow in (_icmp(128, 7), addresses | {"protocol": 58} | ports)
        ]
        self.assertEqual(*written)

    def test_nonce_is_fresh_if_not_given(self) -> None:
        document = {name: value for name, value in FRAME.items() if name != "nonce"}
        nonces = {encode(document, RAW)[16:28] for _ in range(20)}
        self.assertEqual(20, len(nonces))


class CommandTest(unittest.TestCase):
    def setUp(self) -> None:
        self._directory = tempfile.TemporaryDirectory()
        self.addCleanup(self._directory.cleanup)
        self.key = Path(self._directory.name) / "key.hex"
        self.key.write_text(SECRET.hex() + "\n")
        self.key.chmod(0o600)

    def run_codec(self, lines: str, *arguments: str) -> tuple[int, list[str]]:
        output = io.StringIO()
        stdin = mock.Mock(buffer=io.BytesIO(lines.encode()))
        with mock.patch("sys.stdin", stdin), contextlib.redirect_stderr(output):
            with contextlib.redirect_stdout(output):
                code = codec.main(arguments)
        return code, output.getvalue().splitlines()

    def test_one_answer_for_each_line_in_order(self) -> None:
        good = json.dumps(FRAME)
        code, answers = self.run_codec(f"{good}\n\n{good}\n", "encode", "--key-file", str(self.key))
        self.assertEqual(1, code)
        self.assertEqual(answers[0], answers[2])
        self.assertIn("error", json.loads(answers[1]))
        code, answers = self.run_codec(
            f"{answers[0]}\nxx\n\n", "decode", "--key-file", str(self.key)
        )
        statuses = [json.loads(answer)["status"] for answer in answers]
        self.assertEqual((0, ["ok", "malformed", "malformed"]), (code, statuses))

    def test_options_hold_for_lines_that_do_not_say_otherwise(self) -> None:
        arguments = ("decode", "--pair-secret-file", str(self.key), "--flow", json.dumps(FLOW))
        _, answers = self.run_codec(DecodeTest.SEALED + "\n", *arguments)
        self.assertEqual("ok", json.loads(answers[0])["status"])
        _, answers = self.run_codec(DecodeTest.SEALED + "\n", *arguments, "--suite", "1")
        self.assertEqual("authentication-failed", json.loads(answers[0])["status"])

    def test_key_that_others_may_read_is_refused(self) -> None:
        os.chmod(self.key, 0o644)
        code, answers = self.run_codec("", "encode", "--key-file", str(self.key))
        self.assertEqual(2, code)
        self.assertIn("chmod 600", answers[0])


def _icmp(kind: int, identifier: int) -> dict[str, Any]:
    flow = {name: FLOW[name] for name in ("source", "destination")}
    return flow | {"protocol": 58, "icmpType": kind, "icmpCode": 0, "identifier": identifier}


class AddressTest(unittest.TestCase):
    def test_canonical_text_is_written(self) -> None:
        from members import write_flow
        from packets import FlowKey

        texts = ("2001:db8::1", "::", "::ffff:192.0.2.1", "2001:db8:0:1:1:1:1:1", "::102:304")
        for text in (*texts, "2001:0:0:1::1", "::1", "1::"):
            flow = FlowKey(address(text.upper()), address("::1"), 17, 1, 2)
            self.assertEqual(text, write_flow(flow)["source"])


if __name__ == "__main__":
    unittest.main()
