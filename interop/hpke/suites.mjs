// The suites of @hpke/core by their numbers in IANA's registries.

import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import {
  Aes128Gcm, Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, DhkemP384HkdfSha384, DhkemP521HkdfSha512,
  DhkemX25519HkdfSha256, ExportOnly, HkdfSha256, HkdfSha384, HkdfSha512,
} from "@hpke/core";

const KEMS = {
  0x10: DhkemP256HkdfSha256, 0x11: DhkemP384HkdfSha384, 0x12: DhkemP521HkdfSha512, 0x20: DhkemX25519HkdfSha256,
};
const KDFS = { 1: HkdfSha256, 2: HkdfSha384, 3: HkdfSha512 };
const AEADS = { 1: Aes128Gcm, 2: Aes256Gcm, 3: Chacha20Poly1305, 0xffff: ExportOnly };

export function suiteOf([kem, kdf, aead]) {
  return new CipherSuite({ kem: new KEMS[kem](), kdf: new KDFS[kdf](), aead: new AEADS[aead]() });
}
