// S-7, Z-10 in part: what ends with an account, at the next request; and the way back for somebody who has lost
// every second factor. Each way in is open first: what is refused afterwards was let in a moment before.
//
//   node ended.mjs     under tests/support/server.sh run

import { execFileSync } from "node:child_process";
import { Passkey } from "../contract/lib/authenticator.mjs";
import { Client } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { World, psql } from "../contract/lib/world.mjs";

const env = process.env;
const report = new Report();
const world = await World.open({ names: ["staff", "admin"] });
const unit = world.operator;
const is = (answer, status, code) => expect(answer.status === status && (code === undefined || answer.code === code), answer);
const alive = async (client) => (await client.get("/api/v1/me")).status === 200;
const open = () => new Client(world.base);
const capdo = (...words) => execFileSync(env.CAPDO_PROGRAM, ["account", ...words, "--config", env.CAPDO_TEST_CONFIG], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const optionsOf = async (client, purpose) => (await client.request("POST", "/api/v1/session/passkey-options", { body: { purpose } })).json;
const withKey = (key, options) => open().request("POST", "/api/v1/session/passkey", { body: key.get(options) });
const byPassword = (person, cookie = "") =>
  open().request("POST", "/api/v1/session", { body: { username: person.account.username, password: person.password }, headers: { Cookie: cookie } });

// Somebody who administers, with a passkey, a browser that knows them, and every way in begun.
async function somebody() {
  const person = await world.newPerson({ memberships: [world.membershipBody(), world.membershipBody({ role: "admin" })] });
  person.device = (await byPassword(person)).headers["set-cookie"].find((cookie) => cookie.startsWith("device=")).split(";")[0];
  person.key = new Passkey(world.site);
  const creation = (await person.client.request("POST", "/api/v1/me/factors/passkeys/options", { body: { password: person.password } })).json;
  const made = await person.client.request("POST", "/api/v1/me/factors/passkeys", { body: person.key.create(creation) });
  is(made, 201);
  person.client.follow(made);
  person.token = (await person.client.post("/api/v1/tokens", { organisation_id: unit, name: `Của ${person.account.username}`, reach: "unit", scopes: ["stats.read"] })).json;
  person.second = await world.signIn(person.account.username);
  person.pending = open();
  person.pending.follow(await byPassword(person));
  person.forPending = await optionsOf(person.pending, "factor");
  person.forStepUp = await optionsOf(person.second, "factor");
  person.forRegister = (await person.second.request("POST", "/api/v1/me/factors/passkeys/options", { body: {} })).json;
  person.forSignIn = await optionsOf(open(), "sign_in");
  return person;
}

async function expectOpen(person) {
  expect((await alive(person.client)) && (await alive(person.second)) && (await alive(person.pending)), "a session");
  is(await byPassword(person, person.device), 201);
  is(await withKey(person.key, await optionsOf(open(), "sign_in")), 201);
}

async function expectShut(person) {
  for (const [name, client] of Object.entries({ client: person.client, second: person.second, pending: person.pending })) expect(!(await alive(client)), `a session lives: ${name}`);
  const key = new Passkey(world.site);
  is(await person.pending.request("POST", "/api/v1/session/factor", { body: person.key.get(person.forPending) }), 401);
  is(await person.second.request("POST", "/api/v1/session/factor", { body: person.key.get(person.forStepUp) }), 401);
  is(await person.second.request("POST", "/api/v1/me/factors/passkeys", { body: key.create(person.forRegister) }), 401);
  is(await withKey(person.key, person.forSignIn), 403, "bad_second_factor");
  is(await withKey(person.key, await optionsOf(open(), "sign_in")), 403, "bad_second_factor");
  is(await byPassword(person, person.device), 401, "bad_credentials");
  const left = psql(`SELECT (SELECT count(*) FROM capdo.session s JOIN capdo.account a ON a.id = s.account_id WHERE a.username = '${person.account.username}')
    + (SELECT count(*) FROM capdo.known_device d JOIN capdo.account a ON a.id = d.account_id WHERE a.username = '${person.account.username}')`);
  expect(left === "0", `${left} sessions and devices are left`);
}

const change = async (person, verb) => {
  const now = await world.admin.get(`/api/v1/accounts/${person.account.id}`);
  return world.admin.post(`/api/v1/accounts/${person.account.id}/${verb}`, undefined, { headers: { "If-Match": now.etag } });
};

const forget = () => psql("DELETE FROM capdo.sign_in_counter; DELETE FROM capdo.sign_in_address");

for (const [how, disable] of [
  ["by an administrator", async (person) => is(await change(person, "disable"), 200)],
  ["at the command line", async (person) => capdo("disable", person.account.username)],
]) {
  await report.test(`an account disabled ${how}: sessions, half sessions, challenges, passkeys, devices end at the next request`, async () => {
    forget();
    const person = await somebody();
    await expectOpen(person);
    await disable(person);
    await expectShut(person);
    // Enabled again, nothing of it comes back but the way to sign in anew.
    is(await change(person, "enable"), 200);
    expect(!(await alive(person.client)) && !(await alive(person.second)) && !(await alive(person.pending)), "a session came back");
    is(await withKey(person.key, await optionsOf(open(), "sign_in")), 201);
  });
}

await report.test("control: where disabling ends nothing, a session comes back with the account", async () => {
  forget();
  const person = await world.newPerson();
  psql("ALTER TABLE capdo.account DISABLE TRIGGER account_ends");
  is(await change(person, "disable"), 200);
  const during = await alive(person.client);
  is(await change(person, "enable"), 200);
  const after = await alive(person.client);
  psql("ALTER TABLE capdo.account ENABLE TRIGGER account_ends");
  expect(!during && after, `${during}, ${after}`);
});

await report.test("a link of an account that was disabled opens nothing, nor after it is enabled", async () => {
  const person = await world.newPerson();
  const made = await world.admin.post(`/api/v1/accounts/${person.account.id}/links`);
  is(made, 201);
  const token = made.json.link_path.split("#")[1];
  const check = () => open().request("POST", "/api/v1/activations/check", { body: { token } });
  is(await check(), 200);
  is(await change(person, "disable"), 200);
  is(await check(), 410, "link_gone");
  is(await open().request("POST", "/api/v1/activations", { body: { token, password: person.password } }), 410, "link_gone");
  is(await change(person, "enable"), 200);
  is(await check(), 410, "link_gone");
});

// A token belongs to its organisation (docs/decisions/0015-reach-of-api-tokens.md).
await report.test("a token outlives the account that made it, and ends at the next request when it is revoked", async () => {
  forget();
  const person = await somebody();
  const program = open();
  program.tokens = [person.token.token];
  const read = () => program.get("/api/v1/stats/by_level");
  is(await read(), 200);
  is(await change(person, "disable"), 200);
  is(await read(), 200);
  const id = person.token.api_token.id;
  const shown = await world.admin.get(`/api/v1/tokens/${id}`);
  expect(shown.text.includes(person.account.display_name), `it does not say who made it: ${shown}`);
  is(await world.admin.post(`/api/v1/tokens/${id}/revoke`, undefined, { headers: { "If-Match": shown.etag } }), 200);
  is(await read(), 401);
});

await report.test("all factors lost: at the machine they end with password and sessions; the owner begins anew by the link", async () => {
  forget();
  const person = await somebody();
  await expectOpen(person);
  // Neither an administrator's link nor a new password touches them.
  const link = (await world.admin.post(`/api/v1/accounts/${person.account.id}/links`)).json.link_path.split("#")[1];
  is(await open().request("POST", "/api/v1/activations", { body: { token: link, password: person.password } }), 204);
  const half = open();
  half.follow(await byPassword(person));
  expect((await half.get("/api/v1/me")).json.second_factor_pending, "a reset by an administrator went around the factor");

  const token = capdo("end-factors", person.account.username).trim().split("#")[1];
  expect(!(await alive(half)) && !(await alive(person.client)), "a session lives");
  is(await withKey(person.key, await optionsOf(open(), "sign_in")), 403, "bad_second_factor");
  is(await byPassword(person), 401, "bad_credentials");
  const password = `${person.password} lan nua`;
  is(await open().request("POST", "/api/v1/activations", { body: { token, password } }), 204);
  const anew = open();
  anew.follow(await byPassword({ ...person, password }));
  const me = (await anew.get("/api/v1/me")).json;
  expect(!me.second_factor_pending && me.second_factor_age_s === null && me.second_factors.passkeys === 0, JSON.stringify(me));
  is(await anew.post("/api/v1/accounts", world.accountBody()), 403, "step_up_required");
  // The owner reads what happened, and begins again.
  const told = (await anew.get("/api/v1/me/security-events?kind=factor.removed")).json.items;
  expect(told.length === 1 && JSON.stringify(told).includes("capdo account"), JSON.stringify(told));
  const key = new Passkey(world.site);
  const creation = (await anew.request("POST", "/api/v1/me/factors/passkeys/options", { body: { password } })).json;
  const made = await anew.request("POST", "/api/v1/me/factors/passkeys", { body: key.create(creation) });
  is(made, 201);
  anew.follow(made);
  is(await anew.post("/api/v1/accounts", world.accountBody()), 201);
});

forget();
world.close();
process.exit(report.end());
