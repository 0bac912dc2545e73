"""The project's own test vectors, every carriage, each in a packet: the dissector shows what the codec answers."""

import json
import struct
import unittest

from dissector import dissect
from lua import FOLDER
from octets import DESTINATION_OPTIONS, ICMPV6, TCP, UDP, ipv6, tcp, udp

VECTORS = FOLDER.parent / "vectors" / "pdm6_vectors.json"
USUAL_FLOW = {
    "source": "2001:db8::1", "destination": "2001:db8:0:1::2", "protocol": UDP, "sourcePort": 5353, "destinationPort": 53,
}

OPTION_FIELDS = {
    "epoch": "epoch", "psntp": "psntp", "psnlr": "psnlr", "globalPointer": "global_pointer",
    "scaleDtlr": "scale_dtlr", "scaleDtls": "scale_dtls", "deltaTlr": "delta_tlr", "deltaTls": "delta_tls",
    "deltaTlrNs": "delta_tlr_ns", "deltaTlsNs": "delta_tls_ns",
}
PDMV1_FIELDS = {
    "psntp": "psn_this_pkt", "psnlr": "psn_last_recv", "scaleDtlr": "scale_dtlr", "scaleDtls": "scale_dtls",
    "deltaTlr": "delta_last_recv", "deltaTls": "delta_last_sent",
    "deltaTlrNs": "delta_last_recv_ns", "deltaTlsNs": "delta_last_sent_ns",
}
FRAME_FIELDS = {"version": "version", "sequence": "sequence", "timestampMicroseconds": "timestamp"}
# In these areas no PDM option can be told from what others may leave behind a datagram: nothing is shown.
NOT_TOLD = ("pad missing", "pad too many", "no PDM option", "no room for the checksum")
PREFIXES = {"destopt": "ipv6.opt.pdmv2", "udp-opt": "udp.opt.pdmv2", "udp-fra": "pdm6.frame"}


def upper(flow):
    protocol = flow["protocol"]
    if protocol == UDP:
        return udp(b"", flow["sourcePort"], flow["destinationPort"], flow["source"], flow["destination"])
    if protocol == TCP:
        return tcp(b"", flow["sourcePort"], flow["destinationPort"])
    if protocol == ICMPV6:
        return struct.pack(">BBHHH", flow["icmpType"], flow["icmpCode"], 0, flow["identifier"], 0)
    return bytes(8)


