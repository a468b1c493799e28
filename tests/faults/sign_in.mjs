// S-1: sessions. S-6: second factors. Each guard is followed by its control: the guard's own state is
// taken away in the database, and what was refused passes, so the refusal was the guard's.
//
//   node sign_in.mjs     under tests/support/server.sh run

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { Passkey, totp } from "../contract/lib/authenticator.mjs";
import { Client, newKey } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { NOBODYS_ID, World, psql } from "../contract/lib/world.mjs";

const report = new Report();
const world = await World.open();
const { passwords, secrets } = world;
const hashOf = (client) => createHash("sha256").update(client.cookie.split("=")[1]).digest("hex");
const row = (client) => `token_sha256 = '\\x${hashOf(client)}'`;
const open = () => new Client(world.base);
const me = (client) => client.get("/api/v1/me");
const factor = (client, body) => client.request("POST", "/api/v1/session/factor", { body });
const alive = async (client) => (await me(client)).status === 200;
const is = (answer, status, code) => expect(answer.status === status && (code === undefined || answer.code === code), answer);
const forget = (username) =>
  psql(`UPDATE capdo.credential_totp SET last_counter = 0 WHERE account_id = (SELECT id FROM capdo.account WHERE username = '${username}');
    DELETE FROM capdo.factor_attempt;`);

// ---- S-1 ----

await report.test("S-1: the cookie is HttpOnly, SameSite=Lax, for the whole site, as long as the session", async () => {
  const answer = await open().request("POST", "/api/v1/session", { body: { username: "staff", password: passwords.staff } });
  is(answer, 201);
  const [cookie] = answer.headers["set-cookie"];
  expect(/^sid=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/.test(cookie), cookie);
  const gone = await open().request("DELETE", "/api/v1/session", { headers: { Cookie: cookie.split(";")[0] } });
  expect(/^sid=; Path=\/; Max-Age=0;/.test(gone.headers["set-cookie"][0]), gone);
});

await report.test("S-1: a token that the client brought is not taken over", async () => {
  const client = open();
  client.cookie = `sid=${"F".repeat(43)}`;
  const answer = await client.request("POST", "/api/v1/session", { body: { username: "staff", password: passwords.staff } });
  is(answer, 201);
  expect(!(await alive(client)), "the token of the client works");
  client.follow(answer);
  expect(await alive(client), "control: the new one does not");
});

await report.test("S-1: a second factor gives another token, and the old one is dead at once", async () => {
  forget("director");
  const client = await open().signIn("director", passwords.director);
  const before = client.cookie;
  const { session_id } = client.me;
  client.follow(await factor(client, { code: totp(secrets.director) }));
  expect(client.cookie !== before && (await me(client)).json.session_id === session_id, "the session goes on");
  const old = open();
  old.cookie = before;
  expect(!(await alive(old)), "the old token lives");
  const pending = (await me(client)).json;
  expect(!pending.second_factor_pending && pending.second_factor_age_s < 5, JSON.stringify(pending));
  return "same session, new token";
});

await report.test("S-1: signing in ends the session that this browser had", async () => {
  const first = await open().signIn("staff", passwords.staff);
  const other = await open().signIn("staff", passwords.staff);
  const again = await first.request("POST", "/api/v1/session", { body: { username: "office", password: passwords.office } });
  is(again, 201);
  expect(!(await alive(first)), "the old one lives");
  expect(await alive(other), "control: another browser's does not");
});

await report.test("S-1: another role asks for a fresh factor, and that gives another token", async () => {
  forget("chairman");
  const client = await world.signIn("chairman");
  const remove = () => client.request("POST", "/api/v1/me/factors/recovery-codes");
  is(await remove(), 201);
  const before = client.cookie;
  psql(`INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from) SELECT gen_random_uuid(), m.account_id, m.organisation_id, 'office', capdo.today()
    FROM capdo.membership m JOIN capdo.account a ON a.id = m.account_id WHERE a.username = 'chairman' LIMIT 1`);
  is(await remove(), 403, "step_up_required");
  client.follow(await factor(client, { code: totp(secrets.chairman) }));
  expect(client.cookie !== before, "the same token");
  is(await remove(), 201);
});

