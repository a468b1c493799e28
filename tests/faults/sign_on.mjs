// S-8: single sign-on against an identity provider that lies. Every hostile token, answer and document
// is refused within 5 s, opens no session, and the good one of the same provider still enters.
//
//   node sign_on.mjs            under tests/support/server.sh run, which reads what `options` prints
//   node sign_on.mjs --believes a server that verifies nothing: the hostile tokens must enter (control)
//   node sign_on.mjs options    the options of the server

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { Report, expect } from "../contract/lib/report.mjs";
import { openSession, psql } from "../contract/lib/world.mjs";
import { CLIENT_SECRET, GOOD_TOKENS, ISSUERS, NO_TOKEN_AT_ALL, TOKENS, startProvider } from "../support/identity_provider.mjs";

const PORT = Number(process.env.CAPDO_TEST_PROVIDER_PORT);
const LIMIT_MS = 5000;
const believes = process.argv.includes("--believes");

if (process.argv[2] === "options") {
  console.log(`oidc_issuer = http://127.0.0.1:${PORT}/m/good\noidc_client_id = capdo\noidc_client_secret = ${CLIENT_SECRET}\noidc_trusted_amr = otp`);
  process.exit(0);
}

const provider = await startProvider(PORT);
const report = new Report();

function get(base, path, headers = {}) {
  const url = new URL(path, base);
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const request = http.get(url, { headers, agent: false, timeout: 20000 }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString("utf8"), ms: performance.now() - begun }));
    });
    request.on("timeout", () => request.destroy(new Error(`no answer: ${path}`)));
    request.on("error", reject);
  });
}

const cookiesOf = (answer) => (answer.headers["set-cookie"] ?? []).map((row) => row.split(";")[0]);
const sessionOf = (answer) => cookiesOf(answer).find((row) => row.startsWith("sid=") && row.length > 10);

// A browser's whole way; `alter` changes what comes back from the provider.
async function signIn(base, { alter = (url) => url, cookie = null, more = "", headers = {} } = {}) {
  const start = await get(base, "/api/v1/session/oidc", headers);
  if (start.status !== 302) return start;
  const [own] = cookiesOf(start);
  const there = await get(start.headers.location, "");
  if (there.status !== 302) throw new Error(`the provider answers ${there.status}`);
  const back = alter(new URL(there.headers.location));
  const answer = await get(base, back.pathname + back.search, { Cookie: (cookie ?? own) + more, ...headers });
  answer.start = start;
  answer.own = own;
  answer.back = back;
  return answer;
}

async function entered(base, answer) {
  const session = sessionOf(answer);
  if (!session) return false;
  return (await get(base, "/api/v1/me", { Cookie: session })).status === 200;
}

function isRefusal(answer) {
  expect(answer.status >= 400 && answer.status !== 500, `${answer.status} ${answer.text}`);
  expect(!sessionOf(answer), "a session was opened");
  expect(answer.ms <= LIMIT_MS && (answer.start?.ms ?? 0) <= LIMIT_MS, `${Math.round(answer.ms)} ms`);
  return `${answer.status} ${JSON.parse(answer.text).code}`;
}

const sessions = () => Number(psql("SELECT count(*) FROM capdo.session WHERE method = 'oidc'"));
const base = process.env.CAPDO_TEST_URL;
for (const issuer of [provider.issuer(), ...ISSUERS.map((mode) => provider.issuer(mode))]) {
  psql(`INSERT INTO capdo.account_identity (id, account_id, issuer, subject, linked_by) SELECT gen_random_uuid(), id, '${issuer}', 'person-1', id FROM capdo.account WHERE username = 'staff'`);
}

// ---- the good one ----

async function good(name = "S-8: the honest provider of the same kind enters") {
  await report.test(name, async () => {
    for (const token of GOOD_TOKENS) {
      provider.play({ token });
      const answer = await signIn(base);
      expect(answer.status === 302 && (await entered(base, answer)), `${token}: ${answer.status} ${answer.text}`);
    }
  });
}
await good();

// ---- tokens ----

const hostile = Object.keys(TOKENS).filter((name) => !GOOD_TOKENS.includes(name));
if (believes) {
  await report.test("control: a server that believes every token lets the hostile ones in", async () => {
    const refused = [];
    const wanted = hostile.filter((name) => !NO_TOKEN_AT_ALL.includes(name));
    for (const token of wanted) {
      provider.play({ token });
      if (!(await entered(base, await signIn(base)))) refused.push(token);
    }
    // The altered one names another person, who has no account here.
    expect(refused.join() === "altered", refused.join());
    return `${wanted.length - 1} entered`;
  });
  await provider.close();
  process.exit(report.end());
}

