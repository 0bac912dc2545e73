// @hpke/core as a peer: one JSON object a line, in and out. The lines are described in README.md.

import { createInterface } from "node:readline";
import { suiteOf } from "./suites.mjs";

const octets = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (buffer) => Buffer.from(buffer).toString("hex");

function common(line) {
  return {
    info: octets(line.info),
    ...(line.psk && { psk: { key: octets(line.psk), id: octets(line.pskId) } }),
  };
}

async function exportsOf(context, line) {
  const exported = [];
  for (const [exporterContext, size] of line.exports)
    exported.push(hex(await context.export(octets(exporterContext), size)));
  return exported;
}

const answers = {
  async generate(line) {
    const { kem } = suiteOf(line.suite);
    const pair = await kem.generateKeyPair();
    return {
      privateKey: hex(await kem.serializePrivateKey(pair.privateKey)),
      publicKey: hex(await kem.serializePublicKey(pair.publicKey)),
    };
  },

  async seal(line) {
    const suite = suiteOf(line.suite);
    const context = await suite.createSenderContext({
      ...common(line),
      recipientPublicKey: await suite.kem.deserializePublicKey(octets(line.recipient)),
      ...(line.sender && { senderKey: await suite.kem.deserializePrivateKey(octets(line.sender)) }),
    });
    const messages = [];
    for (const [associatedData, text] of line.messages)
      messages.push(hex(await context.seal(octets(text), octets(associatedData))));
    return { enc: hex(context.enc), messages, exports: await exportsOf(context, line) };
  },

  async open(line) {
    const suite = suiteOf(line.suite);
    const context = await suite.createRecipientContext({
      ...common(line),
      recipientKey: await suite.kem.deserializePrivateKey(octets(line.privateKey)),
      enc: octets(line.enc),
      ...(line.sender && { senderPublicKey: await suite.kem.deserializePublicKey(octets(line.sender)) }),
    });
    const messages = [];
    for (const [associatedData, ciphertext] of line.messages)
      messages.push(await context.open(octets(ciphertext), octets(associatedData)).then(hex, () => null));
    return { messages, exports: await exportsOf(context, line) };
  },
};

for await (const text of createInterface({ input: process.stdin })) {
  const line = JSON.parse(text);
  const answer = await answers[line.do](line).catch((error) => ({ error: `${error.name}: ${error.message}` }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
