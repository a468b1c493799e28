// L-9: whatever comes in, one event stays one line, and no secret is in any log. F-7: what happens
// when the places of the security log fail.
//
//   node security_log.mjs [--blind]
//
// Runs under tests/support/server.sh run, with security_log_file set to CAPDO_TEST_SECURITY_LOG.
// --blind is the control of F-7: the server of CAPDO_TEST_IGNORE_SINKS must be found out.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, newKey, sleep } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { NOBODYS_ID, RULESET, World, openSession, psql } from "../contract/lib/world.mjs";

const env = process.env;
const report = new Report();
const openapi = JSON.parse(readFileSync(`${env.CAPDO_ROOT}/schema/openapi.json`, "utf8"));
const world = await World.open();
const BLIND = process.argv.includes("--blind");
const test = (name, fn) => (BLIND ? null : report.test(name, fn));

// ---- L-9: injection ----

const FORGED = '{"time":"2026-01-01T00:00:00Z","level":"info","message":"forged"}';
const HOSTILE = [
  `a\r\n${FORGED}\r\n`,
  `a\n${FORGED}\n`,
  "a\u001b[2J\u001b[31mred",
  "a\u0085b\u009bc\u2028d\u2029e",
  "\u202egnp.exe\u202c\u2066x\u2069\u200f",
  'a","level":"error","x":"',
  "a\\u000a\\",
  "\ud83d\ude00\u{e0041}\ufeff",
  "x".repeat(1 << 20),
];
// What must never stand in a line as it is.
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

const resolve = (schema) => (schema?.$ref ? resolve(schema.$ref.split("/").slice(1).reduce((value, name) => value[name], openapi)) : schema);

// Every body of a schema in which one text is the hostile one, as deep as three levels; a huge one
// only in its members.
function* bodies(schema, hostile, depth = 0) {
  const now = resolve(schema);
  if (!now || depth > (hostile.length > 1000 ? 1 : 3)) return;
  const types = [now.type].flat();
  if (types.includes("string")) yield hostile;
  if (types.includes("object")) {
    for (const [name, property] of Object.entries(now.properties ?? {})) for (const value of bodies(property, hostile, depth + 1)) yield { [name]: value };
    yield { [hostile.slice(0, 1000)]: 1 };
  }
  if (types.includes("array")) for (const value of bodies(now.items, hostile, depth + 1)) yield [value];
}

let serial = 0;
const sent = [];
const nextId = () => {
  sent.push(`l9-${++serial}`);
  return sent.at(-1);
};

const operations = Object.entries(openapi.paths).flatMap(([template, methods]) => Object.entries(methods).map(([method, operation]) => ({ template, method: method.toUpperCase(), operation })));

async function sendEverywhere(hostile) {
  const small = hostile.slice(0, 200);
  for (const { template, method, operation } of operations) {
    if (operation.operationId === "session_delete") continue;
    const client = operation["x-permission"] === "public" ? world.anonymous : world.admin.me.permissions.includes(operation["x-permission"]) ? world.admin : world.staff;
    const target = template.replace(/\{[^}]+\}/g, NOBODYS_ID);
    const headers = () => ({ "Idempotency-Key": newKey(), "If-Match": '"1"', "X-Request-Id": nextId() });
    const schema = operation.requestBody?.content["application/json"]?.schema;
    for (const body of schema ? bodies(schema, hostile) : []) {
      const answer = await client.request(method, target, { body, headers: headers() });
      expect(answer.status < 500 || answer.status === 503, answer);
    }
    if (hostile.length > 1000) continue;
    for (const parameter of operation.parameters?.filter((row) => row.in === "query") ?? []) {
      await client.request(method, `${target}?${parameter.name}=${encodeURIComponent(small)}`, { headers: headers() });
    }
    if (template.includes("{")) await client.request(method, template.replace(/\{[^}]+\}/g, encodeURIComponent(small)), { headers: headers() });
  }
}

