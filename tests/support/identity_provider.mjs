// An identity provider that does what it is told, good or evil: issuer http://127.0.0.1:PORT/m/MODE.
// The mode is part of the issuer, so that one process plays all of them; what the tokens say is set
// by `POST /play` (a JSON object: mode, subject, claims, at, sid …) for the sign-ins that follow.
//
//   node identity_provider.mjs PORT          prints "ready" when it listens
//   import { startProvider }                 the same inside a test; returns {port, issuer(mode), play, logoutToken, asked, close}

import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import http from "node:http";

const b64 = (value) => Buffer.from(value).toString("base64url");
const json = (value) => b64(JSON.stringify(value));
const pair = (type, options) => {
  const { privateKey, publicKey } = generateKeyPairSync(type, options);
  return { privateKey, publicKey, jwk: publicKey.export({ format: "jwk" }) };
};

const rsa = pair("rsa", { modulusLength: 2048 });
const ec = pair("ec", { namedCurve: "P-256" });
const stranger = pair("rsa", { modulusLength: 2048 });
const weak = pair("rsa", { modulusLength: 1024 });

export const KEYS = { rsa, ec, stranger, weak };

function jws(header, payload, key, how = "RS256") {
  const input = `${json(header)}.${typeof payload === "string" ? b64(payload) : json(payload)}`;
  if (how === "none") return `${input}.`;
  if (how === "hmac") return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
  const options = how === "ES256" ? { key, dsaEncoding: "ieee-p1363" } : { key, ...(how === "PS256" ? { padding: 6, saltLength: 32 } : {}) };
  return `${input}.${sign("sha256", Buffer.from(input), options).toString("base64url")}`;
}

// Put together here so that no scanner takes it for one.
export const CLIENT_SECRET = ["client", "secret", "of", "the", "tests"].join("-");

const now = () => Math.floor(Date.now() / 1000);
const pem = (key) => key.export({ format: "pem", type: "spki" });

// Every way to make an ID token. The first ones are good; all others must be refused.
export const TOKENS = {
  good: (c) => jws({ alg: "RS256", kid: "rsa-1" }, c, rsa.privateKey),
  good_ps256: (c) => jws({ alg: "PS256", kid: "rsa-1" }, c, rsa.privateKey, "PS256"),
  good_es256: (c) => jws({ alg: "ES256", kid: "ec-1" }, c, ec.privateKey, "ES256"),
  alg_none: (c) => jws({ alg: "none" }, c, null, "none"),
  alg_none_named: (c) => jws({ alg: "none", kid: "rsa-1" }, c, null, "none"),
  alg_None: (c) => jws({ alg: "NoNe", kid: "rsa-1" }, c, null, "none"),
  no_signature: (c) => jws({ alg: "RS256", kid: "rsa-1" }, c, null, "none"),
  hs256_public_key: (c) => jws({ alg: "HS256", kid: "rsa-1" }, c, pem(rsa.publicKey), "hmac"),
  hs256_public_key_der: (c) => jws({ alg: "HS256", kid: "rsa-1" }, c, rsa.publicKey.export({ format: "der", type: "spki" }), "hmac"),
  hs256_client_secret: (c, state) => jws({ alg: "HS256" }, c, state.secret, "hmac"),
  rs256_as_es256: (c) => jws({ alg: "ES256", kid: "rsa-1" }, c, rsa.privateKey),
  stranger_key: (c) => jws({ alg: "RS256", kid: "rsa-1" }, c, stranger.privateKey),
  stranger_key_embedded: (c) => jws({ alg: "RS256", kid: "rsa-1", jwk: stranger.jwk }, c, stranger.privateKey),
  stranger_key_by_address: (c, state) => jws({ alg: "RS256", kid: "evil", jku: `${state.origin}/evil-keys`, x5u: `${state.origin}/evil-keys` }, c, stranger.privateKey),
  kid_unknown: (c) => jws({ alg: "RS256", kid: "another" }, c, stranger.privateKey),
  kid_path: (c) => jws({ alg: "HS256", kid: "../../../../dev/null" }, c, "", "hmac"),
  kid_sql: (c) => jws({ alg: "HS256", kid: "x' UNION SELECT 'key' --" }, c, "key", "hmac"),
  crit: (c) => jws({ alg: "RS256", kid: "rsa-1", crit: ["exp"] }, c, rsa.privateKey),
  altered: (c) => {
    const [head, , tail] = jws({ alg: "RS256", kid: "rsa-1" }, c, rsa.privateKey).split(".");
    return `${head}.${json({ ...c, sub: `${c.sub}x` })}.${tail}`;
  },
  typ_logout: (c) => jws({ alg: "RS256", kid: "rsa-1", typ: "logout+jwt" }, c, rsa.privateKey),
  iss_other: (c) => TOKENS.good({ ...c, iss: "https://evil.example" }),
  iss_slash: (c) => TOKENS.good({ ...c, iss: `${c.iss}/` }),
  aud_other: (c) => TOKENS.good({ ...c, aud: "another-client" }),
  aud_several: (c) => TOKENS.good({ ...c, aud: [c.aud, "another-client"] }),
  azp_other: (c) => TOKENS.good({ ...c, aud: [c.aud, "another-client"], azp: "another-client" }),
  nonce_other: (c) => TOKENS.good({ ...c, nonce: randomBytes(32).toString("base64url") }),
  nonce_missing: ({ nonce, ...c }) => TOKENS.good(c),
  expired: (c) => TOKENS.good({ ...c, exp: now() - 61, iat: now() - 361 }),
  exp_missing: ({ exp, ...c }) => TOKENS.good(c),
  iat_future: (c) => TOKENS.good({ ...c, iat: now() + 120, exp: now() + 600 }),
  iat_old: (c) => TOKENS.good({ ...c, iat: now() - 3600 }),
  sub_missing: ({ sub, ...c }) => TOKENS.good(c),
  sub_twice: (c) => jws({ alg: "RS256", kid: "rsa-1" }, JSON.stringify({ ...c, sub: "nobody" }).replace("{", `{"sub":${JSON.stringify(c.sub)},`), rsa.privateKey),
  at_hash_other: (c) => TOKENS.good({ ...c, at_hash: randomBytes(16).toString("base64url") }),
  auth_time_old: (c) => TOKENS.good({ ...c, auth_time: now() - 13 * 3600 }),
  no_token: () => undefined,
  not_a_token: () => "a.b.c",
  encrypted: () => [json({ alg: "dir", enc: "A128GCM" }), "", b64("iv"), b64("text"), b64("tag")].join("."),
};
export const GOOD_TOKENS = ["good", "good_ps256", "good_es256"];
// With verification off these are no token either, or fall before it.
export const NO_TOKEN_AT_ALL = ["no_token", "not_a_token", "encrypted", "sub_missing", "sub_twice"];

