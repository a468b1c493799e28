// Z-6: requests of all units, one after the other over few connections to the database, with errors,
// cancelled statements and clients that hang up in between. Nobody is given a row of anyone else.
//
//   node interleave.mjs [--requests N]      under tests/support/server.sh run, with few threads

import { spawn } from "node:child_process";
import http from "node:http";
import { Client, newKey, pool, sleep } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { World, openSession, psql } from "../contract/lib/world.mjs";

const at = process.argv.indexOf("--requests");
const REQUESTS = at < 0 ? 10000 : Number(process.argv[at + 1]);
const report = new Report();
const world = await World.open({ names: ["staff", "staff2"] });

// ---- every unit that has someone, and what it has ----

// Units without systems get one, so that every unit has something to lose. Members of a council see more
// than their unit, by right.
const units = psql(
  "SELECT min(a.username), m.organisation_id FROM capdo.membership m JOIN capdo.account a ON a.id = m.account_id JOIN capdo.organisation o ON o.id = m.organisation_id WHERE m.role = 'staff' AND m.valid_to IS NULL AND o.status = 'active' AND NOT EXISTS (SELECT FROM capdo.council_member c WHERE c.account_id = a.id) GROUP BY 2 ORDER BY 1",
)
  .split("\n")
  .map((line) => line.split("|"))
  .map(([name, unit]) => ({ name, unit, cookie: `sid=${openSession(name)}` }));
for (const one of units) {
  one.client = new Client(world.base, { sockets: 2 });
  one.client.cookie = one.cookie;
  one.client.name = one.name;
  const made = await one.client.post("/api/v1/systems", world.systemBody({ operator_id: one.unit }));
  expect(made.status === 201, made);
  one.system = made.json.id;
}
const of = (table, column) =>
  Map.groupBy(
    psql(`SELECT operator_id, ${column} FROM capdo.${table}`).split("\n").map((line) => line.split("|")),
    ([unit]) => unit,
  );
const owned = { systems: of("system", "id"), dossiers: of("dossier", "id"), labels: of("label", "id") };
const has = (kind, unit, id) => (owned[kind].get(unit) ?? []).some(([, known]) => known === id);

// ---- requests ----

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const counts = { rows: 0, errors: 0, hung_up: 0, not_found: 0, cancelled: 0, busy: 0 };
const findings = [];

// What an answer must not hold: a row of another unit.
function check(one, kind, answer) {
  for (const row of answer.json.items) {
    counts.rows++;
    if (row.operator.id !== one.unit || !has(kind, one.unit, row.id)) findings.push(`${one.name} was given ${kind} ${row.id} of ${row.operator.name}`);
  }
}

function hangUp(one) {
  return new Promise((resolve) => {
    const request = http.get(`${world.base}/api/v1/systems?limit=200`, { headers: { Cookie: one.cookie }, agent: false });
    request.on("error", () => resolve());
    request.on("response", (response) => response.on("error", () => resolve()).on("close", () => resolve()).resume());
    setTimeout(() => request.destroy(), Math.random() * 8);
    counts.hung_up++;
  });
}

const KINDS = [
  ...["systems", "systems", "dossiers", "labels"].map((kind) => async (one) => {
    const answer = await one.client.once("GET", `/api/v1/${kind}?limit=200${pick(["", "&q=he", "&sort=-updated_at"])}`);
    if (answer.status === 200) check(one, kind, answer);
    return answer;
  }),
  async (one) => {
    const other = pick(units);
    const answer = await one.client.once("GET", `/api/v1/systems/${other.system}`);
    if (answer.status === 200 && other !== one) findings.push(`${one.name} read a system of ${other.name}`);
    if (answer.status === 404) {
      counts.not_found++;
      if (other === one) findings.push(`${one.name} did not find its own system`);
    }
    return answer;
  },
  async (one) => {
    const answer = await one.client.once("GET", "/api/v1/stats/by_organisation");
    if (answer.status === 200 && answer.json.rows.some((row) => row.key !== one.unit && row.organisation?.id !== one.unit)) findings.push(`${one.name} was given figures of others`);
    return answer;
  },
  // Writes that fail inside the transaction, and one that does not.
  async (one) => one.client.once("PATCH", `/api/v1/systems/${pick(units).system}`, { body: { scope: one.name }, headers: { "If-Match": '"0"', "Idempotency-Key": newKey() } }),
  async (one) => one.client.once("POST", "/api/v1/systems", { body: { name: "" }, headers: { "Idempotency-Key": newKey() } }),
  async (one) => one.client.once("POST", "/api/v1/systems", { body: world.systemBody({ operator_id: pick(units).unit, relations: [{ system_id: pick(units).system, kind: "uses" }], name: "" }), headers: { "Idempotency-Key": newKey() } }),
  async (one) => one.client.once("GET", "/api/v1/systems?cursor=AAAA"),
  async () => world.anonymous.once("GET", "/api/v1/systems", { headers: { Cookie: "sid=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" } }),
];

// ---- statements cancelled at random ----

const killer = spawn("psql", ["-XAtq", "-d", process.env.CAPDO_TEST_SUPERUSER_URL], { stdio: ["pipe", "pipe", "ignore"] });
killer.stdout.setEncoding("utf8");
killer.stdout.on("data", (words) => (counts.cancelled += words.split("\n").filter((word) => word === "t").length));
let going = true;
const cancelling = (async () => {
  while (going) {
    killer.stdin.write("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'capdo' AND datname = current_database() AND state <> 'idle' LIMIT 1;\n");
    await sleep(15);
  }
  killer.stdin.end();
})();

const connections = Number(psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'capdo' AND datname = current_database()"));
await report.test(`Z-6: ${REQUESTS} requests of ${units.length} units over ${connections} connections`, async () => {
  expect(units.length >= 50 && connections <= 12, `${units.length} units, ${connections} connections`);
  await pool(Array.from({ length: REQUESTS }), 24, async () => {
    const one = pick(units);
    if (Math.random() < 0.04) return hangUp(one);
    const answer = await pick(KINDS)(one);
    if (answer.status >= 400) counts.errors++;
    if (answer.status >= 500) counts.busy++;
  });
  return JSON.stringify(counts);
});
going = false;
await cancelling;
report.none("Z-6: nobody was given a row of another unit", findings);
report.check("Z-6: there was enough of everything", counts.rows > REQUESTS / 4 && counts.errors > REQUESTS / 10 && counts.hung_up > 0 && counts.cancelled > 0 && counts.busy > 0, JSON.stringify(counts));
await report.test("Z-6: the server is as well as before", async () => {
  for (const one of units) {
    const answer = await one.client.get(`/api/v1/systems/${one.system}`);
    expect(answer.status === 200 && answer.json.operator.id === one.unit, answer);
  }
});

// Control: a session that is mistaken for another is noticed by the same check.
await report.test("control: an answer to someone else is noticed", async () => {
  const before = findings.length;
  const [one, other] = units;
  check(one, "systems", await other.client.get("/api/v1/systems?limit=200"));
  expect(findings.length > before, "nothing was noticed");
});

for (const one of units) one.client.close();
world.close();
process.exit(report.end());