// Headers as no library would send them; a bare line end must not make two of one.
function raw(lines) {
  return new Promise((done) => {
    const socket = net.connect(Number(env.CAPDO_TEST_PORT), "127.0.0.1", () => socket.end(Buffer.from(lines.join("\r\n") + "\r\n\r\n", "latin1")));
    socket.on("data", () => {});
    socket.on("error", done);
    socket.on("close", done);
  });
}

await test("L-9: hostile texts in every field, parameter and header", async () => {
  // A name in the register that gets into lines by itself: of the account that is refused.
  psql(`UPDATE capdo.account SET display_name = E'A\\u2028B\\u202eC' || chr(27) || '[31m' WHERE username = 'staff2'`);
  await world.staff2.get("/api/v1/accounts", { headers: { "X-Request-Id": nextId() } });
  for (const hostile of HOSTILE) await sendEverywhere(hostile);
  for (const hostile of HOSTILE.slice(0, -1)) {
    const text = Buffer.from(hostile).toString("latin1").replace(/[\r\n]/g, "\x0b");
    for (const name of ["User-Agent", "X-Request-Id", "Origin", "Accept-Language", "Authorization", "Cookie", "Sec-Fetch-Site", "Idempotency-Key"]) {
      await raw(["POST /api/v1/systems HTTP/1.1", `Host: 127.0.0.1:${env.CAPDO_TEST_PORT}`, "Connection: close", "Content-Length: 0", `${name}: ${text}`]);
    }
  }
  return `${sent.length} requests`;
});

const linesOf = (path) => readFileSync(path, "utf8").split("\n").filter((line) => line !== "");

await sleep(1500);
for (const [name, path] of [
  ["log", env.CAPDO_TEST_LOG],
  ["file of the security log", env.CAPDO_TEST_SECURITY_LOG],
]) {
  await test(`L-9: every line of the ${name} is one event`, () => {
    const lines = linesOf(path);
    for (const line of lines) {
      const event = JSON.parse(line);
      expect(event.message !== "forged" && event.time && event.level, line.slice(0, 300));
      expect(!RAW.test(line), () => `a raw character: ${JSON.stringify(line.slice(0, 300))}`);
      expect(line.length < 20000, () => `${line.length} characters`);
    }
    expect(lines.length > 3, `${lines.length} lines`);
    return `${lines.length} lines`;
  });
}
await test("L-9: every request has its one line", () => {
  const seen = new Map();
  for (const line of linesOf(env.CAPDO_TEST_LOG)) {
    const event = JSON.parse(line);
    if (event.message === "request") seen.set(event.request_id, (seen.get(event.request_id) ?? 0) + 1);
  }
  for (const id of sent) expect(seen.get(id) >= 1, `${id}: ${seen.get(id)}`);
});
await test("control: a line that was forged, cut or coloured is noticed", () => {
  const notices = (line) => {
    try {
      return JSON.parse(line).message === "forged" || RAW.test(line);
    } catch {
      return true;
    }
  };
  for (const line of [FORGED, '{"time":"x', '{"message":"a\u2028"}', '{"message":"\u202e"}', '{"message":"\u001b[31m"}']) expect(notices(line), line);
});

// ---- L-9: secrets ----

