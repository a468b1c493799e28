// Z-10: what is taken away is gone for every request that starts after the commit, with fifty requests
// in flight. Taken away are the session, the role, the account and the assignment of the unit, by another
// process (in SQL, and by the command line) and by the server itself.
//
//   node inflight.mjs [--rounds N]      under tests/support/server.sh run

import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { Client, newKey, sleep } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { World, openSession, psql } from "../contract/lib/world.mjs";

const at = process.argv.indexOf("--rounds");
const ROUNDS = at < 0 ? 3 : Number(process.argv[at + 1]);
const CLIENTS = 50;
const BEFORE_MS = 500;
const AFTER_MS = 700;
// Remembered figures (GET /stats) hear of other processes' commits by a notification, which takes a
// moment to arrive; everything else asks the database itself.
const HEARD_MS = 1000;

const report = new Report();
const world = await World.open();
const run = promisify(execFile);

// ---- one psql that stays, so that the moment of a commit is known ----

const session = spawn("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", process.env.CAPDO_TEST_SUPERUSER_URL], { stdio: ["pipe", "pipe", "inherit"] });
session.stdout.setEncoding("utf8");
const commit = (text) =>
  new Promise((resolve) => {
    let read = "";
    const listen = (words) => {
      read += words;
      if (read.includes("committed")) {
        session.stdout.off("data", listen);
        resolve(performance.now());
      }
    };
    session.stdout.on("data", listen);
    session.stdin.write(`BEGIN;\n${text};\nCOMMIT;\n\\echo committed\n`);
  });

// ---- people to take things from ----

let serial = 0;

// An account of its own: what is taken from it disturbs nobody.
function person(role, unit) {
  const name = `z10.${Date.now().toString(36)}.${++serial}`;
  psql(`WITH a AS (INSERT INTO capdo.account (id, username, display_name, password_hash) VALUES (gen_random_uuid(), '${name}', 'Người thử', '!') RETURNING id)
        INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from) SELECT gen_random_uuid(), a.id, '${unit}', '${role}', capdo.today() - 10 FROM a`);
  return name;
}

const SYSTEM = (await world.newSystem()).id;
const UNIT = { staff: world.operator, office: world.office.me.capacities[0].organisation.id, appraiser: world.appraiser.me.capacities[0].organisation.id };
const CODE = (id) => psql(`SELECT code FROM capdo.organisation WHERE id = '${id}'`);
const ACCOUNT = (name) => `(SELECT id FROM capdo.account WHERE username = '${name}')`;

const REQUESTS = [
  { lane: "quick", send: (client) => client.once("GET", `/api/v1/systems/${SYSTEM}`) },
  { lane: "quick", send: (client) => client.once("GET", "/api/v1/systems?limit=3") },
  { lane: "memory", send: (client) => client.once("GET", "/api/v1/stats/by_level") },
  { lane: "quick", send: (client) => client.once("GET", "/api/v1/me") },
  { lane: "work", send: (client) => client.once("PATCH", `/api/v1/systems/${SYSTEM}`, { body: { scope: "x" }, headers: { "If-Match": '"0"', "Idempotency-Key": newKey() } }) },
];

// Fifty clients ask without a pause while `take` happens; every answer with when its request started.
async function inFlight(name, take) {
  const cookie = `sid=${openSession(name)}`;
  const seen = [];
  let going = true;
  let open = 0;
  const workers = Array.from({ length: CLIENTS }, async (_, index) => {
    const client = new Client(world.base, { sockets: 1 });
    client.cookie = cookie;
    client.name = name;
    for (let turn = index; going; turn++) {
      const request = REQUESTS[turn % REQUESTS.length];
      const started = performance.now();
      open++;
      const answer = await request.send(client);
      open--;
      seen.push({ lane: request.lane, started, status: answer.status, path: answer.path });
    }
    client.close();
  });
  await sleep(BEFORE_MS);
  const flying = open;
  const done = await take(cookie);
  await sleep(AFTER_MS);
  going = false;
  await Promise.all(workers);
  return { seen, done, flying };
}

