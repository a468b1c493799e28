// What people carry: an authenticator app (RFC 6238) and a passkey (WebAuthn, ES256), in software, so
// that a test can do what a good one does and what a forger would.

import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function base32(text) {
  let bits = "";
  for (const letter of text) bits += ALPHABET.indexOf(letter).toString(2).padStart(5, "0");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// The code of now, or of so many steps of 30 seconds from now.
export function totp(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const mac = createHmac("sha1", base32(secret)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const url = (bytes) => Buffer.from(bytes).toString("base64url");

const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

export class Passkey {
  constructor({ origin, rpId }) {
    this.origin = origin;
    this.rpId = rpId;
    this.id = randomBytes(32);
    this.count = 0;
    Object.assign(this, generateKeyPairSync("ec", { namedCurve: "P-256" }));
  }

  clientData(type, challenge, more = {}) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false, ...more }));
  }

  authenticatorData(flags, rpId = this.rpId, count = ++this.count) {
    const tail = Buffer.alloc(5);
    tail[0] = flags;
    tail.writeUInt32BE(count, 1);
    return Buffer.concat([sha256(rpId), tail]);
  }

  // {1: 2, 3: -7, -1: 1, -2: x, -3: y} in CBOR.
  coseKey() {
    const { x, y } = this.publicKey.export({ format: "jwk" });
    const coordinate = (label, value) => Buffer.concat([Buffer.from([label, 0x58, 32]), Buffer.from(value, "base64url")]);
    return Buffer.concat([Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]), coordinate(0x21, x), coordinate(0x22, y)]);
  }

  // The body of a registration. What differs from a good one is in `wrong`.
  create(options, wrong = {}) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const data = Buffer.concat([
      this.authenticatorData(wrong.flags ?? PRESENT | VERIFIED | HAS_CREDENTIAL, wrong.rpId),
      Buffer.alloc(16),
      length,
      this.id,
      this.coseKey(),
    ]);
    const clientData = this.clientData(wrong.type ?? "webauthn.create", wrong.challenge ?? options.challenge, wrong.clientData);
    return { name: "Khóa thử", client_data: url(clientData), authenticator_data: url(data) };
  }

  // The four parts that sign in or step up.
  get(options, wrong = {}) {
    const clientData = this.clientData(wrong.type ?? "webauthn.get", wrong.challenge ?? options.challenge, wrong.clientData);
    const data = this.authenticatorData(wrong.flags ?? PRESENT | VERIFIED, wrong.rpId, wrong.count);
    const signature = createSign("sha256").update(Buffer.concat([data, sha256(clientData)])).sign(wrong.key ?? this.privateKey);
    if (wrong.signature) signature[signature.length - 1] ^= 1;
    const sent = wrong.sentClientData ?? clientData;
    return { credential_id: url(this.id), client_data: url(sent), authenticator_data: url(data), signature: url(signature) };
  }
}