for (const token of hostile) {
  await report.test(`S-8: token ${token}`, async () => {
    const before = sessions();
    provider.play({ token });
    const said = isRefusal(await signIn(base));
    expect(sessions() === before, "a session is in the database");
    return said;
  });
}

// ---- the way back ----

const WAYS = {
  "the state of nobody": { alter: (url) => (url.searchParams.set("state", randomBytes(32).toString("base64url")), url) },
  "no state": { alter: (url) => (url.searchParams.delete("state"), url) },
  "the state twice": { alter: (url) => (url.searchParams.append("state", url.searchParams.get("state")), url) },
  "another browser": { cookie: `oidc=${randomBytes(32).toString("base64url")}` },
  "no cookie": { cookie: "a=b" },
  "a code of nobody": { alter: (url) => (url.searchParams.set("code", "x".repeat(32)), url) },
  "the code twice": { alter: (url) => (url.searchParams.append("code", "x"), url) },
  "no code": { alter: (url) => (url.searchParams.delete("code"), url) },
  "an error": { alter: (url) => (url.searchParams.set("error", "access_denied"), url) },
  "another issuer (mix-up)": { alter: (url) => (url.searchParams.set("iss", "https://evil.example"), url) },
  "no issuer though promised (mix-up)": { alter: (url) => (url.searchParams.delete("iss"), url) },
};
for (const [name, way] of Object.entries(WAYS)) {
  await report.test(`S-8: back with ${name}`, async () => {
    provider.play({});
    return isRefusal(await signIn(base, way));
  });
}
await report.test("S-8: the code of one sign-in in another (injection)", async () => {
  provider.play({});
  let stolen;
  await signIn(base, { alter: (url) => ((stolen = url.searchParams.get("code")), url), cookie: "a=b" });
  return isRefusal(await signIn(base, { alter: (url) => (url.searchParams.set("code", stolen), url) }));
});
await report.test("S-8: the way back works once", async () => {
  provider.play({});
  const first = await signIn(base);
  expect(await entered(base, first), "the first does not enter");
  return isRefusal(await get(base, first.back.pathname + first.back.search, { Cookie: first.own }));
});
await report.test("S-8: an unlinked person, a linked person of a disabled account", async () => {
  provider.play({ subject: "person-2", claims: { email: "staff@example.vn", preferred_username: "staff" } });
  const stranger = isRefusal(await signIn(base));
  psql("UPDATE capdo.account SET disabled_at = now() WHERE username = 'staff'");
  provider.play({ subject: "person-1" });
  const disabled = isRefusal(await signIn(base));
  psql("UPDATE capdo.account SET disabled_at = NULL WHERE username = 'staff'");
  expect(stranger === "403 identity_unknown" && disabled === stranger, `${stranger}, ${disabled}`);
  expect(await entered(base, await signIn(base)), "control: enabled again it enters");
});
await report.test("S-8: a browser gets a page that says what to do", async () => {
  provider.play({ token: "alg_none" });
  const answer = await signIn(base, { headers: { Accept: "text/html,*/*" } });
  expect(answer.status === 302 && answer.headers.location === "/dang-nhap?sso=sign_in_refused", `${answer.status} ${answer.headers.location}`);
  expect(!sessionOf(answer), "a session was opened");
});

await report.test("S-1: single sign-on ends the session that this browser had", async () => {
  const lives = async (session) => (await get(base, "/api/v1/me", { Cookie: session })).status === 200;
  const before = `sid=${openSession("office")}`;
  const other = `sid=${openSession("office")}`;
  provider.play({});
  expect(await entered(base, await signIn(base, { more: `; ${before}` })), "it does not enter");
  expect(!(await lives(before)) && (await lives(other)), "the old one lives, or another browser's does not");
});

// ---- linking ----

