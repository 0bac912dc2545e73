// Measures @hpke/core for the bench: one line {"suite", "info", "associatedData", "text", "opens", "count"} in, octets in
// hexadecimal; one line {"ns"} out: the processor time of one message, all threads. A key is at hand; each message has an
// encapsulation of its own.

import { createInterface } from "node:readline";
import { suiteOf } from "./suites.mjs";

const octets = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const pairs = new Map();

for await (const text of createInterface({ input: process.stdin })) {
  const line = JSON.parse(text);
  const suite = suiteOf(line.suite);
  if (!pairs.has(text)) pairs.set(text, await suite.kem.generateKeyPair());
  const { publicKey, privateKey } = pairs.get(text);
  const [info, associatedData, plaintext] = [octets(line.info), octets(line.associatedData), octets(line.text)];

  async function seal() {
    const context = await suite.createSenderContext({ recipientPublicKey: publicKey, info });
    return { enc: context.enc, ciphertext: await context.seal(plaintext, associatedData) };
  }
  async function open({ enc, ciphertext }) {
    const context = await suite.createRecipientContext({ recipientKey: privateKey, enc, info });
    return context.open(ciphertext, associatedData);
  }

  const sealed = await seal();
  if (Buffer.compare(Buffer.from(await open(sealed)), Buffer.from(plaintext)) !== 0) throw new Error("not the same text");
  const start = process.cpuUsage();
  for (let i = 0; i < line.count; i++) await (line.opens ? open(sealed) : seal());
  const used = process.cpuUsage(start);
  process.stdout.write(`${JSON.stringify({ ns: ((used.user + used.system) * 1000) / line.count })}\n`);
}
