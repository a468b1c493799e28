// F-1, F-2: eight clients write with idempotency keys and note every 2xx; the server is killed with
// SIGKILL at random points and started again; what had no answer is repeated with the same key.
// Nothing that was answered may be missing, nothing may be there twice.
//
//   node durability.mjs [--kills N] [--dies] [--expect-loss]
//
// Runs under tests/support/server.sh run. --dies: the server kills itself between COMMIT and the
// answer (CAPDO_TEST_DIE_AFTER_COMMIT). --expect-loss is the control: the server of
// CAPDO_TEST_REPLY_BEFORE_COMMIT, which answers before it commits, must be found out.

import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { Client, newKey, pool, sleep } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { World } from "../contract/lib/world.mjs";

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const KILLS = argument("--kills", 20);
const DIES = process.argv.includes("--dies");
const EXPECT_LOSS = process.argv.includes("--expect-loss");
const CLIENTS = 8;
const RESTART_LIMIT_MS = 10000;

const env = process.env;
const report = new Report();
const sql = (text) =>
  execFileSync("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", env.CAPDO_TEST_SUPERUSER_URL, "-c", text], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  }).trim();
const sqlRows = (text) => (sql(text) === "" ? [] : sql(text).split("\n").map((line) => line.split("|")));

// ---- the server ----

let server = null;
let child = null;
const restarts = [];

async function firstAnswer(client) {
  const begun = performance.now();
  while (performance.now() - begun < RESTART_LIMIT_MS) {
    try {
      if ((await client.get("/api/v1/me", { timeout: 2000 })).status === 200) return performance.now() - begun;
    } catch {
      // not yet
    }
    await sleep(5);
  }
  throw new Error("the server did not come back");
}

let dead = null; // fulfilled when the child has ended

async function killed() {
  if (DIES && dead !== null) await Promise.race([dead, sleep(10000)]);
  else await sleep(100 + Math.random() * 900);
  try {
    process.kill(server, "SIGKILL");
  } catch {
    // it is dead
  }
  if (dead !== null) await dead;
  else await sleep(30);
}

async function startAgain(client) {
  const begun = Date.now();
  const log = openSync(`${env.CAPDO_TEST_DIRECTORY}/capdo.log`, "a");
  child = spawn(env.CAPDO_PROGRAM, ["serve", "--config", env.CAPDO_TEST_CONFIG], { stdio: ["ignore", log, log] });
  closeSync(log);
  dead = new Promise((resolve) => child.once("exit", resolve));
  server = child.pid;
  restarts.push({ begun, ms: await firstAnswer(client) });
}

// ---- the clients ----

const acknowledged = []; // {kind, name or id, scope, version}
let unknownOutcomes = 0;
let committedUnanswered = 0;
let mismatches = 0;
let stopping = false;

// One write until its outcome is known. Returns the answer.
async function settle(send) {
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await send(attempt);
      if (answer.status !== 503) return { answer, attempt };
    } catch {
      unknownOutcomes++;
    }
    if (attempt > 400) throw new Error("no outcome after 400 attempts");
    await sleep(25);
  }
}

async function create(client, world, name) {
  const key = newKey();
  const body = world.systemBody({ name });
  const started = Date.now();
  const { answer, attempt } = await settle(() => client.post("/api/v1/systems", body, { headers: { "Idempotency-Key": key }, timeout: 5000 }));
  expect(answer.status === 201, answer);
  const system = answer.json;
  acknowledged.push({ kind: "create", id: system.id, name, scope: "", version: 1 });
  if (attempt > 0) {
    const restart = restarts.find((row) => row.begun > started);
    if (restart && Date.parse(system.created_at) < restart.begun) committedUnanswered++;
    const other = await settle(() => client.post("/api/v1/systems", { ...body, scope: "khác" }, { headers: { "Idempotency-Key": key }, timeout: 5000 }));
    expect(other.answer.status === 422, `another body with the same key: ${other.answer}`);
    mismatches++;
  }
  return { id: system.id, version: 1, name };
}

// A change has no key: what became of it is read from the version.
async function change(client, system, scope) {
  for (;;) {
    const { answer } = await settle(() =>
      client.request("PATCH", `/api/v1/systems/${system.id}`, { body: { scope }, headers: { "If-Match": `"${system.version}"` }, timeout: 5000 }),
    );
    if (answer.status === 412) {
      const now = answer.json.current;
      system.version = now.version;
      if (now.scope !== scope) {
        continue;
      }
      committedUnanswered++;
    } else {
      expect(answer.status === 200, answer);
      system.version = answer.json.version;
    }
    acknowledged.push({ kind: "change", id: system.id, name: system.name, scope, version: system.version });
    return;
  }
}

