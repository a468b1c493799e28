// Z-3, Z-4: two layers say who sees what, and either holds alone. A second server works on the same
// database with every condition of its own SQL taken out (CAPDO_TEST_STRIP_PREDICATES, only in a build
// with test hooks); row-level security is switched off by the superuser. What everyone reads must be,
// byte for byte, what they read with both; every write must be allowed or refused as before. With both
// layers off all this must be noticed: that is the control.
//
//   node layers.mjs HOOKED_PROGRAM      under tests/support/server.sh run, with the tested program

import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { Client, pool, sleep } from "../contract/lib/http.mjs";
import { Report, expect } from "../contract/lib/report.mjs";
import { psql } from "../contract/lib/world.mjs";
import { bare, reads } from "./reads.mjs";
import { SUBJECTS, differences, inOrder, makeThings, matrix, openWorld, operations, renewRecords, runOperation } from "./rights.mjs";

const env = process.env;
const report = new Report();
const port = Number(env.CAPDO_TEST_PORT) + 1;
const stripped = `http://127.0.0.1:${port}`;

// ---- the second server ----

const log = openSync(`${env.CAPDO_TEST_DIRECTORY}/stripped.log`, "a");
const child = spawn("setpriv", ["--pdeathsig", "TERM", process.argv[2], "serve", "--config", env.CAPDO_TEST_CONFIG], {
  stdio: ["ignore", log, log],
  env: { ...env, CAPDO_LISTEN_PORT: String(port), CAPDO_PUBLIC_ORIGIN: stripped, CAPDO_TEST_STRIP_PREDICATES: "1" },
});
closeSync(log);
const ended = new Promise((resolve) => child.once("exit", resolve));
for (const anonymous = new Client(stripped); ; ) {
  const ready = await anonymous.get("/readyz").catch(() => null);
  if (ready?.status === 200) {
    anonymous.close();
    break;
  }
  expect(child.exitCode === null, "the second server did not start");
  await sleep(50);
}

// The same people, asking the other server.
function through(world, base) {
  const other = Object.create(world);
  other.base = base;
  for (const name of SUBJECTS) {
    const { cookie, tokens, me } = world[name];
    other[name] = Object.assign(new Client(base), { cookie, tokens, me, name });
  }
  return other;
}

// ---- the layers ----

const TABLES = psql("SELECT relname FROM pg_class WHERE relnamespace = 'capdo'::regnamespace AND relkind = 'r' AND relrowsecurity").split("\n");
const rowSecurity = (state) => psql(`${TABLES.map((table) => `ALTER TABLE capdo."${table}" ${state} ROW LEVEL SECURITY;`).join("\n")}\nNOTIFY capdo, 'data'; NOTIFY capdo, 'access';`);

// The conditions that look-ups inside the database make are of our own SQL too.
const VISIBLE = psql("SELECT pg_get_functiondef('capdo.system_visible'::regproc)");
const visible = (stripped) => psql(stripped ? VISIBLE.replace(/AS \$function\$[\s\S]*\$function\$/, "AS $$function$$ SELECT true $$function$$") : VISIBLE);

async function readAll(world, asked) {
  const answers = new Map();
  const jobs = SUBJECTS.flatMap((subject) => asked.flatMap(({ row, targets }) => targets.map((target) => ({ subject, row, target }))));
  await pool(jobs, 6, async ({ subject, row, target }) => {
    answers.set(`${row.id} by ${subject}: ${target}`, bare(await world[subject].get(target)));
  });
  return answers;
}

const unlike = (truth, answers) => [...truth].filter(([name, answer]) => answers.get(name) !== answer).map(([name, answer]) => `${name}: ${answers.get(name)?.slice(0, 90)} instead of ${answer.slice(0, 90)}`);

async function writeAll(world, things, subjects = SUBJECTS) {
  const results = [];
  await renewRecords(world, things);
  for (const row of inOrder(operations())) if (row.method !== "GET") await runOperation(world, things, row, results, subjects);
  return results;
}

const world = await openWorld();
const things = await makeThings(world);
const bareWorld = through(world, stripped);
const asked = reads(things);

// Reads first, while the things are as they were made.
const truth = await readAll(world, asked);
visible(true);
report.none(`Z-3: ${truth.size} reads without the conditions of the SQL are the same`, unlike(truth, await readAll(bareWorld, asked)));
visible(false);
rowSecurity("DISABLE");
report.none("Z-4: the same reads without row-level security are the same", unlike(truth, await readAll(world, asked)));
visible(true);
const open = unlike(truth, await readAll(bareWorld, asked));
visible(false);
const opened = [...new Set(open.map((line) => line.split(" ")[0]))].sort();
report.say(`with both layers off ${open.length} reads differ: ${opened.join(" ")}`);
const LAYERED = ["system_get", "system_list", "system_version_list", "dossier_get", "dossier_list", "dossier_item_get", "dossier_transition_list", "dossier_change_list", "dossier_submission_get", "label_get", "label_list", "label_transition_list", "stats_get"];
report.none("control: with both layers off each of these reads shows what is not to be seen", LAYERED.filter((id) => !opened.includes(id)));
rowSecurity("ENABLE");

// Writes: first what must be refused or allowed, by either layer alone.
await report.test("Z-3: every write without the conditions of the SQL is allowed or refused as before", async () => {
  const results = await writeAll(bareWorld, things);
  const wrong = differences(matrix, results);
  expect(wrong.length === 0, wrong.slice(0, 10).join("; "));
  return `${results.length} cells`;
});
rowSecurity("DISABLE");
await report.test("Z-4: every write without row-level security is allowed or refused as before", async () => {
  const results = await writeAll(world, things);
  const wrong = differences(matrix, results);
  expect(wrong.length === 0, wrong.slice(0, 10).join("; "));
  return `${results.length} cells`;
});
await report.test("control: with both layers off writes to things that are not seen are noticed", async () => {
  const wrong = differences(matrix, await writeAll(bareWorld, things, ["staff2", "party_appraiser"]));
  expect(wrong.length > 0, "nothing was noticed");
  return `${wrong.length} cells`;
});
rowSecurity("ENABLE");

world.close();
for (const name of SUBJECTS) bareWorld[name].close();
child.kill("SIGTERM");
report.check("the second server stops as asked", (await ended) === 0);
process.exit(report.end());