await report.test("S-1: half signed in, a session may only finish or end", async () => {
  const client = await open().signIn("director", passwords.director);
  expect(client.me.second_factor_pending && client.me.permissions.length === 0, JSON.stringify(client.me));
  for (const path of ["/api/v1/dossiers", "/api/v1/systems", "/api/v1/me/factors", "/api/v1/me/sessions", "/api/v1/stats/by_level"]) {
    is(await client.get(path), 403, "second_factor_required");
  }
  is(await client.request("POST", "/api/v1/me/factors/totp", { body: { password: passwords.director } }), 403, "second_factor_required");
  is(await client.request("DELETE", "/api/v1/session"), 204);
  expect(!(await alive(client)), "it lives after its end");
});

await report.test("S-1: idle and absolute expiry; who decides idles for a shorter time", async () => {
  for (const [name, limit] of [["staff", 1800], ["director", 900], ["chairman", 900], ["admin", 900], ["office", 1800]]) {
    const client = await world.signIn(name);
    psql(`UPDATE capdo.session SET last_seen_at = now() - interval '${limit - 20} seconds' WHERE ${row(client)}`);
    expect(await alive(client), `${name}: ended before ${limit} s`);
    psql(`UPDATE capdo.session SET last_seen_at = now() - interval '${limit + 1} seconds' WHERE ${row(client)}`);
    expect(!(await alive(client)), `${name}: alive after ${limit} s without use`);
    psql(`UPDATE capdo.session SET last_seen_at = now() WHERE ${row(client)}`);
    expect(await alive(client), `control: ${name}`);
    psql(`UPDATE capdo.session SET expires_at = now() - interval '1 second' WHERE ${row(client)}`);
    expect(!(await alive(client)), `${name}: alive after its last hour`);
    client.close();
  }
  const fresh = await open().signIn("staff", passwords.staff);
  const seconds = Number(psql(`SELECT extract(epoch FROM expires_at - created_at)::int FROM capdo.session WHERE ${row(fresh)}`));
  expect(seconds === 43200, `${seconds} s`);
  const waiting = await open().signIn("director", passwords.director);
  expect(Number(psql(`SELECT extract(epoch FROM expires_at - created_at)::int FROM capdo.session WHERE ${row(waiting)}`)) === 600, "half signed in");
});

await report.test("S-1: a second factor does not lengthen a session", async () => {
  forget("director");
  const client = await world.signIn("director");
  const ends = () => psql(`SELECT expires_at FROM capdo.session WHERE ${row(client)}`);
  psql(`UPDATE capdo.session SET expires_at = now() + interval '3 minutes' WHERE ${row(client)}`);
  const before = ends();
  client.follow(await factor(client, { code: totp(secrets.director) }));
  expect(ends() === before, `${before} became ${ends()}`);
});

await report.test("S-1: five sessions; half signed in, nobody pushes them out", async () => {
  psql("DELETE FROM capdo.session WHERE account_id = (SELECT id FROM capdo.account WHERE username = 'chairman')");
  const clients = [];
  for (let i = 0; i < 6; i++) clients.push(await world.signIn("chairman"));
  const living = [];
  for (const client of clients) living.push(await alive(client));
  expect(living.join() === "false,true,true,true,true,true", living.join());
  for (let i = 0; i < 8; i++) await open().signIn("chairman", passwords.chairman);
  for (const client of clients.slice(1)) expect(await alive(client), "pushed out by a password alone");
  expect((await clients[5].get("/api/v1/me/sessions")).json.items.length === 5, "the list");
});

await report.test("S-1: sign-out, an ended session and a disabled account are over at the next request", async () => {
  const [one, two, three] = [await world.signIn("staff2"), await world.signIn("staff2"), await world.signIn("staff2")];
  is(await one.request("DELETE", "/api/v1/session"), 204);
  expect(!(await alive(one)) && (await alive(two)), "sign-out");
  const list = (await two.get("/api/v1/me/sessions")).json.items;
  const mine = list.find((item) => item.current);
  const third = psql(`SELECT id FROM capdo.session WHERE ${row(three)}`);
  is(await two.request("DELETE", `/api/v1/me/sessions/${third}`), 204);
  expect(!(await alive(three)), "ended by its owner");
  // Nobody ends another's.
  is(await world.office.request("DELETE", `/api/v1/me/sessions/${mine.id}`), 404);
  expect(await alive(two), "ended by another");
  psql("UPDATE capdo.account SET disabled_at = now() WHERE username = 'staff2'");
  expect(!(await alive(two)), "disabled");
  psql("UPDATE capdo.account SET disabled_at = NULL WHERE username = 'staff2'");
});