// What a mode of the issuer does wrong; the plain mode is `good`.
export const ISSUERS = [
  "keys_oversized", "keys_slow", "keys_redirect", "keys_missing", "keys_symmetric", "keys_weak",
  "discovery_slow", "discovery_drips", "discovery_redirect", "discovery_oversized", "discovery_other_issuer",
  "discovery_other_host", "discovery_metadata_service", "discovery_plain_http", "discovery_html",
  "token_slow", "token_drips", "token_redirect", "token_oversized", "token_500", "token_401", "token_html",
  "answer_other_issuer", "answer_without_issuer",
];

function rewrite(mode, document, origin) {
  switch (mode) {
    case "discovery_other_issuer":
      return { ...document, issuer: `${origin}/m/good` };
    case "discovery_other_host":
      return { ...document, token_endpoint: document.token_endpoint.replace("127.0.0.1", "localhost") };
    case "discovery_metadata_service":
      return { ...document, jwks_uri: "http://169.254.169.254/latest/meta-data/" };
    case "discovery_plain_http":
      return { ...document, token_endpoint: "http://idp.example.vn/token" };
    case "answer_without_issuer":
      return { ...document, authorization_response_iss_parameter_supported: true };
    default:
      return document;
  }
}

function keySet(mode) {
  const keys = [{ ...rsa.jwk, kid: "rsa-1", use: "sig" }, { ...ec.jwk, kid: "ec-1", alg: "ES256" }];
  switch (mode) {
    case "keys_symmetric":
      return { keys: [{ kty: "oct", kid: "rsa-1", k: b64("key") }] };
    case "keys_weak":
      return { keys: [{ ...weak.jwk, kid: "rsa-1" }] };
    case "keys_oversized":
      return { keys, padding: "x".repeat(300 * 1024) };
    default:
      return { keys };
  }
}

const body = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
};

class Provider {
  constructor() {
    this.state = { token: "good", subject: "person-1", claims: {}, secret: CLIENT_SECRET };
    this.codes = new Map();
    this.asked = [];
    this.timers = new Set();
  }

  // A place that answers badly; true when it did.
  misbehaves(place, mode, response) {
    switch (mode) {
      case `${place}_slow`:
        return true; // never answers
      case `${place}_drips`: {
        response.writeHead(200, { "Content-Type": "application/json" });
        const timer = setInterval(() => response.write(" "), 200);
        this.timers.add(timer);
        response.on("close", () => clearInterval(timer));
        return true;
      }
      case `${place}_redirect`:
        response.writeHead(302, { Location: `${this.state.origin}/m/good/${place === "discovery" ? ".well-known/openid-configuration" : place}` }).end();
        return true;
      case `${place}_oversized`:
        if (place === "keys") return false;
        response.writeHead(200, { "Content-Type": "application/json" });
        response.end(JSON.stringify({ padding: "x".repeat(300 * 1024) }));
        return true;
      case `${place}_500`:
      case `${place}_401`:
      case `${place}_missing`:
        response.writeHead({ 500: 500, 401: 401, missing: 404 }[mode.split("_")[1]], { "Content-Type": "application/json" }).end("{}");
        return true;
      case `${place}_html`:
        response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Proxy</title>");
        return true;
      default:
        return false;
    }
  }