// Answers that show a right which was gone when the request started. 503 is a busy server's.
const late = ({ seen, done }, refused, lanes, grace = 0) =>
  seen.filter((row) => lanes.includes(row.lane) && row.started > done + grace && row.status !== 503 && !refused(row));
const is = (...statuses) => (row) => statuses.includes(row.status);
// Without a role one is still signed in, and told so.
const noRole = (row) => row.status === 403 || row.path === "/api/v1/me";

const CASES = [
  {
    name: "a session ended by another process",
    role: "office",
    refused: is(401),
    take: (who) => commit(`DELETE FROM capdo.session WHERE account_id = ${ACCOUNT(who)}`),
  },
  {
    name: "a session ended by its owner",
    role: "office",
    refused: is(401),
    take: async (who, cookie) => {
      const client = new Client(world.base, { sockets: 1 });
      client.cookie = cookie;
      const answer = await client.once("DELETE", "/api/v1/session");
      const done = performance.now();
      client.close();
      expect(answer.status === 204, answer);
      return done;
    },
  },
  {
    name: "an account disabled by another process",
    role: "office",
    refused: is(401),
    take: (who) => commit(`UPDATE capdo.account SET disabled_at = now() WHERE username = '${who}'`),
  },
  {
    name: "an account disabled on the command line",
    role: "office",
    refused: is(401),
    take: async (who) => {
      await run(process.env.CAPDO_PROGRAM, ["account", "disable", who, "--config", process.env.CAPDO_TEST_CONFIG]);
      return performance.now();
    },
  },
  {
    name: "a role ended by another process",
    role: "office",
    refused: noRole,
    take: (who) => commit(`UPDATE capdo.membership SET valid_to = capdo.today() - 1 WHERE account_id = ${ACCOUNT(who)}`),
  },
  {
    name: "a role revoked on the command line",
    role: "staff",
    refused: noRole,
    take: async (who) => {
      await run(process.env.CAPDO_PROGRAM, ["account", "revoke", who, "staff", CODE(UNIT.staff), "1/QĐ-Z10", "--config", process.env.CAPDO_TEST_CONFIG]);
      return performance.now();
    },
  },
  {
    // The role stays; what it reached is gone: the system is not found.
    name: "a unit moved away from its reader by another process",
    role: "staff",
    refused: (row) => (row.path.endsWith(SYSTEM) ? row.status === 404 : [200, 403, 404].includes(row.status)),
    take: (who) => commit(`UPDATE capdo.membership SET organisation_id = '${UNIT.office}' WHERE account_id = ${ACCOUNT(who)}`),
  },
];

for (const one of CASES) {
  await report.test(`Z-10: ${one.name}`, async () => {
    let after = 0;
    let least = CLIENTS;
    let heard = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const who = person(one.role, UNIT[one.role]);
      const result = await inFlight(who, (cookie) => one.take(who, cookie));
      const old = late(result, one.refused, ["quick", "work"]);
      expect(old.length === 0, () => `${old.length} late: ${JSON.stringify(old[0])} committed ${result.done}`);
      const stale = late(result, one.refused, ["memory"], HEARD_MS);
      expect(stale.length === 0, () => `${stale.length} remembered figures ${HEARD_MS} ms later`);
      for (const row of late(result, one.refused, ["memory"])) heard = Math.max(heard, row.started - result.done);
      after += result.seen.filter((row) => row.started > result.done).length;
      least = Math.min(least, result.flying);
      // Control in each round: the same reading, of all requests, finds the rights that were there before.
      const before = late({ seen: result.seen, done: 0 }, one.refused, ["quick", "work"]);
      expect(before.length > 0, "control: the right was never there");
    }
    expect(after >= ROUNDS * CLIENTS, `only ${after} requests afterwards`);
    return `${after} requests after the commit, at least ${least} in flight, last remembered figure ${heard.toFixed(1)} ms after it`;
  });
}

session.stdin.end();
world.close();
process.exit(report.end());