await report.test("S-1: the database holds no token that works", async () => {
  const client = await open().signIn("staff", passwords.staff);
  const token = client.cookie.split("=")[1];
  const tables = psql("SELECT relname FROM pg_class WHERE relnamespace = 'capdo'::regnamespace AND relkind = 'r'").split("\n");
  const found = () =>
    psql(tables.map((table) => `SELECT '${table}' FROM capdo."${table}" t WHERE strpos(t::text, '${token}') > 0 OR strpos(t::text, encode('${token}'::bytea, 'hex')) > 0 LIMIT 1;`).join("\n"));
  expect(found() === "", found());
  psql(`UPDATE capdo.session SET user_agent = '${token}' WHERE ${row(client)}`);
  expect(found() === "session", "control: a token that lies there is not found");
  psql(`UPDATE capdo.session SET user_agent = '' WHERE ${row(client)}`);
});

// ---- S-6 ----

const signIn = (code) => open().request("POST", "/api/v1/session", { body: { username: "director", password: passwords.director, code } });

await report.test("S-6: a code works once, and none older after it", async () => {
  forget("director");
  // Not at the turn of a step, where "now" is two things.
  while (Math.floor(Date.now() / 1000) % 30 > 22) await new Promise((resolve) => setTimeout(resolve, 500));
  const [before, now] = [totp(secrets.director, -1), totp(secrets.director)];
  is(await signIn(now), 201);
  is(await signIn(now), 403, "bad_second_factor");
  is(await signIn(before), 403, "bad_second_factor");
  forget("director");
  is(await signIn(now), 201);
  return "control: accepted again once the database forgot the step";
});

await report.test("S-6: five wrong codes in a quarter of an hour, at once or one by one, then none is judged", async () => {
  forget("director");
  const client = await open().signIn("director", passwords.director);
  const guesses = await Promise.all(Array.from({ length: 12 }, (_, i) => factor(client, { code: String(i).padStart(6, "0") })));
  const count = (status) => guesses.filter((answer) => answer.status === status).length;
  expect(count(403) === 5 && count(429) === 7, guesses.map((answer) => answer.status).join());
  const right = await signIn(totp(secrets.director));
  is(right, 429);
  expect(Number(right.headers["retry-after"]) > 800, right.headers["retry-after"]);
  is(await factor(client, { recovery_code: "AAAAA-AAAAA-AAAAA-AAAAA" }), 429);
  psql("UPDATE capdo.factor_attempt SET since = now() - interval '15 minutes'");
  is(await signIn(totp(secrets.director)), 201);
  return "control: judged again when the quarter is over";
});

await report.test("S-6: secrets are sealed, and a row moved to another account does not open", async () => {
  forget("director");
  const raw = psql("SELECT encode(sealed, 'hex') FROM capdo.credential_totp JOIN capdo.account a ON a.id = account_id WHERE username = 'director'");
  expect(raw.length === 120 && !raw.includes(Buffer.from(secrets.director).toString("hex")), raw);
  const swap = (from) =>
    psql(`UPDATE capdo.credential_totp SET sealed = (SELECT sealed FROM capdo.credential_totp t JOIN capdo.account a ON a.id = t.account_id
      WHERE a.username = '${from}') WHERE account_id = (SELECT id FROM capdo.account WHERE username = 'chairman')`);
  const kept = psql("SELECT encode(sealed, 'hex') FROM capdo.credential_totp JOIN capdo.account a ON a.id = account_id WHERE username = 'chairman'");
  swap("director");
  const stolen = await open().request("POST", "/api/v1/session", { body: { username: "chairman", password: passwords.chairman, code: totp(secrets.director) } });
  is(stolen, 503, "secret_key_missing");
  forget("chairman");
  psql(`UPDATE capdo.credential_totp SET sealed = decode('${kept}', 'hex') WHERE account_id = (SELECT id FROM capdo.account WHERE username = 'chairman')`);
  const good = await open().request("POST", "/api/v1/session", { body: { username: "chairman", password: passwords.chairman, code: totp(secrets.chairman) } });
  is(good, 201);
});

