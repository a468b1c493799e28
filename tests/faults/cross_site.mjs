// S-5: a real browser that is signed in here visits a page of somebody else. Whatever that page sends,
// nothing changes. From another port of the same host (the cookie goes along: the guard alone holds)
// and from another host.
//
//   node cross_site.mjs [--expect-changes]   under tests/support/server.sh run. The control: the same
//                                            attacks on a server whose guard is off must change something.

import http from "node:http";
import { createRequire } from "node:module";
import { newKey, sleep } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { World, psql } from "../contract/lib/world.mjs";

const require = createRequire(new URL("../e2e/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const report = new Report();
const control = process.argv.includes("--expect-changes");
const world = await World.open();
const base = new URL(process.env.CAPDO_TEST_URL);

const RESTLESS = ["account", "security_event", "sign_in_address", "access_version"];
const TABLES = psql(`SELECT relname FROM pg_class WHERE relnamespace = 'capdo'::regnamespace AND relkind = 'r' AND relname NOT IN ('${RESTLESS.join("','")}') ORDER BY 1`).split("\n");
const words = "(to_jsonb(t) - 'last_used_at' - 'last_seen_at')::text";
const digest = () => psql(TABLES.map((table) => `SELECT '${table}', count(*), md5(coalesce(string_agg(md5(${words}), '' ORDER BY md5(${words})), '')) FROM capdo."${table}" t;`).join("\n"));

// Each attack is the script of a page; it knows the address of the register and of a token to revoke.
const SEND = `
  const form = (path, enctype, fields = {}, target = "_self") => {
    const f = Object.assign(document.createElement("form"), { method: "POST", action: base + path, enctype, target });
    for (const [name, value] of Object.entries(fields)) f.append(Object.assign(document.createElement("input"), { name, value }));
    document.body.append(f);
    f.submit();
  };
  const send = (path, init) => fetch(base + path, { credentials: "include", mode: "no-cors", ...init }).catch(() => {});
`;
const ATTACKS = {
  "form, urlencoded": `form(revoke, "application/x-www-form-urlencoded", { a: "b" })`,
  "form, empty": `form(revoke, "application/x-www-form-urlencoded")`,
  "form, text/plain that is JSON": `form("/api/v1/session", "text/plain", { '{"username":"office","password":"wrong","x":"': '"}' })`,
  "form, multipart": `form(revoke, "multipart/form-data", { a: "b" })`,
  "form in a frame": `document.body.append(Object.assign(document.createElement("iframe"), { name: "f" })); form(revoke, "text/plain", {}, "f")`,
  "fetch no-cors, text/plain": `send(revoke, { method: "POST", body: "{}", headers: { "Content-Type": "text/plain" } })`,
  "fetch no-cors, no body": `send(revoke, { method: "POST" })`,
  "fetch no-cors, another account": `send("/api/v1/session", { method: "POST", body: signIn, headers: { "Content-Type": "text/plain" } })`,
  "fetch cors, JSON": `send(revoke, { method: "POST", mode: "cors", body: "{}", headers: { "Content-Type": "application/json" } })`,
  "fetch cors, DELETE": `send("/api/v1/session", { method: "DELETE", mode: "cors" })`,
  "beacon": `navigator.sendBeacon(base + revoke, "{}"); navigator.sendBeacon(base + revoke, new Blob(["{}"], { type: "application/json" }))`,
  "img": `for (const path of [revoke, "/api/v1/session?_method=DELETE"]) document.body.append(Object.assign(new Image(), { src: base + path }))`,
  "iframe": `document.body.append(Object.assign(document.createElement("iframe"), { src: base + revoke }))`,
  "method override": `form("/api/v1/session?_method=DELETE", "application/x-www-form-urlencoded", { _method: "DELETE" })`,
  "method override by header": `send("/api/v1/session", { method: "POST", mode: "cors", headers: { "X-HTTP-Method-Override": "DELETE" } })`,
};

const pages = http.createServer((request, response) => {
  const { searchParams } = new URL(request.url, "http://attacker");
  const script = ATTACKS[searchParams.get("attack")] ?? "";
  const known = { base: base.origin, revoke: searchParams.get("revoke"), signIn: JSON.stringify({ username: "office", password: world.passwords.office }) };
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(`<!doctype html><body><script>const { base, revoke, signIn } = ${JSON.stringify(known)}; ${SEND} ${script}</script>`);
});
await new Promise((resolve) => pages.listen(0, resolve));

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

// Each attack has a victim and a browser profile of its own; all are sent at the same time.
async function changes(host, names) {
  const victims = [];
  for (const name of names) {
    const victim = await world.signIn("admin");
    const made = await victim.post("/api/v1/tokens", world.tokenBody(), { headers: { "Idempotency-Key": newKey() } });
    expect(made.status === 201, made);
    const context = await browser.newContext();
    await context.addCookies([{ name: "sid", value: victim.cookie.split("=")[1], domain: base.hostname, path: "/", httpOnly: true, sameSite: "Lax" }]);
    const query = new URLSearchParams({ attack: name, revoke: `/api/v1/tokens/${made.json.api_token.id}/revoke` });
    victims.push({ victim, context, url: `http://${host}:${pages.address().port}/?${query}` });
  }
  const before = digest();
  await Promise.all(victims.map(async ({ context, url }) => (await context.newPage()).goto(url, { waitUntil: "load" }).catch(() => {})));
  await sleep(names.length > 1 ? 1500 : 400);
  const after = digest();
  for (const { victim, context } of victims) {
    await context.close();
    victim.close();
  }
  return after !== before;
}

const names = Object.keys(ATTACKS);
const changed = [];
for (const host of ["127.0.0.1", "localhost"]) {
  // Together first; one by one only to say which it was, and in the control.
  if (!control && !(await changes(host, names))) continue;
  for (const name of names) {
    if (control && changed.length >= 3) break;
    if (await changes(host, [name])) changed.push(`${name} from ${host}`);
  }
  if (!control && changed.length === 0) changed.push(`all together from ${host}`);
}
await browser.close();
pages.close();

if (control) report.check("control: without the guard attacks change something", changed.length >= 3, changed.join("; "));
else report.none(`S-5: ${2 * names.length} attacks by a browser change nothing`, changed);
world.close();
process.exit(report.end());
