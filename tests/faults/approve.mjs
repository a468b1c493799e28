// sixteen clients approve the same dossier at the same time. One gets 200 and one decision is
// written; the others are told 409 or 412. The control is the naive way, read and then write, on
// tables of its own: it approves more than once.
//
//   node approve.mjs [--rounds N]      under tests/support/server.sh run

import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { Client, newKey, pool } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { World } from "../contract/lib/world.mjs";

const at = process.argv.indexOf("--rounds");
const ROUNDS = at < 0 ? 300 : Number(process.argv[at + 1]);
const CLIENTS = 16;
const report = new Report();
const psql = (text) =>
  execFileSync("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", process.env.CAPDO_TEST_SUPERUSER_URL], { encoding: "utf8", input: text }).trim();

const world = await World.open({ names: ["staff", "appraiser", "director"] });
const clients = [];
for (let session = 0; session < 4; session++) {
  const signed = await world.signIn("director");
  for (let i = 0; i < CLIENTS / 4; i++) {
    const client = new Client(world.base, { sockets: 1 });
    client.cookie = signed.cookie;
    client.name = `director ${clients.length}`;
    clients.push(client);
  }
  signed.close();
}

const dossiers = [];
await report.test(`${ROUNDS} dossiers wait for a decision`, () =>
  pool(Array.from({ length: ROUNDS }), 6, async () => dossiers.push(await world.dossierIn("appraised"))),
);

const begun = performance.now();
const statuses = {};
const wrong = [];
await report.test("R-1: all rounds are fought", async () => {
  for (const [round, dossier] of dossiers.entries()) {
    const answers = await Promise.all(
      clients.map((client, i) =>
        client.post(`/api/v1/dossiers/${dossier.id}/transitions`, { ...world.decision(), number: `R1-${round}-${i}` }, {
          headers: { "If-Match": `"${dossier.version}"`, "Idempotency-Key": newKey() },
        }),
      ),
    );
    for (const answer of answers) statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    const good = answers.filter((answer) => answer.status === 200);
    const other = answers.find((answer) => ![200, 409, 412].includes(answer.status));
    if (good.length !== 1) wrong.push(`${dossier.code}: ${good.length} approvals`);
    if (other) wrong.push(String(other));
  }
});
report.say(`${dossiers.length} rounds of ${CLIENTS} in ${((performance.now() - begun) / 1000).toFixed(1)} s: ${JSON.stringify(statuses)}`);
report.none("R-1: exactly one approval each, the others 409 or 412", wrong);

const ids = dossiers.map((dossier) => `'${dossier.id}'`).join(",");
const [decisions, distinct, events, approved] = psql(
  `SELECT count(*), count(DISTINCT dossier_id), (SELECT count(*) FROM capdo.dossier_event WHERE to_state = 'approved' AND dossier_id IN (${ids})),
   (SELECT count(*) FROM capdo.dossier WHERE state = 'approved' AND id IN (${ids})) FROM capdo.decision WHERE dossier_id IN (${ids})`,
).split("|").map(Number);
report.check(
  "R-1: one decision and one event for each dossier",
  [decisions, distinct, events, approved].every((count) => count === dossiers.length),
  `${decisions} decisions of ${distinct} dossiers, ${events} events, ${approved} approved`,
);

// The same race, one key: everyone gets the same answer.
await report.test("R-1: sixteen repeats of one request are one approval", async () => {
  const dossier = await world.dossierIn("appraised");
  const headers = { "If-Match": `"${dossier.version}"`, "Idempotency-Key": newKey() };
  const body = world.decision();
  const answers = await Promise.all(clients.map((client) => client.post(`/api/v1/dossiers/${dossier.id}/transitions`, body, { headers })));
  for (const answer of answers) expect(answer.status === 200 && answer.body.equals(answers[0].body), answer);
});

await report.test("control: reading and then writing approves more than once", async () => {
  psql(`CREATE TABLE public.naive (id integer PRIMARY KEY, state text NOT NULL);
        CREATE TABLE public.naive_decision (id integer NOT NULL);
        INSERT INTO public.naive SELECT i, 'appraised' FROM generate_series(1, 60) i;`);
  // All eight read each row at the same moment.
  const begin = new Date(Date.now() + 1500).toISOString();
  const script = Array.from(
    { length: 60 },
    (_, i) => `SELECT pg_sleep(greatest(0, extract(epoch FROM timestamptz '${begin}' - clock_timestamp()) + ${i * 0.02})) \\g /dev/null
SELECT state = 'appraised' AS open FROM public.naive WHERE id = ${i + 1} \\gset
SELECT pg_sleep(0.002) \\g /dev/null
\\if :open
INSERT INTO public.naive_decision VALUES (${i + 1});
UPDATE public.naive SET state = 'approved' WHERE id = ${i + 1};
\\endif`,
  ).join("\n");
  const run = promisify(execFile);
  await Promise.all(
    Array.from({ length: 8 }, () => {
      const child = run("psql", ["-Xq", "-v", "ON_ERROR_STOP=1", "-d", process.env.CAPDO_TEST_SUPERUSER_URL]);
      child.child.stdin.end(script);
      return child;
    }),
  );
  const extra = Number(psql("SELECT count(*) - count(DISTINCT id) FROM public.naive_decision"));
  psql("DROP TABLE public.naive, public.naive_decision");
  expect(extra > 0, "the naive way made no extra approval");
  return `${extra} extra approvals of 60`;
});

for (const client of clients) client.close();
world.close();
process.exit(report.end());