// A passkey of the admin, who has an app already.
const admin = await world.signIn("admin");
const key = new Passkey(world.site);
const options = async (client, purpose) => (await client.request("POST", "/api/v1/session/passkey-options", { body: { purpose } })).json;
await report.test("S-6: a passkey is registered", async () => {
  const creation = (await admin.request("POST", "/api/v1/me/factors/passkeys/options", { body: {} })).json;
  for (const wrong of [{ type: "webauthn.get" }, { flags: 0x44 }, { flags: 0x41 }, { rpId: "evil.example" }, { clientData: { origin: "https://evil.example" } }, { clientData: { crossOrigin: true } }]) {
    const fresh = (await admin.request("POST", "/api/v1/me/factors/passkeys/options", { body: {} })).json;
    is(await admin.request("POST", "/api/v1/me/factors/passkeys", { body: key.create(fresh, wrong) }), 403, "bad_second_factor");
    is(await admin.request("POST", "/api/v1/me/factors/passkeys", { body: key.create(fresh) }), 403, "bad_second_factor");
  }
  const made = await admin.request("POST", "/api/v1/me/factors/passkeys", { body: key.create(creation) });
  is(made, 201);
  admin.follow(made);
});

await report.test("S-6: what a passkey says wrong is refused, by either way in", async () => {
  const thief = new Passkey(world.site);
  const wrongs = {
    type: { type: "webauthn.create" },
    challenge: { challenge: Buffer.alloc(32, 7).toString("base64url") },
    origin: { clientData: { origin: "https://evil.example" } },
    "origin without its port": { clientData: { origin: "http://localhost" } },
    "other frame": { clientData: { crossOrigin: true } },
    "other site": { rpId: "evil.example" },
    "nobody present": { flags: 0x04 },
    "not unlocked": { flags: 0x01 },
    signature: { signature: true },
    "other key": { key: thief.privateKey },
    "count stands": { count: 1 },
    "count back": { count: 0 },
  };
  // Let the count of the good one grow first.
  for (let i = 0; i < 2; i++) admin.follow(await factor(admin, key.get(await options(admin, "factor"))));
  for (const [name, wrong] of Object.entries(wrongs)) {
    const step = await factor(admin, key.get(await options(admin, "factor"), wrong));
    expect(step.status === 403 && step.code === "bad_second_factor", `${name}: ${step}`);
    const alone = await open().request("POST", "/api/v1/session/passkey", { body: key.get(await options(open(), "sign_in"), wrong) });
    expect(alone.status === 403 && alone.code === "bad_second_factor", `${name}: ${alone}`);
  }
  const unknown = await open().request("POST", "/api/v1/session/passkey", { body: thief.get(await options(open(), "sign_in")) });
  is(unknown, 403, "bad_second_factor");
  // Another's key is no factor of mine.
  const other = await world.signIn("staff");
  is(await factor(other, key.get(await options(other, "factor"))), 403, "bad_second_factor");
  admin.follow(await factor(admin, key.get(await options(admin, "factor"))));
  is(await open().request("POST", "/api/v1/session/passkey", { body: key.get(await options(open(), "sign_in")) }), 201);
  return `${Object.keys(wrongs).length} ways, control: the good one passes both`;
});

await report.test("S-6: a challenge works once, for its purpose, in its session, for five minutes", async () => {
  const asked = await options(admin, "factor");
  const another = await world.signIn("admin");
  is(await factor(another, key.get(asked)), 403);
  admin.follow(await factor(admin, key.get(asked)));
  is(await factor(admin, key.get(asked)), 403);
  const id = (await me(admin)).json.session_id;
  const again = (purpose, session, seconds) =>
    psql(`INSERT INTO capdo.auth_challenge VALUES (decode('${Buffer.from(asked.challenge, "base64url").toString("hex")}', 'hex'), '${purpose}',
      ${session}, now() + interval '${seconds} seconds') ON CONFLICT (challenge) DO UPDATE SET purpose = excluded.purpose,
      session_id = excluded.session_id, expires_at = excluded.expires_at`);
  again("factor", `'${id}'`, -1);
  is(await factor(admin, key.get(asked)), 403);
  again("register", `'${id}'`, 300);
  is(await factor(admin, key.get(asked)), 403);
  again("sign_in", "NULL", 300);
  is(await factor(admin, key.get(asked)), 403);
  again("factor", `'${id}'`, 300);
  const taken = await factor(admin, key.get(asked));
  is(taken, 200);
  admin.follow(taken);
  return "control: put back, it is accepted";
});