const SECRET_NAME = /password|secret|code$|codes|token|link|verifier|assertion|credential/i;
const planted = new Set();
const plant = () => {
  const value = `Pl4nted${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
  planted.add(value);
  return value;
};

// Texts with such names, in requests and in answers.
function collect(value, name = "") {
  if (typeof value === "string" && SECRET_NAME.test(name) && value.length >= 6 && !/^[a-z_.]+$/.test(value)) planted.add(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, name);
  else if (value && typeof value === "object") for (const [key, item] of Object.entries(value)) collect(item, key);
}

const everywhere = () => ({
  "the log": readFileSync(env.CAPDO_TEST_LOG, "utf8"),
  "the file of the security log": readFileSync(env.CAPDO_TEST_SECURITY_LOG, "utf8"),
  "the table of the security log": psql("SELECT coalesce(string_agg(e::text, E'\\n'), '') FROM capdo.security_event e"),
  "the log of the database": readFileSync(join(env.CAPDO_TEST_PG, "postgres.log"), "utf8"),
});
const found = (texts) => Object.entries(texts).flatMap(([place, text]) => [...planted].filter((secret) => text.includes(secret)).map((secret) => `${place}: ${secret.slice(0, 12)}…`));

await test("L-9: passwords, tokens, codes and links are in no log", async () => {
  const names = new Set();
  const send = async (client, method, target, body, headers = {}) => {
    const answer = await client.request(method, target, { body, headers: { "Idempotency-Key": newKey(), "If-Match": '"1"', ...headers } });
    if (answer.headers["content-type"]?.startsWith("application/json") && answer.text !== "") collect(answer.json);
    for (const cookie of answer.headers["set-cookie"] ?? []) {
      const value = cookie.split(";")[0].split("=")[1];
      if (value) planted.add(value);
    }
    return answer;
  };
  for (const row of JSON.parse(readFileSync(env.CAPDO_TEST_ACCOUNTS, "utf8"))) collect(row);
  // Signing in, well and badly; a password typed where the name belongs.
  await send(world.anonymous, "POST", "/api/v1/session", { username: "office", password: world.passwords.office });
  await send(world.anonymous, "POST", "/api/v1/session", { username: "office", password: plant() });
  await send(world.anonymous, "POST", "/api/v1/session", { username: plant(), password: plant() });
  // A secret in each member of that name, wherever the contract has one.
  for (const { template, method, operation } of operations) {
    const schema = resolve(operation.requestBody?.content["application/json"]?.schema);
    for (const [name, property] of Object.entries(schema?.properties ?? {})) {
      if (!SECRET_NAME.test(name) || ![resolve(property).type].flat().includes("string")) continue;
      names.add(`${operation.operationId}.${name}`);
      const target = template.replace(/\{[^}]+\}/g, NOBODYS_ID);
      for (const client of [world.anonymous, world.staff, world.admin]) await send(client, method, target, { username: "office", [name]: plant() });
    }
    if (/\{[^}]*(token|code|link|secret)[^}]*\}/.test(template)) await send(world.anonymous, method, template.replace(/\{[^}]+\}/g, plant), undefined);
  }
  // Credentials of every form, at a public, a quick and a writing operation.
  for (const [method, target] of [["GET", "/api/v1/meta"], ["GET", "/api/v1/systems"], ["POST", "/api/v1/systems"]]) {
    await send(world.anonymous, method, target, method === "POST" ? {} : undefined, { Authorization: `Bearer capdo_live_${plant()}` });
    await send(world.anonymous, method, target, method === "POST" ? {} : undefined, { Cookie: `sid=${plant()}` });
    await send(world.anonymous, method, `${target}?token=${plant()}&code=${plant()}`, method === "POST" ? {} : undefined);
  }
  const token = openSession("staff");
  planted.add(token);
  await send(world.anonymous, "GET", "/api/v1/accounts", undefined, { Cookie: `sid=${token}` });
  await sleep(1500);
  const leaks = found(everywhere());
  expect(leaks.length === 0, leaks.slice(0, 5).join("; "));
  return `${planted.size} secrets, ${names.size} members: ${[...names].join(" ")}`;
});

await test("control: a planted leak is found, in the log, its file and its table", async () => {
  const refused = await world.staff.get("/api/v1/accounts", { headers: { "User-Agent": plant() } });
  expect(refused.status === 403, refused);
  await world.appraiser.get("/api/v1/accounts", { headers: { "User-Agent": [...planted].at(-1) } });
  await sleep(1500);
  const places = found(everywhere()).map((leak) => leak.split(":")[0]);
  for (const place of ["the log", "the file of the security log", "the table of the security log"]) expect(places.includes(place), `not seen in ${place}`);
  expect(found({ nowhere: "" }).length === 0, "seen where nothing is");
});

// ---- the file is moved away ----

await test("the file is opened anew on SIGHUP, and nothing is lost between", async () => {
  const path = env.CAPDO_TEST_SECURITY_LOG;
  const before = linesOf(path).length;
  renameSync(path, `${path}.1`);
  process.kill(Number(env.CAPDO_TEST_PID), "SIGHUP");
  await sleep(1200);
  await world.chairman.get("/api/v1/accounts");
  await sleep(1200);
  const kept = linesOf(`${path}.1`).length + linesOf(path).length;
  expect(linesOf(path).length >= 1 && kept > before, `${before} before, ${kept} now`);
  expect((await world.anonymous.get("/healthz")).status === 200, "the server has gone");
});

// ---- F-7 ----

const work = mkdtempSync(join(tmpdir(), "capdo-f7."));

// A server of our own whose lines go down a pipe that we can break.
async function startServer(options = "") {
  const port = await new Promise((done) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
  const path = join(work, "capdo.conf");
  const config = readFileSync(env.CAPDO_TEST_CONFIG, "utf8").replace(/^(listen_port|public_origin|security_log_file) *=.*$/gm, "");
  writeFileSync(path, `${config}\nlisten_port = ${port}\nevent_threads = 2\nworkers = 2\n${options}\n`);
  const child = spawn(env.CAPDO_PROGRAM, ["serve", "--config", path], { stdio: ["ignore", "ignore", "pipe"] });
  let lines = "";
  child.stderr.on("data", (part) => (lines += part));
  const ended = new Promise((done) => child.on("exit", done));
  const base = `http://127.0.0.1:${port}`;
  const client = new Client(base);
  for (let i = 0; ; i++) {
    try {
      if ((await client.get("/readyz", { timeout: 1000 })).status === 200) break;
    } catch {
      // not yet
    }
    expect(i < 200, "the second server does not start");
    await sleep(50);
  }
  const as = (name) => {
    const someone = new Client(base);
    someone.cookie = `sid=${openSession(name)}`;
    return someone;
  };
  const stop = async () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { as, stop, child, anonymous: client, lines: () => lines, metric: async (name) => (await client.get("/metrics")).text.split("\n").find((line) => line.startsWith(name))?.split(" ").at(-1) };
}

