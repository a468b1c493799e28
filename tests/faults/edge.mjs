// What stands between the network and the register: API tokens, the proxy's socket, cross-site
// requests, headers.
//
//   S-9  a token: junk never reaches the database; scope, reach, networks, expiry, revocation hold
//   H-5  who the client is is believed from the proxy's socket alone
//   H-7  the headers of every route, error and file are those of headers.json
//   S-3  in part: an address tries thirty times a minute, also after a restart of the count's server
//
//   node edge.mjs [--write]     under tests/support/server.sh run with `proxy_socket`; --write: renews
//                               headers.json, to be read before it is committed

import http from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import { Client, newKey, sleep } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { NOBODYS_ID, RULESET, World, psql } from "../contract/lib/world.mjs";

const report = new Report();
const openapi = JSON.parse(readFileSync(`${process.env.CAPDO_ROOT}/schema/openapi.json`, "utf8"));

// Behind HTTPS: no answer without HSTS, and cookies that no other host can set or read.
if (process.argv.includes("--https")) {
  const client = new Client(process.env.CAPDO_TEST_URL);
  await report.test("H-7: behind HTTPS every answer has HSTS", async () => {
    for (const path of ["/", "/none.js", "/api/v1/meta", "/api/v1/me", "/api/v1/none", "/healthz", "/api/v1/systems", `/api/v1/meta?${"x".repeat(3000)}`]) {
      const answer = await client.get(path);
      expect(answer.headers["strict-transport-security"] === "max-age=63072000; includeSubDomains", `${path}: ${answer.status}`);
    }
  });
  await report.test("S-1 in part: behind HTTPS the cookie has its prefix and Secure", async () => {
    const [{ password }] = JSON.parse(readFileSync(process.env.CAPDO_TEST_ACCOUNTS, "utf8")).filter((row) => row.username === "office");
    const answer = await client.request("POST", "/api/v1/session", { body: { username: "office", password } });
    const cookie = answer.headers["set-cookie"]?.[0] ?? "";
    expect(answer.status === 201 && /^__Host-sid=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/.test(cookie), `${answer.status}`);
    const plain = await client.get("/api/v1/me", { headers: { Cookie: cookie.split(";")[0].replace("__Host-", "") } });
    expect(plain.status === 401, plain);
  });
  client.close();
  process.exit(report.end());
}

const world = await World.open();