await report.test("S-6: what needs a fresh factor is refused after five minutes, and by whoever has none", async () => {
  // The sign-ins above pushed the first sessions out.
  world.staff.cookie = (await world.signIn("staff")).cookie;
  const dossier = await world.dossierIn("appraised");
  const decide = (client) => client.post(`/api/v1/dossiers/${dossier.id}/transitions`, world.decision(), { headers: { "If-Match": `"${dossier.version}"`, "Idempotency-Key": newKey() } });
  const director = await world.signIn("director");
  const age = (value) => psql(`UPDATE capdo.session SET factor_at = ${value} WHERE ${row(director)}`);
  for (const value of ["NULL", "now() - interval '301 seconds'", "now() - interval '11 hours'"]) {
    age(value);
    const refused = await decide(director);
    expect(refused.status === 403 && refused.code === "step_up_required", `${value}: ${refused}`);
    is(await director.request("DELETE", "/api/v1/me/factors/totp"), 403, "step_up_required");
    is(await director.request("POST", "/api/v1/me/factors/recovery-codes"), 403, "step_up_required");
    is(await director.request("POST", "/api/v1/me/factors/totp", { body: { password: passwords.director } }), 403, "step_up_required");
    is(await director.request("POST", "/api/v1/me/factors/passkeys/options", { body: { password: passwords.director } }), 403, "step_up_required");
  }
  expect(psql(`SELECT state FROM capdo.dossier WHERE id = '${dossier.id}'`) === "appraised", "it was decided");
  age("now() - interval '280 seconds'");
  const decided = await decide(director);
  expect(decided.status === 200, `280 s: ${decided}`);
  return "control: 280 s old, it is decided";
});

await report.test("S-6: every route that must ask for a fresh factor does", async () => {
  const { routes } = JSON.parse(execFileSync(process.env.CAPDO_PROGRAM, ["routes"], { encoding: "utf8" }));
  const asking = routes.filter((route) => route.needs_step_up);
  // Approving is asked for within its route (above); the rest of what gives rights away, here.
  const must = ["account_create", "account_link_create", "account_enable", "membership_create", "membership_end", "token_create", "token_rotate", "assignment_create", "assignment_end", "delegation_create", "delegation_end", "organisation_change_create"];
  const missing = must.filter((name) => !asking.some((route) => route.operation === name));
  expect(missing.length === 0, `without: ${missing}`);
  const client = await world.signIn("admin");
  const ask = (route) =>
    client.request(route.method, route.path.replace(/\{\w+\}/g, NOBODYS_ID), { body: route.body_bytes_max === 0 ? undefined : {}, headers: { "Idempotency-Key": newKey(), "If-Match": '"1"' } });
  psql(`UPDATE capdo.session SET factor_at = now() - interval '301 seconds' WHERE ${row(client)}`);
  for (const route of asking) is(await ask(route), 403, "step_up_required");
  psql(`UPDATE capdo.session SET factor_at = now() WHERE ${row(client)}`);
  for (const route of asking.filter(({ operation }) => must.includes(operation))) {
    const answer = await ask(route);
    expect(answer.code !== "step_up_required", `control: ${route.operation}: ${answer}`);
  }
  return `${asking.length} routes`;
});

await report.test("S-6: a recovery code works once", async () => {
  const { codes } = (await admin.request("POST", "/api/v1/me/factors/recovery-codes")).json;
  const one = await open().signIn("admin", passwords.admin);
  const used = await factor(one, { recovery_code: codes[3].toLowerCase().replaceAll("-", " ") });
  is(used, 200);
  const two = await open().signIn("admin", passwords.admin);
  is(await factor(two, { recovery_code: codes[3] }), 403, "bad_second_factor");
  expect(psql(`SELECT count(*) FROM capdo.recovery_code r WHERE strpos(r::text, '${codes[0]}') > 0`) === "0", "kept as it is");
  is(await factor(two, { recovery_code: codes[4] }), 200);
});

await report.test("what was refused stands in the security log, without what was typed", async () => {
  const failed = Number(psql("SELECT count(*) FROM capdo.security_event WHERE kind = 'factor.failed' AND outcome = 'failed'"));
  expect(failed > 20, `${failed} entries`);
  const secret = totp(secrets.director);
  expect(psql(`SELECT count(*) FROM capdo.security_event e WHERE strpos(e.detail::text, '${secret}') > 0 OR strpos(e::text, '${passwords.director}') > 0`) === "0", "a secret in the log");
  return `${failed} entries`;
});

world.close();
process.exit(report.end());