const breakTable = () =>
  psql(`CREATE OR REPLACE FUNCTION capdo.planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'planted'; END $$;
    CREATE TRIGGER planted BEFORE INSERT ON capdo.security_event FOR EACH ROW EXECUTE FUNCTION capdo.planted()`);
const mendTable = () => psql("DROP TRIGGER IF EXISTS planted ON capdo.security_event; DROP FUNCTION IF EXISTS capdo.planted()");

async function until(what, condition) {
  for (let i = 0; i < 100; i++) {
    if (await condition()) return;
    await sleep(100);
  }
  throw new Error(`${what} did not come`);
}

const rename = (client, system) => client.request("PATCH", `/api/v1/systems/${system.id}`, { body: { scope: `Sửa ${Date.now()}` }, headers: { "If-Match": "*" } });

await test("F-7: with the table gone, lines go on; a change that must be logged in it is refused", async () => {
  const server = await startServer();
  const staff = server.as("staff");
  const system = await world.newSystem();
  breakTable();
  try {
    expect((await staff.get("/api/v1/accounts")).status === 403, "refused as ever");
    await until("the state of the table", async () => (await server.metric('capdo_security_sink_up{sink="table"}')) === "0");
    expect(server.lines().includes('"kind":"access.refused"'), "the line is written");
    const changed = await rename(staff, system);
    expect(changed.status === 200, changed);
    const left = await server.anonymous.request("POST", "/api/v1/session", { body: { username: "office", password: world.passwords.office } });
    expect(left.status === 503 && left.code === "log_unavailable" && left.headers["retry-after"], left);
    expect(psql("SELECT count(*) FROM capdo.session s JOIN capdo.account a ON a.id = s.account_id WHERE a.username = 'office' AND s.user_agent = '' AND s.created_at > now() - interval '5 seconds' AND s.method = 'password' AND s.factor_at IS NULL") === "0", "no session was opened");
  } finally {
    mendTable();
  }
  await until("the waiting event", () => Number(psql("SELECT count(*) FROM capdo.security_event WHERE kind = 'access.refused' AND detail->>'operation' = 'account_list'")) > 0 && true);
  await until("the state of the table", async () => (await server.metric('capdo_security_sink_up{sink="table"}')) === "1");
  expect((await server.stop()) === 0, "it stops in order");
});

