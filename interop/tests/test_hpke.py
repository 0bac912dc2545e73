"""HPKE of pdm6 and of @hpke/core open what the other sealed, in every mode.

Needs Node.js and npm, which fetches the pinned packages into interop/hpke/node_modules once, and
the peer of pdm6, which `./test` builds (`dotnet build interop/hpke/Pdm6.HpkePeer -c Release`).
"""

import itertools
import json
import random
import shutil
import subprocess
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "hpke"
PDM6_PEER = FOLDER / "Pdm6.HpkePeer/bin/Release/net10.0/pdm6-hpke-peer"

EXPORT_ONLY = 0xFFFF
MANDATORY = [0x10, 1, 2]
SUITES = {
    "DHKEM(P-256), HKDF-SHA256, AES-256-GCM": MANDATORY,
    "DHKEM(P-256), HKDF-SHA512, AES-128-GCM": [0x10, 3, 1],
    "DHKEM(P-384), HKDF-SHA384, AES-256-GCM": [0x11, 2, 2],
    "DHKEM(P-521), HKDF-SHA512, AES-256-GCM": [0x12, 3, 2],
    "DHKEM(X25519), HKDF-SHA256, ChaCha20-Poly1305": [0x20, 1, 3],
    "DHKEM(X25519), HKDF-SHA256, AES-256-GCM": [0x20, 1, 2],
    "DHKEM(P-256), HKDF-SHA256, export-only": [0x10, 1, EXPORT_ONLY],
}


class Peer:
    """A process that answers each line with a line."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **line: object) -> dict:
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline() or '{"error": "the peer has ended"}')

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


class ExchangeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        installed = subprocess.run([FOLDER / "install.sh"], capture_output=True, text=True, check=False)
        if installed.returncode != 0:
            raise RuntimeError(f"The packages cannot be installed: {installed.stderr}")
        if not PDM6_PEER.exists():
            raise RuntimeError(f"{PDM6_PEER} is missing: dotnet build interop/hpke/Pdm6.HpkePeer -c Release")
        cls.pdm6 = Peer(str(PDM6_PEER))
        cls.addClassCleanup(cls.pdm6.close)
        cls.other = Peer(shutil.which("node"), "peer.mjs")
        cls.addClassCleanup(cls.other.close)
        cls.random = random.Random(9180)

    def directions(self) -> list[tuple[str, Peer, Peer]]:
        return [("pdm6 to @hpke/core", self.pdm6, self.other), ("@hpke/core to pdm6", self.other, self.pdm6)]

    def octets(self, size: int) -> str:
        return self.random.randbytes(size).hex()

    def ask(self, peer: Peer, **line: object) -> dict:
        answer = peer.ask(**line)
        self.assertIsNone(answer.get("error"))
        return answer

    def both_ends(self, sender: Peer, recipient: Peer, suite: list[int], psk: bool, auth: bool) -> tuple[dict, dict]:
        """The members of a line to seal, and those of a line to open but for what was sealed."""
        keys = self.ask(recipient, do="generate", suite=suite)
        common = {"suite": suite, "info": self.octets(self.random.randrange(200))}
        common["exports"] = [[self.octets(size), size + 1] for size in (0, 31, 99)]
        if psk:
            common |= {"psk": self.octets(32), "pskId": self.octets(9)}
        seal = common | {"do": "seal", "recipient": keys["publicKey"]}
        unseal = common | {"do": "open", "privateKey": keys["privateKey"]}
        if auth:
            identity = self.ask(sender, do="generate", suite=suite)
            seal["sender"], unseal["sender"] = identity["privateKey"], identity["publicKey"]
        return seal, unseal

    def test_messages_and_exports_of_every_suite_and_mode(self) -> None:
        ways = itertools.product(SUITES.items(), (False, True), (False, True), self.directions())
        for (name, suite), psk, auth, (direction, sender, recipient) in ways:
            with self.subTest(suite=name, psk=psk, auth=auth, direction=direction):
                seal, unseal = self.both_ends(sender, recipient, suite, psk, auth)
                sizes = [] if suite[2] == EXPORT_ONLY else (0, 1, 32, 1000)
                texts = [[self.octets(self.random.randrange(64)), self.octets(size)] for size in sizes]
                sealed = self.ask(sender, **seal, messages=texts)
                received = [[text[0], ciphertext] for text, ciphertext in zip(texts, sealed["messages"], strict=True)]
                opened = self.ask(recipient, **unseal, enc=sealed["enc"], messages=received)
                self.assertEqual([text[1] for text in texts], opened["messages"])
                self.assertEqual(sealed["exports"], opened["exports"])

    def test_two_hundred_secrets_with_the_mandatory_suite(self) -> None:
        for direction, sender, recipient in self.directions():
            for _ in range(100):
                seal, unseal = self.both_ends(sender, recipient, MANDATORY, psk=False, auth=False)
                data, secret = self.octets(32), self.octets(32)
                sealed = self.ask(sender, **seal, messages=[[data, secret]])
                opened = self.ask(recipient, **unseal, enc=sealed["enc"], messages=[[data, sealed["messages"][0]]])
                self.assertEqual([secret], opened["messages"], direction)

    def test_what_was_changed_on_the_way_opens_nowhere(self) -> None:
        for direction, sender, recipient in self.directions():
            seal, unseal = self.both_ends(sender, recipient, MANDATORY, psk=True, auth=True)
            data, secret = self.octets(32), self.octets(32)
            sealed = self.ask(sender, **seal, messages=[[data, secret]])
            ciphertext = sealed["messages"][0]
            changes = {
                "ciphertext": {"messages": [[data, flipped(ciphertext)]]},
                "associated data": {"messages": [[flipped(data), ciphertext]]},
                "info": {"info": flipped(unseal["info"] or "00")},
                "psk": {"psk": flipped(unseal["psk"])},
                "psk id": {"pskId": flipped(unseal["pskId"])},
                "encapsulation of another": {"enc": self.ask(sender, **seal, messages=[])["enc"]},
            }
            for what, change in changes.items():
                with self.subTest(direction=direction, changed=what):
                    line = unseal | {"enc": sealed["enc"], "messages": [[data, ciphertext]]} | change
                    self.assertEqual([None], self.ask(recipient, **line)["messages"])


def flipped(octets: str) -> str:
    """With the last bit turned."""
    return octets[:-1] + f"{int(octets[-1], 16) ^ 1:x}"


if __name__ == "__main__":
    unittest.main()
