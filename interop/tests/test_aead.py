"""AES-GCM against the published vectors of its specification."""

import unittest

import interop_path  # noqa: F401
import aead


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


if __name__ == "__main__":
    unittest.main()