const linked = () => psql("SELECT count(*) FROM capdo.account_identity WHERE subject = 'person-4' AND ended_at IS NULL");
async function beginLink(session) {
  const headers = { "Content-Type": "application/json", Cookie: session };
  const answer = await fetch(`${base}/api/v1/me/identities`, { method: "POST", headers, body: '{"return_path":"/tai-khoan-cua-toi"}' });
  return { status: answer.status, own: answer.headers.get("set-cookie")?.split(";")[0], ...(await answer.json()) };
}
async function finishLink(begun, session) {
  provider.play({ subject: "person-4" });
  const there = await get(begun.address, "");
  const back = new URL(there.headers.location);
  return get(base, back.pathname + back.search, { Cookie: session ? `${begun.own}; ${session}` : begun.own });
}
await report.test("S-8: an identity is linked only to whoever asked for it, in the same browser, with a fresh second factor", async () => {
  const mine = openSession("office");
  const others = openSession("staff2");
  const stale = psql(`UPDATE capdo.session SET factor_at = now() - interval '301 seconds' WHERE token_sha256 = sha256('${mine}') RETURNING id`);
  expect(stale !== "", "no session to age");
  const refused = await beginLink(`sid=${mine}`);
  expect(refused.status === 403 && refused.code === "step_up_required", `stale: ${refused.status} ${refused.code}`);
  psql(`UPDATE capdo.session SET factor_at = now() WHERE id = '${stale}'`);
  for (const session of [`sid=${others}`, null]) {
    isRefusal(await finishLink(await beginLink(`sid=${mine}`), session));
    expect(linked() === "0", "it is linked");
  }
  const good = await finishLink(await beginLink(`sid=${mine}`), `sid=${mine}`);
  expect(good.status === 302 && linked() === "1", `control: ${good.status} ${good.text}`);
  isRefusal(await finishLink(await beginLink(`sid=${others}`), `sid=${others}`));
  expect(linked() === "1", "it is linked to two");
  provider.play({ subject: "person-1" });
});

await report.test("a complete sign-in makes the browser known, as a password does; half of one and a refusal do not", async () => {
  const deviceOf = (answer) => cookiesOf(answer).find((row) => row.startsWith("device="));
  const known = () => Number(psql("SELECT count(*) FROM capdo.known_device d JOIN capdo.account a ON a.id = d.account_id WHERE a.username = 'staff'"));
  provider.play({});
  const before = known();
  const first = await signIn(base);
  const device = deviceOf(first);
  expect(device && known() === before + 1, `${device} ${known() - before}`);
  // Whoever comes again with the cookie is the same browser.
  const again = await signIn(base, { more: `; ${device}` });
  expect(deviceOf(again) === device && known() === before + 1, "known a second time");
  provider.play({ token: "alg_none" });
  expect(!deviceOf(await signIn(base)), "a refusal made it known");
  // This one has a second factor here that is not shown yet.
  psql(`INSERT INTO capdo.account_identity (id, account_id, issuer, subject, linked_by) SELECT gen_random_uuid(), id, '${provider.issuer()}', 'person-3', id FROM capdo.account WHERE username = 'director'`);
  provider.play({ subject: "person-3" });
  const half = await signIn(base);
  expect(half.status === 302 && sessionOf(half) && !deviceOf(half), `half a sign-in: ${half.status} ${half.text}`);
  provider.play({ subject: "person-1" });
});
await report.test("an unknown key makes the server ask for keys once in five minutes at most", async () => {
  provider.asked.length = 0;
  for (let i = 0; i < 5; i++) {
    provider.play({ token: "kid_unknown" });
    isRefusal(await signIn(base));
  }
  const keys = provider.asked.filter((row) => row.endsWith("/keys")).length;
  expect(keys <= 1, `${keys} times`);
});

// ---- what a second factor is ----

const factorAge = async (claims) => {
  provider.play({ claims });
  const answer = await signIn(base);
  const me = await get(base, "/api/v1/me", { Cookie: sessionOf(answer) });
  return JSON.parse(me.text).second_factor_age_s;
};
await report.test("a second factor counts only if the provider says so, and from then on", async () => {
  const now = Math.floor(Date.now() / 1000);
  expect((await factorAge({})) === null, "without amr");
  expect((await factorAge({ amr: ["pwd"], auth_time: now })) === null, "with a password");
  expect((await factorAge({ amr: ["pwd", "otp"] })) === null, "without its time");
  const old = await factorAge({ amr: ["pwd", "otp"], auth_time: now - 600 });
  expect(old >= 600 && old < 630, `ten minutes ago: ${old}`);
  expect((await factorAge({ amr: ["pwd", "otp"], auth_time: now })) <= 30, "just now");
});

// ---- logout tokens ----

