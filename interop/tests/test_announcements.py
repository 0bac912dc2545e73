"""The vectors of registration, judged and opened by what docs/registration.md says."""

import base64
import json
import os
import tempfile
import unittest
from pathlib import Path

import interop_path  # noqa: F401
from cryptography import x509

from announcements import judge, open_envelope, open_sealed, sealing_info
from hpke_base import P256, PrivateKey, key_and_nonce, open_base, read_hpke_keys, shared_secret

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "pdm6_registration.json").read_text())
AUTHORITY = x509.load_der_x509_certificate(bytes.fromhex(VECTORS["authority"]))
KEYS = {p["name"]: PrivateKey(P256, bytes.fromhex(p["hpkePrivateKey"])) for p in VECTORS["participants"]}


class Announcements(unittest.TestCase):
    def test_every_vector_gets_its_verdict(self) -> None:
        for vector in VECTORS["vectors"]:
            with self.subTest(vector["name"]):
                self.assertEqual(vector["verdict"], judge(
                    vector["kind"], vector["envelope"], AUTHORITY, vector["nowUnixNs"], vector.get("lastSequence")))

    def test_sealed_secrets_open_to_those_named_alone(self) -> None:
        opened = 0
        for vector in VECTORS["vectors"]:
            for name, secret in vector.get("opens", {}).items():
                with self.subTest(f"{vector['name']}: {name}"):
                    found = open_sealed(vector["kind"], vector["envelope"], KEYS[name])
                    self.assertEqual(secret, found.hex() if found else None)
                    opened += found is not None
        self.assertGreaterEqual(opened, 5)

    def test_every_value_on_the_way_is_the_same(self) -> None:
        checked = 0
        for vector in VECTORS["vectors"]:
            body = json.loads(base64.b64decode(vector["envelope"]["body"])) if "sealing" in vector else {}
            items = body.get("sealed", [])
            for item, steps in zip(items if isinstance(items, list) else [items], vector.get("sealing", [])):
                with self.subTest(vector["name"]):
                    self._check(vector, body, item, {name: bytes.fromhex(value) for name, value in steps.items()})
                    checked += 1
        self.assertGreaterEqual(checked, 5)

    def _check(self, vector: dict, body: dict, item: dict, steps: dict[str, bytes]) -> None:
        participant = next(p for p in VECTORS["participants"] if p["keyId"] == item["keyId"])
        key, certificate = KEYS[participant["name"]], base64.b64decode(vector["envelope"]["certificate"])
        self.assertEqual(key.public, bytes.fromhex(participant["hpkePublicKey"]))
        self.assertEqual(base64.b64decode(body[vector["kind"]]), steps["document"])
        context = json.loads(steps["document"])["contextId"]
        self.assertEqual(sealing_info(vector["kind"], context, certificate, key.public), steps["info"])
        self.assertEqual(PrivateKey(P256, steps["ephemeralPrivateKey"]).public, steps["enc"])
        secret = shared_secret(key, steps["enc"])
        _, nonce = key_and_nonce(secret, item["kem"], item["kdf"], item["aead"], steps["info"])
        self.assertEqual(nonce, steps["baseNonce"])
        self.assertEqual(base64.b64decode(item["ciphertext"]), steps["ciphertext"])
        self.assertEqual(steps["secret"], open_base(
            key, item["kem"], item["kdf"], item["aead"], steps["enc"], steps["info"], steps["aad"], steps["ciphertext"]))

    def test_expired_announcements_are_good_for_captures(self) -> None:
        vector = next(v for v in VECTORS["vectors"] if v["name"] == "announcement, expired")
        self.assertEqual("accepted", judge("announcement", vector["envelope"], AUTHORITY, None))

    def test_envelope_opens_with_the_keys_of_a_file(self) -> None:
        vector = next(v for v in VECTORS["vectors"] if v["name"] == "announcement, for one analyzer")
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "analyzer.key")
            text = "".join(
                "-----BEGIN PDM6 HPKE PRIVATE KEY-----\n"
                + base64.b64encode(key.kem.to_bytes(2, "big") + key.octets).decode()
                + "\n-----END PDM6 HPKE PRIVATE KEY-----\n" for key in (KEYS["host-b"], KEYS["analyzer-1"]))
            path.write_text(text)
            os.chmod(path, 0o600)
            keys = read_hpke_keys(path)
        announcement, secret = open_envelope(vector["envelope"], keys)
        self.assertEqual("host-a", announcement["agentName"])
        self.assertEqual(vector["opens"]["analyzer-1"], secret.hex())
        self.assertEqual((announcement, None), open_envelope(vector["envelope"], keys[:1]))


if __name__ == "__main__":
    unittest.main()