async function work(world, cookie, index) {
  const client = new Client(world.base, { sockets: 1 });
  client.cookie = cookie;
  let serial = 0;
  while (!stopping) {
    const system = await create(client, world, `F1-${index}-${serial++}`);
    // The server of the control shows nobody what it has not committed: there it only creates.
    for (let i = 0; i < 3 && !stopping && !EXPECT_LOSS; i++) await change(client, system, `lần ${i}`);
  }
  client.close();
}

// ---- what the database says ----

function verify() {
  const systems = new Map(sqlRows("SELECT id, name, version FROM capdo.system WHERE name LIKE 'F1-%'").map(([id, name, version]) => [id, { name, version: Number(version) }]));
  const scopes = new Set(
    sqlRows(
      "SELECT id, version, scope FROM capdo.system WHERE name LIKE 'F1-%' UNION ALL " +
        "SELECT v.system_id, v.version, v.data->>'scope' FROM capdo.system_version v JOIN capdo.system s ON s.id = v.system_id WHERE s.name LIKE 'F1-%'",
    ).map((row) => row.join("|")),
  );
  const missing = acknowledged.filter((row) => !systems.has(row.id) || !scopes.has(`${row.id}|${row.version}|${row.scope}`));
  const names = [...systems.values()].map((row) => row.name);
  const noted = new Set(acknowledged.map((row) => row.name));
  return {
    missing: missing.length,
    duplicates: names.length - new Set(names).size,
    unaccounted: names.filter((name) => !noted.has(name)).length,
    rows: names.length,
  };
}

const world = await World.open({ names: ["staff"] });
server = Number(env.CAPDO_TEST_PID);
writeFileSync(`${env.CAPDO_TEST_DIRECTORY}/killed`, "");
const probe = new Client(world.base, { sockets: 1 });
probe.cookie = world.staff.cookie;

const begun = performance.now();
const workers = Array.from({ length: CLIENTS }, (_, index) => work(world, world.staff.cookie, index));
const working = Promise.all(workers);
working.catch(() => (stopping = true));
await report.test(`${KILLS} times killed and started again`, async () => {
  for (let i = 0; i < KILLS && !stopping; i++) {
    await killed();
    await startAgain(probe);
  }
  stopping = true;
  await working;
});
await sleep(200);

const found = verify();
const times = restarts.map((row) => row.ms).sort((a, b) => a - b);
report.say(
  `${acknowledged.length} answered writes in ${((performance.now() - begun) / 1000).toFixed(0)} s, ${unknownOutcomes} without an answer ` +
    `(${committedUnanswered} of them committed), ${mismatches} keys tried with another body; ` +
    `start to first 200: median ${times[times.length >> 1]?.toFixed(0)} ms, slowest ${times.at(-1)?.toFixed(0)} ms (aim 2000)`,
);
if (EXPECT_LOSS) {
  report.check(`control: a server that answers before it commits loses writes (${found.missing})`, found.missing > 0);
} else {
  report.check("F-1: no answered write is missing", found.missing === 0, found.missing);
  report.check("F-1: every restart answers in time", times.at(-1) <= RESTART_LIMIT_MS, times.at(-1));
  report.check("F-1: enough was written to mean something", acknowledged.length >= KILLS * 20 && unknownOutcomes > 0, acknowledged.length);
  if (DIES) report.check("F-1: writes were committed and never answered", committedUnanswered > 0);
  report.check("F-2: nothing is there twice", found.duplicates === 0 && found.unaccounted === 0, JSON.stringify(found));
  // Control: the same writes with a new key each are seen as duplicates.
  const again = acknowledged.filter((row) => row.kind === "create").slice(0, 10);
  await pool(again, 4, (row) => world.staff.post("/api/v1/systems", world.systemBody({ name: row.name })));
  report.check("control: repeated without their key, ten writes are there twice", verify().duplicates === again.length);
}
world.close();
probe.close();
if (child !== null) {
  child.kill("SIGTERM");
  report.check("the last server stops as asked", (await Promise.race([dead, sleep(20000)])) === 0);
}
process.exit(report.end());