def with_destination_option(option, flow):
    """The option ends where its header ends, so that one that is cut short runs past it."""
    header = bytes(-(2 + len(option)) % 8) + option
    header = bytes([flow["protocol"], (2 + len(header)) // 8 - 1]) + header
    return ipv6(DESTINATION_OPTIONS, header + upper(flow), flow["source"], flow["destination"])


def with_surplus(area, udp_length, flow):
    datagram = struct.pack(">HHHH", flow["sourcePort"], flow["destinationPort"], udp_length, 0)
    return ipv6(UDP, datagram + bytes(udp_length - 8) + area, flow["source"], flow["destination"])


def with_frame(payload):
    addresses = USUAL_FLOW["source"], USUAL_FLOW["destination"]
    return ipv6(UDP, udp(payload, 50000, 8250, *addresses), *addresses)


class Vector:
    def __init__(self, entry):
        self.name = entry["name"]
        self.answer = entry["answer"]
        self.carriage = self.answer["carriage"]
        self.prefix = PREFIXES[self.carriage[:7]]
        line = entry["decode"]
        self.flow = line.get("flow", USUAL_FLOW)
        octets = bytes.fromhex(line["hex"])
        self.applies = self.fits_a_packet(entry, line, octets)
        self.preferences = {"option_type": self.answer.get("optionType", 30), "ex_id": self.answer.get("exId", 0x504D)}
        if self.prefix == "ipv6.opt.pdmv2":
            self.packet = with_destination_option(octets, self.flow)
        elif self.prefix == "udp.opt.pdmv2":
            self.packet = with_surplus(octets, line.get("udpLength", 40 + len(octets) % 2), self.flow)
        else:
            self.packet = with_frame(octets)
        self.keys = self.key_file(entry, line.get("suite", 2))

    def fits_a_packet(self, entry, line, octets):
        """A packet always has a flow; in it the type octet decides, and what is left over is another option."""
        if self.answer["status"] == "no-key" and "pairSecret" in entry and "flow" not in line:
            return False
        if self.prefix == "udp.opt.pdmv2" and self.flow["protocol"] != UDP:
            return False
        if self.prefix != "ipv6.opt.pdmv2":
            return True
        told = line.get("carriage", "").startswith("destopt-v")
        is_version_1 = octets[:2] == b"\x0f\x0a"
        return len(octets) <= octets[1] + 2 and not (told and (line["carriage"] == "destopt-v1") != is_version_1)

    def key_file(self, entry, suite):
        lines = []
        if "pairSecret" in entry:
            pair = f"{self.flow['source']} {self.flow['destination']}"
            lines.append(f"pair-secret {pair} {entry['pairSecret']} {suite}\n")
        if "frameKey" in entry:
            lines.append(f"frame-key {entry['frameKey']}\n")
        return "".join(lines)

    @property
    def status(self):
        # The codec answers for one key holder, who refuses clear frames; a key file holds the secrets of many.
        if self.carriage == "udp-frame" and self.answer["status"] == "authentication-failed":
            return "ok" if not self.answer["flags"] & 1 else "authentication-failed"
        return self.answer["status"]

    @property
    def expected(self):
        """Values by field."""
        if self.name.endswith(NOT_TOLD):
            return {f"{self.prefix}.status": None, self.prefix: None}
        if self.carriage == "destopt-v1" and self.status == "ok":
            names = {member: f"ipv6.opt.pdm.{name}" for member, name in PDMV1_FIELDS.items()}
            fields = {}
        else:
            members = FRAME_FIELDS if self.prefix == "pdm6.frame" else OPTION_FIELDS
            names = {member: f"{self.prefix}.{name}" for member, name in members.items()}
            fields = {f"{self.prefix}.status": [self.status]}
        for member, name in names.items():
            # What may not be interpreted, or was not opened, must not be there.
            fields[name] = [str(self.answer[member])] if member in self.answer else None
        if self.status in ("malformed", "unknown-version"):
            fields.pop(f"{self.prefix}.version", None)
            if self.prefix == "pdm6.frame":
                fields = {f"{self.prefix}.status": [self.status]}
        if "flags" in self.answer:
            fields |= self.expected_frame()
        return fields

    def expected_frame(self):
        answer, prefix = self.answer, self.prefix
        tlvs = answer.get("tlvs", [])
        fields = {
            f"{prefix}.flags.{name}": [str(answer["flags"] >> bit & 1)]
            for bit, name in enumerate(("encrypted", "request", "key_id"))
        }
        fields |= {
            f"{prefix}.key_id": [str(answer["keyId"])] if answer["flags"] & 4 else None,
            f"{prefix}.nonce": [bytes.fromhex(answer["nonce"]).hex(":")] if "nonce" in answer else None,
        }
        if "tlvs" in answer:
            values = [bytes.fromhex(tlv["value"]).hex(":") for tlv in tlvs if tlv["value"]]
            fields[f"{prefix}.tlv.type"] = [str(tlv["type"]) for tlv in tlvs] or None
            fields[f"{prefix}.tlv.value"] = values or None
        return fields


def load():
    return [Vector(entry) for entry in json.loads(VECTORS.read_text())["vectors"]]


class Vectors(unittest.TestCase):
    maxDiff = None

    def test_EveryVector_FieldByField(self):
        vectors = [vector for vector in load() if vector.applies]
        self.assertGreater(len(vectors), 110)
        groups = {}
        for vector in vectors:
            groups.setdefault((vector.keys, *vector.preferences.values()), []).append(vector)
        for group in groups.values():
            packets = [vector.packet for vector in group]
            for vector, shown in zip(group, dissect(packets, keys=group[0].keys, **group[0].preferences)):
                with self.subTest(vector.name):
                    expected = vector.expected
                    self.assertEqual({name: shown.get(name) for name in expected}, expected)

    def test_EveryCarriageAndStatus_IsAmongTheVectors(self):
        vectors = load()
        self.assertEqual({vector.prefix for vector in vectors}, set(PREFIXES.values()))
        statuses = {"ok", "malformed", "unknown-version", "authentication-failed", "no-key"}
        self.assertEqual({vector.status for vector in vectors}, statuses)


if __name__ == "__main__":
    unittest.main()