await report.test(BLIND ? "control: a server that ignores its sinks is found out" : "F-7: with lines and table gone every unsafe request is 503, and what is most sensitive is not shown", async () => {
  const server = await startServer();
  const staff = server.as("staff");
  const office = server.as("office");
  const system = await world.newSystem();
  const dossier = await world.newDossier();
  psql(`SET session_replication_role = replica; UPDATE capdo.dossier SET level = 4 WHERE id = '${dossier.id}'`);
  breakTable();
  server.child.stderr.destroy();
  try {
    if (BLIND) {
      await office.get("/api/v1/accounts");
      await sleep(2500);
      expect((await rename(staff, system)).status === 200, "the control refuses too");
      return;
    }
    await until("503", async () => {
      await office.get("/api/v1/accounts");
      return (await rename(staff, system)).status === 503;
    });
    const refused = await rename(staff, system);
    expect(refused.code === "log_unavailable" && refused.json.title, refused);
    const created = await staff.post("/api/v1/classifications", { ruleset: RULESET, facts: {} });
    expect(created.status === 200, `what changes nothing goes on: ${created}`);
    expect((await staff.get("/api/v1/systems")).status === 200, "lists are read");
    const secret = await staff.get(`/api/v1/dossiers/${dossier.id}`);
    expect(secret.status === 503 && secret.code === "log_unavailable" && !secret.text.includes(dossier.code), secret);
    mendTable();
    await until("writing again", async () => (await rename(staff, system)).status === 200);
    expect((await staff.get(`/api/v1/dossiers/${dossier.id}`)).status === 200, "shown again");
  } finally {
    mendTable();
    await server.stop();
  }
});

await test("F-7: a full disk under the file is told and does not stop the service", async () => {
  const server = await startServer("security_log_file = /dev/full");
  const staff = server.as("staff");
  expect((await staff.get("/api/v1/accounts")).status === 403, "refused as ever");
  await until("the state of the lines", async () => (await server.metric('capdo_security_sink_up{sink="lines"}')) === "0");
  expect(server.lines().includes("the security log file cannot be written"), "said in the log");
  expect((await rename(staff, await world.newSystem())).status === 200, "changes go on");
  expect((await server.stop()) === 0, "it stops in order");
});

await test("a stop in order writes what waits", async () => {
  const server = await startServer();
  const director = server.as("director");
  const id = `stop-${Date.now()}`;
  for (let i = 0; i < 20; i++) await director.get(`/api/v1/systems/${NOBODYS_ID.slice(0, -2)}${10 + i}`, { headers: { "X-Request-Id": `${id}-${i}` } });
  expect((await server.stop()) === 0, "it stops");
  const rows = psql(`SELECT count(*), sum(coalesce((detail->>'times')::int, 1)) FROM capdo.security_event WHERE request_id LIKE '${id}-%'`);
  expect(rows === "2|20", rows);
});

rmSync(work, { recursive: true, force: true });
world.close();
process.exit(report.end());