// One request over the proxy's socket.
function byProxy(path, headers = {}, method = "GET", body = undefined) {
  return new Promise((resolve, reject) => {
    const sent = { Host: new URL(process.env.CAPDO_TEST_URL).host, ...headers };
    if (body !== undefined) sent["Content-Type"] = "application/json";
    const request = http.request({ socketPath: process.env.CAPDO_TEST_PROXY_SOCKET, path, method, headers: sent, agent: false }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
    });
    request.on("error", reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

// ---- S-9 ----

const calls = () => Number(psql("SELECT pg_stat_clear_snapshot(); SELECT coalesce(sum(calls), 0) FROM pg_stat_user_functions WHERE funcname = 'begin_as_token'").split("\n").pop());

async function counted(fn) {
  await sleep(1500); // statistics are told once a second
  const before = calls();
  await fn();
  await sleep(1500);
  return calls() - before;
}

function junk(text) {
  const at = (i, c) => text.slice(0, i) + c + text.slice(i + 1);
  const broken = Array.from({ length: text.length }, (_, i) => at(i, text[i] === "a" ? "b" : "a"));
  return [...broken, text.slice(0, -1), `${text}0`, "", "capdo_live_", "capdo_live_x_y", text.toUpperCase(), "x".repeat(5000)];
}

await report.test("S-9: a token with a wrong checksum never reaches the database", async () => {
  psql("ALTER SYSTEM SET track_functions = 'all'");
  psql("SELECT pg_reload_conf()");
  const { token } = await world.newToken();
  const client = new Client(world.base);
  const tries = junk(token);
  const ask = async (text) => client.get("/api/v1/stats/by_level", { headers: { Authorization: `Bearer ${text}` } });
  const reached = await counted(async () => {
    for (const text of tries) {
      const answer = await ask(text);
      expect([401, 431].includes(answer.status), answer);
      expect(!/db;/.test(answer.headers["server-timing"] ?? ""), `${text}: ${answer.headers["server-timing"]}`);
    }
  });
  expect(reached === 0, `${reached} of ${tries.length} reached it`);
  // Control: the right text, and one with a right checksum that nobody has, do.
  const control = await counted(async () => {
    expect((await ask(token)).status === 200, "the right token");
    const strange = await ask(Array.from({ length: 1 }, () => "capdo_live_0123456789AB_aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeee0iGlUt")[0]);
    expect(strange.status === 401 && strange.code === "token_invalid", strange);
  });
  expect(control >= 2, `the control counted ${control}`);
  client.close();
  return `${tries.length} texts reached it 0 times, control ${control}`;
});

await report.test("S-9: other schemes and two credentials are refused", async () => {
  const { token } = await world.newToken();
  const client = new Client(world.base);
  for (const [value, status] of [["Basic YTpi", 401], [token, 401], [`bearer ${token}`, 200], [`Bearer  ${token}`, 401], [`Bearer ${token},x`, 401]]) {
    const answer = await client.get("/api/v1/stats/by_level", { headers: { Authorization: value } });
    expect(answer.status === status, answer);
    if (status === 401) expect(answer.headers["www-authenticate"].startsWith("Bearer"), answer.headers["www-authenticate"]);
  }
  const both = await world.staff.get("/api/v1/stats/by_level", { headers: { Authorization: `Bearer ${token}` } });
  expect(both.status === 400, both);
  client.close();
});

await report.test("S-9: a dashboard sees figures alone, a reader its own unit", async () => {
  const dashboard = await world.program("dashboard", { reach: "register" });
  for (const view of ["by_level", "by_status", "progress", "labels"]) expect((await dashboard.get(`/api/v1/stats/${view}`)).status === 200, view);
  for (const list of ["systems", "dossiers", "labels", "organisations", "tokens", "accounts"]) {
    const answer = await dashboard.get(`/api/v1/${list}`);
    expect(answer.status === 403 && answer.json.missing_right !== undefined, answer);
  }
  const wide = await world.admin.post("/api/v1/tokens", world.tokenBody({ reach: "register", scopes: ["stats.read", "system.read"] }));
  expect(wide.status === 422 && wide.json.errors[0].pointer === "/scopes", wide);
  const reader = await world.program("reader", { scopes: ["system.read"] });
  const seen = (await reader.get("/api/v1/systems?limit=200")).json.items;
  expect(seen.length > 0 && seen.every((row) => row.operator.id === world.operator), `${seen.length} systems`);
  for (const client of [dashboard, reader]) client.close();
});

await report.test("S-9: a token approves nothing, whatever its scopes", async () => {
  const dossier = await world.dossierIn("appraised");
  const reader = await world.program("reader", { scopes: ["dossier.read", "system.read", "label.read"] });
  const answer = await world.step(reader, dossier, world.decision());
  expect(answer.status === 403 && answer.code === "token_read_only", answer);
  expect(psql(`SELECT state FROM capdo.dossier WHERE id = '${dossier.id}'`) === "appraised", "the dossier moved");
  reader.close();
});

await report.test("S-9: expiry and revocation hold at the next request, also for remembered figures", async () => {
  for (const end of ["revoke", "expire", "rotate"]) {
    const made = await world.newToken();
    const client = new Client(world.base);
    client.tokens = [made.token];
    const poll = () => client.get("/api/v1/stats/by_level");
    for (let i = 0; i < 5; i++) expect((await poll()).status === 200, end);
    const path = `/api/v1/tokens/${made.api_token.id}`;
    if (end === "revoke") expect((await world.admin.request("POST", `${path}/revoke`)).status === 200, end);
    if (end === "expire") {
      psql(`UPDATE capdo.api_token SET expires_at = now() WHERE id = '${made.api_token.id}'`);
      await sleep(300); // told by notification, as from another server
    }
    if (end === "rotate") {
      const next = await world.admin.post(`${path}/rotate`, { overlap_days: 1 }, { headers: { "If-Match": '"1"' } });
      expect(next.status === 201 && next.json.token !== made.token, next);
      expect((await poll()).status === 200, "the old one lives on beside the new one");
      client.tokens = [next.json.token];
      expect((await poll()).status === 200, "the new one");
      client.close();
      continue;
    }
    const refused = await poll();
    expect(refused.status === 401 && refused.code === (end === "expire" ? "token_expired" : "token_invalid"), refused);
    client.close();
  }
});

await report.test("S-9: the text of a token is shown once and kept nowhere", async () => {
  const headers = { "Idempotency-Key": newKey() };
  const body = world.tokenBody();
  const first = await world.admin.post("/api/v1/tokens", body, { headers });
  const again = await world.admin.post("/api/v1/tokens", body, { headers });
  expect(first.status === 201 && again.status === 201, again);
  expect(again.json.token === null && again.json.api_token.id === first.json.api_token.id, again);
  const secret = first.json.token.slice(24, 67);
  const tables = psql("SELECT relname FROM pg_class WHERE relnamespace = 'capdo'::regnamespace AND relkind = 'r'").split("\n");
  for (const table of tables) {
    const found = psql(`SELECT count(*) FROM capdo."${table}" t WHERE position('${secret}' IN t::text) > 0`);
    expect(found === "0", `${table} holds the secret`);
  }
  expect(!readFileSync(process.env.CAPDO_TEST_LOG, "utf8").includes(secret), "the log holds the secret");
});

await report.test("S-9: six hundred requests a minute, then 429", async () => {
  const busy = await world.program("busy");
  let refused = null;
  for (let i = 0; i < 620 && refused === null; i++) {
    const answer = await busy.get("/api/v1/stats/by_level");
    if (answer.status === 429) refused = { i, answer };
    else expect(answer.status === 200, answer);
  }
  expect(refused !== null && refused.i === 600, `${refused?.i}`);
  expect(Number(refused.answer.headers["retry-after"]) > 0, "no Retry-After");
  busy.close();
});

// ---- H-5 ----

await report.test("H-5: from the open socket X-Forwarded-* means nothing", async () => {
  const { token } = await world.newToken({ networks: ["203.0.113.0/24"] });
  const client = new Client(world.base);
  for (const name of ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Capdo-Proxy"]) {
    const answer = await client.get("/api/v1/stats/by_level", { headers: { Authorization: `Bearer ${token}`, [name]: name === "Forwarded" ? "for=203.0.113.7" : "203.0.113.7" } });
    expect(answer.status === 403 && answer.code === "token_network", `${name}: ${answer}`);
  }
  const http = await client.get("/api/v1/meta", { headers: { "X-Forwarded-Proto": "gopher" } });
  expect(http.status === 200, http);
  client.close();
  // Control: the same over the proxy's socket is believed, and the last hop counts.
  const auth = { Authorization: `Bearer ${token}` };
  for (const [hops, status] of [["203.0.113.7", 200], ["10.0.0.1, 203.0.113.7", 200], ["203.0.113.7, 10.0.0.1", 403], ["203.0.113.7, x", 400]]) {
    const answer = await byProxy("/api/v1/stats/by_level", { ...auth, "X-Forwarded-For": hops });
    expect(answer.status === status, `${hops}: ${answer.status} ${answer.text.slice(0, 200)}`);
  }
  expect((await byProxy("/api/v1/stats/by_level", auth)).status === 403, "an address that is not told");
  expect((await byProxy("/api/v1/meta", { "X-Forwarded-Proto": "https" })).status === 400, "another scheme");
});

// ---- S-3 ----

await report.test("S-3: an address fails thirty times a minute; others are not held up", async () => {
  const attempt = (address, i) => byProxy("/api/v1/session", { "X-Forwarded-For": address }, "POST", { username: `nobody-${i}`, password: "wrong" });
  let refused = null;
  for (let i = 0; i < 40 && refused === null; i++) {
    const answer = await attempt(`2001:db8:5:6::${i + 1}`, i);
    if (answer.status === 429) refused = { i, answer };
    else expect(answer.status === 401, answer.text);
  }
  expect(refused !== null && refused.i === 30, `refused at ${refused?.i}`);
  expect(Number(refused.answer.headers["retry-after"]) > 0, "no Retry-After");
  expect((await attempt("2001:db8:5:7::1", 99)).status === 401, "the next network");
  expect(Number(psql("SELECT tries FROM capdo.sign_in_address WHERE network = '2001:db8:5:6::/64'")) >= 31, "the count is in the database");
});

// ---- H-7 ----

const VOLATILE = { "x-request-id": "…", etag: "…", "server-timing": "…", date: "…", "content-length": "…", location: "…", link: "…", "retry-after": "…" };

function snapshot(answer) {
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, VOLATILE[name] ?? String(value).replace(/'nonce-[^']+'/, "'nonce-…'")]);
  return Object.fromEntries([["status", answer.status], ...headers.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

async function headersOfEverything() {
  const all = {};
  const dossier = await world.dossierIn("approved");
  const token = (await world.newToken()).api_token;
  const ids = { dossiers: dossier.id, systems: dossier.systems[0].system.id, labels: (await world.newLabel()).id, organisations: world.operator, tokens: token.id, rulesets: RULESET };
  for (const [template, methods] of Object.entries(openapi.paths)) {
    const path = template.replace("{id}", ids[template.split("/")[3]] ?? NOBODYS_ID).replace("{number}", "1").replace("{view}", "by_level").replace(/\{[^}]+\}/g, "x");
    for (const [method, operation] of Object.entries(methods)) {
      const by = template.match(/accounts|tokens|security/) ? world.admin : world.staff;
      // Writes are asked without what they need: their answer is a refusal, and nothing changes.
      const answer = method === "get" ? await by.get(path) : await world.anonymous.request(method.toUpperCase(), path);
      all[`${operation.operationId}`] = snapshot(answer);
    }
  }
  const site = [["page", "/"], ["page of an address", "/he-thong"], ["missing file", "/none.js"], ["missing", "/api/v1/none"]];
  for (const [name, path] of site) all[name] = snapshot(await world.anonymous.get(path));
  const page = await world.anonymous.get("/");
  for (const kind of ["js", "css", "svg", "woff2", "webmanifest"]) {
    const file = new RegExp(`"(/[^"]+\\.${kind})"`).exec(page.text)?.[1];
    if (file) all[`file .${kind}`] = snapshot(await world.anonymous.get(file));
  }
  all["method that is not there"] = snapshot(await world.anonymous.request("PUT", "/api/v1/me"));
  all["method that nobody has"] = snapshot(await world.anonymous.request("PURGE", "/api/v1/me"));
  all["target too long"] = snapshot(await world.anonymous.get(`/api/v1/meta?${"x".repeat(3000)}`));
  all["other host"] = snapshot(await world.anonymous.get("/api/v1/meta", { headers: { Host: "evil.example" } }));
  all["cross-site"] = snapshot(await world.anonymous.request("POST", "/api/v1/session", { body: {}, headers: { "Sec-Fetch-Site": "cross-site" } }));
  all["not JSON"] = snapshot(await world.anonymous.request("POST", "/api/v1/session", { body: "a=b", headers: { "Content-Type": "text/plain" } }));
  all["body too large"] = snapshot(await world.anonymous.request("POST", "/api/v1/session", { body: "x".repeat(200000) }));
  all["refused token"] = snapshot(await world.anonymous.get("/api/v1/me", { headers: { Authorization: "Bearer x" } }));
  return all;
}

// What holds for every answer, whatever the file says.
function broken(name, answer) {
  const wrong = [];
  const must = (condition, text) => condition || wrong.push(`${name}: ${text}`);
  must(answer["x-content-type-options"] === "nosniff", "nosniff");
  must(/frame-ancestors 'none'/.test(answer["content-security-policy"] ?? ""), "Content-Security-Policy");
  must(!/unsafe|\*/.test(answer["content-security-policy"] ?? ""), "an exception in the policy");
  must(answer["cross-origin-opener-policy"] === "same-origin", "COOP");
  must(answer["cross-origin-resource-policy"] === "same-origin", "CORP");
  must(answer["referrer-policy"] === "same-origin", "Referrer-Policy");
  must(Object.keys(answer).every((header) => !header.startsWith("access-control-")), "CORS");
  must(answer.server === undefined && answer["x-powered-by"] === undefined, "names its program");
  must(!/\d+\.\d+\.\d+/.test(JSON.stringify({ ...answer, "content-type": "" })), "a version");
  must(answer["content-type"] !== undefined || [204, 304].includes(answer.status), "Content-Type");
  if (!name.startsWith("file")) must(["no-store", "private, no-cache", "no-cache"].includes(answer["cache-control"]) || name.startsWith("ruleset") || name.startsWith("openapi") || name.startsWith("meta"), `Cache-Control ${answer["cache-control"]}`);
  return wrong;
}

const file = new URL("headers.json", import.meta.url);
const headers = await headersOfEverything();
if (process.argv.includes("--write")) writeFileSync(file, `${JSON.stringify(headers, null, 1)}\n`);
const known = JSON.parse(readFileSync(file, "utf8"));
// A new route needs no new line as long as its answer is like one that is known.
const alike = (answer, others) => Object.values(others).some((other) => JSON.stringify({ ...other, status: 0 }) === JSON.stringify({ ...answer, status: 0 }));
const compare = (a, b) => Object.keys(a).filter((name) => (name in b ? JSON.stringify(a[name]) !== JSON.stringify(b[name]) : !alike(a[name], b)));
report.none("H-7: every answer has the headers of headers.json", compare(headers, known).map((name) => `${name}: ${JSON.stringify(headers[name])}`));
report.none("H-7: and what every answer must have", Object.entries(headers).flatMap(([name, answer]) => broken(name, answer)));
await report.test("control: one header more, less or other is noticed", async () => {
  for (const change of [{ server: "x" }, { "x-content-type-options": undefined }, { "cache-control": "public" }]) {
    const other = structuredClone(headers);
    Object.assign(other.me_get, change);
    expect(compare(JSON.parse(JSON.stringify(other)), known).join() === "me_get", JSON.stringify(change));
  }
});
await report.test("S-1 in part: the session's cookie", async () => {
  const answer = await world.anonymous.request("POST", "/api/v1/session", { body: { username: "office", password: world.passwords.office } });
  const cookie = answer.headers["set-cookie"]?.[0] ?? "";
  expect(answer.status === 201 && /^sid=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/.test(cookie), `${answer.status} ${cookie.replace(/sid=[^;]+/, "sid=…")}`);
});

world.close();
process.exit(report.end());