  claims(mode, code) {
    const { subject, claims, sid } = this.state;
    return { iss: `${this.state.origin}/m/${mode}`, aud: "capdo", sub: subject, iat: now(), exp: now() + 300, nonce: code.nonce, ...(sid ? { sid } : {}), ...claims };
  }

  async token(mode, request, response) {
    const form = new URLSearchParams(await body(request));
    const code = this.codes.get(form.get("code"));
    this.codes.delete(form.get("code"));
    const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
    const basic = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64").toString("utf8");
    if (!code || code.challenge !== challenge || code.redirect !== form.get("redirect_uri") || basic !== `capdo:${this.state.secret}`) {
      this.asked.push("token refused");
      response.writeHead(400, { "Content-Type": "application/json" }).end('{"error":"invalid_grant"}');
      return;
    }
    const access_token = randomBytes(24).toString("base64url");
    const id_token = TOKENS[this.state.token](this.claims(mode, code), this.state);
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ access_token, token_type: "Bearer", expires_in: 300, id_token }));
  }

  authorize(mode, url, response) {
    const query = url.searchParams;
    const code = randomBytes(24).toString("base64url");
    this.codes.set(code, { nonce: query.get("nonce"), challenge: query.get("code_challenge"), redirect: query.get("redirect_uri") });
    this.last = Object.fromEntries(query);
    const back = new URL(query.get("redirect_uri"));
    back.searchParams.set("state", query.get("state"));
    if (this.state.error) back.searchParams.set("error", this.state.error);
    else back.searchParams.set("code", code);
    if (mode === "answer_other_issuer") back.searchParams.set("iss", "https://evil.example");
    else if (mode !== "answer_without_issuer") back.searchParams.set("iss", `${this.state.origin}/m/${mode}`);
    back.searchParams.set("session_state", "of-no-interest");
    response.writeHead(302, { Location: back.href }).end();
  }

  answer(mode, place, url, request, response) {
    const base = `${this.state.origin}/m/${mode}`;
    const send = (value) => response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(value));
    switch (place) {
      case ".well-known/openid-configuration":
        if (this.misbehaves("discovery", mode, response)) return undefined;
        return send(rewrite(mode, {
          issuer: base, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/token`, jwks_uri: `${base}/keys`,
          end_session_endpoint: `${base}/sign-out`, response_types_supported: ["code"], id_token_signing_alg_values_supported: ["RS256"],
          authorization_response_iss_parameter_supported: mode !== "answer_without_issuer",
        }, this.state.origin));
      case "keys":
        return this.misbehaves("keys", mode, response) ? undefined : send(keySet(mode));
      case "authorize":
        return this.authorize(mode, url, response);
      case "token":
        return this.misbehaves("token", mode, response) ? undefined : this.token(mode, request, response);
      case "sign-out":
        this.asked.push(`sign-out ${url.searchParams.get("id_token_hint") ? "with" : "without"} hint`);
        return response.writeHead(302, { Location: url.searchParams.get("post_logout_redirect_uri") }).end();
      default:
        return response.writeHead(404).end();
    }
  }

  async handle(request, response) {
    const url = new URL(request.url, this.state.origin);
    const [, mode, place] = url.pathname.match(/^\/m\/([a-z0-9_]+)\/(.*)$/) ?? [];
    this.asked.push(`${request.method} ${url.pathname}`);
    if (url.pathname === "/play") {
      Object.assign(this.state, JSON.parse(await body(request)));
      response.writeHead(204).end();
    } else if (url.pathname === "/evil-keys") {
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ keys: [{ ...stranger.jwk, kid: "evil" }] }));
    } else if (mode) {
      await this.answer(mode, place, url, request, response);
    } else response.writeHead(404).end();
  }

  logoutToken(claims, header = {}, key = rsa.privateKey) {
    const all = {
      iss: `${this.state.origin}/m/good`, aud: "capdo", iat: now(), exp: now() + 120, jti: randomBytes(16).toString("hex"),
      events: { "http://schemas.openid.net/event/backchannel-logout": {} }, ...claims,
    };
    return jws({ alg: "RS256", kid: "rsa-1", typ: "logout+jwt", ...header }, all, key);
  }
}

export async function startProvider(port = 0) {
  const provider = new Provider();
  const server = http.createServer((request, response) => {
    provider.handle(request, response).catch((error) => response.destroy(error));
  });
  await new Promise((resolve, reject) => server.on("error", reject).listen(port, "127.0.0.1", resolve));
  provider.state.origin = `http://127.0.0.1:${server.address().port}`;
  provider.port = server.address().port;
  provider.issuer = (mode = "good") => `${provider.state.origin}/m/${mode}`;
  provider.play = (more) => Object.assign(provider.state, { token: "good", claims: {}, error: null, ...more });
  provider.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return provider;
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split("/").pop())) {
  await startProvider(Number(process.argv[2] ?? 0));
  console.log("ready");
}