function post(token, type = "application/x-www-form-urlencoded") {
  return fetch(`${base}/api/v1/session/oidc/backchannel-logout`, { method: "POST", headers: { "Content-Type": type }, body: new URLSearchParams({ logout_token: token }).toString() });
}
await report.test("back-channel logout: only the provider's own word ends sessions, and each once", async () => {
  provider.play({ sid: "session-1" });
  const answer = await signIn(base);
  const lives = async () => (await get(base, "/api/v1/me", { Cookie: sessionOf(answer) })).status === 200;
  const bad = {
    "another key": [provider.logoutToken({ sid: "session-1" }, { kid: "stranger" }), 400],
    "another audience": [provider.logoutToken({ sid: "session-1", aud: "another" }), 400],
    "another issuer": [provider.logoutToken({ sid: "session-1", iss: "https://evil.example" }), 400],
    expired: [provider.logoutToken({ sid: "session-1", exp: 1000, iat: 900 }), 400],
    "no event": [provider.logoutToken({ sid: "session-1", events: {} }), 400],
    "a nonce": [provider.logoutToken({ sid: "session-1", nonce: "x" }), 400],
    "an ID token": [TOKENS.good({ iss: provider.issuer(), aud: "capdo", sub: "person-1", sid: "session-1", iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 60, nonce: "x" }), 400],
    "no token": ["", 400],
    "another session": [provider.logoutToken({ sid: "session-9" }), 204],
  };
  for (const [name, [token, status]] of Object.entries(bad)) {
    const said = await post(token);
    expect(said.status === status, `${name}: ${said.status}`);
    expect(await lives(), `${name} ended the session`);
  }
  expect((await post(provider.logoutToken({ sid: "session-1" }), "application/json")).status === 415, "JSON");
  const token = provider.logoutToken({ sid: "session-1" });
  expect((await post(token)).status === 204 && !(await lives()), "the good one does not end it");
  const again = await signIn(base);
  expect((await post(token)).status === 204, "a repetition is no error");
  expect((await get(base, "/api/v1/me", { Cookie: sessionOf(again) })).status === 200, "a repetition ended a new session");
});

// ---- issuers that misbehave: each with a server of its own, because addresses and keys are remembered ----

async function freePort() {
  const server = http.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.on("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function withServer(mode, run) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const file = `${process.env.CAPDO_TEST_DIRECTORY}/${mode}.conf`;
  const lines = readFileSync(process.env.CAPDO_TEST_CONFIG, "utf8")
    .replace(/^listen_port = .*$/m, `listen_port = ${port}`)
    .replace(/^public_origin = .*$/m, `public_origin = ${url}`)
    .replace(/^oidc_issuer = .*$/m, `oidc_issuer = ${provider.issuer(mode)}`);
  writeFileSync(file, lines);
  const server = spawn(process.env.CAPDO_PROGRAM, ["serve", "--config", file], { stdio: "ignore" });
  const ended = new Promise((resolve) => server.on("exit", resolve));
  try {
    for (let i = 0; ; i++) {
      const ready = await get(url, "/readyz").catch(() => ({ status: 0 }));
      if (ready.status === 200) break;
      expect(i < 200, `the server for ${mode} does not start`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return await run(url);
  } finally {
    server.kill("SIGTERM");
    await ended;
  }
}

async function misbehaving(mode) {
  return withServer(mode, async (url) => {
    const said = isRefusal(await signIn(url));
    // The rest of the server does not wait for the provider.
    const [meta] = await Promise.all([get(url, "/api/v1/meta"), get(url, "/api/v1/session/oidc")]);
    expect(meta.status === 200 && meta.ms < 2000, `others wait: ${Math.round(meta.ms)} ms`);
    return said;
  });
}

// Four at a time: most of the time goes by with waiting for an answer that does not come.
provider.play({});
const waiting = [...ISSUERS];
const said = {};
await Promise.all(Array.from({ length: 4 }, async () => {
  for (let mode = waiting.shift(); mode; mode = waiting.shift()) {
    said[mode] = await misbehaving(mode).then((words) => ({ words }), (error) => ({ error }));
  }
}));
for (const mode of ISSUERS) {
  await report.test(`S-8: issuer ${mode}`, () => {
    if (said[mode].error) throw said[mode].error;
    return said[mode].words;
  });
}
await report.test("S-8: a redirect is not followed", async () => {
  provider.asked.length = 0;
  await withServer("discovery_redirect", (url) => get(url, "/api/v1/session/oidc"));
  const asked = provider.asked.join();
  expect(asked === "GET /m/discovery_redirect/.well-known/openid-configuration", asked);
});
await good("control: the honest provider still enters");

await provider.close();
process.exit(report.end());
